"""The overlay: a folder below `.marketpost/preview/` that mirrors the blog's, which Hugo sees in its place.

A file is changed where it stands, not by a rename: Hugo takes a renamed one for a new page, and works out
anew which pages hang on which. What is half written is never served, as a second event follows the first.
"""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from generator.errors import SiteError
from generator.lock import claimed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

FOLDER = "preview"
"""In the blog's folder of what can be made again; a preview has a numbered one in it to itself."""

_MOST = 64
"""Previews of one blog at a time."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What a change of the overlay changed; paths are from the blog's folder."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.new or self.changed or self.removed)


class Overlay:
    """One preview's folder."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root, self.folder = root, folder
        self._holds: dict[str, tuple[int, ...]] = {}
        """What it holds; of a copy the signature of what was copied."""
        self._roots: set[Path] = {folder}

    @property
    def name(self) -> str:
        """Its path from the blog's folder."""
        return self.folder.relative_to(self.root).as_posix()

    def __contains__(self, file: str) -> bool:
        """Whether it holds a file, by its path from the blog's folder."""
        return file in self._holds

    def has_folder(self, name: str) -> None:
        """Have a folder that stays, whatever is in it: at one that is not there Hugo never looks."""
        self._roots.add(self.path(name))
        self.path(name).mkdir(parents=True, exist_ok=True)

    def path(self, file: str) -> Path:
        """Where a file of the blog stands in it."""
        return self.folder / file

    def own(self, text: str) -> str:
        """A text with the files of the overlay called by the names that people know."""
        return text.replace(f"{self.name}/", "")

    def bring(self, wanted: Mapping[str, Path | bytes], *, keep: Collection[str] = ()) -> Brought:
        """Have it hold these files and no others.

        Args:
            wanted: by path from the blog's folder: what is copied, or what it is to hold.
            keep: files that stay as they are, wanted or not.
        """
        new: list[str] = []
        changed: list[str] = []
        for file, content in wanted.items():
            if file in keep and file in self._holds:
                continue
            was_there = file in self._holds
            if self.put(file, content):
                (changed if was_there else new).append(file)
        gone = [file for file in self._holds if file not in wanted and file not in keep]
        for file in gone:
            self._remove(file)
        return Brought(tuple(new), tuple(changed), tuple(gone))

    def put(self, file: str, content: Path | bytes) -> bool:
        """Have it hold a file; False if it did already. A file that went away in the meantime is left out."""
        signature: tuple[int, ...] = ()
        if isinstance(content, Path):
            try:
                signature = _signature(content)
                if self._holds.get(file) == signature:
                    return False
                content = content.read_bytes()
            except OSError:
                return False
        path = self.path(file)
        self._holds[file] = signature
        try:
            if path.read_bytes() == content:
                return False
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            return True
        _overwrite(path, content)
        return True

    def differs(self, file: str, source: Path) -> bool:
        """Whether a copy is not of the file as it is now, or there is none."""
        try:
            return self._holds.get(file) != _signature(source)
        except OSError:
            return file in self._holds

    def _remove(self, file: str) -> None:
        del self._holds[file]
        path = self.path(file)
        path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # the first folder that still holds something ends it
            for folder in path.parents:
                if folder in self._roots:
                    break
                folder.rmdir()


def _signature(path: Path) -> tuple[int, ...]:
    found = path.stat()
    return (found.st_mtime_ns, found.st_size, found.st_ino)


def _overwrite(path: Path, content: bytes) -> None:
    """Write over what a file holds; at no moment is it empty."""
    with path.open("r+b") as stream:
        stream.write(content)
        stream.truncate()


@contextlib.contextmanager
def claimed_overlay(root: Path, cache: Path) -> Iterator[Overlay]:
    """A new overlay that no other preview has; it goes with this one.

    Raises:
        SiteError: it cannot be made, or there are too many.
    """
    for number in count():
        if number == _MOST:
            raise SiteError(f"{_MOST} previews of this blog are running; end one of them")
        folder = cache / FOLDER / str(number)
        with contextlib.ExitStack() as held:
            try:
                is_ours = held.enter_context(claimed(folder.with_suffix(".lock")))
                if is_ours:
                    shutil.rmtree(folder, ignore_errors=True)  # one that was killed left it
                    folder.mkdir(parents=True)
            except OSError as error:
                raise SiteError(f"no preview can be made in {folder}: {error.strerror}") from error
            if is_ours:
                held.callback(shutil.rmtree, folder, ignore_errors=True)
                yield Overlay(root, folder)
                return
