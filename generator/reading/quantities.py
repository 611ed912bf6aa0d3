"""Quantities of a text: amounts, rates, counts, dates and times, with their value, unit and precision.

Codes are none: tickers, addresses, versions, telephone numbers, words with digits (HBM3E, 10Y), and names
such as KOSPI 200.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from generator.reading.amounts import HALF, meant, noun, read_number
from generator.reading.lexicon import as_listed, lexicon
from generator.reading.quantity import Quantity, Unit
from generator.reading.ranges import LONGEST_GAP, Read, joined
from generator.reading.repeated import remembered

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from generator.reading.lexicon import Lexicon

__all__ = ["Quantity", "Unit", "quantities"]

_BEFORE = 24
"""Most characters before a month or a range that say what it is."""
_NOON = 12
_THESE_WEEKS = dt.timedelta(days=31)


def quantities(text: str, language: str, *, near: dt.date | None = None) -> tuple[Quantity, ...]:
    """The quantities of a text in order, none within another; in linear time.

    `near` is a day, for dates without a year: they are in the year that brings them nearest to it.
    """
    known = _known(text, language)
    if known.found is None:
        reader = _Reader(text, lexicon(language), near)
        found = tuple(reader.read())
        if not reader.has_asked_for_near:
            known.found = found
        return found
    return known.found


class _Known:
    """The quantities of a text, once they were read; for ever None if they hang on a day that is near."""

    def __init__(self) -> None:
        self.found: tuple[Quantity, ...] | None = None


@remembered
def _known(text: str, language: str) -> _Known:
    del text, language  # by which it is remembered
    return _Known()


class _Reader:
    """Reads one text from its start to its end."""

    def __init__(self, text: str, words: Lexicon, near: dt.date | None) -> None:
        self.text, self.words, self._near = text, words, near
        self.has_asked_for_near = False

    @property
    def near(self) -> dt.date | None:
        """The day that is near."""
        self.has_asked_for_near = True
        return self._near

    def read(self) -> Iterator[Quantity]:
        """The quantities, what belongs to a range made whole."""
        last: Read | None = None
        for each in self._single():
            current = each
            if last is not None:
                end, start = last.quantity.end, current.quantity.start
                if start - end <= LONGEST_GAP:
                    gap, before = self.text[end:start], self._before(last)
                    last, current = joined(last, current, gap=gap, before=before, words=self.words)
                yield last.quantity
            last = current
        if last is not None:
            yield last.quantity

    def _before(self, read: Read) -> str:
        start = read.quantity.start
        return self.text[max(0, start - _BEFORE) : start]

    def _single(self) -> Iterator[Read]:
        at = 0
        while found := self.words.scan.search(self.text, at):
            kind = str(found.lastgroup)
            read: Read | None = None
            at = found.end()
            if kind == "number":
                read, at = read_number(self.text, found.start(), self.words)
            elif kind == "word":
                read = self._word(found)
            elif kind.startswith("clock"):
                read = self._clock(found, int(kind.removeprefix("clock")))
            elif kind.startswith("date"):
                read = self._date(found, int(kind.removeprefix("date")))
                if read is None:
                    # What is no date after all holds numbers.
                    digit = next(n for n in range(found.start(), found.end()) if self.text[n].isdecimal())
                    read, at = read_number(self.text, digit, self.words)
            if read is not None:
                yield read

    def _word(self, found: re.Match[str]) -> Read | None:
        """A count, a place, a weekday or a month in words."""
        word, words = found[0], self.words
        start, end = found.span()
        if word in words.weekdays:
            return Read(_plain(found, words.weekdays[word], "weekday"))
        if word in words.months:
            before = self.text[max(0, start - _BEFORE) : start]
            if word in words.months_as_words and not words.month_before.search(before):
                return None
            return Read(_plain(found, words.months[word], "month"))
        low, of = as_listed(word).lower(), noun(self.text, end, words)
        if low in words.ordinals:
            place = Decimal(words.ordinals[low])
            return Read(
                Quantity(start=start, end=end, text=word, value=place, unit="ordinal", in_words=True, noun=of)
            )
        count = Quantity(
            start=start, end=end, text=word, value=Decimal(words.counts[low]), unit="number", resolution=HALF,
            in_words=True, noun=of,
        )  # fmt: skip
        return Read(meant(count, self.text, words))

    def _date(self, found: re.Match[str], which: int) -> Read | None:
        parts = self.words.dates[which].match(self.text, found.start())
        if parts is None:  # pragma: no cover - the scan has seen it
            return None
        named = parts.groupdict()
        month = self.words.months.get(named.get("month") or "") or int(named.get("month_number") or 0)
        year, day = int(named.get("year") or 0), int(named.get("day") or 0)
        if month and day and not year and noun(self.text, found.end(), self.words) in self.words.count_nouns:
            # In May 12 stocks rose.
            return None
        if found[0].count("/") == 1 and not self._is_near(month, day):
            # 5/13 is a day where it is one of these weeks, else a fraction.
            return None
        if not month and day and self.near:
            month = self.near.month
        return Read(self._dated(found, year, month, day))

    def _dated(self, found: re.Match[str], year: int, month: int, day: int) -> Quantity:
        exact = self._day(year, month, day or 1) if month else None
        if day:
            return _plain(found, (exact.year if exact else year) * 10000 + month * 100 + day, "date", exact)
        return _plain(found, month, "month", exact) if month else _plain(found, year, "year")

    def _day(self, year: int, month: int, day: int) -> dt.date | None:
        """The day; without a year the one nearest to what is near.

        None of a day that is not in the calendar.
        """
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
        if half := named.get("half"):
            hour = hour % _NOON + (_NOON if half.lower().startswith(self.words.afternoon) else 0)
        return Read(meant(_plain(found, hour * 60 + minute, "time"), self.text, self.words))


def _plain(found: re.Match[str], value: int, unit: Unit, day: dt.date | None = None) -> Quantity:
    return Quantity(
        start=found.start(), end=found.end(), text=found[0], value=Decimal(value), unit=unit, day=day
    )


def _valid(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
