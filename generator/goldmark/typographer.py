"""Quotes, dashes and dots as goldmark's typographer writes them, with its own exceptions.

Its rules look at the rest of the line in bytes and count the quotes that were opened and not closed; a quote
that nothing opened stays straight. goldmark means to start anew with each block, but counts through a whole
document.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING
from weakref import ref

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it.rules_inline import StateInline

    from generator.goldmark.markup import Substitutions

MARK = "typographer"
"""`info` of the tokens made here."""

HTML = "html"
"""Where their `meta` holds what is shown, as the configuration has it."""

_OPEN = "open_quotes"


@dataclass(slots=True)
class _Open:
    """How many quotes are open."""

    single: int = 0
    double: int = 0
    run_of: ref[StateInline] | None = None
    """The state whose run of equal quotes was last read. It holds the environment, which holds this."""
    run_end: int = 0
    """Where it ends."""


def rule(marks: Substitutions) -> Callable[[StateInline, bool], bool]:
    """The inline rule; comes last, so that whatever else takes these characters has had them."""
    runs = [
        (run, shown)
        for run, shown in (
            ("---", marks.em_dash),
            ("...", marks.ellipsis),
            ("<<", marks.left_angle_quote),
            (">>", marks.right_angle_quote),
            ("--", marks.en_dash),
        )
        if shown
    ]

    def typographer(state: StateInline, silent: bool) -> bool:
        character = state.src[state.pos]
        if silent or character not in "'\"-.<>":
            return False
        if character in "'\"":
            shown = _quote(state, marks)
            length = 1
        else:
            shown, length = next(
                ((shown, len(run)) for run, shown in runs if state.src.startswith(run, state.pos)), ("", 0)
            )
        if not shown:
            return False
        token = state.push("text_special", "", 0)
        token.content, token.info, token.meta = unescape(shown), MARK, {HTML: shown}
        token.markup = state.src[state.pos : state.pos + length]
        state.pos += length
        return True

    return typographer


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a quote stands."""

    before: str
    line: bytes
    """From the quote to the end of its line, the break included; no more than is looked at."""
    opens: bool
    closes: bool

    def rune(self, index: int) -> str:
        """The character that starts at a byte of the line."""
        return self.line[index:].decode("utf-8", "replace")[:1]


_LOOKED_AT = 5
_RUN = re.compile("'+|\"+")


def _quote(state: StateInline, marks: Substitutions) -> str:
    source, at = state.src, state.pos
    before = source[at - 1] if at else "\n"
    opened: _Open = state.env.setdefault(_OPEN, _Open())
    if opened.run_of is None or opened.run_of() is not state or at >= opened.run_end:
        run = _RUN.match(source, at)
        opened.run_of, opened.run_end = ref(state), run.end() if run else at
    after = source[opened.run_end] if opened.run_end < len(source) else " "
    left = not _is_space(after) and (not _is_mark(after) or _is_space(before) or _is_mark(before))
    right = not _is_space(before) and (not _is_mark(before) or _is_space(after) or _is_mark(after))
    end = source.find("\n", at, at + _LOOKED_AT)
    line = source[at : at + _LOOKED_AT if end < 0 else end + 1].encode()
    place = _Place(before, line, opens=left, closes=right)
    return _single(place, marks, opened) if source[at] == "'" else _double(place, marks, opened)


def _single(place: _Place, marks: Substitutions, opened: _Open) -> str:
    if marks.apostrophe and _is_apostrophe(place):
        return marks.apostrophe
    if marks.left_single_quote and place.opens and not place.closes:
        if _is_contraction(place.line):
            return marks.right_single_quote
        opened.single += 1
        return marks.left_single_quote
    # A plural's, as in `Smiths'`; goldmark means less by this rule than it does.
    if len(place.line) > 2 and marks.right_single_quote and not _is_digit(place.rune(1)):  # noqa: PLR2004 - goldmark's
        return marks.right_single_quote
    if opened.single > 0 and marks.right_single_quote and _is_closing(place):
        opened.single -= 1
        return marks.right_single_quote
    return ""


def _double(place: _Place, marks: Substitutions, opened: _Open) -> str:
    if marks.left_double_quote and place.opens and not place.closes:
        opened.double += 1
        return marks.left_double_quote
    if marks.right_double_quote and opened.double > 0 and _is_closing(place):
        if place.line[1:2] == b'"' and _is_digit(place.before):  # an inch before a quote: 21""
            return ""
        opened.double -= 1
        return marks.right_double_quote
    return ""


def _is_apostrophe(place: _Place) -> bool:
    line, before = place.line, place.before
    if place.opens and not place.closes and _is_decade(place):
        return True
    if (
        len(line) > 1
        and (_is_punctuation(before) or _is_space(before))
        and line[1:2] in {b"t", b"e", b"n", b"l"}
    ):
        return True
    return len(line) > 1 and (_is_digit(before) or _is_letter(before)) and _is_letter(place.rune(1))


def _is_decade(place: _Place) -> bool:
    """`'90s`."""
    line = place.line
    if not (len(line) > 3 and line[1:3].isdigit() and line[3:4] == b"s"):  # noqa: PLR2004 - its length
        return False
    after = place.rune(4) or " "
    return _is_space(after) or _is_mark(after)


def _is_contraction(line: bytes) -> bool:
    """`'s`, `'m`, `'t`, `'d`, `'ve`, `'ll`, `'re`, where no letter stands before."""
    return (line[1:2] in {b"s", b"m", b"t", b"d"} and _is_end(line, 2)) or (
        line[1:3] in {b"ve", b"ll", b"re"} and _is_end(line, 3)
    )


def _is_end(line: bytes, index: int) -> bool:
    return len(line) <= index or _is_ascii_mark_or_space(line, index)


def _is_closing(place: _Place) -> bool:
    if not place.closes:
        return False
    if not place.opens:
        return True
    line = place.line
    return (
        len(line) > 1
        and _is_punctuation(place.rune(1))
        and (len(line) == 2 or _is_ascii_mark_or_space(line, 2))  # noqa: PLR2004 - the quote and one mark
    )


def _is_ascii_mark_or_space(line: bytes, index: int) -> bool:
    character = chr(line[index]) if index < len(line) else ""
    return character in _ASCII_MARKS_AND_SPACES and bool(character)


_ASCII_MARKS_AND_SPACES = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ \t\n\r\f\v"


def _is_space(character: str) -> bool:
    return character.isspace() and character not in "\x1c\x1d\x1e\x1f"


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _is_punctuation(character: str) -> bool:
    return bool(character) and unicodedata.category(character)[0] == "P"


def _is_letter(character: str) -> bool:
    return bool(character) and unicodedata.category(character)[0] == "L"


def _is_digit(character: str) -> bool:
    return bool(character) and unicodedata.category(character) == "Nd"
