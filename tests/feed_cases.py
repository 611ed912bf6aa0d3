"""Posts, tags and a site for the tests of feeds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from generator.config import Site
from generator.post import Post

KST = timezone(timedelta(hours=9))


def at(day: int, hour: int = 16) -> datetime:
    """A moment of May 2026 in Seoul."""
    return datetime(2026, 5, day, hour, 30, tzinfo=KST)


def post(slug: str, **changes: Any) -> Post:
    """A post of 14 May, with one tag."""
    values: dict[str, Any] = {
        "slug": slug,
        "language": "en",
        "title": f"Title of {slug}",
        "date": at(14),
        "lastmod": at(14),
        "description": "",
        "body": f"Body of **{slug}**.\n",
        "tags": ("v-reversal",),
    }
    return Post(**{**values, **changes})


@dataclass(frozen=True)
class Label:
    """The least that a feed needs of a tag."""

    title: str
    description: str = ""


TAGS = {
    "v-reversal": Label("V-Reversal", "Sessions that fell first & rose later."),
    "kosdaq-lag": Label("KOSDAQ Lag"),
    "반도체": Label("반도체"),
}


def site(**changes: Any) -> Site:
    """The site of the repository's own configuration."""
    values: dict[str, Any] = {
        "baseURL": "https://example.org/",
        "title": "Market Notes",
        "defaultContentLanguage": "en",
        "languages": {"en": {"locale": "en"}, "ko": {"locale": "ko-KR"}},
    }
    return Site.model_validate({**values, **changes})
