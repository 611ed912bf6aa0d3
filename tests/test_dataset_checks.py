"""Bad cells and rows that contradict themselves: each is named with its place, and none reaches a session."""

from __future__ import annotations

import string
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from dataset_cases import BEFORE, DAY, INDICES, only, read, read_all, refused, session
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.dataset.checks import FORBIDDEN, code_points, likely_code
from generator.dataset.consistency import across
from generator.dataset.convert import PLAIN_NUMBER, convert, parse_day
from generator.dataset.places import LIKE_PROBLEMS
from generator.dataset.rounding import half_unit
from generator.dataset.source import SESSION, Rows
from generator.dataset.tables import MAX_TEXT, TABLES

FLOWS = "scope,scope_kind,investor,net_krw\n"
STOCKS = "code,name,open,high,low,close,change,change_pct,volume,market\n"


def stock(**cells):
    """A row of stocks.csv that is fine but for `cells`."""
    row = {
        "code": "005930", "name": "Samsung", "open": "9", "high": "12", "low": "8", "close": "11",
        "change": "1", "change_pct": "10", "volume": "5", "market": "KOSPI", **cells,
    }  # fmt: skip
    return STOCKS + ",".join(row.values()) + "\n"


BAD_TABLES = yaml.safe_load(Path(__file__).with_name("dataset_bad_tables.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", BAD_TABLES, ids=lambda case: f"{case['table']}-{case['message'][:40]}")
def test_each_fault_is_named_with_its_place(tmp_path, case):
    others = {} if case["table"] == "indices" else {"indices": INDICES}
    session(tmp_path, **others, **{case["table"]: case["csv"]})
    problem = only(problem for problem in refused(tmp_path) if problem.column == case["column"])
    assert problem.file == f"datasets/2026-05-13/{case['table']}.csv"
    assert problem.line == case["line"]
    assert problem.message == case["message"].replace("FILE", problem.file)
    assert (problem.found, problem.remedy) == (case["found"], case["remedy"])
    assert problem.expected


def test_a_name_of_ten_thousand_characters_is_refused_and_not_repeated(tmp_path):
    session(tmp_path, stocks=stock(name="x" * 10_000))
    problem = only(refused(tmp_path))
    assert (problem.line, problem.column, problem.message) == (2, "name", "is too long for a cell")
    assert problem.found == "x" * 60 + "… (10000 characters)"


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "{{< youtube x >}}",
        "](javascript:x)",
        "../../etc",
        "🚀 Rocket Corp 👩‍🚀",
        "=cmd|' /C calc'!A0",
        "x" * MAX_TEXT,
        "한글 ㈜",
    ],
)
def test_strange_names_are_text(tmp_path, name):
    session(tmp_path, stocks=stock(name=name))
    found, told = read(tmp_path)
    assert (found.stocks[0].name, told) == (name, ())


@pytest.mark.parametrize(
    ("table", "content"),
    [
        # 7,844.01 / 7,643.1 is +2.6286%: the shorter ones are the same, rounded.
        ("indices", INDICES.replace("2.63", "2.6")),
        ("indices", INDICES.replace("2.63", "3")),
        # A level of 110 on 100 that are both rounded allows 8.97 to 11.05%.
        ("indices", "index,close,previous_close,change_pct\nK,110,100,11.01\n"),
        # Did not trade: open, high and low are 0.
        ("stocks", stock(open="0", high="0", low="0", volume="0")),
        # 3.58tn + 0.18tn against 3.76tn, each rounded to 0.01tn.
        ("flows", FLOWS + "K,market,retail,1890000000000\nK,market,institution,1690000000000\n"
                  "K,market,foreign,-3760000000000\nK,market,other,190000000000\n"),
        ("flows", FLOWS + "K,market,retail,1890000000000\nK,market,institution,1690000000000\n"
                  "K,market,foreign,-3760000000000\n"),
        ("events", "date,headline,url\n2026-05-13,N,https://example.org/a?b=(c)\n2026-05-13,N,/post/x/\n"),
        ("intraday", "time,index\nMorning,KOSPI\n23:59,KOSPI\n"),
    ],
)  # fmt: skip
def test_what_rounding_or_the_market_explains_is_fine(tmp_path, table, content):
    others = {} if table == "indices" else {"indices": INDICES}
    session(tmp_path, **others, **{table: content})
    _, told = read(tmp_path)
    assert told == ()


def test_flows_of_three_groups_with_a_large_rest_are_told_and_kept(tmp_path):
    rows = (
        "K,market,retail,1890000000000\nK,market,institution,1690000000000\nK,market,foreign,-4000000000000\n"
    )
    session(tmp_path, indices=INDICES, flows=FLOWS + rows)
    found, told = read(tmp_path)
    problem = only(told)
    # 1.89 + 1.69 - 4.00 = -0.42tn, 10.5% of the largest.
    assert problem.found.endswith("= -420,000,000,000 KRW")
    assert "`other` (other corporations) is not given" in problem.message
    assert len(found.flows) == 3


def test_all_problems_come_at_once_and_sessions_beside_are_loaded(tmp_path):
    session(tmp_path, day=BEFORE, indices=INDICES)
    session(
        tmp_path,
        yaml="date: 2026-05-13\nstatus: shut\nas_of: 2026-05-13T15:30:00+09:00\n",
        indices="index,close\nKOSPI,x\nKOSPI,-1\n",
        breadth="scope,listed,advancers\nall,1,2\n",
        flows="scope\n",
    )
    problems = refused(tmp_path)
    assert {(each.file.rsplit("/", 1)[1], each.line, each.column) for each in problems if each.fatal} == {
        ("session.yaml", 2, "status"),
        ("indices.csv", 2, "close"),
        ("indices.csv", 3, "close"),
        ("indices.csv", 3, "index"),
        ("breadth.csv", 2, "listed"),
        ("flows.csv", 1, "scope_kind"),
        ("flows.csv", 1, "investor"),
    }
    data = read_all(tmp_path)
    assert list(data.withheld) == [DAY]
    assert set(data.withheld[DAY]) == set(problems)
    assert data.tables["indices"]["date"].tolist() == [pd.Timestamp(BEFORE)]
    assert data.tables["breadth"].empty


def test_many_like_problems_are_counted_not_listed(tmp_path):
    rows = "".join(f"{number:06},x\n" for number in range(100))
    session(tmp_path, stocks="code,close\n" + rows)
    problems = refused(tmp_path)
    assert len(problems) == LIKE_PROBLEMS
    assert problems[0].message == "is no plain number"
    assert problems[-1].message == "is no plain number (and 80 more like this)"


def test_a_problem_shows_no_control_characters(tmp_path):
    """Whatever a file holds, a terminal gets text."""
    session(
        tmp_path,
        indices="index,\x1b[31mclsoe,\x1b[31mclsoe\nKOSPI,1,1\n",
        stocks="code,\x1bclose\n005930,1\n",
        clusters="cluster,codes\nx\x07,\x1b[2J\n",
        flows="scope,scope_kind,investor,net_krw\nK\x1b,market,retail,1\nK\x1b,market,institution,1\n"
        "K\x1b,market,foreign,1\nK\x1b,market,other,9\n",
    )
    problems = refused(tmp_path)
    assert {problem.file.rsplit("/", 1)[1] for problem in problems} == {
        "indices.csv", "stocks.csv", "clusters.csv", "flows.csv"
    }  # fmt: skip
    assert all(str(problem).isprintable() for problem in problems)


def test_a_problem_prints_as_one_line():
    rows = Rows(
        table="stocks",
        frame=pd.DataFrame(
            {SESSION: [pd.Timestamp(DAY)], "code": ["005930"], "open": [3], "low": [4], "high": [5]}
        ),
        files=("db.sqlite#prices",),
        numbering="key",
    )
    (found,) = across(rows, convert(rows))
    assert str(found.problem) == (
        "db.sqlite#prices, row 2026-05-13 005930, column open: lies outside the session's high and low; "
        "found 'open 3, low 4, high 5'; expected low ≤ open and close ≤ high. "
        "Correct the row, or leave the cells blank"
    )


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_that_python_prints_is_a_plain_number(value):
    assert PLAIN_NUMBER.fullmatch(repr(value))


@settings(deadline=None)
@given(st.text())
def test_plain_numbers_are_what_python_reads_less_its_extras(text):
    if PLAIN_NUMBER.fullmatch(text):
        assert np.isfinite(float(text)) or "e" in text.lower()
        assert set(text) <= set(string.digits + "+-.eE")


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 4))
def test_the_half_unit_of_a_decimal_covers_what_rounds_to_it(digits, decimals):
    value = digits / 10**decimals
    (half,) = half_unit(np.array([value]))
    shortest = len(repr(value).split(".")[1].rstrip("0"))
    assert half == pytest.approx(0.5 * 10.0**-shortest)


@pytest.mark.parametrize(
    ("value", "plain", "amount"),
    [
        (1.89e12, 0.5, 5e9),
        (455_700_000_001, 0.5, 0.5),
        (0, 0.5, 0.5),
        (-0.2, 0.05, 0.05),
        (1.25e-7, 5e-7, 5e-7),
    ],
)
def test_trailing_zeros_count_for_amounts_only(value, plain, amount):
    assert half_unit(np.array([value]))[0] == pytest.approx(plain)
    assert half_unit(np.array([value]), trailing_zeros=True)[0] == pytest.approx(amount)


@settings(deadline=None)
@given(st.characters())
def test_a_character_is_shown_or_named(character):
    assert bool(FORBIDDEN.search(character)) == bool(code_points(character))
    if character.isprintable():
        assert not FORBIDDEN.search(character)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_any_name_is_read_as_it_is_or_refused_with_its_place(tmp_path, name):
    quoted = '"' + name.replace('"', '""') + '"'
    session(tmp_path, stocks=f"code,name\n005930,{quoted}\n")
    if FORBIDDEN.search(name.strip(" \t\r\n")):
        problem = only(refused(tmp_path))
        assert (problem.line, problem.column) == (2, "name")
    else:
        found, _ = read(tmp_path)
        assert "".join((found.stocks[0].name or "").split()) == "".join(name.split())


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-05-13", DAY), ("20260513", DAY), (20260513, DAY), (20260513.0, DAY), (DAY, DAY),
        (pd.Timestamp("2026-05-13 15:30"), DAY), (np.datetime64("2026-05-13"), DAY),
        ("2026-05-13 15:30:00", DAY),
        ("2026-05-13T15:30:00+09:00", DAY), (pd.NaT, None), ("2026-02-30", None), ("13.05.2026", None),
        (pd.Timestamp("2026-05-13", tz="Asia/Seoul"), None), ("2026-W20-3", None), (46155, None),
        ("", None), (None, None),
    ],
)  # fmt: skip
def test_days_in_every_form_sources_use(value, expected):
    assert parse_day(value) == expected


@pytest.mark.parametrize("code", ["005930", "0126Z0", "00088K"])
def test_a_good_code_needs_no_hint(code):
    assert likely_code(code) == ""


def test_numbers_beside_bad_ones_stay_numbers():
    rows = Rows(
        table="stocks",
        frame=pd.DataFrame({SESSION: [pd.Timestamp(DAY)] * 4, "close": ["1.5", "x", None, 2]}, dtype=object),
        files=("f",),
    )
    assert convert(rows)["close"].tolist()[:2] == [1.5, "x"]


def test_every_column_of_every_table_is_checked():
    """A column whose kind nothing checks would let anything through."""
    from generator.dataset.checks import rules_for  # noqa: PLC0415 - the schema's generator, for this test only

    for table in TABLES.values():
        for column in table.columns:
            assert rules_for(column), f"{table.name}.{column.name}"
