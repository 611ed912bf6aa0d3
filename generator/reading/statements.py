"""A post cut into what it states: its title, each heading, each sentence, each row of a table.

Left out are other posts' titles (the related line), programs, and what a caller names as somebody's words.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from typing import TYPE_CHECKING, NamedTuple

from generator.reading.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from typing import Any

    from generator.reading.document import Block, Document, Kind

FRONT_KEYS = (
    "session", "data_as_of", "corrections", "angles", "checks", "resolved", "stocks", "week", "days",
)  # fmt: skip
"""Front matter that holds numbers of the market, and that nobody but the generator writes."""
_OWN_WORDS = frozenset({"corrections.note"})
"""Within it, what a person says."""
_MOST_VALUES = 500
"""Of one key: nothing that we write has more."""
BETWEEN_CELLS = " | "
_DIGIT = re.compile(r"\d")
_NUMBERING = re.compile(r"\d+(?:\.\d+)*\.? ")


class Statement(NamedTuple):
    """Some text of a post; `offsets[i]` is the place in the file of its character i."""

    text: str
    kind: Kind | str
    """That of its block; `row` of a table's row, `front` of front matter."""
    offsets: Sequence[int]
    section: str = ""
    context: str = ""
    """The text of its whole block."""
    targets: tuple[str, ...] = ()
    """Where its links lead."""

    @property
    def is_sourced(self) -> bool:
        """Whether it links to another site."""
        return any(target.startswith(("http://", "https://")) for target in self.targets)

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The place in the file of a stretch of the text."""
        if not self.offsets:
            return 0, 0
        last = len(self.offsets) - 1
        first = self.offsets[min(start, last)]
        return first, max(self.offsets[min(end - 1, last)] + 1, first) if end > start else first


def statements(document: Document, *, without: Collection[str] = ()) -> tuple[Statement, ...]:
    """The statements of a post in order, those of front matter last.

    Blocks whose text is in `without` are not read.
    """
    return (*_of_blocks(document, without), *_of_front(document))


def _of_blocks(document: Document, without: Collection[str]) -> Iterator[Statement]:
    row: list[Block] = []
    for block in document.blocks:
        if row and not _same_row(row[0], block):
            yield _row(row)
            row = []
        if block.text in without or not block.text.strip() or is_related(block):
            continue
        if block.cell is not None:
            row.append(block)
        elif block.kind == "code":
            yield from _of_lines(block)
        elif block.kind != "html":
            yield from _of_block(block, document.language)
    if row:
        yield _row(row)


def _same_row(a: Block, b: Block) -> bool:
    return bool(a.cell and b.cell and (a.cell.table, a.cell.row) == (b.cell.table, b.cell.row))


def is_related(block: Block) -> bool:
    """Whether it is the line of related posts, a quote above all sections, which shows titles of others."""
    return block.quoted and not block.section and any(span.kind == "link" for span in block.spans)


def _of_block(block: Block, language: str) -> Iterator[Statement]:
    if block.kind in ("title", "heading"):
        numbering = _NUMBERING.match(block.text) if block.kind == "heading" else None
        yield _cut(block, numbering.end() if numbering else 0, len(block.text))
        return
    for start, end in sentences(block.text, language):
        yield _cut(block, start, end)


_PLAIN = frozenset({"", "text", "txt", "plain", "plaintext"})
"""Languages of fenced code that are none."""


def _of_lines(block: Block) -> Iterator[Statement]:
    """The lines of what is set in columns rather than programmed."""
    if block.info.split(" ")[0].lower() not in _PLAIN:
        return
    for line in _LINE.finditer(block.text):
        yield _cut(block, line.start(), line.end())


_LINE = re.compile(r"\S[^\n]*")


def _cut(block: Block, start: int, end: int) -> Statement:
    targets = tuple(
        span.target for span in block.spans if span.kind == "link" and span.start < end and start < span.end
    )
    return Statement(
        block.text[start:end], block.kind, block.offsets[start:end], block.section, block.text, targets
    )


def _row(cells: Sequence[Block]) -> Statement:
    text = BETWEEN_CELLS.join(cell.text for cell in cells)
    offsets: list[int] = []
    for cell in cells:
        if offsets:
            offsets += [cell.start()] * len(BETWEEN_CELLS)
        offsets += cell.offsets
    targets = tuple(span.target for cell in cells for span in cell.spans if span.kind == "link")
    return Statement(text, "row", offsets, cells[0].section, text, targets)


def _of_front(document: Document) -> Iterator[Statement]:
    for key in FRONT_KEYS:
        if key not in document.front:
            continue
        at = document.offset_of_key(key)
        for path, value in itertools.islice(_scalars(key, document.front[key]), _MOST_VALUES):
            text = _written(value)
            if not _DIGIT.search(text) or path in _OWN_WORDS:
                continue
            found = document.text.find(text, at, document.body_start)
            if found >= 0:
                at = found
            start = found if found >= 0 else document.offset_of_key(key)
            label = f"{path}: "
            yield Statement(
                label + text, "front", [*([start] * len(label)), *range(start, start + len(text))]
            )


def _scalars(path: str, value: Any) -> Iterator[tuple[str, object]]:
    """The values within a value, with the keys that lead to each."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _scalars(f"{path}.{key}", inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _scalars(path, inner)
    elif value is not None:
        yield path, value


def _written(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return str(value)
