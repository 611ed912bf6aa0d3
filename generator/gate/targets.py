"""What the links of a post lead to, as far as its own site goes."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from generator.library.reading import links_in
from generator.links.resolve import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.library import Entry
    from generator.links.site_map import Target
    from generator.reading.document import Document

State = Literal["there", "nothing", "draft", "alias", "other language"]


class Led(NamedTuple):
    """Where a link as written leads."""

    link: str
    state: State
    address: str
    """From the site's root; where it should lead, for an alias and a page of another language."""
    file: str = ""
    """Of the page that is there."""
    fragment: str = ""


class Placed(NamedTuple):
    """A link with its place in the file."""

    start: int
    end: int
    led: Led


def leads(entry: Entry, knowledge: Knowledge) -> tuple[Led, ...]:
    """Where the links of a post lead that stay on the site, in order; by its front matter alone."""
    return tuple(_led(entry.file, entry.links, knowledge))


def placed(document: Document, knowledge: Knowledge) -> Iterator[Placed]:
    """The links of a document that stay on the site, where each is written first."""
    links = links_in(document.body)
    for led in _led(document.file, links, knowledge):
        yield Placed(*place(document, led.link), led)


def place(document: Document, link: str) -> tuple[int, int]:
    """Where a link is written first."""
    found = re.search(rf"(?<![\w/.-]){re.escape(link)}(?![\w/-])", document.text[document.body_start :])
    start = document.body_start + (found.start() if found else 0)
    return start, start + (len(link) if found else 0)


def _led(file: str, links: tuple[str, ...], knowledge: Knowledge) -> Iterator[Led]:
    pages = knowledge.pages
    source = pages.by_file.get(file)
    if source is None:
        return
    for link in links:
        fragment = "" if link.startswith("{{") else link.partition("#")[2]
        if link.startswith("#"):
            yield Led(link, "there", source.address, file, fragment)
            continue
        resolved = resolve(link, source, pages)
        if link.startswith("{{") and resolved is None:
            yield Led(link, "nothing", link)
        elif resolved is not None:
            yield _judged(
                link, resolved.address, resolved.target, resolved.instead, fragment, source, knowledge
            )


def _judged(
    link: str,
    address: str,
    target: Target | None,
    instead: Target | None,
    fragment: str,
    source: Target,
    knowledge: Knowledge,
) -> Led:
    if target is None:
        is_there = _is_file(address, source, knowledge)
        return Led(link, "there" if is_there else "nothing", address)
    if target.draft:
        return Led(link, "draft", address, target.file)
    if instead is not None:
        return Led(link, "other language", instead.address, instead.file, fragment)
    written = link.partition("#")[0].partition("?")[0]
    is_alias = written.startswith("/") and _is_alias(written, target, knowledge)
    return Led(link, "alias" if is_alias else "there", target.address, target.file, fragment)


def _is_alias(written: str, target: Target, knowledge: Knowledge) -> bool:
    pages = knowledge.pages
    below = written.removeprefix(pages.base) if pages.base else written
    spelled = (below, f"{below.rstrip('/')}/")
    return target.address not in spelled and any(each in pages.by_alias for each in spelled)


_MADE_BY_HUGO = re.compile(
    r"(?:^|/)(?:index|feed|rss|atom|sitemap|robots|manifest)\.(?:xml|json|txt)$|\.webmanifest$"
)


def _is_file(address: str, source: Target, knowledge: Knowledge) -> bool:
    """Whether a file is served at an address: beside a page, from a mounted folder, or made by a template."""
    root, pages = knowledge.config.root, knowledge.pages
    name = posixpath.normpath(address).lstrip("/")
    if name.startswith("..") or "\0" in name:
        return False
    above, _, last = address.rpartition("/")
    owner = source if above + "/" == source.address else pages.by_address.get(f"{above}/")
    if owner is not None and last:
        if _MADE_BY_HUGO.search(last):
            return True
        folder = (root / owner.file).parent if owner.file else None
        if folder is not None and (folder / last).is_file():
            return True
    mounts = [(root / each.source, each.target) for each in pages.settings.statics]
    mounts += [(folder, "") for folder in sorted(root.glob("themes/*/static"))]
    for folder, target in mounts:
        below = name.removeprefix(f"{target}/") if target else name
        if (not target or below != name) and (folder / below).exists():
            return True
    return False
