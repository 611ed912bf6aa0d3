"""Small blogs with data on disk, for the tests of `generator.dataset`."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from generator.calendars import TradingCalendar
from generator.config import Config, Settings, Site
from generator.dataset.load import load, load_session
from generator.dataset.sources import open_sources
from generator.errors import DatasetError

DAY = date(2026, 5, 13)
BEFORE = date(2026, 5, 12)
AFTER = date(2026, 5, 14)


WEEKDAYS = TradingCalendar(
    "XKRX",
    tuple(
        day
        for day in (date(2025, 12, 1) + timedelta(days=n) for n in range(365))
        if day.weekday() < 5 and day != date(2026, 5, 5)
    ),
)
"""Every weekday of 2026 but Children's Day."""

INDICES = "index,close,previous_close,change_pct\nKOSPI,7844.01,7643.10,2.63\n"


def config(root, *sources, **market):
    """The configuration of a blog in `root`; without sources the default folder `datasets`."""
    data = {"market": market}
    if sources:
        data["sources"] = list(sources)
    return Config(
        root=root, site=Site(baseURL="https://example.org/"), settings=Settings.model_validate(data)
    )


def head(day=DAY, **more):
    """The text of a session.yaml; a key that is None is left out."""
    keys = {"date": day, "status": "final", "as_of": f"{day}T15:30:00+09:00", **more}
    return "".join(f"{key}: {value}\n" for key, value in keys.items() if value is not None)


def session(root, day=DAY, folder="datasets", yaml=None, notes=None, **tables):
    """Write a session's folder; tables as CSV text, bytes for the odd ones."""
    path = root / folder / str(day)
    path.mkdir(parents=True, exist_ok=True)
    text = head(day) if yaml is None else yaml
    files = {"session.yaml": text, **{f"{name}.csv": content for name, content in tables.items()}}
    if notes is not None:
        files["notes.md"] = notes
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (path / name).write_bytes(data)
    return path


def opened(root, *sources, **market):
    """Sources of a blog in `root`."""
    return open_sources(config(root, *sources, **market))


def read(root, *sources, day=DAY, calendar=WEEKDAYS, **market):
    """One session, and what was worth telling of it."""
    settings = config(root, *sources, **market).settings
    return load_session(opened(root, *sources, **market), calendar, settings, day)


def read_all(root, *sources, calendar=WEEKDAYS, dates=None):
    """The tables of all sessions."""
    return load(opened(root, *sources), calendar, dates=dates)


def refused(root, *sources, day=DAY, calendar=WEEKDAYS):
    """The problems for which a session is withheld."""
    with pytest.raises(DatasetError) as caught:
        read(root, *sources, day=day, calendar=calendar)
    return caught.value.problems


def only(problems):
    """The single problem there should be."""
    problems = tuple(problems)
    assert len(problems) == 1, "\n".join(map(str, problems))
    return problems[0]


def fdr(*rows):
    """A listing as FinanceDataReader writes it, from (code, market, close, change)."""
    lines = [
        ",Code,ISU_CD,Name,Market,Dept,Close,ChangeCode,Changes,ChagesRatio,Open,High,Low,Volume,Amount,Marcap,Stocks,MarketId"
    ]
    for place, (code, market, close, change) in enumerate(rows):
        base = close - change
        ratio = f"{change / base * 100:.2f}"
        direction = "1" if change > 0 else "2" if change < 0 else "3"
        lines.append(
            f"{place},{code},KR7{code}00,회사{place},{market},,{close},{direction},{change},{ratio},"
            f"{close},{close},{close},10,{10 * close},{1000 * close},1000,STK"
        )
    return "\ufeff" + "\n".join(lines) + "\n"
