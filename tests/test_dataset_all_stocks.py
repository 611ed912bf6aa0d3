"""Files of all listed stocks in the layouts of the field, and what is set apart or counted from them."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from dataset_cases import AFTER, BEFORE, DAY, INDICES, fdr, only, opened, read, read_all, refused, session

from generator.dataset.listing import day_in_name
from generator.dataset.load import available
from generator.errors import DatasetError
from generator.figures import Cell

SOURCE = {"kind": "all_stocks", "path": "krx/*.csv"}


GOOD = fdr(("005930", "KOSPI", 110, 10))


def put(root, name, content):
    path = root / "krx" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def marcap(root, rows, name="marcap-2026.parquet", **columns):
    """A Parquet file as marcap has it: (date, code, market, close, change)."""
    frame = pd.DataFrame(rows, columns=["Date", "Code", "Market", "Close", "Changes"])
    base = frame["Close"] - frame["Changes"]
    frame = frame.assign(
        Date=pd.to_datetime(frame["Date"]),
        Name=frame["Code"],
        ChangeCode=frame["Changes"].map(lambda change: "1" if change > 0 else "2" if change < 0 else "3"),
        ChagesRatio=float("nan"),
        ChangesRatio=(frame["Changes"] / base * 100).round(2),
        Open=frame["Close"], High=frame["Close"], Low=frame["Close"],
        Volume=10.0, Amount=100.0, Marcap=1e9, Stocks=10,
    ).assign(**columns)  # fmt: skip
    path = root / "krx" / name
    path.parent.mkdir(exist_ok=True)
    frame.to_parquet(path)
    return path


PARQUET = {"kind": "all_stocks", "path": "krx/marcap-2026.parquet"}


def test_a_listing_of_financedatareader_is_read(tmp_path):
    put(
        tmp_path,
        "fdr-2026-05-13.csv",
        fdr(("005930", "KOSPI", 284000, 5000), ("0126Z0", "KOSDAQ GLOBAL", 900, -100)),
    )
    found, told = read(tmp_path, SOURCE)
    assert told == ()
    first, second = found.stocks
    assert (first.code, first.name, first.close, first.change, first.change_pct) == (
        "005930", "회사0", 284000, 5000, 1.79
    )  # fmt: skip
    assert (second.code, second.market, second.change_pct, second.shares) == ("0126Z0", "KOSDAQ", -10, 1000)
    assert second.cell("close") == Cell("krx/fdr-2026-05-13.csv", "line 3", "close")
    assert (found.status, found.as_of.isoformat()) == ("final", "2026-05-13T15:30:00+09:00")


def test_the_exchanges_download_is_read(tmp_path):
    header = (
        "종목코드,종목명,시장구분,소속부,종가,대비,등락률,시가,고가,저가,거래량,거래대금,시가총액,상장주식수"
    )
    row = (
        "005930,삼성전자,KOSPI,,190100,100,0.05,190000,190300,188600,"
        "24213880,4591033033030,1125323168972200,5919637922"
    )
    quoted = "\r\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in (header, row))
    put(tmp_path, "krx-20260513.csv", quoted.encode("cp949"))
    found, told = read(tmp_path, SOURCE)
    (stock,) = found.stocks
    assert told == ()
    assert (stock.name, stock.close, stock.change_pct) == ("삼성전자", 190100, 0.05)
    assert (stock.value_traded, stock.market_value) == (4591033033030, 1125323168972200)


@pytest.mark.parametrize("filled", ["ChangesRatio", "ChagesRatio"])
def test_marcap_is_read_whichever_spelling_of_the_change_is_filled(tmp_path, filled):
    other = {"ChangesRatio": "ChagesRatio", "ChagesRatio": "ChangesRatio"}[filled]
    marcap(
        tmp_path, [(DAY, "005930", "KOSPI", 110, 10), (AFTER, "005930", "KOSPI", 99, -11)],
        **{filled: [10.0, -10.0], other: [None, None]},
    )  # fmt: skip
    found, told = read(tmp_path, PARQUET, day=AFTER)
    assert told == ()
    assert found.stocks[0].change_pct == -10
    assert found.stocks[0].cell("change_pct").row == "2026-05-14 005930"


def test_in_a_csv_either_spelling_may_be_filled_row_by_row(tmp_path):
    text = (
        "Date,Code,Market,Close,Changes,ChangesRatio,ChagesRatio\n"
        "2026-05-13,000010,KOSPI,110,10,,10\n2026-05-13,000020,KOSPI,90,-10,-10,\n2026-05-13,000030,KOSPI,1,0,,\n"
    )
    put(tmp_path, "marcap.csv", text)
    found, told = read(tmp_path, SOURCE)
    assert told == ()
    assert [stock.change_pct for stock in found.stocks] == [10, -10, None]


@pytest.mark.parametrize("dates", ["text", "digits", "day", "index"])
def test_dates_of_a_parquet_file_may_have_any_form(tmp_path, dates):
    path = marcap(tmp_path, [(DAY, "005930", "KOSPI", 110, 10), (AFTER, "005930", "KOSPI", 99, -11)])
    frame = pd.read_parquet(path)
    if dates == "index":
        frame.set_index("Date").to_parquet(path)
    else:
        forms = {"text": "%Y-%m-%d", "digits": "%Y%m%d"}
        days = frame["Date"].dt.date if dates == "day" else frame["Date"].dt.strftime(forms[dates])
        frame.assign(Date=days).to_parquet(path)
    assert read(tmp_path, PARQUET, day=AFTER)[0].stocks[0].close == 99
    assert list(available(opened(tmp_path, PARQUET))) == [DAY, AFTER]


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("fdr-listing-2026-03-16.csv", date(2026, 3, 16)),
        ("krx-all-stocks-20260220.csv", date(2026, 2, 20)),
        ("20260220-from-20260219.csv", date(2026, 2, 19)),
        ("marcap-2026.parquet", None),
        ("data_5823_20260230.csv", None),
        ("1202602201.csv", None),
    ],
)
def test_the_day_in_a_files_name(name, day):
    assert day_in_name(name) == day


def test_a_layout_can_be_told_when_the_header_is_not_enough(tmp_path):
    put(tmp_path, "x-2026-05-13.csv", GOOD)
    problem, *rest = refused(tmp_path, {**SOURCE, "layout": "krx"})
    assert (problem.column, problem.line) == ("종목코드", 1)
    assert problem.message == "the column is missing; the exchange's download have it"
    assert len(rest) == 3


def test_stocks_that_did_not_trade_or_were_adjusted_are_set_apart(tmp_path):
    rows = [
        # yesterday's closes
        (BEFORE, "000010", "KOSPI", 100, 0), (BEFORE, "000020", "KOSPI", 100, 0),
        (BEFORE, "000030", "KOSPI", 1000, 0), (BEFORE, "000040", "KOSDAQ", 100, 0),
        # today: a plain move, one without trade, a split 10:1 up 5, one past the limit
        (DAY, "000010", "KOSPI", 110, 10), (DAY, "000020", "KOSPI", 100, 0),
        (DAY, "000030", "KOSPI", 105, 5), (DAY, "000040", "KOSDAQ", 160, 60),
    ]  # fmt: skip
    silent = [number == 5 for number in range(8)]
    closes = [row[3] for row in rows]
    traded = [0.0 if quiet else float(close) for quiet, close in zip(silent, closes, strict=True)]
    marcap(tmp_path, rows, Open=traded, High=traded, Low=traded)
    found, _ = read(tmp_path, PARQUET)
    assert found.set_aside.not_traded == {"000020"}
    assert found.set_aside.adjusted == {"000030"}
    assert found.set_aside.beyond_limit == {"000040"}
    frame = read_all(tmp_path, PARQUET).tables["stocks"]
    today = frame[frame["date"] == pd.Timestamp(DAY)].set_index("code")["set_aside"]
    assert today.to_dict() == {
        "000010": "", "000020": "not_traded", "000030": "adjusted", "000040": "beyond_limit"
    }  # fmt: skip
    # Without the session before nothing tells an adjustment.
    before = read_all(tmp_path, PARQUET, dates=[BEFORE]).tables["stocks"]
    assert before["set_aside"].unique().tolist() == [""]


def test_a_subset_of_dates_is_judged_like_the_whole(tmp_path):
    rows = [(day, "000030", "KOSPI", close, change) for day, close, change in
            [(BEFORE, 1000, 0), (DAY, 105, 5), (AFTER, 110, 5)]]  # fmt: skip
    marcap(tmp_path, rows)
    whole = read_all(tmp_path, PARQUET).tables["stocks"]
    some = read_all(tmp_path, PARQUET, dates=[DAY, AFTER]).tables["stocks"]
    expected = whole[whole["date"] >= pd.Timestamp(DAY)].reset_index(drop=True)
    pd.testing.assert_frame_equal(some, expected)
    assert expected["set_aside"].tolist() == ["adjusted", ""]


def test_a_limit_move_is_a_move(tmp_path):
    marcap(tmp_path, [(DAY, "000010", "KOSPI", 1300, 300), (DAY, "000020", "KOSPI", 700, -300)])
    assert read(tmp_path, PARQUET)[0].set_aside.codes == frozenset()


def test_a_stock_new_to_the_whole_market_is_adjusted(tmp_path):
    old = [(BEFORE, f"{number:06}", "KOSPI", 100, 0) for number in range(3)]
    marcap(tmp_path, [*old, (DAY, "000001", "KOSPI", 101, 1), (DAY, "0001A0", "KOSDAQ", 120, 20)])
    assert read(tmp_path, PARQUET)[0].set_aside.adjusted == {"0001A0"}


def test_breadth_is_counted_with_konex_apart(tmp_path):
    rows = [
        (DAY, "000010", "KOSPI", 110, 10), (DAY, "000020", "KOSPI", 90, -10),
        (DAY, "000030", "KOSDAQ", 90, -10), (DAY, "000040", "KOSDAQ GLOBAL", 100, 0),
        (DAY, "000050", "KONEX", 110, 10),
    ]  # fmt: skip
    marcap(tmp_path, rows)
    found, _ = read(tmp_path, PARQUET)
    counts = {
        each.scope: (each.listed, each.advancers, each.decliners, each.unchanged) for each in found.breadth
    }
    assert counts == {
        "all": (4, 1, 2, 1),
        "KOSPI": (2, 1, 1, 0),
        "KOSDAQ": (2, 0, 1, 1),
        "KONEX": (1, 1, 0, 0),
    }
    assert found.breadth[0].cell("advancers") == Cell(
        "krx/marcap-2026.parquet", "2026-05-13 all, counted from its stocks", "advancers"
    )


def test_one_market_alone_is_not_called_all(tmp_path):
    put(tmp_path, "fdr-2026-05-13.csv", fdr(("005930", "KOSPI", 110, 10), ("000660", "KOSPI", 90, -10)))
    found, _ = read(tmp_path, SOURCE)
    assert [(row.scope, row.advancers, row.decliners) for row in found.breadth] == [("KOSPI", 1, 1)]


def test_a_stated_breadth_and_a_counted_one_are_compared(tmp_path):
    marcap(tmp_path, [(DAY, "000010", "KOSPI", 110, 10), (DAY, "000020", "KOSDAQ", 90, -10)])
    session(tmp_path, indices=INDICES, breadth="scope,listed,advancers,decliners\nall,2,2,0\n")
    folder = {"kind": "folder", "path": "datasets"}
    found, told = read(tmp_path, folder, PARQUET)
    assert (found.breadth[0].advancers, found.breadth[0].decliners, found.breadth[0].unchanged) == (2, 0, 0)
    assert found.breadth[0].cell("advancers").file == "datasets/2026-05-13/breadth.csv"
    assert found.breadth[0].cell("unchanged").file == "krx/marcap-2026.parquet"
    assert [(each.column, each.found, each.expected, each.fatal) for each in told] == [
        ("advancers", "1", "2 as there, which was used", False),
        ("decliners", "1", "0 as there, which was used", False),
    ]
    other, _ = read(tmp_path, PARQUET, folder)
    assert (other.breadth[0].advancers, other.breadth[0].decliners) == (1, 1)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x-2026-05-13.csv", "<html><title>로그인</title>", "is an HTML page where a table should be"),
        ("x-2026-05-13.csv", "", "is empty"),
        ("x-2026-05-13.csv", fdr(), "has a header and no rows"),
        ("x-2026-05-13.csv", "a,b\n1,2\n", "the column is missing; marcap and FinanceDataReader have it"),
        ("x-2026-05-13.csv", GOOD + "1,2,3\n", "the row has 3 cells, the header 18"),
        ("x-2026-05-13.csv", GOOD.replace(",110,", ',"1,110",', 1), "is no plain number"),
        ("x-2026-05-13.csv", GOOD.replace(",1,10,", ",2,10,", 1), "contradicts ChangeCode, which says down"),
        ("x-2026-05-13.csv", fdr(("5930", "KOSPI", 110, 10)), "is no stock code"),
        ("x-2026-05-13.parquet", "<html>", "is an HTML page where a table should be"),
        ("x-2026-05-13.parquet", "code,close", "is no Parquet file"),
        ("x-2026-05-13.parquet", b"PAR1 cut short", "cannot be read as Parquet: "),
        ("x-2026-05-13.parquet", b"", "is empty"),
    ],
)  # fmt: skip
def test_a_bad_file_withholds_the_session_in_its_name(tmp_path, name, content, message):
    put(tmp_path, name, content)
    put(tmp_path, "y-2026-05-14.csv", GOOD)
    source = {**SOURCE, "path": "krx/*"}
    problems = refused(tmp_path, source)
    assert problems[0].message.startswith(message)
    assert {problem.file for problem in problems} == {f"krx/{name}"}
    assert list(available(opened(tmp_path, source))) == [DAY, AFTER]
    data = read_all(tmp_path, source)
    assert list(data.withheld) == [DAY]
    assert data.tables["stocks"]["date"].unique().tolist() == [pd.Timestamp(AFTER)]


@pytest.mark.parametrize("name", ["listing.csv", "listing.parquet"])
def test_a_bad_file_that_may_be_of_any_session_stops_everything(tmp_path, name):
    session(tmp_path, indices=INDICES)
    put(tmp_path, name, "<html>")
    sources = [{"kind": "folder", "path": "datasets"}, {**SOURCE, "path": "krx/*"}]
    for act in (lambda: read(tmp_path, *sources), lambda: available(opened(tmp_path, *sources))):
        with pytest.raises(DatasetError) as caught:
            act()
        assert only(caught.value.problems).file == f"krx/{name}"


def test_a_listing_without_any_date_says_what_to_do(tmp_path):
    put(tmp_path, "listing.csv", GOOD)
    with pytest.raises(DatasetError) as caught:
        read(tmp_path, SOURCE)
    problem = only(caught.value.problems)
    assert (problem.message, problem.remedy) == ("says nowhere which session it is of", "Rename the file")


def test_rows_of_another_day_than_the_name_are_yesterdays_file(tmp_path):
    marcap(tmp_path, [(BEFORE, "005930", "KOSPI", 110, 10)], name="marcap-2026-05-13.parquet")
    problem = only(refused(tmp_path, {**SOURCE, "path": "krx/*.parquet"}))
    assert problem.message == "is of another session than the file's name says"
    assert (problem.found, problem.expected) == ("2026-05-12 00:00:00", "2026-05-13")


def test_closes_that_all_repeat_are_yesterdays_file(tmp_path):
    many = [(f"{number:06}", "KOSPI", 100 + number, 1) for number in range(21)]
    put(tmp_path, "fdr-2026-05-12.csv", fdr(*many))
    put(tmp_path, "fdr-2026-05-13.csv", fdr(*many))
    problem = only(refused(tmp_path, SOURCE))
    assert (problem.file, problem.line, problem.column) == ("krx/fdr-2026-05-13.csv", 2, "close")
    assert problem.message == (
        "the prices are those of an earlier session: all 21 closes equal those of 2026-05-12"
    )
    data = read_all(tmp_path, SOURCE)
    assert list(data.withheld) == [DAY]
    # One close that moved, or one stock fewer, and it is a quiet day.
    put(tmp_path, "fdr-2026-05-13.csv", fdr(*many[:-1], ("000020", "KOSPI", 121, 1)))
    assert len(read(tmp_path, SOURCE)[0].stocks) == 21
    put(tmp_path, "fdr-2026-05-13.csv", fdr(*many[:-1]))
    assert len(read(tmp_path, SOURCE)[0].stocks) == 20


def test_stocks_that_do_not_trade_keep_their_closes(tmp_path):
    rows = [(day, f"{number:06}", "KOSPI", 100, 0) for day in (BEFORE, DAY) for number in range(30)]
    marcap(tmp_path, rows, Open=0.0, High=0.0, Low=0.0, Volume=0.0)
    assert len(read(tmp_path, PARQUET)[0].set_aside.not_traded) == 30


def test_two_files_with_one_session_are_refused(tmp_path):
    put(tmp_path, "a-2026-05-13.csv", GOOD)
    put(tmp_path, "b-2026-05-13.csv", GOOD)
    problem = only(refused(tmp_path, SOURCE))
    assert (problem.file, problem.message) == (
        "krx/b-2026-05-13.csv", "holds a session that krx/a-2026-05-13.csv holds as well"
    )  # fmt: skip


def test_an_unchanged_file_is_not_read_again_and_a_changed_day_is_noticed(tmp_path):
    rows = [(DAY, "000010", "KOSPI", 110, 10), (AFTER, "000010", "KOSPI", 121, 11)]
    path = marcap(tmp_path, rows)
    before = opened(tmp_path, PARQUET)[0].signatures()
    content, stat = path.read_bytes(), path.stat()
    # Same size and time, no content: only a source that looked inside would notice.
    path.write_bytes(b"\0" * len(content))
    import os  # noqa: PLC0415 - to set a file's time back

    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert opened(tmp_path, PARQUET)[0].signatures() == before
    marcap(tmp_path, [rows[0], (AFTER, "000010", "KOSPI", 122, 12)])
    after = opened(tmp_path, PARQUET)[0].signatures()
    assert before[DAY] == after[DAY]
    assert before[AFTER] != after[AFTER]


def test_a_damaged_cache_is_made_again(tmp_path):
    marcap(tmp_path, [(DAY, "000010", "KOSPI", 110, 10)])
    before = opened(tmp_path, PARQUET)[0].signatures()
    for path in (tmp_path / ".marketpost" / "sources").iterdir():
        path.write_text("[1")
    assert opened(tmp_path, PARQUET)[0].signatures() == before
