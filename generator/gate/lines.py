"""The lines of a body as the parser counts them, with their places in the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.reading.document import Document


@dataclass(frozen=True, slots=True)
class Lines:
    """Text and start of each line; shortcodes are out of the way, as in the document's tokens."""

    texts: Sequence[str]
    starts: Sequence[int]

    def start(self, number: int) -> int:
        """Where a line starts in the file."""
        return self.starts[min(number, len(self.starts) - 1)]

    def end(self, number: int) -> int:
        """Where its text ends."""
        number = min(number, len(self.starts) - 1)
        return self.starts[number] + len(self.texts[number].rstrip())


def lines(document: Document) -> Lines:
    """The lines of a document's body."""
    texts = document.masked.split("\n")
    starts, at = [], document.body_start
    for text in texts:
        starts.append(at)
        at += len(text) + 1
    return Lines(texts, starts)
