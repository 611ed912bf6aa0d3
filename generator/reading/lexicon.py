"""The words and marks beside numbers, by language: data of `words/<language>.yaml` as patterns."""

from __future__ import annotations

import functools
import itertools
import re
from dataclasses import dataclass
from decimal import Decimal
from importlib import resources
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

LETTER = "A-Za-zÀ-ɏḀ-ỿ"
"""A letter of an alphabet: behind a digit it makes a code (10Y), a syllable does not (955개)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """What a language writes around numbers, ready to search with."""

    scan: re.Pattern[str]
    """The next thing of interest; its `lastgroup` says what: code, date<n>, clock<n>, number, word."""
    dates: Sequence[re.Pattern[str]]
    """The same patterns alone, with their parts named."""
    clocks: Sequence[re.Pattern[str]]
    prefix: re.Pattern[str]
    """Sign and currency before the digits."""
    number: re.Pattern[str]
    scale: re.Pattern[str]
    unit: re.Pattern[str]
    """What stands behind digits and scale: one of the groups pp, bp, per_cent, times, money."""
    ordinal: re.Pattern[str]
    noun: re.Pattern[str]
    """The word behind a number."""
    runs_on: re.Pattern[str]
    """A letter that follows at once: 10Y, 64GB."""
    closing: Collection[str]
    """Marks that end a number: behind them nothing belongs to it, no scale, unit or noun."""
    before: Mapping[str, tuple[str, ...]]
    """Words that stand before a quantity, lower case, by what they say: about, over, under."""
    before_any: tuple[str, ...]
    """All of them."""
    after: re.Pattern[str]
    """Those behind one, in groups of these names."""
    month_before: re.Pattern[str]
    dash: re.Pattern[str]
    """All that stands between the ends of a range, if it is a mark."""
    to: re.Pattern[str]
    """The same, if it is a word."""
    both: re.Pattern[str]
    """And: between the ends of a range behind `between`, and between two days."""
    between: re.Pattern[str]
    signs: Mapping[str, int]
    scales: Mapping[str, Decimal]
    money_scales: Collection[str]
    """Scales beside a currency only."""
    currencies: Mapping[str, str]
    """The currency of each mark."""
    months: Mapping[str, int]
    months_as_words: Collection[str]
    weekdays: Mapping[str, int]
    counts: Mapping[str, int]
    """Lower case."""
    ordinals: Mapping[str, int]
    """Lower case."""
    count_nouns: Collection[str]
    decimal: str
    combined: bool
    """Amounts chain scales: 3조 7,600억."""
    decade: str
    afternoon: str
    abbreviations: frozenset[str]
    """Words before a full stop that ends no sentence."""
    units: frozenset[str]
    """Nouns that are the unit of the number before them: stocks, points."""


@functools.cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of a language; of one that there are no words for, what holds in every language."""
    words = _words(language)
    number = _number(words["decimal"], words["thousands"])
    currencies = {
        mark: name
        for name, marks in words["currencies"].items()
        for mark in (*marks["before"], *marks["after"])
    }
    scales = {name: Decimal(repr(factor)).normalize() for name, factor in words["scales"].items()}
    money_scales = {n: Decimal(repr(f)).normalize() for n, f in words["money_scales"].items()}
    months = {name: n % 12 + 1 for n, name in enumerate(words["months"])}
    months |= {name: _month_of(name, words["months"]) for name in words["months_short"]}
    parts = _parts(months)
    dates = [_filled(pattern, parts) for pattern in (*_ISO, *words["dates"])]
    clocks = [_filled(pattern, parts) for pattern in words["clocks"]]
    weekdays = {name: n for n, name in enumerate(words["weekdays"])}
    counts = {name.lower(): n for n, name in enumerate(words["counts"])}
    ordinals = {name.lower(): n for n, name in enumerate(words["ordinals"], 1)}
    before = {key: tuple(word.lower() for word in words[key]) for key in ("about", "over", "under")}
    return Lexicon(
        scan=_scan(words, number, dates, clocks),
        dates=[re.compile(pattern) for pattern in dates],
        clocks=[re.compile(pattern) for pattern in clocks],
        prefix=_prefix(words),
        number=re.compile(number),
        scale=re.compile(_after(scales, money_scales)),
        unit=_unit(words),
        ordinal=re.compile(
            rf"(?:{_any(e for e in words['ordinal_endings'] if e.isascii())})(?![{LETTER}])"
            rf"|\s?(?:{_any(e for e in words['ordinal_endings'] if not e.isascii())})(?![{LETTER}])"
        ),
        noun=re.compile(rf"[ \u00a0-]?([{LETTER}][{LETTER}’'-]*+|[^\W\d_a-zA-Z]{{1,12}})"),
        runs_on=re.compile(rf"[{LETTER}]"),
        closing=_closing(words),
        before=before,
        before_any=tuple(itertools.chain.from_iterable(before.values())),
        after=re.compile(
            rf"[\s]?(?:(?P<about>{_any(words['about_after'])})|(?P<over>{_any(words.get('over_after', ()))})"
            rf"|(?P<under>{_any(words.get('under_after', ()))}))"
        ),
        month_before=re.compile(rf"(?:^|\W)(?:{_any(words['months_after'])})\s$", re.IGNORECASE),
        dash=re.compile(rf"\s?(?:{_any(w for w in words['to'] if not w.isalpha())})\s?"),
        to=re.compile(rf"\s?(?:{_any(w for w in words['to'] if w.isalpha())})\s?"),
        both=re.compile(rf"\s?(?:{_any(words['both'])})\s"),
        between=re.compile(rf"(?:{_any(words['between'])})\s$", re.IGNORECASE),
        signs=words["signs"],
        scales=scales | money_scales,
        money_scales=frozenset(money_scales),
        currencies=currencies,
        months=months,
        months_as_words=frozenset(words["months_as_words"]),
        weekdays=weekdays,
        counts=counts,
        ordinals=ordinals,
        count_nouns=frozenset(words["count_nouns"]),
        decimal=words["decimal"],
        combined=words.get("combined", False),
        decade=words["decade"],
        afternoon=words.get("afternoon", ""),
        abbreviations=frozenset(words["abbreviations"]),
        units=frozenset(words["units"]),
    )


def _words(language: str) -> dict[str, Any]:
    """What holds everywhere, and on top of it the language's own."""
    package = resources.files("generator.reading") / "words"
    merged = _yaml(package / "any.yaml")
    own = package / f"{language}.yaml"
    for key, value in (_yaml(own) if own.is_file() else {}).items():
        there = merged.get(key)
        if key == "currencies":
            merged[key] = {
                name: {side: [*marks[side], *value.get(name, {}).get(side, ())] for side in marks}
                for name, marks in merged[key].items()
            }
        elif isinstance(there, dict):
            merged[key] = there | value
        elif isinstance(there, list):
            merged[key] = [*there, *value]
        else:
            merged[key] = value
    numerals = resources.files("generator") / "wording" / language / "numerals.yaml"
    if numerals.is_file():
        told = _yaml(numerals)
        merged["months"], merged["weekdays"] = told["months"], told["weekdays"]
        merged["counts"] = [*told["counts"], *merged["counts"]]
        merged["ordinals"] = [*told["ordinals"]["words"], *merged["ordinals"]]
    return merged


def _yaml(path: Any) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loaded: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - both are safe
    return loaded


def _any(words: Iterable[str]) -> str:
    """One of some words, the longest that fits; of none nothing ever fits.

    What words begin with in common is asked once: at most places of a text none of a hundred names begins.
    """
    tree: _Tree = {}
    for word in words:
        at = tree
        for character in word:
            at = at.setdefault(character, {})
        at[""] = {}
    return _branches(tree) if tree else r"(?!)"


_Tree = dict[str, "_Tree"]
"""What may follow, by character; the empty one ends a word."""


def _branches(tree: _Tree) -> str:
    longer = [
        (_SPACE if character == " " else re.escape(character)) + _branches(below)
        for character, below in tree.items()
        if character
    ]
    ways = [*longer, *([""] if "" in tree else [])]
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"


_SPACE = "[ \u00a0]"


def as_listed(word: str) -> str:
    """A word that was found as the lexicon has it: with plain spaces, and without those around it."""
    return word.replace("\u00a0", " ").strip(" -")


def _number(decimal: str, thousands: str) -> str:
    """Digits: in threes or in a row, with decimals. What English writes (1,234.5) is read everywhere."""
    d, t = re.escape(decimal), re.escape(thousands)
    plain = rf"\d{{1,3}}(?:[{t}]\d{{3}}){{1,8}}(?!\d)(?:{d}\d++)?|\d++(?:{d}\d++)?|(?<![\w]){d}\d++"
    return plain if decimal == "." else rf"\d{{1,3}}(?:,\d{{3}}){{1,8}}\.\d++|\d++\.\d{{1,2}}(?!\d)|{plain}"


_ISO = (
    (
        r"(?<![\w.-])(?P<year>(?:19|20)\d\d)-(?P<month_number>0[1-9]|1[0-2])-(?P<day>[0-2]\d|3[01])(?!\d)"
        r"(?:T\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?"
    ),
    (
        r"(?<![\w.-])(?P<year>(?:19|20)\d\d)(?P<mark>[./])\s?(?P<month_number>0?[1-9]|1[0-2])(?P=mark)\s?"
        r"(?P<day>3[01]|[12]\d|0?[1-9])(?![\d%]|[.,]\d)"
    ),
)
"""Dates of all languages: 2026-05-13, with a time; 2026.05.13, 2026/5/13."""


def _parts(months: Iterable[str]) -> Mapping[str, str]:
    return {
        "month": rf"(?P<month>{_any(months)})",
        "month_number": r"(?P<month_number>1[0-2]|0?[1-9])",
        "day": r"(?P<day>3[01]|[12]\d|0?[1-9])(?![\d%]|[.,]\d)",
        "year": r"(?P<year>(?:19|20)\d\d)(?!\d|,\d)",
        "hour": r"(?P<hour>2[0-3]|[01]?\d)",
        "minute": r"(?P<minute>[0-5]\d)(?!\d)",
    }


def _filled(pattern: str, parts: Mapping[str, str]) -> str:
    for name, part in parts.items():
        pattern = pattern.replace(f"{{{name}}}", part)
    return rf"(?<![\w])(?<![\d][.,:]){pattern}" if not pattern.startswith("(?<!") else pattern


def _month_of(short: str, months: Sequence[str]) -> int:
    return next(n for n, name in enumerate(months, 1) if name.startswith(short[:3]))


_CODES = (
    r"(?:https?://|www\.)\S++",
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]++)+",
    r"(?<![\w/.])\d{6}\.(?:KS|KQ|KN)\b",
    r"\(\d{6}(?=[),;])",
    r"(?<![\w-])(?:19|20)\d\d-W\d\d(?!\d)",
    r"(?<![\w.-])[A-Za-z_][\w-]*+\.[A-Za-z]{2,8}(?![\w.])",
    r"(?<![\d.,])0\d{5}(?![\d.,])",
    r"(?<![\d-])\d{2,4}-\d{3,4}-\d{4}(?!\d)",
    r"(?<!\d)\+\d{1,3}[ -]\d{1,4}[ -]\d{3,4}[ -]\d{3,4}(?!\d)",
    r"(?<![\d.])(?!(?:19|20)\d\d\.\s?\d{1,2}\.\s?\d{1,2}(?![\d.]\d))\d++(?:\.\d++){2,}",
    r"(?<!\w)\#[0-9a-fA-F]{6}\b",
    rf"(?<![\w])(?!{{money}})[{LETTER}_]++\d\w*+(?:[.-]\w++)*",
    r"(?<![\w-])[A-Z]{1,8}-\d{1,4}[A-Za-z]{0,3}\b(?![.,]\d|%)",
    r"(?<![\w-])[a-z][a-z0-9]*+(?:-[a-z0-9]++){2,}",
    r"(?<![\w/.-])[A-Za-z_][\w.-]*+(?:/[\w.-]++)+",
)
"""What holds digits and is no quantity: addresses, files, codes of stocks, weeks, telephone numbers,
versions, colours, words with digits (HBM3E), slugs, paths."""


_TO_DIGIT = 32
"""Most characters before the first digit of a date, a time or an amount: the name of a month, a currency."""


def _scan(
    words: Mapping[str, Any], number: str, dates: Sequence[str], clocks: Sequence[str]
) -> re.Pattern[str]:
    money = [m for marks in words["currencies"].values() for m in marks["before"]]
    letters = _any(m for m in money if m.isalpha())
    names = _any(words["names"])
    codes = "|".join(_CODES).replace("{money}", rf"(?:{letters})\d")
    start = rf"(?:(?<![\w%)\]])(?:{_signs(words)}))?(?:(?:(?<![{LETTER}/])(?:{_any(money)}))\s?[+\-−]?)?"
    counted = _any(_cased(words["counts"]))
    if words["counters"]:
        counted = rf"(?:{counted})(?=\s(?:{_any(words['counters'])}))"
    ordinals, listed = _any(_cased(words["ordinals"])), _any([*words["weekdays"], *words["months"]])
    numbers = [
        *(rf"(?P<date{n}>{_unnamed(pattern)})" for n, pattern in enumerate(dates)),
        *(rf"(?P<clock{n}>{_unnamed(pattern)})" for n, pattern in enumerate(clocks)),
        rf"(?P<number>(?<!\d){start}(?:{number}))",
    ]
    groups = [
        rf"(?P<code>(?=[^\s\d]{{0,99}}+\d)(?:{codes})|(?<!\w)(?:{names})(?![\d{LETTER}]|[.,]\d))",
        # Most words are far from any digit: one look ahead spares them all of these.
        rf"(?=\D{{0,{_TO_DIGIT}}}+\d)(?:{'|'.join(numbers)})",
        rf"(?P<word>(?<!\w)(?:{listed}|(?<!\w-)(?:{ordinals}|{counted}))(?![{LETTER}\d]))",
    ]
    marks = "".join(sorted({re.escape(m[0]) for m in (*money, *words["signs"]) if not m[0].isalnum()}))
    first = _any([
        *words["names"], *words["weekdays"], *words["months"], *words["months_short"],
        *_cased(words["counts"]), *_cased(words["ordinals"]), *(m for m in money if m[0].isalnum()),
    ])  # fmt: skip
    # Asked at every character, so it comes first. Nothing starts within a word but a digit; and of words only
    # those that are listed, that hold a digit, or that stand before one.
    begins = rf"(?=[\d(#.{marks}])|(?<!\w)(?=\w)(?=[^\s\d]{{0,99}}+\s?\d|{first})"
    return re.compile(rf"(?:{begins})(?:{'|'.join(groups)})")


def _cased(words: Iterable[str]) -> list[str]:
    """Words as they are, and with a capital."""
    return [form for word in words for form in {word: 0, word[:1].upper() + word[1:]: 0}]


def _unnamed(pattern: str) -> str:
    pattern = pattern.replace("(?P=mark)", "[./]")
    return re.sub(r"\(\?P<\w+>", "(?:", pattern)


def _signs(words: Mapping[str, Any]) -> str:
    """A sign; a space may follow an arrow."""
    signs = "".join(re.escape(sign) for sign in words["signs"] if sign not in words["arrows"])
    return rf"[{signs}]|[{words['arrows']}]\s?"


def _prefix(words: Mapping[str, Any]) -> re.Pattern[str]:
    money = _any(m for marks in words["currencies"].values() for m in marks["before"])
    return re.compile(
        rf"(?:(?<![\w%)\]])(?P<sign>{_signs(words)}))?(?:(?:(?<![{LETTER}/])(?P<money>{money}))\s?"
        r"(?P<inner>[+\-−])?)?"
    )


def _after(scales: Iterable[str], money_scales: Iterable[str]) -> str:
    """A scale: a syllable or a character follows the digits, a word of letters may stand apart."""
    asian = [name for name in scales if not re.match(rf"[{LETTER}]", name)]
    spelled = [*(name for name in scales if name not in asian), *money_scales]
    return rf"(?P<scale>{_any(asian)}|[ \u00a0-]?(?:{_any(spelled)})(?![{LETTER}\d]))"


_CLOSING = ".,;:!?)]|。、，；：！？）」』”’"


def _closing(words: Mapping[str, Any]) -> frozenset[str]:
    """Those marks that no word behind a number begins with, as an ordinal's ending in Spanish does (1.º)."""
    lists = ("ordinal_endings", "about_after", "per_cent", "points", "basis_points", "times")
    behind = [word for name in lists for word in words[name]]
    behind += [word for name in ("over_after", "under_after") for word in words.get(name, ())]
    behind += [mark for marks in words["currencies"].values() for mark in marks["after"]]
    behind += [*words["scales"], *words["money_scales"], words["decade"]]
    return frozenset(_CLOSING).difference(word[:1] for word in behind)


def _unit(words: Mapping[str, Any]) -> re.Pattern[str]:
    money = [mark for marks in words["currencies"].values() for mark in marks["after"]]
    return re.compile(
        rf"(?:{words.get('scale_more') or '(?!)'}{_SPACE}?)?[ \u00a0\u202f-]?(?:"
        + "|".join(
            rf"(?P<{group}>(?:{_any(names)})(?<![{LETTER}])|(?:{_any(names)})(?![{LETTER}\d]))"
            for group, names in (
                ("pp", words["points"]),
                ("bp", words["basis_points"]),
                ("per_cent", words["per_cent"]),
                ("times", words["times"]),
                ("money", money),
            )
        )
        + ")"
    )
