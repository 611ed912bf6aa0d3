"""What needs each stock's closes of up to a year: moving averages, 52-week highs and lows.

Closes are made comparable by the exchange's own base prices: where a base differs from the last close (a
split, a rights issue), the closes before are scaled by base / last close. Between such days closes stay as
they were traded, so equal prices compare as equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from generator.metrics.columns import ratio
from generator.metrics.metric import LONG, SHORT, YEAR
from generator.metrics.stocks import BOTH, within

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from generator.metrics.timeline import Timeline

PANEL = ("date", "code", "close", "base", "traded")
"""Columns of a panel: one row a stock and session. `traded` is False for a stock without a trade that day."""

MEASURED = ("share_above_50", "share_above_200", "new_highs_52w", "new_lows_52w")

_ROUNDING = 1e-4
"""A base within 0.01% of the last close is that close: it was computed from a change rounded to 0.01%."""

_HAIR = 1e-9
"""Relative; a scaled close may be off in its last bits, and such a difference is none."""


def panel(listed: pd.DataFrame, whole_market: int) -> pd.DataFrame:
    """The closes of `listed_stocks`, of sessions that have every listed stock; sorted by session and code."""
    rows = within(listed.loc[listed["close"] > 0], BOTH, whole_market)
    kept = rows.loc[:, ["date", "code", "close", "base"]]
    return kept.assign(traded=~rows["not_traded"]).reset_index(drop=True)


@dataclass(frozen=True, slots=True)
class _Grid:
    """A panel as arrays: a row a session, a column a stock."""

    close: NDArray[np.float64]
    traded: NDArray[np.bool_]
    scale: NDArray[np.float64]
    """Base price / last close; 1 where nothing was set anew."""
    present: NDArray[np.int64]
    """How many sessions in a row a stock has had a close, this one included."""
    scaled: NDArray[np.int64]
    """Row of the last session whose scale is not 1; -1: none."""


def averages(closes: pd.DataFrame, days: pd.DatetimeIndex, line: Timeline) -> pd.DataFrame:
    """The measures of the sessions `days`, as far as the panel reaches without a gap.

    Each is computed from its own 252 sessions alone, so a panel cut to those gives the same values.
    """
    found = pd.DataFrame(np.nan, index=days, columns=list(MEASURED))
    stamps = pd.DatetimeIndex(closes["date"].unique())
    places = stamps.get_indexer(days)
    if (places < 0).all():
        return found
    starts = line.starts(stamps)
    reach = np.arange(len(stamps)) - starts + 1
    if reach[places[places >= 0]].max() < SHORT:
        return found
    grid = _grid(closes, stamps)
    for row, place in enumerate(places):
        if place >= 0:
            found.iloc[row] = _measured(grid, int(place), int(reach[place]))
    return found


def _grid(closes: pd.DataFrame, stamps: pd.DatetimeIndex) -> _Grid:
    codes, names = pd.factorize(closes["code"])
    rows = stamps.get_indexer(pd.DatetimeIndex(closes["date"]))
    shape = (len(stamps), len(names))
    close, base = np.full(shape, np.nan), np.full(shape, np.nan)
    traded = np.zeros(shape, dtype=bool)
    close[rows, codes] = closes["close"].to_numpy()
    base[rows, codes] = closes["base"].to_numpy()
    traded[rows, codes] = closes["traded"].to_numpy()
    scale = np.ones(shape)
    scale[1:] = base[1:] / close[:-1]
    scale[~((np.abs(scale - 1) > _ROUNDING) & (scale > 0))] = 1.0
    order = np.arange(shape[0])[:, None]
    absent = np.maximum.accumulate(np.where(np.isnan(close), order, -1))
    scaled = np.maximum.accumulate(np.where(scale != 1, order, -1))
    return _Grid(close, traded, scale, order - absent, scaled)


def _measured(grid: _Grid, place: int, reach: int) -> tuple[float, ...]:
    above = [_above(grid, place, count) if reach >= count else np.nan for count in (SHORT, LONG)]
    extremes = _extremes(grid, place) if reach >= YEAR else (np.nan, np.nan)
    return (*above, *extremes)


def _window(grid: _Grid, place: int, count: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The last `count` closes of every stock on today's scale, and the stocks to be measured.

    Measured are stocks that traded today and have all closes.
    """
    first = place - count + 1
    measured = grid.traded[place] & (grid.present[place] >= count)
    closes = grid.close[first : place + 1]
    anew = np.flatnonzero(measured & (grid.scaled[place] > first))
    if len(anew):
        closes = closes.copy()
        later = grid.scale[first + 1 : place + 1, anew]
        closes[:-1, anew] *= np.cumprod(later[::-1], axis=0)[::-1]
    return closes, measured


def _above(grid: _Grid, place: int, count: int) -> float:
    closes, measured = _window(grid, place, count)
    # Summed session by session, so that a stock's sum does not depend on its neighbours.
    total = np.add.reduce(closes, axis=0)
    above = measured & (closes[-1] * count > total * (1 + _HAIR))
    return float(ratio(np.array([above.sum()]), np.array([measured.sum()]))[0] * 100)


def _extremes(grid: _Grid, place: int) -> tuple[float, float]:
    closes, measured = _window(grid, place, YEAR)
    today, earlier = closes[-1], closes[:-1]
    highs = measured & (today > earlier.max(axis=0) * (1 + _HAIR))
    lows = measured & (today < earlier.min(axis=0) * (1 - _HAIR))
    return float(highs.sum()), float(lows.sum())
