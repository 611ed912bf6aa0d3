"""Breadth counted from the stocks of a source that has the whole market."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from generator.dataset.consistency import number
from generator.dataset.merge import Part
from generator.dataset.set_aside import WHOLE_MARKET
from generator.dataset.source import FILE, ROW, SESSION, Rows
from generator.dataset.tables import MARKETS

if TYPE_CHECKING:
    from collections.abc import Sequence

ALL = "all"
"""The scope that joins KOSPI and KOSDAQ; KONEX stays apart."""

_WHOLE = ("KOSPI", "KOSDAQ")


def breadth(part: Part) -> Part | None:
    """A breadth table counted from a part of `stocks`; None where it is not the whole market.

    A stock counts as a riser if its change is above 0, whether it was traded or not, which is how the
    exchange counts; one whose change was not reported is listed and nothing else.
    """
    frame = part.frame
    if "market" not in frame or frame.empty:
        return None
    sizes = frame.groupby(SESSION)[SESSION].transform("size")
    counted = frame if part.rows.whole_market else frame[sizes >= WHOLE_MARKET]
    counted = counted[counted["market"].isin(MARKETS)]
    if counted.empty:
        return None
    change = number(counted, "change").fillna(number(counted, "change_pct"))
    marks = pd.DataFrame(
        {
            SESSION: counted[SESSION],
            FILE: counted[FILE],
            "scope": counted["market"],
            "listed": 1.0,
            "advancers": (change > 0).astype(float),
            "decliners": (change < 0).astype(float),
            "unchanged": (change == 0).astype(float),
        }
    )
    names = ["listed", "advancers", "decliners", "unchanged"]
    both = marks[marks["scope"].isin(_WHOLE)]
    # One market alone is not the whole: its counts stand under its own name only.
    whole = both.groupby(SESSION)["scope"].transform("nunique") == len(_WHOLE)
    together = both[whole].assign(scope=ALL)
    table = pd.concat([_summed(together, names), _summed(marks, names)], ignore_index=True)
    order = {scope: place for place, scope in enumerate((ALL, *MARKETS))}
    table = table.iloc[np.lexsort((table["scope"].map(order), table[SESSION]))].reset_index(drop=True)
    rows = Rows(
        table="breadth",
        frame=table,
        files=part.rows.files,
        numbering="key",
        remarks={"": "counted from its stocks"},
    )
    return Part(rows, table)


def _summed(marks: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    grouped = marks.groupby([SESSION, "scope"], sort=False)
    summed = grouped[list(names)].sum()
    summed[FILE] = grouped[FILE].first()
    summed[ROW] = 0
    return summed.reset_index()
