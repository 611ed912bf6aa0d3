"""A quantity of a text."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    import datetime as dt

Unit = Literal[
    "%", "pp", "KRW", "USD", "JPY", "EUR", "CNY", "ratio",
    "date", "time", "year", "month", "weekday", "ordinal", "number",
]  # fmt: skip
"""`%` and `pp` are per cent (2.63 is 2.63%), `ratio` is plain (1.4×), money is in whole units."""


class Quantity(NamedTuple):
    """One quantity of a text, `text[start:end]`, sign and unit included."""

    start: int
    end: int
    text: str
    value: Decimal
    """Signed, in the unit; of a date YYYYMMDD (MMDD without year), of a time minutes after midnight, of a
    weekday 0 for Monday, of a month 1 to 12."""
    unit: Unit
    resolution: Decimal = Decimal(0)
    """Half a step of the last digit written, in the value's unit: 0.005 of 2.63%."""
    sign: Literal["", "+", "-"] = ""
    """As written."""
    approximate: bool = False
    """About, around, ~, 약."""
    bound: Literal["", "over", "under"] = ""
    """More than, at least; less than, at most."""
    in_words: bool = False
    """Three, first."""
    day: dt.date | None = None
    """Of a date; of a month with its year its first day."""
    noun: str = ""
    """The word behind a bare number or an ordinal: stocks, sessions, 종목."""

    @property
    def tolerance(self) -> Decimal:
        """How far off it may be: the resolution, and of an estimate one more step of the last digit.

        The last zeros of an estimate say nothing, if two digits stand before them: about 7,400 is off by up
        to 50.
        """
        if not self.approximate or not self.resolution:
            return self.resolution
        step = self.resolution * 2
        digits = (abs(self.value) / step).normalize().as_tuple()
        zeros = digits.exponent if isinstance(digits.exponent, int) and len(digits.digits) > 1 else 0
        return max(self.resolution * 3, self.resolution.scaleb(max(zeros, 0)))

    def means(self, value: Decimal | float) -> bool:
        """Whether it may stand for an exact value, as rounded as it is written; signs must agree."""
        exact = value if isinstance(value, Decimal) else Decimal(repr(value))
        return abs(self.value - exact) <= self.tolerance


MONEY = frozenset({"KRW", "USD", "JPY", "EUR", "CNY"})
"""The units that are currencies."""
