"""What needs the sessions before: changes, records, streaks, averages. Never across a gap in the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from generator.metrics.columns import ratio
from generator.metrics.definitions import METRICS
from generator.metrics.index_metrics import INDICES, ratio_name
from generator.metrics.metric import WINDOW, YEAR
from generator.metrics.quotes import INDEX_INPUTS
from generator.metrics.timeline import Timeline, before, last_reaching, over_window, streaks, timeline

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from generator.calendars import TradingCalendar
    from generator.metrics.timeline import Floats, Places


def history(sessions: pd.DataFrame, calendar: TradingCalendar) -> pd.DataFrame:
    """The metrics of all sessions, columns as in `METRICS`, from what each session gives on its own.

    Args:
        sessions: Of `cross_section`, with the measures of `averages` beside it; sorted by `date`.
        calendar: Says which sessions the data lacks.

    Returns:
        float64 columns, dates as datetime64; NaN and NaT where a measure is missing.
    """
    line = timeline(calendar)
    found: dict[str, pd.Series] = {name: sessions[name] for name in sessions.columns if name in METRICS}
    for prefix, index in INDICES.items():
        found |= _index(sessions, prefix, index, line)
    found["kosdaq_minus_kospi_pp"] = found["kosdaq_change_pct"] - found["kospi_change_pct"]
    found["adr20"] = _adr(sessions, line)
    foreign, starts = _present(sessions["foreign_net_krw"], line)
    for name, holds in (("foreign_sell_streak", foreign < 0), ("foreign_buy_streak", foreign > 0)):
        found[name] = pd.Series(streaks(holds.to_numpy(), starts), index=foreign.index)
    return pd.DataFrame({name: found[name] for name in METRICS}, index=sessions.index)


def _present(values: pd.Series, line: Timeline) -> tuple[pd.Series, Places]:
    """The values that are there, and where their runs start."""
    there = values.dropna()
    return there, line.starts(pd.DatetimeIndex(there.index))


def _index(sessions: pd.DataFrame, prefix: str, index: str, line: Timeline) -> dict[str, pd.Series]:
    raw = {name: sessions[f"{index}.{name}"] for name in INDEX_INPUTS}
    close, starts = _present(raw["close"], line)
    earlier = pd.Series(before(close.to_numpy(), starts), index=close.index).reindex(sessions.index)
    previous = raw["previous_close"].where(raw["previous_close"].notna(), earlier)
    previous = previous.where(previous > 0)

    def against_previous(level: pd.Series) -> pd.Series:
        return (level / previous - 1) * 100

    def stated(change: pd.Series, otherwise: pd.Series) -> pd.Series:
        return change.where(change.notna(), otherwise)

    change = stated(raw["change_pct"], against_previous(raw["close"]))
    gap = stated(raw["open_change_pct"], against_previous(raw["open"]))
    low = stated(
        against_previous(raw["low"]),
        pd.concat([raw["lowest_change"], against_previous(raw["lowest_level"])], axis=1).min(axis=1),
    )
    high = stated(
        against_previous(raw["high"]),
        pd.concat([raw["highest_change"], against_previous(raw["highest_level"])], axis=1).max(axis=1),
    )
    lowest = pd.concat([low, gap], axis=1).min(axis=1)
    highest = pd.concat([high, gap], axis=1).max(axis=1)
    found = {
        "close": raw["close"],
        "change_pct": change,
        "change_points": raw["close"] - previous,
        "gap_pct": gap,
        "low_pct": low,
        "high_pct": high,
        "reversal_pct": (change - lowest).where((lowest < 0) & (change > 0)),
        "fade_pct": (highest - change).where((highest > 0) & (change < 0)),
        "range_pct": (raw["high"] - raw["low"]) / previous * 100,
        "value_traded": raw["value_traded"],
        **_records(close, raw["all_time_high"].reindex(close.index).to_numpy(), starts),
        **_moves(change, line),
    }
    return {
        **{f"{prefix}_{name}": values for name, values in found.items()},
        ratio_name(prefix): _activity(raw["value_traded"], line),
    }


def _records(close: pd.Series, stated: Floats, starts: Places) -> dict[str, pd.Series]:
    """Highest closes. A stated record tells what the history cannot: that nothing before it was higher."""
    values = close.to_numpy()
    places = np.arange(len(values))
    said = stated == 1
    highest = np.maximum.accumulate(values) if len(values) else values
    higher = last_reaching(values, strictly=True)
    lower = last_reaching(-values, strictly=True)
    # Known to the bottom: gap-free from the start and long enough, or since a record stated in this run.
    last_said = np.maximum.accumulate(np.where(said, places, -1)) if len(values) else places
    known = ((starts == 0) & (places >= YEAR)) | (last_said >= starts)
    record = np.where(known, 1.0, np.where(stated == 0, 0.0, np.nan))
    year = over_window(values, starts, YEAR, lambda windows: windows.max(axis=1))
    distance = np.where(said, 0.0, (ratio(values, year) - 1) * 100)
    return _series(
        close.index,
        all_time_high=np.where(said, 1.0, np.where(higher >= 0, 0.0, record)),
        from_high_pct=np.where(said, 0.0, np.where(known, (ratio(values, highest) - 1) * 100, np.nan)),
        **{
            "52w_high": np.where(np.isnan(distance), np.nan, distance >= 0),
            "52w_high_distance_pct": distance,
        },
        highest_since=_days(close.index, higher, higher >= starts),
        lowest_since=_days(close.index, lower, lower >= starts),
    )


def _moves(change: pd.Series, line: Timeline) -> dict[str, pd.Series]:
    """Streaks and largest moves."""
    moves, starts = _present(change, line)
    values = moves.to_numpy()
    places = np.arange(len(values))
    found: dict[str, Any] = {}
    for way, move, signed in (("up", "rise", values), ("down", "fall", -values)):
        moved = signed > 0
        reached = last_reaching(signed)
        first = np.where((starts == 0) & (places >= YEAR), 1.0, np.nan)
        found[f"{way}_streak"] = streaks(moved, starts)
        found[f"largest_{move}_since"] = _days(moves.index, reached, moved & (reached >= starts))
        found[f"largest_{move}_ever"] = np.where(moved, np.where(reached >= 0, 0.0, first), np.nan)
    return _series(moves.index, **found)


def _activity(traded: pd.Series, line: Timeline) -> pd.Series:
    values, starts = _present(traded, line)
    usual = over_window(values.to_numpy(), starts, WINDOW, lambda windows: windows.mean(axis=1), ended=1)
    return pd.Series(ratio(values, usual), index=values.index)


def _adr(sessions: pd.DataFrame, line: Timeline) -> pd.Series:
    both = sessions[["advancers", "decliners"]].dropna()
    starts = line.starts(pd.DatetimeIndex(both.index))
    rose, fell = (
        over_window(both[name].to_numpy(), starts, WINDOW, lambda windows: windows.sum(axis=1))
        for name in ("advancers", "decliners")
    )
    return pd.Series(ratio(rose, fell) * 100, index=both.index)


def _days(days: pd.Index, places: Places, told: NDArray[np.bool_]) -> NDArray[np.datetime64]:
    """The days at those places where they are told, else NaT."""
    stamps = days.to_numpy().astype("datetime64[us]")
    if not len(stamps):
        return stamps
    return np.where(told, stamps[np.maximum(places, 0)], np.datetime64("NaT", "us"))


def _series(index: pd.Index, **columns: NDArray[Any]) -> dict[str, pd.Series]:
    return {name: pd.Series(values, index=index) for name, values in columns.items()}
