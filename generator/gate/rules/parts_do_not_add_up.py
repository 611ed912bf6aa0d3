"""Parts that do not make their whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.gate.claims import parts
from generator.gate.claims.passages import read
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.finding import Remark
    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """Sentences, then tables."""
    reading = read(document, knowledge)
    for passage in reading.passages:
        if not passage.block.quoted and passage.quantities:
            yield from parts.in_sentence(passage, reading.facts)
    for table in reading.tables:
        yield from parts.in_table(table)


_BREADTH = (
    "| Breadth | Stocks | Share |\n| --- | ---: | ---: |\n| Advancers | {0} | {1} |\n"
    "| Decliners | 1,455 | 51.5% |\n| Unchanged | 417 | 14.7% |\n| Listed | 2,827 | — |\n"
)

RULE = Rule(
    name="parts-do-not-add-up",
    severity="error",
    summary="Parts make their whole, within the rounding they are written with.",
    why="A table whose rows do not add up, or a share that its two counts do not give, makes every other "
    "number doubtful. Looked at: advancers, decliners and unchanged with their total and shares; "
    "markets with both of them; “X of Y (Z%)”; two amounts in brackets that are told “together”; retail "
    "and institutions against the data.",
    uses_data=True,
    check=check,
    good=(
        Example(_BREADTH.format("955", "33.8%")),
        Example(
            "955 of 2,827 stocks (33.8%) rose. "
            "Retail (+₩1.89tn) and institutions (+₩1.69tn) bought ₩3.58tn together."
        ),
        Example("Two of the 30 members (12%) by weight: 3 of 10 (see 2.5%)."),
        Example("Retail and institutions bought ₩3.58tn. 2,827개 종목 중 955개(33.8%)가 올랐다."),
    ),
    bad=(
        Example(_BREADTH.format("995", "33.8%"), says="is 2,867"),
        Example(_BREADTH.format("955", "38.3%"), says="add up to 104.5%"),
        Example("955 of 2,827 stocks (38.3%) rose.", says="is 33.8%"),
        Example(
            "Retail (+₩1.89tn) and institutions (+₩1.69tn) bought ₩3.85tn together.", says="do not add up"
        ),
        Example("Retail and institutions bought ₩3.85tn.", says="do not add up"),
        Example("2,827개 종목 중 955개(38.3%)가 올랐다.", language="ko", says="is 33.8%"),
        Example(
            "| Stocks | KOSPI | KOSDAQ | Both |\n| --- | --- | --- | --- |\n"
            "| Advancers | 668 | 1,111 | 1,797 |",
            says="668 and 1,111 do not add up",
        ),
    ),
)
