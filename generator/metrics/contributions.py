"""Who moved the index, and what sectors did, in one session; from plain records.

The same measures as the frames give (`stocks.py`), stock by stock, for the tables of a post.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from types import MappingProxyType
from typing import TYPE_CHECKING

from generator.metrics.metric import MINIMUM_MOVE, SECTOR_MEMBERS, WHOLE_MARKET

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.dataset.session import Session, Stock

BOTH = ("KOSPI", "KOSDAQ")

_NO_MEMBERS: Mapping[str, str] = MappingProxyType({"KOSDAQ": "9"})
"""By index, how the codes of shares begin that are listed on its market and no members: of companies from
abroad. With them KOSDAQ's move, rebuilt from its shares, was off by up to 0.14 pp in the sessions compared,
without them by less than 0.01 pp (but for two in which a member was in liquidation trading: 0.06 pp). The two
on KOSPI weigh nothing."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one common share had in the index's move."""

    code: str
    points: float | None
    """Index points; None when no previous level of the index is known."""
    share_pct: float | None
    """Share of the move in %: negative when it went against it. None when the index hardly moved."""
    change_pct: float
    """The share's own change in %, against its base price."""


@dataclass(frozen=True, slots=True)
class SectorMove:
    """What a sector's common shares did, weighted by their market value at the base price."""

    sector: str
    change_pct: float
    members: int
    advancers: int


@dataclass(frozen=True, slots=True)
class _Weighed:
    stock: Stock
    change: float
    """KRW a share."""
    base: float
    shares: float

    @property
    def gain(self) -> float:
        return self.change * self.shares

    @property
    def value(self) -> float:
        return self.base * self.shares


def contributions(
    session: Session, index: str = "KOSPI", *, whole_market: int = WHOLE_MARKET
) -> tuple[Contribution, ...]:
    """The contributions of the index's common shares, largest first, then by code.

    A share's points are its gain in market value over the base value of all, times the index's previous
    close. Shares that did not trade weigh in the whole but are not listed. Empty when the session has not
    every listed stock.

    Args:
        session: With `set_aside` filled.
        index: Name of the index, which is also the market of its members.
        whole_market: Stocks of the market from which a session has every listed one.
    """
    weighed = [
        each
        for each in _weighed(session, (index,), whole_market)
        if not each.stock.code.startswith(_NO_MEMBERS.get(index, "-"))
    ]
    value, gain = fsum(each.value for each in weighed), fsum(each.gain for each in weighed)
    if value <= 0:
        return ()
    previous = _previous_close(session, index)
    told = abs(gain / value * 100) >= MINIMUM_MOVE
    found = [
        Contribution(
            code=each.stock.code,
            points=None if previous is None else each.gain / value * previous,
            share_pct=each.gain / gain * 100 if told else None,
            change_pct=_change_pct(each),
        )
        for each in sorted(weighed, key=lambda each: (-each.gain, each.stock.code))
        if each.stock.code not in session.set_aside.not_traded
    ]
    return tuple(found)


def sector_moves(session: Session, *, whole_market: int = WHOLE_MARKET) -> tuple[SectorMove, ...]:
    """The moves of sectors with at least five members, best first, then by name.

    Empty when the session has not every listed stock of KOSPI and KOSDAQ, or no sectors.
    """
    members: dict[str, list[_Weighed]] = {}
    for each in _weighed(session, BOTH, whole_market):
        if each.stock.sector:
            members.setdefault(each.stock.sector, []).append(each)
    found = [
        SectorMove(
            sector=sector,
            change_pct=fsum(each.gain for each in group) / fsum(each.value for each in group) * 100,
            members=len(group),
            advancers=sum(each.change > 0 for each in group),
        )
        for sector, group in members.items()
        if len(group) >= SECTOR_MEMBERS and any(each.value > 0 for each in group)
    ]
    return tuple(sorted(found, key=lambda move: (-move.change_pct, move.sector)))


def _weighed(session: Session, markets: Sequence[str], whole_market: int) -> list[_Weighed]:
    """The common shares whose change is a move, once each market is whole."""
    known = [found for stock in session.stocks if stock.market in markets and (found := _weigh(stock))]
    for market in markets:
        if sum(each.stock.market == market for each in known) < whole_market:
            return []
    apart = session.set_aside.adjusted | session.set_aside.beyond_limit
    return [each for each in known if each.stock.code.endswith("0") and each.stock.code not in apart]


def _weigh(stock: Stock) -> _Weighed | None:
    if stock.close is None:
        return None
    change = stock.change
    if change is None and stock.change_pct is not None and stock.change_pct > -100:  # noqa: PLR2004 - per cent
        change = stock.close - stock.close / (1 + stock.change_pct / 100)
    shares = stock.shares
    if shares is None and stock.market_value is not None and stock.close > 0:
        shares = stock.market_value / stock.close
    if change is None or shares is None:
        return None
    return _Weighed(stock, change, stock.close - change, shares)


def _change_pct(each: _Weighed) -> float:
    if each.stock.change_pct is not None:
        return each.stock.change_pct
    return each.change / each.base * 100 if each.base else 0.0


def _previous_close(session: Session, index: str) -> float | None:
    quote = next((quote for quote in session.indices if quote.index == index), None)
    if quote is None:
        return None
    if quote.previous_close is not None:
        return quote.previous_close
    if quote.close is None or quote.change_pct is None:
        return None
    # Off by a few thousandths of a per cent, as the change is rounded: nothing against a share's points.
    return quote.close / (1 + quote.change_pct / 100)
