"""A number as a post shows it: value, unit, precision, text, and where it came from.

The only place that formats numbers. What differs between languages (month names, scales of money) comes
in as a `Numerals`, read from `wording/<language>/numerals.yaml`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Unit = Literal["points", "%", "pp", "KRW", "KRW a share", "USD", "USD/bbl", "stocks", "ratio", "date", "time", "number"]
"""`%` and `pp` hold per cent (2.63 is 2.63%); `ratio` is plain (0.4); the others are as named."""

Value = float | int | date | datetime | time


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as read: the file, the row (`line 3` or a key) and the column."""

    file: str
    row: str
    column: str

    def __str__(self) -> str:
        return f"{self.file}, {self.row}, {self.column}"


@dataclass(frozen=True, slots=True)
class Formula:
    """A value computed from other figures or cells: `retail + institution`."""

    expression: str
    inputs: tuple[str, ...] = ()
    """Ids of figures, or names of metrics, in the order the expression uses them."""

    def __str__(self) -> str:
        return f"{self.expression} [{', '.join(self.inputs)}]" if self.inputs else self.expression


Source = Cell | Formula


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. `text` is filled when a post shows it."""

    id: str
    """Unique in a post, dotted: `kospi.close`."""
    value: Value
    unit: Unit
    source: Source
    precision: int = 2
    """Decimals shown."""
    text: str = ""

    @property
    def number(self) -> float:
        """The value as a float; TypeError for dates and times."""
        if isinstance(self.value, (date, time)):
            raise TypeError(f"{self.id} is a {self.unit}, not a number")
        return float(self.value)

    @property
    def sign(self) -> int:
        """-1, 0 or 1 of the value as shown: what rounds to zero is zero, so words and digits agree."""
        shown = rounded(self.number, self.precision)
        return (shown > 0) - (shown < 0)


def rounded(value: float, precision: int) -> Decimal:
    """`value` to `precision` decimals, half to even on the decimal text of the float (2.675 -> 2.68)."""
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-precision), rounding=ROUND_HALF_EVEN)
