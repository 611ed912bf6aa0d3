"""The kept metrics: whatever happens between runs, they equal a computation from nothing, to the last bit."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from metrics_cases import stock, weekdays
from real_data import KRX, needs_krx

import generator.metrics.averages
import generator.metrics.history
import generator.metrics.store
from generator import calendars
from generator.config import (
    AllStocksSource,
    Config,
    IndexHistorySource,
    SectorsSource,
    Settings,
    Site,
)
from generator.dataset.load import load
from generator.dataset.source import SESSION, Read, Rows
from generator.dataset.sources import open_sources
from generator.errors import DatasetError
from generator.metrics import store
from generator.metrics.measure import measure

if TYPE_CHECKING:
    from datetime import date

COUNT = 9
CALENDAR, DAYS = weekdays("2024-01-26", COUNT)  # into February, so that two months of closes are kept
WHOLE = 2


@dataclass
class Sessions:
    """A source of stocks and indices held in memory; `days` maps a session to the seed of its figures."""

    days: dict[date, int] = field(default_factory=dict)
    label: str = "memory"
    holds: str = "sessions"
    general: str = ""
    reads: list = field(default_factory=list)

    def signature(self):
        return self.general

    def signatures(self):
        return {day: str(seed) for day, seed in self.days.items()}

    def read(self, dates):
        held = [day for day in self.days if dates is None or day in dates]
        self.reads.append(sorted(held))
        if not held:
            return Read()
        frames = [stocks_of(day, self.days[day]) for day in held]
        quotes = [indices_of(day, self.days[day]) for day in held]
        return Read(
            rows=(
                Rows(
                    table="stocks",
                    frame=pd.concat(frames, ignore_index=True),
                    files=("memory",),
                    whole_market=True,
                ),
                Rows(table="indices", frame=pd.concat(quotes, ignore_index=True), files=("memory",)),
            )
        )


def stocks_of(day, seed):
    """Six stocks with closes of their own each day; their base prices differ from the last closes."""
    rng = np.random.default_rng([seed, day.toordinal()])
    rows = []
    for place in range(6):
        close = float(rng.integers(90, 110))
        base = float(rng.integers(90, 110))
        row = stock(
            f"{place % 2}{place:04}0", ("KOSPI", "KOSDAQ")[place % 2], close, close - base, 10.0 + place
        )
        rows.append({SESSION: pd.Timestamp(day), **row, "sector": "Chips"})
    frame = pd.DataFrame(rows).drop(columns="set_aside")
    return frame.assign(change_pct=frame["change_pct"].round(2))


def indices_of(day, seed):
    close = 1000.0 + (seed * 37 + day.toordinal() * 11) % 50
    return pd.DataFrame({SESSION: [pd.Timestamp(day)], "index": ["KOSPI"], "close": [close]})


@pytest.fixture(scope="module", autouse=True)
def short_windows():
    """Averages and records over a few sessions, so that nine of them exercise what a year does."""
    with pytest.MonkeyPatch.context() as patch:
        averages = generator.metrics.averages
        patch.setattr(averages, "SHORT", 2)
        patch.setattr(averages, "LONG", 3)
        for module in (averages, generator.metrics.history, generator.metrics.store):
            patch.setattr(module, "YEAR", 4)
        patch.setattr(generator.metrics.history, "WINDOW", 3)
        yield


@pytest.fixture
def long_windows(monkeypatch):
    """As they are outside these tests."""
    averages = generator.metrics.averages
    monkeypatch.setattr(averages, "SHORT", 50)
    monkeypatch.setattr(averages, "LONG", 200)
    for module in (averages, generator.metrics.history, generator.metrics.store):
        monkeypatch.setattr(module, "YEAR", 252)
    monkeypatch.setattr(generator.metrics.history, "WINDOW", 20)


def kept(source, cache):
    return store.history([source], CALENDAR, cache, whole_market=WHOLE)[0]


def from_nothing(source):
    return measure(load([source], CALENDAR), CALENDAR, whole_market=WHOLE)


def assert_same(source, cache):
    pd.testing.assert_frame_equal(
        kept(source, cache), from_nothing(source), check_exact=True, check_freq=False
    )


@pytest.mark.parametrize("order", [DAYS, DAYS[::-1]], ids=["forward", "backward"])
def test_one_by_one_equals_all_at_once(tmp_path, order):
    source = Sessions()
    for day in order:
        source.days[day] = 1
        assert_same(source, tmp_path)
    found = kept(source, tmp_path)
    # The windows are exercised, not just missing throughout.
    assert found["share_above_50"].notna().sum() == COUNT - 1
    assert found["new_highs_52w"].notna().sum() == COUNT - 3
    assert found["adr20"].notna().sum() == COUNT - 2
    assert found["share_above_50"].nunique() > 2


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["put", "change", "remove", "lose", "damage", "general"]), st.integers(0, COUNT - 1)
    ),
    min_size=1,
    max_size=5,
)


# Shrinking would take minutes, and the sequences are short.
@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(st.sets(st.integers(0, COUNT - 1)), ACTIONS)
@example({0, 1, 2, 3, 4}, [("lose", 0), ("change", 4)])  # the closes of unchanged sessions are gone
def test_whatever_happens_between_runs(tmp_path_factory, first, actions):
    cache = tmp_path_factory.mktemp("cache")
    source = Sessions({DAYS[place]: 1 for place in sorted(first)})
    assert_same(source, cache)
    for action, place in actions:
        day = DAYS[place]
        files = sorted((cache / "metrics").iterdir())
        match action:
            case "put":
                source.days.setdefault(day, 1)
            case "change":
                source.days[day] = source.days.get(day, 1) + 1
            case "remove":
                source.days.pop(day, None)
            case "lose":
                files[place % len(files)].unlink()
            case "damage":
                path = files[place % len(files)]
                path.write_bytes(path.read_bytes()[:-7])
            case "general":
                source.general += "x"
        assert_same(source, cache)


def test_only_what_changed_is_read(tmp_path):
    source = Sessions(dict.fromkeys(DAYS[:8], 1))
    kept(source, tmp_path)
    source.reads.clear()
    kept(source, tmp_path)
    assert source.reads == []
    source.days[DAYS[8]] = 1
    kept(source, tmp_path)
    # With the session before, whose closes tell split stocks.
    assert source.reads == [[DAYS[7], DAYS[8]]]
    source.reads.clear()
    source.days[DAYS[4]] = 2
    kept(source, tmp_path)
    assert source.reads == [[DAYS[3], DAYS[4], DAYS[5]]]
    source.reads.clear()
    del source.days[DAYS[8]]
    kept(source, tmp_path)
    assert source.reads in ([], [[]])


def test_a_new_day_rewrites_its_own_month(tmp_path):
    folder = tmp_path / "metrics"
    source = Sessions(dict.fromkeys(DAYS[:8], 1))
    kept(source, tmp_path)
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert sorted(before) == [
        "closes-2024-01.parquet",
        "closes-2024-02.parquet",
        "history.parquet",
        "sessions.parquet",
    ]
    source.days[DAYS[8]] = 1
    kept(source, tmp_path)
    after = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert after["closes-2024-01.parquet"] == before["closes-2024-01.parquet"]
    assert after["closes-2024-02.parquet"] != before["closes-2024-02.parquet"]


def test_a_month_without_sessions_is_removed(tmp_path):
    source = Sessions(dict.fromkeys(DAYS, 1))
    kept(source, tmp_path)
    for day in DAYS:
        if day.month == 2:
            del source.days[day]
    assert_same(source, tmp_path)
    assert not (tmp_path / "metrics" / "closes-2024-02.parquet").exists()
    source.days.clear()
    assert_same(source, tmp_path)
    assert kept(source, tmp_path).empty


def flipped(raw):
    """The same with a byte of the first column's data turned over; only the page's checksum can tell."""
    place = 60
    return raw[:place] + bytes([raw[place] ^ 0xFF]) + raw[place + 1 :]


@pytest.mark.parametrize("name", ["history.parquet", "sessions.parquet", "closes-2024-01.parquet"])
@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda raw: raw[: len(raw) // 2],
        lambda _: b"PAR1 not really PAR1",
        flipped,
    ],
    ids=["empty", "cut", "foreign", "one byte"],
)
def test_a_damaged_cache_is_made_again(tmp_path, name, damage):
    source = Sessions(dict.fromkeys(DAYS, 1))
    kept(source, tmp_path)
    path = tmp_path / "metrics" / name
    path.write_bytes(damage(path.read_bytes()))
    if name.startswith("closes"):
        # Closes are only asked for when a session changes.
        source.days[DAYS[-1]] = 2
    assert_same(source, tmp_path)


def test_new_code_or_calendar_makes_everything_again(tmp_path, monkeypatch):
    source = Sessions(dict.fromkeys(DAYS, 1))
    kept(source, tmp_path)
    source.reads.clear()
    monkeypatch.setattr(store.pd, "__version__", "0.0")
    kept(source, tmp_path)
    assert source.reads == [sorted(DAYS)]
    closed = calendars.TradingCalendar("XTST", tuple(day for day in DAYS if day != DAYS[3]))
    found, withheld = store.history([source], closed, tmp_path, whole_market=WHOLE)
    assert DAYS[3] not in set(found.index.date)
    assert list(withheld) == [DAYS[3]]
    expected = measure(load([source], closed), closed, whole_market=WHOLE)
    pd.testing.assert_frame_equal(found, expected, check_exact=True, check_freq=False)


def test_the_code_is_part_of_the_version(monkeypatch, tmp_path):
    (tmp_path / "one.py").write_text("a = 1")
    monkeypatch.setattr(store, "dataset", SimpleNamespace(__file__=str(tmp_path / "__init__.py")))
    first = store._version(CALENDAR, 500)
    assert store._version(CALENDAR, 500) == first
    assert store._version(CALENDAR, 501) != first
    (tmp_path / "one.py").write_text("a = 2")
    assert store._version(CALENDAR, 500) != first


@dataclass
class Broken(Sessions):
    """Every session whose seed is 13 holds a negative price, which is fatal."""

    def read(self, dates):
        read = super().read(dates)
        for rows in read.rows:
            bad = rows.frame[SESSION].map(lambda stamp: self.days[stamp.date()] == 13)
            if rows.table == "indices":
                rows.frame.loc[bad, "close"] = -1.0
        return read


def test_withheld_sessions_are_named_and_remembered(tmp_path):
    source = Broken({**dict.fromkeys(DAYS[:6], 1), DAYS[3]: 13})
    found, withheld = store.history([source], CALENDAR, tmp_path, whole_market=WHOLE)
    assert list(withheld) == [DAYS[3]]
    assert any(problem.fatal and problem.column == "close" for problem in withheld[DAYS[3]])
    assert DAYS[3] not in set(found.index.date)
    source.reads.clear()
    again = store.history([source], CALENDAR, tmp_path, whole_market=WHOLE)
    assert again[1] == withheld
    assert source.reads == []
    source.days[DAYS[5]] = 2
    assert store.history([source], CALENDAR, tmp_path, whole_market=WHOLE)[1] == withheld
    source.days[DAYS[3]] = 1
    found, withheld = store.history([source], CALENDAR, tmp_path, whole_market=WHOLE)
    assert withheld == {}
    pd.testing.assert_frame_equal(found, from_nothing(source), check_exact=True, check_freq=False)


@dataclass
class Unreadable(Sessions):
    def signatures(self):
        raise DatasetError("cannot be read")


def test_a_source_that_cannot_be_read_stops_it(tmp_path):
    with pytest.raises(DatasetError, match="cannot be read"):
        kept(Unreadable(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_costs_time_only(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert_same(Sessions(dict.fromkeys(DAYS, 1)), blocked)


@pytest.mark.krx
@needs_krx
@pytest.mark.usefixtures("long_windows")
def test_the_real_sessions_day_by_day(tmp_path, xkrx):
    """The last three of the 33 real sessions, one by one, against all at once."""
    stocks = pd.read_parquet(KRX / "marcap-2026.parquet")
    days = sorted(stocks["Date"].unique())
    market = tmp_path / "marcap.parquet"
    histories = (
        IndexHistorySource(kind="index_history", index=name, path=str(KRX / f"index-{name.lower()}.csv"))
        for name in ("KOSPI", "KOSDAQ")
    )
    sources = (
        AllStocksSource(kind="all_stocks", path="marcap.parquet"),
        *histories,
        SectorsSource(kind="sectors", path=str(KRX / "sectors.csv")),
    )
    config = Config(
        root=tmp_path, site=Site(baseURL="https://example.org/"), settings=Settings(sources=sources)
    )
    for last in days[-3:]:
        stocks.loc[stocks["Date"] <= last].to_parquet(market)
        found, withheld = store.history(open_sources(config), xkrx, config.cache)
        assert withheld == {}
    cold = measure(load(open_sources(config), xkrx), xkrx)
    pd.testing.assert_frame_equal(found, cold, check_exact=True, check_freq=False)
    assert len(days) == 33
    assert found.loc["2026-02-20", ["advancers", "decliners", "unchanged"]].tolist() == [1195, 1365, 211]
    assert found.loc["2026-01-08", ["advancers", "decliners", "unchanged"]].tolist() == [563, 2032, 191]
    assert found.loc["2026-02-20", "kospi_change_pct"] == pytest.approx(2.31)
    assert found.loc["2026-02-20", "kosdaq_change_pct"] == pytest.approx(-0.58)
    assert found["advancers"].notna().sum() == 33
    assert Path(config.cache / "metrics" / "closes-2026-02.parquet").exists()
