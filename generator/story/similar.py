"""Past sessions like today by a stated definition, and what followed them."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import median
from typing import TYPE_CHECKING, Literal

from generator.figures import Figure, Formula, rounded
from generator.metrics.index_metrics import INDICES
from generator.metrics.metric import YEAR
from generator.rules import names
from generator.story.conditions import Condition, rule_of
from generator.story.facts import OutcomeFacts, SimilarFacts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.figures import Unit, Value
    from generator.precedents import Followed, Past, Times

HORIZONS = (1, 5, 20)
"""Sessions after which the index is looked at again: a day, a week, a month."""

ENOUGH = 10
"""Fewer sessions say nothing."""

CHANCE = 2.0
"""Standard errors of a share that chance alone goes beyond about once in twenty times."""

_NEAR = 2.5
"""How many times its bound a move of today may be: a rise of 7% is not like all rises of 2%."""

_SECOND = 2.0
"""How many times the KOSPI's move the KOSDAQ's must be before it is what makes the day."""

_COMMON = 0.1
"""Share of the sessions from which a definition is met too often to tell much."""

_NOTICED = 0.25
"""Per cent from which a move whose bound is zero is a direction: with 0.03% an index goes nowhere."""


@dataclass(frozen=True, slots=True)
class Definition:
    """What makes sessions alike."""

    key: str
    conditions: tuple[Condition, ...]
    index: str = "kospi"
    """Prefix of the index whose moves are told."""
    rare: bool = False
    """Told of even where the history has too few, as that is then what there is to say."""

    @property
    def rule(self) -> str:
        """As `rules.py` reads it."""
        return rule_of(self.conditions)

    def fits(self, values: Mapping[str, float]) -> bool:
        """Whether a day meets it, with moves of about the size that its bounds speak of."""
        if self.index == "kosdaq" and not _led_by_kosdaq(values):
            return False
        return all(each.met(values) and _near(each, values[each.metric]) for each in self.conditions)


def _led_by_kosdaq(values: Mapping[str, float]) -> bool:
    second, main = values.get("kosdaq_change_pct", 0), values.get("kospi_change_pct", 0)
    return abs(second) >= _SECOND * abs(main)


def _near(condition: Condition, value: float) -> bool:
    if not condition.metric.endswith("_change_pct"):
        return True
    bound = abs(condition.threshold)
    return abs(value) <= _NEAR * bound if bound else abs(value) >= _NOTICED


def _move(index: str, bound: float) -> Condition:
    """A rise of at least `bound` % by the close, or a fall where it is below zero."""
    return Condition(f"{index}_change_pct", ">=" if bound > 0 else "<=", bound)


def _turns() -> Iterator[Definition]:
    """The KOSPI ended on the other side of the previous close than it opened, or had been."""
    for side in ("gap", "extreme"):
        for from_, to in ((2, 2), (2, 1), (1, 2), (1, 1)):
            early = "kospi_gap_pct" if side == "gap" else "kospi_low_pct"
            yield Definition("reversal", (Condition(early, "<=", -from_), _move("kospi", to)))
            early = "kospi_gap_pct" if side == "gap" else "kospi_high_pct"
            yield Definition("fade", (Condition(early, ">=", from_), _move("kospi", -to)))


def _records(*bounds: float) -> Iterator[Definition]:
    for bound in bounds:
        yield Definition("record", (Condition("kospi_all_time_high", ">=", 1), _move("kospi", bound)))


def _moves(index: str, *bounds: float) -> Iterator[Definition]:
    """Of both directions."""
    for bound in bounds:
        rare = bound >= 3  # noqa: PLR2004 - in %: a few sessions a year
        yield Definition("rise", (_move(index, bound),), index, rare)
        yield Definition("fall", (_move(index, -bound),), index, rare)


def _apart(index: str, other: str, *bounds: float) -> Iterator[Definition]:
    """One index moved by that much, the other the other way."""
    for bound in bounds:
        fell, rose = (Condition(f"{other}_change_pct", sign, 0) for sign in ("<", ">"))
        yield Definition("apart", (_move(index, bound), fell), index)
        yield Definition("apart", (_move(index, -bound), rose), index)


def _against_breadth(*bounds: float) -> Iterator[Definition]:
    """The KOSPI moved by that much, most stocks the other way."""
    for bound in bounds:
        yield Definition("compressed", (_move("kospi", bound), Condition("advance_decline", "<", 0)))
        yield Definition("narrow", (_move("kospi", -bound), Condition("advance_decline", ">", 0)))


def _streaks() -> Iterator[Definition]:
    for count in range(12, 6, -1):
        for way in ("up", "down"):
            yield Definition("streak", (Condition(f"kospi_{way}_streak", ">=", count),))


DEFINITIONS = (
    *_turns(),
    *_records(5, 3, 2),
    *_moves("kospi", 10, 8, 5),
    *_apart("kosdaq", "kospi", 5),
    *_moves("kosdaq", 10, 8, 5),
    *_against_breadth(2, 1),
    *_apart("kospi", "kosdaq", 3, 2, 1),
    *_apart("kosdaq", "kospi", 3, 2),
    *_records(1),
    *_moves("kospi", 3, 2),
    *_streaks(),
    *_moves("kosdaq", 3),
    *_moves("kospi", 1),
)
"""Most telling first; of a kind the one with the bounds nearest to today's moves. A day that meets none is
like too many others to be worth a comparison."""


def similar_facts(figures: Mapping[str, Figure], past: Past) -> SimilarFacts | None:
    """What followed past sessions that meet the first definition today meets and the history has enough of.

    None where there is none, as on a quiet day, and where the history is no longer than a year. A rare day
    that no definition has enough of is told of as such, without outcomes.

    Args:
        figures: today's metrics by name.
        past: the history up to today, today included.
    """
    values = {name: figure.number for name, figure in figures.items() if figure.unit != "date"}
    scarce: list[tuple[Definition, Times]] = []
    for definition in DEFINITIONS:
        times = past.times(definition.rule) if definition.fits(values) else None
        if times is None or times.among <= YEAR:
            continue
        if outcomes := _outcomes(definition, times, past):
            return _facts(definition, times, figures, outcomes)
        if definition.rare:
            scarce.append((definition, times))
    if not scarce:
        return None
    # The most specific that was met before; where none was, the widest says most.
    told = next((each for each in scarce if each[1].last), scarce[-1])
    return _facts(*told, figures, ())


def _outcomes(definition: Definition, times: Times, past: Past) -> tuple[OutcomeFacts, ...]:
    """Empty where fewer than ten sessions have a next one."""
    rule, level = definition.rule, f"{definition.index}_close"
    # Today is one of those counted.
    if times.count <= ENOUGH:
        return ()
    after = past.followed(rule, level, HORIZONS)
    if len(after[0].moves) < ENOUGH:
        return ()
    # This holds wherever the definition can be told of, so the shares are of the same history.
    always = past.followed(f"({rule}) or {level} > 0", level, HORIZONS)
    return tuple(_outcome(rule, level, *pair) for pair in zip(after, always, strict=True))


def _outcome(rule: str, level: str, after: Followed, always: Followed) -> OutcomeFacts:
    moves, count = after.moves, len(after.moves)
    risen = _risen(after)
    name = f"similar.{after.horizon}"
    inputs = (*names(rule), level)
    length = f"{after.horizon} session{'s' if after.horizon > 1 else ''}"
    span = f"{level}, {length} after {rule}"

    def figure(what: str, value: Value, unit: Unit, expression: str, precision: int = 0) -> Figure:
        return Figure(f"{name}.{what}", value, unit, Formula(expression, inputs), precision)

    horizon = Figure(f"{name}.horizon", after.horizon, "sessions", Formula("horizon of the comparison"), 0)
    number = figure("count", count, "sessions", f"sessions with a known move of {span}")
    if count < ENOUGH:
        return OutcomeFacts(horizon=horizon, count=number)
    share, usual = risen / count, _risen(always) / len(always.moves)
    every = f"moves above 0 / all moves of {level} over {length} * 100"
    return OutcomeFacts(
        horizon=horizon,
        count=number,
        median=figure("median", median(moves), "%", f"median move of {span}", 1),
        lowest=figure("lowest", min(moves), "%", f"lowest move of {span}", 1),
        highest=figure("highest", max(moves), "%", f"highest move of {span}", 1),
        risen=figure("risen", risen, "sessions", f"moves above 0 of {span}"),
        risen_share=figure("risen_share", share * 100, "%", f"moves above 0 / all moves * 100 of {span}"),
        usual_share=figure("usual_share", usual * 100, "%", every),
        # Cases that share sessions are no independent evidence.
        against_usual=_against(share, usual, after.separate),
        separate=figure(
            "separate", after.separate, "sessions", f"most moves without a session in common of {span}"
        ),
    )


def _against(share: float, usual: float, count: int) -> Literal["same", "within", "above", "below"]:
    if rounded(share * 100, 0) == rounded(usual * 100, 0):
        return "same"
    if abs(share - usual) <= CHANCE * sqrt(usual * (1 - usual) / count):
        return "within"
    return "above" if share > usual else "below"


def _risen(followed: Followed) -> int:
    return sum(move > 0 for move in followed.moves)


def _facts(
    definition: Definition, times: Times, figures: Mapping[str, Figure], outcomes: Sequence[OutcomeFacts]
) -> SimilarFacts:
    rule = definition.rule
    metrics = names(rule)

    def figure(what: str, value: Value, unit: Unit, expression: str) -> Figure:
        return Figure(f"similar.{what}", value, unit, Formula(expression, metrics), 0)

    return SimilarFacts(
        key=definition.key,
        index=INDICES[definition.index],
        conditions=tuple(each.facts("similar", figures) for each in definition.conditions),
        # Today is one of those counted.
        count=figure("count", times.count - 1, "sessions", f"earlier sessions with {rule}"),
        first=figure("first", times.first, "date", f"first session that can be held against {rule}"),
        last=figure("last", times.last, "date", f"last earlier session with {rule}") if times.last else None,
        outcomes=tuple(outcomes),
        enough=bool(outcomes),
        common=times.count > _COMMON * times.among,
    )
