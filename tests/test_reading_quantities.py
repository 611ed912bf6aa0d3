"""Quantities of texts: what is one, what it is worth, and what is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from datetime import time as clock
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from timing import spent

from generator import figures
from generator.figures import Figure, Formula
from generator.reading.lexicon import lexicon
from generator.reading.quantities import _Reader, quantities
from generator.wording import Wording

NEAR = date(2026, 5, 13)


def read(text, language="en", near=NEAR):
    """Text, value and unit of each quantity."""
    return [(each.text, each.value, each.unit) for each in quantities(text, language, near=near)]


def values(text, language="en"):
    return [(float(each.value), each.unit) for each in quantities(text, language, near=NEAR)]


def only(text, language="en", near=NEAR):
    (each,) = quantities(text, language, near=near)
    return each


AMOUNTS = [
    ("en", "+₩1,890bn", 1.89e12, "KRW", "+"),
    ("en", "-₩3.76tn", -3.76e12, "KRW", "-"),
    ("en", "₩-3.76tn", -3.76e12, "KRW", "-"),
    ("en", "₩1,976,000", 1976000, "KRW", ""),
    ("en", "KRW 3.76 trillion", 3.76e12, "KRW", ""),
    ("en", "3.76 trillion won", 3.76e12, "KRW", ""),
    ("en", "500 won", 500, "KRW", ""),
    ("en", "$6.7bn", 6.7e9, "USD", ""),
    ("en", "US$6.7 billion", 6.7e9, "USD", ""),
    ("en", "$12m", 1.2e7, "USD", ""),
    ("en", "¥150", 150, "JPY", ""),
    ("en", "100 dollars", 100, "USD", ""),
    ("en", "3.76 trillion", 3.76e12, "number", ""),
    ("en", "-1.69%", -1.69, "%", "-"),
    ("en", "−1.69%", -1.69, "%", "-"),
    ("en", "–1.69%", -1.69, "%", "-"),
    ("en", "+2.63 per cent", 2.63, "%", "+"),
    ("en", "2.63 percent", 2.63, "%", ""),
    ("en", "▲2.63%", 2.63, "%", "+"),
    ("en", "▼ 2.63%", -2.63, "%", "-"),
    ("en", ".5%", 0.5, "%", ""),
    ("en", "2.83 pp", 2.83, "pp", ""),
    ("en", "2.83 percentage points", 2.83, "pp", ""),
    ("en", "+9 bp", 0.09, "pp", "+"),
    ("en", "25bps", 0.25, "pp", ""),
    ("en", "1.4×", 1.4, "ratio", ""),
    ("en", "2.5x", 2.5, "ratio", ""),
    ("en", "7,844.01", 7844.01, "number", ""),
    ("en", "7844.01", 7844.01, "number", ""),
    ("en", "−0.2", -0.2, "number", "-"),
    ("en", "2026", 2026, "year", ""),
    ("en", "three", 3, "number", ""),
    ("en", "Twelve", 12, "number", ""),
    ("en", "third", 3, "ordinal", ""),
    ("en", "21st", 21, "ordinal", ""),
    ("en", "15:30", 930, "time", ""),
    ("en", "9:30 a.m", 570, "time", ""),
    ("en", "12 am", 0, "time", ""),
    ("en", "3 pm", 900, "time", ""),
    ("en", "Wednesday", 2, "weekday", ""),
    ("en", "April", 4, "month", ""),
    ("en", "the 1470s"[4:], 1475, "number", ""),
    ("ko", "3조 7,600억 원", 3.76e12, "KRW", ""),
    ("ko", "3조7600억원", 3.76e12, "KRW", ""),
    ("ko", "3.76조원", 3.76e12, "KRW", ""),
    ("ko", "-3,760억 원", -3.76e11, "KRW", "-"),
    ("ko", "3천억원", 3e11, "KRW", ""),
    ("ko", "28만4천원", 284000, "KRW", ""),
    ("ko", "3만 5,000원", 35000, "KRW", ""),
    ("ko", "1,470원", 1470, "KRW", ""),
    ("ko", "100억 달러", 1e10, "USD", ""),
    ("ko", "2.63%", 2.63, "%", ""),
    ("ko", "2.83%p", 2.83, "pp", ""),
    ("ko", "2.83%포인트", 2.83, "pp", ""),
    ("ko", "△0.5%", 0.5, "%", "+"),
    ("ko", "1.4배", 1.4, "ratio", ""),
    ("ko", "15시 30분", 930, "time", ""),
    ("ko", "오후 3시 30분", 930, "time", ""),
    ("ko", "월요일", 0, "weekday", ""),
    ("ko", "5월", 5, "month", ""),
    ("ko", "두 번째", 2, "ordinal", ""),
    ("ko", "3위", 3, "ordinal", ""),
    ("ja", "3兆7600億ウォン", 3.76e12, "KRW", ""),
    ("ja", "△0.5%", -0.5, "%", "-"),
    ("zh", "3.76万亿韩元", 3.76e12, "KRW", ""),
    ("zh", "2.83个百分点", 2.83, "pp", ""),
    ("es", "7.844,01", 7844.01, "number", ""),
    ("es", "7,844.01", 7844.01, "number", ""),
    ("es", "2,63%", 2.63, "%", ""),
    ("fr", "7 844,01", 7844.01, "number", ""),
    ("fr", "+2,63 %", 2.63, "%", "+"),
    ("vi", "3,76 nghìn tỷ won", 3.76e12, "KRW", ""),
    ("de", "₩3.76tn", 3.76e12, "KRW", ""),
]


@pytest.mark.parametrize(("language", "text", "value", "unit", "sign"), AMOUNTS)
def test_an_amount_is_read_whole(language, text, value, unit, sign):
    each = only(text, language)
    assert (each.text, float(each.value), each.unit, each.sign) == (text, pytest.approx(value), unit, sign)
    assert (each.start, each.end) == (0, len(text))


@pytest.mark.parametrize(("language", "text", "value", "unit", "sign"), AMOUNTS)
def test_an_amount_is_read_within_a_text(language, text, value, unit, sign):
    for before, after in ((" (", ") "), ("“", "”"), (" ", ", "), ("| ", " |")):
        found = quantities(f"{before}{text}{after}", language, near=NEAR)
        assert [(float(each.value), each.unit, each.sign) for each in found] == [
            (pytest.approx(value), unit, sign)
        ]
        assert found[0].start == len(before)


@pytest.mark.parametrize(
    ("text", "language", "resolution"),
    [
        ("+2.63%", "en", "0.005"), ("7,400", "en", "0.5"), ("₩3.76tn", "en", "5e9"),
        ("₩1,890bn", "en", "5e8"),
        ("3조 7,600억 원", "ko", "5e7"), ("3.76조원", "ko", "5e9"), ("28만4천원", "ko", "500"),
        ("9 bp", "en", "0.005"), ("1.4×", "en", "0.05"), ("three", "en", "0.5"), ("1470s", "en", "5"),
    ],
)  # fmt: skip
def test_the_resolution_is_half_a_step_of_the_last_digit(text, language, resolution):
    assert only(text, language).resolution == Decimal(resolution)


@pytest.mark.parametrize(
    ("text", "value", "means"),
    [
        ("2.63%", 2.634999, True), ("2.63%", 2.636, False), ("₩3.8tn", 3.76e12, True),
        ("₩3.8tn", 3.7e12, False), ("about 7,400", 7401.4, True), ("7,400", 7401.4, False),
        ("-0.2", 0.2, False),
    ],
)  # fmt: skip
def test_a_quantity_means_what_it_rounds(text, value, means):
    assert only(text).means(value) is means


DATES = [
    ("en", "May 13, 2026", date(2026, 5, 13)),
    ("en", "May 13", date(2026, 5, 13)),
    ("en", "May 13th", date(2026, 5, 13)),
    ("en", "13 May", date(2026, 5, 13)),
    ("en", "the 13th of May 2026"[4:], date(2026, 5, 13)),
    ("en", "Dec. 30", date(2025, 12, 30)),
    ("en", "Sept 1", date(2026, 9, 1)),
    ("en", "5/14", date(2026, 5, 14)),
    ("en", "2026-05-13", date(2026, 5, 13)),
    ("en", "2026-05-13T15:30:00+09:00", date(2026, 5, 13)),
    ("en", "2026.05.13", date(2026, 5, 13)),
    ("en", "2026/5/13", date(2026, 5, 13)),
    ("en", "February 29, 2024", date(2024, 2, 29)),
    ("ko", "2026년 5월 13일", date(2026, 5, 13)),
    ("ko", "5월 13일", date(2026, 5, 13)),
    ("ko", "12일", date(2026, 5, 12)),
    ("ja", "5月13日", date(2026, 5, 13)),
    ("zh", "2026年5月13日", date(2026, 5, 13)),
    ("es", "13 de mayo de 2026", date(2026, 5, 13)),
    ("fr", "13 mai 2026", date(2026, 5, 13)),
    ("vi", "ngày 13 tháng 5 năm 2026", date(2026, 5, 13)),
]


@pytest.mark.parametrize(("language", "text", "day"), DATES)
def test_a_date_is_a_day(language, text, day):
    each = only(text, language)
    assert (each.unit, each.day, each.text) == ("date", day, text)
    assert each.value == day.year * 10000 + day.month * 100 + day.day


@pytest.mark.parametrize(
    ("near", "text", "day"),
    [
        (date(2026, 1, 2), "December 30", date(2025, 12, 30)),
        (date(2025, 12, 30), "January 2", date(2026, 1, 2)),
        (date(2026, 3, 1), "February 29", None),
        (None, "May 13", None),
    ],
)
def test_the_year_is_the_nearest(near, text, day):
    each = only(text, near=near)
    assert (each.unit, each.day) == ("date", day)


def test_a_day_that_is_not_in_the_calendar_is_a_date_without_a_day():
    each = only("February 30, 2026")
    assert (each.unit, each.day, each.value) == ("date", None, 20260230)


def test_days_that_share_a_month():
    assert [each.day.day for each in quantities("May 13–14 and 13-14 May", "en", near=NEAR)] == [
        13,
        14,
        13,
        14,
    ]
    assert [each.day.day for each in quantities("from May 7 to 8, May 7 and 8", "en", near=NEAR)] == [
        7,
        8,
        7,
        8,
    ]
    assert values("On May 12, 14 stocks rose; in May 12 stocks rose")[-1] == (12, "number")
    assert [unit for _, unit in values("May 13 and 955")] == ["date", "number"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4.3%–6.0%", [(4.3, "%"), (6, "%")]),
        ("1~2%", [(1, "%"), (2, "%")]),
        ("3 to 4%", [(3, "%"), (4, "%")]),
        ("₩1.2–1.5tn", [(1.2e12, "KRW"), (1.5e12, "KRW")]),
        ("$100–105", [(100, "USD"), (105, "USD")]),
        ("1.2–1.5 trillion won", [(1.2e12, "KRW"), (1.5e12, "KRW")]),
        ("between 3 and 4%", [(3, "%"), (4, "%")]),
        ("3 and 4%", [(3, "number"), (4, "%")]),
        ("7,844 – 2.63%", [(7844, "number"), (2.63, "%")]),
        ("955 and ₩3.76tn", [(955, "number"), (3.76e12, "KRW")]),
        ("-2% to -3%", [(-2, "%"), (-3, "%")]),
    ],
)
def test_the_ends_of_a_range_share_unit_and_scale(text, expected):
    assert values(text) == [(pytest.approx(value), unit) for value, unit in expected]


def test_an_estimate_and_a_bound_are_told_by_the_words_around():
    found = {
        each.text: (each.approximate, each.bound)
        for each in quantities(
            "about 7,400, ~2.5%, roughly ₩3tn, more than 955, at most -1%, moreover 5.5%, 4 or so, over ₩7tn",
            "en",
        )
    }
    assert found == {
        "7,400": (True, ""), "2.5%": (True, ""), "₩3tn": (True, ""), "955": (False, "over"),
        "-1%": (False, "under"), "5.5%": (False, ""), "4": (True, ""), "₩7tn": (False, "over"),
    }  # fmt: skip
    korean = quantities("약 7,400, 계약 12건, 3조 원 안팎, 1조 원 이상, 2% 미만", "ko")
    assert [(each.approximate, each.bound) for each in korean] == [
        (True, ""), (False, ""), (True, ""), (False, "over"), (False, "under"),
    ]  # fmt: skip


def test_a_bare_number_has_its_noun():
    found = quantities("955 stocks, 52-week, three sessions, 2,827 listed; 7,400.", "en")
    assert [each.noun for each in found] == ["stocks", "week", "sessions", "listed", ""]
    assert [each.noun for each in quantities("955개 종목, 3거래일 연속, 한 종목", "ko")] == [
        "개",
        "거래일",
        "종목",
    ]


NOTHING = [
    "Daeduck Electronics (353200.KS), SK hynix (000660), 307950.KS and (005930, up) rose",
    "HBM3E, 64GB, 10Y, US 10Y, 1Q26, Q1, 2nm, COVID-19, F-16, V100, 5G, week 2026-W08",
    "S&P 500, KOSPI 200, Nikkei 225, KOSDAQ 150, Russell 2000",
    "https://x.org/2026/05/13/7844?a=12 and www.x.org/12, mail a12@x.org",
    "kospi-may-13-v-reversal-2026-05-14, datasets/2026-05-13/flows.csv, marcap-2026.parquet",
    "version 1.2.3, v2.0, 192.168.0.1, call 02-1234-5678 or +82 2 1234 5678, #ff0012, screener_kr2.db",
    "It may rise, they march on, everyone and no-one; someone's",
    "Hundreds of ₩bn, 12345678901234567890123456789012345",
]


@pytest.mark.parametrize("text", NOTHING)
def test_codes_and_names_are_no_quantities(text):
    assert read(text) == []


def test_months_that_are_words_need_a_word_before():
    assert [text for text, _, _ in read("In May it may rise. May rises. By March, March on. This May.")] == [
        "May", "March", "May",
    ]  # fmt: skip


def test_a_mark_of_a_currency_may_belong_to_a_name():
    assert read("USD/KRW +3.1% at 1,470") == [("+3.1%", Decimal("3.1"), "%"), ("1,470", 1470, "number")]
    assert read("USD +3.1%") == [("+3.1%", Decimal("3.1"), "%")]


def test_a_hyphen_is_no_sign_within_a_word_or_a_range():
    assert values("KOSPI-2.63%, 3-day, 5-1%, mid-2026") == [
        (2.63, "%"),
        (3, "number"),
        (5, "%"),
        (1, "%"),
        (2026, "year"),
    ]


# --- What we write is read back ----------------------------------------------------------------------

WORDINGS = {language: Wording(language) for language in ("en", "ko")}
LANGUAGE = st.sampled_from(sorted(WORDINGS))
AMOUNT = st.floats(-9e15, 9e15).filter(lambda value: value == 0 or abs(value) >= 1)
STYLE = {
    "%": ("signed", "size", "plain"), "pp": ("signed", "size", "plain"),
    "points": ("signed", "size", "plain", "whole"), "ratio": ("plain", "size"),
    "KRW": ("signed", "size", "plain", "billions"),
}  # fmt: skip


def back(figure, style, language, before="", after=""):
    shown = figures.text(figure, WORDINGS[language].numerals, style)
    each = only(f"{before}{shown}{after}", language)
    assert each.text == shown
    return each


@settings(max_examples=300, deadline=None)
@given(
    LANGUAGE,
    st.sampled_from(["%", "pp", "points", "ratio"]),
    st.floats(-99999, 99999),
    st.integers(0, 3),
    st.data(),
)
def test_numbers_are_read_back(language, unit, value, precision, data):
    style = data.draw(st.sampled_from(STYLE[unit]))
    figure = Figure("x", value, unit, Formula("x"), precision)
    each = back(figure, style, language)
    digits = 0 if style == "whole" else precision
    rounded = figures.rounded(value, digits)
    expected = rounded if style in ("signed", "plain") else abs(rounded)
    assert each.value == expected
    assert each.unit == {"points": "number"}.get(unit, unit) or each.unit == "year"
    assert each.means(value if style in ("signed", "plain") else abs(value)) or each.unit == "year"


@settings(max_examples=300, deadline=None)
@given(LANGUAGE, st.sampled_from(["KRW", "USD"]), AMOUNT, st.data())
def test_money_is_read_back(language, unit, value, data):
    style = data.draw(st.sampled_from(STYLE["KRW"]))
    each = back(Figure("x", value, unit, Formula("x"), 2), style, language)
    assert each.unit == unit
    exact = value if style in ("signed", "plain", "billions") else abs(value)
    # An amount of a chain of scales may round the last of them up.
    assert abs(each.value - Decimal(repr(exact))) <= each.resolution * Decimal("1.0001")


@settings(max_examples=100, deadline=None)
@given(LANGUAGE, st.integers(1, 5000), st.sampled_from(["words", "ordinal"]))
def test_counts_and_places_are_read_back(language, count, style):
    figure = Figure("x", count, "stocks", Formula("x"), 0)
    after = " 종목" if language == "ko" and style == "words" else ""
    each = back(figure, style, language, after=after)
    assert each.value == count


@settings(max_examples=150, deadline=None)
@given(
    LANGUAGE,
    st.dates(date(2020, 1, 1), date(2039, 12, 31)),
    st.sampled_from(["day", "long", "iso", "weekday", "year"]),
)
def test_dates_are_read_back(language, day, style):
    figure = Figure("x", day, "date", Formula("x"))
    shown = figures.text(figure, WORDINGS[language].numerals, style)
    each = only(shown, language, near=day)
    if style in ("day", "long", "iso"):
        assert each.day == day
    else:
        assert each.value == (day.weekday() if style == "weekday" else day.year)


@given(LANGUAGE, st.times())
def test_times_are_read_back(language, moment):
    figure = Figure("x", clock(moment.hour, moment.minute), "time", Formula("x"))
    shown = figures.text(figure, WORDINGS[language].numerals)
    assert only(shown, language).value == moment.hour * 60 + moment.minute


# --- Anything at all ----------------------------------------------------------------------------------

LANGUAGES = ("en", "ko", "ja", "zh", "es", "fr", "vi", "xx")


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.sampled_from("0123456789.,-–~+%₩$ tnbm조억만원年月日 MayJunst:/()\n가x"), max_size=80),
    st.sampled_from(LANGUAGES),
)
def test_quantities_are_in_order_and_apart(text, language):
    found = quantities(text, language, near=NEAR)
    assert all(text[each.start : each.end] == each.text and each.text for each in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(each.resolution >= 0 for each in found)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=120), st.sampled_from(LANGUAGES))
def test_any_text_is_read(text, language):
    quantities(text, language, near=NEAR)


PIECES = [
    "May", "Sept.", "mayo de ", "13", "2026", "2026-05-13", "5/13", "10:30", " ", "\u00a0", "\n", "x", "(",
    "오전", "오전 9시", "12월", "ngày ", "tháng ", "năm ", "午前", "9時", "上午 ", "9点", "p.m.", "first",
    "three", "KRW", "US$", "CN¥ ", "₩", "-", "+", "−", ".5", "lundi", ",",
]  # fmt: skip
"""Of dates and times in all languages, and what stands beside them."""


@given(st.sampled_from(LANGUAGES), st.lists(st.sampled_from(PIECES), max_size=7))
@example("en", ["US$", " ", ".5"])
@example("en", ["KRW", " ", "+", "13"])
@example("es", ["mayo de ", "2026"])
@example("ja", [" ", "9時"])
def test_nothing_that_is_read_is_passed_over(language, pieces):
    """The scan says at once where nothing begins; no date, time or amount must begin there."""
    text, words = "".join(pieces), lexicon(language)
    for at in range(len(text)):
        money = words.prefix.match(text, at)
        is_amount = bool(money) and bool(money["money"]) and bool(words.number.match(text, money.end()))
        # Nothing begins inside a word; what begins with a space begins behind it, too.
        is_inside = at > 0 and text[at - 1].isalnum()
        if (
            not is_inside
            and not text[at].isspace()
            and (is_amount or any(each.match(text, at) for each in (*words.dates, *words.clocks)))
        ):
            assert words.scan.match(text, at), (text, at)


@given(
    st.sampled_from(LANGUAGES),
    st.lists(st.sampled_from([*PIECES, "May 13", "13일", "5월 13일", "1.2%"]), max_size=5),
    st.lists(st.none() | st.dates(date(1990, 1, 1), date(2040, 1, 1)), min_size=2, max_size=4),
)
@example("en", ["May 13"], [date(2026, 5, 13), date(2001, 1, 1), None])
@example("en", ["5/13"], [None, date(2026, 5, 13)])
@example("ko", ["13일"], [date(2026, 5, 14), None])
def test_what_is_remembered_of_a_text_holds_for_every_day_that_is_near(language, pieces, days):
    text = "".join(pieces)
    for near in days:
        assert quantities(text, language, near=near) == tuple(_Reader(text, lexicon(language), near).read())


GROWING = [
    "1 ",
    "1,234.56% ",
    "a",
    "a.",
    "a-",
    "a1",
    "1.",
    "1,234,",
    "-",
    "A-",
    "a/",
    "₩",
    "May ",
    "1~",
    "3조 ",
    "(",
    "1-1-",
]


@pytest.mark.parametrize("piece", GROWING)
@pytest.mark.parametrize("language", ["en", "ko", "fr"])
def test_time_grows_with_the_text(piece, language):
    def seconds(count):
        return spent(lambda: quantities(piece * count, language, near=NEAR))

    quantities("1", language)
    small, large = (min(seconds(count) for _ in range(2)) for count in (1000, 8000))
    # Eight times the text: quadratic would be 64 times.
    assert large < 30 * max(small, 0.02), (small, large)


MARKS = (*".,;:!?)]|。、，）」 -+₩$%",)
BEHIND = ("st", "s", "bn", "억", "조", "pp", "or so", "about ", "이상", "位", "倍", "원", "points")
PIECES = st.sampled_from([*MARKS, *BEHIND, "5", "1,234", "2.63", "1.º", "2026"])


@given(
    st.sampled_from(["en", "es", "fr", "ja", "ko", "vi", "zh"]), st.lists(PIECES, max_size=12).map("".join)
)
def test_a_mark_behind_a_number_says_no_more_than_asking_what_follows(language, text):
    words = lexicon(language)
    asking = replace(words, closing=frozenset())
    assert list(_Reader(text, words, NEAR).read()) == list(_Reader(text, asking, NEAR).read())


def test_an_ordinal_that_begins_with_a_mark():
    assert values("El 1.º de la lista", "es") == [(1.0, "ordinal")]
