from datetime import date, datetime, timedelta, timezone

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import PostError
from generator.post import Post, from_text, recorded_hash, to_text, to_yaml, untouched

KST = timezone(timedelta(hours=9))


def post(**changes):
    values = {
        "slug": "x",
        "language": "en",
        "title": "A title",
        "date": datetime(2026, 5, 14, 11, tzinfo=KST),
        "lastmod": datetime(2026, 5, 14, 12, tzinfo=KST),
        "description": "What it says.",
        "body": "Text.\n",
        "tags": ("v-reversal",),
        "session": date(2026, 5, 13),
        "stocks": ("005930", "000810", "0126Z0"),
        "extra": {"angle": "v-reversal"},
    }
    return Post(**{**values, **changes})


def again(text):
    return from_text(text, file="f.md", slug="x", language="en")


def test_a_post_comes_back_as_it_was():
    assert again(to_text(post())) == post()


# Line ends inside a title make no sense; what YAML itself forbids is refused by the dataset step.
titles = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\ufeff\x85"), max_size=80
)


@given(titles, titles)
def test_any_title_comes_back(title, description):
    read = again(to_text(post(title=title, description=description)))
    assert (read.title, read.description) == (title, description)


def test_codes_are_text_in_any_yaml():
    text = to_text(post())
    for code in ("'005930'", "'000810'", "'0126Z0'"):
        assert f"  - {code}\n" in text


def test_times_have_their_offset():
    assert "date: 2026-05-14T11:00:00+09:00\n" in to_text(post())


def test_we_know_our_own_file_and_any_change_to_it():
    text = to_text(post())
    assert untouched(text)
    assert not untouched(text.replace("Text.", "Text!"))
    assert not untouched(text.replace("A title", "B title"))
    assert not untouched("---\ntitle: x\n---\n")
    assert recorded_hash("---\ntitle: x\n---\n") is None


def test_front_matter_is_block_style_and_in_our_order():
    assert to_yaml({"b": ["x", "y"], "a": {"한글": 1}}) == "b:\n  - x\n  - y\na:\n  한글: 1\n"


def test_repeated_lists_are_written_out():
    same = ["x"]
    assert "&" not in to_yaml({"a": same, "b": same})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("no front matter", "has no YAML front matter"),
        ("---\ntitle: [\n---\n", "not valid YAML"),
        ("---\n- a\n---\n", "must be keys with values"),
        ("---\ntitle: x\n---\n", "date must be a time with its offset"),
        ("---\ndate: 2026-05-14T11:00:00\n---\n", "date must be a time with its offset"),
        ("---\nslug: ../../x\ndate: 2026-05-14T11:00:00+09:00\n---\n", "slug must be one part"),
        ("---\ndate: 2026-05-14T11:00:00+09:00\ntags: {a: b}\n---\n", "tags must be a list"),
    ],
)
def test_what_cannot_be_read_is_said(text, message):
    with pytest.raises(PostError, match=message):
        again(text)


def test_a_single_tag_may_stand_alone():
    text = "---\ndate: 2026-05-14T11:00:00+09:00\ntags: one\n---\nBody\n"
    assert again(text).tags == ("one",)
    assert again(text).body == "Body\n"


def test_unknown_front_matter_is_kept():
    text = to_text(post(extra={"weight": 3, "nested": {"a": [1]}}))
    assert again(text).extra == {"weight": 3, "nested": {"a": [1]}}
    assert yaml.safe_load(text.split("---")[1])["weight"] == 3
