"""The facts around a session: its course, the outside, what foreigners traded, earlier sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.figures import Figure
from generator.story.cells import cell_of, computed
from generator.story.facts import Comparison, CourseFacts, GroupFlow, InflowContext, MacroFacts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from generator.dataset.session import ContextFact, Session
    from generator.figures import Unit
    from generator.story.facts import FlowFacts, IndexFacts, StockFacts


def macro_facts(session: Session) -> Iterable[MacroFacts]:
    """The macro readings, in their order; decimals as the source wrote them."""
    for n, row in enumerate(session.macro, start=1):
        value_unit, value_words = _unit_of(row.unit)
        change_unit, change_words = _unit_of(row.change_unit)
        yield MacroFacts(
            variable=row.variable,
            value=cell_of(row, "value", f"macro.{n}.value", value_unit, None),
            unit=value_words,
            change=cell_of(row, "change", f"macro.{n}.change", change_unit, None),
            change_unit=change_words,
            period=row.period,
            reading=row.reading,
            impact=row.impact,
        )


def _unit_of(written: str | None) -> tuple[Unit, str]:
    """The unit of a macro column and the words that are left of it: `% MoM` is per cent, then MoM."""
    head, _, rest = (written or "").partition(" ")
    if head == "%":
        return "%", rest
    if head == "pp":
        return "pp", rest
    return "number", written or ""


def foreign_groups(
    session: Session, stocks: Mapping[str, StockFacts], main: str, whole: FlowFacts | None = None
) -> Iterable[GroupFlow]:
    """What foreigners did in stocks, sectors and, last, in further markets, as far as it is told."""
    groups = [*_told_groups(session, stocks, main, whole), *_other_stocks(session, stocks, whole)]
    return sorted(groups, key=lambda group: group.market)


def _told_groups(
    session: Session, stocks: Mapping[str, StockFacts], main: str, whole: FlowFacts | None
) -> Iterable[GroupFlow]:
    """Those of the table of flows, in its order."""
    for row in session.flows:
        if row.investor != "foreign" or (row.scope_kind == "market" and row.scope == main):
            continue
        stock = stocks.get(row.scope) if row.scope_kind == "stock" else None
        amount = (
            stock.foreign if stock else cell_of(row, "net_krw", f"flow.{row.scope.lower()}.foreign", "KRW")
        )
        if amount is None and row.direction is None:
            continue
        yield GroupFlow(
            name=stock.name if stock else row.scope,
            amount=amount,
            direction=row.direction,
            size=row.size,
            buying=_buying(amount, row.direction),
            market=row.scope_kind == "market",
            share=_share_of(amount, whole) if stock else None,
        )


def _other_stocks(
    session: Session, stocks: Mapping[str, StockFacts], whole: FlowFacts | None
) -> Iterable[GroupFlow]:
    """Those that only the table of stocks tells of."""
    told = {row.scope for row in session.flows}
    for stock in stocks.values():
        if stock.foreign and stock.code not in told:
            yield GroupFlow(
                name=stock.name,
                amount=stock.foreign,
                direction=None,
                size=None,
                buying=_buying(stock.foreign, None),
                share=_share_of(stock.foreign, whole),
            )


def _share_of(amount: Figure | None, whole: FlowFacts | None) -> Figure | None:
    """An amount's part of the market's net foreign flow, %: only of one that goes the same way."""
    if amount is None or whole is None or whole.foreign is None or not whole.foreign.number:
        return None
    part = amount.number / whole.foreign.number
    if not 0 < part <= 1:
        return None
    return computed(
        f"{amount.id}_share", part * 100, "%", "foreign ÷ the market’s", amount, whole.foreign, precision=0
    )


def _buying(amount: Figure | None, direction: str | None) -> bool | None:
    if amount and amount.number:
        return amount.number > 0
    words = (direction or "").split()
    if "buy" in words:
        return True
    return False if "sell" in words else None


def course_facts(session: Session) -> Iterable[CourseFacts]:
    """The points of the session's course, in their order."""
    for n, row in enumerate(session.intraday, start=1):
        yield CourseFacts(
            time=row.time,
            index=row.index,
            level=cell_of(row, "level", f"course.{n}.level", "points", None),
            change=cell_of(row, "change_pct", f"course.{n}.change", "%", 1 if row.approximate else 2),
            approximate=row.approximate,
            note=row.note,
        )


def _facts_of(
    context: Iterable[ContextFact], scope: str, fact: str, unit: str
) -> dict[date, tuple[ContextFact, float]]:
    return {
        row.date: (row, row.value)
        for row in context
        if row.scope == scope and row.fact == fact and row.unit == unit and row.value is not None
    }


def stronger_session(context: Sequence[ContextFact], main: IndexFacts, *, day: date) -> Comparison | None:
    """The context's last session with a move as large in the same direction, with its foreign flow."""
    if main.change is None:
        return None
    moves = _facts_of(context, main.name, "change_pct", "%")
    flows = _facts_of(context, main.name, "foreign_net", "KRW")
    today = main.change.number
    larger = [
        d for d, (_, value) in moves.items() if d < day and value * today > 0 and abs(value) >= abs(today)
    ]
    if not larger:
        return None
    then = max(larger)
    move = moves[then][0]
    key = f"context.{then.isoformat()}"
    return Comparison(
        day=Figure(f"{key}.day", then, "date", move.cell("date")),
        market=main.name,
        change=cell_of(move, "value", f"{key}.change", "%", None),
        foreign=cell_of(flows[then][0], "value", f"{key}.foreign", "KRW") if then in flows else None,
    )


def larger_selling(context: Sequence[ContextFact], market: str, flow: FlowFacts | None) -> Comparison | None:
    """The last session of the context on which foreigners sold more than today."""
    if flow is None or flow.foreign is None or flow.foreign.number >= 0:
        return None
    today = flow.foreign.number
    larger = {
        d: row
        for d, (row, value) in _facts_of(context, market, "foreign_net", "KRW").items()
        if value < today
    }
    if not larger:
        return None
    then = max(larger)
    key = f"context.{then.isoformat()}"
    return Comparison(
        day=Figure(f"{key}.day", then, "date", larger[then].cell("date")),
        market=market,
        change=None,
        foreign=cell_of(larger[then], "value", f"{key}.foreign", "KRW"),
    )


def inflow_context(context: Sequence[ContextFact], flow: FlowFacts | None) -> InflowContext | None:
    """Foreign selling against the year's net inflow; None unless foreigners sold and the context has it."""
    if flow is None or flow.foreign is None or flow.foreign.number >= 0:
        return None
    rows = {row.unit: row for row in context if row.fact == "ytd_net_inflow" and row.value}
    won = rows.get("KRW")
    if won is None:
        return None
    inflow = cell_of(won, "value", "context.inflow", "KRW")
    if inflow is None or inflow.number <= 0:
        return None
    dollars = rows.get("USD")
    return InflowContext(
        scope=won.scope,
        inflow=inflow,
        inflow_usd=cell_of(dollars, "value", "context.inflow_usd", "USD") if dollars else None,
        share=computed(
            "context.inflow_share",
            -flow.foreign.number / inflow.number * 100,
            "%",
            "|foreign| ÷ inflow",
            flow.foreign,
            inflow,
            precision=0,
        ),
    )
