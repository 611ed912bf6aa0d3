"""git as a program: it asks nobody, leaves no helper behind, and what it says is told on one line."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.errors import PublishError, SiteError
from generator.process import run_apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from generator.process import Said

LOCAL_SECONDS = 120.0
NETWORK_SECONDS = 180.0

_SETTINGS = {
    # A helper in the background would inherit the blog's lock and hold it.
    "gc.auto": "0",
    "maintenance.auto": "false",
    "core.fsmonitor": "false",
    # A commit must outlive a power cut, with all that it holds.
    "core.fsync": "all",
    "core.quotePath": "false",
    "i18n.commitEncoding": "UTF-8",
}

_ELSEWHERE = re.compile(
    r"GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|NAMESPACE|PREFIX"
    r"|QUARANTINE_PATH|CEILING_DIRECTORIES|(AUTHOR|COMMITTER)_DATE|TRACE\w*)"
)
"""Variables that lead git to another repository than the folder's, as they are set within its hooks."""


@dataclass(frozen=True, slots=True)
class Git:
    """git, run in one folder."""

    folder: Path
    descriptors: tuple[int, ...] = ()
    """Of the blog's lock: a command that changes the repository holds it until it is done."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Further settings for its commands."""

    def ask(
        self,
        *arguments: str,
        given: bytes = b"",
        environment: Mapping[str, str] | None = None,
        seconds: float = LOCAL_SECONDS,
    ) -> Said:
        """Run a command, whatever its exit code.

        Raises:
            PublishError: there is no git, or it took too long.
        """
        settings = [f"{key}={value}" for key, value in {**_SETTINGS, **self.settings}.items()]
        options = [part for setting in settings for part in ("-c", setting)]
        try:
            return run_apart(
                ["git", *options, *arguments],
                cwd=self.folder,
                timeout=seconds,
                environment={**_environment(), **(environment or {})},
                given=given,
                inherited=() if seconds == NETWORK_SECONDS else self.descriptors,
                patience=0.0 if seconds == NETWORK_SECONDS else LOCAL_SECONDS,
                name=f"git {arguments[0]}",
            )
        except SiteError as error:
            raise PublishError(str(error)) from error

    def do(self, *arguments: str, given: bytes = b"", environment: Mapping[str, str] | None = None) -> bytes:
        """Run a command that must succeed; what it prints.

        Raises:
            PublishError: it failed, with what it said.
        """
        said = self.ask(*arguments, given=given, environment=environment)
        if said.code:
            raise PublishError(f"git {arguments[0]} failed: {told(said)}")
        return said.stdout

    def line(self, *arguments: str, given: bytes = b"") -> str:
        """The line that a command prints; empty if it fails or prints none."""
        said = self.ask(*arguments, given=given)
        return "" if said.code else said.stdout.decode("utf-8", "surrogateescape").rstrip("\n")

    def names(self, *arguments: str) -> tuple[str, ...]:
        """What a command prints with `-z`."""
        return split(self.do(*arguments))


def _environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not _ELSEWHERE.fullmatch(key)}
    return {
        **kept,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_EDITOR": "true",
        "LC_ALL": "C",
        "LANGUAGE": "",
    }


def split(listed: bytes) -> tuple[str, ...]:
    """Names that end in NUL each."""
    return tuple(os.fsdecode(name) for name in listed.split(b"\0") if name)


def joined(names: Iterable[str]) -> bytes:
    """The opposite of `split`."""
    return b"".join(os.fsencode(name) + b"\0" for name in names)


_CREDENTIALS = re.compile(r"(\w+://)[^/@\s'\"]+@")


def without_credentials(text: str) -> str:
    """A text in which no address holds a user or a password."""
    return _CREDENTIALS.sub(r"\1", text)


def told(said: Said) -> str:
    """What git says, on one line: the first line that says what is wrong, and what the other side said."""
    lines = [line.strip() for line in said.stderr.splitlines() if line.strip()]
    foremost = next((line for line in lines if line.startswith(("fatal:", "error:"))), "")
    remote = [line.removeprefix("remote:").strip() for line in lines if line.startswith("remote:")]
    first = re.sub(r"^(fatal|error): ", "", foremost) or (lines[0] if lines and not remote else "")
    parts = [part for part in (first, *remote[:3]) if part]
    shown = without_credentials("; ".join(parts)) or f"exit code {said.code}"
    return "".join(each if each.isprintable() else " " for each in shown)
