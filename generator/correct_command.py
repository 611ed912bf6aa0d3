"""`marketpost correct`: parses, asks what a correction comes to, prints. `cli` registers it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import typer

from generator.console import plain
from generator.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from generator.blog import Blog
    from generator.console import Output
    from generator.correcting import Later, Outcome
    from generator.differences import Difference, Differences
    from generator.figures import Figure
    from generator.pipeline import Plan
    from generator.post import Post

EPILOG = (
    "Examples: marketpost correct 2026-05-13 --dry-run   |   marketpost correct 2026-05-13   |   "
    'marketpost correct 2026-W20 --note "The exchange restated the close."'
)
_SHOWN = 40
"""Rows of the table; the rest is counted."""


class Making(Protocol):
    """Writes what was planned, unless it is a dry run, builds the site and says so."""

    def __call__(
        self,
        run: Output,
        blog: Blog,
        plan: Plan,
        *,
        dry_run: bool,
        site: bool,
        more: Mapping[str, object],
        after: str,
    ) -> None:
        """`more` is added to the result, `after` is what to do next."""


def register(
    app: typer.Typer,
    opened: Callable[..., tuple[Output, Blog]],
    now: Callable[[], dt.datetime],
    make: Making,
) -> None:
    """Add the command; `opened` opens the blog, `now` is the clock, and `make` writes as all commands do."""

    @app.command(epilog=EPILOG)
    def correct(
        context: typer.Context,
        name: Annotated[
            str,
            typer.Argument(
                metavar="POST", help="Date, slug, address or path of a post, a week (2026-W20), or latest."
            ),
        ],
        *,
        note: Annotated[
            str,
            typer.Option("--note", help="Your words on it, a sentence or two; they stand below the note."),
        ] = "",
        date: Annotated[
            str, typer.Option("--date", metavar="DATE", help="A day or a time to date it with, for now.")
        ] = "",
        dry_run: Annotated[
            bool,
            typer.Option("--dry-run", "-n", help="Show what differs and list the files; write nothing."),
        ] = False,
        json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
        quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only what went wrong.")] = False,
        site: Annotated[
            bool, typer.Option("--site/--no-site", help="Build the site with Hugo afterwards.")
        ] = True,
    ) -> None:
        """Correct a published post whose data changed: show what differs, make it anew with a dated note."""
        from generator.corrections import MAX_NOTE  # noqa: PLC0415 - start-up

        if len(note) > MAX_NOTE:
            raise ConfigError(f"the note has {len(note)} characters; a correction's has at most {MAX_NOTE}")
        day = _day(date)
        root, quiet_everywhere = context.obj
        context.obj = (root, quiet or quiet_everywhere)
        run, blog = opened(context, json=json)
        outcome = _outcome(run, blog, name, now=now(), date=day, note=note)
        told, called = _told(run, blog, outcome), _name(blog, outcome.entry.post)
        if outcome.plan is None:
            run.result(told)
            return
        make(
            run,
            blog,
            outcome.plan,
            dry_run=dry_run,
            site=site,
            more=told,
            after=f"marketpost publish {called}   (marketpost preview {called} shows it before)",
        )


def _day(text: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        pass
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(
            f"{text!r} is no date; expected such as 2026-05-20, or 2026-05-20T10:00:00+09:00"
        ) from error


def _outcome(
    run: Output, blog: Blog, name: str, *, now: dt.datetime, date: dt.date | None, note: str
) -> Outcome:
    from generator.correcting import correct  # noqa: PLC0415 - start-up

    with run.progress("Looking at later posts") as progress:
        return correct(blog, name, now=now, date=date, note=note, progress=progress)


def tell_unsaid(run: Output, blog: Blog, plan: Plan, *, now: dt.datetime) -> None:
    """Say, of a post that is made again, that numbers which readers saw change without a correction."""
    from generator.correcting import is_seen  # noqa: PLC0415 - start-up

    count = len(plan.differences.seen)
    if plan.unsaid is None or not count or not is_seen(blog, plan.path, now):
        return
    run.say(
        f"  {_many(count, 'figure')} that readers saw {'changes' if count == 1 else 'change'}: "
        f"`marketpost correct {_name(blog, plan.post)}` adds a note."
    )


# What is printed


def _told(run: Output, blog: Blog, outcome: Outcome) -> dict[str, object]:
    """Say what differs, and give it as data."""
    post, found = outcome.entry.post, outcome.differences
    if outcome.plan is None:
        run.say(plain(post.title))
    name = _name(blog, outcome.entry.post)
    if found.listed:
        _table(run, found)
    if outcome.why == "unpublished":
        run.say(f"Readers have not seen it yet: `marketpost post {name}` makes it of the data as it is.")
    elif outcome.why == "open":
        run.say(
            "It was right when it was made: the session was open, or the week went on. "
            f"`marketpost {'week' if 'week' in post.extra else 'post'} {post.session}` completes it."
        )
    elif outcome.why == "same":
        run.say("Nothing to correct: readers saw every figure as the data has it.")
    for later in outcome.later:
        run.say(f"  hangs on it  {later.entry.file}: {_remedy(blog, later)}")
    return {
        "post": outcome.entry.file,
        "guid": post.extra.get("guid"),
        "outcome": outcome.why,
        "figures": [_as_data(each) for each in found.listed],
        "later": [
            {
                "post": each.entry.file,
                "session": each.entry.post.session,
                "figures": each.figures,
                "title": each.title,
            }
            for each in outcome.later
        ],
    }


def _remedy(blog: Blog, later: Later) -> str:
    """Why a later post hangs on the corrected one, and what brings it up to date."""
    name = _name(blog, later.entry.post)
    if later.figures:
        return f"{_many(later.figures, 'figure')} would change; `marketpost correct {name}`"
    is_ours = "guid" in later.entry.post.extra and later.entry.post.session is not None
    again = f"`marketpost post {name}`" if is_ours else "change it there"
    return f"links to the post by the title that it had; {again}"


def _table(run: Output, found: Differences) -> None:
    rows = [
        (
            each.figure,
            each.of,
            each.was_text or "—",
            each.now_text or "—",
            _source(each),
        )
        for each in found.listed
    ]
    run.table(["figure", "of", "was", "now", "source now"], rows[:_SHOWN], right=(2, 3))
    if rows[_SHOWN:]:
        run.say(f"… and {len(rows) - _SHOWN} more; --json lists all")
    run.say(f"Readers saw {len(found.seen)} of them otherwise.\n")


def _source(each: Difference) -> str:
    if each.now is not None:
        return f"{each.now.source}{'' if each.was else '   (new)'}"
    return "the data no longer has it" if each.kind == "withdrawn" else "no longer told"


def _as_data(each: Difference) -> dict[str, object]:
    def value(figure: Figure | None) -> Any:
        return figure.value if figure else None

    return {
        "figure": each.figure,
        "of": each.of or None,
        "kind": each.kind,
        "was": each.was_text or None,
        "now": each.now_text or None,
        "value_was": value(each.was),
        "value_now": value(each.now),
        "source_now": str(each.now.source) if each.now else None,
    }


def _name(blog: Blog, post: Post) -> str:
    """How commands are told a post: a daily one by its session, a week's by its week, else by its slug."""
    if blog.config.settings.post.series in post.series and post.session:
        return str(post.session)
    return str(post.extra.get("week") or post.slug)


def _many(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
