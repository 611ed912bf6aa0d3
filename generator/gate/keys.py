"""By what the outcomes of rules are kept: a hash of all that they hang on."""

from __future__ import annotations

import functools
import hashlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

import markdown_it
import mdit_py_plugins
import yaml

import generator
from generator.gate.data_state import DataState, data_state

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from generator.gate.choice import Choice
    from generator.gate.content import Leaf
    from generator.gate.kept_sessions import Kept
    from generator.gate.knowledge import Knowledge
    from generator.gate.rule import Rule

Part = Literal["text", "data", "rest"]
"""Rules whose outcome on a file hangs on the file alone; on its session's data too; on something else too."""
PARTS: tuple[Part, ...] = get_args(Part)

_MAKERS = (markdown_it, mdit_py_plugins, yaml)
"""On whose version it hangs, too, what is read of a post."""


def part_of(rule: Rule) -> Part:
    """Where a rule that checks single files belongs."""
    if rule.hangs_on is not None:
        return "rest"
    return "data" if rule.uses_data else "text"


def by_part(choice: Choice) -> Mapping[Part, tuple[Rule, ...]]:
    """The rules that check single files."""
    checks = [rule for rule in choice.rules if rule.check is not None]
    return {part: tuple(rule for rule in checks if part_of(rule) == part) for part in PARTS}


class Keys:
    """The keys of one run."""

    def __init__(self, choice: Choice, knowledge: Knowledge, kept: Kept) -> None:
        self._knowledge, self._kept = knowledge, kept
        self._root = str(knowledge.config.root)
        self._rules = by_part(choice)
        self._uses_data = {part: any(rule.uses_data for rule in rules) for part, rules in self._rules.items()}
        self._code = _code()
        made_of = hashlib.sha256(self._code.encode())
        made_of.update(knowledge.settings.model_dump_json().encode())
        made_of.update(knowledge.config.site.model_dump_json().encode())
        made_of.update(f"{knowledge.site.markup!r} {knowledge.site.timezone}".encode())
        self._base = made_of.digest()
        self._names = {part: " ".join(rule.name for rule in rules) for part, rules in self._rules.items()}

    def of(self, leaf: Leaf) -> Mapping[Part, str]:
        """A key for each part that has rules; an empty one keeps nothing.

        The text's is always there: excuses are a part of it.
        """
        return {part: self._key(leaf, part) for part in PARTS if self._rules[part] or part == "text"}

    def _key(self, leaf: Leaf, part: Part) -> str:
        hangs_on = [leaf.digest, leaf.language, self._names[part]]
        if self._uses_data[part]:
            hangs_on += [self._data(leaf.session), _beside(f"{self._root}/{leaf.file}")]
        if part == "rest":
            if leaf.entry is None:
                return ""
            try:
                for rule in self._rules[part]:
                    if rule.hangs_on is not None:
                        hangs_on.append(repr(rule.hangs_on(leaf.entry, self._knowledge)))
            except Exception:  # noqa: BLE001 - the check itself will say what is wrong
                return ""
        made_of = hashlib.sha256(self._base)
        told = "".join([f"{len(text)}:{text}" for text in hangs_on])
        made_of.update(told.encode("utf-8", "surrogatepass"))
        return made_of.hexdigest()

    def of_session(self, day: dt.date | None) -> str:
        """By what the session of a day is kept; for None, what hangs on the data of all."""
        made_of = hashlib.sha256(self._base)
        made_of.update(f"{day} {self._data(day)}".encode())
        return made_of.hexdigest()

    def _data(self, day: dt.date | None) -> str:
        return self._state.until(day)

    @functools.cached_property
    def _state(self) -> DataState:
        return data_state(self._knowledge, self._kept, self._code)


def _beside(path: str) -> str:
    """The state of the figures that belong to a post."""
    try:
        found = os.stat(f"{path.rpartition('/')[0]}/figures.json")  # noqa: PTH116 - asked for every post of a blog
    except OSError:
        return ""
    return f"{found.st_size} {found.st_mtime_ns}"


def _code() -> str:
    """A hash of the program: any change in it may change what a rule says."""
    package = str(Path(str(generator.__file__)).parent)
    files = (f"{folder}/{name}" for folder, _, names in os.walk(package) for name in names)
    made_of = hashlib.sha256(repr(sys.version_info[:2]).encode())
    for each in _MAKERS:
        made_of.update(f"{each.__name__}=={each.__version__}\n".encode())
    for file in sorted(each for each in files if each.endswith((".py", ".yaml", ".j2"))):
        with open(file, "rb") as stream:  # noqa: PTH123 - at every start hundreds are read
            made_of.update(stream.read())
    return made_of.hexdigest()
