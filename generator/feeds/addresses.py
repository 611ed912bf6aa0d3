"""Absolute addresses: of pages and feeds, from the site's own settings, and of what a post links to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit

from generator.errors import ConfigError

if TYPE_CHECKING:
    from generator.config import Site
    from generator.post import Post

FEED_FILE = "feed.xml"
JSON_FILE = "feed.json"
OPML_FILE = "feeds.opml"
SUBSCRIBE_FILE = "subscribe/index.html"

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "0.0.0.0", "::1"})  # noqa: S104 - names, bound to nothing


def folder(site: Site, language: str) -> str:
    """Where a language's pages stand: the default language at the root, as Hugo has it."""
    return "" if language == site.default_language else f"{language}/"


def absolute(site: Site, path: str) -> str:
    """The address of a path below the site's root."""
    return site.base_url + quote(path, safe="/")


def of_post(post: Post, site: Site) -> str:
    """A post's address."""
    below = post.served_at or f"/{folder(site, post.language)}{post.address.lstrip('/')}"
    return absolute(site, below.lstrip("/"))


def locale(site: Site, language: str) -> str:
    """What a feed says its language is."""
    own = site.languages.get(language)
    return str(own.get("locale") or language) if isinstance(own, dict) else language


def languages(site: Site) -> tuple[str, ...]:
    """The site's languages, the default one first."""
    return tuple(dict.fromkeys((site.default_language, *site.languages)))


def require_public(site: Site, file: str) -> None:
    """No feed may point at somebody's own machine; `file` is the configuration's.

    Raises:
        ConfigError: `baseURL` does.
    """
    if is_local(site.base_url):
        raise ConfigError(
            f"baseURL is {site.base_url}; feeds need the address readers reach: set it in {file}"
        )


def is_local(address: str) -> bool:
    """Whether an address is of the machine itself, such as Hugo's own server."""
    try:
        return (urlsplit(address).hostname or "") in LOCAL_HOSTS
    except ValueError:  # such as a host that opens a bracket
        return False


# Browsers look past these in an address, so that `java\nscript:` runs.
_IGNORED = re.compile(r"[\x00-\x20]+")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_CODE = re.compile(r"(?:javascript|vbscript|data(?!:image/(?:png|gif|jpeg|webp)[;,])):", re.IGNORECASE)


def joined(value: str, address: str, root: str) -> str:
    """An address found in a post's HTML, absolute; empty for one that is code.

    Args:
        value: as it stands in an attribute; `mailto:` and its like are left alone.
        address: absolute address of the page it stands on.
        root: the site's base URL. It matters for a site in a subfolder, where `/post/x/` is `<root>post/x/`,
            as it is for Hugo's own links.
    """
    bare = _IGNORED.sub("", value)
    if _CODE.match(bare):
        return ""
    value = value.strip()
    # An empty address is a link whose target was refused: joined, it would be one to this page.
    if not value or _SCHEME.match(bare):
        return value
    if root and value.startswith("/") and not value.startswith("//"):
        folder = urlsplit(root).path
        value = value if value.startswith(folder) else folder + value.lstrip("/")
    try:
        return urljoin(address, value).strip()  # of `a ;` no parameters are left, but the space
    except ValueError:  # such as a host that opens a bracket
        return ""


def is_public(value: str) -> bool:
    """Whether an address is absolute, written as URLs are, and one that readers reach."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and not is_local(value)
        and value.isascii()
        and not re.search(r"\s", value)
    )
