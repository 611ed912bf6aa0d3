"""Relative links and images, taken to the pages and files that they mean.

On a blog of several languages Hugo does so by render hooks of its own: `/post/x/` in a Korean post is the
Korean page if there is one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it.rules_core import StateCore

    from generator.goldmark.markup import Markup

SOURCE = "source"
"""Where the parser's environment holds the text's `Source`."""

_RELATIVE = re.compile(r"(?![a-zA-Z][a-zA-Z0-9+.-]*:|//)(?P<path>[^?#]+)(?P<rest>.*)")


def rule(markup: Markup) -> Callable[[StateCore], None]:
    """Each link and image for which the source knows an address gets that one."""
    ways = [("link_open", "href", "link")] if markup.link_hook != "never" else []
    ways += [("image", "src", "image")] if markup.image_hook != "never" else []

    def destinations(state: StateCore) -> None:
        source = state.env.get(SOURCE)
        finders = [
            (kind, name, found) for kind, name, finder in ways if (found := getattr(source, finder, None))
        ]
        if not finders:
            return
        for block in state.tokens:
            for token in block.children or []:
                for kind, name, find in finders:
                    parts = (
                        _RELATIVE.fullmatch(str(token.attrGet(name) or "")) if token.type == kind else None
                    )
                    address = parts and find(parts["path"].removeprefix("./"))
                    if parts and address:
                        token.attrSet(name, address + parts["rest"])

    return destinations
