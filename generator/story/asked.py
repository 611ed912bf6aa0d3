"""Reading the checks that an earlier post asked, from its front matter.

A person may have edited it: what is not a check any more is left out and told, never guessed at.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeGuard

from generator.errors import Problem
from generator.metrics.definitions import METRICS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from generator.story.conditions import Operator
    from generator.story.facts import Outcome

STOCK_METRICS = (
    "change_pct",
    "foreign_net_krw",
    "institution_net_krw",
    "retail_net_krw",
    "foreign_institution_net_krw",
)
"""What can be asked of a stock; the columns of the table `stocks`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCheck:
    """One check as it was asked. `key` and `question` may be a person's words: escape them."""

    key: str
    question: str
    metric: str
    """A metric, or with `stocks` one of STOCK_METRICS."""
    operator: Operator
    threshold: float
    """In the metric's unit."""
    stocks: tuple[str, ...] = ()
    """Codes; empty for a check of the market."""
    today: float | None = None
    """The metric's value when it was asked."""
    file: str
    """The post's, as messages show it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The checks of the session before, with the answers the blog gave so far."""

    day: date
    """The session that asked."""
    checks: tuple[AskedCheck, ...]
    before: tuple[Outcome, ...] = ()
    """Outcomes of earlier answers, newest first."""
    last: int = 60
    """Answered checks that the running score counts."""
    address: str | None = None
    """The page of the score, where there is one."""


def read_checks(stated: object, file: str) -> tuple[tuple[AskedCheck, ...], tuple[Problem, ...]]:
    """The checks in a post's front matter under `checks`, and what of it is none.

    Args:
        stated: the value of the key, None if the post has none.
        file: how messages call the post.
    """
    if stated is None:
        return (), ()
    if not isinstance(stated, list):
        return (), (_problem(file, "checks", "not a list, so nothing is answered", stated, "a list"),)
    checks: list[AskedCheck] = []
    problems: list[Problem] = []
    for number, entry in enumerate(stated, start=1):
        found = _read(entry, file, f"checks, entry {number}")
        if isinstance(found, Problem):
            problems.append(found)
        else:
            checks.append(found)
    return tuple(checks), tuple(problems)


def _read(entry: object, file: str, place: str) -> AskedCheck | Problem:
    if not isinstance(entry, dict):
        return _problem(file, place, "not a check", entry, "key, question, metric, holds_if")
    for name in ("key", "question", "metric", "holds_if"):
        value = entry.get(name)
        if not is_text(value):
            return _problem(file, f"{place}, {name}", "no text here", value, f"text under {name}")
    bound = _bound(entry["holds_if"])
    if bound is None:
        return _problem(
            file,
            f"{place}, holds_if",
            "not a condition",
            entry["holds_if"],
            "an operator and a number: '>= 0'",
        )
    codes = _codes(entry.get("stocks"))
    if codes is None:
        return _problem(
            file, f"{place}, stocks", "not a list of codes", entry["stocks"], "quoted codes: ['000660']"
        )
    metric = entry["metric"].strip()
    known = metric in STOCK_METRICS if codes else metric in METRICS and METRICS[metric].kind != "date"
    if not known:
        of = f"of stocks: {', '.join(STOCK_METRICS)}" if codes else "a number of docs/metrics.md"
        return _problem(file, f"{place}, metric", "no metric that can be answered", metric, of)
    return AskedCheck(
        key=entry["key"].strip(),
        question=entry["question"].strip(),
        metric=metric,
        operator=bound[0],
        threshold=bound[1],
        stocks=codes,
        today=_number(entry.get("today")),
        file=file,
    )


def is_text(value: object) -> TypeGuard[str]:
    """Whether a value of front matter is text that says something."""
    return isinstance(value, str) and bool(value.strip())


_CONDITION = re.compile(r"\s*(>=|<=|>|<)\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*", re.ASCII)
_OPERATORS: Mapping[str, Operator] = MappingProxyType({">=": ">=", "<=": "<=", ">": ">", "<": "<"})


def _bound(text: str) -> tuple[Operator, float] | None:
    found = _CONDITION.fullmatch(text)
    if found is None:
        return None
    threshold = float(found[2])
    return (_OPERATORS[found[1]], threshold) if math.isfinite(threshold) else None


def _codes(value: object) -> tuple[str, ...] | None:
    """Codes of stocks; None for what is no list of them. YAML reads an unquoted 000660 as the number 432."""
    if value is None:
        return ()
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not all(is_text(code) for code in value):
        return None
    return tuple(dict.fromkeys(code.strip() for code in value))


def _number(value: object) -> float | None:
    """What the metric was when it was asked; it decides nothing, so what is no number is left out."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _problem(file: str, place: str, message: str, found: object, expected: str) -> Problem:
    return Problem(
        file=file,
        column=place,
        message=message,
        found=shortened(found),
        expected=expected,
        fatal=False,
    )


def shortened(found: object) -> str:
    """A value of front matter as a message shows it."""
    text = "".join(c if c.isprintable() else " " for c in ("" if found is None else str(found)))
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


SHOWN = 60
"""Characters of a wrong value that a message shows."""


def same_questions(asked: Iterable[tuple[str, str]], answered: Iterable[tuple[str, str]]) -> bool:
    """Whether keys with questions are the same, in whatever order."""
    return sorted(asked) == sorted(answered)
