"""What each session gives on its own, without the sessions before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from generator.metrics.columns import ratio
from generator.metrics.metric import WHOLE_MARKET
from generator.metrics.quotes import quotes
from generator.metrics.stocks import stock_measures

if TYPE_CHECKING:
    from collections.abc import Mapping

_TABLES = ("indices", "breadth", "flows", "stocks", "sectors", "clusters", "macro", "intraday")
"""Tables that make a day a session of the history; events and context may speak of other days."""

_COUNTED = ("advancers", "decliners", "unchanged", "listed")


def cross_section(
    tables: Mapping[str, pd.DataFrame], listed: pd.DataFrame, *, whole_market: int = WHOLE_MARKET
) -> pd.DataFrame:
    """One row a session of the tables, sorted by `date`, float64 throughout.

    Metrics that need no earlier session under their names, raw inputs for those that do as `KOSPI.low`. A
    row depends on its session alone, so rows computed apart are the same to the last bit.

    Args:
        tables: Of a dataset.
        listed: Of `listed_stocks`.
        whole_market: Stocks of a market from which a session has every listed one.
    """
    days = pd.DatetimeIndex([], dtype="datetime64[us]")
    for name in _TABLES:
        if name in tables:
            days = days.union(pd.DatetimeIndex(tables[name]["date"].unique()).as_unit("us"))
    days = days.sort_values()
    found = quotes(tables).reindex(days)
    counted = stock_measures(listed, whole_market).reindex(days)
    found = _with_breadth(found, counted)
    return _derived(found).rename_axis("date")


def _with_breadth(stated: pd.DataFrame, counted: pd.DataFrame) -> pd.DataFrame:
    """Counts as stated, all of one session's from one place; what stocks give beside them."""
    says = stated["advancers"].notna() | stated["decliners"].notna()
    counts = stated[list(_COUNTED)].where(says, counted[list(_COUNTED)])
    parts = counts["advancers"] + counts["decliners"] + counts["unchanged"]
    counts["listed"] = counts["listed"].where(counts["listed"].notna(), parts)
    return pd.concat(
        [stated.drop(columns=list(_COUNTED)), counts, counted.drop(columns=list(_COUNTED))], axis=1
    )


def _derived(found: pd.DataFrame) -> pd.DataFrame:
    """What follows from other values of the same session."""
    domestic = found["retail_net_krw"] + found["institution_net_krw"]
    absorbing = (found["foreign_net_krw"] < 0) & (domestic > 0)
    return found.assign(
        **{
            f"{name}_share": ratio(found[name], found["listed"]) * 100
            for name in ("advancers", "decliners", "unchanged")
        },
        advance_decline=found["advancers"] - found["decliners"],
        cap_minus_median_pp=found["kospi_cap_weighted_change_pct"] - found["median_change_pct"],
        sector_spread_pp=found["sector_best_pct"] - found["sector_worst_pct"],
        domestic_net_krw=domestic,
        absorption_pct=(domestic / -found["foreign_net_krw"] * 100).where(absorbing),
    )
