"""Every metric against numbers computed by hand on tiny frames; `test_no_metric_is_untested` sees to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
import pytest
from metrics_cases import dataset, stock, table, weekdays

from generator.metrics.definitions import METRICS
from generator.metrics.measure import measure

MISSING = None


@dataclass(frozen=True)
class Case:
    """Tables in, some measures of the last session out."""

    name: str
    tables: dict
    expected: dict
    whole_market: int = 2
    skipped: tuple[int, ...] = field(default=())
    """Weekdays, counted from the first, on which the exchange was closed."""


FIRST = "2024-01-08"
CALENDAR, DAYS = weekdays(FIRST, 300)


def closes(*values, start=0, **columns):
    """Indices by day: a list of closes, and other columns as lists."""
    days = DAYS[start : start + len(values)]
    return {"date": days, "close": list(values), **columns}


def each_index(name, rows, expected):
    """The same case for KOSPI and KOSDAQ; metric names without their prefix."""
    for prefix in ("kospi", "kosdaq"):
        full = {
            "value_traded_ratio_20"
            if (key, prefix) == ("value_traded_ratio_20", "kospi")
            else f"{prefix}_{key}": value
            for key, value in expected.items()
        }
        yield Case(f"{prefix}: {name}", {"indices": table(index=prefix.upper(), **rows)}, full)


NAN = np.nan

INDEX_CASES = [
    *each_index(
        "all levels, a reversal",
        closes(100, 105, open=[NAN, 98], high=[NAN, 106], low=[NAN, 95], value_traded=[NAN, 5e12]),
        {
            "close": 105,
            "change_pct": 5,
            "change_points": 5,
            "gap_pct": -2,
            "low_pct": -5,
            "high_pct": 6,
            "reversal_pct": 10,
            "fade_pct": MISSING,
            "range_pct": 11,
            "value_traded": 5e12,
        },
    ),
    *each_index(
        "a fade",
        closes(100, 98, open=[NAN, 103], high=[NAN, 104], low=[NAN, 97]),
        {
            "change_pct": -2,
            "gap_pct": 3,
            "high_pct": 4,
            "fade_pct": 6,
            "reversal_pct": MISSING,
            "range_pct": 7,
        },
    ),
    *each_index(
        "stated values win over computed ones",
        closes(
            100,
            105,
            previous_close=[NAN, 102],
            change_pct=[NAN, 2.94],
            open_change_pct=[NAN, -1],
            open=[NAN, 99],
        ),
        {"change_pct": 2.94, "change_points": 3, "gap_pct": -1, "reversal_pct": 3.94},
    ),
    *each_index(
        "a gap alone makes a reversal",
        closes(NAN, NAN, change_pct=[NAN, 0.5], open_change_pct=[NAN, -0.25]),
        {"reversal_pct": 0.75, "low_pct": MISSING, "close": MISSING, "change_points": MISSING},
    ),
    *each_index(
        "nothing but a change",
        closes(NAN, change_pct=[1.5]),
        {
            "change_pct": 1.5,
            "change_points": MISSING,
            "gap_pct": MISSING,
            "low_pct": MISSING,
            "high_pct": MISSING,
            "range_pct": MISSING,
            "reversal_pct": MISSING,
            "up_streak": MISSING,
            "down_streak": 0,
            "largest_rise_since": MISSING,
            "largest_rise_ever": MISSING,
            "largest_fall_ever": MISSING,
            "all_time_high": MISSING,
        },
    ),
    *each_index(
        "no change against a level of 0",
        closes(0, 5),
        {"change_pct": MISSING, "change_points": MISSING},
    ),
    *each_index(
        "streak of rises",
        closes(100, 99, 100, 101, 102),
        {"up_streak": 3, "down_streak": 0},
    ),
    *each_index(
        "streak of falls after a day without change",
        closes(100, 100, 99, 98),
        {"up_streak": 0, "down_streak": 2},
    ),
    *each_index(
        "a streak that reaches the start of the data has no length",
        closes(NAN, NAN, NAN, change_pct=[1, 1, 1]),
        {"up_streak": MISSING, "down_streak": 0},
    ),
    *each_index(
        "as large a rise counts",
        closes(NAN, NAN, NAN, NAN, NAN, change_pct=[3, 2, -5, 1, 2]),
        {
            "largest_rise_since": DAYS[1],
            "largest_rise_ever": 0,
            "largest_fall_since": MISSING,
            "largest_fall_ever": MISSING,
        },
    ),
    *each_index(
        "a larger fall",
        closes(NAN, NAN, NAN, NAN, change_pct=[-4, 6, -3, -3.5]),
        {"largest_fall_since": DAYS[0], "largest_fall_ever": 0, "largest_rise_since": MISSING},
    ),
    *each_index(
        "the largest so far, but of too short a history",
        closes(NAN, NAN, NAN, change_pct=[1, -1, 2]),
        {"largest_rise_since": MISSING, "largest_rise_ever": MISSING},
    ),
    *each_index(
        "higher and lower closes before",
        closes(90, 110, 120, 100, 105),
        {
            "highest_since": DAYS[2],
            "lowest_since": DAYS[3],
            "all_time_high": 0,
            "from_high_pct": MISSING,
            "52w_high": MISSING,
            "52w_high_distance_pct": MISSING,
        },
    ),
    *each_index(
        "a stated record needs no history",
        closes(110, 105, 120, all_time_high=[None, None, True]),
        {
            "all_time_high": 1,
            "from_high_pct": 0,
            "52w_high": 1,
            "52w_high_distance_pct": 0,
            "highest_since": MISSING,
        },
    ),
    *each_index(
        "a stated record carries forward",
        closes(120, 114, 117, all_time_high=[True, None, None]),
        {"all_time_high": 0, "from_high_pct": -2.5, "highest_since": DAYS[0], "52w_high": MISSING},
    ),
    *each_index(
        "a close above a stated record is one",
        closes(120, 121, all_time_high=[True, None]),
        {"all_time_high": 1, "from_high_pct": 0},
    ),
    *each_index(
        "stated not to be a record",
        closes(120, 121, all_time_high=[None, False]),
        {"all_time_high": 0, "from_high_pct": MISSING},
    ),
    *each_index(
        "252 sessions before make a record",
        closes(*([100, 101] * 126), 102.5),
        {
            "all_time_high": 1,
            "from_high_pct": 0,
            "52w_high": 1,
            "52w_high_distance_pct": 0,
            # The first close has no change, so one session too few is known.
            "largest_rise_ever": MISSING,
            "highest_since": MISSING,
            "lowest_since": DAYS[251],
        },
    ),
    *each_index(
        "252 changes before make a largest rise",
        closes(*([NAN] * 253), change_pct=[*([-1, 1] * 126), 1.5]),
        {"largest_rise_ever": 1, "largest_rise_since": MISSING, "largest_fall_ever": MISSING},
    ),
    *each_index(
        "252 changes before make a largest fall",
        closes(*([NAN] * 253), change_pct=[*([-1, 1] * 126), -1.5]),
        {"largest_fall_ever": 1, "largest_fall_since": MISSING, "largest_rise_ever": MISSING},
    ),
    *each_index(
        "251 sessions before make neither, but 52 weeks",
        closes(*([100, 101] * 125), 100, 102.5),
        {"all_time_high": MISSING, "from_high_pct": MISSING, "52w_high": 1, "largest_rise_ever": MISSING},
    ),
    *each_index(
        "the high of 52 weeks is not that of all time",
        closes(200, *([100] * 251), 90),
        {"all_time_high": 0, "from_high_pct": -55, "52w_high": 0, "52w_high_distance_pct": -10},
    ),
    *each_index(
        "an equal close is a record as well",
        closes(200, *([100] * 252), 200),
        {"all_time_high": 1, "from_high_pct": 0, "highest_since": MISSING},
    ),
    *each_index(
        "activity against the 20 sessions before",
        closes(*([100] * 22), value_traded=[999, *([10] * 10), *([30] * 10), 50]),
        {"value_traded": 50, "value_traded_ratio_20": 2.5},
    ),
    *each_index(
        "19 sessions before are too few",
        closes(*([100] * 20), value_traded=[10.0] * 20),
        {"value_traded_ratio_20": MISSING},
    ),
]


def intraday(**columns):
    return table(**columns)


OTHER_CASES = [
    Case(
        "the session's course stands in for a low and a high",
        {
            "indices": table(
                date=DAYS[:1], index="KOSPI", close=[204.0], previous_close=[200.0], change_pct=[2.0]
            ),
            "intraday": table(
                date=[DAYS[0]] * 5,
                index=["KOSPI", "KOSPI", "KOSPI", "KOSPI", "KOSDAQ"],
                level=[NAN, 190, 150, NAN, NAN],
                change_pct=[-2.5, NAN, -3, 2, -9],
            ),
        },
        # 190 of 200 is -5%; 150 stands beside a change of -3%, and the change is what the source says.
        {"kospi_low_pct": -5, "kospi_high_pct": 2, "kospi_reversal_pct": 7, "kospi_range_pct": MISSING},
    ),
    Case(
        "a stated low is not undercut by an estimate",
        {
            "indices": table(
                date=DAYS[:1], index="KOSPI", previous_close=[200.0], low=[196.0], change_pct=[1.0]
            ),
            "intraday": table(date=[DAYS[0]], index="KOSPI", change_pct=[-3.0]),
        },
        {"kospi_low_pct": -2, "kospi_reversal_pct": 3},
    ),
    Case(
        "one index against the other",
        {"indices": table(date=[DAYS[0]] * 2, index=["KOSPI", "KOSDAQ"], change_pct=[2.63, -0.2])},
        {"kosdaq_minus_kospi_pp": -2.83},
    ),
    Case(
        "one index alone",
        {"indices": table(date=[DAYS[0]], index="KOSDAQ", change_pct=[-0.2])},
        {"kosdaq_change_pct": -0.2, "kosdaq_minus_kospi_pp": MISSING, "kospi_change_pct": MISSING},
    ),
    Case(
        "breadth as stated for all",
        {
            "breadth": table(
                date=[DAYS[0]] * 2,
                scope=["KOSPI", "all"],
                listed=[900, 2827],
                advancers=[100, 955],
                decliners=[200, 1455],
                unchanged=[300, 417],
            )
        },
        {
            "advancers": 955,
            "decliners": 1455,
            "unchanged": 417,
            "listed": 2827,
            "advancers_share": 955 / 28.27,
            "decliners_share": 1455 / 28.27,
            "unchanged_share": 417 / 28.27,
            "advance_decline": -500,
            "adr20": MISSING,
            "not_traded": MISSING,
            "median_change_pct": MISSING,
        },
    ),
    Case(
        "breadth of two markets is added, KONEX apart; listed follows",
        {
            "breadth": table(
                date=[DAYS[0]] * 3,
                scope=["KOSPI", "KOSDAQ", "KONEX"],
                advancers=[10, 5, 100],
                decliners=[4, 1, 100],
                unchanged=[3, 2, 100],
            )
        },
        {"advancers": 15, "decliners": 5, "unchanged": 5, "listed": 25, "advancers_share": 60},
    ),
    Case(
        "breadth of one market is not the whole",
        {"breadth": table(date=[DAYS[0]], scope="KOSPI", advancers=[10], decliners=[4], unchanged=[3])},
        {"advancers": MISSING, "listed": MISSING, "advancers_share": MISSING},
    ),
    Case(
        "a share of nothing listed",
        {
            "breadth": table(
                date=[DAYS[0]], scope="all", listed=[0], advancers=[0], decliners=[0], unchanged=[0]
            )
        },
        {"advancers": 0, "advancers_share": MISSING},
    ),
    Case(
        "adr20 over 20 sessions",
        {
            "breadth": table(
                date=DAYS[:21],
                scope="all",
                advancers=[999, *([30] * 10), *([60] * 10)],
                decliners=[1, *([50] * 20)],
            )
        },
        {"adr20": 90},
    ),
    Case(
        "adr20 with a session without counts among them",
        {
            "breadth": table(
                date=DAYS[:21], scope="all", advancers=[*([30] * 10), NAN, *([60] * 10)], decliners=[50] * 21
            )
        },
        {"adr20": MISSING},
    ),
    Case(
        "flows and what domestic buyers took",
        {
            "flows": table(
                date=[DAYS[0]] * 6,
                scope=["KOSPI", "KOSPI", "KOSPI", "005930", "KOSDAQ", "Batteries"],
                scope_kind=["market", "market", "market", "stock", "market", "sector"],
                investor=["retail", "institution", "foreign", "foreign", "foreign", "foreign"],
                net_krw=[1.89e12, 1.69e12, -3.76e12, -1.55e12, -2e11, NAN],
            )
        },
        {
            "foreign_net_krw": -3.76e12,
            "institution_net_krw": 1.69e12,
            "retail_net_krw": 1.89e12,
            "domestic_net_krw": 3.58e12,
            "absorption_pct": 358 / 3.76,
            "kosdaq_foreign_net_krw": -2e11,
            "foreign_sell_streak": MISSING,
            "foreign_buy_streak": 0,
        },
    ),
    *(
        Case(
            name,
            {
                "flows": table(
                    date=[DAYS[0]] * 3,
                    scope="KOSPI",
                    scope_kind="market",
                    investor=["retail", "institution", "foreign"],
                    net_krw=amounts,
                )
            },
            expected,
        )
        for name, amounts, expected in [
            ("foreign buying is not absorbed", [-1e12, -1e12, 2e12], {"absorption_pct": MISSING}),
            ("domestic selling absorbs nothing", [-1e12, 5e11, -1e11], {"absorption_pct": MISSING}),
            ("nobody sold", [1e12, 5e11, 0.0], {"absorption_pct": MISSING, "foreign_sell_streak": 0}),
            ("half of it", [NAN, 1e12, -2e12], {"domestic_net_krw": MISSING, "absorption_pct": MISSING}),
        ]
    ),
    *(
        Case(
            f"streak of foreign {way}",
            {
                "flows": table(
                    date=DAYS[:4], scope="KOSPI", scope_kind="market", investor="foreign", net_krw=amounts
                )
            },
            expected,
        )
        for way, amounts, expected in [
            ("selling", [1.0, -1.0, -5.0, -2.0], {"foreign_sell_streak": 3, "foreign_buy_streak": 0}),
            ("buying", [1.0, 0.0, 5.0, 2.0], {"foreign_sell_streak": 0, "foreign_buy_streak": 2}),
        ]
    ),
]

_X = {"sector": "Chips"}
MARKET = [
    # gain 100 of 1,000; -100 of 2,000; 150 of 3,000: 150 of 6,000 is 2.5%.
    stock("000010", "KOSPI", 110, 10, 10),
    stock("000020", "KOSPI", 190, -10, 10),
    stock("000030", "KOSPI", 105, 5, 30),
    # Preferred: in breadth and median, not in the index.
    stock("000035", "KOSPI", 60, 10, 1000),
    stock("100010", "KOSDAQ", 50, 0, 100, open=0, high=0, low=0, set_aside="not_traded"),
    # 100 +/- 30 are the limits of a base of 100.
    stock("100020", "KOSDAQ", 130, 30, 10, high=130),
    stock("100030", "KOSDAQ", 70, -30, 10, low=70),
    stock("200010", "KONEX", 70, -30, 10, low=70),
]


def market(*rows):
    return {"stocks": table(**pd.DataFrame([{"date": DAYS[0], **row} for row in rows]).to_dict("list"))}


def large(count, moved, change):
    """KOSPI shares of falling size, `moved` of them up, and three of KOSDAQ that did nothing."""
    rows = [
        stock(
            f"0{place:04}0",
            "KOSPI",
            100 + (change if place < moved else 0),
            change if place < moved else 0,
            100 - place,
        )
        for place in range(count)
    ]
    return market(*rows, *(stock(f"1{place:04}0", "KOSDAQ", 100, 0, 1) for place in range(3)))


def sectors(*moves):
    """Groups of shares: name, base, change, shares of each."""
    rows = []
    for group, (name, members) in enumerate(moves):
        rows += [
            stock(
                f"{group}{place:04}0",
                ("KOSPI", "KOSDAQ")[place % 2],
                base + change,
                change,
                shares,
                sector=name,
            )
            for place, (base, change, shares) in enumerate(members)
        ]
    return market(*rows)


STOCK_CASES = [
    Case(
        "a whole market",
        market(*MARKET),
        {
            "advancers": 4,
            "decliners": 2,
            "unchanged": 1,
            "listed": 7,
            "not_traded": 1,
            "limit_up": 1,
            "limit_down": 1,
            # -30, -5, 5, 10, 20, 30: the one that did not trade is not typical.
            "median_change_pct": 7.5,
            "kospi_cap_weighted_change_pct": 2.5,
            "cap_minus_median_pp": -5,
            # The two largest at base prices: 150 - 100 of 150.
            "top2_contribution_share": 100 / 3,
            "top10_contribution_share": 100,
            "top20_contribution_share": 100,
            "top10_concentration": 100,
            "sector_best_pct": MISSING,
            "share_above_50": MISSING,
            "new_highs_52w": MISSING,
        },
        whole_market=3,
    ),
    Case(
        "a handful of stocks says nothing of a market",
        market(*MARKET),
        dict.fromkeys(
            (
                "advancers",
                "listed",
                "not_traded",
                "limit_up",
                "limit_down",
                "median_change_pct",
                "kospi_cap_weighted_change_pct",
                "top2_contribution_share",
                "top10_concentration",
                "sector_best_pct",
            )
        ),
        whole_market=5,
    ),
    Case(
        "KOSPI whole, KOSDAQ not: only what speaks of KOSPI",
        market(*MARKET),
        {"kospi_cap_weighted_change_pct": 2.5, "advancers": MISSING, "median_change_pct": MISSING},
        whole_market=4,
    ),
    Case(
        "stated breadth wins over counted",
        {**market(*MARKET), "breadth": table(date=[DAYS[0]], scope="all", advancers=[9], decliners=[8])},
        # All four from one place: what it does not state is not counted beside it.
        {"advancers": 9, "decliners": 8, "unchanged": MISSING, "listed": MISSING, "median_change_pct": 7.5},
        whole_market=3,
    ),
    Case(
        "new base prices and moves without a limit are no moves",
        market(
            *MARKET[1:],
            stock("000010", "KOSPI", 110, 10, 10, set_aside="adjusted"),
            stock("100040", "KOSDAQ", 300, 200, 10, high=300, set_aside="beyond_limit"),
        ),
        # -100 + 150 of 5,000; -30, -5, 5, 20, 30; yet both rose.
        {"kospi_cap_weighted_change_pct": 1, "median_change_pct": 5, "advancers": 5, "limit_up": 1},
        whole_market=3,
    ),
    Case(
        "change and shares follow from per cent and market value",
        market(
            stock("000010", "KOSPI", 110, NAN, NAN, change_pct=10, market_value=1100),
            stock("000020", "KOSPI", 190, NAN, NAN, change_pct=-5, market_value=1900),
            stock("100010", "KOSDAQ", 100, NAN, NAN, change_pct=0),
            stock("100020", "KOSDAQ", 100, NAN, NAN, change_pct=0),
        ),
        # 100 - 100 of 3,000; limits need the base price itself.
        {
            "kospi_cap_weighted_change_pct": 0,
            "advancers": 1,
            "decliners": 1,
            "unchanged": 2,
            "limit_up": MISSING,
        },
    ),
    Case(
        "change_pct follows from change",
        market(*({**row, "change_pct": NAN} for row in MARKET)),
        {"median_change_pct": 7.5},
        whole_market=3,
    ),
    Case(
        "the largest of twenty-five",
        # Sizes 100, 99, … 76 at the base: 2,200 together; five rise by 10 of 100.
        large(25, 5, 10),
        {
            "kospi_cap_weighted_change_pct": 490 / 2200 * 10,
            "top2_contribution_share": 199 / 490 * 100,
            "top10_contribution_share": 100,
            # (955 + 49) of (2,200 + 49): the five are worth a tenth more now.
            "top10_concentration": 1004 / 2249 * 100,
        },
    ),
    Case(
        "the largest twenty of twenty-five",
        large(25, 25, 10),
        {"top10_contribution_share": 955 / 2200 * 100, "top20_contribution_share": 1810 / 2200 * 100},
    ),
    Case(
        "of equal size the first code counts",
        market(
            stock("000030", "KOSPI", 101, 1, 10),
            stock("000010", "KOSPI", 104, 4, 10),
            stock("000020", "KOSPI", 105, 5, 10),
        ),
        {"top2_contribution_share": 90},
    ),
    Case(
        "no shares of a move that is none",
        # 1 of 2,100 is 0.0476%.
        market(stock("000010", "KOSPI", 101, 1, 1), stock("000020", "KOSPI", 100, 0, 20)),
        {
            "kospi_cap_weighted_change_pct": 100 / 2100,
            "top2_contribution_share": MISSING,
            "top10_concentration": 100,
        },
    ),
    Case(
        "sectors of five",
        sectors(
            # 5 * 10 of 500; -20 of 2,100; four members are no sector.
            ("Chips", [(100, 10, 1)] * 5),
            ("Ships", [(100, -5, 4)] + [(100, 0, 4)] * 4 + [(100, 0, 1)]),
            ("Few", [(100, 29, 1)] * 4),
            ("", [(100, -29, 1)] * 6),
        ),
        {"sector_best_pct": 10, "sector_worst_pct": -20 / 2100 * 100, "sector_spread_pp": 10 + 20 / 21},
    ),
]

CASES = [*INDEX_CASES, *OTHER_CASES, *STOCK_CASES]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_measures_by_hand(case):
    found = measure(dataset(**case.tables), CALENDAR, whole_market=case.whole_market)
    row = found.iloc[-1]
    for name, value in case.expected.items():
        if value is MISSING:
            assert pd.isna(row[name]), f"{name} is {row[name]}"
        elif isinstance(value, date):
            assert row[name].date() == value, name
        else:
            assert row[name] == pytest.approx(value, rel=1e-7, abs=1e-9), name


BY_HAND_ELSEWHERE = {"share_above_50", "share_above_200", "new_highs_52w", "new_lows_52w"}
"""In test_metrics_averages.py."""


def test_no_metric_is_untested():
    tested = {name for case in CASES for name, value in case.expected.items() if value is not MISSING}
    assert tested | BY_HAND_ELSEWHERE == set(METRICS)
