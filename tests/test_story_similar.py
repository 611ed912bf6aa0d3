"""Which past sessions a day is compared with, what followed them, and how that reads."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from datetime import date, time
from functools import cache
from statistics import median
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from metrics_cases import weekdays
from real_data import KRX, needs_krx

from generator.figures import Figure, Formula
from generator.metrics.definitions import METRICS
from generator.metrics.measures import at
from generator.precedents import Past
from generator.story.cells import measured
from generator.story.similar import DEFINITIONS, similar_facts
from generator.wording import Ledger, Wording

if TYPE_CHECKING:
    from generator.story.facts import SimilarFacts

CALENDAR, DAYS = weekdays("2021-01-04", 400)
LAST = len(DAYS) - 1


def market(changes=(), *, days=DAYS, **columns):
    """A history of both indices, flat but for `changes` of the KOSPI by place, in %, and other `columns`.

    Every close is reckoned from the changes, so that what followed a session is what was put in.
    """
    index = pd.DatetimeIndex(pd.to_datetime(list(days)), name="date").astype("datetime64[us]")
    frame = pd.DataFrame(np.nan, index=index, columns=list(METRICS), dtype="float64")
    given = {"kospi_change_pct": dict(changes), "kosdaq_change_pct": {}, **columns}
    for name, values in given.items():
        frame[name] = [values.get(place, 0.0) for place in range(len(days))]
    for prefix in ("kospi", "kosdaq"):
        frame[f"{prefix}_close"] = 1000 * np.cumprod(1 + frame[f"{prefix}_change_pct"] / 100)
    return frame


def similar(frame, day=DAYS[LAST], calendar=CALENDAR):
    measures = at(frame, day)
    figures = {name: figure for name in METRICS if (figure := measured(measures, name))}
    return similar_facts(figures, Past(day=day, history=frame, calendar=calendar))


def bounds(found):
    return [(each.metric, each.operator, each.threshold.value) for each in found.conditions]


RISES = dict.fromkeys(range(10, 130, 10), 2.5) | {LAST: 2.5}
"""Twelve rises, ten sessions apart, and one today."""


def test_what_followed_by_hand():
    """After four of twelve rises of 2.5% comes one of 4%, after the others a fall of 1%; then nothing."""
    after = {place + 1: 4.0 if place <= 40 else -1.0 for place in range(10, 130, 10)}
    found = similar(market(RISES | after))
    assert (found.key, found.index, found.enough, found.common) == ("rise", "KOSPI", True, False)
    assert bounds(found) == [("kospi_change_pct", ">=", 2)]
    assert found.count.value == 12 + 4
    assert found.first.value == DAYS[0]
    assert found.last.value == DAYS[120]
    day, week, month = found.outcomes
    assert [each.horizon.value for each in found.outcomes] == [1, 5, 20]
    # The four rises of 4% are of the kind too; the session after them is flat.
    assert [each.count.value for each in found.outcomes] == [16, 16, 16]
    assert day.lowest.value == pytest.approx(-1)
    assert day.highest.value == pytest.approx(4)
    assert day.risen.value == 4
    assert day.risen_share.value == 25
    # In order: eight times -1, four times 0, four times +4. The middle lies between -1 and 0.
    assert day.median.value == pytest.approx(-0.5)
    assert week.median.value == pytest.approx(-0.5)
    # From the first rise on, 20 sessions hold two rises of 4% and two further ones of 2.5%.
    assert month.lowest.value == pytest.approx(-1)
    assert month.highest.value == pytest.approx(((1.04 * 1.025) ** 2 - 1) * 100)
    assert [each.separate.value for each in found.outcomes] == [16, 12, 6]


def test_the_share_of_all_sessions():
    """Up on a quarter of such sessions' morrows; on all sessions it is 17 rises of 399 that have a morrow."""
    after = {place + 1: 4.0 if place <= 40 else -1.0 for place in range(10, 130, 10)}
    found = similar(market(RISES | after))
    assert found.outcomes[0].usual_share.value == pytest.approx(17 / 399 * 100)
    # 25% against 4.3% in 16 cases: two standard errors are 10.1 points.
    assert found.outcomes[0].against_usual == "above"


@pytest.mark.parametrize(
    ("up", "down", "expected"),
    [
        (5, 7, "within"),
        (8, 4, "within"),
        (12, 0, "above"),
        (0, 12, "below"),
    ],
)
def test_against_all_sessions(up, down, expected):
    """Half of all morrows rise. The standard error of a half in 12 cases is 14.4 points."""
    changes = {place: 0.1 if place % 2 else -0.1 for place in range(LAST)}
    places = [10 + 10 * n for n in range(up)] + [15 + 10 * n for n in range(up, up + down)]
    changes |= dict.fromkeys(places, 2.5)
    assert [changes[place + 1] > 0 for place in places] == [True] * up + [False] * down
    found = similar(market(changes | {LAST: 2.5}))
    assert found.count.value == 12
    assert found.outcomes[0].risen.value == up
    assert found.outcomes[0].usual_share.value == pytest.approx(50, abs=4)
    assert found.outcomes[0].against_usual == expected


def test_the_same_as_after_all_sessions():
    """Every session is followed by a rise, and so is each of these."""
    found = similar(market(dict.fromkeys(range(LAST), 0.1) | RISES))
    day = found.outcomes[0]
    assert (day.risen_share.value, day.usual_share.value, day.against_usual) == (100, 100, "same")


def test_a_quiet_day_has_no_section():
    assert similar(market(dict.fromkeys(range(10, 130, 10), 2.5) | {LAST: 0.4})) is None
    assert similar(market(dict.fromkeys(range(10, 130, 10), 2.5) | {LAST: -0.9})) is None


def test_a_history_of_a_year_says_nothing():
    days = DAYS[-252:]
    changes = dict.fromkeys(range(10, 250, 10), 3.5) | {251: 3.5}
    assert similar(market(changes, days=days)) is None
    longer = DAYS[-253:]
    assert similar(market({k + 1: v for k, v in changes.items()}, days=longer)) is not None


def test_the_day_must_be_in_the_history():
    frame = market(RISES)
    figures = {"kospi_change_pct": Figure("kospi_change_pct", 2.5, "%", Formula("made"))}
    assert similar_facts(figures, Past(day=date(2024, 1, 2), history=frame, calendar=CALENDAR)) is None
    assert similar_facts({}, Past(day=DAYS[LAST], history=frame, calendar=CALENDAR)) is None


@pytest.mark.parametrize(
    ("today", "bound"),
    [(1.0, 1), (1.9, 1), (2.0, 2), (3.4, 3), (4.99, 3), (5.0, 5), (7.0, 5), (8.1, 8), (11.0, 10)],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_bounds_lie_near_todays_size(today, bound, sign):
    often = dict.fromkeys(range(10, 130, 10), sign * 12.0) | dict.fromkeys(range(130, 260, 10), sign * 1.2)
    found = similar(market(often | {LAST: sign * today}))
    assert bounds(found) == [("kospi_change_pct", ">=" if sign > 0 else "<=", sign * bound)]
    assert found.key == ("rise" if sign > 0 else "fall")


def test_a_large_move_is_not_held_against_small_ones():
    """A rise of 7% among many of 2.2% and two of 5%: too few are like it, and that is said."""
    often = dict.fromkeys(range(10, 310, 10), 2.2) | {340: 5.1, 360: 5.3}
    found = similar(market(often | {LAST: 7.0}))
    assert bounds(found) == [("kospi_change_pct", ">=", 5)]
    assert (found.enough, found.outcomes, found.count.value) == (False, (), 2)
    assert found.last.value == DAYS[360]


def test_a_rare_move_that_never_was():
    found = similar(market(dict.fromkeys(range(10, 310, 10), 1.5) | {LAST: -6.0}))
    # The widest of the definitions it meets: none of them was met before.
    assert bounds(found) == [("kospi_change_pct", "<=", -3)]
    assert (found.enough, found.count.value, found.last) == (False, 0, None)


def test_nothing_is_said_of_a_common_move_with_few_before():
    assert similar(market({10: 1.5, LAST: 1.5})) is None


def test_ten_sessions_are_enough_and_nine_are_not():
    nine = dict.fromkeys(range(10, 100, 10), 3.5)
    assert len(nine) == 9
    assert similar(market(nine | {LAST: 3.5})).enough is False
    found = similar(market(nine | {100: 3.5, LAST: 3.5}))
    assert found.enough is True
    assert [each.count.value for each in found.outcomes] == [10, 10, 10]


def test_too_few_for_the_longer_horizons():
    """Ten sessions, the last of them three sessions ago."""
    found = similar(market(dict.fromkeys(range(10, 100, 10), 3.5) | {LAST - 3: 3.5, LAST: 3.5}))
    assert [each.count.value for each in found.outcomes] == [10, 9, 9]
    assert found.outcomes[0].median is not None
    assert [each.median for each in found.outcomes[1:]] == [None, None]
    assert [each.risen_share for each in found.outcomes[1:]] == [None, None]


def test_a_session_without_a_next_one_does_not_count():
    """The morrow of the tenth is missing in the data."""
    changes = dict.fromkeys(range(10, 110, 10), 3.5) | {LAST: 3.5}
    frame = market(changes)
    frame.loc[frame.index[101], "kospi_close"] = np.nan
    found = similar(frame)
    assert (found.enough, found.count.value) == (False, 10)


def reversal_days():
    return [*range(10, 130, 10), LAST]


KOSPI, KOSDAQ = "kospi_change_pct", "kosdaq_change_pct"


@pytest.mark.parametrize(
    ("key", "main", "columns", "expected"),
    [
        ("reversal", 1.4, {"kospi_gap_pct": -1.2}, [("kospi_gap_pct", "<=", -1), (KOSPI, ">=", 1)]),
        ("reversal", 2.4, {"kospi_low_pct": -1.2}, [("kospi_low_pct", "<=", -1), (KOSPI, ">=", 2)]),
        ("fade", -1.4, {"kospi_gap_pct": 1.2}, [("kospi_gap_pct", ">=", 1), (KOSPI, "<=", -1)]),
        ("fade", -1.4, {"kospi_high_pct": 2.2}, [("kospi_high_pct", ">=", 2), (KOSPI, "<=", -1)]),
        ("record", 2.4, {"kospi_all_time_high": 1}, [("kospi_all_time_high", ">=", 1), (KOSPI, ">=", 2)]),
        ("apart", 1.4, {KOSDAQ: -0.6}, [(KOSPI, ">=", 1), (KOSDAQ, "<", 0)]),
        ("apart", -0.5, {KOSDAQ: 5.6}, [(KOSDAQ, ">=", 5), (KOSPI, "<", 0)]),
        ("rise", 0.1, {KOSDAQ: 5.6}, [(KOSDAQ, ">=", 5)]),
        ("compressed", 1.4, {"advance_decline": -300}, [(KOSPI, ">=", 1), ("advance_decline", "<", 0)]),
        ("narrow", -2.4, {"advance_decline": 300}, [(KOSPI, "<=", -2), ("advance_decline", ">", 0)]),
        ("streak", 0.1, {"kospi_up_streak": 8}, [("kospi_up_streak", ">=", 8)]),
        ("streak", -0.1, {"kospi_down_streak": 7}, [("kospi_down_streak", ">=", 7)]),
    ],
)
def test_what_is_special_comes_first(key, main, columns, expected):
    places = reversal_days()
    changes = dict.fromkeys(places, main)
    more = {name: dict.fromkeys(places, value) for name, value in columns.items()}
    found = similar(market(changes, **more))
    assert (found.key, bounds(found)) == (key, expected)
    assert found.count.value == 12
    assert found.index == ("KOSDAQ" if expected[0][0].startswith("kosdaq") else "KOSPI")


def test_a_hair_below_zero_is_no_direction():
    """With -0.03% the KOSDAQ goes nowhere: the day is a rise, not two indices apart."""
    places = reversal_days()
    found = similar(
        market(dict.fromkeys(places, 1.4), kosdaq_change_pct=dict.fromkeys(places[:-1], -1.0) | {LAST: -0.03})
    )
    assert bounds(found) == [("kospi_change_pct", ">=", 1)]


def test_the_kosdaq_tells_the_day_only_where_it_is_the_day():
    places = reversal_days()
    kosdaq = dict.fromkeys(places, 5.5)
    assert similar(market(dict.fromkeys(places, 3.5), kosdaq_change_pct=kosdaq)).index == "KOSPI"
    assert similar(market(dict.fromkeys(places, 0.2), kosdaq_change_pct=kosdaq)).index == "KOSDAQ"


def test_what_a_kosdaq_day_was_followed_by_is_the_kosdaqs():
    places = reversal_days()
    kosdaq = dict.fromkeys(places, 5.5) | {place + 1: 2.0 for place in places[:-1]}
    found = similar(market(dict.fromkeys(places, 0.2), kosdaq_change_pct=kosdaq))
    assert found.outcomes[0].median.value == pytest.approx(2)


def test_common_moves_are_known_as_such():
    changes = dict.fromkeys(range(0, LAST, 5), 1.2) | {LAST: 1.2}
    assert similar(market(changes)).common is True
    changes = dict.fromkeys(range(0, LAST, 20), 1.2) | {LAST: 1.2}
    assert similar(market(changes)).common is False


def test_breadth_counts_only_where_it_is_known():
    """Its first hundred sessions have none, so there are 300 to tell of, and seven of the twelve rises."""
    places = reversal_days()
    frame = market(dict.fromkeys(places, 1.4), advance_decline=dict.fromkeys(places, -300))
    frame.loc[frame.index[:100], "advance_decline"] = np.nan
    found = similar(frame)
    # Too few with breadth; the rise by itself has enough.
    assert bounds(found) == [("kospi_change_pct", ">=", 1)]
    frame.loc[frame.index[5:100], "advance_decline"] = -300
    found = similar(frame)
    assert found.key == "compressed"
    assert found.first.value == DAYS[5]


def test_all_sessions_are_those_that_can_be_told_of():
    """Without breadth the index rose on each of 120 sessions; with it only on the twelve in question."""
    places = [*range(130, 370, 20), LAST]
    frame = market(
        dict.fromkeys(range(120), 0.1) | dict.fromkeys(places, 1.4),
        advance_decline=dict.fromkeys(places, -300),
    )
    frame.loc[frame.index[:120], "advance_decline"] = np.nan
    found = similar(frame)
    assert (found.key, found.count.value) == ("compressed", 12)
    # Of the 280 sessions from the 120th on, 279 have a morrow: twelve rises and today's.
    assert found.outcomes[0].usual_share.value == pytest.approx(13 / 279 * 100)


def test_definitions_are_in_order_and_in_the_grammar():
    rules = [each.rule for each in DEFINITIONS]
    assert len(set(rules)) == len(rules)
    days = Past(day=DAYS[LAST], history=market(), calendar=CALENDAR)
    for each in DEFINITIONS:
        days.times(each.rule)
    # A wider definition that came first would always be taken.
    for metric, operator in {(c.metric, c.operator) for each in DEFINITIONS for c in each.conditions}:
        alone = [
            abs(each.conditions[0].threshold)
            for each in DEFINITIONS
            if len(each.conditions) == 1
            and (each.conditions[0].metric, each.conditions[0].operator) == (metric, operator)
        ]
        assert alone == sorted(alone, reverse=True)


def figures_of(found: SimilarFacts):
    yield from (found.count, found.first, *([found.last] if found.last else []))
    for condition in found.conditions:
        yield condition.threshold
    for outcome in found.outcomes:
        for each in (outcome.horizon, outcome.count, outcome.median, outcome.lowest, outcome.highest):
            if each:
                yield each


def test_every_figure_says_where_it_comes_from():
    found = similar(market(RISES))
    figures = list(figures_of(found))
    assert len({each.id for each in figures}) == len(figures)
    assert all(each.id.startswith("similar.") for each in figures)
    # What `explain` shows: the rule itself.
    assert "kospi_change_pct >= 2" in str(found.count.source)
    assert "kospi_change_pct >= 2" in str(found.outcomes[1].median.source)
    assert "5 sessions after" in str(found.outcomes[1].median.source)


@given(st.lists(st.floats(-9, 9), min_size=1, max_size=60), st.integers(300, 370))
@settings(deadline=None, max_examples=25)
def test_nothing_later_is_looked_at(later, place):
    changes = {n: ((n * 37) % 19 - 9) / 2 for n in range(place)} | {place: 3.2}
    evening = market(changes).iloc[: place + 1]
    more = market(changes | {place + 1 + n: value for n, value in enumerate(later)})
    assert similar(more, DAYS[place]) == similar(evening, DAYS[place])
    assert similar(evening, DAYS[place]) is not None


# --- How it reads ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """As much of the facts as the section needs."""

    similar: SimilarFacts | None
    day: Figure
    as_of_time: Figure
    final: bool = True
    second: None = None
    notes: dict[str, str] = field(default_factory=dict)


WORDING = Wording("en")


def tell(found, day=DAYS[LAST], *, turn=0, final=True):
    facts = Told(
        found,
        Figure("day", day, "date", Formula("made")),
        Figure("as_of_time", time(14), "time", Formula("made")),
        final=final,
    )
    return WORDING.write("daily/similar.j2", Ledger(WORDING.numerals), f=facts, turn=turn).strip()


def sentences(text):
    prose = [line for line in text.splitlines() if line and line[0] not in "#|"]
    return [each for line in prose for each in re.split(r"(?<=[.?])\s+(?=[A-Z0-9])", line)]


PLACES = reversal_days()
KINDS = {
    "rise": lambda: market(RISES | {place + 1: 1.0 for place in range(10, 90, 10)}),
    "fall": lambda: market(dict.fromkeys(PLACES, -3.5)),
    "above": lambda: market(RISES | {place + 1: 0.5 for place in range(10, 130, 10)}),
    "below": lambda: market(
        dict.fromkeys(range(LAST), 0.2) | RISES | {place + 1: -0.5 for place in range(10, 130, 10)}
    ),
    "reversal": lambda: market(dict.fromkeys(PLACES, 1.4), kospi_gap_pct=dict.fromkeys(PLACES, -1.5)),
    "fade": lambda: market(dict.fromkeys(PLACES, -1.4), kospi_high_pct=dict.fromkeys(PLACES, 1.5)),
    "record": lambda: market(dict.fromkeys(PLACES, 2.4), kospi_all_time_high=dict.fromkeys(PLACES, 1)),
    "apart": lambda: market(dict.fromkeys(PLACES, 1.4), kosdaq_change_pct=dict.fromkeys(PLACES, -1)),
    "compressed": lambda: market(dict.fromkeys(PLACES, 1.4), advance_decline=dict.fromkeys(PLACES, -99)),
    "streak": lambda: market(dict.fromkeys(PLACES, 0.1), kospi_up_streak=dict.fromkeys(PLACES, 7)),
    "common": lambda: market(dict.fromkeys(range(0, LAST + 1, 3), 1.2)),
    "few": lambda: market({10: 4.0, 20: 4.0, LAST: 4.0}),
    "one": lambda: market({10: 4.0, LAST: 4.0}),
    "none": lambda: market({LAST: 4.0}),
    "short": lambda: market(dict.fromkeys(range(10, 100, 10), 3.5) | {LAST - 3: 3.5, LAST: 3.5}),
}
"""Histories that end in a day of each kind."""


@cache
def of_kind(name):
    """What such a history has of its last day."""
    return similar(KINDS[name]())


@pytest.mark.parametrize("turn", range(0, 60, 7))
@pytest.mark.parametrize("name", KINDS)
def test_every_way_of_saying_it_reads(name, turn):
    text = tell(of_kind(name), turn=turn)
    assert text.startswith("## ")
    for sentence in sentences(text):
        assert re.match(r"[A-Z0-9]", sentence), sentence
        assert sentence.endswith("."), sentence
        assert re.search(
            r"\b(is|are|was|were|has|have|had|rose|fell|say|says|stood|lie|lay|ran|point|lasts|changes|come|"
            r"comes|hides|carries|gave|give|give|count|remain|bind|overlap|stands|made|meet|Take)\b",
            sentence,
        ), f"no verb: {sentence}"
    for wrong in ("  ", "None", "nan", " ,", "..", " .", "one sessions", "1 sessions", "-0.0", "+0.0%"):
        assert wrong not in text.replace("| +0.0%", ""), (wrong, text)
    assert not re.search(r"\b(\w+) \1\b", text), text


def test_no_section_without_facts():
    assert tell(None) == ""


def test_the_table_has_a_row_for_each_horizon():
    text = tell(of_kind("rise"))
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert [row.split("|")[1].strip() for row in rows] == [
        "Later",
        "---",
        "1 session",
        "5 sessions",
        "20 sessions",
    ]
    assert "too few" not in text


def test_too_few_for_a_horizon_is_written_in_its_row():
    rows = [line for line in tell(of_kind("short")).splitlines() if line.startswith("|")][2:]
    assert ["too few" in row for row in rows] == [False, True, True]
    # The count is still there, and no figure stands behind it.
    assert rows[1].split("|")[2].strip() == "9"
    assert "%" not in rows[1]


@pytest.mark.parametrize("turn", range(3))
def test_one_before(turn):
    text = tell(of_kind("one"), turn=turn)
    assert "one earlier session " in text.lower()
    assert "sessions" not in text.split("\n", 1)[1]
    assert "the latest" not in text.lower()
    assert "January 18, 2021" in text
    assert "|" not in text


@pytest.mark.parametrize("turn", range(3))
def test_two_before(turn):
    text = tell(of_kind("few"), turn=turn)
    assert "two earlier sessions" in text.lower()
    assert "the latest" in text.lower()


@pytest.mark.parametrize("turn", range(3))
def test_none_before(turn):
    text = tell(of_kind("none"), turn=turn)
    assert text.startswith("## No session like this before")
    assert "January 2021" in text
    assert "None" not in text


@pytest.mark.parametrize("turn", range(3))
def test_a_common_move_gets_no_table(turn):
    assert "|" not in tell(of_kind("common"), turn=turn)


@pytest.mark.parametrize(
    ("name", "clause"),
    [
        ("rise", "the KOSPI rose at least 2%"),
        ("fall", "the KOSPI fell at least 3%"),
        ("reversal", "the KOSPI opened at least 1% lower but rose at least 1% by the close"),
        ("fade", "the KOSPI was at least 1% up during the session but fell at least 1% by the close"),
        ("record", "the KOSPI closed at a record and rose at least 2%"),
        ("apart", "the KOSPI rose at least 1% while the KOSDAQ fell"),
        ("compressed", "the KOSPI rose at least 1% while more stocks fell than rose"),
        ("streak", "the KOSPI had risen at least seven sessions in a row"),
    ],
)
def test_the_definition_in_words(name, clause):
    for turn in range(5):
        assert clause in tell(of_kind(name), turn=turn)


def test_an_open_session_is_compared_as_it_stands():
    assert "as it stood at 14:00" in tell(of_kind("rise"), final=False)
    assert "14:00" not in tell(of_kind("rise"))


def test_neighbouring_sessions_say_it_differently():
    for turn in range(30):
        today, tomorrow = (sentences(tell(of_kind("rise"), turn=turn + n)) for n in (0, 1))
        assert not set(today) & set(tomorrow)


# --- The real market ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(real_history):
    return real_history()


def kospi_rows(day):
    with (KRX / "index-kospi.csv").open(encoding="utf-8") as file:
        rows = [
            (date.fromisoformat(row["Date"]), float(row["Close"]), round(float(row["Change"]) * 100, 2))
            for row in csv.DictReader(file)
        ]
    return [row for row in rows if row[0] <= day]


@pytest.mark.krx
@needs_krx
@pytest.mark.parametrize(
    ("day", "key", "holds"),
    [
        (date(2026, 2, 3), "rise", lambda change, _: change >= 5),
        (date(2026, 2, 2), "fall", lambda change, _: change <= -5),
        (date(2026, 2, 5), "fall", lambda change, _: change <= -3),
        (date(2026, 2, 12), "record", lambda change, record: record and change >= 2),
    ],
)
def test_against_the_rows_of_the_file(real, xkrx, day, key, holds):
    """Plain Python over the file: what the section says of real days."""
    rows = kospi_rows(day)
    highest, records = 0.0, []
    for place, (_, close, _) in enumerate(rows):
        # A record needs a year of sessions before it.
        records.append(close >= highest and place >= 252)
        highest = max(highest, close)
    held = [n for n, row in enumerate(rows[:-1]) if holds(row[2], records[n])]
    found = similar(real, day, xkrx)
    assert found.key == key
    assert found.count.value == len(held)
    assert found.last.value == rows[held[-1]][0]
    for outcome in found.outcomes:
        span = outcome.horizon.value
        moves = [(rows[n + span][1] / rows[n][1] - 1) * 100 for n in held if n + span < len(rows)]
        every = [(rows[n + span][1] / rows[n][1] - 1) for n in range(len(rows) - span)]
        assert outcome.count.value == len(moves)
        assert outcome.median.value == pytest.approx(median(moves))
        assert outcome.lowest.value == pytest.approx(min(moves))
        assert outcome.highest.value == pytest.approx(max(moves))
        assert outcome.risen.value == sum(move > 0 for move in moves)
        usual = sum(move > 0 for move in every) / len(every) * 100
        # Of a few early sessions it is not known whether they were records.
        assert outcome.usual_share.value == pytest.approx(usual, abs=0.2 if key == "record" else 1e-9)


@pytest.mark.krx
@needs_krx
def test_quiet_days_of_the_real_market_have_none(real, xkrx):
    quiet = [date(2026, 1, 8), date(2026, 1, 20), date(2026, 2, 10), date(2026, 2, 13)]
    assert [similar(real, day, xkrx) for day in quiet] == [None] * 4
