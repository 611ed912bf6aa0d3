"""A post's text as its reader sees it, every character with its place in the file.

Goldmark decides what is text: emphasis, links, escapes and entities are gone, as they are on the page.
"""

from __future__ import annotations

import bisect
import re
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from generator import front_matter
from generator.goldmark.parser import parser_of
from generator.reading.blocks import SHORTCODE, Block, Cell, Kind, Span, blocks_of, masked_shortcodes
from generator.reading.front import placed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    import yaml
    from markdown_it.token import Token

    from generator.goldmark.markup import Markup

__all__ = ["SHORTCODE", "Block", "Cell", "Document", "Kind", "Span", "masked_shortcodes"]

_SHOWN: tuple[tuple[str, Literal["title", "description"]], ...] = (
    ("title", "title"),
    ("description", "description"),
)

_NEAR_START = 2_000
"""Characters of a file before whose end a place is counted, rather than that all lines are listed for it."""


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
    def _front_and_body(self) -> tuple[front_matter.Front, front_matter.FrontMatterError | None]:
        try:
            return front_matter.read(self.text), None
        except front_matter.FrontMatterError as error:
            return front_matter.Front({}, front_matter.body(self.text)), error

    @property
    def front_error(self) -> front_matter.FrontMatterError | None:
        """Why its front matter cannot be read."""
        return self._front_and_body[1]

    @property
    def front_values(self) -> object:
        """What stands for its front matter: keys with values, unless somebody wrote something else."""
        return self._front_and_body[0].values

    @property
    def front_node(self) -> yaml.Node | None:
        """The same as YAML's nodes, for their places; None if it is no YAML, or cannot be read."""
        return self._front_and_body[0].node

    @property
    def front(self) -> Mapping[str, Any]:
        """Its front matter; empty where it cannot be read, which is another's to tell."""
        values = self.front_values
        return values if isinstance(values, dict) else {}

    @cached_property
    def body_start(self) -> int:
        """Where the body starts in the file."""
        return len(self.text) - len(self._front_and_body[0].body)

    @property
    def body(self) -> str:
        """The Markdown."""
        return self.text[self.body_start :]

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a place in the file, both from 1."""
        # Most are asked for one place, in the front matter.
        if offset <= _NEAR_START and "_lines" not in self.__dict__:
            return self.text.count("\n", 0, offset) + 1, offset - self.text.rfind("\n", 0, offset)
        line = bisect.bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def offset_of_key(self, key: str) -> int:
        """Where the line of a front matter key starts; 0 without it."""
        return front_matter.offset_of_key(key, self.text)

    @cached_property
    def masked(self) -> str:
        """The body with its shortcodes out of the way, of the same length."""
        return masked_shortcodes(self.body)

    @cached_property
    def tokens(self) -> Sequence[Token]:
        """Markdown-it's tokens of the body; a shortcode is as many characters of a private kind."""
        return parser_of(self.masked, self.markup).parse(self.masked, {})

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Title, description, then the body's blocks in order."""
        return (*self._front_blocks(), *blocks_of(self.tokens, self.masked, self.body_start))

    def _front_blocks(self) -> Iterator[Block]:
        for key, kind in _SHOWN:
            value = self.front.get(key)
            if isinstance(value, str) and value.strip():
                offsets = placed(self.text, key, value, self.body_start)
                yield Block(kind=kind, text=value, offsets=offsets)
