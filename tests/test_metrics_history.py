"""Gaps, closed days and the real history of both indices."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from metrics_cases import dataset, folder, real_indices, table, weekdays
from real_data import KRX, needs_krx

from generator.calendars import TradingCalendar
from generator.metrics.definitions import METRICS
from generator.metrics.measure import measure
from generator.metrics.timeline import last_reaching, over_window, streaks, timeline

CALENDAR, DAYS = weekdays("2024-01-08", 300)


@pytest.fixture(scope="module")
def real(real_history):
    return real_history()


def kospi(days, **columns):
    return dataset(indices=table(date=list(days), index="KOSPI", **columns))


def without(values, place):
    return [*values[:place], *values[place + 1 :]]


def test_nothing_is_measured_across_a_missing_session():
    days = without(DAYS[:6], 3)
    found = measure(kospi(days, close=[100.0, 101, 102, 104, 105]), CALENDAR)
    after = found.loc[pd.Timestamp(DAYS[4])]
    assert np.isnan(after["kospi_change_pct"])
    assert np.isnan(after["kospi_change_points"])
    last = found.loc[pd.Timestamp(DAYS[5])]
    assert last["kospi_change_points"] == 1
    assert np.isnan(last["kospi_up_streak"])
    assert last["kospi_down_streak"] == 0


def test_since_stops_at_a_missing_session():
    days = without(DAYS[:7], 2)
    found = measure(kospi(days, change_pct=[5.0, -5.0, 1.0, -1.0, 2.0, 3.0]), CALENDAR)
    last = found.iloc[-1]
    # 5% was larger, but the session between may have been as well.
    assert pd.isna(last["kospi_largest_rise_since"])
    assert last["kospi_largest_rise_ever"] == 0
    assert last["kospi_up_streak"] == 2
    closes = measure(kospi(days, close=[120.0, 90, 100, 101, 102, 103]), CALENDAR).iloc[-1]
    assert pd.isna(closes["kospi_highest_since"])
    assert closes["kospi_all_time_high"] == 0
    assert closes["kospi_lowest_since"] == pd.Timestamp(DAYS[5])


def test_a_record_after_a_gap_is_claimed_only_where_stated():
    days = without(DAYS[:300], 280)
    closes = [100.0 + place for place in range(299)]
    found = measure(kospi(days, close=closes), CALENDAR)
    assert found.loc[pd.Timestamp(DAYS[279]), "kospi_all_time_high"] == 1
    assert found.loc[pd.Timestamp(DAYS[281]) :, "kospi_all_time_high"].isna().all()
    assert found.loc[pd.Timestamp(DAYS[281]) :, "kospi_from_high_pct"].isna().all()
    stated = [None] * 299
    stated[285] = True
    found = measure(kospi(days, close=closes, all_time_high=stated), CALENDAR)
    assert np.isnan(found["kospi_all_time_high"].iloc[284])
    assert (found["kospi_all_time_high"].iloc[285:] == 1).all()


def test_a_window_with_a_missing_session_has_no_average():
    days = without(DAYS[:42], 20)
    found = measure(kospi(days, close=[1.0] * 41, value_traded=[10.0] * 41), CALENDAR)
    ratio = found["value_traded_ratio_20"]
    # Of the days after the gap the 21st is the first with 20 before it.
    assert list(np.flatnonzero(ratio.notna())) == [40]


def test_a_closed_day_is_no_session_and_no_gap():
    closed = DAYS[2]
    calendar = TradingCalendar("XTST", tuple(day for day in DAYS if day != closed))
    data = kospi(DAYS[:5], close=[100.0, 101, 101, 102, 103], change_pct=[np.nan, 1, 0, 1, 1])
    found = measure(data, calendar)
    assert closed not in set(found.index.date)
    assert found["kospi_change_points"].tolist()[1:] == [1, 1, 1]


def test_saturdays_before_1999_are_no_gaps(xkrx):
    days = [date(1998, 11, 27), date(1998, 11, 28), date(1998, 11, 30)]
    found = measure(kospi(days, close=[100.0, 101, 102]), xkrx)
    assert found["kospi_change_points"].tolist()[1:] == [1, 1]


def test_order_of_rows_does_not_matter():
    rows = table(
        date=[*DAYS[:40], *DAYS[:40]],
        index=["KOSPI"] * 40 + ["KOSDAQ"] * 40,
        close=[100.0 + (place * 7) % 13 for place in range(80)],
    )
    shuffled = rows.sample(frac=1, random_state=7)
    pd.testing.assert_frame_equal(
        measure(dataset(indices=rows), CALENDAR),
        measure(dataset(indices=shuffled), CALENDAR),
        check_exact=True,
    )


@pytest.mark.parametrize("tables", [{}, {"macro": table(date=["2024-01-08"], variable="WTI")}])
def test_without_data_there_are_all_columns_and_no_values(tables):
    found = measure(dataset(**tables), CALENDAR)
    assert list(found.columns) == list(METRICS)
    assert len(found) == len(tables)
    assert found.isna().all(axis=None)
    assert {str(dtype) for dtype in found.dtypes} <= {"float64", "datetime64[us]"}


def test_a_folder_without_optional_columns_is_enough():
    found = measure(dataset(indices=table(date=[DAYS[0]], index=["KOSPI"])), CALENDAR)
    assert found.isna().all(axis=None)


@given(st.lists(st.integers(-3, 3), max_size=30), st.booleans())
def test_last_reaching_agrees_with_a_plain_search(values, strictly):
    found = last_reaching(np.array(values, dtype=float), strictly=strictly)
    for place, value in enumerate(values):
        before = [p for p in range(place) if (values[p] > value if strictly else values[p] >= value)]
        assert found[place] == (before[-1] if before else -1)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=30))
def test_streaks_agree_with_plain_counting(rows):
    holds = [hold for hold, _ in rows]
    starts, start = [], 0
    for place, (_, begins) in enumerate(rows):
        start = place if begins else start
        starts.append(start)
    found = streaks(np.array(holds, dtype=bool), np.array(starts, dtype=np.int64))
    for place, hold in enumerate(holds):
        count = 0
        while hold and place - count >= starts[place] and holds[place - count]:
            count += 1
        reaches = hold and place - count < starts[place]
        assert np.isnan(found[place]) if reaches else found[place] == count


@settings(max_examples=50)
@given(st.sets(st.integers(0, 40), min_size=1), st.sets(st.integers(0, 40)))
def test_runs_agree_with_the_calendar(sessions, rows):
    days = pd.bdate_range("2024-01-01", periods=41)
    calendar = TradingCalendar("XTST", tuple(days[place].date() for place in sorted(sessions)))
    held = sorted(rows)
    starts = timeline(calendar).starts(days[held])
    for place in range(1, len(held)):
        lacking = sessions & set(range(held[place - 1] + 1, held[place]))
        assert bool(starts[place] == place) is bool(lacking)
        if not lacking:
            assert starts[place] == starts[place - 1]


def test_a_window_is_the_same_whatever_lies_before():
    values = np.random.default_rng(5).normal(size=60)
    whole = over_window(values, np.zeros(60, dtype=np.int64), 20, lambda windows: windows.mean(axis=1))
    cut = over_window(values[17:], np.zeros(43, dtype=np.int64), 20, lambda windows: windows.mean(axis=1))
    assert np.array_equal(whole[36:], cut[19:])
    assert np.isnan(whole[:19]).all()


@pytest.mark.krx
@needs_krx
def test_reference_points_of_the_indices(real):
    day = real.loc["2026-02-20"]
    assert day["kospi_change_pct"] == 2.31
    assert day["kosdaq_change_pct"] == -0.58
    assert day["kosdaq_minus_kospi_pp"] == pytest.approx(-2.89)
    assert day["kospi_all_time_high"] == 1
    assert day["kosdaq_all_time_high"] == 0


@pytest.mark.krx
@needs_krx
@pytest.mark.parametrize("index", ["kospi", "kosdaq"])
def test_thirty_years_agree_with_plain_loops(real, index):
    """An independent computation, row by row in Python, of what the history claims."""
    rows = pd.read_csv(KRX / f"index-{index}.csv")
    days = [date.fromisoformat(text) for text in rows["Date"]]
    close = rows["Close"].tolist()
    change = [round(value * 100, 2) for value in rows["Change"]]
    found = real.dropna(subset=f"{index}_close")
    assert list(found.index.date) == days
    for place in range(260, len(days), 97):
        row = found.iloc[place]
        rises = [p for p in range(place) if change[p] >= change[place]]
        falls = [p for p in range(place) if change[p] <= change[place]]
        for move, before, holds in (("rise", rises, change[place] > 0), ("fall", falls, change[place] < 0)):
            since = row[f"{index}_largest_{move}_since"]
            assert (None if pd.isna(since) else since.date()) == (
                days[before[-1]] if holds and before else None
            )
            if holds:
                assert row[f"{index}_largest_{move}_ever"] == (not before)
        assert row[f"{index}_all_time_high"] == (close[place] >= max(close[:place]))
        assert row[f"{index}_from_high_pct"] == pytest.approx(
            (close[place] / max(close[: place + 1]) - 1) * 100
        )
        year = max(close[place - 251 : place + 1])
        assert row[f"{index}_52w_high"] == (close[place] == year)
        assert row[f"{index}_52w_high_distance_pct"] == pytest.approx((close[place] / year - 1) * 100)
        up = 0
        while change[place - up] > 0:
            up += 1
        assert row[f"{index}_up_streak"] == up
        assert row[f"{index}_change_points"] == pytest.approx(close[place] - close[place - 1])
        amounts = rows["Amount"].tolist()
        ratio = "value_traded_ratio_20" if index == "kospi" else "kosdaq_value_traded_ratio_20"
        assert row[ratio] == pytest.approx(amounts[place] / (sum(amounts[place - 20 : place]) / 20))


@pytest.mark.krx
@needs_krx
def test_the_session_of_may_stands_alone_after_the_gap(xkrx):
    """The history ends on 20 March 2026; the dataset of 13 May says of itself that it is a record."""
    data, may = real_indices(), folder("2026-05-13")
    tables = {**may.tables, "indices": pd.concat([data, may.tables["indices"]], ignore_index=True)}
    row = measure(dataset(**tables), xkrx).loc["2026-05-13"]
    assert row["kospi_change_points"] == pytest.approx(200.91)
    assert row["kospi_low_pct"] == -2.5
    assert row["kospi_reversal_pct"] == pytest.approx(5.13)
    assert row["kospi_all_time_high"] == 1
    assert row["kospi_from_high_pct"] == 0
    assert row["kosdaq_all_time_high"] == 0
    missing = ("kospi_largest_rise_since", "kospi_up_streak", "kosdaq_highest_since", "kosdaq_from_high_pct")
    assert row[list(missing)].isna().all()
    assert row["advancers_share"] == pytest.approx(33.8, abs=0.05)
    assert row["decliners_share"] == pytest.approx(51.5, abs=0.05)
    # 417 of 2,827 is 14.75%: the source cut it to 14.7.
    assert row["unchanged_share"] == pytest.approx(14.7506, abs=1e-4)
    assert row["domestic_net_krw"] == 3.58e12
    assert row["foreign_net_krw"] == -3.76e12
    assert row["absorption_pct"] == pytest.approx(95.2, abs=0.05)
