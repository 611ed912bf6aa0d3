"""The rows of the hub page."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from generator.hub import Row, latest
from generator.library import Library
from generator.post import Post
from generator.tags.registry import registry_of
from generator.tags.tag import Tag

KOSPI, RECORD = Tag(slug="kospi", title="KOSPI"), Tag(slug="all-time-high", title="All-Time High")
REGISTRY = registry_of([KOSPI, RECORD])


def library(*posts: tuple[str, int, dict[str, object]]) -> Library:
    """Posts as (slug, day of the session in May 2026, what differs), published the day after at noon."""
    found = Library(language="en")
    for slug, day, changes in posts:
        moment = datetime(2026, 5, day + 1, 12, tzinfo=UTC)
        known = {
            "slug": slug, "language": "en", "title": slug.upper(), "date": moment, "lastmod": moment,
            "description": "", "body": "x", "session": date(2026, 5, day), "series": ("Daily Wrap",),
        }  # fmt: skip
        post = Post(**{**known, **changes})  # type: ignore[arg-type]  # a test's shorthand
        found = found.including(post, Path(slug) / "index.en.md", b"")
    return found


def test_rows_are_the_latest_sessions_newest_first() -> None:
    rows = latest(
        library(*((f"p{n}", n, {}) for n in (12, 14, 11, 13))), REGISTRY, series="Daily Wrap", limit=3
    )
    assert [row.session.day for row in rows] == [14, 13, 12]


def test_a_row() -> None:
    blog = library(("a", 13, {"tags": ("all-time-high", "Wheat", "KOSPI", "kospi")}))
    assert latest(blog, REGISTRY, series="Daily Wrap", limit=9) == (
        Row(session=date(2026, 5, 13), title="A", address="/post/a/", tags=(RECORD, KOSPI)),
    )


def test_other_series_drafts_and_posts_of_no_session_have_no_row() -> None:
    blog = library(
        ("w", 11, {"series": ("Weekly",)}), ("d", 12, {"draft": True}), ("n", 13, {"session": None})
    )
    assert latest(blog, REGISTRY, series="Daily Wrap", limit=9) == ()


def test_a_session_has_one_row_for_its_newest_post() -> None:
    later = {"date": datetime(2026, 5, 20, tzinfo=UTC)}
    rows = latest(
        library(("b", 13, later), ("a", 13, {}), ("c", 14, {})), REGISTRY, series="Daily Wrap", limit=9
    )
    assert [(row.session.day, row.title) for row in rows] == [(14, "C"), (13, "B")]
