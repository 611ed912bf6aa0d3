"""A table's records that are made when somebody asks for one."""

from __future__ import annotations

import pytest

from generator.dataset import rows
from generator.dataset.rows import Rows, column
from generator.dataset.session import Origin, Stock

CODES, NAMES = ["005930", "000660", "035420"], ["삼성전자", None, "NAVER"]
ORIGINS = {
    "": (["a.csv"] * 3, ["line 2", "line 3", "line 4"]),
    "name": ([None, None, "names.csv"], [None, None, "line 9"]),
}
PLAIN = tuple(Stock(code=code, name=name) for code, name in zip(CODES, NAMES, strict=True))


@pytest.fixture
def stocks():
    return Rows(Stock, 3, {"code": CODES, "name": NAMES}, ORIGINS)


def test_they_are_the_records_of_the_table(stocks):
    assert stocks == PLAIN
    assert stocks == PLAIN
    assert list(stocks) == list(PLAIN)
    assert stocks != PLAIN[:2]
    assert stocks != (*PLAIN[:2], Stock(code="035420", name="Naver"))
    assert stocks[-1].name == "NAVER"
    assert stocks[1:] == PLAIN[1:]
    assert stocks[0] is stocks[0]
    with pytest.raises(IndexError):
        stocks[3]


def test_a_record_knows_where_each_value_is_from(stocks):
    assert dict(stocks[0].origins) == {"": Origin("a.csv", "line 2")}
    assert dict(stocks[2].origins) == {"": Origin("a.csv", "line 4"), "name": Origin("names.csv", "line 9")}
    assert len(stocks[0].origins) == 1
    assert stocks[0].cell("name").row == "line 2"
    assert stocks[2].cell("name").row == "line 9"
    assert stocks[2].cell("close").row == "line 4"


def test_a_column_is_read_without_making_a_record(stocks, monkeypatch):
    monkeypatch.setattr(stocks, "_kind", None)
    assert column(stocks, "code") == CODES
    assert column(stocks, "name") == NAMES


@pytest.mark.parametrize(
    ("columns", "origins"),
    [({"code": CODES[:2]}, {}), ({"code": CODES}, {"": (["a.csv"] * 3, ["line 2"])})],
)
def test_a_column_of_another_length_is_refused(columns, origins):
    with pytest.raises(ValueError, match="does not have 3 values"):
        Rows(Stock, 3, columns, origins)


def test_a_column_that_is_not_there_has_the_defaults(stocks):
    assert column(stocks, "market") == [None] * 3
    assert stocks._made == {}
    assert column(PLAIN, "name") == NAMES
    assert rows.column((), "name") == []


def test_a_record_is_found_by_a_column(stocks):
    assert rows.places_by(stocks, "code") == {"005930": 0, "000660": 1, "035420": 2}
    assert rows.places_by(PLAIN, "code") == rows.places_by(stocks, "code")
