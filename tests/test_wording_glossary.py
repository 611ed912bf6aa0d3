"""The glossary against all that posts may say, and against its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml
from jinja2 import nodes
from real_data import ROOT

from generator.wording import Wording
from generator.wording.glossary import Term, glossary, renewed, unwanted

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = ROOT / "generator" / "wording" / "en"
TERMS = glossary("en")
ENVIRONMENT = Wording("en")._environment
PAGE = (ROOT / "docs" / "wording.md").read_text(encoding="utf-8")


def said_by(path: Path) -> str:
    """What a template says by itself: between its tags, and in their strings."""
    found = ENVIRONMENT.parse(path.read_text(encoding="utf-8"))
    texts = [node.data for node in found.find_all(nodes.TemplateData)]
    texts += [node.value for node in found.find_all(nodes.Const) if isinstance(node.value, str)]
    return "\n".join(texts)


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for each in inner for text in strings(each)]


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.j2")), ids=lambda path: path.stem)
def test_templates_keep_to_the_glossary(path):
    assert unwanted(said_by(path), TERMS) == []


@pytest.mark.parametrize("name", ["words.yaml", "numerals.yaml", "sectors.yaml"])
def test_word_lists_keep_to_the_glossary(name):
    words = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    assert unwanted("\n".join(strings(words)), TERMS) == []


@pytest.mark.parametrize("name", ["2026-05-13"])
def test_posts_keep_to_the_glossary(name):
    text = (ROOT / "tests" / "golden" / name / "index.en.md").read_text(encoding="utf-8")
    ours = text.split("*The writer’s view:*")[0]
    assert unwanted(ours, TERMS) == []


def test_what_is_not_said_is_found_whatever_its_form():
    text = "Bulls soared; SMART  money fled. It crashed, a crash-landing of record-breaking size."
    assert unwanted(text, TERMS) == [
        "Bulls",
        "soared",
        "SMART  money",
        "fled",
        "crashed",
        "crash-landing",
        "record-breaking",
    ]


def test_what_only_looks_alike_is_not():
    text = (
        "Rose, fell and surged; the bulletin bears-garden, important ants' — no: giants, merchants, bearings."
    )
    assert unwanted(text.replace("ants' — no: ", "").replace("bears-garden, ", ""), TERMS) == []


def test_no_term_is_itself_unwanted():
    assert [term.term for term in TERMS if unwanted(f"{term.term} {term.meaning}", TERMS)] == []
    words = [word for term in TERMS for word in term.instead_of]
    assert sorted(set(words)) == sorted(words)
    assert all(term.meaning and not term.meaning.endswith(".") for term in TERMS)


def test_a_star_stands_for_an_ending_only():
    terms = [Term("rose", "", ("soar*", "bet"))]
    assert unwanted("soar soaring upsoar bet betting", terms) == ["soar", "soaring", "bet"]


def test_the_page_lists_the_glossary():
    assert renewed(PAGE) == PAGE, "run `python -m generator.wording.glossary`"
