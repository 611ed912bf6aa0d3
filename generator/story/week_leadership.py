"""Who moved the main index over a week: stocks and sectors, added up and compounded, and what changed."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from math import fsum, prod
from typing import TYPE_CHECKING, TypedDict

from generator.figures import Figure, Formula
from generator.metrics.metric import WHOLE_MARKET
from generator.story.cells import computed
from generator.story.companies import stock_facts
from generator.story.facts import SectorFacts
from generator.story.markets import NOTICEABLE
from generator.story.week_facts import DeskStock, Leadership, Mark, Reach, WeekStock
from generator.story.week_moves import change_of, counted, day_figure, quote_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.dataset.session import Session, Stock
    from generator.metrics.contributions import Contribution, SectorMove
    from generator.story.facts import StockFacts
    from generator.story.week_facts import WeekIndexFacts

FIRST = 3
"""Names at the top or bottom of a half that can fade or return."""
MATERIAL = 1 / 3
"""What a name that fades gives back, or one that returns wins back, of its first half, at least."""
WORTH_A_WORD = 0.001
"""Share of the index's level that its points of the first half must be, to fade or return from."""
SECTORS_SHOWN = 3
_HANGUL = re.compile("[가-힣]")


class _Named(TypedDict):
    """What a stock is called, as keywords of `WeekStock`."""

    code: str
    name: str
    named: bool
    sector: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A session with what its stocks added to the main index, most first, and its sectors' moves."""

    session: Session
    contributions: Sequence[Contribution] = ()
    sector_moves: Sequence[SectorMove] = ()


def reach_of(name: str, reported: int, of: int) -> Reach:
    """How many of the week's sessions something is known of."""
    return Reach(
        reported=counted(f"{name}.reported", reported, "sessions that report it"),
        of=counted("sessions", of, "sessions with data"),
    )


def leadership(
    days: Sequence[Moved], main: WeekIndexFacts, *, shown: int, language: str
) -> Leadership | None:
    """The stocks that moved the index; None where no session knows all of them."""
    known = [day for day in days if day.contributions and day.contributions[0].points is not None]
    if not known:
        return None
    half = len(known) // 2
    early, late = _points(known[:half]), _points(known[half:])
    whole = _points(known)
    led = Counter(part.code for day in known if (part := _leader(day, main.name)))
    changes = _changes(known)
    named = {row.code: _named(row, day.session, language) for day in known for row in day.session.stocks}

    def stock(code: str) -> WeekStock:
        key = f"stock.{code}.week"
        change = changes.get(code)
        return WeekStock(
            **named[code],
            points=_added(f"{key}.points", whole[code]),
            early=_added(f"{key}.early", early.get(code, 0.0)) if half else None,
            late=_added(f"{key}.late", late.get(code, 0.0)) if half else None,
            change=Figure(f"{key}.change", change, "%", _COMPOUNDED) if change is not None else None,
            led=counted(f"{key}.led", led[code], "sessions it moved the index most"),
        )

    order = sorted(whole, key=lambda code: (-whole[code], code))
    up = [stock(code) for code in order[:shown] if whole[code] > 0]
    down = [stock(code) for code in order[::-1][:shown] if whole[code] < 0]
    total = fsum(whole.values())
    two = sorted((up if total >= 0 else down)[:2], key=lambda each: -abs(each.points.number))
    two_points = fsum(each.points.number for each in two)
    most = max(led.values(), default=0)
    turn = _halves(known[half].session, main) if half and len(known) == len(days) else (None, None)
    least = main.close.number * WORTH_A_WORD
    told = main.change is not None and abs(main.change.number) >= NOTICEABLE
    return Leadership(
        reach=reach_of("leadership", len(known), len(days)),
        up=tuple(up),
        down=tuple(down),
        two_points=_added("leadership.two_points", two_points),
        total=Figure("leadership.total", total, "points", Formula("Σ of all members' points")),
        two_share=Figure(
            "leadership.two_share",
            two_points / total * 100,
            "%",
            Formula("two_points ÷ total", ("leadership.two_points", "leadership.total")),
            0,
        )
        if told and total
        else None,
        most_days=tuple(stock(code) for code in sorted(led) if led[code] == most and most > 1),
        split=day_figure(known[half].session.date) if half else None,
        early_total=turn[0],
        late_total=turn[1],
        early_first=stock(_top(early, turn[0])) if half else None,
        late_first=stock(_top(late, turn[1])) if half else None,
        faded=tuple(stock(code) for code in _crossing(early, late, 1, least)) if half else (),
        returned=tuple(stock(code) for code in _crossing(early, late, -1, least)) if half else (),
    )


def day_leader(day: Moved, index: str, language: str) -> WeekStock | None:
    """Who moved the index most in its direction on one day."""
    if not day.contributions or day.contributions[0].points is None:
        return None
    part = _leader(day, index)
    if part is None:
        return None
    row = next(row for row in day.session.stocks if row.code == part.code)
    key = f"stock.{part.code}.{day.session.date}"
    return WeekStock(
        **_named(row, day.session, language),
        points=Figure(f"{key}.points", part.points or 0.0, "points", _SHARE),
        early=None,
        late=None,
        change=Figure(f"{key}.change", part.change_pct, "%", row.cell("change_pct")),
        led=counted(f"{key}.led", 1, "this session"),
    )


def _named(row: Stock, session: Session, language: str) -> _Named:
    name = session.names.get(language, {}).get(row.code) or row.name or row.code
    readable = language == "ko" or not _HANGUL.search(name)
    return {"code": row.code, "name": name, "named": readable, "sector": row.sector}


def sectors_over(
    days: Sequence[Moved], names: Mapping[str, str]
) -> tuple[Reach | None, tuple[SectorFacts, ...], tuple[SectorFacts, ...]]:
    """The sectors' daily moves compounded: best and worst, of sectors that every such session has."""
    known = [day.sector_moves for day in days if day.sector_moves]
    if not known:
        return None, (), ()
    shared = set.intersection(*({move.sector for move in moves} for moves in known))
    last = {move.sector: move for move in known[-1]}
    by_day = [{move.sector: move.change_pct for move in moves} for moves in known]
    changes = {sector: _compounded([moves[sector] for moves in by_day]) for sector in shared}
    order = sorted(changes, key=lambda sector: (-changes[sector], sector))

    def facts(sector: str) -> SectorFacts:
        key = f"sector.{sector}.week"
        return SectorFacts(
            name=names.get(sector, sector),
            change=Figure(f"{key}.change", changes[sector], "%", _COMPOUNDED),
            members=Figure(
                f"{key}.members", last[sector].members, "stocks", Formula("members in the last session"), 0
            ),
        )

    best = order[:SECTORS_SHOWN]
    worst = [sector for sector in order[::-1][:SECTORS_SHOWN] if sector not in best]
    return (
        reach_of("sectors", len(known), len(days)),
        tuple(facts(sector) for sector in best),
        tuple(facts(sector) for sector in worst),
    )


def desk_stocks(days: Sequence[Moved], language: str) -> tuple[tuple[DeskStock, ...], Reach | None]:
    """The stocks that each session with a table of them speaks of, with what foreigners did in them."""
    tables = [day for day in days if day.session.stocks]
    found = [_told(day, language) for day in tables]
    if len(found) < 2:  # noqa: PLR2004 - a single day is the daily post's
        return (), None
    shared = [code for code in found[0] if all(code in stocks for stocks in found[1:])]
    stocks = [_desk(code, [stocks[code] for stocks in found], tables) for code in shared]
    told = tuple(each for each in stocks if each.net or each.change)
    return told, reach_of("desk", len(tables), len(days)) if told else None


def _told(day: Moved, language: str) -> dict[str, StockFacts]:
    """The stocks worth a word; where all are known only those with flows, which points do not tell."""
    stocks = stock_facts(day.session, day.contributions, language)
    if len(day.session.stocks) < WHOLE_MARKET:
        return stocks
    return {code: stock for code, stock in stocks.items() if stock.foreign}


def _desk(code: str, rows: Sequence[StockFacts], days: Sequence[Moved]) -> DeskStock:
    key = f"stock.{code}.week"
    changes = [row.change.number for row in rows if row.change]
    nets = [
        Mark(day=day_figure(day.session.date), figure=_dated(row.foreign, code, day.session))
        for row, day in zip(rows, days, strict=True)
        if row.foreign
    ]
    whole = len(nets) == len(rows)
    return DeskStock(
        code=code,
        name=rows[-1].name,
        change=Figure(f"{key}.change", _compounded(changes), "%", _COMPOUNDED)
        if len(changes) == len(rows)
        else None,
        net=Figure(
            f"{key}.foreign",
            fsum(mark.figure.number for mark in nets),
            "KRW",
            Formula("Σ over the sessions", tuple(mark.figure.id for mark in nets)),
        )
        if whole
        else None,
        first=nets[0] if whole else None,
        last=nets[-1] if whole else None,
    )


def _dated(figure: Figure, code: str, session: Session) -> Figure:
    """A day's figure under an id that names the day."""
    return Figure(
        f"stock.{code}.{session.date}.foreign", figure.value, figure.unit, figure.source, figure.precision
    )


_SHARE = Formula("change × shares ÷ Σ over the index's common shares × previous level of the index")
_COMPOUNDED = Formula("Π (1 + change) − 1 over the sessions")
_SUM = Formula("Σ over the sessions of change × shares ÷ Σ over the index's common shares × previous level")


def _points(days: Iterable[Moved]) -> dict[str, float]:
    parts: dict[str, list[float]] = {}
    for day in days:
        for part in day.contributions:
            parts.setdefault(part.code, []).append(part.points or 0.0)
    return {code: fsum(points) for code, points in parts.items()}


def _changes(days: Sequence[Moved]) -> dict[str, float]:
    """Compounded changes of the stocks that every session knows."""
    parts: dict[str, list[float]] = {}
    for day in days:
        for part in day.contributions:
            parts.setdefault(part.code, []).append(part.change_pct)
    return {code: _compounded(changes) for code, changes in parts.items() if len(changes) == len(days)}


def _compounded(changes: Sequence[float]) -> float:
    return (prod(1 + change / 100 for change in changes) - 1) * 100


def _leader(day: Moved, index: str) -> Contribution | None:
    """The most points in the direction of the index; None where it did not move."""
    quote = quote_of(day.session, index)
    change = change_of(quote, day.session.date) if quote else None
    if change is None or not change.number:
        return None
    return day.contributions[0 if change.number > 0 else -1]


def _top(points: Mapping[str, float], total: Figure | None) -> str:
    """Who added most, of a half that fell (`total`, the index's points, else the sum) who took most."""
    way = 1 if (total.number if total else fsum(points.values())) >= 0 else -1
    return min(points, key=lambda code: (-points[code] * way, code))


def _halves(split: Session, main: WeekIndexFacts) -> tuple[Figure | None, Figure | None]:
    """The index's points before the first session of the second half, and from it on."""
    quote = quote_of(split, main.name)
    if quote is None or quote.previous_close is None or main.base is None:
        return None, None
    middle = Figure("leadership.middle", quote.previous_close, "points", quote.cell("previous_close"))
    base, close = main.base, main.close
    return (
        computed("leadership.early", middle.number - base.number, "points", "middle − base", middle, base),
        computed("leadership.late", close.number - middle.number, "points", "close − middle", close, middle),
    )


def _crossing(early: Mapping[str, float], late: Mapping[str, float], way: int, least: float) -> list[str]:
    """Names at the top (-1: bottom) of the first half that went the other way in the second, by how far."""
    first = sorted(early, key=lambda code: (-early[code] * way, code))[:FIRST]
    crossed = [
        code
        for code in first
        if early[code] * way >= least and -late.get(code, 0.0) * way >= early[code] * way * MATERIAL
    ]
    return sorted(crossed, key=lambda code: (late[code] * way, code))


def _added(name: str, value: float) -> Figure:
    return Figure(name, value, "points", _SUM)
