"""The rows of the hub page: the latest sessions, each with its post."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from generator.library import Library
    from generator.tags.registry import Registry, Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One session. The title is a person's text: escape it."""

    session: date
    title: str
    address: str
    tags: tuple[Tag, ...]
    """Those that are registered, in the order of the post."""


def latest(library: Library, registry: Registry, *, series: str, limit: int) -> tuple[Row, ...]:
    """The `limit` latest sessions that have a published post of the series, newest session first.

    A session with several posts has one row, for the newest of them.
    """
    by_session: dict[date, Row] = {}
    for entry in library.posts:
        post = entry.post
        if post.session is None or post.draft or series not in post.series:
            continue
        tags = dict.fromkeys(tag for name in post.tags if (tag := registry.resolve(name)))
        row = Row(session=post.session, title=post.title, address=post.address, tags=tuple(tags))
        by_session.setdefault(post.session, row)
    return tuple(by_session[day] for day in sorted(by_session, reverse=True)[:limit])
