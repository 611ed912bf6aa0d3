"""SQLite and DuckDB behind one small interface: what is there, and the rows of a query. Read-only."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd

from generator.dataset import delimited
from generator.errors import DatasetError, Problem

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import Literal

    import duckdb


_NAMES = {"sqlite": "SQLite", "duckdb": "DuckDB"}
_MAGIC = {"sqlite": (0, b"SQLite format 3\0"), "duckdb": (8, b"DUCK")}
"""What such a file holds, and from which byte; DuckDB's first eight are a checksum."""


class Connection(Protocol):
    """An open database. Queries raise DatasetError with what the database said."""

    def tables(self) -> dict[str, str]:
        """Tables and views: their names, and how a query writes them."""

    def columns(self, table: str) -> list[str]:
        """Names of the columns of a table, which is given as a query writes it."""

    def values(self, sql: str) -> list[Any]:
        """The first column of a query's rows."""

    def frame(self, sql: str, values: Sequence[Any]) -> pd.DataFrame:
        """A query's rows; `values` fill its question marks."""


@contextmanager
def opened(kind: Literal["sqlite", "duckdb"], path: Path, file: str) -> Iterator[Connection]:
    """Open a database file for reading.

    Args:
        kind: Which engine wrote it.
        path: The file.
        file: How messages call it.

    Raises:
        DatasetError: it is no database, is locked, or refuses a query.
    """
    with path.open("rb") as stream:
        start = stream.read(4096)
    at, magic = _MAGIC[kind]
    if not start[at:].startswith(magic):
        problem = delimited.not_a_table(start, file) or Problem(
            file=file,
            message=f"is no {_NAMES[kind]} database",
            expected=f"a file that {_NAMES[kind]} wrote",
            remedy="Correct the path or the kind in params.marketpost.sources",
        )
        raise DatasetError(str(problem), [problem])
    with (_sqlite if kind == "sqlite" else _duckdb)(path, file) as connection:
        yield connection


def quoted(*names: str) -> str:
    """A name as SQL writes it, whatever it holds: `"main"."a ""b"" c"`."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def _refused(file: str, said: object) -> DatasetError:
    problem = Problem(
        file=file,
        message=f"the database says: {str(said).strip().splitlines()[0]}",
        remedy="Check the file, and `where` and the names in params.marketpost.sources",
    )
    return DatasetError(str(problem), [problem])


class _Sqlite:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def tables(self) -> dict[str, str]:
        names = self.values("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name")
        return {name: quoted(name) for name in names}

    def columns(self, table: str) -> list[str]:
        return [row[1] for row in self._connection.execute(f"PRAGMA table_info({table})")]

    def values(self, sql: str) -> list[Any]:
        return [row[0] for row in self._connection.execute(sql)]

    def frame(self, sql: str, values: Sequence[Any]) -> pd.DataFrame:
        cursor = self._connection.execute(sql, list(values))
        names = [column[0] for column in cursor.description]
        return pd.DataFrame(cursor.fetchall(), columns=names)


@contextmanager
def _sqlite(path: Path, file: str) -> Iterator[Connection]:
    import sqlite3  # noqa: PLC0415 - only for blogs that keep their data so

    try:
        # As a URI, so that a missing file is not created and nothing is ever written.
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            yield _Sqlite(connection)
    except sqlite3.Error as error:
        raise _refused(file, error) from error


class _DuckDB:
    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def tables(self) -> dict[str, str]:
        rows = self._connection.execute(
            "SELECT table_schema, table_name FROM information_schema.tables ORDER BY ALL"
        ).fetchall()
        return {
            name if schema == "main" else f"{schema}.{name}": quoted(schema, name) for schema, name in rows
        }

    def columns(self, table: str) -> list[str]:
        return [row[0] for row in self._connection.execute(f"DESCRIBE {table}").fetchall()]

    def values(self, sql: str) -> list[Any]:
        return [row[0] for row in self._connection.execute(sql).fetchall()]

    def frame(self, sql: str, values: Sequence[Any]) -> pd.DataFrame:
        return self._connection.execute(sql, list(values)).df()


@contextmanager
def _duckdb(path: Path, file: str) -> Iterator[Connection]:
    import duckdb  # noqa: PLC0415 - only for blogs that keep their data so

    try:
        with closing(duckdb.connect(str(path), read_only=True)) as connection:
            yield _DuckDB(connection)
    except duckdb.Error as error:
        raise _refused(file, error) from error
