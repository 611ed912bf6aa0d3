"""Weeks made by hand: small enough that every sum can be checked in the head."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

from generator.calendars import TradingCalendar
from generator.dataset.session import Breadth, Flow, IndexQuote, Origin, Session, Stock
from generator.metrics.contributions import Contribution, SectorMove
from generator.metrics.measures import Measures
from generator.metrics.weeks import Week
from generator.story.week import DayEvidence, WeekEvidence, gather_week

KST = timezone(timedelta(hours=9), "KST")
MONDAY = date(2026, 3, 2)
WEEK = tuple(MONDAY + timedelta(days=n) for n in range(5))
CALENDAR = TradingCalendar(
    "XKRX",
    tuple(
        day
        for n in range(-40, 40)
        if (day := MONDAY + timedelta(days=n)).weekday() < 5 and day != date(2026, 3, 10)
    ),
)
ORIGIN = {"": Origin("made.csv", "line 2")}


def quote(name, close, previous, **more):
    return IndexQuote(origins=ORIGIN, index=name, close=close, previous_close=previous, **more)


def session(day, close, previous, *, status="final", second=None, **tables):
    quotes = [quote("KOSPI", close, previous)]
    if second:
        quotes.append(quote("KOSDAQ", *second))
    at = datetime.combine(day, time(15, 30), KST)
    return Session(
        date=day,
        calendar="XKRX",
        timezone="Asia/Seoul",
        status=status,
        as_of=at,
        publish_at=at + timedelta(hours=1),
        updated_at=at + timedelta(hours=1),
        previous=CALENDAR.previous(day),
        next=CALENDAR.next(day),
        indices=tuple(quotes),
        **tables,
    )


def breadth(advancers, decliners, listed=1000):
    unchanged = listed - advancers - decliners
    return (
        Breadth(
            origins=ORIGIN,
            scope="all",
            listed=listed,
            advancers=advancers,
            decliners=decliners,
            unchanged=unchanged,
        ),
    )


def flow(investor, amount, market="KOSPI"):
    return Flow(origins=ORIGIN, scope=market, scope_kind="market", investor=investor, net_krw=amount)


NAMES = {"000010": "Alpha", "000020": "Beta", "000030": "Gamma", "000040": "Delta"}


def stocks():
    return tuple(
        Stock(origins=ORIGIN, code=code, name=name, market="KOSPI", close=1.0, change_pct=0.0)
        for code, name in NAMES.items()
    )


def parts(**points):
    """Contributions by name, most first: `a=3` is Alpha's three points; each changes in % as many."""
    codes = dict(zip("abcd", NAMES, strict=True))
    found = [
        Contribution(code=codes[key], points=float(value), share_pct=None, change_pct=float(value))
        for key, value in points.items()
    ]
    return tuple(sorted(found, key=lambda part: (-(part.points or 0), part.code)))


def moves(**changes):
    return tuple(
        SectorMove(sector=name, change_pct=float(change), members=5, advancers=1)
        for name, change in sorted(changes.items(), key=lambda item: -item[1])
    )


def day(made, *, contributions=(), sectors=(), post=None, measures=None):
    return DayEvidence(
        session=made,
        measures=measures or Measures(day=made.date),
        contributions=contributions,
        sector_moves=sectors,
        post=post,
    )


def facts(*days, before=None, year_end=None, weeks=None):
    first = days[0].session.date
    evidence = WeekEvidence(
        days=days,
        calendar=CALENDAR,
        before=before or Measures(day=CALENDAR.previous(first - timedelta(days=first.weekday()))),
        year_end=year_end or Measures(day=date(2025, 12, 30)),
        weeks=weeks or {},
    )
    return gather_week(evidence, language="en", leaders=6, published=days[-1].session.publish_at, sectors={})


def rising(closes=(1010, 1000, 1020, 1030, 1050), base=1000.0, **more):
    """A week of five sessions from levels alone."""
    made, previous = [], base
    for on, close in zip(WEEK, closes, strict=False):
        made.append(session(on, float(close), previous, **more))
        previous = float(close)
    return made


def weeks(*changes, first=date(2024, 1, 5), lows=None):
    """A gap-free history of weeks with these changes in %, that ends with the made week."""
    found, level = [], 1000.0
    for number, change in enumerate(changes):
        level *= 1 + change / 100
        low = min(change, 0.0) if lows is None else lows[number]
        last = first + timedelta(weeks=number)
        found.append(Week(last, level, float(change), float(low), max(float(change), 0.0), whole=True))
    shift = WEEK[-1] - found[-1].last
    return tuple(
        Week(each.last + shift, each.close, each.change_pct, each.lowest_pct, each.highest_pct, each.whole)
        for each in found
    )
