"""The state of a blog's data up to each session, so that what was said of a post is known to hold still.

A new session leaves the states of those before it as they are. Asking the sources takes half a second of
imports, so what they said is kept by the times and sizes of their files.
"""

from __future__ import annotations

import bisect
import datetime as dt
import glob
import hashlib
import os
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from generator.errors import DatasetError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.config import Config
    from generator.gate.kept_sessions import Kept
    from generator.gate.knowledge import Knowledge

_NAME = "state"
_BESIDE = ("", "-wal", "-journal")
"""What a database's file name ends in for the files that hold a part of it."""


@dataclass(frozen=True, slots=True)
class DataState:
    """Sessions, oldest first, and the state before the first one, then up to each."""

    days: Sequence[dt.date] = ()
    states: Sequence[str] = ("",)

    def until(self, day: dt.date | None) -> str:
        """The state of the data up to a day, itself included; of all of it for None."""
        return self.states[len(self.days) if day is None else bisect.bisect_right(self.days, day)]


def data_state(knowledge: Knowledge, kept: Kept, code: str) -> DataState:
    """The state now; `code` is a hash of what reads the data.

    Raises:
        ConfigError: a source that is not there.
    """
    if not knowledge.has_sources:
        return DataState()
    files = _state_of_files(knowledge.config)
    key = hashlib.sha256(f"{code} {knowledge.settings.model_dump_json()} {files}".encode()).hexdigest()
    known = kept.get(_NAME, _NAME, key, _read)
    if known is not None:
        return known
    from generator.dataset.load import signatures  # noqa: PLC0415 - start-up

    try:
        found = signatures(knowledge.blog.sources, knowledge.calendar)
    except DatasetError as error:
        return DataState(states=(f"unreadable: {error}",))
    days = sorted(found)
    states = tuple(accumulate((found[day] for day in days), _chained, initial=""))
    kept.put(_NAME, _NAME, key, [[day.isoformat() for day in days], states])
    return DataState(days, states)


def _read(data: Any) -> DataState:
    days, states = data
    return DataState([dt.date.fromisoformat(day) for day in days], states)


def _chained(state: str, signature: str) -> str:
    return hashlib.sha256(f"{state} {signature}".encode()).hexdigest()


def _state_of_files(config: Config) -> str:
    made_of = hashlib.sha256()
    for source in config.settings.sources:
        for path in _files(os.fspath(config.path(source.path))):
            try:
                found = os.stat(path)  # noqa: PTH116 - thousands of them
            except OSError:
                continue
            made_of.update(f"{path}\0{found.st_size} {found.st_mtime_ns} {found.st_ino}\n".encode())
    return made_of.hexdigest()


def _files(pattern: str) -> Iterator[str]:
    """The files of a source: those of a pattern, with all below a folder."""
    for path in sorted(glob.glob(pattern)) or [pattern]:  # noqa: PTH207 - a pattern may be absolute
        if not os.path.isdir(path):  # noqa: PTH112 - as above
            yield from (path + ending for ending in _BESIDE)
            continue
        for folder, folders, names in os.walk(path):
            folders.sort()
            yield from (os.path.join(folder, name) for name in sorted(names))  # noqa: PTH118 - as above
