"""Figures from the cells of records, from metrics, and from other figures."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from generator.figures import Figure, Formula

if TYPE_CHECKING:
    from generator.dataset.session import Record
    from generator.figures import Unit
    from generator.metrics.measures import Measures


def measured(measures: Measures, name: str) -> Figure | None:
    """The figure of a metric; None for an index that has no metrics, and for a value that is missing."""
    return measures.figure(name) if name in measures.values else None


def cell_of(record: Record, column: str, name: str, unit: Unit, precision: int | None = 2) -> Figure | None:
    """The figure of a cell; precision None takes the decimals the source wrote."""
    value = getattr(record, column)
    if value is None:
        return None
    decimals = decimals_of(value) if precision is None else precision
    return Figure(name, value, unit, record.cell(column), decimals)


def decimals_of(value: float) -> int:
    """How many decimals a number was written with, at most 4: 105.4 has 1, 100.0 has none."""
    exponent = Decimal(repr(float(value))).normalize().as_tuple().exponent
    return min(4, max(0, -exponent)) if isinstance(exponent, int) else 0


def computed(
    name: str, value: float, unit: Unit, expression: str, *inputs: Figure, precision: int = 2
) -> Figure:
    """A figure computed from others; `expression` says how, in the order of `inputs`."""
    return Figure(name, value, unit, Formula(expression, tuple(figure.id for figure in inputs)), precision)
