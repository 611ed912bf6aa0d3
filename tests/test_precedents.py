"""What the history says of a day: counted by hand, by a second way, and never from later on."""

from __future__ import annotations

import csv
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from metrics_cases import weekdays
from real_data import KRX, needs_krx

from generator.calendars import TradingCalendar
from generator.errors import TagError
from generator.metrics.definitions import METRICS
from generator.precedents import Past, Times

CALENDAR, DAYS = weekdays("2024-01-08", 60)
"""From a Monday on: sessions on weekdays."""


def history(days, **columns):
    """A history of those days with the given metrics; the others are missing."""
    index = pd.DatetimeIndex(pd.to_datetime(list(days)), name="date").astype("datetime64[us]")
    frame = pd.DataFrame(np.nan, index=index, columns=list(METRICS), dtype="float64")
    for name, values in columns.items():
        frame[name] = np.array(values, dtype="float64")
    return frame


def past(days, calendar=CALENDAR, *, on=-1, **columns):
    """The past of one of those days; rows after it stay in the frame."""
    days = list(days)
    return Past(day=days[on], history=history(days, **columns), calendar=calendar)


CHANGES = [1.5, -0.5, 2.0, np.nan, 1.0, 3.0]


@pytest.mark.parametrize(
    ("rule", "count", "among", "last"),
    [
        # Of the fourth session nothing is known.
        ("kospi_change_pct >= 1", 4, 5, DAYS[4]),
        ("kospi_change_pct >= 2", 2, 5, DAYS[2]),
        ("kospi_change_pct >= 3", 1, 5, None),
        ("kospi_change_pct <= -0.5", 1, 5, DAYS[1]),
        ("kospi_change_pct > 9", 0, 5, None),
        ("not kospi_change_pct >= 2", 3, 5, DAYS[4]),
    ],
)
def test_times_counts_the_day_and_before(rule, count, among, last):
    found = past(DAYS[:6], kospi_change_pct=CHANGES).times(rule)
    assert found == Times(count=count, among=among, first=DAYS[0], last=last, this_year=None)


def test_times_tells_of_the_sessions_that_have_every_metric():
    found = past(DAYS[:6], kospi_change_pct=CHANGES, advancers=[np.nan, 500, 900, 800, np.nan, 700]).times(
        "kospi_change_pct >= 2 and advancers > 600"
    )
    assert found == Times(count=2, among=3, first=DAYS[1], last=DAYS[2], this_year=None)


def test_times_on_a_day_that_cannot_be_told_of():
    assert past(DAYS[:6], on=3, kospi_change_pct=CHANGES).times("kospi_change_pct >= 1") is None
    assert past(DAYS[:6], kospi_change_pct=CHANGES).times("adr20 > 100") is None
    other = Past(day=DAYS[6], history=history(DAYS[:6], kospi_change_pct=CHANGES), calendar=CALENDAR)
    assert other.times("kospi_change_pct >= 1") is None
    nothing = Past(day=DAYS[0], history=history([]), calendar=CALENDAR)
    assert nothing.times("kospi_change_pct >= 1") is None
    assert [each.moves for each in nothing.followed("kospi_change_pct >= 1", "kospi_close", (1, 5))] == [
        (),
        (),
    ]


def test_times_of_a_metric_that_is_missing_by_design():
    """A reversal is missing on days without one; where the change is known there was none."""
    days = past(
        DAYS[:6],
        kospi_change_pct=CHANGES,
        kospi_reversal_pct=[2.5, np.nan, np.nan, np.nan, np.nan, 4.0],
    )
    rule = "kospi_reversal_pct >= 2"
    assert days.times(rule) == Times(count=2, among=2, first=DAYS[0], last=DAYS[0], this_year=None)
    known = days.times(rule, known="kospi_change_pct > 0")
    assert known == Times(count=2, among=5, first=DAYS[0], last=DAYS[0], this_year=None)
    before = Past(day=DAYS[1], history=days.history, calendar=CALENDAR)
    assert before.times(rule) is None
    # Both sessions that the year's calendar has so far are told of.
    assert before.times(rule, known="kospi_change_pct > 0") == Times(
        count=1, among=2, first=DAYS[0], last=DAYS[0], this_year=1
    )


def turn_of_the_year():
    """Sessions from 28 December 2023 on; the year has one on each weekday from its second day."""
    days = [date(2023, 12, 28), date(2023, 12, 29), *(date(2024, 1, d) for d in (2, 3, 4, 5))]
    return TradingCalendar("XTST", tuple(days)), days


def test_this_year_counts_from_january():
    calendar, days = turn_of_the_year()
    found = past(days, calendar, kospi_change_pct=[3, 3, 3, 0, 3, 3]).times("kospi_change_pct >= 2")
    assert (found.count, found.this_year) == (5, 3)
    found = past(days, calendar, kospi_change_pct=[3, 3, 0, 0, 0, 0]).times("kospi_change_pct >= 2")
    assert (found.count, found.this_year) == (2, 0)


def test_this_year_needs_each_session_of_it():
    calendar, days = turn_of_the_year()
    lacking = past(days, calendar, kospi_change_pct=[3, 3, 3, np.nan, 3, 3]).times("kospi_change_pct >= 2")
    assert lacking.this_year is None
    gone = past(days[:2] + days[3:], calendar, kospi_change_pct=[3, 3, 3, 3, 3]).times("kospi_change_pct > 2")
    assert gone.this_year is None
    # What is missing in another year is no matter.
    other = past(days, calendar, kospi_change_pct=[np.nan, 3, 3, 3, 3, 3]).times("kospi_change_pct > 2")
    assert other.this_year == 4


def test_this_year_is_not_told_where_the_calendar_is_no_judge():
    days = [date(1998, 1, 5), date(1998, 1, 6), date(1999, 1, 4), date(1999, 1, 5)]
    calendar = TradingCalendar("XKRX", tuple(days))
    frame = history(days, kospi_change_pct=[3, 3, 3, 3])
    early = Past(day=days[1], history=frame, calendar=calendar).times("kospi_change_pct > 2")
    late = Past(day=days[3], history=frame, calendar=calendar).times("kospi_change_pct > 2")
    assert (early.this_year, late.this_year) == (None, 2)


def test_followed_by_hand():
    """Rises on the first, third and sixth of six sessions; the level doubles, halves, …"""
    found = past(
        DAYS[:6],
        kospi_change_pct=[2, 0, 2, 0, 0, 2],
        kospi_close=[100, 200, 100, 110, 99, 120],
    ).followed("kospi_change_pct >= 2", "kospi_close", (1, 3, 5))
    assert [each.horizon for each in found] == [1, 3, 5]
    assert found[0].moves == pytest.approx((100, 10))
    assert found[1].moves == pytest.approx((10, 20))
    assert found[2].moves == pytest.approx((20,))


def test_followed_counts_sessions_of_the_calendar():
    """The data lacks the third session: what was a session later is not known, what was two later is."""
    days = [*DAYS[:2], *DAYS[3:6]]
    found = past(days, kospi_change_pct=[0, 2, 0, 0, 0], kospi_close=[100, 100, 130, 140, 150]).followed(
        "kospi_change_pct >= 2", "kospi_close", (1, 2, 3)
    )
    assert [each.moves for each in found] == [(), pytest.approx((30,)), pytest.approx((40,))]


def test_followed_needs_both_levels():
    found = past(
        DAYS[:5], kospi_change_pct=[2, 2, 2, 2, 2], kospi_close=[np.nan, 100, np.nan, 120, 132]
    ).followed("kospi_change_pct >= 2", "kospi_close", (1, 2))
    assert [each.moves for each in found] == [pytest.approx((10,)), pytest.approx((20,))]


def test_followed_takes_rows_as_sessions_before_the_calendar_is_sure():
    """Until December 1998 the exchange traded on Saturdays, which the calendar does not know."""
    days = [date(1998, 12, d) for d in (4, 5, 7)] + [date(1999, 1, d) for d in (4, 5)]
    calendar = TradingCalendar("XKRX", tuple(day for day in days if day.weekday() < 5))
    found = past(
        days, calendar, kospi_change_pct=[2, 2, 2, 0, 0], kospi_close=[100, 110, 121, 242, 484]
    ).followed("kospi_change_pct >= 2", "kospi_close", (1, 2))
    assert found[0].moves == pytest.approx((10, 10, 100))
    assert found[1].moves == pytest.approx((21, 120, 300))


@pytest.mark.parametrize(
    ("held", "horizon", "separate"),
    [
        ([1, 1, 1, 1, 0, 0], 1, 4),
        ([1, 1, 1, 1, 0, 0], 2, 2),
        ([1, 0, 0, 1, 0, 0], 2, 2),
        ([1, 1, 0, 1, 0, 0], 2, 2),
        ([1, 1, 1, 0, 0, 0], 3, 1),
        ([0, 0, 0, 0, 0, 1], 1, 0),
    ],
)
def test_separate_cases_share_no_session(held, horizon, separate):
    moves = past(DAYS[:6], kospi_change_pct=held, kospi_close=[100.0] * 6).followed(
        "kospi_change_pct >= 1", "kospi_close", (horizon,)
    )
    assert moves[0].separate == separate
    assert separate <= len(moves[0].moves)


def test_a_rule_outside_the_grammar():
    days = past(DAYS[:6], kospi_change_pct=CHANGES)
    with pytest.raises(TagError, match="kospi_changes"):
        days.times("kospi_changes >= 1")
    with pytest.raises(TagError, match="adr_20"):
        days.times("kospi_change_pct >= 1", known="adr_20 > 0")
    with pytest.raises(TagError, match="kospi_changes"):
        days.followed("kospi_changes >= 1", "kospi_close", (1,))


VALUES = st.one_of(st.none(), st.floats(-3, 3))
LEVELS = st.one_of(st.none(), st.floats(50, 200))
ROWS = st.lists(st.tuples(st.booleans(), VALUES, LEVELS), min_size=2, max_size=40)


@given(ROWS, st.integers(0, 39), st.floats(-3, 3))
@settings(deadline=None, max_examples=60)
def test_nothing_after_the_day_is_looked_at(rows, place, other):
    """Whatever later sessions bring, the answers for a day are those of its own evening."""
    there = [(day, *values) for day, (kept, *values) in zip(DAYS, rows, strict=False) if kept]
    if not there:
        return
    place %= len(there)
    frame = history(
        [day for day, _, _ in there],
        kospi_change_pct=[np.nan if change is None else change for _, change, _ in there],
        kospi_close=[np.nan if level is None else level for _, _, level in there],
    )
    later = frame.copy()
    later.iloc[place + 1 :] = other
    rule, horizons = "kospi_change_pct >= 0.5", (1, 2, 5)

    def told(rows):
        days = Past(day=there[place][0], history=rows, calendar=CALENDAR)
        return (
            days.times(rule),
            days.times("adr20 > 0", known=rule),
            days.followed(rule, "kospi_close", horizons),
        )

    evening = told(frame.iloc[: place + 1])
    assert told(frame) == evening
    assert told(later) == evening


@pytest.fixture(scope="module")
def real(real_history):
    return real_history()


def rows_of(index):
    """Day, close and change in % of each row but the first; the file of the KOSDAQ begins without changes."""
    with (KRX / f"index-{index}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = []
    for before, row in zip([None, *rows], rows, strict=False):
        if row["Change"]:
            change = round(float(row["Change"]) * 100, 2)
        elif before:
            change = (float(row["Close"]) / float(before["Close"]) - 1) * 100
        else:
            continue
        found.append((date.fromisoformat(row["Date"]), float(row["Close"]), change))
    return found


@pytest.mark.krx
@needs_krx
@pytest.mark.parametrize(
    ("index", "day", "bound"),
    [
        ("kospi", date(2026, 2, 20), 2),
        ("kospi", date(2026, 2, 20), 5),
        ("kosdaq", date(2026, 1, 26), 5),
        ("kospi", date(2003, 4, 11), 3),
        # The whole history of that day is from before the calendar is sure.
        ("kospi", date(1998, 6, 16), 4),
    ],
)
def test_against_a_count_over_the_file_itself(real, xkrx, index, day, bound):
    """No frames, no calendar: the rows of the file are the sessions."""
    rows = [row for row in rows_of(index) if row[0] <= day]
    held = [place for place, (_, _, change) in enumerate(rows) if change >= bound]
    days = Past(day=day, history=real, calendar=xkrx)
    rule = f"{index}_change_pct >= {bound}"
    found = days.times(rule)
    assert found.count == len(held) > 10
    assert found.among == len(rows)
    assert found.first == rows[0][0]
    assert found.last == max(rows[place][0] for place in held if rows[place][0] < day)
    if day.year >= 1999:
        assert found.this_year == sum(rows[place][0].year == day.year for place in held)
    for each in days.followed(rule, f"{index}_close", (1, 5, 20)):
        moves = [
            (rows[place + each.horizon][1] / rows[place][1] - 1) * 100
            for place in held
            if place + each.horizon < len(rows)
        ]
        assert each.moves == pytest.approx(moves)
        assert 0 < each.separate <= len(moves)


@pytest.mark.krx
@needs_krx
def test_a_day_of_the_real_history_sees_no_later_one(real, xkrx):
    day = date(2020, 3, 19)
    evening = Past(day=day, history=real.loc[: str(day)], calendar=xkrx)
    now = Past(day=day, history=real, calendar=xkrx)
    rule = "kospi_change_pct <= -5"
    assert now.times(rule) == evening.times(rule)
    after = now.followed(rule, "kospi_close", (1, 20))
    assert after == evening.followed(rule, "kospi_close", (1, 20))
    # A fall of the last twenty sessions has no twenty sessions after it yet.
    assert len(after[1].moves) <= len(after[0].moves) == now.times(rule).count - 1
    assert day - timedelta(days=365) > now.times(rule).last
