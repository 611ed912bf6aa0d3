"""The figures of a session are not those of the session before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.errors import MarketpostError
from generator.gate.dates import stated
from generator.gate.finding import Remark
from generator.gate.knowledge import day_of
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document

_TABLES = (
    ("kospi_close", "kosdaq_close"),
    ("advancers", "decliners", "unchanged"),
    ("foreign_net_krw", "institution_net_krw", "retail_net_krw"),
)
"""Measures of one table each that do not repeat by chance when all of them do."""
_ENOUGH = 2


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """The measures of a post's session against those of the session before."""
    day = day_of(document.front.get("session"))
    if day is None or not knowledge.has_sources or not knowledge.calendar.is_session(day):
        return
    try:
        before = knowledge.calendar.previous(day)
    except MarketpostError:
        return
    own, theirs = (_numbers(knowledge.measures(each)) for each in (day, before))
    repeated = [text for table in _TABLES for text in _repeats(table, own, theirs)]
    if repeated:
        start, end = stated(document, "session")
        yield Remark(
            start=start,
            end=end,
            message=f"the data of {day} repeats that of {before}",
            found=", ".join(repeated),
            remedy="Load the session's own data, and make the post again",
        )


def _numbers(measures: Mapping[str, float | dt.date]) -> dict[str, float]:
    return {name: value for name, value in measures.items() if isinstance(value, float)}


def _repeats(table: tuple[str, ...], own: Mapping[str, float], theirs: Mapping[str, float]) -> list[str]:
    """The measures of a table, if all that both days have are the same."""
    shared = [name for name in table if name in own and name in theirs]
    if len(shared) < _ENOUGH or any(own[name] != theirs[name] for name in shared):
        return []
    return [f"{name} {own[name]:,g}" for name in shared]


_LEVELS = "index,close,change_pct\n"
_FLOWS = (
    "scope,scope_kind,investor,net_krw\n"
    "KOSPI,market,foreign,-3760000000000\nKOSPI,market,retail,1890000000000\n"
)

RULE = Rule(
    name="stale-data",
    severity="error",
    summary="A session's figures are not those of the session before.",
    why=(
        "A download that failed leaves yesterday's file in today's folder. Index levels, breadth and flows"
        " are compared with the session before; a table is stale when at least two of its figures are there"
        " on both days and every one of them is the same."
    ),
    check=check,
    uses_data=True,
    good=(
        Example("The KOSPI rose to a record."),
        Example("The KOSPI rose again.", front={"session": "2026-05-14"}),
    ),
    bad=(
        Example(
            "The KOSPI rose again.",
            front={"session": "2026-05-14"},
            files={"datasets/2026-05-14/indices.csv": _LEVELS + "KOSPI,7844.01,2.63\nKOSDAQ,1176.93,-0.20\n"},
            says="repeats that of 2026-05-13",
        ),
        Example(
            "The KOSPI rose again.",
            front={"session": "2026-05-14"},
            files={
                "datasets/2026-05-13/flows.csv": _FLOWS,
                "datasets/2026-05-14/flows.csv": _FLOWS,
            },
            says="repeats",
        ),
    ),
)
