"""The user's index, told of files that a commit of ours has; what they staged themselves stays staged.

git takes a lock for this, `index.lock`, which a killed program leaves behind. Ours is a link to a file that
is known to be ours, so whoever comes next can tell.
"""

from __future__ import annotations

import contextlib
import filecmp
import hashlib
import os
import shutil
import time
from typing import TYPE_CHECKING

from generator.files import settle
from generator.publish.committing import index_info

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from generator.publish.repository import Repository

_TRIES = 20
_PAUSE = 0.25


def tell(repository: Repository, names: Collection[str], commit: str) -> str:
    """Bring some files up to date in the user's index.

    Returns:
        Empty, or what the user is to do because another program holds the index.
    """
    if not names:
        return ""
    drop_leftovers(repository)
    given = index_info({**dict.fromkeys(names), **repository.blobs(commit, names)})
    for _ in range(_TRIES):
        if _told(repository, given):
            return ""
        time.sleep(_PAUSE)
    lock = _lock(repository)
    shown = " ".join(sorted(names)[:3]) + (" …" if len(names) > 3 else "")  # noqa: PLR2004 - enough to tell
    return (
        f"another program holds {lock}, so git still takes the files of this publish for changed; when it is "
        f"done (or if it is dead: once you have removed that file), run `git reset --quiet -- {shown}`"
    )


def drop_leftovers(repository: Repository) -> None:
    """Remove what a killed run of ours left beside the index: nothing was done with it yet."""
    own, lock = _own(repository), _lock(repository)
    own.with_name(f"{own.name}.lock").unlink(missing_ok=True)
    if not own.exists():
        return
    if lock.exists() and _is_same(own, lock):
        lock.unlink()
    own.unlink()


def _is_same(own: Path, lock: Path) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return own.samefile(lock) or filecmp.cmp(own, lock, shallow=False)
    return False


def _told(repository: Repository, given: bytes) -> bool:
    """Make the new index and put it in place; False if another program is at it."""
    own, index, lock = _own(repository), repository.index, _lock(repository)
    before = _state(index)
    if lock.exists():
        return False
    try:
        if before is not None:
            # With its time: git takes files that are as old as the index for possibly changed.
            shutil.copy2(index, own)
        environment = {"GIT_INDEX_FILE": str(own)}
        repository.git.do("update-index", "-z", "--index-info", given=given, environment=environment)
        # Only so that git need not read the files again; it fails if others are changed, which is fine.
        repository.git.ask("update-index", "-q", "--refresh", environment=environment)
        if not _took(own, lock):
            return False
        if _state(index) != before:
            lock.unlink()
            return False
        lock.replace(index)
        settle(index.parent)
        return True
    finally:
        own.unlink(missing_ok=True)


def _took(own: Path, lock: Path) -> bool:
    """Take git's lock, with the new index in it; False if somebody else has it."""
    try:
        os.link(own, lock)
    except FileExistsError:
        return False
    except OSError:  # a file system without links
        try:
            with lock.open("xb") as stream:
                stream.write(own.read_bytes())
        except FileExistsError:
            return False
    return True


def _state(index: Path) -> tuple[int, int, int] | None:
    try:
        found = index.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _lock(repository: Repository) -> Path:
    return repository.index.with_name(repository.index.name + ".lock")


def _own(repository: Repository) -> Path:
    """The new index, in git's folder: a link, and a rename, must stay on one file system.

    Two blogs may share a repository, each with a lock of its own.
    """
    blog = hashlib.sha256(os.fsencode(repository.prefix)).hexdigest()[:8]
    return repository.folder / f"marketpost-{blog}-index"
