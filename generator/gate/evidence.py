"""Numbers that are known, and those that follow from them.

A number follows from the data if it is one of its values, or a difference, a sum, a ratio, a share or a
change in per cent of two that belong together: levels of one index, counts of one table, amounts of one
investor. Among many values anything is found, so each says what it is of, and a pool how likely a number
that somebody made up is one of its values.
"""

from __future__ import annotations

import bisect
import itertools
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

from generator.reading.quantity import MONEY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from generator.reading.quantity import Quantity

Measure = Literal["%", "pp", "KRW", "USD", "ratio", "points", "stocks", "count", "price"]
"""count: whatever has no unit of its own, and is not known to be points or stocks. price: KRW a share."""
How = Literal["difference", "sum", "ratio", "share", "change"]
"""How a number follows from two: change is in per cent of the second."""
HOWS: frozenset[How] = frozenset({"difference", "sum", "ratio", "share", "change"})


class Known(NamedTuple):
    """A value that the data has."""

    value: float
    measure: Measure
    name: str
    """What it is, as a person would look it up: `KOSPI close`."""
    group: str = ""
    """Values of one group may be set against each other."""
    slack: float = 0.0
    """How far off it may be itself, if it was computed from what is rounded."""
    about: frozenset[str] = frozenset()
    """The subjects that it is evidence for, any of them (`topics`); of every sentence if there are none."""
    kind: str = ""
    """What must be spoken of besides: the low, the range. A close and its change go without saying."""
    how: How | Literal[""] = ""
    """How it was computed from others."""


MEASURES: Mapping[str, Measure] = {
    "%": "%", "pp": "pp", "KRW": "KRW", "USD": "USD", "ratio": "ratio", "points": "points",
    "stocks": "stocks", "sessions": "count", "number": "count", "KRW a share": "price",
}  # fmt: skip
"""The measure of a figure's unit."""

_HUNDRED = 100.0


@dataclass(frozen=True, slots=True)
class Pool:
    """Values by measure, to be looked up by size."""

    _sorted: Mapping[str, tuple[Sequence[float], Sequence[Known]]] = field(repr=False)
    _slack: Mapping[str, float] = field(repr=False)
    """The largest slack of a measure's values."""
    _distinct: Mapping[str, Sequence[float]] = field(repr=False)
    """The sizes in order, each once."""

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
            {measure: sorted({abs(each.value) for each in values}) for measure, values in by_measure.items()},
        )

    def count(self, measure: str, value: float, within: float) -> int:
        """How many sizes there are within some distance of a size."""
        sizes = self._distinct.get(measure, ())
        low, high = abs(value) - within, abs(value) + within
        return bisect.bisect_right(sizes, high) - bisect.bisect_left(sizes, low)

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
    return any(True for pool in pools for _ in witnesses(quantity, pool, bare=bare))


def witnesses(quantity: Quantity, pool: Pool, *, bare: bool = False) -> Iterator[Known]:
    """The values that a quantity may be."""
    for measure, scale in _candidates(quantity, bare=bare):
        reach = _reach(quantity, measure, scale)
        for known in pool.near(measure, float(quantity.value) * scale, reach):
            if _is(quantity, known, scale):
                yield known


def chance(quantity: Quantity, pool: Pool, *, bare: bool = False) -> float:
    """How likely a number of that size that somebody made up is one of the values: 0.05 is 5%.

    The more values there are around it, and the more it is rounded, the less a match means.
    """
    found = 0.0
    for measure, scale in _candidates(quantity, bare=bare):
        value, reach = abs(float(quantity.value)) * scale, float(quantity.tolerance) * scale
        if reach:
            around = max(value * _AROUND, reach * _FEWEST_STEPS)
            found += pool.count(measure, value, around) * reach / around
    return found


_AROUND = 0.25
"""How far from the truth a made-up number is, as a rule."""
_FEWEST_STEPS = 20


_WIDER = 1.0001
_TRUNCATED = Decimal(100)
"""Levels from here on are often written without their decimals: 1,176 of 1,176.93."""
_UNITS_OF_COLUMNS = (1e6, 1e8, 1e9, 1e12)


def _reach(quantity: Quantity, measure: str, scale: float) -> float:
    """How far to look: twice the resolution for shares, and one for a level that was cut off."""
    return float(quantity.tolerance) * scale * _SHARED_OUT * _WIDER + (measure in _CUT_OFF)


_CUT_OFF = ("points", "count")


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
            yield from _of_a_number(quantity, bare=bare)
        case unit if unit in MONEY:
            yield (unit, 1.0)
        case _:
            return


def _of_a_number(quantity: Quantity, *, bare: bool) -> Iterator[tuple[str, float]]:
    yield ("count", 1.0)
    if quantity.noun.startswith(_STOCKS):
        # 2.5 stocks fell for each that rose.
        yield ("stocks" if quantity.value % 1 == 0 else "ratio", 1.0)
        return
    yield ("points", 1.0)
    if quantity.noun in _POINTS:
        yield ("pp", 1.0)
        return
    yield from (("stocks", 1.0), ("ratio", 1.0))
    if abs(quantity.value) < 1:
        yield ("%", _HUNDRED)
    if bare or quantity.value >= _FOUR_DIGITS:
        yield ("price", 1.0)
    if bare:
        yield from (("%", 1.0), ("pp", 1.0), ("KRW", 1.0))
        yield from (("KRW", unit) for unit in _UNITS_OF_COLUMNS)


_FOUR_DIGITS = 1000
_STOCKS = ("stocks", "issues", "advancers", "decliners", "companies", "names", "종목", "개")
"""What stocks are counted as."""
_POINTS = frozenset({"points", "point", "포인트"})
"""Between two changes in per cent many say points for percentage points."""


def _is(quantity: Quantity, known: Known, scale: float) -> bool:
    exact = known.value / scale
    is_difference = known.how == "difference"
    if is_difference and quantity.sign and quantity.unit == "%":
        # With a sign it is the change of something, not the gap between two.
        return False
    if quantity.sign and not is_difference:
        off = abs(float(quantity.value) - exact)
    else:
        off = abs(abs(float(quantity.value)) - abs(exact))
    shared_out = _SHARED_OUT if known.how == "share" else 1.0
    if off <= float(quantity.tolerance) * shared_out * _WIDER + known.slack / scale:
        return True
    # A level without its decimals: cut off rather than rounded.
    is_cut = (
        known.measure in _CUT_OFF and quantity.value >= _TRUNCATED and quantity.resolution == Decimal("0.5")
    )
    return is_cut and int(abs(exact)) == abs(int(quantity.value))


def combined(known: Sequence[Known], hows: Collection[How] = HOWS) -> Iterator[Known]:
    """What follows in some ways from two values of a group, and from three amounts: sums and their shares."""
    groups: dict[str, list[Known]] = defaultdict(list)
    for each in known:
        if each.group:
            groups[each.group].append(each)
    for members in groups.values():
        values = list({(each.measure, each.value): each for each in members}.values())[:_MOST_OF_A_GROUP]
        for a, b in itertools.permutations(values, 2):
            yield from _of_two(a, b, hows)
        yield from _of_three([each for each in values if _is_added_up(each)][:_MOST_SUMMED], hows)


_MOST_OF_A_GROUP = 14
_MOST_SUMMED = 6
_ADDED_UP = frozenset({"KRW", "stocks", "count"})
_LEVELS = ("levels of ", "prices of ")
_POINTS_OF = "points of "
"""Groups of what is never added up, nor a share of each other; and of points that are."""


def _is_added_up(known: Known) -> bool:
    return known.measure in _ADDED_UP or known.group.startswith(_POINTS_OF)


def _of_three(amounts: Sequence[Known], hows: Collection[How]) -> Iterator[Known]:
    for three in itertools.combinations(amounts, 3) if "sum" in hows else ():
        if len({each.measure for each in three}) == 1:
            yield _computed(sum(each.value for each in three), three[0].measure, "sum", *three)
    for a, b, whole in itertools.permutations(amounts, 3) if "share" in hows else ():
        if a.name < b.name and a.measure == b.measure == whole.measure and _is_share(a, whole, b):
            yield _computed((a.value + b.value) / whole.value * _HUNDRED, "%", "share", a, b, whole)


def _is_share(part: Known, whole: Known, other: Known | None = None) -> bool:
    """Whether one may be told of as a share of the other: stocks of all listed, a company of its market."""
    if not whole.value or part.group.startswith(_LEVELS):
        return False
    if part.measure == "stocks":
        return whole.name.startswith(_WHOLE)
    return other is None or _is_of_a_stock(part) == _is_of_a_stock(other)


_WHOLE = ("listed ", "stocks of ")
_MOVED = ("advancers", "decliners")


def _is_of_a_stock(known: Known) -> bool:
    return any(each[:1].isdigit() for each in known.about)


BEFORE = ("previous_close", "close before")
"""What a name ends with that is of the day before: changes are from it, not to it."""


def _of_two(a: Known, b: Known, hows: Collection[How]) -> Iterator[Known]:
    if a.measure != b.measure or a.measure == "ratio":
        return
    if b.value and "ratio" in hows:
        yield _computed(a.value / b.value, "ratio", "ratio", a, b)
    if a.measure in ("%", "pp"):
        if "difference" in hows:
            yield _computed(a.value - b.value, "pp", "difference", a, b)
        return
    if "difference" in hows:
        yield _computed(a.value - b.value, a.measure, "difference", a, b)
        if a.value * b.value < 0:
            # They sold more than others bought.
            yield _computed(abs(a.value) - abs(b.value), a.measure, "difference", a, b)
    yield from _in_per_cent(a, b, hows)
    if _is_added_up(a):
        yield from _of_sum(a, b, hows)


def _in_per_cent(a: Known, b: Known, hows: Collection[How]) -> Iterator[Known]:
    share = a.value / b.value if b.value else 0.0
    if "share" in hows and _is_share(a, b):
        yield _computed(share * _HUNDRED, "%", "share", a, b)
    if share and "change" in hows and _are_sides(a, b) and not a.name.endswith(BEFORE):
        yield _computed((abs(share) - 1) * _HUNDRED, "%", "change", a, b)


def _are_sides(a: Known, b: Known) -> bool:
    """Whether they may be weighed: of the counts of stocks those that rose and those that fell."""
    return a.measure != "stocks" or (a.name.startswith(_MOVED) and b.name.startswith(_MOVED))


def _of_sum(a: Known, b: Known, hows: Collection[How]) -> Iterator[Known]:
    """Two amounts together, and what the first is of that."""
    whole = a.value + b.value
    if "sum" in hows and a.name < b.name:
        yield _computed(whole, a.measure, "sum", a, b)
    if "share" in hows and a.value * b.value > 0 and _are_sides(a, b):
        yield _computed(a.value / whole * _HUNDRED, "%", "share", a, b)


def _computed(value: float, measure: Measure, how: How, *of: Known) -> Known:
    name = f"{how} of {' and '.join(each.name for each in of)}"
    # Two amounts together are an amount of the same kind, of which something may follow again.
    return Known(value, measure, name, of[0].group if how == "sum" else "", how=how)


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
