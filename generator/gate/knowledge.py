"""What rules may ask beside the text: the blog, its data, its posts, and what time it is."""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING, Any, TypeVar

from generator.dataset.load import load_session
from generator.errors import DatasetError
from generator.goldmark.markup import Markup
from generator.library.by_language import libraries_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    import pandas as pd

    from generator.blog import Blog
    from generator.calendars import TradingCalendar
    from generator.config import Settings
    from generator.dataset.session import Session
    from generator.library import Entry, Library
    from generator.reading.document import Document
    from generator.tags.registry import Registry

T = TypeVar("T")


class Knowledge:
    """What is known of a blog at one moment. Everything is worked out when it is first asked for."""

    def __init__(
        self, blog: Blog, *, now: dt.datetime, libraries: Mapping[str, Library] | None = None
    ) -> None:
        """What is known.

        Args:
            blog: with its sources opened.
            now: with zone; what is later is the future.
            libraries: the posts by language, if somebody read them already.
        """
        self.blog, self.now = blog, now
        if libraries is not None:
            self.__dict__["libraries"] = libraries
        self._sessions: dict[dt.date, Session | None] = {}
        self._kept: dict[Hashable, Any] = {}

    @property
    def settings(self) -> Settings:
        """Ours of the configuration."""
        return self.blog.config.settings

    @property
    def calendar(self) -> TradingCalendar:
        """The exchange's."""
        return self.blog.calendar

    @property
    def markup(self) -> Markup:
        """How the site renders Markdown."""
        return Markup.of(self.blog.config.site.markup)

    @functools.cached_property
    def libraries(self) -> Mapping[str, Library]:
        """The posts by language, the site's default one first."""
        return libraries_of(self.blog.config)

    @functools.cached_property
    def registry(self) -> Registry:
        """The tags."""
        return self.blog.registry()

    @functools.cached_property
    def history(self) -> pd.DataFrame:
        """The metrics, one row a session, one column a measure."""
        return self.blog.metrics()[0]

    @functools.cached_property
    def by_file(self) -> Mapping[str, Entry]:
        """The posts of all languages by their path from the blog's folder."""
        return {entry.file: entry for library in self.libraries.values() for entry in library.posts}

    def session_of(self, document: Document) -> Session | None:
        """The data of the session that a post is about; None if it is about none, or there is no data."""
        day = day_of(document.front.get("session"))
        return self.session(day) if day else None

    def session(self, day: dt.date) -> Session | None:
        """The data of a session, where it is fit to be used."""
        if day not in self._sessions:
            try:
                self._sessions[day] = load_session(self.blog.sources, self.calendar, self.settings, day)[0]
            except DatasetError:
                self._sessions[day] = None
        return self._sessions[day]

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gave when it was first asked for under this key."""
        if key not in self._kept:
            self._kept[key] = make()
        found: T = self._kept[key]
        return found


def day_of(value: object) -> dt.date | None:
    """The day that front matter states as a day, a time, or an ISO text."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value.strip()[:10])
        except ValueError:
            return None
    return value if isinstance(value, dt.date) else None
