"""The regimes of a day: how index and breadth go together, each by an operational definition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.story.cells import computed
from generator.story.conditions import Condition
from generator.story.markets import NOTICEABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.figures import Figure
    from generator.story.facts import BreadthFacts, ConditionFacts, IndexFacts, Regime

INDEX = "KOSPI"
"""The index that the definitions speak of."""

_SECOND = frozenset({"kosdaq_change_pct", "kosdaq_minus_kospi_pp"})
"""What nothing is known of, and nothing asked, in a session without the second index."""


@dataclass(frozen=True, slots=True)
class Definition:
    """What makes a day of a kind. A post shows the conditions in this order."""

    regime: Regime
    required: tuple[Condition, ...]
    """All must be met."""
    usual: tuple[Condition, ...] = ()
    """What mostly comes with it; shown where today's value is known, met or not."""
    of_index: bool = True
    """It says who carries the index: then the index's own market must lean the way that all stocks do."""


_MOST = 55
"""Per cent of the stocks that must go along before a move is broad: more than half, as some never trade."""

_RISES = Condition("kospi_change_pct", ">=", NOTICEABLE)
_FALLS = Condition("kospi_change_pct", "<=", -NOTICEABLE)
_STILL = (
    Condition("kospi_change_pct", ">", -NOTICEABLE),
    Condition("kospi_change_pct", "<", NOTICEABLE),
)
_MOST_RISE = Condition("advance_decline", ">", 0)
_MOST_FALL = Condition("advance_decline", "<", 0)
_SECOND_RISES = Condition("kosdaq_change_pct", ">", 0)
_SECOND_FALLS = Condition("kosdaq_change_pct", "<", 0)
_FOREIGN_BUYING = Condition("foreign_net_krw", ">", 0)
_FOREIGN_SELLING = Condition("foreign_net_krw", "<", 0)
_FEW_CARRY = Condition("top10_contribution_share", ">=", 80)
_MANY_CARRY = Condition("top10_contribution_share", "<", 80)
_HEAVY = Condition("value_traded_ratio_20", ">=", 1.5)

DEFINITIONS = (
    Definition(
        "washout",
        (Condition("kospi_change_pct", "<=", -2), Condition("decliners_share", ">=", 75), _SECOND_FALLS),
        (
            Condition("median_change_pct", "<=", -2),
            _FOREIGN_SELLING,
            _HEAVY,
            Condition("adr20", "<=", 70),
        ),
    ),
    Definition(
        "breadth_thrust",
        (Condition("kospi_change_pct", ">=", 1), Condition("advancers_share", ">=", 75), _SECOND_RISES),
        (Condition("median_change_pct", ">=", 1.5), _FOREIGN_BUYING, _HEAVY),
    ),
    Definition(
        "broad_rally",
        (_RISES, _MOST_RISE, Condition("advancers_share", ">=", _MOST), _SECOND_RISES),
        (
            _FOREIGN_BUYING,
            _MANY_CARRY,
            Condition("kospi_low_pct", ">", -1),
        ),
    ),
    Definition(
        "compressed_rally",
        (_RISES, _MOST_FALL),
        (
            Condition("kosdaq_minus_kospi_pp", "<", 0),
            _FOREIGN_SELLING,
            _FEW_CARRY,
            Condition("kospi_low_pct", "<=", -1),
        ),
    ),
    Definition(
        "broad_selloff",
        (_FALLS, _MOST_FALL, Condition("decliners_share", ">=", _MOST), _SECOND_FALLS),
        (
            _FOREIGN_SELLING,
            _MANY_CARRY,
            Condition("kospi_high_pct", "<", 1),
        ),
    ),
    Definition(
        "narrow_selloff",
        (_FALLS, _MOST_RISE),
        (Condition("kosdaq_minus_kospi_pp", ">", 0), _FEW_CARRY, Condition("median_change_pct", ">", 0)),
    ),
    Definition(
        "rotation",
        (
            *_STILL,
            Condition("sector_spread_pp", ">=", 15),
            Condition("advancers_share", ">=", 30),
            Condition("decliners_share", ">=", 30),
        ),
        of_index=False,
    ),
    Definition(
        "quiet",
        (
            *_STILL,
            Condition("kosdaq_change_pct", ">", -NOTICEABLE),
            Condition("kosdaq_change_pct", "<", NOTICEABLE),
            Condition("advancers_share", ">=", 35),
            Condition("decliners_share", ">=", 35),
        ),
        (Condition("kospi_range_pct", "<", 1), Condition("value_traded_ratio_20", "<", 1)),
        of_index=False,
    ),
)
"""The most demanding first: the first whose required conditions are all met names the day."""


def regime_of(
    main: IndexFacts,
    second: IndexFacts | None,
    breadth: BreadthFacts | None,
    own: BreadthFacts | None,
    figures: Mapping[str, Figure],
) -> tuple[Regime | None, tuple[ConditionFacts, ...]]:
    """How index and breadth go together, with the definition; None where nothing fits or they disagree.

    `breadth` is of the whole market, `own` of the main index's where it is known: what weak KOSDAQ stocks do
    to the one says nothing about who carries the index. A day is broad only if the second index goes along.
    `figures` are the day's metrics; what the session's own tables give is taken from the facts instead, so
    that a post shows one number once.
    """
    if breadth is None or main.change is None or main.name != INDEX:
        return None, ()
    agreed = lean_alike(breadth, own)
    today = {**figures, **_facts_of(main, second, breadth)}
    for definition in DEFINITIONS:
        if definition.of_index and not agreed:
            continue
        required = [
            each.facts(f"regime.{definition.regime}", today)
            for each in definition.required
            if each.metric in today or each.metric not in _SECOND
        ]
        if all(each.met for each in required):
            usual = [
                each.facts(f"regime.{definition.regime}", today, required=False)
                for each in definition.usual
                if each.metric in today
            ]
            return definition.regime, (*required, *usual)
    return None, ()


def lean_alike(breadth: BreadthFacts | None, own: BreadthFacts | None) -> bool:
    """Whether the index's own market leans the way that all stocks do, as far as both are known."""
    return breadth is None or own is None or own.lead.sign == breadth.lead.sign


def _facts_of(main: IndexFacts, second: IndexFacts | None, breadth: BreadthFacts) -> dict[str, Figure]:
    """By metric the figures that the session's own tables give."""
    known = {
        "kospi_change_pct": main.change,
        "advance_decline": breadth.lead,
        "advancers_share": breadth.advancers_share,
        "decliners_share": breadth.decliners_share,
    }
    if second and main.change and second.change:
        known["kosdaq_change_pct"] = second.change
        difference = second.change.number - main.change.number
        known["kosdaq_minus_kospi_pp"] = computed(
            "gap", difference, "pp", "second − main", second.change, main.change
        )
    return {metric: figure for metric, figure in known.items() if figure is not None}
