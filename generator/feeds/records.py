"""What a feed and its items say, before they are in any format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

Text = Literal["full", "both", "summary"]
"""`full`: the whole post in `description`; `both`: a summary there and the whole post in `content:encoded`;
`summary`: no more than that."""

Kind = Literal["rss", "json"]


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a post; either may be empty, not both."""

    name: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A post's image."""

    address: str
    """Absolute."""
    length: int
    """Bytes; 0 where that cannot be known, as the RSS profile wants it."""
    kind: str
    """MIME type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One post in a feed."""

    title: str
    address: str
    """Absolute, as it is today."""
    guid: str
    """The address it was first published under; never changes."""
    published: datetime
    """With zone."""
    modified: datetime
    summary: str
    """Plain text."""
    html: str
    """The whole post, fit for readers, its addresses absolute."""
    categories: tuple[str, ...] = ()
    author: Author | None = None
    picture: Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What a feed says of itself. Addresses are absolute."""

    title: str
    address: str
    """The page whose posts these are."""
    feed_address: str
    """Where the feed itself is found."""
    description: str
    language: str
    author: Author | None = None
    copyright: str = ""
    ttl: int = 0
    """Minutes for which a reader need not look again; 0 says nothing."""
    archive: bool = False
    """Whether this is an archive document (RFC 5005, section 4)."""
    current: str = ""
    """Of an archive: the feed whose older items these are."""
    previous: str = ""
    """The archive of what is older; empty for none."""
    following: str = ""
    """Of an archive: the one of what is newer; empty for none."""
    hubs: tuple[str, ...] = ()
    """Those that tell readers of news (WebSub); an archive has none."""
