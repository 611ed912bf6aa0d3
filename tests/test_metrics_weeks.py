"""The weeks of a history, by hand and against a calculation that shares no code."""

from datetime import date, timedelta

import pandas as pd
import pytest

from generator.calendars import TradingCalendar
from generator.metrics.weeks import weeks_of

MONDAY = date(2026, 3, 2)


def weekdays(count, first=MONDAY):
    days = (first + timedelta(days=n) for n in range(count * 2))
    return [day for day in days if day.weekday() < 5][:count]


def history(levels):
    index = pd.DatetimeIndex([pd.Timestamp(day) for day in levels], name="date")
    return pd.DataFrame({"kospi_close": list(levels.values())}, index=index)


def weeks(levels, days, until=None):
    frame = history(levels)
    return weeks_of(frame, "kospi_close", TradingCalendar("XKRX", tuple(days)), until=until or max(levels))


def test_a_week_is_measured_against_the_last_close_before_it():
    days = weekdays(10)
    levels = dict(zip(days, [100, 101, 99, 98, 100, 102, 97, 103, 104, 105], strict=True))
    first, second = weeks(levels, days)
    assert (first.last, first.close, first.change_pct, first.whole) == (days[4], 100, None, False)
    assert (second.last, second.close, second.whole) == (days[9], 105, True)
    assert second.change_pct == pytest.approx(5)
    assert second.lowest_pct == pytest.approx(-3)
    assert second.highest_pct == pytest.approx(5)


def test_a_day_off_makes_a_shorter_week_and_no_hole():
    days = [day for day in weekdays(10) if day != date(2026, 3, 6)]
    levels = {day: 100.0 + n for n, day in enumerate(days)}
    assert weeks(levels, days)[1].change_pct == pytest.approx((108 / 103 - 1) * 100)
    assert weeks(levels, days)[1].whole


@pytest.mark.parametrize(
    ("lacking", "change", "whole"),
    [
        (4, None, False),  # the close before the week is not known
        (7, 5.0, False),  # a day within: the change is known, its extremes are not
        (9, 4.0, False),  # the last day
    ],
)
def test_a_session_that_is_missing_makes_a_week_partial(lacking, change, whole):
    days = weekdays(10)
    levels = dict(zip(days, [100, 101, 99, 98, 100, 102, 97, 103, 104, 105], strict=True))
    del levels[days[lacking]]
    second = weeks(levels, days)[1]
    assert second.whole is whole
    assert second.change_pct == (None if change is None else pytest.approx(change))


def test_nothing_later_is_looked_at():
    days = weekdays(15)
    levels = {day: 100.0 + n for n, day in enumerate(days)}
    found = weeks(levels, days, until=days[7])
    assert found[-1].last == days[7]
    assert not found[-1].whole
    assert found == weeks({day: levels[day] for day in days[:8]}, days)


def test_before_the_calendar_is_checked_a_saturday_is_the_end_of_a_week():
    saturday = date(1996, 7, 6)
    days = {date(1996, 6, 28): 100.0, date(1996, 6, 29): 101.0, date(1996, 7, 1): 102.0, saturday: 104.0}
    calendar = TradingCalendar("XKRX", (date(1996, 6, 28), date(1996, 7, 1), date(1996, 7, 5)))
    found = weeks_of(history(days), "kospi_close", calendar, until=saturday)
    assert found[1].last == saturday
    assert found[1].change_pct == pytest.approx((104 / 101 - 1) * 100)
    assert found[1].whole
