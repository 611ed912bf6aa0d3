"""The content files below a folder, with what tells cheaply whether one of them may have changed.

A folder whose own signature is as it was holds the same names as then, so only its files are asked for
theirs: ten thousand bundles cost two system calls each. Mostly nothing changed at all, so `look` asks for the
signatures of all known paths in one go, with nothing made of any of them, and only if that differs from
`remembered` is there a walk. Links are not followed, as Hugo follows none in content, so no loop of them can
catch a walk.
"""

from __future__ import annotations

import os
import stat
from array import array
from dataclasses import dataclass, field
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from generator.errors import PostError

if TYPE_CHECKING:
    from collections.abc import Container, Mapping
    from pathlib import Path

SUFFIXES = (".md", ".markdown", ".mdown", ".html", ".htm")
"""Of content that is indexed; Hugo's other formats need programs of their own."""

FOREIGN = (".org", ".adoc", ".asciidoc", ".ad", ".rst", ".pdc", ".pandoc")
"""Of those others."""

ADAPTER = "_content.gotmpl"
"""By which Hugo makes pages of data."""


class Signature(NamedTuple):
    """What changes when a file does, as far as the file system tells."""

    modified: int
    """Nanoseconds since 1970, as `changed`."""
    changed: int
    """Of the inode; a program that sets `modified` back sets this one to now."""
    size: int
    inode: int

    def is_racy(self, stamp: int) -> bool:
        """Whether the file may have been written after it was looked at without its times telling."""
        return self.modified >= stamp or self.changed >= stamp


class Folder(NamedTuple):
    """What a folder held when it was listed."""

    signature: Signature
    stamp: int
    """The file system's time just before it was listed."""
    folders: tuple[str, ...]
    files: tuple[str, ...]
    passed: tuple[str, ...]
    """What is not followed: links that look like content, content adapters, other formats of Hugo's."""
    unnamed: tuple[str, ...]
    """Content and folders whose names are not UTF-8, escaped."""


@dataclass(slots=True)
class Tree:
    """What a walk found; paths are from the root, with `/`."""

    files: dict[str, Signature] = field(default_factory=dict)
    folders: dict[str, Folder] = field(default_factory=dict)


_MISSING = Signature(-1, -1, -1, -1)
_UNSURE = Signature(-2, -2, -2, -2)
"""Of what may have changed since without its signature telling: equal to none."""
_PARTS = attrgetter("st_mtime_ns", "st_ctime_ns", "st_size", "st_ino")
_LARGEST = 2**63 - 1


def look(root: Path, names: bytes) -> bytes:
    """The signatures of these paths now, four signed 64-bit numbers each; `names` as `remembered` joins them.

    All of it runs in C, since a line of Python for each of 20,000 paths would cost as much as the calls.
    """
    start = os.fsencode(root) + b"/"
    paths = (start + names.replace(b"\0", b"\0" + start)).split(b"\0")
    try:
        return array("q", chain.from_iterable(map(_PARTS, map(os.lstat, paths)))).tobytes()
    except (OSError, OverflowError):
        return array("q", chain.from_iterable(map(_one, paths))).tobytes()


def _one(path: bytes) -> Signature:
    try:
        return _signature(os.lstat(path))
    except OSError:
        return _MISSING


def unchanged(names: bytes, before: bytes, now: bytes) -> dict[str, Signature]:
    """The paths of which nothing changed, with their signatures."""
    if len(before) != len(now):
        return {}
    paths = os.fsdecode(names).split("\0")
    pairs = zip(paths, _signatures(before), _signatures(now), strict=True)
    return {path: Signature._make(new) for path, old, new in pairs if old == new != _MISSING}


def _signatures(packed: bytes) -> zip[tuple[int, ...]]:
    numbers = iter(array("q", packed))
    return zip(numbers, numbers, numbers, numbers, strict=True)


def remembered(
    tree: Tree, tops: tuple[str, ...], same: Container[str], unread: Container[str], stamp: int
) -> tuple[bytes, bytes]:
    """The paths that a walk looked at, joined, and their signatures for `look` to be compared with.

    Args:
        tree: what the walk found.
        tops: the folders it started at.
        same: paths known to be as they were.
        unread: files that could not be read, and may be next time.
        stamp: of the walk.
    """
    rows = dict.fromkeys(tops, _MISSING)
    rows.update((path, folder.signature) for path, folder in tree.folders.items())
    rows.update(tree.files)
    sure = (
        each if path in same or not (each.is_racy(stamp) or path in unread) else _UNSURE
        for path, each in rows.items()
    )
    return os.fsencode("\0".join(rows)), array("q", chain.from_iterable(sure)).tobytes()


def walk(
    root: Path,
    tops: tuple[str, ...],
    known: Mapping[str, Folder],
    stamp: int,
    same: Mapping[str, Signature] | None = None,
) -> Tree:
    """The content files below each of `tops`.

    Args:
        root: the blog's folder.
        tops: folders below it, from it; one that is not there holds nothing.
        known: the folders of an earlier walk.
        stamp: the file system's time now, in nanoseconds.
        same: paths that were looked at since `stamp`, and are as they were.

    Raises:
        PostError: a folder may not be read.
    """
    tree = Tree()
    for top in tops:
        _into(f"{root}{os.sep}", top, known, stamp, same or {}, tree)
    return tree


def _into(
    prefix: str,
    path: str,
    known: Mapping[str, Folder],
    stamp: int,
    same: Mapping[str, Signature],
    tree: Tree,
) -> None:
    before = known.get(path)
    signature = same.get(path) if before else None
    if signature is None:
        found = _lstat(prefix, path)
        if found is None or not stat.S_ISDIR(found.st_mode):
            return
        signature = _signature(found)
    if before is None or before.signature != signature or signature.is_racy(before.stamp):
        before = _listed(prefix, path, signature, stamp)
    tree.folders[path] = before
    for name in before.files:
        file = f"{path}/{name}"
        if (seen := same.get(file)) is not None:
            tree.files[file] = seen
        elif (found := _lstat(prefix, file)) is not None:
            tree.files[file] = _signature(found)
    for name in before.folders:
        _into(prefix, f"{path}/{name}", known, stamp, same, tree)


def _lstat(prefix: str, path: str) -> os.stat_result | None:
    """None if it went away."""
    try:
        return os.lstat(prefix + path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except PermissionError as error:
        raise PostError(f"{prefix}{path} cannot be read: {error.strerror}") from error


def _signature(found: os.stat_result) -> Signature:
    # Some file systems number inodes up to 2**64; neither SQLite nor `array` holds that.
    return Signature(found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino & _LARGEST)


def _listed(prefix: str, path: str, signature: Signature, stamp: int) -> Folder:
    found: dict[str, list[str]] = {"folders": [], "files": [], "passed": []}
    unnamed = []
    try:
        with os.scandir(prefix + path) as entries:
            for entry in entries:
                kind = "" if is_ignored(entry.name) else _kind(entry)
                shown = entry.name.encode("utf-8", "backslashreplace").decode()
                if kind and shown != entry.name:
                    unnamed.append(shown)
                elif kind:
                    found[kind].append(shown)
    except FileNotFoundError:
        pass
    except PermissionError as error:
        raise PostError(f"{prefix}{path} cannot be read: {error.strerror}") from error
    return Folder(signature, stamp, *(tuple(sorted(each)) for each in (*found.values(), unnamed)))


def _kind(entry: os.DirEntry[str]) -> str:
    """Where it belongs in a folder's list; empty for what is no content."""
    name = entry.name
    if entry.is_symlink():
        return "passed" if "." not in name or name.endswith(SUFFIXES) else ""
    if entry.is_dir(follow_symlinks=False):
        return "folders"
    if name == ADAPTER or name.endswith(FOREIGN):
        return "passed"
    return "files" if name.lower().endswith(SUFFIXES) and entry.is_file(follow_symlinks=False) else ""


def is_ignored(name: str) -> bool:
    """Names that Hugo leaves out: hidden ones and what editors leave behind."""
    return name[0] in ".#" or name[-1] == "~"
