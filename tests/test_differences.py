"""What readers saw against the data, with figures made by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from correction_cases import figure
from hypothesis import given
from hypothesis import strategies as st

from generator.differences import differences
from generator.figures import Cell, Figure, Formula, Printed, text, traced
from generator.reading.traces import Mark, Traced, Traces
from generator.wording import Wording

EN = Wording("en")


@dataclass(frozen=True)
class Row:
    variable: str
    value: Figure | None = None
    change: Figure | None = None


@dataclass(frozen=True)
class Index:
    name: str
    close: Figure | None = None
    change: Figure | None = None


@dataclass(frozen=True)
class Some:
    indices: tuple[Index, ...] = ()
    macro: tuple[Row, ...] = ()


def seen(*shown, statements=()):
    """What readers saw: figures, each with a style."""
    listed = tuple(
        {"figure": each.id, "text": text(each, EN.numerals, style), "value": each.value, **traced(each)}
        for each, style in shown
    )
    return Traces(listed, tuple(statements))


STYLES = ("signed", "size", "plain", "whole")


@given(st.floats(-50, 50), st.floats(-50, 50), st.lists(st.sampled_from(STYLES), min_size=1, unique=True))
def test_a_figure_differs_exactly_if_a_reader_sees_another_text(was, now, styles):
    old, new = figure("kospi.change", was, "%"), figure("kospi.change", now, "%")
    before = seen(*((old, style) for style in styles))
    facts = Some(indices=(Index("KOSPI", change=new, close=figure("kospi.close", 1.0, "points")),))
    found = differences(before, facts, (), EN.numerals).seen
    texts = {text(old, EN.numerals, style) for style in styles}
    looks_like = [style for style in STYLES if text(old, EN.numerals, style) in texts]
    assert bool(found) == any(
        text(old, EN.numerals, style) != text(new, EN.numerals, style) for style in looks_like
    )
    for each in found:
        assert (each.of, each.kind) == ("KOSPI", "changed")
        assert each.was_text in texts
        assert each.was_text != each.now_text


@given(st.permutations(range(4)), st.integers(0, 3))
def test_rows_of_a_table_may_move(order, changed):
    names = ["USD/KRW", "VIX", "US 10Y", "Brent"]
    old = [figure(f"macro.{n}.value", 10.0 + n, "number", 1) for n in range(4)]
    before = seen(
        *((each, "plain") for each in old),
        statements=[
            Traced(f"{name} | {10 + n}.0", (Mark(len(name) + 3, len(name) + 7, n),))
            for n, name in enumerate(names)
        ],
    )
    now = [10.0 + n + (0.5 if n == changed else 0) for n in range(4)]
    rows = tuple(
        Row(names[n], value=figure(f"macro.{place}.value", now[n], "number", 1))
        for place, n in enumerate(order, start=1)
    )
    (found,) = differences(
        before, Some(macro=(Row("New", figure("macro.0.value", 99.0, "number", 1)), *rows)), (), EN.numerals
    ).seen
    assert (found.of, found.was_text, found.now_text) == (
        names[changed],
        f"{10 + changed}.0",
        f"{10 + changed}.5",
    )


def test_a_figure_that_is_known_but_not_shown_is_no_difference():
    close = figure("kospi.close", 7844.01, "points")
    found = differences(seen((close, "plain")), Some(indices=(Index("KOSPI", close=close),)), (), EN.numerals)
    assert found.listed == ()
    gone = differences(seen((close, "plain")), Some(), (), EN.numerals)
    assert [each.kind for each in gone.seen] == ["withdrawn"]
    computed = figure("kospi.close", 7844.01, "points", source=Formula("x"))
    assert [each.kind for each in differences(seen((computed, "plain")), Some(), (), EN.numerals).listed] == [
        "dropped"
    ]


def test_when_a_post_was_made_is_no_figure_of_the_market():
    as_of = Figure("as_of_time", dt.time(15, 30), "time", CELL_OF_SESSION)
    later = Figure("as_of_time", dt.time(18, 0), "time", CELL_OF_SESSION)
    shown = [Printed(later, "18:00")]
    assert differences(seen((as_of, "clock")), Some(), shown, EN.numerals).listed == ()


CELL_OF_SESSION = Cell("session", "2026-05-13", "as_of")


def test_what_an_older_version_wrote_is_held_against_what_it_has():
    listed = (
        {"figure": "kospi.close", "text": "7,844.01", "value": 7844.01, "source": {}},
        {"figure": "kospi.change", "text": "2,63 %", "value": 2.63, "unit": "%", "precision": 2, "source": 5},
        {"figure": "day", "text": "May", "value": "never", "unit": "date", "precision": 2, "source": {}},
    )
    facts = Some(
        indices=(
            Index(
                "KOSPI", close=figure("kospi.close", 1.0, "points"), change=figure("kospi.change", 2.64, "%")
            ),
        )
    )
    (found,) = differences(Traces(listed), facts, (), EN.numerals).seen
    assert (found.figure, found.was_text, found.now_text) == ("kospi.change", "2,63 %", "+2.64%")
