"""Which post a person wants to see: one that is made of a session's data, or a file as it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from generator.errors import ConfigError, MarketpostError, PostError
from generator.pipeline import find_post

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.library import Entry, Library
    from generator.preview.warm import WarmBlog


@dataclass(frozen=True, slots=True)
class Subject:
    """A session whose post is made, or a post that is shown as it stands."""

    session: date | None = None
    entry: Entry | None = None


def subject(blog: WarmBlog, name: str) -> Subject:
    """What a person means.

    Args:
        blog: the blog.
        name: a session's date; a slug, an address, a path or a date of a post, or `latest`; nothing for what
            is being written: the newest session, or a draft of a later time.

    Raises:
        PostError: no such post.
        MarketpostError: a day without a session, or without data.
        DatasetError: sources that cannot be read.
    """
    if not name:
        return _newest(blog)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", name):
        return _of_day(blog, name)
    in_others = (entry for library in blog.libraries() for entry in library.posts if entry.file == name)
    entry = next(in_others, None) or find_post(blog.library(), name, blog.config.settings.post.series)
    return Subject(entry=entry)


def _of_day(blog: WarmBlog, name: str) -> Subject:
    try:
        day = date.fromisoformat(name)
    except ValueError as error:
        raise ConfigError(f"{name!r} is no date; expected such as 2026-05-13") from error
    if day in blog.days():
        return Subject(session=day)
    try:
        return Subject(entry=find_post(blog.library(), name, blog.config.settings.post.series))
    except PostError as error:
        if not blog.calendar.is_session(day):
            reason = blog.calendar.why_closed(day)
            raise MarketpostError(f"{day} is no session: {reason}; and no post is of that day") from error
        labels = ", ".join(source.label for source in blog.sources)
        raise MarketpostError(
            f"there is no data of the session {day} in {labels or 'any source'}, and no post of that day; "
            "`marketpost sessions` lists what there is"
        ) from error


def _newest(blog: WarmBlog) -> Subject:
    """What is being written: the newest session's post, unless a draft or no session at all is later."""
    day = blog.newest()
    library = blog.library()
    draft = next((each for each in library.posts if each.post.draft), None)
    if day is None:
        entry = draft or next(iter(library.posts), None)
        if entry is None:
            raise PostError("there is neither a session to make a post of, nor any post")
        return Subject(entry=entry)
    written = library.by_session(day, blog.config.settings.post.series)
    if (
        draft is not None
        and written is not None
        and not written.post.draft
        and draft.post.date > written.post.date
    ):
        return Subject(entry=draft)
    return Subject(session=day)


def unreadable(libraries: Sequence[Library], name: str) -> bool:
    """Whether a post of that name is there and cannot be read, so that it may be mended."""
    slug = next((part for part in reversed(name.split("/")) if part and not part.startswith("index.")), name)
    slug = re.sub(r"(\.[a-z]{2})?\.md$", "", slug)
    return any(
        problem.fatal and f"/{slug}" in problem.file for library in libraries for problem in library.problems
    )
