"""Days and times that a post's front matter states, and where."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document


def stated(document: Document, key: str) -> tuple[int, int]:
    """Where a key's line stands in the file."""
    start = document.offset_of_key(key)
    end = document.text.find("\n", start)
    return start, end if end >= 0 else len(document.text)


def moment(document: Document, key: str, knowledge: Knowledge) -> dt.datetime | None:
    """A time of the front matter, with zone; without an offset it is taken in the site's, as Hugo does."""
    value = document.front.get(key)
    zone = next(iter(knowledge.libraries.values())).site.zone
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    if isinstance(value, dt.datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time(), zone)
    return None
