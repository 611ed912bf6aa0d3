"""A folder that is served, against the site that it is to hold: what is ours in it, and what is not."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from generator.errors import Problem, PublishError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_VERSION = 1
INSIDE = ".marketpost.json"
"""The list of our files, where it cannot stand beside the folder."""
STAGE = ".marketpost-new"
"""Folder within the target for files on their way, where they are replaced one by one."""


class Held(NamedTuple):
    """A file of ours as it was left, so that an unchanged one need not be read."""

    digest: str
    size: int
    modified: int


Manifest = dict[str, Held]
"""Our files in a folder, by path from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderPlan:
    """What becomes of the files of a folder, by path from it, in order."""

    put: tuple[str, ...]
    """New ones, and those of ours that change."""
    kept: tuple[str, ...]
    """Those that are as they should be."""
    removed: tuple[str, ...]
    """Ours that the site no longer has."""
    foreign: tuple[str, ...]
    """Files, and links, of somebody else's."""
    digests: Mapping[str, str] = field(repr=False)
    """Of the site's files."""
    known: Manifest = field(repr=False)

    @property
    def is_done(self) -> bool:
        """Whether there is nothing to do, and all that is ours is known."""
        return not (self.put or self.removed) and self.known.keys() == self.digests.keys()


def beside(target: Path, ending: str) -> Path:
    """A file or folder of ours next to a target."""
    return target.with_name(f".{target.name}.marketpost{ending}")


def manifest_of(target: Path, former: Path | None = None) -> Manifest:
    """Our files in a folder, as the last delivery left them; none if there was none.

    `former` is where what was in the folder is now, should another have taken its place.
    """
    for path in (beside(target, ".json"), (former or target) / INSIDE):
        try:
            return read_manifest(path)
        except (FileNotFoundError, NotADirectoryError):
            continue
    return {}


def read_manifest(path: Path) -> Manifest:
    """A list of our files.

    Raises:
        FileNotFoundError: there is none.
        PublishError: it is not what `manifest_text` gives.
    """
    content = path.read_bytes()
    try:
        data = json.loads(content)
        if data["version"] != _VERSION:
            raise ValueError("another version")  # noqa: TRY301 - told as the others
        return {
            file: Held(str(digest), int(size), int(at)) for file, (digest, size, at) in data["files"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PublishError(
            f"{path} is not what marketpost writes ({error}); remove it, and the files of the site beside it"
        ) from error


def manifest_text(manifest: Mapping[str, Held], **more: object) -> bytes:
    """A list of our files as its file."""
    lines = ",\n".join(
        f"  {json.dumps(file, ensure_ascii=False)}: {json.dumps(held)}"
        for file, held in sorted(manifest.items())
    )
    head = "".join(f" {json.dumps(key)}: {json.dumps(value)},\n" for key, value in more.items())
    return f'{{\n "version": {_VERSION},\n{head} "files": {{\n{lines}\n }}\n}}\n'.encode()


def plan_folder(site: Path, target: Path) -> FolderPlan:
    """What has to be done for a folder to hold a site.

    Raises:
        PublishError: files of somebody else's are where files of the site have to be.
    """
    known, there = manifest_of(target), dict(_files(target))
    digests = {file: _digest(site / file) for file, _ in _files(site)}

    def digest(file: str) -> str:
        """Of a file in the folder; empty for a link or the like."""
        found = there[file]
        if not stat.S_ISREG(found.st_mode):
            return ""
        held = known.get(file)
        if held and (held.size, held.modified) == (found.st_size, found.st_mtime_ns):
            return held.digest
        return _digest(target / file)

    ours = {file for file, held in known.items() if file in there and digest(file) == held.digest}
    put, kept, clashing = [], [], set()
    above = {parent for file in there for parent in _parents(file)}
    for file in sorted(digests):
        if file in there:
            if digest(file) == digests[file]:
                kept.append(file)
                continue
            clashing |= {file} - ours
        elif file in above:
            clashing |= {each for each in there.keys() - ours if each.startswith(f"{file}/")}
        clashing |= {parent for parent in _parents(file) if parent in there and parent not in ours}
        put.append(file)
    if clashing:
        raise PublishError(
            f"{target} holds files that are not ours where the site has to be",
            [
                Problem(
                    file=str(target / file),
                    message="was not put there by marketpost, or was changed since",
                    remedy="Move it away, or publish into a folder of its own",
                )
                for file in sorted(clashing)[:20]
            ],
        )
    return FolderPlan(
        put=tuple(put),
        kept=tuple(kept),
        removed=tuple(sorted(ours - digests.keys())),
        foreign=tuple(sorted(there.keys() - ours - digests.keys())),
        digests=digests,
        known=known,
    )


def require_apart(root: Path, path: Path) -> Path:
    """The folder that a target names, with links followed.

    Raises:
        PublishError: it is a file, or one of the blog's own folders.
    """
    target, home = Path(os.path.realpath(path)), Path(os.path.realpath(root))
    if target.exists() and not target.is_dir():
        raise PublishError(f"{path} is a file; publish into a folder")
    below = target.relative_to(home).parts[:1] if target.is_relative_to(home) else ()
    if home.is_relative_to(target) or (below and below[0] in _OWN):
        raise PublishError(f"{path} is part of the blog itself; publish into a folder of its own")
    return target


_OWN = frozenset({
    ".git", ".marketpost", "archetypes", "assets", "content", "data", "datasets", "feeds", "i18n", "layouts",
    "public", "resources", "static", "themes",
})  # fmt: skip
"""Folders of a blog, by name."""


def _parents(file: str) -> Iterator[str]:
    while file := file.rpartition("/")[0]:
        yield file


def _files(folder: Path, below: str = "") -> Iterator[tuple[str, os.stat_result]]:
    """All that is no folder, by path, without what we keep there for ourselves; links are not followed."""
    if not (folder / below).exists():
        return
    for each in listed(folder / below):
        if not below and each.name in {INSIDE, STAGE}:
            continue
        path = f"{below}{each.name}"
        if each.is_dir(follow_symlinks=False):
            yield from _files(folder, f"{path}/")
        else:
            yield path, each.stat(follow_symlinks=False)


def listed(folder: Path) -> list[os.DirEntry[str]]:
    """What is in a folder, by name."""
    with os.scandir(folder) as within:
        return sorted(within, key=lambda each: each.name)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
