"""What the rest asks of the sources: which sessions, which are withheld and why, what changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from dataset_cases import (
    AFTER,
    BEFORE,
    DAY,
    INDICES,
    WEEKDAYS,
    config,
    only,
    opened,
    read,
    read_all,
    refused,
    session,
)

from generator.dataset.fingerprint import fingerprint
from generator.dataset.load import available, load, load_sessions, signatures
from generator.dataset.set_aside import SET_ASIDE
from generator.dataset.tables import TABLES
from generator.errors import DatasetError, MarketpostError

HOLIDAY = date(2026, 5, 5)
ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(("day", "reason"), [(HOLIDAY, "exchange holiday"), (date(2026, 5, 16), "weekend")])
def test_data_of_a_day_without_a_session_is_withheld_with_the_remedy(tmp_path, day, reason):
    session(tmp_path, indices=INDICES)
    session(tmp_path, day=day, indices=INDICES.replace("7844.01", "7844.02"))
    problem = only(refused(tmp_path, day=day))
    assert (problem.file, problem.row) == ("datasets", str(day))
    assert problem.message == f"has data of a day that was no session: {reason}"
    assert f"Delete the data of {day} from datasets" in problem.remedy
    assert f"add `- {day}` under params.marketpost.market.extra_sessions" in problem.remedy
    data = read_all(tmp_path)
    assert list(data.withheld) == [day]
    assert data.tables["indices"]["date"].tolist() == [pd.Timestamp(DAY)]


def test_dates_beyond_the_calendar_are_withheld(tmp_path):
    session(tmp_path, day=date(1980, 1, 4), indices=INDICES)
    data = read_all(tmp_path)
    assert "beyond the calendar" in only(data.withheld[date(1980, 1, 4)]).message


def test_a_session_nobody_holds_is_told(tmp_path):
    session(tmp_path, indices=INDICES)
    with pytest.raises(DatasetError, match="no source holds the session 2026-05-14") as caught:
        read(tmp_path, day=AFTER)
    assert "marketpost sessions" in only(caught.value.problems).remedy


def test_every_table_and_column_is_there(tmp_path):
    session(tmp_path, indices=INDICES, events="date,headline\n2026-05-11,News\n", stocks="code\n005930\n")
    tables = read_all(tmp_path).tables
    assert list(tables) == list(TABLES)
    for name, frame in tables.items():
        own = [column.name for column in TABLES[name].columns]
        first = ["session"] if "date" in own else ["date"]
        extra = [SET_ASIDE] if name == "stocks" else []
        assert list(frame.columns) == [*first, *own, *extra]
        assert pd.api.types.is_datetime64_dtype(frame[first[0]])
        for column in TABLES[name].columns:
            if column.kind in ("number", "count"):
                assert frame[column.name].dtype == float
    assert tables["events"].loc[0, ["session", "date"]].tolist() == [
        pd.Timestamp(DAY),
        pd.Timestamp("2026-05-11"),
    ]
    assert tables["stocks"].loc[0, SET_ASIDE] == ""


def test_a_withheld_session_does_not_judge_the_next_one(tmp_path):
    stocks = "code,close,change\n005930,{},{}\n"
    session(tmp_path, day=BEFORE, stocks=stocks.format(100, 0), events="date,headline\nx,News\n")
    session(tmp_path, stocks=stocks.format(210, 10))
    data = read_all(tmp_path)
    assert list(data.withheld) == [BEFORE]
    assert data.tables["stocks"][SET_ASIDE].tolist() == [""]
    assert read(tmp_path)[0].set_aside.adjusted == frozenset()
    session(tmp_path, day=BEFORE, stocks=stocks.format(100, 0), events="date,headline\n2026-05-11,News\n")
    assert read(tmp_path)[0].set_aside.adjusted == {"005930"}


def test_problems_of_the_session_before_are_not_told_of_this_one(tmp_path):
    session(tmp_path, day=BEFORE, stocks="code,clsoe\n005930,1\n")
    session(tmp_path, indices=INDICES)
    assert read(tmp_path)[1] == ()
    assert len(read_all(tmp_path).problems) == 1


def test_sources_that_cannot_be_read_are_all_named(tmp_path):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("<html>")
    sources = [{"kind": "index_history", "index": name, "path": f"{name}.csv"} for name in "ab"]
    for act in (available, lambda opened: signatures(opened, WEEKDAYS)):
        with pytest.raises(DatasetError) as caught:
            act(opened(tmp_path, *sources))
        assert [problem.file for problem in caught.value.problems] == ["a.csv", "b.csv"]


def test_a_file_that_went_away_is_no_traceback(tmp_path):
    path = tmp_path / "names.csv"
    path.write_text("code,en\n005930,Samsung\n")
    sources = opened(tmp_path, {"kind": "names", "path": "names.csv"})
    path.unlink()
    with pytest.raises(DatasetError) as caught:
        load(sources, WEEKDAYS)
    problem = only(caught.value.problems)
    assert (problem.file, problem.message) == ("names.csv", "cannot be read: No such file or directory")


def test_signatures_follow_the_session_its_sources_and_the_session_before(tmp_path):
    first = {"kind": "folder", "path": "one"}
    second = {"kind": "folder", "path": "two"}
    names = {"kind": "names", "path": "names.csv"}
    (tmp_path / "names.csv").write_text("code,en\n005930,Samsung\n")
    for day in (date(2026, 5, 11), BEFORE, DAY, AFTER):
        session(tmp_path, day=day, folder="one", indices=INDICES.replace("7844.01", f"78{day.day}.01"))
    session(tmp_path, folder="two", breadth="scope\nall\n")
    before = signatures(opened(tmp_path, first, second, names), WEEKDAYS)
    assert before == signatures(opened(tmp_path, first, second, names), WEEKDAYS)

    def changed(*sources):
        after = signatures(opened(tmp_path, *sources), WEEKDAYS)
        return {day for day in before if before[day] != after[day]}

    session(tmp_path, day=DAY, folder="two", breadth="scope\nKOSPI\n", notes="more")
    assert changed(first, second, names) == {DAY, AFTER}
    (tmp_path / "names.csv").write_text("code,en\n005930,Samsung Electronics\n")
    assert changed(first, second, names) == set(before)


def test_the_shipped_sessions_are_sound():
    """The repository's own datasets, as its own configuration reads them."""
    data = read_all(ROOT)
    assert data.withheld == {}
    assert data.problems == ()
    found, told = read(ROOT)
    assert told == ()
    assert (found.indices[0].close, found.indices[0].change_pct) == (7844.01, 2.63)
    assert (found.breadth[0].advancers, found.breadth[0].decliners, found.breadth[0].unchanged) == (
        955,
        1455,
        417,
    )
    domestic = sum(flow.net_krw for flow in found.flows[:2])
    assert (domestic, found.flows[2].net_krw) == (3_580_000_000_000, -3_760_000_000_000)
    following, told = read(ROOT, day=AFTER)
    assert told == ()
    assert following.indices[1].change_pct == 1.2


def test_a_calendar_that_ends_is_no_traceback(tmp_path):
    last = WEEKDAYS.sessions[-1]
    session(tmp_path, day=last, indices=INDICES)
    with pytest.raises(MarketpostError, match="no session after"):
        read(tmp_path, day=last)


def test_sessions_read_together_are_those_read_alone(tmp_path):
    stocks = "code,name,close,change_pct\n005930,A,{0},1.0\n000660,B,{0},2.0\n"
    before = "index,close,previous_close,change_pct\nKOSPI,7643.10,7500.00,1.91\n"
    session(tmp_path, day=BEFORE, indices=before, stocks=stocks.format(100))
    session(tmp_path, indices=INDICES, stocks=stocks.format(101))
    session(tmp_path, day=AFTER, indices="index\n")
    days = [BEFORE, DAY, AFTER, date(2026, 5, 15)]
    together = load_sessions(opened(tmp_path), WEEKDAYS, config(tmp_path).settings, days)
    for day in days:
        try:
            alone, _ = read(tmp_path, day=day)
        except DatasetError:
            assert day not in together
            continue
        assert together[day] == alone
        for table in ("indices", "stocks"):
            one, other = ([row.origins for row in getattr(each, table)] for each in (together[day], alone))
            assert one == other
    assert [*together] == [BEFORE, DAY]


def test_the_shipped_sessions_read_together_are_those_read_alone():
    settings = config(ROOT).settings
    together = load_sessions(opened(ROOT), WEEKDAYS, settings, [DAY, AFTER])
    assert together == {day: read(ROOT, day=day)[0] for day in (DAY, AFTER)}


def test_a_fingerprint_hangs_on_the_values_alone():
    session, _ = read(ROOT)
    plain = replace(session, stocks=tuple(session.stocks))
    assert fingerprint([session]) == fingerprint([plain])
    other = replace(session.stocks[0], close=1.0)
    assert fingerprint([replace(session, stocks=(other, *session.stocks[1:]))]) != fingerprint([session])
