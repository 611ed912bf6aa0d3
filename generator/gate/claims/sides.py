"""A table's words for who bought and sold, and what rose and fell, against the data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.gate.claims.facts import INVESTORS
from generator.gate.claims.lexicon import SIGNS
from generator.gate.claims.passages import REMEDY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.claims.facts import Facts
    from generator.gate.claims.passages import Passage, Table
    from generator.gate.finding import Remark

_FEWEST = 20
_LONGEST_SIDE = 24
_COLON = re.compile(r":\s*(?:\w{1,12}\s)?")


def in_table(table: Table, facts: Facts) -> Iterator[Remark]:
    """Net sell where the data has a net buyer; the count of decliners called advancers."""
    if facts.is_weekly:
        return
    for row in table.body:
        label = row[0].text.strip().lower()
        which = row[0].lexicon.labels.get(label, "")
        for at, cell in enumerate(row[1:], 1):
            if cell.is_of_another_day(facts.session.date, row[0], *table.header[at : at + 1]):
                continue
            if which in ("advancers", "decliners"):
                yield from _count_of(cell, row[0], which, facts)
            elif len(cell.directions) == 1 and not cell.quantities and len(cell.text) <= _LONGEST_SIDE:
                header = table.header[at].all_subjects() if at < len(table.header) else ()
                yield from _side(cell, header, row, facts)
            else:
                yield from _sides(cell, row, facts)


def _count_of(cell: Passage, label: Passage, which: str, facts: Facts) -> Iterator[Remark]:
    other = "decliners" if which == "advancers" else "advancers"
    for number in cell.quantities:
        if number.unit != "number" or number.value < _FEWEST:
            continue
        mine = any(fact.value == number.value for fact in facts.of(which))
        if not mine and any(fact.value == number.value for fact in facts.of(other)):
            yield cell.remark(
                number.start,
                number.end,
                f"the data has {number.text} {other}, not {which}: see “{label.text}”",
                expected=other,
                remedy="Correct the label or the number",
            )


def _side(cell: Passage, header: tuple[str, ...], row: tuple[Passage, ...], facts: Facts) -> Iterator[Remark]:
    """A cell that says which way the header's or section's investor traded the row's stock or market."""
    word = cell.directions[0]
    if word.value not in ("buy", "sell") or not row[0].subjects:
        return
    about = f"{cell.block.section} {cell.heading}".lower()
    named = [
        investor
        for investor in INVESTORS
        if any(name in about for name in cell.lexicon.subjects.get(investor, ()))
    ]
    investors = [each for each in header if each in INVESTORS] or named
    if len(investors) != 1:
        return
    scope = row[0].subjects[0].value
    side = facts.net(investors[0], scope)
    if side * SIGNS[word.value] < 0:
        yield cell.remark(
            cell.start,
            cell.end,
            f"“{cell.text}” contradicts the data: {investors[0]} net {'bought' if side > 0 else 'sold'} "
            f"{facts.name(scope)}",
            expected="net buy" if side > 0 else "net sell",
            remedy=REMEDY,
        )


def _sides(cell: Passage, row: tuple[Passage, ...], facts: Facts) -> Iterator[Remark]:
    """Foreigners: net sell, in the row of a stock."""
    if not row[0].subjects:
        return
    scope = row[0].subjects[0].value
    for word in cell.directions:
        who = cell.subject_before(word.start)
        if word.value not in ("buy", "sell") or who is None or who.value not in INVESTORS:
            continue
        if not _COLON.fullmatch(cell.between(who.end, word.start)):
            continue
        side = facts.net(who.value, scope)
        if side * SIGNS[word.value] < 0:
            yield cell.remark(
                word.start,
                word.end,
                f"the data says that {who.value} net {'bought' if side > 0 else 'sold'} {facts.name(scope)}",
                expected="net buy" if side > 0 else "net sell",
                remedy=REMEDY,
            )
