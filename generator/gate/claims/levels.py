"""Changes against the levels they stand beside: what follows from two numbers, within their rounding."""

from __future__ import annotations

import functools
import itertools
import re
from decimal import Decimal
from typing import TYPE_CHECKING

from generator.gate.claims.facts import INDICES
from generator.gate.claims.lexicon import SIGNS
from generator.reading.quantity import MONEY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.gate.claims.facts import Facts
    from generator.gate.claims.lexicon import Lexicon
    from generator.gate.claims.passages import Passage, Table
    from generator.gate.finding import Remark
    from generator.reading.quantity import Quantity

_SLACK = Decimal("0.006")
"""Sources round a change on their own."""
_LEVEL_UNITS = frozenset({*MONEY, "number"})
_RATES = frozenset({"%", "pp"})
"""A change is one of these; most sentences tell of none."""
REMEDY = "Correct the change or the level"


def in_sentence(passage: Passage, facts: Facts | None, about: Sequence[str]) -> Iterator[Remark]:
    """What a sentence tells of two levels and the change between them.

    `about` are subjects that it may be of when it names none.
    """
    numbers = passage.quantities
    if _RATES.isdisjoint([each.unit for each in numbers]):
        return
    for at in range(len(numbers)):
        yield from _from_to(passage, numbers[at : at + 4])
        yield from _points(passage, numbers[max(at - 1, 0) : at + 3], numbers[at])
    yield from _rates(passage)
    if facts and not facts.is_weekly:
        yield from _named(passage, facts, about)


# --- 3% from 100 to 105, 2.63% to 7,844.01 from 7,643.10 ---------------------------------------------


def _from_to(passage: Passage, near: Sequence[Quantity]) -> Iterator[Remark]:
    """A change, then its two levels; or the levels, then the change."""
    if not passage.lexicon.is_spaced or len(near) < 3:  # noqa: PLR2004 - a change and two levels
        return
    one, two, three = near[:3]
    if "%" not in (one.unit, two.unit, three.unit):
        return
    first, second = (_gap(passage, a, b) for a, b in itertools.pairwise((one, two, three)))
    words = passage.lexicon
    away, towards, behind = words.from_a_level, words.to_a_level, words.change_behind
    before = passage.between(max(passage.start, one.start - 6), one.start).lower().split()[-1:]
    if one.unit == "%" and first in away and second in towards:
        yield from _checked(passage, one, two, three)
    elif one.unit == "%" and first in towards and second in away:
        yield from _checked(passage, one, three, two)
    elif two.unit == "%" and second in away and behind.fullmatch(first):
        # At 4,840.74, up 5.55% from 4,586.32.
        yield from _checked(passage, two, three, one)
    elif three.unit == "%" and behind.fullmatch(second) and before:
        if first in towards and before[0] in away:
            yield from _checked(passage, three, one, two)
        elif first in away and before[0] in towards:
            yield from _checked(passage, three, two, one)


def _gap(passage: Passage, one: Quantity, two: Quantity) -> str:
    """What stands between two quantities, but for the unit's word behind the first."""
    gap = passage.between(one.end, two.start).strip().lower()
    noun, words = one.noun.lower(), passage.lexicon
    return (
        gap.removeprefix(noun).strip()
        if noun and noun not in (*words.from_a_level, *words.to_a_level)
        else gap
    )


def _checked(passage: Passage, change: Quantity, before: Quantity, after: Quantity) -> Iterator[Remark]:
    if before.unit != after.unit or before.unit not in _LEVEL_UNITS or before.value <= 0 or after.value <= 0:
        return
    if change.bound or before.bound or after.bound:
        return
    exact = (after.value / before.value - 1) * 100
    if abs(abs(exact) - abs(change.value)) <= change.tolerance + _spread(before, after) + _SLACK and not (
        change.sign and exact * change.value < 0 and abs(exact) > change.tolerance + _spread(before, after)
    ):
        return
    yield _remark(passage, change, f"from {before.text} to {after.text} is {_shown(exact, change)}", exact)


def _spread(before: Quantity, after: Quantity) -> Decimal:
    """How far off a change in per cent may be for the rounding of its two levels."""
    return (after.tolerance / before.value + after.value * before.tolerance / before.value**2) * 100


def _shown(exact: Decimal, like: Quantity) -> str:
    places = max(0, -int(like.resolution.normalize().adjusted()) - 1) if like.resolution else 2
    return f"{exact:+.{min(max(places, 1), 2)}f}%"


def _remark(passage: Passage, change: Quantity, message: str, exact: Decimal | None = None) -> Remark:
    return passage.remark(
        change.start,
        change.end,
        f"{change.text} does not follow from its levels: {message}",
        expected=_shown(exact, change) if exact is not None else message,
        remedy=REMEDY,
    )


# --- Advanced 1.75% (+137.40 points) to 7,981.41 -----------------------------------------------------


def _points(passage: Passage, near: Sequence[Quantity], rate: Quantity) -> Iterator[Remark]:
    text = passage.block.text
    if rate.unit != "%":
        return
    points = passage.after(rate.end)
    if (
        points is None
        or text[rate.end : points.start].strip() != "("
        or not passage.lexicon.is_points(points)
    ):
        return
    close = text.find(")", points.end, points.end + 14)
    level = passage.after(close) if close >= 0 else None
    if level is None or text[close + 1 : level.start].strip(" ,:").lower() not in (
        "",
        *passage.lexicon.to_a_level,
    ):
        level = next((each for each in near if each.end <= rate.start), None)
        if level is None or not (
            passage.lexicon.change_behind.fullmatch(text[level.end : rate.start].strip().lower())
        ):
            return
    if level.unit != "number" or level.value <= abs(points.value) or level.value < _LOWEST_LEVEL:
        return
    sign = -1 if rate.value < 0 or points.value < 0 or _falls(passage, rate) else 1
    base = level.value - sign * abs(points.value)
    exact = sign * abs(points.value) / base * 100
    room = (
        rate.tolerance
        + (points.tolerance / base + abs(points.value) * level.tolerance / base**2) * 100
        + _SLACK
    )
    if abs(abs(exact) - abs(rate.value)) > room:
        yield _remark(passage, rate, f"{points.text} points to {level.text} are {_shown(exact, rate)}", exact)


_LOWEST_LEVEL = 50


def _falls(passage: Passage, rate: Quantity) -> bool:
    word = next((each for each in passage.directions if 0 <= rate.start - each.end <= 3), None)  # noqa: PLR2004 - a space
    return word is not None and SIGNS.get(word.value, 1) < 0


# --- From -1.69% to +2.63%: a swing of 4.32 pp -------------------------------------------------------


def _rates(passage: Passage) -> Iterator[Remark]:
    """Two rates and their distance, which is in points of per cent."""
    if len(passage.quantities) < 3:  # noqa: PLR2004 - these
        return
    for found in passage.lexicon.distance.find(passage.words):
        start, end = passage.start + found.start, passage.start + found.end
        said = _distance(passage, start, end)
        if said is None or said.sign or said.bound:
            continue
        near = passage.inside(start - _WIDE, end + _WIDE)
        rates = [each for each in near if each.unit == "%" and each is not said]
        if len(rates) != 2 or not all(each.sign or each.value == 0 for each in rates):  # noqa: PLR2004 - two rates
            continue
        if rates[1].start - rates[0].end > _APART or abs(said.start - rates[1].end) > _APART:
            continue
        exact = abs(rates[1].value - rates[0].value)
        room = said.tolerance + rates[0].tolerance + rates[1].tolerance
        compound = abs((1 + rates[1].value / 100) / (1 + rates[0].value / 100) - 1) * 100
        if said.unit == "%" and abs(said.value - compound) <= room:
            continue
        if abs(said.value - exact) > room:
            yield _remark(
                passage, said, f"{rates[0].text} and {rates[1].text} are {exact.normalize()} pp apart"
            )
        elif said.unit == "%":
            yield passage.remark(
                said.start,
                said.end,
                f"{rates[0].text} and {rates[1].text} are so many points of per cent apart, not per cent",
                expected=f"{exact.normalize()} pp",
                remedy="Write pp, or percentage points",
            )


_APART = 80
_WIDE = 240


def _distance(passage: Passage, start: int, end: int) -> Quantity | None:
    """The number of a distance: a swing of 4.32 pp, a 4.32 pp swing."""
    number = passage.after(end)
    if (
        number
        and number.unit in ("pp", "%")
        and passage.lexicon.of_a_distance.fullmatch(passage.between(end, number.start))
    ):
        return number
    number = passage.before(start)
    if number and number.unit in ("pp", "%") and not passage.between(number.end, start).strip(" -"):
        return number
    return None


# --- 4.3% from low to close --------------------------------------------------------------------------


@functools.cache
def _between(words: Lexicon) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Patterns for each two named levels."""
    found = []
    for a, b in itertools.permutations(words.named_levels, 2):
        one, two = (
            "(?:"
            + "|".join(re.escape(name) for name in sorted(words.named_levels[each], key=len, reverse=True))
            + ")"
            for each in (a, b)
        )
        edge = r"\b" if words.is_spaced else ""
        pattern = words.named_from_to.replace("{a}", one).replace("{b}", two)
        found.append((a, b, re.compile(rf"{edge}(?:{pattern}){edge}", re.IGNORECASE)))
    return tuple(found)


def _named(passage: Passage, facts: Facts, about: Sequence[str]) -> Iterator[Remark]:
    """A move between two levels that have names; their values are the data's."""
    text, words = passage.block.text, passage.lexicon
    day = facts.session.date
    if passage.is_of_another_day(day) or any(
        each != day for each in passage.dates(passage.start, passage.end)
    ):
        return
    if not words.named_levels:
        return
    low = text[passage.start : passage.end].lower()
    if sum(any(name in low for name in names) for names in words.named_levels.values()) < 2:  # noqa: PLR2004 - two
        return
    for one, other, pattern in _between(words):
        for found in pattern.finditer(text, passage.start, passage.end):
            said = _said(passage, found.start(), found.end())
            subject = passage.subject_before(found.start())
            own = [subject.value] if subject and subject.value in INDICES else []
            index = next((each for each in (*own, *passage.context, *about) if each in INDICES), "")
            if said is None or said.bound or not index or (subject and subject.value not in INDICES):
                continue
            possible = _possible(facts, index, one, other)
            if possible and not any(
                abs(abs(said.value) - each) <= room + said.tolerance for each, room in possible
            ):
                exact = possible[0][0]
                yield _remark(
                    passage,
                    said,
                    f"from {one} to {other} the {index} went {exact:.1f}%, or {possible[-1][0]:.2f} pp",
                    exact,
                )


def _said(passage: Passage, start: int, end: int) -> Quantity | None:
    """The rate right before or behind what names the levels."""
    number = passage.before(start)
    if number and number.unit in ("%", "pp") and passage.between(number.end, start).strip(" ,(") == "":
        return number
    number = passage.after(end)
    if number and number.unit in ("%", "pp") and len(passage.between(end, number.start)) <= _NEXT:
        gap = passage.between(end, number.start)
        return None if re.search(r"[;(]", gap) else number
    return None


_NEXT = 16


def _possible(facts: Facts, index: str, one: str, other: str) -> list[tuple[Decimal, Decimal]]:
    """What a move between two named levels may be called, each with the room its estimates leave.

    The exact one is the first, the distance of the two rates the last.
    """
    first, last = (facts.level(index, each) for each in (one, other))  # type: ignore[arg-type]  # named as the levels
    before = facts.level(index, "previous_close")
    rates = [_rate(facts, index, each) for each in (one, other)]
    room = rate_room = Decimal("0.011")
    for point in facts.session.intraday:
        if point.index == index and point.approximate and point.level:
            # About 7,400 may be 50 off.
            room, rate_room = max(room, Decimal(50) / Decimal(repr(point.level)) * 100), _ESTIMATE
    found: list[tuple[Decimal, Decimal]] = []
    if first and last:
        found += [(abs(last / first - 1) * 100, room), (abs(first / last - 1) * 100, room)]
        if before:
            found.append((abs(last - first) / before * 100, room))
    if rates[0] is not None and rates[1] is not None:
        found.append((abs(rates[1] - rates[0]), rate_room))
    return found


_ESTIMATE = Decimal("0.15")
"""How far an estimated rate with one decimal may be off."""


def _rate(facts: Facts, index: str, which: str) -> Decimal | None:
    measure = {"close": "change"}.get(which, which)
    return next((fact.value for fact in facts.of(index) if fact.measure == measure), None)


# --- Tables ------------------------------------------------------------------------------------------


def in_table(table: Table) -> Iterator[Remark]:
    """Rows with a close, the level before it, the change and the points."""
    columns: dict[str, int] = {}
    for at, cell in enumerate(table.header):
        name = cell.lexicon.columns.get(cell.text.strip().lower())
        if name:
            columns.setdefault(name, at)
    if "close" not in columns:
        return
    for row in table.body:
        values = {name: _only(row, at) for name, at in columns.items()}
        close, before, change = (values.get(name) for name in ("close", "previous_close", "change"))
        if close is None or close.unit not in _LEVEL_UNITS:
            continue
        if change and change.unit == "%" and before:
            yield from _checked(row[columns["change"]], change, before, close)
        points = values.get("points")
        is_index = bool(row[0].subjects) and row[0].subjects[0].value in INDICES
        if points and points.unit == "number" and is_index:
            yield from _points_of(row, columns, close, before, change, points)
        if change and change.unit == "%" and is_index:
            yield from _range_of(row, columns, values, close, change)


def _points_of(
    row: tuple[Passage, ...],
    columns: dict[str, int],
    close: Quantity,
    before: Quantity | None,
    change: Quantity | None,
    points: Quantity,
) -> Iterator[Remark]:
    cell = row[columns["points"]]
    if before and before.unit == close.unit:
        exact = close.value - before.value
        if abs(exact - points.value) > close.tolerance + before.tolerance + points.tolerance:
            yield cell.remark(
                points.start,
                points.end,
                f"{points.text} does not follow from {before.text} and {close.text}",
                expected=f"{exact:+,}",
                remedy=REMEDY,
            )
    elif change and change.unit == "%" and close.value > points.value:
        exact = points.value / (close.value - points.value) * 100
        room = change.tolerance + points.tolerance / close.value * 100 + _SLACK
        if abs(exact - change.value) > room:
            yield _remark(
                row[columns["change"]],
                change,
                f"{points.text} points to {close.text} are {_shown(exact, change)}",
                exact,
            )


def _range_of(
    row: tuple[Passage, ...],
    columns: dict[str, int],
    values: dict[str, Quantity | None],
    close: Quantity,
    change: Quantity,
) -> Iterator[Remark]:
    high, low, said = (values.get(name) for name in ("high", "low", "range"))
    if not (high and low and said) or said.unit != "%" or low.value <= 0:
        return
    base = close.value / (1 + change.value / 100)
    spread = high.value - low.value
    possible = [spread / each * 100 for each in (base, low.value, close.value, high.value)]
    if values.get("open"):
        possible.append(spread / values["open"].value * 100)  # type: ignore[union-attr]  # it is there
    room = said.tolerance + (high.tolerance + low.tolerance) / low.value * 100 + _SLACK
    if not any(abs(abs(said.value) - each) <= room for each in possible):
        yield _remark(
            row[columns["range"]], said, f"{low.text} to {high.text} is {possible[0]:.2f}%", possible[0]
        )


def _only(row: tuple[Passage, ...], at: int) -> Quantity | None:
    """The only number of a cell."""
    if at >= len(row) or len(row[at].quantities) != 1:
        return None
    number = row[at].quantities[0]
    return number if not number.in_words and not number.bound else None
