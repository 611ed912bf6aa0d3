"""Title and description speak of the subject, not of themselves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.gate import phrases
from generator.gate.prose import Prose
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.finding import Remark
    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document

_WHOLLY_QUOTED = re.compile(r"^(?:\"[^\"\n]+\"|“[^“”\n]+”|'[^'\n]{20,}'|「[^「」\n]+」)$", re.MULTILINE)


def check(document: Document, _: Knowledge) -> Iterator[Remark]:
    """Remarks about the post, and quotation marks around all of it."""
    prose = Prose(document, ("title", "description"))
    for start, end in phrases.found("meta_remarks", prose.text):
        yield prose.remark(
            start,
            end,
            f"the {prose.block(start).kind} speaks of the post, not of its subject",
            remedy="Say what happened, and leave this out",
        )
    for found in _WHOLLY_QUOTED.finditer(prose.text):
        if prose.block(found.start()).kind == "description":
            yield prose.remark(
                *found.span(),
                "the whole description stands in quotation marks",
                remedy="Take the quotation marks out",
            )


RULE = Rule(
    name="meta-description",
    severity="warning",
    summary="Title and description speak of the subject, not of themselves.",
    why=(
        'A search result has two lines to say what is in a post. "This post discusses", "이 글에서는" or '
        "a count of characters spend them on what the reader knows; mostly they are left over from a "
        "draft. Only titles and descriptions are looked at."
    ),
    check=check,
    good=(
        Example("In this article we look at flows.", front={"description": "KOSPI rose 2.63% to 7,844.01."}),
        Example("Text.", front={"description": "“Index up, market down”: 955 stocks rose."}),
    ),
    bad=(
        Example("Text.", front={"description": "This post discusses the KOSPI's rise."}, says="speaks"),
        Example(
            "글.",
            front={"description": "이 글에서는 코스피의 상승을 다룹니다."},
            language="ko",
            says="speaks",
        ),
        Example("Text.", front={"description": '"KOSPI rose 2.63% to a record."'}, says="quotation"),
    ),
)
