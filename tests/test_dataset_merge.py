"""Several sources for one session: the first that has a value wins, a difference is told with both places."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from dataset_cases import AFTER, BEFORE, DAY, only, read, read_all, session
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.dataset.convert import convert
from generator.dataset.merge import Part, merge
from generator.dataset.source import SESSION, Rows
from generator.figures import Cell

ONE = {"kind": "folder", "path": "one"}
TWO = {"kind": "folder", "path": "two"}
INDICES = "index,close,previous_close,change_pct\n"


def test_cells_are_filled_from_the_first_source_that_has_them(tmp_path):
    session(
        tmp_path, folder="one", indices=INDICES + "KOSPI,7844.01,,\n", stocks="code,close\n000660,1976000\n"
    )
    session(
        tmp_path, folder="two", indices=INDICES + "KOSDAQ,1176.93,1179.3,-0.2\nKOSPI,7844.0,7643.1,2.63\n",
        stocks="code,name,close\n005930,Samsung,284000\n000660,SK hynix,1976000\n",
    )  # fmt: skip
    found, told = read(tmp_path, ONE, TWO)
    assert told == ()  # 7,844.0 is 7,844.01 rounded
    kospi, kosdaq = found.indices
    assert (kospi.close, kospi.previous_close, kosdaq.close) == (7844.01, 7643.1, 1176.93)
    assert kospi.cell("close") == Cell("one/2026-05-13/indices.csv", "line 2", "close")
    assert kospi.cell("previous_close") == Cell("two/2026-05-13/indices.csv", "line 3", "previous_close")
    assert kosdaq.cell("close").row == "line 2"
    assert [(stock.code, stock.name) for stock in found.stocks] == [
        ("000660", "SK hynix"),
        ("005930", "Samsung"),
    ]
    assert found.stocks[0].cell("name").file == "two/2026-05-13/stocks.csv"
    assert found.stocks[0].cell("close").file == "one/2026-05-13/stocks.csv"


def test_a_difference_names_both_values_and_both_places(tmp_path):
    session(tmp_path, folder="one", indices=INDICES + "KOSPI,7844.01,,\n")
    session(tmp_path, folder="two", indices=INDICES + "KOSPI,7844.21,,\n")
    found, told = read(tmp_path, ONE, TWO)
    assert found.indices[0].close == 7844.01
    problem = only(told)
    assert (problem.file, problem.line, problem.column) == ("two/2026-05-13/indices.csv", 2, "close")
    assert (
        problem.message
        == "differs from one/2026-05-13/indices.csv, line 2, which the configuration names first"
    )
    assert (problem.found, problem.expected) == ("7844.21", "7844.01 as there, which was used")
    assert not problem.fatal
    assert read(tmp_path, TWO, ONE)[0].indices[0].close == 7844.21
    assert read_all(tmp_path, ONE, TWO).problems == (problem,)


@pytest.mark.parametrize(
    ("table", "one", "two", "differs"),
    [
        ("indices", "index,close\nK,1176.93\n", "index,close\nK,1176.9\n", False),
        ("indices", "index,close\nK,1176.93\n", "index,close\nK,1177.1\n", True),
        ("indices", "index,change_pct\nK,2.63\n", "index,change_pct\nK,2.6286\n", False),
        ("indices", "index,change_pct\nK,2.63\n", "index,change_pct\nK,2.64\n", True),
        # Amounts are rounded by their zeros, prices and counts are not.
        ("flows", "scope,scope_kind,investor,net_krw\nK,market,foreign,-3760000000000\n",
         "scope,scope_kind,investor,net_krw\nK,market,foreign,-3758123456789\n", False),
        ("flows", "scope,scope_kind,investor,net_krw\nK,market,foreign,-3760000000000\n",
         "scope,scope_kind,investor,net_krw\nK,market,foreign,-3748123456789\n", True),
        ("stocks", "code,close\n005930,284000\n", "code,close\n005930,284100\n", True),
        ("breadth", "scope,advancers\nall,950\n", "scope,advancers\nall,955\n", True),
        # Texts differ by language and habit.
        ("stocks", "code,name\n005930,Samsung\n", "code,name\n005930,삼성전자\n", False),
    ],
)  # fmt: skip
def test_what_counts_as_a_difference(tmp_path, table, one, two, differs):
    session(tmp_path, folder="one", **{table: one})
    session(tmp_path, folder="two", **{table: two})
    assert bool(read(tmp_path, ONE, TWO)[1]) == differs


def test_rows_without_a_key_come_from_one_source(tmp_path):
    session(tmp_path, folder="one", intraday="time,index\n09:00,KOSPI\n09:00,KOSPI\n")
    session(tmp_path, folder="two", intraday="time,index\n10:00,KOSPI\n")
    session(tmp_path, folder="two", day=AFTER, intraday="time,index\n11:00,KOSPI\n")
    found, told = read(tmp_path, ONE, TWO)
    assert [point.time for point in found.intraday] == ["09:00", "09:00"]
    assert [point.cell("time").row for point in found.intraday] == ["line 2", "line 3"]
    assert (
        only(told).message
        == "its intraday were not used: the configuration names one/2026-05-13/intraday.csv first"
    )
    later, _ = read(tmp_path, ONE, TWO, day=AFTER)
    assert [point.time for point in later.intraday] == ["11:00"]
    assert later.intraday[0].cell("time").file == "two/2026-05-14/intraday.csv"


def test_the_head_and_notes_of_the_first_source_win(tmp_path):
    yaml = "date: 2026-05-13\nstatus: intraday\nas_of: 2026-05-13T14:00:00+09:00\nsources: [{name: KRX}]\n"
    session(tmp_path, folder="one", yaml=yaml, indices=INDICES + "KOSPI,1,,\n", notes="## macro\nfirst\n")
    session(
        tmp_path, folder="two", breadth="scope,advancers\nall,1\n", notes="## macro\nx\n## flow\nsecond\n"
    )
    found, _ = read(tmp_path, ONE, TWO)
    assert found.status == "intraday"
    assert found.notes == {"macro": "first", "flow": "second"}
    assert [credit.name for credit in found.credits] == ["KRX", "two"]


def rows(file, *given):
    """Raw stocks of one source: (day, code, close)."""
    frame = pd.DataFrame(
        {SESSION: pd.to_datetime([day for day, _, _ in given]), "code": [code for _, code, _ in given]}
    )
    frame["close"] = np.array([close for _, _, close in given], dtype=float)
    return Rows(table="stocks", frame=frame, files=(file,))


days = st.sampled_from([BEFORE, DAY, AFTER])
codes = st.sampled_from([f"{number:06}" for number in range(5)])
closes = st.one_of(st.none(), st.integers(1, 3).map(float))
sources = st.lists(st.dictionaries(st.tuples(days, codes), closes, max_size=8), min_size=1, max_size=4)


@settings(deadline=None)
@given(sources)
def test_merging_equals_looking_at_the_sources_in_turn(given_sources):
    parts = []
    for number, cells in enumerate(given_sources):
        raw = rows(f"source {number}", *((day, code, close) for (day, code), close in cells.items()))
        parts.append(Part(raw, convert(raw)))
    merged, findings = merge("stocks", parts)
    expected = {}
    owner = {}
    differing = 0
    for number, cells in enumerate(given_sources):
        for key, close in cells.items():
            if expected.get(key) is None:
                expected[key] = close
                owner[key] = number if close is not None else owner.get(key, number)
            elif close is not None and close != expected[key]:
                differing += 1
    frame = merged.frame
    keys = [(stamp.date(), code) for stamp, code in zip(frame[SESSION], frame["code"], strict=True)]
    assert sorted(keys) == sorted(expected)
    assert [day for day, _ in keys] == sorted(day for day, _ in keys)
    assert len(findings) == differing
    origins = merged.origins()
    nowhere = ([None] * len(frame),) * 2
    for place, (key, close) in enumerate(zip(keys, frame["close"], strict=True)):
        assert (None if np.isnan(close) else close) == expected[key]
        told = [[column[place] for column in origins.get(name, nowhere)] for name in ("close", "")]
        file, row = next(each for each in told if each[0] is not None)
        if expected[key] is not None:
            assert file == f"source {owner[key]}"
        cells = given_sources[int(file.removeprefix("source "))]
        assert list(cells)[int(row.removeprefix("line ")) - 1] == key
