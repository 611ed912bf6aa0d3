"""A folder a session: what is read, and how a person is told what is wrong with it."""

from __future__ import annotations

import os
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from dataset_cases import AFTER, BEFORE, DAY, INDICES, config, head, only, read, read_all, refused, session

from generator.dataset.load import available
from generator.dataset.session import SourceCredit
from generator.dataset.session_file import slug
from generator.dataset.sources import open_sources
from generator.figures import Cell

SEOUL = ZoneInfo("Asia/Seoul")


def test_a_session_is_read_with_types_and_places(tmp_path):
    session(
        tmp_path,
        indices="index,close,previous_close,change_pct,all_time_high\n"
        "KOSPI,7844.01,7643.1,2.63,true\nKOSDAQ,1176.93,1179.3,-0.20,\n",
        breadth="scope,listed,advancers,decliners,unchanged\nall,2827,955,1455,417\n",
        flows="scope,scope_kind,investor,net_krw,direction,size,state,source\n"
        "KOSPI,market,foreign,-3760000000000,net sell,,provisional,KRX\n"
        "000660,stock,foreign,,net sell,large,,\n",
        stocks="code,name,close\n005930,Samsung Electronics,284000\n0126Z0,Samsung Epis,\n",
        clusters="cluster,codes\nMemory,005930  000660\n",
        intraday="time,index,level,change_pct,approximate\n"
        "Morning,KOSPI,7400,-2.5,TRUE\n15:30,KOSPI,7844.01,2.63,\n",
        events="date,codes,headline\n2026-05-11,005930,Target raised\n",
        context="date,scope,fact,value,unit\n2026-05-06,KOSPI,change_pct,6.5,%\n",
    )
    found, told = read(tmp_path)
    assert told == ()
    kospi, kosdaq = found.indices
    assert (kospi.close, kospi.change_pct, kospi.all_time_high, kospi.open) == (7844.01, 2.63, True, None)
    assert (kosdaq.change_pct, kosdaq.all_time_high) == (-0.2, None)
    assert found.breadth[0].advancers == 955
    assert isinstance(found.breadth[0].advancers, int)
    assert found.flows[0].net_krw == -3_760_000_000_000
    assert (found.flows[0].state, found.flows[0].source) == ("provisional", "KRX")
    assert (found.flows[1].net_krw, found.flows[1].size) == (None, "large")
    assert [stock.code for stock in found.stocks] == ["005930", "0126Z0"]
    assert found.clusters[0].codes == ("005930", "000660")
    assert [point.approximate for point in found.intraday] == [True, False]
    assert found.events[0].date == BEFORE.replace(day=11)
    assert found.context[0].value == 6.5
    assert kosdaq.cell("close") == Cell("datasets/2026-05-13/indices.csv", "line 3", "close")


def test_lines_are_real_ones_after_a_quoted_line_break_and_a_blank_line(tmp_path):
    text = 'date,headline\n2026-05-13,"First, in\ntwo lines"\n\n2026-05-13,Second\n,\n2026-05-13,Third\n'
    session(tmp_path, events=text.replace("\n", "\r\n"))
    found, _ = read(tmp_path)
    assert [event.headline for event in found.events] == ["First, in two lines", "Second", "Third"]
    assert [event.cell("headline").row for event in found.events] == ["line 2", "line 5", "line 7"]


def test_a_byte_order_mark_and_blanks_around_cells_are_accepted(tmp_path):
    session(tmp_path, indices="\ufeffindex , close\n KOSPI , 7844.01 \n")
    found, told = read(tmp_path)
    assert (found.indices[0].index, found.indices[0].close, told) == ("KOSPI", 7844.01, ())


def test_what_session_yaml_says_reaches_the_session(tmp_path):
    yaml = head(
        status="intraday",
        as_of="2026-05-13T05:10:00Z",
        publish_at="2026-05-13T14:30:00+09:00",
        updated_at="2026-05-13T14:40:00+09:00",
        sources="\n  - {name: KRX, covers: [indices, flows]}\n  - {name: 'Two\n      lines'}",
    )
    session(tmp_path, yaml=yaml, indices=INDICES)
    found, _ = read(tmp_path)
    assert found.status == "intraday"
    assert found.as_of == datetime(2026, 5, 13, 14, 10, tzinfo=SEOUL)
    assert found.as_of.isoformat() == "2026-05-13T14:10:00+09:00"
    assert found.publish_at == datetime(2026, 5, 13, 14, 30, tzinfo=SEOUL)
    assert found.updated_at == datetime(2026, 5, 13, 14, 40, tzinfo=SEOUL)
    assert found.credits == (
        SourceCredit(name="KRX", covers=("indices", "flows")),
        SourceCredit(name="Two lines"),
    )
    assert (found.previous, found.next) == (BEFORE, AFTER)


def test_without_times_the_configuration_dates_the_post(tmp_path):
    session(tmp_path, indices=INDICES)
    found, _ = read(tmp_path)
    assert found.publish_at == datetime(2026, 5, 13, 16, 30, tzinfo=SEOUL)
    assert found.updated_at == found.publish_at
    assert found.credits == (SourceCredit(name="datasets", covers=("indices",)),)


def test_a_post_is_never_dated_before_its_data(tmp_path):
    session(tmp_path, yaml=head(as_of="2026-05-13T18:00:00+09:00"), indices=INDICES)
    found, _ = read(tmp_path)
    assert found.publish_at == found.as_of


@pytest.mark.parametrize(
    ("yaml", "place", "message", "expected"),
    [
        ("", (1, ""), "is empty or no mapping", "keys with values: date, status, as_of, …"),
        ("- 1\n", (1, ""), "is empty or no mapping", "keys with values: date, status, as_of, …"),
        ("date: [\n", (2, ""), "is not valid YAML: ", ""),
        ("date: 2026-13-40\n", (None, ""), "is not valid YAML: ", ""),
        (
            "a: &a {k: [x, x, x, x, x, x, x, x, x]}\n"
            + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in pairwise("abcdefghijk")),
            (5, ""),
            "is not valid YAML: its aliases stand for more than 10,000 values",
            "",
        ),
        (head(status=None), (None, "status"), "is missing", "`final` once the closing figures are in"),
        (head(status="x"), (2, "status"), "is not one of the values this key knows", "intraday or final"),
        (head(as_of="2026-05-13T15:30:00"), (3, "as_of"), "is a time without an offset", "an offset"),
        (head(as_of="2026-05-12T15:30:00+09:00"), (3, "as_of"), "is before the session's day", "a time"),
        (head(date=BEFORE), (1, "date"), "is another day than the folder's name", "2026-05-13"),
        (head(calendar="XNYS"), (4, "calendar"), "differs from params.marketpost.market.calendar", "XKRX"),
        (head(timezone="Asia/Tokyo"), (4, "timezone"), "differs from params.marketpost.market", "Asia/Seoul"),
        (head(publish_at="2026-05-13T10:00:00+09:00"), (4, "publish_at"), "is before as_of", "2026-05"),
        (head(status="final\nstatus: final"), (3, "status"), "is given twice; the first is in line 2", ""),
        (head(sources='[{name: "a\\ab"}]'), (4, "sources.0.name"), "holds a control character (U+0007)", ""),
    ],
)  # fmt: skip
def test_each_fault_of_session_yaml_is_named(tmp_path, yaml, place, message, expected):
    session(tmp_path, yaml=yaml, indices=INDICES)
    problem = only(refused(tmp_path))
    assert problem.file == "datasets/2026-05-13/session.yaml"
    assert (problem.line, problem.column) == place
    assert problem.message.startswith(message)
    assert problem.expected.startswith(expected)


def test_an_unknown_key_of_session_yaml_gets_the_nearest_one(tmp_path):
    session(tmp_path, yaml=head(published_at="2026-05-13T17:00:00+09:00"), indices=INDICES)
    problem = only(refused(tmp_path))
    assert (problem.line, problem.column, problem.remedy) == (4, "published_at", "Did you mean publish_at?")


def test_final_before_the_close_is_told_and_kept(tmp_path):
    session(tmp_path, yaml=head(as_of="2026-05-13T14:00:00+09:00"), indices=INDICES)
    _, told = read(tmp_path)
    assert only(told).message == "is before the close, and status says final"
    assert not only(told).fatal


def test_a_folder_without_session_yaml_or_without_tables_is_withheld(tmp_path):
    path = session(tmp_path, indices=INDICES)
    (path / "session.yaml").unlink()
    problem = only(refused(tmp_path))
    assert (problem.file, problem.message) == ("datasets/2026-05-13/session.yaml", "is missing")
    session(tmp_path, day=AFTER)
    assert only(refused(tmp_path, day=AFTER)).message == "holds no table"


NOTES = """\ufeffBefore any heading.

## Foreign flow

Why it matters.

```
## not a heading
```
### A part of it

## TL;DR ##
Short.
## Empty

## 거시 배경
환율.
## Foreign flow
More.
"""


def test_notes_are_split_by_heading(tmp_path):
    session(tmp_path, indices=INDICES, notes=NOTES.replace("\n", "\r\n"))
    found, _ = read(tmp_path)
    assert found.notes == {
        "lede": "Before any heading.",
        "foreign-flow": "Why it matters.\n\n```\n## not a heading\n```\n### A part of it\n\nMore.",
        "tl-dr": "Short.",
        "거시-배경": "환율.",
    }


@pytest.mark.parametrize(
    ("notes", "line", "message"),
    [("fine\nbad\x1b[0m\n", 2, "holds a control character"), (b"fine\n\xff\n", 2, "is not UTF-8")],
)
def test_notes_that_cannot_be_shown_are_refused(tmp_path, notes, line, message):
    session(tmp_path, indices=INDICES, notes=notes)
    problem = only(refused(tmp_path))
    assert (problem.file, problem.line, problem.message) == ("datasets/2026-05-13/notes.md", line, message)


def test_headings_become_keys():
    assert slug("What led, what did not?") == "what-led-what-did-not"
    assert slug("KOSPI_200 & co") == "kospi-200-co"


@pytest.mark.parametrize(
    ("content", "message", "found"),
    [
        ("", "is empty", ""),
        ("\n \n", "is empty", ""),
        ("<!DOCTYPE html><title>Denied</title>", "is an HTML page where a table should be", "Denied"),
        ("\ufeff  <HTML><body>x", "is an HTML page where a table should be", "<HTML><body>x"),
        ('{"error": "login"}', "is JSON where a table should be", '{"error": "login"}'),
        ("index,close\n", "has a header and no rows", ""),
        ("index;close\nKOSPI;1\n", "columns are not separated by commas", ";"),
        ("index,close,close\nKOSPI,1,1\n", "two columns have this name", ""),
        ('index,close\nKOSPI,"1\n', "cannot be read as CSV: unexpected end of data", ""),
        ("index,close\nKOSPI,7,844.01\n", "the row has 3 cells, the header 2", "KOSPI,7,844.01"),
        ("index,close\nKOSPI\n", "the row has 1 cells, the header 2", "KOSPI"),
        ("index,close\n코스피,1\n".encode("cp949"), "is not UTF-8 but CP949", "byte 0xc4"),
        (b"index,close\nK\xff,1\n", "is not UTF-8", "byte 0xff"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_named_as_what_it_is(tmp_path, content, message, found):
    session(tmp_path, indices=content)
    problem = only(refused(tmp_path))
    assert problem.file == "datasets/2026-05-13/indices.csv"
    assert (problem.message, problem.found) == (message, found)
    assert problem.remedy or problem.expected


def test_a_table_of_news_without_rows_is_kept_as_not_reported(tmp_path):
    session(tmp_path, indices=INDICES, events="date,headline\n")
    found, told = read(tmp_path)
    assert found.events == ()
    assert only(told).message == "has a header and no rows; read as not reported"


def test_a_missing_column_is_named_once_and_other_cells_are_checked_all_the_same(tmp_path):
    session(tmp_path, indices=INDICES, flows="scope,scope_kind,invester,net_krw\nKOSPI,market,foreign,much\n")
    missing, text, unknown = refused(tmp_path)  # those that are not fatal come last
    assert (missing.column, missing.line, missing.message) == ("investor", 1, "the column is missing")
    assert missing.remedy == "Rename invester to investor?"
    assert (unknown.column, unknown.fatal, unknown.remedy) == ("invester", False, "Did you mean investor?")
    assert (text.column, text.line, text.found) == ("net_krw", 2, "much")


def test_unknown_names_are_told_with_the_nearest_known_one(tmp_path):
    path = session(tmp_path, indices=INDICES.replace("change_pct", "chnage_pct"), stcoks="code\n005930\n")
    (path / ".hidden.csv").write_text("x")
    (tmp_path / "datasets" / "2026-5-14").mkdir()
    (tmp_path / "datasets" / "README.md").write_text("x")
    found, told = read(tmp_path)
    assert found.indices[0].change_pct is None
    assert [(each.file, each.remedy, each.fatal) for each in told] == [
        ("datasets/2026-05-13/stcoks.csv", "Did you mean stocks.csv?", False),
        ("datasets/2026-05-13/indices.csv", "Did you mean change_pct?", False),
    ]
    everything = read_all(tmp_path).problems
    assert any(each.file == "datasets/2026-5-14" and "no date" in each.message for each in everything)


@pytest.mark.parametrize("table", ["indices", "stocks"])
def test_yesterdays_file_is_named_as_that(tmp_path, table):
    content = {"indices": INDICES, "stocks": "code,close\n005930,284000\n"}[table]
    session(tmp_path, day=BEFORE, **{table: content})
    session(tmp_path, **{table: content})
    problem = only(refused(tmp_path))
    assert problem.file == f"datasets/2026-05-13/{table}.csv"
    assert problem.message == (
        f"is the file of an earlier session: byte for byte datasets/2026-05-12/{table}.csv"
    )


def test_other_tables_may_repeat(tmp_path):
    clusters = "cluster,codes\nMemory,005930\n"
    session(tmp_path, day=BEFORE, indices=INDICES, clusters=clusters)
    session(tmp_path, indices=INDICES.replace("7844.01", "7844.02"), clusters=clusters)
    assert read(tmp_path)[1] == ()


def test_rows_of_another_day_are_named_as_that(tmp_path):
    session(tmp_path, indices="date,index,close\n2026-05-13,KOSDAQ,1176.93\n2026-05-12,KOSPI,7643.1\n")
    problem = only(refused(tmp_path))
    assert (problem.line, problem.column) == (3, "date")
    assert (problem.message, problem.found, problem.expected) == (
        "is of another session than its folder", "2026-05-12", "2026-05-13"
    )  # fmt: skip


def test_available_lists_what_the_folder_holds_and_notices_a_change(tmp_path):
    path = session(tmp_path, indices=INDICES)
    session(tmp_path, day=AFTER, indices=INDICES)
    (tmp_path / "datasets" / "2026-05-15").mkdir()
    sources = open_sources(config(tmp_path))
    assert available(sources) == {DAY: ("datasets",), AFTER: ("datasets",)}
    before = sources[0].signatures()
    (path / "indices.csv").write_text(INDICES + "KOSDAQ,1176.93,,\n")
    after = sources[0].signatures()
    assert before[DAY] != after[DAY]
    assert before[AFTER] == after[AFTER]


@pytest.mark.parametrize("make", ["link", "folder", "pipe"])
def test_a_table_that_is_no_file_is_named(tmp_path, make):
    session(tmp_path, indices=INDICES)
    path = tmp_path / "datasets" / str(DAY) / "stocks.csv"
    {"link": lambda: path.symlink_to("nowhere"), "folder": path.mkdir, "pipe": lambda: os.mkfifo(path)}[
        make
    ]()
    assert "stocks.csv: is no file that can be read" in str(only(refused(tmp_path)))
