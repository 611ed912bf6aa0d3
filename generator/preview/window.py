"""The window: of a large blog the newest posts, fewer of other languages, so that Hugo rebuilds at once.

What a window holds is copied into the overlay, file by file. So a new post comes in without a restart, a file
that cannot be read never reaches Hugo, and editors that save by renaming cost no rebuild of the whole.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from generator.library.walk import FOREIGN, SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from generator.library import Library

_CONTENT = (*SUFFIXES, *FOREIGN)
_SHARE = 6
"""So a blog in seven languages has but twice as many posts in its window as one in one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What of the content is served; paths are from the blog's folder, with `/`."""

    files: frozenset[str] = frozenset()
    """Those that belong into the overlay."""
    folders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of each source the folders in it that hold no posts: they are served as they are."""


def window(
    root: Path,
    sources: Sequence[str],
    libraries: Iterable[Library],
    *,
    language: str,
    posts: int,
    asked: Collection[str] = (),
) -> Window:
    """The window of a blog as it is now.

    Args:
        root: the blog's folder.
        sources: folders of content that can be cut, from it.
        libraries: the posts by language.
        language: of the posts that are being written.
        posts: how many of it, the newest; of others a sixth.
        asked: files of posts that are in it however old they are.
    """
    every: set[str] = set()
    shown = set(asked)
    for library in libraries:
        listed = [entry.file for entry in library.posts]
        every.update(listed)
        shown.update(listed[: posts if library.language == language else ceil(posts / _SHARE)])
    wanted = {file.rpartition("/")[0] for file in asked if is_bundle(file.rpartition("/")[2])}
    shown.update(file for file in every if file.rpartition("/")[0] in wanted)
    left_out = every - shown
    files: set[str] = set()
    folders: dict[str, tuple[str, ...]] = {}
    for source in sources:
        inner = tuple(_folders(root / source))
        cut = {_first(file, source) for file in every if file.startswith(f"{source}/")}
        folders[source] = tuple(name for name in inner if name not in cut)
        files |= set(_beside(root, source, every))
        for file in shown:
            if file.startswith(f"{source}/"):
                files |= set(_of_post(root, file, source, every))
    return Window(files=frozenset(files - left_out), folders=folders)


def _first(file: str, source: str) -> str:
    """The folder of a source that a file is in, directly or deeper; empty for one in the source itself."""
    below = file.removeprefix(f"{source}/")
    return below.split("/")[0] if "/" in below else ""


def _of_post(root: Path, file: str, source: str, posts: Collection[str]) -> Iterator[str]:
    """A post's files, and those of the sections above it."""
    folder, _, name = file.rpartition("/")
    if is_bundle(name):
        yield from _all_below(root, folder)
        folder = folder.rpartition("/")[0]
    else:
        yield file
    while len(folder) > len(source):
        yield from _beside(root, folder, posts)
        folder = folder.rpartition("/")[0]


def is_bundle(name: str) -> bool:
    """Whether a file of this name makes its folder a post."""
    return name.startswith("index.")


def _all_below(root: Path, folder: str) -> Iterator[str]:
    for here, inner, names in os.walk(root / folder):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        below = Path(here).relative_to(root).as_posix()
        yield from (f"{below}/{name}" for name in sorted(names) if not name.startswith("."))


def _beside(root: Path, folder: str, posts: Collection[str]) -> Iterator[str]:
    """The files of a folder that are no posts: a section's own page, and what belongs to it."""
    try:
        found = sorted(each.name for each in os.scandir(root / folder) if each.is_file())
    except OSError:
        return
    own_page = any(name.startswith("_index.") for name in found)
    for name in found:
        file = f"{folder}/{name}"
        if name.startswith(".") or file in posts:
            continue
        is_content = name.endswith(_CONTENT)
        # What stands beside posts without being one is a page, or belongs to the section's page.
        if is_content or own_page:
            yield file


def _folders(path: Path) -> Iterator[str]:
    try:
        found = sorted(each.name for each in os.scandir(path) if each.is_dir())
    except OSError:
        return
    yield from (name for name in found if not name.startswith("."))
