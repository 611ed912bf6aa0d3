"""The pages of a blog, and where they are: what links are resolved with."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.library.index import Index
from generator.library.site import site_settings
from generator.links.site_map import site_map

if TYPE_CHECKING:
    from generator.config import Config
    from generator.errors import Problem
    from generator.library.outline import Outline
    from generator.links.site_map import SiteMap


class Indexed(NamedTuple):
    """What is read of the index."""

    outlines: tuple[Outline, ...]
    sections: frozenset[str]
    """Whose pages are the posts, in lower case."""


def pages_of(config: Config) -> tuple[Indexed, SiteMap, tuple[Problem, ...]]:
    """What the index knows of all pages, brought up to date; where they are; what stands in the way.

    Raises:
        PostError: a folder may not be read.
    """
    settings, problems = site_settings(config.root, config.cache, timeout=float(config.settings.hugo.timeout))
    with Index(config.root, settings, config.cache) as index:
        index.refresh()
        found = Indexed(index.outlines(), frozenset(index.main_sections()))
    return found, site_map(found.outlines, settings, config.site), problems
