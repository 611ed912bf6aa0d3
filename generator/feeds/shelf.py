"""What earlier runs made, in one SQLite file: finished items, and what each feed file was made of.

All of it can be made again. A file that is broken is thrown away, one that cannot be written is done without:
either costs time, not the run.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

_FORMAT = 2
_TABLES = f"""
PRAGMA user_version = {_FORMAT};
CREATE TABLE item (
    key TEXT PRIMARY KEY, size INTEGER NOT NULL, problems TEXT NOT NULL, content BLOB NOT NULL
);
CREATE INDEX item_size ON item (key, size, problems);
CREATE TABLE feed (
    path TEXT PRIMARY KEY, signature TEXT NOT NULL, size INTEGER NOT NULL, moment INTEGER NOT NULL,
    channel TEXT NOT NULL, items TEXT NOT NULL
);
CREATE TABLE post (name TEXT PRIMARY KEY, digest TEXT NOT NULL, groups TEXT NOT NULL);
CREATE TABLE lookup (name TEXT PRIMARY KEY, source TEXT NOT NULL, asked TEXT NOT NULL);
"""


Lookups = tuple[tuple[str, str, str], ...]
"""What a post asked of the blog while it was rendered: kind, path, language."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A finished item's size in bytes, and what was wrong with its post."""

    size: int
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """What a feed file was made of, and how the file then was."""

    signature: str
    size: int
    moment: int
    """The file's time of change, in nanoseconds."""
    channel: str
    """Digest of all but the items."""
    items: tuple[tuple[str, str], ...]
    """Name of the post, and key of its item, in order."""


class Shelf:
    """The open file; see `opened`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.kept: dict[str, Kept] = {
            key: Kept(size, tuple(Problem(**each) for each in json.loads(problems)) if problems else ())
            for key, size, problems in connection.execute("SELECT key, size, problems FROM item")
        }

    def content(self, key: str) -> bytes:
        """A finished item's bytes; KeyError if it is not kept."""
        row = self._connection.execute("SELECT content FROM item WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise KeyError(key)
        return bytes(row[0])

    def keep(self, key: str, content: bytes, problems: Iterable[Problem] = ()) -> Kept:
        """Keep a finished item."""
        found = tuple(problems)
        told = json.dumps([_told(each) for each in found]) if found else ""
        self._connection.execute(
            "INSERT OR REPLACE INTO item VALUES (?, ?, ?, ?)", (key, len(content), told, content)
        )
        self.kept[key] = Kept(len(content), found)
        return self.kept[key]

    def forget_items_but(self, used: Iterable[str]) -> None:
        """Drop items that no feed holds any more."""
        gone = self.kept.keys() - set(used)
        self._connection.executemany("DELETE FROM item WHERE key = ?", ((key,) for key in gone))
        for key in gone:
            del self.kept[key]

    def made(self) -> dict[str, Made]:
        """What all feed files were made of, by path."""
        rows = self._connection.execute("SELECT path, signature, size, moment, channel, items FROM feed")
        return {
            path: Made(signature, size, moment, channel, tuple(_pairs(items)))
            for path, signature, size, moment, channel, items in rows
        }

    def record(self, path: str, made: Made) -> None:
        """Remember what a feed file was made of."""
        items = "\n".join(f"{key} {name}" for name, key in made.items)
        row = (path, made.signature, made.size, made.moment, made.channel, items)
        self._connection.execute("INSERT OR REPLACE INTO feed VALUES (?, ?, ?, ?, ?, ?)", row)

    def forget(self, path: str) -> None:
        """Forget a feed file that is gone."""
        self._connection.execute("DELETE FROM feed WHERE path = ?", (path,))

    def posts(self) -> dict[str, tuple[str, frozenset[str]]]:
        """Digest and groups of every post at the last whole run, by name."""
        rows = self._connection.execute("SELECT name, digest, groups FROM post")
        return {name: (digest, frozenset(groups.split("\n"))) for name, digest, groups in rows}

    def record_posts(
        self, posts: Mapping[str, tuple[str, frozenset[str]]], gone: Collection[str] = ()
    ) -> None:
        """Remember posts as they were fed; forget those that are gone."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO post VALUES (?, ?, ?)",
            ((name, digest, "\n".join(sorted(groups))) for name, (digest, groups) in posts.items()),
        )
        for table in ("post", "lookup"):
            self._connection.executemany(f"DELETE FROM {table} WHERE name = ?", ((name,) for name in gone))  # noqa: S608 - one of two

    def lookups(self) -> dict[str, tuple[str, Lookups]]:
        """What the posts asked when they were rendered, by name: of which source, and the questions."""
        rows = self._connection.execute("SELECT name, source, asked FROM lookup")
        return {
            name: (source, tuple((kind, path, language) for kind, path, language in json.loads(asked)))
            for name, source, asked in rows
        }

    def record_lookups(self, name: str, source: str, asked: Lookups) -> None:
        """Remember what a post asked."""
        row = (name, source, json.dumps(asked, ensure_ascii=False))
        self._connection.execute("INSERT OR REPLACE INTO lookup VALUES (?, ?, ?)", row)

    def save(self) -> None:
        """Make what was kept last."""
        self._connection.commit()


def _told(problem: Problem) -> dict[str, object]:
    return {name: getattr(problem, name) for name in Problem.__dataclass_fields__}


def _pairs(items: str) -> Iterator[tuple[str, str]]:
    for row in items.split("\n") if items else ():
        key, _, name = row.partition(" ")
        yield name, key


@contextmanager
def opened(path: Path | None) -> Iterator[Shelf]:
    """The shelf in a file, made anew if it is missing or broken; in memory where there can be none.

    `sqlite3.Error` comes out of a file that cannot be written: a run is then made again with None, in memory.
    """
    with closing(_connected(path)) as connection:
        shelf = Shelf(connection)
        try:
            yield shelf
        finally:
            try:
                shelf.save()
            except sqlite3.Error:  # a full disk: the next run makes it again
                connection.rollback()


def _connected(path: Path | None) -> sqlite3.Connection:
    if path is not None and (connection := _in_file(path)) is not None:
        return connection
    connection = sqlite3.connect(":memory:")
    _prepare(connection)
    return connection


def _in_file(path: Path) -> sqlite3.Connection | None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for again in (True, False):
            connection = sqlite3.connect(path)
            try:
                version = connection.execute("PRAGMA user_version").fetchone()[0]
                if version == 0:
                    _prepare(connection)
                    version = _FORMAT
                if version == _FORMAT:
                    connection.execute("SELECT 1 FROM feed, post, lookup LIMIT 1").fetchone()
                    return connection
            except sqlite3.DatabaseError:
                if not again:
                    raise
            connection.close()
            path.unlink()
    except (OSError, sqlite3.Error):
        return None
    return None


def _prepare(connection: sqlite3.Connection) -> None:
    connection.executescript(_TABLES)
