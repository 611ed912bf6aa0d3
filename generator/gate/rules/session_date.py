"""The session of a post is a day on which the exchange was open, and not after the post."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from generator.errors import MarketpostError
from generator.gate.dates import days_of, moment, stated, zone_of
from generator.gate.finding import Remark
from generator.gate.knowledge import day_of
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """The front matter's session against the calendar, the post's date and the time of its data."""
    stated_session = document.front.get("session")
    if stated_session is None:
        return
    day = day_of(stated_session)
    if day is None:
        if knowledge.has_sources:  # else the key may be anybody's, such as a conference's
            shown = str(stated_session)[:60]
            yield _remark(document, "session", "the session is no day", found=shown, expected="2026-05-13")
        return
    calendar, shown = knowledge.calendar, day.isoformat()
    if calendar.sessions[0] <= day <= calendar.sessions[-1] and not calendar.is_session(day):
        yield _remark(
            document,
            "session",
            f"the exchange was closed on this day: {calendar.why_closed(day)}",
            found=shown,
            expected=_nearest(knowledge, day),
            remedy="Name the session that the figures are of, or set market.extra_sessions if it was open",
        )
    when = moment(document, "date", knowledge)
    zone = zone_of(knowledge)
    if when is not None and day > max(days_of(when, dt.UTC, zone)):
        message = "the post is dated before the session that it is about"
        yield _remark(document, "session", message, found=shown, expected=f"not after {when.date()}")
    as_of = moment(document, "data_as_of", knowledge)
    if as_of is None:
        return
    if when is not None and as_of > when:
        message = "the data is of a later time than the post"
        yield _remark(document, "data_as_of", message, found=as_of.isoformat(), expected=when.isoformat())
    if day > max(days_of(as_of, dt.UTC, zone)):
        message = "the data is of a day before the session"
        yield _remark(document, "data_as_of", message, found=as_of.isoformat(), expected=shown)


def _remark(
    document: Document, key: str, message: str, *, found: str, expected: str, remedy: str = ""
) -> Remark:
    start, end = stated(document, key)
    return Remark(start=start, end=end, message=message, found=found, expected=expected, remedy=remedy)


def _nearest(knowledge: Knowledge, day: dt.date) -> str:
    try:
        return f"{knowledge.calendar.previous(day)} or {knowledge.calendar.next(day)}"
    except MarketpostError:
        return ""


RULE = Rule(
    name="session-date",
    severity="error",
    summary="The session is a day on which the exchange was open, not later than the post.",
    why=(
        "A holiday's post holds yesterday's numbers under a new date. The calendar is the exchange's, with"
        " the days that the configuration adds or closes; days outside its range are not judged. The time of"
        " the data, `data_as_of`, lies between the session and the post's date."
    ),
    check=check,
    good=(
        Example("Text.", front={"session": dt.date(2026, 5, 13)}),
        Example("Text.", front={"session": "2026-05-13"}),
    ),
    bad=(
        Example("Text.", front={"session": dt.date(2026, 5, 5)}, says="closed"),
        Example("Text.", front={"session": dt.date(2026, 5, 20)}, says="dated before"),
        Example("Text.", front={"data_as_of": "2026-05-12T15:30:00+09:00"}, says="a day before the session"),
    ),
)
