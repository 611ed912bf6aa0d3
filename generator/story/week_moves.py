"""An index over a week: its moves, and their place among all weeks of its history."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from generator.figures import Figure, Formula
from generator.story.cells import cell_of, computed, measured
from generator.story.markets import NOTICEABLE
from generator.story.week_facts import Mark, PastWeeks, WeekIndexFacts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from typing import Literal

    from generator.dataset.session import IndexQuote, Session
    from generator.metrics.measures import Measures
    from generator.metrics.weeks import Week
    from generator.story.facts import Strength

WEEKS = 52
"""Weeks of history below which nothing is said of a place in it."""
WORTH_TELLING = 13
"""Weeks since a move as large; less is not rare."""
STREAK, BROKEN = 2, 3
"""Weeks in a row worth telling, and those in a row whose end is."""
RARE = 100
"""A place is rare if so many times it is no more than the weeks."""
EXTREME, STRONG, SLIGHT = 0.02, 0.10, 0.75
"""Bounds of the share of weeks with a move as large: at most so many, and for a slight one at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexWeek:
    """What an index's week is told from."""

    name: str
    sessions: Sequence[tuple[Session, Measures]]
    """Those that have a quote of it, in time order."""
    weeks: Sequence[Week]
    """Its history by weeks, this one last; empty without one."""
    base: tuple[Figure, date] | None
    """The last close before the week, with its day."""
    year_base: Figure | None
    """The last close of the year before."""

    @property
    def key(self) -> str:
        """How its metrics and figures begin."""
        return self.name.lower()


def quote_of(session: Session, index: str) -> IndexQuote | None:
    """The session's row of an index."""
    return next((quote for quote in session.indices if quote.index == index), None)


def change_of(quote: IndexQuote, day: date) -> Figure | None:
    """The day's change in %, as stated or from the levels; its id names the day."""
    name = f"{quote.index.lower()}.{day}.change"
    stated = cell_of(quote, "change_pct", name, "%")
    if stated or quote.close is None or not quote.previous_close:
        return stated
    change = (quote.close / quote.previous_close - 1) * 100
    return Figure(name, change, "%", Formula("close ÷ previous close − 1", ("close", "previous_close")))


def index_week(of: IndexWeek) -> WeekIndexFacts | None:
    """One index over the week; None without a level on the last session."""
    key = f"{of.key}.week"
    changes: list[Mark] = []
    closes: list[Mark] = []
    for session, _ in of.sessions:
        quote = quote_of(session, of.name)
        if quote is None:
            continue
        day = day_figure(session.date)
        if change := change_of(quote, session.date):
            changes.append(Mark(day=day, figure=change))
        if close := cell_of(quote, "close", f"{of.key}.{session.date}.close", "points"):
            closes.append(Mark(day=day, figure=close))
    if not closes or closes[-1].day.value != of.sessions[-1][0].date:
        return None
    close, measures = closes[-1].figure, of.sessions[-1][1]
    several = len(of.sessions) > 1
    lowest = min(closes, key=lambda mark: mark.figure.number)
    highest = max(closes, key=lambda mark: mark.figure.number)
    base = of.base[0] if of.base else None
    change = _against(f"{key}.change", close, base)
    points = None
    if base:
        points = computed(f"{key}.points", close.number - base.number, "points", "close − base", close, base)
    low, high = (_against(f"{key}.{name}_change", mark.figure, base)
                 for name, mark in (("lowest", lowest), ("highest", highest)))  # fmt: skip
    record = measures.values.get(f"{of.key}_all_time_high") == 1
    flags = [found.values.get(f"{of.key}_all_time_high") for _, found in of.sessions]
    from_record = measured(measures, f"{of.key}_from_high_pct")
    over = of.sessions[-1][0].status == "final" and bool(of.weeks) and of.weeks[-1].whole
    weeks = of.weeks if over and change else ()
    streak, broke = _streaks(weeks)
    return WeekIndexFacts(
        name=of.name,
        close=close,
        base=base,
        base_day=Figure(f"{key}.base_day", of.base[1], "date", Formula("session of base"))
        if of.base
        else None,
        change=change,
        points=points,
        best=max(changes, key=lambda mark: mark.figure.number) if len(changes) > 1 else None,
        worst=min(changes, key=lambda mark: mark.figure.number) if len(changes) > 1 else None,
        highest=highest if several else None,
        lowest=lowest if several else None,
        lowest_change=low if several else None,
        highest_change=high if several else None,
        risen=counted(f"{key}.risen", sum(mark.figure.sign > 0 for mark in changes), "change > 0"),
        fallen=counted(f"{key}.fallen", sum(mark.figure.sign < 0 for mark in changes), "change < 0"),
        days=counted(f"{key}.days", len(changes), "change known"),
        turned=_turned(change, low, high),
        strength=_strength(weeks),
        record=record,
        records=counted(f"{key}.records", flags.count(1), "record closes") if 1 in flags else None,
        from_record=None if record or from_record is None or from_record.sign >= 0 else from_record,
        past=_past(key, weeks),
        streak=counted(f"{key}.streak", streak, "weeks in a row") if streak >= STREAK else None,
        broke=counted(f"{key}.broke", broke, "weeks in a row before") if broke >= BROKEN else None,
        year=_against(f"{of.key}.year.change", close, of.year_base),
    )


def day_figure(day: date, name: str = "day") -> Figure:
    """A session as a figure."""
    return Figure(f"{name}.{day}", day, "date", Formula("session of the week"))


def counted(name: str, value: int, expression: str) -> Figure:
    """A count of sessions or weeks as a figure."""
    return Figure(name, value, "sessions", Formula(expression), 0)


def _against(name: str, level: Figure, base: Figure | None) -> Figure | None:
    if base is None or not base.number:
        return None
    change = (level.number / base.number - 1) * 100
    return computed(name, change, "%", f"{level.id} ÷ {base.id} − 1", level, base)


def _turned(change: Figure | None, low: Figure | None, high: Figure | None) -> Literal["up", "down"] | None:
    if change is None or low is None or high is None:
        return None
    if low.number <= -NOTICEABLE and change.number >= NOTICEABLE:
        return "up"
    return "down" if high.number >= NOTICEABLE and change.number <= -NOTICEABLE else None


def _strength(weeks: Sequence[Week]) -> Strength:
    moves = [abs(week.change_pct) for week in weeks if week.whole and week.change_pct is not None]
    if len(moves) <= WEEKS:
        return "plain"
    share = sum(move >= moves[-1] for move in moves) / len(moves)
    if share <= STRONG:
        return "extreme" if share <= EXTREME else "strong"
    return "slight" if share >= SLIGHT else "plain"


def _past(key: str, weeks: Sequence[Week]) -> PastWeeks | None:
    """The week's place among all up to it that follow each other without a gap."""
    known = [(week, week.change_pct) for week in run_of(weeks) if week.change_pct is not None]
    if len(known) <= WEEKS or not known[-1][1]:
        return None
    way = 1 if known[-1][1] > 0 else -1
    move = known[-1][1] * way
    as_large = [week for week, change in known[:-1] if change * way >= move]
    since = as_large[-1].last if as_large else None
    if since and since not in {week.last for week, _ in known[:-WORTH_TELLING]}:
        since = None
    rank = 1 + sum(change * way > move for _, change in known)
    return PastWeeks(
        rank=counted(f"{key}.rank", rank, "1 + weeks with a larger move in this direction"),
        among=counted(f"{key}.among", len(known), "weeks of the history"),
        first=Figure(f"{key}.first", known[0][0].last, "date", Formula("last session of the first week")),
        rare=rank * RARE <= len(known),
        largest=not as_large,
        since=Figure(
            f"{key}.since", since, "date", Formula("last session of the last week with as large a move")
        )
        if since
        else None,
    )


def run_of(weeks: Sequence[Week]) -> Sequence[Week]:
    """The weeks up to the last one without a gap among them."""
    start = len(weeks)
    while start and weeks[start - 1].whole:
        start -= 1
    return weeks[start:]


def _streaks(weeks: Sequence[Week]) -> tuple[int, int]:
    """Weeks in a row in the last one's direction, and those in the other that it ended; 0 where unknown."""
    run = run_of(weeks)
    lengths = streaks_of(run)
    if not lengths or lengths[-1] is None:
        return 0, 0
    before = lengths[-2] if len(lengths) > 1 else None
    broke = before if lengths[-1] == 1 and before and _opposed(run[-2], run[-1]) else 0
    return lengths[-1], broke


def _opposed(before: Week, week: Week) -> bool:
    return (before.change_pct or 0) * (week.change_pct or 0) < 0


def streaks_of(run: Sequence[Week]) -> list[int | None]:
    """For each week of a gap-free run the weeks in a row in its direction; None where that is not known.

    0 for a week that did not move. A row that reaches back to the first week may be longer than it looks.
    """
    signs = [(week.change_pct > 0) - (week.change_pct < 0) for week in run if week.change_pct is not None]
    lengths: list[int | None] = [None if signs and signs[0] else 0][: len(signs)]
    for before, sign in pairwise(signs):
        last = lengths[-1]
        if not sign:
            lengths.append(0)
        elif sign != before:
            lengths.append(1)
        else:
            lengths.append(None if last is None else last + 1)
    return lengths
