"""A post's text as its reader sees it, every character with its place in the file.

Goldmark decides what is text: emphasis, links, escapes and entities are gone, as they are on the page.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from generator import front_matter
from generator.goldmark.parser import parser

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from markdown_it.token import Token

    from generator.goldmark.markup import Markup

Kind = Literal["title", "description", "heading", "paragraph", "item", "cell", "code", "html"]
"""title and description are front matter; an item is a list's, a cell a table's; html is raw."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a block's text with what it is: `link` (with its destination), `image`, `strong`, `em`, `del`,
    `code`, `html` or `shortcode`."""

    kind: Literal["link", "image", "strong", "em", "del", "code", "html", "shortcode"]
    start: int
    end: int
    target: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a cell stands: table of the document, row (0 is the header's), column."""

    table: int
    row: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, a heading, a table's cell …: `text` is on one line, and `offsets[i]` is the place in the
    file of its character i."""

    kind: Kind
    text: str
    offsets: Sequence[int] = field(repr=False)
    section: str = ""
    """Text of the last heading of level 2 before it."""
    level: int = 0
    """Of a heading, 1 to 6."""
    quoted: bool = False
    """It stands in a block quote."""
    cell: Cell | None = None
    spans: tuple[Span, ...] = ()

    def start(self, index: int = 0) -> int:
        """The place in the file of a character; that of the end for what lies behind the last."""
        if index < len(self.offsets):
            return self.offsets[index]
        return self.offsets[-1] + 1 if self.offsets else 0

    def is_within(self, kind: str, index: int) -> bool:
        """Whether a character stands in a span of a kind."""
        return any(each.kind == kind and each.start <= index < each.end for each in self.spans)


class Document:
    """One file of content. Nothing is worked out before it is asked for."""

    def __init__(self, text: str, *, file: str, language: str, markup: Markup) -> None:
        """A document.

        Args:
            text: the whole file.
            file: how messages call it.
            language: of its text.
            markup: the site's settings.
        """
        self.text, self.file, self.language, self.markup = text, file, language, markup

    @cached_property
    def front(self) -> Mapping[str, Any]:
        """Its front matter; empty where it cannot be read, which is another's to tell."""
        try:
            values = front_matter.read(self.text).values
        except front_matter.FrontMatterError:
            return {}
        return values if isinstance(values, dict) else {}

    @cached_property
    def body_start(self) -> int:
        """Where the body starts in the file."""
        try:
            body = front_matter.read(self.text).body
        except front_matter.FrontMatterError:
            body = front_matter.body(self.text)
        return len(self.text) - len(body)

    @property
    def body(self) -> str:
        """The Markdown."""
        return self.text[self.body_start :]

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a place in the file, both from 1."""
        line = bisect.bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def offset_of_key(self, key: str) -> int:
        """Where the line of a front matter key starts; 0 without it."""
        line = front_matter.line_of_key(key, self.text)
        return self._lines[min(line, len(self._lines)) - 1]

    @cached_property
    def tokens(self) -> Sequence[Token]:
        """Markdown-it's tokens of the body; a shortcode is as many spaces of a private kind."""
        return parser(self.markup).parse(masked_shortcodes(self.body), {})

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Title, description, then the body's blocks in order."""
        return (*self._front_blocks(), *_Blocks(self).all())

    def _front_blocks(self) -> Iterator[Block]:
        for key, kind in _SHOWN:
            value = self.front.get(key)
            if not isinstance(value, str) or not value.strip():
                continue
            start = self.offset_of_key(key)
            at = self.text.find(value, start, self.body_start)
            if at < 0:
                at = start
            yield Block(kind=kind, text=value, offsets=range(at, at + len(value)))


_SHOWN: tuple[tuple[str, Literal["title", "description"]], ...] = (
    ("title", "title"),
    ("description", "description"),
)

SHORTCODE = "\uf8ff"
"""Stands for each character of a shortcode, so that places stay."""
_SHORTCODE = re.compile(r"\{\{([<%])[^\n]{0,2000}?[>%]\}\}")


def masked_shortcodes(body: str) -> str:
    """The body with shortcodes on one line put out of the way; of the same length."""
    return _SHORTCODE.sub(lambda found: SHORTCODE * len(found[0]), body) if "{{" in body else body


class _Blocks:
    """The blocks of a body, from its tokens."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.lines = masked_shortcodes(document.body).split("\n")
        starts, at = [], document.body_start
        for line in self.lines:
            starts.append(at)
            at += len(line) + 1
        self.starts = starts

    def all(self) -> Iterator[Block]:
        quotes = items = 0
        level, section = 0, ""
        table, row, column, cursor = -1, -1, -1, (-1, 0)
        in_cell = False
        for token in self.document.tokens:
            match token.type:
                case "blockquote_open" | "blockquote_close":
                    quotes += token.nesting
                case "list_item_open" | "list_item_close" | "dd_open" | "dd_close":
                    items += token.nesting
                case "heading_open":
                    level = int(token.tag[1])
                case "heading_close":
                    level = 0
                case "table_open":
                    table, row = table + 1, -1
                case "tr_open":
                    row, column = row + 1, -1
                    cursor = (token.map[0] if token.map else cursor[0], 0)
                case "th_open" | "td_open":
                    column, in_cell = column + 1, True
                case "th_close" | "td_close":
                    in_cell = False
                case "fence" | "code_block" | "html_block":
                    yield self._verbatim(token, section, quoted=quotes > 0)
                case "inline":
                    if in_cell:
                        offsets, end = self._cell_offsets(token.content, *cursor)
                        cursor = (cursor[0], end)
                    else:
                        offsets = self._offsets(token)
                    text, places, spans = _shown(token, offsets)
                    kind: Kind = (
                        "cell" if in_cell else "heading" if level else "item" if items else "paragraph"
                    )
                    if level == 2:  # noqa: PLR2004 - h2
                        section = text
                    yield Block(
                        kind=kind,
                        text=text,
                        offsets=places,
                        section=section,
                        level=level,
                        quoted=quotes > 0,
                        cell=Cell(table, row, column) if in_cell else None,
                        spans=spans,
                    )
                case _:
                    pass

    def _verbatim(self, token: Token, section: str, *, quoted: bool) -> Block:
        first = token.map[0] if token.map else 0
        at = self.starts[min(first, len(self.starts) - 1)]
        kind: Kind = "html" if token.type == "html_block" else "code"
        return Block(
            kind=kind, text=token.content, offsets=[at] * len(token.content), section=section, quoted=quoted
        )

    def _offsets(self, token: Token) -> list[int]:
        """The place in the file of each character of an inline token's content."""
        first = token.map[0] if token.map else 0
        offsets: list[int] = []
        for number, line in enumerate(token.content.split("\n"), start=first):
            if number >= len(self.lines):
                offsets += [len(self.document.text)] * (len(line) + 1)
                continue
            at = max(self.lines[number].rfind(line.rstrip()), 0) + self.starts[number]
            offsets += range(at, at + len(line) + 1)
        return offsets

    def _cell_offsets(self, content: str, line: int, cursor: int) -> tuple[list[int], int]:
        """The same of a table's cell, and where in its line it ends; `\\|` stands for a bar there."""
        source, start = self.lines[line], self.starts[line]
        offsets, at = [], cursor
        while at < len(source) and content and source[at] != content[0]:
            at += 1
        for character in content:
            if at + 1 < len(source) and source[at] == "\\" and source[at + 1] == "|" == character:
                at += 1
            offsets.append(start + min(at, len(source)))
            at += 1
        bar = source.find("|", at)
        return [*offsets, start + min(at, len(source))], bar + 1 if bar >= 0 else at


_NAMES: Mapping[str, Literal["link", "strong", "em", "del"]] = {
    "link": "link",
    "strong": "strong",
    "em": "em",
    "s": "del",
    "del": "del",
}
_LOOKAHEAD = 40
"""Most characters of source that stand for one of the text: an entity, an address, marks of emphasis."""


def _shown(token: Token, offsets: Sequence[int]) -> tuple[str, list[int], tuple[Span, ...]]:
    """An inline token's text on one line, the place of each character, and its spans."""
    content, at = token.content, 0
    text: list[str] = []
    places: list[int] = []
    spans: list[Span] = []
    opened: list[tuple[Literal["link", "strong", "em", "del"], int, str]] = []
    length = 0
    for child in token.children or ():
        name = child.type.removesuffix("_open").removesuffix("_close")
        if name in _NAMES and child.nesting == 1:
            opened.append((_NAMES[name], length, str(child.attrGet("href") or "")))
            continue
        if name in _NAMES and child.nesting == -1:
            if opened:
                kind, start, target = opened.pop()
                spans.append(Span(kind, start, length, target))
                if kind == "link":
                    at = _after_link(content, at)
            continue
        piece = _piece(child)
        if not piece and child.type != "image":
            continue
        begin = length
        is_break = child.type in ("softbreak", "hardbreak")
        for character in piece:
            at = _found(content, at, "\n" if is_break else character)
            places.append(offsets[min(at, len(offsets) - 1)] if offsets else 0)
            if at < len(content):
                at += 1
        text.append(piece)
        length += len(piece)
        if child.type == "code_inline":
            spans.append(Span("code", begin, length))
        elif child.type == "html_inline":
            spans.append(Span("html", begin, length))
        elif child.type == "image":
            spans.append(Span("image", begin, length, str(child.attrGet("src") or "")))
            at = _after_link(content, at)
    whole = "".join(text)
    spans += [Span("shortcode", *each.span()) for each in re.finditer(f"{SHORTCODE}+", whole)]
    return whole, places, tuple(spans)


def _piece(child: Token) -> str:
    if child.type in ("softbreak", "hardbreak"):
        return " "
    if child.type in ("text", "code_inline", "text_special", "html_inline", "image"):
        return child.content.replace("\n", " ")
    return ""


def _found(content: str, at: int, character: str) -> int:
    """Where the source of a character is: the next that is equal, else (an entity, a quote) the next one."""
    if at >= len(content) or content[at] == character:
        return at
    found = content.find(character, at, at + _LOOKAHEAD)
    return found if found >= 0 else at


def _after_link(content: str, at: int) -> int:
    """Behind the `](…)` or `][…]` that follows a link's words."""
    close = content.find("]", at, at + _LOOKAHEAD)
    if close < 0:
        return at
    following = content[close + 1 : close + 2]
    if following not in ("(", "["):
        return close + 1
    depth = 0
    for index in range(close + 1, min(len(content), close + 4000)):
        if content[index] in "([":
            depth += 1
        elif content[index] in ")]":
            depth -= 1
            if depth == 0:
                return index + 1
    return close + 1
