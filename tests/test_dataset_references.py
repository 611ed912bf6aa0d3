"""Sectors and names: facts of no session, that fill what no table states."""

from __future__ import annotations

import pytest
from dataset_cases import only, opened, read, read_all, session

from generator.errors import ConfigError, DatasetError
from generator.figures import Cell

FOLDER = {"kind": "folder", "path": "datasets"}
SECTORS = {"kind": "sectors", "path": "sectors.csv"}
NAMES = {"kind": "names", "path": "names.csv"}
STOCKS = "code,close,sector\n005930,284000,\n000660,1976000,Memory\n005380,710000,\n"


def test_sectors_fill_blanks_and_are_traced(tmp_path):
    session(tmp_path, stocks=STOCKS)
    (tmp_path / "sectors.csv").write_text(
        "Code,Name,Sector,Industry\n005930,A,,통신 및 방송 장비\n000660,B,,반도체\n005380,C,Autos,\n",
        encoding="utf-8",
    )
    found, told = read(tmp_path, FOLDER, SECTORS)
    assert told == ()
    assert [stock.sector for stock in found.stocks] == ["통신 및 방송 장비", "Memory", "Autos"]
    first, second, third = found.stocks
    assert first.cell("sector") == Cell("sectors.csv", "line 2", "sector")
    assert second.cell("sector").file == "datasets/2026-05-13/stocks.csv"
    assert third.cell("sector").row == "line 4"
    assert third.cell("close").file == "datasets/2026-05-13/stocks.csv"
    assert [(credit.name, credit.covers) for credit in found.credits] == [
        ("datasets", ("stocks",)), ("sectors.csv", ("sectors",))
    ]  # fmt: skip
    frame = read_all(tmp_path, FOLDER, SECTORS).tables["stocks"]
    assert frame["sector"].tolist() == ["통신 및 방송 장비", "Memory", "Autos"]


def test_of_two_files_of_sectors_the_first_wins(tmp_path):
    session(tmp_path, stocks=STOCKS)
    (tmp_path / "sectors.csv").write_text("Code,Industry\n005930,Chips\n")
    (tmp_path / "more.csv").write_text("Code,Industry\n005930,Phones\n005380,Cars\n")
    found, _ = read(tmp_path, FOLDER, SECTORS, {"kind": "sectors", "path": "more.csv"})
    assert [stock.sector for stock in found.stocks] == ["Chips", "Memory", "Cars"]
    assert found.stocks[0].cell("sector").file == "sectors.csv"
    assert found.stocks[2].cell("sector").file == "more.csv"


def test_names_by_language(tmp_path):
    session(tmp_path, stocks=STOCKS)
    text = (
        "\ufeffcode,ko,en,market,zh-Hant\n"
        "005930,삼성전자,Samsung Electronics,KOSPI,\n000660,SK하이닉스,,KOSPI,海力士\n"
    )
    (tmp_path / "names.csv").write_text(text, encoding="utf-8")
    found, told = read(tmp_path, FOLDER, NAMES)
    assert told == ()
    assert found.names == {
        "ko": {"005930": "삼성전자", "000660": "SK하이닉스"},
        "en": {"005930": "Samsung Electronics"},
        "zh-Hant": {"000660": "海力士"},
    }


def test_unsound_rows_are_left_out_and_told(tmp_path):
    session(tmp_path, stocks=STOCKS)
    (tmp_path / "names.csv").write_text(
        "code,en\n5930,Lost\n005930,<script>alert(1)</script>\n000660,a\x07b\n005380," + "x" * 501 + "\n"
    )
    found, _ = read(tmp_path, FOLDER, NAMES)
    assert found.names == {"en": {"005930": "<script>alert(1)</script>"}}
    told = read_all(tmp_path, FOLDER, NAMES).problems
    assert [(each.line, each.column, each.message, each.remedy, each.fatal) for each in told] == [
        (2, "code", "is no stock code; the row was left out", "Probably 005930", False),
        (4, "en", "holds a control character; the cell was left out", "Remove U+0007", False),
        (5, "en", "is too long for a cell; the cell was left out", "Shorten it", False),
    ]


@pytest.mark.parametrize("source", [SECTORS, NAMES])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("<html>", "is an HTML page where a table should be"),
        ("Cod,x\n1,2\n", "the column is missing"),
    ],
)
def test_a_file_that_is_no_table_stops_everything(tmp_path, source, content, message):
    session(tmp_path, stocks=STOCKS)
    (tmp_path / source["path"]).write_text(content)
    with pytest.raises(DatasetError) as caught:
        read(tmp_path, FOLDER, source)
    assert caught.value.problems[0].message == message


def test_names_without_a_language_say_what_is_expected(tmp_path):
    session(tmp_path, stocks=STOCKS)
    (tmp_path / "names.csv").write_text("code,English\n005930,Samsung\n")
    with pytest.raises(DatasetError) as caught:
        read(tmp_path, FOLDER, NAMES)
    problem = only(caught.value.problems)
    assert (problem.message, problem.found) == ("has no column of names", "code, English")


def test_a_reference_has_one_signature_and_no_session(tmp_path):
    (tmp_path / "names.csv").write_text("code,en\n005930,Samsung\n")
    (source,) = opened(tmp_path, NAMES)
    before = source.signature()
    assert (source.holds, source.signatures()) == ("reference", {})
    (tmp_path / "names.csv").write_text("code,en\n005930,Samsung Electronics\n")
    assert source.signature() != before


def test_a_reference_that_changes_is_read_again(tmp_path):
    for name, source, text, more in (
        ("names.csv", NAMES, "code,en\n005930,Samsung\n", "000660,SK hynix\n"),
        ("sectors.csv", SECTORS, "Code,Industry\n005930,Chips\n", "000660,Memory\n"),
    ):
        (tmp_path / name).write_text(text)
        (opened_once,) = opened(tmp_path, source)
        before = opened_once.read(None)
        (tmp_path / name).write_text(text + more)
        after = opened_once.read(None)
        assert after != before
        assert after == opened(tmp_path, source)[0].read(None)


def test_every_path_that_is_not_there_is_listed(tmp_path):
    with pytest.raises(ConfigError) as caught:
        opened(
            tmp_path, FOLDER, SECTORS, NAMES,
            {"kind": "all_stocks", "path": "krx/*.csv"},
            {"kind": "index_history", "index": "KOSPI", "path": "kospi.csv"},
            {"kind": "sqlite", "path": "x.db", "tables": {}},
        )  # fmt: skip
    assert caught.value.exit_code == 2
    assert [(each.column, each.found) for each in caught.value.problems] == [
        ("params.marketpost.sources.0.path", "datasets"),
        ("params.marketpost.sources.1.path", "sectors.csv"),
        ("params.marketpost.sources.2.path", "names.csv"),
        ("params.marketpost.sources.3.path", "krx/*.csv"),
        ("params.marketpost.sources.4.path", "kospi.csv"),
        ("params.marketpost.sources.5.path", "x.db"),
    ]
    assert all(each.file == "config.yaml" and each.remedy for each in caught.value.problems)
