"""The posts of a blog in all its languages as the index knows them, and the one that a person means."""

from __future__ import annotations

import datetime as dt
import difflib
import os
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from generator.errors import PostError
from generator.library import addresses

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from generator.library.outline import Outline
    from generator.library.settings import SiteSettings


class Known(NamedTuple):
    """One post as the index knows it. It is told from others by its file; two may have one slug."""

    file: str
    """From the blog's folder."""
    slug: str
    address: str
    title: str
    language: str
    date: dt.datetime
    draft: bool
    session: dt.date | None
    tags: tuple[str, ...]
    stocks: tuple[str, ...]
    series: tuple[str, ...]


def posts_of(
    outlines: Iterable[Outline], sections: Collection[str], settings: SiteSettings
) -> tuple[Known, ...]:
    """The posts among the pages, newest first, then by slug and address; as a library has them.

    Args:
        outlines: of all pages.
        sections: whose pages are posts, in lower case.
        settings: the site's.
    """
    found: dict[tuple[str, str], Known] = {}
    for page in outlines:
        date = page.date
        if date is None or page.kind != "page" or not (page.is_listed and page.is_datable and page.address):
            continue
        if page.section.lower() not in sections or (page.language, page.address) in found:
            continue
        terms = page.terms
        found[page.language, page.address] = Known(
            page.file,
            page.own_slug or addresses.clean(page.name, settings),
            page.address,
            page.title,
            page.language,
            date,
            bool(page.is_draft),
            page.session,
            tuple(terms.get("tags", ())),
            page.stocks,
            tuple(terms.get("series", ())),
        )
    return tuple(
        sorted(
            sorted(found.values(), key=lambda post: (post.slug, post.address)),
            key=lambda post: post.date,
            reverse=True,
        )
    )


def find(name: str, posts: Sequence[Known], *, language: str, series: str, root: Path, base: str) -> Known:
    """The post that a person means: an address, a path of its file or folder, a date, `latest`, or a slug.

    Where several languages have it, that of `language`; of several posts of one day, that of `series`.

    Args:
        name: as typed.
        posts: of all languages, newest first.
        language: whose posts a slug, a date or `latest` means first.
        series: of daily posts.
        root: the blog's folder.
        base: the path of `baseURL`.

    Raises:
        PostError: none, or several; they are named.
    """
    ordered = sorted(posts, key=lambda post: post.language != language)
    if name == "latest":
        if not ordered:
            raise PostError("there is no post yet; make one with `marketpost post latest`")
        return ordered[0]
    path = unquote(urlsplit(name).path if re.match(r"https?://", name) else name)
    served = "/" + path.removeprefix(base).strip("/")
    by_address = next((post for post in ordered if post.address.rstrip("/") == served), None)
    if by_address is not None and ("/" in name or by_address.slug != name):
        return by_address
    if by_file := _by_file(name, ordered, root):
        return by_file
    day = _day(name)
    if day is not None:
        return _one_of(name, _of_day(day, ordered, language), series)
    slug = path.strip("/").rpartition("/")[2]
    named = [post for post in ordered if post.slug == slug]
    if named:
        return _one_of(name, [post for post in named if post.language == named[0].language], series)
    slugs = list(dict.fromkeys(post.slug for post in ordered))
    near = [each for each in slugs if slug and slug in each][:3] or difflib.get_close_matches(slug, slugs)
    raise PostError(f"no post {name!r}" + (f"; near it: {', '.join(near)}" if near else ""))


def _by_file(name: str, posts: Iterable[Known], root: Path) -> Known | None:
    if not name:
        return None
    # pathlib has no way that leaves symbolic links as they are.
    places = {os.path.relpath(each, root).replace(os.sep, "/") for each in (name, root / name)}
    for post in posts:
        if post.file in places:
            return post
        folder, _, file = post.file.rpartition("/")
        if folder in places and file.startswith("index."):
            return post
    return None


def _of_day(day: dt.date, posts: Sequence[Known], language: str) -> list[Known]:
    about = [post for post in posts if post.session == day] or [
        post for post in posts if post.date.date() == day
    ]
    return [post for post in about if post.language == language] or about


def _one_of(name: str, found: Sequence[Known], series: str) -> Known:
    if len(found) > 1:
        found = [post for post in found if series in post.series] or found
    if not found:
        raise PostError(f"no post {name!r}")
    if len(found) > 1:
        several = ", ".join(post.address for post in found[:8])
        raise PostError(f"{len(found)} posts are of {name}: {several}; say which")
    return found[0]


def _day(name: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(name) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", name) else None
    except ValueError:
        return None
