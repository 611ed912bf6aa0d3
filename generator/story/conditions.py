"""Conditions over metrics as data, so that a definition can be held against the history and be read."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from generator.figures import Figure, Formula, rounded
from generator.metrics.definitions import METRICS
from generator.story.cells import decimals_of
from generator.story.facts import ConditionFacts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Operator = Literal[">=", ">", "<=", "<"]

_HOLDS = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt}


@dataclass(frozen=True, slots=True)
class Condition:
    """`metric` `operator` `threshold`, the threshold in the metric's unit."""

    metric: str
    operator: Operator
    threshold: float

    @property
    def rule(self) -> str:
        """As `rules.py` reads it."""
        return f"{self.metric} {self.operator} {self.threshold!r}"

    def met(self, values: Mapping[str, float]) -> bool | None:
        """Whether it holds; None where the metric is missing."""
        value = values.get(self.metric)
        return None if value is None else bool(_HOLDS[self.operator](value, self.threshold))

    def facts(self, name: str, measured: Mapping[str, Figure], *, required: bool = True) -> ConditionFacts:
        """As a post states it; `name` begins the threshold's id, `required` tells what decides.

        Whether it is met goes by today's value as it is shown: beside "above 0", "0.00%" is not.
        """
        metric = METRICS[self.metric]
        today = measured.get(self.metric)
        shown = {} if today is None else {self.metric: float(rounded(today.number, today.precision))}
        end = "from" if self.operator in (">=", ">") else "to"
        # A bound is not a measurement: it is written without decimals that say nothing.
        threshold = Figure(
            f"{name}.{self.metric}.{end}",
            self.threshold,
            metric.unit,
            Formula("bound of the definition"),
            decimals_of(self.threshold),
        )
        return ConditionFacts(
            metric=self.metric,
            operator=self.operator,
            threshold=threshold,
            today=today,
            met=self.met(shown),
            required=required,
        )


def rule_of(conditions: Sequence[Condition]) -> str:
    """All of them at once, as a rule."""
    return " and ".join(condition.rule for condition in conditions)
