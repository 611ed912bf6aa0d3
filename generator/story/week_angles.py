"""What is unusual about a week, measured against all weeks of the indices' histories."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from generator.figures import Figure, Formula
from generator.story.facts import AngleFacts
from generator.story.markets import NOTICEABLE
from generator.story.week_moves import WEEKS, run_of, streaks_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.metrics.weeks import Week
    from generator.story.week_facts import WeekBreadth, WeekIndexFacts

BITS = 3.0
"""What is told: at most one week in eight has as much to say. Also for what no history can weigh."""
CONTRADICTION = 4.0
"""Of an index that goes against most stocks, for which there are no weeks to compare with."""
LONG_RUN = 4
"""Weeks in a row that are an angle."""

Kept = tuple["Week", float]
"""A week with a measure of it."""


def week_angles(
    main: WeekIndexFacts,
    second: WeekIndexFacts | None,
    breadth: WeekBreadth | None,
    weeks: Sequence[Week],
    second_weeks: Sequence[Week],
) -> tuple[AngleFacts, ...]:
    """The angles of the week, most unusual first; none of a week whose moves are not known."""
    if main.change is None:
        return ()
    found = [
        *_moves(main, weeks),
        *_record(main, weeks),
        *_turn(main, weeks),
        *_runs(main, weeks),
        *_apart(main, second, weeks, second_weeks),
        *_against_breadth(main, breadth),
    ]
    return tuple(
        sorted((each for each in found if each.bits >= BITS), key=lambda each: (-each.bits, each.key))
    )


def _moves(main: WeekIndexFacts, weeks: Sequence[Week]) -> Iterable[AngleFacts]:
    if not main.change or not main.change.sign or main.past is None:
        return
    way = main.change.sign
    kept = [(week, week.change_pct * way) for week in weeks if week.whole and week.change_pct is not None]
    name = "large-rise" if way > 0 else "large-fall"
    yield from _as_much(name, f"{main.name.lower()} week change", kept)


def _record(main: WeekIndexFacts, weeks: Sequence[Week]) -> Iterable[AngleFacts]:
    if not main.record:
        return
    name, rule = "all-time-high", f"{main.name.lower()}_all_time_high"
    run = run_of(weeks)
    if len(run) <= WEEKS:
        yield AngleFacts(key=name, rule=rule, bits=BITS)
        return
    highest = 0.0
    kept: list[Kept] = []
    for week in run:
        base = week.close / (1 + (week.change_pct or 0) / 100)
        top = base * (1 + (week.highest_pct or 0) / 100)
        # The highest close of the week is rebuilt from its change: equal to the last but for its last bits.
        kept.append((week, 1.0 if week.close > highest and week.close >= top * (1 - 1e-9) else 0.0))
        highest = max(highest, top, week.close)
    yield from _as_much(name, rule, kept[WEEKS:])


def _turn(main: WeekIndexFacts, weeks: Sequence[Week]) -> Iterable[AngleFacts]:
    """A week that turned against its start, or that lost or won back much of what it had come to."""
    if main.turned:
        way = 1 if main.turned == "up" else -1
        kept = [
            (week, min(-_far(week, way) * way, (week.change_pct or 0) * way)) for week in weeks if week.whole
        ]
        yield from _as_much("turnaround", f"{main.name.lower()} week low or high against change", kept)
        return
    for key, way, change in (("comeback", 1, main.lowest_change), ("giveback", -1, main.highest_change)):
        if change and change.sign * way < 0 and main.change and main.change.sign * way < 0:
            kept = [(week, ((week.change_pct or 0) - _far(week, way)) * way) for week in weeks if week.whole]
            yield from _as_much(key, f"{main.name.lower()} week change against its low or high", kept)


def _far(week: Week, way: int) -> float:
    """The lowest close of the week (-1: the highest), where it is on that side of the start."""
    far = week.lowest_pct if way > 0 else week.highest_pct
    return min(far or 0.0, 0.0) if way > 0 else max(far or 0.0, 0.0)


def _runs(main: WeekIndexFacts, weeks: Sequence[Week]) -> Iterable[AngleFacts]:
    run = run_of(weeks)
    lengths = streaks_of(run)
    rising = bool(main.change and main.change.sign > 0)
    if main.streak and main.streak.number >= LONG_RUN:
        kept = [
            (week, float(length) if ((week.change_pct or 0) > 0) == rising else 0.0)
            for week, length in zip(run, lengths, strict=True)
            if length is not None
        ]
        yield from _as_much("winning-streak" if rising else "losing-streak", "weeks in a row", kept)
    if main.broke and main.broke.number >= LONG_RUN:
        kept = [
            (week, float(before or 0) if length == 1 and ((week.change_pct or 0) > 0) == rising else 0.0)
            for week, before, length in zip(run[1:], lengths, lengths[1:], strict=False)
            if length is not None
        ]
        yield from _as_much("streak-ended", "weeks in a row before", kept)


def _apart(
    main: WeekIndexFacts,
    second: WeekIndexFacts | None,
    weeks: Sequence[Week],
    second_weeks: Sequence[Week],
) -> Iterable[AngleFacts]:
    if second is None or main.change is None or second.change is None:
        return
    gap = second.change.number - main.change.number
    others = {week.last: week.change_pct for week in second_weeks if week.whole}
    pairs = [
        (week, week.change_pct, other)
        for week in weeks
        if week.whole and week.change_pct is not None and (other := others.get(week.last)) is not None
    ]
    if not pairs or pairs[-1][0] is not weeks[-1]:
        return
    if main.change.sign * second.change.sign < 0:
        apart = [(week, min(abs(a), abs(b)) if a * b < 0 else 0.0) for week, a, b in pairs]
        if apart[-1][1] >= NOTICEABLE:
            yield from _as_much("indices-apart", "kospi and kosdaq week changes opposed", apart)
    way = 1 if gap > 0 else -1
    kept = [(week, (b - a) * way) for week, a, b in pairs]
    if kept[-1][1] >= NOTICEABLE:
        yield from _as_much("kosdaq-lead" if gap > 0 else "kosdaq-lag", "kosdaq − kospi week change", kept)


def _against_breadth(main: WeekIndexFacts, breadth: WeekBreadth | None) -> Iterable[AngleFacts]:
    if breadth is None or not breadth.reach.whole or main.change is None:
        return
    if abs(main.change.number) < NOTICEABLE:
        return
    lead = int(breadth.more_rose.number - breadth.more_fell.number)
    if lead * main.change.sign < 0:
        rule = "days with more risers − days with more fallers"
        key = "large-cap-compression" if main.change.sign > 0 else "heavyweight-selloff"
        yield AngleFacts(key=key, rule=f"{rule} = {lead}", bits=CONTRADICTION)


def _as_much(key: str, rule: str, kept: Sequence[Kept]) -> Iterable[AngleFacts]:
    """The angle of a measure whose last value is the week's: how many weeks have one as large."""
    if not kept:
        return
    now = kept[-1][1]
    if len(kept) <= WEEKS:
        return
    same = [week for week, value in kept if value >= now]
    yield AngleFacts(
        key=key,
        rule=f"{rule} >= {now:.4g}",
        bits=-math.log2(len(same) / len(kept)),
        seen=_count(f"angle.{key}.seen", len(same)),
        among=_count(f"angle.{key}.among", len(kept)),
        first=Figure(f"angle.{key}.first", kept[0][0].last, "date", Formula("first week of the history")),
        last=Figure(f"angle.{key}.last", same[-2].last, "date", Formula("last such week before"))
        if len(same) > 1
        else None,
    )


def _count(name: str, value: int) -> Figure:
    return Figure(name, value, "number", Formula("weeks"), 0)
