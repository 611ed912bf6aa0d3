"""The catalogue of angles: what can be unusual about a day, by which measure, and how rare that may be.

`angles.py` asks how unusual today is.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Literal

from generator.metrics.definitions import METRICS
from generator.story.conditions import Condition, rule_of

FLOOR = 3.75
"""Bits: what happens more often than about once in thirteen sessions is no angle. With some thirty things
looked at, a lower floor would find something unusual in every day."""

CONTRADICTION, PLAIN, ASIDE = 1.0, 0.0, -1.0
"""Bits added for the order only. Two facts that should not go together (a record against selling, an index
against its market, an open against its close) raise the question that a reader comes with: one bit says that
such a thing comes before a plain one that is twice as rare. How much was traded or how many stocks hit their
limit is an aside: it comes after what it goes with."""

Subject = Literal[
    "course",
    "level",
    "move",
    "second",
    "breadth",
    "flows",
    "flow_streak",
    "streak",
    "sectors",
    "concentration",
    "activity",
    "limits",
]
"""What an angle is about. Of one subject only the most surprising angle is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Angle:
    """A line of the catalogue."""

    key: str
    subject: Subject
    measure: Condition
    """By what "as much" is counted, on which side, and from where on the angle exists."""
    also: tuple[Condition, ...] = ()
    """What else must hold, today and in the sessions counted."""
    known: str = ""
    """A rule over metrics that a session has wherever it can be told whether this held; see `Past.times`."""
    prior: float
    """Bits at the bound of `measure`, where the history is too short to ask."""
    steep: float = 0.0
    """Bits more for each unit of the measure beyond its bound."""
    weight: float = PLAIN
    ongoing: bool = False
    """It lasts from day to day: a reader was told yesterday that it had lasted a day less."""
    own_market: bool = False
    """It says who carries the index: then the index's own market must lean the way that all stocks do."""
    covers: Subject | None = None
    """Another subject on which nothing is left to say once this is told."""
    floor: float = FLOOR

    def gate(self) -> str:
        """What must hold today, as a rule."""
        return rule_of((self.measure, *self.also))

    def rule(self, value: float) -> str:
        """That as much can be said as of a day with this value of the measure, as a rule."""
        return " and ".join(
            [f"{self.measure.metric} {self.measure.operator} {_reached(self.measure, value)}"]
            + [each.rule for each in self.also]
        )

    def expected(self, value: float) -> float:
        """Bits by the catalogue's own line."""
        return self.prior + self.steep * abs(value - self.measure.threshold)


def _reached(measure: Condition, value: float) -> str:
    """The value as a bound: with the decimals a post shows, rounded so that today still reaches it."""
    way = ROUND_FLOOR if measure.operator == ">=" else ROUND_CEILING
    bound = Decimal(repr(value)).quantize(Decimal(1).scaleb(-METRICS[measure.metric].precision), rounding=way)
    written = f"{bound:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def _at_least(metric: str, bound: float) -> Condition:
    return Condition(metric, ">=", bound)


def _at_most(metric: str, bound: float) -> Condition:
    return Condition(metric, "<=", bound)


def _within(metric: str, bound: float) -> tuple[Condition, Condition]:
    return Condition(metric, ">", -bound), Condition(metric, "<", bound)


_TRILLION = 1e12
_RECORD = _at_least("kospi_all_time_high", 1)
_MOST_FELL, _MOST_ROSE = Condition("advance_decline", "<", 0), Condition("advance_decline", ">", 0)

# The lines of what indices tell are those of KOSPI since May 1995 and KOSDAQ since July 1996, to March 2026:
# the bits grow by nearly the same for each per cent. Breadth, sectors and limits are from the 35 sessions of
# 2026 that all stocks are known of, flows from judgement alone; a history that is long enough overrides both.
CATALOGUE = (
    # The course of the session. Either bound on how far it was down will do: some sessions have no low.
    *(
        Angle(
            key="v-reversal",
            subject="course",
            measure=_at_least("kospi_reversal_pct", 2),
            also=(_at_most(early, -0.5),),
            known=f"kospi_change_pct > -100 and {early} > -100",
            prior=4.7,
            steep=1.45,
            weight=CONTRADICTION,
        )
        for early in ("kospi_low_pct", "kospi_gap_pct")
    ),
    Angle(
        key="gap-and-fade",
        subject="course",
        measure=_at_least("kospi_fade_pct", 1),
        also=(_at_least("kospi_gap_pct", 0.5),),
        known="kospi_change_pct > -100 and kospi_gap_pct > -100",
        prior=4.8,
        steep=1.05,
        weight=CONTRADICTION,
    ),
    Angle(
        key="wide-range",
        subject="course",
        measure=_at_least("kospi_range_pct", 3),
        # Far from the start, the range is the move's.
        also=_within("kospi_change_pct", 1.5),
        prior=5.2,
        steep=1.6,
    ),
    # Levels.
    Angle(key="all-time-high", subject="level", measure=_RECORD, prior=5.0),
    Angle(
        key="highest-since",
        subject="level",
        measure=_at_least("kospi_52w_high", 1),
        also=(_at_most("kospi_all_time_high", 0),),
        prior=4.9,
    ),
    # The move itself.
    Angle(
        key="large-rise", subject="move", measure=_at_least("kospi_change_pct", 1.5), prior=3.1, steep=1.05
    ),
    Angle(
        key="large-fall", subject="move", measure=_at_most("kospi_change_pct", -1.5), prior=3.1, steep=1.05
    ),
    # The second index.
    Angle(
        key="kosdaq-surge", subject="second", measure=_at_least("kosdaq_change_pct", 3), prior=5.0, steep=0.85
    ),
    Angle(
        key="kosdaq-slide", subject="second", measure=_at_most("kosdaq_change_pct", -3), prior=4.6, steep=0.8
    ),
    Angle(
        key="indices-apart",
        subject="second",
        measure=_at_most("kosdaq_minus_kospi_pp", -1),
        also=(_at_least("kospi_change_pct", 0.5), _at_most("kosdaq_change_pct", -0.5)),
        prior=5.4,
        steep=0.95,
        weight=CONTRADICTION,
    ),
    Angle(
        key="indices-apart",
        subject="second",
        measure=_at_least("kosdaq_minus_kospi_pp", 1),
        also=(_at_most("kospi_change_pct", -0.5), _at_least("kosdaq_change_pct", 0.5)),
        prior=5.6,
        steep=0.8,
        weight=CONTRADICTION,
    ),
    Angle(
        key="kosdaq-lead",
        subject="second",
        measure=_at_least("kosdaq_minus_kospi_pp", 1.5),
        prior=3.7,
        steep=1.2,
    ),
    Angle(
        key="kosdaq-lag",
        subject="second",
        measure=_at_most("kosdaq_minus_kospi_pp", -1.5),
        prior=3.5,
        steep=1.2,
    ),
    # Index and breadth.
    # The further the index goes without its market, the rarer.
    *(
        Angle(
            key="large-cap-compression",
            subject="breadth",
            measure=_at_least("decliners_share", 40),
            also=(
                _at_least("kospi_change_pct", rise),
                _MOST_FELL,
                Condition("kosdaq_minus_kospi_pp", "<", 0),
            ),
            prior=prior,
            steep=0.12,
            weight=CONTRADICTION,
            own_market=True,
        )
        for rise, prior in ((2, 4.0), (0.5, 2.5))
    ),
    *(
        Angle(
            key="heavyweight-selloff",
            subject="breadth",
            measure=_at_least("advancers_share", 40),
            also=(_at_most("kospi_change_pct", -fall), _MOST_ROSE),
            prior=prior,
            steep=0.12,
            weight=CONTRADICTION,
            own_market=True,
        )
        for fall, prior in ((2, 5.0), (0.5, 3.5))
    ),
    Angle(
        key="weak-breadth",
        subject="breadth",
        measure=_at_least("decliners_share", 60),
        also=_within("kospi_change_pct", 0.5),
        prior=3.5,
        steep=0.12,
        weight=CONTRADICTION,
    ),
    Angle(
        key="strong-breadth",
        subject="breadth",
        measure=_at_least("advancers_share", 60),
        also=_within("kospi_change_pct", 0.5),
        prior=3.5,
        steep=0.12,
        weight=CONTRADICTION,
    ),
    Angle(
        key="broad-rally",
        subject="breadth",
        measure=_at_least("advancers_share", 60),
        also=(_at_least("kospi_change_pct", 1),),
        prior=3.0,
        steep=0.12,
        own_market=True,
    ),
    Angle(
        key="broad-selloff",
        subject="breadth",
        measure=_at_least("decliners_share", 60),
        also=(_at_most("kospi_change_pct", -1),),
        prior=3.0,
        steep=0.12,
        own_market=True,
    ),
    # Who bought and who sold.
    Angle(
        key="record-on-selling",
        subject="flows",
        measure=_at_most("foreign_net_krw", -0.5 * _TRILLION),
        also=(_RECORD,),
        prior=4.5,
        steep=0.9 / _TRILLION,
        weight=CONTRADICTION,
        covers="level",
    ),
    Angle(
        key="foreign-selling",
        subject="flows",
        measure=_at_most("foreign_net_krw", -0.5 * _TRILLION),
        prior=2.5,
        steep=1 / _TRILLION,
    ),
    Angle(
        key="foreign-buying",
        subject="flows",
        measure=_at_least("foreign_net_krw", 0.5 * _TRILLION),
        prior=2.5,
        steep=1 / _TRILLION,
    ),
    Angle(
        key="selling-streak",
        subject="flow_streak",
        measure=_at_least("foreign_sell_streak", 5),
        prior=3.5,
        steep=0.7,
        ongoing=True,
    ),
    Angle(
        key="buying-streak",
        subject="flow_streak",
        measure=_at_least("foreign_buy_streak", 5),
        prior=3.5,
        steep=0.7,
        ongoing=True,
    ),
    # Days in a row.
    Angle(
        key="winning-streak",
        subject="streak",
        measure=_at_least("kospi_up_streak", 5),
        prior=4.5,
        steep=0.9,
        ongoing=True,
    ),
    Angle(
        key="losing-streak",
        subject="streak",
        measure=_at_least("kospi_down_streak", 5),
        prior=5.2,
        steep=1.2,
        ongoing=True,
    ),
    # Below the index.
    Angle(
        key="sector-rotation",
        subject="sectors",
        measure=_at_least("sector_spread_pp", 15),
        also=_within("kospi_change_pct", 1),
        prior=2.5,
        steep=0.35,
    ),
    *(
        Angle(
            key="two-stock-market",
            subject="concentration",
            measure=_at_least("top2_contribution_share", 80),
            also=(moved,),
            # It is missing where the index stood still.
            known="kospi_cap_weighted_change_pct > -100 and kospi_change_pct > -100",
            prior=3.5,
            steep=0.03,
        )
        for moved in (_at_least("kospi_change_pct", 0.5), _at_most("kospi_change_pct", -0.5))
    ),
    Angle(
        key="heavy-volume",
        subject="activity",
        measure=_at_least("value_traded_ratio_20", 1.5),
        prior=4.7,
        steep=6,
        weight=ASIDE,
    ),
    Angle(
        key="thin-volume",
        subject="activity",
        measure=_at_most("value_traded_ratio_20", 0.7),
        prior=4.4,
        steep=18,
        weight=ASIDE,
    ),
    Angle(
        key="limit-up-cluster",
        subject="limits",
        measure=_at_least("limit_up", 15),
        prior=3.0,
        steep=0.25,
        weight=ASIDE,
    ),
    Angle(
        key="limit-down-cluster",
        subject="limits",
        measure=_at_least("limit_down", 5),
        prior=4.0,
        steep=0.15,
        weight=ASIDE,
    ),
)
"""Among equals the earlier line comes first."""
