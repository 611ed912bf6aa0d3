"""A post as feeds list it: its front matter with addresses, author, image and terms, without its body."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from generator.feeds import addresses
from generator.feeds.records import Author, Picture
from generator.slugs import hugo_slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from generator.config import Config
    from generator.library import Entry
    from generator.library.finding import Finder
    from generator.library.places import Place

TAXONOMIES = ("tags", "categories", "series")
"""Those that every blog may have, whether or not its configuration names them."""

MAX_NAME = 240
"""Bytes of one part of a term's address: more than that no file system takes as a name."""


@dataclass(frozen=True)
class Listed:
    """One post, public or not yet."""

    entry: Entry
    name: str
    """Its file from the blog's root."""
    address: str
    """Absolute."""
    place: Place | None
    """Where it stands in the content."""
    files: tuple[tuple[str, int, str], ...]
    """The images of its bundle that Hugo serves: name as the post may call it, bytes, absolute address."""
    picture: Picture | None
    author: Author | None

    @property
    def guid(self) -> str:
        """The address it was first published under: front matter's `guid`, else its address."""
        own = self.entry.post.extra.get("guid")
        return own.strip() if isinstance(own, str) and own.strip() else self.address

    @cached_property
    def corrections(self) -> tuple[tuple[dt.date, str], ...]:
        """Dated notes that its text does not show by itself, newest first."""
        return tuple(sorted(_corrections(self.entry.post.extra.get("corrections")), key=_when, reverse=True))

    @cached_property
    def modified(self) -> dt.datetime:
        """`lastmod`, or the newest correction if that is later."""
        zone = self.entry.post.date.tzinfo
        moments = (_moment(day, zone) for day, _ in self.corrections)
        return max((self.entry.post.lastmod, *moments))

    def terms(self, taxonomy: str) -> Mapping[str, str]:
        """The terms whose pages list it: the names in front matter by the slug that Hugo makes of each."""
        return self._terms.get(taxonomy, {})

    @property
    def taxonomies(self) -> Iterable[str]:
        """Those that it lists terms of, by plural."""
        return self._terms.keys()

    @cached_property
    def _terms(self) -> Mapping[str, Mapping[str, str]]:
        post = self.entry.post
        own = dict(zip(TAXONOMIES, (post.tags, post.categories, post.series), strict=True))
        return {
            taxonomy: {slug: name for name in names if is_servable(slug := hugo_slug(name))}
            for taxonomy, names in {**self.entry.terms, **own}.items()
        }

    @cached_property
    def print(self) -> str:
        """A hash of all of it: equal ones are the same post."""
        told = repr((self.entry.digest, self.address, self.files, self.picture, self.author))
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def is_servable(slug: str) -> bool:
    """Whether a term's address can be a path of files: not empty, not climbing, not too long."""
    parts = slug.split("/")
    return all(part not in {"", ".", ".."} and len(part.encode()) <= MAX_NAME for part in parts)


def listed(entry: Entry, config: Config, finder: Finder) -> Listed:
    """A post of the library as feeds list it; looks at what stands beside it."""
    name = entry.path.relative_to(config.root).as_posix()
    place = finder.origin(entry)
    sizes = dict(_beside(entry.path)) if place and place.is_bundle else {}
    files: list[tuple[str, int, str]] = []
    if place and sizes:
        for called, served in finder.beside(place, name).items():
            size = sizes.get(served.rpartition("/")[2].lower())
            if size is not None and "/" not in called:
                files.append((called, size, addresses.absolute(config.site, served.lstrip("/"))))
    return Listed(
        entry=entry,
        name=name,
        address=addresses.of_post(entry.post, config.site),
        place=place,
        files=tuple(sorted(files)),
        picture=_picture(entry.post.extra, files, config),
        author=_author(entry.post.extra, config),
    )


def _beside(path: Path) -> Iterator[tuple[str, int]]:
    """The images beside a file, by name in lower case, with their bytes."""
    try:
        with os.scandir(path.parent) as found:
            for each in found:
                if _IMAGE.search(each.name) and each.is_file(follow_symlinks=False):
                    yield each.name.lower(), each.stat(follow_symlinks=False).st_size
    except OSError:  # gone since it was indexed: what is read next says so
        return


_IMAGE = re.compile(r"\.(avif|gif|jpe?g|png|svg|webp)$", re.IGNORECASE)

_KINDS = {
    "avif": "image/avif", "gif": "image/gif", "jpeg": "image/jpeg", "jpg": "image/jpeg", "png": "image/png",
    "webp": "image/webp",
}  # fmt: skip
"""Images that readers show; SVG is not among them."""


def _kind(address: str) -> str:
    return _KINDS.get(urlsplit(address).path.rpartition(".")[2].lower(), "")


def _picture(
    front: Mapping[str, Any], files: Sequence[tuple[str, int, str]], config: Config
) -> Picture | None:
    """The image that front matter names, else the first of the bundle."""
    beside = {called: (size, address) for called, size, address in files}
    for name in _named(front):
        try:
            kind, outside = _kind(name), urlsplit(name).scheme
        except ValueError:
            continue
        if not kind:
            continue
        if outside:
            if outside in {"http", "https"} and not addresses.is_local(name):
                return Picture(name, 0, kind)
        elif (own := beside.get(name.removeprefix("./").lower())) is not None:
            return Picture(own[1], own[0], kind)
        else:
            size = _size(config, name.lstrip("/"))
            if size is not None:
                return Picture(addresses.absolute(config.site, name.lstrip("/")), size, kind)
    first = next((each for each in sorted(files) if _kind(each[0])), None)
    return Picture(first[2], first[1], _kind(first[0])) if first else None


def _named(front: Mapping[str, Any]) -> Iterator[str]:
    for key in ("image", "images", "cover"):
        value = front.get(key)
        for each in value if isinstance(value, list) else [value]:
            name = each.get("src") or each.get("image") if isinstance(each, dict) else each
            if isinstance(name, str) and name.strip():
                yield name.strip()


def _size(config: Config, path: str) -> int | None:
    """Bytes of a static file of the site; None if it is none, or lies outside."""
    static = config.root / "static"
    try:
        found = (static / path).resolve()
        return found.stat().st_size if found.is_relative_to(static.resolve()) and found.is_file() else None
    except (OSError, ValueError):
        return None


def _author(front: Mapping[str, Any], config: Config) -> Author | None:
    settings = config.settings.feeds
    for key in ("author", "authors"):
        value = front.get(key)
        first = value[0] if isinstance(value, list) and value else value
        if isinstance(first, dict):
            name, email = str(first.get("name") or "").strip(), str(first.get("email") or "").strip()
            if name or email:
                return Author(name, email)
        elif isinstance(first, str) and first.strip():
            name = first.strip()
            return Author(name, settings.author_email if name == settings.author else "")
    return site_author(config)


def site_author(config: Config) -> Author | None:
    """Who the feeds are by, where a post does not say."""
    settings = config.settings.feeds
    known = settings.author or settings.author_email
    return Author(settings.author, settings.author_email) if known else None


def _corrections(value: object) -> Iterator[tuple[dt.date, str]]:
    for each in value if isinstance(value, list) else [value]:
        # What `marketpost correct` wrote has figures, and its note stands in the text.
        if isinstance(each, dict) and "figures" not in each:
            day, note = each.get("date"), each.get("note")
            if isinstance(day, dt.date) and isinstance(note, str) and note.strip():
                yield day, " ".join(note.split())


def _when(correction: tuple[dt.date, str]) -> tuple[str, str]:
    day, note = correction
    return day.isoformat(), note


def _moment(day: dt.date, zone: dt.tzinfo | None) -> dt.datetime:
    if isinstance(day, dt.datetime):
        return day if day.tzinfo else day.replace(tzinfo=zone)
    return dt.datetime.combine(day, dt.time(), zone)
