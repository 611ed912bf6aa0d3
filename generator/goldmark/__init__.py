"""Markdown to HTML as Hugo's goldmark renders it, with markdown-it-py.

The feeds hold the posts as HTML, and a reader of a feed must see what the page shows. Where the two differ
from CommonMark, goldmark is followed, as the site's own settings have it (`Markup`). Set aside are colours
and line numbers of code, and a blog's own render hooks.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from generator.goldmark import destinations, embedded, shortcodes
from generator.goldmark.markup import Markup
from generator.goldmark.parser import parser_of

if TYPE_CHECKING:
    from generator.goldmark.shortcodes import Source

STARTER = Markup(typographer=None, escaped_space=True)
"""As the configuration has it that a new blog gets."""

_DEEPEST = 20
_SUMMARY_END = re.compile(r"<!--\s*more\s*-->")


def render(markdown: str, markup: Markup = STARTER, source: Source | None = None) -> str:
    """The HTML of a post's body, ending in a newline; empty for an empty body.

    Args:
        markdown: the body, without front matter.
        markup: the site's settings.
        source: the file it is of, the pages that it may refer to, and the blog's own shortcodes.

    Raises:
        PostError: a shortcode that is unknown or used wrongly; a problem for each, with its line.
    """
    origin = source or shortcodes.Source()

    def inner(text: str) -> str:
        if origin.depth >= _DEEPEST:
            raise ValueError(f"shortcodes stand in each other more than {_DEEPEST} deep")
        return render(text, markup, replace(origin, first_line=1, depth=origin.depth + 1))

    text = _SUMMARY_END.sub("\n\n", markdown, count=1)
    text, made = shortcodes.expand(text, origin, embedded.known(origin, inner))
    html = parser_of(text, markup).render(text, {destinations.SOURCE: origin})
    return shortcodes.put_in(str(html), made)
