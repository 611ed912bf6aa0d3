"""Numbers that are known, and those that follow from them.

A number follows from the data if it is one of its values, or a difference, a sum, a ratio, a share or a
change in per cent of two that belong together: levels of one index, counts of one table, amounts of one
investor.
"""

from __future__ import annotations

import bisect
import itertools
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from generator.reading.quantity import MONEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from generator.reading.quantity import Quantity

Measure = Literal["%", "pp", "KRW", "USD", "ratio", "count", "price"]
"""count: whatever has no unit of its own: points, stocks, sessions. price: KRW a share."""


@dataclass(frozen=True, slots=True)
class Known:
    """A value that the data has."""

    value: float
    measure: Measure
    name: str
    """What it is, as a person would look it up: `KOSPI close`."""
    group: str = ""
    """Values of one group may be set against each other."""
    slack: float = 0.0
    """How far off it may be itself, if it was computed from what is rounded."""


MEASURES: Mapping[str, Measure] = {
    "%": "%", "pp": "pp", "KRW": "KRW", "USD": "USD", "ratio": "ratio", "points": "count", "stocks": "count",
    "sessions": "count", "number": "count", "KRW a share": "price",
}  # fmt: skip
"""The measure of a figure's unit."""

_HUNDRED = 100.0


@dataclass(frozen=True, slots=True)
class Pool:
    """Values by measure, to be looked up by size."""

    _sorted: Mapping[str, tuple[Sequence[float], Sequence[Known]]] = field(repr=False)
    _slack: Mapping[str, float] = field(repr=False)
    """The largest slack of a measure's values."""

    @classmethod
    def of(cls, values: Iterable[Known]) -> Pool:
        """A pool of some values."""
        by_measure: dict[str, list[Known]] = defaultdict(list)
        for each in values:
            by_measure[each.measure].append(each)
        slack = {measure: max(each.slack for each in listed) for measure, listed in by_measure.items()}
        return cls(
            {
                measure: ([abs(each.value) for each in listed], listed)
                for measure, values in by_measure.items()
                for listed in (sorted(values, key=lambda each: (abs(each.value), each.name)),)
            },
            slack,
        )

    def near(self, measure: str, value: float, within: float) -> Iterator[Known]:
        """The values whose size may be within some distance of a size, for all that their slack says."""
        sizes, listed = self._sorted.get(measure, ((), ()))
        within += self._slack.get(measure, 0.0)
        at = bisect.bisect_left(sizes, abs(value) - within)
        while at < len(sizes) and sizes[at] <= abs(value) + within:
            yield listed[at]
            at += 1

    def nearest(self, measure: str, value: float, count: int) -> list[Known]:
        """The values nearest in size."""
        sizes, listed = self._sorted.get(measure, ((), ()))
        at = bisect.bisect_left(sizes, abs(value))
        around = range(max(0, at - count), min(len(sizes), at + count))
        return [listed[n] for n in sorted(around, key=lambda n: abs(sizes[n] - abs(value)))[:count]]


def follows(quantity: Quantity, pools: Iterable[Pool], *, bare: bool = False) -> bool:
    """Whether a quantity is one of the values, as rounded as it is written; its sign, where it has one, too.

    `bare`: in a table the unit may stand in the column's head.
    """
    return any(
        _is(quantity, known, scale)
        for pool in pools
        for measure, scale in _candidates(quantity, bare=bare)
        for known in pool.near(measure, float(quantity.value) * scale, _reach(quantity, measure, scale))
    )


_WIDER = 1.0001
_TRUNCATED = Decimal(100)
"""Levels from here on are often written without their decimals: 1,176 of 1,176.93."""
_UNITS_OF_COLUMNS = (1e6, 1e8, 1e9, 1e12)


def _reach(quantity: Quantity, measure: str, scale: float) -> float:
    """How far to look: twice the resolution for shares, and one for a level that was cut off."""
    return float(quantity.tolerance) * scale * _SHARED_OUT * _WIDER + (measure == "count")


_SHARED_OUT = 2.0
"""Shares that are rounded so that they add up may be one step off."""


def _candidates(quantity: Quantity, *, bare: bool) -> Iterator[tuple[str, float]]:
    """The measures that a quantity may be of, and what its value is to be multiplied with."""
    match quantity.unit:
        case "%" | "pp":
            yield from (("%", 1.0), ("pp", 1.0))
        case "KRW":
            yield from (("KRW", 1.0), ("price", 1.0))
        case "ratio":
            yield from (("ratio", 1.0), ("%", _HUNDRED))
        case "number":
            yield from (("count", 1.0), ("ratio", 1.0))
            if quantity.noun in _POINTS:
                yield ("pp", 1.0)
            if abs(quantity.value) < 1:
                yield ("%", _HUNDRED)
            if bare or quantity.value >= _FOUR_DIGITS:
                yield ("price", 1.0)
            if bare:
                yield from (("%", 1.0), ("pp", 1.0), ("KRW", 1.0))
                yield from (("KRW", unit) for unit in _UNITS_OF_COLUMNS)
        case unit if unit in MONEY:
            yield (unit, 1.0)
        case _:
            return


_FOUR_DIGITS = 1000
_POINTS = frozenset({"points", "point", "포인트"})
"""Between two changes in per cent many say points for percentage points."""


def _is(quantity: Quantity, known: Known, scale: float) -> bool:
    exact = known.value / scale
    is_difference = known.name.startswith(_DIFFERENCE)
    if is_difference and quantity.sign and quantity.unit == "%":
        # With a sign it is the change of something, not the gap between two.
        return False
    if quantity.sign and not is_difference:
        off = abs(float(quantity.value) - exact)
    else:
        off = abs(abs(float(quantity.value)) - abs(exact))
    shared_out = _SHARED_OUT if known.name.startswith(_SHARE) else 1.0
    if off <= float(quantity.tolerance) * shared_out * _WIDER + known.slack / scale:
        return True
    # A level without its decimals: cut off rather than rounded.
    is_cut = (
        known.measure == "count" and quantity.value >= _TRUNCATED and quantity.resolution == Decimal("0.5")
    )
    return is_cut and int(abs(exact)) == abs(int(quantity.value))


_COMPUTED = "="
_SHARE, _DIFFERENCE = "=share", "=difference"


def combined(known: Sequence[Known]) -> Iterator[Known]:
    """What follows from two values of a group, and from three amounts: their sum, and the share of two."""
    groups: dict[str, list[Known]] = defaultdict(list)
    for each in known:
        if each.group:
            groups[each.group].append(each)
    for members in groups.values():
        values = list({(each.measure, each.value): each for each in members}.values())[:_MOST_OF_A_GROUP]
        for a, b in itertools.permutations(values, 2):
            yield from _of_two(a, b)
        yield from _of_three([each for each in values if each.measure in ("KRW", "count")][:_MOST_SUMMED])


_MOST_OF_A_GROUP = 14
_MOST_SUMMED = 6


def _of_three(amounts: Sequence[Known]) -> Iterator[Known]:
    for three in itertools.combinations(amounts, 3):
        if len({each.measure for each in three}) == 1:
            yield _computed(sum(each.value for each in three), three[0].measure, "sum", *three)
    for a, b, whole in itertools.permutations(amounts, 3):
        if a.name < b.name and a.measure == b.measure == whole.measure and whole.value:
            yield _computed((a.value + b.value) / whole.value * _HUNDRED, "%", "share", a, b, whole)


BEFORE = ("previous_close", "close before")
"""What a name ends with that is of the day before: changes are from it, not to it."""


def _of_two(a: Known, b: Known) -> Iterator[Known]:
    if a.measure != b.measure:
        return
    match a.measure:
        case "%" | "pp":
            yield _computed(a.value - b.value, "pp", "difference", a, b)
        case "count" | "KRW" | "price" | "USD":
            yield _computed(a.value - b.value, a.measure, "difference", a, b)
            if b.value:
                share = a.value / b.value
                yield _computed(share, "ratio", "ratio", a, b)
                yield _computed(share * _HUNDRED, "%", "share", a, b)
                if a.value > 0 and b.value > 0 and not a.name.endswith(BEFORE):
                    yield _computed((share - 1) * _HUNDRED, "%", "change", a, b)
            if a.measure in ("count", "KRW"):
                yield from _of_sum(a, b)
        case _:
            return


def _of_sum(a: Known, b: Known) -> Iterator[Known]:
    """Two amounts together, and what the first is of that."""
    whole = a.value + b.value
    if a.name < b.name:
        yield _computed(whole, a.measure, "sum", a, b)
    if a.value * b.value > 0:
        yield _computed(a.value / whole * _HUNDRED, "%", "share", a, b)


def _computed(value: float, measure: Measure, how: str, *of: Known) -> Known:
    return Known(value, measure, f"{_COMPUTED}{how} of {' and '.join(each.name for each in of)}")


def shown(known: Known) -> str:
    """A value as a person reads it."""
    value = known.value
    match known.measure:
        case "%":
            return f"{value:+,.2f}%"
        case "pp":
            return f"{value:+,.2f} pp"
        case "KRW" | "USD" | "price":
            mark = "$" if known.measure == "USD" else "₩"
            sign = "-" if value < 0 else ""
            for factor, scale in ((1e12, "tn"), (1e9, "bn"), (1e6, "m")):
                if abs(value) >= factor and known.measure != "price":
                    return f"{sign}{mark}{abs(value) / factor:,.4g}{scale}"
            return f"{sign}{mark}{abs(value):,.10g}"
        case _:
            return f"{value:,.10g}"
