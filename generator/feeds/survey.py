"""What feeds there should be: the public posts of all languages in their groups, and what is in the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.errors import Problem
from generator.feeds import addresses
from generator.feeds.groups import groups, require_known
from generator.feeds.listing import listed
from generator.front_matter import line_of_key
from generator.library.finding import Finder
from generator.post import to_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from pathlib import Path

    from generator.config import Config
    from generator.feeds.groups import Group, Named
    from generator.feeds.listing import Listed
    from generator.library import Entry, Library
    from generator.library.settings import SiteSettings


@dataclass(frozen=True, slots=True)
class Survey:
    """The groups of the blog, or of those of its languages that were looked at."""

    groups: tuple[Group, ...]
    posts: Mapping[str, Listed]
    """Public posts by the name of their file."""
    unreadable: frozenset[str]
    """Names of posts that are there and cannot be read: feeds that held them are left as they are."""
    problems: tuple[Problem, ...]
    """Of the library: what could not be read, or only in part."""
    finder: Finder
    """Finds what the posts link to."""
    sites: Mapping[str, SiteSettings]
    """Hugo's settings, by language."""
    waiting: tuple[Problem, ...] = ()
    """Of each post that is public later."""


def survey(
    config: Config, libraries: Iterable[Library], tags: Mapping[str, Named], now: datetime | None = None
) -> Survey:
    """Look at the posts of some languages.

    Args:
        config: the blog's.
        libraries: one a language.
        tags: the registry, by slug.
        now: posts to be shown after it, or no longer, are left out, as Hugo leaves them out; None for all.

    Raises:
        ConfigError: the site's address is one that no reader reaches, or a group of feeds is none of its.
    """
    addresses.require_public(config.site, config.file)
    libraries = tuple(libraries)
    require_known(
        config.settings.feeds, [name for library in libraries for name in library.site.taxonomies.values()]
    )
    finder = Finder(config.root, libraries, now)
    found: list[Group] = []
    posts: dict[str, Listed] = {}
    problems: list[Problem] = []
    waiting: list[Problem] = []
    for library in libraries:
        problems.extend(library.problems)
        public: list[Listed] = []
        for entry in library.posts:
            if entry.post.draft:
                continue
            if now is not None and entry.expires is not None and entry.expires <= now:
                continue
            if now is not None and (entry.published or entry.post.date) > now:
                waiting.append(_future(entry, config.root))
                continue
            public.append(listed(entry, config, finder))
        posts.update((post.name, post) for post in public)
        found.extend(groups(public, library.language, tags, config.settings.feeds))
    unreadable = frozenset(
        problem.file for library in libraries for problem in library.problems if problem.fatal
    )
    sites = {library.language: library.site for library in libraries}
    return Survey(tuple(found), posts, unreadable, tuple(problems), finder, sites, tuple(waiting))


def _future(entry: Entry, root: Path) -> Problem:
    try:
        text = entry.path.read_bytes().decode("utf-8", "replace")
    except OSError:  # not written yet, or gone since it was indexed
        text = to_text(entry.post)
    published = entry.published or entry.post.date
    keys = ("date",) if published == entry.post.date else ("publishDate", "pubdate", "published")
    line, key = max((line_of_key(each, text), each) for each in keys)
    return Problem(
        file=entry.path.relative_to(root).as_posix(),
        line=line,
        column=key,
        message="is dated in the future: Hugo leaves it out until then, and so do feeds",
        found=published.isoformat(),
        remedy="Run `marketpost feeds` after that time, or mend the date",
    )
