"""Tiny frames to measure, and the real market read by an independent path."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from real_data import KRX, MARKET

from generator.calendars import TradingCalendar
from generator.dataset.dataset import Dataset


def table(**columns):
    """A frame with a `date` column of real dates."""
    frame = pd.DataFrame(columns)
    frame["date"] = pd.to_datetime(frame["date"]).astype("datetime64[us]")
    return frame


def dataset(**tables):
    return Dataset(tables=tables)


def weekdays(first, count):
    """A calendar of `count` weekdays from `first` on, and its days."""
    days = tuple(stamp.date() for stamp in pd.bdate_range(first, periods=count))
    return TradingCalendar("XTST", days), days


def real_stocks():
    """The 33 real sessions of all listed stocks in our columns."""
    raw = pd.read_parquet(KRX / "marcap-2026.parquet")
    stocks = pd.DataFrame(
        {
            "date": raw["Date"],
            "code": raw["Code"].astype(object),
            "name": raw["Name"].astype(object),
            "market": raw["Market"].replace({"KOSDAQ GLOBAL": "KOSDAQ"}).astype(object),
            "open": raw["Open"],
            "high": raw["High"],
            "low": raw["Low"],
            "close": raw["Close"],
            "change": raw["Changes"],
            "change_pct": raw["ChangesRatio"],
            "volume": raw["Volume"],
            "value_traded": raw["Amount"],
            "market_value": raw["Marcap"],
            "shares": raw["Stocks"].astype(float),
            "change_code": raw["ChangeCode"].astype(object),
        }
    )
    sectors = pd.read_csv(KRX / "sectors.csv", dtype=str).set_index("Code")["Industry"]
    stocks["sector"] = stocks["code"].map(sectors).astype(object)
    stocks = stocks.sort_values(["code", "date"]).reset_index(drop=True)
    before = stocks.groupby("code")["close"].shift()
    base = stocks["close"] - stocks["change"]
    silent = (stocks["open"] == 0) & (stocks["high"] == 0) & (stocks["low"] == 0)
    stocks["set_aside"] = np.select(
        [silent, stocks["change_pct"].abs() > 30, before.notna() & (before != base)],
        ["not_traded", "beyond_limit", "adjusted"],
        "",
    ).astype(object)
    return stocks


def real_indices():
    """The daily history of both indices since 1995 in our columns."""
    frames = []
    for index in ("KOSPI", "KOSDAQ"):
        raw = pd.read_csv(KRX / f"index-{index.lower()}.csv", parse_dates=["Date"])
        frames.append(
            pd.DataFrame(
                {
                    "date": raw["Date"].astype("datetime64[us]"),
                    "index": index,
                    "open": raw["Open"],
                    "high": raw["High"],
                    "low": raw["Low"],
                    "close": raw["Close"],
                    "change_pct": (raw["Change"] * 100).round(2),
                    "value_traded": raw["Amount"].astype(float),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def folder(name):
    """A reference session's tables that metrics read, as its CSV files have them."""
    tables = {}
    for each in ("indices", "breadth", "flows", "stocks", "intraday"):
        path = MARKET / name / f"{each}.csv"
        if path.exists():
            frame = pd.read_csv(path, dtype={"code": str})
            frame.insert(0, "date", pd.Timestamp(date.fromisoformat(name)))
            tables[each] = frame
    return Dataset(tables=tables)


def stock(code, market, close, change, shares, **columns):
    """A row of `stocks` without its date; prices and change consistent unless stated."""
    base = close - change
    row = {
        "code": code,
        "market": market,
        "open": base,
        "high": max(base, close),
        "low": min(base, close),
        "close": close,
        "change": change,
        "change_pct": change / base * 100,
        "shares": shares,
        "market_value": np.nan,
        "sector": None,
        "set_aside": "",
    }
    return {**row, **columns}
