"""A SQLite or DuckDB file whose tables and columns the configuration maps to ours."""

from __future__ import annotations

import difflib
import hashlib
from typing import TYPE_CHECKING, Any

import pandas as pd

from generator.dataset.convert import converted, parse_day
from generator.dataset.digests import frame_digests
from generator.dataset.engines import opened, quoted
from generator.dataset.places import shortened
from generator.dataset.source import SESSION, Read, Rows, shown
from generator.dataset.tables import TABLES, Column
from generator.errors import DatasetError, Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date
    from pathlib import Path

    from generator.config import DatabaseSource, TableMapping
    from generator.dataset.digests import Digests
    from generator.dataset.engines import Connection
    from generator.dataset.source import Holds

_LISTED = 15
"""Names that a message lists."""


class Database:
    """The mapped tables of one database file."""

    holds: Holds = "sessions"

    def __init__(self, config: DatabaseSource, root: Path, digests: Digests) -> None:
        self._config = config
        self._path = root / config.path
        self._digests = digests
        self.label = shown(root, config.path, self._path)

    def signature(self) -> str:
        """Nothing here belongs to no session."""
        return ""

    def signatures(self) -> dict[date, str]:
        """By session: a hash of its rows in all mapped tables."""
        key = hashlib.blake2b(self._config.model_dump_json().encode(), digest_size=16).hexdigest()
        # What was written last may still stand in the engine's log beside the file.
        logs = tuple(self._path.with_name(self._path.name + suffix) for suffix in ("-wal", ".wal"))
        return self._digests.of(self._path, self._hashed, key=key, with_files=logs)

    def read(self, dates: Collection[date] | None) -> Read:
        """The mapped rows of those sessions.

        Raises:
            DatasetError: no such database, table or column, a condition the database refuses, or a date
                that is none.
        """
        rows: list[Rows] = []
        problems: list[Problem] = []
        with opened(self._config.kind, self._path, self.label) as connection:
            names = connection.tables()
            for table, mapping in self._config.tables.items():
                place = f"{self.label}#{mapping.table}"
                try:
                    source = _table(mapping.table, names, self.label)
                    frame = _selected(connection, source, table, mapping, dates=dates, place=place)
                except DatasetError as error:
                    problems += error.problems
                else:
                    rows.append(Rows(table=table, frame=frame, files=(place,), numbering="key"))
        if problems:
            raise DatasetError(f"{self.label} cannot be read", problems)
        return Read(rows=tuple(rows))

    def _hashed(self, _path: Path) -> dict[date, str]:
        hashes: dict[date, str] = {}
        for part in self.read(None).rows:
            for day, text in frame_digests(part.frame, SESSION).items():
                hashes[day] = f"{hashes.get(day, '')}{part.table} {text} "
        return hashes


def _selected(
    connection: Connection,
    source: str,
    table: str,
    mapping: TableMapping,
    *,
    dates: Collection[date] | None,
    place: str,
) -> pd.DataFrame:
    """The raw rows of one mapped table, under our column names and in our terms."""
    columns = _columns(connection, source, mapping, place)
    # A table of news has a date of its own beside the session it belongs to.
    day = columns.get(SESSION) or columns["date"]
    where = f"({mapping.where}\n)" if mapping.where.strip() else "1 = 1"
    days = _days(connection.values(f"SELECT DISTINCT {day} FROM {source} WHERE {where}"), mapping, place)  # noqa: S608 - quoted names; the condition is the owner's own
    if dates is not None:
        days = {value: each for value, each in days.items() if each in dates}
        where += f" AND {day} IN ({', '.join('?' for _ in days) or 'NULL'})"
    taken = {name: columns[name] for name in columns if any(name == c.name for c in TABLES[table].columns)}
    order = [day, *(taken[name] for name in TABLES[table].key if name in taken)]
    raw = connection.frame(
        f"SELECT {', '.join([day, *taken.values()])} FROM {source} WHERE {where} ORDER BY {', '.join(order)}",  # noqa: S608 - as above
        [] if dates is None else list(days),
    )
    raw.columns = pd.Index([SESSION, *taken])
    codes, values = pd.factorize(raw[SESSION])
    stamps = pd.to_datetime(pd.Series([parse_day(value) for value in values], dtype=object))
    frame = raw.assign(**{SESSION: stamps.astype("datetime64[us]").to_numpy()[codes]})
    return _in_our_terms(frame[codes >= 0].reset_index(drop=True), mapping)


def _table(name: str, names: dict[str, str], label: str) -> str:
    found = _found(name, names)
    if found is None:
        problem = Problem(
            file=label,
            message="the database has no such table or view",
            found=name,
            expected=f"one of {_some(names)}",
            remedy=_nearest(name, names),
        )
        raise DatasetError(str(problem), [problem])
    return names[found]


def _columns(connection: Connection, source: str, mapping: TableMapping, place: str) -> dict[str, str]:
    """Our names to theirs as a query writes them."""
    existing = connection.columns(source)
    found = {ours: _found(theirs, existing) for ours, theirs in mapping.columns.items()}
    problems = [
        Problem(
            file=place,
            column=mapping.columns[ours],
            message=f"the table has no such column, to which our {ours} is mapped",
            expected=f"one of {_some(existing)}",
            remedy=_nearest(mapping.columns[ours], existing),
        )
        for ours, name in found.items()
        if name is None
    ]
    if problems:
        raise DatasetError(f"{place} lacks columns", problems)
    return {ours: quoted(name) for ours, name in found.items() if name is not None}


def _days(values: Iterable[Any], mapping: TableMapping, place: str) -> dict[Any, date]:
    """The session of each distinct stored date."""
    days = {value: parse_day(value) for value in values if value is not None}
    problems = [
        Problem(
            file=place,
            column=mapping.columns.get(SESSION) or mapping.columns["date"],
            message="is no date",
            found=shortened(value),
            expected="2026-05-13, 20260513, or a date or time type",
            remedy="Correct the rows, or leave them out by the mapping's `where`",
        )
        for value, day in days.items()
        if day is None
    ]
    if problems:
        raise DatasetError(f"{place} has rows whose session cannot be told", problems)
    return {value: day for value, day in days.items() if day is not None}


def _in_our_terms(frame: pd.DataFrame, mapping: TableMapping) -> pd.DataFrame:
    """Their values and units as ours, where the mapping says how."""
    changed: dict[str, Any] = {}
    for name, terms in mapping.values.items():  # noqa: PD011 - a field of the configuration, no frame
        changed[name] = frame[name].map(lambda value, terms=terms: terms.get(str(value), value))
    for name, factor in mapping.scale.items():
        number = converted(frame[name], Column(name, "number", ""))
        changed[name] = number.map(lambda value, by=factor: value * by if isinstance(value, float) else value)
    return frame.assign(**changed)


def _found(name: str, names: Iterable[str]) -> str | None:
    """The name as the database spells it: exactly so, else without regard to case, as SQL does."""
    names = list(names)
    if name in names:
        return name
    return next((each for each in names if each.casefold() == name.casefold()), None)


def _some(names: Iterable[str]) -> str:
    names = list(names)
    rest = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return (", ".join(names[:_LISTED]) + rest) or "none: the database is empty"


def _nearest(name: str, names: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(names), n=1)
    return f"Did you mean {close[0]}?" if close else "Correct the name in params.marketpost.sources"
