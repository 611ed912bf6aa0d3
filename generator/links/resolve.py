"""Where a link leads: the address, the page that is there, and the page that should be linked to instead.

Follows Hugo 0.168. On a blog of several languages its own render hook takes a link in Markdown to the page
of that path in the post's language; what it does not find stays as it is written and is the browser's
business. `ref` and `relref` look up paths in the same way, and a bare name anywhere. Not followed: hooks of
a theme's, `canonifyURLs`, and that links in raw HTML pass no hook.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from generator.library.walk import SUFFIXES
from generator.links.site_map import logical

if TYPE_CHECKING:
    from generator.links.site_map import SiteMap, Target


class Resolved(NamedTuple):
    """What a link of this blog's leads to."""

    address: str
    """From the site's root below the path of `baseURL`, decoded, without query and fragment."""
    target: Target | None
    """The page that is there; None for a file, or if nothing is."""
    instead: Target | None
    """The page in the text's own language, where the link leads to another one's."""


def resolve(  # noqa: PLR0911 - a kind of link after the other
    link: str, source: Target, pages: SiteMap
) -> Resolved | None:
    """Where a link, as written in a page, leads; None if it leaves the site or is within the page.

    Never fails: what cannot be read as an address leads nowhere.

    Args:
        link: as the index keeps it: an address, a path, or a whole `ref` shortcode.
        source: the page it is written in.
        pages: all there are.
    """
    if link.startswith("{{"):
        return _referred(link, source, pages)
    try:
        parts = urlsplit(link)
    except ValueError:  # brackets that hold no IPv6 address
        return None
    if parts.scheme or parts.netloc:
        if parts.scheme not in ("", "http", "https") or _host(parts.netloc, parts.scheme) != pages.host:
            return None
        return _served(unquote(parts.path), source, pages)
    path = unquote(parts.path)
    if not path:
        return None
    if pages.is_hooked:
        found = _page(path.removeprefix("./"), source, source.language, pages)
        if found is not None:
            return Resolved(found.address, found, None)
    here = pages.base + source.address
    return _served(unquote(urljoin(here, parts.path)), source, pages)


def _host(netloc: str, scheme: str) -> str:
    return netloc.lower().removesuffix(":443" if scheme == "https" else ":80")


def _served(path: str, source: Target, pages: SiteMap) -> Resolved | None:
    """What is at a path of the site's host."""
    if path.rstrip("/") == pages.base:
        below = "/"
    elif path.startswith(f"{pages.base}/"):
        below = path.removeprefix(pages.base)
    else:
        return None
    below = re.sub(r"/index\.html$", "/", below)
    target = _at(below, pages)
    if target is None:
        return Resolved(below, None, None)
    return Resolved(target.address, target, _instead(target, source, pages))


def _at(address: str, pages: SiteMap) -> Target | None:
    for known in (pages.by_address, pages.by_alias):
        for spelled in (address, f"{address.rstrip('/')}/"):
            if spelled in known:
                return known[spelled]
    return None


def _instead(target: Target, source: Target, pages: SiteMap) -> Target | None:
    own = pages.translation(target, source.language)
    # Two languages of one page may well speak of each other.
    return None if own is None or own is target or own.file == source.file != "" else own


_REF = re.compile(
    r"""\{\{[<%]\s*(?:rel)?ref\s+(?:path=)?(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"=<>%]+))(?P<rest>.*)""",
    re.DOTALL,
)


def _referred(link: str, source: Target, pages: SiteMap) -> Resolved | None:
    found = _REF.match(link)
    named = (found["quoted"] or found["bare"] or "") if found else ""
    path = unquote(named.partition("#")[0])
    if found is None or not path:
        return None
    language = re.search(r"""lang="([^"]+)\"""", found["rest"])
    own = language[1].lower() if language else source.language
    target = _page(path, source, own, pages, is_ref=True)
    if target is None:
        return None
    return Resolved(target.address, target, _instead(target, source, pages))


def _page(path: str, source: Target, language: str, pages: SiteMap, *, is_ref: bool = False) -> Target | None:
    """The page that Hugo's `GetPage` finds by a path, seen from another page."""
    has_suffix = path.endswith(SUFFIXES)
    name = posixpath.splitext(path)[0] if has_suffix else path.rstrip("/")
    if has_suffix and name.rpartition(".")[2].lower() in pages.settings.languages:
        name = name.rpartition(".")[0]
    if has_suffix and posixpath.basename(name) in ("index", "_index"):
        name = posixpath.dirname(name)
        name = name if name or not path.startswith("/") else "/"

    def at(whole: str) -> Target | None:
        return pages.by_path.get((language, logical(posixpath.normpath(f"/{whole}"), pages.settings)))

    if not path.startswith("/"):
        folder = source.bundle if has_suffix and path.startswith("../") else source.folder
        found = at(posixpath.join(folder, name))
        if found is not None or path.startswith("."):
            return found
    if not name:
        return at("") if path else None
    found = at(name)
    if found is None and is_ref and "/" not in path:
        found = pages.by_name.get((language, logical(name, pages.settings)[1:]))
    return found
