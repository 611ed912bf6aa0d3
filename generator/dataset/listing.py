"""One file with a row for each listed stock and session, in the layouts that the field has."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from generator.dataset import delimited, places
from generator.dataset.convert import parse_day
from generator.dataset.source import FILE, ROW, SESSION, Finding, Rows
from generator.errors import DatasetError, Problem

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

Layout = Literal["auto", "marcap", "fdr", "krx"]

_LATIN = {
    "Code": "code",
    "Name": "name",
    "Market": "market",
    "Close": "close",
    "Changes": "change",
    "Open": "open",
    "High": "high",
    "Low": "low",
    "Volume": "volume",
    "Amount": "value_traded",
    "Marcap": "market_value",
    "Stocks": "shares",
}
_KOREAN = {
    "종목코드": "code",
    "종목명": "name",
    "시장구분": "market",
    "종가": "close",
    "대비": "change",
    "등락률": "change_pct",
    "시가": "open",
    "고가": "high",
    "저가": "low",
    "거래량": "volume",
    "거래대금": "value_traded",
    "시가총액": "market_value",
    "상장주식수": "shares",
}
_RATIOS = ("ChangesRatio", "ChagesRatio")
"""The change in per cent; the second is how both projects used to spell it. Whichever is filled counts."""

_NEEDED = ("code", "market", "close", "change")
_DATE = "Date"
_DIRECTION = "ChangeCode"
_DIRECTIONS = {"1": 1, "4": 1, "2": -1, "5": -1, "3": 0}
"""The exchange's codes: up, limit up, down, limit down, flat. 0 is "not traded", which says nothing."""

_DAY_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d{2})-?(\d{2})-?(\d{2})(?!\d)", re.ASCII)
_MAGIC = b"PAR1"


@dataclass(frozen=True, slots=True)
class Listing:
    """The stocks of one file."""

    rows: Rows
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Content:
    """A file's rows under its own column names, cells as they are; `lines` is None where there are none."""

    frame: pd.DataFrame
    lines: list[int] | None


def day_in_name(name: str) -> date | None:
    """The day in a file's name, written 2026-03-16 or 20260316; the last one if there are several."""
    for found in reversed(_DAY_IN_NAME.findall(name)):
        try:
            return date(*map(int, found))
        except ValueError:
            continue
    return None


def read_listing(path: Path, file: str, layout: Layout, dates: Collection[date] | None) -> Listing:
    """The stocks of the sessions asked for (None: all) in one file.

    Raises:
        DatasetError: no table, not the columns of a known layout, or rows whose session cannot be told.
    """
    content = _parquet(path, file, dates) if _is_parquet(path) else _csv(path, file)
    raw = content.frame
    columns = _columns(list(raw.columns), layout, file, first_line=1 if content.lines else None)
    named = day_in_name(path.name)
    sessions = _sessions(content, file, named)
    frame = pd.DataFrame({ours: raw[theirs] for theirs, ours in columns.items()}, index=raw.index)
    if "change_pct" not in frame:
        frame["change_pct"] = _ratio(raw)
    frame[SESSION] = sessions
    frame[FILE] = 0
    frame[ROW] = content.lines if content.lines is not None else np.arange(1, len(raw) + 1)
    direction = raw.get(_DIRECTION)
    if dates is not None:
        wanted = sessions.isin(pd.to_datetime(sorted(dates)))
        frame = frame[wanted].reset_index(drop=True)
        direction = None if direction is None else direction[wanted].reset_index(drop=True)
    rows = Rows(
        table="stocks",
        frame=frame,
        files=(file,),
        numbering="key" if content.lines is None else "line",
        whole_market=True,
    )
    findings = [] if direction is None else _against_direction(rows, direction)
    return Listing(rows, tuple(findings))


def _is_parquet(path: Path) -> bool:
    return path.suffix.lower() in (".parquet", ".pq")


def _csv(path: Path, file: str) -> _Content:
    grid = delimited.read(path.read_bytes(), file, korean=True)
    problems = grid.problems if grid.rows or grid.problems else (delimited.header_only(file),)
    if problems:
        # The row's day is as uncertain as its other cells.
        raise DatasetError(f"{file} cannot be read", problems)
    frame = pd.DataFrame(np.array(grid.rows, dtype=object), columns=list(grid.header), dtype=object)
    return _Content(frame, grid.lines)


def _parquet(path: Path, file: str, dates: Collection[date] | None) -> _Content:
    import pyarrow as pa  # noqa: PLC0415 - only blogs that keep Parquet files need it
    import pyarrow.parquet as pq  # noqa: PLC0415 - the same

    with path.open("rb") as stream:
        start = stream.read(4096)
    problem = delimited.not_a_table(start, file)
    if problem is None and not start.startswith(_MAGIC):
        problem = Problem(
            file=file, message="is no Parquet file", expected="Parquet", remedy=delimited.FETCH_AGAIN
        )
    if problem is not None:
        raise DatasetError(str(problem), [problem])
    try:
        schema = pq.read_schema(path)
        known = {*_LATIN, *_KOREAN, *_RATIOS, _DIRECTION, _DATE}
        # Nothing known: the message about the header needs the names.
        names = [name for name in schema.names if name in known] or schema.names
        table = pq.read_table(path, columns=names, filters=_between(schema, dates))
        frame = table.to_pandas(ignore_metadata=True)
        total = pq.read_metadata(path).num_rows
    except (pa.ArrowException, OSError) as error:
        problem = Problem(
            file=file,
            message=f"cannot be read as Parquet: {str(error).splitlines()[0]}",
            expected="a whole Parquet file",
            remedy=delimited.FETCH_AGAIN,
        )
        raise DatasetError(str(problem), [problem]) from error
    if not total:
        problem = delimited.header_only(file)
        raise DatasetError(str(problem), [problem])
    return _Content(frame, None)


def _between(schema: Any, dates: Collection[date] | None) -> list[tuple[str, str, datetime]] | None:
    """What Parquet may leave unread: rows outside the first and last day, where its dates are dates."""
    if not dates or _DATE not in schema.names:
        return None
    kind = schema.field(_DATE).type
    if not str(kind).startswith(("timestamp", "date")) or getattr(kind, "tz", None) is not None:
        return None
    first = datetime.combine(min(dates), time.min)
    end = datetime.combine(max(dates), time.min) + timedelta(days=1)
    return [(_DATE, ">=", first), (_DATE, "<", end)]


def _columns(header: list[str], layout: Layout, file: str, *, first_line: int | None) -> dict[str, str]:
    """The columns to take, theirs to ours; told by the header unless the configuration says."""
    if layout == "auto":
        korean = len(set(_KOREAN) & set(header)) > len(set(_LATIN) & set(header))
    else:
        korean = layout == "krx"
    names = _KOREAN if korean else _LATIN
    whose = "the exchange's download" if korean else "marcap and FinanceDataReader"
    problems = [
        Problem(
            file=file,
            line=first_line,
            column=theirs,
            message=f"the column is missing; {whose} have it",
            found=", ".join(map(str, header))[:120],
            expected=", ".join(names),
            remedy=_renamed(theirs, header),
        )
        for theirs, ours in names.items()
        if ours in _NEEDED and theirs not in header
    ]
    if problems:
        raise DatasetError(f"{file} lacks columns of {whose}", problems)
    return {theirs: ours for theirs, ours in names.items() if theirs in header}


def _renamed(name: str, header: list[str]) -> str:
    close = difflib.get_close_matches(name, header, n=1)
    return (
        f"Rename {close[0]} to {name}?"
        if close
        else "Fetch the file again, or name its layout in the configuration"
    )


def _ratio(raw: pd.DataFrame) -> pd.Series:
    """The change in per cent from whichever spelling is filled; blank where neither is."""
    ratio = pd.Series(None, index=raw.index, dtype=object)
    for name in _RATIOS:
        if name in raw:
            filled = raw[name].notna() & (raw[name] != "")
            if filled.all():
                return raw[name]
            ratio = ratio.where(ratio.notna() | ~filled, raw[name])
    return ratio


def _sessions(content: _Content, file: str, named: date | None) -> pd.Series:
    """The session of each row: from its Date, else from the file's name; both must agree."""
    raw = content.frame
    if _DATE not in raw:
        if named is None:
            problem = Problem(
                file=file,
                column=_DATE,
                message="says nowhere which session it is of",
                expected="a column Date, or the date in the file's name, such as krx-20260220.csv",
                remedy="Rename the file",
            )
            raise DatasetError(str(problem), [problem])
        return pd.Series(pd.Timestamp(named), index=raw.index).astype("datetime64[us]")
    codes, values = pd.factorize(raw[_DATE])
    days = [parse_day(value) for value in values]
    wrong = [place for place, day in enumerate(days) if day is None or (named is not None and day != named)]
    if wrong or (codes < 0).any():
        problems = [
            _wrong_day(content, file, int(np.argmax(codes == place)), value, named)
            for place, value in [
                *((place, values[place]) for place in wrong),
                *([(-1, "")] if (codes < 0).any() else []),
            ]
        ]
        raise DatasetError(f"{file} has rows whose session cannot be told", problems)
    stamps = pd.to_datetime(pd.Series(days, dtype=object)).astype("datetime64[us]").to_numpy()
    return pd.Series(stamps[codes], index=raw.index)


def _wrong_day(content: _Content, file: str, position: int, value: Any, named: date | None) -> Problem:
    """The first row with a Date that is none, or not the one in the file's name."""
    other = parse_day(value)
    return Problem(
        file=file,
        line=content.lines[position] if content.lines else None,
        row="" if content.lines else f"row {position + 1}",
        column=_DATE,
        message="is of another session than the file's name says" if other else "is no date",
        found=places.shortened(value),
        expected=named.isoformat() if named else "a day such as 2026-02-20",
        remedy=delimited.FETCH_AGAIN,
    )


def _against_direction(rows: Rows, direction: pd.Series) -> list[Finding]:
    """Changes whose sign contradicts the exchange's own code for it: a change that lost its sign."""
    change = pd.to_numeric(rows.frame["change"], errors="coerce")
    codes = direction.astype(str).str.strip().str.removesuffix(".0")
    told = codes.map(_DIRECTIONS)
    off = told.notna() & change.notna() & (np.sign(change) != told)
    return [
        places.finding(
            rows,
            rows.frame,
            int(position),
            column="change",
            message=f"contradicts {_DIRECTION}, which says {_said(codes.iloc[position])}",
            found=places.shortened(change.iloc[position]),
            expected="a change with the sign of its direction",
            remedy="Fetch the file again, or drop ChangeCode if it is wrong",
        )
        for position in np.flatnonzero(off.to_numpy())
    ]


def _said(code: str) -> str:
    return {1: "up", -1: "down", 0: "unchanged"}[_DIRECTIONS[code]]
