"""The words of a language that claims are made with: `generator/gate/words/<language>.yaml`."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from generator.gate.claims.phrases import Phrases

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from generator.reading.quantity import Quantity

OPPOSITES: Mapping[str, str] = {
    one: other
    for pair in (
        ("up", "down"), ("buy", "sell"), ("strong", "weak"), ("ahead", "behind"), ("wider", "narrower"),
        ("above", "below"), ("held", "failed"),
    )
    for one, other in (pair, pair[::-1])
}  # fmt: skip
"""Classes of directions that exclude each other."""

SIGNS: Mapping[str, int] = {
    "up": 1, "down": -1, "buy": 1, "sell": -1, "strong": 1, "weak": -1, "ahead": 1, "behind": -1,
}  # fmt: skip
"""Which sign a word goes with; for the won against the dollar the other way round."""

_UNSPACED = ("ko", "ja", "zh")


class Searched(NamedTuple):
    """A pattern that is looked for in every sentence, and what is found faster."""

    pattern: re.Pattern[str]
    needs: tuple[str, ...]
    """In small letters: one of these is in every text that it fits."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lexicon:
    """The words of one language, ready to search with. Of a language without words nothing is ever found."""

    language: str
    directions: Mapping[str, str]
    """A word, and its class."""
    direction: Phrases
    past: frozenset[str]
    """Directions that say of the session that it was so."""
    verbs: frozenset[str]
    """Directions whose subject stands before them."""
    nouns: frozenset[str]
    """Directions that a number may stand before, nouns and adverbs."""
    plain: frozenset[str]
    """Verbs that tell a day's change even where a level follows."""
    turns_away: re.Pattern[str]
    """Behind a noun: the number before it is not its own."""
    towards: re.Pattern[str]
    """Words before a level."""
    most: re.Pattern[str]
    """Behind a verb: it was so most of all."""
    as_much: re.Pattern[str]
    """Between a verb and a number in brackets, the name in between left out: rose as much as … (+2%)."""
    preposition: re.Pattern[str]
    """Before a subject that is none: most stocks in the KOSDAQ rose."""
    of_count: re.Pattern[str]
    """Behind a word that is part of what is counted next: 상승 종목."""
    other_currency: Phrases
    runs_against: Phrases
    """What falls when its number rises."""
    only_with_a_number: frozenset[str]
    between: frozenset[str] | re.Pattern[str]
    """What may stand between a direction and its number."""
    not_a_claim: Phrases
    not_of_the_day: Phrases
    clause_end: Phrases
    another_subject: Phrases
    subjects: Mapping[str, Sequence[str]]
    labels: Mapping[str, str]
    """What a row is of, by its whole label."""
    columns: Mapping[str, str]
    """What a column is of, by its whole header."""
    comparison: tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]
    """More stocks fell than rose: what stands before the first word, between them and behind the second."""
    of_stocks: re.Pattern[str]
    """Between a share and what the stocks did."""
    they: re.Pattern[str]
    """What stands for the subject of the sentence before, all that is before the verb."""
    goes_on: re.Pattern[str]
    """Before a verb whose subject is that of the verb before."""
    size: Phrases
    shares: Mapping[str, tuple[float, float]]
    times: Mapping[str, tuple[float, float]]
    most_stocks: Searched
    """A size of all stocks, up to what they did: groups bound and size."""
    told: frozenset[str]
    """What stocks may do behind it."""
    more_than: Searched
    """More decliners (955) than advancers (1,455): groups word, one and two."""
    superlative: Phrases
    record: Phrases
    record_before: re.Pattern[str]
    """Right before a record that was made."""
    no_record: Phrases
    """Around one that was not."""
    record_of_else: re.Pattern[str]
    """Behind one of something else."""
    year_high: Phrases
    since: Searched
    """The largest fall since: the group `what` says of what."""
    since_behind: bool
    """The day follows it; else it stands before."""
    close: Phrases
    """Words that say that trade is over."""
    close_at: Phrases
    """Of these: a level stands beside them."""
    named_levels: Mapping[str, Sequence[str]]
    named_from_to: str
    """A pattern with {a} and {b} for two named levels."""
    distance: Phrases
    from_a_level: Collection[str]
    to_a_level: Collection[str]
    change_behind: re.Pattern[str]
    """Between a level and the change that made it."""
    of_a_distance: re.Pattern[str]
    end_of_claim: re.Pattern[str]
    """Behind what a sentence claims: nothing that says more of it."""
    share_of_else: re.Pattern[str]
    """Behind a share in brackets that is not of what stands before it."""
    points: Collection[str]
    """The noun of index points."""
    together: Phrases
    of_which: re.Pattern[str]
    """Between a part and its whole: 955 of 2,827."""
    joined: re.Pattern[str]
    """Between two that are added up."""
    both: frozenset[str]
    """Headers of a column that adds up two markets."""
    adjacent_to_a_day: frozenset[str]
    """Words between today and its date."""
    weekdays: Mapping[str, int]
    relative_day: Phrases
    relative_session: Phrases

    @property
    def is_spaced(self) -> bool:
        """Words are apart; in Korean endings and particles follow at once."""
        return self.language not in _UNSPACED

    def superlative_of(self, text: str) -> str:
        """The class of the first superlative of a text; empty without one."""
        found = next(self.superlative.find(text), None)
        return found.value if found else ""

    def is_verb(self, phrase: str) -> bool:
        """Whether a direction's subject stands before it."""
        return phrase in self.past or phrase in self.verbs

    def is_points(self, number: Quantity) -> bool:
        """Whether a number is one of index points."""
        return number.unit == "number" and number.noun.lower() in self.points

    def is_filler(self, text: str) -> bool:
        """Whether a direction and its number belong together across this."""
        if len(text) > _LONGEST_FILLER:
            return False
        if isinstance(self.between, re.Pattern):
            # Word by word, the longest that fits: another way is not looked for.
            found = self.between.match(text)
            return found is not None and found.end() == len(text)
        if not _NO_STOP.fullmatch(text):
            return False
        return all(word in self.between for word in _WORD.findall(text.lower()))


_LONGEST_FILLER = 40
_NO_STOP = re.compile(r"[\w\s~≈'’\-]*")
_WORD = re.compile(r"[^\W_]+")


_NOTHING = "\uf8fd(?!)"
"""Fits nothing, and is soon done with a text: a pattern that begins with a character is searched for fast."""


@functools.cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of a language."""
    words = _read(language)
    spaced = language not in _UNSPACED

    def phrases(key: str) -> Phrases:
        value = words.get(key) or ()
        return Phrases(
            {k: str(v) for k, v in value.items()}
            if isinstance(value, dict)
            else dict.fromkeys(map(str, value), key),
            spaced=spaced,
        )

    def pattern(key: str) -> re.Pattern[str]:
        return re.compile(words.get(key) or _NOTHING, re.IGNORECASE)

    def searched(key: str) -> Searched:
        return Searched(pattern(key), tuple(words.get("needs", {}).get(key, ("",))))

    return Lexicon(
        language=language,
        directions=words.get("directions") or {},
        direction=phrases("directions"),
        past=frozenset(words.get("past") or ()),
        verbs=frozenset(words.get("verbs") or ()),
        nouns=frozenset(words.get("nouns") or ()),
        plain=frozenset(words.get("plain") or ()),
        turns_away=re.compile(rf"\s*(?:[/\-]|(?:{_any(words.get('turns_away'))})\b)", re.IGNORECASE),
        towards=re.compile(rf"\b(?:{_any(words.get('towards'))})\b", re.IGNORECASE),
        most=re.compile(rf"\s+(?:{_any(words.get('most'))})\b", re.IGNORECASE),
        as_much=re.compile(rf"\s*(?:{_any(words.get('as_much'))})\s+\(", re.IGNORECASE),
        preposition=re.compile(rf"\b(?:{_any(words.get('prepositions'))})\s+(?:the\s+)?$", re.IGNORECASE),
        of_count=pattern("of_count"),
        other_currency=phrases("other_currencies"),
        runs_against=phrases("runs_against"),
        only_with_a_number=frozenset(words.get("only_with_a_number") or ()),
        between=_between(words.get("between") or (), spaced=spaced),
        not_a_claim=phrases("not_a_claim"),
        not_of_the_day=phrases("not_of_the_day"),
        clause_end=phrases("clause_ends"),
        another_subject=phrases("another_subject"),
        subjects=words.get("subjects") or {},
        labels=_turned(words.get("labels")),
        columns=_turned(words.get("columns")),
        comparison=_comparison(words.get("comparison") or {}),
        of_stocks=pattern("of_stocks"),
        they=re.compile(rf"(?:{_any(words.get('pronouns'))})", re.IGNORECASE),
        goes_on=re.compile(rf"(?:{_any(words.get('goes_on'))})\s+$", re.IGNORECASE),
        size=phrases("sizes"),
        shares=_bounds(words.get("shares")),
        times=_bounds(words.get("times")),
        most_stocks=searched("most_stocks"),
        told=frozenset(words.get("told") or ()),
        more_than=searched("more_than"),
        superlative=phrases("superlatives"),
        record=phrases("records"),
        record_before=re.compile(words.get("record_before") or "", re.IGNORECASE),
        no_record=phrases("no_record"),
        record_of_else=pattern("record_of_else"),
        year_high=phrases("year_highs"),
        since=searched("since"),
        since_behind=bool(words.get("since_behind")),
        close=phrases("closes"),
        close_at=phrases("close_at"),
        named_levels=words.get("named_levels") or {},
        named_from_to=words.get("named_from_to") or "(?!)",
        distance=phrases("distances"),
        from_a_level=frozenset(words.get("from_a_level") or ()),
        to_a_level=frozenset(words.get("to_a_level") or ()),
        change_behind=pattern("change_behind"),
        of_a_distance=pattern("of_a_distance"),
        end_of_claim=pattern("end_of_claim"),
        share_of_else=pattern("share_of_else"),
        points=frozenset(words.get("points") or ()),
        together=phrases("together"),
        of_which=pattern("of_which"),
        joined=pattern("joined"),
        both=frozenset(words.get("both") or ()),
        adjacent_to_a_day=frozenset(words.get("adjacent_to_a_day") or ()),
        weekdays={name: n for n, names in enumerate(words.get("weekdays") or ()) for name in names},
        relative_day=phrases("relative_days"),
        relative_session=phrases("relative_sessions"),
    )


def _read(language: str) -> dict[str, Any]:
    file = resources.files("generator.gate") / "words" / f"{language}.yaml"
    if not re.fullmatch(r"[a-z]{2,3}", language) or not file.is_file():
        return {}
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loaded: dict[str, Any] = yaml.load(file.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - both are safe
    return loaded


def _any(words: Sequence[str] | None) -> str:
    """One of some words, the longest that fits; of none nothing ever fits."""
    listed = sorted(words or (), key=lambda word: (-len(word), word))
    return "|".join(map(re.escape, listed)) or "(?!)"


def _between(words: Sequence[str], *, spaced: bool) -> frozenset[str] | re.Pattern[str]:
    if spaced:
        return frozenset(part for word in words for part in _WORD.findall(word.lower()))
    return re.compile(rf"(?:\s|[~≈]|{_any(words)})*")


def _comparison(patterns: Mapping[str, str]) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    before, between, behind = (
        re.compile(patterns.get(key, _NOTHING), re.IGNORECASE) for key in ("before", "between", "behind")
    )
    return before, between, behind


def _turned(values: Mapping[str, Sequence[str]] | None) -> Mapping[str, str]:
    """The name of each list by its members; the first list that has one."""
    found: dict[str, str] = {}
    for name, listed in (values or {}).items():
        for each in listed:
            found.setdefault(each, name)
    return found


def _bounds(values: Mapping[str, Sequence[float]] | None) -> Mapping[str, tuple[float, float]]:
    return {name: (float(pair[0]), float(pair[1])) for name, pair in (values or {}).items()}
