"""Writing files whole or not at all, and leaving equal ones alone."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

State = Literal["new", "changed", "same"]


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

    A reader sees the old bytes or the new ones, never a part (POSIX rename).
    """
    if PlannedFile(path, content).state == "same":
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, path.stat().st_mode & 0o777 if path.exists() else 0o644)  # noqa: PTH101 - a name, not a Path
        os.replace(name, path)  # noqa: PTH105 - the same
    except BaseException:
        os.unlink(name)  # noqa: PTH108 - the same
        raise
    return True


def write_all(planned: Iterable[PlannedFile]) -> list[Path]:
    """Write every planned file; the paths that changed, in order."""
    return [file.path for file in planned if write(file.path, file.content)]
