"""`marketpost publish`, `log` and `undo`: parse, call one function, print. `cli` registers them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from generator import hooks_command
from generator.console import Output, plain
from generator.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager

    from generator.config import Config
    from generator.hooks.run import Report as HooksReport
    from generator.lock import Held
    from generator.publish.addresses import Addresses
    from generator.publish.choosing import Wanted
    from generator.publish.ledger import Publish
    from generator.publish.run import Report

PUBLISH_EPILOG = (
    "Examples: marketpost publish   |   marketpost publish 2026-05-14 --dry-run"
    "   |   marketpost publish --week 2026-05-14"
)
LOG_EPILOG = "Examples: marketpost log   |   marketpost log -n 5   |   marketpost log 2026-05-14 --json"
UNDO_EPILOG = "Examples: marketpost undo   |   marketpost undo 2026-05-14 --dry-run"

DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="Say what would change; write nothing.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print only what went wrong.")]


def publish(
    context: typer.Context,
    day: Annotated[
        str,
        typer.Argument(
            metavar="[DATE|latest]",
            help="The session: an ISO date, or the newest there is. With --week any day of the week.",
        ),
    ] = "latest",
    *,
    week: Annotated[bool, typer.Option("--week", help="Publish the post of the week instead.")] = False,
    no_hooks: Annotated[
        bool, typer.Option("--no-hooks", help="Leave hooks due: `marketpost hooks` runs them.")
    ] = False,
    dry_run: DryRun = False,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Make a session's post public with its feeds, deliver it, and remember that; again changes nothing."""
    from generator.publish.run import publish as run_publish  # noqa: PLC0415 - start-up

    wanted = _wanted(day, week=week)
    run, config = _opened(context, quiet=quiet, json=json)
    is_all = no_hooks or dry_run
    with run.working("Publishing"), _turn(config) as held:
        report = run_publish(
            config, wanted, now=_now(), held=held, say=_say, dry_run=dry_run, is_all=is_all
        )  # fmt: skip
    _tell(run, report, dry_run=dry_run)
    told = None if is_all else _run_hooks(run, config)
    _end(run, report, told)


def _run_hooks(run: Output, config: Config) -> HooksReport:
    """Wait until the post is live, run what is due, and record it all."""
    from generator.hooks.run import after_publish  # noqa: PLC0415 - start-up
    from generator.publish.run import record  # noqa: PLC0415 - start-up

    report = after_publish(config, now=_now, hold=lambda: _turn(config), progress=_once(run.say))
    hooks_command.tell(run, report)
    with _turn(config) as held:
        record(config, now=_now(), held=held, say=_say)
    return report


def undo(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="[ID|POST|DATE|latest]",
            help="Its id in `marketpost log`, a post's slug, address, path or date; else the newest one.",
        ),
    ] = "latest",
    *,
    dry_run: DryRun = False,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Take a publish back by a new one: the post is as readers knew it before, or a draft if they did not."""
    from generator.publish.undo import undo as run_undo  # noqa: PLC0415 - start-up

    run, config = _opened(context, quiet=quiet, json=json)
    with run.working("Taking it back"), _turn(config) as held:
        report = run_undo(config, name, now=_now(), held=held, say=_say, dry_run=dry_run)
    _tell(run, report, dry_run=dry_run)
    _end(run, report, None)


def log(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(metavar="[POST]", help="Only of this post: slug, address, path, date, or an id."),
    ] = None,
    *,
    number: Annotated[int, typer.Option("-n", "--number", min=1, help="How many at most.")] = 10,
    json: Json = False,
) -> None:
    """List what was published, newest first: when, what, where it was delivered, and what came of it."""
    from generator.config import load  # noqa: PLC0415 - start-up
    from generator.publish import ledger  # noqa: PLC0415 - start-up
    from generator.publish.finding import matching  # noqa: PLC0415 - start-up

    root, quiet = context.obj
    config = load(root)
    run = Output(root, quiet=quiet, json=json)
    known = ledger.publishes(ledger.read(config.path(config.settings.publish.ledger)))
    if name is not None:
        known = matching(known, name, config.settings.post.series)
    shown = tuple(reversed(known))[:number]
    if not shown:
        run.say("Nothing was published yet." if name is None else f"Nothing of {name} was published.")
    for each in shown:
        _say_publish(run, each)
    run.result([_as_data(each) for each in shown])


# What they share


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _once(say: Callable[[str], None]) -> Callable[[str], None]:
    """Says a thing the first time that it is told."""
    said: set[str] = set()

    def told(text: str) -> None:
        if text not in said:
            said.add(text)
            say(text)

    return told


def _say(text: str) -> None:
    """What a person should know beside the result."""
    typer.echo(f"  note: {plain(text)}", err=True)


def _opened(context: typer.Context, *, quiet: bool, json: bool) -> tuple[Output, Config]:
    from generator.config import load  # noqa: PLC0415 - start-up

    root, quiet_everywhere = context.obj
    return Output(root, quiet=quiet or quiet_everywhere, json=json), load(root)


def _turn(config: Config) -> AbstractContextManager[Held]:
    from generator.publish.turn import turn  # noqa: PLC0415 - start-up

    return turn(config, _say)


def _wanted(text: str, *, week: bool) -> Wanted:
    from generator.publish.choosing import Wanted  # noqa: PLC0415 - start-up

    if text == "latest":
        return Wanted(week=week)
    try:
        return Wanted(day=dt.date.fromisoformat(text), week=week)
    except ValueError as error:
        raise ConfigError(f"{text!r} is no date; expected such as 2026-05-13, or latest") from error


# What they print


def _tell(run: Output, report: Report, *, dry_run: bool) -> None:
    if report.title:
        run.say(plain(report.title))
    if report.done:
        _say_changes(run, report, dry_run=dry_run)
    else:
        run.say(f"{report.why[:1].upper()}{report.why[1:]}. Nothing to do.")
    for each in report.deliveries:
        if each.state == "failed":
            typer.echo(f"{each.target}: not delivered: {plain(each.message)}", err=True)
        else:
            run.say(f"{each.target}: {plain(each.message)}")


def _end(run: Output, report: Report, hooks: HooksReport | None) -> None:
    """Give the result as data, and the exit code."""
    run.result(
        {
            "done": report.done,
            "why": report.why,
            "publish": report.publish,
            "post": report.post,
            "address": report.address,
            "title": report.title,
            "session": report.session,
            "files": dict(report.files),
            "pages": asdict(report.seen.pages),
            "feeds": asdict(report.seen.feeds),
            "commit": report.commit,
            "targets": {
                each.target: {"state": each.state, "message": each.message} for each in report.deliveries
            },
            "hooks": hooks_command.as_data(hooks) if hooks else None,
        }
    )
    if report.failed or not (hooks is None or hooks.is_well):
        raise typer.Exit(1)


def _say_changes(run: Output, report: Report, *, dry_run: bool) -> None:
    """What changes: everything before it is done, and how much when it is."""
    changes: dict[str, list[tuple[str, str]]] = {
        "Pages": _rows(report.seen.pages),
        "Feeds": _rows(report.seen.feeds),
        "Files": [(state, file) for file, state in report.files.items()],
    }
    for what, rows in changes.items():
        if dry_run and rows:
            run.say(f"{what}:")
            run.listed(rows)
        elif rows:
            counts = Counter(state for state, _ in rows)
            run.say(f"{what}:  " + ", ".join(f"{count} {state}" for state, count in counts.items()))
    if report.commit:
        run.say(f"Commit: {report.commit[:12]}")


def _rows(addresses: Addresses) -> list[tuple[str, str]]:
    return [(state, address) for state, listed in asdict(addresses).items() for address in listed]


def _say_publish(run: Output, each: Publish) -> None:
    run.say(f"{each.id}  {plain(each.title)}")
    lines: list[tuple[str, str]] = [("", f"{_at(each.at)}, session {each.session or 'none'}, {each.address}")]
    for target in each.targets:
        reached = each.delivered.get(target)
        lines.append((target, f"delivered {_at(reached)}" if reached else "not delivered yet"))
    if each.live:
        lines.append(("live", _at(each.live)))
    for name, hook in each.hooks.items():
        told = f"{hook.state} {_at(hook.at)}" + (f": {plain(hook.message)}" if hook.message else "")
        lines.append((name, told))
    if each.undone:
        waiting = [target for target in each.targets if target not in each.recalled]
        late = f"; not told yet: {', '.join(waiting)}" if waiting else ""
        lines.append(("taken back", f"{_at(each.undone)}{late}"))
    run.listed(lines)


def _at(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"


def _as_data(each: Publish) -> dict[str, Any]:
    def moments(named: Iterable[tuple[str, dt.datetime]]) -> dict[str, str]:
        return {name: moment.isoformat() for name, moment in named}

    return {
        "publish": each.id,
        "at": each.at.isoformat(),
        "post": each.post,
        "address": each.address,
        "guid": each.guid,
        "title": each.title,
        "session": each.session,
        "dataset": each.dataset,
        "files": dict(each.files),
        "targets": list(each.targets),
        "delivered": moments(each.delivered.items()),
        "live": each.live.isoformat() if each.live else None,
        "hooks": {
            name: {
                "state": hook.state,
                "tries": hook.tries,
                "at": hook.at.isoformat(),
                "message": hook.message,
            }
            for name, hook in each.hooks.items()
        },
        "undone": each.undone.isoformat() if each.undone else None,
        "recalled": moments(each.recalled.items()),
    }
