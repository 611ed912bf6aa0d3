"""A folder that cannot be exchanged for another: its files are replaced one by one.

All are put beside their places first; a list of what is to be done then makes it certain that it will be, by
whoever comes next if we are killed. Until it is done readers may see pages of both sites: what pages need
comes first, then pages, then feeds, and what goes last of all.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from generator import files
from generator.publish.folder_plan import INSIDE, STAGE, Held, Manifest, beside, manifest_text

if TYPE_CHECKING:
    from pathlib import Path

    from generator.publish.folder_plan import FolderPlan

_PLAN = "plan.json"
_LAST = {".html": 1, ".xml": 2, ".json": 2, ".opml": 2}


def replace(site: Path, target: Path, plan: FolderPlan) -> None:
    """Have a folder hold a site.

    Raises:
        OSError: a full disk, a folder that may not be written; if that is so before all files stand beside
            their places the folder is as it was, otherwise the next run goes on.
    """
    stage = target / STAGE
    if stage.exists():
        shutil.rmtree(stage)
    stage.mkdir()
    try:
        ordered = sorted(plan.put, key=lambda file: (_LAST.get(_suffix(file), 0), -file.count("/"), file))
        for number, file in enumerate(ordered):
            shutil.copyfile(site / file, stage / str(number))
            before = target / file
            (stage / str(number)).chmod(before.stat().st_mode & 0o777 if before.is_file() else 0o644)
            with (stage / str(number)).open("rb") as stream:
                os.fsync(stream.fileno())
        files.settle(stage, target)
        what = {"put": ordered, "removed": plan.removed, "digests": plan.digests}
        files.write(stage / _PLAN, json.dumps(what).encode())
        files.settle(stage)
    except BaseException:
        shutil.rmtree(stage, ignore_errors=True)
        raise
    recover(target)


def recover(target: Path) -> None:
    """Do what a killed run was about to do, if all that it takes is there; otherwise take it back."""
    stage = target / STAGE
    if not stage.exists():
        return
    if (stage / _PLAN).exists():
        what = json.loads((stage / _PLAN).read_bytes())
        put, removed = what["put"], what["removed"]
        in_the_way = [each for each in removed if any(_are_within(each, file) for file in put)]
        for file in in_the_way:
            _remove(target, file)
        for number, file in enumerate(put):
            if (stage / str(number)).exists():
                path = target / file
                path.parent.mkdir(parents=True, exist_ok=True)
                (stage / str(number)).replace(path)
                files.settle(path.parent)
        for file in removed:
            _remove(target, file)
        found = {}
        for file, digest in what["digests"].items():
            with suppress(FileNotFoundError):  # somebody removed it since
                state = (target / file).stat()
                found[file] = Held(digest, state.st_size, state.st_mtime_ns)
        remember(target, found)
    shutil.rmtree(stage)


def remember(target: Path, manifest: Manifest) -> None:
    """Write the list of our files: beside the folder, or within it where that is not possible."""
    outside, inside = beside(target, ".json"), target / INSIDE
    path = outside if os.access(target.parent, os.W_OK) else inside
    files.write(path, manifest_text(manifest))
    files.settle(path.parent)
    if path == outside:
        files.remove(inside)


def _are_within(one: str, other: str) -> bool:
    """Whether one of two paths would have to be a folder for the other to be a file."""
    return one.startswith(f"{other}/") or other.startswith(f"{one}/")


def _remove(target: Path, file: str) -> None:
    if (target / file).is_dir():
        return  # what has to be there instead is there already
    if files.remove(target / file):
        files.settle((target / file).parent)
    with suppress(OSError):  # until one that holds something
        for folder in (target / file).relative_to(target).parents[:-1]:
            (target / folder).rmdir()


def _suffix(file: str) -> str:
    return os.path.splitext(file)[1]  # noqa: PTH122 - a name, not a Path
