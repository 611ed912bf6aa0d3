"""A size in words that the numbers do not bear out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.gate.claims import sizes
from generator.gate.claims.passages import read
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.finding import Remark
    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """Each sentence and cell."""
    reading = read(document, knowledge)
    for passage in reading.passages:
        if not passage.block.quoted:
            yield from sizes.in_sentence(passage, reading.facts)


RULE = Rule(
    name="size-against-number",
    severity="error",
    summary="Most, half, two in three, widened and doubled are borne out by the numbers.",
    why="Readers remember “most stocks rose” longer than the count. A size is held against the share in "
    "brackets behind it, against the two numbers it goes from and to, and, of all stocks, against the "
    "session's advancers and decliners, both of all listed and of those that moved: it is right if "
    "either bears it out. Half is 44 to 56%, a third 28 to 39%, double 1.7 to 2.4 times; most is more "
    "than half.",
    uses_data=True,
    check=check,
    good=(
        Example(
            "Most stocks fell, and more than half of the market was down. Fewer than half of the stocks rose."
        ),
        Example(
            "More than half of it (51.5%). A third of the gain (+2.63%) came late. Most stocks rose on May 6."
        ),
        Example("The gap narrowed from 2.83 pp to 1.20 pp and doubled from 1.4 pp to 2.8 pp."),
        Example("More decliners (1,455) than advancers (955). If most stocks rise, it is a broad rally."),
        Example("Two in three stocks that moved fell? Fewer than one in two stocks rose."),
    ),
    bad=(
        Example("Most stocks rose.", says="955 of 2,827"),
        Example("More than two in three stocks fell.", says="1,455 of 2,827"),
        Example("More than half of it (38%) was sold.", says="38% is not more than half"),
        Example("The gap narrowed from 1.20 pp to 2.83 pp.", says="“narrowed” contradicts"),
        Example("Turnover doubled from ₩3tn to ₩4tn.", says="1.33 times"),
        Example("More decliners (955) than advancers (1,455).", says="contradicts 955 and 1,455"),
        Example("종목 대부분이 상승했다.", language="ko", says="955 of 2,827"),
    ),
)
