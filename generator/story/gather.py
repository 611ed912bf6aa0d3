"""From a session and its metrics to the facts a story is told from. Numbers become figures here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from generator.figures import Cell, Figure, Formula, apportioned
from generator.markdown import neutral
from generator.story.checks import choose_checks
from generator.story.facts import (
    BreadthFacts,
    ClusterFacts,
    Comparison,
    CourseFacts,
    EventFacts,
    Facts,
    FlowFacts,
    GroupFlow,
    IndexFacts,
    InflowContext,
    MacroFacts,
    Regime,
    SectorFacts,
    StockFacts,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from generator.dataset.session import ContextFact, Flow, IndexQuote, Record, Session, Stock
    from generator.figures import Source, Unit
    from generator.metrics.contributions import Contribution, SectorMove
    from generator.metrics.measures import Measures

MAIN_INDEX, SECOND_INDEX = "KOSPI", "KOSDAQ"
STREAK_WORTH_TELLING = 3
DAYS_WORTH_TELLING = 28
SECTORS_SHOWN = 3
MOST_LEADERS = 20
"""Contributors at either end that facts are made of; the configuration shows at most so many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the facts of one session are gathered from."""

    session: Session
    measures: Measures
    contributions: Sequence[Contribution] = ()
    """Parts of the main index's move, largest first; empty without all-stocks data."""
    sector_moves: Sequence[SectorMove] = ()
    """Best first."""


def gather(
    evidence: Evidence, *, language: str, leaders: int, published: datetime, resolve: Callable[[str], str | None]
) -> Facts:
    """All facts of a session.

    `resolve` gives the address a link may go to, or None where nothing is there; `leaders` is the most
    stocks a table of leaders shows.
    """
    session, measures = evidence.session, evidence.measures
    indices = tuple(_index(quote, session, measures) for quote in session.indices)
    by_name = {index.name: index for index in indices}
    main = by_name.get(MAIN_INDEX) or (indices[0] if indices else IndexFacts(name=MAIN_INDEX))
    second = by_name.get(SECOND_INDEX) if main.name != SECOND_INDEX else None
    gap = None
    if second and main.change and second.change:
        gap = _computed("gap", second.change.number - main.change.number, "pp", "second − main", second.change, main.change)
    flows = tuple(_flow(name, session) for name in _markets(session.flows))
    flow = next((f for f in flows if f.market == main.name and (f.foreign or f.institution or f.retail)), None)
    breadth = _breadth(session)
    stocks = _stocks(evidence, language)
    ups, downs = _leaders(evidence, stocks)
    context = session.context
    comparison = _comparison(context, main, day=session.date)
    groups = tuple(_foreign_groups(session, stocks, main.name))
    clusters = tuple(
        ClusterFacts(
            name=row.cluster,
            stocks=tuple(stocks.get(code) or _named_only(code, session, language) for code in row.codes),
            feature=row.common_feature,
        )
        for row in session.clusters
    )
    facts = Facts(
        day=_given("day", session.date, "date", session, "date"),
        previous_day=Figure("previous_day", session.previous, "date", Formula("session before by calendar", ("day",))),
        next_day=Figure("next_day", session.next, "date", Formula("session after by calendar", ("day",))),
        published=_given("published", published.date(), "date", session, "publish_at"),
        as_of=_given("as_of", session.as_of.date(), "date", session, "as_of"),
        as_of_time=_given("as_of_time", session.as_of.time().replace(tzinfo=None), "time", session, "as_of"),
        zone=session.as_of.tzname() or session.timezone,
        final=session.status == "final",
        indices=indices,
        main=main,
        second=second,
        gap=gap,
        flows=flows,
        flow=flow,
        breadth=breadth,
        regime=_regime(main, breadth),
        stocks=stocks,
        leaders=ups[:leaders],
        draggers=downs[:leaders],
        top_share=_measured(measures, "top10_contribution_share") if main.name == MAIN_INDEX else None,
        median_change=_measured(measures, "median_change_pct"),
        sectors=tuple(
            SectorFacts(
                name=row.sector,
                examples=row.examples,
                behaviour=row.behaviour,
                reason=row.probable_reason,
                address=resolve(row.related) if row.related else None,
            )
            for row in session.sectors
        ),
        best_sectors=tuple(_sector(move) for move in evidence.sector_moves[:SECTORS_SHOWN]),
        worst_sectors=tuple(_sector(move) for move in reversed(evidence.sector_moves[SECTORS_SHOWN:][-SECTORS_SHOWN:])),
        clusters=clusters,
        macro=tuple(_macro(session)),
        foreign_groups=groups,
        course=tuple(_course(session)),
        comparison=comparison,
        selling_record=_larger_selling(context, main.name, flow),
        inflow=_inflow(context, flow),
        events=tuple(
            EventFacts(
                day=Figure(f"event.{n}.day", row.date, "date", row.cell("date")),
                headline=row.headline,
                address=resolve(row.url) if row.url else None,
                stocks=tuple(stocks.get(code) or _named_only(code, session, language) for code in row.codes),
            )
            for n, row in enumerate(session.events, start=1)
        ),
        checks=choose_checks(main=main, second=second, gap=gap, flow=flow, breadth=breadth, stocks=stocks, groups=groups, clusters=clusters),
        credits=session.credits,
        set_aside=session.set_aside,
        left_out=_left_out(session),
        notes={key: neutral(text) for key, text in session.notes.items() if text.strip()},
    )
    return facts


def _measured(measures: Measures, name: str) -> Figure | None:
    """The figure of a metric; None for an index that has no metrics, and for a value that is missing."""
    return measures.figure(name) if name in measures.values else None


def _given(name: str, value: date | time, unit: Unit, session: Session, column: str) -> Figure:
    return Figure(name, value, unit, Cell("session", session.date.isoformat(), column))


def _cell(record: Record, column: str, name: str, unit: Unit, precision: int | None = 2) -> Figure | None:
    """The figure of a cell; precision None takes the decimals the source wrote."""
    value = getattr(record, column)
    if value is None:
        return None
    decimals = decimals_of(value) if precision is None else precision
    return Figure(name, value, unit, record.cell(column), decimals)


def decimals_of(value: float) -> int:
    """How many decimals a number was written with, at most 4: 105.4 has 1, 100.0 has none."""
    exponent = Decimal(repr(float(value))).normalize().as_tuple().exponent
    return min(4, max(0, -exponent)) if isinstance(exponent, int) else 0


def _computed(name: str, value: float, unit: Unit, expression: str, *inputs: Figure, precision: int = 2) -> Figure:
    return Figure(name, value, unit, Formula(expression, tuple(figure.id for figure in inputs)), precision)


def _index(quote: IndexQuote, session: Session, measures: Measures) -> IndexFacts:
    key = quote.index.lower()
    close = _cell(quote, "close", f"{key}.close", "points")
    previous = _cell(quote, "previous_close", f"{key}.previous", "points")
    change = _cell(quote, "change_pct", f"{key}.change", "%")
    if change is None and close and previous:
        change = _computed(f"{key}.change", (close.number / previous.number - 1) * 100, "%", "close ÷ previous − 1", close, previous)
    points = None
    if close and previous:
        points = _computed(f"{key}.points", close.number - previous.number, "points", "close − previous", close, previous)
    opened = _cell(quote, "open", f"{key}.open", "points")
    open_change = _cell(quote, "open_change_pct", f"{key}.open_change", "%")
    if open_change is None and opened and previous:
        open_change = _computed(f"{key}.open_change", (opened.number / previous.number - 1) * 100, "%", "open ÷ previous − 1", opened, previous)
    low, low_change, estimate = _low(quote, session, key, previous)
    high = _cell(quote, "high", f"{key}.high", "points")
    reversal = span = rebound = None
    if change and open_change:
        reversal = _computed(f"{key}.reversal", change.number - open_change.number, "pp", "change − open change", change, open_change)
    if high and low and previous and not estimate:
        span = _computed(f"{key}.range", (high.number - low.number) / previous.number * 100, "%", "(high − low) ÷ previous", high, low, previous)
    if close and low and low.number > 0:
        rebound = _computed(f"{key}.rebound", (close.number / low.number - 1) * 100, "%", "close ÷ low − 1", close, low, precision=1 if estimate else 2)
    record = quote.all_time_high is True or measures.values.get(f"{key}_all_time_high") == 1
    from_record = _measured(measures, f"{key}_from_high_pct")
    rising = change.sign if change else 0
    streak_name = f"{key}_up_streak" if rising > 0 else f"{key}_down_streak"
    streak = _measured(measures, streak_name) if measures.values.get(streak_name, 0) >= STREAK_WORTH_TELLING else None
    since_name = f"{key}_largest_rise_since" if rising > 0 else f"{key}_largest_fall_since"
    since = measures.dates.get(since_name) if rising else None
    if since and (session.date - since).days < DAYS_WORTH_TELLING:
        since = None
    return IndexFacts(
        name=quote.index,
        close=close,
        previous=previous,
        change=change,
        points=points,
        open=opened,
        high=high,
        low=low,
        open_change=open_change,
        low_change=low_change,
        low_is_estimate=estimate,
        reversal=reversal,
        range=span,
        rebound=rebound,
        record=record,
        from_record=None if record or from_record is None or from_record.sign >= 0 else from_record,
        largest_since=Figure(f"{key}.largest_since", since, "date", Formula(f"metric {since_name}")) if since else None,
        streak=streak,
    )


def _low(
    quote: IndexQuote, session: Session, key: str, previous: Figure | None
) -> tuple[Figure | None, Figure | None, bool]:
    """Low, its change, and whether both are the estimates of the session's course."""
    low = _cell(quote, "low", f"{key}.low", "points")
    if low:
        change = None
        if previous:
            change = _computed(f"{key}.low_change", (low.number / previous.number - 1) * 100, "%", "low ÷ previous − 1", low, previous)
        return low, change, False
    points = [p for p in session.intraday if p.index == quote.index and p.approximate and (p.change_pct or 0) < 0]
    if not points:
        return None, None, False
    deepest = min(points, key=lambda p: p.change_pct or 0)
    return (
        _cell(deepest, "level", f"{key}.low", "points", None),
        _cell(deepest, "change_pct", f"{key}.low_change", "%", None),
        True,
    )


def _markets(flows: Iterable[Flow]) -> list[str]:
    return list(dict.fromkeys(flow.scope for flow in flows if flow.scope_kind == "market"))


def _flow(market: str, session: Session) -> FlowFacts:
    rows = {flow.investor: flow for flow in session.flows if flow.scope_kind == "market" and flow.scope == market}
    figures = {
        investor: _cell(row, "net_krw", f"flow.{market.lower()}.{investor}", "KRW") for investor, row in rows.items()
    }
    retail, institution, foreign = (figures.get(who) for who in ("retail", "institution", "foreign"))
    domestic = absorbed = None
    if retail and institution:
        domestic = _computed(f"flow.{market.lower()}.domestic", retail.number + institution.number, "KRW", "retail + institution", retail, institution)
        if foreign and foreign.number < 0 < domestic.number:
            absorbed = _computed(
                f"flow.{market.lower()}.absorbed", domestic.number / -foreign.number * 100, "%", "domestic ÷ |foreign|", domestic, foreign, precision=0
            )
    return FlowFacts(
        market=market,
        retail=retail,
        institution=institution,
        foreign=foreign,
        other=figures.get("other"),
        foreign_direction=rows["foreign"].direction if "foreign" in rows else None,
        domestic=domestic,
        absorbed=absorbed,
        provisional=any(row.state == "provisional" for row in rows.values()),
    )


def _breadth(session: Session) -> BreadthFacts | None:
    row = next((b for b in session.breadth if b.scope == "all"), None)
    if row is None or row.advancers is None or row.decliners is None:
        return None
    advancers = _cell(row, "advancers", "breadth.advancers", "stocks", 0)
    decliners = _cell(row, "decliners", "breadth.decliners", "stocks", 0)
    unchanged = _cell(row, "unchanged", "breadth.unchanged", "stocks", 0)
    listed = _cell(row, "listed", "breadth.listed", "stocks", 0)
    assert advancers is not None  # noqa: S101 - for the type checker: tested just above
    assert decliners is not None  # noqa: S101 - the same
    if listed is None:
        counted = [figure for figure in (advancers, decliners, unchanged) if figure]
        total = sum(figure.number for figure in counted)
        if unchanged is None or not total:
            return None
        listed = _computed("breadth.listed", total, "stocks", "advancers + decliners + unchanged", *counted, precision=0)
    if not listed.number:
        return None

    parts = [figure for figure in (advancers, decliners, unchanged) if figure]
    shares = [
        _computed(f"{part.id}_share", value, "%", f"{part.id} ÷ listed, rounded so that the shares add up", part, listed, precision=1)
        for part, value in zip(parts, apportioned([part.number for part in parts], listed.number, 1), strict=True)
    ]

    return BreadthFacts(
        listed=listed,
        advancers=advancers,
        decliners=decliners,
        unchanged=unchanged,
        advancers_share=shares[0],
        decliners_share=shares[1],
        unchanged_share=shares[2] if unchanged else None,
        lead=_computed("breadth.lead", advancers.number - decliners.number, "stocks", "advancers − decliners", advancers, decliners, precision=0),
        counted="counted" in row.cell("advancers").row,
    )


def _regime(main: IndexFacts, breadth: BreadthFacts | None) -> Regime | None:
    if breadth is None or main.change is None or main.change.sign == 0 or breadth.lead.sign == 0:
        return None
    most_rose = breadth.lead.sign > 0
    if main.change.sign > 0:
        return "broad_rally" if most_rose else "compressed_rally"
    return "narrow_selloff" if most_rose else "broad_selloff"


def _name(code: str, stock: Stock | None, session: Session, language: str) -> str:
    return session.names.get(language, {}).get(code) or (stock.name if stock and stock.name else code)


def _named_only(code: str, session: Session, language: str) -> StockFacts:
    return StockFacts(code=code, name=_name(code, None, session, language))


def _stocks(evidence: Evidence, language: str) -> dict[str, StockFacts]:
    """The stocks worth a word: a hand-made table's, those with flows or in a cluster, the largest contributors."""
    session = evidence.session
    rows = {row.code: row for row in session.stocks}
    flows = {flow.scope: flow for flow in session.flows if flow.scope_kind == "stock" and flow.investor == "foreign"}
    institutions = {f.scope: f for f in session.flows if f.scope_kind == "stock" and f.investor == "institution"}
    parts = {part.code: part for part in evidence.contributions}
    shown = [*evidence.contributions[:MOST_LEADERS], *evidence.contributions[-MOST_LEADERS:]]
    clustered = [code for cluster in session.clusters for code in cluster.codes]
    desk = [] if parts else list(rows)
    with_flows = [row.code for row in session.stocks if row.foreign_net_krw is not None or row.institution_net_krw is not None]
    codes = dict.fromkeys([*desk, *with_flows, *flows, *institutions, *clustered, *(part.code for part in shown)])
    return {
        code: _stock(code, rows.get(code), flows.get(code), institutions.get(code), parts.get(code), session, language)
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
        return _cell(row, column, f"{key}.{name}", unit, precision) if row else None

    foreign = cell("foreign_net_krw", "foreign", "KRW") or (
        _cell(foreign_flow, "net_krw", f"{key}.foreign", "KRW") if foreign_flow else None
    )
    institution = cell("institution_net_krw", "institution", "KRW") or (
        _cell(institution_flow, "net_krw", f"{key}.institution", "KRW") if institution_flow else None
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
        points=Figure(f"{key}.points", part.points, "points", formula) if part and part.points is not None else None,
        share=Figure(f"{key}.share", part.share_pct, "%", formula, 1) if part and part.share_pct is not None else None,
    )


def _leaders(
    evidence: Evidence, stocks: Mapping[str, StockFacts]
) -> tuple[tuple[StockFacts, ...], tuple[StockFacts, ...]]:
    """Who added and who took: by contribution where all stocks are known, else in the desk's order."""
    if evidence.contributions:
        shown = [*evidence.contributions[:MOST_LEADERS], *evidence.contributions[MOST_LEADERS:][-MOST_LEADERS:]]
        known = [stocks[part.code] for part in shown]
        ups = tuple(stock for stock in known if stock.points and stock.points.number > 0)
        downs = tuple(stock for stock in reversed(known) if stock.points and stock.points.number < 0)
        return ups[:MOST_LEADERS], downs[:MOST_LEADERS]
    moved = [stocks[row.code] for row in evidence.session.stocks if row.change_pct is not None]
    return (
        tuple(stock for stock in moved if stock.change and stock.change.sign > 0),
        tuple(stock for stock in moved if stock.change and stock.change.sign < 0),
    )


def _sector(move: SectorMove) -> SectorFacts:
    key = f"sector.{move.sector}"
    formula = Formula("Σ change × shares ÷ Σ base price × shares over the sector")
    return SectorFacts(
        name=move.sector,
        change=Figure(f"{key}.change", move.change_pct, "%", formula),
        members=Figure(f"{key}.members", move.members, "stocks", Formula("stocks of the sector that traded"), 0),
        advancers=Figure(f"{key}.advancers", move.advancers, "stocks", Formula("members with change > 0"), 0),
    )


def _macro(session: Session) -> Iterable[MacroFacts]:
    for n, row in enumerate(session.macro, start=1):
        value_unit, value_words = _unit_of(row.unit)
        change_unit, change_words = _unit_of(row.change_unit)
        yield MacroFacts(
            variable=row.variable,
            value=_cell(row, "value", f"macro.{n}.value", value_unit, None),
            unit=value_words,
            change=_cell(row, "change", f"macro.{n}.change", change_unit, None),
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


def _foreign_groups(session: Session, stocks: Mapping[str, StockFacts], main: str) -> Iterable[GroupFlow]:
    for row in session.flows:
        if row.investor != "foreign" or (row.scope_kind == "market" and row.scope == main):
            continue
        stock = stocks.get(row.scope) if row.scope_kind == "stock" else None
        amount = stock.foreign if stock else _cell(row, "net_krw", f"flow.{row.scope.lower()}.foreign", "KRW")
        if amount is None and row.direction is None:
            continue
        yield GroupFlow(
            name=stock.name if stock else row.scope,
            amount=amount,
            direction=row.direction,
            size=row.size,
            buying=_buying(amount, row.direction),
        )
    told = {row.scope for row in session.flows}
    for stock in stocks.values():
        if stock.foreign and stock.code not in told:
            yield GroupFlow(name=stock.name, amount=stock.foreign, direction=None, size=None, buying=_buying(stock.foreign, None))


def _buying(amount: Figure | None, direction: str | None) -> bool | None:
    if amount and amount.number:
        return amount.number > 0
    words = (direction or "").split()
    if "buy" in words:
        return True
    return False if "sell" in words else None


def _course(session: Session) -> Iterable[CourseFacts]:
    for n, row in enumerate(session.intraday, start=1):
        yield CourseFacts(
            time=row.time,
            index=row.index,
            level=_cell(row, "level", f"course.{n}.level", "points", None),
            change=_cell(row, "change_pct", f"course.{n}.change", "%", 1 if row.approximate else 2),
            approximate=row.approximate,
            note=row.note,
        )


def _facts_of(context: Iterable[ContextFact], scope: str, fact: str, unit: str) -> dict[date, tuple[ContextFact, float]]:
    return {
        row.date: (row, row.value)
        for row in context
        if row.scope == scope and row.fact == fact and row.unit == unit and row.value is not None
    }


def _comparison(context: Sequence[ContextFact], main: IndexFacts, *, day: date) -> Comparison | None:
    """The last earlier session of the context with a larger move in the same direction, with its foreign flow."""
    if main.change is None:
        return None
    moves = _facts_of(context, main.name, "change_pct", "%")
    flows = _facts_of(context, main.name, "foreign_net", "KRW")
    today = main.change.number
    larger = [d for d, (_, value) in moves.items() if d < day and value * today > 0 and abs(value) >= abs(today)]
    if not larger:
        return None
    then = max(larger)
    move = moves[then][0]
    key = f"context.{then.isoformat()}"
    return Comparison(
        day=Figure(f"{key}.day", then, "date", move.cell("date")),
        market=main.name,
        change=_cell(move, "value", f"{key}.change", "%", None),
        foreign=_cell(flows[then][0], "value", f"{key}.foreign", "KRW") if then in flows else None,
    )


def _larger_selling(context: Sequence[ContextFact], market: str, flow: FlowFacts | None) -> Comparison | None:
    """The last session of the context on which foreigners sold more than today."""
    if flow is None or flow.foreign is None or flow.foreign.number >= 0:
        return None
    today = flow.foreign.number
    larger = {d: row for d, (row, value) in _facts_of(context, market, "foreign_net", "KRW").items() if value < today}
    if not larger:
        return None
    then = max(larger)
    key = f"context.{then.isoformat()}"
    return Comparison(
        day=Figure(f"{key}.day", then, "date", larger[then].cell("date")),
        market=market,
        change=None,
        foreign=_cell(larger[then], "value", f"{key}.foreign", "KRW"),
    )


def _inflow(context: Sequence[ContextFact], flow: FlowFacts | None) -> InflowContext | None:
    if flow is None or flow.foreign is None or flow.foreign.number >= 0:
        return None
    rows = {row.unit: row for row in context if row.fact == "ytd_net_inflow" and row.value}
    won = rows.get("KRW")
    if won is None:
        return None
    inflow = _cell(won, "value", "context.inflow", "KRW")
    if inflow is None or inflow.number <= 0:
        return None
    dollars = rows.get("USD")
    return InflowContext(
        scope=won.scope,
        inflow=inflow,
        inflow_usd=_cell(dollars, "value", "context.inflow_usd", "USD") if dollars else None,
        share=_computed(
            "context.inflow_share", -flow.foreign.number / inflow.number * 100, "%", "|foreign| ÷ inflow", flow.foreign, inflow, precision=0
        ),
    )


def _left_out(session: Session) -> Figure | None:
    count = len(session.set_aside.codes)
    if not count:
        return None
    return Figure("set_aside", count, "stocks", Formula("not traded + base price adjusted + beyond the price limit"), 0)
