"""What kind of day it was: by its definition, and as a post shows that."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from story_cases import EN, facts_of, full_session, story_of

from generator import rules
from generator.dataset.session import Breadth
from generator.figures import Figure, Formula
from generator.metrics.definitions import METRICS
from generator.metrics.measures import Measures
from generator.story import similar
from generator.story.conditions import Condition, rule_of
from generator.story.facts import BreadthFacts, IndexFacts
from generator.story.regimes import DEFINITIONS, lean_alike, regime_of
from generator.wording import Ledger


def figure(name, value, unit="%", precision=2):
    return Figure(name, value, unit, Formula("by hand"), precision)


def index(name, change):
    return IndexFacts(name=name, change=None if change is None else figure(f"{name.lower()}.change", change))


def breadth(rose, fell, listed=1000):
    """Stocks up and down, of a thousand."""
    return BreadthFacts(
        listed=figure("listed", listed, "stocks", 0),
        advancers=figure("advancers", rose, "stocks", 0),
        decliners=figure("decliners", fell, "stocks", 0),
        unchanged=None,
        advancers_share=figure("advancers_share", rose / listed * 100, precision=1),
        decliners_share=figure("decliners_share", fell / listed * 100, precision=1),
        unchanged_share=None,
        lead=figure("lead", rose - fell, "stocks", 0),
        counted=True,
    )


def of(kospi, kosdaq, rose, fell, own=None, **figures):
    """The regime and the definition."""
    return regime_of(
        index("KOSPI", kospi),
        index("KOSDAQ", kosdaq),
        breadth(rose, fell),
        breadth(*own) if own else None,
        {name: figure(name, value, METRICS[name].unit) for name, value in figures.items()},
    )


@pytest.mark.parametrize(
    ("kospi", "kosdaq", "rose", "fell", "regime"),
    [
        (-2.0, -0.1, 200, 750, "washout"),
        (-1.9, -0.1, 200, 750, "broad_selloff"),
        (-2.0, -0.1, 200, 749, "broad_selloff"),
        (-2.0, 0.1, 200, 750, None),
        (1.0, 0.1, 750, 200, "breadth_thrust"),
        (0.9, 0.1, 750, 200, "broad_rally"),
        (1.0, -0.1, 750, 200, None),
        (0.5, 0.01, 550, 400, "broad_rally"),
        (0.5, 0.01, 549, 400, None),
        (0.5, None, 550, 400, "broad_rally"),
        (0.5, 0.0, 550, 400, None),
        (0.49, 0.6, 500, 200, None),
        (0.5, 1.0, 400, 500, "compressed_rally"),
        (0.5, -1.0, 400, 500, "compressed_rally"),
        (-0.5, -0.01, 400, 550, "broad_selloff"),
        (-0.5, -0.01, 400, 549, None),
        (-0.5, 0.01, 400, 550, None),
        (-0.5, -0.3, 500, 400, "narrow_selloff"),
        (2.0, 1.0, 450, 450, None),
        (0.1, 0.1, 450, 450, "quiet"),
        (-0.49, 0.49, 350, 350, "quiet"),
        (0.1, 0.5, 450, 450, None),
        (0.5, 0.1, 450, 450, None),
        (0.1, 0.1, 349, 450, None),
        (0.1, None, 450, 450, "quiet"),
        (None, 1.0, 450, 450, None),
    ],
)
def test_regimes_at_their_bounds(kospi, kosdaq, rose, fell, regime):
    assert of(kospi, kosdaq, rose, fell)[0] == regime


@pytest.mark.parametrize(
    ("kospi", "spread", "rose", "fell", "regime"),
    [
        (0.2, 15.0, 600, 300, "rotation"),
        (0.2, 14.99, 600, 300, None),
        (0.6, 15.0, 600, 300, "broad_rally"),
        (0.2, 15.0, 650, 299, None),
        (0.2, 15.0, 400, 400, "rotation"),
    ],
)
def test_a_rotation_needs_sectors_apart_and_both_sides(kospi, spread, rose, fell, regime):
    assert of(kospi, 1.5, rose, fell, sector_spread_pp=spread)[0] == regime
    assert of(0.2, 1.5, 600, 300)[0] is None


def test_nothing_without_breadth_or_of_another_index():
    assert regime_of(index("KOSPI", 2.0), None, None, None, {}) == (None, ())
    assert regime_of(index("KOSPI 200", 2.0), None, breadth(600, 300), None, {}) == (None, ())


def test_the_index_s_own_market_must_agree():
    assert of(2.0, 1.0, 300, 600, own=(280, 180))[0] is None
    assert of(2.0, 1.0, 300, 600, own=(180, 280))[0] == "compressed_rally"
    # Who carries the index is no part of what a quiet day says.
    assert of(0.1, 0.1, 450, 440, own=(200, 210))[0] == "quiet"
    assert lean_alike(None, None)
    assert lean_alike(breadth(2, 1), None)
    assert lean_alike(breadth(2, 1), breadth(9, 2))
    assert not lean_alike(breadth(2, 1), breadth(1, 1))


def test_the_definition_comes_with_todays_values_and_whether_they_meet_it():
    regime, conditions = of(
        2.63, -0.2, 338, 515, foreign_net_krw=-3.76e12, top10_contribution_share=70.0, kospi_low_pct=-2.5
    )
    assert regime == "compressed_rally"
    assert [
        (c.metric, c.operator, c.threshold.value, c.today.value, c.met, c.required) for c in conditions
    ] == [
        ("kospi_change_pct", ">=", 0.5, 2.63, True, True),
        ("advance_decline", "<", 0, -177, True, True),
        ("kosdaq_minus_kospi_pp", "<", 0, pytest.approx(-2.83), True, False),
        ("foreign_net_krw", "<", 0, -3.76e12, True, False),
        ("top10_contribution_share", ">=", 80, 70.0, False, False),
        ("kospi_low_pct", "<=", -1, -2.5, True, False),
    ]
    assert len({c.threshold.id for c in conditions}) == len(conditions)


def test_what_is_not_known_is_left_out_of_a_definition():
    _, conditions = of(2.63, None, 338, 515)
    assert [c.metric for c in conditions] == ["kospi_change_pct", "advance_decline"]


def test_a_value_is_met_as_it_is_shown():
    fall = Condition("kosdaq_change_pct", "<", 0)
    assert fall.facts("x", {"kosdaq_change_pct": figure("x", -0.004)}).met is False
    assert fall.facts("x", {"kosdaq_change_pct": figure("x", -0.005)}).met is True
    assert fall.facts("x", {}).met is None
    assert fall.met({"kosdaq_change_pct": -0.004}) is True


def test_the_definitions_are_rules():
    for definition in DEFINITIONS:
        rules.check(rule_of((*definition.required, *definition.usual)))
    assert len({definition.regime for definition in DEFINITIONS}) == len(DEFINITIONS)


@given(
    st.floats(-9, 9).map(lambda x: round(x, 2)),
    st.none() | st.floats(-9, 9).map(lambda x: round(x, 2)),
    st.integers(0, 1000),
    st.integers(0, 1000),
    st.floats(0, 30),
)
def test_a_regime_meets_its_own_definition_and_no_word_lies(kospi, kosdaq, rose, fell, spread):
    if rose + fell > 1000:
        rose, fell = rose // 2, fell // 2
    regime, conditions = of(kospi, kosdaq, rose, fell, sector_spread_pp=spread)
    assert (regime is None) == (conditions == ())
    assert all(condition.met for condition in conditions if condition.required)
    if regime in ("broad_rally", "breadth_thrust"):
        assert min(kospi, rose - fell, 1 if kosdaq is None else kosdaq) > 0
    elif regime in ("broad_selloff", "washout"):
        assert max(kospi, rose - fell, -1 if kosdaq is None else kosdaq) < 0
    elif regime:
        assert (kospi * (rose - fell) < 0) == (regime in ("compressed_rally", "narrow_selloff")) or (
            abs(kospi) < 0.5
        )


# As a post shows it.


def said(regime_section):
    return "\n\n".join(part.body for part in regime_section.parts)


def section(kospi, kosdaq, rose, fell, **values):
    """The section of a session like `full_session`, with those moves."""
    session = full_session()
    quotes = (
        replace(session.indices[0], change_pct=kospi, close=1000 + 10 * kospi, all_time_high=None),
        replace(session.indices[1], change_pct=kosdaq, close=500 + 5 * kosdaq),
    )
    counted = Breadth(
        origins=session.breadth[0].origins,
        scope="all",
        listed=1000,
        advancers=rose,
        decliners=fell,
        unchanged=1000 - rose - fell,
    )
    story = story_of(
        replace(session, indices=quotes, breadth=(counted,), notes={}),
        measures=Measures(day=session.date, values=values),
    )
    found = [each for each in story.sections if each.key == "regime"]
    return found[0] if found else None


EVERY = {
    "foreign_net_krw": -2e12,
    "top10_contribution_share": 71.0,
    "kospi_low_pct": -2.0,
    "kospi_high_pct": 2.2,
    "median_change_pct": -0.31,
    "value_traded_ratio_20": 1.1,
    "adr20": 96.4,
    "sector_spread_pp": 17.5,
    "kospi_range_pct": 4.2,
}


@pytest.mark.parametrize(
    ("kospi", "kosdaq", "rose", "fell", "words"),
    [
        (-2.5, -1.0, 150, 800, "a washout"),
        (2.5, 1.0, 800, 150, "a breadth thrust"),
        (2.5, 1.0, 600, 300, "a broad rally"),
        (2.5, -1.0, 300, 600, "a compressed rally"),
        (2.5, 1.0, 300, 600, "a compressed rally"),
        (-1.5, -1.0, 300, 600, "a broad selloff"),
        (-1.5, 1.0, 600, 300, "a selloff of the heavyweights"),
        (0.2, 1.0, 500, 400, "a rotation below a flat index"),
    ],
)
@pytest.mark.parametrize("values", [{}, EVERY], ids=["without metrics", "with metrics"])
def test_every_regime_is_told_with_its_table(kospi, kosdaq, rose, fell, words, values):
    found = section(kospi, kosdaq, rose, fell, **values)
    if words.startswith("a rotation") and not values:
        assert found is None
        return
    text = said(found)
    assert words in text
    assert "| met |" in text
    assert not re.search(r"  |\bNone\b|\bMeasure\b| \.|\.\.|,,|\(\)| ,", text.replace("|  |", "")), text
    assert re.search(r"[.:]$", text.strip(), re.MULTILINE)
    for row in re.findall(r"^\| (?!---|Feature).*$", text, re.MULTILINE):
        assert row.endswith(("| met |", "| not met |"))
        assert row.count("|") == (6 if "A broad rally | A comp" in text or "| A narrow one" in text else 5)


def test_a_row_that_is_not_met_is_marked_so():
    text = said(section(2.5, 1.0, 560, 400, **EVERY))
    assert "| Stocks that rise | at least 55% | 56.0% | met |" in text
    assert "| Foreigners | net buying | -₩2tn | not met |" in text
    assert "foreigners net sold" in text
    assert "the index was 2.00% down on the way" in text


def test_two_bounds_stand_in_one_row():
    text = said(section(0.2, 1.0, 500, 400, **EVERY))
    assert "| KOSPI | between -0.5% and +0.5% | +0.20% | met |" in text
    assert text.count("| KOSPI |") == 1


def test_a_quiet_day_takes_one_sentence():
    text = said(section(0.1, 0.2, 450, 440, sector_spread_pp=9.0))
    assert "a quiet session" in text
    assert "|" not in text
    assert text.count(".") == len(re.findall(r"\d\.\d", text)) + 1 or text.count(". ") == 1


def test_signals_come_after_the_table_and_have_figures():
    found = section(2.5, -1.0, 300, 600, **EVERY)
    assert [part.heading for part in found.parts] == ["Side by side", "What would end it"]
    signals = [line for line in found.parts[1].body.splitlines() if line.startswith("- ")]
    assert len(signals) == 3
    assert "₩2tn" in signals[2]


def test_no_section_of_a_day_that_is_no_kind_but_the_writer_s_view_is_kept():
    assert section(0.2, 1.0, 700, 200) is None
    session = full_session(notes={"regime": "My view of it."})
    calm = replace(session.indices[0], change_pct=0.2, close=1002.0, all_time_high=None)
    story = story_of(replace(session, indices=(calm, session.indices[1])))
    assert facts_of(replace(session, indices=(calm, session.indices[1]))).regime is None
    (found,) = [each for each in story.sections if each.key == "regime"]
    assert "My view of it." in said(found)


def worded(macro, condition):
    """What a macro of conditions.j2 makes of a condition."""
    facts = condition.facts("x", {})
    source = f'{{% import "daily/conditions.j2" as conditions with context %}}{{{{ conditions.{macro} }}}}'
    template = EN._environment.from_string(source)
    return template.render(ledger=Ledger(EN.numerals), c=facts, metric=condition.metric)


CONDITIONS = sorted(
    {each for definition in DEFINITIONS for each in (*definition.required, *definition.usual)}
    | {each for definition in similar.DEFINITIONS for each in definition.conditions},
    key=lambda each: each.rule,
)


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda each: each.rule)
def test_every_condition_has_words(condition):
    words, name, bound = (worded(each, condition) for each in ("words(c)", "name(metric)", "bound(c)"))
    for text in (words, name, bound):
        assert text == text.strip()
        assert "  " not in text
    assert len(words.split()) >= 3
    assert " stood at " not in f" {words} "
    assert name != "Measure"
    assert bound


@pytest.mark.parametrize(
    ("condition", "words", "bound"),
    [
        (("kospi_change_pct", ">=", 2), "the KOSPI rose at least 2%", "rises at least 2%"),
        (("kospi_change_pct", "<=", -0.5), "the KOSPI fell at least 0.5%", "falls at least 0.5%"),
        (("kosdaq_change_pct", "<", 0), "the KOSDAQ fell", "falls"),
        (("advance_decline", "<", 0), "more stocks fell than rose", "more fall than rise"),
        (("advancers_share", ">=", 60), "at least 60% of all stocks rose", "at least 60%"),
        (("kosdaq_minus_kospi_pp", "<", 0), "the KOSDAQ trailed the KOSPI", "lags"),
        (("foreign_net_krw", "<", 0), "foreigners net sold", "net selling"),
        (("foreign_net_krw", "<=", -1e12), "foreigners net sold at least ₩1tn", "at most -₩1tn"),
        (("kospi_gap_pct", "<=", -2), "the KOSPI opened at least 2% lower", "at most -2%"),
        (("kospi_low_pct", "<=", -1), "the KOSPI was at least 1% down during the session", "at most -1%"),
        (("kospi_all_time_high", ">=", 1), "the KOSPI closed at a record", "yes"),
        (("kospi_up_streak", ">=", 5), "the KOSPI rose for at least five sessions in a row", "at least 5"),
        (
            ("top10_contribution_share", ">=", 80),
            "the ten largest companies made at least 80% of the move",
            "at least 80% of the move",
        ),
    ],
    ids=str,
)
def test_conditions_in_words(condition, words, bound):
    made = Condition(*condition)
    assert worded("words(c)", made) == words
    assert worded("bound(c)", made) == bound
