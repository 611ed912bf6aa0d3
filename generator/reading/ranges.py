"""Ranges: what the two ends say of each other. ₩1.2–1.5tn is twice won and twice trillions."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from generator.reading.quantity import MONEY, Quantity

if TYPE_CHECKING:
    from generator.reading.lexicon import Lexicon


class Read(NamedTuple):
    """A quantity with what a range needs to know of it."""

    quantity: Quantity
    scale: Decimal = Decimal(1)
    """What its digits were multiplied with."""
    has_unit: bool = True
    """Its unit is written beside it."""


LONGEST_GAP = 9
"""Most characters between the ends of a range."""
_FAR = Decimal(50)
"""The ends of a range differ by less than so many times: 7,844 – 2.63% is none."""
_LAST_DAY = 31
_SHARED = frozenset({"%", "pp", "ratio"}) | MONEY


def joined(first: Read, second: Read, *, gap: str, before: str, words: Lexicon) -> tuple[Read, Read]:
    """Two neighbours, made whole where they are one range.

    `gap` stands between them, no longer than `LONGEST_GAP`, `before` before the first.
    """
    a, b = first.quantity, second.quantity
    is_range = words.dash.fullmatch(gap) or words.to.fullmatch(gap)
    is_pair = words.both.fullmatch(gap)
    if not is_range and not is_pair:
        return first, second
    if (a.unit, b.unit) == ("date", "number"):
        return first, _a_day_more(a, second, words)
    if (a.unit, b.unit) == ("number", "date"):
        return _a_day_before(first, b), second
    if a.in_words or b.in_words or (is_pair and not words.between.search(before)):
        return first, second
    return _one_measure(first, second) if _near(first, second) else (first, second)


def _one_measure(first: Read, second: Read) -> tuple[Read, Read]:
    """Both in the unit and under the scale that one of them has."""
    a, b = first.quantity, second.quantity
    if a.unit == b.unit == "number" or (a.unit in MONEY and b.unit in ("number", a.unit)):
        return _one_scale(first, second)
    if a.unit == "number" and not first.has_unit and b.unit in _SHARED:
        first = _scaled(first, second.scale) if first.scale == 1 else first
        return _of_unit(first, second), second
    return first, second


def _near(first: Read, second: Read) -> bool:
    """Whether the digits are of one size."""
    a, b = abs(first.quantity.value) / first.scale, abs(second.quantity.value) / second.scale
    return a < b * _FAR and b < a * _FAR


def _one_scale(first: Read, second: Read) -> tuple[Read, Read]:
    """The scale of the second serves both, the currency of the first too."""
    if first.scale == 1 and second.scale != 1:
        first = _scaled(first, second.scale)
    if second.quantity.unit == "number" and first.quantity.unit != "number" and not second.has_unit:
        if second.scale == 1:
            second = _scaled(second, first.scale)
        second = _of_unit(second, first)
    return first, second


def _scaled(read: Read, scale: Decimal) -> Read:
    quantity = read.quantity
    scaled = quantity._replace(value=quantity.value * scale, resolution=quantity.resolution * scale)
    return Read(scaled, scale, read.has_unit)


def _of_unit(read: Read, other: Read) -> Read:
    return Read(read.quantity._replace(unit=other.quantity.unit, noun=""), read.scale)


def _is_day(quantity: Quantity) -> bool:
    return not quantity.in_words and quantity.text.isdecimal() and 0 < quantity.value <= _LAST_DAY


def _a_day_more(date: Quantity, read: Read, words: Lexicon) -> Read:
    """May 13–14, May 7 and 8: the second is a day of the month too."""
    number = read.quantity
    if not _is_day(number) or number.noun in words.count_nouns or read.has_unit:
        return read
    return _day_of(date, read) if number.value > date.value % 100 else read


def _a_day_before(read: Read, date: Quantity) -> Read:
    """13–14 May."""
    number = read.quantity
    return _day_of(date, read) if _is_day(number) and number.value < date.value % 100 else read


def _day_of(date: Quantity, read: Read) -> Read:
    number = read.quantity
    try:
        day = date.day.replace(day=int(number.value)) if date.day else None
    except ValueError:
        return read
    value = date.value - date.value % 100 + number.value
    return Read(number._replace(value=value, unit="date", resolution=Decimal(0), day=day, noun=""))
