"""Where posts become finished items: taken from the shelf, or made once and put there."""

from __future__ import annotations

import hashlib
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from generator import goldmark, html
from generator.errors import PostError, Problem
from generator.feeds import json_feed, listing, reader_html, records, rss, wording
from generator.feeds.front_checks import front_problems
from generator.feeds.records import Item
from generator.goldmark.markup import Markup
from generator.goldmark.shortcodes import Source
from generator.library import read
from generator.library.reading import LISTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.config import Config
    from generator.feeds.groups import Named
    from generator.feeds.listing import Listed
    from generator.feeds.records import Kind, Text
    from generator.feeds.shelf import Kept, Shelf
    from generator.goldmark.shortcodes import Call

HARD_LIMIT = 1024 * 1024
"""Bytes that no feed exceeds."""
ROOM = 16 * 1024
"""Bytes left for what a feed says of itself."""

_MAKERS = ("markdown-it-py", "mdit-py-plugins", "feedgen", "lxml")
_MODULES = (html, reader_html, rss, json_feed, records, listing, wording)
_SUMMARY = 300


class Workshop:
    """Makes items for one run."""

    def __init__(self, config: Config, tags: Mapping[str, Named], shelf: Shelf) -> None:
        self._config = config
        self._markup = Markup.of(config.site.markup)
        self.tags = tags
        self.shelf = shelf
        self._code = _code(config, Path(__file__))
        self.code = self._code.hexdigest()
        self._bases: dict[str, hashlib._Hash] = {}
        self.used: dict[str, str] = {}
        """The keys that were asked for, with the names of their posts."""

    def key(self, post: Listed, kind: Kind, text: Text) -> str:
        """By what a finished item is kept: a hash of all it hangs on."""
        base = self._bases.get(post.name)
        if base is None:
            base = self._code.copy()
            base.update("\0".join((post.print, *self._categories(post))).encode("utf-8", "surrogatepass"))
            self._bases[post.name] = base
        digest = base.copy()
        digest.update(f"\0{kind}\0{text}".encode())
        return digest.hexdigest()

    def item(self, post: Listed, kind: Kind, text: Text) -> tuple[str, Kept]:
        """A finished item's key, and what is known of it.

        Raises:
            PostError: the file went away, or changed since it was indexed.
        """
        key = self.key(post, kind, text)
        self.used[key] = post.name
        kept = self.shelf.kept.get(key)
        return key, kept if kept is not None else self._make(post, kind, text, key)

    def _make(self, post: Listed, kind: Kind, text: Text, key: str) -> Kept:
        item, problems = self._read(post, rendered=text != "summary")
        part = rss.item_part if kind == "rss" else json_feed.item_part
        content = part(item, text)
        if len(content) > HARD_LIMIT - ROOM and text != "summary":
            content = part(item, "summary")
            problems = (*problems, _too_large(post))
        return self.shelf.keep(key, content, problems)

    def _read(self, post: Listed, *, rendered: bool) -> tuple[Item, tuple[Problem, ...]]:
        whole = read(post.entry)
        try:
            problems = front_problems(post.entry.path.read_bytes().decode("utf-8"), post.name)
        except OSError:
            problems = ()  # a post that is in memory only, until it is written
        body = ""
        if rendered or not whole.description:
            try:
                body = reader_html.for_readers(
                    goldmark.render(whole.body, self._markup, self._source(post)),
                    address=post.address,
                    root=self._config.site.base_url,
                    resources=[name for name, _ in post.files],
                )
            except PostError as error:  # a shortcode that nobody knows: its text goes out without the body
                problems = (*problems, *error.problems)
        item = Item(
            title=whole.title,
            address=post.address,
            guid=post.guid,
            published=whole.date,
            modified=post.modified,
            summary=whole.description or _first_words(body),
            html=_corrected(post) + body,
            categories=self._categories(post),
            author=post.author,
            picture=post.picture,
        )
        return item, problems

    @staticmethod
    def _source(post: Listed) -> Source:
        """The post, and what its lists become: links, since an item must not change with each session."""

        def link(call: Call) -> str:
            words = wording.words(post.entry.post.language)["list"]
            if call.as_markdown:
                return f"[{words}]({post.address})"
            return f'<a href="{escape(post.address)}">{escape(words)}</a>'

        return Source(file=post.name, shortcodes=dict.fromkeys(LISTS, link))

    def _categories(self, post: Listed) -> tuple[str, ...]:
        """The titles of its tags, in the post's order."""
        own = post.terms("tags")
        return tuple(self.tags[slug].title if slug in self.tags else name for slug, name in own.items())


def _corrected(post: Listed) -> str:
    word = wording.words(post.entry.post.language)["correction"]
    return "".join(
        f"<p><strong>{word}, {day.isoformat()[:10]}:</strong> {escape(note, quote=False)}</p>\n"
        for day, note in post.corrections
    )


def _first_words(body: str) -> str:
    """The beginning of a post that has no description: whole words of its first paragraph."""
    start = body.find("<p>")
    text = reader_html.plain(body[start : body.find("</p>", start)] if start >= 0 else body[: _SUMMARY * 4])
    return text if len(text) <= _SUMMARY else text[:_SUMMARY].rsplit(" ", 1)[0] + "…"


def _too_large(post: Listed) -> Problem:
    return Problem(
        file=post.name,
        line=1,
        message="is too large for a feed, which gives its summary instead",
        expected=f"less than {(HARD_LIMIT - ROOM) // 1024} KiB as a feed holds it",
        remedy="Move tables or data out of the post",
    )


def _code(config: Config, own: Path) -> hashlib._Hash:
    digest = hashlib.sha256("".join(f"{name}=={version(name)}\n" for name in _MAKERS).encode())
    package = Path(str(goldmark.__file__)).parent
    for path in (own, *sorted(package.glob("*.py")), *(Path(str(module.__file__)) for module in _MODULES)):
        digest.update(path.read_bytes())
    digest.update(Path(str(wording.__file__)).with_name("words.yaml").read_bytes())
    digest.update(f"{config.site.base_url}\0{Markup.of(config.site.markup)!r}\0".encode())
    return digest
