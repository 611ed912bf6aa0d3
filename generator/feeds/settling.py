"""Bringing the files of feeds up to date: what is as it should be is not opened, what changed says why."""

from __future__ import annotations

import errno
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from generator import files
from generator.errors import PostError, Problem
from generator.feeds import addresses, json_feed, lists, rss
from generator.feeds.composing import Composed, compose, folder_of
from generator.feeds.groups import Group, names_of, taxonomies_in
from generator.feeds.shelf import Made
from generator.slugs import hugo_slug

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from generator.config import Config
    from generator.feeds.survey import Survey
    from generator.feeds.workshop import Workshop

State = Literal["new", "changed", "same", "removed", "held", "refused"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file."""

    path: str
    """From the folder of feeds."""
    state: State
    size: int = 0
    """Bytes as it should be."""
    reasons: tuple[str, ...] = ()
    """Why it was written, removed or left."""


_HOPELESS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
_PATIENCE = 5
"""Files in a row that cannot be written, before the rest is left."""
_FILE = re.compile(r"feed\.xml|feed\.json|feed-\d{4}(-\d+)?\.(xml|json)")


class Settler:
    """One run over the files of feeds."""

    def __init__(self, config: Config, found: Survey, workshop: Workshop, *, write: bool) -> None:
        self._config = config
        self._survey = found
        self._workshop = workshop
        self._write = write
        self._made = workshop.shelf.made()
        self._failures = 0
        self._expected: set[str] = set()
        self.problems: list[Problem] = []
        self.contents: dict[str, bytes] = {}
        """Of a run that does not write: the files that it would."""

    def feeds(self, wanted: Iterable[Group]) -> Iterator[Outcome]:
        """Bring the feeds of groups up to date, with their archives."""
        for group in wanted:
            if self._given_up:
                return
            try:
                composed = list(compose(group, self._workshop, self._config))
            except PostError as error:
                self.problems += error.problems or (Problem(file=group.path, message=str(error)),)
                yield self._held(folder_of(group, self._config) + addresses.FEED_FILE, str(error))
                continue
            for each in composed:
                self._expected.add(each.path)
                yield self._settled(each)

    def lists(self) -> Iterator[Outcome]:
        """Bring the lists of all feeds up to date; they wait while a post cannot be read."""
        if self._survey.unreadable:
            return
        for path, content in lists.all_lists(self._survey.groups, self._config):
            if not self._given_up:
                yield self._compared(path, content)

    def stale(self, folders: Collection[str] | None = None) -> Iterator[Outcome]:
        """Remove feeds of ours that no group has, in some folders or in all; or empty them, by setting."""
        root = self._config.feeds
        known = {folder_of(group, self._config) for group in self._survey.groups}
        for path in sorted(_found(root, folders)):
            if path in self._expected or self._given_up:
                continue
            content = _read(root / path)
            if content is None or not is_ours(path, content):
                continue
            folder, _, name = path.rpartition("/")
            folder = f"{folder}/" if folder else ""
            if folder not in known and name == addresses.FEED_FILE and (empty := self._emptied(folder)):
                yield self._settled(empty)
            elif lost := self._lost(path):
                yield self._held(path, f"{lost} cannot be read")
            else:
                yield self._removed(path)

    @cached_property
    def _named(self) -> frozenset[str]:
        """The groups that posts belong to, those without a feed too."""
        return frozenset().union(*(names_of(post) for post in self._survey.posts.values()))

    @property
    def _given_up(self) -> bool:
        return self._failures >= _PATIENCE

    def _settled(self, composed: Composed) -> Outcome:
        path, made = composed.path, self._made.get(composed.path)
        if lost := self._lost(path):
            return self._held(path, f"{lost} cannot be read")
        signature = composed.signature
        stat = _stat(self._config.feeds / path)
        untouched = made is not None and stat == (made.size, made.moment)
        if made is not None and untouched and made.signature == signature:
            return Outcome(path, "same", made.size)
        content = composed.content(self._workshop)
        outcome = self._compared(
            path, content, _reasons(composed, made, there=stat is not None, untouched=untouched)
        )
        if self._write and outcome.state in {"new", "changed", "same"}:
            now = _stat(self._config.feeds / path)
            if now is not None:
                record = Made(signature, *now, composed.head, composed.items)
                self._workshop.shelf.record(path, record)
        return outcome

    def _compared(self, path: str, content: bytes, reasons: tuple[str, ...] = ()) -> Outcome:
        target = self._config.feeds / path
        present = _read(target)
        if present == content:
            return Outcome(path, "same", len(content))
        if present is not None and not is_ours(path, present):
            self.problems.append(
                Problem(
                    file=self._shown(path),
                    message="is not a file that this program made, so it stays as it is",
                    remedy="Move it away to get ours",
                )
            )
            return Outcome(path, "refused", len(present))
        state: State = "new" if present is None else "changed"
        if self._write:
            try:
                files.write(target, content)
                self._failures = 0
            except OSError as error:
                return self._failed(path, error)
        else:
            self.contents[path] = content
        return Outcome(path, state, len(content), reasons or _plainly(state))

    def _removed(self, path: str) -> Outcome:
        if self._write:
            target = self._config.feeds / path
            try:
                target.unlink(missing_ok=True)
            except OSError as error:
                return self._failed(path, error)
            with suppress(OSError):  # until one that holds something
                for folder in target.relative_to(self._config.feeds).parents[:-1]:
                    (self._config.feeds / folder).rmdir()
            self._workshop.shelf.forget(path)
        return Outcome(path, "removed", reasons=("no post, or too few, for this feed",))

    def _failed(self, path: str, error: OSError) -> Outcome:
        self._failures = _PATIENCE if error.errno in _HOPELESS else self._failures + 1
        remedy = "Mend it and run again: what was written stays, what was not is as it was"
        self.problems.append(
            Problem(
                file=self._shown(path), message=f"cannot be written: {error.strerror or error}", remedy=remedy
            )
        )
        return Outcome(path, "refused", reasons=(str(error.strerror or error),))

    def _held(self, path: str, reason: str) -> Outcome:
        self._expected.add(path)
        return Outcome(path, "held", reasons=(reason,))

    def _lost(self, path: str) -> str:
        """A post that cannot be read now and that the feed held; empty for none."""
        if not self._survey.unreadable:
            return ""
        made = self._made.get(path)
        if made is None:
            return min(self._survey.unreadable) if path not in self._expected else ""
        return next((name for name, _ in made.items if name in self._survey.unreadable), "")

    def _emptied(self, folder: str) -> Composed | None:
        """The feed without items of a term that lost its last post, where that is wanted."""
        settings = self._config.settings.feeds
        group = _group_of(folder, self._config)
        if settings.when_empty != "empty" or group is None or group.kind not in settings.groups:
            return None
        if group.term in {hugo_slug(name) for name in settings.deny}:
            return None
        if group.name in self._named:
            return None  # it has posts, only too few
        tag = self._workshop.tags.get(group.term) if group.kind == "tags" else None
        named = Group(
            kind=group.kind,
            term=group.term,
            title=tag.title if tag else group.term,
            description=tag.description if tag else "",
            language=group.language,
            posts=(),
        )
        return next(iter(compose(named, self._workshop, self._config)))

    def _shown(self, path: str) -> str:
        return (self._config.feeds / path).relative_to(self._config.root).as_posix()


def is_feed(path: str) -> bool:
    """Whether a file's name is that of a feed, and not of a list of feeds."""
    return _FILE.fullmatch(path.rpartition("/")[2]) is not None


def is_ours(path: str, content: bytes) -> bool:
    """Whether a file under the folder of feeds was written by this program."""
    if path.endswith(".json"):
        return json_feed.is_ours(content)
    return rss.is_ours(content) if is_feed(path) else lists.is_ours(content)


def _group_of(folder: str, config: Config) -> Group | None:
    parts = folder.strip("/").split("/")
    language = config.site.default_language
    if parts[0] in addresses.languages(config.site) and parts[0] != language:
        language = parts.pop(0)
    if len(parts) < 2 or parts[0] not in taxonomies_in(config.settings.feeds):  # noqa: PLR2004 - taxonomy and term
        return None
    return Group(
        kind=parts[0], term="/".join(parts[1:]), title="", description="", language=language, posts=()
    )


def _found(root: Path, folders: Collection[str] | None) -> Iterator[str]:
    """Files that look like feeds, from the folder of feeds."""
    if folders is not None:
        for folder in folders:
            with suppress(FileNotFoundError, NotADirectoryError):
                yield from (
                    f"{folder}{each.name}" for each in os.scandir(root / folder) if _FILE.fullmatch(each.name)
                )
        return
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        with suppress(FileNotFoundError, NotADirectoryError), os.scandir(root / folder) as within:
            for each in within:
                if each.is_dir(follow_symlinks=False):
                    waiting.append(f"{folder}{each.name}/")
                elif _FILE.fullmatch(each.name) and each.is_file(follow_symlinks=False):
                    yield f"{folder}{each.name}"


def _reasons(composed: Composed, made: Made | None, *, there: bool, untouched: bool) -> tuple[str, ...]:
    if not there:
        return ("there was no such file",)
    if made is None:
        return ("it differs from what the posts give, and no run remembers making it",)
    before, after = dict(made.items), dict(composed.items)
    why = [] if untouched else ["another hand changed the file"]
    if made.channel != composed.head:
        why.append("what the feed says of itself changed: its title, a setting, an archive")
    why += [f"new: {name}" for name in after if name not in before]
    why += [f"changed: {name}" for name in after if before.get(name, after[name]) != after[name]]
    why += [f"left: {name}" for name in before if name not in after]
    return tuple(why)


def _plainly(state: State) -> tuple[str, ...]:
    return ("there was no such file",) if state == "new" else ("the feeds there are changed",)


def _stat(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - as below, once a feed
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
