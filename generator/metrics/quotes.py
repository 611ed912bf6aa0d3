"""What the tables of a few rows state of each session: indices, their course, breadth, flows.

Gives raw inputs, named `KOSPI.low`, where a measure needs the session before, and metrics where it does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from generator.metrics.columns import numbers, texts
from generator.metrics.index_metrics import INDICES

if TYPE_CHECKING:
    from collections.abc import Mapping

_LEVELS = (
    "open", "high", "low", "close", "previous_close",
    "change_pct", "open_change_pct", "all_time_high", "value_traded",
)  # fmt: skip
_INTRADAY = ("lowest_change", "highest_change", "lowest_level", "highest_level")
INDEX_INPUTS = (*_LEVELS, *_INTRADAY)
"""What `quotes` gives of each index, as `KOSPI.low`."""

_COUNTS = ("advancers", "decliners", "unchanged", "listed")
_INVESTORS = ("foreign", "institution", "retail")


def quotes(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row a session that any of the tables has, sorted; all columns always there."""
    empty = pd.DataFrame({"date": pd.Series(dtype="datetime64[us]")})
    parts = [
        *_indices(tables.get("indices", empty)),
        *_intraday(tables.get("intraday", empty)),
        _breadth(tables.get("breadth", empty)),
        *_flows(tables.get("flows", empty)),
    ]
    return pd.concat(parts, axis=1, sort=True)


def _rows(frame: pd.DataFrame, column: str, value: str) -> pd.DataFrame:
    rows: pd.DataFrame = frame.loc[texts(frame, column) == value]
    return rows


def _by_date(frame: pd.DataFrame, columns: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """The columns by session; the key of the table makes a session's row the only one."""
    index = pd.DatetimeIndex(frame["date"], name="date").as_unit("us")
    return pd.DataFrame(dict(columns), index=index)


def _indices(frame: pd.DataFrame) -> list[pd.DataFrame]:
    found = []
    for index in INDICES.values():
        rows = _rows(frame, "index", index)
        found.append(_by_date(rows, {f"{index}.{name}": numbers(rows, name) for name in _LEVELS}))
    return found


def _intraday(frame: pd.DataFrame) -> list[pd.DataFrame]:
    """Extremes of what the session's course states: changes, and levels where no change stands beside."""
    found = []
    for index in INDICES.values():
        rows = _rows(frame, "index", index)
        change = numbers(rows, "change_pct")
        level = np.where(np.isnan(change), numbers(rows, "level"), np.nan)
        grouped = _by_date(rows, {"change": change, "level": level}).groupby(level="date")
        lowest, highest = grouped.min(), grouped.max()
        extremes = (lowest["change"], highest["change"], lowest["level"], highest["level"])
        found.append(
            pd.DataFrame({f"{index}.{name}": each for name, each in zip(_INTRADAY, extremes, strict=True)})
        )
    return found


def _breadth(frame: pd.DataFrame) -> pd.DataFrame:
    """Counts as stated for `all`, else the sums of both markets' where both are stated."""
    scopes = {}
    for scope in ("all", "KOSPI", "KOSDAQ"):
        rows = _rows(frame, "scope", scope)
        scopes[scope] = _by_date(rows, {name: numbers(rows, name) for name in _COUNTS})
    return scopes["all"].combine_first(scopes["KOSPI"] + scopes["KOSDAQ"])[list(_COUNTS)]


def _flows(frame: pd.DataFrame) -> list[pd.DataFrame]:
    market = _rows(frame, "scope_kind", "market")
    found = []
    for scope, prefix, investors in (("KOSPI", "", _INVESTORS), ("KOSDAQ", "kosdaq_", ("foreign",))):
        for investor in investors:
            rows = _rows(_rows(market, "scope", scope), "investor", investor)
            found.append(_by_date(rows, {f"{prefix}{investor}_net_krw": numbers(rows, "net_krw")}))
    return found
