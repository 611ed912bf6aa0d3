"""A change, a range or a swing that does not follow from the two levels it stands beside."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from generator.gate.claims import levels
from generator.gate.claims.facts import INDICES
from generator.gate.claims.passages import read
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.gate.finding import Remark
    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """Sentences, then tables; a sentence that names no index may be of the one its section is about."""
    reading = read(document, knowledge)
    seen: set[int] = set()
    for passage in reading.passages:
        if passage.block.quoted or not passage.quantities:
            continue
        for remark in levels.in_sentence(passage, reading.facts, _indices_of(passage.heading)):
            if remark.start not in seen:
                seen.add(remark.start)
                yield remark
    for table in reading.tables:
        yield from levels.in_table(table)


@functools.lru_cache(maxsize=64)
def _indices_of(heading: str) -> Sequence[str]:
    """The indices that a heading names; the first of all if it names none."""
    low = heading.lower()
    return [index for index in INDICES if index.lower() in low] or INDICES[:1]


_TABLE = (
    "| Index | Previous | Close | Change |\n| --- | --- | --- | --- |\n| KOSPI | 7,643.10 | 7,844.01 | {} |"
)

RULE = Rule(
    name="change-against-levels",
    severity="error",
    summary="A change follows from its two levels; two rates are percentage points apart.",
    why="Readers check such sums in their heads. A change is computed again from the levels beside it (“up "
    "3% from 100 to 105”), or from the data where the levels have names (“4.3% from low to close”); "
    "what the rounding of the numbers allows is right. From -1.69% to +2.63% it is 4.32 percentage "
    "points.",
    uses_data=True,
    check=check,
    good=(
        Example("The KOSPI rose 2.63% to 7,844.01 from 7,643.10: about 6% from low to close."),
        Example("From -1.69% at the open to +2.63% at the close: a swing of 4.32 pp."),
        Example("It is up 5% from 100 to 105, and 2.6% (+200.91 points) to 7,844.01."),
        Example(_TABLE.format("+2.63%")),
        Example(
            "Samsung Electronics gained 3% from low to close. The target went from ₩400,000 to ₩460,000."
        ),
    ),
    bad=(
        Example("Intraday range: ~4.3% from low to close.", says="does not follow from its levels"),
        Example("The KOSPI rose 3.63% to 7,844.01 from 7,643.10.", says="is +2.63%"),
        Example("Exports went up 3% from 100 to 105.", says="is +5.0%"),
        Example(
            "From -1.69% at the open to +2.63% at the close: a swing of 4.32%.", says="points of per cent"
        ),
        Example("From -1.69% to +2.63%, a swing of 4.23 pp.", says="4.32 pp apart"),
        Example("The KOSPI advanced 1.75% (+200.91 points) to 7,844.01.", says="are +2.63%"),
        Example(_TABLE.format("+2.36%"), says="is +2.63%"),
        Example("코스피는 저점에서 종가까지 4.3% 올랐다.", language="ko", says="does not follow"),
    ),
)
