"""Sessions as they were read before: importing what reads data, and reading it, takes most of a second.

A session is kept under a key over all the data that it hangs on, as compressed JSON, without code; so is the
state of the data itself (`data_state`). What is missing, damaged or of another key is read anew.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sqlite3
import zlib
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from generator.dataset.session import Session

T = TypeVar("T")

FILE = "sessions.sqlite"
_LAYOUT = 2
_TABLES = f"""
PRAGMA user_version = {_LAYOUT};
CREATE TABLE kept (name TEXT, kind TEXT, key TEXT NOT NULL, content BLOB NOT NULL, PRIMARY KEY (name, kind))
    WITHOUT ROWID;
"""
_LEVEL = 1
"""Of compression: to a quarter in no time."""
_WAIT = 10.0
"""Seconds for another process to finish writing."""


class Kept:
    """The file. Where none can be written, everything is read anew."""

    def __init__(self, cache: Path) -> None:
        """The file in the blog's folder of what can be made again; it is opened when it is first asked."""
        self._path = cache / FILE
        self._connection: sqlite3.Connection | None = None

    def get(self, name: str, kind: str, key: str, made: Callable[[Any], T]) -> T | None:
        """What `made` makes of what is kept of a kind under a name, if its key is this one."""
        try:
            row = (
                self._opened()
                .execute("SELECT key, content FROM kept WHERE name = ? AND kind = ?", (name, kind))
                .fetchone()
            )
            if row is None or row[0] != key:
                return None
            return made(json.loads(zlib.decompress(row[1])))
        except (
            sqlite3.Error,
            OSError,
            zlib.error,
            ValueError,
            TypeError,
            KeyError,
            IndexError,
            AttributeError,
        ):
            return None

    def has(self, name: str, kind: str, key: str) -> bool:
        """Whether something of this key is kept."""
        with contextlib.suppress(sqlite3.Error, OSError):
            where = "WHERE name = ? AND kind = ? AND key = ?"
            row = self._opened().execute(f"SELECT 1 FROM kept {where}", (name, kind, key)).fetchone()  # noqa: S608
            return row is not None
        return False

    def put(self, name: str, kind: str, key: str, data: object) -> None:
        """Keep something, in place of what was there."""
        with contextlib.suppress(sqlite3.Error, OSError, TypeError, ValueError):
            text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
            content = zlib.compress(text.encode("utf-8", "surrogatepass"), _LEVEL)
            row = (name, kind, key, content)
            with self._opened() as connection:
                connection.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)", row)

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self._path, timeout=_WAIT)
            try:
                layout = connection.execute("PRAGMA user_version").fetchone()[0]
                if layout not in (0, _LAYOUT):
                    connection.execute("DROP TABLE IF EXISTS kept")
                if layout != _LAYOUT:
                    connection.executescript(_TABLES)
            except sqlite3.DatabaseError as error:
                connection.close()
                if not isinstance(error, sqlite3.OperationalError):
                    self._path.unlink(missing_ok=True)  # it is broken: the next run makes it anew
                raise
            self._connection = connection
        return self._connection

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class KeptSessions:
    """The sessions in it."""

    def __init__(self, kept: Kept, key: Callable[[dt.date | None], str]) -> None:
        """What is kept.

        Args:
            kept: the file.
            key: of a day, a hash of all that its session hangs on; of None, of what all hang on; empty keeps
                nothing.
        """
        self._kept, self._key = kept, key

    def session(self, day: dt.date) -> Session | None:
        """A session as it was kept."""
        from generator.gate.session_json import of_data  # noqa: PLC0415 - start-up

        return self._read(day, "session", of_data)

    def has_session(self, day: dt.date) -> bool:
        """Whether a session was kept, be it damaged since."""
        key = self._key(day)
        return bool(key) and self._kept.has(day.isoformat(), "session", key)

    def keep_session(self, session: Session) -> None:
        """Keep a session."""
        from generator.gate.session_json import as_data  # noqa: PLC0415 - start-up

        self._keep(session.date, "session", as_data(session))

    def days(self) -> tuple[dt.date, ...] | None:
        """The sessions that there is data of as they were kept; None if they were not."""
        return self._read(None, "days", _days)

    def keep_days(self, days: Iterable[dt.date]) -> None:
        """Keep which sessions there is data of."""
        self._keep(None, "days", [each.isoformat() for each in days])

    def measures(self, day: dt.date) -> Mapping[str, float | dt.date] | None:
        """The metrics of a session as they were kept; None if they were not."""
        return self._read(day, "measures", _measures)

    def keep_measures(self, day: dt.date, measures: Mapping[str, float | dt.date]) -> None:
        """Keep the metrics of a session."""
        told = {
            name: value.isoformat() if isinstance(value, dt.date) else value
            for name, value in measures.items()
        }
        self._keep(day, "measures", told)

    def _read(self, day: dt.date | None, kind: str, made: Callable[[Any], T]) -> T | None:
        key = self._key(day)
        return self._kept.get(str(day or ""), kind, key, made) if key else None

    def _keep(self, day: dt.date | None, kind: str, data: object) -> None:
        if key := self._key(day):
            self._kept.put(str(day or ""), kind, key, data)


def _days(data: list[str]) -> tuple[dt.date, ...]:
    return tuple(map(dt.date.fromisoformat, data))


def _measures(data: Mapping[str, Any]) -> dict[str, float | dt.date]:
    return {
        name: dt.date.fromisoformat(value) if isinstance(value, str) else value
        for name, value in data.items()
    }
