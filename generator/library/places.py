"""What a content file is by where it stands: its kind, section, language and Hugo's path of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from generator.library.settings import Mount, SiteSettings


class Place(NamedTuple):
    """Where a page stands; paths are below the content's root, without slashes around, spelled as files."""

    kind: str
    """`page`, `section`, `home`, `term` or `taxonomy`."""
    language: str
    folder: str
    """Of the page's file, or of its bundle."""
    name: str
    """Of the file without language and suffix, or of the bundle's folder."""
    is_bundle: bool
    sections: str
    """The path of the deepest section that the page is in."""

    @property
    def section(self) -> str:
        """The first folder below the content's root; empty for a page at the root."""
        if self.kind in ("page", "home"):
            return self.folder.partition("/")[0]
        return self.path.partition("/")[0]

    @property
    def path(self) -> str:
        """Folder and name."""
        return f"{self.folder}/{self.name}".strip("/")


class Spot(NamedTuple):
    """A page as links find it; no draft."""

    place: Place
    address: str
    """From the site's root, as `Post.served_at`."""
    published: datetime | None = None
    expires: datetime | None = None

    def is_built(self, now: datetime | None) -> bool:
        """Whether Hugo makes it at a moment; None stands for one at which it makes all."""
        if now is None:
            return True
        waits = self.published is not None and self.published > now
        return not waits and (self.expires is None or self.expires > now)


def places(paths: Iterable[str], settings: SiteSettings) -> dict[str, Place]:
    """The pages among the content files, by path from the blog's root; resources of bundles are left out."""
    split = {path: found for path in paths if (found := _split(path, settings)) is not None}
    split = _one_each(split)
    leaves = {(found.mount, found.folder) for found in split.values() if found.stem == "index"}
    branches = {(found.language, found.folder.lower()) for found in split.values() if found.stem == "_index"}
    plurals = {plural.lower() for plural in settings.taxonomies.values()}
    memo: dict[tuple[Mount, str], bool] = {}

    def is_within_leaf(mount: Mount, folder: str) -> bool:
        """Whether a folder or one above it is a leaf bundle's."""
        key = (mount, folder)
        if key not in memo:
            memo[key] = key in leaves or (bool(folder) and is_within_leaf(mount, folder.rpartition("/")[0]))
        return memo[key]

    made: dict[str, Place] = {}
    for path, found in split.items():
        folder, above = found.folder, found.folder.rpartition("/")[0]
        if found.stem == "index" and folder:
            if not is_within_leaf(found.mount, above):
                made[path] = Place(
                    "page", found.language, above, folder.rpartition("/")[2], True,
                    _section_of(above, found.language, branches),
                )  # fmt: skip
        elif is_within_leaf(found.mount, folder):
            continue
        elif found.stem == "_index":
            kind = _kind(folder, plurals)
            made[path] = Place(kind, found.language, above, folder.rpartition("/")[2], True, folder)
        else:
            sections = _section_of(folder, found.language, branches)
            made[path] = Place("page", found.language, folder, found.stem, False, sections)
    return made


class _Split(NamedTuple):
    mount: Mount
    folder: str
    stem: str
    language: str
    is_said: bool
    """Whether the file's name says the language."""


def _one_each(split: Mapping[str, _Split]) -> dict[str, _Split]:
    """Of two files of one page and language, such as `index.md` and `index.en.md`, the one that says it."""
    best: dict[tuple[str, str, str], str] = {}
    for path in sorted(split):
        found = split[path]
        key = (found.folder.lower(), found.stem.lower(), found.language)
        if key not in best or (found.is_said and not split[best[key]].is_said):
            best[key] = path
    return {path: split[path] for path in best.values()}


def _split(path: str, settings: SiteSettings) -> _Split | None:
    """A file's folder below the content's root, its name and language; None if its language is not built."""
    mount = max(
        (each for each in settings.mounts if path.startswith(f"{each.source}/")),
        key=lambda each: len(each.source),
        default=None,
    )
    if mount is None:
        return None
    folder, _, file = path.removeprefix(f"{mount.source}/").rpartition("/")
    is_said = False
    stem = re.sub(r"\.[A-Za-z]+$", "", file)
    base, dot, tongue = stem.rpartition(".")
    language = mount.languages[0] if mount.languages else settings.default_language
    if dot and base and tongue.lower() in settings.languages:
        stem, language, is_said = base, tongue.lower(), True
    if language not in settings.languages:
        return None
    return _Split(mount, f"{mount.target}/{folder}".strip("/"), stem, language, is_said)


def _section_of(folder: str, language: str, branches: set[tuple[str, str]]) -> str:
    """The deepest folder at or above this one that is a section: one at the top, or one with an `_index`."""
    while "/" in folder and (language, folder.lower()) not in branches:
        folder = folder.rpartition("/")[0]
    return folder


def _kind(folder: str, plurals: set[str]) -> str:
    if not folder:
        return "home"
    top, _, below = folder.lower().partition("/")
    if top in plurals:
        return "term" if below else "taxonomy"
    return "section"


def tops(settings: SiteSettings) -> tuple[str, ...]:
    """The folders to walk: mounts that do not lie in another."""
    sources = sorted({each.source for each in settings.mounts if ".." not in each.source.split("/")})
    return tuple(
        each
        for each in sources
        if not any(each.startswith(f"{other}/") for other in sources if other != each)
    )
