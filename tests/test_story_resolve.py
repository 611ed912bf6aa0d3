"""Answering the checks of the session before: what a post asked, what today's figures say, what it counts."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from story_cases import EN, facts_of, full_session, text_of, without

from generator import goldmark
from generator.dataset.session import SetAside, Stock
from generator.markdown import plain
from generator.metrics.measures import Measures
from generator.story.asked import Asked, AskedCheck, read_checks
from generator.story.gather import Evidence, gather
from generator.story.resolve import resolved, score_of
from generator.wording import Ledger

if TYPE_CHECKING:
    from generator.story.facts import Facts

SESSION = full_session()
BEFORE = dt.date(2026, 3, 3)


def check(metric="kospi_change_pct", operator=">", threshold=0.0, **more):
    values = {
        "key": "level_holds", "question": "Does it rise?", "metric": metric, "operator": operator,
        "threshold": threshold, "file": "content/post/a/index.en.md",
    }  # fmt: skip
    return AskedCheck(**{**values, **more})


def answer(asked, session=SESSION, **values):
    measures = Measures(day=session.date, values=values)
    return resolved(Asked(day=BEFORE, checks=(asked,)), session, measures, {}, "en")[0]


@pytest.mark.parametrize(
    ("operator", "threshold", "value", "outcome"),
    [
        (">", 0.0, 1.2, "held"),
        (">", 0.0, -1.2, "failed"),
        (">", 0.0, 0.0, "failed"),
        (">=", 0.0, 0.0, "held"),
        ("<", 2.15, 2.14, "held"),
        ("<", 2.15, 2.15, "failed"),
        ("<=", 2.15, 2.15, "held"),
        # +0.004% is shown as 0.00%, unchanged: a reader sees no rise, so there was none.
        (">", 0.0, 0.004, "failed"),
        (">", 0.0, 0.005, "held"),
        (">=", 0.0, -0.004, "held"),
    ],
)
def test_the_outcome_is_that_of_the_figure_shown(operator, threshold, value, outcome):
    assert answer(check(operator=operator, threshold=threshold), kospi_change_pct=value).outcome == outcome


def test_not_reported_is_not_failed():
    found = answer(check("kosdaq_change_pct"))
    assert (found.outcome, found.parts[0].value) == ("not_reported", None)


def flows(code, foreign=None, institution=None, both=None, change=1.0):
    return Stock(
        origins=SESSION.stocks[0].origins, code=code, name=f"Company {code}", change_pct=change,
        foreign_net_krw=foreign, institution_net_krw=institution, foreign_institution_net_krw=both,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        (1e9, 2e9, "held"),
        (1e9, -2e9, "failed"),
        (None, -2e9, "failed"),
        (1e9, None, "not_reported"),
        (None, None, "not_reported"),
    ],
)
def test_a_check_of_stocks_holds_if_it_does_for_each(first, second, outcome):
    session = replace(SESSION, stocks=(flows("A", first), flows("B", second)), flows=(), clusters=())
    found = answer(check("foreign_net_krw", ">=", stocks=("A", "B")), session)
    assert found.outcome == outcome
    assert [part.value and part.value.value for part in found.parts] == [first, second]
    assert [part.stock.name for part in found.parts] == ["Company A", "Company B"]


def test_a_flow_may_stand_in_the_table_of_flows():
    row = replace(SESSION.flows[3], scope="B", investor="foreign", net_krw=-5e9)
    session = replace(SESSION, flows=(row,), stocks=(), clusters=())
    found = answer(check("foreign_net_krw", ">=", stocks=("B",)), session)
    assert (found.outcome, found.parts[0].value.value) == ("failed", -5e9)


def test_foreigners_and_institutions_together_are_added_up_where_both_are_known():
    session = replace(
        SESSION, stocks=(flows("A", 3e9, -1e9), flows("B", 3e9), flows("C", both=-7e9)), clusters=()
    )
    found = answer(check("foreign_institution_net_krw", ">", stocks=("A", "B", "C")), session)
    assert [part.value and part.value.value for part in found.parts] == [2e9, None, -7e9]
    assert found.parts[0].value.source.inputs == ("stock.A.foreign", "stock.A.institution")


def test_the_price_of_a_stock_that_did_not_trade_says_nothing():
    session = replace(
        SESSION,
        stocks=(flows("A", change=0.0),),
        clusters=(),
        set_aside=SetAside(not_traded=frozenset({"A"})),
    )
    assert answer(check("change_pct", ">=", stocks=("A",)), session).outcome == "not_reported"
    assert (
        answer(check("change_pct", ">=", stocks=("A",)), replace(session, set_aside=SetAside())).outcome
        == "held"
    )


def test_bound_and_earlier_value_are_traced_to_the_post_that_asked():
    found = answer(check("kospi_close", ">=", 7844.01, today=7900.5), kospi_close=7844.01)
    assert found.outcome == "held"
    assert (found.threshold.value, found.before.value) == (7844.01, 7900.5)
    assert str(found.threshold.source) == "content/post/a/index.en.md, check level_holds, holds_if"


# The score


def scored(before=(), last=60, outcomes=("held",)):
    answers = [replace(answer(check(), kospi_change_pct=1.0), outcome=each) for each in outcomes]
    asked = Asked(day=BEFORE, checks=(), before=tuple(before), last=last, address="/page/checks-score/")
    return score_of(asked, answers)


def numbers(score):
    return [int(figure.number) for figure in (score.answered, score.held, score.failed, score.not_reported)]


def test_the_score_counts_today_and_what_came_before():
    score = scored(["failed", "not_reported", "held"], outcomes=["held", "failed"])
    assert numbers(score) == [4, 2, 2, 1]
    assert score.address == "/page/checks-score/"


def test_the_score_stops_at_the_newest_answered():
    before = ["failed", "not_reported", "held", "not_reported", "held", "held"]
    assert numbers(scored(before, last=3)) == [3, 2, 1, 1]
    # Today's and 59 more: 14 times the six (1 failed, 3 held, 2 silent), then the first five of them.
    assert numbers(scored(before * 40)) == [60, 1 + 14 * 3 + 2, 14 + 1, 14 * 2 + 2]


def test_without_an_answer_there_is_no_score():
    assert scored(["not_reported"], outcomes=["not_reported"]) is None


# What a person may have done to the front matter

GOOD = {"key": "k", "question": "Q?", "metric": "kospi_close", "holds_if": ">= 5000"}

BROKEN = [
    ("checks", "rubbish"),
    ("checks", {"key": "k"}),
    ("entry 1", [None]),
    ("entry 1", ["Does it hold?"]),
    ("entry 1, key", [{**GOOD, "key": 7}]),
    ("entry 1, question", [{**GOOD, "question": "  "}]),
    ("entry 1, question", [{key: GOOD[key] for key in ("key", "metric", "holds_if")}]),
    ("entry 1, metric", [{**GOOD, "metric": "moon_phase"}]),
    ("entry 1, metric", [{**GOOD, "metric": "kospi_largest_rise_since"}]),
    ("entry 1, metric", [{**GOOD, "metric": "change_pct"}]),
    ("entry 1, metric", [{**GOOD, "stocks": ["005930"]}]),
    ("entry 1, holds_if", [{**GOOD, "holds_if": 5000}]),
    ("entry 1, holds_if", [{**GOOD, "holds_if": "above 5000"}]),
    ("entry 1, holds_if", [{**GOOD, "holds_if": "=> 5000"}]),
    ("entry 1, holds_if", [{**GOOD, "holds_if": ">= 1e999"}]),
    ("entry 1, holds_if", [{**GOOD, "holds_if": ">= 5,000"}]),
    ("entry 1, stocks", [{**GOOD, "metric": "change_pct", "stocks": [432]}]),
    ("entry 1, stocks", [{**GOOD, "metric": "change_pct", "stocks": {"a": 1}}]),
]


@pytest.mark.parametrize(("place", "stated"), BROKEN)
def test_what_is_no_check_is_left_out_and_told(place, stated):
    checks, (problem,) = read_checks(stated, "content/post/a/index.en.md")
    assert checks == ()
    assert not problem.fatal
    assert problem.file == "content/post/a/index.en.md"
    assert problem.column.endswith(place)
    assert problem.expected


def test_the_others_are_still_read():
    checks, problems = read_checks([GOOD, None, {**GOOD, "key": "mine", "today": "high"}], "a")
    assert [each.key for each in checks] == ["k", "mine"]
    assert [each.today for each in checks] == [None, None]
    assert len(problems) == 1


def test_none_is_no_problem():
    assert read_checks(None, "a") == ((), ())
    assert read_checks([], "a") == ((), ())


YAML = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*GOOD, "stocks", "today"]) | st.integers(), inner, max_size=6)
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(YAML)
def test_no_front_matter_breaks_it(stated):
    for value in (stated, [stated], [{**GOOD, "stocks": stated}], [{**GOOD, "today": stated}]):
        checks, problems = read_checks(value, "a")
        assert all(str(problem) for problem in problems)
        for each in checks:
            answer(each, kospi_close=5000.0)


# The words


def facts_with(*checks, session=SESSION, before=(), **values):
    measures = Measures(day=session.date, values=values)
    asked = Asked(day=BEFORE, checks=checks, before=before, address="/page/checks-score/")
    evidence = Evidence(session=session, measures=measures, asked=asked)
    return gather(
        evidence, language="en", leaders=6, published=session.publish_at, sectors={}, resolve=lambda _: None
    )


def written(name: str, facts: Facts, turn: int = 0):
    return EN.write(
        f"daily/{name}.j2", Ledger(EN.numerals), f=facts, turn=turn, angle="quiet", angles=["quiet"], tags=(),
        subjects={},
    )  # fmt: skip


def verdict(facts: Facts, turn: int = 0):
    template = EN._environment.from_string(
        '{% import "daily/checks.j2" as checks with context %}{{ checks.verdict(f) }}'
    )
    return plain(template.render(ledger=Ledger(EN.numerals), f=facts, turn=turn))


def test_the_section_says_what_was_asked_how_it_came_out_and_why():
    session = replace(SESSION, stocks=(flows("A", -2e12), flows("B", 2e9), flows("C")), clusters=())
    section = written(
        "resolved",
        facts_with(
            check("foreign_net_krw", ">=", question="Stops it?", stocks=("A", "B")),
            check("foreign_institution_net_krw", question="Do they keep buying?", stocks=("C", "D")),
            check("kosdaq_change_pct", question="Does the KOSDAQ catch up?"),
            check("foreign_net_krw", question="And C?", stocks=("B", "C")),
            session=session,
            kosdaq_change_pct=1.2,
        ),
    )
    rows = [line for line in section.split("\n") if line.startswith("| ")]
    assert rows[2:] == [
        "| Stops it? | **Failed** | Foreigners net sold ₩2tn of Company A and net bought ₩2bn of Company B |",
        "| Do they keep buying? | **Not reported** | No figure for either was reported |",
        "| Does the KOSDAQ catch up? | **Held** | The KOSDAQ rose 1.20% |",
        "| And C? | **Not reported** | Foreigners net bought ₩2bn of Company B; no figure for Company C |",
    ]
    assert "March 3" in section.split("\n")[0]


@pytest.mark.parametrize("turn", range(3))
def test_the_verdict_counts_and_names(turn):
    session = replace(SESSION, stocks=(flows("A", -1.6e12), flows("B", 2e9)), clusters=())
    facts = facts_with(
        check("foreign_net_krw", ">=", stocks=("A", "B")),
        check("foreign_institution_net_krw", stocks=("C", "D")),
        check("kosdaq_change_pct"),
        session=session,
        kosdaq_change_pct=1.2,
    )
    said = verdict(facts, turn)
    assert "March 3" in said
    assert said.endswith(
        "one held (the KOSDAQ rose 1.20%), one failed (foreigners net sold ₩1.6tn of Company A) and one had "
        "no figure."
    )


RISE, FALL, NONE = check(), check("kosdaq_change_pct"), check("adr20")


@pytest.mark.parametrize(
    ("checks", "words"),
    [
        ((RISE,), "held"),
        ((FALL,), "failed"),
        ((NONE,), "no figure"),
        ((RISE, RISE), "the KOSPI rose 2.00%; the KOSPI rose 2.00%"),
        ((FALL, FALL), "the KOSDAQ fell 0.20%; the KOSDAQ fell 0.20%"),
        ((NONE, NONE), "no figure"),
        ((RISE, NONE), "one had no figure"),
        ((RISE, FALL, RISE), "two held (the KOSPI rose 2.00%; the KOSPI rose 2.00%)"),
    ],
)
def test_the_verdict_fits_every_outcome(checks, words):
    facts = facts_with(*checks, kospi_change_pct=2.0, kosdaq_change_pct=-0.2)
    for turn in range(3):
        said = verdict(facts, turn)
        assert words.lower() in said.lower()
        assert said.endswith(".")
        assert said[0].isupper()
        assert said.count("March 3") == 1
        assert ".." not in said
        assert "()" not in said


def test_nothing_asked_nothing_said():
    facts = facts_of(SESSION)
    assert written("resolved", facts) == ""
    assert verdict(facts) == ""


def test_the_running_score_is_told_from_a_handful_on():
    few = facts_with(RISE, before=("held",) * 3, kospi_change_pct=2.0)
    enough = facts_with(
        RISE, before=("held", "failed", "failed", "not_reported", "held"), kospi_change_pct=2.0
    )
    assert "last" not in written("resolved", few)
    for turn in range(3):
        section = written("resolved", enough, turn)
        assert "](/page/checks-score/)" in section
        said = plain(section.split("\n")[-1]).lower()
        assert "three" in said
        assert "last five" in said


HOSTILE = [
    "**bold** and `code`", "<script>alert(1)</script>", "[x](javascript:y)", "a | b", "{{< youtube x >}}",
    "# heading", "line\nbreak", "😀 Does it\u202e hold?", "![i](http://x/y.png)", "- list", "&lt;b&gt;",
]  # fmt: skip


@pytest.mark.parametrize("question", HOSTILE)
def test_an_edited_question_comes_out_as_text(question):
    asked = replace(RISE, question=question, key=question)
    section = written("resolved", facts_with(asked, kospi_change_pct=2.0))
    rendered = goldmark.render(section)
    assert "{{<" not in section
    assert rendered.count("<tr>") == 2
    assert rendered.count("<td>") == 3
    for tag in ("<script", "<code", "<a ", "<img", "<li", "<em"):
        assert tag not in rendered
    assert rendered.count("<strong>") == 1
    cell = rendered.split("<td>")[1].split("</td>")[0]
    shown = cell.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    assert shown == question.replace("\n", " ").replace("\u202e", "")


def test_a_metric_of_a_persons_own_is_answered():
    facts = facts_with(check("adr20", "<", 120.0, key="mine", question="Cool?"), adr20=95.25)
    assert "| Cool? | **Held** | The measure adr20 was 95.3% |" in written("resolved", facts)


def test_a_post_with_answers_is_whole():
    session = without(SESSION, "notes")
    asked = Asked(day=BEFORE, checks=(RISE, NONE))
    measures = Measures(day=session.date, values={"kospi_change_pct": 2.0})
    text = text_of(session, measures=measures, asked=asked)
    assert "\n## 1. " in text
    assert "| Does it rise? | **Held** |" in text
