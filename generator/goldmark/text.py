r"""Runs of plain text, and `\ `."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it.token import Token

from generator.goldmark.addresses import IN_EACH, LOCAL, may_have_one

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline

    from generator.goldmark.markup import Markup

_SPECIAL = tuple("\n!&*<[\\]^_`~")
"""What any of the parser's rules may start with."""
_TYPOGRAPHERS = ('"', "'", "--", ">>", "...")
"""What its typographer starts with besides."""


def plain(markup: Markup) -> Callable[[StateCore], None]:
    """Text without anything that a rule may start with is not taken to pieces: most of a table's cells."""
    marks = re.compile("|".join([*_marks(markup), *(map(re.escape, IN_EACH) if markup.linkify else ())]))

    def inline(state: StateCore) -> None:
        for token in state.tokens:
            if token.type != "inline":
                continue
            token.children = children = token.children or []
            if marks.search(token.content):
                state.md.inline.parse(token.content, state.md, state.env, children)
            elif token.content:
                children.append(Token("text", "", 0, content=token.content))

    return inline


def _marks(markup: Markup) -> list[str]:
    # One by one, not as a class of characters: only of plain letters `re` knows with which one to begin.
    return [re.escape(each) for each in (*_SPECIAL, *(_TYPOGRAPHERS if markup.typographer else ()))]


def rule(markup: Markup) -> Callable[[StateInline, bool], bool]:
    """Plain text up to what may be markup or the start of a bare address."""
    ends = _marks(markup)
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
