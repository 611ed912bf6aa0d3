"""How it is told that the index does not hold what a person may expect in it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from generator.errors import Problem
from generator.library import walk

if TYPE_CHECKING:
    from collections.abc import Iterable


def passed(paths: Iterable[str]) -> list[Problem]:
    """What the walk left out, told for each link, and once for each thing that Hugo would follow."""
    links: list[Problem] = []
    adapters: list[Problem] = []
    foreign: list[Problem] = []
    for path in paths:
        if path.endswith(f"/{walk.ADAPTER}"):
            adapters.append(_left(path, "the pages that it makes are in no index, and in no feed"))
        elif path.endswith(walk.FOREIGN):
            foreign.append(_left(path, "is neither Markdown nor HTML, so it is in no index, and in no feed"))
        else:
            message = "is a symbolic link, which neither Hugo nor we follow in content"
            links.append(_left(path, message, "Mount the folder in module.mounts, or copy it"))
    return [*links, *folded(adapters), *folded(foreign)]


def _left(path: str, message: str, remedy: str = "") -> Problem:
    return Problem(file=path, message=message, remedy=remedy, fatal=False)


def unnamed(path: str) -> Problem:
    """What is told of a name that no text can hold."""
    return Problem(
        file=path, message="has a name that is not UTF-8, and is left out", remedy="Give it another name"
    )


def folded(told: list[Problem]) -> tuple[Problem, ...]:
    """One problem for many of a kind."""
    if not told:
        return ()
    first, others = told[0], len(told) - 1
    return (
        replace(first, message=f"{first.message}; so it is in {others} other file(s)") if others else first,
    )
