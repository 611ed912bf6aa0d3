"""Every rule of the gate: its examples are its tests."""

from __future__ import annotations

import importlib
import pkgutil
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from gate_cases import NOW, file_of, knowledge_of, make_blog, said_of, text_of, texts_of

from generator.config import load
from generator.gate import reference, rules
from generator.gate.catalogue import catalogue
from generator.gate.choice import chosen
from generator.gate.content import content_of
from generator.gate.inspect import look
from generator.gate.knowledge import Knowledge
from generator.gate.run import check
from generator.reading.document import Document

ROOT = Path(__file__).parents[1]
MODULES = [found.name for found in pkgutil.iter_modules(rules.__path__)]
RULES = catalogue()
GOOD = [(rule, number) for rule in RULES.values() for number in range(len(rule.good))]
BAD = [(rule, number) for rule in RULES.values() for number in range(len(rule.bad))]


def named(case):
    return case.name if hasattr(case, "name") else str(case)


@pytest.fixture(scope="session")
def sample(tmp_path_factory, warm_cache):
    root = make_blog(tmp_path_factory.mktemp("gate") / "blog", warm_cache)
    return root, knowledge_of(root)


@pytest.mark.parametrize("module", MODULES)
def test_a_rule_has_the_name_of_its_module(module):
    rule = importlib.import_module(f"{rules.__name__}.{module}").RULE
    assert rule.name == module.replace("_", "-")
    assert RULES[rule.name] is rule


@pytest.mark.parametrize("rule", RULES.values(), ids=named)
def test_a_rule_explains_itself(rule):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
    assert rule.summary.endswith(".")
    assert "\n" not in rule.summary
    assert len(rule.why.split()) >= 10
    assert rule.check is None or rule.survey is None
    assert len(rule.good) >= 2
    assert len(rule.bad) >= 2


@pytest.mark.parametrize(("rule", "number"), GOOD, ids=named)
def test_what_is_good_is_not_reported(rule, number, sample):
    assert said_of(rule.good[number], rule, RULES, *sample) == ()


@pytest.mark.parametrize(("rule", "number"), BAD, ids=named)
def test_what_is_bad_is_reported_in_so_many_words(rule, number, sample):
    example = rule.bad[number]
    found = said_of(example, rule, RULES, *sample)
    assert {each.rule for each in found} == {rule.name}
    assert not [each for each in found if each.is_defect]
    assert any(example.says in each.message for each in found), [each.message for each in found]
    for each in found:
        lines = texts_of(example)[each.file].split("\n")
        assert 1 <= each.line <= each.end_line <= len(lines)
        assert 1 <= each.column <= len(lines[each.line - 1]) + 1
        assert not each.message.endswith(".")


def test_no_rule_fails_on_an_example_of_another(sample):
    _, knowledge = sample
    every = [rule for rule in RULES.values() if rule.check]
    for rule in RULES.values():
        for example in (*rule.good, *rule.bad):
            document = Document(
                text_of(example),
                file=file_of(example),
                language=example.language,
                markup=knowledge.markup("en"),
            )
            assert [each for each in look(document, every, knowledge) if each.is_defect] == []


class Watched(Knowledge):
    """Tells what it was asked for."""

    def __init__(self, config):
        super().__init__(config, now=NOW)
        self.__dict__["asked"] = set()

    def __getattribute__(self, name):
        if not name.startswith("_") and name != "asked":
            self.__dict__.get("asked", set()).add(name)
        return super().__getattribute__(name)


DATA = {"blog", "history", "session", "session_of", "beside"}
OTHERS = {"libraries", "by_file", "registry", "now", "pages", "outlines"}


@pytest.mark.parametrize("rule", [rule for rule in RULES.values() if rule.check], ids=named)
def test_what_a_rule_asks_for_it_says_that_it_hangs_on(rule, sample):
    """Else what it said of a post would be kept when it no longer holds."""
    knowledge = Watched(load(sample[0]))
    for example in (*rule.good, *rule.bad):
        document = Document(
            text_of(example), file=file_of(example), language=example.language, markup=knowledge.markup("en")
        )
        knowledge.asked.clear()
        list(rule.check(document, knowledge))
        if knowledge.asked & DATA:
            assert rule.uses_data or rule.hangs_on, f"asks for {knowledge.asked & DATA}: needs uses_data"
        if (knowledge.asked - {"session", "session_of"}) & OTHERS:
            assert rule.hangs_on, f"asks for {knowledge.asked & OTHERS}: needs hangs_on"


@pytest.mark.parametrize("rule", [rule for rule in RULES.values() if rule.hangs_on], ids=named)
def test_what_a_rule_hangs_on_is_plain_and_the_same_each_time(rule, sample):
    root, _ = sample
    config = load(root)
    leaves = [leaf for leaf in content_of(config).leaves.values() if leaf.entry]
    assert leaves
    for leaf in leaves:
        asked = [Watched(config), Watched(config)]
        told = [repr(rule.hangs_on(leaf.entry, each)) for each in asked]
        assert told[0] == told[1]
        assert not asked[0].asked & {"blog", "history"}, "is asked on every run: must not open the data"
        assert not re.search(r" at 0x[0-9a-f]+", told[0])


def test_the_catalogue_loads_without_what_reads_data():
    heavy = {"pandas", "numpy", "pandera", "pyarrow", "duckdb", "exchange_calendars", "rich", "lxml"}
    code = (
        "import sys\nfrom generator.gate.catalogue import catalogue\ncatalogue()\n"
        f"print(*sorted({heavy!r} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == []


def test_the_page_of_rules_is_the_one_the_rules_give():
    page = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    assert page == reference.renewed(page), "run `python -m generator.gate.reference`"


def test_the_sample_posts_are_clean(sample, tmp_path):
    """Those of the repository, with their figures."""
    root = tmp_path / "blog"
    shutil.copytree(sample[0], root)
    config = load(root)
    content = content_of(config)
    report = check(config, content, chosen(config), list(content.leaves), now=NOW)
    assert [each for each in report.findings if each.severity != "note"] == []
