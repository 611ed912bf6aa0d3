"""What a metric is, and the constants that their formulas share. No pandas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from generator.figures import Unit

Kind = Literal["level", "flag", "date"]
"""level: a number that has a place in its own history; flag: 1 or 0; date: a session."""

WHOLE_MARKET = 500
"""Stocks of a market that a session must have before it counts as every listed one.

A hand-made table lists a few dozen; KOSPI has more than 900 listings and KOSDAQ more than 1,700.
"""

YEAR = 252
"""Sessions in 52 weeks."""

SHORT, LONG = 50, 200
"""Sessions of the two moving averages."""

WINDOW = 20
"""Sessions of ADR20 and of the average value traded."""

MINIMUM_MOVE = 0.05
"""Move of the index in % from which shares of it are given: a share of nothing means nothing."""

SECTOR_MEMBERS = 5
"""Stocks a sector needs before its move is one."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One measure of a session."""

    name: str
    unit: Unit
    precision: int
    """Decimals shown; of money under a scale, the scale's own."""
    formula: str
    """Over its inputs and, in words, over earlier sessions."""
    meaning: str
    inputs: tuple[str, ...]
    """Names of metrics, and columns as `table.column`."""
    kind: Kind = "level"
