"""Yearly archives of a feed (RFC 5005, section 4): what it no longer holds, a document for each year.

A year has an archive once one of its posts has left the feed; it then holds all posts of that year, so that a
post that leaves later changes nothing. A year that would be too large for one document is cut into parts,
filled from its oldest post on, so that only the newest part grows. A document is complete when there is one
after it: from then on it changes only if one of its posts is corrected, added late or taken away.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from generator.feeds.listing import Listed


@dataclass(frozen=True, slots=True)
class Archive:
    """One archive document."""

    file: str
    """Name beside the feed: `feed-2025.xml`, `feed-2025-2.xml`."""
    posts: tuple[Listed, ...]
    """Newest first."""


def archives(
    posts: Sequence[Listed], held: int, size: Callable[[Listed], int], limit: int
) -> tuple[Archive, ...]:
    """The archives of a group, oldest first.

    Args:
        posts: all of the group, newest first.
        held: how many of them the feed itself holds.
        size: bytes of a post's item in an archive.
        limit: most bytes of items in one document; a post larger than that has one to itself.
    """
    years = {post.entry.post.date.year for post in posts[held:]}
    found: list[Archive] = []
    for year, oldest_first in groupby(reversed(posts), key=lambda post: post.entry.post.date.year):
        if year not in years:
            continue
        for number, part in enumerate(_parts(oldest_first, size, limit), start=1):
            name = f"feed-{year:04}.xml" if number == 1 else f"feed-{year:04}-{number}.xml"
            found.append(Archive(name, tuple(reversed(part))))
    return tuple(found)


def _parts(
    oldest_first: Iterator[Listed], size: Callable[[Listed], int], limit: int
) -> Iterator[list[Listed]]:
    part: list[Listed] = []
    filled = 0
    for post in oldest_first:
        length = size(post)
        if part and filled + length > limit:
            yield part
            part, filled = [], 0
        part.append(post)
        filled += length
    if part:
        yield part
