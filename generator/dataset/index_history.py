"""A CSV with the daily history of one index, one row a session, oldest first or not."""

from __future__ import annotations

import difflib
import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from generator.dataset import delimited
from generator.dataset.convert import converted, parse_day
from generator.dataset.digests import stat_text
from generator.dataset.places import shortened
from generator.dataset.rounding import half_unit
from generator.dataset.source import FILE, ROW, SESSION, Finding, Read, Rows, shown
from generator.dataset.tables import Column
from generator.errors import DatasetError, Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date
    from pathlib import Path

    from generator.config import IndexHistorySource
    from generator.dataset.digests import Digests
    from generator.dataset.source import Holds

_COLUMNS = {
    "Open": "open",
    "High": "high",
    "Low": "low",
    "Close": "close",
    "Volume": "volume",
    "Amount": "value_traded",
    "MarCap": "market_value",
}
_FALLEN = ("2", "5")
"""UpDown: 1 up, 2 down, 3 flat; 4 and 5 at the limit. Some files have Comp without its sign."""

_DIGITS = 8
"""Decimals that a fraction times 100 is rounded to, so that 0.0504 is 5.04 and not 5.039999999999999."""


class IndexHistory:
    """The history of one index."""

    holds: Holds = "history"

    def __init__(self, config: IndexHistorySource, root: Path, digests: Digests) -> None:
        self._index = config.index
        self._path = root / config.path
        self._digests = digests
        self._parsed: tuple[str, delimited.Grid, list[date]] | None = None
        """As of the file's state: each session of a week asks for decades of rows."""
        self.label = shown(root, config.path, self._path)

    def signature(self) -> str:
        """Nothing here belongs to no session."""
        return ""

    def signatures(self) -> dict[date, str]:
        """By session: a hash of its line and the one before, which its previous close may come from."""
        return self._digests.of(self._path, self._hashed, key=self._index)

    def read(self, dates: Collection[date] | None) -> Read:
        """Those rows as rows of `indices`."""
        grid, days = self._rows()
        order = sorted(range(len(days)), key=days.__getitem__)
        # A wanted row needs the one before it as well.
        places = [
            place
            for place, at in enumerate(order)
            if dates is None
            or days[at] in dates
            or (place + 1 < len(order) and days[order[place + 1]] in dates)
        ]
        taken = [order[place] for place in places]
        raw = pd.DataFrame(
            np.array([grid.rows[at] for at in taken], dtype=object).reshape(len(taken), len(grid.header)),
            columns=list(grid.header),
            dtype=object,
        )
        frame = pd.DataFrame({ours: raw[theirs] for theirs, ours in _COLUMNS.items() if theirs in raw})
        frame.insert(0, "index", self._index)
        frame[SESSION] = pd.to_datetime(pd.Series([days[at] for at in taken], dtype=object)).astype(
            "datetime64[us]"
        )
        frame[FILE] = 0
        frame[ROW] = [grid.lines[at] for at in taken]
        findings = [*self._unread(raw, frame), *self._changes(raw, frame, places)]
        if dates is not None:
            frame = frame[frame[SESSION].isin(pd.to_datetime(sorted(dates)))].reset_index(drop=True)
            findings = [each for each in findings if each.day in dates]
        rows = Rows(
            table="indices",
            frame=frame,
            files=(self.label,),
            remarks={
                "previous_close": "Close less Comp, or the row before",
                "change_pct": "Change in per cent, or Close on the close before",
                "open_change_pct": "Open on the close before",
            },
        )
        return Read(rows=(rows,), findings=tuple(findings))

    def _rows(self) -> tuple[delimited.Grid, list[date]]:
        """What `_grid` gives for the file, read again only when it has changed."""
        state = stat_text(self._path)
        if self._parsed is None or self._parsed[0] != state:
            self._parsed = (state, *self._grid(self._path))
        return self._parsed[1:]

    def _grid(self, path: Path) -> tuple[delimited.Grid, list[date]]:
        """The file's cells and the day of each row; a row that cannot be dated spoils the file."""
        grid = delimited.read(path.read_bytes(), self.label, korean=True)
        problems = list(grid.problems)
        for name in ("Date", "Close"):
            if name not in grid.header:
                close = difflib.get_close_matches(name, grid.header, n=1)
                problems.append(
                    Problem(
                        file=self.label,
                        line=1,
                        column=name,
                        message="the column is missing",
                        found=", ".join(grid.header)[:120],
                        expected="Date, Close, Open, High, Low, Volume, Amount, MarCap, Change, Comp, UpDown",
                        remedy=f"Rename {close[0]} to {name}?" if close else "Add the column",
                    )
                )
        if not grid.rows and not problems:
            problems.append(delimited.header_only(self.label))
        days: list[date] = []
        if "Date" in grid.header:
            place = grid.header.index("Date")
            for row, line in zip(grid.rows, grid.lines, strict=True):
                day = parse_day(row[place])
                if day is None:
                    problems.append(_undated(self.label, line, row[place]))
                else:
                    days.append(day)
        if problems:
            raise DatasetError(f"{self.label} cannot be read", problems)
        return grid, days

    def _hashed(self, path: Path) -> dict[date, str]:
        grid, days = self._grid(path)
        hashes = {}
        before = ""
        for day, row in sorted(zip(days, grid.rows, strict=True)):
            line = ",".join(row)
            hashes[day] = hashlib.blake2b(f"{before}\n{line}".encode(), digest_size=16).hexdigest()
            before = line
        return hashes

    def _unread(self, raw: pd.DataFrame, frame: pd.DataFrame) -> Iterator[Finding]:
        """Cells of the columns that only serve to compute, where they are no numbers."""
        for name in ("Comp", "Change"):
            cells = raw[name].str.strip() if name in raw else pd.Series("", index=raw.index)
            for place in np.flatnonzero(((cells != "") & _number(raw, name).isna()).to_numpy()):
                yield self._finding(
                    frame,
                    int(place),
                    column=name,
                    message="is no plain number",
                    found=shortened(cells.iloc[place]),
                    expected="digits with a point at most; Change as a fraction, 0.0504 for +5.04%",
                    remedy="Correct the cell, or leave it blank if it was not reported",
                )

    def _finding(self, frame: pd.DataFrame, place: int, **said: Any) -> Finding:
        stamp: pd.Timestamp = frame[SESSION].iloc[place]
        return Finding(stamp.date(), Problem(file=self.label, line=int(frame[ROW].iloc[place]), **said))

    def _changes(self, raw: pd.DataFrame, frame: pd.DataFrame, places: list[int]) -> list[Finding]:
        """Fill the columns that hang on the session before; tell where the file skips one."""
        close, opened = _number(raw, "Close"), _number(raw, "Open")
        comp, change = _number(raw, "Comp"), _number(raw, "Change")
        if "UpDown" in raw:
            fallen = raw["UpDown"].str.strip().str.removesuffix(".0").isin(_FALLEN)
            comp = comp.abs().where(~fallen, -comp.abs())
        follows = pd.Series(places).diff() == 1
        before = close.shift().where(follows)
        stated = (close - comp).round(_DIGITS)
        previous = stated.fillna(before)
        frame["previous_close"] = previous
        frame["change_pct"] = (change * 100).round(_DIGITS).fillna((close / previous - 1) * 100)
        frame["open_change_pct"] = (opened / previous - 1) * 100
        slack = half_unit(before.to_numpy()) + half_unit(close.to_numpy()) + half_unit(comp.to_numpy())
        skipped = (stated - before).abs() > slack + 1e-6
        return [
            self._finding(
                frame,
                int(place),
                column="Comp",
                message=f"is a change on {stated.iloc[place]:.12g}, but the row before closed at "
                f"{before.iloc[place]:.12g}",
                found=raw["Comp"].iloc[place],
                expected=f"{close.iloc[place] - before.iloc[place]:.2f}",
                remedy="Look for a session that the file skips; Comp was used",
                fatal=False,
            )
            for place in np.flatnonzero(skipped.to_numpy())
        ]


def _number(raw: pd.DataFrame, name: str) -> pd.Series:
    """A column as floats for computing; what is no number is told by the checks of its own column."""
    if name not in raw:
        return pd.Series(np.nan, index=raw.index)
    values = converted(raw[name], Column(name, "number", ""))
    return pd.to_numeric(values, errors="coerce").astype(float)


def _undated(file: str, line: int, text: str) -> Problem:
    return Problem(
        file=file,
        line=line,
        column="Date",
        message="is no date",
        found=text[:60],
        expected="a day such as 2026-02-20",
        remedy="Correct the date, or remove the row",
    )
