"""Choosing what to verify in the next session: data, so that its post can answer it.

Each topic has one function that gives today's most telling question about it, or none; so no two checks ask
the same. Who sold and who bought comes first, then what the day's angles are about, then what moved most.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from generator.figures import rounded
from generator.metrics.definitions import METRICS
from generator.metrics.index_metrics import INDICES, ratio_name
from generator.story.cells import computed
from generator.story.facts import CheckFacts
from generator.story.markets import NOTICEABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from generator.figures import Figure
    from generator.story.conditions import Operator
    from generator.story.facts import CheckKey, Facts, FlowFacts, IndexFacts, StockFacts

CHECKS = 3
QUIET_CHECKS = 2
"""Of a day without an angle."""
SUBJECTS = 2
"""Stocks a check names at most."""

TRIFLE = 0.2
"""Per cent: an index that moved less went no way of its own."""
DEEP = 1.0
"""Per cent: after a larger fall, winning back half of it is the question, not all."""
SURGE = 3.0
"""Per cent: after a larger rise of the second index, the question is whether it keeps it."""
LARGE_STOCK_MOVE = 1.0
"""Per cent that each of the two largest has to move before they are a question."""
LEADER_MOVE = 5.0
"""Per cent that a leader or dragger has to move before it is one."""
WIDE = 3.0
"""Per cent of the previous close: a range that makes the next one a question."""
HEAVY, THIN = 1.4, 0.75
"""Turnover against its mean that makes the next one a question."""
STAYS_HEAVY, RETURNS = 1.2, 0.8
"""What it then has to be. Over KOSPI since 2010 either came about in roughly half of the cases."""

_TOPICS_OF_ANGLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "v-reversal": ("level",),
        "gap-and-fade": ("level",),
        "wide-range": ("range",),
        "all-time-high": ("level",),
        "highest-since": ("level",),
        "lowest-since": ("level",),
        "large-rise": ("level",),
        "large-fall": ("level",),
        "record-on-selling": ("level",),
        "winning-streak": ("level",),
        "losing-streak": ("level",),
        "streak-ended": ("level",),
        "kosdaq-surge": ("second",),
        "kosdaq-slide": ("second",),
        "indices-apart": ("second",),
        "kosdaq-lead": ("second",),
        "kosdaq-lag": ("second",),
        "large-cap-compression": ("breadth", "largest"),
        "broad-rally": ("breadth",),
        "broad-selloff": ("breadth",),
        "strong-breadth": ("breadth",),
        "weak-breadth": ("breadth",),
        "limit-up-cluster": ("breadth",),
        "limit-down-cluster": ("breadth",),
        "heavyweight-selloff": ("largest",),
        "two-stock-market": ("largest",),
        "sector-rotation": ("largest",),
        "heavy-volume": ("turnover",),
        "thin-volume": ("turnover",),
    }
)
"""What a check has to be about to follow an angle."""


def choose_checks(facts: Facts) -> tuple[CheckFacts, ...]:
    """Up to three checks, the most telling first; metrics or stocks of the next session can answer each."""
    asked = {topic: check for topic, ask in _TOPICS.items() if (check := ask(facts))}
    order = ["foreign", "institutions"]
    if facts.gap and facts.second and _apart(facts.main, facts.second):
        order.append("second")
    for angle in facts.angles:
        order += _TOPICS_OF_ANGLES.get(angle.key, ())
    moved = _moved(facts)
    order += sorted(asked, key=lambda topic: (-moved.get(topic, 0), topic))
    most = CHECKS if facts.angles or "foreign" in asked else QUIET_CHECKS
    return tuple(asked[topic] for topic in dict.fromkeys(order) if topic in asked)[:most]


def _apart(main: IndexFacts, second: IndexFacts) -> bool:
    """The second index went the other way, by more than a trifle."""
    if not (main.change and second.change):
        return False
    return main.change.sign * second.change.sign < 0 and abs(second.change.number) >= TRIFLE


_USUAL: Mapping[str, float] = MappingProxyType(
    {"level": 1.0, "second": 1.0, "breadth": 30.0, "largest": 4.0, "range": 2.5, "turnover": 0.4}
)
"""By topic a usual size: in %, of breadth the balance in % of stocks, of turnover the ratio less 1."""


def _moved(facts: Facts) -> Mapping[str, float]:
    """By topic how far its subject moved today; 1 is as usual."""
    main, breadth = facts.main, facts.breadth
    named = [stock.change for stock in (*facts.two_largest, *facts.leaders[:1], *facts.draggers[:1])]
    sizes = {
        "level": main.change.number if main.change else 0,
        "second": facts.gap.number if facts.gap else 0,
        "breadth": breadth.lead.number / breadth.listed.number * 100 if breadth else 0,
        "largest": max((abs(change.number) for change in named if change), default=0),
        "range": main.range.number if main.range else 0,
        "turnover": main.turnover_ratio.number - 1 if main.turnover_ratio else 0,
    }
    return {topic: abs(size) / _USUAL[topic] for topic, size in sizes.items()}


def _of_market(
    key: CheckKey,
    metric: str,
    operator: Operator,
    figure: Figure,
    *,
    threshold: float = 0,
    level: Figure | None = None,
) -> CheckFacts | None:
    """A check of a metric; None for an index that has no metrics."""
    if metric not in METRICS:
        return None
    return CheckFacts(
        key=key,
        metric=metric,
        operator=operator,
        # A level is kept as the post shows it, or a reader could not hold the next one against it.
        threshold=float(rounded(level.number, level.precision)) if level else threshold,
        figure=figure,
        level=level,
    )


def _foreigners(facts: Facts) -> CheckFacts | None:
    flow = facts.flow
    if flow is None or flow.foreign is None or not flow.foreign.number:
        return None
    if flow.foreign.number > 0:
        return _of_market("foreign_buying_goes_on", "foreign_net_krw", ">", flow.foreign)
    subjects = _sellers(facts)
    return CheckFacts(
        key="foreign_selling_stops",
        metric="foreign_net_krw",
        operator=">=",
        threshold=0,
        subjects=subjects,
        # With subjects it is theirs that counts, not the market's.
        figure=None if subjects else flow.foreign,
    )


def _sellers(facts: Facts) -> tuple[StockFacts, ...]:
    """The stocks that foreigners sold, most important first."""
    sold = {group.name for group in facts.foreign_groups if group.buying is False}
    return tuple(stock for stock in facts.stocks.values() if stock.name in sold)[:SUBJECTS]


def _institutions(facts: Facts) -> CheckFacts | None:
    flow: FlowFacts | None = facts.flow
    sold = {stock.code for stock in _sellers(facts)} if flow and flow.foreign else set()

    def bought(stock: StockFacts) -> bool:
        amount = stock.foreign_institution or stock.institution
        return amount is not None and amount.number > 0 and stock.code not in sold

    buyers = [stock for stock in facts.stocks.values() if bought(stock)]
    if not buyers:
        return None
    # The cluster with the most of them has a story; ties go to the first named.
    shared = max(
        ([s for s in cluster.stocks if s in buyers] for cluster in facts.clusters), key=len, default=[]
    )
    subjects = tuple((shared if len(shared) > 1 else buyers)[:SUBJECTS])
    # Where foreigners and institutions were reported together, only together can they be checked.
    apart = all(stock.institution for stock in subjects)
    return CheckFacts(
        key="institutions_keep_buying" if apart else "large_buyers_keep_buying",
        metric="institution_net_krw" if apart else "foreign_institution_net_krw",
        operator=">",
        threshold=0,
        subjects=subjects,
        related=len(shared) > 1,
    )


def _second_index(facts: Facts) -> CheckFacts | None:
    main, second, gap = facts.main, facts.second, facts.gap
    if second is None or gap is None or main.change is None or second.change is None:
        return None
    if not {main.name.lower(), second.name.lower()} <= INDICES.keys():
        return None
    if main.change.sign > 0 > gap.sign:
        return _catching_up(second, second.change, gap)
    if second.change.sign > 0 and gap.number >= NOTICEABLE:
        return _leading(second, second.change, gap)
    if main.change.sign <= 0 and gap.sign < 0 and second.change.number <= -NOTICEABLE:
        return _of_market("kosdaq_recovers", f"{second.name.lower()}_change_pct", ">", second.change)
    return None


def _catching_up(second: IndexFacts, change: Figure, gap: Figure) -> CheckFacts | None:
    if change.sign < 0:
        return _of_market("kosdaq_catches_up", f"{second.name.lower()}_change_pct", ">", change)
    return _of_market("kosdaq_catches_up", "kosdaq_minus_kospi_pp", ">", gap)


def _leading(second: IndexFacts, change: Figure, gap: Figure) -> CheckFacts | None:
    if change.number >= SURGE and second.close:
        level = second.close
        return _of_market("kosdaq_holds", f"{second.name.lower()}_close", ">=", level, level=level)
    return _of_market("kosdaq_keeps_lead", "kosdaq_minus_kospi_pp", ">", gap)


def _breadth(facts: Facts) -> CheckFacts | None:
    breadth, median = facts.breadth, facts.median_change
    if breadth is None:
        return None
    if breadth.lead.sign > 0:
        return _of_market("breadth_holds", "advance_decline", ">", breadth.lead)
    if median and median.sign < 0 and facts.main.change and facts.main.change.sign > 0:
        return _of_market("median_rises", "median_change_pct", ">", median)
    return _of_market("breadth_widens", "advance_decline", ">", breadth.lead)


def _level(facts: Facts) -> CheckFacts | None:
    """What the main index has to show: by the first angle that is about it, else by its move."""
    main = facts.main
    if main.close is None:
        return None
    for angle in facts.angles:
        ask = _LEVEL_OF_ANGLES.get(angle.key)
        check = ask(facts, main.close) if ask else None
        if check:
            return check
    for ask in (_record, _half_regained, _level_regained):
        check = ask(facts, main.close)
        if check:
            return check
    return _of_market("level_holds", f"{main.name.lower()}_close", ">=", main.close, level=main.close)


def _record(facts: Facts, close: Figure) -> CheckFacts | None:
    if not (facts.main.record and facts.final):
        return None
    return _of_market("record_follows", f"{facts.main.name.lower()}_close", ">", close, level=close)


def _streak(facts: Facts, close: Figure) -> CheckFacts | None:
    main = facts.main
    if not (main.streak and main.change and main.change.sign):
        return None
    if main.change.sign > 0:
        return _of_market("rise_goes_on", f"{main.name.lower()}_close", ">", close, level=close)
    return _of_market("fall_stops", f"{main.name.lower()}_close", ">=", close, level=close)


def _open(facts: Facts, close: Figure) -> CheckFacts | None:
    """On a day that turned, its open is what the turn has to keep, or to win back."""
    main = facts.main
    if not (main.open and main.change and main.open.number != close.number):
        return None
    key: CheckKey = "open_holds" if close.number > main.open.number else "open_regained"
    return _of_market(key, f"{main.name.lower()}_close", ">=", close, level=main.open)


def _half_regained(facts: Facts, close: Figure) -> CheckFacts | None:
    main = facts.main
    if not (main.previous and main.change and main.change.number <= -DEEP):
        return None
    half = computed(
        f"{main.name.lower()}.half",
        (main.previous.number + close.number) / 2,
        "points",
        "(previous + close) ÷ 2",
        main.previous,
        close,
    )
    return _of_market("half_regained", f"{main.name.lower()}_close", ">=", close, level=half)


def _level_regained(facts: Facts, close: Figure) -> CheckFacts | None:
    main = facts.main
    if not (main.previous and main.change and -DEEP < main.change.number <= -NOTICEABLE):
        return None
    return _of_market("level_regained", f"{main.name.lower()}_close", ">=", close, level=main.previous)


_LEVEL_OF_ANGLES: Mapping[str, Callable[[Facts, Figure], CheckFacts | None]] = MappingProxyType(
    {
        "v-reversal": _open,
        "gap-and-fade": _open,
        "all-time-high": _record,
        "record-on-selling": _record,
        "large-fall": _half_regained,
        "broad-selloff": _half_regained,
        "winning-streak": _streak,
        "losing-streak": _streak,
    }
)


def _largest(facts: Facts) -> CheckFacts | None:
    """The two largest companies if they moved together, else the one that moved the index most."""
    two = [stock for stock in facts.two_largest if stock.change]
    if len(two) > 1:
        moves = [stock.change.number for stock in two if stock.change]
        if max(moves) <= -LARGE_STOCK_MOVE:
            return _of_stocks("largest_recover", *two)
        if min(moves) >= LARGE_STOCK_MOVE:
            return _of_stocks("largest_go_on", *two)
    rising = facts.main.change is not None and facts.main.change.sign >= 0
    for stock in (facts.leaders if rising else facts.draggers)[:1]:
        if stock.points and stock.change and abs(stock.change.number) >= LEADER_MOVE:
            return _of_stocks("leader_goes_on" if rising else "dragger_recovers", stock)
    return None


def _of_stocks(key: CheckKey, *stocks: StockFacts) -> CheckFacts:
    return CheckFacts(
        key=key,
        metric="change_pct",
        operator=">",
        threshold=0,
        subjects=stocks[:SUBJECTS],
        figure=stocks[0].change if len(stocks) == 1 else None,
    )


def _range(facts: Facts) -> CheckFacts | None:
    main = facts.main
    if main.range is None or main.range.number < WIDE:
        return None
    half = computed(f"{main.name.lower()}.half_range", main.range.number / 2, "%", "range ÷ 2", main.range)
    return _of_market("range_narrows", f"{main.name.lower()}_range_pct", "<", main.range, level=half)


def _turnover(facts: Facts) -> CheckFacts | None:
    main = facts.main
    ratio = main.turnover_ratio
    if ratio is None or THIN < ratio.number < HEAVY:
        return None
    heavy = ratio.number >= HEAVY
    bound = computed(
        f"{main.name.lower()}.turnover_bound",
        STAYS_HEAVY if heavy else RETURNS,
        "ratio",
        "bound of the check",
    )
    return _of_market(
        "turnover_stays" if heavy else "turnover_returns",
        ratio_name(main.name.lower()),
        ">=",
        ratio,
        level=bound,
    )


_TOPICS: Mapping[str, Callable[[Facts], CheckFacts | None]] = MappingProxyType(
    {
        "foreign": _foreigners,
        "institutions": _institutions,
        "second": _second_index,
        "breadth": _breadth,
        "level": _level,
        "largest": _largest,
        "range": _range,
        "turnover": _turnover,
    }
)
