"""The English macros, each held against sentences written by hand, and the words they may use."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from itertools import pairwise
from types import SimpleNamespace

import pytest
from jinja2 import ChoiceLoader, DictLoader

from generator.figures import Cell, Figure
from generator.story.facts import IndexFacts
from generator.wording import Ledger, Wording

CELL = Cell("x.csv", "line 2", "y")


def figure(value, unit="%", precision=2):
    return Figure("x", value, unit, CELL, precision)


def day(*parts):
    return figure(date(*parts), "date")


def index(change, strength="plain", name="KOSPI", **more):
    facts = IndexFacts(name=name, change=figure(change), close=figure(7844.01, "points"), strength=strength)
    return replace(facts, **more)


FINAL = SimpleNamespace(
    final=True, day=day(2026, 5, 13), as_of_time=figure(time(14, 0), "time"), second=None, notes={}
)
OPEN = SimpleNamespace(**{**vars(FINAL), "final": False})


def said(expression, f=FINAL, turn=0, **context):
    """What an expression over the macros says."""
    wording = Wording("en")
    template = '{% import "macros.j2" as m with context %}{{ ' + expression + " }}"
    wording._environment.loader = ChoiceLoader([DictLoader({"t": template}), wording._environment.loader])
    return wording.write("t", Ledger(wording.numerals), f=f, turn=turn, **context)


@pytest.mark.parametrize(
    ("macro", "rise", "fall", "zero"),
    [
        ("rose", "rose 2.63%", "fell 0.20%", "was unchanged"),
        ("went", "rose", "fell", "was unchanged"),
        ("risen", "risen", "fallen", "not changed"),
        ("rise", "rise", "fall", "standstill"),
        ("gain", "gain", "loss", "standstill"),
        ("up", "up 2.63%", "down 0.20%", "unchanged"),
        ("higher", "2.63% higher", "0.20% lower", "unchanged"),
        ("traded", "net bought 2.63%", "net sold 0.20%", "bought and sold in equal amounts"),
    ],
)
def test_words_follow_the_sign_as_shown(macro, rise, fall, zero):
    found = [said(f"m.{macro}(x)", x=figure(value)) for value in (2.63, -0.2, 0.0, 0.004, -0.004)]
    assert found == [rise, fall, zero, zero, zero]


VERBS = {
    ("up", "slight"): {"edged up", "ticked up", "inched up"},
    ("up", "plain"): {"rose", "gained", "advanced"},
    ("up", "strong"): {"jumped", "climbed"},
    ("up", "extreme"): {"surged", "leapt"},
    ("down", "slight"): {"edged down", "slipped", "eased"},
    ("down", "plain"): {"fell", "lost", "declined"},
    ("down", "strong"): {"dropped", "slid"},
    ("down", "extreme"): {"plunged", "tumbled"},
}


@pytest.mark.parametrize(("direction", "strength"), VERBS)
def test_a_move_has_the_verb_of_its_size(direction, strength):
    change = 2.63 if direction == "up" else -2.63
    found = [said("m.moved(i)", turn=turn, i=index(change, strength)) for turn in range(6)]
    assert {text.removesuffix(" 2.63%") for text in found} == VERBS[direction, strength]
    assert all(one != other for one, other in pairwise(found))


@pytest.mark.parametrize("strength", ["slight", "plain", "strong", "extreme"])
def test_what_did_not_move_was_unchanged(strength):
    still = index(-0.001, strength)
    assert said("m.moved(i)", i=still) == "was unchanged"
    assert said("m.moved_to(i)", i=still) == "was unchanged at 7,844.01"
    assert said("m.gain_word(i)", i=still) == "standstill"


def test_an_open_session_says_where_things_stood_and_no_more():
    assert said("m.moved(i)", f=OPEN, i=index(1.2, "extreme")) == "was up 1.20%"
    assert said("m.moved(i)", f=OPEN, i=index(-1.2)) == "was down 1.20%"
    assert said("m.moved(i)", f=OPEN, i=index(0.0)) == "was unchanged"
    assert said("m.moved_to(i)", f=OPEN, i=index(1.2)) == "was up 1.20% at 7,844.01"


def test_a_move_with_its_level():
    assert said("m.moved_to(i)", i=index(2.63)) in {
        f"{verb} 2.63% to 7,844.01" for verb in VERBS["up", "plain"]
    }


@pytest.mark.parametrize("turn", range(6))
@pytest.mark.parametrize("strength", ["slight", "plain", "strong", "extreme"])
def test_two_indices_side_by_side_never_share_a_verb(turn, strength):
    second = index(1.0, strength, name="KOSDAQ")
    facts = SimpleNamespace(**{**vars(FINAL), "second": second})
    both = said("m.moved(a)", facts, turn, a=index(1.0, strength)), said("m.moved(b)", facts, turn, b=second)
    assert both[0] != both[1]


def test_every_noun_of_a_move_takes_the_article_a():
    nouns = Wording("en").words["nouns"]
    found = {noun for sizes in nouns.values() for each in sizes.values() for noun in each}
    assert {"gain", "jump", "fall", "drop", "slide"} <= found
    assert not [noun for noun in found if noun[0] in "aeiou"]
    told = {said("m.gain_word(i)", turn=turn, i=index(-3.0, "strong")) for turn in (0, 1)}
    assert told == {"drop", "slide"}


def test_verbs_and_nouns_are_there_for_each_size_and_take_turns():
    words = Wording("en").words
    for kind in ("verbs", "nouns"):
        for direction in ("up", "down"):
            assert set(words[kind][direction]) == {"slight", "plain", "strong", "extreme"}
            assert all(len(set(ways)) == len(ways) >= 2 for ways in words[kind][direction].values())


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, "zero stocks"), (1, "one stock"), (3, "three stocks"), (10, "10 stocks"), (1455, "1,455 stocks")],
)
def test_counts_have_their_number(count, expected):
    assert said("m.count(x, 'stock', 'stocks')", x=figure(count, "stocks", 0)) == expected


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (1, "a first"),
        (3, "a third"),
        (8, "an eighth"),
        (9, "a ninth"),
        (10, "a 10th"),
        (11, "an 11th"),
        (12, "a 12th"),
        (18, "an 18th"),
        (21, "a 21st"),
        (79, "a 79th"),
        (80, "an 80th"),
        (89, "an 89th"),
        (90, "a 90th"),
        (118, "a 118th"),
    ],
)
def test_places_have_their_article(place, expected):
    assert said("m.a_nth(x)", x=figure(place, "sessions", 0)) == expected
    assert said("m.nth(x)", x=figure(place, "sessions", 0)) == expected.split()[1]


def test_rows_and_ranks():
    assert said("m.in_a_row(x)", x=figure(3, "sessions", 0)) == "for a third session in a row"
    assert said("m.in_a_row(x)", x=figure(11, "sessions", 0)) == "for an 11th session in a row"
    ranks = [said("m.nth_most(x, 'largest')", x=figure(n, "number", 0)) for n in (1, 2, 21)]
    assert ranks == ["the largest", "the second largest", "the 21st largest"]


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (95.0, "more than nine in ten stocks"),
        (90.0, "more than three in four stocks"),
        (75.0, "more than two in three stocks"),
        (66.7, "more than two in three stocks"),
        (66.6, "more than half of the stocks"),
        (50.1, "more than half of the stocks"),
        (50.0, "half of the stocks"),
        (33.8, "fewer than half of the stocks"),
        (33.3, "fewer than one in three stocks"),
        (25.0, "fewer than one in three stocks"),
        (14.7, "fewer than one in four stocks"),
        (10.0, "fewer than one in four stocks"),
        (9.9, "fewer than one in ten stocks"),
    ],
)
def test_a_share_in_words_is_true(share, expected):
    assert said("m.more_than(x, 'stocks')", x=figure(share)) == expected


def test_breadth_says_which_side_had_more():
    found = [said("m.more_rose(x)", x=figure(lead, "stocks", 0)) for lead in (500, -500, 0)]
    assert found == [
        "500 more stocks rose than fell",
        "500 more stocks fell than rose",
        "as many stocks rose as fell",
    ]


def test_a_day_has_its_year_where_it_is_another():
    assert said("m.since(d, f)", d=day(2026, 2, 2)) == "since February 2"
    assert said("m.since(d, f)", d=day(2023, 11, 6)) == "since November 6, 2023"


def test_records_of_an_open_session_are_no_closes():
    known = index(
        -2.0, highest_since=day(2023, 11, 6), lowest_since=day(2026, 2, 2), largest_since=day(2025, 4, 7)
    )
    expected = {
        "highest_since": (
            "its highest close since November 6, 2023",
            "higher than any close since November 6, 2023",
        ),
        "lowest_since": ("its lowest close since February 2", "lower than any close since February 2"),
        "largest_since": ("its largest fall since April 7, 2025",) * 2,
    }
    for macro, texts in expected.items():
        assert tuple(said(f"m.{macro}(i, f)", f=f, i=known) for f in (FINAL, OPEN)) == texts


def test_a_close_is_a_close_only_when_the_session_is_over():
    expected = {
        "m.the_close(f)": ("the close", "the level at 14:00"),
        "m.closed(f)": ("closed", "stood"),
        "m.closed_at(f, i)": ("closed at 7,844.01", "stood at 7,844.01"),
        "m.close_name(f)": ("Close", "Level"),
        "m.a_record(f)": ("an all-time high", "above its highest close so far"),
        "'x' if f.final else m.by_now(f)": ("x", "by 14:00"),
    }
    for expression, texts in expected.items():
        assert tuple(said(expression, f=f, i=index(1.0)) for f in (FINAL, OPEN)) == texts


def test_money_is_told_by_who_bought():
    sold, bought = figure(-3.76e12, "KRW"), figure(907.7e9, "KRW")
    assert said("m.traded(x)", x=sold) == "net sold ₩3.76tn"
    assert said("m.traded(x)", x=bought) == "net bought ₩907.7bn"
    assert said("m.net_buying(x)", x=sold) == "net selling"
    assert said("m.net_buyers(x)", x=bought) == "net buyers"


def reading(**more):
    values = {
        "variable": "WTI oil", "value": None, "unit": "", "change": None, "change_unit": "", "period": None,
        "reading": None,
    }  # fmt: skip
    return SimpleNamespace(**{**values, **more})


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"value": figure(100, "number", 0), "unit": "USD/bbl", "reading": "back above"},
            "back above $100/bbl",
        ),
        ({"change": figure(0.4, "%", 1), "change_unit": "MoM", "period": "April"}, "+0.4% MoM (April)"),
        ({"value": figure(1470, "number", 0), "unit": "KRW", "reading": "stuck"}, "₩1,470, stuck"),
        ({"value": figure(4.48, "%"), "change": figure(0.05, "pp")}, "4.48%, +0.05 pp"),
    ],
)
def test_readings_from_outside(fields, expected):
    assert said("m.reading(x)", x=reading(**fields)) == expected
