"""The addresses that a publish adds, changes or removes, of pages and of feeds.

Those whose own content changes: a post, its terms, the pages beside it. That lists and archives show a new
post is a matter of the blog's layouts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.library.instead import instead

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from generator.library import Library
    from generator.post import Post
    from generator.publish.published import Published

_FEEDS = "feeds/"
_PAGES = "content/page/"
_TAXONOMIES = ("tags", "categories", "series")


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Addresses from the site's root, in order."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What readers see that changes."""

    pages: Addresses = field(default_factory=Addresses)
    feeds: Addresses = field(default_factory=Addresses)


def seen(
    root: Path,
    files: Mapping[str, bytes | None],
    before: Published,
    libraries: tuple[Library, Library],
    posts: tuple[Post | None, Post],
    file: str,
) -> Seen:
    """What changes for readers.

    Args:
        root: the blog's folder.
        files: what is published anew.
        before: the blog as it was published.
        libraries: the posts as they are on disk, and as they will be.
        posts: the post as it was published, and as it will be.
        file: of the post.
    """
    there, after = libraries
    held = before.there(files)
    own = {_of_page(each, after): each for each in files if each.startswith(_PAGES)}
    known = set(instead(there, root, {file: before.content(file)}).addresses)
    known -= {address for address, each in own.items() if each not in held}
    later = {*after.addresses, *own}
    touched = {address for each in posts if each and not each.draft for address in _of_post(each, after)}
    return Seen(
        pages=Addresses(
            added=tuple(sorted(later - known)),
            changed=tuple(sorted(later & known & {*touched, *own})),
            removed=tuple(sorted(known - later)),
        ),
        feeds=_feeds(files, held),
    )


def _of_post(post: Post, library: Library) -> Iterable[str]:
    yield post.address
    for taxonomy in _TAXONOMIES:
        names: tuple[str, ...] = getattr(post, taxonomy)
        yield from (library.term_address(name, taxonomy) for name in names)


def _of_page(file: str, library: Library) -> str:
    slug = file.removeprefix(_PAGES).partition("/")[0]
    return f"{library.prefix}{_PAGES.removeprefix('content')}{slug}/"


def _feeds(files: Mapping[str, bytes | None], held: frozenset[str]) -> Addresses:
    served = {
        f"/{each.removeprefix(_FEEDS).removesuffix('index.html')}": each
        for each in files
        if each.startswith(_FEEDS)
    }
    gone = {address for address, each in served.items() if files[each] is None}
    there = {address for address, each in served.items() if each in held}
    return Addresses(
        added=tuple(sorted(served.keys() - there - gone)),
        changed=tuple(sorted(there - gone)),
        removed=tuple(sorted(gone)),
    )
