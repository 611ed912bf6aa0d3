"""Directions without a number: only what cannot be meant otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.gate.claims.facts import INDICES, INVESTORS
from generator.gate.claims.lexicon import SIGNS
from generator.gate.claims.phrases import Found

if TYPE_CHECKING:
    from generator.gate.claims.facts import Facts
    from generator.gate.claims.passages import Passage
    from generator.gate.finding import Remark

_LINK = 12
_NEAR_SUBJECT = 14
_SLIGHT = 0.05


def subject_of(passage: Passage, word: Found, trader: Found | None) -> Found | None:
    """Whose verb a word is: the subject right before it, or the one of the verb that it goes on from."""
    words = passage.lexicon
    subject = passage.subject_before(word.start)
    gap = passage.between(subject.end, word.start) if subject and subject.end <= word.start else "-"
    if subject and words.is_filler(gap) and len(gap) <= _NEAR_SUBJECT:
        return subject
    before = passage.between(max(passage.start, word.start - _LINK), word.start)
    if trader and words.goes_on.search(before):
        return trader
    if word.start - passage.start <= _LINK and words.they.fullmatch(
        passage.between(passage.start, word.start).strip()
    ):
        known = [each for each in passage.context if each in INVESTORS or each in INDICES]
        if len(known) == 1:
            return Found(passage.start, word.start, "", known[0])
    return None


def outright(passage: Passage, word: Found, subject: Found | None, facts: Facts) -> Remark | None:
    """The KOSPI fell. Foreigners bought. Nothing told of a part of the day, another day or a condition."""
    words = passage.lexicon
    if subject is None or word.phrase not in words.past or passage.block.kind in ("title", "heading"):
        return None
    if passage.is_of_another_day(facts.session.date) or not _is_whole_day(passage, subject, word, facts):
        return None
    if words.preposition.search(passage.between(max(passage.start, subject.start - _LINK), subject.start)):
        return None
    name = subject.value
    if (
        word.value in ("up", "down")
        and name in INDICES
        and words.end_of_claim.match(passage.block.text, word.end)
    ):
        move = facts.move(name)
        said = None if move is None or abs(move) < _SLIGHT else f"{name} changed {move:+.2f}%"
        wrong = said if move and move * SIGNS[word.value] < 0 else None
    elif word.value in ("buy", "sell") and name in INVESTORS:
        wrong = _traded(passage, word, name, facts)
    else:
        return None
    if not wrong:
        return None
    return passage.contradicted(word.start, word.end, wrong)


def _is_whole_day(passage: Passage, subject: Found, word: Found, facts: Facts) -> bool:
    words, text = passage.lexicon, passage.block.text
    left, right = passage.segment(min(subject.start, word.start), word.end)
    before = text[max(left, subject.start - 12) : subject.start]
    following = text[subject.end : subject.end + 14]
    if text[passage.end - 1] == "?" or any(
        passage.says(each, left, right) for each in (words.not_of_the_day, words.not_a_claim)
    ):
        return False
    if words.another_subject.has(following) or words.another_subject.has(before):
        return False
    if any(each.unit == "time" for each in passage.inside(left, right)):
        return False
    return all(day == facts.session.date for day in passage.dates(left, right))


def _traded(passage: Passage, word: Found, investor: str, facts: Facts) -> str | None:
    """What an investor did instead: with the market, or with the stocks named right behind the verb."""
    sign, words = SIGNS[word.value], passage.lexicon
    named = [each for each in passage.subjects_near(word.end) if each.start >= word.end]
    at, wrong = word.end, []
    for each in named:
        gap = passage.between(at, each.start)
        if gap.strip() and not words.joined.fullmatch(gap):
            break
        scope = facts.net(investor, each.value)
        if scope * sign < 0:
            wrong.append(facts.name(each.value))
        at = each.end
    if wrong:
        return f"{investor} net {'sold' if sign > 0 else 'bought'} {', '.join(wrong)}"
    is_of_the_market = at == word.end and not named and words.end_of_claim.match(passage.block.text, word.end)
    if is_of_the_market and facts.net(investor) * sign < 0:
        return f"{investor} net {'sold' if sign > 0 else 'bought'} on the KOSPI"
    return None
