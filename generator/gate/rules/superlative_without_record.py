"""A record, or a largest move since, that the history does not know."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from generator.gate.claims import records
from generator.gate.claims.passages import read
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.finding import Remark
    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """Each sentence that names an index."""
    reading = read(document, knowledge)
    facts = reading.facts
    if facts is None:
        return
    listed = document.front.get("sessions")
    days = [each for each in listed if type(each) is dt.date] if isinstance(listed, list) else []
    for passage in reading.passages:
        if not passage.block.quoted:
            yield from records.in_sentence(passage, facts, knowledge, days or [facts.session.date])


_NO_RECORD = {
    "datasets/2026-05-13/indices.csv": "index,open,high,low,close,previous_close,change_pct,all_time_high\n"
    "KOSPI,,,,7844.01,7643.1,2.63,false\n"
}

RULE = Rule(
    name="superlative-without-record",
    severity="error",
    summary="A record and a largest move since a day are borne out by the history.",
    why="An all-time high that was none is the mistake that others quote. Records of an index (all-time, 52 "
    "weeks) and its highest close, largest rise or largest fall since a day are held against the "
    "history of the metrics; what the history cannot tell, other subjects, and records that are only "
    "spoken of are left alone.",
    uses_data=True,
    check=check,
    good=(
        Example("The KOSPI closed at 7,844.01, an all-time high."),
        Example("The KOSPI closed at 7,844.01, below its all-time high.", files=_NO_RECORD),
        Example("Will the KOSPI set a record? It would be an all-time high.", files=_NO_RECORD),
        Example("The KOSPI's largest gain since May 6. Exports rose to a record high.", files=_NO_RECORD),
    ),
    bad=(
        Example(
            "The KOSPI closed at 7,844.01, an all-time high.",
            files=_NO_RECORD,
            says="an earlier close is higher",
        ),
        Example("The KOSPI climbed to a record.", files=_NO_RECORD, says="at no record"),
        Example(
            "코스피는 7,844.01로 사상 최고치를 기록했다.", files=_NO_RECORD, language="ko", says="is higher"
        ),
        Example("For the KOSPI it was the largest fall since April 7, 2025.", says="KOSPI changed +2.63%"),
    ),
)
