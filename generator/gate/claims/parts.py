"""Parts and their whole: counts and shares of stocks, amounts said to be a sum, X of Y (Z%)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from generator.gate.claims.facts import DOMESTIC, INDICES, INVESTORS
from generator.reading.quantity import MONEY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.gate.claims.facts import Facts
    from generator.gate.claims.passages import Passage, Table
    from generator.gate.finding import Remark
    from generator.reading.quantity import Quantity

REMEDY = "Correct the part or the whole"
_SIDES = ("advancers", "decliners", "unchanged")


# --- Sentences ------------------------------------------------------------------------------------------


def in_sentence(passage: Passage, facts: Facts | None) -> Iterator[Remark]:
    """Shares with their two counts, and sums."""
    numbers = passage.quantities
    if len(numbers) > 2:  # noqa: PLR2004 - two parts, and their share or their whole
        for one, two, share in zip(numbers, numbers[1:], numbers[2:], strict=False):
            yield from _share(passage, one, two, share)
        yield from _sum(passage)
    if facts and not facts.is_weekly:
        yield from _domestic(passage, facts)


def _share(passage: Passage, one: Quantity, two: Quantity, share: Quantity) -> Iterator[Remark]:
    """955 of 2,827 (33.8%)."""
    text = passage.block.text
    units = {one.unit, two.unit}
    if (
        share.unit != "%"
        or share.sign
        or share.bound
        or not (units == {"number"} or (len(units) == 1 and units < MONEY))
    ):
        return
    gap = text[one.end : two.start]
    if not passage.lexicon.of_which.fullmatch(gap) or not text.startswith(")", share.end):
        return
    lead = text[two.end : share.start]
    if (
        not _BRACKET.fullmatch(lead)
        or one.bound
        or two.bound
        or passage.lexicon.share_of_else.match(text, share.end)
    ):
        return
    part, whole = (one, two) if passage.lexicon.is_spaced else (two, one)
    if whole.value <= 0 or part.value < 0:
        return
    exact = part.value / whole.value * 100
    # Shares of one whole are rounded so that they make 100: one may be a step off.
    room = share.tolerance * 2 + _rounding(part, whole)
    if abs(exact - share.value) > room:
        yield passage.remark(
            share.start,
            share.end,
            f"{part.text} of {whole.text} is {exact:.1f}%",
            expected=f"{exact:.1f}%",
            remedy=REMEDY,
        )


_BRACKET = re.compile(r"(?:\s?[\w’'-]{1,20}+){0,4}\s?\(")


def _rounding(part: Quantity, whole: Quantity) -> Decimal:
    """How far off a share may be for the rounding of amounts; counts are exact."""
    if (
        part.unit == "number"
        and not part.approximate
        and not whole.approximate
        and part.resolution >= Decimal("0.5")
    ):
        return Decimal(0)
    return (part.tolerance / whole.value + part.value * whole.tolerance / whole.value**2) * 100


def _sum(passage: Passage) -> Iterator[Remark]:
    """Retail (+₩1.89tn) and institutions (+₩1.69tn) bought ₩3.58tn together."""
    text = passage.block.text
    for found in passage.lexicon.together.find(passage.words):
        start, end = passage.start + found.start, passage.start + found.end
        whole = _beside(passage, start, end)
        if whole is None:
            continue
        second = passage.before(min(whole.start, start))
        first = passage.before(second.start) if second else None
        if first is None or second is None or {first.unit, second.unit} != {whole.unit}:
            continue
        is_listed = all(
            text[each.start - 1 : each.start] == "(" and text.startswith(")", each.end)
            for each in (first, second)
        )
        gap = text[first.end + 1 : second.start - 1]
        before = text[max(passage.start, first.start - _REACH) : first.start - 1]
        if not is_listed or len(gap) > _REACH or not passage.lexicon.joined.match(gap) or ")" in before:
            continue
        exact = first.value + second.value
        if abs(abs(exact) - abs(whole.value)) > first.tolerance + second.tolerance + whole.tolerance:
            yield passage.remark(
                whole.start,
                whole.end,
                f"{first.text} and {second.text} do not add up to {whole.text}",
                expected=f"{exact:,.0f}" if exact == exact.to_integral_value() else f"{exact:,}",
                remedy=REMEDY,
            )


_REACH = 40
_FAR = 120


def _beside(passage: Passage, start: int, end: int) -> Quantity | None:
    """The number of which it is said that it is a sum."""
    after, before = passage.after(end), passage.before(start)
    if after and passage.between(end, after.start).strip() in ("", "≈", "~", ","):
        return after
    return before if before and passage.between(before.end, start).strip() == "" else None


def _domestic(passage: Passage, facts: Facts) -> Iterator[Remark]:
    """Retail and institutions bought ₩3.58tn, against the two in the data."""
    flows = {
        flow.investor: Decimal(repr(flow.net_krw))
        for flow in facts.session.flows
        if flow.scope == "KOSPI" and flow.investor in DOMESTIC and flow.net_krw is not None
    }
    if len(flows) != len(DOMESTIC):
        return
    exact = sum(flows.values(), Decimal(0))
    for one, two in zip(passage.subjects, passage.subjects[1:], strict=False):
        if {one.value, two.value} != {*DOMESTIC}:
            continue
        if not passage.lexicon.joined.fullmatch(passage.between(one.end, two.start)):
            continue
        word = passage.direction_after(two.end)
        number = passage.after(two.end)
        if (
            word is None
            or number is None
            or word.value not in ("buy", "sell")
            or number.unit != "KRW"
            or number.bound
        ):
            continue
        is_of_both = passage.lexicon.is_filler(
            passage.between(two.end, word.start)
        ) and passage.lexicon.is_filler(passage.between(word.end, number.start))
        left, right = passage.clause(one.start, number.end)
        is_else = any(
            passage.says(each, left, right)
            for each in (passage.lexicon.not_of_the_day, passage.lexicon.not_a_claim)
        ) or any(day != facts.session.date for day in passage.dates(one.start - _FAR, number.end + _FAR))
        has_market = any(each.value not in INVESTORS for each in passage.subjects_near(number.end))
        if not is_of_both or is_else or has_market:
            continue
        if abs(abs(exact) - abs(number.value)) > number.tolerance:
            yield passage.remark(
                number.start,
                number.end,
                f"retail and institutions do not add up to {number.text}",
                expected=f"{exact / 10**12:+.2f} trillion won",
                remedy=REMEDY,
            )


# --- Tables -----------------------------------------------------------------------------------------------


def in_table(table: Table) -> Iterator[Remark]:
    """Advancers, decliners and unchanged with their sum and shares; markets with both of them."""
    rows = _labelled(table)
    for at in range(1, len(table.header)):
        yield from _column(rows, at, table)
    yield from _shares(rows, table)
    yield from _both(table)


def _labelled(table: Table) -> Mapping[str, tuple[Passage, ...]]:
    """The rows of breadth by what they count."""
    found: dict[str, tuple[Passage, ...]] = {}
    for row in table.body:
        name = row[0].lexicon.labels.get(row[0].text.strip().lower(), "")
        if name == "total" and "listed" not in found:
            name = "listed"
        if name:
            found.setdefault(name, row)
    return found if all(side in found for side in _SIDES) else {}


def _column(rows: Mapping[str, tuple[Passage, ...]], at: int, table: Table) -> Iterator[Remark]:
    if not rows:
        return
    sides = [_only(rows[side], at) for side in _SIDES]
    if any(each is None or each.approximate for each in sides):
        return
    there: list[Quantity] = [each for each in sides if each]
    listed = _only(rows["listed"], at) if "listed" in rows else None
    if (
        all(each.unit == "number" for each in there)
        and listed
        and listed.unit == "number"
        and not listed.approximate
    ):
        total = sum(each.value for each in there)
        if total != listed.value:
            cell = rows["listed"][at]
            yield cell.remark(
                listed.start,
                listed.end,
                f"{' + '.join(each.text for each in there)} is {total:,}, not {listed.text}",
                expected=f"{total:,}",
                remedy=REMEDY,
            )
    elif all(each.unit == "%" and not each.sign for each in there):
        share = sum((each.value for each in there), Decimal(0))
        if abs(share - 100) > sum((each.tolerance for each in there), Decimal(0)):
            cell = table.header[at]
            yield cell.remark(
                cell.start,
                cell.end,
                f"the shares add up to {share}%: {', '.join(each.text for each in there)}",
                expected="100%",
                remedy=REMEDY,
            )


def _shares(rows: Mapping[str, tuple[Passage, ...]], table: Table) -> Iterator[Remark]:
    """The shares against the counts of the same rows."""
    if "listed" not in rows:
        return
    columns = range(1, len(table.header))
    for side in _SIDES:
        shares = [n for n in columns if (q := _only(rows[side], n)) and q.unit == "%" and not q.sign]
        counts = [n for n in columns if (q := _only(rows[side], n)) and q.unit == "number"]
        if len(shares) != 1:
            continue
        share = _only(rows[side], shares[0])
        exact = [
            part.value / whole.value * 100
            for n in counts
            if (part := _only(rows[side], n)) and (whole := _only(rows["listed"], n)) and whole.value > 0
        ]
        if share and exact and not any(abs(each - share.value) <= share.tolerance * 2 for each in exact):
            yield rows[side][shares[0]].remark(
                share.start,
                share.end,
                f"{rows[side][counts[-1]].text} of {rows['listed'][counts[-1]].text} is not {share.text}",
                expected=f"{exact[-1]:.1f}%",
                remedy=REMEDY,
            )


def _both(table: Table) -> Iterator[Remark]:
    """Columns of the two markets beside one of both."""
    header = [cell.text.strip() for cell in table.header]
    markets = [n for n, name in enumerate(header) if _index(table.header[n]) and name]
    both = [
        n for n, cell in enumerate(table.header) if cell.text.strip().lower() in table.header[0].lexicon.both
    ]
    if len(markets) != len(INDICES) or len(both) != 1:
        return
    for row in table.body:
        one, other, whole = (_only(row, n) for n in (*markets, both[0]))
        if not (one and other and whole) or {one.unit, other.unit, whole.unit} - {"number", *MONEY}:
            continue
        if one.unit != other.unit or one.unit != whole.unit or whole.approximate:
            continue
        room = one.tolerance + other.tolerance + whole.tolerance if one.unit != "number" else Decimal(0)
        if abs(one.value + other.value - whole.value) > room:
            yield row[both[0]].remark(
                whole.start,
                whole.end,
                f"{one.text} and {other.text} do not add up to {whole.text}",
                expected=f"{one.value + other.value:,}",
                remedy=REMEDY,
            )


def _index(cell: Passage) -> bool:
    return len(cell.subjects) == 1 and cell.subjects[0].value in INDICES and cell.subjects[0].end == cell.end


def _only(row: Sequence[Passage], at: int) -> Quantity | None:
    """The only number of a cell."""
    if at >= len(row) or len(row[at].quantities) != 1:
        return None
    number = row[at].quantities[0]
    return None if number.in_words or number.bound else number
