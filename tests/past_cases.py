"""Histories of metrics made by hand, and the real one, for what is told of a day's place among others."""

from __future__ import annotations

import csv
from functools import cache

import numpy as np
import pandas as pd
from metrics_cases import dataset, real_indices, real_stocks, weekdays
from real_data import KRX

from generator.metrics.definitions import METRICS
from generator.metrics.measure import measure
from generator.metrics.measures import at
from generator.precedents import Past

CALENDAR, DAYS = weekdays("2024-01-08", 400)


def history(days, **columns):
    """A history of those days with the given metrics; the others are missing."""
    index = pd.DatetimeIndex(pd.to_datetime(list(days)), name="date").astype("datetime64[us]")
    frame = pd.DataFrame(np.nan, index=index, columns=list(METRICS), dtype="float64")
    for name, values in columns.items():
        frame[name] = (
            pd.to_datetime(values) if METRICS[name].kind == "date" else np.array(values, dtype=float)
        )
    return frame


def told(days=DAYS, **columns):
    """Measures and past of the last of those days."""
    days = list(days)
    frame = history(days, **columns)
    return at(frame, days[-1]), Past(day=days[-1], history=frame, calendar=CALENDAR)


def measured(calendar, folder, *, stocks):
    """Keep the metrics of the real index files in a folder, those of all stocks with them where asked."""
    tables = {"indices": real_indices(), **({"stocks": real_stocks()} if stocks else {})}
    measure(dataset(**tables), calendar).to_pickle(folder / "history.pickle")


def read_frame(folder):
    """What `measured` kept there."""
    return pd.read_pickle(folder / "history.pickle")  # noqa: S301 - our own


def real(history, calendar, day):
    """Measures and past of a real day."""
    return at(history, day), Past(day=day, history=history, calendar=calendar)


@cache
def closes(index):
    """(date, close, change in %) of an index, read with nothing but csv; the first change is None."""
    with (KRX / f"index-{index}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found, before = [], None
    for row in rows:
        close = float(row["Close"])
        change = float(row["Change"]) if row["Change"] else before and close / before - 1
        found.append((row["Date"], close, None if change is None else round(change * 100, 2)))
        before = close
    return found
