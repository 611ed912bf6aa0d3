"""The regimes of a day: how index and breadth go together, each by an operational definition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.story.markets import NOTICEABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.figures import Figure
    from generator.story.facts import BreadthFacts, ConditionFacts, IndexFacts, Regime


def regime_of(
    main: IndexFacts,
    second: IndexFacts | None,
    breadth: BreadthFacts | None,
    own: BreadthFacts | None,
    figures: Mapping[str, Figure],
) -> tuple[Regime | None, tuple[ConditionFacts, ...]]:
    """How index and breadth go together; None if either is missing, small, or they do not agree.

    `breadth` is of the whole market, `own` of the main index's where it is known: what weak KOSDAQ stocks do
    to the one says nothing about who carries the index. A day is broad only if the second index goes along.
    """
    if (
        breadth is None
        or main.change is None
        or abs(main.change.number) < NOTICEABLE
        or not breadth.lead.sign
    ):
        return None, ()
    if own is not None and own.lead.sign != breadth.lead.sign:
        return None, ()
    most_rose = breadth.lead.sign > 0
    along = second is None or second.change is None or second.change.sign * main.change.sign > 0
    if main.change.sign > 0:
        if most_rose:
            return ("broad_rally" if along else None), ()
        return "compressed_rally", ()
    if most_rose:
        return "narrow_selloff", ()
    return ("broad_selloff" if along else None), ()
