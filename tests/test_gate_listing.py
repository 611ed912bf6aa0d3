"""The companies of a day, made from those of the day before."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from generator.dataset.session import Stock
from generator.gate.listing import _LastListed

CODES = st.sampled_from(["000010", "000020", "000030", "000040"])
SPELLINGS = st.sampled_from(["Hana", "Hana Co., Ltd.", "hana", "하나", "Hana Holdings", "(주)하나", "..."])
STOCKS = st.dictionaries(CODES, st.tuples(st.sampled_from(["KOSPI", "KOSDAQ", None]), st.none() | SPELLINGS))
OFFICIAL = st.dictionaries(st.sampled_from(["en", "ko"]), st.dictionaries(CODES, SPELLINGS))
ASKED = ("Hana", "HANA", "Hana Co.", "하나", "하나㈜", "Hana Holdings Inc.", "Hanas", "...", "")


def a_session(official, stocks):
    rows = tuple(Stock(code=code, market=market, name=name) for code, (market, name) in stocks.items())
    return SimpleNamespace(names=official, stocks=rows, date=dt.date(2026, 5, 13))


@given(st.lists(st.tuples(OFFICIAL, STOCKS), min_size=1, max_size=6))
def test_a_listing_that_follows_another_is_as_if_it_were_the_first(days):
    last = _LastListed()
    for official, stocks in days:
        followed = last.followed_by(a_session(official, stocks))
        fresh = _LastListed().followed_by(a_session(official, stocks))
        assert list(followed.by_code.items()) == list(fresh.by_code.items())
        assert followed.by_name == fresh.by_name
        assert followed.openings >= fresh.openings
        assert [followed.named(each) for each in ASKED] == [fresh.named(each) for each in ASKED]
        assert followed.by_code.keys() == {*stocks}.union(*official.values())


def test_a_day_without_a_change_has_the_very_listing_of_the_day_before():
    last = _LastListed()
    first = last.followed_by(a_session({"en": {"000010": "Hana"}}, {"000010": ("KOSPI", "하나")}))
    assert last.followed_by(a_session({"en": {"000010": "Hana"}}, {"000010": ("KOSPI", "하나")})) is first
    changed = last.followed_by(a_session({"en": {"000010": "Hana"}}, {"000010": ("KOSDAQ", "하나")}))
    assert changed.by_code["000010"].market == "KOSDAQ"
    assert first.by_code["000010"].market == "KOSPI"
