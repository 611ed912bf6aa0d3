"""The blocks of a Markdown body: what is text on the page, every character with its place in the file.

Markdown-it says what is text, not where it stood; its source is walked along, skipping marks of emphasis,
addresses of links, escapes and entities.
"""

from __future__ import annotations

import itertools
import re
from html import unescape
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from markdown_it.token import Token

Kind = Literal["title", "description", "heading", "paragraph", "item", "cell", "code", "html"]
"""title and description are front matter; an item is a list's, a cell a table's; html is raw."""
SpanKind = Literal["link", "image", "strong", "em", "del", "code", "html", "shortcode"]


class Span(NamedTuple):
    """A stretch of a block's text with what it is; a link and an image have a destination."""

    kind: SpanKind
    start: int
    end: int
    target: str = ""


class Cell(NamedTuple):
    """Where a cell stands: table of the document, row (0 is the header's), column."""

    table: int
    row: int
    column: int


class Block(NamedTuple):
    """A paragraph, a heading, a table's cell, or the like.

    `text` is on one line, that of code on several; `offsets[i]` is the place in the file of its character i.
    """

    kind: Kind
    text: str
    offsets: Sequence[int]
    section: str = ""
    """Text of the last heading of level 2 before it."""
    level: int = 0
    """Of a heading, 1 to 6."""
    quoted: bool = False
    """It stands in a block quote."""
    cell: Cell | None = None
    spans: tuple[Span, ...] = ()
    info: str = ""
    """Of fenced code: what stands behind the fence."""

    def start(self, index: int = 0) -> int:
        """The place in the file of a character; that of the end for what lies behind the last."""
        if index < len(self.offsets):
            return self.offsets[index]
        return self.offsets[-1] + 1 if self.offsets else 0

    def is_within(self, kind: str, index: int) -> bool:
        """Whether a character stands in a span of a kind."""
        return any(each.kind == kind and each.start <= index < each.end for each in self.spans)


SHORTCODE = "\uf8ff"
"""Stands for each character of a shortcode, so that places stay."""
_SHORTCODE = re.compile(
    r"\{\{<(?:(?!\{\{[<%])(?!>\}\}).){0,4000}?>\}\}|\{\{%(?:(?!\{\{[<%])(?!%\}\}).){0,4000}?%\}\}", re.DOTALL
)
_NOT_AN_END = re.compile(r"[^\n]")


def masked_shortcodes(body: str) -> str:
    """The body with its shortcodes put out of the way, of the same length and with the same lines."""
    if "{{" not in body:
        return body
    return _SHORTCODE.sub(lambda found: _NOT_AN_END.sub(SHORTCODE, found[0]), body)


def blocks_of(tokens: Sequence[Token], masked: str, body_start: int) -> Iterator[Block]:
    """The blocks of a body in order.

    Args:
        tokens: of the body with its shortcodes masked.
        masked: that body.
        body_start: where it starts in the file.
    """
    return _Walk(masked, body_start).over(tokens)


class _Walk:
    """One walk over the tokens of a body."""

    def __init__(self, masked: str, body_start: int) -> None:
        self.lines = masked.split("\n")
        self.starts, at = [], body_start
        for line in self.lines:
            self.starts.append(at)
            at += len(line) + 1
        self.end = at - 1
        self.quotes = self.items = self.level = 0
        self.section = ""
        self.table, self.row, self.column = -1, -1, -1
        self.in_cell = False
        self.cursor = (0, 0)
        """Line and column behind the cell before."""

    def over(self, tokens: Sequence[Token]) -> Iterator[Block]:
        for token in tokens:
            if token.type == "inline":
                yield self._inline(token)
            elif token.type in _VERBATIM:
                yield self._verbatim(token)
            elif token.type in _BORDERS:
                self._enter(token)

    def _enter(self, token: Token) -> None:
        """Into a block, or out of it."""
        name, opens = token.type.rpartition("_")[0], token.nesting > 0
        if name == "blockquote":
            self.quotes += token.nesting
        elif name in _ITEMS:
            self.items += token.nesting
        elif name == "heading":
            self.level = int(token.tag[1]) if opens else 0
        elif name in _CELLS:
            self.in_cell = opens
            self.column += opens
        elif name == "tr" and opens:
            self.row, self.column = self.row + 1, -1
            self.cursor = (token.map[0] if token.map else self.cursor[0], 0)
        elif name == "table" and opens:
            self.table, self.row = self.table + 1, -1

    def _inline(self, token: Token) -> Block:
        offsets = self._cell_offsets(token) if self.in_cell else self._offsets(token)
        text, places, spans = _whole(token, offsets) if _is_plain(token) else _shown(token, offsets)
        if self.level == 2:  # noqa: PLR2004 - h2
            self.section = text
        return Block(
            kind=self._kind(),
            text=text,
            offsets=places,
            section=self.section,
            level=self.level,
            quoted=self.quotes > 0,
            cell=Cell(self.table, self.row, self.column) if self.in_cell else None,
            spans=spans,
        )

    def _kind(self) -> Kind:
        if self.in_cell:
            return "cell"
        if self.level:
            return "heading"
        return "item" if self.items else "paragraph"

    def _verbatim(self, token: Token) -> Block:
        first = (token.map[0] if token.map else 0) + (token.type == "fence")
        offsets = self._of_lines(token.content.removesuffix("\n"), first)
        return Block(
            kind="html" if token.type == "html_block" else "code",
            text=token.content,
            offsets=offsets[: len(token.content)],
            section=self.section,
            quoted=self.quotes > 0,
            info=token.info.strip() if token.type == "fence" else "",
        )

    def _offsets(self, token: Token) -> Sequence[int]:
        """The place in the file of each character of an inline token's content."""
        return self._of_lines(token.content, token.map[0] if token.map else 0)

    def _of_lines(self, content: str, first: int) -> Sequence[int]:
        """The places of some lines that stand below each other, each at the end of its line of the source."""
        runs = _Runs()
        for number, line in enumerate(content.split("\n"), start=first):
            if number >= len(self.lines):
                for _ in range(len(line) + 1):
                    runs.add(self.end, 1)
                continue
            at = max(self.lines[number].rfind(line.rstrip()), 0) + self.starts[number]
            runs.add(at, len(line) + 1)
        return runs.places()

    def _cell_offsets(self, token: Token) -> Sequence[int]:
        r"""The same of a table's cell; `\|` stands for a bar there."""
        line, at = self.cursor
        source, start, content = self.lines[line], self.starts[line], token.content
        runs = _Runs()
        if content:
            first = source.find(content[0], at)
            at = first if first >= 0 else max(at, len(source))
        if source.startswith(content, at):
            runs.add(start + at, len(content))
            at, content = at + len(content), ""
        for character in content:
            if at + 1 < len(source) and source[at] == "\\" and source[at + 1] == "|" == character:
                at += 1
            runs.add(start + min(at, len(source)), 1)
            at += 1
        bar = source.find("|", at)
        self.cursor = (line, bar + 1 if bar >= 0 else at)
        runs.add(start + min(at, len(source)), 1)
        return runs.places()


class _Runs:
    """Places of characters, gathered in runs of such as follow each other: most texts are a single one."""

    def __init__(self) -> None:
        self.length = 0
        self._runs: list[range] = []

    def add(self, first: int, count: int) -> None:
        """Add so many places from one on."""
        runs = self._runs
        if not count:
            return
        if runs and runs[-1].stop == first:
            runs[-1] = range(runs[-1].start, first + count)
        else:
            runs.append(range(first, first + count))
        self.length += count

    def add_all(self, places: Sequence[int]) -> None:
        """Add some places, which are one run more often than not."""
        if not places:
            return
        run = range(places[0], places[-1] + 1)
        if places == run or places == list(run):
            self.add(run.start, len(run))
        else:
            for each in places:
                self.add(each, 1)

    def places(self) -> Sequence[int]:
        """All of them."""
        if len(self._runs) > 1:
            return list(itertools.chain.from_iterable(self._runs))
        return self._runs[0] if self._runs else range(0)


_VERBATIM = frozenset({"fence", "code_block", "html_block"})
_ITEMS = frozenset({"list_item", "dd"})
_CELLS = frozenset({"th", "td"})
_BORDERS = frozenset(
    f"{name}_{side}"
    for name in ("blockquote", "heading", "table", "tr", *_ITEMS, *_CELLS)
    for side in ("open", "close")
)

_NAMES: Mapping[str, SpanKind] = {"link": "link", "strong": "strong", "em": "em", "s": "del", "del": "del"}
_KINDS: Mapping[str, SpanKind] = {f"{name}_open": kind for name, kind in _NAMES.items()}
_CLOSINGS = frozenset(f"{name}_close" for name in _NAMES)
_BREAKS = frozenset({"softbreak", "hardbreak"})
_SHOWN = frozenset({"text", "code_inline", "text_special", "html_inline", "image", *_BREAKS})
_WHOLE: Mapping[str, SpanKind] = {"code_inline": "code", "html_inline": "html", "image": "image"}
"""Tokens that are a span by themselves."""
_BY_ITSELF = frozenset({"autolink", "linkify"})
"""Links that are their own address: nothing stands behind their words."""
_LOOKAHEAD = 40
"""Most characters of source between two of the text: marks of emphasis, an opening bracket."""
_LONGEST_ADDRESS = 4000
_ONLY_MARKS = re.compile(r"[*_~`\[\]!<\\ \n]*")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


_Shown = tuple[str, "Sequence[int]", tuple[Span, ...]]
"""An inline token's text on one line, the place of each character, and its spans."""


def _whole(token: Token, offsets: Sequence[int]) -> _Shown:
    return token.content, offsets[: len(token.content)], ()


def _shown(token: Token, offsets: Sequence[int]) -> _Shown:
    source = _Source(token.content, offsets)
    spans: list[Span] = []
    opened: list[tuple[SpanKind, int, str]] = []
    for child in token.children or ():
        if child.nesting > 0:
            if kind := _KINDS.get(child.type):
                opened.append((kind, source.length, str(child.attrGet("href") or "")))
        elif child.nesting < 0:
            if child.type in _CLOSINGS and opened:
                kind, start, target = opened.pop()
                spans.append(Span(kind, start, source.length, target))
                if kind == "link" and child.markup not in _BY_ITSELF:
                    source.skip_address()
        elif child.type == "footnote_ref":
            source.skip_to("]")
        elif child.type in _SHOWN:
            spans += _taken(child, source)
    text = source.text
    if SHORTCODE in text:
        spans += [Span("shortcode", *each.span()) for each in _SHORTCODES.finditer(text)]
    return text, source.runs.places(), tuple(spans)


def _is_plain(token: Token) -> bool:
    """Whether it is nothing but its own source, on one line: most cells are, and many a sentence."""
    children, content = token.children or (), token.content
    return (
        len(children) == 1
        and children[0].type == "text"
        and children[0].content == content
        and SHORTCODE not in content
        and "\n" not in content
    )


def _taken(child: Token, source: _Source) -> Iterator[Span]:
    """Go on by a token that shows something; its span, if it is one by itself."""
    start = source.length
    source.take(child)
    if kind := _WHOLE.get(child.type):
        yield Span(kind, start, source.length, str(child.attrGet("src") or ""))
    if child.type == "image":
        source.skip_address()


_SHORTCODES = re.compile(f"{SHORTCODE}+")


class _Source:
    """The source of an inline token, as far as its text was found in it."""

    def __init__(self, content: str, offsets: Sequence[int]) -> None:
        self.content, self.offsets = content, offsets
        self.at = 0
        self.runs = _Runs()
        self._pieces: list[str] = []

    @property
    def length(self) -> int:
        """Of the text so far."""
        return self.runs.length

    @property
    def text(self) -> str:
        """What was taken."""
        return "".join(self._pieces)

    def take(self, child: Token) -> None:
        """Go on by the text of a token."""
        is_break = child.type in _BREAKS
        piece = " " if is_break else child.content.replace("\n", " ")
        self._pieces.append(piece)
        if not is_break and self._take_whole(piece):
            return
        has_entities = child.type in ("text", "text_special", "image")
        for character in piece:
            self._take("\n" if is_break else character, has_entities=has_entities)

    def _take_whole(self, piece: str) -> bool:
        """Take a text that stands in the source as it is, behind marks at most."""
        found = self.content.find(piece, self.at, self.at + _LOOKAHEAD + len(piece))
        end = found + len(piece)
        if found < 0 or "&" in piece or end > len(self.offsets):
            return False
        if found > self.at and not _ONLY_MARKS.fullmatch(self.content, self.at, found):
            return False
        self.runs.add_all(self.offsets[found:end])
        self.at = end
        return True

    def _take(self, character: str, *, has_entities: bool) -> None:
        content = self.content
        if self.at < len(content) and content[self.at] != character:
            # Marks before it; without it there, an entity or a quote that was turned is in its place.
            found = content.find(character, self.at, self.at + _LOOKAHEAD)
            entity = content.find("&", self.at, self.at + _LOOKAHEAD) if has_entities else -1
            if entity >= 0 and (found < 0 or entity < found) and self._is_entity(entity, character):
                found = entity
            self.at = found if found >= 0 else self.at
        offsets = self.offsets
        self.runs.add(offsets[min(self.at, len(offsets) - 1)] if offsets else 0, 1)
        if has_entities and self._is_entity(self.at, character):
            self.at = content.index(";", self.at)
        self.at = min(self.at + 1, len(content))

    def _is_entity(self, at: int, character: str) -> bool:
        if not self.content.startswith("&", at):
            return False
        found = _ENTITY.match(self.content, at)
        return bool(found and unescape(found[0]).startswith(character))

    def skip_to(self, mark: str) -> None:
        """Go behind the next such mark."""
        found = self.content.find(mark, self.at)
        self.at = found + 1 if found >= 0 else self.at

    def skip_address(self) -> None:
        """Go behind the `](…)` or `][…]` that follows a link's words."""
        content = self.content
        close = content.find("]", self.at, self.at + _LOOKAHEAD)
        if close < 0:
            return
        self.at = close + 1
        if content[self.at : self.at + 1] in ("(", "["):
            self.at = _behind_brackets(content, self.at)


_BRACKET = re.compile(r"\\.|[()\[\]\"'<>]", re.DOTALL)
_CLOSING: Mapping[str, str] = {"(": ")", "[": "]"}


def _behind_brackets(content: str, start: int) -> int:
    """Behind the bracket that closes the one at a place; what is quoted within does not count."""
    opening, depth, quote = content[start], 0, ""
    for found in _BRACKET.finditer(content, start, min(len(content), start + _LONGEST_ADDRESS)):
        mark = found[0]
        if quote:
            quote = "" if mark == quote else quote
        elif mark in ('"', "'", "<") and opening == "(" and _opens_quote(content, found.start()):
            quote = ">" if mark == "<" else mark
        elif mark == opening:
            depth += 1
        elif mark == _CLOSING[opening]:
            depth -= 1
            if depth == 0:
                return found.end()
    return start


def _opens_quote(content: str, at: int) -> bool:
    """A title stands behind a space, an address in angle brackets behind the bracket."""
    return content[at - 1 : at].isspace() or content[at - 1 : at] == "("
