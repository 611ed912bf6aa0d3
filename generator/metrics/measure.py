"""All metrics of all sessions at once, from a dataset in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from generator.metrics.averages import averages, panel
from generator.metrics.cross_section import cross_section
from generator.metrics.history import history
from generator.metrics.metric import WHOLE_MARKET
from generator.metrics.stocks import listed_stocks
from generator.metrics.timeline import timeline

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from generator.calendars import TradingCalendar
    from generator.dataset.dataset import Dataset


def measure(dataset: Dataset, calendar: TradingCalendar, *, whole_market: int = WHOLE_MARKET) -> pd.DataFrame:
    """One row a session (index `date`, sorted), one column a metric, in the order of `METRICS`.

    float64, flags 1, 0 or NaN, dates as datetime64; what is missing is NaN or NaT, never 0. Days on which
    the exchange was closed are left out.

    Args:
        dataset: Checked tables of any number of sessions.
        calendar: Says which sessions the data lacks; nothing is measured across them.
        whole_market: Stocks of a market from which a session has every listed one.
    """
    listed = listed_stocks(dataset.tables.get("stocks"))
    sessions = cross_section(dataset.tables, listed, whole_market=whole_market)
    sessions = sessions.loc[open_days(pd.DatetimeIndex(sessions.index), calendar)]
    days = pd.DatetimeIndex(sessions.index)
    closes = panel(listed.loc[listed["date"].isin(days)], whole_market)
    reached = averages(closes, days, timeline(calendar))
    return history(pd.concat([sessions, reached], axis=1), calendar)


def open_days(days: pd.DatetimeIndex, calendar: TradingCalendar) -> NDArray[np.bool_]:
    """Which of the days are sessions, as far as the calendar can tell."""
    return np.array(
        [day < calendar.checked_from or calendar.is_session(day) for day in days.date], dtype=bool
    )
