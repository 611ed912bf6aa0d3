"""What hooks are told of a post: its front matter, its absolute address, and the feeds that have it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from generator.feeds.addresses import FEED_FILE, JSON_FILE, absolute, folder
from generator.feeds.groups import SITE
from generator.feeds.listing import is_servable
from generator.library.by_language import libraries_of
from generator.slugs import hugo_slug

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

    from generator.config import Config
    from generator.library import Entry
    from generator.publish.ledger import Publish


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """A post that is live, as hooks are told of it."""

    publish: str
    """The id of the publish."""
    title: str
    address: str
    """Absolute."""
    guid: str
    description: str
    tags: tuple[str, ...]
    language: str
    date: dt.datetime
    session: dt.date | None
    file: str
    """From the blog's root."""
    feeds: tuple[str, ...] = ()
    """Absolute addresses of the feeds that have it."""

    def as_data(self) -> Mapping[str, Any]:
        """For programs."""
        return {
            "kind": "published",
            "publish": self.publish,
            "title": self.title,
            "address": self.address,
            "guid": self.guid,
            "description": self.description,
            "tags": list(self.tags),
            "language": self.language,
            "date": self.date.isoformat(timespec="seconds"),
            "session": self.session.isoformat() if self.session else None,
            "file": self.file,
        }


def announcements(config: Config, publishes: Iterable[Publish]) -> Mapping[str, Announcement]:
    """Each publish whose post is there, by its id.

    Raises:
        PostError: a folder of posts may not be read.
    """
    entries = {entry.file: entry for each in libraries_of(config).values() for entry in each.posts}
    return {
        publish.id: _announcement(config, publish, entries[publish.post])
        for publish in publishes
        if publish.post in entries
    }


def address_of(config: Config, publish: Publish) -> str:
    """The absolute address of a publish's post."""
    return absolute(config.site, publish.address.lstrip("/"))


def _announcement(config: Config, publish: Publish, entry: Entry) -> Announcement:
    post, address = entry.post, address_of(config, publish)
    guid = publish.guid or address
    return Announcement(
        publish=publish.id,
        title=post.title,
        address=address,
        guid=guid,
        description=post.description,
        tags=post.tags,
        language=post.language,
        date=post.date,
        session=post.session,
        file=publish.post,
        feeds=tuple(_feeds(config, entry, guid)),
    )


def _feeds(config: Config, entry: Entry, guid: str) -> Iterator[str]:
    """The feeds that have a post: the site's, and those of its terms, where they hold its guid."""
    language = folder(config.site, entry.post.language)
    marks = {
        FEED_FILE: f">{escape(guid, quote=False)}</guid>",
        JSON_FILE: f'"id": {json.dumps(guid, ensure_ascii=False)}',
    }
    for group in dict.fromkeys(_groups(config, entry)):
        for name, mark in marks.items():
            path = f"{language}{group}{name}"
            try:
                content = (config.feeds / path).read_bytes()
            except OSError:
                continue
            if mark.encode() in content:
                yield absolute(config.site, path)


def _groups(config: Config, entry: Entry) -> Iterator[str]:
    """The folders of its feeds, below its language's."""
    post = entry.post
    own = {"tags": post.tags, "categories": post.categories, "series": post.series}
    for kind in config.settings.feeds.groups:
        if kind == SITE:
            yield ""
            continue
        for name in own.get(kind) or entry.terms.get(kind, ()):
            slug = hugo_slug(name)
            if is_servable(slug):
                yield f"{kind}/{slug}/"
