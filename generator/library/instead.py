"""A library in which some posts are as another version of their files has them: the last published one."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from generator.errors import PostError
from generator.library import addresses as hugo
from generator.library.index import OWN_SECTION, entry_of
from generator.library.library import ordered
from generator.library.places import places
from generator.library.reading import body_of, read_page
from generator.library.store import Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from generator.library.library import Entry, Library


def instead(library: Library, root: Path, contents: Mapping[str, bytes | None]) -> Library:
    """The library as it would be if these files held something else.

    What cannot be read is left out, as is what is None; pages that are no posts stay as they are. A post of
    these contents holds its body, since its file does not.

    Args:
        library: the posts of one language.
        root: the blog's folder.
        contents: by path from it.
    """
    if not contents:
        return library
    found = {entry.file: entry for entry in _entries(library, root, contents)}
    others = [each for each in library.posts if each.file not in contents]
    return replace(library, posts=ordered([*others, *found.values()]))


def _entries(library: Library, root: Path, contents: Mapping[str, bytes | None]) -> Iterator[Entry]:
    known = {entry.file: entry for entry in library.posts}
    sections = {OWN_SECTION, *(entry.section for entry in library.posts)}
    for file, place in places(contents, library.site).items():
        content = contents[file]
        if content is None or place.language != library.language or place.section not in sections:
            continue
        try:
            page = read_page(content, file=file, place=place, settings=library.site)
            body = body_of(content, file)
        except PostError:
            continue
        if place.kind != "page" or not page.is_listed or not page.is_rendered or page.date is None:
            continue
        facts = hugo.Facts(title=page.title, slug=page.slug, url=page.url, date=page.date)
        address = hugo.address(place, facts, library.site)
        entry = entry_of(
            Row(file, place, address, hashlib.sha256(content).hexdigest(), page), root, library.site
        )
        own = known.get(file)
        if own is not None and (own.post.slug, own.post.date) == (entry.post.slug, entry.post.date):
            address = own.post.address
        yield replace(entry, post=replace(entry.post, body=body, served_at=address))
