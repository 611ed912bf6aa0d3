"""Naming the place of a row, and turning what is wrong there into findings."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from generator.dataset.session import Origin
from generator.dataset.source import FILE, ROW, SESSION, Finding
from generator.dataset.tables import TABLES
from generator.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    import pandas as pd

    from generator.dataset.source import Rows

LIKE_PROBLEMS = 20
"""Problems of one kind that are listed one by one; the rest of the kind is counted."""

_SHOWN = 60


def day_of(frame: pd.DataFrame, position: int) -> date:
    """The session of the row at `position`."""
    stamp: pd.Timestamp = frame[SESSION].iloc[position]
    return stamp.date()


def row_names(rows: Rows, frame: pd.DataFrame) -> list[str]:
    """Each row of the converted `frame` as people find it: `line 3`, or `2026-01-08 005930`.

    A row of a table without a key, in a source without lines, is `2026-01-08 row 3`.
    """
    numbers = frame[ROW].tolist()
    if rows.numbering == "line":
        return [f"line {number}" for number in numbers]
    days = frame[SESSION].dt.strftime("%Y-%m-%d").tolist()
    key = [frame[name].tolist() for name in TABLES[rows.table].key if name in frame.columns]
    if not key:
        return [f"{day} row {number}" for day, number in zip(days, numbers, strict=True)]
    cells = ([str(cell) for cell in row if cell is not None] for row in zip(*key, strict=True))
    return [" ".join([day, *row]) for day, row in zip(days, cells, strict=True)]


def read_at(rows: Rows, frame: pd.DataFrame, column: str = "") -> tuple[list[str], list[str]]:
    """Files and rows that the rows of the converted `frame` were read at, or how `column` was computed."""
    remark = rows.remarks.get(column) or rows.remarks.get("")
    tail = f", {remark}" if remark else ""
    files = [rows.files[file] for file in frame[FILE].tolist()]
    return files, [name + tail for name in row_names(rows, frame)]


def origin(rows: Rows, frame: pd.DataFrame, position: int, column: str = "") -> Origin:
    """The same of one row."""
    (file,), (row,) = read_at(rows, frame.iloc[[position]], column)
    return Origin(file, row)


def finding(
    rows: Rows,
    frame: pd.DataFrame,
    position: int,
    *,
    message: str,
    column: str = "",
    found: str = "",
    expected: str = "",
    remedy: str = "",
    fatal: bool = True,
    kind: str = "",
) -> Finding:
    """A problem with the row at `position` of the converted `frame`; `kind` as in `Finding`."""
    by_line = rows.numbering == "line"
    here = frame.iloc[[position]]
    problem = Problem(
        file=rows.files[int(frame[FILE].iloc[position])],
        line=int(frame[ROW].iloc[position]) if by_line else None,
        row="" if by_line else row_names(rows, here)[0],
        column=column,
        message=message,
        found=found,
        expected=expected,
        remedy=remedy,
        fatal=fatal,
    )
    return Finding(day_of(frame, position), problem, kind)


def shortened(value: Any) -> str:
    """A value as a message shows it: at most 60 characters, whole floats without their `.0`."""
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        value = int(value)
    text = str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text)} characters)"


def printable(problem: Problem) -> Problem:
    """The problem with control characters escaped: headers and cells come from anywhere."""
    return replace(
        problem,
        file=_escaped(problem.file),
        message=_escaped(problem.message),
        row=_escaped(problem.row),
        column=_escaped(problem.column),
        expected=_escaped(problem.expected),
        remedy=_escaped(problem.remedy),
    )


def _escaped(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(
        mark if mark.isprintable() else mark.encode("unicode_escape").decode("ascii") for mark in text
    )


def limited(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, in order; of one kind in one file and session, those after the first 20 only counted."""
    findings = list(findings)
    totals = Counter(_kind(each) for each in findings)
    seen: Counter[tuple[object, ...]] = Counter()
    kept = []
    for each in findings:
        kind = _kind(each)
        seen[kind] += 1
        if seen[kind] < LIKE_PROBLEMS or totals[kind] <= LIKE_PROBLEMS:
            kept.append(each)
        elif seen[kind] == LIKE_PROBLEMS:
            more = totals[kind] - LIKE_PROBLEMS
            said = f"{each.problem.message} (and {more:,} more like this)"
            kept.append(replace(each, problem=replace(each.problem, message=said)))
    return kept


def _kind(each: Finding) -> tuple[object, ...]:
    return each.day, each.problem.file, each.problem.column, each.kind or each.problem.message
