"""What the rules said of files, kept between runs in one SQLite file.

All of it can be made again. A file that is broken is thrown away, one that cannot be written is done without:
either costs time, not the run.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from generator.gate.excuses import Excuse
from generator.gate.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FILE = "checks.sqlite"
_LAYOUT = 3
_TABLES = f"""
PRAGMA user_version = {_LAYOUT};
CREATE TABLE outcome (
    file TEXT, part TEXT, key TEXT NOT NULL, said TEXT NOT NULL, PRIMARY KEY (file, part)
) WITHOUT ROWID;
CREATE TABLE clean (file TEXT PRIMARY KEY, digest TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What some of the rules said of a file."""

    findings: tuple[Finding, ...] = ()
    excuses: tuple[Excuse, ...] = ()
    """Those that the file states."""
    is_current: bool = True
    """Whether the file was as the index has it."""

    @property
    def may_be_kept(self) -> bool:
        """Whether it is of the file that the index knows, and no rule failed."""
        return self.is_current and not any(each.is_defect for each in self.findings)


_DEFAULTS = {each.name: each.default for each in fields(Finding)}


def _told(outcome: Outcome) -> str:
    """An outcome as JSON; most are empty."""
    if not outcome.findings and not outcome.excuses:
        return ""
    findings = [
        {name: value for name, default in _DEFAULTS.items() if (value := getattr(each, name)) != default}
        for each in outcome.findings
    ]
    return json.dumps([findings, [each.as_data() for each in outcome.excuses]], ensure_ascii=True)


def _outcome(said: str) -> Outcome:
    if not said:
        return Outcome()
    findings, excuses = json.loads(said)
    return Outcome(
        tuple(Finding(**each) for each in findings), tuple(Excuse.of_data(each) for each in excuses)
    )


class Results:
    """The open file; see `opened`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def kept(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Key and what was said, by file and part; `read` takes the latter."""
        rows = self._connection.execute("SELECT file, part, key, said FROM outcome")
        return {(file, part): (key, said) for file, part, key, said in rows}

    def read(self, said: str) -> Outcome | None:
        """What was said; None if it is damaged."""
        try:
            return _outcome(said)
        except (ValueError, TypeError, KeyError, IndexError):
            return None

    def keep(self, rows: Iterable[tuple[str, str, str, Outcome]]) -> None:
        """Keep outcomes: file, part, key."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO outcome VALUES (?, ?, ?, ?)",
            ((file, part, key, _told(outcome)) for file, part, key, outcome in rows),
        )

    def files(self) -> set[str]:
        """Every file that something is known of."""
        return {
            file
            for (file,) in self._connection.execute("SELECT file FROM clean UNION SELECT file FROM outcome")
        }

    def forget(self, files: Iterable[str]) -> None:
        """Forget files that are gone."""
        rows = [(file,) for file in files]
        for table in ("outcome", "clean"):
            self._connection.executemany(f"DELETE FROM {table} WHERE file = ?", rows)  # noqa: S608 - our names

    def clean(self) -> dict[str, str]:
        """The digests of the files that had no error when they were checked last, by path."""
        return dict(self._connection.execute("SELECT file, digest FROM clean"))

    def set_clean(self, digests: Iterable[tuple[str, str]], others: Iterable[str]) -> None:
        """Remember which files have no error, and which have."""
        self._connection.executemany("INSERT OR REPLACE INTO clean VALUES (?, ?)", digests)
        self._connection.executemany("DELETE FROM clean WHERE file = ?", [(file,) for file in others])

    def save(self) -> None:
        """Make what was kept last."""
        self._connection.commit()


@contextmanager
def opened(cache: Path) -> Iterator[Results]:
    """The results in a folder, made anew if they are missing or broken; in memory where there can be none."""
    with closing(_connected(cache / FILE)) as connection:
        results = Results(connection)
        try:
            yield results
        finally:
            # A full disk: the next run makes it again.
            with suppress(sqlite3.Error):
                results.save()


def _connected(path: Path) -> sqlite3.Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for again in (True, False):
            connection = sqlite3.connect(path)
            try:
                layout = _layout(connection)
                if layout == 0:
                    connection.executescript(_TABLES)
                    return connection
                if layout == _LAYOUT:
                    connection.execute("SELECT file FROM outcome UNION ALL SELECT file FROM clean LIMIT 1")
                    return connection
            except sqlite3.DatabaseError:
                if not again:
                    raise
            connection.close()
            path.unlink()
    except (OSError, sqlite3.Error):
        pass
    connection = sqlite3.connect(":memory:")
    connection.executescript(_TABLES)
    return connection


def _layout(connection: sqlite3.Connection) -> Any:
    return connection.execute("PRAGMA user_version").fetchone()[0]
