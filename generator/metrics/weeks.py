"""The weeks of an index's history as plain records: each week's last close against the last one before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from generator.calendars import TradingCalendar

_DAY = timedelta(days=1)
_SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Week:
    """One ISO week of an index. Changes are in %, against the last close of the week before."""

    last: date
    """The last session of the week that the history has."""
    close: float
    """Its level, in points."""
    change_pct: float | None
    """None where the close before the week is not known."""
    lowest_pct: float | None
    """The lowest close of the week."""
    highest_pct: float | None
    whole: bool
    """The history has every session of the week, and the close before it."""


def weeks_of(
    history: pd.DataFrame, metric: str, calendar: TradingCalendar, *, until: date
) -> tuple[Week, ...]:
    """The weeks of the level `metric` up to the one of `until`, oldest first; nothing later is looked at.

    `history` has one row a session, indexed by its date. What the calendar has and the history lacks makes a
    week partial; before `calendar.checked_from` the calendar is no judge of that.
    """
    column = history.loc[history.index < (until + _DAY).isoformat(), metric].dropna()
    days: list[date] = [stamp.date() for stamp in column.index]
    closes: list[float] = column.tolist()
    found: list[Week] = []
    known: tuple[date, float] | None = None
    pairs = zip(days, closes, strict=True)
    for _, group in groupby(pairs, key=lambda pair: pair[0].isocalendar()[:2]):
        sessions = list(group)
        last, close = sessions[-1]
        monday = last - timedelta(days=last.weekday())
        sunday = monday + timedelta(days=_SUNDAY)
        base = known[1] if known and not _lacking(calendar, known[0] + _DAY, monday - _DAY, ()) else None
        levels = [level for _, level in sessions]
        found.append(
            Week(
                last=last,
                close=close,
                change_pct=_against(close, base),
                lowest_pct=_against(min(levels), base),
                highest_pct=_against(max(levels), base),
                whole=base is not None
                and not _lacking(calendar, monday, sunday, [day for day, _ in sessions]),
            )
        )
        known = last, close
    return tuple(found)


def _lacking(calendar: TradingCalendar, first: date, last: date, there: list[date] | tuple[()]) -> list[date]:
    """The sessions from `first` to `last` that are not there, as far as the calendar can tell."""
    return [day for day in calendar.between(max(first, calendar.checked_from), last) if day not in there]


def _against(level: float, base: float | None) -> float | None:
    return None if not base else (level / base - 1) * 100
