"""The facts of indices, flows and breadth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.figures import Figure, Formula, apportioned
from generator.story.cells import cell_of, computed, measured
from generator.story.facts import BreadthFacts, FlowFacts, IndexFacts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.dataset.session import Flow, IndexQuote, Session
    from generator.metrics.measures import Measures

STREAK_WORTH_TELLING = 3
"""Sessions in a row; two are nothing to speak of."""
DAYS_WORTH_TELLING = 28
"""Days since a move as large; less is not rare."""
NOTICEABLE = 0.5
"""Per cent: a smaller move of an index is no rally, no selloff, and no turn."""
MOST_ABSORBED = 110
"""Per cent of the foreign selling that domestic buying may be and still be said to have absorbed it."""
_STREAK_MARKET = "KOSPI"
_TURNOVER = {"KOSPI": "value_traded_ratio_20", "KOSDAQ": "kosdaq_value_traded_ratio_20"}


def index_facts(quote: IndexQuote, session: Session, measures: Measures) -> IndexFacts:
    """One index, from its cells; records, streaks and dates from the metrics."""
    key = quote.index.lower()
    close = cell_of(quote, "close", f"{key}.close", "points")
    previous = cell_of(quote, "previous_close", f"{key}.previous", "points")
    change = cell_of(quote, "change_pct", f"{key}.change", "%") or _against(f"{key}.change", close, previous)
    points = None
    if close and previous:
        difference = close.number - previous.number
        points = computed(f"{key}.points", difference, "points", "close − previous", close, previous)
    opened = cell_of(quote, "open", f"{key}.open", "points")
    open_change = cell_of(quote, "open_change_pct", f"{key}.open_change", "%") or _against(
        f"{key}.open_change", opened, previous
    )
    low, low_change, estimate = _low(quote, session, key, previous)
    high = cell_of(quote, "high", f"{key}.high", "points")
    reversal = span = None
    if change and open_change:
        turn = change.number - open_change.number
        reversal = computed(f"{key}.reversal", turn, "pp", "change − open change", change, open_change)
    if high and low and previous and not estimate:
        width = (high.number - low.number) / previous.number * 100
        span = computed(f"{key}.range", width, "%", "(high − low) ÷ previous", high, low, previous)
    rebound = _against(f"{key}.rebound", close, low, precision=1 if estimate else 2)
    record = quote.all_time_high is True or measures.values.get(f"{key}_all_time_high") == 1
    from_record = measured(measures, f"{key}_from_high_pct")
    rising = change.sign if change else 0
    streak_name = f"{key}_up_streak" if rising > 0 else f"{key}_down_streak"
    streak = (
        measured(measures, streak_name)
        if measures.values.get(streak_name, 0) >= STREAK_WORTH_TELLING
        else None
    )
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
        turned=_turned(open_change, change),
        slid=bool(low_change and open_change and open_change.number - low_change.number >= NOTICEABLE),
        turnover=cell_of(quote, "value_traded", f"{key}.turnover", "KRW"),
        turnover_ratio=measured(measures, _TURNOVER.get(quote.index, "")),
        reversal=reversal,
        range=span,
        rebound=rebound,
        record=record,
        from_record=None if record or from_record is None or from_record.sign >= 0 else from_record,
        largest_since=Figure(f"{key}.largest_since", since, "date", Formula(f"metric {since_name}"))
        if since
        else None,
        streak=streak,
    )


def _against(name: str, level: Figure | None, base: Figure | None, *, precision: int = 2) -> Figure | None:
    """A level against another in %, as a figure; None where either is missing."""
    if level is None or base is None or not base.number:
        return None
    expression = f"{level.id} ÷ {base.id} − 1"
    return computed(
        name, (level.number / base.number - 1) * 100, "%", expression, level, base, precision=precision
    )


def _turned(opened: Figure | None, closed: Figure | None) -> bool:
    if opened is None or closed is None:
        return False
    return opened.sign * closed.sign < 0 and min(abs(opened.number), abs(closed.number)) >= NOTICEABLE


def _low(
    quote: IndexQuote, session: Session, key: str, previous: Figure | None
) -> tuple[Figure | None, Figure | None, bool]:
    """Low, its change, and whether both are the estimates of the session's course."""
    low = cell_of(quote, "low", f"{key}.low", "points")
    if low:
        return low, _against(f"{key}.low_change", low, previous), False
    points = [
        p for p in session.intraday if p.index == quote.index and p.approximate and (p.change_pct or 0) < 0
    ]
    if not points:
        return None, None, False
    deepest = min(points, key=lambda p: p.change_pct or 0)
    return (
        cell_of(deepest, "level", f"{key}.low", "points", None),
        cell_of(deepest, "change_pct", f"{key}.low_change", "%", None),
        True,
    )


def markets(flows: Iterable[Flow]) -> list[str]:
    """The markets that flows are told of, in their order."""
    return list(dict.fromkeys(flow.scope for flow in flows if flow.scope_kind == "market"))


def flow_facts(market: str, session: Session, measures: Measures | None = None) -> FlowFacts:
    """Net buying on one market, with what domestic buyers took and how long foreigners have been at it."""
    rows = {
        flow.investor: flow for flow in session.flows if flow.scope_kind == "market" and flow.scope == market
    }
    figures = {
        investor: cell_of(row, "net_krw", f"flow.{market.lower()}.{investor}", "KRW")
        for investor, row in rows.items()
    }
    retail, institution, foreign = (figures.get(who) for who in ("retail", "institution", "foreign"))
    domestic = absorbed = None
    if retail and institution:
        domestic = computed(
            f"flow.{market.lower()}.domestic",
            retail.number + institution.number,
            "KRW",
            "retail + institution",
            retail,
            institution,
        )
        share = domestic.number / -foreign.number * 100 if foreign and foreign.number < 0 else 0
        # A seller took up nothing, and what is far above the whole was bought from others.
        if foreign and min(retail.number, institution.number) > 0 and share <= MOST_ABSORBED:
            absorbed = computed(
                f"flow.{market.lower()}.absorbed",
                share,
                "%",
                "domestic ÷ |foreign|",
                domestic,
                foreign,
                precision=0,
            )
    return FlowFacts(
        market=market,
        retail=retail,
        institution=institution,
        foreign=foreign,
        foreign_direction=rows["foreign"].direction if "foreign" in rows else None,
        domestic=domestic,
        absorbed=absorbed,
        provisional=any(row.state == "provisional" for row in rows.values()),
        foreign_streak=_foreign_streak(market, foreign, measures),
    )


def _foreign_streak(market: str, foreign: Figure | None, measures: Measures | None) -> Figure | None:
    """From three sessions on; the metrics have it of one market."""
    if measures is None or market != _STREAK_MARKET or foreign is None or not foreign.sign:
        return None
    name = "foreign_buy_streak" if foreign.sign > 0 else "foreign_sell_streak"
    return measured(measures, name) if measures.values.get(name, 0) >= STREAK_WORTH_TELLING else None


def breadth_facts(session: Session, scope: str = "all") -> BreadthFacts | None:
    """Breadth over KOSPI and KOSDAQ; None unless both sides and the whole are known."""
    row = next((b for b in session.breadth if b.scope == scope), None)
    if row is None or row.advancers is None or row.decliners is None:
        return None
    key = "breadth" if scope == "all" else f"breadth.{scope.lower()}"
    advancers = cell_of(row, "advancers", f"{key}.advancers", "stocks", 0)
    decliners = cell_of(row, "decliners", f"{key}.decliners", "stocks", 0)
    unchanged = cell_of(row, "unchanged", f"{key}.unchanged", "stocks", 0)
    listed = cell_of(row, "listed", f"{key}.listed", "stocks", 0)
    assert advancers is not None  # noqa: S101 - for the type checker: tested just above
    assert decliners is not None  # noqa: S101 - the same
    if listed is None:
        counted = [figure for figure in (advancers, decliners, unchanged) if figure]
        total = sum(figure.number for figure in counted)
        if unchanged is None or not total:
            return None
        listed = computed(
            f"{key}.listed", total, "stocks", "advancers + decliners + unchanged", *counted, precision=0
        )
    if not listed.number:
        return None

    parts = [figure for figure in (advancers, decliners, unchanged) if figure]
    shares = [
        computed(
            f"{part.id}_share",
            value,
            "%",
            f"{part.id} ÷ listed, rounded so that the shares add up",
            part,
            listed,
            precision=1,
        )
        for part, value in zip(
            parts, apportioned([part.number for part in parts], listed.number, 1), strict=True
        )
    ]

    return BreadthFacts(
        listed=listed,
        advancers=advancers,
        decliners=decliners,
        unchanged=unchanged,
        advancers_share=shares[0],
        decliners_share=shares[1],
        unchanged_share=shares[2] if unchanged else None,
        lead=computed(
            f"{key}.lead",
            advancers.number - decliners.number,
            "stocks",
            "advancers − decliners",
            advancers,
            decliners,
            precision=0,
        ),
        odds=_odds(f"{key}.odds", advancers, decliners),
        counted="counted" in row.cell("advancers").row,
    )


def _odds(name: str, advancers: Figure, decliners: Figure) -> Figure | None:
    more, fewer = sorted((advancers, decliners), key=lambda side: -side.number)
    if not fewer.number:
        return None
    return computed(name, more.number / fewer.number, "number", "more ÷ fewer", more, fewer, precision=1)
