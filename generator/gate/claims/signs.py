"""A direction word beside a signed number, and beside two levels: what text alone can contradict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.gate.claims.lexicon import SIGNS
from generator.gate.claims.passages import REMEDY
from generator.reading.quantity import MONEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.claims.passages import Passage, Table
    from generator.gate.claims.phrases import Found
    from generator.gate.finding import Remark
    from generator.reading.quantity import Quantity

_LEVELS = frozenset({*MONEY, "%", "pp", "number", "ratio"})


def contradictions(passage: Passage) -> Iterator[Remark]:
    """Words whose own number has the other sign, or whose two levels go the other way."""
    for word in passage.directions:
        if word.value not in ("up", "down", "buy", "sell"):
            continue
        found = _beside(passage, word) or _behind_brackets(passage, word) or _before_brackets(passage, word)
        if found is None:
            found = _between_levels(passage, word)
        elif _agrees(word, found):
            found = None
        # What the words around say costs more than the numbers, so it comes last.
        if found is not None and (_is_compared(passage, word, found) or not _is_denied(passage, word)):
            yield _remark(passage, word, found)
    yield from _won(passage)


def _remark(passage: Passage, word: Found, number: Quantity) -> Remark:
    start, end = min(word.start, number.start), max(word.end, number.end)
    said = passage.between(word.start, word.end)
    return passage.remark(
        start,
        end,
        f"“{said}” goes with the other sign than {number.text}",
        expected="a word and a number that go the same way",
        remedy=REMEDY,
    )


def _is_compared(passage: Passage, word: Found, number: Quantity) -> bool:
    """No other rose as much as Hanwha Solutions (+27.45%): which rose, that is."""
    return bool(passage.lexicon.as_much.fullmatch(_without_name(passage, word.end, number.start)))


def _is_denied(passage: Passage, word: Found) -> bool:
    left, _ = passage.clause(word.start, word.end)
    return passage.says(
        passage.lexicon.not_a_claim, left, word.start if passage.lexicon.is_spaced else word.end + 12
    )


def _fits(word: Found, number: Quantity) -> bool:
    if word.value in ("buy", "sell"):
        return number.unit in MONEY
    return number.unit in ("%", "pp", "number")


def _agrees(word: Found, number: Quantity) -> bool:
    return number.value == 0 or (number.value > 0) == (SIGNS[word.value] > 0)


def _beside(passage: Passage, word: Found) -> Quantity | None:
    """The signed number right behind a word, or before a noun or an adverb: fell -2.6%, a -2.6% fall."""
    words = passage.lexicon
    number = passage.after(word.end)
    if (
        number
        and number.sign
        and _fits(word, number)
        and words.is_filler(passage.between(word.end, number.start))
    ):
        return number
    number = passage.before(word.start)
    if number is None or not number.sign or not _fits(word, number):
        return None
    is_noun = word.phrase in words.nouns or not words.is_spaced
    if not is_noun or not words.is_filler(passage.between(number.end, word.start)):
        return None
    following = passage.between(word.end, min(word.end + 6, passage.end))
    return None if words.turns_away.match(following) else number


def _behind_brackets(passage: Passage, word: Found) -> Quantity | None:
    """Samsung Electronics (+4.86%) cost 64.98 points; POSCO Holdings (-5.69%, -2.02 points) added most."""
    words, text = passage.lexicon, passage.block.text
    close = word.start - 1
    while close > passage.start and text[close].isspace():
        close -= 1
    if text[close] != ")" or word.value not in ("up", "down") or not words.is_verb(word.phrase):
        return None
    opening = text.rfind("(", max(passage.start, close - _FAR), close)
    number = passage.after(opening) if opening >= 0 else None
    if number is None or number.start != opening + 1 or number.unit != "%" or not number.sign:
        return None
    if words.most.match(text, word.end):
        return number
    amount = passage.after(word.end)
    if amount is None or amount.sign or not words.is_filler(text[word.end : amount.start]):
        return None
    behind = amount.end + 1 + len(amount.noun) if words.is_points(amount) else amount.end
    return number if words.end_of_claim.match(text, behind) else None


def _before_brackets(passage: Passage, word: Found) -> Quantity | None:
    """Rose to 7,500 (-0.2%). What comes back from a low may still be down."""
    words = passage.lexicon
    is_plain = word.phrase in words.plain or (passage.block.kind == "title" and words.is_verb(word.phrase))
    if word.value not in ("up", "down") or not is_plain:
        return None
    at, text = word.end, passage.block.text
    for _ in range(3):
        number = passage.after(at)
        if number is None or number.start - at > _FAR:
            return None
        gap = _without_name(passage, at, number.start)
        if number.sign:
            is_named = at > word.end or words.as_much.fullmatch(gap)
            is_alone = gap.rstrip().endswith("(") and text.startswith(")", number.end) and is_named
            is_alone = is_alone and (at == word.end or gap.strip() == "(")
            left, right = max(passage.start, word.start - _LONG), min(passage.end, number.end + _FAR)
            is_part = passage.says(words.not_of_the_day, left, right) or any(
                each.unit == "time" for each in passage.inside(left, right)
            )
            return number if is_alone and number.unit == "%" and not is_part else None
        if not words.is_filler(words.towards.sub(" ", gap)):
            return None
        at = number.end
    return None


def _without_name(passage: Passage, start: int, end: int) -> str:
    text = passage.between(start, end)
    name = passage.subject_before(end)
    if name and name.start >= start:
        text = text[: name.start - start] + text[name.end - start :]
    return text


_FAR = 40
_LONG = 200


def _between_levels(passage: Passage, word: Found) -> Quantity | None:
    """Rose from 105 to 100; the second level if it is on the wrong side."""
    words = passage.lexicon
    if word.value not in ("up", "down") or not words.is_spaced or not words.is_verb(word.phrase):
        return None
    text = passage.block.text
    first = passage.after(word.end)
    if first and words.is_filler(text[word.end : first.start]):
        # By how much it rose.
        gap_start, first = first.end, passage.after(first.end)
    else:
        gap_start = word.end
    second = passage.after(first.end) if first else None
    if first is None or second is None or first.unit != second.unit or first.unit not in _LEVELS:
        return None
    opening, joint = text[gap_start : first.start].strip(), text[first.end : second.start].strip()
    if opening in words.from_a_level and joint in words.to_a_level:
        before, after = first, second
    elif opening in words.to_a_level and joint in words.from_a_level:
        before, after = second, first
    else:
        return None
    left, _ = passage.clause(word.start, word.end)
    if words.runs_against.has(passage.between(left, word.start)) or first.in_words:
        return None
    change = after.value - before.value
    is_wrong = change * SIGNS[word.value] < 0 and abs(change) > before.tolerance + after.tolerance
    return after if is_wrong else None


def _won(passage: Passage) -> Iterator[Remark]:
    """A stronger won beside a higher USD/KRW."""
    for word in passage.directions:
        if word.value not in ("strong", "weak"):
            continue
        left, right = _item(passage, word)
        near = [each for each in passage.subjects_near(word.start) if left <= each.start < right]
        pair = next((each.end for each in near if each.value == "usdkrw"), None)
        if pair is None and "usdkrw" in passage.context:
            pair = left
        is_of_the_won = not passage.lexicon.is_spaced or any(
            each.value == "won" and max(each.start - word.end, word.start - each.end) < _CLOSE
            for each in near
        )
        is_against_another = passage.lexicon.other_currency.has(passage.between(left, right))
        if pair is None or not is_of_the_won or is_against_another:
            continue
        number = passage.after(pair)
        while number and number.start < right and not (number.unit == "%" and number.sign):
            number = passage.after(number.end)
        if number is None or number.start >= right or number.value * SIGNS[word.value] <= 0:
            continue
        if _is_denied(passage, word):
            continue
        following = passage.after(number.end)
        if following and following.start < right and following.unit == "%" and following.sign:
            continue
        yield passage.remark(
            min(word.start, number.start),
            max(word.end, number.end),
            f"a USD/KRW of {number.text} is a {'weaker' if number.value > 0 else 'stronger'} won",
            expected="weaker" if number.value > 0 else "stronger",
            remedy=REMEDY,
        )


def _item(passage: Passage, word: Found) -> tuple[int, int]:
    """The part of an enumeration with semicolons that a word stands in, as far as it is near."""
    text = passage.block.text
    left, right = max(passage.start, word.start - _LONG), min(passage.end, word.end + _LONG)
    stop = text.find(";", word.end, right)
    return max(text.rfind(";", left, word.start) + 1, left), stop if stop >= 0 else right


_CLOSE = 14


def in_table(table: Table) -> Iterator[Remark]:
    """Net sell beside +₩40bn: one column of directions, one of signed numbers."""
    if not any(cell.directions for row in table.body for cell in row):
        return
    for kinds, is_number in ((("buy", "sell"), _is_money), (("up", "down"), _is_rate)):
        columns = range(len(table.header))
        directions = [n for n in columns if any(_direction(row, n) in kinds for row in table.body)]
        numbers = [n for n in columns if any(_signed(row, n, is_number) for row in table.body)]
        if len(directions) != 1 or len(numbers) != 1 or directions == numbers:
            continue
        named = [set(table.header[n].all_subjects()) for n in (directions[0], numbers[0])]
        if named[0] and named[1] and named[0] != named[1]:
            continue
        for row in table.body:
            said, number = _direction(row, directions[0]), _signed(row, numbers[0], is_number)
            if said in kinds and number and number.value * SIGNS[said] < 0:
                cell = row[directions[0]]
                yield cell.remark(
                    cell.start,
                    cell.end,
                    f"“{cell.text}” goes with the other sign than {number.text} beside it",
                    expected="a word and a number that go the same way",
                    remedy=REMEDY,
                )


def _is_money(number: Quantity) -> bool:
    return number.unit in MONEY


def _is_rate(number: Quantity) -> bool:
    return number.unit == "%"


def _direction(row: tuple[Passage, ...], column: int) -> str:
    """The class of a cell that says a direction and nothing else."""
    if column >= len(row) or row[column].quantities or len(row[column].text) > _FAR:
        return ""
    cell = row[column]
    kinds = {word.value for word in cell.directions}
    said = cell.directions[-1] if cell.directions else None
    is_all = said is not None and said.end == cell.end and cell.text.count(" ") <= 1
    return kinds.pop() if len(kinds) == 1 and is_all else ""


def _signed(row: tuple[Passage, ...], column: int, is_number: object) -> Quantity | None:
    """The only number of a cell, if it has a sign."""
    if column >= len(row) or len(row[column].quantities) != 1:
        return None
    number = row[column].quantities[0]
    whole = number.start == row[column].start and number.end == row[column].end
    return number if whole and number.sign and callable(is_number) and is_number(number) else None
