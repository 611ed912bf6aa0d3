"""Numbered headings count on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.gate.finding import Remark
from generator.gate.rule import Example, Rule
from generator.reading.quantities import quantities

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Block, Document

_NUMBER = re.compile(r"(\d{1,2}(?:\.\d{1,2})+|\d{1,2}(?=\.))\.? (?=\S)", re.ASCII)
_HEAD = 60
"""Characters of a heading that tell whether it opens with a quantity."""


def check(document: Document, _: Knowledge) -> Iterator[Remark]:
    """Headings whose number does not follow from the one before."""
    reached: list[int] = []
    level = 0
    for block in document.blocks:
        if block.kind != "heading" or block.quoted:
            continue
        found = _numbered(block, document.language)
        if found is None:
            # Below another heading without a number they may start anew.
            reached = reached if block.level >= level else []
            continue
        parts = [int(each) for each in found[1].split(".")]
        depth = len(parts)
        if not reached or depth > len(reached) + 1:  # the first of all, or a date such as 5.13
            reached, level = reached or parts[:1], block.level if not reached else level
            continue
        last = reached[depth - 1] if depth <= len(reached) else 0
        following = [*reached[: depth - 1], last + 1]
        if parts != following:
            yield Remark(
                start=block.start(),
                end=block.start(found.end(1) - 1) + 1,
                message="the heading's number does not follow from the one before",
                found=found[1],
                expected=".".join(map(str, following)),
            )
        reached, level = following, block.level


def _numbered(block: Block, language: str) -> re.Match[str] | None:
    """The number that a heading opens with; None if it is an amount, a share or a date."""
    found = _NUMBER.match(block.text)
    if found is None:
        return None
    first = next(iter(quantities(block.text[:_HEAD], language)), None)
    if first is None or first.start >= found.end(1):
        return found
    return found if first.unit == "number" and first.end <= found.end(1) else None


RULE = Rule(
    name="heading-number",
    severity="warning",
    summary="The numbers of headings count on, 1, 1.1, 1.2, 2.",
    why=(
        "A number that is missing looks like a section that was lost, and one that comes twice leads to the"
        " wrong place. Only numbers that open a heading count, no amounts or dates; the first one may be any,"
        " and they may start anew below a heading without one."
    ),
    check=check,
    good=(
        Example("## 1. One\n\n### 1.1 Part\n\n### 1.2 Part\n\n## 2. Two\n"),
        Example("## 3. Three\n\n## 4. Four\n\n## 2026 in numbers\n\n## 10 largest\n"),
        Example("## Seoul\n\n### 1. One\n\n### 2. Two\n\n## Tokyo\n\n### 1. One\n"),
        Example("## 1. One\n\n### 2.63% in a day\n\n### 3.76 trillion sold\n\n## 2. Two\n"),
    ),
    bad=(
        Example("## 1. One\n\n## 3. Three\n", says="does not follow"),
        Example("## 1. One\n\n### 1.1 Part\n\n### 2.2 Part\n", says="does not follow"),
    ),
)
