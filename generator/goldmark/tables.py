"""Tables as goldmark finds them: in a paragraph, by the line of hyphens below the head."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token


def add(parser: MarkdownIt) -> None:
    """Switch tables on; only what would be a paragraph can be one."""
    parser.block.ruler.before("lheading", "tables", _table, {"alt": ["paragraph", "reference"]})


# Hyphens alone underline a heading, and one before a space starts a list.
_DELIMITERS = re.compile(r"(?!-+[ \t]*\Z|-[ \t])[|:-][-:| \t]*")
_COLUMN = re.compile(r"(:?)-+(:?)")
_ALIGNMENTS = {(":", ""): "left", ("", ":"): "right", (":", ":"): "center", ("", ""): ""}
_SPACES = " \t\r\f\v"


def _table(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """A head of no more cells than there are columns; then rows, to where the paragraph ends."""
    if line + 1 >= end or state.is_code_block(line + 1):
        return False
    columns = _columns(_line(state, line + 1))
    if not columns or state.is_code_block(line):
        return False
    head = _cells(_line(state, line))
    if len(head) > len(columns):
        return False
    if not silent:
        _push(state, line, head, columns)
    return True


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _columns(text: str) -> Sequence[str]:
    """The alignment of each column; none if the line is something else."""
    if not _DELIMITERS.fullmatch(text):
        return ()
    parts = [part.strip(_SPACES) for part in text.split("|")]
    parts = parts[not parts[0] :]
    parts = parts[: -1 if parts and not parts[-1] else None]
    found = [_COLUMN.fullmatch(part) for part in parts]
    return [_ALIGNMENTS[column[1], column[2]] for column in found if column] if all(found) else ()


_CELL_END = re.compile(r"(?<!\\)\|")


def _cells(text: str) -> Sequence[str]:
    text = text.strip(_SPACES)
    text = text[text.startswith("|") : -1 if text.endswith("|") else None]
    cells = _CELL_END.split(text) if "\\" in text else text.split("|")
    if not cells[-1]:
        cells.pop()
    return [cell.strip(_SPACES) for cell in cells]


_MOST_ADDED = 65_536
"""Cells that rows get which have too few, as in markdown-it: few characters must not make many more."""


def _push(state: StateBlock, line: int, head: Sequence[str], columns: Sequence[str]) -> None:
    end = _paragraph_end(state, line + 2)
    place = state.push("table_open", "table", 1)
    place.map = [line, end]
    state.push("thead_open", "thead", 1)
    _push_row(state, line, "th", [*head, *_missing(head, columns)], columns)
    state.push("thead_close", "thead", -1)
    state.push("tbody_open", "tbody", 1)
    added = 0
    for number in range(line + 2, end):
        cells = _cells(_line(state, number))[: len(columns)]
        added += len(columns) - len(cells)
        row = [*cells, *(_missing(cells, columns) if added <= _MOST_ADDED else ())]
        _push_row(state, number, "td", row, columns)
    state.push("tbody_close", "tbody", -1)
    state.push("table_close", "table", -1)
    state.line = end


def _missing(cells: Sequence[str], columns: Sequence[str]) -> Iterator[None]:
    return (None for _ in range(len(columns) - len(cells)))


def _push_row(
    state: StateBlock, line: int, tag: str, cells: Sequence[str | None], columns: Sequence[str]
) -> None:
    """A row; a cell that is not written is empty, and not aligned."""
    state.push("tr_open", "tr", 1).map = [line, line + 1]
    for cell, alignment in zip(cells, columns, strict=False):
        opening = state.push(f"{tag}_open", tag, 1)
        if alignment and cell is not None:
            opening.attrs = {"style": f"text-align: {alignment}"}
        inline = state.push("inline", "", 0)
        inline.map, inline.content, inline.children = [line, line + 1], cell or "", []
        state.push(f"{tag}_close", tag, -1)
    state.push("tr_close", "tr", -1)


_UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*")


def _paragraph_end(state: StateBlock, line: int) -> int:
    """The line behind the last of the paragraph; what would make it a heading ends it too."""
    ends = [rule for rule in state.md.block.ruler.getRules("paragraph") if rule is not _table]
    outer, state.parentType = state.parentType, "paragraph"
    while line < state.lineMax and not state.isEmpty(line):
        # Nothing that ends a paragraph begins with a bar, as most rows do.
        is_row = state.src.startswith("|", state.bMarks[line] + state.tShift[line])
        if (
            not is_row
            and 0 <= state.sCount[line] <= state.blkIndent + 3
            and (
                _UNDERLINE.fullmatch(_line(state, line))
                or any(rule(state, line, state.lineMax, True) for rule in ends)
            )
        ):
            break
        line += 1
    state.parentType = outer
    return line


def code_in_cells(state: StateCore) -> None:
    r"""In code, where a backslash is one, `\|` is a bar all the same."""
    inside = False
    for token in state.tokens:
        if token.type in _CELLS:
            inside = token.nesting > 0
        elif inside and "\\|" in token.content:
            _unescape(token)


_CELLS = frozenset({"th_open", "td_open", "th_close", "td_close"})


def _unescape(token: Token) -> None:
    if token.type == "code_inline":
        token.content = token.content.replace("\\|", "|")
    for part in token.children or []:
        _unescape(part)
