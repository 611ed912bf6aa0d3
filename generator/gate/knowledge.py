"""What rules may ask beside the text: the blog, its data, its posts, and what time it is."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
from typing import TYPE_CHECKING, Any, TypeVar

from generator.config import Config
from generator.errors import DatasetError, MarketpostError
from generator.goldmark.markup import Markup

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence

    import pandas as pd

    from generator.blog import Blog
    from generator.calendars import TradingCalendar
    from generator.config import Settings
    from generator.dataset.session import Session
    from generator.gate.kept_sessions import KeptSessions
    from generator.library import Entry, Library
    from generator.library.outline import Outline
    from generator.library.settings import SiteSettings
    from generator.links.site_map import SiteMap
    from generator.reading.document import Document
    from generator.secrets import Secrets
    from generator.tags.registry import Registry

T = TypeVar("T")

_SESSIONS_AT_HAND = 16
"""One of a whole market takes some megabytes; posts are looked at in the order of their sessions."""
_KEPT_AT_HAND = 32


class Knowledge:
    """What is known of a blog at one moment. Everything is worked out when it is first asked for.

    Asking for `blog`, `history` or a session imports what reads data, which takes half a second.
    """

    def __init__(
        self,
        blog: Blog | Config,
        *,
        now: dt.datetime,
        libraries: Mapping[str, Library] | None = None,
        instead: Library | None = None,
        planned: Mapping[str, bytes] | None = None,
        sessions: Mapping[dt.date, Session] | None = None,
    ) -> None:
        """What is known.

        Args:
            blog: with its sources opened, or its configuration alone, by which it is opened when needed.
            now: with zone; what is later is the future.
            libraries: the posts by language, if somebody read them already.
            instead: the posts of one language as they will be.
            planned: files as they will be, by path from the blog's folder.
            sessions: data that somebody read already.
        """
        if isinstance(blog, Config):
            self.config = blog
        else:
            self.config = blog.config
            self.__dict__["blog"] = blog
        self.now = now
        self._instead, self._planned = instead, planned or {}
        if libraries is not None:
            self.__dict__["libraries"] = libraries
        self.kept_sessions: KeptSessions | None = None
        """What was read of the data in earlier runs."""
        self._sessions: dict[dt.date, Session | None] = dict(sessions or {})
        self._expected: frozenset[dt.date] = frozenset()
        self._kept: dict[Hashable, Any] = {}
        self._markup: dict[str, Markup] = {}

    @property
    def settings(self) -> Settings:
        """Ours of the configuration."""
        return self.config.settings

    @functools.cached_property
    def calendar(self) -> TradingCalendar:
        """The exchange's."""
        from generator import calendars  # noqa: PLC0415 - start-up

        return calendars.load(self.settings.market, self.config.cache)

    @functools.cached_property
    def secrets(self) -> Secrets:
        """The blog's secrets, as they are now."""
        from generator.secrets import Secrets  # noqa: PLC0415 - start-up

        return Secrets(self.config)

    @functools.cached_property
    def site(self) -> SiteSettings:
        """Hugo's settings, as far as addresses and Markdown hang on them."""
        from generator.library.site import site_settings  # noqa: PLC0415 - start-up

        if "libraries" in self.__dict__:
            return next(iter(self.libraries.values())).site
        timeout = float(self.settings.hugo.timeout)
        return site_settings(self.config.root, self.config.cache, timeout=timeout)[0]

    def markup(self, language: str) -> Markup:
        """How the site renders Markdown of a language."""
        if language not in self._markup:
            self._markup[language] = Markup.of(self.site.markup.get(language, {}))
        return self._markup[language]

    @functools.cached_property
    def blog(self) -> Blog:
        """The blog with its sources opened; without any, if it names none and has no folder of them.

        Raises:
            ConfigError: a source that is not there.
        """
        from generator.blog import Blog, open_blog  # noqa: PLC0415 - start-up

        if self.has_sources:
            return open_blog(self.config)
        return Blog(config=self.config, calendar=self.calendar, sources=())

    @property
    def has_sources(self) -> bool:
        """Whether there is data to ask; a blog that is not made by us need not have any."""
        own = "sources" in self.settings.model_fields_set
        return own or any(self.config.path(source.path).exists() for source in self.settings.sources)

    @functools.cached_property
    def libraries(self) -> Mapping[str, Library]:
        """The posts by language, the site's default one first."""
        from generator.library.by_language import libraries_of  # noqa: PLC0415 - start-up

        if "blog" in self.__dict__:
            return {each.language: each for each in self.blog.libraries(instead=self._instead)}
        found = libraries_of(self.config)
        return {**found, self._instead.language: self._instead} if self._instead else found

    @functools.cached_property
    def registry(self) -> Registry:
        """The tags."""
        from generator.tags.registry import load_registry  # noqa: PLC0415 - start-up

        return load_registry(self.config.tags)

    def beside(self, document: Document, name: str) -> bytes | None:
        """A file of a post's bundle, such as its `figures.json`; None if there is none that can be read.

        While a post is being made, the file as it will be.
        """
        file = f"{document.file.rpartition('/')[0]}/{name}"
        if file in self._planned:
            return self._planned[file]
        try:
            return (self.config.root / file).read_bytes()
        except OSError:
            return None

    def is_planned(self, file: str) -> bool:
        """Whether a file, by its path from the blog's folder, is one of those that will be there."""
        return file in self._planned

    @functools.cached_property
    def history(self) -> pd.DataFrame:
        """The metrics, one row a session, one column a measure."""
        return self.blog.metrics()[0]

    @functools.cached_property
    def pages(self) -> SiteMap:
        """Every page of all languages, by address and path."""
        return self._web[1]

    @functools.cached_property
    def outlines(self) -> Sequence[Outline]:
        """What links hang on of every page."""
        return self._web[0]

    @functools.cached_property
    def _web(self) -> tuple[Sequence[Outline], SiteMap]:
        from generator.links.pages import pages_of  # noqa: PLC0415 - start-up

        # A blog that was opened may remember its pages; opening one for them would read data.
        index, pages, _ = self.blog.pages() if "blog" in self.__dict__ else pages_of(self.config)
        if not self._planned:
            return index.outlines, pages
        from generator.gate.planned_pages import planned_outlines  # noqa: PLC0415 - only for a post being made
        from generator.links.site_map import site_map  # noqa: PLC0415 - start-up

        planned = planned_outlines(self._planned, pages.settings)
        files = {each.file for each in planned}
        outlines = (*(each for each in index.outlines if each.file not in files), *planned)
        return outlines, site_map(outlines, pages.settings, self.config.site)

    @functools.cached_property
    def by_file(self) -> Mapping[str, Entry]:
        """The posts of all languages by their path from the blog's folder."""
        return {entry.file: entry for library in self.libraries.values() for entry in library.posts}

    @functools.cached_property
    def days(self) -> Sequence[dt.date]:
        """The sessions that there is data to post about, oldest first; none if it cannot be read at all."""
        kept = self.kept_sessions.days() if self.kept_sessions else None
        if kept is not None:
            return kept
        from generator.dataset.load import available  # noqa: PLC0415 - start-up

        try:
            found = tuple(available(self.blog.sources))
        except DatasetError:
            return ()
        if self.kept_sessions:
            self.kept_sessions.keep_days(found)
        return found

    def session_of(self, document: Document) -> Session | None:
        """The data of the session that a post is about; None if it is about none, or there is no data."""
        day = day_of(document.front.get("session"))
        return self.session(day) if day else None

    def expect(self, days: Iterable[dt.date]) -> None:
        """Say which sessions will be asked for, a dozen at most: those to be read are read together."""
        self._expected = frozenset(days)

    def read_ahead(self, days: Collection[dt.date]) -> None:
        """Keep the sessions of some days, and what is measured, for other processes.

        Reading takes libraries of a hundred megabytes, and the data of a whole market as much again.
        """
        if self.kept_sessions is None or not self.has_sources:
            return
        # What is about no session is held against the newest.
        wanted = {*days, *self.days[-1:]}
        unknown = [day for day in wanted if not self.kept_sessions.has_session(day)]
        for session in self._read(unknown).values() if unknown else ():
            self.kept_sessions.keep_session(session)
        for day in sorted(days):
            self.measures(day)
            with contextlib.suppress(MarketpostError):  # the calendar does not reach that far
                self.measures(self.calendar.previous(day))

    def session(self, day: dt.date) -> Session | None:
        """The data of a session, where it is fit to be used."""
        if day not in self._sessions:
            for each, found in self._loaded(day).items():
                while len(self._sessions) >= _SESSIONS_AT_HAND:
                    del self._sessions[next(iter(self._sessions))]
                self._sessions[each] = found
        return self._sessions[day]

    def measures(self, day: dt.date) -> Mapping[str, float | dt.date]:
        """The metrics of a session that are not missing; the quick way to them, for `history` is a frame."""

        def found() -> Mapping[str, float | dt.date]:
            kept = self.kept_sessions.measures(day) if self.kept_sessions else None
            if kept is not None:
                return kept
            fresh = _row(self.history, day) if self.has_sources else {}
            if self.kept_sessions:
                self.kept_sessions.keep_measures(day, fresh)
            return fresh

        return self.kept(("measures", day), found)

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gave when it was first asked for under this key; the last few dozen are kept."""
        found: T = self._kept.pop(key) if key in self._kept else make()
        while len(self._kept) >= _KEPT_AT_HAND:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = found
        return found

    def _loaded(self, day: dt.date) -> Mapping[dt.date, Session | None]:
        """A session; if its data must be read, with the others that will be asked for."""
        if not self.has_sources:
            return {day: None}
        kept = self.kept_sessions.session(day) if self.kept_sessions else None
        if kept is not None:
            return {day: kept}
        days = {day, *self._expected.difference(self._sessions)}
        if self.kept_sessions:
            days = {each for each in days if each == day or not self.kept_sessions.has_session(each)}
        found = self._read(days)
        if not found and len(days) > 1:
            # It may be the data of another day that cannot be read.
            days = {day}
            found = self._read(days)
        if self.kept_sessions:
            for session in found.values():
                self.kept_sessions.keep_session(session)
        # The day itself comes last: what came first goes first.
        return {each: found.get(each) for each in sorted(days, key=lambda each: each == day)}

    def _read(self, days: Collection[dt.date]) -> Mapping[dt.date, Session]:
        from generator.dataset.load import load_sessions  # noqa: PLC0415 - start-up

        try:
            return load_sessions(self.blog.sources, self.calendar, self.settings, days)
        except DatasetError:
            return {}


def _row(history: pd.DataFrame, day: dt.date) -> dict[str, float | dt.date]:
    """A row of the metrics, without what is missing."""
    index = history.index
    place = int(index.searchsorted(day.isoformat()))
    if place == len(index) or index[place].date() != day:
        return {}
    found: dict[str, float | dt.date] = {}
    for name, value in history.iloc[place].items():
        if value != value or value is None:  # noqa: PLR0124 - NaN and NaT differ from themselves
            continue
        found[str(name)] = value.date() if isinstance(value, dt.datetime) else float(value)
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
