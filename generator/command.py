"""What the commands share: their options, and how they open a blog."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from generator.console import Output, plain

if TYPE_CHECKING:
    from generator.blog import Blog
    from generator.config import Config

DryRun = Annotated[
    bool, typer.Option("--dry-run", "-n", help="List the files that would be written; write nothing.")
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def output(context: typer.Context, *, json: bool = False) -> Output:
    """How a command prints."""
    root, quiet = context.obj
    return Output(root, quiet=quiet, json=json)


def opened(context: typer.Context, *, json: bool = False) -> tuple[Output, Blog]:
    """The blog, with its lock until the command is done, and how the command prints.

    Raises:
        ConfigError: its configuration is wrong.
        PublishError: what a killed publish left cannot be mended.
    """
    from generator.blog import open_blog  # noqa: PLC0415 - start-up
    from generator.config import load  # noqa: PLC0415 - start-up

    config = load(context.obj[0])
    take_turn(context, config)
    return output(context, json=json), open_blog(config)


def take_turn(context: typer.Context, config: Config) -> None:
    """Hold the blog's lock until the command is done."""
    from generator.publish.turn import turn  # noqa: PLC0415 - start-up

    context.with_resource(turn(config, lambda note: typer.echo(f"  note: {plain(note)}", err=True)))
