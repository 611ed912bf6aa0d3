from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from metrics_cases import real_stocks
from real_data import needs_krx

from generator.dataset.session import IndexQuote, Session, SetAside, Stock
from generator.metrics.contributions import Contribution, SectorMove, contributions, sector_moves
from generator.metrics.cross_section import cross_section
from generator.metrics.stocks import listed_stocks

DAY = date(2026, 2, 20)


def session(stocks, indices=(), set_aside=None):
    moment = datetime(2026, 2, 20, 6, 30, tzinfo=UTC)
    return Session(
        date=DAY,
        calendar="XKRX",
        timezone="Asia/Seoul",
        status="final",
        as_of=moment,
        publish_at=moment,
        updated_at=moment,
        previous=date(2026, 2, 19),
        next=date(2026, 2, 23),
        stocks=tuple(stocks),
        indices=tuple(indices),
        set_aside=set_aside or SetAside(),
    )


def share(code, close, change, shares, market="KOSPI", **columns):
    columns.setdefault("change_pct", round(change / (close - change) * 100, 2))
    return Stock(code=code, market=market, close=close, change=change, shares=shares, **columns)


SHARES = (
    share("000010", 110, 10, 10),  # +100 of 1,000
    share("000020", 190, -10, 10),  # -100 of 2,000
    share("000030", 105, 5, 30),  # +150 of 3,000
    share("000035", 60, 10, 1000),  # preferred
    share("100010", 200, 100, 1000, market="KOSDAQ"),
)
KOSPI = IndexQuote(index="KOSPI", close=205, previous_close=200.0, change_pct=2.5)


def test_contributions_by_hand():
    found = contributions(session(SHARES, [KOSPI]), whole_market=4)
    # 150 of 6,000 is 2.5%, of 200 points 5: the three shares are 5, 10/3 and -10/3 of them.
    assert [each.code for each in found] == ["000030", "000010", "000020"]
    assert [each.points for each in found] == pytest.approx([5, 10 / 3, -10 / 3])
    assert [each.share_pct for each in found] == pytest.approx([100, 200 / 3, -200 / 3])
    assert [each.change_pct for each in found] == [5, 10, -5]


def test_of_equal_points_the_first_code_comes_first():
    stocks = [share("000030", 101, 1, 10), share("000010", 101, 1, 10), share("000020", 51, 1, 10)]
    found = contributions(session(stocks, [KOSPI]), whole_market=3)
    assert [each.code for each in found] == ["000010", "000020", "000030"]


@pytest.mark.parametrize(
    ("stocks", "whole_market"),
    [((), 1), (SHARES, 5), (SHARES, 500), ([Stock(code="000010", market="KOSPI", change_pct=1.0)], 1)],
)
def test_without_every_listed_stock_there_are_none(stocks, whole_market):
    assert contributions(session(stocks, [KOSPI]), whole_market=whole_market) == ()


def test_set_aside_stocks_are_not_listed():
    apart = SetAside(
        not_traded=frozenset({"000040"}), adjusted=frozenset({"000050"}), beyond_limit=frozenset({"000060"})
    )
    stocks = [
        *SHARES,
        share("000040", 600, 0, 10),  # weighs 6,000 in the whole, and is not listed
        share("000050", 10, 5, 10),
        share("000060", 300, 200, 10),
    ]
    found = contributions(session(stocks, [KOSPI], apart), whole_market=4)
    assert [each.code for each in found] == ["000030", "000010", "000020"]
    assert found[0].points == pytest.approx(150 / 12000 * 200)
    assert found[0].share_pct == pytest.approx(100)


@pytest.mark.parametrize(
    ("indices", "points"),
    [
        ([], None),
        ([IndexQuote(index="KOSDAQ", previous_close=1.0)], None),
        ([IndexQuote(index="KOSPI", close=205.0)], None),
        ([IndexQuote(index="KOSPI", close=205.0, change_pct=2.5)], 5.0),
    ],
)
def test_points_need_the_index(indices, points):
    found = contributions(session(SHARES, indices), whole_market=4)
    assert found[0].points == (None if points is None else pytest.approx(points))
    assert found[0].share_pct == pytest.approx(100)


def test_no_shares_of_a_move_that_is_none():
    found = contributions(
        session([share("000010", 101, 1, 1), share("000020", 100, 0, 20)], [KOSPI]), whole_market=2
    )
    assert found[0] == Contribution("000010", pytest.approx(200 / 2100), None, 1)
    assert [each.share_pct for each in found] == [None, None]


def test_change_and_shares_follow_from_per_cent_and_market_value():
    stocks = [
        Stock(code="000010", market="KOSPI", close=110, change_pct=10, market_value=1100),
        Stock(code="000020", market="KOSPI", close=190, change_pct=-5, market_value=1900),
        Stock(code="000030", market="KOSPI", close=10, change_pct=-100, market_value=1900),
        Stock(code="000040", market="KOSPI", close=0, change_pct=-50, market_value=0),
    ]
    found = contributions(session(stocks, [KOSPI]), whole_market=2)
    assert [each.code for each in found] == ["000010", "000020"]
    assert found[0].points == pytest.approx(100 / 3000 * 200)


def test_sector_moves_by_hand():
    chips = [share(f"00{place:03}0", 110, 10, 1, sector="Chips") for place in range(5)]
    ships = [
        share("100000", 95, -5, 4, market="KOSDAQ", sector="Ships"),
        *(share(f"1{place:04}0", 100, 0, 4, market="KOSDAQ", sector="Ships") for place in range(1, 6)),
    ]
    few = [share(f"20{place:03}0", 110, 20, 1, sector="Few") for place in range(4)]
    none = [share(f"21{place:03}0", 110, 20, 1) for place in range(9)]
    found = sector_moves(session([*few, *ships, *none, *chips]), whole_market=6)
    assert found == (
        SectorMove("Chips", pytest.approx(10), 5, 5),
        SectorMove("Ships", pytest.approx(-20 / 2400 * 100), 6, 0),
    )
    assert sector_moves(session([*few, *ships, *none, *chips]), whole_market=7) == ()


def test_of_equal_sectors_the_first_name_comes_first():
    stocks = [share(f"{name}{place:04}0", 110, 10, 1, sector=name) for name in "BA" for place in range(5)]
    stocks += [share(f"2{place:04}0", 110, 10, 1, market="KOSDAQ") for place in range(5)]
    assert [move.sector for move in sector_moves(session(stocks), whole_market=5)] == ["A", "B"]


@pytest.fixture(scope="module")
def real_day():
    stocks = real_stocks()
    day = stocks.loc[stocks["date"] == "2026-02-20"]
    columns = ["code", "market", "sector", "open", "high", "low", "close", "change", "change_pct", "shares"]
    records = [
        Stock(**{name: None if value is None or value != value else value for name, value in row.items()})  # noqa: PLR0124 - NaN
        for row in day[columns].to_dict("records")
    ]
    apart = {
        reason: frozenset(day.loc[day["set_aside"] == reason, "code"])
        for reason in ("not_traded", "adjusted", "beyond_limit")
    }
    quote = IndexQuote(index="KOSPI", close=5808.53, previous_close=5677.25, change_pct=2.31)
    return session(records, [quote], SetAside(**apart)), cross_section(
        {"stocks": day}, listed_stocks(day)
    ).iloc[0]


@pytest.mark.krx
@needs_krx
def test_records_agree_with_frames(real_day):
    day, row = real_day
    found = contributions(day)
    moves = sector_moves(day)
    assert found[0].code in ("005930", "000660")
    assert sum(each.points for each in found) == pytest.approx(
        row["kospi_cap_weighted_change_pct"] / 100 * 5677.25
    )
    # The index rose by 131.28 points.
    assert sum(each.points for each in found) == pytest.approx(131.28, abs=0.012 / 100 * 5677.25)
    assert sum(each.share_pct for each in found) == pytest.approx(100)
    top2 = {each.code: each.share_pct for each in found}
    assert top2["005930"] + top2["000660"] == pytest.approx(row["top2_contribution_share"])
    assert moves[0].change_pct == pytest.approx(row["sector_best_pct"])
    assert moves[-1].change_pct == pytest.approx(row["sector_worst_pct"])
    assert all(move.members >= move.advancers >= 0 and move.members >= 5 for move in moves)
    assert not {each.code for each in found} & day.set_aside.codes
