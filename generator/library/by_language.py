"""Reading a blog's library: Hugo's settings, the index brought up to date, and what it holds by language."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from generator.errors import Problem
from generator.library.index import Index
from generator.library.site import site_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.config import Config
    from generator.library.library import Library
    from generator.library.settings import SiteSettings


def libraries_of(config: Config, *languages: str) -> Mapping[str, Library]:
    """The posts of these languages, or of each of the site's, the default one first.

    Raises:
        PostError: a folder may not be read.
    """
    settings, problems = site_settings(config.root, config.cache, timeout=float(config.settings.hugo.timeout))
    with Index(config.root, settings, config.cache) as index:
        index.refresh()
        found = {each: index.library(each) for each in languages or _all(config, settings.languages)}
    problems = (*problems, *_unfollowed(settings, config.file))
    return {
        each: replace(library, problems=(*problems, *library.problems)) for each, library in found.items()
    }


def _unfollowed(settings: SiteSettings, file: str) -> Iterator[Problem]:
    """Settings by which Hugo takes a post for something else than the index does."""
    sources = [each.source for each in settings.mounts]
    inner = [each for each in sources if any(each.startswith(f"{other}/") for other in sources)]
    told = {
        "module.mounts": (
            "pages of a folder that is mounted inside another are indexed at one of their addresses only",
            ", ".join(inner),
        ),
        "frontmatter": (
            "dates of the repository's history (:git) are not followed; the next in the list counts",
            ":git" if settings.git_dates else "",
        ),
        "cascade": (
            "is not followed: the index and feeds take front matter from each page alone",
            "cascade" if settings.cascades else "",
        ),
    }
    for key, (message, found) in told.items():
        if found:
            yield Problem(file=file, column=key, message=message, found=found, fatal=False)


def _all(config: Config, languages: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((config.site.default_language, *languages, config.settings.post.language)))
