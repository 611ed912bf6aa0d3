"""The hub page: when there is one, and what lists its sessions."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from generator.goldmark.shortcodes import called, uses
from generator.hub import is_due, shortcode
from generator.library import Library
from generator.lists import query_of
from generator.post import Post


def library(**changes: object) -> Library:
    """A post of May 13, 2026, with what differs."""
    moment = datetime(2026, 5, 14, 12, tzinfo=UTC)
    known = {
        "slug": "a", "language": "en", "title": "A", "date": moment, "lastmod": moment, "description": "",
        "body": "x", "session": date(2026, 5, 13), "series": ("Daily Wrap",),
    }  # fmt: skip
    post = Post(**{**known, **changes})  # type: ignore[arg-type]  # a test's shorthand
    return Library(language="en").including(post, Path("a") / "index.en.md", b"")


@pytest.mark.parametrize(
    ("changes", "due"),
    [({}, True), ({"draft": True}, False), ({"series": ("Weekly",)}, False), ({"session": None}, False)],
)
def test_there_is_a_hub_once_there_is_something_to_list(changes, due):
    assert is_due(library(**changes), "Daily Wrap") is due


@pytest.mark.parametrize("series", ["Daily Wrap", 'The "Close"', "C:\\daily", "코스피 마감"])
def test_its_list_asks_for_the_series(series):
    (use,) = uses(f"Text.\n\n{shortcode(series, 20)}\n", ["sessions"])
    query = query_of(called(use))
    assert (query.wanted, query.limit) == ({"series": (series,)}, 20)
