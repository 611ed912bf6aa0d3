"""The exchange's sessions: exchange_calendars plus what the configuration corrects.

Building XKRX takes over a second, so the sessions are kept between runs, keyed by the installed version of
the library, the range and the corrections. The library is imported only when they must be built again.
"""

from __future__ import annotations

import difflib
import hashlib
import importlib.metadata
import json
import re
import warnings
from bisect import bisect_left, bisect_right
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from generator import files
from generator.errors import ConfigError, MarketpostError, Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from generator.config import Market

FIRST = date(1990, 1, 1)
"""Start of the range, or the library's own bound where that is later."""

LAST = date(2050, 12, 31)
"""End of the range, or the library's own bound where that is earlier.

The library's default end is a year from today, so what is known would depend on the day it is asked. Its
lunar holidays for XKRX are computed up to 2050, which is why its bound lies there.
"""

CHECKED_FROM: Mapping[str, date] = MappingProxyType({"XKRX": date(1999, 1, 1)})
"""Data before these days is not held against the calendar: until December 1998 the Korean exchange also
traded on Saturdays, which the library does not know."""

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class TradingCalendar:
    """The sessions of one exchange. Lookups bisect, so each costs a few comparisons."""

    code: str
    sessions: tuple[date, ...]
    """Sorted, without repeats."""
    closed: frozenset[date] = field(default=frozenset(), repr=False)
    """Days that only the configuration closes."""
    file: str = field(default="config.yaml", repr=False, compare=False)
    """The configuration's, for messages."""

    @property
    def checked_from(self) -> date:
        """First day from which the library's sessions are the exchange's own."""
        return CHECKED_FROM.get(self.code, FIRST)

    def is_session(self, day: date) -> bool:
        """Whether the exchange is open; False beyond the range, where `why_closed` says so."""
        place = bisect_left(self.sessions, day)
        return place < len(self.sessions) and self.sessions[place] == day

    def previous(self, day: date) -> date:
        """The last session before `day`, which need not be one.

        Raises:
            MarketpostError: the calendar does not reach that far.
        """
        place = bisect_left(self.sessions, day)
        if place == 0 or day > self.sessions[-1]:
            raise MarketpostError(f"no session before {day} is known: {self._range()}")
        return self.sessions[place - 1]

    def next(self, day: date) -> date:
        """The first session after `day`, which need not be one.

        Raises:
            MarketpostError: the calendar does not reach that far.
        """
        place = bisect_right(self.sessions, day)
        if place == len(self.sessions) or day < self.sessions[0]:
            raise MarketpostError(f"no session after {day} is known: {self._range()}")
        return self.sessions[place]

    def between(self, first: date, last: date) -> tuple[date, ...]:
        """The sessions from `first` to `last`, both included; empty when `last` is earlier."""
        return self.sessions[bisect_left(self.sessions, first) : bisect_right(self.sessions, last)]

    def why_closed(self, day: date) -> str:
        """Why there is no session on `day`, as a phrase; empty when there is one."""
        if self.is_session(day):
            return ""
        if day in self.closed:
            return "closed by the configuration (params.marketpost.market.holidays)"
        if not self.sessions or not self.sessions[0] <= day <= self.sessions[-1]:
            return f"beyond the calendar ({self._range()})"
        if day.weekday() >= _SATURDAY:
            return "weekend"
        return "exchange holiday"

    def contradictions(
        self, observed: Collection[date], complete: Collection[date] = (), *, file: str = ""
    ) -> tuple[Problem, ...]:
        """Where data and calendar disagree; not fatal, each with the line that would settle it.

        Args:
            observed: Days that data has.
            complete: Days of a history that leaves out no session (an index's): a session within its range
                that it lacks is told as well. Its days count as observed.
            file: How messages call the data.
        """
        since = self.checked_from
        unknown = sorted({day for day in (*observed, *complete) if day >= since and not self.is_session(day)})
        problems = [self._surplus(day, file) for day in unknown]
        if complete:
            known = frozenset(complete)
            expected = self.between(max(since, min(known)), max(known))
            problems += [self._lacking(day, file) for day in expected if day not in known]
        return tuple(sorted(problems, key=lambda problem: problem.row))

    def _surplus(self, day: date, file: str) -> Problem:
        return Problem(
            file=file,
            row=day.isoformat(),
            message=f"data for a day on which {self.code} was closed: {self.why_closed(day)}",
            expected=f"a session of {self.code}",
            remedy="If the exchange was open, "
            + self._add("extra_sessions", day)
            + "; if the source repeated the session before, remove the row",
            fatal=False,
        )

    def _lacking(self, day: date, file: str) -> Problem:
        return Problem(
            file=file,
            row=day.isoformat(),
            message=f"a session of {self.code} that the history lacks",
            expected="a row for every session",
            remedy=f"If the exchange was closed, {self._add('holidays', day)}; if not, complete the history",
            fatal=False,
        )

    def _add(self, key: str, day: date) -> str:
        return f"add `- {day}` under params.marketpost.market.{key} in {self.file}"

    def _range(self) -> str:
        if not self.sessions:
            return f"{self.code} has no sessions"
        return f"{self.code} is known from {self.sessions[0]} to {self.sessions[-1]}"


def load(market: Market, cache: Path | None, file: str = "config.yaml") -> TradingCalendar:
    """The calendar of the configured exchange; kept in the folder `cache` while nothing changes it.

    `file` is the configuration's, as messages name it.

    Raises:
        ConfigError: no such calendar, or corrections that contradict each other or lie beyond the range.
    """
    both = sorted(set(market.holidays) & set(market.extra_sessions))
    if both:
        raise _refused(
            file, "both a holiday and an extra session", "market.holidays", _listed(both), "one of the two"
        )
    key = _key(market)
    # The code is a person's text and may hold a slash ("24/7"); the key keeps two codes on one name apart.
    path = cache / f"calendar-{re.sub(r'[^A-Za-z0-9]', '-', market.calendar)}.json" if cache else None
    kept = _kept(path, key) if path else None
    if kept is None:
        kept = _built(market, file)
        if path:
            # A folder that cannot be written costs a second, not the run.
            with suppress(OSError):
                files.write(path, _packed(key, kept))
    return replace(kept, file=file)


def _key(market: Market) -> str:
    parts = {
        "library": importlib.metadata.version("exchange_calendars"),
        "code": market.calendar,
        "range": [str(FIRST), str(LAST)],
        "holidays": sorted(map(str, set(market.holidays))),
        "extra_sessions": sorted(map(str, set(market.extra_sessions))),
        "format": 1,
    }
    return json.dumps(parts, sort_keys=True)


def _content(calendar: TradingCalendar) -> dict[str, Any]:
    return {
        "code": calendar.code,
        "sessions": [day.isoformat() for day in calendar.sessions],
        "closed": [day.isoformat() for day in sorted(calendar.closed)],
    }


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _packed(key: str, calendar: TradingCalendar) -> bytes:
    content = _content(calendar)
    return json.dumps({"key": key, "digest": _digest(content), **content}, sort_keys=True).encode()


def _kept(path: Path, key: str) -> TradingCalendar | None:
    """The calendar in the cache, or None when there is none, it is damaged, or made from something else."""
    try:
        data = json.loads(path.read_bytes())
        content = {name: data[name] for name in ("code", "sessions", "closed")}
        if data["key"] != key or data["digest"] != _digest(content):
            return None
        return TradingCalendar(
            content["code"],
            tuple(map(date.fromisoformat, content["sessions"])),
            frozenset(map(date.fromisoformat, content["closed"])),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _built(market: Market, file: str) -> TradingCalendar:
    # The library lags behind pandas' deprecations, which are nothing a user could mend.
    with warnings.catch_warnings(category=DeprecationWarning, action="ignore"):
        return _from_library(market, file)


def _from_library(market: Market, file: str) -> TradingCalendar:
    import exchange_calendars  # noqa: PLC0415 - takes half a second, and only an empty cache needs it

    names = exchange_calendars.get_calendar_names(include_aliases=True)
    if market.calendar not in names:
        near = difflib.get_close_matches(market.calendar.upper(), names, n=3, cutoff=0.5)
        raise _refused(
            file,
            "exchange_calendars has no such calendar",
            "market.calendar",
            market.calendar,
            "the exchange's ISO 10383 code",
            f"Did you mean {' or '.join(near)}?" if near else "XKRX is the Korea Exchange, XNYS New York's",
        )
    # The bounds belong to the class, which the library hands out only as an instance: a short one is cheap.
    kind = type(exchange_calendars.get_calendar(market.calendar, start="2020-01-01", end="2020-01-31"))
    lower, upper = kind.bound_min(), kind.bound_max()
    first = max(FIRST, lower.date()) if lower is not None else FIRST
    last = min(LAST, upper.date()) if upper is not None else LAST
    beyond = sorted(day for day in market.extra_sessions if not first <= day <= last)
    if beyond:
        raise _refused(
            file,
            "days beyond the calendar",
            "market.extra_sessions",
            _listed(beyond),
            f"days from {first} to {last}",
        )
    library = exchange_calendars.get_calendar(market.calendar, start=str(first), end=str(last))
    regular = frozenset(stamp.date() for stamp in library.sessions)
    sessions = (regular | set(market.extra_sessions)) - set(market.holidays)
    return TradingCalendar(market.calendar, tuple(sorted(sessions)), regular & set(market.holidays))


def _listed(days: Iterable[date]) -> str:
    return ", ".join(map(str, days))


def _refused(
    file: str, message: str, column: str, found: str, expected: str, remedy: str = ""
) -> ConfigError:
    problem = Problem(
        file=file,
        column=f"params.marketpost.{column}",
        message=message,
        found=found,
        expected=expected,
        remedy=remedy,
    )
    return ConfigError(str(problem), [problem])
