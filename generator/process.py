"""The one place that starts another program: argument lists, a time-out, no shell."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.errors import SiteError, TooSlowError

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
    arguments: Sequence[str],
    *,
    cwd: Path,
    timeout: float,
    environment: Mapping[str, str] | None = None,
    name: str = "",
) -> Finished:
    """Run a program and return what it said, whatever its exit code.

    Args:
        arguments: the program and what it is given.
        cwd: the folder it runs in.
        timeout: seconds.
        environment: its variables; None for our own.
        name: what messages call it; the program's file name if empty.

    Raises:
        SiteError: it cannot be started; TooSlowError if it ran longer than `timeout` seconds and was killed.
    """
    name = name or os.path.basename(arguments[0])  # noqa: PTH119 - a name, not a Path
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
    except subprocess.TimeoutExpired as error:
        raise TooSlowError(f"{name} did not finish within {timeout:g} s and was stopped") from error
    except OSError as error:
        if not cwd.is_dir():
            raise SiteError(f"cannot start {name} in {cwd}: no such folder") from error
        missing = isinstance(error, FileNotFoundError)
        raise SiteError(f"cannot start {name}: {'no such program' if missing else error.strerror}") from error
    return Finished(done.returncode, done.stdout, done.stderr)
