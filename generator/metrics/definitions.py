"""Every metric: what it is called, in what unit, how it comes about and what it means.

The names are a contract: tag rules, templates and the cache use them. `docs/metrics.md` is generated from
here. No pandas: rules and posts need the definitions, not the computation.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from generator.metrics.index_metrics import INDICES, index_metrics
from generator.metrics.metric import LONG, MINIMUM_MOVE, SECTOR_MEMBERS, SHORT, WINDOW, YEAR, Metric

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["GROUPS", "METRICS", "Metric"]

_WHOLE = "KOSPI and KOSDAQ"
_COMMON = "KOSPI common shares (code ends in 0) whose change is a move"
_STOCK_MOVES = ("stocks.change", "stocks.close", "stocks.shares")

_BREADTH = (
    Metric(
        "advancers", "stocks", 0,
        "as stated for all, else KOSPI + KOSDAQ as stated, else stocks with change > 0",
        f"stocks of {_WHOLE} that rose; KONEX apart",
        ("breadth.advancers", "stocks.change"),
    ),
    Metric(
        "decliners", "stocks", 0,
        "as stated for all, else KOSPI + KOSDAQ as stated, else stocks with change < 0",
        f"stocks of {_WHOLE} that fell; KONEX apart",
        ("breadth.decliners", "stocks.change"),
    ),
    Metric(
        "unchanged", "stocks", 0,
        "as stated for all, else KOSPI + KOSDAQ as stated, else stocks with change = 0",
        f"stocks of {_WHOLE} that did neither, those that did not trade among them",
        ("breadth.unchanged", "stocks.change"),
    ),
    Metric(
        "listed", "stocks", 0,
        "as stated, else advancers + decliners + unchanged, else all stocks counted",
        f"stocks of {_WHOLE}",
        ("breadth.listed", "advancers", "decliners", "unchanged"),
    ),
    Metric("advancers_share", "%", 1, "advancers / listed * 100", "share that rose", ("advancers", "listed")),
    Metric("decliners_share", "%", 1, "decliners / listed * 100", "share that fell", ("decliners", "listed")),
    Metric(
        "unchanged_share", "%", 1,
        "unchanged / listed * 100", "share that did neither", ("unchanged", "listed"),
    ),
    Metric(
        "not_traded", "stocks", 0,
        "stocks with open = high = low = 0",
        "stocks without a trade, most of them suspended",
        ("stocks.open", "stocks.high", "stocks.low"),
    ),
    Metric(
        "advance_decline", "stocks", 0,
        "advancers - decliners", "more rose than fell, or fewer", ("advancers", "decliners"),
    ),
    Metric(
        "adr20", "%", 1,
        f"advancers / decliners * 100, each summed over {WINDOW} sessions",
        "the advance-decline ratio as Korea and Japan quote it: above 120 counts as overheated, below 70 as "
        "washed out",
        ("advancers", "decliners"),
    ),
    Metric(
        "share_above_50", "%", 1,
        f"stocks with adjusted close > its mean over {SHORT} sessions / stocks with {SHORT} closes * 100",
        f"share of the stocks traded that stand above their {SHORT}-session average",
        ("stocks.close", "stocks.change"),
    ),
    Metric(
        "share_above_200", "%", 1,
        f"stocks with adjusted close > its mean over {LONG} sessions / stocks with {LONG} closes * 100",
        f"share of the stocks traded that stand above their {LONG}-session average",
        ("stocks.close", "stocks.change"),
    ),
    Metric(
        "new_highs_52w", "stocks", 0,
        f"stocks whose adjusted close is above each of the {YEAR - 1} before",
        "stocks at a new 52-week high, by close",
        ("stocks.close", "stocks.change"),
    ),
    Metric(
        "new_lows_52w", "stocks", 0,
        f"stocks whose adjusted close is below each of the {YEAR - 1} before",
        "stocks at a new 52-week low, by close",
        ("stocks.close", "stocks.change"),
    ),
    Metric(
        "limit_up", "stocks", 0,
        "stocks whose close is the upper limit price: base + 30% of the base, both rounded down to the tick",
        "stocks that closed at the upper price limit; from 2023-01-25, when today's tick sizes came in",
        ("stocks.close", "stocks.change"),
    ),
    Metric(
        "limit_down", "stocks", 0,
        "stocks whose close is the lower limit price: base - 30% of it rounded down to the tick, in all up",
        "stocks that closed at the lower price limit; from 2023-01-25",
        ("stocks.close", "stocks.change"),
    ),
    Metric(
        "median_change_pct", "%", 2,
        f"median of change_pct over the stocks of {_WHOLE} that traded and whose change is a move",
        "what the typical stock did",
        ("stocks.change_pct",),
    ),
)  # fmt: skip


def _top(count: int) -> Metric:
    return Metric(
        f"top{count}_contribution_share", "%", 1,
        f"sum of change * shares of the {count} / the same of all * 100, over {_COMMON}",
        f"share of KOSPI's move that came from the {count} largest by market value at the base price; above "
        f"100 when the others moved against it; missing when the index moved less than {MINIMUM_MOVE}%",
        _STOCK_MOVES,
    )  # fmt: skip


_LEADERSHIP = (
    Metric(
        "kospi_cap_weighted_change_pct", "%", 2,
        f"sum of change * shares / sum of (close - change) * shares * 100, over {_COMMON}",
        "KOSPI's move rebuilt from its members; within 0.012 pp of the official one where both were compared",
        _STOCK_MOVES,
    ),
    Metric(
        "cap_minus_median_pp", "pp", 2,
        "kospi_cap_weighted_change_pct - median_change_pct",
        "how far the large pulled away from the typical stock",
        ("kospi_cap_weighted_change_pct", "median_change_pct"),
    ),
    *(_top(count) for count in (2, 10, 20)),
    Metric(
        "top10_concentration", "%", 1,
        f"market value of the ten largest / that of all * 100, at the close, over {_COMMON}",
        "how much of KOSPI ten companies are",
        ("stocks.close", "stocks.shares"),
    ),
    Metric(
        "sector_best_pct", "%", 2,
        "highest sector move: sum of change * shares / sum of (close - change) * shares * 100, over common "
        f"shares of {_WHOLE}, sectors of at least {SECTOR_MEMBERS}",
        "what the best sector did",
        (*_STOCK_MOVES, "stocks.sector"),
    ),
    Metric(
        "sector_worst_pct", "%", 2,
        "lowest sector move, computed as the highest",
        "what the worst sector did",
        (*_STOCK_MOVES, "stocks.sector"),
    ),
    Metric(
        "sector_spread_pp", "pp", 2,
        "sector_best_pct - sector_worst_pct",
        "how far sectors were apart",
        ("sector_best_pct", "sector_worst_pct"),
    ),
    Metric(
        "kosdaq_minus_kospi_pp", "pp", 2,
        "kosdaq_change_pct - kospi_change_pct",
        "KOSDAQ against KOSPI: below 0 it lagged",
        ("kosdaq_change_pct", "kospi_change_pct"),
    ),
)  # fmt: skip

_FLOWS = (
    *(
        Metric(
            f"{investor}_net_krw", "KRW", 2,
            f"net_krw of {investor} in KOSPI",
            f"net buying of KOSPI stocks by {who}; below 0 they sold",
            ("flows.net_krw",),
        )
        for investor, who in (
            ("foreign", "foreigners"), ("institution", "institutions"), ("retail", "individuals"),
        )
    ),
    Metric(
        "domestic_net_krw", "KRW", 2,
        "retail_net_krw + institution_net_krw",
        "net buying of KOSPI stocks by individuals and institutions together",
        ("retail_net_krw", "institution_net_krw"),
    ),
    Metric(
        "absorption_pct", "%", 1,
        "domestic_net_krw / -foreign_net_krw * 100 when foreigners sold and domestic investors bought",
        "how much of foreign selling individuals and institutions took; missing on other days",
        ("domestic_net_krw", "foreign_net_krw"),
    ),
    Metric(
        "kosdaq_foreign_net_krw", "KRW", 2,
        "net_krw of foreign in KOSDAQ", "net buying of KOSDAQ stocks by foreigners", ("flows.net_krw",),
    ),
    Metric(
        "foreign_sell_streak", "sessions", 0,
        "sessions in a row with foreign_net_krw < 0, this one included",
        "how long foreigners have been selling KOSPI stocks; 0 when they did not; missing when the row "
        "reaches back to the start of the history or to a missing session",
        ("foreign_net_krw",),
    ),
    Metric(
        "foreign_buy_streak", "sessions", 0,
        "sessions in a row with foreign_net_krw > 0, this one included",
        "how long foreigners have been buying KOSPI stocks; 0 and missing as for the selling streak",
        ("foreign_net_krw",),
    ),
)  # fmt: skip

GROUPS: Mapping[str, tuple[Metric, ...]] = MappingProxyType(
    {
        "KOSPI": index_metrics("kospi", INDICES["kospi"]),
        "KOSDAQ": index_metrics("kosdaq", INDICES["kosdaq"]),
        "Breadth": _BREADTH,
        "Leadership": _LEADERSHIP,
        "Flows": _FLOWS,
    }
)
"""All metrics under the headings of their reference."""

METRICS: Mapping[str, Metric] = MappingProxyType(
    {metric.name: metric for group in GROUPS.values() for metric in group}
)
"""All metrics by name, in the order of the history's columns."""
