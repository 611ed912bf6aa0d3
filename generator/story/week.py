"""From the sessions of a week to the facts its story is told from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.figures import Figure, Formula
from generator.metrics.definitions import METRICS
from generator.story.cells import computed
from generator.story.gather import MAIN_INDEX, SECOND_INDEX
from generator.story.markets import breadth_facts
from generator.story.week_angles import week_angles
from generator.story.week_facts import (
    AnsweredCheck,
    WeekDay,
    WeekFacts,
    WeekScore,
)
from generator.story.week_leadership import (
    Moved,
    day_leader,
    desk_stocks,
    leadership,
    sectors_over,
)
from generator.story.week_markets import week_breadth, week_flows
from generator.story.week_moves import IndexWeek, change_of, counted, day_figure, index_week, quote_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.calendars import TradingCalendar
    from generator.dataset.session import Session, SourceCredit
    from generator.metrics.contributions import Contribution, SectorMove
    from generator.metrics.measures import Measures
    from generator.metrics.weeks import Week
    from generator.story.facts import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A check that a daily post resolved, as its front matter has it."""

    question: str
    outcome: Outcome
    asked: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPost:
    """What the week takes from a day's post."""

    angle: str | None
    address: str | None
    """None of a draft."""
    answers: tuple[Answer, ...] = ()
    questions: tuple[str, ...] = ()
    """Its checks for the session after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEvidence:
    """One session of the week."""

    session: Session
    measures: Measures
    contributions: Sequence[Contribution] = ()
    """Parts of the main index's move, largest first."""
    sector_moves: Sequence[SectorMove] = ()
    post: DayPost | None = None

    @property
    def moved(self) -> Moved:
        """What its stocks and sectors did."""
        return Moved(session=self.session, contributions=self.contributions, sector_moves=self.sector_moves)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekEvidence:
    """What the facts of a week are gathered from."""

    days: tuple[DayEvidence, ...]
    """Its sessions that have data, in time order; at least one."""
    calendar: TradingCalendar
    before: Measures
    """Of the last session before the week."""
    year_end: Measures
    """Of the last session of the year before."""
    weeks: Mapping[str, Sequence[Week]]
    """By index, its history by weeks up to this one."""


def monday_of(day: dt.date) -> dt.date:
    """The first day of an ISO week."""
    return day - dt.timedelta(days=day.weekday())


def week_name(day: dt.date) -> str:
    """A day's week in ISO 8601: 2026-W07."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def gather_week(
    evidence: WeekEvidence,
    *,
    language: str,
    leaders: int,
    published: dt.datetime,
    sectors: Mapping[str, str],
) -> WeekFacts:
    """All facts of a week.

    Args:
        evidence: its sessions with what was measured of them.
        language: of the companies' names.
        leaders: the most stocks a table of leaders shows.
        published: the date of the post.
        sectors: the language's names of sectors.
    """
    days, calendar = evidence.days, evidence.calendar
    last = days[-1].session
    monday = monday_of(last.date)
    friday = monday + dt.timedelta(days=4)
    sessions = calendar.between(monday, monday + dt.timedelta(days=6))
    there = {day.session.date for day in days}
    over = sessions[-1] == last.date
    next_monday = monday + dt.timedelta(days=7)
    following = calendar.between(next_monday, next_monday + dt.timedelta(days=6))
    names = list(dict.fromkeys(quote.index for day in days for quote in day.session.indices))
    indices = tuple(index for name in names if (index := index_week(_index_evidence(evidence, name, monday))))
    by_name = {index.name: index for index in indices}
    main = by_name.get(MAIN_INDEX) or (indices[0] if indices else None)
    second = by_name.get(SECOND_INDEX) if main and main.name != SECOND_INDEX else None
    gap = None
    if main and second and main.change and second.change:
        gap = computed(
            "week.gap",
            second.change.number - main.change.number,
            "pp",
            "second − main",
            second.change,
            main.change,
        )
    moved = [day.moved for day in days]
    breadth = week_breadth([(day.session, day.measures) for day in days], evidence.before)
    reach, best, worst = sectors_over(moved, sectors)
    desk, desk_reach = desk_stocks(moved, language)
    return WeekFacts(
        turn=monday.toordinal() // 7,
        angles=week_angles(
            main,
            second,
            breadth,
            evidence.weeks.get(main.name, ()),
            evidence.weeks.get(second.name, ()) if second else (),
        )
        if main
        else (),
        week=week_name(last.date),
        day=day_figure(last.date),
        first_day=day_figure(days[0].session.date),
        next_day=Figure("next_day", last.next, "date", Formula("session after by calendar")),
        next_sessions=counted("next_week", len(following), "sessions by calendar") if over else None,
        next_closed=_closed(following, next_monday) if over else (),
        published=Figure("published", published.date(), "date", Formula("date of the post")),
        as_of=Figure("as_of", last.as_of.date(), "date", Formula("as_of of the last session")),
        as_of_time=Figure(
            "as_of_time",
            last.as_of.time().replace(tzinfo=None),
            "time",
            Formula("as_of of the last session"),
        ),
        zone=last.as_of.tzname() or last.timezone,
        final=last.status == "final",
        over=over,
        count=counted("sessions", len(days), "sessions with data"),
        expected=counted(
            "expected", len([day for day in sessions if day <= last.date]), "sessions by calendar so far"
        ),
        missing=tuple(
            day_figure(day, "missing") for day in sessions if day <= last.date and day not in there
        ),
        closed=_closed([*sessions, *_days_after(last.date, friday, over=over)], monday),
        indices=indices,
        main=main,
        second=second,
        gap=gap,
        days=tuple(_day(day, main.name if main else MAIN_INDEX, language) for day in days),
        leadership=leadership(moved, main, shown=leaders, language=language)
        if main and main.name == MAIN_INDEX
        else None,
        sectors=reach,
        best_sectors=best,
        worst_sectors=worst,
        flows=week_flows([day.session for day in days]),
        desk=desk,
        desk_reach=desk_reach,
        breadth=breadth,
        score=_score(days),
        questions=days[-1].post.questions if days[-1].post else (),
        credits=_credits([day.session for day in days]),
        left_out=any(day.contributions and day.session.set_aside.codes for day in days),
        breadth_counted=any(
            found.counted for day in days if (found := breadth_facts(day.session)) is not None
        ),
    )


def _index_evidence(evidence: WeekEvidence, name: str, monday: dt.date) -> IndexWeek:
    known = [(day.session, day.measures) for day in evidence.days if quote_of(day.session, name)]
    weeks = evidence.weeks.get(name, ())
    last = evidence.days[-1].session.date
    return IndexWeek(
        name=name,
        sessions=known,
        weeks=weeks if weeks and weeks[-1].last == last else (),
        base=_base(evidence, name, known[0][0], monday),
        year_base=_level(evidence.year_end, name, f"{name.lower()}.year.base")
        if evidence.before.day.year == last.year
        else None,
    )


def _base(
    evidence: WeekEvidence, name: str, first: Session, monday: dt.date
) -> tuple[Figure, dt.date] | None:
    """The close before the week, as the first session states it, else from the history.

    Where neither has it, the close before the first session with data, whose day the post then names.
    """
    quote, key = quote_of(first, name), f"{name.lower()}.week.base"
    stated = quote.previous_close if quote else None
    begins = first.previous < monday
    if not begins and (kept := _level(evidence.before, name, key)):
        return kept, evidence.before.day
    if quote and stated:
        return Figure(key, stated, "points", quote.cell("previous_close")), first.previous
    kept = _level(evidence.before, name, key)
    return (kept, evidence.before.day) if kept else None


def _level(measures: Measures, name: str, key: str) -> Figure | None:
    """An index's close as measured, under another id; None of an index without metrics."""
    metric = f"{name.lower()}_close"
    found = measures.figure(metric) if metric in METRICS else None
    return Figure(key, found.value, "points", found.source) if found else None


def _closed(open_days: Sequence[dt.date], monday: dt.date) -> tuple[Figure, ...]:
    weekdays = [monday + dt.timedelta(days=n) for n in range(5)]
    return tuple(day_figure(day, "closed") for day in weekdays if day not in open_days)


def _days_after(last: dt.date, friday: dt.date, *, over: bool) -> list[dt.date]:
    """The rest of a week that goes on: nothing is said of it yet."""
    return [] if over else [last + dt.timedelta(days=n) for n in range(1, (friday - last).days + 1)]


def _day(day: DayEvidence, main: str, language: str) -> WeekDay:
    session, post = day.session, day.post
    breadth = breadth_facts(session)
    quotes = (quote_of(session, main), quote_of(session, SECOND_INDEX) if main != SECOND_INDEX else None)
    change, second = (change_of(quote, session.date) if quote else None for quote in quotes)
    return WeekDay(
        day=day_figure(session.date),
        change=change,
        second_change=second,
        advancers=_dated(breadth.advancers, session.date) if breadth else None,
        decliners=_dated(breadth.decliners, session.date) if breadth else None,
        leader=day_leader(day.moved, main, language) if main == MAIN_INDEX else None,
        angle=post.angle if post else None,
        address=post.address if post else None,
    )


def _dated(figure: Figure, day: dt.date) -> Figure:
    """A day's figure under an id that names the day."""
    return Figure(f"{figure.id}.{day}", figure.value, figure.unit, figure.source, figure.precision)


def _score(days: Sequence[DayEvidence]) -> WeekScore | None:
    """The answers that the week's posts gave; None where they gave none."""
    checks = tuple(
        AnsweredCheck(
            question=answer.question,
            outcome=answer.outcome,
            answered=day_figure(day.session.date),
            asked=day_figure(answer.asked, "asked") if answer.asked else None,
            address=day.post.address,
        )
        for day in days
        if day.post
        for answer in day.post.answers
    )
    if not checks:
        return None
    outcomes = [check.outcome for check in checks]

    def count(name: str, value: int) -> Figure:
        return Figure(f"score.{name}", value, "number", Formula(f"checks {name} in the week's posts"), 0)

    held, failed = outcomes.count("held"), outcomes.count("failed")
    return WeekScore(
        held=count("held", held),
        failed=count("failed", failed),
        not_reported=count("not_reported", outcomes.count("not_reported")),
        answered=count("answered", held + failed),
        checks=checks,
    )


def _credits(sessions: Sequence[Session]) -> tuple[SourceCredit, ...]:
    """Each source once, with all it covers, in the order they first appear."""
    covers: dict[str, dict[str, None]] = {}
    for session in sessions:
        for credit in session.credits:
            covers.setdefault(credit.name, {}).update(dict.fromkeys(credit.covers))
    kind = type(sessions[0].credits[0]) if sessions[0].credits else None
    return tuple(kind(name=name, covers=tuple(tables)) for name, tables in covers.items()) if kind else ()
