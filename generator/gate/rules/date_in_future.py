"""A post's date has come."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from generator.gate.dates import moment, stated
from generator.gate.finding import Remark
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """Dates of front matter that are later than now."""
    if document.front.get("draft"):
        return
    for key, lost in (
        ("date", "Hugo leaves the post out until then"),
        ("lastmod", "readers are told of a change that has not happened"),
        ("data_as_of", "no data is of a time that has not come"),
    ):
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
    good=(
        Example("Text.", front={"date": dt.datetime(2026, 5, 14, 11, 0, tzinfo=dt.UTC)}),
        Example("Text.", front={"date": _LATER, "draft": True}),
    ),
    bad=(
        Example("Text.", front={"date": _LATER}, says="date is later than now"),
        Example("Text.", front={"lastmod": _LATER}, says="lastmod is later than now"),
    ),
)
