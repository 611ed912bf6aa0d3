"""Reading a blog's library: Hugo's settings, the index brought up to date, and what it holds by language."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from generator.library.index import Index
from generator.library.site import site_settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.config import Config
    from generator.library.library import Library


def libraries_of(config: Config, *languages: str) -> Mapping[str, Library]:
    """The posts of these languages, or of each of the site's, the default one first.

    Raises:
        PostError: a folder may not be read.
    """
    settings, problems = site_settings(config.root, config.cache, timeout=float(config.settings.hugo.timeout))
    with Index(config.root, settings, config.cache) as index:
        index.refresh()
        found = {each: index.library(each) for each in languages or _all(config, settings.languages)}
    return {
        each: replace(library, problems=(*problems, *library.problems)) for each, library in found.items()
    }


def _all(config: Config, languages: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((config.site.default_language, *languages, config.settings.post.language)))
