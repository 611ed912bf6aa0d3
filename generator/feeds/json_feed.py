"""Feeds as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/), in parts that are kept and joined."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from generator.feeds.rss import GENERATOR, clean, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.feeds.records import Author, Channel, Item, Text

VERSION = "https://jsonfeed.org/version/1.1"
_MARK = "_marketpost"
"""An extension of ours: custom names begin with an underscore."""


def item_part(item: Item, text: Text) -> bytes:
    """An item as it stands in the list of a feed, without what separates it from the next."""
    told: dict[str, Any] = {"id": clean(item.guid), "url": item.address, "title": line(item.title)}
    if text == "summary":
        told["content_text"] = line(item.summary) or line(item.title) or item.address
    else:
        told["content_html"] = clean(item.html) or line(item.title) or item.address
        if item.summary:
            told["summary"] = line(item.summary)
    told["date_published"] = item.published.isoformat(timespec="seconds")
    told["date_modified"] = item.modified.isoformat(timespec="seconds")
    if item.author is not None:
        told["authors"] = [_author(item.author)]
    if item.picture is not None:
        told["image"] = item.picture.address
    if item.categories:
        told["tags"] = [line(category) for category in item.categories]
    return json.dumps(told, ensure_ascii=False).encode()


def joined(channel: Channel, parts: Sequence[bytes]) -> bytes:
    """A feed of finished items, in the given order."""
    told: dict[str, Any] = {
        "version": VERSION,
        "title": line(channel.title),
        "home_page_url": channel.address,
        "feed_url": channel.feed_address,
        "description": line(channel.description),
        "language": channel.language,
    }
    if channel.previous:
        told["next_url"] = channel.previous
    if channel.author is not None:
        told["authors"] = [_author(channel.author)]
    if channel.hubs:
        told["hubs"] = [{"type": "WebSub", "url": hub} for hub in channel.hubs]
    told[_MARK] = {"about": GENERATOR}
    head = json.dumps(told, ensure_ascii=False)[:-1].encode()
    return b"".join((head, b', "items": [\n', b",\n".join(parts), b"\n]}\n"))


def is_ours(content: bytes) -> bool:
    """Whether a feed file was written by this module."""
    return f'"{_MARK}": {{"about": "{GENERATOR}"}}'.encode() in content


def _author(author: Author) -> dict[str, str]:
    told = {"name": clean(author.name)} if author.name else {}
    return {**told, "url": f"mailto:{author.email}"} if author.email else told
