"""The library: all posts of one language, and the addresses that a link may point to.

Front matter only: a post's body is read when somebody wants it. What cannot be read is listed as a problem
while the others go on. `index` makes it.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from generator.errors import PostError, Problem
from generator.library import addresses as hugo
from generator.library.places import places
from generator.library.reading import body_of
from generator.library.settings import SiteSettings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from pathlib import Path

    from generator.goldmark.shortcodes import Use
    from generator.library.places import Spot
    from generator.post import Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One post as it stands in a file."""

    post: Post
    """Its front matter; the body is empty unless the entry was made of a post in memory. See `read`."""
    path: Path
    digest: str
    """SHA-256 of the file's bytes, hexadecimal."""
    file: str = ""
    """Its path from the blog's folder, with `/`."""
    section: str = ""
    """The first folder below content/."""
    published: datetime | None = None
    """When Hugo shows it: `publishDate`, else its date."""
    expires: datetime | None = None
    links: tuple[str, ...] = ()
    """Where its body links to, as written."""
    terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What it lists of every taxonomy of the site, by plural; tags, categories and series are the post's."""


@dataclass(frozen=True, slots=True)
class ListUse:
    """A shortcode in a page that lists sessions or posts."""

    file: str
    """The page's, from the blog's folder."""
    use: Use


@dataclass(frozen=True, kw_only=True)
class Library:
    """All posts of one language, newest first by date, then by slug."""

    language: str
    posts: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()
    """Posts that cannot be read, and posts that share an address, by file and line."""
    pages: frozenset[str] = frozenset()
    """Addresses of pages, sections and tags that have a file of their own."""
    term_pages: Mapping[str, str] = field(default_factory=dict)
    """Addresses of terms that have a file of their own, by `tags/<slug>`."""
    spots: Mapping[str, Spot] = field(default_factory=dict)
    """All pages, posts and others, by file; without drafts. `finding` looks for them as Hugo does."""
    site: SiteSettings = field(default_factory=SiteSettings)
    lists: tuple[ListUse, ...] = ()
    """The lists that its pages, posts among them, ask for; by file and line."""

    @property
    def prefix(self) -> str:
        """What the language's addresses begin with: nothing, or `/ko`."""
        return self.site.prefix(self.language)

    @cached_property
    def addresses(self) -> frozenset[str]:
        """Every address that a link may point to: pages, posts and their terms. A draft has none."""
        published = [entry for entry in self.posts if not entry.post.draft]
        terms = {
            (taxonomy, name)
            for entry in published
            for taxonomy in self.site.taxonomies.values()
            for name in _terms(entry, taxonomy)
        }
        of_terms = {self.term_address(name, taxonomy) for taxonomy, name in terms}
        return self.pages | {entry.post.address for entry in published} | (of_terms - {""})

    def term_address(self, name: str, taxonomy: str = "tags") -> str:
        """Where a term's page is; empty for a name that Hugo makes no page of."""
        own = self.term_pages.get(f"{taxonomy}/{hugo.clean(name, self.site)}")
        return own or hugo.term(name, taxonomy, self.language, self.site)

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
            slugs = Counter(entry.post.slug for entry in found)
            once = [e.post.slug if slugs[e.post.slug] == 1 else e.post.address for e in found]
            several = ", ".join(once)
            raise PostError(f"{len(found)} posts are of {name}: {several}; say which")
        near = self._near(name if day else _slug_in(name))
        raise PostError(
            f"no post {name!r} in {self.language}" + (f"; near it: {', '.join(near)}" if near else "")
        )

    def _of_day(self, day: date) -> tuple[Entry, ...]:
        about = tuple(entry for entry in self.posts if entry.post.session == day)
        return about or tuple(entry for entry in self.posts if entry.post.date.date() == day)

    def _named(self, name: str) -> tuple[Entry, ...]:
        address = name.strip("/")
        exact = [e for e in self.posts if "/" in name and address in (e.post.address.strip("/"), e.file)]
        if exact:
            return tuple(exact)
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
        own = next((each for each in self.posts if each.path == path), None)
        digest, placed = hashlib.sha256(content).hexdigest(), self.placed(post, path)
        if own is None:
            entry = Entry(post=placed, path=path, digest=digest)
        else:  # what a person may have set in front matter, such as a time to appear, stays
            published = None if own.published == own.post.date else own.published
            entry = replace(own, post=placed, digest=digest, published=published)
        others = (
            each for each in self.posts if each.path != path and each.post.address != entry.post.address
        )
        return replace(self, posts=ordered([*others, entry]))

    def placed(self, post: Post, path: Path) -> Post:
        """The post with the address that it will have at `path`, a file somewhere below a content folder."""
        own = next((entry for entry in self.posts if entry.path == path), None)
        if own is not None and own.post.slug == post.slug and own.post.date == post.date:
            return replace(post, served_at=own.post.served_at)
        for mount in self.site.mounts:
            name = path.as_posix()
            _, source, below = name.rpartition(f"/{mount.source}/")
            found = places([f"{mount.source}/{below}"], self.site) if source else {}
            for place in found.values():
                url = str(post.extra.get("url") or "")
                facts = hugo.Facts(title=post.title, slug=post.slug, url=url, date=post.date)
                return replace(post, served_at=hugo.address(place, facts, self.site))
        return post


def _terms(entry: Entry, taxonomy: str) -> tuple[str, ...]:
    own = {"tags": entry.post.tags, "categories": entry.post.categories, "series": entry.post.series}
    return own.get(taxonomy) or entry.terms.get(taxonomy, ())


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
    return replace(entry.post, body=body_of(raw, str(entry.path)))


def ordered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Newest first, then by slug and path: sections may repeat a slug."""
    by_slug = sorted(entries, key=lambda entry: (entry.post.slug, entry.path))
    return tuple(sorted(by_slug, key=lambda entry: entry.post.date, reverse=True))


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
