"""What a post states, and the figures in it, as `figures.json` keeps them."""

from __future__ import annotations

import json
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.bundle import read_figures, read_traces
from generator.errors import PostError
from generator.figures import Figure, Formula, Printed
from generator.goldmark.markup import Markup
from generator.reading.document import Document
from generator.reading.statements import statements
from generator.reading.traces import Mark, Traced, from_json, to_json, trace

DAY = date(2026, 5, 13)


def stated(text, **options):
    return statements(Document(text, file="a.md", language="en", markup=Markup()), **options)


POST = """---
title: KOSPI 7,844 (+2.63%)
description: It rose. It fell 3.
session: 2026-05-13
draft: false
checks:
  - key: a
    question: Does the KOSPI close above 7,844.01?
    holds_if: '> 7844.01'
stocks: ['000660']
---

> **Related**: [KOSPI 9,999](/post/other/)

*The lede. It has two.*

## 1. What happened

### 1.2 Where 3 led

- **One:** 955 rose. 1,455 fell.

| Name | Change |
| --- | --- |
| **[SK hynix](/tags/sk-hynix/)** | +7.68% |
| A \\| B | — |

```
Low: 7,400

Close: 7,844
```

```python
x = 12
```

> A quote further down, 5.
"""


def test_a_post_is_cut_into_what_it_states():
    assert [(each.kind, each.text) for each in stated(POST)] == [
        ("title", "KOSPI 7,844 (+2.63%)"),
        ("description", "It rose."),
        ("description", "It fell 3."),
        ("paragraph", "The lede."),
        ("paragraph", "It has two."),
        ("heading", "What happened"),
        ("heading", "Where 3 led"),
        ("item", "One: 955 rose."),
        ("item", "1,455 fell."),
        ("row", "Name | Change"),
        ("row", "SK hynix | +7.68%"),
        ("row", "A | B | —"),
        ("code", "Low: 7,400"),
        ("code", "Close: 7,844"),
        ("paragraph", "A quote further down, 5."),
        ("front", "session: 2026-05-13"),
        ("front", "checks.question: Does the KOSPI close above 7,844.01?"),
        ("front", "checks.holds_if: > 7844.01"),
        ("front", "stocks: 000660"),
    ]


def test_every_statement_has_its_place():
    for each in stated(POST):
        for start, character in enumerate(each.text):
            first, last = each.place(start, start + 1)
            if character.isdigit():
                assert POST[first:last] == character, each


def test_passages_can_be_left_out():
    assert [each.text for each in stated("One.\n\nTwo. Three.", without={"Two. Three."})] == ["One."]


def test_a_statement_knows_its_sources_and_its_block():
    first, second, row = stated("It [rose](https://x.org/1) 5. It [fell](/a/).\n\n| [a](/b/) |\n| - |\n")
    assert first.is_sourced
    assert not second.is_sourced
    assert second.context == "It rose 5. It fell."
    assert row.targets == ("/b/",)


# --- Which figure a number is --------------------------------------------------------------------------


def figure(name, value, text, unit="%", precision=2):
    return Printed(Figure(name, value, unit, Formula("x"), precision), text)


RISE, FALL = figure("rise", 2.63, "2.63%"), figure("fall", -2.63, "2.63%")
OIL = figure("oil", 100.0, "100", "number", 0)
COUNT = figure("count", 3, "three", "stocks", 0)
WHEN = figure("day", DAY, "May 13", "date")
CUT = figure("cut", time(15, 30), "15:30", "time")


def traced(texts, shown):
    figures = tuple(dict.fromkeys(shown))
    return [
        [(each.text[mark.start : mark.end], figures[mark.figure].figure.id) for mark in each.marks]
        for each in trace(texts, figures=figures, shown=shown, language="en", near=DAY)
    ]


def test_numbers_of_one_text_are_taken_in_the_order_shown():
    assert traced(["It rose 2.63%, then fell 2.63%.", "Again 2.63%."], [RISE, FALL, RISE]) == [
        [("2.63%", "rise"), ("2.63%", "fall")],
        [("2.63%", "rise")],
    ]


def test_a_number_that_is_shown_more_often_than_it_was_printed_has_the_last_figure():
    assert traced(["2.63% and 2.63%", "2.63%"], [RISE])[1] == [("2.63%", "rise")]


def test_marks_beside_a_figure_are_its_own():
    assert traced(["Oil at $100/bbl on May 13 at 15:30: Three."], [OIL, WHEN, CUT, COUNT]) == [
        [("$100", "oil"), ("May 13", "day"), ("15:30", "cut"), ("Three", "count")]
    ]


def test_digits_of_another_value_are_no_figure():
    assert traced(["It was ₩100bn and 5."], [OIL]) == [[]]


# --- The file -------------------------------------------------------------------------------------------

ENTRY = {"figure": "a", "text": "1%", "value": 1, "unit": "%", "precision": 2, "source": {"file": "f"}}


def test_a_file_is_read_back():
    made = [Traced("It rose 1% “so”.", (Mark(8, 10, 0),)), Traced("Then.", ())]
    text = to_json([ENTRY], made)
    read = from_json(text)
    assert (read.figures, read.statements) == ((ENTRY,), tuple(made))
    assert read.figure(made[0].marks[0]) == ENTRY
    assert json.loads(text) == {
        "figures": [ENTRY],
        "statements": [{"text": "It rose 1% “so”.", "marks": [[8, 10, 0]]}, {"text": "Then.", "marks": []}],
    }


def test_the_list_of_older_versions_is_read():
    read = from_json(json.dumps([ENTRY]))
    assert (read.figures, read.statements) == ((ENTRY,), ())


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "12", '"a"', "null", "{}", '{"figures": 1}', '{"figures": []}', '[{"figure": "a"}]', "[1]",
        '{"figures": [], "statements": [{"text": "a", "marks": [[0, 1, 0]]}]}',
        '{"figures": [], "statements": [{"text": "a", "marks": [[0, 1]]}]}',
        '{"figures": [], "statements": [{"text": "a"}]}', '{"figures": [], "statements": [[]]}',
        "[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_not_ours_is_refused(text, tmp_path):
    path = tmp_path / "figures.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PostError, match="make the post again"):
        read_traces(path)


def test_a_post_without_figures_says_so(tmp_path):
    with pytest.raises(PostError, match="was not made from data"):
        read_figures(tmp_path / "post" / "figures.json")


@given(st.lists(st.tuples(st.text(), st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9))))))
def test_any_statements_are_read_back(made):
    traces = [Traced(text, tuple(Mark(*mark, 0) for mark in marks)) for text, marks in made]
    assert from_json(to_json([ENTRY], traces)).statements == tuple(traces)
