"""Statements that differ from a recorded one in a single place, where it is no more what it was: May 73."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from generator.gate.claims.lexicon import lexicon
from generator.gate.tokens import Token
from generator.reading.statements import BETWEEN_CELLS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.gate.tokens import Vocabulary
    from generator.reading.statements import Statement

_NEIGHBOURS = 4
"""A statement that was changed stands about where it stood."""
_ALIKE = 0.6
_LONGEST = 120
"""Words of statements that are compared word by word."""
_MOST_CHANGED = 5
_PIECE = re.compile(r"\S+")
_WORD = re.compile(r"[^\W\d_][\w’'&.-]*")
_MARKS = ".,;:!?()[]“”\"'’"

Miss = tuple["Statement", Token, Token]
"""What stands there, and in it what was and what is."""


def near_misses(
    recorded: Iterable[tuple[int, str]], found: Iterable[tuple[int, Statement]], vocabulary: Vocabulary
) -> Iterator[Miss]:
    """Of each recorded text the statement near it in which a number or a name became something else.

    Both are given with their places among all statements.
    """
    left = list(found)
    for n, text in recorded:
        nearest = sorted(left, key=lambda each: (abs(each[0] - n), each[0]))[:_NEIGHBOURS]
        for place, statement in nearest:
            changes = _exchanged(text, statement) or _changed(text, statement, vocabulary)
            if changes:
                yield from ((statement, was, now) for was, now in changes)
                left.remove((place, statement))
                break


def _exchanged(text: str, statement: Statement) -> list[tuple[Token, Token]]:
    """The cells of a row that changed places."""
    was, now = _cells(text), _cells(statement.text)
    if len(was) != len(now) or [each.text for each in was] == [each.text for each in now]:
        return []
    if sorted(each.text for each in was) != sorted(each.text for each in now):
        return []
    return [(a, b) for a, b in zip(was, now, strict=True) if a.text != b.text]


def _cells(text: str) -> list[Token]:
    if BETWEEN_CELLS not in text:
        return []
    cells, at = [], 0
    for cell in text.split(BETWEEN_CELLS):
        cells.append(Token("code", at, at + len(cell), cell))
        at += len(cell) + len(BETWEEN_CELLS)
    return cells


def _changed(text: str, statement: Statement, vocabulary: Vocabulary) -> list[tuple[Token, Token]]:
    """What was and what is, where two statements differ in one place, in a number or a name."""
    words, others = list(_PIECE.finditer(text)), list(_PIECE.finditer(statement.text))
    if max(len(words), len(others)) > _LONGEST:
        return []
    matcher = difflib.SequenceMatcher(None, [w[0] for w in words], [w[0] for w in others], autojunk=False)
    changes = [each for each in matcher.get_opcodes() if each[0] != "equal"]
    if len(changes) != 1 or matcher.ratio() < _ALIKE:
        return []
    _, a, b, c, d = changes[0]
    if not 0 < b - a <= _MOST_CHANGED or not 0 < d - c <= _MOST_CHANGED:
        return []
    was, now = _stretch(words[a:b]), _stretch(others[c:d])
    if any(map(str.isdigit, was.text)) and any(map(str.isdigit, now.text)):
        return [(was, now)]
    return [(was, now)] if _is_other_name(text, was, now, vocabulary) else []


def _stretch(words: Sequence[re.Match[str]]) -> Token:
    """Some words without the marks around them."""
    start, text = words[0].start(), words[0].string[words[0].start() : words[-1].end()]
    bare = text.strip(_MARKS)
    start += text.index(bare)
    return Token("code", start, start + len(bare), bare)


def _is_other_name(text: str, was: Token, now: Token, vocabulary: Vocabulary) -> bool:
    """Whether a name gave way to what looks like another, and not to a pronoun or a part of it."""
    names = [each for each in vocabulary.names.find(text) if each.start < was.end and was.start < each.end]
    words = _WORD.findall(now.text)
    if not names or not words or lexicon(vocabulary.language).they.fullmatch(now.text.lower()):
        return False
    known = {word for each in names for word in _WORD.findall(text[each.start : each.end])}
    return all(word[0].isupper() for word in words) and not known.issuperset(words)
