"""From the raw cells of any source to typed columns.

A cell that cannot be its column's type is left as it was found, in a column that is then of objects:
the checks name it, and its session goes no further.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from generator.dataset.source import FILE, ROW, SESSION
from generator.dataset.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.dataset.source import Rows
    from generator.dataset.tables import Column

PLAIN_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
"""Digits, a point, an exponent at most; so neither `1,234` nor `2.63%`, `nan` or `inf`."""

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}.*)?|(\d{4})(\d{2})(\d{2})", re.ASCII)
_FOLDED = re.compile(r"[ \t]*[\r\n\t]+[ \t]*")

_MARKET_SEGMENTS = {"KOSDAQ GLOBAL": "KOSDAQ"}


def convert(rows: Rows) -> pd.DataFrame:
    """The typed frame of raw rows: SESSION, FILE, ROW, then the table's columns that the source has.

    Numbers and counts are float64 with NaN, texts and codes objects with None, flags True, False or None,
    days `datetime.date`. Rows keep their order; the index is 0, 1, ….
    """
    raw = rows.frame.reset_index(drop=True)
    columns: dict[str, Any] = {
        SESSION: raw[SESSION].astype("datetime64[us]"),
        FILE: raw[FILE] if FILE in raw else np.zeros(len(raw), dtype=np.int64),
        ROW: raw[ROW] if ROW in raw else np.arange(1, len(raw) + 1),
    }
    for column in TABLES[rows.table].columns:
        if column.name in raw:
            columns[column.name] = converted(raw[column.name], column)
    return pd.DataFrame(columns, index=raw.index)


def converted(raw: pd.Series, column: Column) -> pd.Series:
    """One column's cells as its kind has them; what cannot be stays as it is."""
    match column.kind:
        case "number" | "count":
            return _numbers(raw)
        case "flag":
            return _by_value(raw, _flag)
        case "date":
            return _by_value(raw, lambda value: parse_day(value) or value)
        case "text" if column.name == "market":
            return _by_value(raw, lambda value: _MARKET_SEGMENTS.get(_text(value) or "", _text(value)))
        case _:
            return _by_value(raw, _text)


def settled(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """The frame with every number column float64: what is no number becomes missing.

    Only for rows that are kept; the sessions of bad cells are withheld.
    """
    numbers = [column.name for column in TABLES[table].columns if column.kind in ("number", "count")]
    changed = {
        name: pd.to_numeric(frame[name], errors="coerce").astype(float)
        for name in numbers
        if name in frame and frame[name].dtype != np.float64
    }
    return frame.assign(**changed) if changed else frame


def parse_day(value: Any) -> date | None:
    """A day from an ISO text, YYYYMMDD as text or number, or any date or time type; None if it is none.

    A time type with a zone is none either: what day it is would depend on where it is read.
    """
    if isinstance(value, np.datetime64):
        value = pd.Timestamp(value)
    if value is pd.NaT:
        return None
    if isinstance(value, date):
        if not isinstance(value, datetime):
            return value
        return value.date() if value.tzinfo is None else None
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        value = int(value)
    text = str(value).strip()
    try:
        if len(text) == len("2026-05-13") and text[4] == text[7] == "-":
            return date.fromisoformat(text)  # by far the most frequent, and fast
        found = _DAY.fullmatch(text)
        return date(*(int(part) for part in found.groups() if part)) if found else None
    except ValueError:
        return None


def _numbers(raw: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(raw) and not pd.api.types.is_bool_dtype(raw):
        return raw.astype(float)
    cells = raw.to_numpy(dtype=object)
    values = np.full(len(cells), np.nan)
    bad = []
    for place, cell in enumerate(cells):
        value = _number(cell)
        if value is None:
            bad.append(place)
        else:
            values[place] = value
    if not bad:
        return pd.Series(values, index=raw.index)
    mixed = values.astype(object)
    mixed[bad] = cells[bad]
    return pd.Series(mixed, index=raw.index, dtype=object)


def _number(cell: Any) -> float | None:
    """The number in a cell, NaN for a blank one, None if it is neither."""
    if isinstance(cell, str):
        text = cell.strip()
        if PLAIN_NUMBER.fullmatch(text):
            return float(text)
        return None if text else math.nan
    if isinstance(cell, (int, float, np.number, Decimal)) and not isinstance(cell, bool):
        return float(cell)
    return math.nan if cell is None or cell is pd.NaT or cell is pd.NA else None


def _by_value(raw: pd.Series, change: Callable[[Any], Any]) -> pd.Series:
    """Apply `change` once to each distinct value; an all-stocks file repeats its texts daily."""
    codes, values = pd.factorize(raw)
    changed = np.empty(len(values) + 1, dtype=object)
    for place, value in enumerate(values):
        changed[place] = change(value)
    changed[-1] = None  # factorize says -1 for missing
    return pd.Series(changed[codes], index=raw.index, dtype=object)


def folded(text: str) -> str:
    """A cell in one line: blanks around it dropped, line breaks and tabs inside it made blanks."""
    return _FOLDED.sub(" ", text.strip(" \t\r\n"))


def _text(value: Any) -> str | None:
    return folded(str(value)) or None


def _flag(value: Any) -> Any:
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, float, np.number)) and value in (0, 1):
        return bool(value)
    if isinstance(value, str):
        text = value.strip().lower()
        return {"true": True, "false": False, "": None}.get(text, value)
    return value
