"""Days that a text names: `May 13`, `13 May 2026`, `2026-05-13`, `5월 13일`, `2026年5月13日`."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONG = ("uary", "ruary", "ch", "il", "", "e", "y", "ust", "tember", "ober", "ember", "ember")
_MONTH = "|".join(f"{short}(?:{rest})?" for short, rest in zip(_MONTHS, _LONG, strict=True))
_ENDS = r"(?![\d%]|[.,:]\d)"

_DAY = re.compile(
    rf"(?<![\w/.-])(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})(?![\w/-])"
    rf"|\b(?P<m1>{_MONTH})\.?[ \u00a0](?P<d1>\d{{1,2}})(?:,? (?P<y1>\d{{4}}))?{_ENDS}"
    rf"|(?<![\w.,])(?P<d2>\d{{1,2}}) (?P<m2>{_MONTH})\b(?:,? (?P<y2>\d{{4}}))?(?!\d)"
    r"|(?:(?<!\d)(?P<y3>\d{4})[년年] ?)?(?<!\d)(?P<m3>\d{1,2})[월月] ?(?P<d3>\d{1,2})[일日]"
)


def days_named(text: str, today: dt.date) -> Iterator[tuple[int, int, dt.date]]:
    """Start, end and day of each date in a text; what is no day of the calendar is left out.

    A date without a year is the one nearest to `today`, before or after.
    """
    for found in _DAY.finditer(text):
        day = _day(found, today)
        if day is not None:
            yield found.start(), found.end(), day


def _day(found: re.Match[str], today: dt.date) -> dt.date | None:
    try:
        if found["iso"]:
            return dt.date.fromisoformat(found["iso"])
        name = found["m1"] or found["m2"]
        month = _MONTHS.index(name[:3]) + 1 if name else int(found["m3"])
        day = int(found["d1"] or found["d2"] or found["d3"])
        year = found["y1"] or found["y2"] or found["y3"]
        if year:
            return dt.date(int(year), month, day)
        # The nearest such day: on 14 May, 15 May is tomorrow, not a year ago.
        near = [each for n in (0, -1, 1) if (each := _valid(today.year + n, month, day)) is not None]
        return min(near, key=lambda each: abs(each - today), default=None)
    except ValueError:
        return None


def _valid(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
