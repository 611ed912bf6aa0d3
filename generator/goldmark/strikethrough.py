"""Runs of one or two tildes, paired by the rules of emphasis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markdown_it.rules_inline.state_inline import Delimiter

if TYPE_CHECKING:
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token


def scan(state: StateInline, silent: bool) -> bool:
    """Put the tildes aside until all of a block are known."""
    if silent or state.src[state.pos] != "~":
        return False
    scanned = state.scanDelims(state.pos, True)
    for _ in range(scanned.length):
        state.push("text", "", 0).content = "~"
        if scanned.length <= 2:  # noqa: PLR2004 - a longer run is text
            state.delimiters.append(
                Delimiter(
                    marker=ord("~"),
                    length=scanned.length,
                    token=len(state.tokens) - 1,
                    end=-1,
                    open=scanned.can_open,
                    close=scanned.can_close,
                )
            )
    state.pos += scanned.length
    return True


def pair(state: StateInline) -> None:
    """Turn what markdown-it paired into `del`."""
    metas = [meta["delimiters"] for meta in state.tokens_meta if meta and "delimiters" in meta]
    for delimiters in (state.delimiters, *metas):
        _pair(state.tokens, delimiters)


def _pair(tokens: list[Token], delimiters: list[Delimiter]) -> None:
    """A pair directly around another pair is one with it, as in `~~a~~`."""
    index = len(delimiters) - 1
    while index >= 0:
        opener = delimiters[index]
        index -= 1
        if opener.marker != ord("~") or opener.end == -1:
            continue
        closer = delimiters[opener.end]
        outer = delimiters[index] if index >= 0 else None
        double = (
            outer is not None
            and outer.marker == opener.marker
            and outer.end == opener.end + 1
            and outer.token == opener.token - 1
            and delimiters[outer.end].token == closer.token + 1
        )
        _become(tokens[opener.token], "del_open", 1)
        _become(tokens[closer.token], "del_close", -1)
        if double and outer is not None:
            tokens[outer.token].content = ""
            tokens[delimiters[outer.end].token].content = ""
            index -= 1


def _become(token: Token, kind: str, nesting: Any) -> None:
    token.type, token.tag, token.nesting, token.markup, token.content = kind, "del", nesting, "~", ""
