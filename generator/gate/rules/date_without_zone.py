"""A post's date says in which zone it is."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from generator.gate.dates import as_written, stated, value_of
from generator.gate.finding import Remark
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document

_KEYS = ("date", "lastmod", "publishDate", "expiryDate", "data_as_of")


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """Times of front matter without an offset."""
    zone = knowledge.site.timezone
    for key in _KEYS:
        value = as_written(value_of(document.front, key))
        if value is None or (isinstance(value, dt.datetime) and value.tzinfo):
            continue
        start, end = stated(document, key)
        reason = f"it is read in {zone}, and means another moment once the site's zone changes"
        yield Remark(
            start=start,
            end=end,
            message=f"{key} has no offset, so {reason if zone else 'it is read in UTC'}",
            found=value.isoformat(),
            expected="such as 2026-05-14T11:00:00+09:00",
            remedy="Write the time with its offset",
            severity="note" if zone else None,
        )


RULE = Rule(
    name="date-without-zone",
    severity="warning",
    summary="A post's times have their offset.",
    why=(
        "Hugo takes a time without an offset in the site's `timeZone`, and in UTC where none is set: a Korean"
        " evening then falls on the next day, and hours after other posts. On a site with a zone it is a"
        " note, as the time is clear until that changes."
    ),
    check=check,
    good=(
        Example("Text.", front={"date": dt.datetime(2026, 5, 14, 2, 0, tzinfo=dt.UTC)}),
        Example("On 2026-05-14 11:00 it was written.", front={"date": "2026-05-14 11:00:00 +0900"}),
    ),
    bad=(
        Example("Text.", front={"date": dt.datetime(2026, 5, 14, 11, 0)}, says="date has no offset"),  # noqa: DTZ001 - that is the point
        Example("Text.", front={"date": dt.date(2026, 5, 14)}, says="no offset"),
        Example("Text.", front={"lastmod": "2026-05-14 11:00:00"}, says="lastmod has no offset"),
    ),
)
