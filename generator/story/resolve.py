"""Answering the checks that the session before left, with today's figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.figures import Figure, Formula

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from generator.dataset.session import Session
    from generator.metrics.measures import Measures
    from generator.story.facts import ResolvedCheck, ScoreFacts, StockFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The checks of a post, as its front matter holds them."""

    day: date
    """The session that asked."""


def asked_on(asked: Asked) -> Figure:
    """The session that asked, as a figure."""
    return Figure("asked_on", asked.day, "date", Formula("session before"))


def resolved(
    asked: Asked, session: Session, measures: Measures, stocks: Mapping[str, StockFacts]
) -> tuple[ResolvedCheck, ...]:
    """Each check with its outcome."""
    return ()


def score_of(asked: Asked, answers: Sequence[ResolvedCheck]) -> ScoreFacts | None:
    """The running score, today's answers included."""
    return None
