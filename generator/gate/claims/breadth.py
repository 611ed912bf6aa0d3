"""What all stocks did: how many rose and fell, against the counts of the data."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from generator.gate.claims.facts import INDICES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.claims.facts import Facts
    from generator.gate.claims.passages import Passage
    from generator.gate.claims.phrases import Found
    from generator.gate.finding import Remark
    from generator.reading.quantity import Quantity

_FEWEST = 20
"""Counts of stocks below are too common to tell what they count."""
_LONG_MORE = 28
_OBJECT = 10


def counted(passage: Passage, word: Found, number: Quantity, facts: Facts, *, is_behind: bool) -> str:
    """What the data says instead of a count of stocks that rose or fell."""
    words = passage.lexicon
    is_named = word.phrase in words.labels or not words.is_spaced
    if not is_behind and words.of_count.match(passage.block.text, word.end):
        return ""
    if number.in_words or number.value < _FEWEST or (is_behind and not is_named):
        return ""
    days = passage.dates(*passage.clause(word.start, word.end))
    if days and facts.session.date not in days:
        return ""
    rising, falling = (
        any(fact.measure == "count" and fact.value == number.value for fact in facts.of(which))
        for which in ("advancers", "decliners")
    )
    if rising == falling or rising == (word.value == "up"):
        return ""
    return f"{number.text} stocks {'rose' if rising else 'fell'}"


def share(passage: Passage, word: Found, number: Quantity, facts: Facts) -> str:
    """What the data says instead of a share of stocks that rose or fell."""
    days = passage.dates(*passage.clause(word.start, word.end))
    if days and facts.session.date not in days:
        return ""
    rising, falling = (
        any(fact.measure == "share" and number.means(fact.value) for fact in facts.of(which))
        for which in ("advancers", "decliners")
    )
    if rising == falling or rising == (word.value == "up"):
        return ""
    return f"{number.text} of stocks {'rose' if rising else 'fell'}"


def more_than(passage: Passage, facts: Facts) -> Iterator[Remark]:
    """More stocks fell than rose."""
    words, text = passage.lexicon, passage.block.text
    before, between, behind = words.comparison
    for first, second in itertools.pairwise(
        each for each in passage.directions if each.value in ("up", "down")
    ):
        if not between.fullmatch(passage.between(first.end, second.start)):
            continue
        lead = text[max(passage.start, first.start - _LONG_MORE) : first.start]
        if not before.search(lead) or not behind.match(text[second.end : second.end + _LONG_MORE]):
            continue
        market = [
            each.value
            for each in passage.subjects_near(second.end)
            if 0 <= each.start - second.end <= _OBJECT
            and passage.segment(second.start, second.end)[1] > each.start
        ]
        scope = market[0] if market and market[0] in INDICES else "all"
        wrong = _breadth(first.value == "up", facts, scope)
        if first.value != second.value and (
            not wrong or (words.is_spaced and first.phrase not in words.past)
        ):
            continue
        number = passage.before(first.start) if words.is_spaced else passage.after(second.end)
        left, right = passage.segment(first.start, second.end)
        is_known = number and number.unit == "number" and wrong.endswith(f": {number.value:,}")
        if not is_known and any(
            passage.says(each, left, right) for each in (words.not_of_the_day, words.not_a_claim)
        ):
            continue
        if any(day != facts.session.date for day in passage.dates(left, right)):
            continue
        yield passage.contradicted(
            first.start, second.end, wrong or "rose and fell are one another's opposites"
        )


def _breadth(is_rising: bool, facts: Facts, scope: str = "all") -> str:  # noqa: FBT001 - the claim itself
    """What the data says instead of more rose than fell, or the reverse; empty if it agrees or has nothing."""
    rising, falling = facts.count("advancers", scope), facts.count("decliners", scope)
    if rising is None or falling is None or rising == falling or (rising > falling) == is_rising:
        return ""
    return f"{rising:,} stocks rose and {falling:,} fell: {abs(rising - falling):,}"


def led(passage: Passage, word: Found, facts: Facts) -> Remark | None:
    """Risers led fallers; fallers were ahead."""
    who = passage.subject_before(word.start)
    if who is None or who.value not in ("advancers", "decliners") or who.end > word.start:
        return None
    if not passage.lexicon.is_filler(passage.between(who.end, word.start)):
        return None
    left, right = passage.segment(who.start, word.end)
    words = passage.lexicon
    if any(passage.says(each, left, right) for each in (words.not_of_the_day, words.not_a_claim)):
        return None
    if any(day != facts.session.date for day in passage.dates(left, right)):
        return None
    market = [each.value for each in passage.subjects_near(word.end) if left <= each.start < right]
    scope = next((each for each in market if each in INDICES), "all")
    wrong = _breadth((who.value == "advancers") == (word.value == "ahead"), facts, scope)
    return passage.contradicted(who.start, word.end, wrong) if wrong else None
