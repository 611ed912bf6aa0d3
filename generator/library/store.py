"""The index as a SQLite file: what the walk saw, what each page is, and what others keep by a page's digest.

It can be made again at any time, so no trouble with it stops a run: a file that is damaged is made anew, and
where none can be written the index stands in memory. What it holds is read as data, never run.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sqlite3
from dataclasses import astuple
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from generator.errors import Problem
from generator.goldmark.shortcodes import Use
from generator.library.outline import Outline, outlines
from generator.library.places import Place
from generator.library.reading import Page
from generator.library.values import decode, encode
from generator.library.walk import Folder, Signature

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

FILE = "library.sqlite"
_LAYOUT = 5
"""Of the tables below; a file of another one is made anew."""

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE seen (names BLOB NOT NULL, signatures BLOB NOT NULL);
CREATE TABLE folders (path TEXT PRIMARY KEY, modified INT, changed INT, size INT, inode INT, stamp INT,
    folders TEXT, files TEXT, passed TEXT, unnamed TEXT) WITHOUT ROWID;
CREATE TABLE files (path TEXT PRIMARY KEY, modified INT, changed INT, size INT, inode INT, stamp INT,
    digest TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE places (path TEXT PRIMARY KEY, kind TEXT, language TEXT, folder TEXT, name TEXT, bundle INT,
    sections TEXT) WITHOUT ROWID;
CREATE TABLE pages (path TEXT PRIMARY KEY, kind TEXT NOT NULL, language TEXT NOT NULL, section TEXT NOT NULL,
    address TEXT NOT NULL, digest TEXT NOT NULL, title TEXT, slug TEXT, url TEXT, description TEXT, date TEXT,
    lastmod TEXT, published TEXT, expires TEXT, draft INT, rendered INT, listed INT, terms TEXT, session TEXT,
    stocks TEXT, links TEXT, lists TEXT, extra TEXT, problems TEXT, undated TEXT, zone INT) WITHOUT ROWID;
CREATE INDEX page_address ON pages (address);
CREATE INDEX page_digest ON pages (digest);
CREATE TABLE terms (taxonomy TEXT, term TEXT, path TEXT, PRIMARY KEY (taxonomy, term, path)) WITHOUT ROWID;
CREATE INDEX term_path ON terms (path);
CREATE TABLE failures (path TEXT PRIMARY KEY, problems TEXT) WITHOUT ROWID;
CREATE TABLE parts (digest TEXT, kind TEXT, key TEXT, bytes BLOB NOT NULL, PRIMARY KEY (digest, kind, key));
"""


class Known(NamedTuple):
    """A file as it was when it was read."""

    signature: Signature
    stamp: int
    digest: str


class Row(NamedTuple):
    """A page with what it hangs on."""

    path: str
    place: Place
    address: str
    digest: str
    page: Page


class Store:
    """The tables. Not for several threads at once."""

    def __init__(self, cache: Path | None) -> None:
        """Open `library.sqlite` in the folder `cache`; None keeps it in memory."""
        self._file = cache / FILE if cache else None
        self._stamp_file = cache / "library.stamp" if cache else None
        self._connection = self._opened()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _opened(self) -> sqlite3.Connection:
        if self._file is not None:
            for _ in range(2):
                try:
                    self._file.parent.mkdir(parents=True, exist_ok=True)
                    return _with_tables(sqlite3.connect(self._file, timeout=2, isolation_level=None))
                except sqlite3.OperationalError:
                    break  # read-only, full, or held by a run that does not end
                except sqlite3.DatabaseError:
                    with contextlib.suppress(OSError):
                        self._file.unlink(missing_ok=True)
                except OSError:
                    break
        self._file = None
        return _with_tables(sqlite3.connect(":memory:", isolation_level=None))

    def renew(self, *, damaged: bool) -> None:
        """Go on in memory, as the file is of no use; a damaged one is of none to later runs either."""
        with contextlib.suppress(sqlite3.Error):
            self._connection.close()
        if damaged and self._file is not None:
            with contextlib.suppress(OSError):
                self._file.unlink(missing_ok=True)
        self._file = None
        self._connection = self._opened()

    def stamp(self) -> int:
        """The file system's time now, in nanoseconds: what is written from here on is not older.

        No clock is asked: that of a file server may differ from ours. Where nothing can be written, 0, by
        which every file may have changed.
        """
        if self._stamp_file is None:
            return 0
        try:
            self._stamp_file.parent.mkdir(parents=True, exist_ok=True)
            with self._stamp_file.open("wb"):
                pass
            os.utime(self._stamp_file)
            return self._stamp_file.stat().st_mtime_ns
        except OSError:
            return 0

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """All that is written within, or nothing."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def meta(self, key: str) -> str:
        """What was kept under a name; empty if nothing was."""
        row = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def set_meta(self, key: str, value: str) -> None:
        """Keep a value under a name."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def forget(self) -> None:
        """Drop all pages, so that every file is read again; parts stay, as they hang on content alone."""
        for table in ("files", "places", "pages", "terms", "failures"):
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names

    # What the walk saw

    def seen(self) -> tuple[bytes, bytes]:
        """All paths with their signatures, as `walk.remembered` has them; in one row, to be had at once."""
        row = self._connection.execute("SELECT names, signatures FROM seen").fetchone()
        return (bytes(row[0]), bytes(row[1])) if row else (b"", b"")

    def set_seen(self, names: bytes, signatures: bytes) -> None:
        """Keep them."""
        self._connection.execute("DELETE FROM seen")
        self._connection.execute("INSERT INTO seen VALUES (?, ?)", (names, signatures))

    def left_out(self, why: Literal["passed", "unnamed"]) -> list[str]:
        """What the walk left out, by path: what it does not follow, or names that are not UTF-8."""
        found = self._connection.execute(f"SELECT path, {why} FROM folders WHERE {why} != ''")  # noqa: S608 - ours
        return sorted(f"{path}/{name}" for path, names in found for name in names.split("/"))

    def folders(self) -> dict[str, Folder]:
        """Every folder as it was listed."""
        found = self._connection.execute("SELECT * FROM folders")
        return {
            row[0]: Folder(
                Signature(*row[1:5]), row[5], *(tuple(text.split("/")) if text else () for text in row[6:])
            )
            for row in found
        }  # fmt: skip

    def set_folders(self, changed: Mapping[str, Folder], gone: Iterable[str]) -> None:
        """Keep folders as they were listed now."""
        rows = [
            (path, *each.signature, each.stamp, *("/".join(names) for names in each[2:]))
            for path, each in changed.items()
        ]
        self._connection.executemany(f"INSERT OR REPLACE INTO folders VALUES ({_marks(10)})", rows)  # noqa: S608 - marks
        self._connection.executemany("DELETE FROM folders WHERE path = ?", [(path,) for path in gone])

    def files(self) -> dict[str, Known]:
        """Every file as it was read."""
        found = self._connection.execute("SELECT * FROM files")
        return {row[0]: Known(Signature(*row[1:5]), row[5], row[6]) for row in found}

    def set_files(self, changed: Mapping[str, Known], gone: Iterable[str]) -> None:
        """Keep files as they were read now; a file that is gone takes its page along."""
        rows = [(path, *each.signature, each.stamp, each.digest) for path, each in changed.items()]
        self._connection.executemany(f"INSERT OR REPLACE INTO files VALUES ({_marks(7)})", rows)  # noqa: S608 - marks
        self._connection.executemany("DELETE FROM files WHERE path = ?", [(path,) for path in gone])

    def places(self) -> dict[str, Place]:
        """Where every page stands."""
        found = self._connection.execute("SELECT * FROM places")
        return {row[0]: Place(row[1], row[2], row[3], row[4], bool(row[5]), row[6]) for row in found}

    def set_places(self, found: Mapping[str, Place], gone: Iterable[str]) -> None:
        """Keep where pages stand."""
        self._connection.executemany(
            f"INSERT OR REPLACE INTO places VALUES ({_marks(7)})",  # noqa: S608 - marks
            [(path, *place) for path, place in found.items()],
        )
        self._connection.executemany("DELETE FROM places WHERE path = ?", [(path,) for path in gone])

    # Pages

    def put_page(self, row: Row) -> None:
        """Keep a page in place of what was there."""
        self.drop_page(row.path)
        page = row.page
        self._connection.execute(
            f"INSERT INTO pages VALUES ({_marks(26)})",  # noqa: S608 - marks
            (
                row.path, row.place.kind, row.place.language, row.place.section, row.address, row.digest,
                page.title, page.slug, page.url, page.description, _text(page.date), _text(page.lastmod),
                _text(page.published), _text(page.expires), page.draft, page.is_rendered, page.is_listed,
                encode(page.terms), _text(page.session), encode(page.stocks), encode(page.links),
                encode([astuple(each) for each in page.lists]),
                encode(page.extra), encode([astuple(each) for each in page.problems]),
                encode(astuple(page.undated)) if page.undated else None, page.assumed_zone,
            ),
        )  # fmt: skip
        self._connection.executemany(
            "INSERT OR IGNORE INTO terms VALUES (?, ?, ?)",
            [(taxonomy, name, row.path) for taxonomy, names in page.terms.items() for name in names],
        )

    def drop_page(self, path: str) -> None:
        """Forget a page, or that its file could not be read."""
        for table in ("pages", "terms", "failures"):
            self._connection.execute(f"DELETE FROM {table} WHERE path = ?", (path,))  # noqa: S608 - our own names

    def put_failure(self, path: str, problems: Iterable[Problem]) -> None:
        """Keep why a file could not be read."""
        self.drop_page(path)
        self._connection.execute(
            "INSERT INTO failures VALUES (?, ?)", (path, encode([astuple(each) for each in problems]))
        )

    def set_addresses(self, addresses: Mapping[str, str]) -> None:
        """Change the addresses of pages, by path."""
        self._connection.executemany(
            "UPDATE pages SET address = ? WHERE path = ?", [(each, path) for path, each in addresses.items()]
        )

    def rows(
        self, where: str = "", arguments: tuple[object, ...] = (), *, without: Collection[str] = ()
    ) -> Iterator[Row]:
        """The pages that meet a condition of ours, by path, but for some paths."""
        columns = "places.kind, places.language, folder, name, bundle, sections, pages.*"
        found = self._connection.execute(
            f"SELECT {columns} FROM pages JOIN places USING (path) {where} ORDER BY pages.path",  # noqa: S608 - ours
            arguments,
        )
        for row in found:
            if row[_PATH] not in without:
                yield _row(row)

    def outlines(self) -> Iterator[Outline]:
        """What links hang on of every page, by path."""
        return outlines(self._connection)

    def addresses(self, language: str) -> list[tuple[str, str]]:
        """Path and address of every page of a language that Hugo makes, drafts left out."""
        found = self._connection.execute(
            "SELECT path, address FROM pages WHERE language = ? AND rendered AND NOT draft AND address != ''"
            " ORDER BY path",
            (language,),
        )
        return list(found)

    def failures(self) -> list[tuple[str, tuple[Problem, ...]]]:
        """Why files could not be read, by path."""
        found = self._connection.execute("SELECT path, problems FROM failures ORDER BY path")
        return [(path, _problems(text)) for path, text in found]

    def dated_by_section(self) -> list[tuple[str, int]]:
        """How many pages with a date each section at the top holds, the fullest first, then by name."""
        found = self._connection.execute(
            "SELECT section, COUNT(*) AS dated FROM pages WHERE kind = 'page' AND date IS NOT NULL"
            " AND section != '' AND listed GROUP BY section ORDER BY dated DESC, section"
        )
        return list(found)

    # Parts

    def part(self, digest: str, kind: str, key: str) -> bytes | None:
        """What was kept for a content's digest."""
        row = self._connection.execute(
            "SELECT bytes FROM parts WHERE digest = ? AND kind = ? AND key = ?", (digest, kind, key)
        ).fetchone()
        return bytes(row[0]) if row else None

    def put_parts(self, rows: Iterable[tuple[str, str, str, bytes]]) -> None:
        """Keep parts: digest, kind, key and bytes of each."""
        self._connection.executemany("INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?)", list(rows))

    def prune_parts(self) -> int:
        """Drop the parts of contents that no page has any more; how many."""
        gone = self._connection.execute(
            "DELETE FROM parts WHERE NOT EXISTS (SELECT 1 FROM pages WHERE pages.digest = parts.digest)"
        )
        return gone.rowcount

    def prune_keys(self, kind: str, key: str) -> int:
        """Drop the parts of a kind that were made with other settings; how many."""
        return self._connection.execute("DELETE FROM parts WHERE kind = ? AND key != ?", (kind, key)).rowcount


def _with_tables(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA trusted_schema = OFF")
    (layout,) = connection.execute("PRAGMA user_version").fetchone()
    if layout != _LAYOUT:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in names:
            connection.execute(f'DROP TABLE "{name}"')
        connection.executescript(f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version = {_LAYOUT}; COMMIT;")
    return connection


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def _text(value: dt.date | None) -> str | None:
    return None if value is None else value.isoformat()


def _moment(text: str | None) -> dt.datetime | None:
    return None if text is None else dt.datetime.fromisoformat(text)


def _problem(values: Any) -> Problem:
    file, message, line, row, column, found, expected, remedy, fatal = values
    return Problem(
        file=file, message=message, line=line, row=row, column=column, found=found, expected=expected,
        remedy=remedy, fatal=fatal,
    )  # fmt: skip


def _problems(text: str) -> tuple[Problem, ...]:
    return () if text == "[]" else tuple(_problem(each) for each in decode(text))


_PATH = 6
"""Of the columns that `rows` asks for, where those of the page begin."""


def _row(row: tuple[Any, ...]) -> Row:
    (
        path, _, _, _, address, digest, title, slug, url, description, date, lastmod, published, expires,
        draft, rendered, listed, terms, session, stocks, links, lists, extra, problems, undated, zone,
    ) = row[_PATH:]  # fmt: skip
    page = Page(
        title=title,
        slug=slug,
        url=url,
        description=description,
        date=_moment(date),
        lastmod=_moment(lastmod),
        published=_moment(published),
        expires=_moment(expires),
        draft=bool(draft),
        is_rendered=bool(rendered),
        is_listed=bool(listed),
        terms={taxonomy: tuple(names) for taxonomy, names in decode(terms).items()},
        session=None if session is None else dt.date.fromisoformat(session),
        stocks=tuple(decode(stocks)),
        links=tuple(decode(links)),
        lists=tuple(Use(*each) for each in decode(lists)),
        extra=decode(extra),
        problems=_problems(problems),
        undated=_problem(decode(undated)) if undated else None,
        assumed_zone=zone,
    )
    place = Place(row[0], row[1], row[2], row[3], bool(row[4]), row[5])
    return Row(path, place, address, digest, page)
