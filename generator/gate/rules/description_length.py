"""A description fits into a search result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.gate.finding import Remark
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """A description that is too long, or that is not there."""
    most = knowledge.settings.check.description_max
    value = document.front.get("description")
    text = value.strip() if isinstance(value, str) else ""
    start = document.offset_of_key("description")
    end = max(document.text.find("\n", start), start + 1)
    if len(text) > most:
        yield Remark(
            start=start,
            end=end,
            message="the description is too long: search results cut it",
            found=f"{len(text)} characters",
            expected=f"at most {most}",
            remedy="Shorten it, what matters first; params.marketpost.check.description_max is the measure",
        )
    elif not text and value is None and document.front.get("date") and document.body.strip():
        yield Remark(
            start=0,
            end=document.text.find("\n") + 1,
            message="there is no description: search results and feeds show whatever the text starts with",
            remedy="Add one sentence",
            severity="note",
        )
    elif not text and isinstance(value, str):
        yield Remark(
            start=start,
            end=end,
            message="the description is empty",
            remedy="Add one sentence",
            severity="note",
        )


RULE = Rule(
    name="description-length",
    severity="warning",
    summary="A description fits into a search result.",
    why=(
        "Search engines and feed readers cut what is longer, mostly in the middle of a number. The "
        "measure is `params.marketpost.check.description_max`. A post without a description gets a note."
    ),
    check=check,
    good=(
        Example("Text.", front={"description": "KOSPI rose 2.63% to 7,844.01 on May 13, 2026."}),
        Example("Text.", front={"description": "a" * 160}),
    ),
    bad=(
        Example("Text.", front={"description": "KOSPI rose and KOSDAQ fell. " * 40}, says="too long"),
        Example("Text.", front={"description": ""}, says="empty"),
    ),
)
