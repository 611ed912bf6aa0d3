"""What the history says of a day: how often as much held before, and what followed.

Plain records come out; the frame of metrics stays in here. Metrics look back only, so a history cut off at
the day is the history as it was on that evening, and every method cuts before it looks.
"""

from __future__ import annotations

import functools
import operator
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from generator import rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from generator.calendars import TradingCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """How often a rule held, up to a day and that day included."""

    count: int
    among: int
    """Sessions of which it can be told."""
    first: date
    """The first of those."""
    last: date | None
    """The last time before the day."""
    this_year: int | None
    """Times in the day's calendar year; None unless every session of the year so far can be told of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What an index did after the sessions on which a rule held."""

    horizon: int
    """Sessions."""
    moves: tuple[float, ...]
    """Of each such session whose horizon had passed by the day, in %, oldest first."""
    separate: int
    """How many of them can be taken such that no two share a session: neighbours have much in common."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Past:
    """The history up to a day, that day included; nothing later is ever looked at."""

    day: date
    history: pd.DataFrame
    """One row a session, indexed by its date and sorted; one column a metric."""
    calendar: TradingCalendar
    _counted: dict[tuple[str, str], Times | None] = field(default_factory=dict, init=False, repr=False)
    """What `times` was asked before."""

    def times(self, rule: str, *, known: str = "") -> Times | None:
        """How often a rule of `rules.py` held; None where the day itself cannot be told of.

        Args:
            rule: a condition over metrics. Of a session that lacks one, nothing can be told.
            known: a rule over metrics that are there wherever this one could be told of, for a metric that is
                missing by design (`kospi_reversal_pct` on a day without one). A session that has the metrics
                of `known` but not those of `rule` counts as one where it did not hold.

        Raises:
            TagError: a rule is outside the grammar.
        """
        if (rule, known) not in self._counted:
            self._counted[rule, known] = self._times(rule, known)
        return self._counted[rule, known]

    def _times(self, rule: str, known: str) -> Times | None:
        so_far = self._so_far()
        told = _told(rule, so_far)
        if known:
            told |= _told(known, so_far)
        if not self._is_last(so_far) or not told.iloc[-1]:
            return None
        held = rules.matches(rule, so_far)
        before = so_far.index[:-1][held.to_numpy()[:-1]]
        return Times(
            count=int(held.sum()),
            among=int(told.sum()),
            first=so_far.index[int(told.to_numpy().argmax())].date(),
            last=before[-1].date() if len(before) else None,
            this_year=self._this_year(held, told),
        )

    def followed(self, rule: str, level: str, horizons: tuple[int, ...]) -> tuple[Followed, ...]:
        """The moves of the metric `level` after sessions before the day on which `rule` held.

        A session counts for a horizon only if that many sessions later, by the calendar, the level is known
        and not after the day. Sessions may overlap. Before `calendar.checked_from` the calendar is no judge
        (the exchange traded on Saturdays), and each row that has the level is a session, as for the metrics.

        Raises:
            TagError: the rule is outside the grammar.
        """
        so_far = self._so_far()
        known = so_far[level].dropna()
        levels: dict[date, float] = dict(zip(_days(known), known.tolist(), strict=True))
        checked = self.calendar.checked_from
        line = [day for day in levels if day < checked] + list(self.calendar.between(checked, self.day))
        held = _days(so_far.loc[rules.matches(rule, so_far)])
        return tuple(_followed(held, line, levels, each) for each in horizons)

    def _so_far(self) -> pd.DataFrame:
        """The rows up to the day."""
        place = int(self.history.index.searchsorted(self.day.isoformat(), side="right"))
        return self.history.iloc[:place]

    def _is_last(self, so_far: pd.DataFrame) -> bool:
        """Whether the day itself is in the history."""
        return len(so_far) > 0 and bool(so_far.index[-1].date() == self.day)

    def _this_year(self, held: pd.Series[bool], told: pd.Series[bool]) -> int | None:
        begin = date(self.day.year, 1, 1)
        if begin < self.calendar.checked_from:
            return None
        place = int(held.index.searchsorted(begin.isoformat()))
        told_of = set(_days(told.iloc[place:][told.iloc[place:]]))
        if not told_of.issuperset(self.calendar.between(begin, self.day)):
            return None
        return int(held.iloc[place:].sum())


def _told(rule: str, rows: pd.DataFrame) -> pd.Series[bool]:
    """Of which rows a rule can be told: those that have all its metrics."""
    present = [rows[name].notna() for name in rules.names(rule)]
    return functools.reduce(operator.and_, present)


def _days(rows: pd.DataFrame | pd.Series[bool] | pd.Series[float]) -> list[date]:
    return [stamp.date() for stamp in rows.index]


def _followed(
    held: Sequence[date], line: Sequence[date], levels: dict[date, float], horizon: int
) -> Followed:
    """The moves from each day to `horizon` places later in `line`, where both levels are known."""
    moves: list[float] = []
    separate, free = 0, 0
    for day in held:
        place = bisect_left(line, day)
        later = place + horizon
        if later < len(line) and line[place] == day and day in levels and line[later] in levels:
            moves.append((levels[line[later]] / levels[day] - 1) * 100)
            # Taking each that starts where the one before has ended, or later, gives the most there are.
            if place >= free:
                separate, free = separate + 1, later
    return Followed(horizon=horizon, moves=tuple(moves), separate=separate)
