"""A direction word against what the data says of its subject."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.gate.claims.facts import INDICES, INVESTORS, Fact, Facts
from generator.gate.claims.lexicon import SIGNS
from generator.gate.claims.signs import REMEDY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.gate.claims.passages import Passage, Table
    from generator.gate.claims.phrases import Found
    from generator.gate.finding import Remark
    from generator.reading.quantity import Quantity

_FINE = {"%": 0.011, "pp": 0.011}
"""So finely written, a number is its subject's beyond doubt."""
_THREE_DIGITS = 150
_FEWEST = 20
"""Counts of stocks below are too common to tell what they count."""


def contradictions(passage: Passage, facts: Facts) -> Iterator[Remark]:
    """Words of a passage that the data contradicts."""
    if passage.block.quoted:
        return
    for word in passage.directions:
        if word.value not in SIGNS or passage.is_linked(word.start):
            continue
        remark = _by_number(passage, word, facts)
        if remark is None and not facts.is_weekly:
            remark = _plain(passage, word, facts)
        if remark:
            yield remark


# --- With a number: the word is held against the number of the data that it stands for -----------------


def _by_number(passage: Passage, word: Found, facts: Facts) -> Remark | None:
    for number, is_behind in _numbers(passage, word):
        if word.value in ("up", "down") and number.unit == "number" and not _is_points(number):
            wrong = _counted(passage, word, number, facts, is_behind=is_behind)
        elif word.value in ("ahead", "behind"):
            wrong = _apart(passage, word, number, facts)
        else:
            wrong = _moved(passage, word, number, facts)
        if wrong and not _is_open(passage, word):
            return passage.remark(
                min(word.start, number.start),
                max(word.end, number.end),
                f"“{passage.between(word.start, word.end)}” contradicts the data: {wrong}",
                expected=wrong,
                remedy=REMEDY,
            )
    return None


def _numbers(passage: Passage, word: Found) -> Iterator[tuple[Quantity, bool]]:
    """The numbers that belong to a word: the one right behind it, and the one right before it."""
    words = passage.lexicon
    number = passage.after(word.end)
    if number and words.is_filler(passage.between(word.end, number.start).replace(":", " ")):
        yield number, True
    number = passage.before(word.start)
    if number and words.is_filler(passage.between(number.end, word.start)):
        yield number, False


def _is_points(number: Quantity) -> bool:
    return number.noun.lower().startswith(("point", "포인트"))


def _is_open(passage: Passage, word: Found) -> bool:
    """Whether the clause leaves open, or denies, that it was so."""
    left, right = passage.clause(word.start, word.end)
    end = word.start if passage.lexicon.is_spaced else right
    return passage.lexicon.not_a_claim.has(passage.between(left, end))


def _moved(passage: Passage, word: Found, number: Quantity, facts: Facts) -> str:
    """What the data says instead of a move, or of an amount bought; empty if nothing."""
    is_trade = word.value in ("buy", "sell")
    if number.unit == "KRW" if is_trade else number.unit == "%" or _is_points(number):
        wanted = ("net",) if is_trade else ("points",) if _is_points(number) else ("change", "open", "high", "low")
    else:
        return ""
    nearest = passage.subject_before(word.end)
    subjects = [each.value for each in passage.subjects_near(word.start)]
    if nearest is not None:
        subjects = [nearest.value, *subjects]
    found: list[tuple[str, Fact]] = []
    for subject in dict.fromkeys((*subjects, *passage.context)):
        found += [(subject, fact) for fact in facts.of(subject) if fact.measure in wanted and _is(fact, number)]
    days = passage.dates
    found = [each for each in found if _is_of_days(each[1], days, facts)]
    sign = SIGNS[word.value]
    if not found:
        return _added(passage, word, number, facts, nearest)
    if any(fact.value * sign >= 0 for _, fact in found):
        return ""
    subject, fact = found[0]
    if not (nearest and subject == nearest.value) and not _is_fine(number):
        return ""
    shown = f"{fact.value:+,.2f}{'%' if fact.measure not in ('net', 'points') else ''}"
    return f"{_name(subject, facts)} {_MEASURES[fact.measure]} {shown}"


_MEASURES = {
    "change": "changed", "open": "opened at", "high": "had its high at", "low": "had its low at",
    "points": "changed by points", "net": "net bought, in KRW,", "count": "", "reading": "changed",
}  # fmt: skip


def _is(fact: Fact, number: Quantity) -> bool:
    return abs(abs(fact.value) - abs(number.value)) <= number.tolerance < abs(fact.value)


def _is_fine(number: Quantity) -> bool:
    if number.unit in _FINE:
        return float(number.resolution) < _FINE[number.unit]
    return bool(number.resolution) and abs(number.value) / number.resolution > _THREE_DIGITS


def _is_of_days(fact: Fact, days: Sequence[object], facts: Facts) -> bool:
    return fact.day in days if days and facts.session.date not in days else True


def _added(
    passage: Passage, word: Found, number: Quantity, facts: Facts, nearest: Found | None
) -> str:
    """Of the points that a stock added to the index: as it rose or fell."""
    stock = nearest and facts.stock(nearest.value)
    is_amount = number.unit == "number" and number.start > word.end and number.resolution < 1
    if nearest is None or not stock or not is_amount or not passage.lexicon.is_verb(word.phrase):
        return ""
    change = facts.move(stock.code)
    gap = passage.between(nearest.end, word.start)
    if not change or change * SIGNS[word.value] > 0 or len(gap) > _NEAR_SUBJECT or passage.dates:
        return ""
    return f"{_name(stock.code, facts)} changed {change:+.2f}%"


_NEAR_SUBJECT = 14


def _counted(
    passage: Passage, word: Found, number: Quantity, facts: Facts, *, is_behind: bool
) -> str:
    """What the data says instead of a count of stocks that rose or fell."""
    is_named = word.phrase in passage.lexicon.labels or not passage.lexicon.is_spaced
    if number.in_words or number.value < _FEWEST or (is_behind and not is_named):
        return ""
    days = passage.dates
    if days and facts.session.date not in days:
        return ""
    rising = any(fact.value == number.value for fact in facts.of("advancers"))
    falling = any(fact.value == number.value for fact in facts.of("decliners"))
    if rising == falling or rising == (word.value == "up"):
        return ""
    return f"{number.text} stocks {'rose' if rising else 'fell'}"


def _apart(passage: Passage, word: Found, number: Quantity, facts: Facts) -> str:
    """Which index was ahead, where a distance in points of per cent says which distance is meant."""
    moves = [next((f.value for f in facts.of(index) if f.measure == "change"), None) for index in INDICES]
    if number.unit != "pp" or moves[0] is None or moves[1] is None:
        return ""
    lead = moves[1] - moves[0]
    if abs(abs(lead) - abs(number.value)) > number.tolerance * 2 or abs(lead) <= number.tolerance * 2:
        return ""
    behind = [each for each in passage.subjects_near(word.end) if 0 <= each.start - word.end <= _OBJECT]
    if behind:
        other = behind[0].value
    else:
        own = passage.subject_before(word.start)
        one = own.value if own else passage.context[0] if passage.context else ""
        other = {"KOSPI": "KOSDAQ", "KOSDAQ": "KOSPI"}.get(one, "")
    if other not in INDICES:
        return ""
    one_leads = (lead > 0) == (other == "KOSPI")
    if one_leads == (word.value == "ahead"):
        return ""
    return f"KOSDAQ was {lead:+.2f} pp against KOSPI"


_OBJECT = 10


# --- Without a number: only what cannot be meant otherwise ------------------------------------------------


def _plain(passage: Passage, word: Found, facts: Facts) -> Remark | None:
    """The KOSPI fell. Foreigners bought. Nothing that tells of a part of the day, another day or a condition."""
    words = passage.lexicon
    if word.phrase not in words.past or passage.block.kind in ("title", "heading"):
        return None
    subject = passage.subject_before(word.start)
    if subject is None or subject.end > word.start:
        return None
    gap = passage.between(subject.end, word.start)
    if not words.is_filler(gap) or len(gap) > _NEAR_SUBJECT:
        return None
    if not _is_whole_day(passage, subject, word, facts):
        return None
    name = subject.value
    if word.value in ("up", "down") and name in INDICES and _ENDS.match(passage.block.text, word.end):
        move = facts.move(name)
        said = None if move is None or abs(move) < _SLIGHT else f"{name} changed {move:+.2f}%"
        wrong = said if move and move * SIGNS[word.value] < 0 else None
    elif word.value in ("buy", "sell") and name in INVESTORS:
        wrong = _traded(passage, word, name, facts)
    else:
        return None
    if not wrong:
        return None
    return passage.remark(
        subject.start,
        word.end,
        f"“{passage.between(word.start, word.end)}” contradicts the data: {wrong}",
        expected=wrong,
        remedy=REMEDY,
    )


_SLIGHT = 0.05
_ENDS = re.compile(r"\s*(?:[.,;:!]|$|다\b|다\.|했다|while\b|and\b|but\b|as\b|although\b)")


def _is_whole_day(passage: Passage, subject: Found, word: Found, facts: Facts) -> bool:
    words, text = passage.lexicon, passage.block.text
    left = max(passage.start, subject.start - _AROUND)
    around = text[left : min(passage.end, word.end + _AROUND)]
    before = text[max(left, subject.start - 12) : subject.start]
    following = text[subject.end : subject.end + 14]
    if words.not_of_the_day.has(around) or words.not_a_claim.has(around) or text[passage.end - 1] == "?":
        return False
    if words.another_subject.has(following) or words.another_subject.has(before):
        return False
    return all(day == facts.session.date for day in passage.dates)


_AROUND = 160


def _traded(passage: Passage, word: Found, investor: str, facts: Facts) -> str | None:
    """What an investor did instead: with the market, or with the stocks named right behind the verb."""
    sign = SIGNS[word.value]
    named = [each for each in passage.subjects_near(word.end) if each.start >= word.end]
    at, wrong = word.end, []
    for each in named:
        if not _AND.fullmatch(passage.between(at, each.start)):
            break
        scope = facts.net(investor, each.value)
        if scope * sign < 0:
            wrong.append(_name(each.value, facts))
        at = each.end
    if wrong:
        return f"{investor} net {'sold' if sign > 0 else 'bought'} {', '.join(wrong)}"
    is_of_the_market = at == word.end and not named and _ENDS.match(passage.block.text, word.end)
    if is_of_the_market and facts.net(investor) * sign < 0:
        return f"{investor} net {'sold' if sign > 0 else 'bought'} on the KOSPI"
    return None


_AND = re.compile(r"\s*(?:,|and|, and)?\s*")


def _name(subject: str, facts: Facts) -> str:
    stock = facts.stock(subject)
    return (stock.name or subject) if stock else subject


# --- Tables -----------------------------------------------------------------------------------------------


def in_table(table: Table, facts: Facts) -> Iterator[Remark]:
    """Net sell where the data has a net buyer; the count of decliners called advancers."""
    if facts.is_weekly:
        return
    for row in table.body:
        label = row[0].text.strip().lower()
        which = row[0].lexicon.labels.get(label, "")
        for cell in row[1:]:
            if which in ("advancers", "decliners"):
                yield from _count_of(cell, row[0], which, facts)
            elif len(cell.directions) == 1 and not cell.quantities:
                yield from _side(cell, table, row, facts)


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


def _side(cell: Passage, table: Table, row: tuple[Passage, ...], facts: Facts) -> Iterator[Remark]:
    """A cell that says a direction of trade: of the row's stock or market, by the header's investor or the
    one that its section is about."""
    word = cell.directions[0]
    if word.value not in ("buy", "sell") or len(cell.text) > _LONGEST_SIDE or not row[0].subjects:
        return
    at = row.index(cell)
    header = table.header[at].all_subjects() if at < len(table.header) else ()
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
            f"{_name(scope, facts)}",
            expected="net buy" if side > 0 else "net sell",
            remedy=REMEDY,
        )


_LONGEST_SIDE = 24
