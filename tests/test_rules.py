from __future__ import annotations

import ast
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator import rules
from generator.errors import TagError
from generator.metrics import conditions
from generator.metrics.definitions import METRICS

NAMES = [name for name, metric in METRICS.items() if metric.kind != "date"]


@pytest.fixture
def history():
    """Five sessions; the third lacks breadth, the fourth the index."""
    index = pd.DatetimeIndex(pd.bdate_range("2024-01-08", periods=5), name="date")
    frame = pd.DataFrame(np.nan, index=index, columns=list(METRICS), dtype="float64")
    frame["kospi_change_pct"] = [1.5, -0.5, 2.0, np.nan, 0.0]
    frame["advancers"] = [800.0, 300, np.nan, 500, 400]
    frame["decliners"] = [900.0, 600, np.nan, 400, 0]
    return frame


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("kospi_change_pct >= 1 and advancers < decliners", [1, 0, 0, 0, 0]),
        ("kospi_change_pct >= 1 or advancers < decliners", [1, 1, 0, 0, 0]),
        # Missing is missing under `not` too: sessions three and four do not match.
        ("not kospi_change_pct >= 1", [0, 1, 0, 0, 1]),
        ("not advancers < decliners", [0, 0, 0, 1, 1]),
        ("not (kospi_change_pct >= 1 and advancers < decliners)", [0, 1, 0, 0, 1]),
        ("kospi_change_pct != 1.5", [0, 1, 1, 0, 1]),
        ("0 < kospi_change_pct < 2", [1, 0, 0, 0, 0]),
        ("-1 <= kospi_change_pct <= 0", [0, 1, 0, 0, 1]),
        ("advancers / decliners > 1", [0, 0, 0, 1, 1]),
        ("advancers - decliners == -100", [1, 0, 0, 0, 0]),
        ("(advancers + decliners) * 2 > 3e3", [1, 0, 0, 0, 0]),
        ("kospi_change_pct == 0", [0, 0, 0, 0, 1]),
        ("kospi_change_pct > +1", [1, 0, 1, 0, 0]),
        ("advancers < decliners or kospi_change_pct > 0 and advancers > 1", [1, 1, 0, 0, 0]),
        ("  kospi_change_pct\n  > 1 \t", [1, 0, 1, 0, 0]),
        ("kospi_change_pct > .5", [1, 0, 1, 0, 0]),
        ("adr20 > 0 or adr20 <= 0", [0, 0, 0, 0, 0]),
    ],
)
def test_matches(history, rule, expected):
    rules.check(rule)
    found = rules.matches(rule, history)
    assert found.dtype == bool
    assert found.index.equals(history.index)
    assert found.tolist() == [bool(each) for each in expected]


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("kospi_chnge_pct > 1", "column 1 of .*no metric kospi_chnge_pct; did you mean kospi_change_pct"),
        ("advancers > 1 and xyzzy < 2", "column 19 of .*no metric xyzzy; `marketpost metrics` lists them"),
        ("advancers > 1 and\n decliner < 2", "column 20 of .*did you mean decliners"),
        ("kospi_largest_rise_since > 1", "column 1 .*is a date"),
        ("advancers", "no condition; compare it"),
        ("advancers + 1", "no condition"),
        ("not advancers", "column 5 .*no condition"),
        ("advancers > 1 and decliners", "column 19 .*no condition"),
        ("(advancers > 1) > 0", "column 2 .*no number or metric"),
        ("advancers > (1 and 2)", "no number or metric"),
        ("1 < 2", "names no metric"),
        ("advancers > 1 and 1 < 2", "column 19 .*names no metric"),
        ("advancers >", "column .*is not a condition"),
        ("", "column 1 .*is not a condition"),
        ("   ", "column .*is not a condition"),
        ("advancers > 1)", "column 14 .*is not a condition"),
        ("advancers 1", "is not a condition"),
        ("advancers > > 1", "column 13 .*is not a condition"),
        ("advancers > 0777", "is not a condition"),
        ("advancers / 0 > 1", "column 13 .*divisor"),
        ("advancers / (1 - 1) > 1", "divisor"),
        ("advancers = 1", "column 11 .*has no place"),
        ("advancers > 1 # all", "column 15 .*has no place"),
        ("@advancers > 1", "column 1 .*has no place"),
        ("advancers > 'a'", "has no place"),
        ("advancers > 1_000", "has no place"),
        ("advancers > 0x10", "has no place"),
        ("advancers > 1.2.3", "has no place"),
        ("advancers > 1if", "has no place"),
        ("advancers > 1j", "has no place"),
        ("advancers ** 2 > 1", "column 11 .*has no place"),
        ("advancers // 2 > 1", "is not a condition|no number"),
        ("advancers % 2 > 1", "has no place"),
        ("advancers & 2", "has no place"),
        ("~advancers > 1", "has no place"),
        ("advancers.sum > 1", "has no place"),
        ("advancers[0] > 1", "has no place"),
        ("advancers(1) > 1", "no number or metric"),
        ("not(1)(2) > advancers", "no number or metric|no condition"),
        ("__import__ > 1", "no metric __import__"),
        ("True and advancers > 1", "no metric True"),
        ("advancers in 1", "no metric in"),
        ("advancers if advancers else 1 > 1", "no metric if"),
        ("lambda > 1", "no metric lambda"),
        ("index > 1", "no metric index"),
        ("advancers > 1e19", "column 13 .*beyond 1e"),
        ("advancers > 1e999", "beyond 1e"),
        ("advancers > " + "9" * 400, "beyond 1e"),
        ("advancers > 1" + " " * 500, "characters; at most 500"),
        ("ａdvancers > 1", "has no place"),
        ("advancers > １", "has no place"),
        ("advancers\x00> 1", "has no place"),
        ("advancers > 1\x0b", "has no place"),
        ("advancers > 1; advancers", "has no place"),
        ("not " * 60 + "advancers > 1", "deeper than"),
        ("advancers > " + "-" * 300 + "1", "deeper than"),
        ("(" * 220 + "advancers > 1" + ")" * 220, "is not a condition"),
        ("advancers" + " + 1" * 80 + " > 1", "deeper than"),
    ],
)
def test_what_is_no_rule_is_refused_with_its_place(history, rule, message):
    with pytest.raises(TagError, match=message):
        rules.check(rule)
    with pytest.raises(TagError):
        rules.matches(rule, history)


def test_a_message_is_printable():
    with pytest.raises(TagError) as caught:
        rules.check("advancers\x1b[31m > 1")
    assert str(caught.value).isprintable()


def test_only_the_given_metrics_may_be_named():
    rules.check("advancers > 1", ["advancers"])
    with pytest.raises(TagError, match="did you mean advancers"):
        rules.check("advancer > 1", ["advancers", "decliners"])
    with pytest.raises(TagError, match="no metric decliners"):
        rules.check("decliners > 1", ["advancers"])


def test_names_of_a_rule():
    assert rules.names("decliners > 1 and advancers < decliners") == ("advancers", "decliners")


def test_an_empty_history():
    frame = pd.DataFrame(columns=list(METRICS), dtype="float64", index=pd.DatetimeIndex([]))
    assert rules.matches("advancers > 1", frame).tolist() == []


ALLOWED = (ast.BoolOp, ast.UnaryOp, ast.Compare, ast.BinOp, ast.Name, ast.Constant)


def worked_out(rule, monkeypatch):
    """The parts of a rule that are worked out; None if it is refused."""
    seen = []
    held = conditions._held

    def record(node, columns):
        seen.append(node)
        return held(node, columns)

    monkeypatch.setattr(conditions, "_held", record)
    frame = pd.DataFrame(1.0, index=pd.RangeIndex(2), columns=list(METRICS))
    try:
        found = rules.matches(rule, frame)
    except TagError:
        assert seen == []
        return None
    assert found.dtype == bool
    assert len(found) == 2
    return seen


PIECES = st.sampled_from(
    [
        *NAMES[:6], "and", "or", "not", "<", "<=", ">", ">=", "==", "!=", "+", "-", "*", "/", "(", ")", " ",
        "1", "2.5", "1e3", "0", ".", "**", "//", "%", "@x", "__class__", ".__class__", "[0]", "'a'",
        "lambda: 0", ":=", "=", "#", "\n", "import os", "f(", "`a`", "1e999", "True", "is", "in", "&", "|",
        "~", "é", "\x00", ";", "\\", "if", "else",
    ]
)  # fmt: skip


@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(PIECES, max_size=14).map(" ".join),
        st.lists(PIECES, max_size=14).map("".join),
    )
)
@example("kospi_change_pct > 1")
@example("kospi_change_pct > 1 or not 0 < adr20 / 2 <= -listed")
@example("__import__('os').system('x')")
@example("adr20.__class__ > 1")
def test_nothing_outside_the_grammar_is_worked_out(rule):
    with pytest.MonkeyPatch.context() as monkeypatch:
        parts = worked_out(rule, monkeypatch)
    for node in parts or ():
        assert isinstance(node, ALLOWED)
        if isinstance(node, ast.Name):
            assert node.id in NAMES
        if isinstance(node, ast.Constant):
            assert type(node.value) in (int, float)
            assert math.isfinite(node.value)


VALUES = st.one_of(st.sampled_from(["adr20", "listed", "advancers"]), st.integers(0, 3).map(str))
NUMBERS = st.recursive(
    VALUES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda parts: f"({' '.join(parts)})"),
        inner.map(lambda value: f"-{value}"),
    ),
    max_leaves=5,
)
COMPARISONS = st.tuples(NUMBERS, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), NUMBERS).map(
    lambda parts: f"{parts[0]} {parts[1]} adr20 + {parts[2]}"
)
CONDITIONS = st.recursive(
    COMPARISONS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda parts: f"({' '.join(parts)})"),
        inner.map(lambda condition: f"not ({condition})"),
    ),
    max_leaves=4,
)


@given(
    CONDITIONS, st.lists(st.tuples(*[st.one_of(st.none(), st.integers(-2, 2))] * 3), min_size=1, max_size=4)
)
def test_what_the_grammar_allows_means_what_python_means(rule, rows):
    frame = pd.DataFrame(np.nan, index=pd.RangeIndex(len(rows)), columns=list(METRICS), dtype="float64")
    for place, row in enumerate(rows):
        frame.loc[place, ["adr20", "listed", "advancers"]] = [
            np.nan if each is None else each for each in row
        ]
    if len(rule) > rules.LENGTH:
        return
    found = rules.matches(rule, frame)
    used = rules.names(rule)
    for place in range(len(rows)):
        values = {name: frame.loc[place, name] for name in used}
        missing = any(np.isnan(value) for value in values.values())
        expected = not missing and eval(rule, {"__builtins__": {}}, values)  # noqa: S307 - text made three lines above
        assert bool(found.iloc[place]) is bool(expected)
