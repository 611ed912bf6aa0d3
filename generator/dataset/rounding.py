"""How exactly a reported number is known: half a unit of its last digit."""

from __future__ import annotations

import numpy as np

_DECIMALS = 6
_ZEROS = 12


def half_unit(values: np.ndarray, *, trailing_zeros: bool = False) -> np.ndarray:
    """Half a unit of the last digit of each value: 0.005 for 2.63, 0.5 for 1455; NaN for NaN.

    Args:
        values: Floats, any shape.
        trailing_zeros: A whole number's zeros at its end are rounding too, as in amounts (1.89tn is known
            to 5bn); prices and counts are whole by nature.
    """
    values = np.asarray(values, dtype=float)
    unit = np.full(values.shape, 10.0**-_DECIMALS)
    for decimals in range(_DECIMALS - 1, -1, -1):
        unit = np.where(_multiple(values, 10.0**-decimals), 10.0**-decimals, unit)
    if trailing_zeros:
        for zeros in range(1, _ZEROS + 1):
            unit = np.where(_multiple(values, 10.0**zeros) & (values != 0), 10.0**zeros, unit)
    return np.where(np.isnan(values), np.nan, unit / 2)


def _multiple(values: np.ndarray, unit: float) -> np.ndarray:
    quotient = values / unit
    # A float's own error, far below any digit that was reported.
    return np.abs(quotient - np.round(quotient)) <= (1e-9 + 1e-14 * np.abs(quotient)) * (unit < 1)
