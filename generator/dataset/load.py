"""What the rest of the program asks of the sources: which sessions there are, their tables, one session."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pandas as pd

from generator.dataset import records
from generator.dataset.dataset import Dataset
from generator.dataset.folder import Folder
from generator.dataset.gather import gather, joined, of_all
from generator.dataset.session import Session, SourceCredit, public_name
from generator.dataset.source import SESSION
from generator.dataset.tables import TABLES
from generator.errors import DatasetError, Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from generator.calendars import TradingCalendar
    from generator.config import Settings
    from generator.dataset.gather import Gathered
    from generator.dataset.merge import Merged
    from generator.dataset.source import Head, Source

DATE = "date"


def available(sources: Sequence[Source], *, history: bool = False) -> Mapping[date, tuple[str, ...]]:
    """The sessions that sources hold, oldest first, each with the labels of its sources.

    Args:
        sources: The configured sources.
        history: Also list the sessions that nothing but an index's history holds. They are many, and no
            post can be made of them; without them the last key is the newest session to post about.

    Raises:
        DatasetError: sources that cannot be read at all.
    """
    labels: dict[date, list[str]] = defaultdict(list)
    postable: set[date] = set()
    for source, found in of_all(sources, lambda source: source.signatures()):
        for day in found:
            labels[day].append(source.label)
        if source.holds == "sessions":
            postable |= found.keys()
    return {day: tuple(labels[day]) for day in sorted(labels) if history or day in postable}


def open_sessions(sources: Sequence[Source]) -> frozenset[date]:
    """The sessions that were not over when their data was taken, as the first source that says so has it."""
    stated: dict[date, bool] = {}
    for source in reversed(sources):
        if isinstance(source, Folder):
            stated |= source.stated_open()
    return frozenset(day for day, is_open in stated.items() if is_open)


def signatures(sources: Sequence[Source], calendar: TradingCalendar) -> Mapping[date, str]:
    """For each session, histories included, a hash that changes when what `load` gives for it may change.

    So it covers all sources of the session, their order, the reference sources, and the session before,
    whose closes decide which stocks are set aside.

    Raises:
        DatasetError: sources that cannot be read at all.
    """
    own: dict[date, list[str]] = defaultdict(list)
    general: list[str] = []
    for source, found in of_all(sources, lambda source: source.signatures()):
        general.append(f"{source.label} {source.signature()}")
        for day, text in found.items():
            own[day].append(f"{source.label} {text}")
    before = {
        day: calendar.previous(day) for day in own if day > calendar.sessions[0] and calendar.is_session(day)
    }
    return {
        day: _hash([*general, "of the session", *own[day], "before", *own.get(before.get(day, day), [])])
        for day in sorted(own)
    }


def load(
    sources: Sequence[Source], calendar: TradingCalendar, *, dates: Collection[date] | None = None
) -> Dataset:
    """The checked and merged tables of the sessions in `dates`, or of all.

    Every table of `tables.py` is there with all its columns, be it without rows. Numbers and counts are
    float64 with NaN, flags and texts objects with None, days datetime64. `stocks` has the column
    `set_aside` besides: "", not_traded, adjusted or beyond_limit. In `events` and `context`, whose `date`
    is the fact's own day, the session is in the column `session`.

    Raises:
        DatasetError: sources that cannot be read at all. A session whose own tables are unfit is in
            `withheld` instead.
    """
    gathered = gather(sources, calendar, dates)
    problems = [problem for found in gathered.problems.values() for problem in found]
    if dates is None:
        problems += against_calendar(sources, calendar)
    return Dataset(
        tables={name: _table(merged) for name, merged in gathered.tables.items()},
        problems=tuple(problems),
        withheld=gathered.withheld,
    )


def load_session(
    sources: Sequence[Source], calendar: TradingCalendar, settings: Settings, day: date
) -> tuple[Session, tuple[Problem, ...]]:
    """One session as records, and what is worth telling of it; reads that session and the one before.

    Raises:
        DatasetError: no source holds it, its tables are unfit (all problems are listed), or a source
            cannot be read at all.
    """
    gathered = gather(sources, calendar, [day])
    if day in gathered.withheld:
        problems = gathered.withheld[day]
        fatal = sum(problem.fatal for problem in problems)
        raise DatasetError(f"the session {day} is withheld: {fatal} problem(s) with its data", problems)
    if day not in gathered.served:
        looked = ", ".join(source.label for source in sources if source.holds != "reference")
        raise DatasetError(
            f"no source holds the session {day}",
            [
                Problem(
                    file=looked,
                    row=day.isoformat(),
                    message="no source holds this session",
                    remedy="Add its data; `marketpost sessions` lists what there is",
                )
            ],
        )
    return _session(gathered, calendar, settings, day), gathered.problems.get(day, ())


def load_sessions(
    sources: Sequence[Source], calendar: TradingCalendar, settings: Settings, days: Collection[date]
) -> Mapping[date, Session]:
    """Those of some sessions that are fit to be used, as `load_session` has them; a tenth of its time each.

    Raises:
        DatasetError: a source cannot be read at all.
    """
    gathered = gather(sources, calendar, days)
    fit = [day for day in sorted(days) if day in gathered.served and day not in gathered.withheld]
    return {day: _session(gathered.of(day), calendar, settings, day) for day in fit}


def notes_of(sources: Sequence[Source], day: date) -> tuple[Mapping[str, str], tuple[Problem, ...]]:
    """The notes of a session as `load_session` gives them, and what is wrong with them; no table is read."""
    read = [source.notes(day) for source in sources if isinstance(source, Folder)]
    sections = joined({day: found} for found, _ in read)
    return sections.get(day, {}), tuple(problem for _, problems in read for problem in problems)


def _session(gathered: Gathered, calendar: TradingCalendar, settings: Settings, day: date) -> Session:
    market = settings.market
    zone = ZoneInfo(market.timezone)
    head = gathered.heads.get(day)
    # Files that say nothing of their time are downloads of a day that is over.
    as_of = head.as_of if head else datetime.combine(day, market.close, zone)
    planned = datetime.combine(day, settings.post.publish_time, zone)
    intraday = head is not None and head.status == "intraday"
    # A post of an open session is dated with its data: at a later hour Hugo would hide it until then.
    publish_at = (head.publish_at if head else None) or (as_of if intraday else max(planned, as_of))
    found: dict[str, Any] = records.of_tables(gathered)
    return Session(
        date=day,
        calendar=market.calendar,
        timezone=market.timezone,
        status=head.status if head else "final",
        as_of=as_of,
        publish_at=publish_at,
        updated_at=(head.updated_at if head else None) or publish_at,
        previous=calendar.previous(day),
        next=calendar.next(day),
        credits=_credits(gathered, head, day),
        names=gathered.names,
        notes=gathered.notes.get(day, {}),
        set_aside=records.set_aside(gathered),
        **found,
    )


def _credits(gathered: Gathered, head: Head | None, day: date) -> tuple[SourceCredit, ...]:
    """Whom `session.yaml` credits, then every source that gave rows and is not credited that way."""
    stated = head.credits if head else ()
    credited = gathered.head_labels.get(day) if stated else None
    others = [
        SourceCredit(name=public_name(label), covers=tables)
        for label, tables in gathered.served[day].items()
        if label != credited
    ]
    if gathered.sector_filled.any():
        others += [
            SourceCredit(name=public_name(lookup.file), covers=("sectors",)) for lookup in gathered.sectors
        ]
    return (*stated, *others)


def _table(merged: Merged) -> pd.DataFrame:
    frame = merged.frame
    if any(column.name == DATE for column in TABLES[merged.table].columns):
        own = pd.to_datetime(frame[DATE]).astype("datetime64[us]")
        return frame.assign(**{DATE: own})
    return frame.rename(columns={SESSION: DATE})


def against_calendar(sources: Sequence[Source], calendar: TradingCalendar) -> list[Problem]:
    """Where an index's history and the calendar disagree."""
    histories = of_all(
        [source for source in sources if source.holds == "history"], lambda source: source.signatures()
    )
    return [
        problem
        for source, days in histories
        for problem in calendar.contradictions((), complete=days.keys(), file=source.label)
    ]


def _hash(parts: Sequence[str]) -> str:
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()
