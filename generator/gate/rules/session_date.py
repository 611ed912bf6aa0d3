"""The session of a post is a day on which the exchange was open, and not after the post."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from generator.errors import MarketpostError
from generator.gate.dates import moment, stated
from generator.gate.finding import Remark
from generator.gate.knowledge import day_of
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """The front matter's session against the calendar, the post's date and the time of its data."""
    if "session" not in document.front:
        return
    start, end = stated(document, "session")
    day = day_of(document.front["session"])
    if day is None:
        value = str(document.front["session"])[:60]
        yield Remark(
            start=start, end=end, message="the session is no day", found=value, expected="2026-05-13"
        )
        return
    calendar, shown = knowledge.calendar, day.isoformat()
    if calendar.sessions[0] <= day <= calendar.sessions[-1] and not calendar.is_session(day):
        yield Remark(
            start=start,
            end=end,
            message=f"the exchange was closed on this day: {calendar.why_closed(day)}",
            found=shown,
            expected=_nearest(knowledge, day),
            remedy="Name the session that the figures are of, or set market.extra_sessions if it was open",
        )
    when = moment(document, "date", knowledge)
    if when is not None and day > max(when.date(), when.astimezone(dt.UTC).date()):
        message = "the post is dated before the session that it is about"
        yield Remark(start=start, end=end, message=message, found=shown, expected=f"not after {when.date()}")
    as_of = moment(document, "data_as_of", knowledge)
    if when is not None and as_of is not None and as_of > when:
        first, last = stated(document, "data_as_of")
        message = "the data is of a later time than the post"
        yield Remark(start=first, end=last, message=message, found=as_of.isoformat(), expected=f"{when}")


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
        " the days that the configuration adds or closes; days outside its range are not judged."
    ),
    check=check,
    good=(
        Example("Text.", front={"session": dt.date(2026, 5, 13)}),
        Example("Text.", front={"session": "2026-05-13"}),
    ),
    bad=(
        Example("Text.", front={"session": dt.date(2026, 5, 5)}, says="closed"),
        Example("Text.", front={"session": dt.date(2026, 5, 20)}, says="dated before"),
    ),
)
