"""Changes to many files, all of them or none, whenever the program is killed or the power goes.

First everything that is needed to do and to undo them is put aside and settled, then the journal that tells
of it; only then is the first file changed. Until the changes are decided they are undone by whoever finds the
journal, after that they are done. No space is needed to put a file in its place: a link and a rename do it.

    <folder>/journal.json    what is to change; while it is there, something is unfinished
    <folder>/decision.json   by what is known that it was decided
    <folder>/run/before/<n>  a file as it was, <folder>/run/after/<n> as it is to be
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator import files
from generator.errors import PublishError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

JOURNAL = "journal.json"
_DECISION = "decision.json"
_RUN = "run"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Step:
    """A file that changes: hashes of what it held and is to hold, None for no file."""

    path: Path
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """Changes that were begun."""

    folder: Path
    id: str
    steps: tuple[Step, ...]
    made: tuple[Path, ...]
    """Folders that were not there before."""

    # Doing it

    def apply(self) -> None:
        """Change all files.

        Raises:
            PublishError: somebody changed one of them meanwhile.
            OSError: one cannot be changed.
        """
        if left := self.redo():
            raise PublishError(f"{left[0]} was changed while it was being published; publish again")

    def decide(self, decision: Mapping[str, str] | None = None) -> None:
        """From here on the changes stand; or, where a decision is told, once that has come about."""
        data = {"id": self.id, **(decision or {})}
        files.write(self.folder / _DECISION, json.dumps(data).encode())
        files.settle(self.folder)

    def close(self) -> None:
        """Forget the changes, which are done or undone."""
        files.remove(self.folder / JOURNAL)
        files.settle(self.folder)
        files.remove(self.folder / _DECISION)
        shutil.rmtree(self.folder / _RUN, ignore_errors=True)

    # Whoever finds it

    def decision(self) -> Mapping[str, str] | None:
        """What was told as the decision, which is empty if that is all; None if there was none yet."""
        try:
            decision: dict[str, str] = json.loads((self.folder / _DECISION).read_bytes())
        except FileNotFoundError:
            return None
        return decision if decision.pop("id") == self.id else None

    def redo(self) -> tuple[Path, ...]:
        """See that the changes are done; the files that somebody changed meanwhile, which stay so."""
        return self._bring("after", lambda step: step.after, over=lambda step: step.before)

    def undo(self) -> tuple[Path, ...]:
        """See that the changes are undone; otherwise as `redo`."""
        left = self._bring("before", lambda step: step.before, over=lambda step: step.after)
        for folder in sorted(self.made, reverse=True):
            with suppress(OSError):  # somebody put something into it, or it was never made
                folder.rmdir()
        return left

    def _bring(
        self, side: str, wanted: Callable[[Step], str | None], *, over: Callable[[Step], str | None]
    ) -> tuple[Path, ...]:
        """Have all files as on one side, as far as they are as on the other."""
        left: list[Path] = []
        # What goes, first: it may be where something else has to be, and what it took is free.
        numbered = sorted(enumerate(self.steps), key=lambda each: wanted(each[1]) is not None)
        for number, step in numbered:
            files.half_written(step.path).unlink(missing_ok=True)  # of a run that was killed
            now = _digest(step.path)
            if now == wanted(step):
                continue
            if now != over(step):
                left.append(step.path)
            elif wanted(step) is None:
                files.remove(step.path)
            else:
                _put(self.folder / _RUN / side / str(number), step.path)
        folders = {*(step.path.parent for step in self.steps), *(each.parent for each in self.made)}
        files.settle(*sorted(folders))
        return tuple(left)


def begin(folder: Path, name: str, changes: Mapping[Path, bytes | None]) -> Journal:
    """Put aside all that changes of files need, and write the journal. No file is changed yet.

    Args:
        folder: ours, for the journal; on the file system of most of the files.
        name: what the changes are known by.
        changes: what files are to hold, None for one that goes; those that hold it already are left out.

    Raises:
        OSError: a full disk, or a file that may not be read; nothing has changed.
    """
    run = folder / _RUN
    if run.exists():
        shutil.rmtree(run)
    files.remove(folder / _DECISION)
    for side in ("before", "after"):
        (run / side).mkdir(parents=True)
    steps: list[Step] = []
    for path, content in changes.items():
        before, after = _digest(path), None if content is None else hashlib.sha256(content).hexdigest()
        if before == after:
            continue
        number = str(len(steps))
        if before is not None:
            _set_aside(path, run / "before" / number)
        if content is not None:
            files.write(run / "after" / number, content)
            if before is not None:
                (run / "after" / number).chmod(path.stat().st_mode & 0o777)
        steps.append(Step(path, before, after))
    made = tuple(dict.fromkeys(each for step in steps for each in _missing(step.path.parent)))
    # Up to the blog's folder: in a fresh clone this is the first that is written beside it.
    files.settle(run / "before", run / "after", run, folder, *list(folder.parents)[:2])
    data = {
        "version": _VERSION,
        "id": name,
        "steps": [[os.fspath(step.path), step.before, step.after] for step in steps],
        "made": [os.fspath(each) for each in made],
    }
    files.write(folder / JOURNAL, json.dumps(data, indent=1).encode())
    files.settle(folder)
    return Journal(folder=folder, id=name, steps=tuple(steps), made=made)


def unfinished(folder: Path) -> Journal | None:
    """The journal that a run left, if it did.

    Raises:
        PublishError: it is not what `begin` writes.
    """
    try:
        data: Any = json.loads((folder / JOURNAL).read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise PublishError(f"{folder / JOURNAL} cannot be read: {error}; move {folder} away") from error
    if data.get("version") != _VERSION:
        raise PublishError(
            f"{folder / JOURNAL} is of another version of marketpost; finish the publish with that one"
        )
    steps = tuple(Step(Path(path), before, after) for path, before, after in data["steps"])
    return Journal(folder=folder, id=data["id"], steps=steps, made=tuple(map(Path, data["made"])))


def _digest(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _missing(folder: Path) -> Iterable[Path]:
    while not folder.exists():
        yield folder
        folder = folder.parent


def _set_aside(path: Path, place: Path) -> None:
    """Keep a file as it is: put back, it is the same file with the same times."""
    try:
        os.link(path, place)
    except OSError:  # another file system, or one without links
        shutil.copy2(path, place)
        _settle_content(place)


def _put(source: Path, path: Path) -> None:
    """Have a file be what was set aside, in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = files.half_written(path)
    try:
        os.link(source, beside)
    except OSError:
        shutil.copy2(source, beside)
        _settle_content(beside)
    beside.replace(path)
    beside.unlink(missing_ok=True)  # a rename of a file to itself does nothing


def _settle_content(path: Path) -> None:
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
