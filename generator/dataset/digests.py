"""What each session of a file with many sessions hashes to, kept so that an unchanged file is not read."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from generator import files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_VERSION = 1


def stat_text(*paths: Path) -> str:
    """Size and time of change of files, missing ones left out: tells a changed file without reading it."""
    parts = []
    for path in paths:
        with suppress(FileNotFoundError):
            stat = path.stat()
            parts.append(f"{path.name}:{stat.st_size}:{stat.st_mtime_ns}")
    return hashlib.blake2b("/".join(parts).encode(), digest_size=16).hexdigest()


def frame_digests(frame: pd.DataFrame, session: str) -> dict[date, str]:
    """A hash over the rows of each session, in their order; `session` names the column of their day."""
    if frame.empty:
        return {}
    hashes = pd.util.hash_pandas_object(frame.drop(columns=session), index=False).to_numpy()
    codes, days = pd.factorize(frame[session].to_numpy(), sort=True)
    order = np.argsort(codes, kind="stable")
    parts = np.split(hashes[order], np.searchsorted(codes[order], np.arange(1, len(days))))
    return {
        pd.Timestamp(day).date(): hashlib.blake2b(part.tobytes(), digest_size=16).hexdigest()
        for day, part in zip(days, parts, strict=True)
    }


class Digests:
    """The hashes kept in `folder`, one small file for each source file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(
        self,
        path: Path,
        compute: Callable[[Path], Mapping[date, str]],
        *,
        key: str = "",
        with_files: tuple[Path, ...] = (),
    ) -> dict[date, str]:
        """The hash of each session in `path`: as kept, or computed anew when the file has changed.

        Args:
            path: The file.
            compute: Reads it and hashes its sessions; whatever it raises passes through and nothing is kept.
            key: What else the result hangs on, such as a mapping of columns.
            with_files: Files beside it that hold a part of its content (a write-ahead log).
        """
        state = f"{_VERSION} {key} {stat_text(path, *with_files)}"
        kept = self._kept(path, state)
        if kept is not None:
            return kept
        computed = dict(sorted(compute(path).items()))
        content = {"state": state, "sessions": {day.isoformat(): text for day, text in computed.items()}}
        # A folder that cannot be written costs time, not the run.
        with suppress(OSError):
            files.write(self._place(path), json.dumps(content).encode())
        return computed

    def days(self, path: Path, *, key: str = "", with_files: tuple[Path, ...] = ()) -> frozenset[date] | None:
        """The sessions in `path` if that is known without reading it."""
        kept = self._kept(path, f"{_VERSION} {key} {stat_text(path, *with_files)}")
        return None if kept is None else frozenset(kept)

    def _place(self, path: Path) -> Path:
        name = hashlib.blake2b(str(path.resolve()).encode(), digest_size=8).hexdigest()
        return self._folder / f"{path.stem}-{name}.json"

    def _kept(self, path: Path, state: str) -> dict[date, str] | None:
        try:
            content = json.loads(self._place(path).read_bytes())
            if content["state"] != state:
                return None
            return {date.fromisoformat(day): str(text) for day, text in content["sessions"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
