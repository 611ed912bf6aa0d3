"""The text of a document's blocks as one text, for rules that look for words and marks in it.

A block that is searched by itself costs a call; a post of only tables has a hundred thousand of them.
"""

from __future__ import annotations

import bisect
import functools
from typing import TYPE_CHECKING

from generator.gate.finding import Remark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from generator.gate.finding import Severity
    from generator.reading.document import Block, Document, Kind, Span

HIDDEN = "\uf8fe"
"""Stands for each character that is not to be looked at; of a private kind, so neither letter nor space."""

SHOWN: tuple[Kind, ...] = ("title", "description", "heading", "paragraph", "item", "cell")
"""What people read as text."""

VERBATIM = ("code", "html", "shortcode")
"""Spans that are no prose."""


def masked(
    block: Block, kinds: Sequence[str] = VERBATIM, *, besides: Callable[[Span], bool] | None = None
) -> str:
    """A block's text, of the same length, with the spans of some kinds hidden, and of `besides`."""
    if not block.spans:
        return block.text
    hidden = sorted(
        [
            (span.start, span.end)
            for span in block.spans
            if span.kind in kinds or (besides is not None and besides(span))
        ]
    )
    if not hidden:
        return block.text
    pieces, at = [], 0
    for start, end in hidden:
        if end > at:
            pieces += [block.text[at:start], HIDDEN * (end - max(start, at))]
            at = end
    return "".join([*pieces, block.text[at:]])


@functools.lru_cache(maxsize=2)
def prose_of(document: Document) -> Prose:
    """All that people read as text; kept for the next rule."""
    return Prose(document)


class Prose:
    """Blocks of a document, a line each."""

    def __init__(
        self, document: Document, kinds: Iterable[Kind] = SHOWN, *, hidden: Sequence[str] = VERBATIM
    ) -> None:
        """Their text.

        Args:
            document: whose blocks.
            kinds: of the blocks that are taken.
            hidden: kinds of spans that are left out of sight.
        """
        wanted = frozenset(kinds)
        self._document = document
        self.blocks = [block for block in document.blocks if block.kind in wanted]
        lines = [masked(block, hidden).replace("\n", " ") for block in self.blocks]
        self.text = "\n".join(lines)
        self._starts, at = [], 0
        for line in lines:
            self._starts.append(at)
            at += len(line) + 1

    def block(self, index: int) -> Block:
        """The block that a character stands in."""
        return self.blocks[bisect.bisect_right(self._starts, index) - 1]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of one block stands in the file."""
        number = bisect.bisect_right(self._starts, start) - 1
        block, base = self.blocks[number], self._starts[number]
        first = block.start(start - base)
        last = block.start(max(end - base - 1, start - base))
        return first, max(last, first) + 1

    def exact(self, start: int, end: int) -> tuple[int, int] | None:
        """The same, if the file has just these characters there: what may be replaced."""
        first, last = self.place(start, end)
        return (first, last) if self._document.text[first:last] == self.text[start:end] else None

    def remark(
        self,
        start: int,
        end: int,
        message: str,
        *,
        found: str | None = None,
        remedy: str = "",
        severity: Severity | None = None,
    ) -> Remark:
        """A remark on a stretch, which it quotes unless told what to quote."""
        first, last = self.place(start, end)
        return Remark(
            start=first,
            end=last,
            message=message,
            found=shortened(self.text[start:end]) if found is None else found,
            remedy=remedy,
            severity=severity,
        )


def shortened(text: str) -> str:
    """A text as a message quotes it."""
    flat = " ".join(text[:200].split())
    return flat if len(flat) <= _QUOTED and len(text) <= _LONG else f"{flat[:_QUOTED]}…"


_QUOTED = 60
_LONG = 200
