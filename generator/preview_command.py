"""`marketpost preview`: parses, starts a preview, prints what happens. `cli` registers it."""

from __future__ import annotations

import json as json_format
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from generator.console import Output, plain, tell_problems

if TYPE_CHECKING:
    from generator.preview.board import Trouble

EPILOG = (
    "Examples: marketpost preview   |   marketpost preview 2026-05-13 --open"
    "   |   marketpost preview latest --all"
)


def preview(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="[POST|DATE]",
            help="A session, whose post is shown as publish would write it; or a slug, address or path of a"
            " post, or latest, which is shown as it stands. The newest session if nothing is named.",
            show_default=False,
        ),
    ] = "",
    *,
    port: Annotated[
        int | None,
        typer.Option(
            "--port", "-p", min=0, max=65535, help="Port on 127.0.0.1; 0 for any.", show_default="the setting"
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Serve every post, not only the newest; slower on a large blog.")
    ] = False,
    browser: Annotated[bool, typer.Option("--open", "-o", help="Open the post in your browser.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only what went wrong.")] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print address, port and post on one line, as JSON.")
    ] = False,
) -> None:
    """Show the post that is being written in a browser, with its findings and sources; Ctrl-C ends it."""
    from generator.preview.run import Wish, run  # noqa: PLC0415 - start-up

    root, quiet_everywhere = context.obj
    output = Output(root, quiet=quiet or quiet_everywhere, json=json)
    shown = _Shown(output, browser=browser, json=json)
    wish = Wish(root=root, name=name, everything=everything, port=port)
    shown.begin()
    run(wish, shown, now=_now)


def _now() -> datetime:
    """The time by which posts are in the future. Hugo itself goes by the clock, so this must too."""
    return datetime.now(UTC)


class _Shown:
    """What a person sees in the terminal."""

    def __init__(self, output: Output, *, browser: bool, json: bool) -> None:
        self._output, self._browser, self._json = output, browser, json
        self._was_told = False

    def begin(self) -> None:
        """Before anything else, as the first start takes seconds."""
        self._output.say("Making the preview …")

    def serving(self, address: str, port: int, file: str) -> None:
        """The post answers."""
        if self._json:
            if not self._was_told:
                told = {"address": address, "port": port, "post": file}
                typer.echo(json_format.dumps(told, ensure_ascii=False))
        else:
            self._output.say(f"{plain(file)}")
            self._output.say(address)
            self._output.say(
                "" if self._was_told else "Every change shows there by itself; Ctrl-C ends this."
            )
        if self._browser and not self._was_told:
            import webbrowser  # noqa: PLC0415 - start-up

            webbrowser.open(address)
        self._was_told = True

    def trouble(self, trouble: Trouble) -> None:
        """Something cannot be shown."""
        typer.echo(f"marketpost: {plain(trouble.message)}", err=True)
        tell_problems(trouble.problems)
        if trouble.difference:
            typer.echo(trouble.difference, err=True)

    def mended(self, about: str) -> None:
        """It can again."""
        if not self._output.is_quiet:
            typer.echo(f"marketpost: {about} is mended", err=True)

    def defect(self, trace: str) -> None:
        """We failed ourselves."""
        typer.echo(trace, err=True)
