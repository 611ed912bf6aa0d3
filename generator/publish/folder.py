"""A folder that a web server serves: the whole site is put there in one step, or nothing is.

The new folder is built beside the old one, with links to all that stays, and the two change places. What is
not ours stays, also what somebody writes there meanwhile. Where folders cannot change places, for one is a
mount point, files are replaced one by one (`in_place`).

    .<name>.marketpost.json      our files in the folder
    .<name>.marketpost-new       the new folder until they change places, the old one afterwards
    .<name>.marketpost-new.json  our files in the new one, and which folder that is
    .<name>.marketpost-old       the old one, where they cannot change places in one step
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

from generator import files
from generator.publish import in_place
from generator.publish.exchange import exchange
from generator.publish.folder_plan import (
    INSIDE,
    STAGE,
    Held,
    Manifest,
    beside,
    listed,
    manifest_of,
    manifest_text,
    plan_folder,
    read_manifest,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.publish.folder_plan import FolderPlan

_MANY = 64
"""Files from which it is quicker to have the system write all that waits than each by itself."""
_NOT_HERE = frozenset({errno.EXDEV, errno.EBUSY, errno.EACCES, errno.EPERM, errno.EROFS, errno.EMLINK})
"""What the system says where a folder cannot be built beside another and take its place."""


def deliver(site: Path, target: Path) -> tuple[FolderPlan, str]:
    """Have a folder hold a site.

    Args:
        site: as it was built.
        target: see `require_apart`.

    Returns:
        What was done, and a note for the user; empty if there is none.

    Raises:
        PublishError: files of somebody else's are in the way.
        OSError: a full disk, a folder that may not be written; the folder is as it was.
    """
    recover(target)
    plan = plan_folder(site, target)
    if plan.is_done:
        return plan, ""
    if not (plan.put or plan.removed):
        in_place.remember(target, _manifest(plan, target))
        return plan, ""
    if reason := _cannot_move(target):
        in_place.replace(site, target, plan)
        return plan, f"{target} {reason}, so its files were replaced one by one"
    try:
        _build(site, target, plan)
        _take_place(target)
    except OSError as error:
        _drop(target)
        if error.errno not in _NOT_HERE:
            raise
        in_place.replace(site, target, plan)
        return plan, f"{target} cannot be exchanged ({error.strerror}), so its files were replaced one by one"
    recover(target)
    return plan, ""


def recover(target: Path) -> None:
    """Finish, or take back, what a killed run left: the folder holds the one site or the other, whole."""
    in_place.recover(target)
    new, old, told = beside(target, "-new"), beside(target, "-old"), beside(target, "-new.json")
    if told.exists():
        root = json.loads(told.read_bytes())["root"]
        if not target.exists() and new.exists() and new.stat().st_ino == root:
            new.replace(target)
            files.settle(target.parent)
        if target.exists() and target.stat().st_ino == root:
            _finish(target, old if old.exists() else new, told)
    elif old.exists() and not target.exists():
        old.replace(target)
    _drop(target)


def _finish(target: Path, former: Path, told: Path) -> None:
    """The new folder is in place: take over what was written into the former one meanwhile."""
    if former.exists():
        ours = read_manifest(told).keys() | manifest_of(target, former).keys()
        for path, _ in _walk(former):
            if path in ours:
                continue
            there, here = former / path, target / path
            if os.path.lexists(here) and here.lstat().st_ino == there.lstat().st_ino:
                continue
            here.parent.mkdir(parents=True, exist_ok=True)
            here.unlink(missing_ok=True)
            os.link(there, here, follow_symlinks=False)
    told.replace(beside(target, ".json"))
    files.settle(target.parent)
    (target / INSIDE).unlink(missing_ok=True)


def _drop(target: Path) -> None:
    """Remove what is of no use beside a folder."""
    for path in (beside(target, "-new"), beside(target, "-old")):
        if path.exists():
            shutil.rmtree(path)
    told = beside(target, "-new.json")
    for path in (told, files.half_written(told), files.half_written(beside(target, ".json"))):
        path.unlink(missing_ok=True)


def _cannot_move(target: Path) -> str:
    """Why a folder cannot change places with another; empty if it can."""
    if not target.exists():
        return ""
    if target.is_mount():
        return "is a mount point"
    if not os.access(target.parent, os.W_OK | os.X_OK):
        return "stands in a folder that may not be written"
    device = target.stat().st_dev
    if any(found.st_dev != device for _, found in _walk(target, folders=True)):
        return "spans file systems"
    return ""


def _build(site: Path, target: Path, plan: FolderPlan) -> None:
    """Build the new folder beside the old one, and settle it."""
    new = beside(target, "-new")
    target.parent.mkdir(parents=True, exist_ok=True)
    new.mkdir()
    _make_like(target, new)
    made = {""}

    def place(file: str) -> Path:
        folder = file.rpartition("/")[0]
        missing = []
        while folder not in made:
            missing.append(folder)
            folder = folder.rpartition("/")[0]
        for each in reversed(missing):
            (new / each).mkdir()
            _make_like(target / each if (target / each).is_dir() else target, new / each)
            made.add(each)
        return new / file

    for file in (*plan.kept, *plan.foreign):
        os.link(target / file, place(file), follow_symlinks=False)
    for folder, _ in _empty_folders(target):
        if not any(f"{folder}/".startswith(f"{file}/") for file in plan.put):
            place(f"{folder}/")
    owner = target.stat() if target.exists() else None
    for file in plan.put:
        path = place(file)
        shutil.copyfile(site / file, path)
        before = (target / file).stat() if (target / file).is_file() else None
        path.chmod(stat.S_IMODE(before.st_mode) if before else 0o644)
        if owner is not None:
            _give(path, before or owner)
    _settle(new, plan, made)
    told = beside(target, "-new.json")
    files.write(told, manifest_text(_manifest(plan, new), root=new.stat().st_ino))
    files.settle(target.parent)


def _settle(new: Path, plan: FolderPlan, made: set[str]) -> None:
    if len(plan.put) + len(made) > _MANY:
        os.sync()
        return
    for file in plan.put:
        with (new / file).open("rb") as stream:
            os.fsync(stream.fileno())
    files.settle(*(new / folder for folder in made))


def _take_place(target: Path) -> None:
    new, old = beside(target, "-new"), beside(target, "-old")
    if not target.exists():
        new.replace(target)
    elif not exchange(new, target):
        target.replace(old)
        new.replace(target)
    files.settle(target.parent)


def _manifest(plan: FolderPlan, folder: Path) -> Manifest:
    """The site's files as they are in a folder."""
    found = {}
    for file, digest in plan.digests.items():
        state = (folder / file).stat()
        found[file] = Held(digest, state.st_size, state.st_mtime_ns)
    return found


def _make_like(model: Path, folder: Path) -> None:
    """Have a folder belong to whom another does, with the same rights."""
    if not model.is_dir():
        folder.chmod(0o755)
        return
    _give(folder, model.stat())
    with suppress(PermissionError):
        shutil.copystat(model, folder)


def _give(path: Path, owner: os.stat_result) -> None:
    now = path.stat()
    if (now.st_uid, now.st_gid) != (owner.st_uid, owner.st_gid):
        with suppress(PermissionError):
            os.chown(path, owner.st_uid, owner.st_gid)


def _walk(folder: Path, below: str = "", *, folders: bool = False) -> Iterator[tuple[str, os.stat_result]]:
    """Files and links of a folder, or its folders, by path."""
    for each in listed(folder / below):
        path = f"{below}{each.name}"
        if each.is_dir(follow_symlinks=False):
            if folders:
                yield path, each.stat()
            if below or each.name != STAGE:
                yield from _walk(folder, f"{path}/", folders=folders)
        elif not folders and (below or each.name != INSIDE):
            yield path, each.stat(follow_symlinks=False)


def _empty_folders(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Folders that hold nothing: nobody's, so they stay."""
    if not folder.exists():
        return
    for path, found in _walk(folder, folders=True):
        if not listed(folder / path):
            yield path, found
