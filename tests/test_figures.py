from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.figures import Cell, Figure, apportioned, rounded, text
from generator.wording import Wording

NUMERALS = Wording("en").numerals
CELL = Cell("x.csv", "line 2", "y")


def figure(value, unit, precision=2):
    return Figure("f", value, unit, CELL, precision)


@pytest.mark.parametrize(
    ("value", "unit", "precision", "style", "expected"),
    [
        (7844.01, "points", 2, None, "7,844.01"),
        (7844.01, "points", 2, "whole", "7,844"),
        (-200.91, "points", 2, "signed", "-200.91"),
        (2.63, "%", 2, None, "+2.63%"),
        (-0.2, "%", 2, None, "-0.20%"),
        (-0.2, "%", 2, "size", "0.20%"),
        (0.001, "%", 2, None, "0.00%"),
        (-0.001, "%", 2, None, "0.00%"),
        (47.25, "%", 1, "plain", "47.3%"),
        (-2.83, "pp", 2, None, "-2.83 pp"),
        (-3.76e12, "KRW", 2, None, "-₩3.76tn"),
        (-3.76e12, "KRW", 2, "size", "₩3.76tn"),
        (-3.76e12, "KRW", 2, "billions", "-₩3,760bn"),
        (907.7e9, "KRW", 2, None, "+₩907.7bn"),
        (188e9, "KRW", 2, None, "+₩188bn"),
        (-1.6e12, "KRW", 2, None, "-₩1.6tn"),
        (999.96e9, "KRW", 2, None, "+₩1tn"),
        (0, "KRW", 2, None, "₩0"),
        (5_200_000, "KRW", 2, None, "+₩5m"),
        (6.7e9, "USD", 2, None, "$6.7bn"),
        (1_976_000, "KRW a share", 0, None, "₩1,976,000"),
        (1455, "stocks", 0, None, "1,455"),
        (1.11, "ratio", 2, None, "1.11×"),
        (date(2026, 5, 13), "date", 0, None, "May 13"),
        (date(2026, 5, 13), "date", 0, "long", "May 13, 2026"),
        (date(2026, 5, 13), "date", 0, "weekday", "Wednesday"),
        (date(2026, 5, 3), "date", 0, "iso", "2026-05-03"),
        (date(2023, 11, 6), "date", 0, "month", "November 2023"),
        (date(2023, 11, 6), "date", 0, "year", "2023"),
        (time(9, 5), "time", 0, None, "09:05"),
        (0, "stocks", 0, "words", "zero"),
        (1, "stocks", 0, "words", "one"),
        (3.0, "sessions", 0, "words", "three"),
        (9, "sessions", 0, "words", "nine"),
        (10, "sessions", 0, "words", "10"),
        (1455, "stocks", 0, "words", "1,455"),
    ],
)
def test_text(value, unit, precision, style, expected):
    assert text(figure(value, unit, precision), NUMERALS, style) == expected


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (1, "first"),
        (2, "second"),
        (3, "third"),
        (9, "ninth"),
        (10, "10th"),
        (11, "11th"),
        (12, "12th"),
        (13, "13th"),
        (14, "14th"),
        (20, "20th"),
        (21, "21st"),
        (22, "22nd"),
        (23, "23rd"),
        (24, "24th"),
        (101, "101st"),
        (111, "111th"),
        (112, "112th"),
        (113, "113th"),
        (121, "121st"),
        (1003, "1,003rd"),
        (7211, "7,211th"),
        (0, "0th"),
    ],
)
def test_ordinals(place, expected):
    assert text(figure(place, "number", 0), NUMERALS, "ordinal") == expected


@pytest.mark.parametrize("style", ["words", "ordinal"])
@pytest.mark.parametrize("value", [-1, 2.5])
def test_what_is_no_count_has_no_word(value, style):
    with pytest.raises(ValueError, match=r"f: .* is no count"):
        text(figure(value, "number"), NUMERALS, style)


@pytest.mark.parametrize(
    ("value", "unit", "style"),
    [
        (date(2026, 5, 13), "date", "words"),
        (date(2026, 5, 13), "date", "signed"),
        (3, "sessions", "month"),
        (2.63, "%", "long"),
    ],
)
def test_a_style_of_another_unit_is_refused(value, unit, style):
    with pytest.raises(ValueError, match=f"cannot be shown as {style}"):
        text(figure(value, unit), NUMERALS, style)


def test_tables_have_one_scale_so_that_a_column_compares():
    shown = [text(figure(value, "KRW"), NUMERALS, "billions") for value in (-3.76e12, 907.7e9, 4e8, 6e8, 0)]
    assert shown == ["-₩3,760bn", "+₩908bn", "₩0bn", "+₩1bn", "₩0bn"]


def test_a_style_that_is_not_one_of_the_unit_is_refused():
    with pytest.raises(ValueError, match="cannot be shown as billions"):
        text(figure(1.0, "points"), NUMERALS, "billions")


@pytest.mark.parametrize(("value", "sign"), [(0.004, 0), (-0.004, 0), (0.005, 1), (-0.006, -1)])
def test_the_sign_is_that_of_the_digits_shown(value, sign):
    assert figure(value, "%").sign == sign


def test_rounding_is_as_by_hand():
    assert [str(rounded(value, 2)) for value in (2.675, 2.665, -2.675, 1.005)] == [
        "2.68",
        "2.67",
        "-2.68",
        "1.01",
    ]


def test_a_date_is_no_number():
    with pytest.raises(TypeError):
        _ = figure(date(2026, 5, 13), "date").number


def test_shares_of_the_reference_session_add_up():
    assert apportioned([955, 1455, 417], 2827, 1) == [33.8, 51.5, 14.7]


@given(st.lists(st.integers(0, 3000), min_size=1, max_size=5).filter(any))
def test_shares_add_up_and_stay_within_a_unit(parts):
    whole = sum(parts)
    shares = apportioned(parts, whole, 1)
    assert round(sum(shares), 6) == 100
    assert all(
        abs(share - part / whole * 100) < 0.1 + 1e-9 for share, part in zip(shares, parts, strict=True)
    )
