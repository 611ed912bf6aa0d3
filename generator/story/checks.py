"""Choosing what to verify in the next session: data, so that its post can resolve it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.story.facts import CheckFacts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.figures import Figure
    from generator.story.facts import BreadthFacts, ClusterFacts, FlowFacts, GroupFlow, IndexFacts, StockFacts

CHECKS = 3
SUBJECTS = 2
"""Stocks a check names at most."""


def choose_checks(
    *,
    main: IndexFacts,
    second: IndexFacts | None,
    gap: Figure | None,
    flow: FlowFacts | None,
    breadth: BreadthFacts | None,
    stocks: Mapping[str, StockFacts],
    groups: Sequence[GroupFlow],
    clusters: Sequence[ClusterFacts],
) -> tuple[CheckFacts, ...]:
    """Up to three checks: who sold, who bought, who has to follow; each only where today has its figure."""
    sold = {group.name for group in groups if group.buying is False}
    sellers = [stock for stock in stocks.values() if stock.name in sold][:SUBJECTS]
    candidates = [
        _foreigners(flow, sellers),
        _institutions(stocks, clusters, {stock.code for stock in sellers}),
        _second_index(main, second, gap),
        _breadth(breadth),
        _level(main),
    ]
    return tuple(check for check in candidates if check)[:CHECKS]


def _foreigners(flow: FlowFacts | None, sellers: list[StockFacts]) -> CheckFacts | None:
    if flow is None or flow.foreign is None or not flow.foreign.number:
        return None
    if flow.foreign.number > 0:
        return CheckFacts(
            key="foreign_buying_goes_on",
            metric="foreign_net_krw",
            operator=">",
            threshold=0,
            figure=flow.foreign,
        )
    return CheckFacts(
        key="foreign_selling_stops",
        metric="foreign_net_krw",
        operator=">=",
        threshold=0,
        subjects=tuple(sellers),
        # With subjects it is theirs that counts, not the market's.
        figure=None if sellers else flow.foreign,
    )


def _institutions(
    stocks: Mapping[str, StockFacts], clusters: Sequence[ClusterFacts], sold: set[str]
) -> CheckFacts | None:
    def bought(stock: StockFacts) -> bool:
        amount = stock.foreign_institution or stock.institution
        return amount is not None and amount.number > 0 and stock.code not in sold

    buyers = [stock for stock in stocks.values() if bought(stock)]
    if not buyers:
        return None
    # The cluster with the most of them has a story; ties go to the first named.
    shared = max(([s for s in cluster.stocks if s in buyers] for cluster in clusters), key=len, default=[])
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


def _second_index(main: IndexFacts, second: IndexFacts | None, gap: Figure | None) -> CheckFacts | None:
    # On a falling day there is nothing to catch up with.
    if second is None or gap is None or gap.sign >= 0 or main.change is None or main.change.sign <= 0:
        return None
    if second.change is not None and second.change.sign < 0:
        metric, figure = f"{second.name.lower()}_change_pct", second.change
    else:
        metric, figure = "kosdaq_minus_kospi_pp", gap
    return CheckFacts(key="kosdaq_catches_up", metric=metric, operator=">", threshold=0, figure=figure)


def _breadth(breadth: BreadthFacts | None) -> CheckFacts | None:
    if breadth is None:
        return None
    return CheckFacts(
        key="breadth_holds" if breadth.lead.sign > 0 else "breadth_widens",
        metric="advance_decline",
        operator=">",
        threshold=0,
        figure=breadth.lead,
    )


def _level(main: IndexFacts) -> CheckFacts | None:
    if main.close is None:
        return None
    return CheckFacts(
        key="level_holds",
        metric=f"{main.name.lower()}_close",
        operator=">=",
        threshold=main.close.number,
        figure=main.close,
    )
