"""Records and superlatives of an index against its history."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from generator.gate.claims.facts import INDEX, INDICES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.gate.claims.facts import Facts
    from generator.gate.claims.passages import Passage
    from generator.gate.finding import Remark
    from generator.gate.knowledge import Knowledge
    from generator.reading.quantity import Quantity

REMEDY = "Leave the superlative out, or correct what it is of"
_AROUND = 60
_CENTURY = 1900


def in_sentence(
    passage: Passage, facts: Facts, knowledge: Knowledge, days: Sequence[dt.date]
) -> Iterator[Remark]:
    """Records that were none, and superlatives since a day after which there was a larger one.

    `days` are the sessions that the post is about.
    """
    if passage.text.endswith("?"):
        return
    yield from _records(passage, facts, knowledge, days)
    if passage.quantities and not facts.is_weekly:
        yield from _since(passage, facts)


def _records(
    passage: Passage, facts: Facts, knowledge: Knowledge, days: Sequence[dt.date]
) -> Iterator[Remark]:
    words, text = passage.lexicon, passage.block.text
    for phrases, metric in ((words.record, "all_time_high"), (words.year_high, "52w_high")):
        for found in phrases.find(passage.words):
            start, end = passage.start + found.start, passage.start + found.end
            index = _index(passage, start, end, facts)
            if not index or passage.is_linked(start) or words.record_of_else.match(text, end):
                continue
            left, right = max(passage.start, start - _AROUND), min(passage.end, end + _AROUND)
            if not words.record_before.search(text[left:start]) and found.phrase.split()[0] not in _ARTICLES:
                continue
            if any(passage.says(words.no_record, *span) for span in ((left, start), (end, right))) or any(
                day not in days for day in passage.dates(left, right)
            ):
                continue
            if _is_denied(index, metric, facts, knowledge, days):
                yield passage.remark(
                    start,
                    end,
                    f"the {index} was at no {passage.between(start, end).removeprefix('a ')}: "
                    + ("an earlier close" if metric == "all_time_high" else "a close of the last 52 weeks")
                    + " is higher",
                    expected="no record",
                    remedy=REMEDY,
                )


_ARTICLES = ("a", "an", "another")


def _index(passage: Passage, start: int, end: int, facts: Facts) -> str:
    """The index that a record is of: the one whose close stands behind it, else the last subject before."""
    number = passage.after(end)
    if number and number.unit == "number" and passage.between(end, number.start).strip() in ("", "of"):
        closes = {index: facts.level(index, "close") for index in INDICES}
        return next(
            (index for index, level in closes.items() if level is not None and number.means(level)), ""
        )
    if passage.block.kind == "title" and len({each.value for each in passage.subjects} & {*INDICES}) > 1:
        return ""
    subject = passage.subject_before(start)
    name = subject.value if subject else passage.context[0] if len(passage.context) == 1 else ""
    return INDICES[0] if name == INDEX else name if name in INDICES else ""


def _is_denied(index: str, metric: str, facts: Facts, knowledge: Knowledge, days: Sequence[dt.date]) -> bool:
    """Whether the history knows that there was none; what it cannot tell is not denied."""
    if metric == "all_time_high":
        stated = {quote.index: quote.all_time_high for quote in facts.session.indices}.get(index)
        if stated is not None:
            return not stated and not facts.is_weekly
    values = [knowledge.measures(day).get(f"{index.lower()}_{metric}") for day in days]
    return bool(values) and all(value == 0 for value in values)


def _since(passage: Passage, facts: Facts) -> Iterator[Remark]:
    """Its largest fall since April 7, 2025."""
    words, text = passage.lexicon, passage.block.text
    for found in passage.having(words.since):
        number = passage.after(found.end()) if words.since_behind else passage.before(found.start())
        index = _index(passage, found.start(), found.start(), facts)
        if number is None or not index or passage.is_linked(found.start()):
            continue
        rank = passage.before(found.start())
        if rank and rank.unit == "ordinal" and not passage.between(rank.end, found.start()).strip(" -‐–"):
            continue
        gap = text[found.end() : number.start] if words.since_behind else text[number.end : found.start()]
        until = _last_day(number)
        left, _ = passage.clause(found.start(), found.end())
        if gap.strip() or until is None or passage.says(words.not_a_claim, left, found.start()):
            continue
        what = found["what"].lower()
        direction = words.directions.get(what, "")
        change = facts.move(index)
        if direction in ("up", "down") and change and (change > 0) != (direction == "up"):
            yield passage.remark(
                found.start("what"),
                found.end("what"),
                f"“{found['what']}” contradicts the data: {index} changed {change:+.2f}%",
                expected="rise" if change > 0 else "fall",
                remedy=REMEDY,
            )
            continue
        metric = {"up": "largest_rise_since", "down": "largest_fall_since"}.get(direction)
        if metric is None and not direction:
            kind = words.superlative_of(text[found.start() : found.start("what")])
            metric = {"highest": "highest_since", "lowest": "lowest_since"}.get(kind)
        last = facts.measured(f"{index.lower()}_{metric}") if metric else None
        day = last if isinstance(last, dt.date) else None
        if day is not None and day > until:
            yield passage.remark(
                found.start(),
                number.end,
                f"on {day.isoformat()} there was one as large, or larger",
                expected=f"since {day.isoformat()}",
                remedy="Correct the date",
            )


def _last_day(number: Quantity) -> dt.date | None:
    """The last day of a day, a month with its year, or a year."""
    if number.unit == "date":
        return number.day
    if number.unit == "month" and number.day:
        following = number.day.replace(day=28) + dt.timedelta(days=4)
        return following - dt.timedelta(days=following.day)
    if number.unit == "year" and number.value > _CENTURY:
        return dt.date(int(number.value), 12, 31)
    return None
