"""A few measures on one scale, by which two sessions can be called alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    import pandas as pd

MEASURES = (
    "kospi_change_pct",
    "kospi_gap_pct",
    "kospi_range_pct",
    "kosdaq_minus_kospi_pp",
    "advancers_share",
    "top10_contribution_share",
    "sector_spread_pp",
    "foreign_net_krw",
)
"""What a session is like: its move, how it went there, who took part, who sold."""

FEWEST = 3
"""Sessions that a mean and a deviation are taken from at least."""


def standardised(
    history: pd.DataFrame, days: Collection[date], *, until: date
) -> Mapping[date, Mapping[str, float]]:
    """For each of `days`, its measures less their mean, over their deviation; missing ones are left out.

    Mean and deviation are of the sessions up to `until`, so that what came later changes nothing.
    """
    known = history.loc[: until.isoformat(), [name for name in MEASURES if name in history]]
    deviation = known.std()
    usable = known.columns[(known.count() >= FEWEST) & (deviation > 0)]
    scores = (known[usable] - known[usable].mean()) / deviation[usable]
    found: dict[date, Mapping[str, float]] = {}
    for day in sorted(days):
        rows = scores.loc[scores.index == day.isoformat()]
        if len(rows):
            found[day] = {str(name): float(value) for name, value in rows.iloc[0].dropna().items()}
    return found
