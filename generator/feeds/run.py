"""One run over a blog's feeds: all of them, those of some terms, or those of posts that changed."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeVar

from generator.errors import ConfigError
from generator.feeds import shelf as shelves
from generator.feeds.composing import folder_of, hubs_of
from generator.feeds.groups import Group, name_of
from generator.feeds.settling import Settler, is_feed
from generator.feeds.survey import survey
from generator.feeds.workshop import Workshop
from generator.files import PlannedFile
from generator.slugs import hugo_slug

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from generator.config import Config
    from generator.errors import Problem
    from generator.feeds.groups import Named
    from generator.feeds.settling import Outcome
    from generator.feeds.survey import Survey
    from generator.library import Library
    from generator.tags.registry import Registry

SHELF = "feeds.sqlite"
"""Where runs keep what they made, in the cache."""

Scope = Literal["all", "changed"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did, or would do."""

    outcomes: tuple[Outcome, ...]
    problems: tuple[Problem, ...]

    def of(self, *states: str) -> tuple[Outcome, ...]:
        """The outcomes of some states."""
        return tuple(each for each in self.outcomes if each.state in states)

    @property
    def largest(self) -> Outcome | None:
        """The largest feed there is now."""
        feeds = (each for each in self.of("new", "changed", "same") if is_feed(each.path))
        return max(feeds, key=lambda each: (each.size, each.path), default=None)


@dataclass(frozen=True, slots=True)
class FeedPlan:
    """What a new post means to the feeds, before anything is written."""

    files: tuple[PlannedFile, ...] = ()
    same: tuple[Path, ...] = ()
    """Feeds that were looked at and are as they should be."""
    stale: tuple[Path, ...] = ()
    """Feeds of ours that go."""
    folders: tuple[Path, ...] = ()
    """Those of the groups: what of ours is in one of them and neither in `files` nor `same` has gone."""
    problems: tuple[Problem, ...] = ()


def bring(
    config: Config,
    libraries: Sequence[Library],
    tags: Mapping[str, Named],
    scope: Scope | Collection[str] = "all",
    *,
    write: bool = True,
    now: datetime | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Bring feeds up to date.

    Args:
        config: the blog's.
        libraries: one for each language of the site.
        tags: the registry, by slug.
        scope: `all`; `changed` for those of posts that are new, changed or gone since the last run; or the
            names of groups (`groups.name_of`).
        write: False to say only what would be done.
        now: see `survey`.
        progress: told how many groups of how many are done.

    Raises:
        ConfigError: the site's address is one that no reader reaches.
    """
    found = survey(config, libraries, tags, now)

    def settled(shelf: shelves.Shelf) -> Report:
        workshop = Workshop(config, found, tags, shelf)
        settler = Settler(config, found, workshop, write=write)
        state = _state(workshop, config, tags)
        names = (
            _changed(found, workshop, state) if scope == "changed" else None if scope == "all" else set(scope)
        )
        wanted = [group for group in found.groups if names is None or group.name in names]
        outcomes: list[Outcome] = []
        for done, group in enumerate(wanted):
            if progress is not None:
                progress(done, len(wanted))
            outcomes += settler.feeds([group])
        folders = None if names is None else _folders(names, config)
        gone = list(settler.stale(folders))
        outcomes += gone
        outcomes += settler.lists()
        if write and not settler.problems and scope in ("all", "changed"):
            _remember(found, workshop, state)
        if write and scope == "all" and not settler.problems:
            shelf.forget_items_but(workshop.used)
        problems = [*found.problems, *found.waiting, *_noted(workshop), *settler.problems]
        return Report(tuple(outcomes), tuple(dict.fromkeys(problems)))

    return _with_shelf(config, settled)


def plan(
    config: Config,
    libraries: Sequence[Library],
    tags: Mapping[str, Named],
    names: Collection[str],
    *,
    now: datetime | None = None,
) -> FeedPlan:
    """The feed files that change with the posts of some groups; arguments as of `bring`.

    A post that is public later is told, and stands in nobody's way.
    """
    found = survey(config, libraries, tags, now)

    def planned(shelf: shelves.Shelf) -> FeedPlan:
        workshop = Workshop(config, found, tags, shelf)
        settler = Settler(config, found, workshop, write=False)
        folders = _folders(names, config)
        outcomes = list(settler.feeds(group for group in found.groups if group.name in names))
        gone = list(settler.stale(folders))
        outcomes += gone
        outcomes += settler.lists()
        waiting = [replace(each, fatal=False) for each in found.waiting]
        problems = [*waiting, *_noted(workshop), *settler.problems]
        return FeedPlan(
            files=tuple(
                PlannedFile(config.feeds / path, content) for path, content in settler.contents.items()
            ),
            same=tuple(config.feeds / each.path for each in outcomes if each.state == "same"),
            stale=tuple(config.feeds / each.path for each in outcomes if each.state == "removed"),
            folders=tuple(config.feeds / folder for folder in sorted(folders)),
            problems=tuple(dict.fromkeys(problems)),
        )

    return _with_shelf(config, planned)


def _with_shelf(config: Config, run: Callable[[shelves.Shelf], T]) -> T:
    """A run with what earlier ones made; where that cannot be written (a full disk), in memory."""
    try:
        with shelves.opened(config.cache / SHELF) as shelf:
            return run(shelf)
    except sqlite3.Error:
        with shelves.opened(None) as shelf:
            return run(shelf)


def terms_of(tags: Collection[str], registry: Registry, libraries: Sequence[Library]) -> set[str]:
    """The names of the groups of tags, in all languages: registered ones, or such that a post lists.

    Raises:
        ConfigError: a tag that neither the registry nor a post knows.
    """
    listed = {hugo_slug(name) for library in libraries for name in library.tag_counts}
    slugs = {name: known.slug if (known := registry.resolve(name)) else hugo_slug(name) for name in tags}
    unknown = [name for name, slug in slugs.items() if slug not in listed and slug not in registry.by_slug]
    if unknown:
        raise ConfigError(f"no tag {', '.join(map(repr, unknown))} under content/tags or in any post")
    return {name_of(library.language, "tags", slug) for library in libraries for slug in slugs.values()}


def _folders(names: Collection[str], config: Config) -> set[str]:
    """Where the files of groups stand, by the groups' names."""
    folders = set()
    for name in names:
        language, _, path = name.partition(" ")
        kind, _, term = path.partition("/")
        empty = Group(kind=kind, term=term, title="", description="", language=language, posts=())
        folders.add(folder_of(empty, config))
    return folders


_STATE = ""
"""Where the shelf's table of posts keeps what all feeds hang on."""


def _state(workshop: Workshop, config: Config, tags: Mapping[str, Named]) -> str:
    """What every feed hangs on beside its posts: settings, code, titles of tags."""
    digest = hashlib.sha256(workshop.code.encode())
    digest.update(repr((config.site, config.settings.feeds, hubs_of(config))).encode())
    digest.update(repr([(slug, tag.title, tag.description) for slug, tag in tags.items()]).encode())
    return digest.hexdigest()


def _changed(found: Survey, workshop: Workshop, state: str) -> set[str] | None:
    """Names of the groups of posts that are not as at the last run; None if all may have changed."""
    known = workshop.shelf.posts()
    if known.pop(_STATE, ("", frozenset()))[0] != state:
        return None
    present = workshop.prints()
    names: set[str] = set()
    for name in known.keys() | present.keys():
        before, after = known.get(name), present.get(name)
        if before != after and name not in found.unreadable:
            names |= (before[1] if before else frozenset()) | (after[1] if after else frozenset())
    return names


def _remember(found: Survey, workshop: Workshop, state: str) -> None:
    known, present = workshop.shelf.posts(), workshop.prints()
    news = {name: each for name, each in present.items() if known.get(name) != each}
    gone = known.keys() - present.keys() - found.unreadable - {_STATE}
    workshop.shelf.record_posts({**news, _STATE: (state, frozenset())}, gone)


def _noted(workshop: Workshop) -> list[Problem]:
    """What was wrong with the posts that feeds hold, in the order of their files."""
    held = sorted(workshop.used.items(), key=lambda each: each[1])
    return [problem for key, _ in held for problem in workshop.shelf.kept[key].problems]
