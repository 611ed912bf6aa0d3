"""The metrics that every index has: changes, extremes, records, streaks, activity."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from generator.metrics.metric import WINDOW, YEAR, Metric

if TYPE_CHECKING:
    from collections.abc import Mapping

INDICES: Mapping[str, str] = MappingProxyType({"kospi": "KOSPI", "kosdaq": "KOSDAQ"})
"""The indices measured: prefix of their metrics, and name in the table `indices`."""

_RUN = "gap-free history"


def ratio_name(prefix: str) -> str:
    """KOSPI's activity is the market's, and carries no prefix."""
    return "value_traded_ratio_20" if prefix == "kospi" else f"{prefix}_value_traded_ratio_20"


def index_metrics(prefix: str, index: str) -> tuple[Metric, ...]:
    """The metrics of one index; `prefix` begins their names."""

    def column(*names: str) -> tuple[str, ...]:
        return tuple(f"indices.{name}" for name in names)

    def own(*names: str) -> tuple[str, ...]:
        return tuple(f"{prefix}_{name}" for name in names)

    return (
        Metric(f"{prefix}_close", "points", 2, "close", f"last level of {index}", column("close")),
        Metric(
            f"{prefix}_change_pct", "%", 2,
            "change_pct as stated, else (close / previous close - 1) * 100",
            f"{index} against the close before",
            column("change_pct", "close", "previous_close"),
        ),
        Metric(
            f"{prefix}_change_points", "points", 2,
            "close - previous close, the latter as stated or from the session before",
            f"{index} against the close before, in points",
            column("close", "previous_close"),
        ),
        Metric(
            f"{prefix}_gap_pct", "%", 2,
            "open_change_pct as stated, else (open / previous close - 1) * 100",
            f"{index} at the open against the close before",
            column("open_change_pct", "open", "previous_close"),
        ),
        Metric(
            f"{prefix}_low_pct", "%", 2,
            "(low / previous close - 1) * 100; without a low, the lowest change that intraday rows state",
            f"lowest known level of {index} against the close before",
            (*column("low", "previous_close"), "intraday.change_pct", "intraday.level"),
        ),
        Metric(
            f"{prefix}_high_pct", "%", 2,
            "(high / previous close - 1) * 100; without a high, the highest change that intraday rows state",
            f"highest known level of {index} against the close before",
            (*column("high", "previous_close"), "intraday.change_pct", "intraday.level"),
        ),
        Metric(
            f"{prefix}_reversal_pct", "pp", 2,
            "change_pct - min(low_pct, gap_pct) when that minimum is below 0 and change_pct above 0",
            f"how far {index} came back on a day that it was below the close before and ended above it; "
            "missing on other days",
            own("change_pct", "low_pct", "gap_pct"),
        ),
        Metric(
            f"{prefix}_fade_pct", "pp", 2,
            "max(high_pct, gap_pct) - change_pct when that maximum is above 0 and change_pct below 0",
            f"how much {index} gave up on a day that it was above the close before and ended below it; "
            "missing on other days",
            own("change_pct", "high_pct", "gap_pct"),
        ),
        Metric(
            f"{prefix}_range_pct", "%", 2,
            "(high - low) / previous close * 100",
            f"distance of the session's extremes of {index}; only from a stated high and low",
            column("high", "low", "previous_close"),
        ),
        Metric(
            f"{prefix}_all_time_high", "number", 0,
            "1 if all_time_high is stated, or no earlier close is higher "
            f"in a {_RUN} of at least {YEAR} sessions before",
            f"{index} closed at its highest so far; 0 as soon as any earlier close in the history is higher; "
            "missing where the history cannot tell",
            (*own("close"), *column("all_time_high")),
            "flag",
        ),
        Metric(
            f"{prefix}_from_high_pct", "%", 2,
            f"(close / highest close so far - 1) * 100 over a {_RUN} of at least {YEAR} sessions before, "
            "or since a record that was stated",
            f"distance of {index} to its highest close so far, 0 at a record",
            (*own("close"), *column("all_time_high")),
        ),
        Metric(
            f"{prefix}_52w_high", "number", 0,
            f"1 if no close of the last {YEAR} sessions is higher; 1 at a stated record",
            f"{index} closed at its highest of 52 weeks",
            (*own("close"), *column("all_time_high")),
            "flag",
        ),
        Metric(
            f"{prefix}_52w_high_distance_pct", "%", 2,
            f"(close / highest close of the last {YEAR} sessions - 1) * 100",
            f"distance of {index} to its highest close of 52 weeks, this one included",
            (*own("close"), *column("all_time_high")),
        ),
        Metric(
            f"{prefix}_up_streak", "sessions", 0,
            "sessions in a row with change_pct > 0, this one included",
            f"how long {index} has been rising; 0 when it did not rise; missing when the row reaches back to "
            "the start of the history or to a missing session, as its length is then unknown",
            own("change_pct"),
        ),
        Metric(
            f"{prefix}_down_streak", "sessions", 0,
            "sessions in a row with change_pct < 0, this one included",
            f"how long {index} has been falling; 0 and missing as for the rising streak",
            own("change_pct"),
        ),
        Metric(
            f"{prefix}_largest_rise_since", "date", 0,
            f"last session with change_pct >= this one's, in a {_RUN}; only when it rose",
            f"the last time {index} rose as much or more",
            own("change_pct"),
            "date",
        ),
        Metric(
            f"{prefix}_largest_rise_ever", "number", 0,
            f"1 if it rose and no earlier session as much, in a {_RUN} of at least {YEAR} sessions before",
            f"the largest rise of {index} in the history so far; 0 when an earlier one is known; missing "
            "when it did not rise or the history cannot tell",
            own("change_pct"),
            "flag",
        ),
        Metric(
            f"{prefix}_largest_fall_since", "date", 0,
            f"last session with change_pct <= this one's, in a {_RUN}; only when it fell",
            f"the last time {index} fell as much or more",
            own("change_pct"),
            "date",
        ),
        Metric(
            f"{prefix}_largest_fall_ever", "number", 0,
            f"1 if it fell and no earlier session as much, in a {_RUN} of at least {YEAR} sessions before",
            f"the largest fall of {index} in the history so far; 0 and missing as for the largest rise",
            own("change_pct"),
            "flag",
        ),
        Metric(
            f"{prefix}_highest_since", "date", 0,
            f"last session with a higher close, in a {_RUN}",
            f"the last time {index} closed higher; missing at a record",
            own("close"),
            "date",
        ),
        Metric(
            f"{prefix}_lowest_since", "date", 0,
            f"last session with a lower close, in a {_RUN}",
            f"the last time {index} closed lower",
            own("close"),
            "date",
        ),
        Metric(
            f"{prefix}_value_traded", "KRW", 2,
            "value_traded", f"value of all trades of {index}'s members", column("value_traded"),
        ),
        Metric(
            ratio_name(prefix), "ratio", 2,
            f"value_traded / mean of value_traded over the {WINDOW} sessions before",
            f"activity in {index} against the {WINDOW} sessions before: 1 is as usual",
            own("value_traded"),
        ),
    )  # fmt: skip
