r"""Runs of plain text, and `\ `."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.goldmark.addresses import LOCAL, may_have_one

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it.rules_inline import StateInline

    from generator.goldmark.markup import Markup

_SPECIAL = tuple("\n!&*<[\\]^_`~")
"""What any of the parser's rules may start with."""
_TYPOGRAPHERS = ('"', "'", "--", ">>", "...")
"""What its typographer starts with besides."""


def rule(markup: Markup) -> Callable[[StateInline, bool], bool]:
    """Plain text up to what may be markup or the start of a bare address."""
    # One by one, not as a class of characters: only of plain letters `re` knows with which one to begin.
    ends = [re.escape(each) for each in (*_SPECIAL, *(_TYPOGRAPHERS if markup.typographer else ()))]
    start = re.compile("|".join(ends))
    address = re.compile("|".join([*ends, r"(?<=[ (])(?=(?:https?|ftp)://|www\.|" + LOCAL + "@)"]))

    def text(state: StateInline, silent: bool) -> bool:
        at = state.pos
        if start.match(state.src, at):
            return False
        end = address if markup.linkify and may_have_one(state) else start
        found = end.search(state.src, at + 1, state.posMax)
        state.pos = found.start() if found else state.posMax
        if not silent:
            state.pending += state.src[at : state.pos]
        return True

    return text


_LINE_ENDS = re.compile(r"[ \t]*(?:\n|$)")


def escaped_space(state: StateInline, silent: bool) -> bool:
    r"""`\ ` shows nothing, yet separates: emphasis beside Hangul and brackets closes there."""
    if not state.src.startswith("\\ ", state.pos) or _LINE_ENDS.match(state.src, state.pos + 1):
        return False
    if not silent:
        state.push("escaped_space", "", 0)
    state.pos += 2
    return True


def backslash(state: StateInline, silent: bool) -> bool:
    """One before a space is text, and does not keep the space at a line's end."""
    if not state.src.startswith(("\\ ", "\\\t"), state.pos):
        return False
    if not silent:
        state.pending += "\\"
    state.pos += 1
    return True
