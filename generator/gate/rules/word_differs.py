"""A word of direction or size in a generated sentence says what was generated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.gate.recorded import differences, remark
from generator.gate.rule import Example, Rule
from generator.gate.rules.number_differs import FILES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.finding import Remark
    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """Words that differ from `figures.json` and say something else."""
    for each in differences(document, knowledge):
        if each.is_word:
            yield remark(document, each)


RULE = Rule(
    name="word-differs",
    severity="error",
    summary="A word of direction or size in a generated sentence says what was generated.",
    why=(
        "“Rose” and “net sold” were chosen by the sign of a figure, “most” and “record” by its size. In a"
        " sentence that is known from figures.json such a word may be another of the same meaning (rose,"
        " climbed), but not one that says the opposite (fell) or another size (half)."
    ),
    check=check,
    uses_data=True,
    good=(
        Example("The KOSPI rose 2.63% to 7,844.01 on May 13.", files=FILES),
        Example("Foreigners sold ₩3.76tn.", files=FILES),
        Example("In other words: it fell."),
    ),
    bad=(
        Example("The KOSPI fell 2.63% to 7,844.01 on May 13.", files=FILES, says="jumped"),
        Example("Foreigners net bought ₩3.76tn.", files=FILES, says="net sold"),
    ),
)
