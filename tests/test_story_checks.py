"""Which checks a day asks: by its angles and figures, never two of one topic, each answerable."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
import yaml
from real_data import ROOT
from story_cases import EN, facts_of, full_session, without

from generator.figures import Figure, Formula
from generator.markdown import plain
from generator.metrics.definitions import METRICS
from generator.story.angle_catalogue import CATALOGUE
from generator.story.asked import STOCK_METRICS, read_checks
from generator.story.checks import _TOPICS, _TOPICS_OF_ANGLES, CHECKS, QUIET_CHECKS, choose_checks
from generator.story.facts import AngleFacts, CheckKey, StockFacts
from generator.story.tell import tell
from generator.wording import Ledger

KEYS = get_args(CheckKey)


def figure(name, value, unit="%", precision=2):
    return Figure(name, value, unit, Formula("made up"), precision)


def stock(code, change, points=None):
    return StockFacts(
        code=code,
        name=f"Company {code}",
        change=figure(f"stock.{code}.change", change),
        points=None if points is None else figure(f"stock.{code}.points", points, "points"),
    )


def day(*, angles=(), final=True, **changes):
    """Facts without flows; `changes` may hold whole fields, and of the indices `main_…` and `second_…`."""
    facts = facts_of(without(full_session(), "flows", "stocks", "clusters", "context", "notes"))
    own = {key.removeprefix("main_"): changes.pop(key) for key in list(changes) if key.startswith("main_")}
    other = {
        key.removeprefix("second_"): changes.pop(key) for key in list(changes) if key.startswith("second_")
    }
    return replace(
        facts,
        main=replace(facts.main, **{"record": False, **own}),
        second=replace(facts.second, **other),
        angles=tuple(AngleFacts(key=key, rule="r", bits=3.0) for key in angles),
        final=final,
        **changes,
    )


def moved(main, second, **more):
    """A day on which the indices moved by so many per cent from 1,000 and 500 points."""
    values = {
        "main_change": figure("kospi.change", main),
        "main_close": figure("kospi.close", 1000 + main * 10, "points"),
        "main_previous": figure("kospi.previous", 1000.0, "points"),
        "main_open": None,
        "second_change": figure("kosdaq.change", second),
        "second_close": figure("kosdaq.close", 500 + second * 5, "points"),
        "gap": figure("gap", second - main, "pp"),
    }
    return day(**{**values, **more})


def keys(facts):
    return [check.key for check in choose_checks(facts)]


def asked(facts, key):
    return next(check for check in choose_checks(facts) if check.key == key)


def test_flows_come_first():
    assert keys(facts_of(full_session())) == [
        "foreign_selling_stops",
        "institutions_keep_buying",
        "kosdaq_catches_up",
    ]


@pytest.mark.parametrize(
    ("main", "second", "key", "metric", "condition"),
    [
        (1.0, -0.5, "kosdaq_catches_up", "kosdaq_change_pct", "> 0"),
        (1.0, 0.3, "kosdaq_catches_up", "kosdaq_minus_kospi_pp", "> 0"),
        (1.0, 1.8, "kosdaq_keeps_lead", "kosdaq_minus_kospi_pp", "> 0"),
        (1.0, 4.0, "kosdaq_holds", "kosdaq_close", ">= 520.0"),
        (-0.6, 1.0, "kosdaq_keeps_lead", "kosdaq_minus_kospi_pp", "> 0"),
        (-1.0, -2.0, "kosdaq_recovers", "kosdaq_change_pct", "> 0"),
    ],
)
def test_what_is_asked_of_the_second_index(main, second, key, metric, condition):
    facts = moved(main, second, angles=("kosdaq-lead",))
    check = asked(facts, key)
    assert check.metric == metric
    assert f"{check.operator} {check.threshold}" == condition


@pytest.mark.parametrize(("main", "second"), [(1.0, 1.2), (-2.0, -1.0), (-1.0, -1.2)])
def test_where_the_second_index_says_little_it_is_not_asked_about_first(main, second):
    assert not keys(moved(main, second, breadth=None))[0].startswith("kosdaq")


@pytest.mark.parametrize(
    ("angle", "changes", "key", "threshold"),
    [
        ("all-time-high", {"main_record": True}, "record_follows", 1020.0),
        ("winning-streak", {"main_streak": figure("s", 5, "sessions", 0)}, "rise_goes_on", 1020.0),
        ("v-reversal", {"main_open": figure("kospi.open", 985.55, "points")}, "open_holds", 985.55),
        ("wide-range", {"main_range": figure("kospi.range", 4.29)}, "range_narrows", 2.15),
        ("heavy-volume", {"main_turnover_ratio": figure("t", 1.7, "ratio")}, "turnover_stays", 1.2),
        ("thin-volume", {"main_turnover_ratio": figure("t", 0.6, "ratio")}, "turnover_returns", 0.8),
        ("two-stock-market", {"two_largest": (stock("A", 2.0), stock("B", 1.5))}, "largest_go_on", 0),
        ("heavyweight-selloff", {"two_largest": (stock("A", -2.0), stock("B", -1.5))}, "largest_recover", 0),
        ("broad-rally", {}, "breadth_widens", 0),
    ],
)
def test_the_first_check_follows_the_first_angle(angle, changes, key, threshold):
    facts = moved(2.0, 1.9, angles=(angle,), **changes)
    first = choose_checks(facts)[0]
    assert (first.key, first.threshold) == (key, threshold)


@pytest.mark.parametrize(
    ("change", "angle", "key", "threshold"),
    [
        (-2.0, "large-fall", "half_regained", 990.0),
        (-2.0, "losing-streak", "fall_stops", 980.0),
        (-0.8, "lowest-since", "level_regained", 1000.0),
        (-0.2, "lowest-since", "level_holds", 998.0),
        (0.4, "highest-since", "level_holds", 1004.0),
    ],
)
def test_what_is_asked_of_the_level(change, angle, key, threshold):
    facts = moved(change, change, angles=(angle,), main_streak=figure("s", 4, "sessions", 0))
    check = choose_checks(facts)[0]
    assert (check.key, check.metric, check.threshold) == (key, "kospi_close", threshold)


def test_a_day_that_faded_has_its_open_to_win_back():
    opened = figure("kospi.open", 1015.0, "points")
    facts = replace(moved(-0.8, -0.8, angles=("gap-and-fade",)))
    facts = replace(facts, main=replace(facts.main, open=opened))
    assert choose_checks(facts)[0].key == "open_regained"


def test_an_open_session_has_made_no_record():
    facts = moved(1.0, 1.0, angles=("all-time-high",), main_record=True, final=False)
    assert "record_follows" not in keys(facts)


def test_the_name_that_moved_the_index_is_asked_about():
    up = moved(1.0, 1.0, leaders=(stock("A", 11.0, 9.5),), breadth=None)
    down = moved(-1.0, -1.0, draggers=(stock("B", -7.0, -9.5),), breadth=None)
    assert keys(up)[0] == "leader_goes_on"
    assert keys(down)[0] == "dragger_recovers"
    assert asked(down, "dragger_recovers").subjects[0].code == "B"


def test_the_median_stock_is_asked_about_where_the_index_left_it_behind():
    facts = moved(
        1.5, 1.4, median_change=figure("median_change_pct", -0.7), angles=("large-cap-compression",)
    )
    assert keys(facts)[0] == "median_rises"


def test_every_angle_leads_to_a_topic():
    """Those of flows need none: flows come first anyway."""
    computed = {"lowest-since", "streak-ended"}
    of_flows = {"foreign-buying", "foreign-selling", "buying-streak", "selling-streak"}
    angles = {angle.key for angle in CATALOGUE} | computed
    assert set(_TOPICS_OF_ANGLES) == angles - of_flows
    assert {topic for topics in _TOPICS_OF_ANGLES.values() for topic in topics} <= set(_TOPICS)


def test_a_dull_day_asks_less():
    dull = moved(0.1, 0.2)
    assert len(keys(dull)) <= QUIET_CHECKS < CHECKS
    assert len(keys(replace(dull, angles=moved(0.1, 0.2, angles=("thin-volume",)).angles))) <= CHECKS


def test_an_index_without_metrics_is_not_asked_about():
    facts = moved(1.0, -1.0, main_name="KOSPI 200")
    assert not [key for key in keys(facts) if key.startswith(("kosdaq", "level", "record"))]


SAMPLES = {
    "flows": facts_of(full_session()),
    "buying": facts_of(
        replace(
            full_session(),
            flows=tuple(
                replace(flow, net_krw=abs(flow.net_krw))
                for flow in full_session().flows
                if flow.scope_kind == "market"
            ),
            stocks=(),
        )
    ),
    "selling, no stocks": facts_of(
        replace(
            full_session(),
            flows=tuple(flow for flow in full_session().flows if flow.scope_kind == "market"),
            stocks=(),
        )
    ),
    "sold together": facts_of(
        replace(
            full_session(),
            stocks=(
                replace(
                    full_session().stocks[0],
                    foreign_net_krw=None,
                    foreign_institution_net_krw=1e11,
                    institution_net_krw=None,
                ),
            ),
        )
    ),
    "catching up": moved(1.0, -0.5),
    "behind": moved(1.0, 0.3),
    "ahead": moved(1.0, 1.8, angles=("kosdaq-lead",)),
    "surge": moved(1.0, 4.0, angles=("kosdaq-surge",)),
    "slide": moved(-1.0, -2.0, angles=("kosdaq-slide",)),
    "median": moved(
        1.5, 1.4, median_change=figure("median_change_pct", -0.7), angles=("large-cap-compression",)
    ),
    "record": moved(1.0, 1.0, angles=("all-time-high",), main_record=True),
    "run": moved(1.0, 1.0, angles=("winning-streak",), main_streak=figure("s", 5, "sessions", 0)),
    "falls": moved(-1.0, -1.0, angles=("losing-streak",), main_streak=figure("s", 5, "sessions", 0)),
    "turn": moved(1.0, 1.0, angles=("v-reversal",)),
    "half": moved(-2.0, -2.0, angles=("large-fall",), breadth=None),
    "regain": moved(-0.8, -0.8, angles=("lowest-since",)),
    "level": moved(0.4, 0.4, angles=("highest-since",)),
    "level after a fall": moved(-0.2, -0.2, angles=("lowest-since",)),
    "largest up": moved(
        1.0, 1.0, angles=("two-stock-market",), two_largest=(stock("A", 2.0), stock("B", 1.5))
    ),
    "largest down": moved(
        -1.0, -1.0, angles=("heavyweight-selloff",), two_largest=(stock("A", -2.0), stock("B", -1.5))
    ),
    "leader": moved(1.0, 1.0, leaders=(stock("A", 11.0, 9.5),), breadth=None),
    "dragger": moved(-1.0, -1.0, draggers=(stock("B", -7.0, -9.5),), breadth=None),
    "range": moved(1.0, 1.0, angles=("wide-range",), main_range=figure("kospi.range", 4.29)),
    "heavy": moved(1.0, 1.0, angles=("heavy-volume",), main_turnover_ratio=figure("t", 1.7, "ratio")),
    "thin": moved(0.2, 0.1, angles=("thin-volume",), main_turnover_ratio=figure("t", 0.6, "ratio")),
}
_turn = SAMPLES["turn"]
SAMPLES["turn"] = replace(_turn, main=replace(_turn.main, open=figure("kospi.open", 985.0, "points")))
SAMPLES["fade"] = replace(
    moved(-0.8, -0.8, angles=("gap-and-fade",)),
    main=replace(moved(-0.8, -0.8).main, open=figure("kospi.open", 1015.0, "points")),
)
_most = moved(1.0, 1.0, angles=("broad-rally",))
SAMPLES["broad"] = replace(
    _most, breadth=replace(_most.breadth, lead=figure("breadth.lead", 300, "stocks", 0))
)


def test_every_kind_is_asked_in_some_sample():
    assert {check.key for facts in SAMPLES.values() for check in choose_checks(facts)} == set(KEYS)


@pytest.mark.parametrize("name", SAMPLES)
def test_checks_can_be_answered_and_differ(name):
    checks = choose_checks(SAMPLES[name])
    assert 0 < len(checks) <= CHECKS
    assert len({(check.metric, check.subjects) for check in checks}) == len(checks)
    for check in checks:
        if check.subjects:
            assert check.metric in STOCK_METRICS
        else:
            assert METRICS[check.metric].kind == "level"


WAYS = 12
"""Turns after which every way of 2, 3 or 4 was written."""


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("form", ["short", "question", "meaning"])
def test_every_form_of_a_check_reads_as_a_sentence(name, form):
    facts = SAMPLES[name]
    source = f'{{% import "daily/checks.j2" as checks with context %}}{{{{ checks.{form}(c, f) }}}}'
    template = EN._environment.from_string(source)
    for check in choose_checks(facts):
        for turn in range(WAYS):
            ledger = Ledger(EN.numerals)
            text = plain(template.render(ledger=ledger, f=facts, c=check, turn=turn)).strip()
            assert text
            assert not any(flaw in text for flaw in ("None", "nan", "  ", "..", ",,", " ,", " .")), text
            assert text.endswith({"short": "", "question": "?", "meaning": "."}[form]), text
            assert text[:1].isupper() or form == "short" or text[0].isdigit(), text


def test_ways_take_turns():
    facts = moved(0.4, 0.4, angles=("highest-since",))
    said = {story.checks[0]["question"] for turn in range(3) for story in [_told(replace(facts, turn=turn))]}
    assert len(said) == 3


def _told(facts):
    """The story of facts that were changed by hand, without the sections that the change left behind."""
    facts = replace(facts, checks=choose_checks(facts), regime=None, conditions=())
    return tell(facts, EN, language="en", tags=(), subjects={})


def test_every_kind_has_a_name_on_the_score_page():
    words = yaml.safe_load((ROOT / "generator/wording/en/words.yaml").read_text(encoding="utf-8"))
    assert set(words["score"]["kinds"]) == {*KEYS, "other"}


@pytest.mark.parametrize("name", SAMPLES)
def test_what_the_front_matter_states_is_read_back(name):
    """The way from a check to front matter and back loses nothing that decides the answer."""
    told = _told(SAMPLES[name]).checks
    read, problems = read_checks(yaml.safe_load(yaml.safe_dump([dict(check) for check in told])), "a post")
    assert problems == ()
    for check, back in zip(choose_checks(SAMPLES[name]), read, strict=True):
        assert (back.key, back.metric, back.operator) == (check.key, check.metric, check.operator)
        assert back.threshold == check.threshold
        assert back.stocks == tuple(each.code for each in check.subjects)
