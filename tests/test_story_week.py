"""The facts of a week: sums and places by hand, and places against a calculation without shortcuts."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from week_cases import (
    WEEK,
    breadth,
    day,
    facts,
    flow,
    moves,
    parts,
    rising,
    session,
    stocks,
    weeks,
)

from generator.metrics.measures import Measures
from generator.story.week import Answer, DayPost, monday_of, week_name
from generator.story.week_moves import streaks_of


def test_a_week_is_measured_from_the_close_before_it_to_its_last():
    found = facts(*map(day, rising((1010, 1000, 1020, 990, 1050))))
    index = found.main
    assert index.change.number == pytest.approx(5)
    assert index.points.number == pytest.approx(50)
    assert (index.base.number, index.base_day.value) == (1000, date(2026, 2, 27))
    assert (index.highest.figure.number, index.highest.day.value) == (1050, WEEK[4])
    assert (index.lowest.figure.number, index.lowest.day.value) == (990, WEEK[3])
    assert index.lowest_change.number == pytest.approx(-1)
    assert (index.best.day.value, index.worst.day.value) == (WEEK[4], WEEK[3])
    assert (index.risen.value, index.fallen.value, index.days.value) == (3, 2, 5)
    assert index.turned == "up"
    assert (found.over, found.final, found.missing, found.closed) == (True, True, (), ())
    assert (found.week, found.count.value, found.expected.value) == ("2026-W10", 5, 5)


def test_where_the_first_session_is_missing_the_base_comes_from_the_history():
    made = rising()[1:]
    before = Measures(day=date(2026, 2, 27), values={"kospi_close": 990.0})
    found = facts(*map(day, made), before=before)
    assert found.main.base.number == 990
    assert found.main.base_day.value == date(2026, 2, 27)
    assert [figure.value for figure in found.missing] == [WEEK[0]]


def test_without_a_history_the_base_is_the_day_before_the_first_session():
    found = facts(*map(day, rising()[2:4]))
    assert (found.main.base.number, found.main.base_day.value) == (1000, WEEK[1])
    assert [figure.value for figure in found.missing] == list(WEEK[:2])
    assert not found.over
    assert found.next_sessions is None
    assert found.next_day.value == WEEK[4]


def test_a_single_session_has_no_best_day_no_extremes_and_no_halves():
    made = replace(rising()[0], stocks=stocks())
    found = facts(day(made, contributions=parts(a=3, b=-1)))
    assert (found.main.best, found.main.highest, found.main.turned) == (None, None, None)
    assert found.leadership.split is None
    assert found.leadership.early_first is None
    assert found.leadership.up[0].early is None


def test_the_next_week_tells_what_is_closed():
    found = facts(*map(day, rising()))
    assert found.next_sessions.value == 4
    assert [figure.value for figure in found.next_closed] == [date(2026, 3, 10)]


def led(*contributions, closes=(1010, 1000, 1020, 1030, 1050)):
    made = [replace(each, stocks=stocks()) for each in rising(closes[: len(contributions)])]
    return facts(
        *(day(each, contributions=part) for each, part in zip(made, contributions, strict=True))
    ).leadership


def test_points_are_added_up_and_halved():
    found = led(parts(a=5, b=1), parts(a=2, b=-3), parts(a=-4, b=6), parts(a=1, c=2), parts(b=7, d=-2))
    assert [(x.name, x.points.number) for x in found.up] == [("Beta", 11), ("Alpha", 4), ("Gamma", 2)]
    assert [(x.name, x.points.number) for x in found.down] == [("Delta", -2)]
    assert found.split.value == WEEK[2]
    assert (found.up[0].early.number, found.up[0].late.number) == (-2, 13)
    assert (found.up[1].early.number, found.up[1].late.number) == (7, -3)
    assert (found.early_first.name, found.late_first.name) == ("Alpha", "Beta")
    assert (found.early_total.number, found.late_total.number) == (0, 50)
    assert found.total.number == 15
    assert found.two_points.number == 15
    assert found.two_share.number == 100
    # Alpha led on the first day and, as all fell, Beta on the second; then Beta, Gamma, Beta.
    assert [(x.name, x.led.value) for x in found.most_days] == [("Beta", 3)]
    # Alpha gave back three of seven points, over a third; Beta lost two, more than a thousandth of the index.
    assert [x.name for x in found.faded] == ["Alpha"]
    assert [x.name for x in found.returned] == ["Beta"]


def test_what_hardly_counted_neither_fades_nor_returns():
    found = led(parts(a=1.0, b=9), parts(b=1), parts(a=-1.0), parts(b=1))
    assert (found.faded, found.returned) == ((), ())


def test_changes_are_compounded_and_only_of_names_known_every_day():
    found = led(parts(a=10, b=1), parts(a=-10))
    by_name = {x.name: x for x in (*found.up, *found.down)}
    assert by_name["Beta"].change is None
    found = led(parts(a=10, b=2), parts(a=-9, b=3))
    by_name = {x.name: x for x in (*found.up, *found.down)}
    assert by_name["Alpha"].change.number == pytest.approx((1.1 * 0.91 - 1) * 100)
    assert by_name["Beta"].change.number == pytest.approx((1.02 * 1.03 - 1) * 100)


def test_leadership_of_some_days_says_of_how_many():
    made = [replace(each, stocks=stocks()) for each in rising()]
    found = facts(
        day(made[0]), day(made[1], contributions=parts(a=1)), *(day(each) for each in made[2:])
    ).leadership
    assert (found.reach.reported.value, found.reach.of.value, found.reach.whole) == (1, 5, False)
    assert found.early_total is None


def test_sectors_compound_and_those_a_day_lacks_are_left_out():
    made = rising()[:2]
    found = facts(
        day(made[0], sectors=moves(Steel=10, Banks=-2, Gone=50)),
        day(made[1], sectors=moves(Steel=-5, Banks=-1)),
    )
    assert [(x.name, pytest.approx(x.change.number)) for x in found.best_sectors] == [
        ("Steel", (1.1 * 0.95 - 1) * 100),
        ("Banks", (0.98 * 0.99 - 1) * 100),
    ]
    assert found.worst_sectors == ()


def test_flows_add_up_over_the_days_that_report_them():
    made = rising()
    days = [
        replace(made[0], flows=(flow("foreign", -3e12), flow("retail", 2e12))),
        replace(made[1], flows=(flow("foreign", 1e12),)),
        made[2],
        replace(made[3], flows=(replace(flow("foreign", None), direction="net sell"),)),
        replace(made[4], flows=(flow("foreign", 5e11, "KOSDAQ"), flow("foreign", 0.0))),
    ]
    kospi, kosdaq = facts(*map(day, days)).flows
    foreign, retail = kospi.nets
    assert (foreign.investor, foreign.net.number) == ("foreign", -2e12)
    assert (foreign.bought.value, foreign.sold.value) == (1, 1)
    assert (foreign.reach.reported.value, foreign.reach.of.value) == (3, 5)
    assert (foreign.largest.day.value, foreign.largest.figure.number) == (WEEK[0], -3e12)
    assert (retail.net.number, retail.reach.reported.value) == (2e12, 1)
    assert (kosdaq.market, kosdaq.foreign.net.number) == ("KOSDAQ", 5e11)


def test_words_without_an_amount_are_no_flow():
    only = replace(rising()[0], flows=(replace(flow("foreign", None), direction="net sell"),))
    assert facts(day(only)).flows == ()


def test_breadth_counts_days_and_takes_the_mean_of_shares():
    made = rising()
    days = [
        replace(made[0], breadth=breadth(600, 300)),
        replace(made[1], breadth=breadth(200, 700)),
        made[2],
        replace(made[3], breadth=breadth(400, 400)),
        replace(made[4], breadth=breadth(200, 100, 500)),
    ]
    found = facts(*map(day, days)).breadth
    assert (found.more_rose.value, found.more_fell.value, found.reach.reported.value) == (2, 1, 4)
    assert found.mean_share.number == pytest.approx((60 + 20 + 40 + 40) / 4)
    assert (found.best.day.value, found.worst.day.value) == (WEEK[0], WEEK[1])
    assert facts(*map(day, made)).breadth is None


def test_the_names_of_the_desk_are_those_of_every_table():
    made = rising()[:3]
    alpha, beta = stocks()[:2]
    first = (replace(alpha, change_pct=10.0, foreign_net_krw=-5e9), replace(beta, change_pct=1.0))
    last = (replace(alpha, change_pct=-10.0, foreign_net_krw=2e9),)
    days = [replace(made[0], stocks=first), made[1], replace(made[2], stocks=last)]
    found = facts(*map(day, days))
    (only,) = found.desk
    assert (only.name, pytest.approx(only.change.number)) == ("Alpha", (1.1 * 0.9 - 1) * 100)
    assert only.net.number == -3e9
    assert (only.first.figure.number, only.last.day.value) == (-5e9, WEEK[2])
    assert (found.desk_reach.reported.value, found.desk_reach.of.value) == (2, 3)


def post(*outcomes, questions=()):
    answers = tuple(
        Answer(question=f"Does it {n}?", outcome=outcome, asked=None) for n, outcome in enumerate(outcomes)
    )
    return DayPost(angle=None, address="/post/x/", answers=answers, questions=questions)


def test_the_score_counts_the_answers_of_the_weeks_posts():
    made = rising()[:3]
    found = facts(
        day(made[0], post=post("held", "failed")),
        day(made[1]),
        day(made[2], post=post("held", "not_reported", questions=("Does it hold?",))),
    )
    score = found.score
    assert (score.held.value, score.failed.value, score.not_reported.value) == (2, 1, 1)
    assert score.answered.value == 3
    assert [check.answered.value for check in score.checks] == [WEEK[0], WEEK[0], WEEK[2], WEEK[2]]
    assert found.questions == ("Does it hold?",)
    assert facts(*map(day, made)).score is None


# Among all weeks


def indexed(changes, *, status="final", lows=None):
    past = weeks(*changes, lows=lows)
    base = past[-1].close / (1 + changes[-1] / 100)
    made = session(WEEK[4], past[-1].close, base, status=status)
    return facts(day(made), weeks={"KOSPI": past})


def test_records_of_a_week_need_a_year_of_weeks_and_a_week_that_is_over():
    long = [0.5, -0.5] * 40
    assert indexed([1.0, -1.0, 2.0]).main.past is None
    assert indexed([*long, 2.0]).main.past.largest
    assert indexed([*long, 2.0], status="intraday").main.past is None


@given(st.lists(st.integers(-40, 40), min_size=54, max_size=120))
def test_places_and_runs_are_those_of_a_calculation_without_shortcuts(steps):
    changes = [step / 10 for step in steps]
    index = indexed(changes).main
    move = changes[-1]
    if move == 0:
        assert index.past is None
        return
    alike = [change for change in changes if change * move > 0]
    larger = [change for change in alike if abs(change) > abs(move)]
    assert index.past.rank.value == len(larger) + 1
    assert index.past.among.value == len(changes)
    earlier = [n for n, change in enumerate(changes[:-1]) if change * move > 0 and abs(change) >= abs(move)]
    assert index.past.largest is (not earlier)
    ago = len(changes) - 1 - earlier[-1] if earlier else None
    if ago is None or ago < 13:
        assert index.past.since is None
    else:
        assert index.past.since.value == WEEK[4] - timedelta(weeks=ago)
    run = 1
    while run < len(changes) and changes[-1 - run] * move > 0:
        run += 1
    told = index.streak.value if index.streak else None
    assert told == (run if 2 <= run < len(changes) else None)
    before = 0
    while run == 1 and before + 2 <= len(changes) and changes[-2 - before] * move < 0:
        before += 1
    reaches_back = before + 1 == len(changes)
    assert (index.broke.value if index.broke else None) == (
        before if before >= 3 and not reaches_back else None
    )


def test_a_run_that_reaches_back_to_the_first_week_has_no_length():
    assert streaks_of(weeks(1.0, 1.0, -1.0, 0.0, -2.0, -1.0)) == [None, None, 1, 0, 1, 2]
    assert streaks_of(()) == []


def test_a_gap_in_the_history_ends_what_can_be_said():
    changes = [5.0, *[0.5, -0.5] * 60, 2.0]
    past = weeks(*changes)
    holed = (*past[:40], replace(past[40], change_pct=None, whole=False), *past[41:])
    made = session(WEEK[4], past[-1].close, past[-1].close / 1.02)
    assert facts(day(made), weeks={"KOSPI": past}).main.past.since.value == past[0].last
    found = facts(day(made), weeks={"KOSPI": holed}).main.past
    assert (found.since, found.largest) == (None, True)
    assert (found.among.value, found.first.value) == (len(past) - 41, past[41].last)


# What is unusual


LONG = [0.5, -0.5] * 60


def keys(changes, **more):
    return [angle.key for angle in indexed(changes, **more).angles]


@pytest.mark.parametrize(
    ("changes", "angle"),
    [
        ([*LONG, 4.0], "large-rise"),
        ([*LONG, -4.0], "large-fall"),
        ([*LONG, *[0.5] * 4], "winning-streak"),
        ([*LONG, *[-0.5] * 5], "losing-streak"),
        ([*LONG, *[0.5] * 5, -0.5], "streak-ended"),
    ],
)
def test_an_unusual_week_has_its_angle(changes, angle):
    assert angle in keys(changes)


def test_a_dull_week_has_none():
    assert keys([*LONG, 0.5]) == []


def test_an_angle_says_how_often_as_much_held():
    angle = next(each for each in indexed([*LONG, 4.0, 0.5, 3.0]).angles if each.key == "large-rise")
    assert (angle.seen.value, angle.among.value) == (2, 123)
    assert angle.bits == pytest.approx(5.9425, abs=1e-4)
    assert angle.last.value == WEEK[4] - timedelta(weeks=2)


def test_most_unusual_comes_first():
    found = indexed([*LONG, *[0.5] * 5, 4.0]).angles
    assert [angle.bits for angle in found] == sorted((angle.bits for angle in found), reverse=True)


def test_a_week_that_turned_is_told_by_its_closes():
    closes = (980.0, 970.0, 990.0, 1010.0, 1030.0)
    past = (*weeks(*LONG, 3.0)[:-1],)
    week = replace(weeks(*LONG, 3.0)[-1], lowest_pct=-3.0, highest_pct=3.0)
    found = facts(*map(day, rising(closes)), weeks={"KOSPI": (*past, week)})
    assert found.main.turned == "up"
    assert "turnaround" in [angle.key for angle in found.angles]


@pytest.mark.parametrize(
    ("closes", "shares", "angle"),
    [
        ((1010, 1020, 1030, 1040, 1050), (400, 300, 600, 300, 300), "large-cap-compression"),
        ((990, 980, 970, 960, 950), (600, 700, 300, 700, 700), "heavyweight-selloff"),
    ],
)
def test_an_index_against_most_stocks_is_a_contradiction(closes, shares, angle):
    made = [
        replace(each, breadth=breadth(share, 900 - share))
        for each, share in zip(rising(closes), shares, strict=True)
    ]
    assert [each.key for each in facts(*map(day, made)).angles] == [angle]
    partly = [replace(made[0], breadth=()), *made[1:]]
    assert facts(*map(day, partly)).angles == ()


def test_weeks_are_named_as_iso_8601_has_them():
    assert week_name(date(2026, 1, 2)) == "2026-W01"
    assert week_name(date(2025, 12, 29)) == "2026-W01"
    assert monday_of(date(2026, 2, 15)) == date(2026, 2, 9)
