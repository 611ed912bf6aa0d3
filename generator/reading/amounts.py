"""One number of a text: sign, currency, digits, scale and unit, read from where it starts."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from generator.reading.lexicon import as_listed
from generator.reading.quantity import MONEY, Quantity
from generator.reading.ranges import Read

if TYPE_CHECKING:
    from generator.reading.lexicon import Lexicon
    from generator.reading.quantity import Unit

HALF = Decimal("0.5")
_ONE = Decimal(1)
_MOST_DIGITS = 30
"""What is longer counts nothing."""
_BEFORE = 24
"""Most characters before a quantity that say how it is meant."""
_BASIS_POINT = Decimal("0.01")
_UNITS: dict[str, tuple[Unit, Decimal]] = {
    "per_cent": ("%", _ONE),
    "pp": ("pp", _ONE),
    "bp": ("pp", _BASIS_POINT),
    "times": ("ratio", _ONE),
}
"""The unit and its factor by what the lexicon calls it."""
_DECADE = Decimal(10)
_WORD = re.compile(r"\w*")
_YEAR = re.compile(r"(?:19|20)\d\d")


class _Amount(NamedTuple):
    """Digits with their scales."""

    value: Decimal
    step: Decimal
    """Of the last digit."""
    end: int
    scale: Decimal = _ONE
    """The first and largest."""
    word: str = ""
    """As it is written."""


def read_number(text: str, start: int, words: Lexicon) -> tuple[Read | None, int]:
    """The number that starts at a place, None if it is a part of something else; and where to go on."""
    # Most begin with a digit: nothing stands before those.
    prefix = None if text[start].isdecimal() else words.prefix.match(text, start)
    digits = words.number.match(text, prefix.end() if prefix else start)
    if digits is None:  # pragma: no cover - the scan has seen them
        return None, start + 1
    end = digits.end()
    if end - digits.start() > _MOST_DIGITS:
        return None, end
    # What nothing follows need not be asked what does.
    is_closed = _is_closed(text, end, words)
    special = None if is_closed else _ordinal_or_decade(text, start, digits, words)
    if special:
        return special, special.quantity.end
    lead, mark, inner = prefix.groups("") if prefix else ("", "", "")
    amount = _Amount(*value_of(digits[0], words.decimal), end) if is_closed else _scaled(text, digits, words)
    unit, factor, end = _unit(text, amount.end, mark, words, is_closed=is_closed)
    is_money = unit in MONEY
    if amount.word in words.money_scales and not is_money:
        # Five m: metres or minutes, for all that is known.
        return None, _behind_word(text, digits.end())
    if not is_closed and words.runs_on.match(text, end):
        return None, _behind_word(text, end)
    if mark and not is_money:
        # USD +3.1%: the mark belongs to a name before it.
        start, lead = digits.start() - len(inner), ""
    sign = _sign(lead or inner, words)
    written = text[start:end]
    resolution = amount.step * factor * HALF
    of = noun(text, end, words) if unit == "number" and not is_closed else ""
    if unit == "number" and _is_year(written, of, digits[0], words):
        unit, resolution, of = "year", Decimal(0), ""
    is_about, bound = _said(text, start, end, words)
    quantity = Quantity(
        start=start,
        end=end,
        text=written,
        value=(-amount.value if sign == "-" else amount.value) * factor,
        unit=unit,
        resolution=resolution,
        sign=sign,
        approximate=is_about,
        bound=bound,
        noun=of,
    )
    has_unit = bool(mark) or end > amount.end
    return Read(quantity, amount.scale * factor, has_unit), end


def _is_closed(text: str, end: int, words: Lexicon) -> bool:
    """Whether the text ends at a place, or a mark stands there behind which nothing belongs to a number."""
    return end == len(text) or text[end] in words.closing


def _ordinal_or_decade(text: str, start: int, digits: re.Match[str], words: Lexicon) -> Read | None:
    """21st, 3위; the 1470s, from 1,470 to 1,480."""
    end, written = digits.end(), digits[0]
    if start != digits.start() or not written.replace(",", "").isdigit():
        return None
    decade = end + len(words.decade)
    is_decade = words.decade and text.startswith(words.decade, end) and written.endswith("0")
    if is_decade and not words.runs_on.match(text, decade):
        middle = value_of(written, words.decimal)[0] + _DECADE * HALF
        return Read(
            Quantity(
                start=start, end=decade, text=text[start:decade], value=middle, unit="number",
                resolution=_DECADE * HALF,
            )
        )  # fmt: skip
    ordinal = words.ordinal.match(text, end)
    if ordinal is None:
        return None
    end = ordinal.end()
    return Read(
        Quantity(
            start=start,
            end=end,
            text=text[start:end],
            value=value_of(written, words.decimal)[0],
            unit="ordinal",
            noun=noun(text, end, words),
        )
    )


def _scaled(text: str, digits: re.Match[str], words: Lexicon) -> _Amount:
    """Digits with the scale that follows, or several: 3조 7,600억."""
    value, step = value_of(digits[0], words.decimal)
    found = words.scale.match(text, digits.end())
    if not found:
        return _Amount(value, step, digits.end())
    word = as_listed(found["scale"])
    scale = words.scales[word]
    amount, least = _Amount(value * scale, step * scale, found.end(), scale, word), scale
    while words.combined and (smaller := _smaller(text, amount.end, least, words)):
        amount = amount._replace(value=amount.value + smaller.value, step=smaller.step, end=smaller.end)
        least = smaller.scale
    return amount


def _smaller(text: str, at: int, least: Decimal, words: Lexicon) -> _Amount | None:
    """What goes on under a smaller scale; without one, if a currency follows: 3만 5,000원."""
    digits = words.number.match(text, at + text.startswith(" ", at))
    if not digits or len(digits[0]) > _MOST_DIGITS:
        return None
    value, step = value_of(digits[0], words.decimal)
    found = words.scale.match(text, digits.end())
    scale = words.scales[as_listed(found["scale"])] if found else _ONE
    if scale >= least or value * scale >= least:
        return None
    if found is None:
        unit = words.unit.match(text, digits.end())
        if not unit or not unit["money"]:
            return None
    return _Amount(value * scale, step * scale, found.end() if found else digits.end(), scale)


def _unit(text: str, end: int, mark: str, words: Lexicon, *, is_closed: bool) -> tuple[Unit, Decimal, int]:
    """The unit behind a number or before it, the factor it brings, and where the number ends with it."""
    found = None if is_closed else words.unit.match(text, end)
    if found and found.lastgroup in _UNITS:
        return *_UNITS[found.lastgroup], found.end()
    if found:
        return cast("Unit", words.currencies[as_listed(found["money"])]), _ONE, found.end()
    return cast("Unit", words.currencies[mark]) if mark else "number", _ONE, end


def _sign(written: str, words: Lexicon) -> Literal["", "+", "-"]:
    if not written:
        return ""
    return "+" if words.signs[written.strip()] > 0 else "-"


def _is_year(written: str, of: str, digits: str, words: Lexicon) -> bool:
    """Whether a bare number is a year: a bare 2026, unless something is counted."""
    return written == digits and bool(_YEAR.fullmatch(digits)) and of not in words.count_nouns


def noun(text: str, end: int, words: Lexicon) -> str:
    """The word behind a place."""
    found = words.noun.match(text, end)
    return found[1] if found else ""


def meant(quantity: Quantity, text: str, words: Lexicon) -> Quantity:
    """A quantity with what the words around it say: about, more than, at most."""
    is_about, bound = _said(text, quantity.start, quantity.end, words)
    return quantity._replace(approximate=is_about, bound=bound) if is_about or bound else quantity


def _said(text: str, start: int, end: int, words: Lexicon) -> tuple[bool, Literal["", "over", "under"]]:
    """Whether the words around a quantity say that it is an estimate, or a bound."""
    before = _said_before(text[max(0, start - _BEFORE) : start], words) if start else ""
    after = None if _is_closed(text, end, words) else words.after.match(text, end)
    behind = after.lastgroup if after else ""
    return "about" in (before, behind), (
        "over" if "over" in (before, behind) else "under" if "under" in (before, behind) else ""
    )


def _said_before(before: str, words: Lexicon) -> str:
    """What the words at the end of a text say: about, over, under, or nothing."""
    before = before.rstrip().lower()
    if not before.endswith(words.before_any):
        return ""
    for key, forms in words.before.items():
        if before.endswith(forms):
            longest = max((form for form in forms if before.endswith(form)), key=len)
            ahead = before[: -len(longest)][-1:]
            # Not the end of another word, nor the dash of a range.
            if not ahead.isalnum() or not (longest[0].isalnum() or ahead.isdecimal()):
                return key
    return ""


def value_of(digits: str, decimal: str) -> tuple[Decimal, Decimal]:
    """The value of digits, and the step of the last one; of a point and a comma the last begins decimals."""
    if digits.isdecimal():
        return Decimal(digits), _ONE
    last_point, last_comma = digits.rfind("."), digits.rfind(",")
    if last_point >= 0 and last_comma >= 0:
        decimal = "." if last_point > last_comma else ","
    elif decimal == "," and _FEW_DECIMALS.fullmatch(digits):
        decimal = "."
    whole, _, fraction = digits.partition(decimal)
    plain = _MARK.sub("", whole) or "0"
    return Decimal(f"{plain}.{fraction}" if fraction else plain), _ONE.scaleb(-len(fraction))


_FEW_DECIMALS = re.compile(r"\d+\.\d{1,2}")
_MARK = re.compile(r"\D")


def _behind_word(text: str, at: int) -> int:
    """Behind the word that goes on at a place."""
    found = _WORD.match(text, at)
    return found.end() if found else at
