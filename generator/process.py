"""The one place that starts another program: argument lists, a time-out, no shell."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.errors import SiteError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Finished:
    """A program that ran to its end."""

    code: int
    stdout: str
    stderr: str


def run(
    arguments: Sequence[str], *, cwd: Path, timeout: float, environment: Mapping[str, str] | None = None
) -> Finished:
    """Run a program and return what it said, whatever its exit code.

    Raises:
        SiteError: it is not installed, or ran longer than `timeout` seconds (it is then killed).
    """
    try:
        done = subprocess.run(
            list(arguments),
            cwd=cwd,
            env=None if environment is None else dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=timeout,
            check=False,
        )
    except FileNotFoundError as error:
        raise SiteError(f"cannot start {arguments[0]}: no such program") from error
    except subprocess.TimeoutExpired as error:
        raise SiteError(f"{arguments[0]} did not finish within {timeout:g} s and was stopped") from error
    return Finished(done.returncode, done.stdout, done.stderr)
