"""Who moved the indices: sectors in common, the largest companies, the index without its two largest."""

from __future__ import annotations

from datetime import date
from math import fsum

import pandas as pd
import pytest
from dataset_cases import config
from metrics_cases import real_indices, real_stocks
from real_data import KRX, needs_krx
from story_cases import EN, facts_of, full_session

from generator.dataset.load import load_session
from generator.dataset.session import Flow, IndexQuote, Origin, SetAside, Stock
from generator.dataset.sources import open_sources
from generator.figures import Figure, Formula
from generator.metrics.contributions import Contribution, contributions
from generator.story.companies import (
    TOLERANCE,
    adds_up,
    largest_facts,
    leader_groups,
    leaders_and_draggers,
    most_traded,
    second_movers,
    stock_facts,
    without_two,
)
from generator.story.facts import IndexFacts, StockFacts

ORIGIN = {"": Origin("stocks.csv", "line 2")}
SECTORS = {"칩": "Chips", "배": "Ships"}


def figure(name, value, unit="points", precision=2):
    return Figure(name, value, unit, Formula("by hand"), precision)


def index(change, name="KOSPI", previous=1000.0):
    return IndexFacts(
        name=name,
        change=figure("change", change, "%"),
        points=figure(f"{name.lower()}.points", previous * change / 100),
        previous=figure(f"{name.lower()}.previous", previous),
    )


def mover(code, points, sector=None):
    return StockFacts(code=code, name=code, sector=sector, points=figure(f"stock.{code}.points", points))


# --- What the leaders have in common --------------------------------------------------------------------


def test_sectors_that_two_or_more_leaders_share_the_most_points_first():
    ups = [
        mover("A", 9.0, "배"),
        mover("B", 5.0, "칩"),
        mover("C", 4.0, "칩"),
        mover("D", 3.0, None),
        mover("E", 2.5, None),
        mover("F", 2.0, "배"),
        mover("G", 1.0, "은행"),
    ]
    groups = leader_groups(index(2.0), ups, [], SECTORS)
    assert [(g.name, [s.code for s in g.stocks]) for g in groups] == [
        ("Ships", ["A", "F"]),
        ("Chips", ["B", "C"]),
    ]
    assert [g.points.number for g in groups] == [11.0, 9.0]
    assert groups[0].points.source.inputs == ("stock.A.points", "stock.F.points")


@pytest.mark.parametrize(
    ("change", "codes"), [(1.0, ["U1", "U2"]), (-1.0, ["D1", "D2"]), (0.0, None), (0.004, None)]
)
def test_the_winning_side_is_the_days_own(change, codes):
    ups, downs = [mover("U1", 2, "칩"), mover("U2", 1, "칩")], [mover("D1", -2, "배"), mover("D2", -1, "배")]
    groups = leader_groups(index(change), ups, downs, SECTORS)
    assert [[s.code for s in g.stocks] for g in groups] == ([codes] if codes else [])


def test_only_the_first_ten_count_and_only_those_with_points():
    ups = [mover(f"{n:02}", 20 - n, "칩" if n in (0, 10) else None) for n in range(11)]
    assert leader_groups(index(1.0), ups, [], SECTORS) == ()
    silent = [StockFacts(code=code, name=code, sector="칩") for code in "AB"]
    assert leader_groups(index(1.0), silent, [], SECTORS) == ()


# --- The largest companies ------------------------------------------------------------------------------


def whole_market(count=120, *, changes=None):
    """A session whose stocks weigh 1,000, 999, … before their moves, each worth 1 won times its shares.

    `changes` in % by place; the index is at 1,000 before.
    """
    changes = changes or {}
    stocks, parts = [], []
    values = [1000 - n for n in range(count)]
    for n, value in enumerate(values):
        pct = changes.get(n, 0.0)
        code = f"{n:05}0"
        stocks.append(
            Stock(
                origins=ORIGIN,
                code=code,
                name=f"No {n}",
                market="KOSPI",
                close=100.0 + pct,
                change_pct=pct,
                market_value=value * (1 + pct / 100),
                value_traded=float(n),
            )
        )
        points = value * pct / 100 / sum(values) * 1000
        parts.append(Contribution(code=code, points=points, share_pct=None, change_pct=pct))
    parts.sort(key=lambda part: (-part.points, part.code))
    return full_session(stocks=tuple(stocks), clusters=(), flows=()), tuple(parts)


def largest_of(session, parts):
    return largest_facts(session, parts, stock_facts(session, parts, "en"))


def test_the_ten_largest_by_value_before_the_move():
    # The eleventh rises by 5% and would be first at the close; before, it was not among the ten.
    session, parts = whole_market(
        changes={0: -1.0, 1: 2.0, 2: -3.0, 3: 0.5, 10: 5.0, 99: 29.0, 100: 30.0, 50: -9.0}
    )
    found = largest_of(session, parts)
    assert [s.code for s in found.stocks] == [f"{n:05}0" for n in range(10)]
    assert (found.rose.number, found.fell.number, found.count.number) == (2, 2, 10)
    assert found.among.number == 100
    # No 100 rose more, but is the 101st.
    assert (found.best.code, found.worst.code) == ("000990", "000500")


def test_no_best_where_none_rose_and_no_worst_where_none_fell():
    session, parts = whole_market(changes={3: -1.0})
    assert (largest_of(session, parts).best, largest_of(session, parts).worst.code) == (None, "000030")
    session, parts = whole_market(changes={3: 1.0})
    assert (largest_of(session, parts).best.code, largest_of(session, parts).worst) == ("000030", None)


def test_there_are_no_largest_without_all_stocks():
    session, parts = whole_market(99)
    assert largest_of(session, parts) is None
    assert largest_of(session, ()) is None
    facts = facts_of(full_session())
    assert (facts.largest, facts.two_largest, facts.without_two, facts.most_traded) == (None, (), None, ())


def test_the_largest_have_facts_though_they_hardly_moved():
    session, parts = whole_market(changes={n: n / 10 - 6 for n in range(20, 120)})
    stocks = stock_facts(session, parts, "en")
    assert {f"{n:05}0" for n in range(10)} <= stocks.keys()


def test_the_index_without_its_two_largest():
    # 20 points of 1,000 less 15 and plus 3: 8 points, 0.8%.
    found = without_two(index(2.0), (mover("A", 15.0), mover("B", -3.0)))
    assert found.number == pytest.approx(0.8)
    assert found.source.inputs == ("kospi.points", "stock.A.points", "stock.B.points", "kospi.previous")


@pytest.mark.parametrize(
    ("main", "two"),
    [
        (index(2.0), ()),
        (index(2.0), (mover("A", 1.0), StockFacts(code="B", name="B"))),
        (IndexFacts(name="KOSPI", change=figure("change", 2.0, "%")), (mover("A", 1.0), mover("B", 1.0))),
    ],
)
def test_without_their_points_nothing_is_said(main, two):
    assert without_two(main, two) is None


def test_the_most_traded_whatever_was_set_aside():
    session, parts = whole_market()
    aside = full_session(stocks=session.stocks, set_aside=SetAside(beyond_limit=frozenset({"001190"})))
    assert [s.code for s in most_traded(aside, parts, "en")] == ["001190", "001180", "001170"]
    assert [s.turnover.number for s in most_traded(aside, parts, "en")] == [119.0, 118.0, 117.0]
    assert most_traded(session, (), "en") == ()


# --- The second index -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("off", "told"), [(0.0, True), (0.049, True), (-0.049, True), (0.051, False), (-0.051, False)]
)
def test_points_of_the_second_index_are_told_only_if_they_add_up(off, told):
    session, parts = whole_market(changes={0: 10.0, 1: -4.0})
    total = fsum(part.points for part in parts)
    second = index(total / 10 + off, "KOSDAQ")
    assert adds_up(second, parts) is told
    ups, downs = second_movers(session, second, parts, "en")
    assert ([s.code for s in ups], [s.code for s in downs]) == (["000000"], ["000010"])
    assert all((s.points is not None) is told for s in (*ups, *downs))
    groups = leader_groups(second, ups, downs, {})
    assert groups == ()


def test_a_second_index_that_is_not_there_has_no_movers():
    session, parts = whole_market(changes={0: 10.0})
    assert second_movers(session, None, parts, "en") == ((), ())
    assert second_movers(session, index(1.0, "KOSDAQ"), (), "en") == ((), ())
    assert not adds_up(IndexFacts(name="KOSDAQ"), parts)


# --- Names ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "language", "named"),
    [
        ("LS ELECTRIC", "en", True),
        ("현대오토에버", "en", False),
        ("HD건설기계", "en", False),
        ("현대오토에버", "ko", True),
    ],
)
def test_a_name_that_the_language_cannot_read_is_marked(name, language, named):
    session = full_session(
        stocks=(Stock(origins=ORIGIN, code="307950", name=name, change_pct=1.0),), clusters=()
    )
    assert stock_facts(session, (), language)["307950"].named is named


def test_a_name_of_the_language_is_taken_before_the_exchanges():
    session = full_session(
        stocks=(Stock(origins=ORIGIN, code="012330", name="현대모비스", change_pct=1.0),),
        names={"en": {"012330": "Hyundai Mobis"}},
        clusters=(),
    )
    stock = stock_facts(session, (), "en")["012330"]
    assert (stock.name, stock.named) == ("Hyundai Mobis", True)


# --- What foreigners traded -----------------------------------------------------------------------------


def flow(scope, kind, net=None, direction=None):
    return Flow(
        origins=ORIGIN, scope=scope, scope_kind=kind, investor="foreign", net_krw=net, direction=direction
    )


def test_a_stocks_part_of_the_foreign_flow_and_further_markets_last():
    session = full_session(
        flows=(
            flow("KOSPI", "market", -2e12),
            flow("KOSDAQ", "market", -2e11),
            flow("005930", "stock", 3e11),
            flow("000660", "stock", -1.5e12),
        ),
        stocks=(
            Stock(origins=ORIGIN, code="009150", name="Samsung Electro-Mechanics", foreign_net_krw=-2.1e12),
        ),
    )
    groups = facts_of(session).foreign_groups
    assert [(g.name, g.market) for g in groups] == [
        ("005930", False),
        ("000660", False),
        ("Samsung Electro-Mechanics", False),
        ("KOSDAQ", True),
    ]
    # One bought, one sold three quarters of the net figure, one more than all of it.
    assert [g.share and g.share.number for g in groups] == [None, 75.0, None, None]


def test_there_is_no_part_of_a_flow_that_is_not_known():
    session = full_session(flows=(flow("000660", "stock", -1.5e12),))
    assert [g.share for g in facts_of(session).foreign_groups] == [None, None]


# --- The real market, computed another way --------------------------------------------------------------


@pytest.fixture(scope="module")
def real(tmp_path_factory, xkrx):
    """Every third real session and the days around a split of the indices: facts, and the files' own rows."""
    root = tmp_path_factory.mktemp("blog")
    settings = config(
        root,
        {"kind": "all_stocks", "path": str(KRX / "marcap-2026.parquet")},
        {"kind": "index_history", "index": "KOSPI", "path": str(KRX / "index-kospi.csv")},
        {"kind": "index_history", "index": "KOSDAQ", "path": str(KRX / "index-kosdaq.csv")},
        {"kind": "sectors", "path": str(KRX / "sectors.csv")},
        {"kind": "names", "path": str(KRX / "names.csv")},
    )
    sources = open_sources(settings)
    days = xkrx.between(date(2026, 1, 2), date(2026, 2, 20))
    assert len(days) == 33
    days = [day for n, day in enumerate(days) if n % 3 == 0 or day.day in (14, 15, 26)]
    rows, indices = real_stocks(), real_indices()
    found = []
    for day in days:
        session, _ = load_session(sources, xkrx, settings.settings, day)
        facts = facts_of(
            session,
            contributions=contributions(session, "KOSPI"),
            second_contributions=contributions(session, "KOSDAQ"),
        )
        today = rows.loc[rows["date"] == pd.Timestamp(day)]
        quotes = indices.loc[indices["date"] <= pd.Timestamp(day)].groupby("index").tail(2)
        found.append((facts, today, quotes))
    return found


def moves_of(today, market):
    """An index's members with gain and value in KRW, the most value first."""
    stocks = today.loc[
        (today["market"] == market)
        & today["code"].str.endswith("0")
        & ~today["set_aside"].isin(["adjusted", "beyond_limit"])
    ]
    if market == "KOSDAQ":
        stocks = stocks.loc[~stocks["code"].str.startswith("9")]
    stocks = stocks.assign(
        gain=stocks["change"] * stocks["shares"],
        value=(stocks["close"] - stocks["change"]) * stocks["shares"],
    )
    return stocks.sort_values("value", ascending=False)


def official(quotes, index):
    before, now = quotes.loc[quotes["index"] == index, "close"]
    return (now / before - 1) * 100


@pytest.mark.krx
@needs_krx
def test_real_kosdaq_rebuilt_from_its_members():
    """Without companies from abroad it is the official one; two days had a member in liquidation trading."""
    rows, indices = real_stocks(), real_indices()
    closes = indices.loc[indices["index"] == "KOSDAQ"].set_index("date")["close"]
    off = {}
    for day, today in rows.groupby("date"):
        stocks = moves_of(today, "KOSDAQ")
        rebuilt = stocks["gain"].sum() / stocks["value"].sum() * 100
        off[day.date()] = abs(rebuilt - (closes.loc[:day].iloc[-1] / closes.loc[:day].iloc[-2] - 1) * 100)
    assert len(off) == 33
    worst = sorted(off, key=lambda day: -off[day])[:2]
    assert sorted(worst) == [date(2026, 1, 15), date(2026, 1, 16)]
    assert all(off[day] < 0.01 for day in off if day not in worst)
    assert off[date(2026, 1, 15)] > TOLERANCE > off[date(2026, 1, 16)]


@pytest.mark.krx
@needs_krx
def test_real_movers_of_the_kosdaq(real):
    for facts, today, quotes in real:
        stocks = moves_of(today, "KOSDAQ").query("set_aside != 'not_traded'").sort_values("gain")
        assert [s.code for s in facts.second_leaders] == stocks["code"].tolist()[::-1][:6]
        assert [s.code for s in facts.second_draggers] == stocks["code"].tolist()[:6]
        before = quotes.loc[quotes["index"] == "KOSDAQ", "close"].iloc[0]
        first = facts.second_leaders[0]
        if facts.day.value == date(2026, 1, 15):
            assert first.points is None
        else:
            whole = moves_of(today, "KOSDAQ")["value"].sum()
            points = stocks["gain"].iloc[-1] / whole * before
            # Two shares of January 14 were new, which the prices alone do not show.
            assert first.points.number == pytest.approx(
                points, rel=1e-3 if facts.day.value.day == 14 else 1e-9
            )
        assert "950160" not in {s.code for s in (*facts.second_leaders, *facts.second_draggers)}


@pytest.mark.krx
@needs_krx
def test_real_largest_companies_and_the_index_without_two(real):
    for facts, today, _ in real:
        stocks = moves_of(today, "KOSPI")
        traded = stocks.query("set_aside != 'not_traded'")
        ten, hundred = traded.head(10), traded.head(100)
        assert [s.code for s in facts.largest.stocks] == ten["code"].tolist()
        assert (facts.largest.rose.number, facts.largest.fell.number) == (
            (ten["change"] > 0).sum(),
            (ten["change"] < 0).sum(),
        )
        assert facts.largest.best.change.number == hundred["change_pct"].max()
        if facts.largest.worst:
            assert facts.largest.worst.change.number == hundred["change_pct"].min()
        two = traded.head(2)
        assert [s.code for s in facts.two_largest] == ["005930", "000660"]
        rest = (stocks["gain"].sum() - two["gain"].sum()) / stocks["value"].sum() * 100
        # The rebuilt index is within 0.011 pp of the official one, from which ours starts.
        assert facts.without_two.number == pytest.approx(rest, abs=0.012)


@pytest.mark.krx
@needs_krx
def test_real_sectors_in_common(real):
    told = 0
    for facts, today, quotes in real:
        change = official(quotes, "KOSPI")
        stocks = moves_of(today, "KOSPI")
        stocks = stocks.loc[(stocks["set_aside"] == "") & (stocks["gain"] * change > 0)]
        first = stocks.assign(size=stocks["gain"].abs()).nlargest(10, "size")
        sums = (
            first.groupby("sector").agg(size=("size", "sum"), members=("code", "size")).query("members > 1")
        )
        sums = sums.sort_values("size", ascending=False)
        assert [g.name for g in facts.leader_groups] == [EN.sectors[sector] for sector in sums.index]
        assert [len(g.stocks) for g in facts.leader_groups] == sums["members"].tolist()
        told += len(facts.leader_groups)
    assert told > 15


@pytest.mark.krx
@needs_krx
def test_real_most_traded(real):
    for facts, today, _ in real:
        listed = today.loc[today["market"] != "KONEX"].nlargest(3, "value_traded")
        assert [s.code for s in facts.most_traded] == listed["code"].tolist()


def test_leaders_of_the_second_index_keep_their_side():
    session, parts = whole_market(changes={0: 3.0, 1: 2.0, 2: -1.0})
    stocks = stock_facts(session, parts, "en")
    ups, downs = leaders_and_draggers(session, parts, stocks)
    assert [s.code for s in ups] == ["000000", "000010"]
    assert [s.code for s in downs] == ["000020"]


def test_companies_from_abroad_are_no_members_of_the_kosdaq():
    quotes = tuple(
        IndexQuote(origins=ORIGIN, index=name, close=110.0, previous_close=100.0)
        for name in ("KOSPI", "KOSDAQ")
    )
    stocks = tuple(
        Stock(
            origins=ORIGIN,
            code=code,
            name=code,
            market=market,
            close=110.0,
            change=10.0,
            change_pct=10.0,
            shares=10.0,
        )
        for market, codes in (("KOSPI", ("000010", "950210")), ("KOSDAQ", ("100010", "950160")))
        for code in codes
    )
    session = full_session(indices=quotes, stocks=stocks)
    assert [each.code for each in contributions(session, "KOSDAQ", whole_market=2)] == ["100010"]
    assert [each.points for each in contributions(session, "KOSDAQ", whole_market=2)] == [pytest.approx(10)]
    assert [each.code for each in contributions(session, "KOSPI", whole_market=2)] == ["000010", "950210"]
