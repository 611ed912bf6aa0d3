"""Price limits of the Korea Exchange.

Source: KRX, KOSPI and KOSDAQ Market Business Regulations and their enforcement rules (price quotation unit,
daily price limit), as in force since 25 January 2023. The limit is 30% of the base price, cut to the base
price's tick; the price it leads to is then brought onto the tick of its own price band, towards the base.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SINCE = date(2023, 1, 25)
"""First session with these ticks; earlier limits are not computed."""

_BANDS = np.array([2_000, 5_000, 20_000, 50_000, 200_000, 500_000], dtype="float64")
_TICKS = np.array([1, 5, 10, 50, 100, 500, 1_000], dtype="float64")
_LIMIT = 0.3

# 2,130 * 0.3 is 638.9999999999999 in binary; the smallest true distance to a tick is far larger.
_BINARY = 1e-9


def tick(price: NDArray[np.float64]) -> NDArray[np.float64]:
    """Price quotation unit in KRW at a price in KRW."""
    return _TICKS[np.searchsorted(_BANDS, price, side="right")]


def limits(base: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lower and upper limit price in KRW of a session with these base prices."""
    unit = tick(base)
    width = np.floor(base * _LIMIT / unit + _BINARY) * unit
    lower, upper = base - width, base + width
    return np.ceil(lower / tick(lower)) * tick(lower), np.floor(upper / tick(upper)) * tick(upper)
