"""Measures over all stocks: price limits, averages, and the real market."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from metrics_cases import dataset, real_indices, real_stocks, stock, table, weekdays
from real_data import needs_krx

from generator.metrics import ticks
from generator.metrics.averages import averages, panel
from generator.metrics.cross_section import cross_section
from generator.metrics.measure import measure
from generator.metrics.stocks import listed_stocks
from generator.metrics.timeline import timeline

CALENDAR, DAYS = weekdays("2024-01-08", 300)


@pytest.mark.parametrize(
    ("base", "lower", "upper"),
    [
        (100, 70, 130),
        (1_999, 1_400, 2_595),  # 599 up is 2,598, on a tick of 5 from 2,000
        (2_000, 1_400, 2_600),
        (2_130, 1_495, 2_765),  # 639 cut to 635
        (4_985, 3_490, 6_480),
        (19_990, 14_000, 25_950),  # 5,990 up is 25,980, on a tick of 50 from 20,000
        (50_000, 35_000, 65_000),
        (190_100, 133_100, 247_000),  # 57,000 down is 133,100; up 247,100, on a tick of 500 from 200,000
        (720_000, 504_000, 936_000),
        (24, 17, 31),
        (3, 3, 3),  # 0.9 cut to the tick leaves nothing
    ],
)
def test_price_limits_by_hand(base, lower, upper):
    found = ticks.limits(np.array([base], dtype=float))
    assert [float(each[0]) for each in found] == [lower, upper]


def test_ticks_change_at_the_bounds():
    prices = np.array(
        [1, 1_999, 2_000, 4_995, 5_000, 19_990, 20_000, 50_000, 199_900, 200_000, 500_000], dtype=float
    )
    assert ticks.tick(prices).tolist() == [1, 1, 5, 5, 10, 10, 50, 100, 100, 500, 1_000]


@pytest.mark.parametrize(
    ("day", "columns", "expected"),
    [
        ("2024-01-08", {}, 1),
        # Before the ticks of today came in.
        ("2023-01-24", {}, np.nan),
        # A price beyond the limit that day: the stock has none.
        ("2024-01-08", {"high": 131}, 0),
        ("2024-01-08", {"set_aside": "beyond_limit"}, 0),
        ("2024-01-08", {"close": 129, "change": 29}, 0),
    ],
)
def test_limit_up(day, columns, expected):
    up = {**stock("000010", "KOSPI", 130, 30, 10), **columns}
    rows = [{"date": day, **row} for row in (up, stock("100010", "KOSDAQ", 100, 0, 10))]
    data = {"stocks": table(**pd.DataFrame(rows).to_dict("list"))}
    found = cross_section(data, listed_stocks(data["stocks"]), whole_market=1)
    assert found["limit_up"].tolist() == pytest.approx([expected], nan_ok=True)


def stocks_over(prices, bases=None, aside=None):
    """Closes by code over the first sessions; a base price is the close before unless stated."""
    rows = []
    for code, closes in prices.items():
        for place, close in enumerate(closes):
            if np.isnan(close):
                continue
            base = (bases or {}).get((code, place), closes[place - 1] if place else close)
            base = close if np.isnan(base) else base
            market = "KOSPI" if code.startswith("0") else "KOSDAQ"
            row = stock(code, market, close, close - base, 10)
            if (aside or {}).get((code, place)):
                row |= {"open": 0, "high": 0, "low": 0, "set_aside": "not_traded"}
            rows.append({"date": DAYS[place], **row})
    return table(**pd.DataFrame(rows).to_dict("list"))


def a_year():
    """252 sessions of six stocks, and one that has been listed for 49."""
    count = 252
    prices = {
        "000010": [1000.0 + place for place in range(count)],  # rises
        "000020": [500.0] * count,  # flat: above nothing, no new high
        "000030": [np.nan] * (count - 49) + [100.0 + place for place in range(49)],  # too short
        "100010": [5000.0 - place for place in range(count)],  # falls
        # 1,000 until a split in two, then 500, and 501 on the last day.
        "100020": [1000.0] * (count - 10) + [500.0] * 9 + [501.0],
        "100030": [100.0 + place for place in range(count)],  # rises, but did not trade on the last day
    }
    return prices, {("100020", count - 10): 500.0}, {("100030", count - 1): True}


def measured(stocks, whole_market=2):
    return measure(dataset(stocks=stocks), CALENDAR, whole_market=whole_market)


def test_averages_and_extremes_by_hand():
    last = measured(stocks_over(*a_year())).iloc[-1]
    # Of the four with all closes and a trade, the one that rises and the one that was split stand above.
    assert last["share_above_50"] == 50
    assert last["share_above_200"] == 50
    assert last["new_highs_52w"] == 2
    assert last["new_lows_52w"] == 1


def test_without_the_new_base_price_a_split_is_a_fall():
    prices, _, aside = a_year()
    last = measured(stocks_over(prices, None, aside)).iloc[-1]
    # The split stock now stands below its averages: one of four is left above.
    assert last["share_above_50"] == 25
    assert last["new_highs_52w"] == 1


def test_averages_begin_with_the_50th_and_200th_session():
    prices = {"000010": [1000.0 + p for p in range(252)], "100010": [1000.0 - p for p in range(252)]}
    found = measured(stocks_over(prices), whole_market=1)
    for name, first in (("share_above_50", 49), ("share_above_200", 199), ("new_highs_52w", 251)):
        assert found[name].first_valid_index() == pd.Timestamp(DAYS[first])
        assert found[name].iloc[first:].notna().all()
    assert found["share_above_50"].iloc[49] == 50


def test_a_missing_session_ends_the_averages():
    stocks = stocks_over({"000010": [10.0 + p for p in range(60)], "100010": [10.0] * 60})
    kept = stocks.loc[stocks["date"] != pd.Timestamp(DAYS[30])]
    assert measured(kept, whole_market=1)["share_above_50"].isna().all()
    assert measured(stocks, whole_market=1)["share_above_50"].notna().sum() == 11


def test_rounded_changes_are_no_new_base_prices():
    """Where a source has only changes in per cent, a base may be off by their rounding."""
    closes = [10_000.0, 10_130, 9_980, 10_070] * 15
    stocks = stocks_over({"000010": closes, "100010": closes})
    rounded = stocks.assign(change=np.nan, change_pct=stocks["change_pct"].round(2))
    for name in ("share_above_50",):
        assert measured(rounded, 1)[name].equals(measured(stocks, 1)[name])


def test_averages_hang_on_their_own_window_alone():
    rng = np.random.default_rng(3)
    prices = {
        f"{place % 2}{place:04}0": list(100 + rng.integers(-9, 9, 120).cumsum() + 200.0) for place in range(6)
    }
    bases = {("000000", 90): 77.0, ("100010", 61): 12.5}
    listed = listed_stocks(stocks_over(prices, bases))
    closes = panel(listed, 2)
    line = timeline(CALENDAR)
    whole = averages(closes, pd.DatetimeIndex(closes["date"].unique()), line)
    for place in (49, 70, 95, 119):
        stamp = pd.Timestamp(DAYS[place])
        cut = closes.loc[closes["date"].between(pd.Timestamp(DAYS[max(place - 60, 0)]), stamp)]
        alone = averages(cut, pd.DatetimeIndex([stamp], dtype="datetime64[us]"), line)
        pd.testing.assert_series_equal(
            alone["share_above_50"], whole.loc[[stamp], "share_above_50"], check_exact=True
        )


@pytest.fixture(scope="module")
def real():
    return real_stocks()


@pytest.fixture(scope="module")
def found(real):
    return cross_section({"stocks": real}, listed_stocks(real))


@pytest.mark.krx
@needs_krx
@pytest.mark.parametrize(
    ("day", "advancers", "decliners", "unchanged"),
    [("2026-02-20", 1195, 1365, 211), ("2026-01-08", 563, 2032, 191)],
)
def test_reference_points_of_breadth(found, day, advancers, decliners, unchanged):
    row = found.loc[day]
    assert row[["advancers", "decliners", "unchanged"]].tolist() == [advancers, decliners, unchanged]
    assert row["listed"] == advancers + decliners + unchanged
    assert row["advance_decline"] == advancers - decliners


@pytest.mark.krx
@needs_krx
def test_limits_agree_with_the_exchanges_own_marks(real, found):
    """The exchange marks a close at the upper limit with 4, at the lower with 5."""
    shares = real.loc[real["market"] != "KONEX"]
    marks = pd.crosstab(shares["date"], shares["change_code"])
    assert found["limit_up"].tolist() == marks["4"].tolist()
    # 010600 was in liquidation, without limits, and happened to close where a limit would have been.
    off = found["limit_down"] - marks["5"]
    assert off.loc[off != 0].to_dict() == {pd.Timestamp("2026-01-23"): 1}


@pytest.mark.krx
@needs_krx
def test_kospi_rebuilt_from_its_members(found):
    indices = real_indices()
    official = indices.loc[indices["index"] == "KOSPI"].set_index("date")["change_pct"]
    difference = (found["kospi_cap_weighted_change_pct"] - official.reindex(found.index)).abs()
    assert len(difference) == 33
    assert difference.max() < 0.012


@pytest.mark.krx
@needs_krx
def test_shares_of_the_move_agree_with_a_plain_loop(real, found):
    day = real.loc[(real["date"] == "2026-02-20") & (real["market"] == "KOSPI")]
    rows = [
        (-(row.close - row.change) * row.shares, row.code, row.change * row.shares, row.close * row.shares)
        for row in day.itertuples()
        if row.code.endswith("0") and row.set_aside not in ("adjusted", "beyond_limit")
    ]
    rows.sort()
    total = sum(row[2] for row in rows)
    for count in (2, 10, 20):
        share = sum(row[2] for row in rows[:count]) / total * 100
        assert found.loc["2026-02-20", f"top{count}_contribution_share"] == pytest.approx(share)
    worth = sum(row[3] for row in rows[:10]) / sum(row[3] for row in rows) * 100
    assert found.loc["2026-02-20", "top10_concentration"] == pytest.approx(worth)


@pytest.mark.krx
@needs_krx
def test_one_session_alone_is_the_same_to_the_last_bit(real, found):
    for day in found.index[::8]:
        rows = real.loc[real["date"] == day].sample(frac=1, random_state=1)
        alone = cross_section({"stocks": rows}, listed_stocks(rows))
        pd.testing.assert_frame_equal(alone, found.loc[[day]], check_exact=True)
