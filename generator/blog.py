"""A blog with its sources opened: what is read once and handed on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator import calendars
from generator.dataset.load import available
from generator.dataset.sources import open_sources
from generator.library.index import Index
from generator.library.settings import SiteSettings
from generator.metrics.store import history as metrics_history
from generator.tags.registry import load_registry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    import pandas as pd

    from generator.calendars import TradingCalendar
    from generator.config import Config
    from generator.dataset.source import Source
    from generator.errors import Problem
    from generator.library import Library
    from generator.tags.registry import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Blog:
    """A blog with its sources opened: what is read once and handed on."""

    config: Config
    calendar: TradingCalendar
    sources: tuple[Source, ...]

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

    def index(self) -> Index:
        """The index of all content, as it was kept; to be refreshed, and closed."""
        return Index(self.config.root, site_settings(self.config), self.config.cache)

    def library(self) -> Library:
        """The posts in the language of the generated ones."""
        with self.index() as index:
            index.refresh()
            return index.library(self.language)

    def libraries(self) -> Mapping[str, Library]:
        """The posts of each language of the site."""
        with self.index() as index:
            index.refresh()
            return index.libraries()

    def registry(self) -> Registry:
        """The tags."""
        return load_registry(self.config.tags)

    def shown(self, path: Path) -> str:
        """A path as messages show it."""
        return path.relative_to(self.config.root).as_posix()


def site_settings(config: Config) -> SiteSettings:
    """What of the site's settings decides about addresses."""
    own = config.site
    languages = tuple(
        dict.fromkeys([*(own.languages or [own.default_language]), config.settings.post.language])
    )
    return SiteSettings(default_language=own.default_language, languages=languages)


def open_blog(config: Config) -> Blog:
    """Open the calendar and the sources of a blog.

    Raises:
        ConfigError: a source that is not there, or a calendar nobody knows.
    """
    return Blog(
        config=config,
        calendar=calendars.load(config.settings.market, config.cache),
        sources=open_sources(config),
    )
