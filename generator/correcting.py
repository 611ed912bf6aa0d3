"""Correcting a published post: what readers saw against the data, a dated note, later posts that hang on it.

Plans only: `correct_command` prints and writes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from generator import bundle
from generator.builders.daily import daily
from generator.builders.weekly import weekly
from generator.corrections import correction, everyones, moment
from generator.differences import Differences
from generator.errors import ConfigError, DatasetError, PostError, Problem
from generator.markdown import escape
from generator.pipeline import desk_of, find_post, plan_of
from generator.post import recorded_hash
from generator.publish import ledger
from generator.seen import goes_on, is_public, kept_of, seen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from generator.blog import Blog
    from generator.builders.draft import Builder, Desk
    from generator.library import Entry, Library
    from generator.pipeline import Plan
    from generator.publish.ledger import Publish

Why = Literal["corrected", "same", "unpublished", "open"]
"""What became of it: corrected; no figure that readers saw differs; readers saw none; the post was of an open
session, or of a week that went on, so that it was right when it was made."""

SESSIONS_AFTER = 5
"""Sessions after a post's whose posts are looked at: they repeat its figures, and answer its checks."""
_WEEK = re.compile(r"\d{4}-W\d{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """A post that shows what was corrected, or what follows from it, until it is made again."""

    entry: Entry
    figures: int
    """How many of its figures change with the correction."""
    title: bool
    """It links to the corrected post by the title that it had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a correction comes to."""

    entry: Entry
    """The post as it stands."""
    why: Why
    differences: Differences = field(default_factory=Differences)
    plan: Plan | None = None
    """What to write; only if it is corrected."""
    later: tuple[Later, ...] = ()
    """Newest last."""


def correct(
    blog: Blog,
    name: str,
    *,
    now: dt.datetime,
    date: dt.date | None = None,
    note: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> Outcome:
    """What a correction of a post comes to.

    Args:
        blog: the blog.
        name: the post's date, slug, address or path, the name of a week (2026-W20), or `latest`.
        now: the time; what readers have not seen by then is not corrected.
        date: when the correction is made, a day or a time; `now` if not given.
        note: a person's words on it.
        progress: is told how many of the later posts have been looked at, and how many there are.

    Raises:
        DatasetError: the session's data is not fit to be used, or there is none.
        PostError: no such post, one that was not made from data, one that would have errors, or what readers
            saw of it is not known; EditedPostError if a person's edit is in the way.
        ConfigError: the date lies before the post, before its last correction, or in the future.
    """
    desk = desk_of(blog)
    entry = _found(blog, desk.library, name)
    build = _builder(blog, entry)
    publishes = _publishes(blog)
    if not readers_have(entry, publishes, now):
        return Outcome(entry=entry, why="unpublished")
    made_at = moment_of(blog, entry, date or now, now)
    figures = figures_seen(blog, entry, publishes)
    draft = build(desk, _session(entry))
    before = seen(desk, draft, now, figures=figures)
    if goes_on(entry.post, draft):
        return Outcome(entry=entry, why="open")
    if not before.differences.seen:
        return Outcome(entry=entry, why="same", differences=before.differences)
    new = correction(before.differences.corrected, date=made_at, note=note)
    plan = plan_of(desk, draft.corrected(desk, new), now=now, readers_had=figures)
    if plan.held:
        raise _held(plan)
    later = _later(replace(desk, library=_after(desk.library, plan)), entry, plan, progress)
    return Outcome(entry=entry, why="corrected", differences=before.differences, plan=plan, later=later)


def _held(plan: Plan) -> PostError:
    """Why a post is left as it is: as a draft it would be taken from its readers."""
    return PostError(
        "the corrected post has errors, so nothing is written and readers keep the post as it is; mend them "
        "and run this again",
        [
            Problem(
                file=each.file,
                line=each.line,
                message=f"{each.message} ({each.rule})",
                found=each.found,
                expected=each.expected,
                remedy=each.remedy,
            )
            for each in plan.findings
            if each.severity == "error"
        ],
    )


def is_seen(blog: Blog, post: Path, now: dt.datetime) -> bool:
    """Whether readers may have seen the post in a file."""
    entry = next((each for each in blog.library().posts if each.path == post), None)
    return entry is not None and readers_have(entry, _publishes(blog), now)


def _publishes(blog: Blog) -> tuple[Publish, ...]:
    return ledger.publishes(ledger.read(blog.config.path(blog.config.settings.publish.ledger)))


def readers_have(entry: Entry, publishes: Sequence[Publish], now: dt.datetime) -> bool:
    """Whether readers may have seen a post.

    The ledger says so of what was published with its help. Of a post that is older than the ledger, and of
    any without one, Hugo decides: whether it shows it.
    """
    if any(each.post == entry.file and each.undone is None for each in publishes):
        return True
    is_older = not publishes or entry.post.date < publishes[0].at
    return is_older and is_public(entry, now)


def _found(blog: Blog, library: Library, name: str) -> Entry:
    settings = blog.config.settings
    if not _WEEK.fullmatch(name):
        return find_post(library, name, settings.post.series)
    of_week = (each for each in library.posts if each.post.extra.get("week") == name)
    found = next((each for each in of_week if settings.week.series in each.post.series), None)
    if found is None:
        raise PostError(f"there is no post of the week {name}")
    return found


def _builder(blog: Blog, entry: Entry) -> Builder:
    """What made the post.

    Raises:
        PostError: a person did.
    """
    settings, post = blog.config.settings, entry.post
    if post.session is not None and recorded_hash(entry.path.read_bytes().decode("utf-8")) is not None:
        if settings.week.series in post.series and "week" in post.extra:
            return weekly
        if settings.post.series in post.series:
            return daily
    raise PostError(
        f"{entry.file} was not made from data, so its figures are yours to correct; a dated note under "
        "corrections in its front matter stands above the text"
    )


def _session(entry: Entry) -> dt.date:
    assert entry.post.session is not None  # noqa: S101 - for the type checker: `_builder` asked for it
    return entry.post.session


def moment_of(blog: Blog, entry: Entry, date: dt.date, now: dt.datetime) -> dt.datetime:
    """When the correction is made, in the zone of the post; of a day the first moment that it can be."""
    zone = entry.post.date.tzinfo
    source = entry.path.read_bytes().decode("utf-8")
    before = everyones(entry.post.extra, file=blog.shown(entry.path), source=source)
    last = max((moment(each.date, zone) for each in before), default=None)
    if isinstance(date, dt.datetime):
        made_at = moment(date, zone).astimezone(zone).replace(microsecond=0)
    else:
        same_day = (each for each in (entry.post.date, last) if each and each.date() == date)
        made_at = max((moment(date, zone), *same_day))
    if made_at > now:
        raise ConfigError(f"a correction of {made_at.isoformat()} lies in the future")
    if made_at < entry.post.date:
        raise ConfigError(
            f"a correction of {made_at.isoformat()} lies before the post, which is of "
            f"{entry.post.date.isoformat()}"
        )
    if last is not None and made_at < last:
        raise ConfigError(
            f"a correction of {made_at.isoformat()} lies before the last one, of {last.isoformat()}"
        )
    return made_at


def figures_seen(blog: Blog, entry: Entry, publishes: Sequence[Publish]) -> bytes:
    """The `figures.json` that readers saw.

    Raises:
        PostError: there is none, or it is not the one that was published.
    """
    beside, kept = entry.path.with_name(bundle.FIGURES), kept_of(blog.config, entry.path)
    bundle.read_traces(beside)
    there = [path.read_bytes() for path in (kept, beside) if path.is_file()]
    name = blog.shown(beside)
    last = ledger.last_with(publishes, entry.file, name)
    if last is None:
        return there[0]
    exact = next((each for each in there if hashlib.sha256(each).hexdigest() == last.files[name]), None)
    if exact is not None:
        return exact
    zone = entry.post.date.tzinfo
    dates = [moment(each.date, zone) for each in everyones(entry.post.extra, file=entry.file)]
    if any(each > last.at for each in dates):
        # It was corrected and is not published yet; what that correction says stands beside the post.
        return there[-1]
    raise PostError(
        f"{name} is not the one that was published on {last.at.date()}, so what readers saw is not known "
        "here; take that back from your repository's history, and run this again"
    )


def _after(library: Library, plan: Plan) -> Library:
    """The posts as they will be."""
    content = next(file.content for file in plan.files if file.path == plan.path)
    return library.including(plan.post, plan.path, content)


def _later(
    desk: Desk, corrected: Entry, plan: Plan, progress: Callable[[int, int], None] | None
) -> tuple[Later, ...]:
    """The posts that came after the corrected one and show what it showed.

    Figures are looked at in those of the next sessions, and of their weeks, by making them again in memory.
    """
    blog, session = desk.blog, _session(corrected)
    calendar, found, done = blog.calendar, [], 0
    last = session
    for _ in range(SESSIONS_AFTER):
        last = calendar.next(last)
    posts = [each for each in reversed(desk.library.posts) if each.path != corrected.path]
    after = [each for each in posts if each.post.date > corrected.post.date]
    near = {each.file for each in after if each.post.session and session <= each.post.session <= last}
    old = corrected.post.title if corrected.post.title != plan.post.title else ""
    for entry in after:
        count = _changing(desk, entry) if entry.file in near else 0
        titled = bool(old) and corrected.post.address in entry.links and _says(entry, old)
        if count or titled:
            found.append(Later(entry=entry, figures=count, title=titled))
        if progress and entry.file in near:
            done += 1
            progress(done, len(near))
    return tuple(found)


def _says(entry: Entry, title: str) -> bool:
    """Whether a post has a title in its text, as a link has it."""
    return f"[{escape(title)}]" in entry.path.read_bytes().decode("utf-8", "replace")


def _changing(desk: Desk, entry: Entry) -> int:
    """How many figures of a post change if it is made again; none of one that a person made."""
    figures = entry.path.with_name(bundle.FIGURES)
    if not figures.is_file() or _session(entry) in desk.withheld:
        return 0
    try:
        build = _builder(desk.blog, entry)
    except PostError:
        return 0
    try:
        draft = build(desk, _session(entry))
    except (DatasetError, PostError):
        return 0  # it cannot be made again; why is told by whoever tries
    return len(seen(desk, draft, None, figures=figures.read_bytes()).differences.seen)
