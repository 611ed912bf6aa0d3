"""Which subjects of a text have a page of their own, and which addresses are real.

Pure. A text gets the pages of its own language; where there is none, `elsewhere` says what stands in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from generator.tags.registry import Registry, Tag


def subject_links(
    names: Mapping[str, str],
    addresses: Collection[str],
    registry: Registry,
    prefix: str = "",
    elsewhere: Mapping[str, str] | None = None,
) -> Mapping[str, str]:
    """Where the subjects of a text have a page of their own; those that have none are not in it.

    `names` maps a subject (a tag's slug, a stock's code, a page's slug) to its name in the text. A page of
    that slug comes first, then the tag of that slug or name, then the tag that is this one stock's. `prefix`
    is what addresses of the language begin with. What the language has no page of has that of `elsewhere`,
    see `SiteMap.elsewhere`.
    """
    by_stock: dict[str, Tag] = {}
    for each in registry.by_slug.values():
        if len(each.stocks) == 1:
            by_stock.setdefault(each.stocks[0], each)
    others = elsewhere or {}
    found: dict[str, str] = {}
    for subject, name in names.items():
        tag = registry.resolve(subject) or registry.resolve(name) or by_stock.get(subject)
        places = (f"/page/{subject}/", f"/tags/{tag.slug}/" if tag else "")
        own = (prefix + place for place in places if prefix + place in addresses)
        address = next(own, None) or next((others[place] for place in places if place in others), None)
        if address:
            found[subject] = address
    return found


def internal(url: str, addresses: Collection[str], elsewhere: Mapping[str, str] | None = None) -> str | None:
    """A link that leads somewhere, or None.

    An address from the site's root (`/post/x/`, with or without its last slash, a query or a fragment) is
    given back as the library spells it, if it is among `addresses`, or as `elsewhere` has it of another
    language; http(s) passes; nothing else does.
    """
    if not url.isprintable() or " " in url or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:  # brackets that hold no IPv6 address
        return None
    if parts.scheme in ("http", "https"):
        return url if host else None
    if parts.scheme or parts.netloc or not parts.path.startswith("/"):
        return None
    named = unquote(parts.path).rstrip("/") + "/"
    address = named if named in addresses else (elsewhere or {}).get(named)
    if address is None:
        return None
    return address + (f"#{parts.fragment}" if parts.fragment else "")
