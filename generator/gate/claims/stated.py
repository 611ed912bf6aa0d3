"""What a post states of the session: closes, changes and flows, each with its subject."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.gate.claims.facts import INDICES, INVESTORS
from generator.gate.claims.lexicon import SIGNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from generator.gate.claims.passages import Passage, Reading, Table
    from generator.gate.claims.phrases import Found
    from generator.reading.quantity import Quantity


@dataclass(frozen=True, slots=True)
class Statement:
    """A value that a post gives to a quantity."""

    subject: str
    measure: str
    """close, change, net."""
    value: Decimal
    number: Quantity
    passage: Passage

    def agrees(self, other: Statement) -> bool:
        """Whether the two may stand for one number, as rounded as they are written."""
        return abs(self.value - other.value) <= self.number.tolerance + other.number.tolerance


def statements(reading: Reading) -> Mapping[tuple[str, str], Sequence[Statement]]:
    """What is stated of the session, by subject and measure, in the order of the text."""
    found: dict[tuple[str, str], list[Statement]] = defaultdict(list)
    for passage in reading.passages:
        if not passage.quantities or passage.block.quoted or passage.block.cell:
            continue
        for each in _of(passage, reading):
            found[each.subject, each.measure].append(each)
    for table in reading.tables:
        for each in _of_table(table):
            found[each.subject, each.measure].append(each)
    return found


def _of(passage: Passage, reading: Reading) -> Iterator[Statement]:
    if any(day != reading.near for day in passage.dates(passage.start, passage.end)):
        return
    for subject in passage.subjects:
        number = passage.after(subject.end)
        if number is None or number.bound or not number.sign:
            continue
        if not _AT_ONCE.fullmatch(passage.between(subject.end, number.start)):
            continue
        is_change = number.unit == "%" and (subject.value in INDICES or subject.value[:1].isdigit())
        is_flow = number.unit == "KRW" and subject.value in INVESTORS
        if not (is_flow or (is_change and not _more(passage, number))):
            continue
        if not passage.is_linked(subject.start) and not _is_elsewhere(passage, subject):
            yield Statement(subject.value, "net" if is_flow else "change", number.value, number, passage)
    for word in passage.directions:
        yield from _with_verb(passage, word)


_AT_ONCE = re.compile(r"\s?\(?")


def _more(passage: Passage, number: Quantity) -> bool:
    """Whether the text goes on so that it may be of something else: +12% this year."""
    return not passage.lexicon.end_of_claim.match(passage.block.text, number.end)


def _is_elsewhere(passage: Passage, subject: Found) -> bool:
    """Whether the words around tell of another day, a part of the day, or of no fact."""
    words = passage.lexicon
    left, right = max(passage.start, subject.start - _AROUND), min(passage.end, subject.end + _AROUND)
    return any(passage.says(each, left, right) for each in (words.not_of_the_day, words.not_a_claim)) or (
        words.another_subject.has(passage.between(subject.end, min(subject.end + 12, passage.end)))
    )


_AROUND = 80


def _with_verb(passage: Passage, word: Found) -> Iterator[Statement]:
    """The KOSPI rose 2.63%; foreigners net sold ₩3.76tn; 955 stocks rose."""
    words = passage.lexicon
    if word.phrase not in words.past or not words.is_spaced:
        return
    subject = passage.subject_before(word.start)
    number = passage.after(word.end)
    if (
        subject
        and number
        and subject.end <= word.start
        and words.is_filler(passage.between(subject.end, word.start))
    ):
        is_beside = (
            words.is_filler(passage.between(word.end, number.start)) and not number.bound and not number.sign
        )
        other = passage.subject_before(subject.start)
        is_joint = other and words.joined.fullmatch(passage.between(other.end, subject.start))
        if (
            is_beside
            and not is_joint
            and not _is_elsewhere(passage, subject)
            and not passage.is_linked(word.start)
        ):
            yield from _told(passage, word, subject.value, number)


def _told(passage: Passage, word: Found, subject: str, number: Quantity) -> Iterator[Statement]:
    value = abs(number.value) * SIGNS.get(word.value, 1)
    is_market = not any(
        each.value in INDICES or each.value[:1].isdigit() for each in passage.subjects_near(word.start)
    )
    words, text = passage.lexicon, passage.block.text
    follows = words.end_of_claim.match(text, number.end) or words.towards.match(text, number.end + 1)
    if word.value in ("up", "down") and number.unit == "%" and subject in INDICES and follows:
        yield Statement(subject, "change", value, number, passage)
    elif (
        word.value in ("buy", "sell")
        and number.unit == "KRW"
        and subject in INVESTORS
        and follows
        and is_market
    ):
        yield Statement(subject, "net", value, number, passage)


def _of_table(table: Table) -> Iterator[Statement]:
    """The rows of a table that name each subject once."""
    columns = {
        at: name
        for at, cell in enumerate(table.header)
        if (name := cell.lexicon.columns.get(cell.text.strip().lower())) in ("close", "change")
    }
    labels = [row[0].subjects[0].value if row[0].subjects else "" for row in table.body]
    counts = Counter(labels)
    units = {"close": ("number", "KRW"), "change": ("%",)}
    for row, label in zip(table.body, labels, strict=True):
        if not label or counts[label] > 1 or row[0].dates(row[0].start, row[0].end):
            continue
        for at, name in columns.items():
            number = row[at].quantities[0] if at < len(row) and len(row[at].quantities) == 1 else None
            if number and not number.bound and number.unit in units[name]:
                yield Statement(label, name, number.value, number, row[at])
