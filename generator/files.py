"""Writing files whole or not at all, and leaving equal ones alone."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

State = Literal["new", "changed", "same"]

_UNABLE = frozenset({errno.EINVAL, errno.ENOTSUP})
"""What file systems say that cannot sync a folder."""


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file that a run wants to exist, before anything is written."""

    path: Path
    content: bytes

    @property
    def state(self) -> State:
        """`new`, `changed` or `same`, compared with what is on disk now."""
        try:
            return "same" if self.path.read_bytes() == self.content else "changed"
        except FileNotFoundError:
            return "new"


def write(path: Path, content: bytes) -> bool:
    """Write `content` beside `path` and rename it into place; False when it was already there.

    A reader sees the old bytes or the new ones, never a part (POSIX rename). What a killed run left beside
    the path has the same name each time, so the next run takes it over; one run writes at a time (`lock`).
    After a power cut, too, the file is the old one or the new; which of the two, `settle` decides.
    """
    if PlannedFile(path, content).state == "same":
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = half_written(path)
    try:
        with beside.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        beside.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return True


def half_written(path: Path) -> Path:
    """Where `write` has a file until it is whole; a killed run may leave it there."""
    return path.with_name(f".{path.name}.new")


def write_all(planned: Iterable[PlannedFile]) -> list[Path]:
    """Write every planned file; the paths that changed, in order."""
    return [file.path for file in planned if write(file.path, file.content)]


def remove(path: Path) -> bool:
    """Remove a file; False if there was none."""
    try:
        path.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def settle(*folders: Path) -> None:
    """Have what was written to, renamed in or removed from these folders outlive a power cut.

    A rename is a change of the folder, which the system writes when it likes, and in any order. Whoever needs
    one to be there before another settles it in between. A folder that was made is a change of its parent.
    """
    for folder in folders:
        _sync(folder)


def _sync(folder: Path) -> None:
    try:
        opened = os.open(folder, os.O_RDONLY)
    except OSError:  # it is gone, and whoever removed it settles that; or this is Windows, which opens none
        return
    try:
        os.fsync(opened)
    except OSError as error:
        if error.errno not in _UNABLE:
            raise
    finally:
        os.close(opened)
