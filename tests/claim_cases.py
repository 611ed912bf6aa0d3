"""A claim: a sentence that compares, with its post and the raw market; and how its figures are read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from post_text import Reading
    from raw_market import Bar, Market, Share

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_COUNTS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_PLACES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")

MONTH = rf"(?:{'|'.join(MONTHS)}) \d{{4}}"
DAY = rf"(?:{'|'.join(MONTHS)}) \d{{1,2}}(?:, \d{{4}})?"
SINCE = rf"since (?P<since>{MONTH}|{DAY})"
FROM = rf"since (?P<since>{MONTH})"
"""Of a whole history, whose begin a month is told of."""
WEEKDAY = rf"(?:{'|'.join(_WEEKDAYS)})"
COUNT = rf"(?i:{'|'.join(_COUNTS)}|\d[\d,]*)"
PLACE = rf"(?i:{'|'.join(_PLACES)}|\d+(?:st|nd|rd|th))"
MOST = rf"(?:(?P<place>{PLACE})[- ])?(?i:largest)"
NUMBER = r"[+\-]?\d[\d,]*(?:\.\d+)?"
NAME = r"[^,;:()]+?"
INDEX = r"(?:KOSPI|KOSDAQ)"
WAY = r"(?P<way>(?i:gain|loss|fall|rise|decline)(?:e?s)?)"
TEN = r"(?:ten|10) largest(?: companies)?"

_UP = frozenset({"gain", "gains", "rise", "rises", "rose", "risen", "up"})


def count_of(text: str) -> int:
    """three, 21st, 1,506 -> 3, 21, 1506."""
    low = text.lower()
    if low in _COUNTS:
        return _COUNTS.index(low)
    if low in _PLACES:
        return _PLACES.index(low) + 1
    return int(re.sub(r"\D", "", text))


def number_of(text: str) -> float:
    return float(text.replace(",", ""))


def month_of(day: date) -> str:
    """November 2023."""
    return f"{MONTHS[day.month - 1]} {day.year}"


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence, and the words of it that compare."""

    text: str
    post: Reading
    market: Market
    found: re.Match[str]
    of: str = ""
    """The index it is about, where that is settled."""

    @property
    def day(self) -> date:
        return self.post.day

    @property
    def groups(self) -> Mapping[str, str]:
        """The named parts that are there."""
        return {name: value for name, value in self.found.groupdict().items() if value}

    @property
    def index(self) -> str:
        """The index a claim is about: named in it, just behind it, last before it, or told by its close."""
        if self.of:
            return self.of
        behind = re.match(rf",? (?:on|for|of) the ({INDEX})", self.text[self.found.end() :])
        named = re.findall(INDEX, self.found.group()) or (
            [behind[1]] if behind else re.findall(INDEX, self.text[: self.found.end()])
        )
        if named:
            return named[-1]
        closes = {name: bar.close for name in self.market.indices if (bar := self.market.bar(name, self.day))}
        return next((name for name, close in closes.items() if f"{close:,.2f}" in self.text), "KOSPI")

    @property
    def bar(self) -> Bar:
        bar = self.market.bar(self.index, self.day)
        assert bar is not None, f"no {self.index} on {self.day}"
        return bar

    @property
    def main(self) -> Bar:
        """The index that posts are about."""
        bar = self.market.bar("KOSPI", self.day)
        assert bar is not None, f"no KOSPI on {self.day}"
        return bar

    def is_day(self, told: str, truth: date | None) -> bool:
        """Whether a date in words, or a month with its year, is this day."""
        if truth is None:
            return False
        if re.fullmatch(MONTH, told):
            return told == month_of(truth)
        month, number, *year = told.replace(",", "").split()
        return truth == date(int(year[0]) if year else self.day.year, MONTHS.index(month) + 1, int(number))

    def named(self, text: str) -> list[str]:
        """Codes of the stocks that `A (+1.0%), B and C` names, in its order; a name may hold an "and".

        A week's stock need not be in the tables of its last day.
        """
        bare = re.sub(r" \([^)]*\)", "", text)
        days = [bar.day for bar in self.market.week("KOSPI", self.day)]
        listed = {share.code: share for day in days for share in self.market.shares(day)}
        by_size = sorted(listed.values(), key=size)
        codes = {name: share.code for share in by_size for name in share.names}
        found = sorted(
            (hit.start(), -len(name), name)
            for name in codes
            if name in bare
            for hit in re.finditer(rf"(?<![\w&]){re.escape(name)}(?![\w&])", bare)
        )
        told, end = [], 0
        for start, shorter, name in found:
            if start >= end:
                told.append(codes[name])
                end = start - shorter
        return told


def size(share: Share) -> float:
    """Market value before the day's move."""
    return share.base * share.shares


# A checker takes a claim and returns "" where it is true, else what is.


def unless(holds: bool, instead: str) -> str:
    return "" if holds else instead


def first(*problems: str) -> str:
    return next((problem for problem in problems if problem), "")


def same(what: str, told: str | None, truth: int) -> str:
    """That a count or a place is told as it is; nothing told is nothing wrong."""
    return unless(told is None or count_of(told) == truth, f"{what}: {truth}")


def way(claim: Claim, change: float | None = None) -> str:
    """That a gain is one, and a fall one."""
    moved = claim.bar.change if change is None else change
    told = claim.groups.get("way")
    return unless(
        told is None or (told.lower() in _UP) == (moved is not None and moved > 0), f"the change is {moved}"
    )


def each(
    check: Callable[[Claim], str], *patterns: str
) -> tuple[tuple[re.Pattern[str], Callable[[Claim], str]], ...]:
    """Entries of a registry: several wordings of one claim."""
    return tuple((re.compile(pattern), check) for pattern in patterns)
