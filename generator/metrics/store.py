"""The metrics of all sessions, kept between runs, so that a new day costs a day.

Three things lie in the cache, each remade when it is missing, damaged, or made from something else:

- `history.parquet`: the result, under one key over all sessions' signatures;
- `sessions.parquet`: what each session gives on its own and its stocks' averages, a signature a row;
- `closes-2026-02.parquet`: the stocks' closes of a month, a signature a session.

A session is read again when its signature changes, or that of the session before (by whose closes split
stocks are told), or a fact that belongs to no session. Everything is remade when the code that computes it,
pandas or the calendar changes. What comes out equals a computation from nothing, to the last bit.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from generator import dataset
from generator.dataset.load import load, signatures
from generator.errors import Problem
from generator.metrics import closes, shelf
from generator.metrics.averages import MEASURED, averages, panel
from generator.metrics.cross_section import cross_section
from generator.metrics.history import history as over_sessions
from generator.metrics.measure import open_days
from generator.metrics.metric import WHOLE_MARKET, YEAR
from generator.metrics.stocks import listed_stocks
from generator.metrics.timeline import timeline

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from generator.calendars import TradingCalendar
    from generator.dataset.source import Source

_SIGNATURE = "signature"
_MEASURED = "measured"
"""Whether the session has tables; False for one that is withheld, or on a day the exchange was closed."""
_CLOSES = "closes"
"""Whether the session has every listed stock, so that its closes are kept."""


@dataclass(frozen=True, slots=True, eq=False)
class _Sessions:
    """What each session gives: the metrics' inputs, and beside them _SIGNATURE, _MEASURED and _CLOSES."""

    rows: pd.DataFrame
    withheld: Mapping[date, tuple[Problem, ...]]

    @property
    def signatures(self) -> dict[date, str]:
        """Of each day that was read, whether or not it gave anything."""
        if _SIGNATURE not in self.rows:
            return {}
        return dict(zip(_days(self.rows.index), self.rows[_SIGNATURE], strict=True))

    @property
    def with_closes(self) -> list[date]:
        """The days whose closes are kept elsewhere."""
        return _days(self.rows.index[self.rows[_CLOSES]]) if _CLOSES in self.rows else []


@dataclass(frozen=True, slots=True, eq=False)
class _Shelf:
    """Where things are kept, and what all of them were made with."""

    folder: Path
    version: str
    whole_market: int
    calendar: TradingCalendar


def history(
    sources: Sequence[Source], calendar: TradingCalendar, cache: Path, *, whole_market: int = WHOLE_MARKET
) -> tuple[pd.DataFrame, Mapping[date, tuple[Problem, ...]]]:
    """The metrics of every session the sources hold, as `measure` gives them, and why sessions are withheld.

    Args:
        sources: In the configuration's order.
        calendar: Of the exchange.
        cache: The blog's folder for what can be made again; this uses `metrics` in it.
        whole_market: Stocks of a market from which a session has every listed one.

    Raises:
        DatasetError: a source cannot be read at all.
    """
    at = _Shelf(cache / "metrics", _version(calendar, whole_market), whole_market, calendar)
    place = at.folder / "history.parquet"
    wanted = signatures(sources, calendar)
    key = _digest(at.version, *(f"{day} {text}" for day, text in wanted.items()))
    kept = shelf.kept(place)
    if kept is not None and kept[1].get("key") == key:
        return kept[0], _problems(kept[1]["withheld"])
    sessions = _brought_up(_sessions(at), wanted, sources, at)
    shelf.keep(at.folder / "sessions.parquet", sessions.rows, _note(sessions, version=at.version))
    rows = sessions.rows.loc[sessions.rows[_MEASURED]].drop(columns=[_SIGNATURE, _MEASURED, _CLOSES])
    result = over_sessions(rows, calendar)
    shelf.keep(place, result, _note(sessions, key=key))
    return result, sessions.withheld


def _brought_up(
    old: _Sessions, wanted: Mapping[date, str], sources: Sequence[Source], at: _Shelf
) -> _Sessions:
    """The sessions as wanted: those that changed are read, their closes kept, and averages follow."""
    known = old.signatures
    stale = {day for day, text in wanted.items() if known.get(day) != text}
    changed = sorted(stale | (known.keys() - wanted.keys()))
    if known and not changed:
        return old
    affected = _affected(wanted, changed, at.calendar)
    first, last = _span([*changed, *affected], at.calendar)
    shelved = closes.read(at.folder, at.version, first, last).only(wanted)
    lost = {day for day in old.with_closes if first <= day <= last and day not in shelved.signatures}
    found, fresh = _read(sources, stale | (lost & wanted.keys()), wanted, at)
    shelved = shelved.plus(fresh.panel, fresh.signatures)
    closes.write(at.folder, at.version, shelved, {*changed, *lost})
    stamps = pd.DatetimeIndex(old.rows.index)
    # A day read only because its closes were lost is what it was.
    read = found.rows.loc[_stamps(stale)]
    unchanged = old.rows.loc[~stamps.isin(_stamps(changed))]
    rows = (
        pd.concat([part for part in (unchanged, read) if len(part)] or [read])
        .sort_index()
        .rename_axis("date")
    )
    rows.loc[_stamps(affected), list(MEASURED)] = np.nan
    days = _stamps([day for day in affected if day in shelved.signatures])
    rows.loc[days, list(MEASURED)] = averages(shelved.panel, days, timeline(at.calendar))
    kept = {day: problems for day, problems in old.withheld.items() if day in wanted and day not in stale}
    return _Sessions(rows, dict(sorted({**kept, **found.withheld}.items())))


def _read(
    sources: Sequence[Source], days: Collection[date], wanted: Mapping[date, str], at: _Shelf
) -> tuple[_Sessions, closes.Closes]:
    """What the sources say of those days: their sessions, without averages yet, and their closes."""
    data = load(sources, at.calendar, dates=None if len(days) == len(wanted) else frozenset(days))
    listed = listed_stocks(data.tables.get("stocks"))
    rows = cross_section(data.tables, listed, whole_market=at.whole_market)
    index = pd.DatetimeIndex(rows.index)
    rows = rows.loc[index.isin(_stamps(days)) & open_days(index, at.calendar)]
    fresh = panel(listed.loc[listed["date"].isin(rows.index)], at.whole_market)
    complete = _days(pd.DatetimeIndex(fresh["date"].unique()))
    measured = rows.index
    rows = rows.reindex(_stamps(days)).rename_axis("date")
    rows[list(MEASURED)] = np.nan
    rows[_SIGNATURE] = [wanted[day] for day in _days(rows.index)]
    rows[_MEASURED] = rows.index.isin(measured)
    rows[_CLOSES] = rows.index.isin(_stamps(complete))
    withheld = {day: tuple(problems) for day, problems in data.withheld.items() if day in days}
    return _Sessions(rows, withheld), closes.Closes(fresh, {day: wanted[day] for day in complete})


def _affected(wanted: Collection[date], changed: Sequence[date], calendar: TradingCalendar) -> list[date]:
    """The days whose averages look back on a changed one, itself included."""
    days = sorted(wanted)
    places = [bisect_left(calendar.sessions, day) for day in changed]
    found = []
    for day in days:
        last = bisect_left(changed, day)
        last -= last == len(changed) or changed[last] != day
        if last >= 0 and bisect_left(calendar.sessions, day) - places[last] < YEAR:
            found.append(day)
    return found


def _span(days: Collection[date], calendar: TradingCalendar) -> tuple[date, date]:
    """From a year of sessions before the first of the days to the last."""
    if not days:
        return date.max, date.min
    first = min(days)
    place = max(bisect_left(calendar.sessions, first) - YEAR, 0)
    return min(first, *calendar.sessions[place : place + 1]), max(days)


def _version(calendar: TradingCalendar, whole_market: int) -> str:
    """Changes with whatever else the result hangs on: the code, pandas, the calendar."""
    here = Path(__file__).parent
    code = [*sorted(here.glob("*.py")), *sorted(Path(str(dataset.__file__)).parent.glob("*.py"))]
    ordinals = np.array([day.toordinal() for day in calendar.sessions], dtype="int64")
    state = hashlib.blake2b(ordinals.tobytes(), digest_size=16)
    for path in code:
        state.update(path.read_bytes())
    return _digest(
        state.hexdigest(), calendar.code, str(calendar.checked_from), pd.__version__, str(whole_market)
    )


def _digest(*texts: str) -> str:
    state = hashlib.blake2b(digest_size=16)
    for text in texts:
        state.update(f"{len(text)}:{text}".encode())
    return state.hexdigest()


def _sessions(at: _Shelf) -> _Sessions:
    """As kept; without rows when nothing of this version is."""
    kept = shelf.kept(at.folder / "sessions.parquet")
    if kept is None or kept[1].get("version") != at.version:
        return _Sessions(pd.DataFrame(index=_stamps([])), {})
    return _Sessions(kept[0], _problems(kept[1]["withheld"]))


def _note(sessions: _Sessions, **key: str) -> dict[str, Any]:
    told = {
        str(day): [asdict(problem) for problem in problems] for day, problems in sessions.withheld.items()
    }
    return {**key, "withheld": told}


def _problems(told: Mapping[str, Any]) -> dict[date, tuple[Problem, ...]]:
    return {
        date.fromisoformat(day): tuple(Problem(**problem) for problem in problems)
        for day, problems in told.items()
    }


def _stamps(days: Collection[date]) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(sorted(days), dtype="datetime64[us]")


def _days(stamps: pd.Index) -> list[date]:
    return list(pd.DatetimeIndex(stamps).date)
