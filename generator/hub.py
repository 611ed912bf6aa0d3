"""The page of the latest sessions: a sentence and a list, so its file stays as it is from day to day."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.library import Library


def is_due(library: Library, series: str) -> bool:
    """Whether there is anything to list: a published post of the series about a session."""
    posts = (entry.post for entry in library.posts)
    return any(post.session and not post.draft and series in post.series for post in posts)


def shortcode(series: str, limit: int) -> str:
    """The shortcode that lists the latest sessions with a post of the series."""
    quoted = f"`{series}`" if '"' in series or "\\" in series else f'"{series}"'
    return f"{{{{< sessions series={quoted} limit={limit} >}}}}"
