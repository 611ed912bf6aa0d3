"""What a sentence speaks of: subjects that data has values of, and words for some of their kinds.

A value is evidence for a sentence that speaks of it. Which values there are stands in `values`; the words
stand in `words/numbers.yaml` and, as far as claims are made with them, too, in `words/<language>.yaml`.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

import yaml

from generator.dataset.rows import column
from generator.gate.claims.lexicon import lexicon
from generator.gate.claims.phrases import Phrases
from generator.gate.values import BREADTH, FLOWS, REST, SECTORS, sector_subject

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from generator.dataset.session import Session
    from generator.gate.evidence import Known

_CLASSES = frozenset({BREADTH, FLOWS, SECTORS, REST})
"""Subjects that have no name, and are heard of by other words."""
_CLAIMS: Mapping[str, str] = {
    "foreign": FLOWS, "institution": FLOWS, "retail": FLOWS,
    "advancers": BREADTH, "decliners": BREADTH, "median": BREADTH,
}  # fmt: skip
"""What claims know by names of their own."""
_INDEX = "index"
"""In the words: the index that it is about, whichever that is."""
_LEADERS = "leaders"
"""In the words: the companies that the post is about."""
_CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Topics:
    """What a text speaks of."""

    subjects: frozenset[str]
    cues: frozenset[str] | None
    """Kinds of values, and ways to compute, that it has words for; None if its language has no words here."""
    is_named: bool = False
    """It names an index or a company in full. Single words of a name say less."""

    def calls(self, known: Known) -> bool:
        """Whether a value is evidence for it."""
        is_about = not known.about or not known.about.isdisjoint(self.subjects)
        return is_about and (not known.kind or self.says(known.kind))

    def says(self, cue: str) -> bool:
        """Whether it has a word for a kind of values or a way to compute."""
        return self.cues is None or cue in self.cues

    def joined(self, other: Topics, *, cues: bool = False) -> Topics:
        """Both together: the subjects, and if asked for the words."""
        subjects, is_named = self.subjects | other.subjects, self.is_named or other.is_named
        if cues and self.cues is not None and other.cues is not None:
            return Topics(subjects, self.cues | other.cues, is_named)
        return Topics(subjects, self.cues, is_named)


class Listener:
    """Hears what texts of one language speak of, for the data of one session."""

    def __init__(
        self,
        session: Session,
        language: str,
        companies: Phrases,
        short: Phrases,
        codes: frozenset[str],
        nameless: frozenset[str],
    ) -> None:
        """The words to listen for.

        Args:
            session: whose indices and sectors may be named.
            language: of the texts.
            companies: their names, with their codes.
            short: words of some names, each with the codes of all that have it, separated by spaces.
            codes: of the companies that the post is about.
            nameless: those of them that have no name in the language.
        """
        self._companies, self._short, self._codes = companies, short, codes
        named = {quote.index for quote in session.indices} | {each.scope for each in session.breadth}
        self._indices = frozenset({"KOSPI", "KOSDAQ", *named} - {"all"})
        words = _words(language)
        self._subjects = _subjects(language, self._indices)
        self._cues = words.cues
        self._direction = lexicon(language).direction
        self._always = words.always | nameless
        self._sectors = _SectorNames(
            set(filter(None, column(session.stocks, "sector"))), language, spaced=words.is_spaced
        )

    @property
    def indices(self) -> Topics:
        """Of a text that says nothing of what it is about."""
        subjects = self._indices | self._always | {BREADTH}
        return Topics(subjects, None if self._cues is None else frozenset())

    def hear(self, text: str) -> Topics:
        """What a text speaks of."""
        subjects = {each.value for each in self._subjects.find(text)}
        companies = [each.value for each in self._companies.find(text)]
        indices = subjects & self._indices
        is_named = bool(companies or indices)
        if _INDEX in subjects:
            subjects |= self._indices
        if _LEADERS in subjects:
            subjects |= self._codes
        subjects.update(companies)
        subjects.update(code for each in self._short.find(text) for code in each.value.split())
        subjects.update(self._sectors.named(text))
        if self._cues is None:
            return Topics(frozenset(subjects) | self._always, None, is_named)
        cues = {each.value for each in self._cues.find(text)}
        if _CHANGE not in cues and self._direction.has(text):
            cues.add(_CHANGE)
        kinds = indices.union(*(each.split() for each in cues))
        return Topics(frozenset(subjects) | self._always, frozenset(kinds), is_named)


@functools.cache
def _subjects(language: str, indices: frozenset[str]) -> Phrases:
    claims = lexicon(language)
    names = {index: index for index in indices}
    names |= {
        name: _CLAIMS.get(subject, subject)
        for subject, listed in claims.subjects.items()
        if subject in _CLAIMS or subject in indices or subject == _INDEX
        for name in listed
    }
    names |= {name: subject for subject, listed in _words(language).subjects.items() for name in listed}
    return Phrases(names, spaced=claims.is_spaced)


@dataclass(frozen=True, slots=True)
class _Words:
    subjects: Mapping[str, Sequence[str]]
    cues: Phrases | None
    """Words by the kinds that they stand for, several separated by spaces."""
    always: frozenset[str]
    """Subjects that there are no words for: every text is about them."""
    is_spaced: bool


@functools.cache
def _words(language: str) -> _Words:
    path = resources.files("generator.gate") / "words" / "numbers.yaml"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    whole = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - both are safe
    words = whole.get(language) or {}
    kinds: dict[str, list[str]] = {}
    for kind, listed in (words.get("cues") or {}).items():
        for word in listed:
            kinds.setdefault(str(word), []).append(kind)
    spaced = lexicon(language).is_spaced
    subjects = words.get("subjects") or {}
    return _Words(
        subjects,
        Phrases({word: " ".join(found) for word, found in kinds.items()}, spaced=spaced) if kinds else None,
        frozenset() if subjects else _CLASSES,
        spaced,
    )


_STEM = 6
"""Letters that tell a word: ships and shipbuilders are of Shipbuilding."""
_SHORTEST_STEM = {True: 4, False: 2}
"""Of words with spaces between, and of syllables without."""
_COMMON = 3
"""A word in the names of more sectors than that says of none which it is."""
_WORD = re.compile(r"[^\W\d_]+")
_ENDINGS = re.compile(r"(?:제조업|도매업|소매업|서비스업|산업|업)$")


class _SectorNames:
    """Sectors by the words that few of their names have, in the data's spelling and the language's."""

    def __init__(self, sectors: Collection[str], language: str, *, spaced: bool) -> None:
        self._spaced = spaced
        shown = _shown_names(language) if sectors else {}
        names = {
            name: sector_subject(sector) for sector in sectors for name in (sector, shown.get(sector)) if name
        }
        self._names = Phrases(names, spaced=spaced)
        stems = {
            sector: {
                stem
                for name in (sector, shown.get(sector, ""))
                for word in _WORD.findall(name.lower())
                if (stem := self._stem(word))
            }
            for sector in sorted(sectors)
        }
        count = Counter(stem for each in stems.values() for stem in each)
        self._by_stem: dict[str, list[str]] = {}
        for sector, own in stems.items():
            for stem in own:
                if count[stem] <= _COMMON:
                    self._by_stem.setdefault(stem, []).append(sector_subject(sector))

    def _stem(self, word: str) -> str:
        word = word[:_STEM] if self._spaced and word.isascii() else _ENDINGS.sub("", word)
        return word if len(word) >= _SHORTEST_STEM[word.isascii()] else ""

    def named(self, text: str) -> Iterator[str]:
        """The sectors of which a text has a word."""
        yield from (each.value for each in self._names.find(text))
        low = text.lower()
        if self._spaced:
            found = {stem for word in _WORD.findall(low) if (stem := self._stem(word)) in self._by_stem}
        else:
            found = {stem for stem in self._by_stem if stem in low}
        for stem in found:
            yield from self._by_stem[stem]


@functools.cache
def _shown_names(language: str) -> Mapping[str, str]:
    """What posts of a language call the data's sectors."""
    file = resources.files("generator") / "wording" / language / "sectors.yaml"
    if not re.fullmatch(r"[a-z]{2,3}", language) or not file.is_file():
        return {}
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loaded: Mapping[str, str] = yaml.load(file.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - both are safe
    return loaded or {}
