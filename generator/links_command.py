"""`marketpost links`: parses, asks for links, prints. `cli` registers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from generator.command import Json, output, take_turn
from generator.console import Output, advice_as_data, plain, tell_problems
from generator.errors import ConfigError, MarketpostError, PostError, Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from generator.links.mentions import Advice
    from generator.links.posts import Known
    from generator.links.run import Web

EPILOG = (
    "Examples: marketpost links latest   |   marketpost links 2026-05-14 --missing   |   "
    "marketpost links --all"
)


def links(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="POST", help="Slug, address, path or date of a post, or latest.")
    ] = "latest",
    *,
    related: Annotated[bool, typer.Option("--related", help="Only earlier posts like it.")] = False,
    backlinks: Annotated[bool, typer.Option("--backlinks", help="Only pages that link to it.")] = False,
    missing: Annotated[
        bool, typer.Option("--missing", help="Only what it names without a link, or links to wrongly.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="What every post names without a link, or links to wrongly.")
    ] = False,
    limit: Annotated[
        int | None, typer.Option("--limit", min=0, help="Related posts at most.", show_default="the setting")
    ] = None,
    json: Json = False,
) -> None:
    """Show a post's related posts, the pages that link to it, and what it should link to but does not."""
    from generator.config import load  # noqa: PLC0415 - start-up
    from generator.links.run import open_web  # noqa: PLC0415 - start-up

    if everything and (related or backlinks or missing or name != "latest"):
        raise ConfigError("--all is about every post, so it takes no POST, and nothing else to show")
    config = load(context.obj[0])
    take_turn(context, config)
    run = output(context, json=json)
    web = open_web(config)
    if everything:
        _advise_all(run, web)
    else:
        # None of the three is asked for: all are shown.
        shown = {
            each for each, on in (("related", related), ("backlinks", backlinks), ("missing", missing)) if on
        }
        _links_of(run, web, web.find(name), shown or {"related", "backlinks", "missing"}, limit)
    tell_problems(web.problems)


def _links_of(run: Output, web: Web, post: Known, shown: Collection[str], limit: int | None) -> None:
    from generator.links.run import advice, linked_from, related_to  # noqa: PLC0415 - start-up

    run.say(f"{plain(post.title)}\n{post.file}")
    result: dict[str, object] = {"post": post.address, "file": post.file, "language": post.language}
    if "related" in shown:
        found = related_to(web, post, _measures(web, post), limit=limit)
        run.say(f"\nRelated, earlier: {len(found) or 'none'}")
        run.listed([(f"{each.score:.2f}", str(each.date.date()), each.address) for each in found], right=(0,))
        result["related"] = [
            {"title": each.title, "address": each.address, "date": each.date.isoformat(), "score": each.score}
            for each in found
        ]
    if "backlinks" in shown:
        sources = linked_from(web, post)
        run.say(f"\nLinked from: {len(sources) or 'none'}")
        run.listed([(each.address, plain(each.title), "draft" if each.draft else "") for each in sources])
        result["backlinks"] = [
            {"title": each.title, "address": each.address, "file": each.file, "draft": each.draft}
            for each in sources
        ]
    if "missing" in shown:
        for _, told in advice(web, [post]):
            result |= _say_advice(run, told)
    run.result(result)


def _measures(web: Web, post: Known) -> Mapping[date, Mapping[str, float]]:
    """What sessions were like, as `post` compares them; nothing for a post that is about none."""
    from generator.links.run import days_compared  # noqa: PLC0415 - start-up

    if post.session is None:
        return {}
    from generator.blog import open_blog  # noqa: PLC0415 - frames take half a second to load
    from generator.metrics.likeness import standardised  # noqa: PLC0415 - the same

    try:
        history, _ = open_blog(web.config).metrics()
    except MarketpostError as error:
        typer.echo(f"  note: sessions are not compared by their measures: {error}", err=True)
        return {}
    return standardised(history, days_compared(web, post), until=post.session)


def _say_advice(run: Output, told: Advice | Problem) -> dict[str, object]:
    """Print what to mend, and give it as data."""
    if isinstance(told, Problem):
        raise PostError(str(told), [told])
    run.say(f"\nNamed without a link: {len(told.missing) or 'none'}")
    run.listed([(f"{each.line}:{each.column}", each.words, each.snippet) for each in told.missing])
    if told.misled:
        run.say(f"\nLeaves the language although there is a translation: {len(told.misled)}")
        run.listed([(f"{each.line}:{each.column}", each.written, each.address) for each in told.misled])
    return advice_as_data(told)


def _advise_all(run: Output, web: Web) -> None:
    from generator.links.run import advice  # noqa: PLC0415 - start-up

    listed: list[dict[str, object]] = []
    told: list[Problem] = []
    names = misled = 0
    with run.progress("Reading the posts") as progress:
        for post, found in advice(web, web.posts, progress):
            if isinstance(found, Problem):
                told.append(found)
                continue
            names, misled = names + len(found.missing), misled + len(found.misled)
            for each in found.missing:
                run.say(f"{post.file}:{each.line}:{each.column}: {each.words}: {each.snippet}")
            for wrong in found.misled:
                run.say(
                    f"{post.file}:{wrong.line}:{wrong.column}: {wrong.written} is {wrong.language}, "
                    f"and there is {wrong.address}"
                )
            listed.append({"post": post.address, "file": post.file, **advice_as_data(found)})
    run.say(
        f"{len(web.posts)} posts, {names} names without a link, "
        f"{misled} links to another language's page of which there is a translation"
    )
    run.result(listed)
    tell_problems(told)
