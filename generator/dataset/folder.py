"""A folder a session: `<path>/<date>/*.csv`, `session.yaml` and `notes.md`. The project's default source."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from generator.dataset import delimited
from generator.dataset.convert import parse_day
from generator.dataset.digests import stat_text
from generator.dataset.session_file import NOTES_FILE, SESSION_FILE, read_head, read_notes
from generator.dataset.source import FILE, ROW, SESSION, Finding, Head, Read, Rows, shown
from generator.dataset.tables import TABLES
from generator.errors import DatasetError, Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from generator.config import FolderSource, Market
    from generator.dataset.source import Holds

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_PRICE_TABLES = ("indices", "stocks")
"""Tables that never repeat from one session to the next."""


@dataclass(slots=True)
class _Collected:
    """The rows of one table over many session folders, column by column."""

    columns: dict[str, list[Any]] = field(default_factory=dict)
    sessions: list[date] = field(default_factory=list)
    file: list[int] = field(default_factory=list)
    line: list[int] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    absent: set[tuple[int, str]] = field(default_factory=set)

    def add(
        self, day: date, file: str, grid: delimited.Grid, names: Sequence[str], absent: Sequence[str]
    ) -> None:
        """Append the columns `names` of a file's rows; others are blank, `absent` ones wrongly so."""
        before = len(self.sessions)
        self.absent |= {(len(self.files), name) for name in absent}
        for name in (*self.columns, *names, *absent):
            cells = self.columns.setdefault(name, [""] * before)
            if len(cells) > before:
                continue
            if name in names:
                place = grid.header.index(name)
                cells.extend(row[place] for row in grid.rows)
            else:
                cells.extend([""] * len(grid.rows))
        self.sessions.extend([day] * len(grid.rows))
        self.file.extend([len(self.files)] * len(grid.rows))
        self.line.extend(grid.lines)
        self.files.append(file)

    def rows(self, table: str) -> Rows:
        """Everything collected, as raw rows."""
        frame = pd.DataFrame(
            {name: np.array(cells, dtype=object) for name, cells in self.columns.items()},
            dtype=object,
        )
        frame[SESSION] = pd.to_datetime(pd.Series(self.sessions, dtype=object)).astype("datetime64[us]")
        frame[FILE] = self.file
        frame[ROW] = self.line
        return Rows(table=table, frame=frame, files=tuple(self.files), absent=frozenset(self.absent))


class Folder:
    """The sessions under one folder."""

    holds: Holds = "sessions"

    def __init__(self, config: FolderSource, root: Path, market: Market) -> None:
        self._path = root / config.path
        self._market = market
        self.label = shown(root, config.path, self._path)

    def signature(self) -> str:
        """Nothing here belongs to no session."""
        return ""

    def signatures(self) -> dict[date, str]:
        """By session: names, sizes and times of change of its files."""
        return {day: stat_text(*files) for day, folder in self._folders() if (files := _files(folder))}

    def read(self, dates: Collection[date] | None) -> Read:
        """The files of those sessions; what is wrong with one is a finding of its session."""
        tables = {name: _Collected() for name in TABLES}
        findings = list(self._misnamed()) if dates is None else []
        heads: dict[date, Head] = {}
        notes: dict[date, Mapping[str, str]] = {}
        before: Path | None = None
        for day, folder in self._folders():
            if (dates is None or day in dates) and _files(folder):
                problems: list[Problem] = []
                self._read_texts(day, folder, heads, notes, problems)
                self._read_tables(day, folder, before, tables, problems)
                findings += [Finding(day, problem) for problem in problems]
            before = folder
        rows = tuple(collected.rows(name) for name, collected in tables.items() if collected.sessions)
        return Read(rows=rows, findings=tuple(findings), heads=heads, notes=notes)

    def stated_open(self) -> dict[date, bool]:
        """For each session with a readable `session.yaml`, whether that says `intraday`."""
        stated: dict[date, bool] = {}
        for day, folder in self._folders():
            try:
                data = (folder / SESSION_FILE).read_bytes()
            except FileNotFoundError:
                continue
            # Parsing thousands of files takes seconds; nearly all of them are final.
            head = read_head(data, file="", day=day, market=self._market)[0] if b"intraday" in data else None
            stated[day] = head is not None and head.status == "intraday"
        return stated

    def notes(self, day: date) -> tuple[dict[str, str], list[Problem]]:
        """The notes of a session by section, and what is wrong with them; nothing where there are none."""
        path = self._path / day.isoformat() / NOTES_FILE
        try:
            return read_notes(path.read_bytes(), file=f"{self.label}/{day}/{NOTES_FILE}")
        except (FileNotFoundError, IsADirectoryError):
            return {}, []

    def _folders(self) -> Iterator[tuple[date, Path]]:
        for folder in sorted(self._path.iterdir()) if self._path.is_dir() else ():
            day = parse_day(folder.name) if _ISO.fullmatch(folder.name) else None
            if day is not None and folder.is_dir():
                yield day, folder

    def _misnamed(self) -> Iterator[Finding]:
        days = {folder for _, folder in self._folders()}
        for folder in sorted(self._path.iterdir()) if self._path.is_dir() else ():
            if folder.is_dir() and folder not in days and not folder.name.startswith("."):
                problem = Problem(
                    file=f"{self.label}/{folder.name}",
                    message="is a folder whose name is no date; it was not read",
                    expected="a name such as 2026-05-13",
                    remedy="Rename it, or move it elsewhere",
                    fatal=False,
                )
                yield Finding(None, problem)

    def _read_texts(
        self,
        day: date,
        folder: Path,
        heads: dict[date, Head],
        notes: dict[date, Mapping[str, str]],
        problems: list[Problem],
    ) -> None:
        file = f"{self.label}/{folder.name}/{SESSION_FILE}"
        try:
            head, wrong = read_head(
                (folder / SESSION_FILE).read_bytes(), file=file, day=day, market=self._market
            )
        except FileNotFoundError:
            remedy = f"Write one with `date: {day}`, `status: final` or `intraday`, and `as_of`"
            problems.append(Problem(file=file, message="is missing", remedy=remedy))
        else:
            problems += wrong
            if head:
                heads[day] = head
        if (folder / NOTES_FILE).is_file():
            notes[day], wrong = self.notes(day)
            problems += wrong

    def _read_tables(
        self,
        day: date,
        folder: Path,
        before: Path | None,
        tables: Mapping[str, _Collected],
        problems: list[Problem],
    ) -> None:
        paths = {path.stem: path for path in _files(folder) if path.suffix == ".csv"}
        problems += self._unknown_tables(folder, paths)
        problems += self._no_files(folder)
        if not any(name in TABLES for name in paths):
            problems.append(
                Problem(
                    file=f"{self.label}/{folder.name}",
                    message="holds no table",
                    expected=f"CSV files such as {', '.join(f'{name}.csv' for name in list(TABLES)[:4])}",
                    remedy="Add the session's tables, or delete the folder",
                )
            )
        for name in (name for name in TABLES if name in paths):
            file = f"{self.label}/{folder.name}/{name}.csv"
            data = paths[name].read_bytes()
            if name in _PRICE_TABLES and before is not None and _same(data, before / f"{name}.csv"):
                problems.append(_repeats(file, day, f"{self.label}/{before.name}/{name}.csv"))
            try:
                grid = delimited.read(data, file)
            except DatasetError as error:
                problems += error.problems
                continue
            problems += grid.problems
            if not grid.rows and not grid.problems:
                problems.append(_no_rows(file, name))
            problems += _header_problems(grid, name, file, day)
            known = TABLES[name].columns
            tables[name].add(
                day,
                file,
                grid,
                [column.name for column in known if column.name in grid.header],
                [column.name for column in known if column.required and column.name not in grid.header],
            )

    def _no_files(self, folder: Path) -> Iterator[Problem]:
        """Tables that are there by name only: a link to nothing, a folder, a pipe."""
        for name in TABLES:
            path = folder / f"{name}.csv"
            if (path.is_symlink() or path.exists()) and not path.is_file():
                yield Problem(
                    file=f"{self.label}/{folder.name}/{path.name}",
                    message="is no file that can be read",
                    expected="a CSV file",
                    remedy="Put the table there, or remove the name",
                )

    def _unknown_tables(self, folder: Path, paths: Mapping[str, Path]) -> Iterator[Problem]:
        for name in sorted(set(paths) - set(TABLES)):
            close = difflib.get_close_matches(name, list(TABLES), n=1)
            yield Problem(
                file=f"{self.label}/{folder.name}/{paths[name].name}",
                message="is named after no table; it was not read",
                expected=f"one of {', '.join(TABLES)}",
                remedy=f"Did you mean {close[0]}.csv?" if close else "Rename it, or move it elsewhere",
                fatal=False,
            )


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))


def _same(data: bytes, path: Path) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except FileNotFoundError:
        return False


def _repeats(file: str, day: date, earlier: str) -> Problem:
    return Problem(
        file=file,
        message=f"is the file of an earlier session: byte for byte {earlier}",
        expected=f"the figures of {day}",
        remedy=delimited.FETCH_AGAIN,
    )


def _no_rows(file: str, table: str) -> Problem:
    if table in _PRICE_TABLES:
        return delimited.header_only(file)
    problem = delimited.header_only(file, fatal=False, remedy="Delete the file if nothing was reported")
    return replace(problem, message="has a header and no rows; read as not reported")


def _header_problems(grid: delimited.Grid, table: str, file: str, day: date) -> list[Problem]:
    known = {column.name: column for column in TABLES[table].columns}
    problems = [
        Problem(
            file=file,
            line=1,
            column=name,
            message="the column is missing",
            expected=f"{name}: {column.meaning}",
            remedy=_rename(name, [each for each in grid.header if each not in known]),
        )
        for name, column in known.items()
        if column.required and name not in grid.header
    ]
    for name in (name for name in grid.header if name not in known):
        if name == "date":
            problems += _other_day(grid, file, day)
        elif name or any(row[grid.header.index(name)].strip() for row in grid.rows):
            close = difflib.get_close_matches(name, [each for each in known if each not in grid.header], n=1)
            problems.append(
                Problem(
                    file=file,
                    line=1,
                    column=name,
                    message=f"{table} has no such column; it was not read",
                    expected=", ".join(known),
                    remedy=f"Did you mean {close[0]}?" if close else "Remove it, or move it to its table",
                    fatal=False,
                )
            )
    return problems


def _rename(name: str, others: list[str]) -> str:
    close = difflib.get_close_matches(name, others, n=1)
    return f"Rename {close[0]} to {name}?" if close else "Add the column"


def _other_day(grid: delimited.Grid, file: str, day: date) -> list[Problem]:
    """Rows of a table that need no date, and have one that is not the folder's."""
    place = grid.header.index("date")
    return [
        Problem(
            file=file,
            line=line,
            column="date",
            message="is of another session than its folder",
            found=row[place][:40],
            expected=day.isoformat(),
            remedy=delimited.FETCH_AGAIN,
        )
        for row, line in zip(grid.rows, grid.lines, strict=True)
        if row[place].strip() and parse_day(row[place]) != day
    ]
