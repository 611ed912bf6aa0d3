"""The HTML of a feed: every address absolute.

A feed reader knows neither the page that an address is relative to, nor the site's own scripts and styles.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from bs4 import Tag


def absolute(html: str, address: str, *, root: str = "") -> str:
    """`html` with each href, src, srcset and poster absolute; `mailto:` and its like are left alone.

    What could run or load something of its own is dropped: scripts, styles, frames, forms, event handlers,
    addresses that are code, comments.

    Args:
        html: a fragment. It stays one: html.parser neither wraps it in a document nor moves its elements.
        address: absolute address of the page it stands on.
        root: the site's base URL. It matters for a site in a subfolder, where `/post/x/` is `<root>post/x/`,
            as it is for Hugo's own links.
    """
    from bs4 import BeautifulSoup  # noqa: PLC0415 - as above
    from bs4.element import PreformattedString, Tag  # noqa: PLC0415 - as above
    from bs4.formatter import HTMLFormatter  # noqa: PLC0415 - as above

    soup = BeautifulSoup(html, "html.parser")
    for node in list(soup.descendants):
        if isinstance(node, PreformattedString):  # a comment, a declaration
            node.extract()
        elif isinstance(node, Tag):
            if node.name in _DROPPED:
                node.extract()
            elif node.attrs:
                _mend(node, address, root)
    return soup.decode(formatter=HTMLFormatter(HTMLFormatter.REGISTRY["minimal"].entity_substitution, ""))


_DROPPED = frozenset({
    "script", "style", "iframe", "frame", "frameset", "object", "embed", "applet", "form", "link", "meta",
    "base", "noscript", "template",
})  # fmt: skip
_ADDRESSES = frozenset({"href", "src", "poster", "cite", "data", "background", "longdesc", "xlink:href"})
_SELF_ACTING = frozenset({"srcdoc", "formaction", "action", "ping"})


def _mend(element: Tag, address: str, root: str) -> None:
    for name, value in list(element.attrs.items()):
        key = name.lower()
        if key.startswith("on") or key in _SELF_ACTING:
            del element[name]
        elif not isinstance(value, str):
            continue
        elif key in _ADDRESSES:
            element[name] = joined(value, address, root)
        elif key == "srcset":
            element[name] = ", ".join(
                " ".join((joined(candidate, address, root), *size))
                for candidate, *size in (
                    part.split() for part in re.split(r",\s+", value.strip()) if part.strip()
                )
            )


# Browsers look past these in an address, so that `java\nscript:` runs.
_IGNORED = re.compile(r"[\x00-\x20]+")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_CODE = re.compile(r"(?:javascript|vbscript|data(?!:image/(?:png|gif|jpeg|webp)[;,])):", re.IGNORECASE)


def joined(value: str, address: str, root: str) -> str:
    """An address found on the page at `address`, absolute; empty for one that is code. See `absolute`."""
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
        return urljoin(address, value)
    except ValueError:  # such as a host that opens a bracket
        return ""
