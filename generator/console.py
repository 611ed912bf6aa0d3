"""What commands print: results on stdout, problems and progress on stderr. With cli.py the only printing."""

from __future__ import annotations

import contextlib
import json as json_format
import sys
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

import typer

from generator.errors import EditedPostError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from generator.errors import MarketpostError, Problem
    from generator.files import PlannedFile


def tell_error(error: MarketpostError) -> None:
    """Say what failed, with every problem, and the difference where an edit is in the way."""
    typer.echo(f"marketpost: {error}", err=True)
    tell_problems(error.problems)
    if isinstance(error, EditedPostError):
        typer.echo(error.difference, err=True)


def tell_problems(problems: Iterable[Problem]) -> None:
    """Say each problem on a line."""
    for problem in problems:
        typer.echo(f"  {'error' if problem.fatal else 'note'}: {problem}", err=True)


def tell_withheld(withheld: Mapping[date, Sequence[Problem]]) -> None:
    """Say which sessions are left out, and why."""
    for day, problems in withheld.items():
        typer.echo(f"The session {day} is withheld:", err=True)
        tell_problems(problems)


class Output:
    """One command's printing: for people, or with `json` one value and nothing else on stdout."""

    def __init__(self, root: Path, *, quiet: bool, json: bool = False) -> None:
        self._root = root
        self._quiet = quiet
        self._json = json

    def say(self, text: str) -> None:
        """Print a line for a person."""
        if not self._quiet and not self._json:
            typer.echo(text)

    def result(self, data: object) -> None:
        """Print the result for a script, if it asked for JSON."""
        if self._json:
            typer.echo(json_format.dumps(data, ensure_ascii=False, indent=1, default=str))

    @contextlib.contextmanager
    def working(self, what: str) -> Iterator[None]:
        """Show on a terminal that something goes on."""
        if self._quiet or self._json or sys.stderr is None or not sys.stderr.isatty():
            yield
            return
        from rich.console import Console  # noqa: PLC0415 - start-up

        with Console(stderr=True).status(what):
            yield

    def files(self, planned: Iterable[PlannedFile]) -> list[dict[str, str]]:
        """Say which files change, and give them as data."""
        listed = [
            {"path": file.path.relative_to(self._root).as_posix(), "state": file.state} for file in planned
        ]
        same = 0
        for file in listed:
            if file["state"] == "same":
                same += 1
            else:
                self.say(f"  {file['state']:8} {file['path']}")
        if same:
            self.say(f"  {same} file{'s' if same != 1 else ''} already as they should be")
        return listed

    def table(
        self, header: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()
    ) -> None:
        """Print rows in columns, each as wide as it needs to be."""
        if self._quiet or self._json:
            return
        lines = [list(header), *(list(row) for row in rows)]
        widths = [max(_width(line[n]) for line in lines) for n in range(len(header))]
        for line in lines:
            cells = [
                " " * (width - _width(cell)) + cell if n in right else cell + " " * (width - _width(cell))
                for n, (cell, width) in enumerate(zip(line, widths, strict=True))
            ]
            typer.echo("  ".join(cells).rstrip())


def _width(text: str) -> int:
    """Columns of a terminal: Hangul takes two."""
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)
