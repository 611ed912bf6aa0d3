"""A post's date has come."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from generator.gate.dates import as_moment, moment, stated, value_of, zone_of
from generator.gate.finding import Remark
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.library import Entry
    from generator.reading.document import Document


_KEYS = (
    ("date", "Hugo leaves the post out until then"),
    ("lastmod", "readers are told of a change that has not happened"),
    ("data_as_of", "no data is of a time that has not come"),
)


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """Dates of front matter that are later than now."""
    if str(value_of(document.front, "draft")).lower() == "true":
        return
    for key, lost in _KEYS:
        when = moment(document, key, knowledge)
        if when is not None and when > knowledge.now:
            start, end = stated(document, key)
            yield Remark(
                start=start,
                end=end,
                message=f"{key} is later than now; {lost}",
                found=when.isoformat(),
                expected=f"not after {knowledge.now.isoformat(timespec='minutes')}",
                remedy="Mend the date, make the post a draft, or publish it later",
            )


def hangs_on(entry: Entry, knowledge: Knowledge) -> object:
    """Which of the times have come."""
    as_of = as_moment(value_of(entry.post.extra, "data_as_of"), zone_of(knowledge))
    # A configuration may take the date from another key, so that both are asked.
    times = (entry.post.date, entry.post.lastmod, entry.published, as_of)
    return [each <= knowledge.now for each in times if each is not None]


_LATER = dt.datetime(2999, 1, 1, tzinfo=dt.UTC)

RULE = Rule(
    name="date-in-future",
    severity="error",
    summary="The dates of a post have come.",
    why=(
        "Hugo leaves a post with a future date out without a word, so its feed item and the links to it lead"
        " nowhere. `--now` says which moment is meant by now; a draft may have any date."
    ),
    check=check,
    hangs_on=hangs_on,
    good=(
        Example("Text.", front={"date": dt.datetime(2026, 5, 14, 11, 0, tzinfo=dt.UTC)}),
        Example("Text.", front={"date": _LATER, "draft": True}),
    ),
    bad=(
        Example("Text.", front={"date": _LATER}, says="date is later than now"),
        Example("Text.", front={"lastmod": _LATER}, says="lastmod is later than now"),
        Example("Text.", front={"data_as_of": "2999-01-01T15:30:00"}, says="data_as_of is later"),
    ),
)
