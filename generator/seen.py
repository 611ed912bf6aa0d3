"""What readers saw of a post: the `figures.json` that it was public with, against what the data gives now.

A post that is made again takes its `figures.json` along. Where that changes numbers of a public post and no
correction says so, the one that readers saw is kept in the cache, until a correction is made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.bundle import FIGURES
from generator.differences import Differences, differences
from generator.reading.traces import from_json
from generator.site.hugo import hidden_posts

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from generator.builders.draft import Desk, Draft
    from generator.config import Config
    from generator.library import Entry
    from generator.post import Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A post as readers saw it."""

    kept: Path
    """Where its `figures.json` is kept, if it is no longer beside the post."""
    figures: bytes = b""
    """The file; empty where readers saw none."""
    differences: Differences = field(default_factory=Differences)
    """In which the data differs from it."""


def kept_of(config: Config, post: Path) -> Path:
    """Where the figures that readers saw of a post are kept while those beside it are newer."""
    return config.cache / "seen" / post.with_name(FIGURES).relative_to(config.root)


def is_public(entry: Entry, now: datetime | None) -> bool:
    """Whether Hugo shows a post at `now`; None is any time to come."""
    if now is None:
        return not entry.post.draft
    return not hidden_posts({entry.file: entry.post}, now)


def goes_on(written: Post, draft: Draft) -> bool:
    """Whether a post was of an open session, or of fewer sessions: what changes since was no mistake."""
    return written.extra.get("session_status") == "intraday" or (
        "sessions" in written.extra and written.extra["sessions"] != draft.extra.get("sessions")
    )


def seen(desk: Desk, draft: Draft, now: datetime | None, *, figures: bytes | None = None) -> Seen:
    """What readers saw of a post that is made again, and in which figures the new one differs.

    Args:
        desk: what was read of the blog.
        draft: the new one.
        now: by when the old one is public; None is any time to come.
        figures: the `figures.json` that they saw, if that is known; else the one that is kept, or beside it.
    """
    written = draft.written
    if written is None:
        return Seen(kept=desk.blog.config.cache / "seen")
    kept = kept_of(desk.blog.config, written.path)
    if figures is None:
        figures = _figures(written, kept, now)
    if not figures or goes_on(written.post, draft):
        return Seen(kept=kept, figures=figures)
    try:
        before = from_json(figures.decode("utf-8"))
    except (ValueError, RecursionError):
        # Not of ours: nothing can be held against it, and the post is made as if there were none.
        return Seen(kept=kept)
    stocks = draft.data.stocks if draft.data else ()
    found = differences(before, draft.facts, draft.story.figures, desk.wording.numerals, stocks=stocks)
    return Seen(kept=kept, figures=figures, differences=found)


def _figures(written: Entry, kept: Path, now: datetime | None) -> bytes:
    # What is kept was public, whatever the post has become since.
    if kept.exists():
        return kept.read_bytes()
    beside = written.path.with_name(FIGURES)
    return beside.read_bytes() if beside.exists() and is_public(written, now) else b""
