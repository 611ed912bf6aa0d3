"""`marketpost tags`: parses, looks at the tags of the blog, prints. `cli` registers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from generator.command import DryRun, Json, opened
from generator.console import Output, tell_problems

if TYPE_CHECKING:
    from generator.library import Library
    from generator.tags.audit import Audit
    from generator.tags.registry import Registry

EPILOG = "Examples: marketpost tags   |   marketpost tags --check   |   marketpost tags --merge --dry-run"


def tags(
    context: typer.Context,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="List unknown, doubled and lonely tags of all posts.")
    ] = False,
    merge: Annotated[
        bool, typer.Option("--merge", help="Write doubled tags in the one spelling of the registry.")
    ] = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """List the tags with their posts; check or merge those of the whole blog."""
    from generator.files import write_all  # noqa: PLC0415 - start-up
    from generator.pipeline import audit_blog, plan_merge  # noqa: PLC0415 - start-up

    run, blog = opened(context, json=json)
    registry, library = blog.registry(), blog.library()
    if not check and not merge:
        _list_tags(run, library, registry)
        return
    tell_problems(library.problems)
    audit = audit_blog(library, registry, blog.config.root)
    if merge:
        planned = plan_merge(library, audit, blog.config.root)
        files = run.files(planned)
        if not planned:
            run.say("Every tag is written in one way already.")
        if not dry_run:
            write_all(planned)
        run.result({"files": files})
        return
    _say_audit(run, audit)
    if audit.clean:
        run.say(f"No tag of {len(library.posts)} post(s) is unknown, or written in two ways.")
    else:
        raise typer.Exit(1)


def _list_tags(run: Output, library: Library, registry: Registry) -> None:
    counts = dict.fromkeys(registry.by_slug, 0)
    for entry in library.posts:
        for slug in {registry.key(name) for name in entry.post.tags} & counts.keys():
            counts[slug] += 1
    run.table(
        ["tag", "posts", "title", "rule"],
        [(slug, str(counts[slug]), tag.title, tag.rule or "") for slug, tag in registry.by_slug.items()],
        right=(1,),
    )
    run.result(
        [
            {"tag": slug, "title": registry.by_slug[slug].title, "posts": count}
            for slug, count in counts.items()
        ]
    )


def _say_audit(run: Output, audit: Audit) -> None:
    for unknown in audit.unknown:
        near = f"; did you mean {unknown.nearest}?" if unknown.nearest else ""
        run.say(f"unknown   {unknown.name!r} in {', '.join(unknown.posts[:3])}{near}")
    for double in audit.duplicates:
        spellings = ", ".join(f"{name!r} ({count})" for name, count in double.spellings)
        run.say(f"doubled   {double.keep}: written {spellings}; `marketpost tags --merge` makes them one")
    for clash in audit.clashes:
        run.say(f"clash     {' and '.join(map(repr, clash.names))} have one page, {clash.address}")
    for name, file in audit.lonely:
        run.say(f"lonely    {name}: only {file} has it")
    run.result(
        {
            "unknown": [unknown.name for unknown in audit.unknown],
            "doubled": {double.keep: dict(double.spellings) for double in audit.duplicates},
            "clashes": [list(clash.names) for clash in audit.clashes],
            "lonely": [name for name, _ in audit.lonely],
            "unused": list(audit.unused),
        }
    )
