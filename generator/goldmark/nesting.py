"""How deep blocks may stand in each other, so that no text takes much longer than others of its length."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock

    Rule = Callable[[StateBlock, int, int, bool], bool]

DEEPEST = 32
"""Levels of blocks: a quote is one, a list two. What would stand deeper is text."""

IN_LINE = 40
"""Brackets that are looked into. It must be more than blocks can have: markdown-it drops what is deeper."""

_NESTING = frozenset({"blockquote", "list", "deflist", "footnote_def"})


def bound(parser: MarkdownIt) -> None:
    """Hold the blocks of a parser to that depth; call when it has all its rules."""
    ruler = parser.block.ruler
    ends: list[Rule] = []
    for each in ruler.__rules__:
        rule = _bounded(each.fn) if each.name in _NESTING else each.fn
        if "blockquote" in each.alt:
            ends.append(rule)
        ruler.at(each.name, rule, {"alt": [chain for chain in each.alt if chain != "blockquote"]})
    ruler.push("quote_ends", _ending(ends), {"alt": ["blockquote"]})


def _bounded(rule: Rule) -> Rule:
    def bounded(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        return state.level < DEEPEST and rule(state, line, end, silent)

    return bounded


def _ending(ends: list[Rule]) -> Rule:
    def quote_ends(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        """Not at a line that an outer quote left to its paragraph: it was asked about already."""
        return silent and state.sCount[line] >= 0 and any(rule(state, line, end, True) for rule in ends)

    return quote_ends
