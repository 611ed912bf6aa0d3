"""Tables, where goldmark differs from markdown-it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it import rules_block
from markdown_it.token import Token

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore

_UNDERLINE = re.compile(r"-+[ \t]*")


def add(parser: MarkdownIt) -> None:
    """Switch tables on."""
    parser.enable("table")
    parser.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})


def _table(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """markdown-it's rule, but hyphens alone underline a heading."""
    if line + 1 < end:
        start, stop = state.bMarks[line + 1] + state.tShift[line + 1], state.eMarks[line + 1]
        if _UNDERLINE.fullmatch(state.src, start, stop):
            return False
    return rules_block.table(state, line, end, silent)


def finish(state: StateCore) -> None:
    """A table has a body even if it is empty; its cells' styles have a space, as Hugo writes them."""
    made: list[Token] = []
    for token in state.tokens:
        if token.type == "table_close" and made and made[-1].type == "thead_close":
            made += [
                Token("tbody_open", "tbody", 1, block=True),
                Token("tbody_close", "tbody", -1, block=True),
            ]
        made.append(token)
        if token.type in {"th_open", "td_open"} and token.attrs:
            token.attrSet("style", str(token.attrGet("style")).replace(":", ": "))
    state.tokens = made
