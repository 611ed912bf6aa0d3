"""The facts of stocks and sectors: who moved, who bought them, what they did to the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.figures import Figure, Formula
from generator.story.cells import cell_of
from generator.story.facts import IndexFacts, LeaderGroup, SectorFacts, StockFacts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.dataset.session import Flow, Session, Stock
    from generator.figures import Unit
    from generator.metrics.contributions import Contribution, SectorMove

MOST_LEADERS = 20
"""Contributors at either end that facts are made of; the configuration shows at most so many."""


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
    codes = dict.fromkeys(
        [*desk, *with_flows, *flows, *institutions, *clustered, *(part.code for part in shown)]
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
    return StockFacts(
        code=code,
        name=_name(code, row, session, language),
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


def leader_groups(
    main: IndexFacts,
    ups: Sequence[StockFacts],
    downs: Sequence[StockFacts],
    sectors: Mapping[str, str],
) -> tuple[LeaderGroup, ...]:
    """What the names on the day's winning side have in common."""
    return ()


def two_largest(session: Session, stocks: Mapping[str, StockFacts]) -> tuple[StockFacts, ...]:
    """The two companies of most market value."""
    return ()


def without_two(main: IndexFacts, session: Session, contributions: Sequence[Contribution]) -> Figure | None:
    """The index's change without the two largest, %."""
    return None
