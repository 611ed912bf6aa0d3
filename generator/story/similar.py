"""Past sessions like today by a stated definition, and what followed them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.figures import Figure
    from generator.precedents import Past
    from generator.story.facts import SimilarFacts


def similar_facts(figures: Mapping[str, Figure], past: Past) -> SimilarFacts | None:
    """The closest definition that today meets and that the history has enough of."""
    return None
