"""Days and times that a post's front matter states, and where."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document

_SPACE_BEFORE_OFFSET = re.compile(r" +(?=(?:[+-]\d{2}:?\d{2}|Z)$)")


def stated(document: Document, key: str) -> tuple[int, int]:
    """Where a key's line stands in the file."""
    start = document.offset_of_key(key)
    end = document.text.find("\n", start)
    return start, end if end >= 0 else len(document.text)


def value_of(front: Mapping[str, Any], key: str) -> Any:
    """A value of front matter; Hugo takes keys in any case."""
    if key in front:
        return front[key]
    return next((value for name, value in front.items() if str(name).lower() == key.lower()), None)


def moment(document: Document, key: str, knowledge: Knowledge) -> dt.datetime | None:
    """A time of the front matter, with zone; without an offset it is taken in the site's, as Hugo does."""
    return as_moment(value_of(document.front, key), zone_of(knowledge))


def as_moment(value: object, zone: dt.tzinfo) -> dt.datetime | None:
    """A value of front matter as a time with zone; None for what is none."""
    value = as_written(value)
    if isinstance(value, dt.datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time(), zone)
    return None


def as_written(value: object) -> dt.date | None:
    """A day or a time, with an offset if one is stated; in quotes it is still one."""
    if isinstance(value, str):
        try:
            found = dt.datetime.fromisoformat(_SPACE_BEFORE_OFFSET.sub("", value.strip()))
        except ValueError:
            return None
        return found if len(value.strip()) > len("2026-05-14") else found.date()
    return value if isinstance(value, dt.date) else None


def zone_of(knowledge: Knowledge) -> dt.tzinfo:
    """The site's, of times without an offset."""
    return knowledge.site.zone


def days_of(when: dt.datetime, *zones: dt.tzinfo) -> frozenset[dt.date]:
    """The days that a moment is of, in its own zone and in others."""
    days = {when.date()}
    for zone in zones:
        try:
            days.add(when.astimezone(zone).date())
        except OverflowError:  # at the ends of the calendar
            continue
    return frozenset(days)
