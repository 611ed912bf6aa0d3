"""Feeds as RSS 2.0, written by feedgen, in parts that are kept and joined.

feedgen's traps, and where each is met: it stamps the clock unless told (`_channel`), puts the entry added
last first (the joining keeps our order), writes of all Atom links only the one to the feed itself
(`_Links`), refuses times without zone (so do we), and lets through what XML cannot hold (`clean`).
A joined feed has the bytes that feedgen gives for the whole; `whole` is that, and a test compares.
"""

from __future__ import annotations

import functools
import re
from html import escape
from typing import TYPE_CHECKING, Any

from generator.feeds.reader_html import plain
from generator.feeds.records import Channel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from generator.feeds.records import Author, Item, Text

GENERATOR = "marketpost"

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ATOM = "http://www.w3.org/2005/Atom"
_HISTORY = "http://purl.org/syndication/history/1.0"
_END = b"  </channel>\n</rss>\n"


_PROBE = Channel(
    title="x", address="http://x/", feed_address="http://x/feed.xml", description="x", language="en"
)
"""What an item's bytes are cut out of."""


def clean(text: str) -> str:
    """`text` without what XML 1.0 has no place for, and with one kind of line end."""
    return _NOT_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def line(text: str) -> str:
    """`clean` text in one line."""
    return " ".join(clean(text).split())


def item_part(item: Item, text: Text) -> bytes:
    """An item as it stands in a feed, indented, with its line end.

    Raises:
        ValueError: a time without zone.
    """
    made = _written(_PROBE, [(item, text)], None)
    return made[made.index(b"    <item>") : -len(_END)]


def joined(channel: Channel, parts: Sequence[bytes], built: datetime | None) -> bytes:
    """A feed of finished items, in the given order; `built` is the newest change of an item."""
    head = _written(channel, [], built)[: -len(_END)]
    return b"".join((head, *parts, _END))


def whole(channel: Channel, items: Sequence[Item], text: Text = "full") -> bytes:
    """The same feed in one go."""
    built = max((item.modified for item in items), default=None)
    return _written(channel, [(item, text) for item in items], built)


def is_ours(content: bytes) -> bool:
    """Whether a feed file was written by this module, by the generator it names."""
    return f"<generator>{GENERATOR}</generator>".encode() in content


def _written(channel: Channel, items: Sequence[tuple[Item, Text]], built: datetime | None) -> bytes:
    from feedgen.feed import FeedGenerator  # noqa: PLC0415 - loads lxml, and only where a feed is made

    feed = FeedGenerator()
    feed.load_extension("dc", atom=False, rss=True)
    # feedgen makes an extension itself, without arguments.
    feed.register_extension("links", functools.partial(_Links, channel), None, atom=False, rss=True)
    _describe(feed, channel, built)
    for item, text in items:
        entry = feed.add_entry(order="append")  # its default puts the newest last
        _fill(entry, item, text)
    return bytes(feed.rss_str(pretty=True))


def _describe(feed: Any, channel: Channel, built: datetime | None) -> None:
    feed.title(line(channel.title))
    # The self link first: the last link given becomes the channel's own.
    feed.link(href=channel.feed_address, rel="self", type="application/rss+xml")
    feed.link(href=channel.address, rel="alternate")
    feed.description(clean(channel.description))
    feed.language(channel.language)
    feed.generator(GENERATOR)
    if channel.copyright:
        feed.copyright(clean(plain(channel.copyright)))
    if channel.author is not None and channel.author.email:
        feed.managingEditor(_mail(channel.author))
    if channel.ttl:
        feed.ttl(channel.ttl)
    # Without a date, feedgen says when it ran; an empty feed has none, which `_Links` takes out again.
    feed.lastBuildDate(built or _NEVER)


_NEVER = "1970-01-01T00:00:00Z"


def _fill(entry: Any, item: Item, text: Text) -> None:
    entry.title(line(item.title) or item.address)
    entry.link(href=item.address)
    entry.guid(clean(item.guid), permalink=item.guid == item.address)
    entry.pubDate(item.published)
    for category in item.categories:
        entry.category(term=line(category))
    if item.author is not None:
        if item.author.email:
            entry.author(name=clean(item.author.name), email=clean(item.author.email))
        else:
            entry.dc.dc_creator(clean(item.author.name))
    if item.picture is not None:
        entry.enclosure(item.picture.address, str(item.picture.length), item.picture.kind)
    if text == "full":
        entry.description(clean(item.html) or line(item.title) or item.address)
        return
    entry.description(escape(line(item.summary), quote=False) or line(item.title) or item.address)
    if text == "both":
        entry.content(clean(item.html))


def _mail(author: Author) -> str:
    return clean(f"{author.email} ({author.name})" if author.name else author.email)


class _Links:
    """An extension of feedgen: the links that it loses, below its own: hubs, and paged history (RFC 5005)."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def extend_ns(self) -> dict[str, str]:
        """Its namespaces by prefix."""
        return {"fh": _HISTORY} if self._channel.archive else {}

    def extend_rss(self, feed: Any) -> None:
        """Put the links into the finished channel."""
        from lxml.etree import Element  # type: ignore[import-untyped]  # noqa: PLC0415 - no stubs; as above

        channel, told = feed[0], self._channel
        place = channel.index(channel.find(f"{{{_ATOM}}}link")) + 1
        marks = [
            Element(f"{{{_ATOM}}}link", {"href": address, "rel": relation})
            for relation, address in (
                *(("hub", hub) for hub in told.hubs),
                ("current", told.current),
                ("prev-archive", told.previous),
                ("next-archive", told.following),
            )
            if address
        ]
        if told.archive:
            marks.append(Element(f"{{{_HISTORY}}}archive"))
        channel[place:place] = marks
        built = channel.find("lastBuildDate")
        if built is not None and built.text.endswith("1970 00:00:00 +0000"):
            channel.remove(built)
