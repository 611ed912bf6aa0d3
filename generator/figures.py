"""A number as a post shows it: value, unit, precision, text, and where it came from.

The only place that formats numbers. What differs between languages (month names, scales of money) comes
in as a `Numerals`, read from `wording/<language>/numerals.yaml`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, time
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Unit = Literal[
    "points",
    "%",
    "pp",
    "KRW",
    "KRW a share",
    "USD",
    "stocks",
    "sessions",
    "ratio",
    "date",
    "time",
    "number",
]
"""`%` and `pp` hold per cent (2.63 is 2.63%); `ratio` is plain (0.4); `number` has its unit in words."""

Value = float | int | date | time


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
    """Decimals shown, of money under a scale (tn, bn) the scale's own."""

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
    """`value` to `precision` decimals, half away from zero on its decimal text: 2.675 -> 2.68."""
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-precision), rounding=ROUND_HALF_UP)


Style = Literal[
    "signed",
    "size",
    "plain",
    "billions",
    "whole",
    "words",
    "ordinal",
    "day",
    "long",
    "month",
    "year",
    "weekday",
    "iso",
    "clock",
]
"""How a figure is shown.

signed: with + or -; zero has no sign.  size: without sign, for words that say the direction.  plain: a minus
where there is one.  billions: money under the language's scale for tables (bn), signed.  whole: no
decimals, no sign.  words: a small count spelled out.  ordinal: third, 21st.  day, long, month (with its
year), year, weekday, iso: a date.  clock: a time as HH:MM.
"""


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure as a text shows it."""

    figure: Figure
    text: str


def traced(figure: Figure) -> dict[str, Any]:
    """Unit, precision and source of a figure, for a file that keeps where its numbers come from."""
    source: dict[str, Any]
    if isinstance(figure.source, Cell):
        source = {"file": figure.source.file, "row": figure.source.row, "column": figure.source.column}
    else:
        source = {"formula": figure.source.expression, "inputs": list(figure.source.inputs)}
    return {"unit": figure.unit, "precision": figure.precision, "source": source}


_DEFAULT_STYLES: Mapping[str, Style] = {
    "%": "signed", "pp": "signed", "KRW": "signed", "USD": "plain", "date": "day", "time": "clock",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scale:
    """A word for a power of ten: bn, 억."""

    factor: float
    suffix: str
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Money:
    """How a currency is written: ₩3.76tn, or 3조 7,600억 원."""

    scales: tuple[Scale, ...]
    """Largest first; the last is what remains."""
    table: Scale
    """The scale of tables, so that a column can be compared."""
    symbol: str = ""
    """Before the digits."""
    unit: str = ""
    """After them."""
    combined: int = 1
    """So many neighbouring scales make one amount; decimals are the last one's."""


@dataclass(frozen=True, slots=True)
class Ordinals:
    """How places are written: words from the first on, then digits with an ending."""

    words: tuple[str, ...]
    ending: str
    endings: Mapping[int, str]
    """By the last digit, but not for 11 to 13."""


@dataclass(frozen=True, slots=True)
class Numerals:
    """How a language writes numbers; `months[0]` is January, `weekdays[0]` Monday."""

    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    dates: Mapping[str, str]
    counts: tuple[str, ...]
    """zero, one, two, …; larger counts are digits."""
    ordinals: Ordinals
    points: str
    times: str
    money: Mapping[str, Money]


def text(figure: Figure, numerals: Numerals, style: Style | None = None) -> str:
    """A figure as a post shows it.

    Raises:
        ValueError: the style is not one for the figure's unit.
    """
    style = style or _DEFAULT_STYLES.get(figure.unit, "plain")
    if isinstance(figure.value, date):
        return _date(figure.value, numerals, style)
    if isinstance(figure.value, time):
        return figure.value.strftime("%H:%M")
    return _quantity(figure, numerals, style)


def _quantity(figure: Figure, numerals: Numerals, style: Style) -> str:
    if figure.unit in numerals.money or figure.unit == "KRW a share":
        return _money(figure, numerals, style)
    if style in ("words", "ordinal"):
        return _in_words(figure, numerals) if style == "words" else _ordinal(figure, numerals.ordinals)
    if style not in ("signed", "size", "plain", "whole"):
        raise ValueError(f"{figure.id}: a {figure.unit} cannot be shown as {style}")
    digits = _signed(rounded(figure.number, 0 if style == "whole" else figure.precision), style)
    if figure.unit == "%":
        return f"{digits}%"
    if figure.unit == "pp":
        return numerals.points.format(digits)
    if figure.unit == "ratio":
        return numerals.times.format(digits)
    return digits


def _whole(figure: Figure) -> int:
    """A count as an int.

    Raises:
        ValueError: it is none.
    """
    if figure.number < 0 or not figure.number.is_integer():
        raise ValueError(f"{figure.id}: {figure.value} is no count")
    return int(figure.number)


def _in_words(figure: Figure, numerals: Numerals) -> str:
    count = _whole(figure)
    return numerals.counts[count] if count < len(numerals.counts) else f"{count:,}"


_TEENS = range(11, 14)


def _ordinal(figure: Figure, ordinals: Ordinals) -> str:
    place = _whole(figure)
    if 0 < place <= len(ordinals.words):
        return ordinals.words[place - 1]
    regular = place % 100 in _TEENS
    return f"{place:,}{ordinals.ending if regular else ordinals.endings.get(place % 10, ordinals.ending)}"


def _signed(number: Decimal, style: Style, symbol: str = "", suffix: str = "") -> str:
    return f"{_sign(number, style)}{symbol}{abs(number):,f}{suffix}"


def _sign(number: Decimal | float, style: Style) -> str:
    sign = "-" if number < 0 else "+" if number > 0 else ""
    return "" if style in ("size", "whole") or (style == "plain" and sign == "+") else sign


def _money(figure: Figure, numerals: Numerals, style: Style) -> str:
    value = figure.number
    money = numerals.money["KRW" if figure.unit == "KRW a share" else figure.unit]
    if figure.unit == "KRW a share":
        return _priced(rounded(value, figure.precision), "", money, style)
    if style == "billions":
        return _priced(rounded(value / money.table.factor, 0), money.table.suffix, money, "signed")
    if money.combined > 1:
        return _combined(value, money, style)
    scale = next(
        (each for each in money.scales if abs(rounded(value / each.factor, each.decimals)) >= 1),
        money.scales[-1],
    )
    number = rounded(value / scale.factor, scale.decimals)
    return _priced(_without_zeros(number) if scale.suffix else number, scale.suffix, money, style)


def _priced(number: Decimal, suffix: str, money: Money, style: Style) -> str:
    return _signed(number, style, money.symbol, f"{suffix}{_unit(money, suffix)}")


def _unit(money: Money, suffix: str) -> str:
    """The currency's word: apart after a word (3억 원), not after a digit (500원): 한글 맞춤법 제43항."""
    return f" {money.unit}" if suffix and money.unit else money.unit


def _combined(value: float, money: Money, style: Style) -> str:
    """An amount under several scales, 3조 7,600억 원; a scale of which there is nothing is left out."""
    chain, rest = _chain(abs(value), money)
    parts: list[str] = []
    suffix = ""
    for scale in chain:
        each = Decimal(scale.factor) / Decimal(chain[-1].factor)
        count, rest = (rest, Decimal(0)) if scale is chain[-1] else divmod(rest, each)
        if count:
            parts.append(f"{count:,f}{scale.suffix}")
            suffix = scale.suffix
    sign = _sign(value if parts else 0, style)
    return f"{sign}{money.symbol}{' '.join(parts) or '0'}{_unit(money, suffix)}"


def _chain(amount: float, money: Money) -> tuple[tuple[Scale, ...], Decimal]:
    """The scales that an amount is written in, and how much it is in the last of them."""
    for first in reversed(range(len(money.scales))):
        chain = money.scales[first : first + money.combined]
        count = rounded(amount / chain[-1].factor, chain[-1].decimals)
        # What rounds up to the next scale is written in that one.
        if not first or count * Decimal(chain[-1].factor) < Decimal(money.scales[first - 1].factor):
            break
    return chain, count


def _without_zeros(number: Decimal) -> Decimal:
    """1.60 as 1.6 and 2.00 as 2: under a scale the last zeros say nothing."""
    whole = number.to_integral_value()
    return whole if number == whole else number.normalize()


def _date(value: date, numerals: Numerals, style: Style) -> str:
    if style == "weekday":
        return numerals.weekdays[value.weekday()]
    if style == "iso":
        return value.isoformat()
    if style not in numerals.dates:
        raise ValueError(f"a date cannot be shown as {style}")
    return numerals.dates[style].format(
        month=numerals.months[value.month - 1], day=value.day, year=value.year
    )


def apportioned(parts: Sequence[float], whole: float, precision: int) -> list[float]:
    """Shares of `whole` in per cent, rounded so that they add up as the exact ones do (largest remainder).

    955, 1455 and 417 of 2827 are 33.8, 51.5 and 14.7; one by one the last would be 14.8, the sum 100.1.
    """
    scale = 10**precision
    exact = [part / whole * 100 * scale for part in parts]
    units = [math.floor(value) for value in exact]
    missing = round(sum(exact)) - sum(units)
    by_remainder = sorted(range(len(parts)), key=lambda n: (units[n] - exact[n], n))
    for n in by_remainder[:missing]:
        units[n] += 1
    return [unit / scale for unit in units]
