"""A market that never was: forty-two sessions in CSV, so that every test that reads posts runs in any clone.

Everything follows from the day's number by a formula: nothing random, nothing of any real company. The days
differ in what they hold as real ones do. The first half has every listed stock, the second a desk's own
tables; flows, macro, sectors, intraday and breadth are there on some days and missing on others. The moods
give records, turns, streaks, a day without any change and one that is still open.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from pathlib import Path

HISTORY = 600
"""Sessions of the two indices before the first made one."""
COUNT = 30
WITH_ALL_STOCKS = 22
"""The first so many days have every listed stock, the others a table of a few."""
LISTED = {"KOSPI": 520, "KOSDAQ": 560}
"""Enough for a market to count as whole."""


def wave(*keys: object) -> float:
    """A number from -1 to 1 that hangs on the keys alone."""
    text = ".".join(map(str, keys)).encode()
    return int.from_bytes(blake2b(text, digest_size=4).digest()) / 2**31 - 1


@dataclass(frozen=True, slots=True)
class Mood:
    """What a day does: changes in %, and how many of a hundred stocks rise."""

    kospi: float
    kosdaq: float
    opened: float
    low: float
    """The low, in % below the lower of open and close."""
    high: float
    rising: int


MOODS = (
    Mood(0.12, -0.08, 0.05, 0.2, 0.2, 48),  # dull
    Mood(0.85, 0.60, 0.20, 0.1, 0.1, 63),
    Mood(1.45, 1.20, 0.40, 0.1, 0.2, 71),  # a broad rally
    Mood(2.35, -0.45, 0.70, 0.3, 0.1, 33),  # a compressed one
    Mood(0.04, 0.31, -0.10, 0.3, 0.3, 50),
    Mood(-1.75, -2.40, -0.30, 0.4, 0.1, 14),  # a broad selloff
    Mood(1.90, 0.55, -1.30, 1.1, 0.1, 55),  # turned around
    Mood(-0.62, 0.48, 0.10, 0.2, 0.1, 58),  # the heavyweights fall
    Mood(0.00, 0.15, 0.10, 0.2, 0.2, 51),  # no change at all
    Mood(-1.10, -0.30, 1.40, 0.2, 0.3, 41),  # a gain given back
    Mood(0.35, 4.60, 0.20, 0.1, 0.1, 74),  # the second index surges
    Mood(-3.80, -4.90, -1.60, 0.9, 0.1, 6),  # a washout
    Mood(4.20, 3.70, 1.80, 0.1, 0.2, 90),  # a thrust
    Mood(-0.18, 0.02, -0.05, 0.2, 0.1, 47),
)


def mood(number: int) -> Mood:
    """Of the day with this number: each mood in turn, the second and third time round a little off."""
    mine = MOODS[number % len(MOODS)]
    round_ = number // len(MOODS)
    if not round_ or not mine.kospi:
        return mine
    scale = 1 + 0.2 * wave("mood", number)
    return Mood(
        round(mine.kospi * scale, 2), round(mine.kosdaq * scale, 2), mine.opened, mine.low, mine.high,
        min(95, max(4, mine.rising + round(5 * wave("rising", number)))),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """An index on one day."""

    day: date
    open: float
    high: float
    low: float
    close: float
    previous: float
    value: int

    @property
    def change(self) -> float:
        return round((self.close / self.previous - 1) * 100, 2)


def _level(name: str, day: date, number: int, previous: float, move: float, mine: Mood | None) -> Level:
    close = round(previous * (1 + move / 100), 2)
    gap = mine.opened if mine and name == "KOSPI" else move * 0.3 + 0.2 * wave(name, number, "open")
    opened = round(previous * (1 + gap / 100), 2)
    below = mine.low if mine else 0.3 * (1 + wave(name, number, "low"))
    above = mine.high if mine else 0.3 * (1 + wave(name, number, "high"))
    return Level(
        day=day,
        open=opened,
        high=round(max(opened, close) * (1 + above / 100), 2),
        low=round(min(opened, close) * (1 - below / 100), 2),
        close=close,
        previous=previous,
        value=round((14 + 5 * wave(name, number, "value") + abs(move)) * 1e12),
    )


def levels(name: str, days: Sequence[date]) -> list[Level]:
    """The index on every one of `days`, the last COUNT of which are the made sessions."""
    found: list[Level] = []
    previous = {"KOSPI": 3000.0, "KOSDAQ": 820.0}[name]
    for number, day in enumerate(days, start=COUNT - len(days)):
        mine = mood(number) if number >= 0 else None
        if mine:
            move = mine.kospi if name == "KOSPI" else mine.kosdaq
        else:
            # Cubed, so that large moves are rare; a drift, so that records come now and then.
            move = round(2.6 * wave(name, number) ** 3 + 0.03, 2)
        found.append(_level(name, day, number, previous, move, mine))
        previous = found[-1].close
    return found


_FIRST = (
    "Hanul", "Saebom", "Daeyang", "Miraeon", "Taesan", "Kaon", "Narae", "Seorin", "Dongbaek", "Yuseong",
    "Areum", "Baekdu",
)  # fmt: skip
_SECOND = ("Electronics", "Chemical", "Heavy Industries", "Bio", "Motor", "Securities", "Energy", "Holdings")
SECTORS = (
    "Semiconductors", "Basic chemicals", "Shipbuilding", "Pharmaceuticals", "Automakers", "Banks", "Steel",
    "Software", "Airlines", "Insurance",
)  # fmt: skip
_ODD = {
    0: "Hanul Electronics",
    1: "S&T Daeyang",
    2: "iNarae",
    3: "3S Taesan",
    4: "새봄화학",
    5: "K-Oil",
    6: "U.K. Areum",
}


@dataclass(frozen=True, slots=True)
class Share:
    """A stock of the made market."""

    code: str
    name: str
    market: str
    sector: str
    shares: int
    base: int


def _shares() -> list[Share]:
    found = []
    for market, count in LISTED.items():
        for place in range(count):
            number = place + (0 if market == "KOSPI" else 2000)
            # A few giants and many dwarfs, as markets are.
            weight = 900_000_000 // (place + 1) + 2_000_000
            name = f"{_FIRST[number % 12]} {_SECOND[number // 12 % 8]}{'' if number < 96 else f' {number}'}"
            found.append(
                Share(
                    code=f"{100_000 + number * 10:06d}",
                    name=_ODD.get(number, name),
                    market=market,
                    sector=SECTORS[number % len(SECTORS)],
                    shares=weight,
                    base=round(4000 + 90_000 * (1 + wave("price", number))) // 100 * 100,
                )
            )
    return found


def _moved(share: Share, place: int, number: int, mine: Mood) -> float:
    """A stock's change in %: the giants go with the index, of the others as many rise as the mood says."""
    if place < 8:
        return (mine.kospi if share.market == "KOSPI" else mine.kosdaq) * (1 + 0.6 * wave(share.code, number))
    luck = 50 * (1 + wave(share.code, number, "luck"))
    size = abs(mine.kospi) * 0.8 + 4 * abs(wave(share.code, number, "size")) ** 3 + 0.2
    if luck > 99.2:
        return 29.9
    if luck < mine.rising:
        return size
    return 0.0 if luck < mine.rising + 6 else -size


def _write(path: Path, header: Iterable[str], rows: Iterable[Sequence[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


_LISTING = "Code,Name,Market,Close,Changes,ChangesRatio,Open,High,Low,Volume,Amount,Marcap,Stocks"


def _listings(root: Path, days: Sequence[date]) -> None:
    """A file a day in the layout of the `marcap` data set."""
    shares = _shares()
    price = {share.code: share.base for share in shares}
    header = _LISTING.split(",")
    for number, day in enumerate(days[:WITH_ALL_STOCKS]):
        mine, rows = mood(number), []
        places = dict.fromkeys(LISTED, 0)
        for share in shares:
            place = places[share.market]
            places[share.market] += 1
            before = price[share.code]
            halted = share.code.endswith("770") and number > 3
            change = 0 if halted else round(before * _moved(share, place, number, mine) / 100)
            close = before + change
            price[share.code] = close
            traded = (0, 0, 0) if halted else (before, max(before, close), min(before, close))
            volume = 0 if halted else 1000 + place * 7
            rows.append(
                (share.code, share.name, share.market, close, change, round(change / before * 100, 2),
                 *traded, volume, volume * close, close * share.shares, share.shares)
            )  # fmt: skip
        _write(root / "listings" / f"made-{day}.csv", header, rows)
    _write(root / "sectors.csv", ("Code", "Industry"), [(share.code, share.sector) for share in shares])


def _flows(number: int) -> list[tuple[object, ...]]:
    """Foreigners sell into rises now and then, and five days in a row once."""
    mine = mood(number)
    streak = 26 <= number < 31
    foreign = -round(9e11 * (1.3 + wave("foreign", number))) if streak else round(
        8e11 * (mine.kospi / 2 + 1.6 * wave("foreign", number))
    )  # fmt: skip
    retail = -round(foreign * 0.55)
    institution = -foreign - retail
    rows = [
        ("KOSPI", "market", who, amount, "", "")
        for who, amount in (("retail", retail), ("institution", institution), ("foreign", foreign))
    ]
    if number % 3:
        rows.append(("KOSDAQ", "market", "foreign", round(1.5e11 * wave("kosdaq", number)), "", ""))
    else:
        rows.append(("KOSDAQ", "market", "foreign", "", "net sell", ""))
    for place, share in enumerate(_shares()[:5]):
        if place == 3:
            rows.append((share.code, "stock", "foreign", "", "net buy", "small"))
        else:
            amount = round(2.4e11 * wave("flow", share.code, number))
            rows.append((share.code, "stock", "foreign", amount, "net buy" if amount > 0 else "net sell", ""))
    return rows


def _desk(folder: Path, number: int) -> None:
    """What a desk's own folder holds on the later days: two dozen stocks and counts of the rest."""
    mine = mood(number)
    picked = _shares()[:24]
    rows = []
    for place, share in enumerate(picked):
        change = round(_moved(share, place, number, mine), 2)
        close = round(share.base * (1 + change / 100))
        bought = round(1.2e11 * wave("bought", share.code, number)) if place < 6 else ""
        rows.append((share.code, share.name, share.market, share.sector, close, change, bought))
    _write(
        folder / "stocks.csv",
        ("code", "name", "market", "sector", "close", "change_pct", "institution_net_krw"),
        rows,
    )
    if number % 7 != 4:
        listed = 2800 + number
        up = listed * mine.rising // 100
        same = 1 if number % 14 == 9 else 150 + number
        _write(
            folder / "breadth.csv",
            ("scope", "listed", "advancers", "decliners", "unchanged"),
            [("all", listed, up, listed - up - same, same)],
        )


_MACRO = (
    ("US CPI", "", "", 0.3, "% MoM", "May", "as expected", "Rates stay where they are"),
    ("WTI oil", 71.5, "USD/bbl", -1.2, "%", "prior day", "", "Lower import costs"),
    ("USD/KRW", 1388, "KRW", 0.4, "%", "5 sessions", "won weaker", "Foreign-flow burden"),
    ("Nasdaq", "", "", 1.1, "%", "prior day", "firm", ""),
    ("VIX", 16.2, "points", "", "", "", "", ""),
)


def _session(root: Path, day: date, number: int, kospi: Level, kosdaq: Level) -> None:
    folder = root / "datasets" / str(day)
    open_still = number == COUNT - 1
    folder.mkdir(parents=True)
    (folder / "session.yaml").write_text(
        f"date: {day}\nstatus: {'intraday' if open_still else 'final'}\n"
        f"as_of: {day}T{'13:05' if open_still else '15:30'}:00+09:00\n"
        "sources:\n  - {name: Made data, covers: [indices, flows, stocks]}\n",
        encoding="utf-8",
    )
    header = ("index", "open", "high", "low", "close", "previous_close", "change_pct", "value_traded")
    rows = []
    for name, level in (("KOSPI", kospi), ("KOSDAQ", kosdaq)):
        if name == "KOSDAQ" and number in (17, 33):
            continue
        course = ("", "", "") if number % 9 == 5 else (level.open, level.high, level.low)
        value = level.value if number % 4 else ""
        rows.append((name, *course, level.close, level.previous, level.change, value))
    _write(folder / "indices.csv", header, rows)
    if number >= WITH_ALL_STOCKS:
        _desk(folder, number)
    if number >= 12 and number % 8 != 7:
        _write(
            folder / "flows.csv",
            ("scope", "scope_kind", "investor", "net_krw", "direction", "size"),
            _flows(number),
        )
    if number % 3 == 1:
        names = ("variable", "value", "unit", "change", "change_unit", "period", "reading", "impact")
        _write(folder / "macro.csv", names, _MACRO[: 1 + number % 5])
    _extras(folder, day, number)


def _extras(folder: Path, day: date, number: int) -> None:
    first, second, third = (share.code for share in _shares()[:3])
    if number % 6 == 2:
        _write(
            folder / "sectors.csv",
            ("sector", "examples", "behaviour", "probable_reason"),
            [("Shipbuilding", "Taesan Motor", "weak", "profit-taking"), ("Gaming", "", "mixed", "")],
        )
    if number % 5 == 3:
        _write(
            folder / "clusters.csv",
            ("cluster", "codes", "common_feature"),
            [("Chip flagships", f"{first} {second}", "orders for memory"), ("Explorers", third, "")],
        )
        _write(
            folder / "events.csv",
            ("date", "codes", "headline"),
            [(day, first, "Hanul Electronics raises its guidance"), (day, "", "A holiday shortens the week")],
        )
    if number % 14 == 6:
        _write(
            folder / "intraday.csv",
            ("time", "index", "level", "change_pct", "approximate", "note"),
            [("09:00", "KOSPI", "", mood(number).opened, "false", "open"),
             ("Morning", "KOSPI", "", "", "false", "selling eases")],
        )  # fmt: skip
    if number == 20:
        (folder / "notes.md").write_text(
            "## macro\n\nOne of several readings: *orders* came first, prices second.\n\n## lede\n\nMine.\n",
            encoding="utf-8",
        )


def make(root: Path, sessions: Sequence[date]) -> list[date]:
    """Write the market into a blog's folder; the days of its posts.

    `sessions` are those of the exchange's calendar up to the last made one, at least HISTORY + COUNT.
    """
    days = list(sessions[-HISTORY - COUNT :])
    posted = days[-COUNT:]
    course = {name: levels(name, days) for name in ("KOSPI", "KOSDAQ")}
    for name, index in course.items():
        _write(
            root / f"made-{name.lower()}.csv",
            ("Date", "Close", "Change", "Open", "High", "Low", "Amount"),
            [
                (
                    each.day,
                    each.close,
                    round(each.change / 100, 6),
                    each.open,
                    each.high,
                    each.low,
                    each.value,
                )
                for each in index[:-COUNT]
            ],
        )
    _listings(root, posted)
    for number, day in enumerate(posted):
        _session(root, day, number, course["KOSPI"][HISTORY + number], course["KOSDAQ"][HISTORY + number])
    return posted


SOURCES = (
    {"kind": "folder", "path": "datasets"},
    {"kind": "all_stocks", "path": "listings/*.csv"},
    {"kind": "index_history", "index": "KOSPI", "path": "made-kospi.csv"},
    {"kind": "index_history", "index": "KOSDAQ", "path": "made-kosdaq.csv"},
    {"kind": "sectors", "path": "sectors.csv"},
)
"""The sources of a blog over the made market, for its config.yaml."""
