from __future__ import annotations

import csv
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from real_data import KRX, needs_krx

from generator import calendars
from generator.calendars import TradingCalendar
from generator.config import Market
from generator.errors import ConfigError, MarketpostError

MON, TUE, WED, THU, FRI = (date(2024, 1, day) for day in (8, 9, 10, 11, 12))
NEXT_MON = date(2024, 1, 15)


@pytest.fixture
def week():
    """Monday to Friday without Wednesday, and the Monday after."""
    return TradingCalendar("XTST", (MON, TUE, THU, FRI, NEXT_MON), frozenset({WED}))


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 5, 1), "exchange holiday"),
        (date(2026, 5, 5), "exchange holiday"),
        (date(2026, 5, 25), "exchange holiday"),
        (date(2026, 5, 9), "weekend"),
        (date(1989, 12, 29), "beyond the calendar (XKRX is known from 1990-01-03 to 2050-12-29)"),
        (date(2051, 1, 2), "beyond the calendar (XKRX is known from 1990-01-03 to 2050-12-29)"),
        (date(2026, 5, 13), ""),
    ],
)
def test_korean_days(xkrx, day, reason):
    assert xkrx.why_closed(day) == reason
    assert xkrx.is_session(day) is (reason == "")


def test_neighbours_cross_holidays_and_weekends(xkrx):
    # Friday 2026-05-01 is Labour Day, Tuesday 2026-05-05 Children's Day.
    assert xkrx.previous(date(2026, 5, 4)) == date(2026, 4, 30)
    assert xkrx.next(date(2026, 5, 4)) == date(2026, 5, 6)
    assert xkrx.next(date(2026, 4, 30)) == date(2026, 5, 4)
    assert xkrx.previous(date(2026, 5, 2)) == date(2026, 4, 30)
    assert xkrx.between(date(2026, 4, 30), date(2026, 5, 7)) == (
        date(2026, 4, 30),
        date(2026, 5, 4),
        date(2026, 5, 6),
        date(2026, 5, 7),
    )
    assert xkrx.between(date(2026, 5, 7), date(2026, 5, 6)) == ()


def test_reaches_years_ahead_whatever_the_day(xkrx):
    assert xkrx.sessions[0] == date(1990, 1, 3)
    assert xkrx.sessions[-1] == date(2050, 12, 29)
    assert all(a < b for a, b in zip(xkrx.sessions, xkrx.sessions[1:], strict=False))


@pytest.mark.parametrize(
    ("ask", "day", "message"),
    [
        ("previous", MON, "no session before 2024-01-08"),
        ("previous", NEXT_MON + timedelta(1), "no session before 2024-01-16"),
        ("next", NEXT_MON, "no session after 2024-01-15"),
        ("next", MON - timedelta(1), "no session after 2024-01-07"),
    ],
)
def test_beyond_the_range_is_told(week, ask, day, message):
    with pytest.raises(
        MarketpostError, match=f"{message} is known: XTST is known from 2024-01-08 to 2024-01-15"
    ):
        getattr(week, ask)(day)


def test_an_empty_calendar_says_so():
    empty = TradingCalendar("XTST", ())
    assert empty.why_closed(MON) == "beyond the calendar (XTST has no sessions)"
    with pytest.raises(MarketpostError, match="XTST has no sessions"):
        empty.next(MON)


@given(
    st.sets(st.dates(date(2020, 1, 1), date(2020, 3, 31)), min_size=1),
    st.dates(date(2019, 12, 1), date(2020, 4, 30)),
)
def test_lookups_agree_with_a_plain_search(days, day):
    sessions = tuple(sorted(days))
    calendar = TradingCalendar("XTST", sessions)
    assert calendar.is_session(day) is (day in days)
    assert calendar.between(day, date(2020, 2, 15)) == tuple(
        d for d in sessions if day <= d <= date(2020, 2, 15)
    )
    before = [d for d in sessions if d < day]
    if before and day <= sessions[-1]:
        assert calendar.previous(day) == before[-1]
    after = [d for d in sessions if d > day]
    if after and day >= sessions[0]:
        assert calendar.next(day) == after[0]


def test_corrections_close_and_open_days(tmp_path):
    market = Market(holidays=(date(2026, 6, 3), date(2026, 5, 5)), extra_sessions=(date(2026, 5, 2),))
    calendar = calendars.load(market, tmp_path)
    assert calendar.why_closed(date(2026, 6, 3)) == (
        "closed by the configuration (params.marketpost.market.holidays)"
    )
    # Already closed by the exchange: the configuration adds nothing and does not claim it.
    assert calendar.why_closed(date(2026, 5, 5)) == "exchange holiday"
    assert calendar.previous(date(2026, 5, 4)) == date(2026, 5, 2)
    assert calendars.load(market, tmp_path) == calendar


def test_contradictions_name_the_line_to_add(week):
    saturday = date(2024, 1, 13)
    problems = week.contradictions([MON, WED, saturday], file="prices.csv")
    assert [(p.row, p.fatal, p.file) for p in problems] == [
        ("2024-01-10", False, "prices.csv"),
        ("2024-01-13", False, "prices.csv"),
    ]
    assert "closed by the configuration" in problems[0].message
    assert "weekend" in problems[1].message
    assert "add `- 2024-01-13` under params.marketpost.market.extra_sessions" in problems[1].remedy


def test_contradictions_of_a_complete_history(week):
    # Friday is missing within the range; the Monday after lies beyond it.
    problems = week.contradictions((), [MON, TUE, THU, NEXT_MON])
    assert [p.row for p in problems] == ["2024-01-12"]
    assert "add `- 2024-01-12` under params.marketpost.market.holidays" in problems[0].remedy
    assert week.contradictions((), [MON, TUE, THU]) == ()
    assert [p.row for p in week.contradictions((), [TUE, WED, THU, NEXT_MON])] == ["2024-01-10", "2024-01-12"]


def test_saturday_sessions_of_the_nineties_are_no_contradiction(xkrx):
    assert xkrx.contradictions([date(1998, 12, 5)], [date(1995, 5, 6), date(1995, 5, 9)]) == ()


@pytest.mark.krx
@needs_krx
@pytest.mark.parametrize("name", ["index-kospi.csv", "index-kosdaq.csv"])
def test_agrees_with_27_years_of_real_sessions(xkrx, name):
    with (KRX / name).open(encoding="utf-8", newline="") as stream:
        observed = [date.fromisoformat(row["Date"]) for row in csv.DictReader(stream)]
    since = [day for day in observed if day >= date(1999, 1, 1)]
    assert since[-1] == date(2026, 3, 20)
    assert tuple(since) == xkrx.between(date(1999, 1, 1), date(2026, 3, 20))
    assert xkrx.contradictions(observed, observed) == ()


def test_unknown_code_names_near_ones(tmp_path):
    with pytest.raises(ConfigError, match="XKRX") as caught:
        calendars.load(Market(calendar="XKRKX"), tmp_path)
    (problem,) = caught.value.problems
    assert problem.column == "params.marketpost.market.calendar"
    assert problem.found == "XKRKX"
    assert "Did you mean" in problem.remedy
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("code", ["../../etc", "", "\x00"])
def test_a_strange_code_stays_in_the_cache_folder(tmp_path, code):
    with pytest.raises(ConfigError, match="no such calendar"):
        calendars.load(Market(calendar=code), tmp_path / "cache")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("market", "message"),
    [
        (Market(holidays=(MON,), extra_sessions=(MON,)), "both a holiday and an extra session"),
        (
            Market(extra_sessions=(date(1960, 1, 4),)),
            "days beyond the calendar.*1960-01-04.*1990-01-01 to 2050-12-31",
        ),
    ],
)
def test_corrections_that_cannot_be(tmp_path, market, message):
    with pytest.raises(ConfigError, match=message):
        calendars.load(market, tmp_path)


def test_bounds_of_the_library_limit_the_range(tmp_path):
    tokyo = calendars.load(Market(calendar="XTKS"), tmp_path)
    assert tokyo.sessions[0] == date(1997, 1, 6)
    always = calendars.load(Market(calendar="24/7"), tmp_path)
    assert always.is_session(date(2026, 5, 9))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["calendar-24-7.json", "calendar-XTKS.json"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw[: len(raw) // 2],
        lambda _: b"",
        lambda _: b"\xff\xfe",
        lambda _: b"[]",
        lambda raw: raw.replace(b"2026-05-13", b"2026-05-12"),
        lambda raw: raw.replace(b'"code": "24/7"', b'"code": "XTKS"'),
        lambda raw: raw.replace(b'"format', b'"formal'),
    ],
)
def test_a_damaged_or_foreign_cache_is_built_again(tmp_path, damage):
    # A calendar that costs nothing to build.
    market = Market(calendar="24/7")
    built = calendars.load(market, tmp_path)
    path = tmp_path / "calendar-24-7.json"
    whole = path.read_bytes()
    damaged = damage(whole)
    assert damaged != whole
    path.write_bytes(damaged)
    assert calendars.load(market, tmp_path) == built
    assert path.read_bytes() == whole


def test_a_new_library_version_is_noticed(tmp_path, monkeypatch):
    market = Market(calendar="24/7")
    built = calendars.load(market, tmp_path)
    monkeypatch.setattr(calendars.importlib.metadata, "version", lambda _: "99.0")
    assert calendars.load(market, tmp_path) == built
    assert b"99.0" in (tmp_path / "calendar-24-7.json").read_bytes()


def test_without_a_place_to_keep_it(tmp_path):
    market = Market(calendar="24/7")
    built = calendars.load(market, None)
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert calendars.load(market, blocked) == built


def test_the_kept_calendar_needs_no_library(xkrx, calendar_cache):
    script = (
        "import sys; from pathlib import Path\n"
        "from generator import calendars; from generator.config import Market\n"
        "calendar = calendars.load(Market(), Path(sys.argv[1]))\n"
        "assert 'exchange_calendars' not in sys.modules and 'pandas' not in sys.modules\n"
        "print(len(calendar.sessions))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(calendar_cache)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    assert int(done.stdout) == len(xkrx.sessions)
