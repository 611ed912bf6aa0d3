"""Marks of Markdown that the page shows as they are written, since they did what the writer did not mean."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.gate.prose import HIDDEN, SHOWN, masked
from generator.goldmark.parser import parser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.goldmark.markup import Markup
    from generator.reading.document import Block, Document


@dataclass(frozen=True, slots=True)
class Run:
    """One or more of the same mark in a row, in the text of a block."""

    mark: str
    start: int
    end: int
    before: str
    """The character before; a space at the start."""
    after: str

    @property
    def length(self) -> int:
        """How many marks."""
        return self.end - self.start

    @property
    def is_in_word(self) -> bool:
        """Letters or digits of ASCII on both sides: `2**10`, `a_b`."""
        return _is_ascii_word(self.before) and _is_ascii_word(self.after)

    @property
    def may_open(self) -> bool:
        """A writer may have meant to open emphasis here."""
        if self.is_in_word or self.after in _CLOSING:
            return False
        return not self.after.isspace() or self.before.isspace()

    @property
    def may_close(self) -> bool:
        """A writer may have meant to close it here."""
        return not self.is_in_word and (not self.before.isspace() or not _is_ascii_word(self.after))


_CLOSING = frozenset(".,;:!?)]}、。，；：！？）」』”’%" + HIDDEN)
_RUNS = re.compile(r"\*+|_+|`+")


def _is_ascii_word(character: str) -> bool:
    return character.isascii() and character.isalnum()


def is_wide_letter(character: str) -> bool:
    """A letter of Korean, Japanese or Chinese, which stands beside others without a space."""
    return character.isalpha() and unicodedata.east_asian_width(character) in "WF"


def is_punctuation(character: str) -> bool:
    """As CommonMark has it: punctuation and symbols."""
    return unicodedata.category(character)[0] in "PS"


def runs(block: Block, document: Document) -> Iterator[Run]:
    """The marks of emphasis and code in a block that its page shows, unless the writer escaped them."""
    text = block.text
    if block.kind not in SHOWN or ("*" not in text and "_" not in text and "`" not in text):
        return
    text = _without_addresses(block)
    for found in _RUNS.finditer(text):
        start, end = found.span()
        while start < end and not _is_meant(block, document, start):
            start += 1
        stop = start
        while stop < end and _is_meant(block, document, stop):
            stop += 1
        if start < stop:
            yield Run(
                mark=text[start],
                start=start,
                end=stop,
                before=text[start - 1] if start else " ",
                after=text[stop] if stop < len(text) else " ",
            )


def _without_addresses(block: Block) -> str:
    return masked(
        block,
        besides=lambda span: span.kind == "link" and _ADDRESS.match(block.text, span.start) is not None,
    )


_ADDRESS = re.compile(r"https?://|ftp://|www\.|[\w.+-]{1,64}@")


def _is_meant(block: Block, document: Document, index: int) -> bool:
    """The file has this very mark there, without a backslash: it was meant as Markdown."""
    at = block.start(index)
    return document.text[at : at + 1] == block.text[index] and not is_escaped(document.text, at)


def is_escaped(text: str, at: int) -> bool:
    """Whether a backslash takes a character's meaning."""
    first = at
    while first > 0 and text[first - 1] == "\\" and at - first < _MOST_BACKSLASHES:
        first -= 1
    return (at - first) % 2 == 1


_MOST_BACKSLASHES = 20


def mended(source: str, length: int, *, before: str, after: str, markup: Markup) -> str | None:
    """Emphasis that did not become any, written so that it does; None if no way is plainly right.

    Args:
        source: from the first mark to the last, as the file has it.
        length: how many marks open it, and close it.
        before: the character before it in the file; empty at the start.
        after: the same behind it.
        markup: the site's settings; `escapedSpace` is what Korean and Japanese need.
    """
    mark, inner = source[:length], source[length:-length]
    words = inner.strip()
    if not words or "\n" in inner:
        return None
    lead = " " if inner[:1].isspace() and before and not before.isspace() else ""
    trail = " " if inner[-1:].isspace() and after and not after.isspace() else ""
    forms = [f"{lead}{mark}{words}{mark}{trail}"]
    if markup.escaped_space:
        opening = "\\ " if not lead and before.isalnum() else ""
        closing = "\\ " if not trail and after.isalnum() else ""
        forms += [f"{left}{lead}{mark}{words}{mark}{trail}{right}" for left, right in _ways(opening, closing)]
    for form in forms:
        if form != source and _is_emphasis(f"{before}{form}{after}", mark, markup):
            return form
    return None


def _ways(opening: str, closing: str) -> Iterator[tuple[str, str]]:
    for way in (("", closing), (opening, ""), (opening, closing)):
        if any(way):
            yield way


def _is_emphasis(source: str, mark: str, markup: Markup) -> bool:
    (inline,) = parser(markup).parseInline(source)
    kinds = [child.type for child in inline.children or ()]
    shown = "".join(child.content for child in inline.children or () if child.type == "text")
    wanted = "strong_open" if len(mark) > 1 else "em_open"
    return kinds.count(wanted) == 1 and mark not in shown
