"""The headings of a body in order: its outline."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.reading.document import Document


class Heading(NamedTuple):
    """A heading outside of quotes."""

    level: int
    text: str
    identity: str
    """Its anchor on the page."""
    start: int
    end: int
    """In the file."""
    is_underlined: bool
    """Written with a line of `-` or `=` below, not with `#`."""


def headings(document: Document) -> Iterator[Heading]:
    """Those of a body, quotes set aside."""
    opened = iter([token for token in document.tokens if token.type == "heading_open"])
    for block in document.blocks:
        if block.kind != "heading":
            continue
        token = next(opened)
        if not block.quoted:
            start = block.start()
            if not block.text:
                start = document.body_start
            yield Heading(
                level=block.level,
                text=block.text.strip(),
                identity=str(token.attrGet("id") or ""),
                start=start,
                end=block.start(len(block.text) - 1) + 1 if block.text else start,
                is_underlined=token.markup in {"-", "="},
            )
