"""The library: an index of all posts of one language, and of the addresses that a link may point to.

Front matter only: a post's body is read when somebody wants it. What cannot be read is listed as a problem
while the others go on.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from generator.content_files import find, is_public, line_of, parse
from generator.errors import PostError, Problem
from generator.slugs import hugo_slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from generator.config import Config
    from generator.content_files import Found
    from generator.post import Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One post as it stands in a file."""

    post: Post
    """Its front matter; the body is empty unless the entry was made of a post in memory. See `read`."""
    path: Path
    digest: str
    """SHA-256 of the file's bytes, hexadecimal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """All posts of one language, newest first by date, then by slug."""

    language: str
    posts: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()
    """Posts that cannot be read, and posts that share an address, by file and line."""
    pages: frozenset[str] = frozenset()
    """Addresses of pages and tags that have a file of their own."""

    @property
    def addresses(self) -> frozenset[str]:
        """Every address that a link may point to: pages, posts and their tags. A draft has none."""
        published = [entry.post for entry in self.posts if not entry.post.draft]
        terms = {hugo_slug(name) for name in {name for post in published for name in post.tags}}
        return (
            self.pages | {post.address for post in published} | {f"/tags/{term}/" for term in terms if term}
        )

    @property
    def tag_counts(self) -> Mapping[str, int]:
        """How many posts list each tag, by the name that stands in their front matter."""
        return Counter(name for entry in self.posts for name in dict.fromkeys(entry.post.tags))

    def by_session(self, day: date, series: str) -> Entry | None:
        """The post of a series about one session; the newest, should there be several."""
        about = (entry for entry in self.posts if entry.post.session == day)
        return next((entry for entry in about if series in entry.post.series), None)

    def find(self, name: str) -> Entry:
        """The post that a person means: a slug, an address, a path of its file or folder, or an ISO date.

        A date is the session's first, else the day of publication.

        Raises:
            PostError: none, or several of one day; names that come close are listed.
        """
        day = _iso_date(name)
        found = self._of_day(day) if day else self._named(name)
        if len(found) == 1:
            return found[0]
        if found:
            several = ", ".join(entry.post.slug for entry in found)
            raise PostError(f"{len(found)} posts are of {name}: {several}; say which")
        near = self._near(name if day else _slug_in(name))
        raise PostError(
            f"no post {name!r} in {self.language}" + (f"; near it: {', '.join(near)}" if near else "")
        )

    def _of_day(self, day: date) -> tuple[Entry, ...]:
        about = tuple(entry for entry in self.posts if entry.post.session == day)
        return about or tuple(entry for entry in self.posts if entry.post.date.date() == day)

    def _named(self, name: str) -> tuple[Entry, ...]:
        slug = _slug_in(name)
        by_slug = tuple(entry for entry in self.posts if entry.post.slug == slug)
        path = os.path.abspath(name)  # noqa: PTH100 - pathlib has none that leaves links as they are
        here = (entry for entry in self.posts if path in _places(entry.path))
        return by_slug or tuple(here)

    def _near(self, slug: str) -> list[str]:
        slugs = [entry.post.slug for entry in self.posts]
        containing = [each for each in slugs if slug and slug in each]
        return containing[:3] or difflib.get_close_matches(slug, slugs, n=3)

    def including(self, post: Post, path: Path, content: bytes) -> Library:
        """The library as it will be once `content` is written to `path`, in place of what is there."""
        entry = Entry(post=post, path=path, digest=hashlib.sha256(content).hexdigest())
        others = (each for each in self.posts if each.path != path and each.post.address != post.address)
        return replace(self, posts=_ordered([*others, entry]))


def scan(content: Path, language: str, default_language: str | None = None) -> Library:
    """Index the posts below `content`, and the addresses of its pages and tags.

    A file without a language in its name (`index.md`) is in `default_language`, which is `language` unless
    told. Of two posts with one address the first by path is kept; the other is a problem.

    Raises:
        PostError: a folder may not be read.
    """
    default = default_language or language
    root = content.parent
    entries: dict[str, Entry] = {}
    problems: list[Problem] = []
    section = find(content / "post", language, default)
    for found in section.files:
        file = _shown(found.path, root)
        try:
            entry, raw = _entry(found, file, language)
        except PostError as error:
            problems.extend(error.problems or (Problem(file=file, line=1, message=str(error)),))
            continue
        first = entries.setdefault(entry.post.address, entry)
        if first is not entry:
            problems.append(_same_address(file, raw, first, root))
    problems.extend(_too_deep(path, root) for path in section.deeper)
    pages = find(content / "page", language, default).files
    tags = find(content / "tags", language, default, index="_index").files
    return Library(
        language=language,
        posts=_ordered(entries.values()),
        problems=tuple(problems),
        pages=frozenset(
            f"/{place}/{found.slug}/"
            for place, files in (("page", pages), ("tags", tags))
            for found in files
            if is_public(found.path)
        ),
    )


def scan_all(config: Config, instead: Library | None = None) -> tuple[Library, ...]:
    """The index of each of a site's languages, the default one first; `instead` stands for that of its own.

    Raises:
        PostError: a folder may not be read.
    """
    site = config.site
    languages = dict.fromkeys((site.default_language, *site.languages, config.settings.post.language))
    return tuple(
        instead
        if instead is not None and language == instead.language
        else scan(config.root / "content", language, site.default_language)
        for language in languages
    )


def read(entry: Entry) -> Post:
    """The whole post, its body included.

    Raises:
        PostError: the file went away, or is no longer what was indexed.
    """
    if entry.post.body:
        return entry.post
    try:
        raw = entry.path.read_bytes()
    except OSError as error:
        raise PostError(f"{entry.path} cannot be read: {error.strerror}") from error
    if hashlib.sha256(raw).hexdigest() != entry.digest:
        raise PostError(f"{entry.path} changed while it was in use; run this again")
    return parse(raw, file=str(entry.path), slug=entry.post.slug, language=entry.post.language)


def _entry(found: Found, file: str, language: str) -> tuple[Entry, bytes]:
    try:
        raw = found.path.read_bytes()
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise PostError(f"{file} {message}", [Problem(file=file, line=1, message=message)]) from error
    post = parse(raw, file=file, slug=found.slug, language=language)
    digest = hashlib.sha256(raw).hexdigest()
    return Entry(post=replace(post, body=""), path=found.path, digest=digest), raw


def _ordered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    by_slug = sorted(entries, key=lambda entry: entry.post.slug)
    return tuple(sorted(by_slug, key=lambda entry: entry.post.date, reverse=True))


def _same_address(file: str, raw: bytes, first: Entry, root: Path) -> Problem:
    return Problem(
        file=file,
        line=line_of("slug", raw.decode("utf-8")),
        column="slug",
        message=f"has the address of {_shown(first.path, root)}, which is listed instead",
        found=first.post.address,
        remedy="Give one of the two another slug",
    )


def _too_deep(folder: Path, root: Path) -> Problem:
    return Problem(
        file=_shown(folder, root),
        message="posts below a folder of folders are neither listed nor linked nor fed",
        expected="content/post/<slug>/index.<language>.md",
        remedy="Move their folders up, and give each post its old address as an alias",
        fatal=False,
    )


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def _places(path: Path) -> tuple[str, str]:
    """The paths by which a person may call a post: its file, and a bundle's folder."""
    file = os.path.abspath(path)  # noqa: PTH100 - as in find
    return file, os.path.dirname(file) if path.name.startswith("index.") else file  # noqa: PTH120 - a name


def _iso_date(name: str) -> date | None:
    try:
        return date.fromisoformat(name) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", name) else None
    except ValueError:
        return None


def _slug_in(name: str) -> str:
    """The slug in an address or a path: `/post/x/`, `content/post/x/index.en.md`."""
    parts = [part for part in re.split(r"[/\\]", name) if part]
    if len(parts) > 1 and re.fullmatch(r"index(\.[\w-]+)?\.md", parts[-1]):
        parts.pop()
    return re.sub(r"(\.[a-z]{2})?\.md$", "", parts[-1]) if parts else ""
