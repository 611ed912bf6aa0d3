"""One run at a time on a blog: a second waits, so that no plan rests on what another is about to change."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

try:
    import fcntl
except ImportError:  # Windows has no flock; there a person must not start two runs at once
    fcntl = None  # type: ignore[assignment]  # tested for below

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Held:
    """A lock that is held."""

    descriptors: tuple[int, ...] = ()
    """A program that is to end its work even if we are killed inherits these: the lock is held until then."""


@contextlib.contextmanager
def exclusive(folder: Path) -> Iterator[Held]:
    """Hold the lock of the blog whose cache is `folder`; waits for whoever holds it.

    The system drops it with the process, however that ends. Where no lock file can be made (a read-only
    blog), there is nothing to write either, and none is held.
    """
    descriptors: tuple[int, ...] = ()
    with contextlib.ExitStack() as held:
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            stream = held.enter_context((folder / "lock").open("a", encoding="utf-8"))
            if fcntl is not None:
                fcntl.flock(stream, fcntl.LOCK_EX)
                descriptors = (stream.fileno(),)
        yield Held(descriptors)


@contextlib.contextmanager
def claimed(file: Path) -> Iterator[bool]:
    """Hold a lock of any other thing, if nobody else does; whether it is held. Waits for nobody.

    Raises:
        OSError: the file cannot be made.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as stream:
        try:
            if fcntl is not None:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
