"""What a post asks of the blog while it is rendered: where its links, images and `ref`s go.

The questions of a post are kept. As long as each has the answer that it had, what was made of the post is
what would be made of it now. A page that moves, or comes in another language, changes the posts that name it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

from generator.feeds import addresses
from generator.goldmark.shortcodes import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.config import Site
    from generator.feeds.listing import Listed
    from generator.feeds.shelf import Lookups
    from generator.goldmark.markup import Markup
    from generator.library.finding import Finder
    from generator.library.settings import SiteSettings


class Questions:
    """Those of one post, with the blog that answers."""

    def __init__(self, post: Listed, finder: Finder, site: Site) -> None:
        self._post = post
        self._finder = finder
        self._site = site
        self._asked: dict[tuple[str, str, str], None] = {}

    @property
    def asked(self) -> Lookups:
        """All of them, in order."""
        return tuple(self._asked)

    def answer(self, kind: str, path: str, language: str = "") -> str | None:
        """The absolute address that a path means to Hugo; None for none.

        Args:
            kind: `ref`, `link` or `image`.
            path: as written.
            language: that `ref` names; empty for the post's.
        """
        place = self._post.place
        if place is None:
            return None
        path = unquote(path)
        found = None
        if kind != "image":
            found = self._finder.page(path, place, language=language, by_name=kind == "ref")
        if found is None and kind != "ref":
            found = self._finder.file(path, place, self._post.name)
        return None if found is None else addresses.absolute(self._site, found.lstrip("/"))

    def source(self, first_line: int | None) -> Source:
        """What the renderer needs; every question that it asks is noted."""
        return Source(
            file=self._post.name,
            first_line=first_line,
            find=self._noting_language("ref"),
            link=self._noting("link"),
            image=self._noting("image"),
        )

    def _noting_language(self, kind: str) -> Callable[[str, str], str | None]:
        def ask(path: str, language: str) -> str | None:
            self._asked[kind, path, language] = None
            return self.answer(kind, path, language)

        return ask

    def _noting(self, kind: str) -> Callable[[str], str | None]:
        ask = self._noting_language(kind)
        return lambda path: ask(path, "")


def as_built(markup: Markup, site: SiteSettings) -> Markup:
    """The settings with `auto` decided: Hugo's hooks are on where languages share the files of a bundle."""
    if len(site.languages) > 1 and not markup.duplicate_files:
        return markup
    link, image = ("never" if mode == "auto" else mode for mode in (markup.link_hook, markup.image_hook))
    return replace(markup, link_hook=link, image_hook=image)
