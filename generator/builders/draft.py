"""What a builder is given, and what it hands over: a story and what of its post only the builder knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    import pandas as pd

    from generator.blog import Blog
    from generator.dataset.session import Session
    from generator.errors import Problem
    from generator.library import Library
    from generator.story.tell import Story
    from generator.tags.registry import Registry
    from generator.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """All that was read of a blog before a post is made."""

    blog: Blog
    history: pd.DataFrame
    """The metrics, one row a session."""
    withheld: Mapping[dt.date, tuple[Problem, ...]]
    """Sessions whose data is not fit to be used, with why."""
    library: Library
    registry: Registry
    wording: Wording
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    """What a post should link to in place of addresses of other languages, see `SiteMap.elsewhere`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A post before it has an address, links and a file."""

    story: Story
    session: dt.date
    """The session it is filed under; of several the last."""
    date: dt.datetime
    """When it is published; with zone."""
    lastmod: dt.datetime
    category: str
    series: str
    tags: tuple[str, ...]
    """Slugs, heaviest first."""
    stocks: tuple[str, ...]
    """Codes of the stocks it speaks of."""
    identity: Mapping[str, str] = field(default_factory=dict)
    """Front matter by which the post is found again within its series, should its session change: of a week
    that goes on. By its session, if empty."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Front matter that only people, layouts and later posts read."""
    problems: tuple[Problem, ...] = ()
    """Worth telling; none is fatal for this post."""
    withheld: Mapping[dt.date, tuple[Problem, ...]] = field(default_factory=dict)
    """Sessions that are left out, with why."""
    read: tuple[Session, ...] = ()
    """What was read of its sessions."""

    @property
    def data(self) -> Session | None:
        """What was read of the one session that it is about, so that nobody reads it again."""
        return self.read[0] if len(self.read) == 1 and not self.identity else None


class Builder(Protocol):
    """Makes one kind of post."""

    def __call__(self, desk: Desk, day: dt.date) -> Draft:
        """The draft of the post about `day`."""
