"""Where posts become finished items: taken from the shelf, or made once and put there."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from generator import goldmark
from generator.errors import PostError, Problem
from generator.feeds import addresses, json_feed, listing, questions, reader_html, records, rss, wording
from generator.feeds.front_checks import front_problems
from generator.feeds.groups import names_of
from generator.feeds.questions import Questions, as_built
from generator.feeds.records import Item
from generator.goldmark.markup import Markup
from generator.library import read
from generator.library.reading import LISTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from generator.config import Config
    from generator.feeds.groups import Named
    from generator.feeds.listing import Listed
    from generator.feeds.records import Kind, Text
    from generator.feeds.shelf import Kept, Shelf
    from generator.feeds.survey import Survey
    from generator.goldmark.shortcodes import Call

HARD_LIMIT = 1024 * 1024
"""Bytes that no feed exceeds."""
ROOM = 16 * 1024
"""Bytes left for what a feed says of itself."""

_MAKERS = ("markdown-it-py", "mdit-py-plugins", "feedgen", "lxml")
_MODULES = (addresses, questions, reader_html, rss, json_feed, records, listing, wording)
_SUMMARY = 300


class Workshop:
    """Makes items for one run."""

    def __init__(self, config: Config, found: Survey, tags: Mapping[str, Named], shelf: Shelf) -> None:
        self._config = config
        self._survey = found
        self._markups = {
            language: as_built(Markup.of(site.markup.get(language, {})), site)
            for language, site in found.sites.items()
        }
        self.tags = tags
        self.shelf = shelf
        self._code = _code(config, self._markups, Path(__file__))
        self.code = self._code.hexdigest()
        self._bases: dict[tuple[str, bool], hashlib._Hash] = {}
        self._lookups = shelf.lookups()
        self.used: dict[str, str] = {}
        """The keys that were asked for, with the names of their posts."""

    def key(self, post: Listed, kind: Kind, text: Text) -> str:
        """By what a finished item is kept: a hash of all it hangs on."""
        is_rendered = _is_rendered(post, text)
        base = self._bases.get((post.name, is_rendered))
        if base is None:
            base = self._code.copy()
            known = self.print(post) if is_rendered else post.print
            base.update("\0".join((known, *self._categories(post))).encode("utf-8", "surrogatepass"))
            self._bases[post.name, is_rendered] = base
        digest = base.copy()
        digest.update(f"\0{kind}\0{text}".encode())
        return digest.hexdigest()

    def print(self, post: Listed) -> str:
        """A hash of a post, and of where its links lead if it was rendered before."""
        source, asked = self._lookups.get(post.name, ("", ()))
        if not asked or source != self._source_of(post):
            return post.print
        asking = Questions(post, self._survey.finder, self._config.site)
        answers = [asking.answer(*each) or "" for each in asked]
        return hashlib.sha256("\0".join((post.print, *answers)).encode("utf-8", "surrogatepass")).hexdigest()

    def prints(self) -> dict[str, tuple[str, frozenset[str]]]:
        """What each post is known by, and the groups it belongs to, by name."""
        return {name: (self.print(post), names_of(post)) for name, post in self._survey.posts.items()}

    def item(self, post: Listed, kind: Kind, text: Text) -> tuple[str, Kept]:
        """A finished item's key, and what is known of it.

        Raises:
            PostError: the file went away, or changed since it was indexed.
        """
        key, kept = self.key(post, kind, text), None
        if not _is_rendered(post, text) or self._lookups.get(post.name, ("",))[0] == self._source_of(post):
            kept = self.shelf.kept.get(key)
        if kept is None:
            item, problems = self._read(post, rendered=_is_rendered(post, text))
            key = self.key(post, kind, text)  # only now is it known what the post asks
            kept = self._make(post, item, problems, (kind, text), key)
        self.used[key] = post.name
        return key, kept

    def _make(
        self, post: Listed, item: Item, problems: tuple[Problem, ...], form: tuple[Kind, Text], key: str
    ) -> Kept:
        kind, text = form
        part = rss.item_part if kind == "rss" else json_feed.item_part
        content = part(item, text)
        if len(content) > HARD_LIMIT - ROOM and text != "summary":
            content = part(item, "summary")
            problems = (*problems, _too_large(post))
        return self.shelf.keep(key, content, problems)

    def _read(self, post: Listed, *, rendered: bool) -> tuple[Item, tuple[Problem, ...]]:
        whole = read(post.entry)
        try:
            text = post.entry.path.read_bytes().decode("utf-8")
        except OSError:
            text = ""  # a post that is in memory only, until it is written
        problems = front_problems(text, post.name)
        body = ""
        if rendered:
            first = text.count("\n", 0, -len(whole.body)) + 1 if text.endswith(whole.body) else None
            body, told = self._rendered(post, whole.body, first)
            problems = (*problems, *told)
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

    def _rendered(self, post: Listed, body: str, first_line: int | None) -> tuple[str, tuple[Problem, ...]]:
        """The post's HTML; empty if it has a shortcode that nobody knows, which is told with its line."""
        language = post.entry.post.language
        markup = self._markups[language]
        asking = Questions(post, self._survey.finder, self._config.site)
        source = replace(asking.source(first_line), shortcodes=dict.fromkeys(LISTS, _linked(post)))
        try:
            html = reader_html.for_readers(
                goldmark.render(body, markup, source),
                address=post.address,
                root=self._config.site.base_url,
                resources={name: address for name, _, address in post.files},
            )
            problems: tuple[Problem, ...] = ()
        except PostError as error:
            html, problems = "", error.problems
        known = self._source_of(post), asking.asked
        if self._lookups.get(post.name) != known:
            self._lookups[post.name] = known
            self._bases.pop((post.name, True), None)
            self.shelf.record_lookups(post.name, *known)
        return html, problems

    def _source_of(self, post: Listed) -> str:
        """By what the questions of a post are known to be those of its text."""
        return f"{post.entry.digest} {self.code}"

    def _categories(self, post: Listed) -> tuple[str, ...]:
        """The titles of its tags, in the post's order."""
        own = post.terms("tags")
        return tuple(self.tags[slug].title if slug in self.tags else name for slug, name in own.items())


def _linked(post: Listed) -> Callable[[Call], str]:
    """What a post's lists become: links to it, since an item must not change with each session."""

    def link(call: Call) -> str:
        words = wording.words(post.entry.post.language)["list"]
        if call.as_markdown:
            return f"[{words}]({post.address})"
        return f'<a href="{escape(post.address)}">{escape(words)}</a>'

    return link


def _is_rendered(post: Listed, text: Text) -> bool:
    return text != "summary" or not post.entry.post.description


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


def _code(config: Config, markups: Mapping[str, Markup], own: Path) -> hashlib._Hash:
    digest = hashlib.sha256("".join(f"{name}=={version(name)}\n" for name in _MAKERS).encode())
    package = Path(str(goldmark.__file__)).parent
    for path in (own, *sorted(package.glob("*.py")), *(Path(str(module.__file__)) for module in _MODULES)):
        digest.update(path.read_bytes())
    digest.update(Path(str(wording.__file__)).with_name("words.yaml").read_bytes())
    digest.update(f"{config.site.base_url}\0{sorted(markups.items())!r}\0".encode())
    return digest
