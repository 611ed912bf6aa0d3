"""Secrets: from the environment, or from a file outside the blog. They are used and never shown.

The value of a secret goes where it is used and nowhere else: not into a message, an exception, the ledger or
an argument list. `hidden` takes it out of what others say, such as the output of a program.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from typing import TYPE_CHECKING
from urllib.parse import quote

from generator.errors import MarketpostError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.config import Config

_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*")
_SHORTEST = 4
"""Characters of a value that is taken out of texts: shorter ones stand in many words."""
_TELLING = 8
"""Characters of a value that no post may hold."""


class MissingSecretError(MarketpostError):
    """A secret is nowhere, or is not what it should be."""


class Secrets:
    """The secrets of one blog at one moment."""

    def __init__(self, config: Config, environment: Mapping[str, str] | None = None) -> None:
        """Look for the secrets that the settings name, and for all of the file.

        Args:
            config: the blog's.
            environment: variables; None for our own.
        """
        self._environment = os.environ if environment is None else environment
        self._place = config.settings.publish.secrets
        self._in_file: dict[str, str] = {}
        self._unread = ""
        self.problems: tuple[Problem, ...] = ()
        """What is wrong with the file. One that is not there is told to who asks for a secret in vain."""
        path = config.secrets
        if path is not None:
            try:
                self._in_file, problems = _read(path.read_bytes(), self._place)
                if path.stat().st_mode & stat.S_IROTH:
                    problems.append(_told(self._place, "can be read by every user of this machine", 0))
                self.problems = tuple(problems)
            except OSError as error:
                self._unread = f"cannot be read: {error.strerror or error}"
        self._names = dict.fromkeys((*_named(config), *self._in_file))

    def __repr__(self) -> str:
        """Their names alone."""
        return f"Secrets({', '.join(self._names)})"

    def value(self, name: str) -> str:
        """The secret of this name.

        Raises:
            MissingSecretError: there is none.
        """
        found = self._environment.get(name) or self._in_file.get(name)
        if found:
            return found
        if not self._place:
            where = "is not in the environment, and publish.secrets names no file"
        elif self._unread:
            where = f"is not in the environment, and {self._place} {self._unread}"
        else:
            where = f"is neither in the environment nor in {self._place}"
        raise MissingSecretError(f"the secret {name} {where}")

    def hidden(self, text: str) -> str:
        """A text of others without any secret in it: each is replaced by its name."""
        for name, value in self._by_length():
            for written in dict.fromkeys((value, quote(value, safe=""), quote(value))):
                text = text.replace(written, f"[{name}]")
        return text

    @property
    def telling(self) -> tuple[tuple[str, str], ...]:
        """Names and values that no post may hold."""
        return tuple((name, value) for name, value in self._by_length() if len(value) >= _TELLING)

    @property
    def digest(self) -> str:
        """A hash of those, which changes when one does."""
        return hashlib.sha256(repr(sorted(self.telling)).encode("utf-8", "replace")).hexdigest()

    def _by_length(self) -> list[tuple[str, str]]:
        """Names and values, the longest first: one may be a part of another."""
        both = [
            (name, value)
            for name in self._names
            for value in dict.fromkeys((self._environment.get(name, ""), self._in_file.get(name, "")))
            if len(value) >= _SHORTEST
        ]
        return sorted(both, key=lambda each: -len(each[1]))


def _named(config: Config) -> list[str]:
    """The names that settings give."""
    found: list[str] = []
    for hook in config.settings.publish.hooks:
        if hook.kind == "command":
            found += hook.secrets
        elif hook.kind == "indexnow":
            found.append(hook.key)
        elif hook.kind == "telegram":
            found.append(hook.token)
    return found


def _read(raw: bytes, file: str) -> tuple[dict[str, str], list[Problem]]:
    """The values of a file by name, and its lines that are none. The problems do not repeat them."""
    values: dict[str, str] = {}
    problems: list[Problem] = []
    for number, line in enumerate(raw.decode("utf-8-sig", "replace").split("\n"), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        found = _LINE.fullmatch(text)
        if found is None:
            problems.append(_told(file, f"line {number} is not NAME=value", number))
            continue
        value = found[2]
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        values[found[1]] = value
    return values, problems


def _told(file: str, message: str, line: int) -> Problem:
    return Problem(file=file, line=line or None, message=message, fatal=False)
