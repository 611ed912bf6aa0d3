"""Reading all sources, checking what they hand over, and merging it into one set of tables.

Checks come first and list every problem. A session with a fatal one is withheld, the others go on; a source
that cannot be read at all stops everything, since nobody can tell which sessions it would have served.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from generator.dataset import checks, consistency, counting, set_aside
from generator.dataset.convert import convert, settled
from generator.dataset.merge import Merged, Part, merge
from generator.dataset.places import limited, printable
from generator.dataset.source import SESSION, Finding
from generator.dataset.tables import TABLES
from generator.errors import DatasetError, MarketpostError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from typing import TypeVar

    from numpy.typing import NDArray

    from generator.calendars import TradingCalendar
    from generator.dataset.source import Head, Lookup, Read, Source

    T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gathered:
    """The sessions asked for, merged; those in `withheld` are in no table."""

    tables: Mapping[str, Merged]
    """Every table of `tables.py`; `stocks` has the column `set_aside` besides."""
    sectors: tuple[Lookup, ...] = ()
    sector_filled: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))
    """For each row of `stocks`: its sector is from `sectors`, as no table stated one."""
    heads: Mapping[date, Head] = field(default_factory=dict)
    notes: Mapping[date, Mapping[str, str]] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    served: Mapping[date, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """Tables that each source gave rows of, by session and the source's label."""
    head_labels: Mapping[date, str] = field(default_factory=dict)
    """Label of the source whose `session.yaml` was taken."""
    problems: Mapping[date | None, tuple[Problem, ...]] = field(default_factory=dict)
    """Not fatal; under None what belongs to no session."""
    withheld: Mapping[date, tuple[Problem, ...]] = field(default_factory=dict)

    def of(self, day: date) -> Gathered:
        """The rows of one session."""
        tables = {name: merged.of(day) for name, merged in self.tables.items()}
        rows = self.tables["stocks"].rows_of(day)
        return replace(self, tables=tables, sector_filled=self.sector_filled[rows])


def gather(
    sources: Sequence[Source], calendar: TradingCalendar, dates: Collection[date] | None = None
) -> Gathered:
    """Read, check and merge the sessions in `dates`, or all.

    The sessions before them are read too, only to tell a corporate action and a repeated file.

    Raises:
        DatasetError: sources that cannot be read at all; the problems of all of them are listed.
    """
    wanted = None if dates is None else frozenset(dates)
    around = (
        None if wanted is None else wanted | {day for each in wanted if (day := _previous(calendar, each))}
    )
    reads = of_all(sources, lambda source: source.read(around))
    findings = [each for _, read in reads for each in read.findings]
    parts = [(source, part) for source, read in reads for part in _parts(read, findings)]
    findings += _no_sessions(reads, parts, calendar)

    stocks = [part for _, part in parts if part.rows.table == "stocks"]
    known = set_aside.closes(stocks)
    days = {stamp.date() for stamp in pd.DatetimeIndex(known[SESSION].unique())}
    previous = {day: before for day in sorted(days) if (before := _previous(calendar, day))}
    findings += set_aside.repeated(known, stocks, previous)

    fatal = {each.day for each in findings if each.problem.fatal}
    known = known[~known[SESSION].isin(_stamps(fatal))]
    kept = [(source, _kept(part, wanted, fatal)) for source, part in parts]
    tables, differences = _merged([part for _, part in kept])
    findings += differences
    sectors = tuple(read.sectors for _, read in reads if read.sectors)
    listed, filled = _with_sectors(tables["stocks"].frame, sectors)
    listed[set_aside.SET_ASIDE] = set_aside.mark(listed, known, previous)
    tables["stocks"] = replace(tables["stocks"], frame=listed)
    by_day = _by_day(findings, wanted)
    return Gathered(
        tables=tables,
        sectors=sectors,
        sector_filled=filled,
        heads=_first((read.heads for _, read in reads)),
        head_labels=_first(dict.fromkeys(read.heads, source.label) for source, read in reads),
        notes=joined(read.notes for _, read in reads),
        names=joined(read.names for _, read in reads),
        served=_served(kept),
        problems={day: problems for day, problems in by_day.items() if day not in fatal},
        withheld={day: problems for day, problems in by_day.items() if day is not None and day in fatal},
    )


def of_all(sources: Iterable[Source], act: Callable[[Source], T]) -> list[tuple[Source, T]]:
    """`act` on every source.

    Raises:
        DatasetError: some fail; the problems of all of them are listed.
    """
    done: list[tuple[Source, T]] = []
    failed: list[DatasetError] = []
    for source in sources:
        try:
            done.append((source, act(source)))
        except DatasetError as error:
            failed.append(error)
        except OSError as error:
            problem = Problem(
                file=source.label,
                message=f"cannot be read: {error.strerror or error}",
                found=str(error.filename or ""),
                remedy="Check that the file is there and may be read",
            )
            failed.append(DatasetError(str(problem), [problem]))
    if failed:
        problems = [printable(problem) for error in failed for problem in error.problems]
        raise DatasetError("; ".join(str(error) for error in failed), problems) from failed[0]
    return done


def _previous(calendar: TradingCalendar, day: date) -> date | None:
    try:
        return calendar.previous(day)
    except MarketpostError:  # the calendar does not reach that far
        return None


def _stamps(days: Iterable[date | None]) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(sorted(day for day in days if day is not None))


def _parts(read: Read, findings: list[Finding]) -> list[Part]:
    """The converted rows of a source, their problems added to `findings`; breadth counted where it can be."""
    parts = [Part(rows, convert(rows)) for rows in read.rows if len(rows.frame)]
    for part in parts:
        findings += checks.cells(part.rows, part.frame)
        findings += consistency.across(part.rows, part.frame)
    # After what the source states itself, so that a stated count wins over one of ours.
    counted = (counting.breadth(part) for part in parts if part.rows.table == "stocks")
    return [*parts, *(part for part in counted if part)]


def _no_sessions(
    reads: Sequence[tuple[Source, Read]], parts: Sequence[tuple[Source, Part]], calendar: TradingCalendar
) -> Iterator[Finding]:
    """Sessions of a source that the calendar does not know. An index's past may reach before its time."""
    for source, read in reads:
        if source.holds != "sessions":
            continue
        days = set(read.heads)
        for owner, part in parts:
            if owner is source:
                days |= {stamp.date() for stamp in pd.DatetimeIndex(part.frame[SESSION].unique())}
        for day in sorted(day for day in days if not calendar.is_session(day)):
            problem = Problem(
                file=source.label,
                row=day.isoformat(),
                message=f"has data of a day that was no session: {calendar.why_closed(day)}",
                expected=f"a session of {calendar.code}",
                remedy=f"Delete the data of {day} from {source.label}; or, if the exchange was open, add "
                f"`- {day}` under params.marketpost.market.extra_sessions in {calendar.file}",
            )
            yield Finding(day, problem)


def _kept(part: Part, wanted: frozenset[date] | None, fatal: set[date | None]) -> Part:
    """The rows of sessions asked for and sound."""
    stamps = part.frame[SESSION]
    keep = ~stamps.isin(_stamps(fatal))
    if wanted is not None:
        keep &= stamps.isin(_stamps(wanted))
    kept = part.only(keep)
    return Part(kept.rows, settled(kept.frame, kept.rows.table))


def _merged(parts: Sequence[Part]) -> tuple[dict[str, Merged], list[Finding]]:
    tables: dict[str, Merged] = {}
    findings: list[Finding] = []
    for name in TABLES:
        tables[name], different = merge(name, [part for part in parts if part.rows.table == name])
        findings += different
    return tables, findings


def _with_sectors(stocks: pd.DataFrame, lookups: Sequence[Lookup]) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    """A copy with blank sectors filled from the lookups, in order, and which rows were filled."""
    filled = np.zeros(len(stocks), dtype=bool)
    sector = stocks["sector"]
    for lookup in lookups:
        found = stocks["code"].where(sector.isna()).map(lookup.texts)
        takes = found.notna().to_numpy()
        sector = sector.where(~takes, found)
        filled |= takes
    return stocks.assign(sector=sector), filled


def _served(kept: Sequence[tuple[Source, Part]]) -> dict[date, dict[str, tuple[str, ...]]]:
    served: dict[date, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    for source, part in kept:
        for stamp in pd.DatetimeIndex(part.frame[SESSION].unique()):
            served[stamp.date()][source.label][part.rows.table] = None
    return {day: {label: tuple(names) for label, names in of_day.items()} for day, of_day in served.items()}


def _by_day(
    findings: Iterable[Finding], wanted: frozenset[date] | None
) -> dict[date | None, tuple[Problem, ...]]:
    """Problems by session, oldest first and fatal ones before others; those of no session under None."""
    by_day: dict[date | None, list[Problem]] = defaultdict(list)
    for each in limited(findings):
        if wanted is None or each.day is None or each.day in wanted:
            by_day[each.day].append(printable(each.problem))
    return {
        day: tuple(sorted(by_day[day], key=lambda problem: not problem.fatal))
        for day in sorted(by_day, key=lambda day: (day is not None, day or 0))
    }


def _first(mappings: Iterable[Mapping[date, T]]) -> dict[date, T]:
    """For each key the value of the first mapping that has it."""
    merged: dict[date, T] = {}
    for mapping in mappings:
        for key, value in mapping.items():
            merged.setdefault(key, value)
    return merged


def joined(mappings: Iterable[Mapping[T, Mapping[str, str]]]) -> dict[T, dict[str, str]]:
    """The same one level down: notes by section, names by code."""
    merged: dict[T, dict[str, str]] = {}
    for mapping in mappings:
        for key, inner in mapping.items():
            merged[key] = {**inner, **merged.get(key, {})}
    return merged
