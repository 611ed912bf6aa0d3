"""The day in a post's address is its own."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from typing import TYPE_CHECKING

from generator.gate.dates import days_of, moment, stated, value_of, zone_of
from generator.gate.finding import Remark
from generator.gate.knowledge import day_of
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document

_DAY = re.compile(r"(?<!\d)((?:19|20)\d{2})-(\d{2})-(\d{2})(?!\d)", re.ASCII)


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """A day in the slug that is neither the post's date nor one of its sessions'."""
    when = moment(document, "date", knowledge)
    key, name = _named(document)
    found = list(_DAY.finditer(name))
    if when is None or not found:
        return
    days = days_of(when, dt.UTC, zone_of(knowledge)) | _sessions(document)
    try:
        named = dt.date(*map(int, found[-1].groups()))
    except ValueError:
        named = None
    if named in days:
        return
    session = day_of(value_of(document.front, "session"))
    # A post about no session may well be named after a day that is past.
    may_be_meant = session is None and named is not None and named < max(days)
    start, end = stated(document, key)
    yield Remark(
        start=start,
        end=end,
        message=f"the {key or 'name of the file'} names a day that is neither the date nor the session's",
        found=found[-1][0],
        expected=" or ".join(sorted({day.isoformat() for day in (session, when.date()) if day})),
        remedy="Mend it before the post is published: an address stays for good",
        severity="warning" if may_be_meant else None,
    )


def _named(document: Document) -> tuple[str, str]:
    """What the address is made of: the key that states it, and the text; no key for the file's name."""
    for key in ("slug", "url"):
        value = value_of(document.front, key)
        if isinstance(value, str) and value.strip():
            return key, value
    folder, file = posixpath.split(document.file)
    stem = file.split(".", maxsplit=1)[0]
    return "", posixpath.basename(folder) if stem == "index" else stem


def _sessions(document: Document) -> frozenset[dt.date]:
    """The days that the post is about."""
    several = value_of(document.front, "sessions")
    values = [value_of(document.front, key) for key in ("session", "publishDate")]
    found = {day_of(each) for each in [*values, *(several if isinstance(several, list) else ())]}
    return frozenset(each for each in found if each)


RULE = Rule(
    name="slug-date",
    severity="error",
    summary="A day in the slug is the post's date or its session's.",
    why=(
        "A copied post keeps the day of its model in its address, and addresses never change once published."
        " The last day in the slug, else in `url` or in the name of the file, is held against the date, in"
        " its own zone, the site's and UTC, and the sessions. An earlier day in the address of a post about"
        " no session is a warning, as it may be what the post is about."
    ),
    check=check,
    good=(
        Example("Text.", front={"slug": "kospi-record-2026-05-13"}),
        Example("Text.", front={"slug": "kospi-20260513-record"}),
        Example("Text.", front={"slug": "a-2026-05-15", "date": "2026-05-14T18:00:00Z"}),
    ),
    bad=(
        Example("Text.", front={"slug": "kospi-record-2026-05-12"}, says="neither"),
        Example("Text.", front={"slug": "kospi-record-2026-02-31"}, says="neither"),
        Example("Text.", front={"url": "/2026-06-01-record/", "session": None}, says="the url names"),
    ),
)
