"""The command line: parses, calls one function, prints. The only module that knows exit codes.

Heavy modules are imported inside the commands.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from generator import (
    __version__,
    check_command,
    correct_command,
    hooks_command,
    links_command,
    preview_command,
    publish_command,
    tags_command,
)
from generator.command import DryRun, Json, opened, output, take_turn
from generator.console import Output, tell_error, tell_problems, tell_withheld
from generator.errors import ConfigError, MarketpostError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.blog import Blog
    from generator.config import Config
    from generator.pipeline import Plan
    from generator.site.hugo import Built

app = typer.Typer(
    name="marketpost",
    help="Turn a day's market data into a Hugo post in which every number can be traced.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main(arguments: Sequence[str]) -> int:
    """Run one command.

    Returns:
        0 done, 1 the work failed, 2 wrong usage or configuration.
    """
    try:
        app(args=list(arguments), prog_name="marketpost")
    except SystemExit as finished:
        return finished.code if isinstance(finished.code, int) else 1
    except MarketpostError as error:
        tell_error(error)
        return error.exit_code
    except BrokenPipeError:
        # `marketpost explain latest | head`: nobody reads on, and Python would complain at exit.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - stays open until the end
        return 1
    except OSError as error:
        # A full disk, a folder that may not be written, a file where a folder should be: a person's to mend.
        typer.echo(
            f"marketpost: {error.filename or 'a file'}: {error.strerror or error}; mend it and run again",
            err=True,
        )
        return 1
    return 0


def _version(asked: bool) -> None:  # a callback of typer
    if asked:
        typer.echo(f"marketpost {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    *,
    root: Annotated[
        Path, typer.Option("--root", "-C", help="The blog's folder.", show_default="this folder")
    ] = Path(),
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only what went wrong.")] = False,
    version: Annotated[  # noqa: ARG001 - its callback acts
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    context.obj = (root.resolve(), quiet)


def _now() -> datetime:
    """The time by which posts are public. Hugo itself goes by the clock, so this must too."""
    return datetime.now(UTC)


BuildSite = Annotated[bool, typer.Option("--site/--no-site", help="Build the site with Hugo afterwards.")]


def _day(text: str, blog: Blog) -> date:
    """A session's date from the command line; `latest` is the newest that a source holds."""
    if text == "latest":
        newest = blog.newest()
        if newest is None:
            labels = ", ".join(source.label for source in blog.sources)
            raise MarketpostError(f"the sources hold no session: {labels or 'none is configured'}")
        return newest
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(f"{text!r} is no date; expected such as 2026-05-13, or latest") from error


@app.command(epilog="Examples: marketpost post   |   marketpost post 2026-05-13 --dry-run")
def post(
    context: typer.Context,
    day: Annotated[
        str, typer.Argument(metavar="[DATE|latest]", help="The session: an ISO date, or the newest there is.")
    ] = "latest",
    *,
    dry_run: DryRun = False,
    json: Json = False,
    site: BuildSite = True,
) -> None:
    """Make a session's post with its figures, update its tags' feeds and the hub, and build the site."""
    from generator.pipeline import plan_post  # noqa: PLC0415 - start-up

    run, blog = opened(context, json=json)
    wanted = _day(day, blog)
    if not blog.calendar.is_session(wanted):
        reason = blog.calendar.why_closed(wanted)
        run.say(f"{wanted} is no session: {reason}. Nothing to do.")
        run.result({"session": None, "date": wanted, "reason": reason})
        return
    with run.working(f"Making the post of {wanted}"):
        plan = plan_post(blog, wanted, now=_now())
    _make(run, blog, plan, dry_run=dry_run, site=site)


@app.command(epilog="Examples: marketpost week   |   marketpost week 2026-05-13 --dry-run")
def week(
    context: typer.Context,
    day: Annotated[
        str,
        typer.Argument(
            metavar="[DATE|latest]", help="Any day of the week: an ISO date, or the newest session there is."
        ),
    ] = "latest",
    *,
    dry_run: DryRun = False,
    json: Json = False,
    site: BuildSite = True,
) -> None:
    """Make the post of a week from its sessions so far; run again later, it is the same post."""
    from generator.pipeline import plan_week  # noqa: PLC0415 - start-up

    run, blog = opened(context, json=json)
    wanted = _day(day, blog)
    with run.working(f"Making the post of the week of {wanted}"):
        plan = plan_week(blog, wanted, now=_now())
    _make(run, blog, plan, dry_run=dry_run, site=site)


def _make(
    run: Output,
    blog: Blog,
    plan: Plan,
    *,
    dry_run: bool,
    site: bool,
    more: Mapping[str, object] | None = None,
    after: str = "",
) -> None:
    """Write what was planned, unless it is a dry run, and say so.

    `more` is added to the result, and `after` is what to do next, if not to look where the numbers come from.
    """
    run.say(plan.post.title)
    files = run.files(plan.files)
    for path in plan.stale:
        run.say(f"  removed  {blog.shown(path)}")
    if plan.edited:
        run.say("  Your edits of the post are kept.")
    correct_command.tell_unsaid(run, blog, plan, now=_now())
    check_command.tell_gate(run, plan)
    built = None
    if not dry_run:
        plan.write()
        if site:
            with run.working("Building the site"):
                built = _build(blog, drafts=False)
            _say_built(run, blog, built, drafts=False)
            run.say(f"Look at: public{plan.post.address}index.html")
        name = _name_of(plan, blog)
        run.say(f"Next:    {after or f'marketpost explain {name}   (where each number comes from)'}")
    tell_problems(plan.problems)
    tell_withheld(plan.withheld)
    run.result(
        {
            "session": plan.post.session,
            "title": plan.post.title,
            "address": plan.post.address,
            "edited": plan.edited,
            "held": plan.held,
            "findings": [check_command.as_data(each) for each in plan.findings],
            "files": files,
            "removed": [blog.shown(path) for path in plan.stale],
            "pages": built.pages if built else None,
            "problems": [str(problem) for problem in plan.problems],
            "withheld": {
                str(other): [str(problem) for problem in why] for other, why in plan.withheld.items()
            },
            **(more or {}),
        }
    )
    wrong = any(each.severity == "error" for each in plan.findings)
    if wrong or plan.withheld or any(problem.fatal for problem in plan.problems):
        raise typer.Exit(1)


def _name_of(plan: Plan, blog: Blog) -> str:
    """How `explain` is told the post: a daily one by its session, any other by its slug."""
    daily = blog.config.settings.post.series in plan.post.series
    return str(plan.post.session) if daily and plan.post.session else plan.post.slug


def _build(blog: Blog, *, drafts: bool, destination: Path | None = None) -> Built:
    from generator.site.hugo import build, find_hugo  # noqa: PLC0415 - start-up

    return build(
        find_hugo(),
        blog.config.root,
        timeout=blog.config.settings.hugo.timeout,
        destination=destination,
        drafts=drafts,
    )


def _say_built(run: Output, blog: Blog, built: Built, *, drafts: bool) -> None:
    from generator.site.hugo import hidden_posts  # noqa: PLC0415 - start-up

    run.say(f"Site:    {built.pages} pages in public/")
    for warning in built.warnings:
        typer.echo(f"  Hugo warns: {warning}", err=True)
    posts = {entry.file: entry.post for entry in blog.library().posts}
    for hidden in hidden_posts(posts, _now(), drafts=drafts):
        typer.echo(f"  note: not on the site: {hidden}", err=True)


app.command(epilog=check_command.EPILOG)(check_command.check)
app.command(epilog=preview_command.EPILOG)(preview_command.preview)
app.command(epilog=hooks_command.EPILOG)(hooks_command.hooks)
app.command(epilog=publish_command.PUBLISH_EPILOG)(publish_command.publish)
app.command(epilog=publish_command.LOG_EPILOG)(publish_command.log)
app.command(epilog=publish_command.UNDO_EPILOG)(publish_command.undo)
correct_command.register(app, opened, _now, _make)


@app.command(epilog="Examples: marketpost feeds --changed   |   marketpost feeds --tag v-reversal --explain")
def feeds(
    context: typer.Context,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="All feeds; this is what happens without --tag and --changed.")
    ] = False,
    tag: Annotated[
        list[str] | None, typer.Option("--tag", "-t", help="Only this tag's feeds; may be repeated.")
    ] = None,
    changed: Annotated[
        bool, typer.Option("--changed", help="Only feeds of posts that are not as at the last run.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Hold the feeds on disk against their rules; write nothing.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say of each file why it is written or removed.")
    ] = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Make the feeds of tags, categories, series and the site from the posts as they are, or check them."""
    from generator.config import load  # noqa: PLC0415 - start-up

    if sum(map(bool, (tag, everything, changed, check))) > 1:
        raise ConfigError("--all, --tag, --changed and --check exclude each other")
    # Neither sources nor calendar: loading what reads them takes longer than the feeds do.
    config = load(context.obj[0])
    take_turn(context, config)
    run = output(context, json=json)
    if check:
        _check_feeds(run, config)
    else:
        _bring_feeds(run, config, tag or (), changed=changed, dry_run=dry_run, explain=explain)


def _bring_feeds(
    run: Output, config: Config, tags: Sequence[str], *, changed: bool, dry_run: bool, explain: bool
) -> None:
    from generator.feeds.run import bring, terms_of  # noqa: PLC0415 - start-up
    from generator.library.by_language import libraries_of  # noqa: PLC0415 - start-up
    from generator.tags.registry import load_registry  # noqa: PLC0415 - start-up

    registry, libraries = load_registry(config.tags), tuple(libraries_of(config).values())
    scope = terms_of(tags, registry, libraries) if tags else "changed" if changed else "all"
    with run.progress("Making the feeds") as progress:
        report = bring(
            config,
            libraries,
            registry.by_slug,
            scope,
            write=not dry_run,
            now=_now(),
            progress=progress,
        )
    run.feeds(report, explain=explain)
    tell_problems(report.problems)
    if any(problem.fatal for problem in report.problems):
        raise typer.Exit(1)


def _check_feeds(run: Output, config: Config) -> None:
    from generator.feeds.profile import check_folder  # noqa: PLC0415 - start-up

    with run.progress("Checking the feeds") as progress:
        count, findings = check_folder(config.feeds, progress)
    for finding in findings:
        run.say(f"  {finding}")
    run.say(f"{count} files checked, {len(findings)} findings")
    run.result({"files": count, "findings": [finding.as_data() for finding in findings]})
    if findings:
        raise typer.Exit(1)


@app.command(epilog="Examples: marketpost site   |   marketpost site --drafts --destination /tmp/look")
def site(
    context: typer.Context,
    *,
    drafts: Annotated[bool, typer.Option("--drafts", help="Show drafts too.")] = False,
    destination: Annotated[
        Path | None, typer.Option("--destination", "-d", help="Where to, instead of public/.")
    ] = None,
    json: Json = False,
) -> None:
    """Build the site with Hugo."""
    run, blog = opened(context, json=json)
    with run.working("Building the site"):
        built = _build(blog, drafts=drafts, destination=destination.resolve() if destination else None)
    _say_built(run, blog, built, drafts=drafts)
    run.result({"pages": built.pages, "warnings": list(built.warnings)})


@app.command(epilog="Examples: marketpost data   |   marketpost data --dry-run")
def data(context: typer.Context, *, dry_run: DryRun = False, json: Json = False) -> None:
    """Bring up to date what pages show and do not say themselves: what happened next, and lists by rule."""
    from generator.files import write_all  # noqa: PLC0415 - start-up
    from generator.pipeline import plan_site_data  # noqa: PLC0415 - start-up

    run, blog = opened(context, json=json)
    with run.working("Working out the data files"):
        plan = plan_site_data(blog)
    files = run.files(plan.files)
    for path in plan.stale:
        run.say(f"  removed  {blog.shown(path)}")
    if not files and not plan.stale:
        run.say("All data files are as they should be.")
    if not dry_run:
        write_all(plan.files)
        for path in plan.stale:
            path.unlink(missing_ok=True)
    tell_problems(plan.problems)
    run.result(
        {
            "files": files,
            "removed": [blog.shown(path) for path in plan.stale],
            "problems": [str(problem) for problem in plan.problems],
        }
    )
    if any(problem.fatal for problem in plan.problems):
        raise typer.Exit(1)


@app.command(epilog="Examples: marketpost metrics 2026-05-13   |   marketpost metrics latest --json")
def metrics(
    context: typer.Context,
    day: Annotated[str, typer.Argument(metavar="[DATE|latest]", help="The session.")] = "latest",
    *,
    json: Json = False,
) -> None:
    """Show what was measured of a session, each with its place in the history so far."""
    from generator.metrics.definitions import METRICS  # noqa: PLC0415 - start-up
    from generator.metrics.measures import at  # noqa: PLC0415 - start-up

    run, blog = opened(context, json=json)
    wanted = _day(day, blog)
    with run.working("Measuring"):
        history, withheld = blog.metrics()
    if wanted in withheld:
        raise MarketpostError(f"the session {wanted} is withheld", withheld[wanted])
    measures = at(history, wanted)
    known: dict[str, float | date] = {**measures.values, **measures.dates}
    if not known:
        raise MarketpostError(
            f"the sources hold nothing of {wanted}; `marketpost sessions` lists what they hold"
        )
    rows = [
        (name, known[name], METRICS[name], measures.percentiles.get(name))
        for name in METRICS
        if name in known
    ]
    run.table(
        ["metric", "value", "unit", "percentile", "meaning"],
        [
            (
                name,
                _number(value, metric.precision),
                metric.unit,
                f"{rank:.0f}" if rank is not None else "",
                metric.meaning,
            )
            for name, value, metric, rank in rows
        ],
        right=(1, 3),
    )
    run.result(
        {
            "session": wanted,
            "metrics": {
                name: {"value": value, "unit": metric.unit, "percentile": rank, "formula": metric.formula}
                for name, value, metric, rank in rows
            },
        }
    )
    tell_withheld(withheld)
    if withheld:
        raise typer.Exit(1)


def _number(value: float | date, precision: int) -> str:
    return value.isoformat() if isinstance(value, date) else f"{value:,.{precision}f}"


app.command(epilog=tags_command.EPILOG)(tags_command.tags)


@app.command(epilog="Examples: marketpost explain latest   |   marketpost explain 2026-05-13 --json")
def explain(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="POST", help="Slug, address, path or date of a post, or latest.")
    ] = "latest",
    *,
    json: Json = False,
) -> None:
    """Show what was found unusual, and every figure of a post with its cell or its formula."""
    from generator.bundle import read_figures  # noqa: PLC0415 - start-up
    from generator.pipeline import find_post  # noqa: PLC0415 - start-up

    run, blog = opened(context, json=json)
    entry = find_post(blog.library(), name, blog.config.settings.post.series)
    figures = read_figures(entry.path.with_name("figures.json"))
    extra = entry.post.extra
    angles = [angle for angle in extra.get("angles") or () if isinstance(angle, dict)]
    run.say(f"{entry.post.title}\n{len(figures)} figures")
    run.say("\n".join([f"Angle: {extra.get('angle') or 'none'}", *map(_angle, angles)]) + "\n")
    run.table(
        ["shown", "figure", "value", "source"],
        [(each["text"], each["figure"], str(each["value"]), _source(each["source"])) for each in figures],
        right=(0,),
    )
    run.result({"angle": extra.get("angle"), "angles": angles, "figures": figures})


def _angle(angle: Mapping[str, object]) -> str:
    """An angle as front matter has it: what held, how unusual that is, and how often it was so."""
    seen = f", {angle['seen']} of {angle['among']} sessions" if "seen" in angle and "among" in angle else ""
    return f"  {angle.get('key')}: {angle.get('rule')} ({angle.get('bits')} bits{seen})"


def _source(source: Mapping[str, object]) -> str:
    if "formula" in source:
        inputs = source["inputs"]
        of = f"  of {', '.join(map(str, inputs))}" if isinstance(inputs, list) and inputs else ""
        return f"{source['formula']}{of}"
    return f"{source['file']}, {source['row']}, {source['column']}"


app.command(epilog=links_command.EPILOG)(links_command.links)


@app.command(epilog="Examples: marketpost sessions   |   marketpost sessions --json")
def sessions(context: typer.Context, *, json: Json = False) -> None:
    """List the sessions that the sources hold, which have a post, and which are withheld and why."""
    from generator.dataset.load import against_calendar, available  # noqa: PLC0415 - start-up

    run, blog = opened(context, json=json)
    library = blog.library()
    series = blog.config.settings.post.series
    held = available(blog.sources)
    with run.working("Checking the data"):
        _, withheld = blog.metrics()

    def post_of(day: date) -> str:
        entry = library.by_session(day, series)
        return entry.post.address if entry else ""

    run.table(
        ["session", "state", "sources", "post"],
        [
            (str(day), "withheld" if day in withheld else "ready", ", ".join(labels), post_of(day))
            for day, labels in held.items()
        ],
    )
    run.result(
        [
            {
                "session": day,
                "ready": day not in withheld,
                "sources": list(labels),
                "post": post_of(day) or None,
                "problems": [str(problem) for problem in withheld.get(day, ())],
            }
            for day, labels in held.items()
        ]
    )
    tell_problems(against_calendar(blog.sources, blog.calendar))
    tell_withheld(withheld)
    if withheld:
        raise typer.Exit(1)


@app.command(epilog="Example: marketpost init my-blog")
def init(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")] = Path(),
    *,
    sample: Annotated[
        bool, typer.Option("--sample/--no-sample", help="Put two sample sessions into it.")
    ] = True,
) -> None:
    """Make a new blog in an empty folder: configuration, layouts, tags and two sample sessions."""
    from generator.files import write_all  # noqa: PLC0415 - start-up
    from generator.starter import plan_blog  # noqa: PLC0415 - start-up

    run = output(context)
    target = (context.obj[0] / folder).resolve()
    planned = plan_blog(target, sample=sample)
    write_all(planned)
    run.say(f"A new blog with {len(planned)} files in {target}")
    run.say("Next: set baseURL and title in its config.yaml, then run `marketpost post latest` there.")
