"""The facts of a session that a story is told from: records of figures, no words.

A value that was not reported is None, and a template that asks for it leaves its sentence out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.dataset.session import SetAside, SourceCredit
    from generator.figures import Figure

Regime = Literal[
    "broad_rally",
    "compressed_rally",
    "broad_selloff",
    "narrow_selloff",
    "washout",
    "breadth_thrust",
    "rotation",
    "quiet",
]
"""How index and breadth go together; `regimes.py` has the definitions."""

Strength = Literal["slight", "plain", "strong", "extreme"]
"""The size of a move against the moves so far; `records.py` has the bounds."""

Outcome = Literal["held", "failed", "not_reported"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AngleFacts:
    """Something unusual about the day, most unusual first among its like; `angles.py` has the catalogue."""

    key: str
    rule: str
    """What held, over metrics."""
    bits: float
    """-log2 of the share of sessions so far of which as much can be said, this one included."""
    seen: Figure | None = None
    """Sessions so far of which as much can be said, this one included; None where history is too short."""
    among: Figure | None = None
    """Sessions of which it can be told."""
    first: Figure | None = None
    """The first of those."""
    last: Figure | None = None
    """The last time before today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionFacts:
    """One condition of a definition: `metric` `operator` `threshold`, and whether today meets it."""

    metric: str
    operator: Literal[">=", ">", "<=", "<"]
    threshold: Figure
    today: Figure | None = None
    met: bool | None = None
    """None where today's value is not known."""
    required: bool = True
    """It decides; else it is only what usually goes with the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeFacts:
    """What followed similar sessions after so many sessions: moves of the main index in %."""

    horizon: Figure
    """Sessions."""
    count: Figure
    """Similar sessions whose horizon has passed."""
    median: Figure | None = None
    """None, like the extremes, where there are too few."""
    lowest: Figure | None = None
    highest: Figure | None = None
    risen: Figure | None = None
    """Of `count`, how often the index stood higher."""
    risen_share: Figure | None = None
    """The same in % of `count`."""
    usual_share: Figure | None = None
    """In % of all sessions of the same history, how often the index stood higher."""
    against_usual: Literal["same", "within", "above", "below"] = "within"
    """The one share against the other: the same as shown; apart by no more than chance may put between them;
    or further than it does among as many cases as are `separate`."""
    separate: Figure | None = None
    """Of `count`, how many can be taken such that no two share a session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarFacts:
    """Past sessions like today, by a definition that says so, and what followed them."""

    key: str
    """What makes them alike: reversal, fade, record, rise, fall, apart, compressed, narrow or streak;
    `similar.py` has the definitions."""
    index: str
    """The index whose moves `outcomes` are."""
    conditions: tuple[ConditionFacts, ...]
    count: Figure
    """Such sessions before today."""
    first: Figure
    """The first session the history can tell of."""
    last: Figure | None
    """The latest such session before today."""
    outcomes: tuple[OutcomeFacts, ...]
    enough: bool
    """There are at least ten whose next session is known."""
    common: bool = False
    """More than one session in ten is like this, so there is little to tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtremeFacts:
    """A measure near the end of its own history: today's is the `rank`-th highest or lowest of `among`."""

    rank: Figure
    high: bool
    among: Figure
    first: Figure
    """The first session of those."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexFacts:
    """One index on the day; `low_change` may be an estimate (`low_is_estimate`)."""

    name: str
    close: Figure | None = None
    previous: Figure | None = None
    change: Figure | None = None
    points: Figure | None = None
    open: Figure | None = None
    high: Figure | None = None
    low: Figure | None = None
    open_change: Figure | None = None
    low_change: Figure | None = None
    low_is_estimate: bool = False
    reversal: Figure | None = None
    """Close change less open change, pp."""
    range: Figure | None = None
    """From low to high, % of the previous close."""
    rebound: Figure | None = None
    """Last level against the low, %."""
    record: bool = False
    """The level is above every earlier close."""
    from_record: Figure | None = None
    """Distance to the highest close so far, %; None at a record or without history."""
    largest_since: Figure | None = None
    """Date of the last session with a move at least as large in the same direction."""
    streak: Figure | None = None
    """Sessions in a row in today's direction, from 3 on."""
    ended_streak: Figure | None = None
    """Sessions in a row the other way that this move ended, from 3 on."""
    turned: bool = False
    """It opened on one side of the previous close and ended on the other, each by half a per cent or more."""
    slid: bool = False
    """It fell by at least half a per cent after the open."""
    strength: Strength = "plain"
    high_change: Figure | None = None
    """High against the previous close, %."""
    fade: Figure | None = None
    """High change less close change, pp: what was given back, where it is worth telling."""
    highest_since: Figure | None = None
    """Date of the last higher close; None at a record, and where that is not long ago."""
    lowest_since: Figure | None = None
    """Date of the last lower close; None where that is not long ago."""
    largest_ever: bool = False
    """No larger move in this direction in the whole history."""
    rank: Figure | None = None
    """Place of the move among all in its direction, 1 the largest; only where it is rare."""
    rank_among: Figure | None = None
    """Sessions of the history."""
    rank_first: Figure | None = None
    """The first of them."""
    records_this_year: Figure | None = None
    """Record closes of this calendar year, this one included; from 2 on."""
    large_move: Figure | None = None
    """The bound, %, that `large_moves_this_year` counts moves from; in today's direction."""
    large_moves_this_year: Figure | None = None
    """Moves of this year as large, this one included; from 2 on."""
    turnover: Figure | None = None
    """Value traded, KRW."""
    turnover_ratio: Figure | None = None
    """Value traded against the mean of the 20 sessions before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowFacts:
    """Net buying on one market by investor, KRW."""

    market: str
    retail: Figure | None = None
    institution: Figure | None = None
    foreign: Figure | None = None
    foreign_direction: str | None = None
    """In the source's words, where no amount was reported."""
    domestic: Figure | None = None
    """retail + institution."""
    absorbed: Figure | None = None
    """What domestic buyers took of the foreign selling, %; only if foreigners sold and they bought."""
    provisional: bool = False
    foreign_streak: Figure | None = None
    """Sessions in a row that foreigners bought, or sold, as today; from 3 on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreadthFacts:
    """Stocks up, down and unchanged, KONEX apart."""

    listed: Figure
    advancers: Figure
    decliners: Figure
    unchanged: Figure | None
    advancers_share: Figure
    decliners_share: Figure
    unchanged_share: Figure | None
    lead: Figure
    """advancers − decliners."""
    odds: Figure | None = None
    """Stocks of the larger side for each of the smaller; None where either side is empty."""
    counted: bool
    """Counted from the table of all stocks (else as the source states it)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StockFacts:
    """One stock on the day, with its flows and, from all-stocks data, its part in the index's move."""

    code: str
    name: str
    sector: str | None = None
    close: Figure | None = None
    change: Figure | None = None
    foreign: Figure | None = None
    foreign_direction: str | None = None
    foreign_size: str | None = None
    institution: Figure | None = None
    retail: Figure | None = None
    foreign_institution: Figure | None = None
    points: Figure | None = None
    """Index points it added or took."""
    share: Figure | None = None
    """Its share of the index's move, %."""
    turnover: Figure | None = None
    """Value traded, KRW."""
    named: bool = True
    """The name is one that readers of the language can read; else it is as the exchange has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LargestFacts:
    """What the largest companies of the main index did, by market value before the session's move."""

    stocks: tuple[StockFacts, ...]
    """The ten largest that traded, largest first."""
    count: Figure
    """How many those are."""
    rose: Figure
    fell: Figure
    among: Figure
    """The companies that `best` and `worst` are looked for among."""
    best: StockFacts | None
    """Of those, the largest rise in %; None where none rose."""
    worst: StockFacts | None
    """The largest fall."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderGroup:
    """What several of the names that moved the index have in common: a sector."""

    name: str
    stocks: tuple[StockFacts, ...]
    """In the order of their points."""
    points: Figure
    """Index points of these stocks together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFlow:
    """What foreigners did in a stock, a sector or a market: an amount, or the source's words."""

    name: str
    amount: Figure | None
    direction: str | None
    size: str | None
    buying: bool | None
    """True bought, False sold, None not told."""
    market: bool = False
    """A market other than the main one, whose flow is no part of the main one's."""
    share: Figure | None = None
    """|amount| ÷ |the main market's net foreign flow|, %; only of a stock whose amount goes the same way and
    is no larger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SectorFacts:
    """A sector's move from data, or what the desk noted of it."""

    name: str
    change: Figure | None = None
    members: Figure | None = None
    advancers: Figure | None = None
    examples: str | None = None
    behaviour: str | None = None
    reason: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterFacts:
    """Stocks that moved for one reason."""

    name: str
    stocks: tuple[StockFacts, ...]
    feature: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MacroFacts:
    """A reading from outside. `unit` and `change_unit` are words that follow the figure."""

    variable: str
    value: Figure | None
    unit: str
    change: Figure | None
    change_unit: str
    period: str | None
    reading: str | None
    impact: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """An earlier strong session beside this one: its day, its move, and what foreigners did."""

    day: Figure
    market: str
    change: Figure | None
    foreign: Figure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InflowContext:
    """Foreign selling against a stock of inflows from the context table."""

    scope: str
    inflow: Figure
    inflow_usd: Figure | None
    share: Figure
    """|foreign net| ÷ inflow, %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFacts:
    """A piece of news, with the address that exists for it."""

    day: Figure
    headline: str
    address: str | None
    stocks: tuple[StockFacts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseFacts:
    """A point of the session's course."""

    time: str
    index: str
    level: Figure | None
    change: Figure | None
    approximate: bool
    note: str | None


CheckKey = Literal[
    "foreign_selling_stops",
    "foreign_buying_goes_on",
    "institutions_keep_buying",
    "large_buyers_keep_buying",
    "kosdaq_catches_up",
    "kosdaq_keeps_lead",
    "kosdaq_recovers",
    "kosdaq_holds",
    "breadth_widens",
    "breadth_holds",
    "median_rises",
    "record_follows",
    "rise_goes_on",
    "fall_stops",
    "open_holds",
    "open_regained",
    "half_regained",
    "level_regained",
    "level_holds",
    "largest_recover",
    "largest_go_on",
    "leader_goes_on",
    "dragger_recovers",
    "range_narrows",
    "turnover_stays",
    "turnover_returns",
]
"""What a check asks; `checks.py` chooses, and the templates have a form of words for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFacts:
    """Something to verify in the next session: `metric` of `subjects` `operator` `threshold`."""

    key: CheckKey
    metric: str
    operator: Literal[">=", ">", "<=", "<"]
    threshold: float
    subjects: tuple[StockFacts, ...] = ()
    figure: Figure | None = None
    """Today's value of what is to be watched."""
    related: bool = False
    """The subjects belong to one cluster."""
    level: Figure | None = None
    """The threshold as a figure, where it is a level or a measure to be named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedPart:
    """The answer to a check for one stock, or for the market (`stock` None)."""

    stock: StockFacts | None
    value: Figure | None
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedCheck:
    """A check of the session before, answered with today's figures.

    It held if every part did, failed if any did, and else was not reported.
    """

    key: str
    question: str
    """As it was asked."""
    metric: str
    operator: str
    threshold: Figure
    outcome: Outcome
    parts: tuple[ResolvedPart, ...]
    before: Figure | None = None
    """The metric's value when it was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreFacts:
    """How the blog's latest checks turned out, today's answers included."""

    answered: Figure
    """held + failed."""
    held: Figure
    failed: Figure
    not_reported: Figure
    address: str | None = None
    """The page of the score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything a daily story may say."""

    turn: int = 0
    """The session's number in its calendar, by which templates take turns."""
    angles: tuple[AngleFacts, ...] = ()
    """What is unusual today, most unusual first; empty on a dull day."""
    similar: SimilarFacts | None = None
    conditions: tuple[ConditionFacts, ...] = ()
    """The definition of the day's regime; empty without one."""
    extremes: Mapping[str, ExtremeFacts] = field(default_factory=dict)
    """By metric, those near an end of their history."""
    measured: Mapping[str, Figure] = field(default_factory=dict)
    """Every metric of the day as a figure, by name."""
    resolved: tuple[ResolvedCheck, ...] = ()
    """The checks of the session before."""
    asked_on: Figure | None = None
    """The session that asked them."""
    tally: ScoreFacts | None = None
    """The answers of `resolved`, counted; None without any."""
    score: ScoreFacts | None = None
    second_leaders: tuple[StockFacts, ...] = ()
    """Who moved the second index up, and down."""
    second_draggers: tuple[StockFacts, ...] = ()
    leader_groups: tuple[LeaderGroup, ...] = ()
    """Sectors that two or more of the names on the day's winning side share."""
    two_largest: tuple[StockFacts, ...] = ()
    """The two companies of most market value, where all stocks are known."""
    without_two: Figure | None = None
    """The index's change had those two not moved, %."""
    largest: LargestFacts | None = None
    """Where all stocks are known."""
    most_traded: tuple[StockFacts, ...] = ()
    """The stocks of both markets with the most value traded, most first; where all stocks are known."""
    second_groups: tuple[LeaderGroup, ...] = ()
    """As `leader_groups`, of the second index."""
    market_breadth: Mapping[str, BreadthFacts] = field(default_factory=dict)
    """Breadth of the main and the second index's market by its name, where it is known."""

    day: Figure
    next_day: Figure
    published: Figure
    as_of: Figure
    as_of_time: Figure
    zone: str
    """Abbreviation of the time zone: KST."""
    final: bool
    indices: tuple[IndexFacts, ...]
    main: IndexFacts
    """The index the post is about: KOSPI, or the first there is."""
    second: IndexFacts | None
    """The one it is compared with: KOSDAQ."""
    gap: Figure | None
    """Second less main change, pp."""
    flows: tuple[FlowFacts, ...]
    flow: FlowFacts | None
    """Flows of the main index's market, if amounts were reported."""
    breadth: BreadthFacts | None
    regime: Regime | None
    stocks: Mapping[str, StockFacts]
    leaders: tuple[StockFacts, ...]
    draggers: tuple[StockFacts, ...]
    top_share: Figure | None
    """Share of the index's move from the ten largest, %; None when the index hardly moved."""
    top_weight: Figure | None
    """The ten largest companies' share of the market's value, %."""
    limit_up: Figure | None
    limit_down: Figure | None
    median_change: Figure | None
    sectors: tuple[SectorFacts, ...]
    """As the desk noted them."""
    best_sectors: tuple[SectorFacts, ...]
    worst_sectors: tuple[SectorFacts, ...]
    clusters: tuple[ClusterFacts, ...]
    macro: tuple[MacroFacts, ...]
    foreign_groups: tuple[GroupFlow, ...]
    course: tuple[CourseFacts, ...]
    comparison: Comparison | None
    selling_record: Comparison | None
    inflow: InflowContext | None
    events: tuple[EventFacts, ...]
    checks: tuple[CheckFacts, ...]
    credits: tuple[SourceCredit, ...]
    set_aside: SetAside
    left_out: Figure | None
    """Stocks set aside, counted."""
    notes: Mapping[str, str]
    """The writer's view by section, Markdown made harmless."""
