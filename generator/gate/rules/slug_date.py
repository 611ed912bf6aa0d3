"""The day in a post's address is its own."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from generator.gate.dates import moment, stated
from generator.gate.finding import Remark
from generator.gate.knowledge import day_of
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document

_DAY = re.compile(r"(?<!\d)(20\d{2})-(\d{2})-(\d{2})(?!\d)", re.ASCII)


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """A day at the end of the slug that is neither the post's date nor one of its sessions'."""
    when = moment(document, "date", knowledge)
    slug = document.front.get("slug")
    found = list(_DAY.finditer(slug)) if isinstance(slug, str) else []
    if when is None or not found:
        return
    days = {when.date(), when.astimezone(dt.UTC).date()}
    days |= {day for key in _DAYS if (day := day_of(document.front.get(key)))}
    try:
        named = dt.date(*map(int, found[-1].groups()))
    except ValueError:
        named = None
    if named not in days:
        start, end = stated(document, "slug")
        yield Remark(
            start=start,
            end=end,
            message="the slug names a day that is neither the post's date nor its session's",
            found=found[-1][0],
            expected=" or ".join(sorted(day.isoformat() for day in days)),
            remedy="Mend the slug before the post is published: an address stays for good",
        )


_DAYS = ("session", "week", "publishDate")

RULE = Rule(
    name="slug-date",
    severity="error",
    summary="A day in the slug is the post's date or its session's.",
    why=(
        "A copied post keeps the day of its model in its address, and addresses never change once published."
        " The last day in the slug is held against the date, in its own zone and in UTC, and the session."
    ),
    check=check,
    good=(
        Example("Text.", front={"slug": "kospi-record-2026-05-13"}),
        Example("Text.", front={"slug": "kospi-20260513-record"}),
    ),
    bad=(
        Example("Text.", front={"slug": "kospi-record-2026-05-12"}, says="neither"),
        Example("Text.", front={"slug": "kospi-record-2026-02-31"}, says="neither"),
    ),
)
