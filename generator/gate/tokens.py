"""A statement as tokens: what may be checked against what was generated, and the words around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from generator.reading.lexicon import lexicon as reading_lexicon
from generator.reading.quantities import quantities
from generator.reading.statements import BETWEEN_CELLS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence

    from generator.gate.claims.phrases import Phrases
    from generator.reading.quantity import Quantity

Kind = Literal["quantity", "name", "word", "code", "blank", "text"]
"""word: one that says a direction or a size. blank: a cell's dash. text: all between."""


class Token(NamedTuple):
    """A part of a statement, `text[start:end]`."""

    kind: Kind
    start: int
    end: int
    text: str
    means: str = ""
    """What a name or a word stands for."""
    quantity: Quantity | None = None
    noun: str = ""
    """The unit behind a bare number: points."""

    @property
    def is_open(self) -> bool:
        """Whether it may differ between two statements of one form."""
        return self.kind != "text"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that are looked for beside quantities."""

    language: str
    near: dt.date | None
    names: Phrases
    words: Sequence[Phrases]


_PIECE = re.compile(r"[^\s|]++")
_DIGIT = re.compile(r"\d")
_DASHES = ("—", "–", "-")
_UNIT = re.compile(r"[ \u00a0-]?")


def tokens(text: str, vocabulary: Vocabulary, *, kind: str = "") -> tuple[Token, ...]:
    """The tokens of a statement, without gaps; `kind` is the statement's."""
    found = _Taken()
    units = reading_lexicon(vocabulary.language).units
    for each in quantities(text, vocabulary.language, near=vocabulary.near):
        end, noun = each.end, ""
        if each.unit == "number" and each.noun in units:
            gap = _UNIT.match(text, end)
            end = (gap.end() if gap else end) + len(each.noun)
            noun = each.noun
        found.add(Token("quantity", each.start, end, text[each.start : end], quantity=each, noun=noun))
    for name in vocabulary.names.find(text):
        found.add(Token("name", name.start, name.end, text[name.start : name.end], name.value))
    for phrases in vocabulary.words:
        for word in phrases.find(text):
            found.add(Token("word", word.start, word.end, text[word.start : word.end], word.value))
    for piece in _PIECE.finditer(text):
        if _DIGIT.search(piece[0]):
            found.add(Token("code", piece.start(), piece.end(), piece[0]))
    for blank in _blanks(text) if kind == "row" else ():
        found.add(blank)
    return tuple(_whole(text, found.all()))


def _blanks(text: str) -> Iterator[Token]:
    at = 0
    for cell in text.split(BETWEEN_CELLS):
        if cell in _DASHES:
            yield Token("blank", at, at + len(cell), cell)
        at += len(cell) + len(BETWEEN_CELLS)


class _Taken:
    """Tokens that do not overlap: what comes first stays."""

    def __init__(self) -> None:
        self._tokens: list[Token] = []
        self._taken: set[int] = set()

    def add(self, token: Token) -> None:
        places = range(token.start, token.end)
        if self._taken.isdisjoint(places):
            self._taken.update(places)
            self._tokens.append(token)

    def all(self) -> list[Token]:
        return sorted(self._tokens, key=lambda each: each.start)


def _whole(text: str, found: Iterable[Token]) -> Iterable[Token]:
    at = 0
    for token in found:
        if token.start > at:
            yield Token("text", at, token.start, text[at : token.start])
        yield token
        at = token.end
    if at < len(text):
        yield Token("text", at, len(text), text[at:])


_OPEN = "\ue000"
_SPACE = re.compile(r"\s+")
_QUOTES = str.maketrans("’‘“”", "''\"\"")


def form(found: Iterable[Token]) -> str:
    """What two statements of one form share: their words, and where something open stands."""
    text = "".join(_OPEN if token.is_open else token.text for token in found)
    return _SPACE.sub(" ", text.translate(_QUOTES)).strip().casefold()
