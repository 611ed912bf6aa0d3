"""docs/dataset.md against the code: its reference of tables, its examples, and its names of things."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from dataset_cases import DAY, INDICES, read, session
from pydantic import TypeAdapter

from generator.config import SourceConfig
from generator.dataset.reference import BEGIN, END, markdown_reference
from generator.dataset.set_aside import REASONS, REPEATED, WHOLE_MARKET
from generator.dataset.source import Source
from generator.dataset.tables import MAX_TEXT, TABLES

PAGE = (Path(__file__).parents[1] / "docs" / "dataset.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def test_the_reference_is_the_one_the_code_gives():
    block = PAGE.split(BEGIN)[1].split(END)[0]
    assert block.strip() == markdown_reference().strip(), (
        "put generator.dataset.reference's text between the marks"
    )


def test_every_table_and_column_is_there_with_its_unit():
    for table in TABLES.values():
        section = PAGE.split(f"### `{table.name}.csv`")[1].split("\n### ")[0]
        for column in table.columns:
            (row,) = [line for line in section.splitlines() if line.startswith(f"| `{column.name}` |")]
            assert column.unit in row


@pytest.mark.parametrize("example", [text for text in EXAMPLES if "kind:" in text])
def test_the_examples_of_sources_are_valid(example):
    TypeAdapter(list[SourceConfig]).validate_python(yaml.safe_load(example))


def test_every_kind_of_source_has_an_example():
    kinds = {entry["kind"] for text in EXAMPLES if "kind:" in text for entry in yaml.safe_load(text)}
    assert kinds == {"folder", "sqlite", "all_stocks", "index_history", "sectors", "names"}
    assert "### `sqlite`, `duckdb`" in PAGE


def test_the_shortest_session_yaml_is_enough(tmp_path):
    (text,) = [text for text in EXAMPLES if "status:" in text]
    session(tmp_path, day=DAY, yaml=text, indices=INDICES)
    assert read(tmp_path)[1] == ()


def test_numbers_and_names_in_the_page_are_the_codes():
    assert f"at least {WHOLE_MARKET:,} of them" in PAGE
    assert f"more than {REPEATED} traded stocks" in PAGE
    assert f"more than {MAX_TEXT} characters" in PAGE
    assert all(f"| `{reason}` |" in PAGE for reason in REASONS)
    members = [name for name in vars(Source) if not name.startswith("_")]
    assert all(re.search(rf"\| `{name}(\(.*\))?` \|", PAGE) for name in members)
