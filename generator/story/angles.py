"""The catalogue of angles: what can be unusual about a day, and how unusual it is today."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.metrics.measures import Measures
    from generator.precedents import Past
    from generator.story.facts import AngleFacts


def angles_of(measures: Measures, past: Past) -> tuple[AngleFacts, ...]:
    """The angles of the day, most unusual first."""
    return ()
