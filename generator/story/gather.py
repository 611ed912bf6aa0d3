"""From a session and its metrics to the facts a story is told from. Numbers become figures here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from generator.figures import Cell, Figure, Formula
from generator.markdown import neutral
from generator.metrics.definitions import METRICS
from generator.story.angles import angles_of
from generator.story.cells import computed, measured
from generator.story.checks import choose_checks
from generator.story.companies import (
    largest_facts,
    leader_groups,
    leaders_and_draggers,
    most_traded,
    named_only,
    second_movers,
    sector_facts,
    stock_facts,
    without_two,
)
from generator.story.facts import ClusterFacts, EventFacts, Facts, IndexFacts, SectorFacts
from generator.story.markets import NOTICEABLE, breadth_facts, flow_facts, index_facts, markets
from generator.story.records import extremes_of, with_records
from generator.story.regimes import lean_alike, regime_of
from generator.story.resolve import asked_on, resolved, score_of, tally_of
from generator.story.similar import similar_facts
from generator.story.surroundings import (
    course_facts,
    foreign_groups,
    inflow_context,
    larger_selling,
    macro_facts,
    stronger_session,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime, time

    from generator.dataset.session import Session
    from generator.figures import Unit
    from generator.metrics.contributions import Contribution, SectorMove
    from generator.metrics.measures import Measures
    from generator.precedents import Past
    from generator.story.asked import Asked

MAIN_INDEX, SECOND_INDEX = "KOSPI", "KOSDAQ"
SECTORS_SHOWN = 3
"""Strongest, and as many weakest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the facts of one session are gathered from."""

    session: Session
    measures: Measures
    contributions: Sequence[Contribution] = ()
    """Parts of the main index's move, largest first; empty without all-stocks data."""
    second_contributions: Sequence[Contribution] = ()
    """Parts of the second index's move."""
    sector_moves: Sequence[SectorMove] = ()
    """Best first."""
    past: Past | None = None
    turn: int = 0
    """The session's number in its calendar."""
    asked: Asked | None = None
    """The checks that the session before left, as its post asks them."""


def gather(
    evidence: Evidence,
    *,
    language: str,
    leaders: int,
    published: datetime,
    sectors: Mapping[str, str],
    resolve: Callable[[str], str | None],
) -> Facts:
    """All facts of a session.

    Args:
        evidence: the session with what was measured of it.
        language: of the companies' names.
        leaders: the most stocks a table of leaders shows.
        published: the date of the post.
        sectors: the language's names of sectors.
        resolve: the address a link may go to, None where nothing is there.
    """
    session, measures = evidence.session, evidence.measures
    past = evidence.past
    indices = tuple(
        with_records(index_facts(quote, session, measures), measures, past) for quote in session.indices
    )
    by_name = {index.name: index for index in indices}
    main = by_name.get(MAIN_INDEX) or (indices[0] if indices else IndexFacts(name=MAIN_INDEX))
    second = by_name.get(SECOND_INDEX) if main.name != SECOND_INDEX else None
    gap = None
    if second and main.change and second.change:
        gap = computed(
            "gap",
            second.change.number - main.change.number,
            "pp",
            "second − main",
            second.change,
            main.change,
        )
    flows = tuple(flow_facts(name, session, measures) for name in markets(session.flows))
    flow = next(
        (f for f in flows if f.market == main.name and (f.foreign or f.institution or f.retail)), None
    )
    breadth = breadth_facts(session)
    stocks = stock_facts(session, evidence.contributions, language)
    ups, downs = leaders_and_draggers(session, evidence.contributions, stocks)
    second_ups, second_downs = second_movers(session, second, evidence.second_contributions, language)
    largest = largest_facts(session, evidence.contributions, stocks)
    two = largest.stocks[:2] if largest else ()
    context = session.context
    comparison = stronger_session(context, main, day=session.date)
    groups = tuple(foreign_groups(session, stocks, main.name, flow))
    clusters = tuple(
        ClusterFacts(
            name=row.cluster,
            stocks=tuple(stocks.get(code) or named_only(code, session, language) for code in row.codes),
            feature=row.common_feature,
        )
        for row in session.clusters
    )
    figures = {name: figure for name in METRICS if (figure := measured(measures, name))}
    own = breadth_facts(session, main.name)
    regime, conditions = regime_of(main, second, breadth, own, figures)
    answers = resolved(evidence.asked, session, measures, stocks, language) if evidence.asked else ()
    facts = Facts(
        turn=evidence.turn,
        angles=angles_of(measures, past, agreed=lean_alike(breadth, own)) if past else (),
        similar=similar_facts(figures, past) if past else None,
        conditions=conditions,
        extremes=extremes_of(measures, past) if past else {},
        measured=figures,
        resolved=answers,
        asked_on=asked_on(evidence.asked) if evidence.asked else None,
        tally=tally_of(answers),
        score=score_of(evidence.asked, answers) if evidence.asked else None,
        second_leaders=second_ups[:leaders],
        second_draggers=second_downs[:leaders],
        leader_groups=leader_groups(main, ups, downs, sectors),
        second_groups=leader_groups(second, second_ups, second_downs, sectors) if second else (),
        two_largest=two,
        without_two=without_two(main, two),
        largest=largest,
        most_traded=most_traded(session, evidence.contributions, language),
        market_breadth={
            index.name: counts
            for index in (main, second)
            if index and (counts := breadth_facts(session, index.name))
        },
        day=_given("day", session.date, "date", session, "date"),
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
        regime=regime,
        stocks=stocks,
        leaders=ups[:leaders],
        draggers=downs[:leaders],
        top_share=_top_share(main, measures),
        top_weight=measured(measures, "top10_concentration") if main.name == MAIN_INDEX else None,
        limit_up=measured(measures, "limit_up"),
        limit_down=measured(measures, "limit_down"),
        median_change=measured(measures, "median_change_pct"),
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
        best_sectors=tuple(sector_facts(move, sectors) for move in evidence.sector_moves[:SECTORS_SHOWN]),
        worst_sectors=tuple(
            sector_facts(move, sectors)
            for move in reversed(evidence.sector_moves[SECTORS_SHOWN:][-SECTORS_SHOWN:])
        ),
        clusters=clusters,
        macro=tuple(macro_facts(session)),
        foreign_groups=groups,
        course=tuple(course_facts(session)),
        comparison=comparison,
        selling_record=larger_selling(context, main.name, flow),
        inflow=inflow_context(context, flow),
        events=tuple(
            EventFacts(
                day=Figure(f"event.{n}.day", row.date, "date", row.cell("date")),
                headline=row.headline,
                address=resolve(row.url) if row.url else None,
                stocks=tuple(stocks.get(code) or named_only(code, session, language) for code in row.codes),
            )
            for n, row in enumerate(session.events, start=1)
        ),
        checks=(),
        credits=session.credits,
        set_aside=session.set_aside,
        left_out=_left_out(session),
        notes={key: neutral(text) for key, text in session.notes.items() if text.strip()},
    )
    return replace(facts, checks=choose_checks(facts))


def _given(name: str, value: date | time, unit: Unit, session: Session, column: str) -> Figure:
    return Figure(name, value, unit, Cell("session", session.date.isoformat(), column))


def _top_share(main: IndexFacts, measures: Measures) -> Figure | None:
    """None on a small move, of which any stock is many times the whole."""
    if main.name != MAIN_INDEX or main.change is None or abs(main.change.number) < NOTICEABLE:
        return None
    return measured(measures, "top10_contribution_share")


def _left_out(session: Session) -> Figure | None:
    count = len(session.set_aside.codes)
    if not count:
        return None
    return Figure(
        "set_aside", count, "stocks", Formula("not traded + base price adjusted + beyond the price limit"), 0
    )
