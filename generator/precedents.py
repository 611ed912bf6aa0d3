"""What the history says of a day: how often as much held before, and what followed.

Plain records come out; the frame of metrics stays in here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The history up to a day, that day included; nothing later is ever looked at."""

    day: date
    history: pd.DataFrame
    calendar: TradingCalendar

    def times(self, rule: str, *, known: str = "") -> Times | None:
        """How often a rule of `rules.py` held; None where the day itself cannot be told of.

        Args:
            rule: a condition over metrics. Of a session that lacks one, nothing can be told.
            known: a rule that holds wherever this one can be told of, for metrics that are missing by
                design (`kospi_reversal_pct` on a day without one). A session where `known` can be told of
                but `rule` cannot counts as one where it did not hold.

        Raises:
            TagError: a rule is outside the grammar.
        """
        raise NotImplementedError

    def followed(self, rule: str, level: str, horizons: tuple[int, ...]) -> tuple[Followed, ...]:
        """The moves of the metric `level` after sessions before the day on which `rule` held.

        A session counts for a horizon only if that many sessions later, by the calendar, the level is known
        and not after the day. Sessions may overlap.
        """
        raise NotImplementedError
