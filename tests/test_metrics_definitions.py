from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from generator.dataset.tables import TABLES
from generator.doc_block import END, begin
from generator.figures import Unit
from generator.metrics.definitions import GROUPS, METRICS
from generator.metrics.reference import markdown_reference, renewed

BEGIN = begin("generator.metrics.reference")

ROOT = Path(__file__).parents[1]

PROMISED = (
    "kospi_close", "kospi_change_pct", "kospi_change_points", "kospi_gap_pct", "kospi_low_pct",
    "kospi_high_pct", "kospi_reversal_pct", "kospi_fade_pct", "kospi_range_pct", "kospi_all_time_high",
    "kospi_52w_high", "kospi_from_high_pct", "kospi_52w_high_distance_pct", "kospi_up_streak",
    "kospi_down_streak", "kospi_largest_rise_since", "kospi_largest_fall_since",
    "kospi_largest_rise_ever", "kospi_largest_fall_ever", "kospi_highest_since", "kospi_value_traded",
    "value_traded_ratio_20", "kosdaq_minus_kospi_pp", "kosdaq_close", "kosdaq_change_pct",
    "kosdaq_change_points", "kosdaq_all_time_high", "kosdaq_value_traded",
    "kosdaq_value_traded_ratio_20", "advancers", "decliners", "unchanged", "listed", "advancers_share",
    "decliners_share", "unchanged_share", "not_traded", "advance_decline", "adr20", "share_above_50",
    "share_above_200", "new_highs_52w", "new_lows_52w", "limit_up", "limit_down", "median_change_pct",
    "kospi_cap_weighted_change_pct", "cap_minus_median_pp", "top2_contribution_share",
    "top10_contribution_share", "top20_contribution_share", "top10_concentration", "sector_best_pct",
    "sector_worst_pct", "sector_spread_pp", "foreign_net_krw", "institution_net_krw", "retail_net_krw",
    "domestic_net_krw", "absorption_pct", "kosdaq_foreign_net_krw", "foreign_sell_streak",
    "foreign_buy_streak",
)  # fmt: skip
"""Names that tag rules and templates were written with; removing one breaks blogs."""


def test_promised_names_are_there():
    assert set(PROMISED) <= METRICS.keys()


def test_names_are_unique_and_every_input_exists():
    assert len(METRICS) == sum(len(group) for group in GROUPS.values())
    tables = {"indices", "breadth", "flows", "stocks", "intraday"}
    for metric in METRICS.values():
        for name in metric.inputs:
            assert name in METRICS or name.split(".")[0] in tables, (metric.name, name)


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.name)
def test_each_is_described(metric):
    assert metric.name.isidentifier()
    assert metric.unit in Unit.__args__
    assert metric.meaning
    assert not metric.meaning.endswith(".")
    assert metric.formula
    assert metric.inputs
    assert (metric.unit == "date") is (metric.kind == "date")


def test_columns_named_in_inputs_are_those_of_the_tables():
    for metric in METRICS.values():
        for name in metric.inputs:
            if "." in name:
                table, column = name.split(".")
                assert TABLES[table].column(column)


def test_the_page_holds_the_reference():
    page = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    assert renewed(page) == page, "run `python -m generator.metrics.reference`"
    assert markdown_reference() in page


def test_the_reference_has_a_row_a_metric():
    rows = [line for line in markdown_reference().splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == list(METRICS)
    for row in rows:
        assert row.replace("\\|", "").count("|") == 6
        assert "*" not in row


def test_a_page_without_markers_is_refused():
    with pytest.raises(ValueError, match="begin"):
        renewed("no markers")
    with pytest.raises(ValueError, match="end"):
        renewed(BEGIN)
    assert renewed(f"a{BEGIN}old{END}b") == renewed(f"a{BEGIN}{END}b")


def test_definitions_need_no_pandas():
    script = (
        "import sys\n"
        "import generator.metrics.definitions, generator.metrics.measures, generator.metrics.contributions\n"
        "import generator.rules\n"
        "assert not {'pandas', 'numpy', 'pyarrow'} & sys.modules.keys()\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT)
