"""The daily history of an index: changes as the file has them, what it skips, and what is wrong with it."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from dataset_cases import (
    AFTER,
    BEFORE,
    DAY,
    INDICES,
    WEEKDAYS,
    only,
    opened,
    read,
    read_all,
    refused,
    session,
)

from generator.dataset.load import available
from generator.errors import DatasetError
from generator.figures import Cell

SOURCE = {"kind": "index_history", "index": "KOSPI", "path": "kospi.csv"}
HEADER = "Date,Close,UpDown,Comp,Change,Open,High,Low,Volume,Amount,MarCap\n"
HISTORY = (
    HEADER
    + "2026-05-11,7600.00,,,,7590,7610,7580,1000,2000,\n"
    + "2026-05-12,7643.10,1,43.10,0.0057,7610,7650,7600,1001,2001,5000\n"
    + "2026-05-13,7844.01,1,200.91,0.0263,7513.93,7850,7400,1002,2002,5001\n"
    + "2026-05-14,7800.01,2,44.00,-0.0056,7850,7860,7790,1003,2003,5002\n"
)


def put(root, content=HISTORY):
    (root / "kospi.csv").write_bytes(content if isinstance(content, bytes) else content.encode())


def test_a_session_of_a_history(tmp_path):
    put(tmp_path)
    found, told = read(tmp_path, SOURCE)
    (kospi,) = found.indices
    assert told == ()
    assert (kospi.index, kospi.close, kospi.previous_close, kospi.change_pct) == (
        "KOSPI",
        7844.01,
        7643.10,
        2.63,
    )
    # 7,513.93 / 7,643.10 = 0.98310
    assert kospi.open_change_pct == pytest.approx(-1.69, abs=0.005)
    assert (kospi.volume, kospi.value_traded, kospi.market_value) == (1002, 2002, 5001)
    assert kospi.cell("close") == Cell("kospi.csv", "line 4", "close")
    assert kospi.cell("previous_close").row == "line 4, Close less Comp, or the row before"


def test_a_fall_whose_comp_lost_its_sign_and_a_blank_row_are_understood(tmp_path):
    put(tmp_path)
    frame = read_all(tmp_path, SOURCE).tables["indices"].set_index("date")
    assert frame.loc["2026-05-14", "previous_close"] == 7844.01
    assert frame.loc["2026-05-14", "change_pct"] == -0.56
    assert frame.loc["2026-05-11", ["previous_close", "change_pct", "market_value"]].isna().all()
    assert frame.loc["2026-05-12", "change_pct"] == 0.57
    assert frame.loc["2026-05-12", "previous_close"] == 7600


def test_without_changes_the_row_before_tells_them_in_any_order(tmp_path):
    lines = ["Date,Close,Open", "20260514,110,", "20260512,100,", "20260513,105,101"]
    put(tmp_path, "\n".join(lines))
    frame = read_all(tmp_path, SOURCE).tables["indices"]
    assert frame["date"].dt.day.tolist() == [12, 13, 14]
    assert frame["previous_close"].tolist()[1:] == [100, 105]
    assert frame["change_pct"].round(4).tolist()[1:] == [5, 4.7619]
    assert frame["open_change_pct"].round(4).tolist()[1] == 1
    assert frame[["high", "market_value"]].isna().all(axis=None)


def test_one_day_is_read_as_in_the_whole(tmp_path):
    put(tmp_path)
    whole = read_all(tmp_path, SOURCE).tables["indices"]
    for day in (date(2026, 5, 11), BEFORE, DAY, AFTER):
        some = read_all(tmp_path, SOURCE, dates=[day]).tables["indices"]
        expected = whole[whole["date"] == pd.Timestamp(day)].reset_index(drop=True)
        pd.testing.assert_frame_equal(some, expected)


def test_a_skipped_session_is_told_and_the_files_own_change_used(tmp_path):
    put(tmp_path, "".join(line for line in HISTORY.splitlines(keepends=True) if "05-12" not in line))
    found, told = read(tmp_path, SOURCE)
    assert found.indices[0].previous_close == 7643.10
    problem = only(told)
    assert (problem.line, problem.column, problem.found, problem.expected) == (3, "Comp", "200.91", "244.01")
    assert problem.message == "is a change on 7643.1, but the row before closed at 7600"
    assert not problem.fatal


def test_a_history_may_reach_before_the_calendar_and_lists_no_session_to_post_about(tmp_path):
    put(tmp_path, HISTORY.replace(HEADER, HEADER + "1995-05-06,918.46,2,-3.59,-0.0039,921,929,918,1,1,\n"))
    sources = opened(tmp_path, SOURCE)
    assert available(sources) == {}
    assert list(available(sources, history=True)) == [date(1995, 5, 6), date(2026, 5, 11), BEFORE, DAY, AFTER]
    data = read_all(tmp_path, SOURCE)
    assert data.withheld == {}
    assert data.tables["indices"]["date"].iloc[0] == pd.Timestamp("1995-05-06")
    session(tmp_path, indices=INDICES)
    both = opened(tmp_path, {"kind": "folder", "path": "datasets"}, SOURCE)
    assert available(both) == {DAY: ("datasets", "kospi.csv")}


def test_where_history_and_calendar_disagree_it_is_told(tmp_path):
    put(tmp_path, HISTORY.replace("2026-05-12", "2026-05-05"))
    told = read_all(tmp_path, SOURCE).problems
    rows = {problem.row for problem in told if problem.file == "kospi.csv" and problem.row}
    assert {"2026-05-05", "2026-05-12"} <= rows
    assert not WEEKDAYS.is_session(date(2026, 5, 5))


@pytest.mark.parametrize(
    ("change", "line", "column", "message"),
    [
        (("7844.01", '"7,844.01"'), 4, "close", "is no plain number"),
        (("200.91", "n/a"), 4, "Comp", "is no plain number"),
        (("0.0263", "2.63%"), 4, "Change", "is no plain number"),
        # A change in per cent where a fraction should be.
        (("0.0263", "2.63"), 4, "change_pct", "contradicts the row's levels, 7844.01 on 7643.1"),
        (("7850,7400", "7400,7850"), 4, "high", "is below the low"),
        (("2026-05-14", "2026-05-13"), 5, "index", "is a second row for the same index; the first is"),
    ],
)
def test_a_bad_row_withholds_its_session_alone(tmp_path, change, line, column, message):
    put(tmp_path, HISTORY.replace(*change))
    problem = next(problem for problem in refused(tmp_path, SOURCE) if problem.column == column)
    assert (problem.file, problem.line) == ("kospi.csv", line)
    assert problem.message.startswith(message)
    assert list(read_all(tmp_path, SOURCE).withheld) == [DAY]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("<html><head>", "is an HTML page where a table should be"),
        (HEADER, "has a header and no rows"),
        ("Day,Close\n2026-05-13,1\n", "the column is missing"),
        ("Date,Open\n2026-05-13,1\n", "the column is missing"),
        ("Date,Close\n13 May,1\n", "is no date"),
        ("Date,Close\n2026-05-13,1,2\n", "the row has 3 cells, the header 2"),
    ],
)
def test_a_file_that_is_no_history_stops_everything(tmp_path, content, message):
    put(tmp_path, content)
    for act in (lambda: read(tmp_path, SOURCE), lambda: available(opened(tmp_path, SOURCE))):
        with pytest.raises(DatasetError) as caught:
            act()
        assert only(caught.value.problems).message == message


def test_a_signature_hangs_on_the_line_and_the_one_before(tmp_path):
    put(tmp_path)
    before = opened(tmp_path, SOURCE)[0].signatures()
    put(tmp_path, HISTORY.replace("7643.10,1,43.10", "7643.20,1,43.20"))
    after = opened(tmp_path, SOURCE)[0].signatures()
    assert {day for day in after if before[day] != after[day]} == {BEFORE, DAY}


def test_a_history_that_changes_is_read_again(tmp_path):
    put(tmp_path)
    (source,) = opened(tmp_path, SOURCE)
    before = source.read([DAY]).rows[0].frame
    put(tmp_path, HISTORY.replace("7513.93", "7514.93"))
    after = source.read([DAY]).rows[0].frame
    assert (before["open"].item(), after["open"].item()) == ("7513.93", "7514.93")
