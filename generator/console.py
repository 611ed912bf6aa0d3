"""What commands print: results on stdout, problems and progress on stderr. With cli.py the only printing."""

from __future__ import annotations

import contextlib
import json as json_format
import sys
from typing import TYPE_CHECKING

import typer

from generator.errors import EditedPostError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from generator.errors import MarketpostError, Problem
    from generator.feeds.run import Report
    from generator.files import PlannedFile
    from generator.links.mentions import Advice


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

    @property
    def is_quiet(self) -> bool:
        """Whether only what went wrong is printed."""
        return self._quiet

    def say(self, text: str) -> None:
        """Print a line for a person."""
        if not self._quiet and not self._json:
            typer.echo(text)

    def rich(self, parts: Iterable[tuple[str, str]]) -> None:
        """Print texts, each in its style, on a terminal."""
        if self._quiet or self._json:
            return
        from rich.console import Console  # noqa: PLC0415 - start-up
        from rich.text import Text  # noqa: PLC0415 - start-up

        Console(highlight=False, soft_wrap=True).print(Text.assemble(*parts))

    @property
    def is_json(self) -> bool:
        """Whether a script asked for the result as JSON, and for nothing else."""
        return self._json

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

    @contextlib.contextmanager
    def progress(self, what: str) -> Iterator[Callable[[int, int], None] | None]:
        """Show on a terminal how much is done: what is given takes a count and its total."""
        if self._quiet or self._json or sys.stderr is None or not sys.stderr.isatty():
            yield None
            return
        from rich.console import Console  # noqa: PLC0415 - start-up
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415 - start-up

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
            task = shown.add_task(what, total=None)
            yield lambda done, total: shown.update(task, completed=done, total=total)

    def feeds(self, report: Report, *, explain: bool = False) -> None:
        """Say what became of the feeds: each file that changes, and their number by state."""
        for each in report.outcomes:
            if each.state != "same":
                self.say(f"  {each.state:8} feeds/{each.path}")
                if explain or each.state in {"held", "refused"}:
                    for reason in each.reasons:
                        self.say(f"           {reason}")
        written, same = report.of("new", "changed"), report.of("same")
        removed, left = report.of("removed"), report.of("held", "refused")
        parts = [f"{len(written)} written", f"{len(same)} unchanged", f"{len(removed)} removed"]
        parts += [f"{len(left)} left as they are"] if left else []
        largest = report.largest
        if largest is not None:
            parts.append(f"largest {largest.size / 1024:,.0f} KiB (feeds/{largest.path})")
        self.say(f"Feeds: {', '.join(parts)}")
        self.result(
            {
                "written": len(written),
                "unchanged": len(same),
                "removed": len(removed),
                "left": len(left),
                "largest": {"path": f"feeds/{largest.path}", "bytes": largest.size} if largest else None,
                "files": [
                    {"path": f"feeds/{each.path}", "state": each.state, "bytes": each.size}
                    | ({"reasons": list(each.reasons)} if explain else {})
                    for each in report.outcomes
                ],
                "problems": [str(problem) for problem in report.problems],
            }
        )

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
        self.listed([header, *rows], right=right, indent="")

    def listed(self, rows: Iterable[Sequence[str]], *, right: Sequence[int] = (), indent: str = "  ") -> None:
        """Print rows in columns without a head."""
        if self._quiet or self._json:
            return
        from rich.cells import cell_len  # noqa: PLC0415 - start-up

        lines = [[plain(cell) for cell in row] for row in rows]
        widths = [max(map(cell_len, cells)) for cells in zip(*lines, strict=True)]
        for line in lines:
            cells = [
                " " * (width - cell_len(cell)) + cell if n in right else cell + " " * (width - cell_len(cell))
                for n, (cell, width) in enumerate(zip(line, widths, strict=True))
            ]
            typer.echo(indent + "  ".join(cells).rstrip())


def advice_as_data(found: Advice) -> dict[str, object]:
    """What to mend in a post's links, for a script."""
    return {
        "missing": [
            {"line": each.line, "column": each.column, "words": each.words, "address": each.address,
             "snippet": each.snippet}
            for each in found.missing
        ],
        "wrong_language": [
            {"line": each.line, "column": each.column, "link": each.written, "language": each.language,
             "address": each.address}
            for each in found.misled
        ],
    }  # fmt: skip


def plain(text: str) -> str:
    """A person's text on one line, with nothing in it that a terminal obeys."""
    return "".join(each if each.isprintable() else " " for each in text)
