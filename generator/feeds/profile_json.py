"""The rules of JSON Feed 1.1, https://www.jsonfeed.org/version/1.1/, each named by its section."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from generator.feeds.addresses import is_local

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION = "https://jsonfeed.org/version/1.1"

_TOP: dict[str, type] = {
    "version": str, "title": str, "home_page_url": str, "feed_url": str, "description": str,
    "user_comment": str, "next_url": str, "icon": str, "favicon": str, "authors": list, "language": str,
    "expired": bool, "hubs": list, "items": list,
}  # fmt: skip
_ITEM: dict[str, type] = {
    "id": str, "url": str, "external_url": str, "title": str, "content_html": str, "content_text": str,
    "summary": str, "image": str, "banner_image": str, "date_published": str, "date_modified": str,
    "authors": list, "tags": list, "language": str, "attachments": list,
}  # fmt: skip


def json_rules(content: bytes) -> Iterator[tuple[str, str, str]]:
    """Place, clause and message of each deviation."""
    try:
        feed = json.loads(content)
    except ValueError as error:
        yield "feed", "JSON Feed 1.1, Structure: a JSON object", str(error)
        return
    if not isinstance(feed, dict):
        yield "feed", "JSON Feed 1.1, Structure: a JSON object", "is none"
        return
    if feed.get("version") != VERSION:
        yield "feed", "JSON Feed 1.1, Top-level: version", f"version is {feed.get('version')!r}"
    for name in ("title", "items"):
        if name not in feed:
            yield "feed", f"JSON Feed 1.1, Top-level: {name} is required", f"has no {name}"
    yield from (("feed", *each) for each in _typed(feed, _TOP, "Top-level"))
    for name in ("home_page_url", "feed_url", "next_url", "icon", "favicon"):
        if name in feed and not _is_address(feed[name]):
            yield "feed", f"JSON Feed 1.1, Top-level: {name}", f"{feed[name]!r} is no address readers reach"
    yield from (("feed", *each) for each in _authors(feed))
    seen: set[str] = set()
    items = feed.get("items")
    for number, item in enumerate(items if isinstance(items, list) else [], start=1):
        if not isinstance(item, dict):
            yield f"item {number}", "JSON Feed 1.1, Items: objects", "is no object"
            continue
        place = f"item {number} ({item.get('id', '')})"
        yield from ((place, *each) for each in _item(item, seen))


def _item(item: dict[str, Any], seen: set[str]) -> Iterator[tuple[str, str]]:
    identity = item.get("id")
    if not isinstance(identity, str) or not identity:
        yield "JSON Feed 1.1, Items: id is required", "has no id"
    elif identity in seen:
        yield "JSON Feed 1.1, Items: id is unique", "another item has its id"
    else:
        seen.add(identity)
    if not item.get("content_html") and not item.get("content_text"):
        yield "JSON Feed 1.1, Items: content_html or content_text", "has neither"
    yield from _typed(item, _ITEM, "Items")
    for name in ("url", "external_url", "image", "banner_image"):
        if name in item and not _is_address(item[name]):
            yield f"JSON Feed 1.1, Items: {name}", f"{item[name]!r} is no address readers reach"
    for name in ("date_published", "date_modified"):
        if name in item and not _is_moment(item[name]):
            yield f"JSON Feed 1.1, Items: {name} in RFC 3339", f"{item[name]!r} is no moment with its offset"
    yield from _authors(item)
    tags = item.get("tags")
    if isinstance(tags, list) and not all(isinstance(tag, str) and tag for tag in tags):
        yield "JSON Feed 1.1, Items: tags are strings", f"{tags!r}"


def _typed(found: dict[str, Any], known: dict[str, type], section: str) -> Iterator[tuple[str, str]]:
    for name, value in found.items():
        if name.startswith("_"):
            if not isinstance(value, dict):
                yield "JSON Feed 1.1, Extensions: custom objects", f"{name} is no object"
        elif name not in known:
            yield f"JSON Feed 1.1, {section}: known names", f"{name} is unknown; extensions begin with _"
        elif not isinstance(value, known[name]):
            yield f"JSON Feed 1.1, {section}: {name}", f"is not of type {known[name].__name__}"


def _authors(found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    authors = found.get("authors")
    for author in authors if isinstance(authors, list) else []:
        if not isinstance(author, dict) or not author.keys() & {"name", "url", "avatar"}:
            yield "JSON Feed 1.1, authors: name, url or avatar", f"{author!r} has none"


def _is_moment(value: object) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None and "T" in value
    except ValueError:
        return False


def _is_address(value: object) -> bool:
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
    except ValueError:
        return False
    return (
        parts is not None
        and parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and not is_local(str(value))
    )
