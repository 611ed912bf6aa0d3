"""A word that says up beside a number that says down, or about something that the data says went down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.gate.claims import against_data, sides, signs
from generator.gate.claims.passages import read
from generator.gate.recorded import is_own
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.claims.passages import Reading
    from generator.gate.finding import Remark
    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """Direction words against the numbers beside them, then against the data; one remark a place."""
    seen: set[int] = set()
    for remark in _all(read(document, knowledge)):
        is_new = remark.end not in seen and remark.start not in seen
        if is_new and is_own(remark, document, knowledge):
            seen |= {remark.start, remark.end}
            yield remark


def _all(reading: Reading) -> Iterator[Remark]:
    facts = reading.facts
    for passage in reading.passages:
        if not passage.directions:
            continue
        yield from signs.contradictions(passage)
        if facts:
            yield from against_data.contradictions(passage, facts)
    for table in reading.tables:
        yield from signs.in_table(table)
        if facts:
            yield from sides.in_table(table, facts)


RULE = Rule(
    name="direction-against-sign",
    severity="error",
    summary="A word that says up, down, bought or sold agrees with its number and with the data.",
    why="A word against the sign turns a correct number into a wrong report. A word is held against the "
    "signed number beside it (“fell +2.6%”, “rose from 105 to 100”, “a stronger won, USD/KRW +3.1%”: a "
    "higher USD/KRW is a weaker won), and against the session's data, where its number says which move "
    "is meant (“the KOSPI fell 2.63%”) or the sentence leaves no doubt (“foreigners bought SK hynix”). "
    "Numbers without a sign, conditions, questions, denials, other days and parts of a day are left "
    "alone. A sentence that stands as it was generated is held against its record: word-differs.",
    uses_data=True,
    check=check,
    good=(
        Example("The KOSPI rose 2.63% while the KOSDAQ fell 0.20%; foreigners net sold ₩3.76tn."),
        Example("Samsung Electronics fell to ₩262,000 (-6.2%) that week. The loss of -6.2% was made up."),
        Example("From -1.69% at the open the KOSPI recovered to 7,600 (-0.6%) before noon."),
        Example("If the KOSPI falls 2.63%, the gain is gone. It did not fall 2.63%."),
        Example("USD/KRW +3.1%: a weaker won."),
        Example("The KOSPI fell in the morning and turned up after noon. CPI was -0.2%, up from -0.5%."),
        Example("Foreigners bought Samsung Electro-Mechanics and Hyundai Motor and sold SK hynix."),
        Example(
            "코스피는 2.63% 오른 7,844.01로 마감했고, 외국인은 3조 7,600억 원을 순매도했다.", language="ko"
        ),
        Example("| Group | Direction | Size |\n| --- | --- | ---: |\n| Hyundai Motor | Net buy | +₩429bn |"),
    ),
    bad=(
        Example("The won fell to 1,470 as chip exports fell +2.6%.", says="“fell” goes with the other sign"),
        Example("The KOSDAQ rose to 1,176.93 (-0.20%).", says="“rose”"),
        Example("The KOSPI fell 2.63% to 7,844.01.", says="KOSPI changed +2.63%"),
        Example("Foreigners net bought ₩3.76tn.", says="net bought, in KRW,"),
        Example("In May the stronger won helped importers: USD/KRW +3.1%.", says="is a weaker won"),
        Example("The KOSDAQ rose while the KOSPI rose too.", says="KOSDAQ changed -0.20%"),
        Example("1,455 stocks rose.", says="1,455 stocks fell"),
        Example("Foreigners bought SK hynix.", says="foreign net sold"),
        Example("The index rose from 105 to 100.", says="“rose”"),
        Example("코스닥은 0.20% 상승했다.", language="ko", says="KOSDAQ changed -0.20%"),
        Example("외국인은 3조 7,600억 원을 순매수했다.", language="ko", says="net bought, in KRW,"),
        Example(
            "| Group | Direction | Size |\n| --- | --- | ---: |\n| LG Display | Net sell | +₩40bn |",
            says="goes with the other sign",
        ),
    ),
)
