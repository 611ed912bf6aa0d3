"""Which sessions follow each other without a gap, and what can be said over such runs of sessions.

A session that the calendar has and the data lacks ends a run: nothing is counted, averaged or called the
largest across it. All functions take arrays over the sessions that have the value at hand, oldest first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray

    from generator.calendars import TradingCalendar

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Places = NDArray[np.int64]

_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Timeline:
    """A calendar's sessions as an array."""

    sessions: NDArray[np.datetime64]
    checked_from: date
    """Before this day the calendar is no judge of what is missing (see `calendars.CHECKED_FROM`)."""

    def starts(self, days: pd.DatetimeIndex) -> Places:
        """For each day the place of the first day of its gap-free run."""
        stamps = days.to_numpy().astype("datetime64[D]")
        following = np.maximum(stamps + np.timedelta64(1, "D"), np.datetime64(self.checked_from))
        # Sessions that lie strictly between a day and the day before it in the data.
        between = np.searchsorted(self.sessions, stamps[1:]) - np.searchsorted(self.sessions, following[:-1])
        places = np.arange(len(stamps))
        begins = np.concatenate([np.ones(min(len(stamps), 1), dtype=bool), between > 0])
        return np.maximum.accumulate(np.where(begins, places, 0))


def timeline(calendar: TradingCalendar) -> Timeline:
    """The calendar, ready to be searched for many days at once."""
    # By way of ordinals: numpy converts dates one by one, which takes ten times as long.
    ordinals = np.fromiter((day.toordinal() for day in calendar.sessions), "int64", len(calendar.sessions))
    return Timeline((ordinals - _EPOCH).astype("datetime64[D]"), calendar.checked_from)


def before(values: Floats, starts: Places) -> Floats:
    """The value of the session before; NaN at the start of a run."""
    places = np.arange(len(values))
    return np.where(places > starts, values[np.maximum(places - 1, 0)], np.nan)


def streaks(holds: Bools, starts: Places) -> Floats:
    """Sessions in a row for which it holds, each included.

    0 where it does not hold; NaN where the row reaches the start of the run, as its length is then unknown.
    """
    places = np.arange(len(holds))
    broken = np.maximum.accumulate(np.where(holds, -1, places)) if len(holds) else places
    return np.where(holds, np.where(broken >= starts, places - broken, np.nan), 0.0)


def last_reaching(values: Floats, *, strictly: bool = False) -> Places:
    """For each value the place of the last earlier one that is as large (`strictly`: larger); -1: none."""
    found = np.full(len(values), -1, dtype=np.int64)
    # Places of values that no later one has reached, largest first.
    standing: list[int] = []
    listed = values.tolist()
    for place, value in enumerate(listed):
        while standing and (listed[standing[-1]] <= value if strictly else listed[standing[-1]] < value):
            standing.pop()
        if standing:
            found[place] = standing[-1]
        standing.append(place)
    return found


def over_window(
    values: Floats, starts: Places, count: int, measure: Callable[[Floats], Floats], *, ended: int = 0
) -> Floats:
    """`measure` of the last `count` values up to each, or up to `ended` sessions before it.

    Every window is measured by itself, so a value does not depend on how long the history is. NaN where the
    run is shorter. `measure` gets one window a row.
    """
    found = np.full(len(values), np.nan)
    if len(values) >= count + ended:
        windows = np.lib.stride_tricks.sliding_window_view(values, count)
        measured = measure(np.ascontiguousarray(windows[: len(windows) - ended]))
        found[count - 1 + ended :] = measured
    places = np.arange(len(values))
    return np.where(places - starts >= count - 1 + ended, found, np.nan)
