"""A direction word against what the data says of its subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.gate.claims import breadth
from generator.gate.claims.facts import INDICES, INVESTORS, Fact, Facts
from generator.gate.claims.lexicon import SIGNS
from generator.gate.claims.outright import outright, subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.gate.claims.lexicon import Lexicon
    from generator.gate.claims.passages import Passage
    from generator.gate.claims.phrases import Found
    from generator.gate.finding import Remark
    from generator.reading.quantity import Quantity

_AROUND = 160
_NEAR_SUBJECT = 14
_FINE = {"%": 0.011, "pp": 0.011}
"""So finely written, a number is its subject's beyond doubt."""
_THREE_DIGITS = 150


def contradictions(passage: Passage, facts: Facts) -> Iterator[Remark]:
    """Words of a passage that the data contradicts."""
    if passage.block.quoted:
        return
    if not facts.is_weekly:
        yield from breadth.more_than(passage, facts)
    trader: Found | None = None
    for word in passage.directions:
        if word.value not in SIGNS or passage.is_linked(word.start):
            continue
        remark = _by_number(passage, word, facts)
        if remark is None and not facts.is_weekly:
            trader = subject_of(passage, word, trader)
            is_lead = word.value in ("ahead", "behind")
            remark = breadth.led(passage, word, facts) if is_lead else outright(passage, word, trader, facts)
        if remark:
            yield remark


# --- With a number: the word is held against the number of the data that it stands for -----------------


def _by_number(passage: Passage, word: Found, facts: Facts) -> Remark | None:
    for number, is_behind in _numbers(passage, word):
        wrong = _instead(passage, word, number, facts, is_behind=is_behind)
        if wrong and not _is_open(passage, word):
            return passage.contradicted(min(word.start, number.start), max(word.end, number.end), wrong)
    return None


def _instead(passage: Passage, word: Found, number: Quantity, facts: Facts, *, is_behind: bool) -> str:
    """What the data says instead of a word with its number; empty if it agrees or knows nothing."""
    words = passage.lexicon
    if word.value in ("ahead", "behind"):
        return _apart(passage, word, number, facts)
    if word.value in ("up", "down"):
        if number.unit == "number" and not words.is_points(number):
            counted = breadth.counted(passage, word, number, facts, is_behind=is_behind)
            return counted or _added(passage, word, number, facts)
        if not is_behind and words.of_stocks.fullmatch(passage.between(number.end, word.start)):
            return breadth.share(passage, word, number, facts)
    return _moved(passage, word, number, facts)


def _numbers(passage: Passage, word: Found) -> Iterator[tuple[Quantity, bool]]:
    """The numbers that belong to a word: the one right behind it, and the one right before it."""
    words = passage.lexicon
    number = passage.after(word.end)
    if number and not number.bound:
        named = words.labels.get(word.phrase) in ("advancers", "decliners") and word.phrase not in words.nouns
        is_lead = word.value in ("ahead", "behind")
        gap = (
            _without_index(passage, word.end, number.start)
            if is_lead
            else passage.between(word.end, number.start)
        )
        if words.is_filler(gap.replace(":", " ") if named else gap):
            yield number, True
    number = passage.before(word.start)
    if number is None:
        return
    is_share = number.unit == "%" and words.of_stocks.fullmatch(passage.between(number.end, word.start))
    if is_share or (not number.bound and words.is_filler(_without_trader(passage, number.end, word.start))):
        yield number, False


def _without_index(passage: Passage, start: int, end: int) -> str:
    """What stands between a word and a number, but for the index it is measured against."""
    text = passage.between(start, end)
    other = passage.subject_before(end)
    if other and other.value in INDICES and start <= other.start:
        text = text[: other.start - start] + text[other.end - start :]
    return text


def _without_trader(passage: Passage, start: int, end: int) -> str:
    """What stands between a number and a word, but for who trades: ₩2.2tn of foreign selling."""
    text = passage.between(start, end)
    who = passage.subject_before(end)
    if who and who.value in INVESTORS and start <= who.start and who.end <= end:
        text = text[: who.start - start] + text[who.end - start :]
    return text


def _is_open(passage: Passage, word: Found) -> bool:
    """Whether the clause leaves open, or denies, that it was so."""
    left, right = passage.clause(word.start, word.end)
    words = passage.lexicon
    end = word.start if words.is_spaced and words.is_verb(word.phrase) else right
    return passage.says(words.not_a_claim, left, end)


def _moved(passage: Passage, word: Found, number: Quantity, facts: Facts) -> str:
    """What the data says instead of a move, or of an amount bought; empty if nothing."""
    is_trade = word.value in ("buy", "sell")
    if number.unit == "KRW" if is_trade else number.unit == "%" or passage.lexicon.is_points(number):
        wanted = (
            ("net",)
            if is_trade
            else ("points",)
            if passage.lexicon.is_points(number)
            else ("change", "open", "high", "low")
        )
    else:
        return ""
    nearest = _subjects_of(passage, word, number)
    subjects = (*nearest, *(each.value for each in passage.subjects_near(word.start)), *passage.context)
    found = [
        (subject, fact)
        for subject in dict.fromkeys(subjects)
        for fact in facts.of(subject)
        if fact.measure in wanted and _is(fact, number)
    ]
    if not found:
        return _added(passage, word, number, facts)
    around = passage.between(max(passage.start, word.start - _AROUND), word.end + _AROUND).lower()
    found = [each for each in found if _is_named(each[1].measure, around, passage.lexicon)]
    is_fine = _is_fine(number)
    days = passage.dates(*passage.segment(min(word.start, number.start), max(word.end, number.end)))
    found = [each for each in found if _is_of_days(each[1], days, facts)]
    sign = SIGNS[word.value]
    if not found:
        return _added(passage, word, number, facts)
    if any(fact.value * sign >= 0 for _, fact in found):
        return ""
    subject, fact = found[0]
    if not is_fine:
        left, right = passage.clause(min(word.start, number.start), max(word.end, number.end))
        is_part = fact.measure == "change" and passage.says(passage.lexicon.not_of_the_day, left, right)
        if subject not in nearest or is_part:
            return ""
    shown = f"{fact.value:+,.2f}{'%' if fact.measure not in ('net', 'points') else ''}"
    return f"{facts.name(subject)} {_MEASURES[fact.measure]} {shown}"


def _subjects_of(passage: Passage, word: Found, number: Quantity) -> tuple[str, ...]:
    """Whom a word and its number are most likely of.

    The subject before it, the one right behind the number (net sold ₩1.6tn of SK hynix); without one in the
    sentence, the only one of the sentence before.
    """
    behind = [
        each.value for each in passage.subjects_near(number.end) if 0 <= each.start - number.end <= _OBJECT
    ]
    before = passage.subject_before(word.end)
    if before:
        return (*behind, before.value)
    return (*behind, *(passage.context if len(passage.context) == 1 else ()))


_MEASURES = {
    "change": "changed", "open": "opened at", "high": "had its high at", "low": "had its low at",
    "points": "changed by points", "net": "net bought, in KRW,"
}  # fmt: skip


def _is(fact: Fact, number: Quantity) -> bool:
    return abs(abs(fact.value) - abs(number.value)) <= number.tolerance < abs(fact.value)


def _is_fine(number: Quantity) -> bool:
    if number.unit in _FINE:
        return float(number.resolution) < _FINE[number.unit]
    return bool(number.resolution) and abs(number.value) / number.resolution > _THREE_DIGITS


def _is_named(measure: str, around: str, words: Lexicon) -> bool:
    """Whether open, high or low is spoken of, where the number is one's."""
    names = [name for name, column in words.columns.items() if column == measure]
    return measure not in ("open", "high", "low") or any(name in around for name in names)


def _is_of_days(fact: Fact, days: Sequence[object], facts: Facts) -> bool:
    return fact.day in days if days and facts.session.date not in days else True


def _added(passage: Passage, word: Found, number: Quantity, facts: Facts) -> str:
    """Of the points that a stock added to the index: as it rose or fell."""
    nearest = passage.subject_before(word.start)
    stock = nearest and facts.stock(nearest.value)
    is_amount = number.unit == "number" and number.start > word.end and number.resolution < 1
    if nearest is None or not stock or not is_amount or not passage.lexicon.is_verb(word.phrase):
        return ""
    change = facts.move(stock.code)
    left, right = passage.clause(word.start, word.end)
    gap = passage.between(nearest.end, word.start)
    if not change or change * SIGNS[word.value] > 0 or len(gap) > _NEAR_SUBJECT or passage.dates(left, right):
        return ""
    return f"{facts.name(stock.code)} changed {change:+.2f}%"


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
