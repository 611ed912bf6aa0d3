"""Line breaks between East Asian characters, which a browser would show as a space."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from markdown_it import rules_inline

from generator.goldmark.typographer import MARK

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token


def rule(style: str) -> Callable[[StateCore], None]:
    """Leave out the breaks that goldmark leaves out; `style` is `simple` or `css3draft`.

    As goldmark has it, a break between text and an element goes whatever the language.
    """
    keeps = _keeps_simple if style == "simple" else _keeps_css3

    def line_breaks(state: StateCore) -> None:
        for block in state.tokens:
            tokens = block.children or []
            for index, token in enumerate(tokens):
                if token.type == "softbreak" and not _is_kept(tokens, index, keeps):
                    token.type = "text"

    return line_breaks


def newline(*, escaped_space: bool) -> Callable[[StateInline, bool], bool]:
    """markdown-it's rule of the same name, for a site where a space may start an address.

    goldmark has looked at the spaces of a line's end by then: one keeps the break between East Asian
    characters, and of four the first is shown.
    """

    def rule(state: StateInline, silent: bool) -> bool:
        spaces = 0 if silent or state.src[state.pos] != "\n" else _spaces(state.pending)
        if spaces > _HARD and not (escaped_space and state.pending[:-spaces].endswith("\\")):
            state.pending = state.pending[:-_HARD]
            state.push("hardbreak", "br", 0)
            state.pos += 1
            while state.pos < state.posMax and state.src[state.pos] in " \t":
                state.pos += 1
            return True
        spaced = spaces > 0 and not (escaped_space and state.pending.endswith("\\ "))
        found = rules_inline.newline(state, silent)
        if found and spaced:
            state.tokens[-1].info = _SPACED
        return found

    return rule


def _spaces(text: str) -> int:
    return len(text) - len(text.rstrip(" "))


_HARD = 3
"""Characters of a hard break: two spaces and the line's end."""
_SPACED = "spaced"


def _is_kept(tokens: Sequence[Token], index: int, keeps: Callable[[str, str], bool]) -> bool:
    before = _source(tokens[index - 1]) if index else ""
    if not before or tokens[index].info == _SPACED:
        return True
    if tokens[index - 1].type == "text" and before[-1] in "*_~":  # emphasis that came to nothing
        return True
    if index + 1 == len(tokens) or not (after := _source(tokens[index + 1])):
        return False
    return keeps(before[-1], after[0])


def _source(token: Token) -> str:
    """What stands for it in the source, if goldmark calls it text."""
    if token.type == "text":
        return token.content
    if token.type == "escaped_space":
        return "\\ "
    return token.markup if token.type == "text_special" and token.info != MARK else ""


def _keeps_simple(before: str, after: str) -> bool:
    return not (_is_wide(before) and _is_wide(after))


_HANGUL = (
    (0x1100, 0x11FF), (0x302E, 0x302F), (0x3131, 0x318E), (0x3200, 0x321E), (0x3260, 0x327E),
    (0xA960, 0xA97C), (0xAC00, 0xD7A3), (0xD7B0, 0xD7C6), (0xD7CB, 0xD7FB), (0xFFA0, 0xFFBE),
    (0xFFC2, 0xFFC7), (0xFFCA, 0xFFCF), (0xFFD2, 0xFFD7), (0xFFDA, 0xFFDC),
)  # fmt: skip
_KANA = (
    (0x3041, 0x3096), (0x309D, 0x309F), (0x30A1, 0x30FA), (0x30FD, 0x30FF), (0x31F0, 0x31FF),
    (0x32D0, 0x32FE), (0x3300, 0x3357), (0xFF66, 0xFF6F), (0xFF71, 0xFF9D), (0x1AFF0, 0x1AFFE),
    (0x1B000, 0x1B167), (0x1F200, 0x1F200),
)  # fmt: skip
_HAN = (
    (0x2E80, 0x2E99), (0x2E9B, 0x2EF3), (0x2F00, 0x2FD5), (0x3005, 0x3005), (0x3007, 0x3007),
    (0x3021, 0x3029), (0x3038, 0x303B), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFA6D),
    (0xFA70, 0xFAD9), (0x16FE2, 0x16FF1), (0x20000, 0x323AF),
)  # fmt: skip
_SIGNS = ((0x3000, 0x303F),)
_SPACE_DISCARDING = (
    (0x2E80, 0x2FDF), (0x2FF0, 0x30FF), (0x3190, 0x319F), (0x31C0, 0x31FF), (0x3300, 0x9FFF),
    (0xA000, 0xA4CF), (0xF900, 0xFAFF), (0xFE10, 0xFE1F), (0xFE30, 0xFE6F), (0xFF00, 0xFFEF),
    (0x1B000, 0x1B16F), (0x20000, 0x2A6DF), (0x2A700, 0x2EBEF), (0x2F800, 0x2FA1F), (0x30000, 0x3134F),
)  # fmt: skip


def _within(character: str, ranges: Sequence[tuple[int, int]]) -> bool:
    code = ord(character)
    return any(first <= code <= last for first, last in ranges)


def _is_wide(character: str) -> bool:
    return unicodedata.category(character) == "Lm" or any(
        _within(character, ranges) for ranges in (_HANGUL, _KANA, _HAN, _SIGNS)
    )


def _keeps_css3(before: str, after: str) -> bool:
    """CSS Text 3, Segment Break Transformation Rules, as goldmark has them."""
    pair = (before, after)
    if "\u200b" in pair:
        return False
    if all(unicodedata.east_asian_width(each) in "FWH" for each in pair):
        return any(_within(each, _HANGUL) for each in pair)
    return not any(
        _within(each, _SPACE_DISCARDING) or unicodedata.category(each)[0] == "P" or each == "\u3000"
        for each in pair
    )
