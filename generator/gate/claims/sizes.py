"""Sizes in words against numbers: most, half, two in three, narrowed, doubled, more X than Y."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from generator.gate.claims.facts import INDICES
from generator.reading.quantity import MONEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.claims.facts import Facts
    from generator.gate.claims.passages import Passage
    from generator.gate.claims.phrases import Found
    from generator.gate.finding import Remark
    from generator.reading.quantity import Quantity

REMEDY = "Correct the word or the number"
_AROUND = 120


def in_sentence(passage: Passage, facts: Facts | None) -> Iterator[Remark]:
    """What a sentence says of sizes."""
    if passage.quantities and passage.sizes:
        yield from _beside_share(passage)
    if len(passage.quantities) > 1:
        if passage.sizes or passage.directions:
            yield from _two_sizes(passage)
        yield from _more_than(passage)
    if facts and passage.directions and not facts.is_weekly:
        yield from _of_stocks(passage, facts)


def _fits(name: str, share: Decimal, room: Decimal, passage: Passage) -> bool:
    low, high = passage.lexicon.shares[name]
    strict = low if name in _MORE_THAN else None
    if strict is not None and share + room <= Decimal(repr(strict)):
        return False
    return Decimal(repr(low)) - room <= share <= Decimal(repr(high)) + room and not (
        name in _LESS_THAN and share - room >= Decimal(repr(high))
    )


_MORE_THAN = frozenset({"most", "over_half"})
_LESS_THAN = frozenset({"under_half"})


def _beside_share(passage: Passage) -> Iterator[Remark]:
    """More than half of it (38%)."""
    text = passage.block.text
    for word in passage.sizes:
        number = passage.after(word.end)
        if word.value not in passage.lexicon.shares or number is None or number.unit != "%" or number.sign:
            continue
        gap = passage.between(word.end, number.start)
        if (
            len(gap) > _FAR
            or not _OPENING.fullmatch(gap)
            or not text.startswith(")", number.end)
            or number.bound
        ):
            continue
        if not _fits(word.value, number.value, number.tolerance, passage):
            yield _wrong(
                passage, word, number, f"{number.text} is not {passage.between(word.start, word.end).lower()}"
            )


_FAR = 40
_OPENING = re.compile(
    r"\s+(?:of\s+)?(?:(?:the|it|them|all|its|this|that|these)\s*)?(?:[\w’'-]{1,16}\s){0,2}\(|\s?\("
)


def _wrong(passage: Passage, word: Found, number: Quantity, message: str) -> Remark:
    return passage.remark(
        min(word.start, number.start),
        max(word.end, number.end),
        message,
        expected="a word that fits the number",
        remedy=REMEDY,
    )


def _two_sizes(passage: Passage) -> Iterator[Remark]:
    """Narrowed from 1.2 pp to 2.8 pp; doubled from 3 to 4."""
    if not passage.lexicon.is_spaced:
        return
    words = [each for each in passage.directions if each.value in ("wider", "narrower")]
    words += [each for each in passage.sizes if each.value in passage.lexicon.times]
    for word in words:
        first = passage.after(word.end)
        second = passage.after(first.end) if first else None
        if first is None or second is None or first.unit != second.unit or first.unit not in _UNITS:
            continue
        opening = passage.between(word.end, first.start).strip().lower()
        joint = (
            passage.between(first.end, second.start).lower().removeprefix(f" {first.noun.lower()}").strip()
        )
        if opening not in passage.lexicon.from_a_level or joint not in passage.lexicon.to_a_level:
            continue
        if passage.says(passage.lexicon.not_a_claim, *passage.clause(word.start, word.end)):
            continue
        one, two = abs(first.value), abs(second.value)
        room = first.tolerance + second.tolerance
        said = passage.between(word.start, word.end)
        if word.value in ("wider", "narrower"):
            if abs(two - one) > room and (two > one) != (word.value == "wider"):
                yield _wrong(passage, word, second, f"“{said}” contradicts {first.text} and {second.text}")
        elif one:
            low, high = passage.lexicon.times[word.value]
            ratio = two / one
            if not Decimal(repr(low)) <= ratio <= Decimal(repr(high)):
                message = f"“{said}” contradicts {first.text} and {second.text}: {ratio:.2f} times"
                yield _wrong(passage, word, second, message)


_UNITS = frozenset({*MONEY, "%", "pp", "number", "ratio"})


def _more_than(passage: Passage) -> Iterator[Remark]:
    """More decliners (955) than advancers (1,455)."""
    for found in passage.having(passage.lexicon.more_than):
        one, two = passage.after(found.start("one")), passage.after(found.start("two"))
        if one is None or two is None or one.start != found.start("one") or two.start != found.start("two"):
            continue
        if one.unit != two.unit or one.value == two.value:
            continue
        is_more = found["word"].lower() == "more"
        if (one.value > two.value) != is_more:
            yield passage.remark(
                found.start("word"),
                found.end("word"),
                f"“{found['word']}” contradicts {one.text} and {two.text}",
                expected="fewer" if is_more else "more",
                remedy=REMEDY,
            )


# --- Most stocks rose --------------------------------------------------------------------------------------


def _of_stocks(passage: Passage, facts: Facts) -> Iterator[Remark]:
    """A size of all stocks, and what they did, against the counts of the data."""
    for found in passage.having(passage.lexicon.most_stocks):
        rising, falling, listed = (facts.count(each) for each in ("advancers", "decliners", "listed"))
        if rising is None or falling is None or not rising + falling:
            return
        word = passage.direction_at(found.end())
        possible = _range(found, passage)
        if word is None or possible is None or word.value not in ("up", "down"):
            continue
        if not _is_told(passage, word, facts, found.start()):
            continue
        part = rising if word.value == "up" else falling
        shares = [Decimal(part) / whole * 100 for whole in (rising + falling, listed) if whole]
        if not any(possible[0] <= each <= possible[1] for each in shares):
            yield passage.remark(
                found.start("size"),
                word.end,
                f"{part:,} of {listed or rising + falling:,} stocks "
                f"{'rose' if word.value == 'up' else 'fell'}: {shares[-1]:.1f}%",
                expected=f"{shares[-1]:.1f}%",
                remedy=REMEDY,
            )


def _range(found: re.Match[str], passage: Passage) -> tuple[Decimal, Decimal] | None:
    """The shares that a size stands for: in words, or as two numbers; with more or fewer, one side of it."""
    words = passage.lexicon
    named = next(words.size.find(found["size"]), None)
    if named is not None and named.value in words.shares:
        low, high = (Decimal(repr(each)) for each in words.shares[named.value])
    else:
        two = passage.inside(found.start("size"), found.end("size"))
        if len(two) != 2 or not 0 < two[0].value < two[1].value:  # noqa: PLR2004 - two in three
            return None
        low, high = (two[0].value / two[1].value * 100 + each for each in (-_ROOM, _ROOM))
    bound = (found["bound"] or "").lower()
    if bound.startswith(("more", "over")):
        return (low + high) / 2, Decimal(100)
    if bound.startswith(("fewer", "less", "under")):
        return Decimal(0), (low + high) / 2
    return low, high


_ROOM = Decimal(6)


def _is_told(passage: Passage, word: Found, facts: Facts, start: int) -> bool:
    """Whether it is said of the whole market on the session's day."""
    words, text = passage.lexicon, passage.block.text
    day = facts.session.date
    left, right = max(passage.start, start - _AROUND), min(passage.end, word.end + _AROUND)
    if text[passage.end - 1] == "?" or passage.block.kind == "heading" or word.phrase not in words.told:
        return False
    before, _ = passage.clause(start, word.end)
    if passage.says(words.not_a_claim, before, start) or passage.says(words.not_of_the_day, start, right):
        return False
    if any(
        each.value in INDICES and start <= each.start <= word.end + _NEXT
        for each in passage.subjects_near(start)
    ):
        return False
    return not passage.is_of_another_day(day) and all(each == day for each in passage.dates(left, right))


_NEXT = 14
