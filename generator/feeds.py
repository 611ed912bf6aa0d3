"""Posts as RSS 2.0: one file for any group of posts, of which a tag is one.

Knows posts and addresses; neither how a group came about nor where files are written. Nothing here reads a
clock: the same posts give the same bytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from generator.slugs import hugo_slug

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from generator.config import FeedSettings, Site
    from generator.post import Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What a feed says of itself. Addresses are absolute."""

    title: str
    address: str
    """The page whose posts these are."""
    feed_address: str
    """Where the feed itself is found."""
    description: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One post in a feed."""

    title: str
    address: str
    """Absolute; the guid too, so it must never change."""
    published: datetime
    """With zone."""
    modified: datetime
    html: str
    """The whole post; its addresses absolute."""
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """A finished feed file."""

    path: str
    """From the folder of feeds: `tags/<slug>/feed.xml`, `ko/tags/<slug>/feed.xml`."""
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Posts of one language that share a feed."""

    path: str
    """Address of the group's page below its language's root, without slashes around: `tags/<slug>`."""
    title: str
    description: str
    language: str
    posts: tuple[Post, ...]


class Named(Protocol):
    """What a feed takes from a tag."""

    @property
    def title(self) -> str:
        """As readers see it."""

    @property
    def description(self) -> str:
        """One or two sentences; may be empty."""


def tag_feeds(
    posts: Sequence[Post],
    tags: Mapping[str, Named],
    site: Site,
    settings: FeedSettings,
    *,
    only: Collection[str] | None = None,
    body: Callable[[Post, str], str] | None = None,
) -> tuple[Feed, ...]:
    """A feed for each tag and language that has posts, in order of path.

    Args:
        posts: all posts, in any order; drafts are left out.
        tags: the registry, by slug. A tag of a post that is not in it gets no feed.
        site: base URL, title and languages.
        settings: how many items.
        only: the slugs to make feeds for; None for all.
        body: how a post becomes HTML, for a caller that keeps what was rendered; None renders it here.
    """
    wanted = tags.keys() if only is None else tags.keys() & set(only)
    members: dict[tuple[str, str], list[Post]] = {}
    for post in posts:
        for slug in _slugs(post):
            if slug in wanted and not post.draft:
                members.setdefault((post.language, slug), []).append(post)
    groups = [
        Group(
            path=f"tags/{slug}",
            title=tags[slug].title,
            description=tags[slug].description,
            language=language,
            posts=tuple(found),
        )
        for (language, slug), found in members.items()
    ]
    names = {slug: tag.title for slug, tag in tags.items()}
    return group_feeds(groups, names, site, settings, body=body)


def tag_feed_path(slug: str, language: str, site: Site) -> str:
    """Where a tag's feed stands, from the folder of feeds."""
    return f"{_folder(site, language)}tags/{slug}/{FEED_FILE}"


def group_feeds(
    groups: Iterable[Group],
    names: Mapping[str, str],
    site: Site,
    settings: FeedSettings,
    *,
    body: Callable[[Post, str], str] | None = None,
) -> tuple[Feed, ...]:
    """A feed for each group, in order of path; a post in several groups is rendered once.

    Args:
        groups: at least one post in each.
        names: titles of tags by slug, for the items' categories.
        site: as in `tag_feeds`, and so are the rest.
        settings: how many items.
        body: how a post becomes HTML.
    """
    render_body = body or _body(site)
    items: dict[tuple[str, str], Item] = {}
    feeds: list[Feed] = []
    for group in groups:
        newest = sorted(group.posts, key=lambda post: (post.date, post.slug), reverse=True)[: settings.items]
        for post in newest:
            if (post.language, post.slug) not in items:
                items[post.language, post.slug] = _item(post, names, site, render_body)
        page = f"{_folder(site, group.language)}{group.path}/"
        channel = Channel(
            title=_title(group.title, site.title, group.language),
            address=_absolute(site, page),
            feed_address=_absolute(site, page + FEED_FILE),
            description=group.description or _title(group.title, site.title, group.language),
            language=_locale(site, group.language),
        )
        content = render(channel, [items[post.language, post.slug] for post in newest])
        feeds.append(Feed(page + FEED_FILE, content))
    return tuple(sorted(feeds, key=lambda feed: feed.path))


FEED_FILE = "feed.xml"
GENERATOR = "marketpost"


def is_ours(content: bytes) -> bool:
    """Whether a feed file was written by this module, by the generator it names."""
    return f"<generator>{GENERATOR}</generator>".encode() in content


def _item(post: Post, names: Mapping[str, str], site: Site, body: Callable[[Post, str], str]) -> Item:
    below = post.served_at or f"/{_folder(site, post.language)}{post.address.lstrip('/')}"
    address = _absolute(site, below.lstrip("/"))
    return Item(
        title=post.title,
        address=address,
        published=post.date,
        modified=post.lastmod,
        html=body(post, address),
        categories=tuple(names[slug] for slug in _slugs(post) if slug in names),
    )


def _slugs(post: Post) -> tuple[str, ...]:
    """The terms whose pages list the post: front matter may hold a name, of which Hugo makes the slug."""
    return tuple(dict.fromkeys(hugo_slug(name) for name in post.tags))


def _body(site: Site) -> Callable[[Post, str], str]:
    from generator import html  # noqa: PLC0415 - loaded only where a feed is made

    return lambda post, address: html.of_markdown(post.body, address=address, root=site.base_url)


def _title(group: str, site: str, language: str) -> str:
    if not site:
        return group
    return f"{group} on {site}" if language == "en" else f"{group} · {site}"


def _folder(site: Site, language: str) -> str:
    """Where a language's pages stand: the default language at the root, as Hugo has it."""
    return "" if language == site.default_language else f"{language}/"


def _absolute(site: Site, path: str) -> str:
    return site.base_url + quote(path, safe="/")


def _locale(site: Site, language: str) -> str:
    own = site.languages.get(language)
    return str(own.get("locale") or language) if isinstance(own, dict) else language


_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _xml(text: str) -> str:
    """`text` without what XML 1.0 has no place for, and with one kind of line end."""
    return _NOT_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def render(channel: Channel, items: Sequence[Item]) -> bytes:
    """RSS 2.0 in UTF-8: items in the given order, dated by their own offsets.

    `lastBuildDate` is the newest change of an item, so that unchanged posts give unchanged bytes.

    Raises:
        ValueError: no items, or a time without zone.
    """
    if not items:
        raise ValueError(f"a feed without items: {channel.feed_address}")
    from feedgen.feed import FeedGenerator  # noqa: PLC0415 - loads lxml, and only where a feed is made

    feed = FeedGenerator()
    feed.title(_xml(channel.title))
    # The self link first: the last link given becomes the channel's own.
    feed.link(href=channel.feed_address, rel="self", type="application/rss+xml")
    feed.link(href=channel.address, rel="alternate")
    feed.description(_xml(channel.description))
    feed.language(channel.language)
    feed.generator(GENERATOR)
    # Without this, feedgen says when it ran.
    feed.lastBuildDate(max(item.modified for item in items))
    for item in items:
        entry = feed.add_entry(order="append")  # its default puts the newest last
        entry.title(_xml(item.title) or item.address)
        entry.link(href=item.address)
        entry.guid(item.address, permalink=True)
        entry.pubDate(item.published)
        for category in item.categories:
            entry.category(term=_xml(category))
        entry.description(_xml(item.html))
    return bytes(feed.rss_str(pretty=True))
