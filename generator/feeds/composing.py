"""From a group of posts to the files of its feed: what each holds, by which it is known, how it is made."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from generator.feeds import addresses, json_feed, rss
from generator.feeds.archives import archives
from generator.feeds.listing import site_author
from generator.feeds.records import Channel
from generator.feeds.workshop import HARD_LIMIT, ROOM

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.config import Config
    from generator.feeds.groups import Group
    from generator.feeds.listing import Listed
    from generator.feeds.records import Kind, Text
    from generator.feeds.workshop import Workshop

KIB = 1024


@dataclass(frozen=True, slots=True)
class Composed:
    """A feed file before its bytes: equal signatures mean equal bytes."""

    path: str
    """From the folder of feeds: `tags/<slug>/feed.xml`, `ko/tags/<slug>/feed-2025.xml`."""
    group: Group
    kind: Kind
    channel: Channel
    items: tuple[tuple[str, str], ...]
    """Name of the post and key of its item, in order."""
    posts: tuple[Listed, ...]

    @property
    def signature(self) -> str:
        """Digest of all that the bytes hang on."""
        return _digest(self.head, *(key for _, key in self.items))

    @property
    def head(self) -> str:
        """Digest of what the feed says of itself."""
        return _digest(self.kind, repr(self.channel))

    def content(self, workshop: Workshop) -> bytes:
        """The finished file."""
        parts = [workshop.shelf.content(key) for _, key in self.items]
        if self.kind == "json":
            return json_feed.joined(self.channel, parts)
        return rss.joined(self.channel, parts, max((post.modified for post in self.posts), default=None))


def compose(group: Group, workshop: Workshop, config: Config) -> Iterator[Composed]:
    """The files of one group: its feed, as JSON too where that is wanted, and its archives.

    Raises:
        PostError: a post went away, or changed since it was indexed.
    """
    settings = config.settings.feeds
    text: Text = next((each for kind, each in settings.text.items() if kind == group.kind), "full")
    limit = settings.max_kib * KIB - ROOM
    newest = group.posts[: settings.items]
    made = [workshop.item(post, "rss", text) for post in newest]
    held = _fitting([kept.size for _, kept in made], limit)
    as_json = [workshop.item(post, "json", text) for post in newest] if settings.json_feed else []
    if as_json:  # both hold the same, so that the archives go on where either ends
        held = min(held, _fitting([kept.size for _, kept in as_json], limit))
    older = _archives(group, held, workshop, config)
    folder = folder_of(group, config)
    channel = replace(
        channel_of(group, config, folder + addresses.FEED_FILE),
        previous=addresses.absolute(config.site, folder + older[-1][0]) if older else "",
    )
    items = tuple((post.name, key) for post, (key, _) in zip(newest[:held], made, strict=False))
    yield Composed(folder + addresses.FEED_FILE, group, "rss", channel, items, newest[:held])
    yield from _documents(group, older, channel, config)
    if settings.json_feed:
        keys = tuple((post.name, key) for post, (key, _) in zip(newest[:held], as_json, strict=False))
        yield from _as_json(group, [*older, (addresses.FEED_FILE, newest[:held], keys)], workshop, config)


def folder_of(group: Group, config: Config) -> str:
    """Where a group's files stand, from the folder of feeds, with a slash at its end."""
    return addresses.folder(config.site, group.language) + (f"{group.path}/" if group.path else "")


def channel_of(group: Group, config: Config, file: str) -> Channel:
    """What the feed of a group says of itself."""
    site, settings = config.site, config.settings.feeds
    title = _title(group.title, site.title, group.language) or site.base_url
    return Channel(
        title=title,
        address=addresses.absolute(site, folder_of(group, config)),
        feed_address=addresses.absolute(site, file),
        description=group.description or title,
        language=addresses.locale(site, group.language),
        author=site_author(config),
        copyright=site.copyright,
        ttl=settings.ttl,
        hubs=hubs_of(config),
    )


def hubs_of(config: Config) -> tuple[str, ...]:
    """The WebSub hubs that are told of new posts; readers learn of them from the feeds alone."""
    told = (hook.hub for hook in config.settings.publish.hooks if hook.kind == "websub")
    return tuple(dict.fromkeys(told))


def _title(group: str, site: str, language: str) -> str:
    if not site or not group:
        return group or site
    return f"{group} on {site}" if language == "en" else f"{group} · {site}"


def _fitting(sizes: Sequence[int], limit: int) -> int:
    """How many of the newest items a feed holds: as many as fit, and one in any case."""
    filled = 0
    for count, size in enumerate(sizes):
        filled += size
        if count and filled > limit:
            return count
    return len(sizes)


_Older = list[tuple[str, tuple["Listed", ...], tuple[tuple[str, str], ...]]]


def _archives(group: Group, held: int, workshop: Workshop, config: Config) -> _Older:
    """File, posts and items of each archive, oldest first."""
    text = config.settings.feeds.archives
    if text == "off" or held >= len(group.posts):
        return []
    limit = min(HARD_LIMIT, config.settings.feeds.max_kib * KIB) - ROOM
    found = archives(group.posts, held, lambda post: workshop.item(post, "rss", text)[1].size, limit)
    return [
        (
            each.file,
            each.posts,
            tuple((post.name, workshop.item(post, "rss", text)[0]) for post in each.posts),
        )
        for each in found
    ]


def _documents(group: Group, older: _Older, channel: Channel, config: Config) -> Iterator[Composed]:
    folder = folder_of(group, config)
    names = ["", *(addresses.absolute(config.site, folder + file) for file, _, _ in older), ""]
    for number, (file, posts, items) in enumerate(older, start=1):
        own = replace(
            channel,
            feed_address=names[number],
            archive=True,
            current=channel.feed_address,
            previous=names[number - 1],
            following=names[number + 1],
            ttl=0,
            hubs=(),
        )
        yield Composed(folder + file, group, "rss", own, items, posts)


def _as_json(group: Group, documents: _Older, workshop: Workshop, config: Config) -> Iterator[Composed]:
    """The feed, which comes last, and its archives as JSON Feeds: each names the next older by `next_url`."""
    folder, text = folder_of(group, config), config.settings.feeds.archives
    older = ""
    for name, posts, items in documents:
        file = folder + name.removesuffix(".xml") + ".json"
        channel = replace(channel_of(group, config, file), previous=older)
        if name != addresses.FEED_FILE:
            channel = replace(channel, hubs=())
        if text != "off" and name != addresses.FEED_FILE:
            own = tuple((post.name, workshop.item(post, "json", text)[0]) for post in posts)
        else:
            own = items
        yield Composed(file, group, "json", channel, own, tuple(posts))
        older = channel.feed_address


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
