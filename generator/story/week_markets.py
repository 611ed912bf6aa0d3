"""Breadth and flows over a week."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING, Literal, get_args

from generator.figures import Figure, Formula
from generator.story.cells import computed, measured
from generator.story.markets import breadth_facts, flow_facts, markets
from generator.story.week_facts import Mark, WeekBreadth, WeekFlows, WeekNet
from generator.story.week_leadership import reach_of
from generator.story.week_moves import counted, day_figure

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from generator.dataset.session import Session
    from generator.metrics.measures import Measures

Investor = Literal["foreign", "institution", "retail"]


def week_breadth(days: Sequence[tuple[Session, Measures]], earlier: Measures) -> WeekBreadth | None:
    """Breadth over the sessions that report it; `earlier` measures the last one before the week."""
    known = [(session.date, found) for session, _ in days if (found := breadth_facts(session)) is not None]
    if not known:
        return None
    shares = [
        Mark(
            day=day_figure(day),
            figure=Figure(
                f"breadth.{day}.share",
                found.advancers.number / found.listed.number * 100,
                "%",
                Formula("advancers ÷ listed", (f"breadth.advancers.{day}", f"breadth.listed.{day}")),
                1,
            ),
        )
        for day, found in known
    ]
    several = len(known) > 1
    mean = fsum(mark.figure.number for mark in shares) / len(shares)
    last = days[-1][1]
    adr, before = measured(last, "adr20"), measured(earlier, "adr20")
    return WeekBreadth(
        more_rose=counted(
            "breadth.more_rose", sum(f.lead.sign > 0 for _, f in known), "advancers > decliners"
        ),
        more_fell=counted(
            "breadth.more_fell", sum(f.lead.sign < 0 for _, f in known), "advancers < decliners"
        ),
        mean_share=computed(
            "breadth.mean_share",
            mean,
            "%",
            "mean over the sessions",
            *(mark.figure for mark in shares),
            precision=1,
        ),
        best=max(shares, key=lambda mark: mark.figure.number) if several else None,
        worst=min(shares, key=lambda mark: mark.figure.number) if several else None,
        reach=reach_of("breadth", len(known), len(days)),
        adr=adr,
        adr_before=Figure("adr20.before", before.value, before.unit, before.source, before.precision)
        if before and adr
        else None,
    )


def week_flows(sessions: Sequence[Session]) -> tuple[WeekFlows, ...]:
    """Flows of each market that has any, added up over the sessions that report them."""
    names = dict.fromkeys(name for session in sessions for name in markets(session.flows))
    found = [_market_flows(name, sessions) for name in names]
    return tuple(flows for flows in found if flows.nets)


def _market_flows(market: str, sessions: Sequence[Session]) -> WeekFlows:
    told = [(session.date, flow_facts(market, session)) for session in sessions]
    nets = [
        net
        for investor in get_args(Investor)
        if (net := _net(market, investor, [(day, getattr(flow, investor)) for day, flow in told]))
    ]
    return WeekFlows(market=market, nets=tuple(nets), provisional=any(flow.provisional for _, flow in told))


def _net(market: str, investor: Investor, amounts: Sequence[tuple[dt.date, Figure | None]]) -> WeekNet | None:
    key = f"flow.{market.lower()}.{investor}"
    marks = [
        Mark(day=day_figure(day), figure=Figure(f"{key}.{day}", figure.value, "KRW", figure.source))
        for day, figure in amounts
        if figure
    ]
    if not marks:
        return None
    return WeekNet(
        investor=investor,
        net=computed(
            f"{key}.week",
            fsum(mark.figure.number for mark in marks),
            "KRW",
            "Σ over the sessions",
            *(mark.figure for mark in marks),
        ),
        bought=counted(f"{key}.bought", sum(mark.figure.sign > 0 for mark in marks), "net > 0"),
        sold=counted(f"{key}.sold", sum(mark.figure.sign < 0 for mark in marks), "net < 0"),
        largest=max(marks, key=lambda mark: abs(mark.figure.number)),
        reach=reach_of(key, len(marks), len(amounts)),
    )
