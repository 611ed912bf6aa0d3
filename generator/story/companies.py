"""The facts of stocks and sectors: who moved, who bought them, what they did to the index."""

from __future__ import annotations

import re
from dataclasses import replace
from math import fsum
from typing import TYPE_CHECKING

from generator.figures import Figure, Formula
from generator.story.cells import cell_of, computed
from generator.story.facts import IndexFacts, LargestFacts, LeaderGroup, SectorFacts, StockFacts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.dataset.session import Flow, Session, Stock
    from generator.figures import Unit
    from generator.metrics.contributions import Contribution, SectorMove

MOST_LEADERS = 20
"""Contributors at either end that facts are made of; the configuration shows at most so many."""
GROUPED = 10
"""Contributors on the winning side among which sectors are looked for."""
LARGEST = 10
LARGE = 100
"""The largest companies, among which the largest rise and fall in per cent are news."""
MOST_TRADED = 3
TOLERANCE = 0.05
"""Percentage points that an index rebuilt from its members may be off before points are told of it."""
_PERCENT = 100
_HANGUL = re.compile("[가-힣]")


def _name(code: str, stock: Stock | None, session: Session, language: str) -> str:
    return session.names.get(language, {}).get(code) or (stock.name if stock and stock.name else code)


def named_only(code: str, session: Session, language: str) -> StockFacts:
    """A stock of which nothing but its name is known."""
    return StockFacts(code=code, name=_name(code, None, session, language))


def stock_facts(
    session: Session, contributions: Sequence[Contribution], language: str
) -> dict[str, StockFacts]:
    """The stocks worth a word: a hand-made table's, those with flows, in a cluster, or moving the index."""
    rows = {row.code: row for row in session.stocks}
    flows = {
        flow.scope: flow
        for flow in session.flows
        if flow.scope_kind == "stock" and flow.investor == "foreign"
    }
    institutions = {
        f.scope: f for f in session.flows if f.scope_kind == "stock" and f.investor == "institution"
    }
    parts = {part.code: part for part in contributions}
    shown = [*contributions[:MOST_LEADERS], *contributions[-MOST_LEADERS:]]
    clustered = [code for cluster in session.clusters for code in cluster.codes]
    desk = [] if parts else list(rows)
    with_flows = [
        row.code
        for row in session.stocks
        if row.foreign_net_krw is not None or row.institution_net_krw is not None
    ]
    large = [part.code for part in _by_value(session, contributions)]
    codes = dict.fromkeys(
        [
            *desk,
            *with_flows,
            *flows,
            *institutions,
            *clustered,
            *(part.code for part in shown),
            *large[:LARGEST],
            *_extremes(contributions, large[:LARGE]),
        ]
    )
    return {
        code: _stock(
            code, rows.get(code), flows.get(code), institutions.get(code), parts.get(code), session, language
        )
        for code in codes
    }


def _stock(
    code: str,
    row: Stock | None,
    foreign_flow: Flow | None,
    institution_flow: Flow | None,
    part: Contribution | None,
    session: Session,
    language: str,
) -> StockFacts:
    key = f"stock.{code}"

    def cell(column: str, name: str, unit: Unit, precision: int = 2) -> Figure | None:
        return cell_of(row, column, f"{key}.{name}", unit, precision) if row else None

    foreign = cell("foreign_net_krw", "foreign", "KRW") or (
        cell_of(foreign_flow, "net_krw", f"{key}.foreign", "KRW") if foreign_flow else None
    )
    institution = cell("institution_net_krw", "institution", "KRW") or (
        cell_of(institution_flow, "net_krw", f"{key}.institution", "KRW") if institution_flow else None
    )
    formula = Formula("change × shares ÷ Σ over the index's common shares × index points", (f"{key}.change",))
    name = _name(code, row, session, language)
    return StockFacts(
        code=code,
        name=name,
        named=language == "ko" or not _HANGUL.search(name),
        sector=row.sector if row else None,
        close=cell("close", "close", "KRW a share", 0),
        change=cell("change_pct", "change", "%"),
        foreign=foreign,
        foreign_direction=foreign_flow.direction if foreign_flow else None,
        foreign_size=foreign_flow.size if foreign_flow else None,
        institution=institution,
        retail=cell("retail_net_krw", "retail", "KRW"),
        foreign_institution=cell("foreign_institution_net_krw", "foreign_institution", "KRW"),
        points=Figure(f"{key}.points", part.points, "points", formula)
        if part and part.points is not None
        else None,
        share=Figure(f"{key}.share", part.share_pct, "%", formula, 1)
        if part and part.share_pct is not None
        else None,
        turnover=cell("value_traded", "turnover", "KRW"),
    )


def leaders_and_draggers(
    session: Session, contributions: Sequence[Contribution], stocks: Mapping[str, StockFacts]
) -> tuple[tuple[StockFacts, ...], tuple[StockFacts, ...]]:
    """Who added and who took: by contribution where all stocks are known, else in the desk's order."""
    if contributions:
        shown = [
            *contributions[:MOST_LEADERS],
            *contributions[MOST_LEADERS:][-MOST_LEADERS:],
        ]
        known = [stocks[part.code] for part in shown]
        ups = tuple(stock for stock in known if stock.points and stock.points.number > 0)
        downs = tuple(stock for stock in reversed(known) if stock.points and stock.points.number < 0)
        return ups[:MOST_LEADERS], downs[:MOST_LEADERS]
    apart = session.set_aside.codes
    moved = [
        stocks[row.code] for row in session.stocks if row.change_pct is not None and row.code not in apart
    ]
    return (
        tuple(stock for stock in moved if stock.change and stock.change.sign > 0),
        tuple(stock for stock in moved if stock.change and stock.change.sign < 0),
    )


def sector_facts(move: SectorMove, names: Mapping[str, str]) -> SectorFacts:
    """A sector's move as figures."""
    key = f"sector.{move.sector}"
    formula = Formula("Σ change × shares ÷ Σ base price × shares over the sector")
    return SectorFacts(
        name=names.get(move.sector, move.sector),
        change=Figure(f"{key}.change", move.change_pct, "%", formula),
        members=Figure(
            f"{key}.members", move.members, "stocks", Formula("stocks of the sector that traded"), 0
        ),
        advancers=Figure(f"{key}.advancers", move.advancers, "stocks", Formula("members with change > 0"), 0),
    )


def second_movers(
    session: Session, second: IndexFacts | None, contributions: Sequence[Contribution], language: str
) -> tuple[tuple[StockFacts, ...], tuple[StockFacts, ...]]:
    """Who moved the second index up, and down.

    Their points are left out where those of all members do not add up to the index's move.
    """
    if second is None or not contributions:
        return (), ()
    stocks = stock_facts(session, contributions, language)
    ups, downs = leaders_and_draggers(session, contributions, stocks)
    if adds_up(second, contributions):
        return ups, downs
    return _without_points(ups), _without_points(downs)


def _without_points(stocks: Sequence[StockFacts]) -> tuple[StockFacts, ...]:
    return tuple(replace(stock, points=None, share=None) for stock in stocks)


def adds_up(index: IndexFacts, contributions: Sequence[Contribution]) -> bool:
    """Whether the points of an index's members come to its move, within `TOLERANCE`."""
    if index.points is None or index.previous is None or not index.previous.number:
        return False
    total = fsum(part.points for part in contributions if part.points is not None)
    return abs(total - index.points.number) / index.previous.number * _PERCENT < TOLERANCE


def leader_groups(
    index: IndexFacts,
    ups: Sequence[StockFacts],
    downs: Sequence[StockFacts],
    sectors: Mapping[str, str],
) -> tuple[LeaderGroup, ...]:
    """What the names on the day's winning side have in common: their sectors, the most points first.

    A sector counts that two or more of the first ten share; on a day without a move there is no winning side.
    """
    rising = index.change.sign if index.change else 0
    if not rising:
        return ()
    members: dict[str, list[StockFacts]] = {}
    for stock in (ups if rising > 0 else downs)[:GROUPED]:
        if stock.sector and stock.points:
            members.setdefault(stock.sector, []).append(stock)
    groups = [
        LeaderGroup(
            name=sectors.get(sector, sector),
            stocks=tuple(stocks),
            points=_sum(f"group.{sector}.points", [stock.points for stock in stocks if stock.points]),
        )
        for sector, stocks in members.items()
        if len(stocks) > 1
    ]
    return tuple(sorted(groups, key=lambda group: (-abs(group.points.number), group.name)))


def _sum(name: str, parts: Sequence[Figure]) -> Figure:
    return computed(name, fsum(part.number for part in parts), "points", "Σ points", *parts)


def largest_facts(
    session: Session, contributions: Sequence[Contribution], stocks: Mapping[str, StockFacts]
) -> LargestFacts | None:
    """What the largest companies of the index did; None unless all its stocks are known.

    Args:
        session: With the stocks.
        contributions: Of the index; they say which stocks are its members.
        stocks: Of `stock_facts` with the same contributions.
    """
    parts = _by_value(session, contributions)
    if len(parts) < LARGE:
        return None
    ten = tuple(stocks[part.code] for part in parts[:LARGEST])
    best, worst = (stocks[code] for code in _extremes(parts, [part.code for part in parts[:LARGE]]))
    changes = [stock.change for stock in ten if stock.change]
    if len(changes) < LARGEST or best.change is None or worst.change is None:
        return None

    def counted(name: str, expression: str, count: int) -> Figure:
        inputs = tuple(change.id for change in changes)
        return Figure(f"largest.{name}", count, "stocks", Formula(expression, inputs), 0)

    return LargestFacts(
        stocks=ten,
        count=Figure("largest.count", LARGEST, "stocks", Formula("largest by market value"), 0),
        rose=counted("rose", "largest with change > 0", sum(change.sign > 0 for change in changes)),
        fell=counted("fell", "largest with change < 0", sum(change.sign < 0 for change in changes)),
        among=Figure("largest.among", LARGE, "stocks", Formula("largest by market value"), 0),
        best=best if best.change.sign > 0 else None,
        worst=worst if worst.change.sign < 0 else None,
    )


def _by_value(session: Session, contributions: Sequence[Contribution]) -> list[Contribution]:
    """An index's members, those of most market value before the session's move first."""
    rows = {row.code: row for row in session.stocks}

    def before(part: Contribution) -> float:
        row = rows.get(part.code)
        value = row.market_value if row else None
        if row and value is None and row.shares is not None and row.close is not None:
            value = row.shares * row.close
        return (value or 0) / max(1 + part.change_pct / _PERCENT, 1 / _PERCENT)

    return sorted(contributions, key=lambda part: (-before(part), part.code))


def _extremes(contributions: Sequence[Contribution], among: Sequence[str]) -> tuple[str, ...]:
    """The codes of the largest rise and the largest fall in per cent among those stocks."""
    wanted = set(among)
    parts = [part for part in contributions if part.code in wanted]
    if not parts:
        return ()
    by_change = sorted(parts, key=lambda part: (-part.change_pct, part.code))
    return by_change[0].code, by_change[-1].code


def most_traded(
    session: Session, contributions: Sequence[Contribution], language: str
) -> tuple[StockFacts, ...]:
    """The stocks with the most value traded; none unless all stocks are known."""
    if not contributions:
        return ()
    rows = [row for row in session.stocks if row.value_traded]
    rows.sort(key=lambda row: (-(row.value_traded or 0), row.code))
    return tuple(_stock(row.code, row, None, None, None, session, language) for row in rows[:MOST_TRADED])


def without_two(main: IndexFacts, two: Sequence[StockFacts]) -> Figure | None:
    """The index's change in % had those two companies not moved, the rest of it being as it was."""
    points = [stock.points for stock in two if stock.points]
    if len(points) < len(two) or not points or main.points is None or main.previous is None:
        return None
    rest = main.points.number - fsum(part.number for part in points)
    return computed(
        "without_two",
        rest / main.previous.number * _PERCENT,
        "%",
        "(index points − points of each) ÷ previous",
        main.points,
        *points,
        main.previous,
    )
