"""Where sentences start and end."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.reading.sentences import sentences


def split(text, language="en"):
    return [text[start:end] for start, end in sentences(text, language)]


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("en", ["It rose.", "It fell."]),
        ("en", ["It rose 1.2% vs. 3.4% before.", "Why?", "Nobody knows!"]),
        ("en", ["U.S. stocks fell 0.5%.", "Samsung Co. rose, too."]),
        ("en", ["He said “it rose.”", "“It fell,” she said."]),
        ("en", ["At 9 a.m. the index stood at 7,400.", "No. 1 was SK hynix (000660.KS)."]),
        ("en", ["Well… it rose.", "Then (at last.)", "It fell"]),
        ("en", ["1. A list’s number ends nothing.", "It is a sentence."]),
        ("en", ["J. Powell spoke.", "It rose in May.", "April was worse."]),
        ("en", ["No stop at the end: 5.2%"]),
        ("ko", ["코스피는 2.63% 올랐다.", "외국인은 3.7조 원을 팔았다."]),
        ("ko", ["올랐다.", "내렸다.", "그래서?", "모른다."]),
        ("ja", ["KOSPIは2.63%上昇した。", "外国人は売った。"]),
        ("zh", ["上涨2.63%。", "外资卖出！", "为什么？"]),
    ],
)
def test_sentences_of_a_text(language, parts):
    glue = "" if language in ("ja", "zh") else " "
    assert split(glue.join(parts), language) == parts


def test_korean_sentences_need_no_space():
    assert split("올랐다.내렸다. 1.5배", "ko") == ["올랐다.", "내렸다.", "1.5배"]


def test_space_belongs_to_no_sentence():
    assert sentences("  One.   Two.  ", "en") == ((2, 6), (9, 13))
    assert sentences(" ", "en") == sentences("", "en") == ()


@settings(max_examples=150, deadline=None)
@given(
    st.text(st.sampled_from('ab1.!?…。"”’)( \n가나A’'), max_size=60),
    st.sampled_from(["en", "ko", "ja", "xx"]),
)
def test_nothing_but_space_is_lost(text, language):
    found = sentences(text, language)
    assert all(a[1] <= b[0] for a, b in pairwise(found))
    assert "".join("".join(text[a:b].split()) for a, b in found) == "".join(text.split())


@pytest.mark.parametrize("piece", ["a. ", ".", ". ", "a.b", "1. ", "” ", "가."])
def test_time_grows_with_the_text(piece):
    def seconds(count):
        start = time.process_time()
        sentences(piece * count, "en")
        return time.process_time() - start

    sentences("1", "en")
    small, large = (min(seconds(count) for _ in range(2)) for count in (2000, 16000))
    assert large < 30 * max(small, 0.003), (small, large)
