"""Headings go down one level at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.gate.finding import Remark
from generator.gate.outline import headings
from generator.gate.prose import shortened
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document

_FIRST = 2
"""The level below the title's, which is the page's first."""


def check(document: Document, _: Knowledge) -> Iterator[Remark]:
    """Levels that are left out, and a second title."""
    before = 0
    for heading in headings(document):
        if heading.level == 1:
            yield Remark(
                start=heading.start,
                end=heading.end,
                message="a heading of the first level: the page has its title there",
                found=shortened(heading.text),
                expected="level 2 or below",
                remedy="Start the post's headings with ##",
            )
        elif before and heading.level > before + 1:
            yield Remark(
                start=heading.start,
                end=heading.end,
                message=f"a heading of level {heading.level} directly below one of level {before}",
                found=shortened(heading.text),
                expected=f"level {before + 1}",
                remedy=f"Write {'#' * (before + 1)}, or add the heading between them",
            )
        elif not before and heading.level > _FIRST:
            yield Remark(
                start=heading.start,
                end=heading.end,
                message=f"the first heading is of level {heading.level}",
                found=shortened(heading.text),
                expected=f"level {_FIRST}",
                remedy="Start the post's headings with ##",
                severity="note",
            )
        before = max(heading.level, _FIRST - 1)


RULE = Rule(
    name="heading-jump",
    severity="warning",
    summary="Headings go down one level at a time, from level 2.",
    why=(
        "Screen readers, tables of contents and search engines take the levels for the post's outline; "
        "the title is level 1. Going up by several levels is fine. Headings in quotes are left alone. A "
        "post whose first heading is of level 3 or below gets a note."
    ),
    check=check,
    good=(
        Example("## One\n\n### Two\n\n#### Three\n\n## Four"),
        Example("Text without headings.\n\n> #### Quoted"),
    ),
    bad=(
        Example("## One\n\n#### Two", says="level 4"),
        Example("# A second title\n\nText.", says="first level"),
    ),
)
