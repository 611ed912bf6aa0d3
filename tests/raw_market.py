"""A market as its raw files have it, and what can be counted in it; none of the package's code is used."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Bar:
    """An index on one day; None is not in the file."""

    day: date
    close: float
    change: float | None
    """Per cent, two decimals."""
    open: float | None = None
    high: float | None = None
    low: float | None = None
    value: float | None = None
    """KRW traded."""
    previous: float | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """A listed stock on one day."""

    code: str
    names: tuple[str, ...]
    market: str
    close: float
    change: float
    """KRW, against the base price."""
    shares: float
    value: float
    traded: bool
    sector: str = ""

    @property
    def base(self) -> float:
        return self.close - self.change

    @property
    def percent(self) -> float:
        return self.change / self.base * 100 if self.base else 0.0

    @property
    def common(self) -> bool:
        return self.code.endswith("0")


@dataclass(frozen=True, slots=True)
class Week:
    """An index over a week, by its last closes."""

    last: date
    close: float
    change: float | None
    """Per cent, not rounded; None for the first week of a history."""


A_YEAR = 252
"""Sessions a history must have before its highest close is called a record."""

LIMIT = 30.005
"""Per cent beyond which no stock with a price limit moves, its rounding included."""


@dataclass(frozen=True, eq=False)
class Market:
    """The files of a market: indices by name in order of days, stocks, breadth and flows by day."""

    indices: Mapping[str, tuple[Bar, ...]]
    stocks: Mapping[date, tuple[Share, ...]]
    """Days with every listed stock."""
    breadth: Mapping[date, Mapping[str, int]] = field(default_factory=dict)
    """listed, advancers, decliners, unchanged, as stated."""
    flows: Mapping[date, Mapping[tuple[str, str], float]] = field(default_factory=dict)
    """By scope and investor, KRW."""
    records: frozenset[tuple[str, date]] = frozenset()
    """Closes that the source itself calls records."""

    # --- One index -------------------------------------------------------------------------------------

    def bar(self, name: str, day: date) -> Bar | None:
        return self._by_day.get((name, day))

    @cached_property
    def _by_day(self) -> dict[tuple[str, date], Bar]:
        return {(name, bar.day): bar for name, bars in self.indices.items() for bar in bars}

    def until(self, name: str, day: date) -> list[Bar]:
        """The index's days up to this one, it included."""
        return [bar for bar in self.indices.get(name, ()) if bar.day <= day]

    def is_record(self, name: str, day: date) -> bool:
        """The close is above every earlier one, or the source says so."""
        if (name, day) in self.records:
            return True
        bars = self.until(name, day)
        *before, today = bars
        return len(before) >= A_YEAR and today.day == day and today.close > max(b.close for b in before)

    def records_of_year(self, name: str, day: date) -> int:
        days = [bar.day for bar in self.until(name, day) if bar.day.year == day.year]
        return sum(self.is_record(name, each) for each in days)

    def below_record(self, name: str, day: date) -> float:
        """Per cent, not negative."""
        bars = self.until(name, day)
        return (1 - bars[-1].close / max(bar.close for bar in bars)) * 100

    def as_large(self, name: str, day: date) -> list[Bar]:
        """Earlier days with a move at least as large in the day's direction, oldest first."""
        bars = self.until(name, day)
        today = bars[-1].change
        way = 1 if today > 0 else -1
        return [b for b in bars[:-1] if b.change is not None and b.change * way >= today * way]

    def streak(self, name: str, day: date) -> int:
        """Days in a row in the day's direction, it included."""
        bars = self.until(name, day)
        way = _sign(bars[-1].change)
        count = 0
        while (
            count < len(bars)
            and bars[-1 - count].change is not None
            and _sign(bars[-1 - count].change) == way
        ):
            count += 1
        return count

    def weeks(self, name: str, day: date) -> list[Week]:
        """The calendar's weeks up to the day's; without the "
        "change where a day of another index is missing."""
        days: dict[tuple[int, int], list[Bar]] = defaultdict(list)
        for bar in self.until(name, day):
            days[bar.day.isocalendar()[:2]].append(bar)
        found: list[Week] = []
        for week, bars in days.items():
            whole = len(bars) == self._sessions_of.get(week, len(bars)) or bars[-1].day == day
            base = found[-1].close if found else bars[0].previous
            change = (bars[-1].close / base - 1) * 100 if base and whole else None
            found.append(Week(bars[-1].day, bars[-1].close, change))
        return found

    @cached_property
    def _sessions_of(self) -> dict[tuple[int, int], int]:
        """How many days of a week the index with most of them has."""
        most: dict[tuple[int, int], int] = {}
        for bars in self.indices.values():
            counts: dict[tuple[int, int], int] = defaultdict(int)
            for bar in bars:
                counts[bar.day.isocalendar()[:2]] += 1
            for week, count in counts.items():
                most[week] = max(most.get(week, 0), count)
        return most

    def week(self, name: str, day: date) -> list[Bar]:
        """The index's days of the day's week, up to it."""
        return [b for b in self.until(name, day) if b.day.isocalendar()[:2] == day.isocalendar()[:2]]

    # --- All stocks ------------------------------------------------------------------------------------

    def shares(self, day: date) -> tuple[Share, ...]:
        return self.stocks.get(day, ())

    @cached_property
    def _days(self) -> list[date]:
        return sorted(self.stocks)

    @cached_property
    def _closes(self) -> dict[date, dict[str, float]]:
        return {day: {share.code: share.close for share in shares} for day, shares in self.stocks.items()}

    def moving(self, day: date, market: str) -> list[Share]:
        """Common shares whose change is a move: no split, no first day, not past the price limit."""
        place = self._days.index(day)
        before = self._closes[self._days[place - 1]] if place else None
        return [
            share
            for share in self.shares(day)
            if share.market == market
            and share.common
            and abs(share.percent) <= LIMIT
            and (before is None or before.get(share.code) == share.base)
        ]

    def points(self, day: date, market: str = "KOSPI") -> list[tuple[Share, float]]:
        """Every stock that traded with the index points it added, most first."""
        if day not in self.stocks:
            return []
        shares = self.moving(day, market)
        base = sum(share.base * share.shares for share in shares)
        bar = self.bar(market, day)
        before = bar.previous or bar.close / (1 + bar.change / 100)
        found = [(s, s.change * s.shares / base * before) for s in shares if s.traded]
        return sorted(found, key=lambda pair: -pair[1])

    def largest(self, day: date, count: int) -> list[Share]:
        """The index's members of most market value, before the day's moves."""
        shares = [share for share in self.moving(day, "KOSPI") if share.traded]
        return sorted(shares, key=lambda share: -share.base * share.shares)[:count]

    def sectors(self, day: date, least: int = 5) -> dict[str, tuple[float, int, int]]:
        """By sector: its move in %, weighted by value, its members, and how many of them rose."""
        members: dict[str, list[Share]] = defaultdict(list)
        for market in ("KOSPI", "KOSDAQ"):
            for share in self.moving(day, market) if day in self.stocks else ():
                if share.sector:
                    members[share.sector].append(share)
        return {
            sector: (
                sum(s.change * s.shares for s in group) / sum(s.base * s.shares for s in group) * 100,
                len(group),
                sum(s.change > 0 for s in group),
            )
            for sector, group in members.items()
            if len(group) >= least
        }

    def counts(self, day: date, market: str = "") -> dict[str, int] | None:
        """Breadth as stated, or counted: KOSPI and KOSDAQ, or one of them."""
        if day in self.stocks:
            markets = (market,) if market else ("KOSPI", "KOSDAQ")
            changes = [share.change for share in self.shares(day) if share.market in markets]
            return {
                "listed": len(changes),
                "advancers": sum(change > 0 for change in changes),
                "decliners": sum(change < 0 for change in changes),
            }
        return dict(self.breadth[day]) if day in self.breadth and not market else None

    # --- Past sessions ---------------------------------------------------------------------------------

    def sessions_with(
        self, name: str, day: date, holds: Callable[[Market, date], bool | None]
    ) -> tuple[date | None, list[date]]:
        """The first session that can be told of and all sessions before the day of which it holds."""
        first, found = None, []
        for bar in self.indices[name]:
            if bar.day > day:
                break
            held = holds(self, bar.day)
            if held is None:
                continue
            first = first or bar.day
            if held and bar.day < day:
                found.append(bar.day)
        return first, found

    def after(self, name: str, days: Sequence[date], horizon: int, until: date) -> list[float]:
        """The index's moves in % over so many sessions after each of the days, as far as they are past."""
        bars = self.until(name, until)
        place = {bar.day: at for at, bar in enumerate(bars)}
        return [
            (bars[place[day] + horizon].close / bars[place[day]].close - 1) * 100
            for day in days
            if day in place and place[day] + horizon < len(bars)
        ]


def _sign(value: float | None) -> int:
    return 0 if value is None else (value > 0) - (value < 0)


def _number(text: str | None) -> float | None:
    return float(text) if text not in (None, "") else None


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def history(path: Path) -> tuple[Bar, ...]:
    """An index's file; its changes as it states them, else from its closes."""
    found: list[Bar] = []
    for row in sorted(_rows(path), key=lambda row: row["Date"]):
        close, change = float(row["Close"]), _number(row.get("Change"))
        before = found[-1].close if found else None
        if change is not None:
            change = round(change * 100, 2)
        elif before:
            change = round((close / before - 1) * 100, 2)
        found.append(
            Bar(
                day=date.fromisoformat(row["Date"]),
                close=close,
                change=change,
                open=_number(row.get("Open")),
                high=_number(row.get("High")),
                low=_number(row.get("Low")),
                value=_number(row.get("Amount")),
                previous=before,
            )
        )
    return tuple(found)


def _share(row: Mapping[str, object], names: tuple[str, ...], sector: str) -> Share:
    return Share(
        code=str(row["Code"]),
        names=names,
        market=str(row["Market"]).removesuffix(" GLOBAL"),
        close=float(row["Close"]),
        change=float(row["Changes"]),
        shares=float(row["Stocks"]),
        value=float(row["Amount"]),
        traded=any(float(row[name]) for name in ("Open", "High", "Low")),
        sector=sector,
    )


def real_market(folder: Path, sector_names: Mapping[str, str]) -> Market:
    """The public files; `sector_names` are the posts' names of the sectors."""
    from pyarrow import parquet  # noqa: PLC0415 - takes a while to load, and is of use with the files only

    columns = [
        "Date",
        "Code",
        "Name",
        "Market",
        "Close",
        "Changes",
        "Open",
        "High",
        "Low",
        "Amount",
        "Stocks",
    ]
    english = {row["code"]: row["en"] for row in _rows(folder / "names.csv") if row["en"]}
    sectors = {row["Code"]: row["Industry"] for row in _rows(folder / "sectors.csv")}
    stocks: dict[date, list[Share]] = defaultdict(list)
    for row in parquet.read_table(folder / "marcap-2026.parquet", columns=columns).to_pylist():
        stamp = row["Date"]
        day = stamp.date() if isinstance(stamp, datetime) else stamp
        names = tuple(name for name in (english.get(row["Code"]), row["Name"]) if name)
        sector = sectors.get(row["Code"]) or ""
        stocks[day].append(_share(row, names, sector_names.get(sector, sector)))
    return Market(
        indices={name: history(folder / f"index-{name.lower()}.csv") for name in ("KOSPI", "KOSDAQ")},
        stocks={day: tuple(rows) for day, rows in sorted(stocks.items())},
    )


def folder_market(
    datasets: Path,
    *,
    histories: Mapping[str, Path] | None = None,
    listings: Path | None = None,
    sectors: Path | None = None,
) -> Market:
    """A blog's own folders, with an index history and listings where there are any."""
    indices: dict[str, dict[date, Bar]] = defaultdict(dict)
    for name, path in (histories or {}).items():
        indices[name] = {bar.day: bar for bar in history(path)}
    breadth: dict[date, dict[str, int]] = {}
    flows: dict[date, dict[tuple[str, str], float]] = {}
    records = set()
    for folder in sorted(datasets.iterdir()):
        day = date.fromisoformat(folder.name)
        for row in _rows(folder / "indices.csv"):
            if not row.get("close"):
                continue
            indices[row["index"]][day] = Bar(
                day=day,
                close=float(row["close"]),
                change=_number(row.get("change_pct")),
                open=_number(row.get("open")),
                high=_number(row.get("high")),
                low=_number(row.get("low")),
                value=_number(row.get("value_traded")),
                previous=_number(row.get("previous_close")),
            )
            if row.get("all_time_high") == "true":
                records.add((row["index"], day))
        for row in _rows(folder / "breadth.csv"):
            if row["scope"] == "all":
                breadth[day] = {name: int(row[name]) for name in row if name != "scope" and row[name]}
        flows[day] = {
            (row["scope"], row["investor"]): float(row["net_krw"])
            for row in _rows(folder / "flows.csv")
            if row.get("net_krw")
        }
    industry = {row["Code"]: row["Industry"] for row in _rows(sectors)} if sectors else {}
    stocks = {}
    for path in sorted(listings.iterdir()) if listings else ():
        rows = _rows(path)
        stocks[date.fromisoformat(path.stem[-10:])] = tuple(
            _share(row, (row["Name"],), industry.get(row["Code"], "")) for row in rows
        )
    return Market(
        indices={name: tuple(by_day[day] for day in sorted(by_day)) for name, by_day in indices.items()},
        stocks=stocks,
        breadth=breadth,
        flows=flows,
        records=frozenset(records),
    )
