"""Quantities of a text: amounts, rates, counts, dates and times, with their value, unit and precision.

Codes are none: tickers, addresses, versions, telephone numbers, words with digits (HBM3E, 10Y), and names
such as KOSPI 200.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from generator.reading.lexicon import LETTER, lexicon
from generator.reading.quantity import MONEY, Quantity, Unit
from generator.reading.ranges import Read, joined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.reading.lexicon import Lexicon

__all__ = ["Quantity", "Unit", "quantities"]


def quantities(text: str, language: str, *, near: dt.date | None = None) -> tuple[Quantity, ...]:
    """The quantities of a text in order, none within another; in linear time.

    `near` is a day, for dates without a year: they are in the year that brings them nearest to it.
    """
    return tuple(_Reader(text, lexicon(language), near).read())


_HALF = Decimal("0.5")
_MOST_DIGITS = 30
"""What is longer counts nothing."""
_BEFORE = 24
"""Most characters before a quantity that say how it is meant."""
_NOUN = re.compile(rf"[ \u00a0-]?([{LETTER}][{LETTER}’'-]*+|[^\W\d_a-zA-Z]{{1,12}})")
_BASIS_POINT = Decimal("0.01")
_NOON = 12
_THESE_WEEKS = dt.timedelta(days=31)
_LAST_DAY = 31


class _Reader:
    """Reads one text from its start to its end."""

    def __init__(self, text: str, words: Lexicon, near: dt.date | None) -> None:
        self.text, self.words, self.near = text, words, near

    def read(self) -> Iterator[Quantity]:
        """The quantities, what belongs to a range made whole."""
        last: Read | None = None
        for each in self._single():
            current = each
            if last is not None:
                gap = self.text[last.quantity.end : current.quantity.start]
                before = self.text[max(0, last.quantity.start - _BEFORE) : last.quantity.start]
                last, current = joined(last, current, gap=gap, before=before, words=self.words)
                yield last.quantity
            last = current
        if last is not None:
            yield last.quantity

    def _single(self) -> Iterator[Read]:
        at = 0
        while found := self.words.scan.search(self.text, at):
            kind = str(found.lastgroup)
            at = found.end()
            if kind == "code":
                continue
            if kind == "number":
                read, at = self._number(found.start())
            elif kind == "word":
                read = self._word(found)
            elif kind.startswith("date"):
                read = self._date(found, int(kind[4:]))
            else:
                read = self._clock(found, int(kind[5:]))
            if read is not None:
                yield read

    # --- Numbers ------------------------------------------------------------------------------------

    def _number(self, start: int) -> tuple[Read | None, int]:
        """A number that starts at a place, and where to go on."""
        text, words = self.text, self.words
        prefix = words.prefix.match(text, start)
        digits = words.number.match(text, prefix.end() if prefix else start)
        if prefix is None or digits is None:  # pragma: no cover - the scan has seen both
            return None, start + 1
        mark = prefix["money"] or ""
        value, step = _value(digits[0], words.decimal)
        end = digits.end()
        if end - digits.start() > _MOST_DIGITS:
            return None, end
        if special := self._ordinal_or_decade(start, digits, value):
            return special, special.quantity.end
        value, step, scale, end = self._scaled(value, step, end, money=bool(mark))
        unit, factor, unit_end = self._unit(end, mark)
        if not unit_end and not mark and scale != 1 and scale in map(words.scales.get, words.money_scales):
            # Five m: metres or minutes, for all that is known, unless money follows.
            bare = words.scale.match(text, digits.end())
            if bare and bare["scale"].strip(" -") in words.money_scales:
                return None, _behind_word(text, digits.end())
        end = unit_end or end
        if self._runs_on(end):
            return None, _behind_word(text, end)
        if mark and unit not in MONEY:
            # USD +3.1%: the mark belongs to a name before it.
            start = prefix.start("inner") if prefix["inner"] else digits.start()
        sign = self._sign(prefix["sign"] if start == prefix.start() else None, prefix["inner"])
        signed = -value if sign == "-" else value
        quantity = Quantity(
            start=start,
            end=end,
            text=text[start:end],
            value=signed * factor,
            unit=unit,
            resolution=step * factor * _HALF,
            sign=sign,
        )
        quantity = self._year(quantity, digits[0]) if unit == "number" and scale == 1 else quantity
        if quantity.unit == "number":
            quantity = replace(quantity, noun=self._noun(end))
        return Read(self._meant(quantity), scale * factor, bool(mark or unit_end)), end

    def _scaled(
        self, value: Decimal, step: Decimal, end: int, *, money: bool
    ) -> tuple[Decimal, Decimal, Decimal, int]:
        """Value, step and end with the scale that follows, or several: 3조 7,600억."""
        words = self.words
        found = words.scale.match(self.text, end)
        if not found:
            return value, step, Decimal(1), end
        scale = words.scales[found["scale"].strip(" -\u00a0")]
        total, step, end = value * scale, step * scale, found.end()
        least = scale
        while words.combined:
            space = end + (self.text[end : end + 1] == " ")
            digits = words.number.match(self.text, space)
            if not digits or digits.end() - digits.start() > _MOST_DIGITS:
                break
            smaller, smaller_step = _value(digits[0], words.decimal)
            next_scale = words.scale.match(self.text, digits.end())
            factor = words.scales[next_scale["scale"].strip(" -\u00a0")] if next_scale else Decimal(1)
            behind = next_scale.end() if next_scale else digits.end()
            if factor >= least or smaller * factor >= least:
                break
            if (
                not next_scale
                and not (unit := words.unit.match(self.text, behind))
                or (not next_scale and unit and not unit["money"])
            ):
                break
            total, step, least, end = total + smaller * factor, smaller_step * factor, factor, behind
        return total, step, scale, end

    def _unit(self, end: int, mark: str) -> tuple[Unit, Decimal, int]:
        """The unit behind a number or before it, the factor it brings, and where what is behind ends (0: nothing)."""
        found = self.words.unit.match(self.text, end)
        if found and found.lastgroup:
            match found.lastgroup:
                case "per_cent":
                    return "%", Decimal(1), found.end()
                case "pp":
                    return "pp", Decimal(1), found.end()
                case "bp":
                    return "pp", _BASIS_POINT, found.end()
                case "times":
                    return "ratio", Decimal(1), found.end()
                case _:
                    name = self.words.currencies[found["money"].replace("\u00a0", " ")]
                    return name, Decimal(1), found.end()  # type: ignore[return-value]  # words/*.yaml has these
        if mark:
            return self.words.currencies[mark], Decimal(1), 0  # type: ignore[return-value]  # the same
        return "number", Decimal(1), 0

    def _ordinal_or_decade(self, start: int, digits: re.Match[str], value: Decimal) -> Read | None:
        text, words, end = self.text, self.words, digits.end()
        if not digits[0].replace(",", "").isdigit():
            return None
        if (
            start == digits.start()
            and words.decade
            and text.startswith(words.decade, end)
            and digits[0].endswith("0")
        ):
            if self._runs_on(end + 1):
                return None
            # The 1470s: from 1,470 to 1,480.
            ten = Decimal(10)
            return Read(
                Quantity(
                    start=digits.start(), end=end + 1, text=text[digits.start() : end + 1], value=value + ten / 2,
                    unit="number", resolution=ten / 2,
                )
            )  # fmt: skip
        gap = text[end : end + 1] == " " and not words.ordinal.pattern.isascii()
        if start == digits.start() and (found := words.ordinal.match(text, end + gap)):
            quantity = Quantity(
                start=start, end=found.end(), text=text[start : found.end()], value=value, unit="ordinal",
                noun=self._noun(found.end()),
            )  # fmt: skip
            return Read(quantity)
        return None

    def _sign(self, before: str | None, inner: str | None) -> Literal["", "+", "-"]:
        sign = (before or inner or "").strip()
        if not sign:
            return ""
        return "+" if self.words.signs[sign] > 0 else "-"

    def _year(self, quantity: Quantity, digits: str) -> Quantity:
        """A bare 2026 is a year, unless something is counted."""
        if quantity.sign or not re.fullmatch(r"(?:19|20)\d\d", digits):
            return quantity
        if self._noun(quantity.end) in self.words.count_nouns:
            return quantity
        return replace(quantity, unit="year", resolution=Decimal(0))

    def _runs_on(self, end: int) -> bool:
        """Whether a letter follows at once: 10Y, 64GB."""
        return bool(re.match(rf"[{LETTER}]", self.text[end : end + 1]))

    def _noun(self, end: int) -> str:
        found = _NOUN.match(self.text, end)
        return found[1] if found else ""

    def _meant(self, quantity: Quantity) -> Quantity:
        """With what the words around it say: about, more than, at most."""
        said = {self._said_before(quantity.start)}
        if after := self.words.after.match(self.text, quantity.end):
            said.add(str(after.lastgroup))
        if said == {""}:
            return quantity
        return replace(
            quantity,
            approximate="about" in said,
            bound="over" if "over" in said else "under" if "under" in said else "",
        )

    def _said_before(self, start: int) -> str:
        """What the words before a place say: about, over, under, or nothing."""
        before = self.text[max(0, start - _BEFORE) : start].rstrip().lower()
        for key, forms in self.words.before.items():
            if before.endswith(forms):
                longest = max((form for form in forms if before.endswith(form)), key=len)
                ahead = before[: -len(longest)][-1:]
                if not ahead.isalnum() or not (longest[0].isalnum() or ahead.isdecimal()):
                    return key
        return ""

    # --- Words, dates and times ---------------------------------------------------------------------

    def _word(self, found: re.Match[str]) -> Read | None:
        word, low, words = found[0], found[0].lower(), self.words
        start, end = found.span()
        if word in words.weekdays:
            value, unit = words.weekdays[word], "weekday"
        elif word in words.months:
            before = self.text[max(0, start - _BEFORE) : start]
            if word in words.months_as_words and not words.month_before.search(before):
                return None
            value, unit = words.months[word], "month"
        elif low in words.ordinals:
            value, unit = words.ordinals[low], "ordinal"
        else:
            value, unit = words.counts[low], "number"
        quantity = Quantity(
            start=start,
            end=end,
            text=word,
            value=Decimal(value),
            unit=unit,  # type: ignore[arg-type]  # one of the literals above
            resolution=_HALF if unit == "number" else Decimal(0),
            in_words=unit in ("number", "ordinal"),
            noun=self._noun(end) if unit in ("number", "ordinal") else "",
        )
        return Read(self._meant(quantity) if unit == "number" else quantity)

    def _date(self, found: re.Match[str], which: int) -> Read | None:
        parts = self.words.dates[which].match(self.text, found.start())
        if parts is None:  # pragma: no cover - the scan has seen it
            return None
        named = parts.groupdict()
        month = (
            self.words.months[named["month"]] if named.get("month") else int(named.get("month_number") or 0)
        )
        year, day = int(named.get("year") or 0), int(named.get("day") or 0)
        start, end = found.span()
        if month and day and not year and self._noun(end) in self.words.count_nouns:
            # In May 12 stocks rose.
            return None
        if found[0].count("/") == 1 and not self._is_near(month, day):
            # 5/13 is a day where it is one of these weeks, else a fraction.
            return None
        if not month and day and self.near:
            month = self.near.month
        return Read(self._dated(start, end, year, month, day))

    def _dated(self, start: int, end: int, year: int, month: int, day: int) -> Quantity:
        unit: Unit = "date" if day else "month" if month else "year"
        value = year if unit == "year" else month if unit == "month" else 0
        exact = self._day(year, month, day or 1) if month else None
        if unit == "date":
            value = (exact.year if exact else year) * 10000 + month * 100 + day
        return Quantity(
            start=start, end=end, text=self.text[start:end], value=Decimal(value), unit=unit, day=exact
        )

    def _day(self, year: int, month: int, day: int) -> dt.date | None:
        """The day; without a year the one nearest to what is near. None of a day that is not in the calendar."""
        if year:
            return _valid(year, month, day)
        if self.near is None:
            return None
        near = self.near
        candidates = [_valid(near.year + n, month, day) for n in (-1, 0, 1)]
        return min((c for c in candidates if c), key=lambda c: abs(c - near), default=None)

    def _is_near(self, month: int, day: int) -> bool:
        exact = self._day(0, month, day)
        return bool(exact and self.near and abs(exact - self.near) <= _THESE_WEEKS)

    def _clock(self, found: re.Match[str], which: int) -> Read | None:
        parts = self.words.clocks[which].match(self.text, found.start())
        if parts is None:  # pragma: no cover - the scan has seen it
            return None
        named = parts.groupdict()
        hour, minute = int(named["hour"]), int(named.get("minute") or 0)
        half = named.get("half")
        if half:
            hour = hour % _NOON + (_NOON if half.lower().startswith(self.words.afternoon) else 0)
        start, end = found.span()
        quantity = Quantity(
            start=start, end=end, text=found[0], value=Decimal(hour * 60 + minute), unit="time",
        )  # fmt: skip
        return Read(self._meant(quantity))


def _value(digits: str, decimal: str) -> tuple[Decimal, Decimal]:
    """The value of digits, and the step of the last one."""
    last_point, last_comma = digits.rfind("."), digits.rfind(",")
    if last_point >= 0 and last_comma >= 0:
        decimal = "." if last_point > last_comma else ","
    elif decimal == "," and re.fullmatch(r"\d+\.\d{1,2}", digits):
        decimal = "."
    whole, _, fraction = digits.partition(decimal)
    plain = re.sub(r"\D", "", whole) or "0"
    return Decimal(f"{plain}.{fraction}" if fraction else plain), Decimal(1).scaleb(-len(fraction))


def _valid(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _behind_word(text: str, at: int) -> int:
    """Behind the word that goes on at a place."""
    found = re.compile(r"\w*").match(text, at)
    return found.end() if found else at
