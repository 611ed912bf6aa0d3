"""One quantity with two values in one post."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.gate.claims.passages import read
from generator.gate.claims.stated import Statement, statements
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.gate.finding import Remark
    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document

_NAMES = {"close": "close", "change": "change", "net": "net buying"}


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """Each quantity's statements against the one that most of them agree with."""
    if "week" in document.front or "sessions" in document.front:
        return
    reading = read(document, knowledge)
    for (subject, measure), stated in statements(reading).items():
        if len(stated) > 1:
            right = _usual(stated)
            stock = reading.facts.stock(subject) if reading.facts else None
            name = stock.name if stock and stock.name else subject
            for each in stated:
                if not each.agrees(right):
                    yield each.passage.remark(
                        each.number.start,
                        each.number.end,
                        f"the {_NAMES[measure]} of {name} is {right.number.text} elsewhere in this post",
                        expected=right.number.text,
                        remedy="Correct the one that is wrong",
                    )


_MOST = 200
"""Statements of one quantity that are compared; a post has a handful."""


def _usual(stated: Sequence[Statement]) -> Statement:
    """The statement that most agree with, of these the most precise, then the first."""
    some = stated[:_MOST]
    counts = [sum(each.agrees(other) for other in some) for each in some]
    best = min(range(len(some)), key=lambda n: (-counts[n], some[n].number.tolerance, n))
    return some[best]


RULE = Rule(
    name="same-quantity-twice",
    severity="error",
    summary="What a post states twice has one value.",
    why="A close or a change that is one number in the first paragraph and another in the table tells "
    "readers that nobody checked. Compared are closes and changes of indices and companies and what "
    "investors bought, of the post's own session; what other days, parts of the day or weeks are told "
    "of is left alone, and each number counts as rounded as it is written.",
    uses_data=True,
    check=check,
    good=(
        Example(
            "The KOSPI rose 2.63% to 7,844.01. KOSPI +2.6%, an all-time high.\n\n"
            "| Index | Close | Change |\n| --- | ---: | ---: |\n| KOSPI | 7,844.01 | +2.63% |"
        ),
        Example(
            "Foreigners net sold ₩3.76tn. On May 7 foreigners net sold ₩7.15tn. "
            "KOSPI -1.69% at the open, +2.63%."
        ),
    ),
    bad=(
        Example(
            "Chip makers led. SK hynix (+7.68%) did most.\n\n"
            "| Name | Close | Change |\n| --- | ---: | ---: |\n| SK hynix | ₩1,976,000 | +7.86% |",
            says="SK hynix",
        ),
        Example("The KOSPI rose 2.63%. With the KOSPI +2.36%, most stocks fell.", says="change of KOSPI"),
        Example("Foreigners (-₩3.76tn) sold. Foreigners net sold ₩3.67tn.", says="net buying of foreign"),
    ),
)
