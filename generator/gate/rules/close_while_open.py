"""A level called the close that is none: the session is still open, or it is the day's high, low or open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.gate.claims.facts import INDICES
from generator.gate.claims.passages import read
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.claims.facts import Facts
    from generator.gate.claims.passages import Passage, Table
    from generator.gate.finding import Remark
    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document
    from generator.reading.quantity import Quantity

_LEVELS = ("open", "high", "low", "close")
_BEHIND = 30
"""Most characters between the word and its number."""
_FEW = 4


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """Sentences, then tables."""
    reading = read(document, knowledge)
    facts = reading.facts
    status = facts.session.status if facts else document.front.get("session_status")
    is_open = "intraday" in (status, document.front.get("session_status"))
    for passage in reading.passages:
        if passage.block.quoted or not passage.quantities:
            continue
        if is_open:
            yield from _closed(passage, facts)
        elif facts and not facts.is_weekly:
            yield from _called_close(passage, facts)
    for table in reading.tables:
        if is_open:
            yield from _close_column(table)
        elif facts and not facts.is_weekly:
            yield from _swapped(table, facts)


def _closed(passage: Passage, facts: Facts | None) -> Iterator[Remark]:
    """The KOSPI closed at 7,900, of a session that is open."""
    words = passage.lexicon
    if passage.text.endswith("?"):
        return
    for found in words.close.find(passage.words):
        start, end = passage.start + found.start, passage.start + found.end
        if passage.is_linked(start):
            continue
        number = _number(passage, start, end)
        left, right = passage.clause(start, end)
        if number is None or passage.says(words.not_a_claim, left, right):
            continue
        before = passage.between(max(passage.start, start - _BEHIND), start)
        if (
            words.not_of_the_day.has(before)
            or words.superlative.has(before)
            or words.not_of_the_day.has(passage.between(end, right))
        ):
            continue
        day = facts.session.date if facts else None
        if any(each != day for each in passage.dates(left, right)):
            continue
        yield passage.remark(
            min(start, number.start),
            max(end, number.end),
            "the session is still open: no level is its close",
            expected="a level with its time",
            remedy="Say where it stood, and when; or make the post again once the session is final",
        )


def _number(passage: Passage, start: int, end: int) -> Quantity | None:
    """The level or change that belongs to the word."""
    number = passage.after(end)
    if number and number.unit in ("number", "%") and number.start - end <= _BEHIND and not number.in_words:
        return number
    number = passage.before(start)
    if passage.lexicon.is_spaced or number is None or number.unit not in ("number", "%"):
        return None
    return number if start - number.end <= _FEW else None


def _called_close(passage: Passage, facts: Facts) -> Iterator[Remark]:
    """The KOSPI closed at what was its high."""
    words = passage.lexicon
    for found in words.close_at.find(passage.words):
        start, end = passage.start + found.start, passage.start + found.end
        number = _number(passage, start, end)
        subject = passage.subject_before(start)
        index = subject.value if subject else passage.context[0] if len(passage.context) == 1 else ""
        if number is None or number.unit != "number" or index not in INDICES or passage.is_linked(start):
            continue
        if wrong := _other(number, "close", index, facts):
            yield passage.remark(
                number.start,
                number.end,
                f"{number.text} was the {wrong} of the {index}, not its close",
                expected=f"{facts.level(index, 'close'):,}",
                remedy="Correct the level or what it is called",
            )


def _other(number: Quantity, which: str, index: str, facts: Facts) -> str:
    """What a level is that is called something else; empty if it may be what it is called."""
    levels = {name: facts.level(index, name) for name in _LEVELS}  # type: ignore[arg-type]  # the four of them
    mine = levels[which]
    if mine is None or number.means(mine) or number.approximate:
        return ""
    exact = {quote.index: quote for quote in facts.session.indices}[index]
    for name, level in levels.items():
        if name != which and level is not None and getattr(exact, name) is not None and number.means(level):
            return name
    return ""


def _columns(table: Table) -> dict[int, str]:
    found = {}
    for at, cell in enumerate(table.header):
        name = cell.lexicon.columns.get(cell.text.strip().lower())
        if name in _LEVELS:
            found[at] = name
    return found


def _close_column(table: Table) -> Iterator[Remark]:
    for at, name in _columns(table).items():
        filled = [row for row in table.body if at < len(row) and row[at].quantities]
        if name == "close" and filled:
            cell = table.header[at]
            yield cell.remark(
                cell.start,
                cell.end,
                "the session is still open: no level is its close",
                expected="Level",
                remedy="Call the column a level, and say of what time",
            )


def _swapped(table: Table, facts: Facts) -> Iterator[Remark]:
    columns = _columns(table)
    for row in table.body:
        index = row[0].subjects[0].value if row[0].subjects else ""
        for at, name in columns.items():
            if index not in INDICES or at >= len(row) or len(row[at].quantities) != 1:
                continue
            number = row[at].quantities[0]
            if number.unit == "number" and (wrong := _other(number, name, index, facts)):
                yield row[at].remark(
                    number.start,
                    number.end,
                    f"{number.text} was the {wrong} of the {index}, not its {name}",
                    expected=f"{facts.level(index, name):,}",  # type: ignore[arg-type]  # one of the four
                    remedy="Correct the level or its column",
                )


_OPEN = {"session_status": "intraday"}

RULE = Rule(
    name="close-while-open",
    severity="error",
    summary="A close is the last level of a session that is over.",
    why="Who reads that an index closed at a level takes it for the day's result. While the session is open "
    "(status intraday) no level of it is called a close; of a final one, the day's high, low or open is "
    "not. Closes of earlier days, conditions and questions are left alone.",
    uses_data=True,
    check=check,
    good=(
        Example("The KOSPI closed at 7,844.01, up 2.63%."),
        Example("The KOSPI stood at 7,900 at 13:00; it would have to close above 7,643.10.", front=_OPEN),
        Example("Against yesterday's close of 7,643.10 it is 2% up.", front=_OPEN),
        Example("Will it end above 7,900? On May 12 it closed at 7,643.10.", front=_OPEN),
    ),
    bad=(
        Example("The KOSPI closed at 7,900.", front=_OPEN, says="still open"),
        Example("The KOSPI finished up 1.20%.", front=_OPEN, says="still open"),
        Example("| Index | Close |\n| --- | ---: |\n| KOSPI | 7,900 |", front=_OPEN, says="still open"),
        Example("코스피는 7,900으로 마감했다.", front=_OPEN, language="ko", says="still open"),
        Example(
            "The KOSPI closed at 7,912.30.",
            files={
                "datasets/2026-05-13/indices.csv": "index,open,high,low,close,previous_close,change_pct\n"
                "KOSPI,7513.93,7912.30,7398.10,7844.01,7643.1,2.63\n"
            },
            says="was the high",
        ),
    ),
)
