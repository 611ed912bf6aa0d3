"""Records and comparisons: each computed from the history, or not said."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.metrics.measures import Measures
    from generator.precedents import Past
    from generator.story.facts import ExtremeFacts, IndexFacts


def with_records(index: IndexFacts, measures: Measures, past: Past | None) -> IndexFacts:
    """The index with its records, ranks and counts."""
    return index


def extremes_of(measures: Measures, past: Past) -> Mapping[str, ExtremeFacts]:
    """The measures that are near an end of their own history."""
    return {}
