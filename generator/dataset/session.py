"""One session as plain records: what every step after the metrics sees of a dataset.

No frames here. A value that was not reported is None. Each record knows the cell each of its values came
from (`record.cell("close")`), so that a figure can be traced to a file and a line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal

from generator.figures import Cell

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

Status = Literal["intraday", "final"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row was read: a file (or `file#table`), and its line or key there."""

    file: str
    row: str


def public_name(file: str) -> str:
    """A file as readers may see it: its path inside the blog, else its name alone; what follows # stays."""
    path = PurePosixPath(file)
    return path.name if path.is_absolute() or ".." in path.parts else file


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A row of a table. `origins` maps a column to the row it was read from; "" is the default for all."""

    origins: Mapping[str, Origin] = field(default_factory=dict, repr=False, compare=False)

    def cell(self, column: str) -> Cell:
        """The cell that `column` was read from."""
        origin = self.origins.get(column) or self.origins[""]
        return Cell(public_name(origin.file), origin.row, column)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexQuote(Record):
    """A row of `indices`: levels in points, changes in per cent, amounts in KRW."""

    index: str
    open: float | None = None
    high: float | None = None
    low: float | None = None
    close: float | None = None
    previous_close: float | None = None
    change_pct: float | None = None
    open_change_pct: float | None = None
    all_time_high: bool | None = None
    volume: float | None = None
    value_traded: float | None = None
    market_value: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Breadth(Record):
    """A row of `breadth`, or the counts of an all-stocks file."""

    scope: str
    listed: int | None = None
    advancers: int | None = None
    decliners: int | None = None
    unchanged: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow(Record):
    """A row of `flows`: net_krw in KRW, positive is net buying."""

    scope: str
    scope_kind: Literal["market", "stock", "sector"]
    investor: str
    net_krw: float | None = None
    direction: str | None = None
    size: str | None = None
    state: Literal["provisional", "final"] | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock(Record):
    """A row of `stocks`: prices in KRW a share, amounts in KRW, change in per cent."""

    code: str
    name: str | None = None
    market: str | None = None
    sector: str | None = None
    open: float | None = None
    high: float | None = None
    low: float | None = None
    close: float | None = None
    change: float | None = None
    change_pct: float | None = None
    volume: float | None = None
    value_traded: float | None = None
    market_value: float | None = None
    shares: float | None = None
    foreign_net_krw: float | None = None
    institution_net_krw: float | None = None
    retail_net_krw: float | None = None
    foreign_institution_net_krw: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SectorNote(Record):
    """A row of `sectors`."""

    sector: str
    examples: str | None = None
    behaviour: str | None = None
    probable_reason: str | None = None
    related: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster(Record):
    """A row of `clusters`."""

    cluster: str
    codes: tuple[str, ...]
    common_feature: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MacroReading(Record):
    """A row of `macro`; value and change are in the units beside them."""

    variable: str
    value: float | None = None
    unit: str | None = None
    change: float | None = None
    change_unit: str | None = None
    period: str | None = None
    reading: str | None = None
    impact: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IntradayPoint(Record):
    """A row of `intraday`: level in points, change in per cent."""

    time: str
    index: str
    level: float | None = None
    change_pct: float | None = None
    approximate: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Record):
    """A row of `events`."""

    date: dt.date
    headline: str
    codes: tuple[str, ...] = ()
    kind: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextFact(Record):
    """A row of `context`; value is in `unit`."""

    date: dt.date
    scope: str
    fact: str
    value: float | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCredit:
    """Who is credited for what, in the method section."""

    name: str
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """Stocks kept out of leaders, contributions and extremes, counted so that the method can say so.

    `not_traded`: open, high and low are 0. `adjusted`: the exchange's base price differs from the last
    close (a split, a rights issue, a new listing). `beyond_limit`: a change past ±30%, which only a
    stock without a price limit makes (liquidation trading, first day).
    """

    not_traded: frozenset[str] = frozenset()
    adjusted: frozenset[str] = frozenset()
    beyond_limit: frozenset[str] = frozenset()

    @property
    def codes(self) -> frozenset[str]:
        """Every code set aside, for whichever reason."""
        return self.not_traded | self.adjusted | self.beyond_limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One trading day as its sources describe it. Tuples keep the sources' row order."""

    date: dt.date
    calendar: str
    """The exchange's ISO 10383 code, as exchange_calendars spells it: XKRX."""
    timezone: str
    """IANA name: Asia/Seoul."""
    status: Status
    as_of: dt.datetime
    """When the data is from; with zone."""
    publish_at: dt.datetime
    """The date of the post; with zone."""
    updated_at: dt.datetime
    """When the dataset last changed in a way readers should know of; `publish_at` unless stated."""
    previous: dt.date
    """The session before, by calendar."""
    next: dt.date
    """The session after, by calendar."""
    credits: tuple[SourceCredit, ...] = ()
    indices: tuple[IndexQuote, ...] = ()
    breadth: tuple[Breadth, ...] = ()
    flows: tuple[Flow, ...] = ()
    stocks: Sequence[Stock] = ()
    """Of a whole market thousands: `rows.column` asks for one field of all."""
    sectors: tuple[SectorNote, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    macro: tuple[MacroReading, ...] = ()
    intraday: tuple[IntradayPoint, ...] = ()
    events: tuple[Event, ...] = ()
    context: tuple[ContextFact, ...] = ()
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Company names by language, then code: names["en"]["005930"]."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """`notes.md` by section key: what only a person can know, in Markdown."""
    set_aside: SetAside = field(default_factory=SetAside)
