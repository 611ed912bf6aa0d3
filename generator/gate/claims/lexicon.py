"""The words of a language that claims are made with: `generator/gate/words/<language>.yaml`."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

import yaml

from generator.gate.claims.phrases import Phrases

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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


@dataclass(frozen=True, slots=True, kw_only=True)
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
    pronouns: Phrases
    size: Phrases
    shares: Mapping[str, tuple[float, float]]
    times: Mapping[str, tuple[float, float]]
    superlative: Phrases
    record: Phrases
    close: Phrases
    weekdays: Mapping[str, int]
    relative_day: Phrases
    relative_session: Phrases
    more: Mapping[str, Any]
    """The rest: patterns of single rules."""

    @property
    def is_spaced(self) -> bool:
        """Words are apart; in Korean endings and particles follow at once."""
        return self.language not in _UNSPACED

    def is_verb(self, phrase: str) -> bool:
        """Whether a direction's subject stands before it."""
        return phrase in self.past or phrase in self.verbs

    def is_filler(self, text: str) -> bool:
        """Whether a direction and its number belong together across this."""
        if len(text) > _LONGEST_FILLER:
            return False
        if isinstance(self.between, re.Pattern):
            return bool(self.between.fullmatch(text))
        if not _NO_STOP.fullmatch(text):
            return False
        return all(word in self.between for word in _WORD.findall(text.lower()))


_LONGEST_FILLER = 40
_NO_STOP = re.compile(r"[\w\s~≈'’\-]*")
_WORD = re.compile(r"[^\W_]+")


@functools.cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of a language."""
    words = _read(language)
    spaced = language not in _UNSPACED

    def phrases(key: str) -> Phrases:
        value = words.get(key) or ()
        return Phrases(
            {k: str(v) for k, v in value.items()} if isinstance(value, dict) else dict.fromkeys(map(str, value), key),
            spaced=spaced,
        )

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
        pronouns=phrases("pronouns"),
        size=phrases("sizes"),
        shares=_bounds(words.get("shares")),
        times=_bounds(words.get("times")),
        superlative=phrases("superlatives"),
        record=phrases("records"),
        close=phrases("closes"),
        weekdays={name: n for n, names in enumerate(words.get("weekdays") or ()) for name in names},
        relative_day=phrases("relative_days"),
        relative_session=phrases("relative_sessions"),
        more=words.get("more") or {},
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
    return re.compile(rf"(?:\s|[~≈]|{_any(words)})*+")


def _turned(values: Mapping[str, Sequence[str]] | None) -> Mapping[str, str]:
    """The name of each list by its members; the first list that has one."""
    found: dict[str, str] = {}
    for name, listed in (values or {}).items():
        for each in listed:
            found.setdefault(each, name)
    return found


def _bounds(values: Mapping[str, Sequence[float]] | None) -> Mapping[str, tuple[float, float]]:
    return {name: (float(pair[0]), float(pair[1])) for name, pair in (values or {}).items()}
