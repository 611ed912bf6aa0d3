"""The content files below a folder, with what tells cheaply whether one of them may have changed.

A folder whose own signature is as it was holds the same names as then, so only its files are asked for
theirs: ten thousand bundles cost two system calls each. Links are not followed, as Hugo follows none in
content, so no loop of them can catch a walk.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from generator.errors import PostError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SUFFIXES = (".md", ".markdown", ".mdown", ".html", ".htm")
"""Of content that is indexed; Hugo's other formats need programs of their own."""


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
    links: tuple[str, ...]
    """Symbolic links that look like content or like folders of it."""


@dataclass(slots=True)
class Tree:
    """What a walk found; paths are from the root, with `/`."""

    files: dict[str, Signature] = field(default_factory=dict)
    folders: dict[str, Folder] = field(default_factory=dict)

    @property
    def links(self) -> list[str]:
        """Every link that was not followed, by path."""
        return sorted(f"{path}/{name}" for path, folder in self.folders.items() for name in folder.links)


def walk(root: Path, tops: tuple[str, ...], known: Mapping[str, Folder], stamp: int) -> Tree:
    """The content files below each of `tops`.

    Args:
        root: the blog's folder.
        tops: folders below it, from it; one that is not there holds nothing.
        known: the folders of an earlier walk.
        stamp: the file system's time now, in nanoseconds.

    Raises:
        PostError: a folder may not be read.
    """
    tree = Tree()
    for top in tops:
        try:
            found = os.lstat(root / top)
        except (FileNotFoundError, NotADirectoryError):
            continue
        if stat.S_ISDIR(found.st_mode):
            _into(f"{root}{os.sep}", top, _signature(found), known, stamp, tree)
    return tree


def _into(
    prefix: str, path: str, signature: Signature, known: Mapping[str, Folder], stamp: int, tree: Tree
) -> None:
    before = known.get(path)
    if before is None or before.signature != signature or signature.is_racy(before.stamp):
        before = _listed(prefix, path, signature, stamp)
    tree.folders[path] = before
    lstat, files = os.lstat, tree.files
    for name in before.files:
        file = f"{path}/{name}"
        try:
            found = lstat(prefix + file)
        except FileNotFoundError:  # it went away this moment
            continue
        files[file] = _signature(found)
    for name in before.folders:
        folder = f"{path}/{name}"
        try:
            found = lstat(prefix + folder)
        except FileNotFoundError:
            continue
        if stat.S_ISDIR(found.st_mode):
            _into(prefix, folder, _signature(found), known, stamp, tree)


def _signature(found: os.stat_result) -> Signature:
    return Signature(found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)


def _listed(prefix: str, path: str, signature: Signature, stamp: int) -> Folder:
    folders, files, links = [], [], []
    try:
        with os.scandir(prefix + path) as entries:
            for entry in entries:
                name = entry.name
                if is_ignored(name):
                    continue
                if entry.is_symlink():
                    if "." not in name or name.endswith(SUFFIXES):
                        links.append(name)
                elif entry.is_dir(follow_symlinks=False):
                    folders.append(name)
                elif name.lower().endswith(SUFFIXES) and entry.is_file(follow_symlinks=False):
                    files.append(name)
    except FileNotFoundError:
        pass
    except PermissionError as error:
        raise PostError(f"{prefix}{path} cannot be read: {error.strerror}") from error
    return Folder(signature, stamp, tuple(sorted(folders)), tuple(sorted(files)), tuple(sorted(links)))


def is_ignored(name: str) -> bool:
    """Names that Hugo leaves out: hidden ones and what editors leave behind."""
    return name[0] in ".#" or name[-1] == "~"
