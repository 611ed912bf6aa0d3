"""Publishing a post, in its order. Read this first.

Whatever happens, everything is as before the publish or as after it; what could not be delivered, the next
run delivers. All of it is under the blog's lock, and after `recovery`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from generator.blog import open_blog
from generator.pipeline import plan_post, plan_week
from generator.publish import ledger, recording
from generator.publish.addresses import Seen, seen
from generator.publish.choosing import (
    beside_others,
    figures_read,
    known_post,
    newest,
    unread,
    without_own_draft,
)
from generator.publish.delivering import Delivery, Round
from generator.publish.desk import open_desk
from generator.publish.landing import land
from generator.publish.moving import ahead
from generator.publish.parcel import parcel
from generator.publish.refusals import refuse
from generator.publish.remote import fetch, push
from generator.publish.staging import Staging
from generator.publish.stating import committable, event_of, landing_of
from generator.publish.targets import name_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from generator.blog import Blog
    from generator.config import Config
    from generator.lock import Held
    from generator.pipeline import Plan
    from generator.publish.choosing import Wanted
    from generator.publish.desk import Desk
    from generator.publish.parcel import Parcel
    from generator.publish.published import Published


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run did, or would do."""

    done: bool
    """Whether anything was published, or would be."""
    why: str = ""
    """Why nothing was."""
    publish: str = ""
    """Its id."""
    post: str = ""
    """The post's file, from the blog's root."""
    address: str = ""
    title: str = ""
    session: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    """What became of files, by path from the blog's root: `new`, `changed` or `removed`."""
    seen: Seen = field(default_factory=Seen)
    commit: str = ""
    deliveries: tuple[Delivery, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether a target has not got what it should have."""
        return any(each.state == "failed" for each in self.deliveries)


def publish(
    config: Config,
    wanted: Wanted,
    *,
    now: dt.datetime,
    held: Held,
    say: Callable[[str], None],
    dry_run: bool = False,
    is_all: bool = True,
) -> Report:
    """Publish a post: it becomes public, all around it is made anew, and both are delivered.

    Args:
        config: the blog's.
        wanted: which post.
        now: what is later is still to come.
        held: the blog's lock.
        say: takes what the user should know, as it happens.
        dry_run: only say what would be done.
        is_all: nothing follows that has something to record, too; else `record` is to be called after it.

    Raises:
        PublishError: the post may not be published, or something is in the way; nothing has changed.
        SiteError: Hugo refused the site; nothing has changed.
    """
    round_ = begin(config, now=now, held=held, say=say, dry_run=dry_run)
    made = _publish(round_, wanted, dry_run=dry_run)
    return made if dry_run else end(round_, made, is_all=is_all)


def _publish(round_: Round, wanted: Wanted, *, dry_run: bool) -> Report:
    """Publish the post, up to its being on the branch; nothing is delivered yet."""
    desk = round_.desk
    blog = open_blog(desk.config)
    day = wanted.day or newest(blog)
    if not wanted.week and not blog.calendar.is_session(day):
        return Report(done=False, why=f"{day} is no session: {blog.calendar.why_closed(day)}")
    before = desk.published()
    blog, own = beside_others(blog, before, wanted, day)
    events = desk.events()
    publishes = ledger.publishes(events)
    last = ledger.last(publishes, own.file) if own else None
    if last and last.undone and wanted.day is None:
        return Report(
            done=False,
            why=f"what was published of {day} was taken back on {last.undone:%Y-%m-%d}; "
            f"`marketpost publish {day}` publishes it again",
        )
    if own and last and last.undone:
        blog = without_own_draft(blog, own)
    readers_had = figures_read(before, publishes, own.file) if own else None
    plan = (plan_week if wanted.week else plan_post)(
        blog,
        day,
        now=desk.now,
        public=True,
        known=known_post(blog, before, own.path if own else None),
        readers_had=readers_had,
    )
    refuse(desk.config, plan, last, now=desk.now, without=unread(blog), is_known=readers_had is not None)
    made = committable(desk, parcel(desk.config.root, plan, before), blog.shown(plan.path))
    report = _report(desk, blog, plan, made, before)
    if not made.published and last and not last.undone:
        return replace(report, done=False, why="it is published, and nothing has changed")
    if dry_run:
        return replace(report, deliveries=round_.foreseen(made))
    event = event_of(desk, plan, made, events)
    commit = land(
        desk, landing_of(desk, plan, made, event), lambda: round_.staging.check(desk.config, made.published)
    )
    for warning in round_.staging.warnings:
        desk.say(f"Hugo warns: {warning}")
    round_.own.add(commit)
    return replace(report, publish=event.publish, commit=commit)


# Beginning and end, of any change of what is published


def begin(
    config: Config, *, now: dt.datetime, held: Held, say: Callable[[str], None], dry_run: bool
) -> Round:
    """Open what a run goes by, with the branch brought onto what its remotes have."""
    desk = open_desk(config, now=now, descriptors=held.descriptors, say=say)
    staging = Staging(desk.workspace, is_wanted=desk.needs_site)
    round_ = Round(desk=desk, staging=staging, fetched={}, own=set())
    for target, remote in desk.remotes:
        if dry_run or desk.repository is None:
            break  # a dry run writes nothing, not even what a remote has
        found = fetch(desk.repository, remote)
        round_.fetched[name_of(target)] = found
        if found.problem:
            say(found.problem)
        round_.catch_up(name_of(target))
    return round_


def end(round_: Round, report: Report, *, is_all: bool = True) -> Report:
    """Deliver what is to be delivered, and record what became of it if that is all."""
    deliveries = round_.deliver()
    if is_all and not any(each.state == "failed" and each.target.startswith("git:") for each in deliveries):
        _record(round_)
    round_.staging.clear()
    return replace(report, deliveries=deliveries)


def record(config: Config, *, now: dt.datetime, held: Held, say: Callable[[str], None]) -> None:
    """Commit and push what the ledger got by itself, as from hooks that were run again; else change nothing.

    Raises:
        PublishError: something is in the way; the lines stay, and the next run records them.
    """
    if recording.pending(open_desk(config, now=now, descriptors=held.descriptors, say=say)):
        round_ = begin(config, now=now, held=held, say=say, dry_run=False)
        _record(round_)
        round_.staging.clear()


def _record(round_: Round) -> None:
    """Commit the ledger's lines that came after the publish, and push them."""
    desk = round_.desk
    recording.record(desk)
    for target, remote in desk.remotes:
        fetched = round_.fetched[name_of(target)]
        if desk.repository is None or fetched.problem:
            continue
        commits = ahead(desk.repository, fetched.tip)
        if commits and commits[-1].trailers:
            pushed = push(desk.repository, remote, commits[-1].id)
            if pushed.state != "done":
                desk.say(
                    f"What became of the publish is recorded, and pushed with the next: {pushed.message}"
                )


def _report(desk: Desk, blog: Blog, plan: Plan, made: Parcel, before: Published) -> Report:
    file = blog.shown(plan.path)
    held = before.there(made.published)
    known = known_post(blog, before, plan.path)
    return Report(
        done=True,
        post=file,
        address=plan.post.address,
        title=plan.post.title,
        session=str(plan.post.session or ""),
        files={
            each: "removed" if content is None else "changed" if each in held else "new"
            for each, content in made.published.items()
        },
        seen=seen(
            desk.config.root,
            made.published,
            before,
            (plan.before, plan.after),
            (known[0] if known else None, plan.post),
            file,
        ),
    )
