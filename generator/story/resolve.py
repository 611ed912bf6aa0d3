"""Answering the checks that the session before left, with today's figures."""

from __future__ import annotations

import operator
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from generator.figures import Cell, Figure, Formula, rounded
from generator.metrics.definitions import METRICS
from generator.story.cells import computed, measured
from generator.story.companies import named_only, stock_facts
from generator.story.facts import ResolvedCheck, ResolvedPart, ScoreFacts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from generator.dataset.session import Session
    from generator.figures import Unit
    from generator.metrics.measures import Measures
    from generator.story.asked import Asked, AskedCheck
    from generator.story.facts import Outcome, StockFacts

_HOLDS: Mapping[str, Callable[[Decimal, Decimal], bool]] = MappingProxyType(
    {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt}
)


def asked_on(asked: Asked) -> Figure:
    """The session that asked, as a figure."""
    return Figure("asked_on", asked.day, "date", Formula("session before"))


def resolved(
    asked: Asked, session: Session, measures: Measures, stocks: Mapping[str, StockFacts], language: str
) -> tuple[ResolvedCheck, ...]:
    """Each check with its outcome, in the order they were asked.

    Args:
        asked: the checks.
        session: the one that answers; final.
        measures: its metrics, for checks of the market.
        stocks: those whose facts are known already.
        language: of the companies' names.
    """
    codes = {code for check in asked.checks for code in check.stocks}
    known = _asked_stocks(codes, session, stocks, language)
    return tuple(
        _resolved(check, f"asked.{number}", _parts(check, known, session, measures))
        for number, check in enumerate(asked.checks, start=1)
    )


def _asked_stocks(
    codes: set[str], session: Session, stocks: Mapping[str, StockFacts], language: str
) -> Mapping[str, StockFacts]:
    """The stocks asked about, also those that nothing else of today's post speaks of."""
    rest = codes - stocks.keys()
    others = replace(
        session,
        stocks=tuple(row for row in session.stocks if row.code in rest),
        flows=tuple(row for row in session.flows if row.scope_kind == "stock" and row.scope in rest),
        clusters=(),
    )
    found = {**stock_facts(others, (), language), **stocks}
    return {code: found.get(code) or named_only(code, session, language) for code in sorted(codes)}


def _parts(
    check: AskedCheck, stocks: Mapping[str, StockFacts], session: Session, measures: Measures
) -> tuple[ResolvedPart, ...]:
    if not check.stocks:
        value = measured(measures, check.metric)
        return (ResolvedPart(stock=None, value=value, outcome=_outcome(check, value)),)
    parts = []
    for code in check.stocks:
        # The price of a stock that did not trade stands still, which says nothing.
        idle = check.metric == "change_pct" and code in session.set_aside.not_traded
        value = None if idle else _figure(stocks[code], check.metric)
        parts.append(ResolvedPart(stock=stocks[code], value=value, outcome=_outcome(check, value)))
    return tuple(parts)


def _figure(stock: StockFacts, metric: str) -> Figure | None:
    """The stock's figure for a metric of `asked.STOCK_METRICS`."""
    if metric == "foreign_institution_net_krw":
        if stock.foreign_institution or not (stock.foreign and stock.institution):
            return stock.foreign_institution
        return computed(
            f"stock.{stock.code}.foreign_institution",
            stock.foreign.number + stock.institution.number,
            "KRW",
            "foreign + institution",
            stock.foreign,
            stock.institution,
        )
    figures = {
        "change_pct": stock.change,
        "foreign_net_krw": stock.foreign,
        "institution_net_krw": stock.institution,
        "retail_net_krw": stock.retail,
    }
    return figures[metric]


def _outcome(check: AskedCheck, value: Figure | None) -> Outcome:
    """By the value as a post shows it, so that answer and figure never seem to disagree."""
    if value is None:
        return "not_reported"
    holds = _HOLDS[check.operator](rounded(value.number, value.precision), Decimal(repr(check.threshold)))
    return "held" if holds else "failed"


def _resolved(check: AskedCheck, name: str, parts: tuple[ResolvedPart, ...]) -> ResolvedCheck:
    outcomes = {part.outcome for part in parts}
    outcome: Outcome = "failed" if "failed" in outcomes else "held"
    if outcome == "held" and "not_reported" in outcomes:
        outcome = "not_reported"
    unit, precision = _unit(check)

    def cell(column: str) -> Cell:
        return Cell(check.file, f"check {check.key}", column)

    return ResolvedCheck(
        key=check.key,
        question=check.question,
        metric=check.metric,
        operator=check.operator,
        threshold=Figure(f"{name}.threshold", check.threshold, unit, cell("holds_if"), precision),
        outcome=outcome,
        parts=parts,
        before=None
        if check.today is None
        else Figure(f"{name}.before", check.today, unit, cell("today"), precision),
    )


def _unit(check: AskedCheck) -> tuple[Unit, int]:
    if check.stocks:
        return ("%", 2) if check.metric == "change_pct" else ("KRW", 2)
    metric = METRICS[check.metric]
    return metric.unit, metric.precision


def tally_of(answers: Sequence[ResolvedCheck]) -> ScoreFacts | None:
    """Today's answers, counted; None without any."""
    if not answers:
        return None
    return _counted("tally", [answer.outcome for answer in answers], "answers of this post")


def score_of(asked: Asked, answers: Sequence[ResolvedCheck]) -> ScoreFacts | None:
    """The running score over the newest answered checks, today's included; None as long as there is none."""
    outcomes = (*(answer.outcome for answer in answers), *asked.before)
    newest = tuple(_newest(outcomes, asked.last))
    if not set(newest) - {"not_reported"}:
        return None
    score = _counted("score", newest, f"answers of the series, newest {asked.last} answered")
    return replace(score, address=asked.address)


def _newest(outcomes: Iterable[Outcome], most: int) -> Iterable[Outcome]:
    """Outcomes, newest first, up to the last of so many that were answered."""
    left = most
    for outcome in outcomes:
        if not left:
            return
        yield outcome
        left -= outcome != "not_reported"


def _counted(name: str, outcomes: Sequence[Outcome], over: str) -> ScoreFacts:
    held, failed, silent = (outcomes.count(each) for each in ("held", "failed", "not_reported"))

    def count(part: str, number: int, formula: str) -> Figure:
        return Figure(f"{name}.{part}", number, "number", Formula(formula), 0)

    return ScoreFacts(
        answered=count("answered", held + failed, f"held + failed, {over}"),
        held=count("held", held, f"held, {over}"),
        failed=count("failed", failed, f"failed, {over}"),
        not_reported=count("not_reported", silent, f"not reported, {over}"),
    )
