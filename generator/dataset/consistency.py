"""Checks across cells: duplicates, prices and changes that contradict each other, impossible counts.

Each looks at one source's converted rows of one table, so that what it finds has a file and a line.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from generator.dataset import places
from generator.dataset.checks import CODE
from generator.dataset.rounding import half_unit
from generator.dataset.source import SESSION
from generator.dataset.tables import INVESTORS, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.dataset.source import Finding, Rows

UNEXPLAINED = 0.10
"""Where an investor group is missing: the share of the largest flow that may stay unexplained in silence."""

_ADDRESS = re.compile(r"https?://[^\s\\]+|/(?!/)[^\s\\]*", re.ASCII)
_CLOCK = re.compile(r"\d+:\d+", re.ASCII)
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d", re.ASCII)
_EPSILON = 1e-6


def across(rows: Rows, frame: pd.DataFrame) -> list[Finding]:
    """All that is wrong between the cells of a converted frame, whose index counts from 0."""
    found = list(_duplicates(rows, frame))
    match rows.table:
        case "indices":
            found += _range(rows, frame)
            previous = number(frame, "previous_close")
            for name, level in (("change_pct", "close"), ("open_change_pct", "open")):
                found += _change(rows, frame, name, number(frame, level), previous)
        case "stocks":
            found += _range(rows, frame)
            close = number(frame, "close")
            found += _change(rows, frame, "change_pct", close, close - number(frame, "change"), exact=True)
        case "breadth":
            found += _breadth(rows, frame)
        case "flows":
            found += _flow_scopes(rows, frame)
            found += _flow_sums(rows, frame)
        case "intraday":
            found += _times(rows, frame)
        case "events":
            found += _not_later(rows, frame)
            found += _addresses(rows, frame, "url")
        case "context":
            found += _not_later(rows, frame)
        case "sectors":
            found += _addresses(rows, frame, "related")
    return found


def number(frame: pd.DataFrame, name: str) -> pd.Series:
    """A column as floats, NaN where it is missing or holds no finite number."""
    if name not in frame:
        return pd.Series(np.nan, index=frame.index)
    column = frame[name]
    if column.dtype != np.float64:
        column = column.where(column.map(lambda cell: isinstance(cell, float))).astype(float)
    return column.where(~np.isinf(column))


def not_traded(frame: pd.DataFrame) -> pd.Series:
    """Stocks whose open, high and low are all 0: the exchange's way to say that nothing was traded."""
    return (number(frame, "open") == 0) & (number(frame, "high") == 0) & (number(frame, "low") == 0)


def _places(mask: pd.Series) -> list[int]:
    return [int(place) for place in np.flatnonzero(mask.to_numpy())]


def _duplicates(rows: Rows, frame: pd.DataFrame) -> Iterator[Finding]:
    key = TABLES[rows.table].key
    if not key or any(name not in frame for name in key):
        return
    columns = [SESSION, *key]
    again = frame.duplicated(columns, keep="first") & frame[key[0]].notna()
    if not again.any():
        return
    # Only the rows concerned: a frame of all stocks is large, and duplicates are few.
    same = frame.loc[frame.duplicated(columns, keep=False), columns]
    first = {
        tuple(group): index
        for index, group in zip(same.index[::-1], same.iloc[::-1].to_numpy(object), strict=True)
    }
    for place in _places(again):
        earlier = int(first[tuple(frame[columns].iloc[place].to_numpy(object))])
        at = places.origin(rows, frame, earlier)
        yield places.finding(
            rows,
            frame,
            place,
            column=", ".join(key),
            message=f"is a second row for the same {' and '.join(key)}; the first is {at.file}, {at.row}",
            found=" ".join(
                str(frame[name].iloc[place]) for name in key if not pd.isna(frame[name].iloc[place])
            ),
            expected=f"one row for each {' and '.join(key)}",
            remedy="Remove one of the two",
            kind="duplicate",
        )


def _range(rows: Rows, frame: pd.DataFrame) -> Iterator[Finding]:
    low, high = number(frame, "low"), number(frame, "high")
    traded = ~not_traded(frame)
    for place in _places(traded & (high < low - _EPSILON)):
        yield places.finding(
            rows,
            frame,
            place,
            column="high",
            message="is below the low",
            found=f"high {high.iloc[place]:g}, low {low.iloc[place]:g}",
            expected="low ≤ open and close ≤ high",
            remedy="Correct the row, or leave the cells blank",
        )
    ordered = traded & ~(high < low - _EPSILON)
    for name in ("open", "close"):
        value = number(frame, name)
        for place in _places(ordered & ((value > high + _EPSILON) | (value < low - _EPSILON))):
            yield places.finding(
                rows,
                frame,
                place,
                column=name,
                message="lies outside the session's high and low",
                found=f"{name} {value.iloc[place]:g}, low {low.iloc[place]:g}, high {high.iloc[place]:g}",
                expected="low ≤ open and close ≤ high",
                remedy="Correct the row, or leave the cells blank",
            )


def _change(
    rows: Rows, frame: pd.DataFrame, name: str, level: pd.Series, base: pd.Series, *, exact: bool = False
) -> Iterator[Finding]:
    """A change in per cent that its level and base contradict, beyond what rounding explains.

    Prices are `exact`, in whole units of their currency; an index level may be rounded itself.
    """
    stated = number(frame, name)
    base = base.where(base > 0)
    computed = (level / base - 1) * 100
    slack = pd.Series(0.0, index=frame.index)
    if not exact:
        # The error of level / base where both are off by half a unit of their last digit.
        slack = (half_unit(level.to_numpy()) + half_unit(base.to_numpy()) * (level / base)) / base * 100
    off = (stated - computed).abs() > half_unit(stated.to_numpy()) + slack + _EPSILON
    for place in _places(off):
        yield places.finding(
            rows,
            frame,
            place,
            column=name,
            message=f"contradicts the row's levels, {level.iloc[place]:.12g} on {base.iloc[place]:.12g}",
            found=places.shortened(stated.iloc[place]),
            expected=f"{computed.iloc[place]:.2f}, in per cent",
            remedy="Correct whichever is wrong, or leave the change blank",
            kind="contradiction",
        )


def _breadth(rows: Rows, frame: pd.DataFrame) -> Iterator[Finding]:
    listed = number(frame, "listed")
    parts = [number(frame, name) for name in ("advancers", "decliners", "unchanged")]
    counted = sum((part.fillna(0) for part in parts), pd.Series(0.0, index=frame.index))
    for place in _places(counted > listed):
        shown = " + ".join(f"{part.iloc[place]:g}" for part in parts if not pd.isna(part.iloc[place]))
        yield places.finding(
            rows,
            frame,
            place,
            column="listed",
            message="is less than its parts together, which is impossible",
            found=f"{shown} = {counted.iloc[place]:g} of {listed.iloc[place]:g}",
            expected="advancers + decliners + unchanged ≤ listed",
            remedy="Correct the counts",
        )


def _flow_scopes(rows: Rows, frame: pd.DataFrame) -> Iterator[Finding]:
    if "scope_kind" not in frame or "scope" not in frame:
        return
    for place, (kind, scope) in enumerate(zip(frame["scope_kind"], frame["scope"], strict=True)):
        if kind == "stock" and scope is not None and not CODE.fullmatch(str(scope)):
            yield places.finding(
                rows,
                frame,
                place,
                column="scope",
                message="is no stock code, and scope_kind says stock",
                found=places.shortened(scope),
                expected="six characters, such as 005930",
                remedy="Correct the code, or the scope_kind",
            )


def _flow_sums(rows: Rows, frame: pd.DataFrame) -> Iterator[Finding]:
    """Over a whole market the groups' net buying adds up to nothing."""
    if any(name not in frame for name in ("scope", "scope_kind", "investor")):
        return
    given = frame.assign(net_krw=number(frame, "net_krw"))
    given = given[(given["scope_kind"] == "market") & given["net_krw"].notna()]
    for _, group in given.groupby([SESSION, "scope"], sort=False):
        amounts = dict(zip(group["investor"].tolist(), group["net_krw"].tolist(), strict=True))
        if not set(INVESTORS[:3]) <= amounts.keys() or len(amounts) != len(group):
            continue
        values = np.array(list(amounts.values()))
        rest = float(values.sum())
        whole = len(amounts) == len(INVESTORS)
        # One won of slack: floats of this size are exact, halves of odd amounts are not.
        rounding = float(half_unit(values, trailing_zeros=True).sum()) + 1
        if abs(rest) <= (rounding if whole else UNEXPLAINED * float(np.abs(values).max())):
            continue
        yield places.finding(
            rows,
            frame,
            int(group.index[0]),
            column="net_krw",
            message=f"the flows of {group['scope'].iloc[0]} do not offset"
            + ("" if whole else ", and `other` (other corporations) is not given"),
            found=" ".join(f"{who} {net:+,.0f}" for who, net in amounts.items()) + f" = {rest:+,.0f} KRW",
            expected="a sum of 0 within rounding" if whole else "a rest of at most 10% of the largest flow",
            remedy="Correct the amounts" if whole else "Check the amounts, or add the row of `other`",
            fatal=whole,
        )


def _times(rows: Rows, frame: pd.DataFrame) -> Iterator[Finding]:
    if "time" not in frame:
        return
    for place, text in enumerate(frame["time"]):
        if text is not None and _CLOCK.fullmatch(str(text)) and not _TIME.fullmatch(str(text)):
            yield places.finding(
                rows,
                frame,
                place,
                column="time",
                message="is no time of day",
                found=places.shortened(text),
                expected="HH:MM such as 09:00, or a part of the day in words",
                remedy="Correct the time",
            )


def _not_later(rows: Rows, frame: pd.DataFrame) -> Iterator[Finding]:
    if "date" not in frame:
        return
    for place, (day, session) in enumerate(zip(frame["date"], frame[SESSION], strict=True)):
        if not isinstance(day, date) or day <= session.date():
            continue
        yield places.finding(
            rows,
            frame,
            place,
            column="date",
            message=f"is later than the session {places.day_of(frame, place)}",
            found=str(frame["date"].iloc[place]),
            expected="the session's day or an earlier one",
            remedy="Correct the date, or move the row to its own session",
        )


def _addresses(rows: Rows, frame: pd.DataFrame, name: str) -> Iterator[Finding]:
    if name not in frame:
        return
    for place, text in enumerate(frame[name]):
        if text is not None and not _ADDRESS.fullmatch(str(text)):
            yield places.finding(
                rows,
                frame,
                place,
                column=name,
                message="is no address that may be linked to",
                found=places.shortened(text),
                expected="http(s)://…, or an address from the site's root such as /post/…/",
                remedy="Correct the address, or leave the cell blank",
            )
