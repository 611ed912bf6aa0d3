"""The measures of one session as a plain record: what tags, story and posts see of the metrics."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.figures import Figure, Formula
from generator.metrics.definitions import METRICS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import pandas as pd

EARLIER = 20
"""Earlier values that a percentile needs; among fewer, a place says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What was measured of one session; a metric that is missing is in none of the mappings."""

    day: date
    values: Mapping[str, float] = field(default_factory=dict)
    """Levels and flags by metric, in its unit."""
    percentiles: Mapping[str, float] = field(default_factory=dict)
    """By metric the share in % of the history so far, this session included, whose value is at most this
    one's; of equal values the middle rank counts. Only with at least 20 earlier values; none of flags."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """By metric the values that the history has so far, this session's included."""
    dates: Mapping[str, date] = field(default_factory=dict)
    """The metrics that are a session: `kospi_largest_rise_since`."""

    def figure(self, name: str) -> Figure | None:
        """The metric as a figure with its name as id; None if it is missing.

        Raises:
            KeyError: there is no such metric.
        """
        metric = METRICS[name]
        value: float | int | date | None = self.dates.get(name)
        if value is None:
            value = self.values.get(name)
            if value is None:
                return None
            # Counts of things stay whole numbers in figures.json.
            value = int(value) if metric.precision == 0 and value.is_integer() else value
        return Figure(name, value, metric.unit, Formula(metric.formula, metric.inputs), metric.precision)

    def percentile(self, name: str) -> Figure | None:
        """The metric's place in its history as a figure, 0 to 100; None if it has none.

        Raises:
            KeyError: there is no such metric.
        """
        metric = METRICS[name]
        place = self.percentiles.get(metric.name)
        if place is None:
            return None
        formula = Formula(f"percentile of {name} among {self.counts[name]} sessions", (name,))
        return Figure(f"{name}.percentile", place, "number", formula, 0)


def at(history: pd.DataFrame, day: date) -> Measures:
    """The measures of `day`, with percentiles over the history up to it; empty if it is not in there."""
    index = history.index
    place = int(index.searchsorted(day.isoformat()))
    if place == len(index) or index[place].date() != day:
        return Measures(day=day)
    so_far = history.iloc[: place + 1]
    values: dict[str, float] = {}
    percentiles: dict[str, float] = {}
    counts: dict[str, int] = {}
    dates: dict[str, date] = {}
    for name, metric in METRICS.items():
        column = so_far[name].dropna()
        if not len(column) or column.index[-1] != index[place]:
            continue
        counts[name] = len(column)
        if metric.kind == "date":
            dates[name] = column.iloc[-1].date()
            continue
        value = float(column.iloc[-1])
        values[name] = value
        if metric.kind == "level" and len(column) > EARLIER:
            below, equal = int((column < value).sum()), int((column == value).sum())
            percentiles[name] = (below + (equal + 1) / 2) / len(column) * 100
    return Measures(day=day, values=values, percentiles=percentiles, counts=counts, dates=dates)


def values_at(history: pd.DataFrame, day: date) -> Mapping[str, float]:
    """The levels of a session by metric, as `at` has them, without what takes a look at the history."""
    index = history.index
    place = int(index.searchsorted(day.isoformat()))
    if place == len(index) or index[place].date() != day:
        return {}
    row = history.iloc[place].dropna()
    return {
        name: float(row[name]) for name, metric in METRICS.items() if metric.kind == "level" and name in row
    }


def latest(history: pd.DataFrame, name: str, day: date, count: int) -> tuple[float, ...]:
    """A metric's values of the `count` sessions up to `day`, oldest first; empty if one is missing."""
    place = int(history.index.searchsorted(day.isoformat(), side="right"))
    values = history[name].iloc[max(0, place - count) : place]
    if len(values) < count or values.isna().any() or values.index[-1].date() != day:
        return ()
    return tuple(float(value) for value in values)
