"""What the data says of a post's subjects: signed numbers, each with its measure and its day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from generator.dataset.rows import places_by
from generator.errors import MarketpostError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.dataset.session import IndexQuote, Session, Stock
    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document

Measure = Literal["change", "open", "high", "low", "points", "net", "count", "share"]
"""change, open, high, low: per cent against the close before; net: KRW bought less sold; count and share:
of stocks."""

INDICES = ("KOSPI", "KOSDAQ")
INDEX = "index"
"""Either of them: the index, in a sentence that does not say which."""
DOMESTIC = ("retail", "institution")
INVESTORS = ("foreign", "institution", "retail")


@dataclass(frozen=True, slots=True)
class Fact:
    """One number of the data, signed."""

    subject: str
    """An index, an investor, a stock's code, `advancers`, `decliners`, a scope of flows."""
    measure: Measure
    value: Decimal
    day: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of the session, or the week, that a post is about."""

    session: Session
    is_weekly: bool
    """It is about more than one session: what a day's numbers say need not hold."""
    _by_subject: Mapping[str, Sequence[Fact]]
    _places: Mapping[str, int]
    """Of the session's stocks by their codes."""
    _knowledge: Knowledge

    def of(self, subject: str) -> Sequence[Fact]:
        """What is known of a subject."""
        if subject == INDEX:
            return tuple(fact for index in INDICES for fact in self._by_subject.get(index, ()))
        stock = None if self.is_weekly else self.stock(subject)
        if subject == "median" and not self.is_weekly:
            middle = self.measured("median_change_pct")
            return (
                (Fact(subject, "change", _decimal(middle), self.session.date),)
                if isinstance(middle, float)
                else ()
            )
        return (*self._by_subject.get(subject, ()), *(_of_stock(stock, self.session) if stock else ()))

    def name(self, subject: str) -> str:
        """What messages call a subject."""
        stock = self.stock(subject)
        return (stock.name or subject) if stock else subject

    def stock(self, code: str) -> Stock | None:
        """The stock of a code."""
        place = self._places.get(code)
        return None if place is None else self.session.stocks[place]

    def move(self, subject: str) -> Decimal | None:
        """The session's change of a subject in per cent; None if it is not known, or a week is told of."""
        if self.is_weekly:
            return None
        found = [each.value for each in self.of(subject) if each.measure == "change" and self._today(each)]
        return found[0] if len(found) == 1 else None

    def net(self, investor: str, scope: str = "KOSPI") -> int:
        """The sign of what an investor bought less what it sold; 0 if it is not known."""
        if self.is_weekly:
            return 0
        for flow in self.session.flows:
            if flow.scope == scope and flow.investor == investor:
                if flow.net_krw is not None:
                    return (flow.net_krw > 0) - (flow.net_krw < 0)
                words = (flow.direction or "").split()
                return ("buy" in words) - ("sell" in words)
        stock = self.stock(scope)
        value = getattr(stock, f"{investor}_net_krw", None) if stock else None
        return 0 if value is None else (value > 0) - (value < 0)

    def level(
        self, index: str, which: Literal["open", "high", "low", "close", "previous_close"]
    ) -> Decimal | None:
        """A level of an index, in points; a low or high may be the lowest or highest that is reported."""
        for quote in self.session.indices:
            if quote.index == index:
                value = getattr(quote, which)
                if value is None and which in ("high", "low"):
                    return self._reported(index, which)
                return None if value is None else _decimal(value)
        return None

    def _reported(self, index: str, which: Literal["high", "low"]) -> Decimal | None:
        levels = [
            each.level for each in self.session.intraday if each.index == index and each.level is not None
        ]
        return _decimal(min(levels) if which == "low" else max(levels)) if levels else None

    def count(
        self, which: Literal["advancers", "decliners", "unchanged", "listed"], scope: str = "all"
    ) -> int | None:
        """How many stocks did what."""
        for breadth in self.session.breadth:
            if breadth.scope == scope:
                value: int | None = getattr(breadth, which)
                return value
        return None

    def measured(self, metric: str) -> float | dt.date | None:
        """A metric of the session; None if it is missing."""
        return self._knowledge.measures(self.session.date).get(metric)

    def _today(self, fact: Fact) -> bool:
        return fact.day == self.session.date


def is_about_a_week(document: Document) -> bool:
    """Whether a post is about more than one session."""
    return "week" in document.front or "sessions" in document.front


def facts_of(document: Document, knowledge: Knowledge) -> Facts | None:
    """What the data says of the session of a post; None where there is none."""
    session = knowledge.session_of(document)
    if session is None:
        return None
    is_weekly = is_about_a_week(document)
    by_subject: dict[str, list[Fact]] = defaultdict(list)
    told = _of_week(session, knowledge) if is_weekly else _of_day(session)
    for fact in told:
        by_subject[fact.subject].append(fact)
    return Facts(
        session=session,
        is_weekly=is_weekly,
        _by_subject=by_subject,
        _places=places_by(session.stocks, "code"),
        _knowledge=knowledge,
    )


def _of_day(session: Session) -> Iterator[Fact]:
    for quote in session.indices:
        yield from _of_index(quote, session)
    yield from _of_flows(session)
    yield from _of_breadth(session)
    yield from _of_context(session)


def _of_flows(session: Session) -> Iterator[Fact]:
    """What each investor bought, and what retail and institutions bought together."""
    domestic: dict[str, list[float]] = defaultdict(list)
    for flow in session.flows:
        if flow.net_krw is None:
            continue
        yield Fact(flow.scope, "net", _decimal(flow.net_krw), session.date)
        if flow.scope_kind == "market":
            yield Fact(flow.investor, "net", _decimal(flow.net_krw), session.date)
            if flow.investor in DOMESTIC:
                domestic[flow.scope].append(flow.net_krw)
    for both in domestic.values():
        if len(both) == len(DOMESTIC):
            for investor in DOMESTIC:
                yield Fact(investor, "net", _decimal(sum(both)), session.date)


def _of_breadth(session: Session) -> Iterator[Fact]:
    for breadth in session.breadth:
        for which in ("advancers", "decliners"):
            count = getattr(breadth, which)
            if count is None or breadth.scope == "KONEX":
                continue
            yield Fact(which, "count", Decimal(count), session.date)
            if breadth.listed:
                yield Fact(which, "share", Decimal(count) / Decimal(breadth.listed) * 100, session.date)


def _of_context(session: Session) -> Iterator[Fact]:
    """Moves and flows of other days."""
    for told in session.context:
        if told.value is None:
            continue
        if told.fact == "change_pct":
            yield Fact(told.scope, "change", _decimal(told.value), told.date)
        for investor in INVESTORS:
            if told.fact in (f"{investor}_net", f"{investor}_net_krw"):
                yield Fact(investor, "net", _decimal(told.value), told.date)


def _of_index(quote: IndexQuote, session: Session) -> Iterator[Fact]:
    day, before = session.date, quote.previous_close
    if quote.change_pct is not None:
        yield Fact(quote.index, "change", _decimal(quote.change_pct), day)
    if quote.open_change_pct is not None:
        yield Fact(quote.index, "open", _decimal(quote.open_change_pct), day)
    if quote.close is not None and before:
        yield Fact(quote.index, "points", _decimal(quote.close) - _decimal(before), day)
    for which in ("high", "low"):
        level = getattr(quote, which)
        if level is not None and before:
            measure: Measure = "high" if which == "high" else "low"
            yield Fact(quote.index, measure, (_decimal(level) / _decimal(before) - 1) * 100, day)
    points = [
        point.change_pct
        for point in session.intraday
        if point.index == quote.index and point.change_pct is not None
    ]
    if points and quote.low is None:
        yield Fact(quote.index, "low", _decimal(min(points)), day)
    if points and quote.high is None:
        yield Fact(quote.index, "high", _decimal(max(points)), day)


def _of_stock(stock: Stock, session: Session) -> Iterator[Fact]:
    if stock.change_pct is not None:
        yield Fact(stock.code, "change", _decimal(stock.change_pct), session.date)
    for investor in (*INVESTORS, "foreign_institution"):
        value = getattr(stock, f"{investor}_net_krw")
        if value is not None:
            yield Fact(stock.code, "net", _decimal(value), session.date)


def _of_week(session: Session, knowledge: Knowledge) -> Iterator[Fact]:
    """The moves of the indices over the week so far, and over the year."""
    last = knowledge.measures(session.date)
    for first in (session.date - dt.timedelta(days=session.date.weekday()), dt.date(session.date.year, 1, 1)):
        try:
            before = knowledge.measures(knowledge.calendar.previous(first))
        except MarketpostError:
            continue
        for index in INDICES:
            one, other = (each.get(f"{index.lower()}_close") for each in (before, last))
            if isinstance(one, float) and isinstance(other, float) and one > 0:
                change = (_decimal(other) / _decimal(one) - 1) * 100
                yield Fact(index, "change", change, session.date)
                yield Fact(index, "points", _decimal(other) - _decimal(one), session.date)


def _decimal(value: float) -> Decimal:
    return Decimal(repr(float(value)))
