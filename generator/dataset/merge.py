"""One table out of several sources: cell by cell, the first in the configuration that has a value wins."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from generator.dataset import places
from generator.dataset.rounding import half_unit
from generator.dataset.source import FILE, ROW, SESSION, Finding
from generator.dataset.tables import TABLES
from generator.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from generator.dataset.rows import OriginColumn
    from generator.dataset.session import Origin
    from generator.dataset.source import Rows

_NONE = -1
_Places = tuple[list[str | None], list[str | None]]
"""Files and rows, as they are entered."""
_A_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One source's checked rows of one table: as handed over, and converted."""

    rows: Rows
    frame: pd.DataFrame

    def only(self, keep: pd.Series) -> Part:
        """The rows that `keep` marks."""
        return self if bool(keep.all()) else Part(self.rows, self.frame[keep].reset_index(drop=True))

    def origin(self, position: int, column: str = "") -> Origin:
        """Where one row, or its cell in `column`, was read."""
        return places.origin(self.rows, self.frame, position, column)


@dataclass(frozen=True, slots=True, eq=False)
class Merged:
    """A table of any number of sessions, with the part that each cell is from.

    `frame` has SESSION and all columns of the table, oldest session first, else in the order of the
    sources; its index counts from 0.
    """

    table: str
    frame: pd.DataFrame
    parts: tuple[Part, ...]
    positions: NDArray[np.int64]
    """Of shape (parts, rows): where in each part's frame a row stands; -1: nowhere."""
    winners: dict[str, NDArray[np.int8]]
    """By column: the part that each cell is from; -1: no part has a value. Empty for a single part."""

    def rows_of(self, day: dt.date) -> slice:
        """Where the rows of a session stand."""
        first, end = self.frame[SESSION].searchsorted([pd.Timestamp(day), pd.Timestamp(day) + _A_DAY])
        return slice(int(first), int(end))

    def of(self, day: dt.date) -> Merged:
        """The rows of one session."""
        rows = self.rows_of(day)
        return replace(
            self,
            frame=self.frame[rows].reset_index(drop=True),
            positions=self.positions[:, rows],
            winners={name: winner[rows] for name, winner in self.winners.items()},
        )

    def origins(self) -> Mapping[str, OriginColumn]:
        """By column, where each row's value was read; under "" that of all columns that are not named."""
        found: dict[str, _Places] = {}
        if not self.parts:
            return found
        first = np.argmax(self.positions >= 0, axis=0)
        for number, part in enumerate(self.parts):
            told = dict.fromkeys(("", *part.rows.remarks), first == number)
            for name, winner in self.winners.items():
                told[name] = told.get(name, False) | ((winner == number) & (first != number))
            for name, here in told.items():
                self._tell(found, np.flatnonzero(here), number, name)
        return found

    def _tell(self, found: dict[str, _Places], rows: NDArray[np.int64], number: int, column: str) -> None:
        """Enter for those rows where the part `number` has `column` from."""
        if not len(rows):
            return
        part, size = self.parts[number], len(self.frame)
        entries = found.setdefault(column, ([None] * size, [None] * size))
        told = places.read_at(part.rows, part.frame.iloc[self.positions[number, rows]], column)
        for row, file, name in zip(rows.tolist(), *told, strict=True):
            entries[0][row], entries[1][row] = file, name


def merge(table: str, parts: Sequence[Part]) -> tuple[Merged, list[Finding]]:
    """Merge the parts of one table, given in configuration order; differences are findings, not fatal."""
    parts = tuple(part for part in parts if len(part.frame))
    if TABLES[table].key:
        return _by_key(table, parts)
    return _first_only(table, parts)


def _columns(table: str) -> list[str]:
    return [column.name for column in TABLES[table].columns]


def _is_number(table: str, name: str) -> bool:
    return TABLES[table].column(name).kind in ("number", "count")


def _frame(table: str, sessions: Any, cells: dict[str, Any], size: int) -> pd.DataFrame:
    """All columns of a table; what no source has is missing."""
    full: dict[str, Any] = {SESSION: pd.Series(sessions, dtype="datetime64[us]")}
    for name in _columns(table):
        if name in cells:
            full[name] = pd.Series(cells[name], dtype=float if _is_number(table, name) else object)
        elif _is_number(table, name):
            full[name] = pd.Series(np.full(size, np.nan))
        else:
            full[name] = pd.Series([None] * size, dtype=object)
    return pd.DataFrame(full)


def _by_key(table: str, parts: tuple[Part, ...]) -> tuple[Merged, list[Finding]]:
    keys = [SESSION, *TABLES[table].key]
    both = pd.concat([part.frame[keys] for part in parts], ignore_index=True) if parts else None
    if both is None:
        return Merged(table, _frame(table, [], {}, 0), (), np.empty((0, 0), dtype=np.int64), {}), []
    # Rows are numbered as they first appear, then ordered by session: sources keep their own order.
    first = ~both.duplicated(keys)
    ids = both.groupby(keys, sort=False, dropna=False).ngroup().to_numpy()
    rank = np.argsort(both.loc[first, SESSION].to_numpy(), kind="stable")
    place_of = np.empty(len(rank), dtype=np.int64)
    place_of[rank] = np.arange(len(rank))
    ids = place_of[ids]
    size = len(rank)
    bounds = np.cumsum([0, *(len(part.frame) for part in parts)])
    positions = np.full((len(parts), size), _NONE, dtype=np.int64)
    for number, part in enumerate(parts):
        positions[number, ids[bounds[number] : bounds[number + 1]]] = np.arange(len(part.frame))
    cells: dict[str, Any] = {}
    winners: dict[str, NDArray[np.int8]] = {}
    findings: list[Finding] = []
    for name in _columns(table):
        cells[name], winners[name], conflicts = _column(table, name, parts, positions)
        findings += conflicts
    frame = _frame(table, both.loc[first, SESSION].to_numpy()[rank], cells, size)
    return Merged(table, frame, parts, positions, winners if len(parts) > 1 else {}), findings


@dataclass(frozen=True, slots=True)
class _Stated:
    """A value that a part gives for a row."""

    part: int
    row: int
    value: float


def _column(
    table: str, name: str, parts: tuple[Part, ...], positions: NDArray[np.int64]
) -> tuple[NDArray[Any], NDArray[np.int8], list[Finding]]:
    """One column's cells, which part each is from, and where a later part says something else."""
    numeric = _is_number(table, name)
    size = positions.shape[1]
    cells = np.full(size, np.nan) if numeric else np.full(size, None, dtype=object)
    winner = np.full(size, _NONE, dtype=np.int8)
    findings: list[Finding] = []
    for number, part in enumerate(parts):
        if name not in part.frame:
            continue
        rows = np.flatnonzero(positions[number] >= 0)
        given = part.frame[name].to_numpy()[positions[number, rows]]
        has = ~pd.isna(given)
        rows, given = rows[has], given[has]
        won = winner[rows] == _NONE
        if numeric and not won.all():
            known = rows[~won]
            for at in _differing(given[~won], cells[known], amounts=TABLES[table].column(name).unit == "KRW"):
                row = int(known[at])
                first = _Stated(int(winner[row]), row, float(cells[row]))
                second = _Stated(number, row, float(given[~won][at]))
                findings.append(_difference(name, parts, positions, first, second))
        cells[rows[won]] = given[won]
        winner[rows[won]] = number
    return cells, winner, findings


def _differing(given: NDArray[Any], stated: NDArray[Any], *, amounts: bool) -> NDArray[np.int64]:
    """Where two values differ by more than the coarser one's rounding."""
    one, other = given.astype(float), stated.astype(float)
    slack = np.maximum(half_unit(one, trailing_zeros=amounts), half_unit(other, trailing_zeros=amounts))
    return np.flatnonzero(np.abs(one - other) > slack * (1 + 1e-9) + 1e-12 * np.abs(other))


def _difference(
    name: str, parts: tuple[Part, ...], positions: NDArray[np.int64], first: _Stated, second: _Stated
) -> Finding:
    other = parts[first.part].origin(int(positions[first.part, first.row]), name)
    part = parts[second.part]
    return places.finding(
        part.rows,
        part.frame,
        int(positions[second.part, second.row]),
        column=name,
        message=f"differs from {other.file}, {other.row}, which the configuration names first",
        found=f"{second.value:.15g}",
        expected=f"{first.value:.15g} as there, which was used",
        remedy="Correct whichever is wrong",
        fatal=False,
        kind=f"differs from {other.file}",
    )


def _first_only(table: str, parts: tuple[Part, ...]) -> tuple[Merged, list[Finding]]:
    """A table without a key: for each session the first source that has rows, as rows cannot be matched."""
    taken: dict[Any, Part] = {}
    kept: list[Part] = []
    findings: list[Finding] = []
    for part in parts:
        stamps = part.frame[SESSION]
        earlier = [stamp for stamp in stamps.unique() if stamp in taken]
        findings += [
            _left_out(table, part, taken[stamp], int(np.argmax(stamps == stamp))) for stamp in earlier
        ]
        kept.append(part.only(~stamps.isin(earlier)))
        taken.update({stamp: part for stamp in stamps.unique() if stamp not in taken})
    kept = [part for part in kept if len(part.frame)]
    size = sum(len(part.frame) for part in kept)
    positions = np.full((len(kept), size), _NONE, dtype=np.int64)
    start = 0
    for number, part in enumerate(kept):
        positions[number, start : start + len(part.frame)] = np.arange(len(part.frame))
        start += len(part.frame)
    if not kept:
        return Merged(table, _frame(table, [], {}, 0), (), positions, {}), findings
    both = pd.concat([part.frame.drop(columns=[FILE, ROW]) for part in kept], ignore_index=True)
    rank = np.argsort(both[SESSION].to_numpy(), kind="stable")
    both = both.iloc[rank].reset_index(drop=True)
    cells = {name: both[name].to_numpy() for name in _columns(table) if name in both}
    frame = _frame(table, both[SESSION].to_numpy(), cells, size)
    return Merged(table, frame, tuple(kept), positions[:, rank], {}), findings


def _left_out(table: str, part: Part, first: Part, position: int) -> Finding:
    day = places.day_of(part.frame, position)
    problem = Problem(
        file=part.rows.files[int(part.frame[FILE].iloc[position])],
        row=day.isoformat(),
        message=f"its {table} were not used: the configuration names {first.rows.files[0]} first",
        expected=f"{table} of a session from one source",
        remedy="Put all rows into one of them",
        fatal=False,
    )
    return Finding(day, problem)
