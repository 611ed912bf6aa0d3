"""The shipped rules on real sessions: sane, and right where the day is known."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from metrics_cases import folder
from real_data import MARKET, needs_krx

from generator import rules
from generator.metrics.measure import measure
from generator.tags.choose import matching
from generator.tags.registry import load_registry

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from generator.calendars import TradingCalendar

REGISTRY = load_registry(Path(__file__).parent.parent / "content" / "tags")
RULED = {slug: tag.rule for slug, tag in REGISTRY.by_slug.items() if tag.rule}

needs_market = pytest.mark.skipif(
    not MARKET.is_dir(), reason="the reference sessions (../shared/market) are not here"
)

pytestmark = pytest.mark.krx


@pytest.fixture(scope="module")
def history(real_history: Callable[..., pd.DataFrame]) -> pd.DataFrame:
    """The metrics of the 33 sessions that all stocks are known of, from 2026-01-02 to 2026-02-20."""
    return real_history(stocks=True).loc["2026-01-02":"2026-02-20"]


def days(history: pd.DataFrame, slug: str) -> list[str]:
    held = rules.matches(RULED[slug], history)
    return [f"{day:%m-%d}" for day in history.index[held]]


@needs_krx
def test_no_rule_holds_on_most_days(history: pd.DataFrame) -> None:
    assert len(history) == 33
    shares = {slug: len(days(history, slug)) / 33 for slug in RULED}
    # January 2026 was a run of records; that tag states a fact, and there were as many.
    assert shares.pop("all-time-high") == 24 / 33
    assert {slug: share for slug, share in shares.items() if share > 0.6} == {}


@needs_krx
@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        # Read off the index files and the counts of stocks by hand.
        ("large-cap-compression", ["01-05", "01-06", "01-13", "02-20"]),
        ("broad-rally", ["02-03", "02-04", "02-09", "02-19"]),
        ("broad-selloff", ["02-02", "02-05", "02-06"]),
        ("v-reversal", ["01-06", "01-21", "01-27", "01-29", "02-04"]),
        ("gap-and-fade", []),
        ("kosdaq-lag", ["01-05", "01-06", "01-13", "01-21", "02-03", "02-12", "02-20"]),
        ("kosdaq-lead", ["01-23", "01-26", "01-28", "01-29", "02-19"]),
        ("narrow-breadth", ["01-06", "01-07", "01-08", "01-13", "01-16", "01-21", "01-30"]),
        ("strong-breadth", ["01-20", "01-23", "01-26", "02-03", "02-09"]),
        (
            "volatility-spike",
            ["01-05", "01-27", "01-29", "02-02", "02-03", "02-05", "02-06", "02-09", "02-12", "02-19"],
        ),
        ("sector-rotation", ["01-07", "01-12", "01-21", "01-22", "01-23", "01-26", "01-30", "02-10"]),
        ("concentration", ["01-02", "01-07", "01-14", "01-16", "01-26", "01-27", "01-28"]),
        ("limit-up-cluster", ["01-14", "01-15", "01-19", "01-22", "02-04"]),
        ("limit-down-cluster", []),
        ("heavy-volume", ["01-05", "01-06", "01-07", "01-08", "01-22"]),
        ("thin-volume", []),
        ("fifty-two-week-high", []),
        ("losing-streak", []),
    ],
)
def test_days_of_a_rule(history: pd.DataFrame, slug: str, expected: list[str]) -> None:
    assert days(history, slug) == expected


@needs_krx
def test_flow_rules_hold_on_no_day_without_flows(history: pd.DataFrame) -> None:
    flows = ("foreign-selling", "foreign-buying", "domestic-absorption", "selling-streak", "buying-streak")
    assert {slug: days(history, slug) for slug in flows} == {slug: [] for slug in flows}


@needs_market
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (
            "2026-05-13",
            {
                "large-cap-compression",
                "v-reversal",
                "all-time-high",
                "foreign-selling",
                "domestic-absorption",
                "kosdaq-lag",
                "narrow-breadth",
            },
        ),
        ("2026-05-14", {"all-time-high", "foreign-selling"}),
    ],
)
def test_the_reference_sessions(day: str, expected: set[str], xkrx: TradingCalendar) -> None:
    measured = measure(folder(day), xkrx)
    assert set(matching(REGISTRY, measured, date.fromisoformat(day))) == expected
