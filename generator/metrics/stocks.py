"""What one session's stocks give: breadth, limits, the typical stock, who moved the index, sectors.

Only from sessions that have every listed stock; a hand-made table of leaders says nothing of a market.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from generator.metrics import ticks
from generator.metrics.columns import numbers, ratio, texts
from generator.metrics.metric import MINIMUM_MOVE, SECTOR_MEMBERS

BOTH = ("KOSPI", "KOSDAQ")
"""The markets that breadth speaks of; KONEX stands apart."""

LARGEST = (2, 10, 20)
"""How many of the largest a share of the move is given for."""

MEASURED = (
    "advancers", "decliners", "unchanged", "listed", "not_traded",
    "limit_up", "limit_down", "median_change_pct",
    "kospi_cap_weighted_change_pct", *(f"top{count}_contribution_share" for count in LARGEST),
    "top10_concentration", "sector_best_pct", "sector_worst_pct",
)  # fmt: skip
"""The columns of `stock_measures`."""

_CONCENTRATED = 10


def listed_stocks(stocks: pd.DataFrame | None) -> pd.DataFrame:
    """The stocks of KOSPI and KOSDAQ sorted by session and code, with what measures need; None has none.

    Where a source gives only one of `change` and `change_pct`, the other follows from it and the close;
    shares follow from the market value. `traded` is missing (NaN) where open, high and low are.
    """
    if stocks is None:
        stocks = pd.DataFrame({"date": pd.Series(dtype="datetime64[us]")})
    market = texts(stocks, "market")
    rows = stocks.loc[np.isin(market, BOTH)]
    rows = rows.iloc[np.lexsort((texts(rows, "code").astype(str), rows["date"].to_numpy()))]
    close, stated, percent = (numbers(rows, name) for name in ("close", "change", "change_pct"))
    change = np.where(np.isnan(stated), close - ratio(close, 1 + percent / 100), stated)
    base = close - change
    shares = numbers(rows, "shares")
    opened, high, low = (numbers(rows, name) for name in ("open", "high", "low"))
    code, aside = texts(rows, "code").astype(str), texts(rows, "set_aside")
    known = ~np.isnan(opened + high + low)
    silent = (opened == 0) & (high == 0) & (low == 0)
    return pd.DataFrame(
        {
            "date": pd.DatetimeIndex(rows["date"]).as_unit("us"),
            "code": code,
            "market": texts(rows, "market"),
            "sector": texts(rows, "sector"),
            "common": np.char.endswith(code, "0") if len(code) else np.zeros(0, dtype=bool),
            "close": close,
            "base": base,
            "base_stated": np.where(np.isnan(stated), np.nan, base),
            "change": change,
            "change_pct": np.where(np.isnan(percent), ratio(change, base) * 100, percent),
            "shares": np.where(np.isnan(shares), ratio(numbers(rows, "market_value"), close), shares),
            "high": high,
            "low": low,
            "traded": np.where(known, ~silent, np.nan),
            # A base price that was set anew still gives a true change, but that change is no move.
            "moved": ~np.isin(aside, ("adjusted", "beyond_limit")),
            "beyond_limit": aside == "beyond_limit",
            "not_traded": (aside == "not_traded") | (known & silent),
        }
    )


def stock_measures(listed: pd.DataFrame, whole_market: int) -> pd.DataFrame:
    """Measures by session of `listed_stocks`, sorted; a session without every listed stock has none."""
    changed = listed.loc[listed["change"].notna()]
    both = within(changed, BOTH, whole_market)
    parts = [
        _counts(both),
        _silent(within(listed.loc[listed["traded"].notna()], BOTH, whole_market)),
        _limits(within(listed.loc[listed["base_stated"].notna()], BOTH, whole_market)),
        _median(both),
        _leadership(within(changed.loc[changed["shares"].notna()], ("KOSPI",), whole_market)),
        _sectors(both.loc[both["shares"].notna()]),
    ]
    return pd.concat(parts, axis=1, sort=True)[list(MEASURED)]


def within(listed: pd.DataFrame, markets: tuple[str, ...], least: int) -> pd.DataFrame:
    """The stocks of those markets, in the sessions in which each market has at least `least` of them."""
    rows = listed.loc[listed["market"].isin(markets)]
    sizes = rows.groupby(["date", "market"]).size()
    large = sizes.loc[sizes >= least].groupby(level="date").size()
    return rows.loc[rows["date"].isin(large.index[large == len(markets)])]


def _counts(rows: pd.DataFrame) -> pd.DataFrame:
    change = rows["change"]
    signs = {"advancers": change > 0, "decliners": change < 0, "unchanged": change == 0, "listed": True}
    return pd.DataFrame(signs, index=rows.index).groupby(rows["date"]).sum().astype("float64")


def _silent(rows: pd.DataFrame) -> pd.Series:
    return rows.groupby("date")["not_traded"].sum().astype("float64")


def _limits(rows: pd.DataFrame) -> pd.DataFrame:
    """Stocks at a price limit; one whose prices went past a limit has none (liquidation, first day)."""
    rows = rows.loc[rows["date"] >= pd.Timestamp(ticks.SINCE)]
    lower, upper = ticks.limits(rows["base_stated"].to_numpy())
    high, low, close = (rows[name].to_numpy() for name in ("high", "low", "close"))
    bound = ~(rows["beyond_limit"].to_numpy() | (high > upper) | ((low < lower) & (low > 0)))
    reached = rows["change"].to_numpy()
    at = {
        "limit_up": bound & (close == upper) & (reached > 0),
        "limit_down": bound & (close == lower) & (reached < 0),
    }
    return pd.DataFrame(at, index=rows.index).groupby(rows["date"]).sum().astype("float64")


def _median(rows: pd.DataFrame) -> pd.Series:
    typical = rows.loc[rows["moved"] & ~rows["not_traded"]]
    return typical.groupby("date")["change_pct"].median().rename("median_change_pct")


def _leadership(rows: pd.DataFrame) -> pd.DataFrame:
    """The index rebuilt from its common shares, and what its largest had in that."""
    rows = rows.loc[rows["common"] & rows["moved"]]
    parts = pd.DataFrame(
        {
            "date": rows["date"],
            "gain": rows["change"] * rows["shares"],
            "value": rows["base"] * rows["shares"],
            "now": rows["close"] * rows["shares"],
        }
    )
    # Stable, so that of equal values the first code comes first.
    parts = parts.iloc[np.lexsort((-parts["value"].to_numpy(), parts["date"].to_numpy()))]
    rank = parts.groupby("date").cumcount().to_numpy()
    total = parts.groupby("date")[["gain", "value", "now"]].sum()
    move = pd.Series(ratio(total["gain"], total["value"]) * 100, index=total.index)
    found = {"kospi_cap_weighted_change_pct": move}
    told = (move.abs() >= MINIMUM_MOVE).to_numpy()
    for count in LARGEST:
        gain = parts.loc[rank < count].groupby("date")["gain"].sum()
        share = ratio(gain, total["gain"]) * 100
        found[f"top{count}_contribution_share"] = pd.Series(np.where(told, share, np.nan), index=total.index)
    largest = parts.loc[rank < _CONCENTRATED].groupby("date")["now"].sum()
    found["top10_concentration"] = pd.Series(ratio(largest, total["now"]) * 100, index=total.index)
    return pd.DataFrame(found)


def _sectors(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.loc[rows["common"] & rows["moved"] & (rows["sector"] != "")]
    parts = pd.DataFrame(
        {
            "date": rows["date"],
            "sector": rows["sector"],
            "gain": rows["change"] * rows["shares"],
            "value": rows["base"] * rows["shares"],
            "members": 1,
        }
    )
    sums = parts.groupby(["date", "sector"]).sum()
    sums = sums.loc[sums["members"] >= SECTOR_MEMBERS]
    move = pd.Series(ratio(sums["gain"], sums["value"]) * 100, index=sums.index).groupby(level="date")
    return pd.DataFrame({"sector_best_pct": move.max(), "sector_worst_pct": move.min()})
