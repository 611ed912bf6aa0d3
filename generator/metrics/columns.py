"""Reading columns of a dataset's frames, whether or not a source gave them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Flags = NDArray[np.bool_]


def numbers(frame: pd.DataFrame, name: str) -> Numbers:
    """A column as floats; NaN where it is missing, flags as 1 and 0."""
    if name not in frame.columns:
        return np.full(len(frame), np.nan)
    return frame[name].to_numpy(dtype="float64", na_value=np.nan)


def texts(frame: pd.DataFrame, name: str) -> NDArray[np.object_]:
    """A column as texts; "" where it is missing."""
    if name not in frame.columns:
        return np.full(len(frame), "", dtype=object)
    return frame[name].to_numpy(dtype=object, na_value="")


def ratio(above: Numbers | pd.Series, below: Numbers | pd.Series) -> Numbers:
    """`above / below`, NaN where `below` is 0."""
    denominator = np.asarray(below, dtype="float64")
    return np.asarray(above, dtype="float64") / np.where(denominator == 0, np.nan, denominator)
