"""Finding the content files of one language, one folder deep, and reading their front matter.

Posts and pages are leaf bundles (`<slug>/index.<language>.md`) or single files (`<slug>.md`); tags have an
`_index.md`. Links are left out, as Hugo follows none in content, so no loop of them can catch a walk.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from generator import front_matter
from generator.errors import PostError, Problem
from generator.post import Post, from_text
from generator.slugs import hugo_slug

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Found:
    """A content file with the slug that its name gives it."""

    path: Path
    slug: str


@dataclass(frozen=True, slots=True)
class Section:
    """The files of one section in one language, by name, and folders that hold posts further down."""

    files: tuple[Found, ...]
    deeper: tuple[Path, ...]


def find(folder: Path, language: str, default: str, *, index: str = "index") -> Section:
    """The bundles and single files of a section; `index` is `_index` for branch bundles such as tags.

    A file without a language in its name is in the `default` language.

    Raises:
        PostError: a folder may not be read.
    """
    names = (f"{index}.{language}.md", *((f"{index}.md",) if language == default else ()))
    files: dict[str, Found] = {}
    deeper: list[Path] = []
    for entry in _entries(folder):
        path = folder / entry.name
        if entry.is_dir(follow_symlinks=False):
            within = {each.name for each in _entries(path) if each.is_file(follow_symlinks=False)}
            file = next((name for name in names if name in within), None)
            if file is not None:
                files[entry.name] = Found(path / file, hugo_slug(entry.name))
            elif not any(_is_index(name) for name in within):
                deeper.append(path)
        elif (
            index == "index"
            and entry.is_file(follow_symlinks=False)
            and entry.name.endswith(".md")
            and not entry.name.startswith("_index.")
        ):
            slug, tongue = _named(entry.name)
            if tongue == language or (not tongue and language == default and slug not in files):
                files[slug] = Found(path, hugo_slug(slug))
    return Section(tuple(files.values()), tuple(path for path in deeper if _holds_a_post(path)))


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """What is in a folder, by name, links and hidden files left out; nothing if there is no such folder."""
    try:
        with os.scandir(folder) as entries:
            found = [each for each in entries if not each.is_symlink() and not each.name.startswith(".")]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except PermissionError as error:
        raise PostError(f"{folder} cannot be read: {error.strerror}") from error
    return sorted(found, key=lambda entry: entry.name)


def _is_index(name: str) -> bool:
    return re.fullmatch(r"index(\.[\w-]+)?\.(md|html|adoc|org)", name) is not None


def _named(file: str) -> tuple[str, str]:
    """Slug and language of a single file: `notes.ko.md`."""
    stem = file.removesuffix(".md")
    found = re.fullmatch(r"(.+)\.([a-z]{2,3}(?:-[a-zA-Z]{2,4})?)", stem)
    return (found[1], found[2]) if found else (stem, "")


def _holds_a_post(folder: Path) -> bool:
    within = [folder / each.name for each in _entries(folder) if each.is_dir(follow_symlinks=False)]
    return any(_is_index(each.name) for child in within for each in _entries(child))


def parse(raw: bytes, *, file: str, slug: str, language: str) -> Post:
    """The post in a file's bytes; `file` is how messages call it.

    Raises:
        PostError: it is not UTF-8 or not a post; each problem has its line.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = f"not UTF-8: byte {error.start} cannot be read"
        raise PostError(f"{file}: {message}", [Problem(file=file, line=line, message=message)]) from error
    try:
        return from_text(text, file=file, slug=slug, language=language)
    except PostError as error:
        placed = (replace(each, line=each.line or line_of(each.column, text)) for each in error.problems)
        raise PostError(str(error), placed) from error


def line_of(key: str, text: str) -> int:
    """1-based line of a front matter key in a file's text; the first line if it is not there."""
    found = re.search(rf"^{re.escape(key)}[ \t]*:", text, re.MULTILINE) if key else None
    return text.count("\n", 0, found.start()) + 1 if found else 1


def is_public(path: Path) -> bool:
    """Whether a page is published: readable, and not a draft."""
    try:
        text = path.read_bytes().decode("utf-8")
        span = front_matter.span(text)
        head = front_matter.load(text[slice(*span)])[0] if span else None
    except (OSError, UnicodeDecodeError, front_matter.FrontMatterError):
        return False
    return not (isinstance(head, dict) and head.get("draft"))
