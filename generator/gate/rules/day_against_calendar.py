"""Today, tomorrow or the next session beside a date that is another day."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from generator.errors import MarketpostError
from generator.gate.claims.passages import read
from generator.gate.knowledge import day_of
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.calendars import TradingCalendar
    from generator.gate.claims.passages import Passage, Reading
    from generator.gate.claims.phrases import Found
    from generator.gate.finding import Remark
    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document

_FAR = 28
_WORD = re.compile(r"[^\W\d_]+")
_MARKS = re.compile(r"[\w\s,(:’']*")
_DAY = dt.timedelta(days=1)


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """Each word for a day against the date right beside it."""
    reading = read(document, knowledge)
    published = day_of(document.front.get("date"))
    own = {published} if published else set()
    if reading.facts:
        own.add(reading.facts.session.date)
    elif reading.near:
        own.add(reading.near)
    if not own:
        return
    for passage in reading.passages:
        if passage.block.quoted or "date" not in [each.unit for each in passage.quantities]:
            continue
        yield from _of(passage, reading, own, knowledge.calendar)


def _of(passage: Passage, reading: Reading, own: set[dt.date], calendar: TradingCalendar) -> Iterator[Remark]:
    words = reading.lexicon
    for phrases, is_session in ((words.relative_day, False), (words.relative_session, True)):
        for found in phrases.find(passage.words):
            start, end = passage.start + found.start, passage.start + found.end
            beside = _date_beside(passage, start, end)
            if beside is None:
                continue
            mentioned = {day for day in passage.dates(start - 300, start) if day != beside}
            right = _right(found, own | mentioned, calendar, is_session=is_session)
            if right and beside not in right:
                shown = " or ".join(day.isoformat() for day in sorted(right))
                why = calendar.why_closed(beside) if is_session else ""
                yield passage.remark(
                    start,
                    end,
                    f"{passage.between(start, end)} is not {beside.isoformat()}"
                    + (f" ({why})" if why else ""),
                    expected=shown,
                    remedy="Correct the date or the word",
                )


def _date_beside(passage: Passage, start: int, end: int) -> dt.date | None:
    number = passage.after(end)
    if number and number.unit == "weekday":
        number = passage.after(number.end)
    if number and number.unit == "date" and _is_adjacent(passage, end, number.start):
        return number.day
    number = passage.before(start)
    if number and number.unit == "date" and passage.between(number.end, start).strip() in ("(", ", the", "("):
        return number.day
    return None


def _is_adjacent(passage: Passage, start: int, end: int) -> bool:
    gap = passage.between(start, end)
    words = passage.lexicon
    if len(gap) > _FAR or not _MARKS.fullmatch(gap):
        return False
    return all(
        word.lower() in words.adjacent_to_a_day or word.lower() in words.weekdays
        for word in _WORD.findall(gap)
    )


def _right(found: Found, days: set[dt.date], calendar: TradingCalendar, *, is_session: bool) -> set[dt.date]:
    """The days that a word may mean, seen from the session, the day of publication, or a day named before."""
    step = int(found.value)
    right: set[dt.date] = set()
    for day in days:
        if not is_session:
            right.add(day + step * _DAY)
        if step:
            try:
                right.add(calendar.next(day) if step > 0 else calendar.previous(day))
            except MarketpostError:
                return set()
    return right


RULE = Rule(
    name="day-against-calendar",
    severity="error",
    summary="Today, tomorrow and the next session are the days that stand beside them.",
    why="A wrong day beside “the next session” sends readers to a day on which the exchange is closed. Seen "
    "from the session, the day of publication, or a day that the sentence names before.",
    uses_data=True,
    check=check,
    good=(
        Example("What to verify today (May 14): the next session, Friday, May 15, will tell."),
        Example("On May 6 foreigners bought; the next session (May 7) they sold."),
        Example("The next session is Thursday, May 14. Yesterday was quiet, and so was May 11."),
        Example("다음 거래일인 5월 14일에 확인할 것.", language="ko"),
    ),
    bad=(
        Example("The next session is Saturday, May 16.", says="is not 2026-05-16 (weekend)"),
        Example("Tomorrow, May 18, will tell.", says="is not 2026-05-18"),
        Example("오늘(5월 20일) 확인할 것.", language="ko", says="is not 2026-05-20"),
    ),
)
