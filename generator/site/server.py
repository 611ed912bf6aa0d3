"""Hugo's own server: how it is started, and what it says while it runs.

It watches what it serves. What it builds is told as it is done, with the problems that are in the way.
"""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator import process
from generator.site import messages
from generator.site.hugo import environment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from generator.errors import Problem
    from generator.site.hugo import Hugo

HOST = "127.0.0.1"
"""Nobody else on the network sees a preview."""


@dataclass(frozen=True, slots=True)
class Built:
    """The server built the site, or failed to."""

    problems: tuple[Problem, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ended:
    """The server is gone; of itself, unless somebody stopped it."""

    code: int
    had_built: bool
    """Whether it was up before."""
    problems: tuple[Problem, ...] = ()

    @property
    def is_busy_port(self) -> bool:
        """Whether somebody else took its port."""
        return any("address already in use" in each.message for each in self.problems)


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as tried:
        tried.bind((HOST, 0))
        found: int = tried.getsockname()[1]
        return found


def serve(
    hugo: Hugo,
    root: Path,
    *,
    port: int,
    address: str,
    variables: Mapping[str, str],
    told: Callable[[Built | Ended], None],
) -> process.Leashed:
    """Start Hugo's server on a leash: drafts and posts of the future too, in memory, nothing on disk.

    Args:
        hugo: from `find_hugo`.
        root: the blog's folder.
        port: that it listens on.
        address: of the site as browsers have it, which may be somebody else's who passes on what is asked.
        variables: of its environment, besides ours.
        told: what it does, in a thread of its own.

    Raises:
        SiteError: no process can be started.
    """
    known_port = re.sub(r".*:", "", address.split("//", 1)[-1].split("/", 1)[0])
    listener = _Listener(root, told)
    return process.start(
        [
            *hugo.command, "server", "--source", str(root), "--bind", HOST, "--port", str(port),
            "--baseURL", address, "--appendPort=false", "--liveReloadPort", known_port,
            "--environment", "production", "--buildDrafts", "--buildFuture", "--renderToMemory",
            "--noBuildLock", "--logLevel", "warn",
        ],
        cwd=root,
        environment={**environment(), **variables},
        said=listener.line,
        ended=listener.ended,
        name="Hugo",
    )  # fmt: skip


_UP = "Web Server is available at "
_DONE = re.compile(r"Total in \d+ ms")
_BEGUN = re.compile(r"Change(?:s)? (?:detected|of)\b.*rebuilding site|Static file changes detected")
_MOST_LINES = 2000
"""Of a server that goes on for days."""


class _Listener:
    """Takes the server's lines apart; of one thread."""

    def __init__(self, root: Path, told: Callable[[Built | Ended], None]) -> None:
        self._root, self._told = root, told
        self._lines: list[str] = []
        self._is_up = False

    def line(self, line: str) -> None:
        """One line of its output."""
        if _BEGUN.match(line):
            self._lines.clear()
        self._lines.append(line)
        del self._lines[:-_MOST_LINES]
        if line.startswith(_UP) and not self._is_up:
            self._is_up = True
            self._built()
        elif _DONE.fullmatch(line):
            self._built()

    def _built(self) -> None:
        said = self._said(0)
        failed = any(line.startswith(("ERROR", "Error:")) for line in self._lines)
        problems = messages.problems(said, self._root) if failed else ()
        self._told(Built(problems, messages.warnings(said, self._root)))
        self._lines.clear()

    def ended(self, code: int) -> None:
        """It is gone."""
        self._told(Ended(code, self._is_up, messages.problems(self._said(code), self._root)))

    def _said(self, code: int) -> process.Finished:
        return process.Finished(code, "\n".join(self._lines), "")
