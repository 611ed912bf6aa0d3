"""SQLite and DuckDB files with a table like a screener's: one row a stock and day."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import duckdb
import pytest
from dataset_cases import AFTER, BEFORE, DAY, INDICES, only, opened, read, read_all, refused, session

from generator.dataset.load import available
from generator.errors import ConfigError, DatasetError
from generator.figures import Cell

TABLE = "kr_market_surface_daily"
COLUMNS = [
    "trade_date",
    "ticker",
    'name "ko"',
    "mkt",
    "open",
    "high",
    "low",
    "close",
    "chg",
    "pct",
    "value_mn",
]
ROWS = [
    (BEFORE, "005930", "삼성전자", "Y", 275, 280, 270, 279, 1, 0.36, 3.5),
    (DAY, "005930", "삼성전자", "Y", 279, 285, 270, 284, 5, 1.79, 4.5),
    (DAY, "0126Z0", "에피스", "K", 50, 55, 45, 50, 0, 0.0, None),
    (DAY, "900000", "남의 것", "N", 1, 1, 1, 1, 0, 0.0, 1),
    (AFTER, "005930", "삼성전자", "Y", 284, 300, 284, 296, 12, 4.23, 5),
]
MAPPING = {
    "date": "trade_date", "code": "ticker", "name": 'name "ko"', "market": "MKT", "open": "open",
    "high": "high", "low": "low", "close": "close", "change": "chg", "change_pct": "pct",
    "value_traded": "value_mn",
}  # fmt: skip


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def sqlite_file(root, rows=ROWS, dates=str, columns=COLUMNS, table=TABLE):
    path = root / "screener_kr.db"
    names = ", ".join(map(quoted, columns))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"CREATE TABLE {quoted(table)} ({names})")
        marks = ", ".join("?" for _ in columns)
        connection.executemany(
            f"INSERT INTO {quoted(table)} VALUES ({marks})",  # noqa: S608 - a test's own names
            [(dates(day), *rest) for day, *rest in rows],
        )
    return path


def duckdb_file(root, rows=ROWS, dates=lambda day: day, kind="DATE"):
    path = root / "screener_kr.db"
    types = [kind, *["VARCHAR"] * 3, *["DECIMAL(18, 2)"] * 6, "DOUBLE"]
    columns = ", ".join(f"{quoted(name)} {each}" for name, each in zip(COLUMNS, types, strict=True))
    with closing(duckdb.connect(str(path))) as connection:
        connection.execute(f"CREATE TABLE {TABLE} ({columns})")
        marks = ", ".join("?" for _ in COLUMNS)
        connection.executemany(
            f"INSERT INTO {TABLE} VALUES ({marks})",  # noqa: S608 - a test's own names
            [[dates(day), *rest] for day, *rest in rows],
        )
    return path


def source(kind, **mapping):
    table = {
        "table": TABLE,
        "columns": MAPPING,
        "where": "\"mkt\" <> 'N'",
        "values": {"market": {"Y": "KOSPI", "K": "KOSDAQ"}},
        "scale": {"value_traded": 1e6},
        **mapping,
    }
    return {"kind": kind, "path": "screener_kr.db", "tables": {"stocks": table}}


MAKERS = {
    "sqlite-text": sqlite_file,
    "sqlite-digits": lambda root: sqlite_file(root, dates=lambda day: f"{day:%Y%m%d}"),
    "sqlite-number": lambda root: sqlite_file(root, dates=lambda day: int(f"{day:%Y%m%d}")),
    "sqlite-stamp": lambda root: sqlite_file(root, dates=lambda day: f"{day} 15:30:00"),
    "duckdb-date": duckdb_file,
    "duckdb-stamp": lambda root: duckdb_file(root, dates="{} 15:30:00".format, kind="TIMESTAMP"),
    "duckdb-number": lambda root: duckdb_file(root, dates=lambda day: int(f"{day:%Y%m%d}"), kind="INTEGER"),
    "duckdb-text": lambda root: duckdb_file(root, dates=str, kind="VARCHAR"),
}


@pytest.mark.parametrize("make", MAKERS)
def test_a_mapped_table_is_read_whatever_its_dates_are(tmp_path, make):
    MAKERS[make](tmp_path)
    mapped = source(make.split("-")[0])
    found, told = read(tmp_path, mapped)
    assert told == ()
    assert [stock.code for stock in found.stocks] == ["005930", "0126Z0"]
    first, second = found.stocks
    assert (first.name, first.market, first.close, first.change_pct) == ("삼성전자", "KOSPI", 284, 1.79)
    assert (first.value_traded, second.value_traded) == (4_500_000, None)
    assert (second.market, second.change) == ("KOSDAQ", 0)
    assert first.cell("close") == Cell(f"screener_kr.db#{TABLE}", "2026-05-13 005930", "close")
    assert list(available(opened(tmp_path, mapped))) == [BEFORE, DAY, AFTER]
    assert len(read_all(tmp_path, mapped).tables["stocks"]) == 4


@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
def test_the_file_is_never_written(tmp_path, kind):
    path = (sqlite_file if kind == "sqlite" else duckdb_file)(tmp_path)
    before = path.read_bytes()
    read(tmp_path, source(kind))
    assert path.read_bytes() == before
    assert {each.name for each in tmp_path.iterdir()} == {"screener_kr.db"}
    with pytest.raises(DatasetError):
        read(tmp_path, source(kind, where="1 = 1); DROP TABLE kr_market_surface_daily; SELECT (1"))
    assert path.read_bytes() == before


@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
def test_a_days_signature_changes_with_its_rows_alone(tmp_path, kind):
    make = sqlite_file if kind == "sqlite" else duckdb_file
    path = make(tmp_path)
    before = opened(tmp_path, source(kind))[0].signatures()
    path.unlink()
    make(tmp_path, [*ROWS[:-1], (*ROWS[-1][:-1], 6)])
    after = opened(tmp_path, source(kind))[0].signatures()
    assert {day for day in before if before[day] != after[day]} == {AFTER}
    other = opened(tmp_path, source(kind, scale={}))[0].signatures()
    assert all(other[day] != after[day] for day in after if day != DAY)


@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
def test_missing_tables_and_columns_are_told_with_what_there_is(tmp_path, kind):
    (sqlite_file if kind == "sqlite" else duckdb_file)(tmp_path)
    with pytest.raises(DatasetError) as caught:
        read(tmp_path, source(kind, table="kr_market_surface"))
    problem = only(caught.value.problems)
    assert (problem.file, problem.found) == ("screener_kr.db", "kr_market_surface")
    assert (problem.expected, problem.remedy) == (f"one of {TABLE}", f"Did you mean {TABLE}?")
    with pytest.raises(DatasetError) as caught:
        read(tmp_path, source(kind, columns={**MAPPING, "close": "closing", "shares": "none"}))
    first, second = caught.value.problems
    assert (first.file, first.column) == (f"screener_kr.db#{TABLE}", "closing")
    assert first.message == "the table has no such column, to which our close is mapped"
    assert first.expected.startswith("one of trade_date, ticker, ")
    assert first.remedy == "Did you mean close?"
    assert second.column == "none"


@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<!doctype html><title>404</title>", "is an HTML page where a table should be"),
        (b"", "is empty"),
        (b"x" * 5000, "is no "),
    ],
)
def test_what_is_no_database_is_told(tmp_path, kind, content, message):
    (tmp_path / "screener_kr.db").write_bytes(content)
    with pytest.raises(DatasetError) as caught:
        read(tmp_path, source(kind))
    assert only(caught.value.problems).message.startswith(message)


@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
def test_a_condition_that_is_no_sql_is_told(tmp_path, kind):
    (sqlite_file if kind == "sqlite" else duckdb_file)(tmp_path)
    with pytest.raises(DatasetError) as caught:
        read(tmp_path, source(kind, where="mkt === 'N'"))
    problem = only(caught.value.problems)
    assert problem.message.startswith("the database says: ")
    assert "`where`" in problem.remedy


def test_a_date_that_is_none_is_told(tmp_path):
    sqlite_file(tmp_path, dates=lambda day: "yesterday" if day == DAY else str(day))
    with pytest.raises(DatasetError) as caught:
        read(tmp_path, source("sqlite"))
    problem = only(caught.value.problems)
    assert (problem.column, problem.message, problem.found) == ("trade_date", "is no date", "yesterday")


def test_bad_cells_are_named_by_their_key(tmp_path):
    rows = [(DAY, 5930, "x", "Y", 1, 1, 1, "1,000", 0, 0, 1), (DAY, "000660", "x", "J", 1, 1, 1, 1, 0, 0, -1)]
    sqlite_file(tmp_path, rows)
    problems = refused(tmp_path, source("sqlite"))
    told = {(each.row, each.column, each.found, each.line) for each in problems}
    assert told == {
        ("2026-05-13 5930", "code", "5930", None),
        ("2026-05-13 5930", "close", "1,000", None),
        ("2026-05-13 000660", "market", "J", None),
        ("2026-05-13 000660", "value_traded", "-1000000", None),
    }
    assert all(each.file == f"screener_kr.db#{TABLE}" for each in problems)


def test_a_database_serves_flows_while_a_folder_has_the_rest(tmp_path):
    with closing(sqlite3.connect(tmp_path / "flows.db")) as connection, connection:
        connection.execute("CREATE TABLE net (d, who, amount, scope, kind)")
        connection.execute("INSERT INTO net VALUES ('20260513', 'FRGN', -3760000, 'KOSPI', 'market')")
    ours = ("date", "investor", "net_krw", "scope", "scope_kind")
    flows = {
        "table": "net",
        "columns": dict(zip(ours, ("d", "who", "amount", "scope", "kind"), strict=True)),
        "values": {"investor": {"FRGN": "foreign"}},
        "scale": {"net_krw": 1e6},
    }
    session(tmp_path, indices=INDICES)
    found, told = read(
        tmp_path,
        {"kind": "folder", "path": "datasets"},
        {"kind": "sqlite", "path": "flows.db", "tables": {"flows": flows}},
    )
    assert told == ()
    assert (found.indices[0].close, found.flows[0].net_krw) == (7844.01, -3_760_000_000_000)
    assert [credit.name for credit in found.credits] == ["datasets", "flows.db"]


def test_a_table_of_news_has_two_dates(tmp_path):
    with closing(sqlite3.connect(tmp_path / "news.db")) as connection, connection:
        connection.execute("CREATE TABLE news (session, day, title)")
        connection.execute("INSERT INTO news VALUES ('2026-05-13', '2026-05-11', 'Target raised')")
    news = {"table": "news", "columns": {"session": "session", "date": "day", "headline": "title"}}
    found, _ = read(tmp_path, {"kind": "sqlite", "path": "news.db", "tables": {"events": news}})
    assert (found.events[0].date, found.events[0].headline) == (date(2026, 5, 11), "Target raised")
    assert found.events[0].cell("headline").row == "2026-05-13 row 1"


def test_a_whole_market_in_a_database_is_counted(tmp_path):
    many = [
        (DAY, f"{n:06}", "x", "YK"[n % 2], 10, 11, 9, *((11, 1) if n % 4 else (9, -1)), None, 1)
        for n in range(1000)
    ]
    sqlite_file(tmp_path, many)
    found, _ = read(tmp_path, source("sqlite"))
    whole = found.breadth[0]
    assert (whole.scope, whole.listed, whole.advancers, whole.decliners) == ("all", 1000, 750, 250)
    assert whole.cell("advancers").row == "2026-05-13 all, counted from its stocks"
    path = tmp_path / "screener_kr.db"
    path.unlink()
    sqlite_file(tmp_path, many[1:])
    assert read(tmp_path, source("sqlite"))[0].breadth == ()


@pytest.mark.parametrize(
    ("change", "column", "message", "remedy"),
    [
        ({"columns": {"opne": "x"}}, "columns.opne", "our table stocks has no such column",
         "Did you mean open?"),
        ({"columns": {"date": None}}, "columns", "date must be mapped", "Add it"),
        ({"columns": {"code": None}}, "columns", "code must be mapped", "Add it"),
        ({"scale": {"low": 2}}, "scale.low", "is not among the mapped columns", "Correct the name"),
        ({"values": {"date": {}}}, "values.date", "is not among the mapped columns", "Did you mean date?"),
    ],
)  # fmt: skip
def test_a_mapping_to_nothing_of_ours_is_a_wrong_configuration(tmp_path, change, column, message, remedy):
    sqlite_file(tmp_path)
    columns = {"date": "d", "code": "c", "close": "p", **change.get("columns", {})}
    mapping = {**change, "table": "t", "columns": {ours: name for ours, name in columns.items() if name}}
    with pytest.raises(ConfigError) as caught:
        opened(tmp_path, {"kind": "sqlite", "path": "screener_kr.db", "tables": {"stocks": mapping}})
    problem = only(caught.value.problems)
    assert problem.column == f"params.marketpost.sources.0.tables.stocks.{column}"
    assert (problem.message, problem.remedy) == (message, remedy)


def test_a_mapping_of_no_table_of_ours_gets_the_nearest_one(tmp_path):
    sqlite_file(tmp_path)
    mapping = {"stoks": {"table": "t", "columns": {"date": "d"}}}
    with pytest.raises(ConfigError) as caught:
        opened(tmp_path, {"kind": "sqlite", "path": "screener_kr.db", "tables": mapping})
    problem = only(caught.value.problems)
    assert problem.column == "params.marketpost.sources.0.tables.stoks"
    assert problem.remedy == "Did you mean stocks?"


def test_the_engines_are_imported_only_when_used():
    code = (
        "import sys, generator.dataset.load, generator.dataset.sources; "
        "print(sorted({'duckdb', 'sqlite3', 'pyarrow.parquet', 'exchange_calendars'} & set(sys.modules)))"
    )
    root = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert "duckdb" not in done.stdout
    assert "sqlite3" not in done.stdout
    assert "exchange_calendars" not in done.stdout


def test_types_that_a_frame_makes_of_a_column_do_not_matter(tmp_path):
    """A column of whole numbers becomes one of floats as soon as one is missing."""
    rows = [
        (DAY, "000010", "a", "Y", 10, 10, 10, 10, 0, 0, 1),
        (DAY, "000020", "b", "Y", *[None] * 3, 10, 0, 0, 1),
    ]
    sqlite_file(tmp_path, rows)
    found, _ = read(tmp_path, source("sqlite"))
    assert [stock.open for stock in found.stocks] == [10, None]
    assert all(isinstance(stock.close, float) for stock in found.stocks)
