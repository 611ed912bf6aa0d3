"""What all stocks did: how many rose and fell, against the counts of the data."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from generator.gate.claims.facts import INDICES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.claims.facts import Facts, Measure
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
    part = passage.before(number.start)
    if not is_behind and part and words.of_which.fullmatch(passage.between(part.end, number.start)):
        # 1,962 of 2,786 stocks fell.
        number = part
    if number.in_words or number.value < _FEWEST or (is_behind and not is_named):
        return ""
    days = passage.dates(*passage.clause(word.start, word.end))
    if days and facts.session.date not in days:
        return ""
    rising, falling = _known("count", number, facts)
    if _fits(word, rising=rising, falling=falling):
        return ""
    return f"{number.text} stocks {'rose' if rising else 'fell'}"


def _known(measure: Measure, number: Quantity, facts: Facts) -> tuple[bool, bool]:
    """Whether the data has a number of risers, and of fallers."""
    rising, falling = (
        any(fact.measure == measure and number.means(fact.value) for fact in facts.of(which))
        for which in ("advancers", "decliners")
    )
    return rising, falling


def _fits(word: Found, *, rising: bool, falling: bool) -> bool:
    """Whether a number that the data has of risers or fallers, or of both or none, goes with a word."""
    return rising == falling or rising is (word.value == "up")


def share(passage: Passage, word: Found, number: Quantity, facts: Facts) -> str:
    """What the data says instead of a share of stocks that rose or fell."""
    days = passage.dates(*passage.clause(word.start, word.end))
    if days and facts.session.date not in days:
        return ""
    rising, falling = _known("share", number, facts)
    if _fits(word, rising=rising, falling=falling):
        return ""
    return f"{number.text} of stocks {'rose' if rising else 'fell'}"


def more_than(passage: Passage, facts: Facts) -> Iterator[Remark]:
    """More stocks fell than rose. More fell, 1,455 against 955."""
    moves = [each for each in passage.directions if each.value in ("up", "down")]
    for word in moves:
        if wrong := _more_against(passage, word, facts):
            yield passage.contradicted(word.start, word.end, wrong)
    for first, second in itertools.pairwise(moves):
        if not _is_comparison(passage, first, second):
            continue
        if first.phrase == second.phrase and first.phrase in passage.lexicon.past:
            yield passage.contradicted(first.start, second.end, "what rises does not fall")
            continue
        left, right = passage.segment(first.start, second.end)
        wrong = _breadth(facts, _market(passage, second.end, right), is_rising=first.value == "up")
        if not wrong or any(day != facts.session.date for day in passage.dates(left, right)):
            continue
        words = passage.lexicon
        number = passage.before(first.start) if words.is_spaced else passage.after(second.end)
        is_there = number and left <= number.start < right and number.unit == "number"
        is_known = number and is_there and wrong.endswith(f": {number.value:,}")
        is_told = not words.is_spaced or first.phrase in words.past
        if is_known or (is_told and _is_of_the_day(passage, facts, left, right)):
            yield passage.contradicted(first.start, second.end, wrong)


def _more_against(passage: Passage, word: Found, facts: Facts) -> str:
    """What the data says instead of more fell, 1,455 against 955."""
    one = passage.after(word.end)
    two = passage.after(one.end) if one else None
    if one is None or two is None or passage.between(word.end, one.start).strip() != ",":
        return ""
    before, _, _ = passage.lexicon.comparison
    if not before.search(passage.between(max(passage.start, word.start - _LONG_MORE), word.start)):
        return ""
    wrong = _breadth(facts, "all", is_rising=word.value == "up")
    return wrong if {one.value, two.value} == {facts.count("advancers"), facts.count("decliners")} else ""


def _is_comparison(passage: Passage, first: Found, second: Found) -> bool:
    words, text = passage.lexicon, passage.block.text
    before, between, behind = words.comparison
    return bool(
        between.fullmatch(passage.between(first.end, second.start))
        and before.search(text[max(passage.start, first.start - _LONG_MORE) : first.start])
        and behind.match(text[second.end : second.end + _LONG_MORE])
    )


def _market(passage: Passage, start: int, end: int) -> str:
    """The market that is named right behind."""
    near = [each for each in passage.subjects_near(start) if start <= each.start < min(end, start + _OBJECT)]
    return next((each.value for each in near if each.value in INDICES), "all")


def _is_of_the_day(passage: Passage, facts: Facts, start: int, end: int) -> bool:
    """Whether a part says what was, of the session from its start to its end."""
    words = passage.lexicon
    if passage.is_of_another_day(facts.session.date) or any(
        passage.says(each, start, end) for each in (words.not_of_the_day, words.not_a_claim)
    ):
        return False
    return all(day == facts.session.date for day in passage.dates(start, end))


def _breadth(facts: Facts, scope: str, *, is_rising: bool) -> str:
    """What the data says instead of more rose than fell, or the reverse; empty if it does not differ."""
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
    if not _is_of_the_day(passage, facts, left, right):
        return None
    market = [each.value for each in passage.subjects_near(word.end) if left <= each.start < right]
    scope = next((each for each in market if each in INDICES), "all")
    wrong = _breadth(facts, scope, is_rising=(who.value == "advancers") is (word.value == "ahead"))
    return passage.contradicted(who.start, word.end, wrong) if wrong else None
