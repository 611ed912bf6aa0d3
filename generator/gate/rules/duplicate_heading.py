"""A heading stands once below its parent, and an anchor once on a page."""

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


def check(document: Document, _: Knowledge) -> Iterator[Remark]:
    """Headings with the words or the anchor of an earlier one."""
    seen: dict[tuple[int, int, str], int] = {}
    identities: dict[str, int] = {}
    parents: list[tuple[int, int]] = []
    for number, heading in enumerate(headings(document)):
        while parents and parents[-1][0] >= heading.level:
            parents.pop()
        parent = parents[-1][1] if parents else -1
        parents.append((heading.level, number))
        line = document.place(heading.start)[0]
        earlier = seen.setdefault((heading.level, parent, heading.text.casefold()), line)
        if earlier != line and heading.text:
            yield Remark(
                start=heading.start,
                end=heading.end,
                message=f"the same heading stands on line {earlier}, below the same parent",
                found=shortened(heading.text),
                remedy="Give the two sections names of their own, or make one of them",
            )
            continue
        taken = identities.setdefault(heading.identity, line)
        if heading.identity and taken != line:
            yield Remark(
                start=heading.start,
                end=heading.end,
                message=f"the heading on line {taken} has the same anchor",
                found=f"#{heading.identity}",
                remedy="Give one of them another {#anchor}",
            )


RULE = Rule(
    name="duplicate-heading",
    severity="warning",
    summary="A heading stands once below its parent, and an anchor once on a page.",
    why=(
        "Two sections of one name are two names in a table of contents that nobody can tell apart, and "
        "the second one's anchor changes when the first goes. Mostly a section was pasted twice. The "
        "same words below different headings are fine."
    ),
    check=check,
    good=(
        Example("## KOSPI\n\n### Flows\n\n## KOSDAQ\n\n### Flows"),
        Example("## Flows\n\n### Flows\n\n> ## Flows"),
    ),
    bad=(
        Example("## Flows\n\nText.\n\n## Flows\n\nText.", says="same heading"),
        Example("## One {#part}\n\n## Two {#part}", says="same anchor"),
    ),
)
