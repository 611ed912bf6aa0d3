"""`marketpost hooks`: parses, runs what is left to be done after publishing, prints. `cli` registers it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from generator.console import Output, plain, tell_problems
from generator.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.hooks.run import Report
    from generator.hooks.standing import Standing

EPILOG = (
    "Examples: marketpost hooks   |   marketpost hooks --dry-run   |   marketpost hooks --retry telegram"
    "   |   marketpost hooks --settle telegram"
)


def hooks(
    context: typer.Context,
    *,
    retry: Annotated[
        str,
        typer.Option(
            "--retry", metavar="NAME", help="Run this hook although it was given up, or may have been done."
        ),
    ] = "",
    settle: Annotated[
        str,
        typer.Option(
            "--settle", metavar="NAME", help="Take what is left of this hook for done; run nothing."
        ),
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "-n", help="List what is left; ask, run and write nothing.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only what is left.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Wait until what was published is live, then run the hooks that are due, and those that failed."""
    from generator.config import load  # noqa: PLC0415 - start-up
    from generator.hooks import run as running  # noqa: PLC0415 - start-up
    from generator.publish.run import record  # noqa: PLC0415 - start-up
    from generator.publish.turn import turn  # noqa: PLC0415 - start-up

    root, quiet_everywhere = context.obj
    out = Output(root, quiet=quiet or quiet_everywhere, json=json)
    config = load(root)
    known = config.settings.publish.hooks_by_name
    if retry and settle:
        raise ConfigError("--retry and --settle exclude each other")
    for name in (retry, settle):
        if name and name not in known:
            raise ConfigError(f"no hook {name!r} in params.marketpost.publish.hooks: {_listed(known)}")
    hold = partial(turn, config, _note)
    if dry_run:
        report = running.Report(left=running.left(config))
    elif settle:
        settled = running.settle(config, settle, now=_now, hold=hold)
        out.say(f"{len(settled)} settled")
        report = running.Report(left=running.left(config))
    else:
        with out.working("Running hooks"):
            report = running.after_publish(config, now=_now, hold=hold, retry=retry)
    tell(out, report)
    is_done = not report.left and not report.not_live
    if is_done:
        out.say("Nothing is left to be done.")
    out.result(as_data(report))
    if not dry_run:
        with hold() as held:
            record(config, now=_now(), held=held, say=_note)
    if not is_done:
        raise typer.Exit(1)


def _note(text: str) -> None:
    typer.echo(f"  note: {plain(text)}", err=True)


def _now() -> datetime:
    return datetime.now(UTC)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "there is none"


def tell(out: Output, report: Report) -> None:
    """Say what was done, what is not live, and what is left with what to do about it."""
    tell_problems(report.problems)
    for each in report.ran:
        if each.state == "done":
            out.say(f"  done      {each.hook}: {plain(each.publish.title)}")
    for waiting in report.not_live:
        typer.echo(f"  not live  {waiting.address}: {plain(waiting.reason)}", err=True)
    details = {(each.publish.id, each.hook): each.detail for each in report.ran}
    for standing in report.left:
        for line in _left(standing, details.get((standing.publish.id, standing.hook), "")):
            typer.echo(line, err=True)


_NEXT = {
    "due": "`marketpost hooks` runs it",
    "failed": "`marketpost hooks` tries again",
    "unknown": "Look whether it was done; then `marketpost hooks --retry {0}`, or `--settle {0}`",
    "given up": "It is not tried again by itself: `marketpost hooks --retry {0}`, or `--settle {0}`",
}


def _left(standing: Standing, detail: str) -> Iterator[str]:
    """What is left, why, and what to do about it."""
    tried = f", tried {standing.tries} times" if standing.tries > 1 else ""
    yield f"  {standing.state:9} {standing.hook}: {plain(standing.publish.title)}{tried}"
    if standing.message:
        yield f"            {plain(standing.message)}"
    for line in detail.splitlines():
        yield f"            | {plain(line)}"
    yield f"            {_NEXT[standing.state].format(standing.hook)}"


def as_data(report: Report) -> dict[str, Any]:
    """What a run did, for programs."""
    return {
        "ran": [
            {"publish": each.publish.id, "hook": each.hook, "state": each.state, "message": each.message}
            for each in report.ran
        ],
        "not_live": [
            {"publish": each.publish.id, "address": each.address, "reason": each.reason}
            for each in report.not_live
        ],
        "left": [
            {
                "publish": each.publish.id,
                "post": each.publish.post,
                "title": each.publish.title,
                "hook": each.hook,
                "state": each.state,
                "tries": each.tries,
                "message": each.message,
            }
            for each in report.left
        ],
    }
