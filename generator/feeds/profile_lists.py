"""Rules for the lists of all feeds: the OPML file, and the page a language that names them for people.

OPML 2.0 http://opml.org/spec2.opml
HTML     https://html.spec.whatwg.org/, as far as a page of ours goes: what is opened is closed
Lists    our own: they name exactly the feeds there are, by the addresses that the feeds give themselves
"""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

from generator.feeds.addresses import is_public

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

Told = tuple[str, str, str]
"""Place, clause, message."""

_VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})


def opml_rules(content: bytes, there: Collection[str]) -> Iterator[Told]:
    """Hold an OPML file against the rules; `there` are the addresses of the feeds that exist."""
    from lxml import etree  # type: ignore[import-untyped]  # noqa: PLC0415 - no stubs; loaded where it is used

    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError as error:
        yield "list", "XML 1.0, 2.1: well-formed documents", str(error)
        return
    if root.tag != "opml" or root.get("version") != "2.0":
        yield "list", "OPML 2.0, opml: version", "is not <opml version='2.0'>"
        return
    if not (root.findtext("head/title") or "").strip():
        yield "list", "OPML 2.0, head: title", "has no title"
    listed: list[str] = []
    for number, outline in enumerate(root.iterfind("body//outline"), start=1):
        place = f"outline {number}"
        if not (outline.get("text") or "").strip():
            yield place, "OPML 2.0, outline: text is required", "has no text"
        if outline.get("type") != "rss":
            continue
        listed.append(outline.get("xmlUrl") or "")
        for name in ("xmlUrl", "htmlUrl"):
            if not is_public(outline.get(name) or ""):
                yield place, f"OPML 2.0, {name}: an http address", f"{outline.get(name)!r} reaches no reader"
    yield from _compared(listed, there)


def page_rules(content: bytes, there: Collection[str]) -> Iterator[Told]:
    """Hold a page of feeds against the rules; `there` are the addresses of the feeds that it is for."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        yield "page", "HTML, 4.2.5.4: UTF-8", f"not UTF-8 at byte {error.start}"
        return
    page = _Page()
    page.feed(text)
    page.close()
    for tag in (*page.stray, *page.open):
        yield "page", "HTML, 13.1.2: what is opened is closed", f"<{tag}> is not closed in its place"
    for address in page.addresses:
        if not is_public(address):
            yield "page", "Lists: absolute addresses", f"{address!r} reaches no reader"
    yield from _compared(page.feeds, there)


def of_page(file: str, addresses: Mapping[str, str], pages: Collection[str]) -> set[str]:
    """The addresses of the feeds that a page is for: those below its folder, unless another is nearer.

    Args:
        file: the page, `ko/subscribe/index.html`.
        addresses: of all feeds, by file.
        pages: all pages.
    """
    folders = [page.removesuffix("subscribe/index.html") for page in pages]

    def nearest(path: str) -> str:
        return max((each for each in folders if path.startswith(each)), key=len, default="")

    own = file.removesuffix("subscribe/index.html")
    return {address for path, address in addresses.items() if nearest(path) == own}


def _compared(listed: Collection[str], there: Collection[str]) -> Iterator[Told]:
    for address in sorted(set(listed) - set(there)):
        yield "list", "Lists: feeds that are there", f"{address} is no feed that is there"
    for address in sorted(set(there) - set(listed)):
        yield "list", "Lists: all feeds", f"{address} is left out"
    if len(listed) != len(set(listed)):
        yield "list", "Lists: each feed once", "names a feed twice"


class _Page(HTMLParser):
    """What a page links to, and what in it is not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.stray: list[str] = []
        self.addresses: list[str] = []
        self.feeds: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self.open.append(tag)
        values = dict(attrs)
        if "href" in values:
            address = values["href"] or ""
            self.addresses.append(address)
            if values.get("type") == "application/rss+xml":
                self.feeds.append(address)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.stray.append(tag)
