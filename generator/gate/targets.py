"""What the links of a post lead to, as far as its own site goes, and where they are written."""

from __future__ import annotations

import bisect
import functools
import posixpath
import re
from html import unescape
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import unquote

from generator.goldmark.link_starts import find_links
from generator.links.resolve import resolve
from generator.links.site_map import Target, logical
from generator.reading.document import SHORTCODE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.library import Entry
    from generator.reading.document import Block, Document

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


class Written(NamedTuple):
    """A link or an image as a page has it."""

    link: str
    start: int
    end: int
    is_exact: bool
    """`text[start:end]` is the link and may be replaced; else it is the words that it is on."""


class Placed(NamedTuple):
    """A link with its place in the file."""

    written: Written
    led: Led


def leads(entry: Entry, knowledge: Knowledge) -> tuple[Led, ...]:
    """Where the links of a post lead that stay on the site, in order; without a look at its body."""

    def found() -> tuple[Led, ...]:
        source = source_of(entry.file, knowledge) if entry.links else None
        every = (led_by(link, source, knowledge) for link in entry.links) if source else ()
        return tuple(each for each in every if each is not None)

    # Several rules ask for the same post, one after the other.
    return knowledge.kept(("leads of an entry", entry.file, entry.digest), found)


def placed(document: Document, knowledge: Knowledge) -> Iterator[Placed]:
    """The links of a document that stay on the site, each where it is written."""
    source = source_of(document.file, knowledge)
    known: dict[str, Led | None] = knowledge.kept(("leads", document.file), dict)
    for written in links_of(document) if source else ():
        if written.link not in known and source:
            known[written.link] = led_by(written.link, source, knowledge)
        if led := known[written.link]:
            yield Placed(written, led)


def source_of(file: str, knowledge: Knowledge) -> Target | None:
    """The page that a file is; of one that is not written yet, the page that it will be."""
    return knowledge.pages.by_file.get(file) or knowledge.kept(
        ("page to be", file), lambda: _to_be(file, knowledge)
    )


def _to_be(file: str, knowledge: Knowledge) -> Target | None:
    path = knowledge.config.root / file
    for language, library in knowledge.libraries.items():
        for entry in library.posts:
            if entry.path == path:
                mounts = (f"{each.source}/" for each in library.site.mounts)
                below = next((file.removeprefix(each) for each in mounts if file.startswith(each)), file)
                folder = logical(posixpath.dirname(below), library.site)
                return Target(entry.post.address, language, "page", folder, folder, file, bundle=folder)
    return None


# The links of a text


_DESTINATION = re.compile(
    r"\]\(\s*(?:<(?P<spaced>[^<>\n]*)>|(?P<plain>[^\s<>()]+(?:\([^\s()]*\)[^\s()]*)*))"  # [text](target)
    r"|^[ >]{0,9}\[[^\]\n]+\]:\s*<?(?P<named>\S+?)>?(?=\s|$)"  # [name]: target
    r"|<?(?P<bare>https?://[^\s<>]+)",
    re.MULTILINE | re.IGNORECASE,
)
_HTML = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?:a\s[^<>]{0,500}?href|img\s[^<>]{0,500}?src)=[\"']?([^\"'\s>]+)",
    re.IGNORECASE | re.DOTALL,
)
_REF = re.compile(r"\{\{[<%]\s*(?:rel)?ref\s")
_FIGURE = re.compile(r"\{\{[<%]\s*figure\s[^{}]{0,500}?\bsrc=\"([^\"\n]+)\"")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


@functools.lru_cache(maxsize=2)
def links_of(document: Document) -> tuple[Written, ...]:
    """What the page of a document links to and shows as images, in order of its blocks.

    Links in code, comments, or HTML that the site drops are none. Kept for the rule that asks next.
    """
    return tuple(_links(document))


def _links(document: Document) -> Iterator[Written]:
    places = _places(document)
    for block in document.blocks:
        if block.kind == "html":
            yield from _in_html(block, 0, len(block.text), document)
        for span in sorted(block.spans, key=lambda each: each.start) if block.spans else ():
            start = block.start(span.start)
            end = block.start(span.end - 1) + 1 if span.end > span.start else start
            if span.kind in ("link", "image"):
                yield _written(span.target, start, end, places, document)
            elif span.kind == "html":
                yield from _in_html(block, span.start, span.end, document)
            elif span.kind == "shortcode":
                yield from _in_shortcode(document.text[start:end], start, end)


def _in_shortcode(text: str, start: int, end: int) -> Iterator[Written]:
    if _REF.match(text):
        yield Written(text, start, end, is_exact=False)
    elif figure := _FIGURE.match(text):
        yield Written(figure[1], start + figure.start(1), start + figure.end(1), is_exact=True)


def _in_html(block: Block, start: int, end: int, document: Document) -> Iterator[Written]:
    if not document.markup.unsafe:
        return
    for found in _HTML.finditer(block.text, start, end):
        if found[1]:
            at = block.start(found.start(1))
            is_exact = document.text.startswith(found[1], at)
            yield Written(unescape(found[1]), at, at + len(found[1]) if is_exact else at, is_exact)


def _places(document: Document) -> dict[str, tuple[list[int], list[int]]]:
    """Where destinations are written: starts and ends by what they come to."""
    found: dict[str, tuple[list[int], list[int]]] = {}
    base = document.body_start
    for each in find_links(_DESTINATION, document.masked):
        kind = each.lastgroup or "plain"
        starts, ends = found.setdefault(unquote(_meant(each[kind])), ([], []))
        starts.append(base + each.start(kind))
        ends.append(base + each.end(kind))
    return found


def _meant(destination: str) -> str:
    """A destination without Markdown's escapes and entities."""
    if "&" in destination:
        destination = unescape(destination)
    return _ESCAPED.sub(r"\1", destination) if "\\" in destination else destination


def _written(
    target: str, start: int, end: int, places: dict[str, tuple[list[int], list[int]]], document: Document
) -> Written:
    plain = unquote(target)
    starts, ends = places.get(plain, ((), ()))
    if not starts:
        return Written(target, start, end, is_exact=False)
    # Behind its words; that of a name may stand anywhere.
    number = bisect.bisect_left(starts, start)
    number = number if number < len(starts) else 0
    first, last = starts[number], ends[number]
    written = document.text[first:last]
    return Written(written if SHORTCODE in plain else _meant(written), first, last, is_exact=True)


# What is there


def led_by(  # noqa: PLR0911 - a kind of link after the other
    link: str, source: Target, knowledge: Knowledge
) -> Led | None:
    """Where a link leads; None if it leaves the site, or nobody can tell."""
    is_ref = _REF.match(link) is not None
    if "{{" in link and not is_ref:
        return None
    if link.startswith("#"):
        return Led(link, "there", source.address, source.file, link[1:])
    resolved = resolve(link, source, knowledge.pages)
    if resolved is None:
        return Led(link, "nothing", link) if is_ref else None
    target, instead = resolved.target, resolved.instead
    fragment = "" if is_ref else link.partition("#")[2]
    if target is None:
        path = unquote(link.partition("#")[0].partition("?")[0])
        is_there = _is_file(resolved.address, path, source, knowledge)
        return Led(link, "there" if is_there else "nothing", resolved.address)
    if target.draft:
        return Led(link, "draft", resolved.address, target.file)
    if instead is not None:
        return Led(link, "other language", instead.address, instead.file, fragment)
    is_alias = not is_ref and _is_alias(link, target, knowledge)
    return Led(link, "alias" if is_alias else "there", target.address, target.file, fragment)


def _is_alias(link: str, target: Target, knowledge: Knowledge) -> bool:
    pages = knowledge.pages
    written = unquote(link.partition("#")[0].partition("?")[0])
    _, is_whole, rest = written.partition("://")
    if is_whole:
        written = "/" + rest.partition("/")[2]
    below = written.removeprefix(pages.base) if pages.base else written
    spelled = (below, f"{below.rstrip('/')}/")
    return target.address not in spelled and any(each in pages.by_alias for each in spelled)


_MADE_BY_HUGO = re.compile(
    r"(?:^|/)(?:index|feed|rss|atom|sitemap|robots|manifest|opensearch)\.(?:xml|json|txt)$|\.webmanifest$"
)


def _is_file(address: str, path: str, source: Target, knowledge: Knowledge) -> bool:
    """Whether a file is served at an address: beside a page, from a mounted folder, or made by a template.

    Args:
        address: from the site's root.
        path: as the link has it.
        source: the page it is written in.
        knowledge: of the blog.
    """
    name = posixpath.normpath(address).lstrip("/")
    if name.startswith("..") or "\0" in name:
        return False
    if _MADE_BY_HUGO.search(name):
        above = address.rpartition("/")[0] + "/"
        if above == "/" or above in knowledge.pages.by_address:
            return True
    root = f"{knowledge.config.root.as_posix()}/"
    files = _of_content(address, path, source, knowledge)
    if any(_is_there(each) or knowledge.is_planned(each.removeprefix(root)) for each in files):
        return True
    name = f"{name}/index.html" if address.endswith("/") else name
    return any(posixpath.isfile(f"{folder}/{below}") for folder, below in _static(name, knowledge))


def _of_content(address: str, path: str, source: Target, knowledge: Knowledge) -> Iterator[str]:
    """Paths of the files beside pages, and of assets, that a link may mean."""
    root, pages = knowledge.config.root.as_posix(), knowledge.pages
    yield f"{root}/assets/{address.lstrip('/')}"  # served there if a template asks for it
    if pages.is_hooked and "://" not in path:
        own = posixpath.normpath(path).lstrip("/")
        yield f"{root}/assets/{own}"
        if _is_bundle(source) and not own.startswith("../"):
            stem, suffix = posixpath.splitext(f"{root}/{posixpath.dirname(source.file)}/{own}")
            yield stem + suffix
            yield from (f"{stem}.{each}{suffix}" for each in pages.settings.languages)
    above, below = address.rstrip("/"), ""
    for _ in range(_DEEPEST):
        above, _, last = above.rpartition("/")
        below = f"{last}/{below}".rstrip("/")
        owner = pages.by_address.get(f"{above}/")
        if owner is not None and _is_bundle(owner) and _has_files(owner, below, knowledge):
            yield f"{root}/{posixpath.dirname(owner.file)}/{below}"
        if not above:
            break


def _has_files(owner: Target, name: str, knowledge: Knowledge) -> bool:
    """Whether the files of a bundle are served below this page of it.

    Hugo writes them once, for the first of its languages.
    """
    stem = posixpath.splitext(name)[0]
    is_copied = knowledge.markup(owner.language).duplicate_files
    if is_copied or posixpath.splitext(stem)[1] == f".{owner.language}":
        return True
    folder, pages = posixpath.dirname(owner.file), knowledge.pages
    of_languages = (pages.by_path.get((each, owner.path)) for each in pages.settings.languages)
    return (
        next((each for each in of_languages if each and posixpath.dirname(each.file) == folder), owner)
        == owner
    )


def _static(name: str, knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    """The folders of files that are served as they are, each with the path there."""
    root = knowledge.config.root.as_posix()
    for each in knowledge.pages.settings.statics:
        if not each.target:
            yield f"{root}/{each.source}", name
        elif name.startswith(f"{each.target}/"):
            yield f"{root}/{each.source}", name.removeprefix(f"{each.target}/")
    for folder in knowledge.kept("static folders of themes", lambda: _of_themes(knowledge)):
        yield folder, name


_DEEPEST = 8
"""Folders of a bundle's file below its page."""


def _is_bundle(page: Target) -> bool:
    return posixpath.basename(page.file).startswith(("index.", "_index."))


def _of_themes(knowledge: Knowledge) -> tuple[str, ...]:
    return tuple(each.as_posix() for each in sorted(knowledge.config.root.glob("themes/*/static")))


def _is_there(path: str) -> bool:
    """Whether a file is there that Hugo does not make a page of."""
    return not path.endswith(_PAGES) and posixpath.isfile(path)


_PAGES = (".md", ".markdown", ".mdown", ".html", ".htm", ".org", ".adoc", ".rst", ".pandoc", ".pdc")
