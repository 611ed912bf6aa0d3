"""What is unusual about a day, and how unusual.

An angle's surprise is counted, not felt: -log2 of the share of sessions so far of which as much can be said,
in bits. One in eight is 3 bits, one in a thousand 10. What can be unusual is `angle_catalogue.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log2
from typing import TYPE_CHECKING

from generator.figures import Figure, Formula
from generator.story.angle_catalogue import CATALOGUE
from generator.story.facts import AngleFacts
from generator.story.records import ended_streak

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from generator.figures import Unit
    from generator.metrics.measures import Measures
    from generator.precedents import Past, Times
    from generator.story.angle_catalogue import Angle, Subject

ENOUGH = 60
"""Sessions that can tell from which on the history is asked; before that the catalogue's own line is."""

FRESH_DAYS = 14
STALE = 2.0
"""Bits that an angle loses if as much could be said the day before; the loss shrinks to none over
`FRESH_DAYS`. A reader who was told yesterday is not surprised, however rare it was in the years before."""

LOWEST_DAYS = 365
_LOWEST_PRIOR, _LOWEST_STEEP = 6.1, 2.0
"""Bits of the lowest close in a year, and more for each doubling: KOSPI, 1995 to 2026."""

STREAK = 5
"""Sessions in a row whose end is worth a word."""


@dataclass(frozen=True, slots=True)
class _Found:
    """An angle that holds today."""

    facts: AngleFacts
    subject: Subject
    order: float
    covers: Subject | None = None


def angles_of(measures: Measures, past: Past, *, agreed: bool = True) -> tuple[AngleFacts, ...]:
    """The angles of the day, most unusual first; of each subject the most unusual one.

    `agreed` is whether the stocks of the index's own market lean the way that all stocks do: what weak stocks
    of another market do says nothing about who carries the index.
    """
    lines = [angle for angle in CATALOGUE if agreed or not angle.own_market]
    found = [each for angle in lines if (each := _of(angle, measures, past))]
    found += (*_lowest_since(measures), *_streak_ended(measures, past))
    # Sorting is stable, so the catalogue's order decides between equals.
    found.sort(key=lambda each: -each.order)
    told: list[AngleFacts] = []
    done: set[Subject | None] = set()
    for each in found:
        if each.subject not in done:
            told.append(each.facts)
            done |= {each.subject, each.covers}
    return tuple(told)


def _of(angle: Angle, measures: Measures, past: Past) -> _Found | None:
    values = measures.values
    if not all(condition.met(values) for condition in (angle.measure, *angle.also)):
        return None
    value = values[angle.measure.metric]
    rule = angle.rule(value)
    times = past.times(rule, known=angle.known)
    counted = times if times and times.among >= ENOUGH and times.count else None
    bits = _bits(counted) if counted else angle.expected(value)
    expected = angle.ongoing and value > angle.measure.threshold
    fresh = bits - (STALE if expected else _staleness(times.last if times else None, measures.day))
    if fresh < angle.floor:
        return None
    return _Found(_facts(angle.key, rule, bits, counted), angle.subject, fresh + angle.weight, angle.covers)


def _bits(times: Times) -> float:
    return -log2(times.count / times.among)


def _staleness(last: date | None, day: date) -> float:
    if last is None:
        return 0.0
    return STALE * max(0.0, 1 - (day - last).days / FRESH_DAYS)


def _facts(key: str, rule: str, bits: float, times: Times | None) -> AngleFacts:
    if times is None:
        return AngleFacts(key=key, rule=rule, bits=bits)

    def figure(what: str, value: int | date, unit: Unit, expression: str) -> Figure:
        return Figure(f"angle.{key}.{what}", value, unit, Formula(f"{expression} {rule}"), 0)

    return AngleFacts(
        key=key,
        rule=rule,
        bits=bits,
        seen=figure("seen", times.count, "sessions", "sessions so far with"),
        among=figure("among", times.among, "sessions", "sessions that can tell of"),
        first=figure("first", times.first, "date", "first session that can tell of"),
        last=figure("last", times.last, "date", "last session before with") if times.last else None,
    )


def _lowest_since(measures: Measures) -> Sequence[_Found]:
    """The lowest close in a year or more. Rules compare no dates, so its surprise is always by the line."""
    since = measures.dates.get("kospi_lowest_since")
    if since is None or (measures.day - since).days < LOWEST_DAYS:
        return ()
    bits = _LOWEST_PRIOR + _LOWEST_STEEP * log2((measures.day - since).days / LOWEST_DAYS)
    facts = AngleFacts(key="lowest-since", rule=f"kospi_lowest_since == {since.isoformat()}", bits=bits)
    return (_Found(facts, "level", bits),)


def _streak_ended(measures: Measures, past: Past) -> Sequence[_Found]:
    """The first move the other way after a row of them.

    As much can be said at the end of every row as long, and each of those passed this length once.
    """
    change = measures.values.get("kospi_change_pct")
    length = ended_streak("kospi", change, past, fewest=STREAK) if change else None
    if length is None:
        return ()
    way = "down" if change and change > 0 else "up"
    rule = f"kospi_{way}_streak == {length}"
    times = past.times(rule)
    if times is None or times.among < ENOUGH or not times.count:
        return ()
    return (_Found(_facts("streak-ended", rule, _bits(times), times), "streak", _bits(times)),)
