"""What became of the sessions that have a post: the next session, the index later, the checks answered.

Nothing of this stands in a post's own file, which never changes; the layouts show it from data files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from generator.figures import Figure
    from generator.library import Entry, Library
    from generator.metrics.track import Track
    from generator.score import Answer

HORIZONS = (5, 20)
"""Sessions after which the index is looked at again, a week and a month of trading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """The next session by the calendar; figures are None until it is over."""

    session: date
    close: Figure | None
    change: Figure | None
    post: Entry | None
    """The published post about it. Its title is a person's text: escape it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """The main index some sessions later."""

    sessions: int
    session: date
    close: Figure
    change: Figure
    """Since the close of the session that the post is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """What became of one session; what is not known is not in it."""

    next: Next | None
    later: tuple[Later, ...]
    answers: tuple[tuple[Answer, Entry], ...]
    """Of the checks that its post asked, with the posts that answered."""

    def __bool__(self) -> bool:
        """Whether anything is known."""
        return bool(self.next or self.later or self.answers)


def aftermaths(
    library: Library, track: Track, answers: Iterable[Answer], *, series: str
) -> Mapping[date, Aftermath]:
    """Of each session with a post, oldest first, what became of it; of which nothing is known is left out.

    Args:
        library: the posts of one language.
        track: the main index.
        answers: of the posts of that language.
        series: of the posts whose answers these are; of several posts of one session its post is linked.
    """
    posts = posts_by_session(library.posts, series)
    of_asking: dict[date, list[tuple[Answer, Entry]]] = {}
    for answer in answers:
        asked = answer.asked or track.later(answer.session, -1)
        if asked is not None and answer.session in posts:
            of_asking.setdefault(asked, []).append((answer, posts[answer.session]))
    sessions = sorted({day for entry in library.posts if (day := entry.post.session)})
    found = {
        day: Aftermath(
            next=_next(day, track, posts),
            later=tuple(each for count in HORIZONS if (each := _later(day, count, track))),
            answers=tuple(of_asking.get(day, ())),
        )
        for day in sessions
    }
    return {day: each for day, each in found.items() if each}


def posts_by_session(entries: Iterable[Entry], series: str) -> Mapping[date, Entry]:
    """The published post of each session, of posts that are given newest first.

    Of several the newest of the series, else the newest.
    """
    found: dict[date, Entry] = {}
    of_series: dict[date, Entry] = {}
    for entry in entries:
        if entry.post.session is not None and not entry.post.draft:
            found.setdefault(entry.post.session, entry)
            if series in entry.post.series:
                of_series.setdefault(entry.post.session, entry)
    return found | of_series


def _next(day: date, track: Track, posts: Mapping[date, Entry]) -> Next | None:
    session = track.later(day, 1)
    if session is None:
        return None
    found = Next(
        session=session, close=track.close(session), change=track.change(session), post=posts.get(session)
    )
    return found if found.close or found.change or found.post else None


def _later(day: date, sessions: int, track: Track) -> Later | None:
    session = track.later(day, sessions)
    close = track.close(session) if session else None
    change = track.since(day, session) if session else None
    if session is None or close is None or change is None:
        return None
    return Later(sessions=sessions, session=session, close=close, change=change)
