"""Which post is meant, and the blog beside it: other posts as readers know them, not as they are edited."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from generator.bundle import FIGURES
from generator.errors import MarketpostError
from generator.post import from_text
from generator.publish.draft_line import with_draft
from generator.publish.ledger import last_with
from generator.story.week import week_name

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from generator.blog import Blog
    from generator.library import Entry, Library
    from generator.post import Post
    from generator.publish.ledger import Publish
    from generator.publish.published import Published


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be published."""

    day: dt.date | None = None
    """The session, or any day of the week; None for the newest session there is."""
    week: bool = False


def newest(blog: Blog) -> dt.date:
    """The newest session that a post can be made of.

    Raises:
        MarketpostError: there is none.
    """
    found = blog.newest()
    if found is None:
        labels = ", ".join(source.label for source in blog.sources)
        raise MarketpostError(f"the sources hold no session: {labels or 'none is configured'}")
    return found


def beside_others(blog: Blog, before: Published, wanted: Wanted, day: dt.date) -> tuple[Blog, Entry | None]:
    """The blog with all other posts as they are published, and the post itself, if there is one."""
    others = before.unpublished()
    own = _own(blog, blog.library(), wanted, day)
    if own is None:
        blog = replace(blog, instead=others)
        return blog, _own(blog, blog.library(), wanted, day) if others else None
    return replace(blog, instead={file: held for file, held in others.items() if file != own.file}), own


def _own(blog: Blog, library: Library, wanted: Wanted, day: dt.date) -> Entry | None:
    settings = blog.config.settings
    if not wanted.week:
        return library.by_session(day, settings.post.series)
    of_series = (entry for entry in library.posts if settings.week.series in entry.post.series)
    return next((entry for entry in of_series if entry.post.extra.get("week") == week_name(day)), None)


def without_own_draft(blog: Blog, own: Entry) -> Blog:
    """The blog with the post no longer the draft that taking it back made of it."""
    text = blog.text(own.path)
    if text is None or not own.post.draft:
        return blog
    return replace(blog, instead={**blog.instead, own.file: with_draft(text, draft=False).encode()})


def known_post(blog: Blog, before: Published, path: Path | None) -> tuple[Post, ...]:
    """The post at a path as it was published, with the terms that it had; none if there was none."""
    if path is None:
        return ()
    file = blog.shown(path)
    content = before.content(file)
    if content is None:
        return ()
    with contextlib.suppress(MarketpostError, UnicodeDecodeError):
        return (from_text(content.decode(), file=file, slug=path.parent.name, language=blog.language),)
    return ()


def figures_read(before: Published, known: Sequence[Publish], post: str) -> bytes | None:
    """The `figures.json` that readers have of a post; None if they have none, or it is not known."""
    file = (PurePosixPath(post).parent / FIGURES).as_posix()
    last = last_with(known, post, file)
    content = before.content(file) if last else None
    if last is None or content is None or hashlib.sha256(content).hexdigest() != last.files[file]:
        return None
    return content


def unread(blog: Blog) -> frozenset[str]:
    """The files of posts that are not published with the others, so that no reader gets them."""
    return frozenset(file for file, held in blog.instead.items() if held is None)
