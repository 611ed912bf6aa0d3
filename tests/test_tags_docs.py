"""docs/tags.md says what the code does."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from generator import rules
from generator.slugs import fold, hugo_slug
from generator.tags.registry import load_registry
from generator.tags.tag import Tag

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "tags.md").read_text(encoding="utf-8")
REGISTRY = load_registry(ROOT / "content" / "tags")


def rows(heading: str) -> list[list[str]]:
    """The rows of the table under a heading, cells stripped."""
    section = TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    table = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def test_every_key_is_explained() -> None:
    explained = [cells[0].strip("`") for cells in rows("A tag's file")]
    assert explained == [field.name for field in fields(Tag) if field.name != "slug"]


def test_the_list_is_the_registry() -> None:
    listed = {slug: (int(weight), given) for slug, weight, given in rows("The tags that come with it")}
    assert listed.keys() == REGISTRY.by_slug.keys()
    for slug, tag in REGISTRY.by_slug.items():
        weight, given = listed[slug]
        assert weight == tag.weight
        assert (given.strip("`") == tag.rule) if tag.rule else ("`" not in given)
    assert list(listed) == [
        tag.slug for tag in sorted(REGISTRY.by_slug.values(), key=lambda t: (-t.weight, t.slug))
    ]


def test_the_example_is_a_rule() -> None:
    (rule,) = re.findall(r'^rule: "(.+)"$', TEXT, re.MULTILINE)
    rules.check(rule)
    assert rule == REGISTRY.by_slug["large-cap-compression"].rule


def test_what_is_said_of_names() -> None:
    assert len({fold(name) for name in ("SK Hynix", "SK hynix", "sk-hynix", "ＳＫ　ｈｙｎｉｘ")}) == 1
    assert hugo_slug("S&P500") == hugo_slug("SP500") == "sp500"
    assert hugo_slug("AI & Chips") == "ai--chips"
