"""Which files of the blog are looked at, and what it means when one of them changes.

Hugo watches by itself what it serves; of layouts, static files and the like we only hear, so that it can be
started again once a fault is mended.
"""

from __future__ import annotations

import glob
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from generator import config_files
from generator.config import AllStocksSource, FolderSource
from generator.dataset.session_file import NOTES_FILE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from generator.config import Config

Kind = Literal["configuration", "notes", "data", "content", "wording", "site"]

_STEP = 20
"""Milliseconds without a further change after which changes are told."""
_LONGEST = 200
"""Milliseconds for which they are gathered at most."""
_BEAT = 100
"""Milliseconds after which it is told that nothing changed."""
_PATIENCE = 10.0
"""Seconds until it is looked at all of a large blog."""
_BESIDE = ("-wal", "-journal", ".wal")
"""What a database's log is called beside it."""

_SITE = ("layouts", "static", "assets", "i18n", "data", "archetypes", "themes")
"""Folders that Hugo serves of, unless it is told otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sights:
    """What is looked at; absolute paths."""

    root: str
    folders: tuple[tuple[Kind, str], ...]
    """With all below them; the first that a file is in decides."""
    files: tuple[tuple[Kind, str], ...]
    """Single ones."""

    def kind(self, path: str) -> Kind | None:
        """What the change of a file means; None if nothing."""
        if os.path.basename(path).startswith("."):  # noqa: PTH119 - a name; a file on its way to its own
            return None
        for kind, own in self.files:
            if path == own:
                return kind
        for kind, folder in self.folders:
            if path == folder or path.startswith(folder + os.sep):
                is_notes = kind == "data" and os.path.basename(path) == NOTES_FILE  # noqa: PTH119 - a name
                return "notes" if is_notes else kind
        return None

    def trees(self) -> frozenset[str]:
        """The folders that are there; none is inside another."""
        there = sorted({folder for _, folder in self.folders if os.path.isdir(folder)})  # noqa: PTH112 - text
        tops: list[str] = []
        for each in there:
            if not any(each.startswith(top + os.sep) for top in tops):
                tops.append(each)
        return frozenset(tops)

    def places(self) -> frozenset[str]:
        """The folders in which something may appear: those of single files, and of folders not there yet."""
        missing = [folder for _, folder in self.folders if not os.path.isdir(folder)]  # noqa: PTH112 - text
        single = [file for _, file in self.files]
        above = {os.path.dirname(each) for each in (*missing, *single)}  # noqa: PTH120 - text
        return frozenset(_nearest(each) for each in {self.root, *above})


def _nearest(path: str) -> str:
    """The folder, or the one above it that is there."""
    while not os.path.isdir(path):  # noqa: PTH112 - text
        path = os.path.dirname(path)  # noqa: PTH120 - text
    return path


def sights(root: Path, config: Config | None, *, content: Sequence[str], served: Iterable[str]) -> Sights:
    """What is looked at of a blog.

    Args:
        root: its folder.
        config: None if it cannot be read.
        content: folders of content, from the blog's.
        served: what else Hugo mounts, from the blog's folder.
    """
    wording = Path(__file__).parents[1] / "wording"
    folders: list[tuple[Kind, str]] = [("configuration", str(root / "config"))]
    files: list[tuple[Kind, str]] = [("configuration", str(root / name)) for name in config_files.NAMES]
    if config is not None:
        for kind, path, is_folder in _sources(config):
            (folders if is_folder else files).append((kind, path))
        files.append(("content", str(config.path(config.settings.check.baseline))))
    folders += [("content", os.path.normpath(root / each)) for each in content]
    folders += [("site", os.path.normpath(root / each)) for each in (*served, *_SITE)]
    folders.append(("wording", str(wording)))
    return Sights(root=str(root), folders=tuple(dict.fromkeys(folders)), files=tuple(dict.fromkeys(files)))


def _sources(config: Config) -> Iterator[tuple[Kind, str, bool]]:
    for source in config.settings.sources:
        path = os.path.normpath(config.path(source.path))
        if isinstance(source, FolderSource):
            yield "data", path, True
        elif isinstance(source, AllStocksSource) and not os.path.isfile(path):  # noqa: PTH113 - text
            yield "data", _without_pattern(path), True
        else:
            yield from (("data", path + ending, False) for ending in ("", *_BESIDE))


def _without_pattern(path: str) -> str:
    """The folder that all files of a pattern are in, or below."""
    while glob.has_magic(path) or not os.path.isdir(path):  # noqa: PTH112 - text
        path = os.path.dirname(path)  # noqa: PTH120 - text
    return path


class Watch:
    """Looks at files, and tells of changes in threads of its own."""

    def __init__(self, told: Callable[[Collection[str]], None]) -> None:
        self._told = told
        self._groups: dict[bool, tuple[frozenset[str], threading.Event]] = {}
        """By whether what is below is looked at, too: the paths, and what ends it."""

    def look_at(self, seen: Sights) -> frozenset[str]:
        """Look at these and nothing else, from when this returns.

        Returns:
            The folders that nobody looked at before: what changed in them until now was not told.
        """
        new: frozenset[str] = frozenset()
        while (wanted := {True: seen.trees(), False: seen.places()}) != {
            is_deep: paths for is_deep, (paths, _) in self._groups.items()
        }:
            for is_deep, paths in wanted.items():
                before, ends = self._groups.get(is_deep, (frozenset[str](), None))
                if paths != before:
                    self._begin(paths, is_deep=is_deep)
                    new |= paths - before
                    if ends is not None:
                        _later(ends.set)  # it may still have something to tell that came before
        return new

    def stop(self) -> None:
        """Look at nothing any more."""
        for _, ends in self._groups.values():
            ends.set()
        self._groups.clear()

    def _begin(self, paths: frozenset[str], *, is_deep: bool) -> None:
        ends, begun = threading.Event(), threading.Event()
        self._groups[is_deep] = (paths, ends)
        if not paths:
            return
        threading.Thread(
            target=self._run, args=(sorted(paths), ends, begun, is_deep), name="watching", daemon=True
        ).start()
        begun.wait(_PATIENCE)

    def _run(
        self, paths: Sequence[str], ends: threading.Event, begun: threading.Event, is_deep: bool
    ) -> None:
        from watchfiles import watch  # noqa: PLC0415 - start-up

        found = watch(
            *paths,
            watch_filter=None,
            debounce=_LONGEST,
            step=_STEP,
            stop_event=ends,
            rust_timeout=_BEAT,
            yield_on_timeout=True,
            raise_interrupt=False,
            recursive=is_deep,
            ignore_permission_denied=True,
        )
        for changes in found:
            begun.set()  # an empty set of changes says as much
            if changes:
                self._told({path for _, path in changes})


def _later(call: Callable[[], None]) -> None:
    """Call it once all that was gathered by now has been told."""
    timer = threading.Timer(5 * _LONGEST / 1000, call)
    timer.daemon = True
    timer.start()
