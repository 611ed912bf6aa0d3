from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from metrics_cases import weekdays

from generator.figures import Formula
from generator.metrics.definitions import METRICS
from generator.metrics.measures import EARLIER, Measures, at

_, DAYS = weekdays("2024-01-08", 60)


def history(rows, **columns):
    """A history in which only the given metrics have values."""
    index = pd.DatetimeIndex(DAYS[:rows], dtype="datetime64[us]", name="date")
    frame = pd.DataFrame(
        {
            name: pd.Series(pd.NaT if metric.kind == "date" else np.nan, index=index).astype(
                "datetime64[us]" if metric.kind == "date" else "float64"
            )
            for name, metric in METRICS.items()
        }
    )
    for name, values in columns.items():
        frame[name] = pd.array(values, dtype=frame[name].dtype)
    return frame


def test_only_what_is_there():
    frame = history(2, kospi_change_pct=[1.0, 2.5], advancers=[900.0, np.nan])
    measures = at(frame, DAYS[1])
    assert measures.values == {"kospi_change_pct": 2.5}  # noqa: PD011 - our own mapping
    assert measures.counts == {"kospi_change_pct": 2}
    assert measures.percentiles == {}
    assert measures.dates == {}
    assert measures.figure("advancers") is None
    assert measures.percentile("advancers") is None


def test_dates_flags_and_counts():
    since = pd.Timestamp("2023-05-02")
    frame = history(
        22,
        kospi_largest_rise_since=[None] * 21 + [since],
        kospi_all_time_high=[0.0] * 21 + [1.0],
        advancers=[float(900 + place) for place in range(22)],
    )
    measures = at(frame, DAYS[21])
    assert measures.dates == {"kospi_largest_rise_since": date(2023, 5, 2)}
    assert measures.values == {"kospi_all_time_high": 1.0, "advancers": 921.0}  # noqa: PD011 - the same
    # A flag has no place in its history.
    assert measures.percentiles == {"advancers": 100.0}
    figure = measures.figure("kospi_largest_rise_since")
    assert (figure.value, figure.unit) == (date(2023, 5, 2), "date")
    figure = measures.figure("advancers")
    assert figure.value == 921
    assert isinstance(figure.value, int)
    assert figure.unit == "stocks"


def test_a_figure_says_how_it_came_about():
    figure = at(history(1, kosdaq_minus_kospi_pp=[-2.89]), DAYS[0]).figure("kosdaq_minus_kospi_pp")
    assert figure.id == "kosdaq_minus_kospi_pp"
    assert (figure.value, figure.unit, figure.precision) == (-2.89, "pp", 2)
    assert figure.source == Formula(
        "kosdaq_change_pct - kospi_change_pct", ("kosdaq_change_pct", "kospi_change_pct")
    )


def test_percentiles_by_hand():
    # 0 to 19, then five times 20, today's the last: 20 are below, the five rank 21 to 25, in the middle 23.
    frame = history(25, adr20=[*map(float, range(20)), *[20.0] * 5])
    measures = at(frame, DAYS[24])
    assert measures.percentiles == {"adr20": 23 / 25 * 100}
    figure = measures.percentile("adr20")
    assert (figure.id, figure.value, figure.precision) == ("adr20.percentile", 92.0, 0)
    assert figure.source == Formula("percentile of adr20 among 25 sessions", ("adr20",))


def test_percentiles_need_twenty_earlier_values():
    values = [float(place) for place in range(40)]
    frame = history(40, adr20=values)
    assert at(frame, DAYS[EARLIER - 1]).percentiles == {}
    assert at(frame, DAYS[EARLIER]).percentiles == {"adr20": 100.0}


def test_what_came_later_does_not_count():
    values = [float((place * 7) % 31) for place in range(40)]
    whole, cut = history(40, adr20=values), history(30, adr20=values[:30])
    assert at(whole, DAYS[29]) == at(cut, DAYS[29])


@pytest.mark.parametrize("day", [date(2024, 1, 7), date(2024, 1, 13), date(2030, 1, 1)])
def test_a_day_that_was_not_measured(day):
    assert at(history(10, adr20=[1.0] * 10), day) == Measures(day=day)


def test_an_unknown_metric_is_a_mistake():
    with pytest.raises(KeyError, match="kospi_chnge_pct"):
        Measures(day=DAYS[0]).figure("kospi_chnge_pct")
    with pytest.raises(KeyError, match="kospi_chnge_pct"):
        Measures(day=DAYS[0]).percentile("kospi_chnge_pct")


@given(st.lists(st.integers(0, 5), min_size=EARLIER + 1, max_size=40))
def test_percentiles_are_pandas_own_ranks(values):
    frame = history(len(values), adr20=[float(value) for value in values])
    expected = pd.Series(values).rank(pct=True).iloc[-1] * 100
    assert at(frame, DAYS[len(values) - 1]).percentiles["adr20"] == pytest.approx(expected)
