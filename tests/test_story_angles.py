"""What is unusual about a day: counted by hand, by a second way, and as an analyst would rank it."""

from __future__ import annotations

from datetime import date, timedelta
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st
from past_cases import CALENDAR, DAYS, closes, history, real, told
from real_data import needs_krx

from generator import rules
from generator.metrics.definitions import METRICS
from generator.metrics.measures import Measures, at
from generator.precedents import Past
from generator.story.angle_catalogue import CATALOGUE, CONTRADICTION, FLOOR
from generator.story.angles import STALE, angles_of
from generator.story.tell import QUIET
from generator.wording import Wording

OWN_RULES = {"lowest-since", "streak-ended"}
"""Angles that no line of the catalogue makes."""


def keys(found):
    return [angle.key for angle in found]


def of(days=DAYS[:100], **columns):
    """The angles of the last of those days."""
    return angles_of(*told(days, **columns))


def changes(last, *, count=100, **others):
    """So many quiet sessions with `others` by place, and the last one."""
    values = [0.1 if place % 2 else -0.1 for place in range(count)]
    for place, value in others.items():
        values[int(place.removeprefix("at"))] = value
    values[-1] = last
    return values


def test_bits_are_counted():
    (angle,) = of(kospi_change_pct=changes(-3.0, at10=-3.0, at20=-2.99, at30=-7.0, at40=8.0))
    assert angle.key == "large-fall"
    assert angle.rule == "kospi_change_pct <= -3"
    assert angle.bits == log2(100 / 3)
    assert (angle.seen.value, angle.among.value) == (3, 100)
    assert (angle.first.value, angle.last.value) == (DAYS[0], DAYS[30])


def test_a_short_history_is_not_asked():
    (angle,) = of(DAYS[:59], kospi_change_pct=changes(-3.0, count=59, at10=-9.0))
    line = next(line for line in CATALOGUE if line.key == "large-fall")
    assert angle.bits == line.prior + 1.5 * line.steep
    assert (angle.seen, angle.among, angle.first, angle.last) == (None, None, None, None)
    assert of(DAYS[:60], kospi_change_pct=changes(-3.0, count=60, at10=-9.0))[0].seen.value == 2


def test_a_single_session_is_told_from_the_catalogue():
    found = of(DAYS[:1], kospi_change_pct=[4.0], kosdaq_change_pct=[-4.0], kosdaq_minus_kospi_pp=[-8.0])
    assert keys(found) == ["indices-apart", "large-rise"]


def test_what_happens_often_is_no_angle():
    often = {f"at{place}": -2.0 for place in range(0, 80, 8)}
    assert of(kospi_change_pct=changes(-2.0, **often)) == ()
    assert log2(100 / 11) < FLOOR < log2(100 / 4)
    rarely = {f"at{place}": -2.0 for place in (8, 16, 24)}
    assert keys(of(kospi_change_pct=changes(-2.0, **rarely))) == ["large-fall"]


@pytest.mark.parametrize(("place", "expected"), [(98, []), (96, []), (85, ["large-fall"])])
def test_what_was_as_true_lately_is_stale(place, expected):
    """Five of a hundred are 4.3 bits: above the floor, but not two bits above it."""
    before = {f"at{each}": -2.0 for each in (1, 2, 3)} | {f"at{place}": -2.0}
    assert 0 < log2(100 / 5) - FLOOR < STALE
    assert keys(of(kospi_change_pct=changes(-2.0, **before))) == expected


def test_a_row_that_goes_on_is_no_news_every_day():
    def row(length):
        return of(kospi_up_streak=[0] * (100 - length) + list(range(1, length + 1)))

    assert keys(row(4)) == []
    assert keys(row(5)) == ["winning-streak"]
    (angle,) = row(6)
    assert angle.bits == log2(100)
    assert log2(100) - FLOOR > STALE


def test_of_one_subject_the_most_surprising_is_told():
    found = of(
        kospi_change_pct=changes(-1.0),
        kosdaq_change_pct=changes(5.0, at50=4.0),
        kosdaq_minus_kospi_pp=changes(6.0, at50=4.0),
    )
    assert keys(found) == ["indices-apart"]


def test_a_record_against_selling_leaves_nothing_to_say_of_the_record():
    day = {
        "kospi_all_time_high": changes(1.0),
        "foreign_net_krw": changes(-4e12),
        "kospi_change_pct": changes(2.5),
    }
    assert keys(of(**day)) == ["record-on-selling", "large-rise"]
    assert keys(of(**{**day, "foreign_net_krw": changes(-1e9)})) == ["all-time-high", "large-rise"]


def test_a_contradiction_comes_before_what_is_as_rare():
    found = of(
        kospi_change_pct=changes(2.0),
        kospi_low_pct=changes(-1.5),
        kospi_reversal_pct=changes(3.5),
        value_traded_ratio_20=changes(2.0),
    )
    assert [(angle.key, angle.bits) for angle in found] == [
        ("v-reversal", log2(100)),
        ("large-rise", log2(100)),
        ("heavy-volume", log2(100)),
    ]
    assert CONTRADICTION > 0


CASES = {
    "v-reversal": {"kospi_reversal_pct": 3.0, "kospi_low_pct": -1.0},
    "gap-and-fade": {"kospi_fade_pct": 2.0, "kospi_gap_pct": 1.0},
    "wide-range": {"kospi_range_pct": 4.0, "kospi_change_pct": 0.3},
    "all-time-high": {"kospi_all_time_high": 1},
    "highest-since": {"kospi_52w_high": 1, "kospi_all_time_high": 0},
    "large-rise": {"kospi_change_pct": 4.0},
    "large-fall": {"kospi_change_pct": -4.0},
    "kosdaq-surge": {"kosdaq_change_pct": 4.0},
    "kosdaq-slide": {"kosdaq_change_pct": -4.0},
    "indices-apart": {"kospi_change_pct": 1.0, "kosdaq_change_pct": -1.0, "kosdaq_minus_kospi_pp": -2.0},
    "kosdaq-lead": {"kosdaq_minus_kospi_pp": 2.0},
    "kosdaq-lag": {"kosdaq_minus_kospi_pp": -2.0},
    "large-cap-compression": {
        "kospi_change_pct": 1.2,
        "decliners_share": 60,
        "advance_decline": -700,
        "kosdaq_minus_kospi_pp": -1.0,
    },
    "heavyweight-selloff": {"kospi_change_pct": -1.2, "advancers_share": 60, "advance_decline": 700},
    "weak-breadth": {"kospi_change_pct": 0.1, "decliners_share": 70},
    "strong-breadth": {"kospi_change_pct": 0.1, "advancers_share": 70},
    "broad-rally": {"kospi_change_pct": 1.2, "advancers_share": 80},
    "broad-selloff": {"kospi_change_pct": -1.2, "decliners_share": 80},
    "record-on-selling": {"kospi_all_time_high": 1, "foreign_net_krw": -2e12},
    "foreign-selling": {"foreign_net_krw": -3e12},
    "foreign-buying": {"foreign_net_krw": 3e12},
    "selling-streak": {"foreign_sell_streak": 10},
    "buying-streak": {"foreign_buy_streak": 10},
    "winning-streak": {"kospi_up_streak": 8},
    "losing-streak": {"kospi_down_streak": 8},
    "sector-rotation": {"sector_spread_pp": 22, "kospi_change_pct": 0.1},
    "two-stock-market": {"top2_contribution_share": 110, "kospi_change_pct": -0.8},
    "heavy-volume": {"value_traded_ratio_20": 1.8},
    "thin-volume": {"value_traded_ratio_20": 0.6},
    "limit-up-cluster": {"limit_up": 22},
    "limit-down-cluster": {"limit_down": 12},
}


@pytest.mark.parametrize("key", CASES)
def test_each_angle_of_the_catalogue(key):
    assert keys(of(DAYS[:1], **{name: [value] for name, value in CASES[key].items()})) == [key]


@pytest.mark.parametrize("key", CASES)
def test_no_angle_without_any_of_its_metrics(key):
    for missing in CASES[key]:
        rest = {name: [value] for name, value in CASES[key].items() if name != missing}
        assert key not in keys(of(DAYS[:1], **rest))


def test_the_catalogue_is_whole():
    assert {line.key for line in CATALOGUE} == CASES.keys()
    for line in CATALOGUE:
        rules.check(line.gate())
        assert METRICS[line.measure.metric].kind != "date"
        if line.known:
            rules.check(line.known)
        assert line.measure.operator in (">=", "<=")


def test_a_metric_that_is_missing_by_design_counts_as_not_so():
    """A day without a reversal is a day that had none, as long as its low is known."""
    reversal = [float("nan")] * 99 + [3.0]
    low = [-0.1] * 90 + [float("nan")] * 9 + [-1.0]
    (angle,) = of(kospi_reversal_pct=reversal, kospi_low_pct=low, kospi_change_pct=changes(1.0))
    assert (angle.key, angle.seen.value, angle.among.value) == ("v-reversal", 1, 91)


@given(st.sampled_from(CATALOGUE), st.floats(-1e4, 1e4))
def test_a_rule_counts_its_own_day(line, value):
    frame = history(DAYS[:1], **{line.measure.metric: [value]})
    for each in line.also:
        frame[each.metric] = {">=": each.threshold, "<=": each.threshold}.get(
            each.operator, each.threshold + (1 if each.operator == ">" else -1) * 0.01
        )
    frame[line.measure.metric] = value
    if all(each.metric != line.measure.metric for each in line.also):
        assert rules.matches(line.rule(value), frame).all()


@given(
    st.sampled_from(CATALOGUE),
    st.dictionaries(
        st.sampled_from(sorted({each.metric for line in CATALOGUE for each in (line.measure, *line.also)})),
        st.floats(-100, 100).map(lambda number: round(number, 2)),
    ),
)
def test_a_gate_holds_as_its_rule_does(line, values):
    frame = history(DAYS[:1], **{name: [value] for name, value in values.items()})
    met = all(condition.met(values) for condition in (line.measure, *line.also))
    assert rules.matches(line.gate(), frame).tolist() == [met]


@given(st.lists(st.floats(-9, 9).map(lambda number: round(number, 1)), min_size=61, max_size=90))
def test_bits_shrink_as_more_sessions_reach_as_far(values):
    measures, past = told(DAYS[: len(values)], kospi_change_pct=values)
    for angle in angles_of(measures, past):
        assert angle.bits == pytest.approx(-log2(angle.seen.value / angle.among.value))
        assert angle.bits >= FLOOR
        assert angle.seen.value == rules.matches(angle.rule, past.history).sum()


def test_nothing_later_is_looked_at():
    frame = history(DAYS[:100], kospi_change_pct=changes(9.0, at70=-3.0))
    whole = Past(day=DAYS[70], history=frame, calendar=CALENDAR)
    cut = Past(day=DAYS[70], history=frame.iloc[:71], calendar=CALENDAR)
    measures = at(frame, DAYS[70])
    assert angles_of(measures, whole) == angles_of(measures, cut) != ()


def test_the_end_of_a_row_is_told_with_its_rarity():
    rows = [0, *range(1, 7), 0, *range(1, 10), 0, *range(1, 7), 0]
    streak = [0] * (100 - len(rows)) + rows
    found = of(kospi_up_streak=streak, kospi_change_pct=changes(-0.4))
    (angle,) = found
    # Three rows came as far as six, and each passed it once.
    assert (angle.key, angle.rule) == ("streak-ended", "kospi_up_streak == 6")
    assert (angle.seen.value, angle.among.value) == (3, 100)
    assert angle.bits == log2(100 / 3)


@pytest.mark.parametrize(
    ("streak", "change"),
    [
        ([0] * 95 + [1, 2, 3, 4, 0], -0.4),
        ([0] * 94 + [1, 2, 3, 4, 5, 6], 0.4),
        ([0] * 93 + [1, 2, 3, 4, 5, 0, 0], -0.4),
    ],
    ids=["too short", "goes on", "ended before"],
)
def test_no_row_ended(streak, change):
    assert "streak-ended" not in keys(of(kospi_up_streak=streak, kospi_change_pct=changes(change)))


@pytest.mark.parametrize(("years", "bits"), [(0.9, None), (1, 6.1), (2, 8.1), (4, 10.1)])
def test_the_lowest_close_in_years(years, bits):
    _, past = told(DAYS[:100], kospi_change_pct=changes(0.0))
    since = DAYS[99] - timedelta(days=round(365 * years))
    measures = Measures(day=DAYS[99], dates={"kospi_lowest_since": since})
    found = angles_of(measures, past)
    if bits is None:
        assert found == ()
    else:
        assert [(angle.key, angle.bits) for angle in found] == [("lowest-since", pytest.approx(bits))]
        assert found[0].rule == f"kospi_lowest_since == {since.isoformat()}"


def test_a_market_that_leans_the_other_way_says_nothing_of_the_index():
    measures, past = told(
        DAYS[:1], **{name: [value] for name, value in CASES["large-cap-compression"].items()}
    )
    assert keys(angles_of(measures, past)) == ["large-cap-compression"]
    assert angles_of(measures, past, agreed=False) == ()


@pytest.mark.parametrize("language", ["en"])
def test_every_angle_has_its_words(language):
    folder = Wording(language).folder / "daily"
    for name in ("angle_names.j2", "angles.j2"):
        text = (folder / name).read_text(encoding="utf-8")
        wanted = {*CASES, *OWN_RULES, QUIET}
        if name == "angle_names.j2":
            # The level stands in the title anyhow.
            wanted -= {"all-time-high", "highest-since", "lowest-since"}
        else:
            wanted -= {"all-time-high"}
        assert not [key for key in sorted(wanted) if f'"{key}"' not in text], name


REAL = {
    date(2026, 1, 5): ["large-cap-compression", "large-rise", "kosdaq-lag"],
    date(2026, 1, 6): ["v-reversal", "large-cap-compression"],
    date(2026, 1, 8): ["weak-breadth", "winning-streak"],
    date(2026, 1, 20): ["streak-ended", "strong-breadth"],
    date(2026, 1, 26): ["indices-apart", "heavyweight-selloff"],
    date(2026, 2, 2): ["large-fall", "kosdaq-slide", "broad-selloff"],
    date(2026, 2, 3): ["large-rise", "broad-rally"],
    date(2026, 2, 11): [],
}


@pytest.mark.krx
@needs_krx
@pytest.mark.parametrize("day", REAL, ids=str)
def test_real_days_are_ranked_as_an_analyst_would(real_history, xkrx, day):
    found = keys(angles_of(*real(real_history(stocks=True), xkrx, day)))
    assert found[: len(REAL[day])] == REAL[day]
    assert REAL[day] or not found


@pytest.mark.krx
@needs_krx
def test_few_but_some_real_days_are_quiet(real_history, xkrx):
    frame = real_history(stocks=True)
    days = [stamp.date() for stamp in frame.index if date(2026, 1, 1) <= stamp.date() <= date(2026, 2, 20)]
    quiet = sum(not angles_of(*real(frame, xkrx, day)) for day in days)
    assert len(days) == 33
    assert 3 <= quiet <= 8


@pytest.mark.krx
@needs_krx
def test_a_real_count_is_what_the_files_say(real_history, xkrx):
    kospi = {day: change for day, _, change in closes("kospi")}
    kosdaq = {day: change for day, _, change in closes("kosdaq")[1:]}
    days = [day for day in kosdaq if day in kospi and day <= "2026-01-26"]
    gap = round(kosdaq["2026-01-26"] - kospi["2026-01-26"], 2)
    seen = [
        day
        for day in days
        if kospi[day] <= -0.5 and kosdaq[day] >= 0.5 and round(kosdaq[day] - kospi[day], 2) >= gap
    ]
    angle = angles_of(*real(real_history(), xkrx, date(2026, 1, 26)))[0]
    assert angle.key == "indices-apart"
    assert (angle.seen.value, angle.among.value) == (len(seen), len(days))
    assert angle.last.value.isoformat() == seen[-2]
    (fall,) = (a for a in angles_of(*real(real_history(), xkrx, date(2026, 2, 2))) if a.key == "large-fall")
    falls = [day for day, change in kospi.items() if day <= "2026-02-02" and change <= kospi["2026-02-02"]]
    assert fall.seen.value == len(falls)
    assert fall.last.value.isoformat() == falls[-2]
