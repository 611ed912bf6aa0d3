"""Which numbers of a post nothing vouches for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.gate.knowledge import day_of
from generator.gate.recorded import differences, own_statements

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document
    from generator.reading.quantity import Quantity
    from generator.reading.statements import Statement

_DIGIT = re.compile(r"\d")
_DIGITS_OF_A_LEVEL = 3
_ROUND = 2


@dataclass(frozen=True, slots=True)
class Unvouched:
    """A number that does not follow from the data."""

    statement: Statement
    quantity: Quantity
    day: dt.date
    """Of the session."""
    nearest: tuple[str, ...]
    """The values of the data that are nearest, with their names."""

    @property
    def is_round(self) -> bool:
        """Whether it is a bare level such as 7,900, which may be one that somebody looks ahead to."""
        quantity = self.quantity
        digits = quantity.text.replace(",", "")
        return (
            quantity.unit == "number"
            and digits.isdecimal()
            and len(digits) >= _DIGITS_OF_A_LEVEL
            and len(digits.rstrip("0")) <= _ROUND
        )


def unvouched(document: Document, knowledge: Knowledge) -> Iterator[Unvouched]:
    """The numbers of the statements that were not generated, of a post about a session with data."""
    if day_of(document.front.get("session")) is None:
        return
    own = [
        each
        for each in own_statements(document, knowledge)
        if each.kind != "front" and not each.is_sourced and _DIGIT.search(each.text)
    ]
    if not own:
        return
    session = knowledge.session_of(document)
    if session is None:
        return
    from generator.gate.vouching import Evidence  # noqa: PLC0415 - start-up

    told = {each.statement.offsets[0] for each in differences(document, knowledge)}
    evidence = Evidence(document, knowledge, session)
    for statement in own:
        if statement.offsets[0] in told:
            continue
        for quantity in evidence.unexplained(statement):
            yield Unvouched(statement, quantity, session.date, evidence.nearest(statement, quantity))
