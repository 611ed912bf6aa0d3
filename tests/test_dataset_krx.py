"""The real files of the Korean market: all are read, and the figures that people quoted come out."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from dataset_cases import config
from real_data import KRX, needs_krx

from generator.dataset.load import available, load, load_session, load_sessions
from generator.dataset.sources import open_sources

pytestmark = [pytest.mark.krx, needs_krx]

MARCAP = {"kind": "all_stocks", "path": str(KRX / "marcap-2026.parquet")}
DOWNLOAD = {"kind": "all_stocks", "path": str(KRX / "krx-all-stocks-*.csv")}
LISTINGS = {"kind": "all_stocks", "path": str(KRX / "fdr-listing-*.csv")}
HISTORIES = [
    {"kind": "index_history", "index": name, "path": str(KRX / f"index-{name.lower()}.csv")}
    for name in ("KOSPI", "KOSDAQ")
]
REFERENCES = [
    {"kind": "sectors", "path": str(KRX / "sectors.csv")},
    {"kind": "names", "path": str(KRX / "names.csv")},
]
FEB_20 = date(2026, 2, 20)


@pytest.fixture(scope="module")
def blog(tmp_path_factory, xkrx):
    """A blog on all real files, its sources, and the exchange's calendar."""
    root = tmp_path_factory.mktemp("blog")
    settings = config(root, MARCAP, DOWNLOAD, LISTINGS, *HISTORIES, *REFERENCES)
    return settings, open_sources(settings), xkrx


@pytest.fixture(scope="module")
def data(blog):
    _, sources, calendar = blog
    return load(sources, calendar)


@pytest.fixture(scope="module")
def raw():
    """The Parquet file, read without us."""
    return pd.read_parquet(KRX / "marcap-2026.parquet")


def test_all_real_files_are_read_without_a_problem(blog, data):
    _, sources, _ = blog
    held = available(sources)
    assert len(held) == 35
    assert max(held) == date(2026, 3, 17)
    assert [label.rsplit("/", 1)[1] for label in held[FEB_20]] == [
        "marcap-2026.parquet", "krx-all-stocks-*.csv", "index-kospi.csv", "index-kosdaq.csv"
    ]  # fmt: skip
    assert data.withheld == {}
    assert data.problems == ()
    # 95,412 rows of the Parquet file; the download repeats its last session; two listings.
    assert len(data.tables["stocks"]) == 95_412 + 2_880 + 2_879
    assert len(data.tables["indices"]) == 7_784 + 7_441


@pytest.mark.parametrize(
    ("day", "counts"), [("2026-02-20", (1195, 1365, 211)), ("2026-01-08", (563, 2032, 191))]
)
def test_breadth_as_it_was_reported(data, day, counts):
    breadth = data.tables["breadth"]
    (row,) = breadth[(breadth["date"] == day) & (breadth["scope"] == "all")].to_dict("records")
    assert (row["advancers"], row["decliners"], row["unchanged"]) == counts
    assert row["listed"] == sum(counts)


def test_breadth_of_every_session_equals_a_count_of_our_own(data, raw):
    stocks = raw[raw["Market"] != "KONEX"]
    expected = stocks.groupby("Date")["Changes"].agg(
        advancers=lambda change: (change > 0).sum(), decliners=lambda change: (change < 0).sum()
    )
    breadth = data.tables["breadth"]
    counted = breadth[breadth["scope"] == "all"].set_index("date").loc[expected.index]
    assert (counted[["advancers", "decliners"]] == expected).all(axis=None)
    assert len(expected) == 33


def test_index_changes_as_they_were_reported(data):
    indices = data.tables["indices"].set_index(["date", "index"])
    assert indices.loc[("2026-02-20", "KOSPI"), "change_pct"].item() == 2.31
    assert indices.loc[("2026-02-20", "KOSDAQ"), "change_pct"].item() == -0.58
    for name in ("KOSPI", "KOSDAQ"):
        rows = indices.xs(name, level="index")
        # No session is skipped in 30 years: each close is the next one's base.
        assert np.allclose(rows["previous_close"].iloc[1:], rows["close"].iloc[:-1])


def test_set_aside_equals_a_count_of_our_own(data, raw):
    stocks = data.tables["stocks"]
    stocks = stocks[stocks["date"] <= pd.Timestamp(FEB_20)]
    counted = stocks["set_aside"].value_counts()
    silent = (raw["Open"] == 0) & (raw["High"] == 0) & (raw["Low"] == 0)
    assert counted["not_traded"] == silent.sum() == 3_707
    sessions = sorted(raw["Date"].unique())
    following = dict(pairwise(sessions))
    before = raw.assign(Date=raw["Date"].map(following))[["Date", "Code", "Close"]]
    joined = raw.merge(before, on=["Date", "Code"], how="left", suffixes=("", "Before"))
    # Also true where there is none: a stock that was not listed a session ago.
    differs = (joined["CloseBefore"] != raw["Close"] - raw["Changes"]) & (raw["Date"] > sessions[0]) & ~silent
    assert counted["adjusted"] == differs.sum()
    far = (raw["ChangesRatio"].abs() > 30.005) & ~silent & ~differs
    assert counted["beyond_limit"] == far.sum()


def test_download_and_parquet_agree_cell_by_cell(blog):
    settings, _, calendar = blog
    one, _ = load_session(open_sources(config(settings.root, MARCAP)), calendar, settings.settings, FEB_20)
    other, _ = load_session(
        open_sources(config(settings.root, DOWNLOAD)), calendar, settings.settings, FEB_20
    )
    assert sorted(one.stocks, key=lambda stock: stock.code) == sorted(
        other.stocks, key=lambda stock: stock.code
    )
    assert one.breadth == other.breadth


def test_one_session_with_places_names_and_sectors(blog):
    settings, sources, calendar = blog
    found, told = load_session(sources, calendar, settings.settings, FEB_20)
    assert told == ()
    assert (found.previous, found.next) == (date(2026, 2, 19), date(2026, 2, 23))
    samsung = found.stocks[0]
    assert (samsung.code, samsung.close, samsung.change_pct) == ("005930", 190_100, 0.05)
    assert samsung.cell("close").row == "2026-02-20 005930"
    assert samsung.cell("sector").file.endswith("sectors.csv")
    line = int(samsung.cell("sector").row.removeprefix("line "))
    assert (KRX / "sectors.csv").read_text("utf-8").splitlines()[line - 1].startswith("005930,")
    kospi = found.indices[0]
    line = int(kospi.cell("close").row.removeprefix("line "))
    assert (
        (KRX / "index-kospi.csv").read_text("utf-8").splitlines()[line - 1].startswith("2026-02-20,5808.53,")
    )
    assert found.names["en"]["000660"] == "SK hynix"
    assert len(found.set_aside.not_traded) == 118
    listing, _ = load_session(sources, calendar, settings.settings, date(2026, 3, 16))
    assert listing.stocks[0].cell("close").row == "line 2"
    assert listing.set_aside.beyond_limit == {"0082N0", "036180"}


def test_sessions_read_together_are_those_read_alone(blog):
    settings, sources, calendar = blog
    days = [day for day in available(sources) if day >= date(2026, 2, 12)]
    together = load_sessions(sources, calendar, settings.settings, days)
    assert [*together] == days
    for day in days:
        alone = load_session(sources, calendar, settings.settings, day)[0]
        assert together[day] == alone
        assert together[day].stocks.origins == alone.stocks.origins
