"""Which files a person means."""

from __future__ import annotations

import datetime as dt
import os
import re
from typing import TYPE_CHECKING

from generator.errors import ConfigError, PostError, SiteError
from generator.process import run

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from generator.gate.content import Content, Leaf

LATEST = "latest"
_GIT_SECONDS = 30.0


def named(content: Content, names: Iterable[str], *, root: Path) -> frozenset[str]:
    """The files of posts or pages: by path of a file or a folder, address, date, slug, or `latest`.

    All languages of a post are meant, unless it is named by the path of one file.

    Raises:
        PostError: no file of that name.
    """
    return frozenset(file for name in names for file in _named(content, name, root))


def _named(content: Content, name: str, root: Path) -> list[str]:
    posts = [leaf for leaf in content.leaves.values() if leaf.is_post]
    if name == LATEST:
        return _latest(posts)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", name):
        found = _of_day(posts, name)
    else:
        leaves = [(leaf, leaf.entry.post) for leaf in content.leaves.values() if leaf.entry]
        bare = name.strip("/")
        slug = bare.rpartition("/")[2]
        found = (
            _at_path(content, name, root)
            or [leaf for leaf, post in leaves if post.served_at and post.served_at.strip("/") == bare]
            or [leaf for leaf, post in leaves if leaf.is_post and post.slug == slug]
        )
    if not found:
        default = next(iter(content.libraries.values()))
        default.find(name)  # tells which names come near
        raise PostError(f"no post {name!r}")
    return [leaf.file for leaf in found]


def _latest(posts: Iterable[Leaf]) -> list[str]:
    """The newest post, in all its languages."""
    dated = [(leaf.entry.post.date, leaf) for leaf in posts if leaf.entry]
    if not dated:
        raise PostError("there is no post yet")
    newest = max(dated, key=lambda each: (each[0], each[1].file))[1]
    folder, stem = _bundle(newest.file)
    return [leaf.file for leaf in posts if _bundle(leaf.file) == (folder, stem)]


def _bundle(file: str) -> tuple[str, str]:
    """Folder of a file, and its name without language and suffix."""
    folder, _, name = file.rpartition("/")
    return folder, name.split(".", 1)[0]


def _of_day(posts: Iterable[Leaf], name: str) -> list[Leaf]:
    try:
        day = dt.date.fromisoformat(name)
    except ValueError as error:
        raise PostError(f"{name!r} is no date") from error
    entries = [(leaf, leaf.entry.post) for leaf in posts if leaf.entry]
    about = [leaf for leaf, post in entries if post.session == day]
    return about or [leaf for leaf, post in entries if post.date.date() == day]


def _at_path(content: Content, name: str, root: Path) -> list[Leaf]:
    """The file of a path, or all below a folder; from where the person is, else from the blog's folder."""
    for start in (os.getcwd(), os.fspath(root)):  # noqa: PTH109 - pathlib has none that leaves links as they are
        path = os.path.relpath(os.path.join(start, name), root).replace(os.sep, "/")  # noqa: PTH118 - the same
        if path in content.leaves:
            return [content.leaves[path]]
        below = "" if path == "." else f"{path}/"
        if found := [leaf for file, leaf in content.leaves.items() if file.startswith(below)]:
            return found
    return []


def changed(content: Content, clean: Mapping[str, str], *, root: Path, since: str) -> frozenset[str]:
    """The files that differ from a commit, by git.

    Where there is no git: those that are not as they were when they were last found without errors.

    Args:
        content: all that is there.
        clean: digests of files as they were when no error was found in them.
        root: the blog's folder.
        since: the commit; empty for the last one.

    Raises:
        ConfigError: a commit that git does not know, or one that is named where there is no git.
    """
    paths = _by_git(root, since)
    if paths is None:
        return frozenset(file for file, leaf in content.leaves.items() if clean.get(file) != leaf.digest)
    return frozenset(content.leaves.keys() & paths)


def _by_git(root: Path, since: str) -> set[str] | None:
    """Paths from the blog's folder; None without git, or without a commit."""
    if since.startswith("-"):
        raise ConfigError(f"{since!r} is no commit")

    def git(*arguments: str) -> list[str] | None:
        try:
            done = run(["git", *arguments], cwd=root, timeout=_GIT_SECONDS)
        except SiteError:
            return None
        return done.stdout.split("\0") if done.code == 0 else None

    if git("rev-parse", "--verify", "--quiet", f"{since or 'HEAD'}^{{commit}}") is None:
        if since:
            raise ConfigError(f"git knows no commit {since!r} here")
        return None
    differing = git("diff", "--name-only", "--relative", "-z", since or "HEAD", "--", ".")
    untracked = git("ls-files", "--others", "--exclude-standard", "-z", "--", ".")
    if differing is None or untracked is None:
        return None
    return {path for path in (*differing, *untracked) if path}
