"""The main index session by session as a plain record: its closes, and what came so many sessions later."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.figures import Figure, Formula
from generator.metrics.definitions import METRICS
from generator.metrics.index_metrics import INDICES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    import pandas as pd

    from generator.calendars import TradingCalendar

_PREFIX, MAIN = next(iter(INDICES.items()))
CLOSE, CHANGE = f"{_PREFIX}_close", f"{_PREFIX}_change_pct"


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """The final sessions of the main index; one that is still open has no close, and is in no mapping."""

    calendar: TradingCalendar
    closes: Mapping[date, float] = field(default_factory=dict)
    """In points."""
    changes: Mapping[date, float] = field(default_factory=dict)
    """In % against the close before."""
    days: tuple[date, ...] = ()
    """Every session that was measured, those still open among them, oldest first."""
    open: frozenset[date] = frozenset()
    """Sessions whose data says that they were not over."""

    def later(self, day: date, sessions: int) -> date | None:
        """The session so many after `day` by the calendar; None if `day` is none or the calendar ends."""
        if not self.calendar.is_session(day):
            return None
        place = bisect_left(self.calendar.sessions, day) + sessions
        return self.calendar.sessions[place] if place < len(self.calendar.sessions) else None

    def close(self, day: date) -> Figure | None:
        """The close of a session; None where it is not known."""
        return _metric(CLOSE, self.closes.get(day))

    def change(self, day: date) -> Figure | None:
        """The change of a session against the close before; None where it is not known."""
        return _metric(CHANGE, self.changes.get(day))

    def since(self, day: date, other: date) -> Figure | None:
        """The change from the close of `day` to that of a later session; None where one is not known."""
        start, end = self.closes.get(day), self.closes.get(other)
        if not start or end is None:
            return None
        formula = Formula(f"({CLOSE} of the later session / {CLOSE} - 1) * 100", (CLOSE,))
        return Figure(f"{_PREFIX}_change_since", (end / start - 1) * 100, "%", formula)


def track(history: pd.DataFrame, calendar: TradingCalendar, open_sessions: Collection[date]) -> Track:
    """The main index of a history of metrics; `open_sessions` are those that were not over."""
    days = [stamp.date() for stamp in history.index]
    unfinished = frozenset(open_sessions)

    def known(name: str) -> dict[date, float]:
        if name not in history:
            return {}
        return {
            day: value
            for day, value in zip(days, history[name].tolist(), strict=True)
            if value == value and day not in unfinished  # noqa: PLR0124 - NaN alone differs from itself
        }

    return Track(
        calendar=calendar, closes=known(CLOSE), changes=known(CHANGE), days=tuple(days), open=unfinished
    )


def _metric(name: str, value: float | None) -> Figure | None:
    metric = METRICS[name]
    formula = Formula(metric.formula, metric.inputs)
    return None if value is None else Figure(name, value, metric.unit, formula, metric.precision)
