"""Which rules a blog checks by, and how severe each is, by its settings."""

from __future__ import annotations

import difflib
import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator import config_files
from generator.errors import ConfigError, Problem
from generator.gate.catalogue import catalogue

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from generator.config import Config
    from generator.gate.finding import Severity
    from generator.gate.rule import Rule

UNREADABLE = "unreadable"
"""The rule that is asked first, and always: of a file that it does not accept nothing else is told."""
_KEYS = ("params", "marketpost", "check", "rules")


@dataclass(frozen=True)
class Choice:
    """The rules of one run."""

    rules: tuple[Rule, ...]
    severities: Mapping[str, Severity]
    """Where the settings say another than the rule's own."""
    known: frozenset[str]
    """The names of all rules there are."""
    are_all: bool = True
    """False if a person named some of them."""

    @functools.cached_property
    def names(self) -> frozenset[str]:
        """Of the rules."""
        return frozenset(rule.name for rule in self.rules)


def chosen(config: Config, only: Collection[str] = ()) -> Choice:
    """The rules that the settings leave on, or those with these names.

    Raises:
        ConfigError: a name that no rule has.
    """
    every = catalogue()
    stated = config.settings.check.rules
    wrong = [name for name in stated if name not in every]
    if wrong:
        problems = [_unknown_in(config, name, every) for name in wrong]
        raise ConfigError(f"{config.file} has {len(wrong)} problem(s)", problems)
    for name in only:
        if name not in every:
            raise ConfigError(f"no rule {name!r}. {near(name, every)}")
    return Choice(
        rules=tuple(
            rule
            for name, rule in every.items()
            if (name in only or name == UNREADABLE if only else stated.get(name) != "off")
        ),
        severities={name: level for name, level in stated.items() if level != "off"},
        known=frozenset(every),
        are_all=not only,
    )


def near(name: str, known: Collection[str]) -> str:
    """Advice for a name that no rule has."""
    close = difflib.get_close_matches(name, sorted(known), n=1)
    return f"Did you mean {close[0]}?" if close else "`marketpost check --explain` lists all rules"


def _unknown_in(config: Config, name: str, known: Collection[str]) -> Problem:
    keys = (*_KEYS, name)
    files = config_files.read(config.root)
    own = next((file for file in files if file.name == config.file), files[0])
    return Problem(
        file=own.name,
        line=own.line(keys),
        column=".".join(keys),
        message="no rule has this name",
        found=name,
        remedy=near(name, known),
    )
