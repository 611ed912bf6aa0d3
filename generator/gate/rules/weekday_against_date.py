"""A weekday beside a date that was another weekday."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.gate.claims.passages import read
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from generator.gate.claims.passages import Passage
    from generator.gate.finding import Remark
    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document
    from generator.reading.quantity import Quantity

_SURE = 150
"""Days from the post's own within which a date without a year is of one year only."""
_BEFORE = re.compile(r"(?P<day>[^\W\d_]{1,12})\.?(?:,?\s{1,2}|,\sthe\s)$")
_POSSESSIVE = ("’s", "'s")
_BEHIND = re.compile(r"(?P<open>\s?[(（])?\s?(?P<day>[^\W\d_]{1,12})\.?(?P<close>[)）])?")
_YEAR = re.compile(r"(?:19|20)\d\d")


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """The weekday right before or behind each date."""
    reading = read(document, knowledge)
    for passage in reading.passages:
        for date in passage.quantities:
            if date.unit == "date" and date.day and _is_sure(date, date.day, reading.near):
                yield from _wrong(passage, date, date.day)


def _is_sure(date: Quantity, day: dt.date, near: dt.date | None) -> bool:
    return bool(_YEAR.search(date.text)) or (near is not None and abs((day - near).days) <= _SURE)


def _wrong(passage: Passage, date: Quantity, day: dt.date) -> Iterator[Remark]:
    text, words = passage.block.text, passage.lexicon
    before = _BEFORE.search(text, max(passage.start, date.start - 20), date.start)
    if text.startswith(_POSSESSIVE, date.end):
        # On Monday May 6’s gain was gone.
        before = None
    behind = _BEHIND.match(text, date.end, min(passage.end, date.end + 20))
    for found, is_behind in ((before, False), (behind, True)):
        if found is None:
            continue
        said = found["day"]
        # Mon, Sat and 월 are other words, too.
        if words.is_spaced and (
            not said[0].isupper() or (is_behind and not (found["open"] and found["close"]))
        ):
            continue
        if not words.is_spaced and len(said) == 1 and not (is_behind and found["open"] and found["close"]):
            continue
        which = words.weekdays.get(said.lower())
        if which is not None and which != day.weekday():
            names = [name for name, n in words.weekdays.items() if n == day.weekday()]
            right = names[0].capitalize()
            yield passage.remark(
                found.start("day"),
                found.end("day"),
                f"{day.isoformat()} is a {right}, not a {said}",
                expected=right,
                remedy="Correct the weekday or the date",
            )


RULE = Rule(
    name="weekday-against-date",
    severity="error",
    summary="A weekday beside a date is that date's.",
    why="A weekday that does not fit makes readers doubt which of the two is meant. Dates without a year "
    "are taken for the ones nearest to the post's session; where that is not sure they are left alone.",
    uses_data=True,
    check=check,
    good=(
        Example("Wednesday, May 13, 2026 was a record; on Thursday, May 14, it went on."),
        Example("On Monday the May 13 record was far away. May 13 (KST)."),
        Example("2026년 5월 13일 (수), 5월 14일 목요일.", language="ko"),
    ),
    bad=(
        Example("Wednesday, May 14, 2026 was quiet.", says="2026-05-14 is a Thursday"),
        Example("May 13 (Thu) was a record.", says="2026-05-13 is a Wednesday"),
        Example("5월 13일(목)에는 올랐다.", language="ko", says="2026-05-13"),
        Example("2026년 5월 13일 금요일.", language="ko", says="2026-05-13"),
    ),
)
