"""Absolute addresses of pages and feeds, from the site's own settings."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

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
