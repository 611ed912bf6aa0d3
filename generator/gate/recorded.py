"""What stands in a post that was generated, against what was generated: the statements of its `figures.json`.

A statement is known by its form, the words around its numbers, names, and words of direction. One that a
person wrote anew has another form and is not judged here.
"""

from __future__ import annotations

import bisect
import functools
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from importlib import resources
from typing import TYPE_CHECKING

import yaml

from generator.dataset.rows import column
from generator.gate.claims.lexicon import OPPOSITES, SIGNS
from generator.gate.claims.lexicon import lexicon as claims_lexicon
from generator.gate.claims.phrases import Phrases
from generator.gate.finding import Remark
from generator.gate.knowledge import day_of
from generator.gate.listing import listing_of
from generator.gate.near_misses import near_misses
from generator.gate.tokens import Token, Vocabulary, form, tokens
from generator.reading.statements import BETWEEN_CELLS, Statement, statements
from generator.reading.traces import from_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document
    from generator.reading.quantity import Quantity
    from generator.reading.traces import Entry, Traced, Traces


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that stands in a post where something else was generated."""

    statement: Statement
    found: Token
    recorded: Token
    entry: Entry | None
    """The figure that was there."""

    @property
    def is_word(self) -> bool:
        """Whether both are words of direction or size."""
        return self.found.kind == self.recorded.kind == "word"


@functools.lru_cache(maxsize=4)
def traces_of(document: Document, knowledge: Knowledge) -> Traces | None:
    """The `figures.json` beside a post; None without one that can be read."""
    content = knowledge.beside(document, "figures.json")
    try:
        return from_json(content.decode()) if content else None
    except (ValueError, RecursionError):
        return None


@functools.lru_cache(maxsize=4)
def differences(document: Document, knowledge: Knowledge) -> tuple[Difference, ...]:
    """Where a generated post differs from what was generated, in the order of the recorded statements."""
    traces = traces_of(document, knowledge)
    if traces is None or not traces.statements:
        return ()
    standing = statements(document)
    recorded, found = _unequal(traces.statements, standing)
    if not recorded or not found:
        return ()
    return tuple(_Comparison(document, knowledge, traces).differences(recorded, found))


@functools.lru_cache(maxsize=4)
def own_statements(document: Document, knowledge: Knowledge) -> tuple[Statement, ...]:
    """The statements of a post that were not generated just so: a person's, or changed by one."""
    traces = traces_of(document, knowledge)
    known = Counter(each.text for each in traces.statements) if traces else Counter()
    return tuple(each for each in statements(document) if each.text not in known)


def is_own(remark: Remark, document: Document, knowledge: Knowledge) -> bool:
    """Whether a remark is about a person's words: generated ones are held against their record instead."""
    traces = traces_of(document, knowledge)
    if traces is None or not traces.statements:
        return True
    spans = (each.offsets for each in own_statements(document, knowledge) if each.offsets)
    return any(offsets[0] <= remark.end and remark.start <= offsets[-1] for offsets in spans)


def _unequal(
    recorded: Sequence[Traced], found: Sequence[Statement]
) -> tuple[list[tuple[int, Traced]], list[tuple[int, Statement]]]:
    """What is left of either when what both have is taken away; with its place."""
    missing = Counter(each.text for each in recorded)
    missing.subtract(each.text for each in found)
    # Of a text that stands once too often any may be the one that was changed: all are looked at.
    return (
        _surplus(recorded, {text: count for text, count in missing.items() if count > 0}),
        [(n, each) for n, each in enumerate(found) if missing[each.text] < 0],
    )


def _surplus(recorded: Sequence[Traced], counts: dict[str, int]) -> list[tuple[int, Traced]]:
    left = []
    for n, each in enumerate(recorded):
        if counts.get(each.text, 0) > 0:
            counts[each.text] -= 1
            left.append((n, each))
    return left


_MOST = 400
"""Statements that are compared with each other; a post in which more differ was rewritten."""


_CANDIDATES = 12
"""Statements of one form, such as a table's rows, that one is compared with."""


def _nearest(places: Sequence[int], n: int) -> Iterable[int]:
    """The places nearest to one; they are in order."""
    at = bisect.bisect_left(places, n)
    return places[max(0, at - _CANDIDATES) : at + _CANDIDATES]


@dataclass(frozen=True, slots=True)
class _Read:
    statement: Statement
    tokens: Sequence[Token]


class _Comparison:
    def __init__(self, document: Document, knowledge: Knowledge, traces: Traces) -> None:
        self.traces = traces
        words = claims_lexicon(document.language)
        self.vocabulary = Vocabulary(
            document.language,
            day_of(document.front.get("session")),
            _names(document, knowledge),
            (words.direction, words.size, words.superlative, _opposites(document.language)),
        )

    def differences(
        self, recorded: Sequence[tuple[int, Traced]], found: Sequence[tuple[int, Statement]]
    ) -> Iterator[Difference]:
        """Of each recorded statement that is missing, against the one most like it."""
        standing = {n: _Read(each, self._tokens(each.text, each.kind)) for n, each in found[:_MOST]}
        by_form: dict[str, list[int]] = defaultdict(list)
        for n, each in standing.items():
            by_form[form(each.tokens)].append(n)
        pairs = [
            (len(differing), abs(place - n), n, place, traced, parts, differing)
            for n, traced in recorded[:_MOST]
            for parts in self._readings(traced)
            for place in _nearest(by_form.get(form(parts), ()), n)
            for differing in (self._differing(traced, parts, standing[place]),)
        ]
        done: set[int] = set()
        used: set[int] = set()
        for _, _, n, place, _, parts, differing in sorted(pairs, key=lambda pair: pair[:4]):
            if n in done or place in used:
                continue
            done.add(n)
            used.add(place)
            if _is_same_statement(standing[place].statement, parts, differing):
                yield from differing
        for statement, was, now in near_misses(
            [(n, each.text) for n, each in recorded[:_MOST] if n not in done],
            [(n, each.statement) for n, each in standing.items() if n not in used],
            self.vocabulary,
        ):
            yield Difference(statement, now, was, None)

    def _readings(self, traced: Traced) -> Iterator[Sequence[Token]]:
        """As a sentence, and as a row if it may be one."""
        yield self._tokens(traced.text, "")
        if BETWEEN_CELLS in traced.text:
            yield self._tokens(traced.text, "row")

    def _tokens(self, text: str, kind: str) -> Sequence[Token]:
        return tokens(text, self.vocabulary, kind=kind)

    def _differing(self, traced: Traced, parts: Sequence[Token], standing: _Read) -> list[Difference]:
        """The open tokens that differ; both have one form."""
        entries = {(mark.start, mark.end): self.traces.figure(mark) for mark in traced.marks}
        mine = [each for each in parts if each.is_open]
        theirs = [each for each in standing.tokens if each.is_open]
        differing = []
        for was, now in zip(mine, theirs, strict=True):
            entry = entries.get((was.quantity.start, was.quantity.end)) if was.quantity else None
            if not _agree(was, now, entry):
                differing.append(Difference(standing.statement, now, was, entry))
        return differing


_FEWEST_WORDS = 2
_WORD = re.compile(r"[^\W\d_]+")


def _is_same_statement(statement: Statement, parts: Sequence[Token], differing: Sequence[Difference]) -> bool:
    """Whether it is the recorded one, changed, rather than another one of the same form.

    All that is open may differ only where words enough stay, and no name among it says that it is of another.
    """
    opened = [each for each in parts if each.is_open]
    if statement.kind == "front" or len(differing) < len(opened):
        return True
    if len(differing) > 1 and sorted(d.found.text for d in differing) == sorted(
        d.recorded.text for d in differing
    ):
        return True
    words = sum(len(_WORD.findall(each.text)) for each in parts if not each.is_open)
    is_of_another = len(differing) > 1 and any(each.kind == "name" for each in opened)
    return words >= _FEWEST_WORDS and not is_of_another


def _agree(was: Token, now: Token, entry: Entry | None) -> bool:
    """Whether one token may stand for another."""
    if was.text == now.text:
        return True
    if was.kind != now.kind:
        return False
    if was.quantity and now.quantity:
        return was.noun == now.noun and _same(was.quantity, now.quantity, entry)
    if was.kind == "word":
        return was.means == now.means or not _excludes(was.means, now.means)
    return bool(was.means) and was.means == now.means


def _excludes(one: str, other: str) -> bool:
    """Whether two classes of words cannot both be true."""
    signs = SIGNS.get(one, 0), SIGNS.get(other, 0)
    if OPPOSITES.get(one) == other or signs[0] * signs[1] < 0 or "flat" in (one, other):
        return True
    return not any(signs)


def _same(was: Quantity, now: Quantity, entry: Entry | None) -> bool:
    """Whether a quantity is the recorded one, written otherwise: rounded further, or under another scale."""
    if was.unit != now.unit or now.bound != was.bound:
        return False
    if was.day or now.day:
        return was.day == now.day
    if was.sign != now.sign and (was.sign or entry is None):
        return False
    exact = was.value
    if entry is not None and isinstance(entry["value"], (int, float)):
        exact = _shown(Decimal(repr(entry["value"])), was)
    # An estimate was estimated by the data; whoever writes another number is not one off, but wrong.
    return abs(now.value - (exact if now.sign else abs(exact))) <= now.resolution


def _shown(value: Decimal, was: Quantity) -> Decimal:
    """The exact value of a recorded quantity, if its figure is in the unit that it is written in."""
    return value if abs(abs(value) - abs(was.value)) <= was.tolerance else was.value


@functools.cache
def _opposites(language: str) -> Phrases:
    """Words that must not be exchanged; the value is the pair's number and the side."""
    path = resources.files("generator.gate") / "words" / "opposites.yaml"
    pairs = yaml.safe_load(path.read_text(encoding="utf-8")).get(language, ())
    values = {
        word: f"{n}:{side}"
        for n, pair in enumerate(pairs)
        for side, words in enumerate(pair)
        for word in words
    }
    return Phrases(values, spaced=claims_lexicon(language).is_spaced)


def _names(document: Document, knowledge: Knowledge) -> Phrases:
    """Names of companies, sectors, indices and investors, each with what it is the name of."""
    names = {
        name: company.code
        for company in listing_of(document, knowledge).by_code.values()
        for name in company.names.values()
    }
    session = knowledge.session_of(document)
    if session:
        others = [
            *(each.index for each in session.indices),
            *(each.sector for each in session.sectors),
            *(each.cluster for each in session.clusters),
            *(each.variable for each in session.macro),
            *(each.scope for each in session.flows),
            *filter(None, column(session.stocks, "sector")),
        ]
        names = {other: f"={other}" for other in others} | names
    words = claims_lexicon(document.language)
    names |= {name: f"={subject}" for subject, listed in words.subjects.items() for name in listed}
    return Phrases(names, spaced=words.is_spaced)


def remark(document: Document, difference: Difference) -> Remark:
    """What is said of a difference, with what to put in its place."""
    statement, now, was, entry = (
        difference.statement,
        difference.found,
        difference.recorded,
        difference.entry,
    )
    start, end = statement.place(now.start, now.end)
    source = f" ({entry['figure']}: {sourced(entry)})" if entry else ""
    return Remark(
        start=start,
        end=end,
        message=f"“{now.text}” stands where “{was.text}” was generated{source}",
        found=now.text,
        expected=was.text,
        remedy="Put back what the data says; if the data is wrong, correct it and make the post again",
        fix=was.text if document.text[start:end] == now.text else None,
    )


def sourced(entry: Entry) -> str:
    """Where a figure is from, as `explain` tells it."""
    source = entry["source"]
    if not isinstance(source, dict):
        return ""
    if "formula" in source:
        return str(source["formula"])
    return ", ".join(str(source.get(key, "")) for key in ("file", "row", "column"))
