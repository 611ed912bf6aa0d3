"""The files that the gate looks at: every post and page of the blog that is written in Markdown."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from generator.library import Entry
from generator.library.index import Index
from generator.library.places import places
from generator.library.site import site_settings
from generator.post import Post

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.config import Config
    from generator.errors import Problem
    from generator.library import Library
    from generator.library.store import Row

_MARKDOWN = (".md", ".markdown", ".mdown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One file."""

    file: str
    """Path from the blog's folder, with `/`."""
    language: str
    digest: str
    """SHA-256 of its bytes; empty if it cannot be read."""
    entry: Entry | None = None
    """Its front matter; a page without a date has the first there is. None if the index cannot take it."""
    is_post: bool = False
    problems: tuple[Problem, ...] = ()
    """Why the index cannot take it."""

    @classmethod
    def of(cls, entry: Entry, *, is_post: bool) -> Leaf:
        """The file of an entry."""
        language = entry.post.language
        return cls(file=entry.file, language=language, digest=entry.digest, entry=entry, is_post=is_post)

    @property
    def session(self) -> dt.date | None:
        """The session that it is about."""
        return self.entry.post.session if self.entry else None


@dataclass(frozen=True, slots=True)
class Content:
    """All files, and the posts among them by language."""

    leaves: Mapping[str, Leaf]
    """By path."""
    libraries: Mapping[str, Library]


def content_of(config: Config) -> Content:
    """What stands under the folders of content now.

    Raises:
        PostError: a folder may not be read.
    """
    site, problems = site_settings(config.root, config.cache, timeout=float(config.settings.hugo.timeout))
    with Index(config.root, site, config.cache) as index:
        index.refresh()
        languages = dict.fromkeys(
            (config.site.default_language, *site.languages, config.settings.post.language)
        )
        libraries = {
            each: replace(library, problems=(*problems, *library.problems))
            for each in languages
            for library in (index.library(each),)
        }
        entries = {entry.file: entry for library in libraries.values() for entry in library.posts}
        posts = [Leaf.of(entry, is_post=True) for entry in entries.values()]
        others = [Leaf.of(_page(config, row), is_post=False) for row in index.rows(without=entries.keys())]
    leaves = posts + others
    known = {leaf.file for leaf in leaves}
    refused: dict[str, list[Problem]] = {}
    for library in libraries.values():
        for problem in library.problems:
            if problem.file not in known and problem.file.endswith(_MARKDOWN):
                refused.setdefault(problem.file, []).append(problem)
    of_refused = places(refused, site)
    leaves += [
        Leaf(
            file=file,
            language=of_refused[file].language,
            digest=_digest(config, file),
            problems=tuple(dict.fromkeys(found)),
        )
        for file, found in refused.items()
        if file in of_refused and (config.root / file).is_file()
    ]
    ordered = sorted(leaves, key=lambda leaf: leaf.file)
    return Content({leaf.file: leaf for leaf in ordered if leaf.file.endswith(_MARKDOWN)}, libraries)


def _page(config: Config, row: Row) -> Entry:
    page = row.page
    date = page.date or dt.datetime.min.replace(tzinfo=dt.UTC)
    return Entry(
        post=Post(
            slug=page.slug or row.place.name,
            language=row.place.language,
            title=page.title,
            date=date,
            lastmod=page.lastmod or date,
            description=page.description,
            body="",
            categories=page.terms.get("categories", ()),
            tags=page.terms.get("tags", ()),
            series=page.terms.get("series", ()),
            draft=page.draft,
            session=page.session,
            stocks=page.stocks,
            extra=page.extra,
            served_at=row.address,
        ),
        path=config.root / row.path,
        digest=row.digest,
        file=row.path,
        section=row.place.section,
        published=page.published,
        expires=page.expires,
        links=page.links,
        terms=page.terms,
    )


def _digest(config: Config, file: str) -> str:
    try:
        return hashlib.sha256((config.root / file).read_bytes()).hexdigest()
    except OSError:
        return ""
