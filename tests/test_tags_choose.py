"""Which tags a session gets, by data and by name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import rules
from generator.errors import TagError
from generator.metrics.definitions import METRICS
from generator.tags.choose import matching, tags_of
from generator.tags.registry import load_registry, registry_of
from generator.tags.tag import Tag

SHIPPED = load_registry(Path(__file__).parent.parent / "content" / "tags")

# 2026-05-13 by hand: the levels, counts and flows that were reported, and what follows from them.
MAY_13 = {
    "kospi_change_pct": 2.63,
    "kospi_gap_pct": -1.69,
    "kospi_low_pct": -2.5,
    "kospi_reversal_pct": 2.63 + 2.5,
    "kospi_all_time_high": 1.0,
    "kospi_52w_high": 1.0,
    "kosdaq_change_pct": -0.20,
    "kosdaq_minus_kospi_pp": -0.20 - 2.63,
    "advancers": 955.0,
    "decliners": 1455.0,
    "unchanged": 417.0,
    "listed": 2827.0,
    "advancers_share": 955 / 2827 * 100,
    "decliners_share": 1455 / 2827 * 100,
    "foreign_net_krw": -3.76e12,
    "retail_net_krw": 1.89e12,
    "institution_net_krw": 1.69e12,
    "domestic_net_krw": 3.58e12,
    "absorption_pct": 3.58 / 3.76 * 100,
}


def history(**days: dict[str, float]) -> pd.DataFrame:
    """One row a day, one column a metric; days are spelled d20260513, what is not given is missing."""
    index = pd.DatetimeIndex([pd.Timestamp(day[1:]) for day in days], name="date")
    return pd.DataFrame(list(days.values()), index=index, columns=list(METRICS), dtype="float64")


def test_the_reference_session_gets_its_tags() -> None:
    assert matching(SHIPPED, history(d20260513=MAY_13), date(2026, 5, 13)) == (
        "all-time-high",
        "domestic-absorption",
        "foreign-selling",
        "kosdaq-lag",
        "large-cap-compression",
        "narrow-breadth",
        "v-reversal",
    )


@pytest.mark.parametrize(
    ("slug", "change"),
    [
        ("large-cap-compression", {"advancers": 1500.0}),
        ("large-cap-compression", {"kospi_change_pct": 0.99}),
        ("v-reversal", {"kospi_reversal_pct": 1.99}),
        ("all-time-high", {"kospi_all_time_high": 0.0}),
        ("foreign-selling", {"foreign_net_krw": -4.9e11}),
        ("domestic-absorption", {"absorption_pct": 89.0}),
        ("kosdaq-lag", {"kosdaq_minus_kospi_pp": -1.4}),
        ("narrow-breadth", {"advancers_share": 41.0}),
    ],
)
def test_a_tag_goes_with_its_reason(slug: str, change: dict[str, float]) -> None:
    day = date(2026, 5, 13)
    assert slug in matching(SHIPPED, history(d20260513=MAY_13), day)
    assert slug not in matching(SHIPPED, history(d20260513={**MAY_13, **change}), day)


@pytest.mark.parametrize(
    ("slug", "values"),
    [
        ("broad-rally", {"kospi_change_pct": 1.0, "advancers_share": 60.0}),
        ("broad-selloff", {"kospi_change_pct": -1.0, "decliners_share": 60.0}),
        ("gap-and-fade", {"kospi_gap_pct": 0.5, "kospi_fade_pct": 1.0}),
        ("foreign-buying", {"foreign_net_krw": 5e11}),
        ("kosdaq-lead", {"kosdaq_minus_kospi_pp": 1.5}),
        ("strong-breadth", {"advancers_share": 65.0}),
        ("sector-rotation", {"sector_spread_pp": 15.0, "kospi_change_pct": -0.9}),
        ("volatility-spike", {"kospi_range_pct": 3.0, "kospi_change_pct": 0.0}),
        ("limit-up-cluster", {"limit_up": 15.0}),
        ("limit-down-cluster", {"limit_down": 5.0}),
        ("selling-streak", {"foreign_sell_streak": 5.0}),
        ("buying-streak", {"foreign_buy_streak": 5.0}),
        ("winning-streak", {"kospi_up_streak": 5.0}),
        ("losing-streak", {"kospi_down_streak": 5.0}),
        ("heavy-volume", {"value_traded_ratio_20": 1.5}),
        ("thin-volume", {"value_traded_ratio_20": 0.7}),
        ("concentration", {"top10_contribution_share": 80.0, "kospi_change_pct": -0.5}),
        ("fifty-two-week-high", {"kospi_52w_high": 1.0, "kospi_all_time_high": 0.0}),
    ],
)
def test_the_threshold_is_enough_for_a_tag(slug: str, values: dict[str, float]) -> None:
    assert slug in matching(SHIPPED, history(d20260102=values), date(2026, 1, 2))


def test_every_rule_of_the_shipped_registry_is_tried_above() -> None:
    tried = {
        mark.args[1][place][0]
        for test in (test_a_tag_goes_with_its_reason, test_the_threshold_is_enough_for_a_tag)
        for mark in test.pytestmark  # type: ignore[attr-defined]  # pytest puts it there
        for place in range(len(mark.args[1]))
    }
    assert tried == {tag.slug for tag in SHIPPED.by_slug.values() if tag.rule}


def test_a_day_is_tagged_for_itself_alone() -> None:
    frame = history(d20260512={"kospi_all_time_high": 1.0}, d20260513={"kospi_all_time_high": 0.0})
    assert matching(SHIPPED, frame, date(2026, 5, 12)) == ("all-time-high",)
    assert matching(SHIPPED, frame, date(2026, 5, 13)) == ()
    assert matching(SHIPPED, frame, date(2026, 5, 14)) == ()


def test_nothing_reported_gives_no_tag() -> None:
    assert matching(SHIPPED, history(d20260513={}), date(2026, 5, 13)) == ()


def test_one_row_says_what_the_whole_history_says() -> None:
    days = {f"d2026010{n}": {"kospi_change_pct": n - 4.0, "advancers_share": 10.0 * n} for n in range(1, 8)}
    frame = history(**days)
    by_day = [matching(SHIPPED, frame, day.date()) for day in frame.index]
    for tag in (tag for tag in SHIPPED.by_slug.values() if tag.rule):
        assert [tag.slug in found for found in by_day] == rules.matches(tag.rule, frame).tolist()
    assert set(by_day) == {(), ("broad-rally",), ("broad-rally", "strong-breadth")}


def test_a_rule_over_a_column_that_is_not_there_is_told() -> None:
    frame = history(d20260513=MAY_13).drop(columns="kospi_change_pct")
    with pytest.raises(TagError, match="kospi_change_pct"):
        matching(SHIPPED, frame, date(2026, 5, 13))


REGISTRY = registry_of(
    [
        Tag(slug="kospi", title="KOSPI", synonyms=("코스피",), weight=1),
        Tag(slug="kosdaq", title="KOSDAQ", weight=1),
        Tag(slug="sk-hynix", title="SK hynix", stocks=("000660",), weight=40),
        Tag(slug="memory", title="Memory", themes=("Semiconductor flagships",), weight=50),
        Tag(slug="chips", title="Chips", themes=("Semiconductor flagships",), weight=30),
        Tag(slug="broad-rally", title="Broad Rally", rule="kospi_change_pct >= 1", weight=90),
        Tag(slug="record", title="Record", rule="kospi_all_time_high == 1", stocks=("005930",), weight=90),
    ]
)


def slugs(**given_: object) -> list[str]:
    settings = {"matched": (), "limit": 10, **given_}
    return [tag.slug for tag in tags_of(REGISTRY, **settings)]  # type: ignore[arg-type]  # a test's shorthand


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ({}, []),
        ({"matched": ["record", "broad-rally"]}, ["broad-rally", "record"]),
        ({"indices": ["KOSDAQ", "코스피", "KRX 300"]}, ["kosdaq", "kospi"]),
        ({"stocks": ["000660", "999999"]}, ["sk-hynix"]),
        ({"groups": ["SK Hynix"]}, ["sk-hynix"]),
        ({"groups": ["Semiconductor flagships"]}, ["memory", "chips"]),
        ({"groups": ["SEMICONDUCTOR-FLAGSHIPS"]}, ["memory", "chips"]),
        ({"groups": ["Shipbuilding", "<script>alert(1)</script>", "../x", ""]}, []),
        # Data decides these, not a name, nor a stock that the post speaks of.
        ({"groups": ["Broad rally"], "stocks": ["005930"]}, []),
        (
            {
                "matched": ("record",),
                "indices": ("KOSPI",),
                "stocks": ("000660",),
                "groups": ("Memory", "Semiconductor flagships"),
            },
            ["record", "memory", "sk-hynix", "chips", "kospi"],
        ),
        (
            {"matched": ("record", "broad-rally"), "indices": ("KOSPI",), "limit": 2},
            ["broad-rally", "record"],
        ),
        ({"matched": ("record",), "limit": 0}, []),
    ],
)
def test_tags_of(given_: dict[str, object], expected: list[str]) -> None:
    assert slugs(**given_) == expected


NAMES = st.sampled_from(
    ["KOSPI", "kosdaq", "SK Hynix", "memory", "Semiconductor flagships", "?", "broad rally"]
)


@given(
    matched=st.sets(st.sampled_from(["record", "broad-rally"])),
    groups=st.lists(NAMES),
    limit=st.integers(0, 12),
    data=st.data(),
)
def test_the_choice_is_ordered_limited_and_blind_to_the_order_of_its_input(
    matched: set[str], groups: list[str], limit: int, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(groups))
    chosen = tags_of(REGISTRY, matched=matched, groups=groups, limit=limit)
    assert chosen == tags_of(REGISTRY, matched=sorted(matched), groups=shuffled, limit=limit)
    assert len(chosen) <= limit
    assert [(-tag.weight, tag.slug) for tag in chosen] == sorted((-tag.weight, tag.slug) for tag in chosen)
    assert len(set(chosen)) == len(chosen)


def test_the_reference_post_has_ten_tags() -> None:
    chosen = tags_of(
        SHIPPED,
        matched=matching(SHIPPED, history(d20260513=MAY_13), date(2026, 5, 13)),
        indices=["KOSPI", "KOSDAQ"],
        stocks=["000660", "005930", "009150", "353200", "005380", "012330"],
        groups=["Memory semiconductors", "AI components and substrates", "Autos", "Batteries"],
        limit=10,
    )
    assert [tag.slug for tag in chosen] == [
        "v-reversal",
        "large-cap-compression",
        "all-time-high",
        "domestic-absorption",
        "foreign-selling",
        "kosdaq-lag",
        "narrow-breadth",
        "memory-semiconductors",
        "ai-substrates",
        "autos",
    ]
