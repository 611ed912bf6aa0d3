"""Records, ranks and counts: by hand, and against the index files read with nothing but csv."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from past_cases import DAYS, closes, real, told
from real_data import needs_krx

from generator.figures import Cell, Figure
from generator.metrics.definitions import METRICS
from generator.metrics.measures import Measures
from generator.story.facts import IndexFacts
from generator.story.records import EXTREMES, ended_streak, extremes_of, with_records


def figure(name, value, unit="%"):
    return Figure(name, value, unit, Cell("indices.csv", "line 2", name))


def index(change, name="KOSPI", **levels):
    """An index with that move, and levels in points."""
    return IndexFacts(
        name=name,
        change=figure("kospi.change", change),
        **{key: figure(f"kospi.{key}", value, "points") for key, value in levels.items()},
    )


def recorded(change, values, *, record=False, days=None, **columns):
    """The records of the last of as many days as `values` has, after a history without gaps."""
    days = days or DAYS[: len(values)]
    measures, past = told(days, kospi_change_pct=values, kospi_from_high_pct=[-1.0] * len(values), **columns)
    facts = index(change)
    if record:
        facts = IndexFacts(name="KOSPI", change=facts.change, record=True)
    return with_records(facts, measures, past)


def year(last, *, count=300, **others):
    """So many sessions of small moves with `others` by place, and the last one."""
    values = [0.1 if place % 2 else -0.1 for place in range(count)]
    for place, value in others.items():
        values[int(place.removeprefix("at"))] = value
    values[-1] = last
    return values


@pytest.mark.parametrize(
    ("change", "strength"),
    [(0.3, "slight"), (-0.4, "slight"), (0.5, "plain"), (-1.99, "plain"), (2.0, "strong"), (-4.0, "extreme")],
)
def test_strength_without_a_history_goes_by_fixed_bounds(change, strength):
    assert with_records(index(change), Measures(day=DAYS[0]), None).strength == strength
    assert (
        with_records(index(change), *told(DAYS[:249], kospi_change_pct=[change] * 249)).strength == strength
    )


@pytest.mark.parametrize(
    ("place", "strength"),
    [(3, "extreme"), (4, "strong"), (24, "strong"), (25, "plain"), (179, "plain"), (180, "slight")],
)
def test_strength_is_the_share_of_moves_as_large(place, strength):
    """Of 300 sessions, 3 are 1%, 24 are 8% and 180 are 60%."""
    sizes = [10 - each / 100 for each in range(300)]
    values = [size if number % 2 else -size for number, size in enumerate(sizes)]
    today = values.pop(place - 1)
    assert recorded(today, [*values, today]).strength == strength


def test_high_and_what_was_given_back():
    facts = with_records(index(-0.5, high=1012.0, previous=1000.0), Measures(day=DAYS[0]), None)
    assert facts.high_change.value == pytest.approx(1.2)
    assert facts.fade.value == pytest.approx(1.7)
    assert facts.fade.unit == "pp"


@pytest.mark.parametrize(
    ("change", "high"), [(-3.0, 1004.0), (0.8, 1012.0), (-0.2, 999.0)], ids=["low high", "kept", "never up"]
)
def test_no_gain_that_was_worth_telling_was_given_back(change, high):
    facts = with_records(index(change, high=high, previous=1000.0), Measures(day=DAYS[0]), None)
    assert facts.high_change is not None
    assert facts.fade is None
    assert with_records(index(change), Measures(day=DAYS[0]), None).high_change is None


def test_dates_only_of_what_is_long_ago():
    day = DAYS[0]

    def since(days, **more):
        dates = {
            "kospi_highest_since": day - timedelta(days=days),
            "kospi_lowest_since": day - timedelta(days=days),
        }
        return with_records(
            IndexFacts(name="KOSPI", change=figure("x", 1.0), **more), Measures(day=day, dates=dates), None
        )

    assert since(27).highest_since is None
    assert since(27).lowest_since is None
    assert since(28).highest_since.value == day - timedelta(days=28)
    assert since(28).lowest_since.id == "kospi.lowest_since"
    assert since(400, record=True).highest_since is None


def test_a_rank_counts_equals_before_it():
    facts = recorded(2.0, year(2.0, at10=3.0, at20=2.5, at30=2.0, at40=-9.0))
    assert (facts.rank.value, facts.rank_among.value, facts.rank_first.value) == (4, 300, DAYS[0])
    assert recorded(-2.0, year(-2.0, at10=3.0, at40=-9.0)).rank.value == 2


@pytest.mark.parametrize("change", [0.1, 0.0])
def test_no_rank_of_what_is_not_rare(change):
    assert recorded(change, year(change)).rank is None


def test_no_rank_in_a_history_that_is_short_or_has_gaps():
    assert recorded(2.0, year(2.0, count=249, at10=3.0)).rank is None
    values = year(2.0, at10=3.0)
    measures, past = told(DAYS[:300], kospi_change_pct=values)
    assert with_records(index(2.0), measures, past).rank is None


def test_the_largest_ever_is_first():
    ever = [0.0] * 299 + [1.0]
    facts = recorded(5.0, year(5.0), kospi_largest_rise_ever=ever)
    assert (facts.largest_ever, facts.rank.value) == (True, 1)
    assert recorded(-5.0, year(-5.0), kospi_largest_rise_ever=ever).largest_ever is False
    # Where the metric cannot tell, no place is claimed.
    assert recorded(5.0, year(5.0)).rank is None


JANUARY = next(place for place, day in enumerate(DAYS) if day.year == 2025)


def test_moves_of_the_year_are_counted_from_the_largest_bound():
    values = year(
        -3.2, count=JANUARY + 10, **{f"at{JANUARY + 2}": -3.0, f"at{JANUARY + 4}": 3.5, "at5": -9.0}
    )
    facts = recorded(-3.2, values)
    assert (facts.large_move.value, facts.large_moves_this_year.value) == (3.0, 2)
    values[-1] = -2.5
    facts = recorded(-2.5, values)
    assert (facts.large_move.value, facts.large_moves_this_year.value) == (2.0, 2)


def test_the_first_of_the_year_is_not_counted():
    facts = recorded(-3.2, year(-3.2, count=JANUARY + 10, at5=-3.5))
    assert (facts.large_move, facts.large_moves_this_year) == (None, None)
    assert recorded(1.9, year(1.9, count=JANUARY + 10)).large_move is None


def test_records_of_the_year():
    values = year(1.0, count=JANUARY + 10)
    flags = [0.0] * len(values)
    for place in (3, JANUARY, JANUARY + 4, -1):
        flags[place] = 1.0
    facts = recorded(1.0, values, record=True, kospi_all_time_high=flags)
    assert facts.records_this_year.value == 3
    flags[JANUARY] = flags[JANUARY + 4] = 0.0
    assert recorded(1.0, values, record=True, kospi_all_time_high=flags).records_this_year is None
    assert recorded(1.0, values, kospi_all_time_high=flags).records_this_year is None


@pytest.mark.parametrize(
    ("streak", "change", "length"),
    [
        ([1, 2, 3, 0], -0.1, 3),
        ([1, 2, 3, 4, 5, 0], -0.1, 5),
        ([1, 2, 0], -0.1, None),
        ([1, 2, 3, 0, 0], -0.1, None),
        ([1, 2, 3, 0], 0.0, None),
    ],
)
def test_a_row_that_ended(streak, change, length):
    days = DAYS[: len(streak)]
    _, past = told(days, kospi_up_streak=streak)
    assert ended_streak("kospi", change, past, fewest=3) == length
    measures, past = told(days, kospi_up_streak=streak, kospi_change_pct=[0.1] * (len(streak) - 1) + [change])
    ended = with_records(index(change), measures, past).ended_streak
    assert (ended.value if ended else None) == length


def test_a_row_that_stopped_before_a_gap_did_not_end_today():
    days = [*DAYS[:3], DAYS[4]]
    _, past = told(days, kospi_up_streak=[1, 2, 3, 0])
    assert ended_streak("kospi", -0.1, past, fewest=3) is None


def test_an_index_without_metrics_has_only_its_own_row():
    measures, past = told(DAYS[:300], kospi_change_pct=year(5.0))
    facts = with_records(index(5.0, name="K a < b"), measures, past)
    assert (facts.rank, facts.largest_ever, facts.strength) == (None, False, "extreme")


def test_extremes_name_measures_there_are():
    assert EXTREMES.keys() <= METRICS.keys()
    assert set(EXTREMES.values()) <= {"high", "low", "both"}


def extremes(values, metric="advancers_share"):
    return extremes_of(*told(DAYS[: len(values)], **{metric: values}))


def test_of_a_short_history_only_the_first_place_is_told():
    ladder = [float(number) for number in range(40)]
    found = extremes([*ladder, 40.0])["advancers_share"]
    assert (found.rank.value, found.high, found.among.value, found.first.value) == (1, True, 41, DAYS[0])
    assert extremes([*ladder, 38.5]) == {}
    assert extremes([*ladder, -1.0])["advancers_share"].high is False
    assert extremes([*ladder[:18], 99.0]) == {}


@pytest.mark.parametrize(("today", "rank"), [(300.0, 1), (298.5, 2), (297.5, 3), (296.5, None)])
def test_of_a_long_history_three_places_are_told(today, rank):
    found = extremes([*map(float, range(300)), today]).get("advancers_share")
    assert (found.rank.value if found else None) == rank


def test_what_was_so_before_is_no_extreme():
    assert extremes([*map(float, range(40)), 39.0]) == {}


def test_only_the_ends_that_make_sense_are_told():
    falling = [float(-number) for number in range(41)]
    assert extremes(falling, "limit_up") == {}
    assert extremes(falling, "sector_worst_pct")["sector_worst_pct"].high is False
    assert extremes([*map(float, range(41))], "sector_worst_pct") == {}


@given(st.lists(st.integers(0, 60), min_size=21, max_size=60))
def test_an_extreme_is_one_by_another_way(values):
    found = extremes([float(each) for each in values]).get("advancers_share")
    alone = values.count(values[-1]) == 1 and values[-1] in (min(values), max(values))
    assert (found is not None) == alone
    if found:
        assert found.high == (values[-1] == max(values))


# The real market, by another way.


def rows_to(name, day):
    return [row for row in closes(name) if row[0] <= day]


REAL_DAYS = [
    date(2026, 1, 2),
    date(2026, 1, 5),
    date(2026, 1, 26),
    date(2026, 2, 2),
    date(2026, 2, 3),
    date(2026, 2, 5),
    date(2026, 2, 19),
    date(2026, 3, 4),
    date(2026, 3, 5),
    date(2008, 10, 16),
    date(2020, 3, 24),
]


@pytest.mark.krx
@needs_krx
@pytest.mark.parametrize("name", ["kospi", "kosdaq"])
@pytest.mark.parametrize("day", REAL_DAYS, ids=str)
def test_real_ranks_and_counts(real_history, xkrx, name, day):
    measures, past = real(real_history(), xkrx, day)
    rows = rows_to(name, day.isoformat())
    change, close = rows[-1][2], rows[-1][1]
    side = 1 if change > 0 else -1
    moves = [row[2] for row in rows if row[2] is not None]
    as_large = sum(side * move >= side * change for move in moves)
    record = close > max(row[1] for row in rows[:-1])
    facts = with_records(
        IndexFacts(name=name.upper(), change=figure("x", change), record=record), measures, past
    )

    assert facts.largest_ever == (as_large == 1)
    assert (facts.rank.value if facts.rank else None) == (as_large if as_large <= 50 else None)
    if facts.rank:
        assert facts.rank_among.value == len(moves)
        assert facts.rank_first.value.isoformat() == next(row[0] for row in rows if row[2] is not None)

    size = sum(abs(move) >= abs(change) for move in moves) / len(moves)
    expected = (
        "slight" if size >= 0.6 else "extreme" if size <= 0.01 else "strong" if size <= 0.08 else "plain"
    )
    assert facts.strength == expected

    this_year = [row for row in rows if row[0] >= f"{day.year}-01-01"]
    bound = next((each for each in (5, 3, 2) if abs(change) >= each), None)
    count = sum(side * row[2] >= bound for row in this_year) if bound else 0
    assert (facts.large_moves_this_year.value if facts.large_moves_this_year else None) == (
        count if count >= 2 else None
    )
    highs = [
        row
        for place, row in enumerate(rows)
        if row[0] >= f"{day.year}-01-01" and row[1] >= max(each[1] for each in rows[: place + 1])
    ]
    if record:
        assert (facts.records_this_year.value if facts.records_this_year else None) == (
            len(highs) if len(highs) >= 2 else None
        )
    else:
        assert facts.records_this_year is None
        higher = next(row[0] for row in reversed(rows[:-1]) if row[1] > close)
        long_ago = (day - date.fromisoformat(higher)).days >= 28
        assert (facts.highest_since.value.isoformat() if facts.highest_since else None) == (
            higher if long_ago else None
        )
    lower = next((row[0] for row in reversed(rows[:-1]) if row[1] < close), None)
    long_ago = lower is not None and (day - date.fromisoformat(lower)).days >= 28
    assert (facts.lowest_since.value.isoformat() if facts.lowest_since else None) == (
        lower if long_ago else None
    )


@pytest.mark.krx
@needs_krx
def test_the_real_row_of_january_ended_after_twelve(real_history, xkrx):
    measures, past = real(real_history(), xkrx, date(2026, 1, 20))
    assert with_records(index(-0.39), measures, past).ended_streak.value == 12
    rows = rows_to("kospi", "2026-01-20")
    assert all(row[2] > 0 for row in rows[-13:-1])
    assert rows[-14][2] <= 0


@pytest.mark.krx
@needs_krx
def test_real_extremes_of_all_stocks(real_history, xkrx):
    measures, past = real(real_history(stocks=True), xkrx, date(2026, 2, 2))
    found = extremes_of(measures, past)
    shares = past.history["decliners_share"].loc[:"2026-02-02"].dropna()
    assert found["decliners_share"].rank.value == 1
    assert found["decliners_share"].among.value == len(shares) == 22
    assert found["decliners_share"].high
    assert not found["advancers_share"].high
    assert shares.iloc[-1] == shares.max()
