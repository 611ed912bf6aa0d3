"""The facts of a week that its story is told from: records of figures, no words.

A value that was not reported is None. `reported` counts the sessions that a sum or a mean rests on, `of` the
week's sessions with any data: where the two differ, the post says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from generator.dataset.session import SourceCredit
    from generator.figures import Figure
    from generator.story.facts import AngleFacts, CheckFacts, Outcome, SectorFacts, Strength


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How many of the week's sessions something is known of."""

    reported: Figure
    of: Figure

    @property
    def whole(self) -> bool:
        """It is known of every session."""
        return self.reported.value == self.of.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A level or a move on one day of the week."""

    day: Figure
    figure: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class PastWeeks:
    """The week's move among all weeks so far, back to the last gap; only of a week that is over and whole."""

    rank: Figure
    """Place among the moves in its direction, 1 the largest."""
    among: Figure
    """Weeks in either direction."""
    first: Figure
    """The last session of the first of them."""
    rare: bool
    """The rank is among the first hundredth."""
    largest: bool
    """No larger move in this direction in the whole history."""
    since: Figure | None
    """Last session of the last week with a move at least as large in this direction; None where that is not
    long ago, and at the largest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekIndexFacts:
    """One index over the week. Changes in %, against the last close before the week."""

    name: str
    close: Figure
    """The last level; a close only if the last session is final."""
    base: Figure | None = None
    """The close that the week is measured against."""
    base_day: Figure | None = None
    change: Figure | None = None
    points: Figure | None = None
    best: Mark | None = None
    """The day with the largest rise, or the smallest fall; None of a single day."""
    worst: Mark | None = None
    highest: Mark | None = None
    """The highest close of the week; None of a single day."""
    lowest: Mark | None = None
    lowest_change: Figure | None = None
    """Lowest close against the base."""
    highest_change: Figure | None = None
    risen: Figure | None = None
    """Sessions on which it rose, of `days`."""
    fallen: Figure | None = None
    days: Figure | None = None
    """Sessions whose change is known."""
    turned: Literal["up", "down"] | None = None
    """It closed at least half a per cent on one side of the base in the week, and ends it as far on the
    other: `up`, it ends above."""
    strength: Strength = "plain"
    record: bool = False
    """The last level is above every earlier close."""
    records: Figure | None = None
    """Record closes within the week; None without any."""
    from_record: Figure | None = None
    """Distance to the highest close so far, %; None at a record or without history."""
    past: PastWeeks | None = None
    streak: Figure | None = None
    """Weeks in a row in this week's direction, from 2 on."""
    broke: Figure | None = None
    """Weeks in a row in the other direction that this week ended, from 3 on."""
    year: Figure | None = None
    """Against the last close of the year before, %; None in the first week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekStock:
    """A stock's part in the main index's moves of the week."""

    code: str
    name: str
    named: bool
    """The name is one that readers of the language can read; else it is as the exchange has it."""
    sector: str | None
    points: Figure
    """Index points, added up over the sessions it is known of."""
    early: Figure | None
    """Points of the first half; None in a week of one session."""
    late: Figure | None
    change: Figure | None
    """Daily changes compounded, %; None unless known of every session."""
    led: Figure
    """Sessions on which it moved the index most, in the index's direction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leadership:
    """Who moved the main index over the week, and whether that changed within it."""

    reach: Reach
    up: tuple[WeekStock, ...]
    """Most points first."""
    down: tuple[WeekStock, ...]
    two_points: Figure
    """Points of the two names that moved it most in the week's direction."""
    total: Figure
    """Points of all members."""
    two_share: Figure | None
    """The two's part of `total`, %; None of a small move."""
    most_days: tuple[WeekStock, ...]
    """Who led on most sessions; several in a tie, none where nobody led twice."""
    split: Figure | None
    """The first session of the second half; None in a week of one session."""
    early_total: Figure | None
    """The index's points in the first half, and in the second; None unless every session is known."""
    late_total: Figure | None
    early_first: WeekStock | None
    """Who moved it most in the first half, in the direction of that half, and in the second."""
    late_first: WeekStock | None
    faded: tuple[WeekStock, ...]
    """Names that added much in the first half and took in the second."""
    returned: tuple[WeekStock, ...]
    """Names that took much in the first half and added in the second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekNet:
    """Net buying of one kind of investor, added up over the sessions that report it, KRW."""

    investor: Literal["foreign", "institution", "retail"]
    net: Figure
    bought: Figure
    """Sessions of net buying."""
    sold: Figure
    largest: Mark
    """The day of the largest amount, either way."""
    reach: Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekFlows:
    """Flows of one market."""

    market: str
    nets: tuple[WeekNet, ...]
    """Foreigners, institutions, retail, as far as reported."""
    provisional: bool

    @property
    def foreign(self) -> WeekNet | None:
        """The foreigners' row."""
        return next((net for net in self.nets if net.investor == "foreign"), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskStock:
    """A stock that every session with a table of stocks speaks of, two at least."""

    code: str
    name: str
    change: Figure | None
    """Daily changes compounded, %; None unless each session has one."""
    net: Figure | None
    """Net buying by foreigners, added up, KRW; None unless each session has an amount."""
    first: Mark | None
    """The first amount, and the last."""
    last: Mark | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekBreadth:
    """Stocks up and down over the week, KONEX apart."""

    more_rose: Figure
    """Sessions with more risers than fallers."""
    more_fell: Figure
    mean_share: Figure
    """Mean share of stocks that rose, %."""
    best: Mark | None
    """The day with the largest share; None of a single day."""
    worst: Mark | None
    reach: Reach
    adr: Figure | None = None
    """The advance-decline ratio over 20 sessions, at the end of the week."""
    adr_before: Figure | None = None
    """The same before the week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekDay:
    """One session of the week, in a line."""

    day: Figure
    change: Figure | None
    second_change: Figure | None
    advancers: Figure | None
    decliners: Figure | None
    leader: WeekStock | None
    """Who moved the main index most in its direction; its points are the day's."""
    angle: str | None
    """The first angle of the day's post; None without a post."""
    address: str | None
    """Of the day's post, if it is published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredCheck:
    """A check that a session of the week answered."""

    question: str
    outcome: Outcome
    answered: Figure
    """The session that answered it."""
    asked: Figure | None
    address: str | None
    """Of the post that answers it, if it is published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekScore:
    """How the week's checks turned out."""

    held: Figure
    failed: Figure
    not_reported: Figure
    answered: Figure
    """held + failed."""
    checks: tuple[AnsweredCheck, ...]
    """In the order of their answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekFacts:
    """Everything a weekly story may say."""

    turn: int = 0
    """The week's number, by which templates take turns."""
    angles: tuple[AngleFacts, ...] = ()
    checks: tuple[CheckFacts, ...] = ()
    """None: the daily posts ask, the weekly one repeats what the last of them asks (`questions`)."""
    week: str
    """In ISO 8601: 2026-W07."""
    day: Figure
    """The last session with data."""
    first_day: Figure
    """The first session with data."""
    next_day: Figure
    next_sessions: Figure | None
    """Sessions of the next week; None while this one goes on."""
    next_closed: tuple[Figure, ...]
    """Weekdays of the next week without a session."""
    published: Figure
    as_of: Figure
    as_of_time: Figure
    zone: str
    final: bool
    """The last session is over."""
    over: bool
    """It is the last session of its week."""
    count: Figure
    """Sessions with data."""
    expected: Figure
    """Sessions of the week up to the last with data."""
    missing: tuple[Figure, ...]
    """Those of them that have none."""
    closed: tuple[Figure, ...]
    """Weekdays of the week without a session."""
    indices: tuple[WeekIndexFacts, ...]
    main: WeekIndexFacts | None
    second: WeekIndexFacts | None
    gap: Figure | None
    """Second less main change, pp."""
    days: tuple[WeekDay, ...]
    leadership: Leadership | None
    sectors: Reach | None
    """Of the sectors' moves."""
    best_sectors: tuple[SectorFacts, ...]
    """Daily moves compounded, best first."""
    worst_sectors: tuple[SectorFacts, ...]
    """Worst first."""
    flows: tuple[WeekFlows, ...]
    desk: tuple[DeskStock, ...]
    """Stocks of hand-made tables, in their order; where all stocks are known, those with foreign flows."""
    desk_reach: Reach | None
    """Of the sessions with a table of stocks."""
    breadth: WeekBreadth | None
    score: WeekScore | None
    questions: tuple[str, ...]
    """What the post of the last session asks."""
    credits: tuple[SourceCredit, ...]
    left_out: bool
    """Some stocks were left out of contributions on some day."""
    breadth_counted: bool
    """Breadth was counted from the table of all stocks."""
