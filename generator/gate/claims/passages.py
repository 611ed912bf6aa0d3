"""A post's sentences and cells with what is in them: quantities, directions, subjects."""

from __future__ import annotations

import bisect
import functools
import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from generator.dataset.rows import column
from generator.gate.claims.facts import INDICES, Facts, facts_of
from generator.gate.claims.lexicon import Lexicon, lexicon
from generator.gate.claims.phrases import Found, Phrases, words_of
from generator.gate.finding import Remark
from generator.gate.knowledge import day_of
from generator.reading.quantities import Quantity, quantities
from generator.reading.sentences import sentences

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from generator.gate.claims.lexicon import Searched
    from generator.gate.claims.phrases import Words
    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Block, Document


class Passage(NamedTuple):
    """A sentence, or a table's cell. Places are those of its block's text."""

    block: Block
    start: int
    end: int
    quantities: tuple[Quantity, ...]
    directions: tuple[Found, ...]
    sizes: tuple[Found, ...]
    subjects: tuple[Found, ...]
    """The value is a subject's name in the data."""
    lexicon: Lexicon
    words: Words
    """Its text, to look for phrases in."""
    context: tuple[str, ...] = ()
    """Subjects of the row's label and the column's header, or of the sentence before."""
    heading: str = ""
    heading_days: tuple[dt.date, ...] = ()
    """The days that the heading names."""
    links: tuple[tuple[int, int], ...] = ()
    """Where its block's links stand: their words are often another post's title."""

    @property
    def text(self) -> str:
        """What it says."""
        return self.words.text

    def between(self, start: int, end: int) -> str:
        """A part of its block's text."""
        return self.block.text[start:end]

    def inside(self, start: int, end: int) -> tuple[Quantity, ...]:
        """The quantities of a part of it."""
        return _within(self.quantities, start, end)

    def dates(self, start: int, end: int) -> tuple[dt.date, ...]:
        """The days that a part of it names."""
        return _days(self.inside(start, end))

    def is_of_another_day(self, day: dt.date, *beside: Passage) -> bool:
        """Whether its heading, or a label or header beside it, names other days and not this one."""
        named = [
            *self.heading_days,
            *(each for other in beside for each in other.dates(other.start, other.end)),
        ]
        return bool(named) and day not in named

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """The clause around a stretch of it; of a long one as much as is near."""
        text = self.block.text
        left, right = max(self.start, start - _NEAR), min(self.end, end + _NEAR)
        stops = [found.span() for found in _STOP.finditer(text, left, right)]
        stops += [
            (left + found.start, left + found.end) for found in self.lexicon.clause_end.find(text[left:right])
        ]
        left = max((last for _, last in stops if last <= start), default=left)
        right = min((first for first, _ in stops if first >= end), default=right)
        return left, right

    def segment(self, start: int, end: int) -> tuple[int, int]:
        """The part around a stretch of it between colons, semicolons, dashes and brackets."""
        text = self.block.text
        left, right = max(self.start, start - _AROUND), min(self.end, end + _AROUND)
        left = max((found.end() for found in _PARTS.finditer(text, left, start)), default=left)
        stop = _PARTS.search(text, end, right)
        return left, stop.start() if stop else right

    def after(self, index: int) -> Quantity | None:
        """The next quantity from a place on."""
        at = _place(self.quantities, index)
        return self.quantities[at] if at < len(self.quantities) else None

    def before(self, index: int) -> Quantity | None:
        """The last quantity that ends before a place."""
        at = _place(self.quantities, index)
        return self.quantities[at - 1] if at and self.quantities[at - 1].end <= index else None

    def direction_at(self, index: int) -> Found | None:
        """The direction that starts at a place."""
        at = _place(self.directions, index)
        found = self.directions[at : at + 1]
        return found[0] if found and found[0].start == index else None

    def direction_after(self, index: int) -> Found | None:
        """The next direction from a place on."""
        at = _place(self.directions, index)
        return self.directions[at] if at < len(self.directions) else None

    def subjects_near(self, index: int) -> tuple[Found, ...]:
        """The subjects around a place, in order."""
        return _within(self.subjects, index - _NEAR, index + _NEAR + 1)

    def subject_before(self, index: int) -> Found | None:
        """The last subject before a place."""
        at = _place(self.subjects, index)
        return self.subjects[at - 1] if at else None

    def says(self, phrases: Phrases, start: int, end: int) -> bool:
        """Whether a part of it has one of some phrases; May the month is not the verb."""
        start, end = max(start, self.start), min(end, self.end)
        for found in phrases.find(self.block.text[start:end]):
            at = _place(self.quantities, start + found.start + 1)
            number = self.quantities[at - 1] if at else None
            if number is None or number.end <= start + found.start or number.unit not in _DAYS:
                return True
        return False

    def having(self, searched: Searched) -> Iterable[re.Match[str]]:
        """Where a pattern fits in it; places are those of its block's text."""
        low = self.text.lower()
        if not any(each in low for each in searched.needs):
            return ()
        return searched.pattern.finditer(self.block.text, self.start, self.end)

    def all_subjects(self) -> tuple[str, ...]:
        """Its own subjects; without any those of its context."""
        return _values(self.subjects) or self.context

    def is_linked(self, index: int) -> bool:
        """Whether a character is part of a link's words."""
        at = _place(self.links, index + 1)
        return bool(at) and index < self.links[at - 1][1]

    def contradicted(self, start: int, end: int, wrong: str) -> Remark:
        """A remark on a stretch of it that the data contradicts."""
        message = f"“{self.between(start, end)}” contradicts the data: {wrong}"
        return self.remark(start, end, message, expected=wrong, remedy=REMEDY)

    def remark(self, start: int, end: int, message: str, *, expected: str = "", remedy: str = "") -> Remark:
        """A remark on a stretch of it."""
        return remark(self.block, start, end, message, expected=expected, remedy=remedy)


REMEDY = "Correct the word or the number"
_NEAR = 300
_MOST_SUBJECTS = 8
"""Subjects of a sentence that the next one may go on from."""
_AROUND = 160
_PARTS = re.compile(r"[;:()—–]")
_DAYS = frozenset({"month", "date", "weekday"})


def _place(found: Sequence[tuple[Any, ...]], start: int) -> int:
    """How many begin before a place: each is a tuple with its start at the head."""
    return bisect.bisect_left(found, (start,))


_STOP = re.compile(r"[;:—–()→|]|, ")


def remark(
    block: Block, start: int, end: int, message: str, *, expected: str = "", remedy: str = ""
) -> Remark:
    """A remark on a stretch of a block."""
    first = block.start(start)
    last = max(block.start(max(end - 1, start)) + 1, first + 1)
    return Remark(
        start=first, end=last, message=message, found=block.text[start:end], expected=expected, remedy=remedy
    )


class Table(NamedTuple):
    """A table's cells; the first row is the header."""

    rows: tuple[tuple[Passage, ...], ...]

    @property
    def header(self) -> tuple[Passage, ...]:
        """The names of the columns."""
        return self.rows[0]

    @property
    def body(self) -> tuple[tuple[Passage, ...], ...]:
        """The rows below the header."""
        return self.rows[1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A post, read."""

    passages: tuple[Passage, ...]
    """Sentences of title, description, headings, paragraphs, items and code, and cells; in order."""
    tables: tuple[Table, ...]
    facts: Facts | None
    lexicon: Lexicon
    near: dt.date | None
    """The day that dates without a year are near to."""

    @property
    def sentences(self) -> Iterator[Passage]:
        """The passages that are no cells."""
        return (each for each in self.passages if each.block.cell is None)


@functools.lru_cache(maxsize=2)
def read(document: Document, knowledge: Knowledge) -> Reading:
    """Read a post; kept for the rules that ask next."""
    facts = facts_of(document, knowledge)
    words = lexicon(document.language)
    near = _near(document, facts)
    found = _Reader(document, words, facts, near)
    passages = tuple(found.passages())
    return Reading(passages=passages, tables=_tables(passages), facts=facts, lexicon=words, near=near)


def _near(document: Document, facts: Facts | None) -> dt.date | None:
    if facts:
        return facts.session.date
    days = (day_of(document.front.get(key)) for key in ("session", "date"))
    return next((day for day in days if day), None)


class _Reader:
    def __init__(self, document: Document, words: Lexicon, facts: Facts | None, near: dt.date | None) -> None:
        self.document, self.words, self.facts, self.near = document, words, facts, near
        self.subjects = _general_subjects(words) if facts is None else _subjects(document, words, facts)

    def passages(self) -> Iterator[Passage]:
        heading = ""
        days: tuple[dt.date, ...] = ()
        before: tuple[str, ...] = ()
        label: tuple[str, ...] = ()
        headers: dict[int, tuple[str, ...]] = {}
        for block in self.document.blocks:
            if block.kind == "html":
                continue
            found = self._found(block)
            above, of_above = heading, days
            if block.kind == "heading":
                heading, before = block.text, ()
                days = _days(found.quantities)
            if cell := block.cell:
                own = _values(found.subjects[:_MOST_SUBJECTS])
                if cell.row == 0:
                    headers = {} if cell.column == 0 else headers
                    headers[cell.column] = own
                    label = ()
                elif cell.column == 0:
                    label = own
                context = (*label, *headers.get(cell.column, ())) if cell.row else ()
                yield self._passage(found, above, of_above, tuple(dict.fromkeys(context)), 0, len(block.text))
                continue
            if block.kind == "paragraph":
                before = ()
            for start, end in self._sentences(block):
                part = self._passage(found, above, of_above, before, start, end)
                yield part
                before = part.all_subjects()[:_MOST_SUBJECTS]

    def _sentences(self, block: Block) -> Sequence[tuple[int, int]]:
        if block.kind == "code":
            ends = [found.end() for found in re.finditer(r"\n|\Z", block.text)]
            return [(a, b) for a, b in itertools.pairwise([0, *ends]) if b > a]
        return sentences(block.text, self.document.language)

    def _found(self, block: Block) -> _InBlock:
        text, words = block.text, words_of(block.text)
        return _InBlock(
            block=block,
            words=words,
            quantities=quantities(text, self.document.language, near=self.near),
            directions=words.having(self.words.direction),
            sizes=words.having(self.words.size),
            subjects=words.having(self.subjects) if self.facts is None else tuple(self.subjects.find(words)),
            links=_links(block) if block.spans else (),
        )

    def _passage(
        self,
        found: _InBlock,
        heading: str,
        days: tuple[dt.date, ...],
        context: tuple[str, ...],
        start: int,
        end: int,
    ) -> Passage:
        """A part of a block, or all of it."""
        text = found.block.text
        is_whole = start == 0 and end == len(text)
        return Passage(
            block=found.block,
            start=start,
            end=end,
            quantities=found.quantities if is_whole else _within(found.quantities, start, end),
            directions=found.directions if is_whole else _within(found.directions, start, end),
            sizes=found.sizes if is_whole else _within(found.sizes, start, end),
            subjects=found.subjects if is_whole else _within(found.subjects, start, end),
            context=context,
            heading=heading,
            heading_days=days,
            lexicon=self.words,
            words=found.words if is_whole else words_of(text[start:end]),
            links=found.links,
        )


class _InBlock(NamedTuple):
    """What is in a block."""

    block: Block
    words: Words
    quantities: tuple[Quantity, ...]
    directions: tuple[Found, ...]
    sizes: tuple[Found, ...]
    subjects: tuple[Found, ...]
    links: tuple[tuple[int, int], ...]


def _links(block: Block) -> tuple[tuple[int, int], ...]:
    return tuple(sorted((span.start, span.end) for span in block.spans if span.kind == "link"))


def _values(found: tuple[Found, ...]) -> tuple[str, ...]:
    """What some phrases stand for, each once."""
    return tuple(dict.fromkeys([each.value for each in found])) if found else ()


def _days(found: Iterable[Quantity]) -> tuple[dt.date, ...]:
    return tuple([each.day for each in found if each.unit == "date" and each.day])


T = TypeVar("T", Quantity, Found)


def _within(found: tuple[T, ...], start: int, end: int) -> tuple[T, ...]:
    if not found:
        return found
    return found[_place(found, start) : _place(found, end)]


def _subjects(document: Document, words: Lexicon, facts: Facts) -> Phrases:
    """What the data has numbers of, by the names it goes by in the post's language."""
    sectors = {
        name: flow.scope
        for flow in facts.session.flows
        if flow.scope_kind == "sector"
        for name in (flow.scope, flow.scope.split(" (")[0])
        if len(name) >= _SHORTEST_NAME
    }
    names = {**_companies(document, facts), **sectors, **_general_names(words)}
    return Phrases(names, spaced=words.is_spaced)


@functools.cache
def _general_subjects(words: Lexicon) -> Phrases:
    """Those of them that need no data: indices and investors."""
    return Phrases(_general_names(words), spaced=words.is_spaced)


def _general_names(words: Lexicon) -> Mapping[str, str]:
    named = {name: subject for subject, listed in words.subjects.items() for name in listed}
    return {**{index: index for index in INDICES}, **named}


def _companies(document: Document, facts: Facts) -> Mapping[str, str]:
    """The companies that may be named in a post: of thousands few are."""
    text = document.text.lower()
    spaced = lexicon(document.language).is_spaced
    there = set(_TOKEN.findall(text)) if spaced else set(map("".join, itertools.pairwise(text)))
    found: dict[str, str] = {}
    codes, stocks = column(facts.session.stocks, "code"), column(facts.session.stocks, "name")
    official = facts.session.names.get(document.language, {})
    for code, *names in zip(codes, map(official.get, codes), stocks, strict=True):
        for name in names:
            if name and _opening(name, spaced) in there:
                found.setdefault(name, code)
    return found


@functools.lru_cache(16384)
def _opening(name: str, spaced: bool) -> str:
    """What a text must have in lower case for a name to be in it: its first word, or first two characters."""
    if len(name) < _SHORTEST_NAME or not (first := _TOKEN.search(name.lower())):
        return ""
    return first[0] if spaced else name[:_SHORTEST_NAME].lower()


_SHORTEST_NAME = 2
_TOKEN = re.compile(r"[^\W_]+")


def _tables(passages: Sequence[Passage]) -> tuple[Table, ...]:
    tables: dict[int, dict[int, list[Passage]]] = {}
    for each in passages:
        if cell := each.block.cell:
            tables.setdefault(cell.table, {}).setdefault(cell.row, []).append(each)
    return tuple(Table(tuple(map(tuple, rows.values()))) for rows in tables.values())
