"""A post's date says in which zone it is."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from generator.gate.dates import stated
from generator.gate.finding import Remark
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document

_KEYS = ("date", "lastmod", "publishDate", "expiryDate", "data_as_of")


def check(document: Document, _: Knowledge) -> Iterator[Remark]:
    """Times of front matter without an offset."""
    for key in _KEYS:
        value = document.front.get(key)
        if isinstance(value, dt.date) and not (isinstance(value, dt.datetime) and value.tzinfo):
            start, end = stated(document, key)
            yield Remark(
                start=start,
                end=end,
                message=f"{key} has no offset, so it means another moment wherever the site's zone changes",
                found=value.isoformat(),
                expected="such as 2026-05-14T11:00:00+09:00",
                remedy="Write the time with its offset",
            )


RULE = Rule(
    name="date-without-zone",
    severity="warning",
    summary="A post's times have their offset.",
    why=(
        "Hugo takes a time without an offset in the site's zone, and in UTC where none is set: a Korean"
        " morning then falls on the day before in feeds, and the order of posts changes with the machine."
    ),
    check=check,
    good=(
        Example("Text.", front={"date": dt.datetime(2026, 5, 14, 2, 0, tzinfo=dt.UTC)}),
        Example("On 2026-05-14 11:00 it was written."),
    ),
    bad=(
        Example("Text.", front={"date": dt.datetime(2026, 5, 14, 11, 0)}, says="date has no offset"),  # noqa: DTZ001 - that is the point
        Example("Text.", front={"date": dt.date(2026, 5, 14)}, says="no offset"),
    ),
)
