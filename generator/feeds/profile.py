"""Rules that a finished feed is held against, each naming the clause it comes from.

    RSS      RSS 2.0 specification, https://www.rssboard.org/rss-specification
    Profile  RSS Best Practices Profile of the RSS Advisory Board, https://www.rssboard.org/rss-profile
    RFC 5005 Feed paging and archiving; RFC 822 and 2822 for dates; XML 1.0, section 2.2
    JSON     JSON Feed 1.1 (see `profile_json`)

They read bytes and nothing else, so that a feed of any program can be checked. Every deviation is a finding:
there are no levels.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from email.utils import parsedate_to_datetime
from html import unescape
from typing import TYPE_CHECKING, Any

from generator.feeds import profile_lists
from generator.feeds.addresses import FEED_FILE, OPML_FILE, SUBSCRIBE_FILE, is_local, is_public
from generator.feeds.rss import is_ours

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
HISTORY = "{http://purl.org/syndication/history/1.0}"

MAX_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """One deviation."""

    file: str
    place: str
    """Where in the feed: `channel`, or `item` with its number and guid."""
    clause: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.place}: {self.message} [{self.clause}]"

    def as_data(self) -> dict[str, str]:
        """For JSON."""
        return asdict(self)


Told = tuple[str, str, str]
"""Place, clause, message."""


def check_folder(
    folder: Path, progress: Callable[[int, int], None] | None = None
) -> tuple[int, tuple[Finding, ...]]:
    """Hold every feed below a folder against the rules, and the lists of them.

    Returns how many files there were, and what was found.
    """
    paths = sorted(path for name in ("feed*.xml", "feed*.json") for path in folder.rglob(name))
    findings: list[Finding] = []
    ours: dict[str, str] = {}
    for done, path in enumerate(paths):
        if progress is not None:
            progress(done, len(paths))
        content, file = path.read_bytes(), path.relative_to(folder).as_posix()
        findings += check(content, file)
        # An empty feed is for those who have it; nobody is invited to it.
        is_listed = path.name == FEED_FILE and is_ours(content) and b"<item>" in content
        if is_listed and (own := _SELF.search(content)):
            ours[file] = unescape(own[1].decode("utf-8", "replace"))
    lists = list(_lists(folder, ours))
    return len(paths) + len(lists), (*findings, *(each for found in lists for each in found))


_SELF = re.compile(rb'<atom:link href="([^"]*)" rel="self"')


def _lists(folder: Path, feeds: Mapping[str, str]) -> Iterator[list[Finding]]:
    """The findings of each list; `feeds` are the addresses of our own by file."""
    opml = folder / OPML_FILE
    if opml.is_file():
        told = profile_lists.opml_rules(opml.read_bytes(), feeds.values())
        yield [Finding(OPML_FILE, *each) for each in told]
    pages = sorted(path.relative_to(folder).as_posix() for path in folder.rglob(SUBSCRIBE_FILE))
    for page in pages:
        own = profile_lists.of_page(page, feeds, pages)
        yield [Finding(page, *each) for each in profile_lists.page_rules((folder / page).read_bytes(), own)]


def check(content: bytes, file: str = "feed.xml") -> tuple[Finding, ...]:
    """Hold one feed against the rules; by its name, a `.json` is a JSON Feed."""
    if file.endswith(".json"):
        from generator.feeds.profile_json import json_rules  # noqa: PLC0415 - one of two ways

        told = json_rules(content)
    else:
        told = _rss(content)
    return tuple(Finding(file, *each) for each in told)


def _rss(content: bytes) -> Iterator[Told]:
    from lxml import etree  # type: ignore[import-untyped]  # noqa: PLC0415 - no stubs; loaded where it is used

    if len(content) > MAX_BYTES:
        yield "feed", "Profile: readers' limits", f"{len(content):,} bytes are more than {MAX_BYTES:,}"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        yield "feed", "XML 1.0, 4.3.3: character encoding", f"not UTF-8 at byte {error.start}"
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, huge_tree=True))
    except etree.XMLSyntaxError as error:
        yield "feed", "XML 1.0, 2.1: well-formed documents", str(error)
        return
    if content.lstrip()[:2000].find(b"<?xml-stylesheet") >= 0:
        yield "feed", "Profile: no style sheets", "has a style sheet, which browsers no longer apply"
    if root.tag != "rss" or root.get("version") != "2.0":
        yield "feed", "RSS, What is RSS?: version", "is not <rss version='2.0'>"
        return
    channels = root.findall("channel")
    if len(channels) != 1:
        yield "feed", "RSS, What is RSS?: a single channel", f"has {len(channels)} channels"
        return
    yield from _channel(channels[0])
    items = channels[0].findall("item")
    yield from _items(items)
    for number, item in enumerate(items, start=1):
        place = f"item {number} ({item.findtext('guid') or item.findtext('title') or ''})"
        yield from ((place, *each) for each in _item(item))


_CHANNEL = frozenset({
    "title", "link", "description", "language", "copyright", "managingEditor", "webMaster", "pubDate",
    "lastBuildDate", "category", "generator", "docs", "cloud", "ttl", "image", "rating", "textInput",
    "skipHours", "skipDays", "item",
})  # fmt: skip
_ITEM = frozenset({
    "title", "link", "description", "author", "category", "comments", "enclosure", "guid", "pubDate",
    "source",
})  # fmt: skip
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*")
_MAIL = re.compile(r"[^@\s()]+@[^@\s()]+\.[^@\s()]+( \([^()]+\))?")


def _channel(channel: Any) -> Iterator[Told]:
    for rules in (_channel_elements, _channel_values):
        yield from (("channel", *each) for each in rules(channel))
    for link_rules in (_atom_links, _history, _built):
        yield from link_rules(channel)


def _channel_elements(channel: Any) -> Iterator[tuple[str, str]]:
    for name in ("title", "link", "description"):
        if not (channel.findtext(name) or "").strip():
            yield f"RSS, Required channel elements: {name}", f"has no {name}"
    yield from _singles(channel, _CHANNEL - {"category", "item"})
    for element in channel:
        if isinstance(element.tag, str) and "}" not in element.tag and element.tag not in _CHANNEL:
            yield "RSS, Elements: the channel's", f"<{element.tag}> is no element of a channel"


def _channel_values(channel: Any) -> Iterator[tuple[str, str]]:
    link = channel.findtext("link") or ""
    if link and not is_public(link):
        yield "RSS, Required channel elements: link", f"link {link!r} is no address readers reach"
    language = channel.findtext("language")
    if language is not None and not _LANGUAGE.fullmatch(language):
        yield "RSS, Optional channel elements: language", f"{language!r} is no language code"
    for name in ("pubDate", "lastBuildDate"):
        if (text := channel.findtext(name)) is not None:
            yield from _date(name, text)
    for name in ("managingEditor", "webMaster"):
        if (text := channel.findtext(name)) is not None and not _MAIL.fullmatch(text):
            yield f"Profile, {name}", f"{text!r} is not address@host (Name)"
    ttl = channel.findtext("ttl")
    if ttl is not None and not (ttl.isdecimal() and int(ttl) > 0):
        yield "RSS, ttl sub-element of channel", f"{ttl!r} is no number of minutes"
    docs = channel.findtext("docs")
    if docs is not None and not is_public(docs):
        yield "RSS, Optional channel elements: docs", f"{docs!r} is no address"


def _atom_links(channel: Any) -> Iterator[Told]:
    here = "channel"
    links = channel.findall(f"{ATOM}link")
    own = [link for link in links if link.get("rel") == "self"]
    if len(own) != 1:
        yield here, "Profile, atom:link: rel self", f"has {len(own)} links to itself, where one is wanted"
    for link in links:
        if not is_public(link.get("href") or ""):
            yield here, "Profile, atom:link: href", f"{link.get('href')!r} is no address readers reach"
    for link in own:
        if link.get("type") != "application/rss+xml":
            yield here, "Profile, atom:link: type", "the link to itself has not the type application/rss+xml"


def _history(channel: Any) -> Iterator[Told]:
    here = "channel"
    archive = channel.find(f"{HISTORY}archive") is not None
    by_relation: dict[str, list[str]] = {}
    for link in channel.findall(f"{ATOM}link"):
        by_relation.setdefault(link.get("rel") or "", []).append(link.get("href") or "")
    for relation in ("current", "prev-archive", "next-archive"):
        found = by_relation.get(relation, [])
        if len(found) > 1:
            yield here, f"RFC 5005, 4: {relation}", f"has {len(found)} links {relation}"
        if found and found[0] in by_relation.get("self", []):
            yield here, f"RFC 5005, 4: {relation}", f"{relation} leads to the document itself"
    if archive and "current" not in by_relation:
        yield here, "RFC 5005, 4: current", "an archive without a link to the current feed"
    if not archive and "next-archive" in by_relation:
        yield here, "RFC 5005, 4: next-archive", "a feed that is no archive says what follows it"
    if archive and channel.find(f"{HISTORY}complete") is not None:
        yield here, "RFC 5005, 2 and 4", "an archive cannot be a complete feed"


def _built(channel: Any) -> Iterator[Told]:
    dates = [
        found
        for item in channel.findall("item")
        if (found := _parsed(item.findtext("pubDate") or "")) is not None
    ]
    built = _parsed(channel.findtext("lastBuildDate") or "")
    if built is not None and dates and built < max(dates):
        yield "channel", "RSS, lastBuildDate: last time the content changed", "is before its newest item"


def _items(items: list[Any]) -> Iterator[Told]:
    seen: set[str] = set()
    previous: datetime | None = None
    for number, item in enumerate(items, start=1):
        guid = item.findtext("guid") or ""
        if guid and guid in seen:
            yield (
                f"item {number} ({guid})",
                "RSS, guid sub-element of item: unique",
                "another item has its guid",
            )
        seen.add(guid)
        moment = _parsed(item.findtext("pubDate") or "")
        if moment is not None and previous is not None and moment > previous:
            yield f"item {number} ({guid})", "Profile, item: newest first", "is newer than the one before it"
        previous = moment or previous


def _item(item: Any) -> Iterator[tuple[str, str]]:
    if not (item.findtext("title") or "").strip() and not (item.findtext("description") or "").strip():
        yield "RSS, Elements of item", "has neither title nor description"
    if (item.findtext("title") or "") != " ".join((item.findtext("title") or "").split()):
        yield "Profile, item title: plain text", "its title has line ends or doubled blanks"
    yield from _singles(item, _ITEM - {"category"})
    for element in item:
        if isinstance(element.tag, str) and "}" not in element.tag and element.tag not in _ITEM:
            yield "RSS, Elements of item", f"<{element.tag}> is no element of an item"
        if element.tag == "description" and len(element):
            yield "RSS, description", "holds elements where text is wanted"
    yield from _identity(item)
    yield from _date("pubDate", item.findtext("pubDate"))
    author = item.findtext("author")
    if author is not None and not _MAIL.fullmatch(author):
        yield "Profile, author: an e-mail address", f"{author!r}; without an address, dc:creator is for names"
    yield from _enclosure(item)
    for name in ("description", f"{CONTENT}encoded"):
        text = item.findtext(name)
        if text is not None:
            yield from _html(text, "description" if name == "description" else "content:encoded")
    if item.find(f"{CONTENT}encoded") is not None and item.find("description") is None:
        yield "Profile, content:encoded", "has the whole post and no description beside it"


def _identity(item: Any) -> Iterator[tuple[str, str]]:
    link, guid = item.findtext("link") or "", item.find("guid")
    if not is_public(link):
        yield "RSS, Elements of item: link", f"link {link!r} is no address readers reach"
    if guid is None or not (guid.text or "").strip():
        yield "Profile, guid: each item has one", "has no guid"
        return
    permanent = guid.get("isPermaLink", "true")
    if permanent not in {"true", "false"}:
        yield "RSS, guid: isPermaLink", f"isPermaLink is {permanent!r}"
    if permanent == "true" and not is_public(guid.text or ""):
        yield "RSS, guid: isPermaLink", f"{guid.text!r} says it is an address, and is none"


def _enclosure(item: Any) -> Iterator[tuple[str, str]]:
    for each in item.findall("enclosure"):
        if not is_public(each.get("url") or ""):
            yield "RSS, enclosure: url", f"{each.get('url')!r} is no address readers reach"
        if not (each.get("length") or "").isdecimal():
            yield "RSS, enclosure: length", f"{each.get('length')!r} is no number of bytes"
        if not re.fullmatch(r"[\w.+-]+/[\w.+-]+", each.get("type") or ""):
            yield "RSS, enclosure: type", f"{each.get('type')!r} is no MIME type"


def _singles(parent: Any, names: frozenset[str]) -> Iterator[tuple[str, str]]:
    counts: dict[str, int] = {}
    for element in parent:
        if isinstance(element.tag, str) and element.tag in names:
            counts[element.tag] = counts.get(element.tag, 0) + 1
    for name, count in counts.items():
        if count > 1:
            yield f"Profile, {name}: at most one", f"has {count}"


_RFC_822 = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}"
    r" \d{2}:\d{2}:\d{2} ([+-]\d{4}|GMT)"
)


def _parsed(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text) if _RFC_822.fullmatch(text) else None
    except ValueError:
        return None


def _date(name: str, text: str | None) -> Iterator[tuple[str, str]]:
    if text is None:
        if name == "pubDate":
            yield "Profile, pubDate: each item has one", "has no pubDate"
        return
    found = _parsed(text)
    if found is None:
        yield f"RSS, {name}: RFC 822 with a year of four digits", f"{text!r} is no such date"
    elif found.strftime("%w") != str(_DAYS.index(text[:3])):
        yield f"RFC 822, 5.1: day of week of {name}", f"{text!r} is another day of the week"


_DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9-]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
_ATTRIBUTE = re.compile(r"([a-zA-Z][\w:.-]*)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_FORBIDDEN = frozenset({
    "script", "style", "iframe", "frame", "form", "input", "button", "object", "embed", "applet", "link",
    "meta", "base", "svg", "noscript", "template", "html", "head", "body",
})  # fmt: skip


def _html(text: str, name: str) -> Iterator[tuple[str, str]]:
    for found in _TAG.finditer(text):
        tag = found[1].lower()
        if tag in _FORBIDDEN:
            yield f"Profile, {name}: what aggregators strip", f"{name} holds <{tag}>"
        for attribute in _ATTRIBUTE.finditer(found[2]):
            key, value = attribute[1].lower(), attribute[2] or attribute[3] or attribute[4] or ""
            if key == "style" or (key.startswith("on") and len(key) > 2):  # noqa: PLR2004 - onX
                yield f"Profile, {name}: what aggregators strip", f"{name} has the attribute {key}"
            elif key in {"href", "src", "poster"} and value and not _is_absolute(value):
                yield f"Profile, {name}: absolute addresses", f"{name} has {key}={value[:80]!r}"
            elif key == "srcset":
                for part in value.split(", "):
                    if part.split() and not _is_absolute(part.split()[0]):
                        yield f"Profile, {name}: absolute addresses", f"{name} has srcset {part[:80]!r}"


def _is_absolute(value: str) -> bool:
    return re.match(
        r"(?i)(https?://|mailto:|tel:|ftp://|data:image/|xmpp:|sms:|magnet:|geo:)", value
    ) is not None and not is_local(value)
