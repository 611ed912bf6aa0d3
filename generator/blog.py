"""A blog with its sources opened: what is read once and handed on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from generator import calendars
from generator.dataset.load import available, load_session
from generator.dataset.sources import open_sources
from generator.library.by_language import libraries_of
from generator.library.instead import instead as taken_as
from generator.links.pages import pages_of
from generator.metrics.store import history as metrics_history
from generator.tags.registry import load_registry

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping
    from datetime import date
    from pathlib import Path

    import pandas as pd

    from generator.calendars import TradingCalendar
    from generator.config import Config
    from generator.dataset.session import Session
    from generator.dataset.source import Source
    from generator.errors import Problem
    from generator.library import Library
    from generator.links.pages import Indexed
    from generator.links.site_map import SiteMap
    from generator.tags.registry import Registry
    from generator.wording import Wording

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Blog:
    """A blog with its sources opened: what is read once and handed on."""

    config: Config
    calendar: TradingCalendar
    sources: tuple[Source, ...]
    instead: Mapping[str, bytes | None] = field(default_factory=dict)
    """Files of posts that are taken as this, or as not there, in place of what they hold; by path from the
    blog's folder. So a post is published beside others as they are published, not as somebody edits them."""

    @property
    def language(self) -> str:
        """Language of the generated posts."""
        return self.config.settings.post.language

    def newest(self) -> date | None:
        """The newest session a post can be made of."""
        return max(available(self.sources), default=None)

    def metrics(self) -> tuple[pd.DataFrame, Mapping[date, tuple[Problem, ...]]]:
        """The metrics of every session, and why some are withheld."""
        return metrics_history(self.sources, self.calendar, self.config.cache)

    def session(self, day: date) -> tuple[Session, tuple[Problem, ...]]:
        """One session as records, and what is worth telling of it.

        Raises:
            DatasetError: its data is not fit to be used, or there is none.
        """
        return load_session(self.sources, self.calendar, self.config.settings, day)

    def of_data(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` works out of the data alone; `key` names it. A blog that remembers does so once."""
        del key  # this one remembers nothing
        return make()

    def library(self) -> Library:
        """The posts in the language of the generated ones."""
        found = libraries_of(self.config, self.language)[self.language]
        return taken_as(found, self.config.root, self.instead)

    def libraries(self, instead: Library | None = None) -> tuple[Library, ...]:
        """The posts of each of the site's languages; `instead` stands for those of its own."""
        read = libraries_of(self.config).items()
        found = {each: taken_as(library, self.config.root, self.instead) for each, library in read}
        if instead is not None:
            found = {**found, instead.language: instead}
        return tuple(found.values())

    def pages(self) -> tuple[Indexed, SiteMap, tuple[Problem, ...]]:
        """What the index knows of all pages; where they are; what stands in the way."""
        return pages_of(self.config)

    def elsewhere(self) -> Mapping[str, str]:
        """What a generated post should link to in place of addresses of other languages."""
        return self.pages()[1].elsewhere(self.language)

    def text(self, path: Path) -> str | None:
        """A file's text with its line ends as they are; None if there is no such file."""
        file = self.shown(path)
        if file in self.instead:
            content = self.instead[file]
            return None if content is None else content.decode("utf-8")
        return path.read_bytes().decode("utf-8") if path.exists() else None

    def registry(self) -> Registry:
        """The tags."""
        return load_registry(self.config.tags)

    def wording(self) -> Wording:
        """The templates of its language.

        Raises:
            ConfigError: there are none.
        """
        from generator.wording import Wording  # noqa: PLC0415 - start-up

        return Wording(self.language, compiled=self.config.cache / "templates")

    def shown(self, path: Path) -> str:
        """A path as messages show it."""
        return path.relative_to(self.config.root).as_posix()


def open_blog(config: Config) -> Blog:
    """Open the calendar and the sources of a blog.

    Raises:
        ConfigError: a source that is not there, or a calendar nobody knows.
    """
    return Blog(
        config=config,
        calendar=calendars.load(config.settings.market, config.cache, config.file),
        sources=open_sources(config),
    )
