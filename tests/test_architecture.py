"""The rules of docs/architecture.md that code can break without any other test noticing."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jinja2 import Environment, nodes
from jinja2.defaults import DEFAULT_FILTERS

from generator.metrics.definitions import METRICS
from generator.wording.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "generator"

LEAVES = (
    "errors", "figures", "files", "markdown", "front_matter", "goldmark", "process", "slugs", "web",
)  # fmt: skip
"""A number, a file, a program, a text: nothing of markets or posts, and of ours only the errors. A leaf that
is a package imports from itself too."""

ORDER = (
    *LEAVES,
    # What is read once and handed on, and two formats that everything shares: a calendar and a post's file.
    "config_files", "config_section", "config_hooks", "config", "lock", "secrets", "doc_block",
    "config_reference", "calendars", "post", "site",
    # A text as its readers see it.
    "reading",
    # The way of the data.
    "dataset", "metrics", "rules", "tags", "precedents", "wording", "corrections", "differences", "story",
    # The blog as it is, and what a new post means to it.
    "library", "links", "hub", "score", "aftermath", "lists", "data_files", "retag", "edits", "blog",
    "builders", "bundle", "gate", "seen",
    "feeds", "starter",
    # All of it together.
    "pipeline", "preview", "publish", "correcting", "hooks",
    "console", "command", "check_command", "correct_command", "hooks_command", "links_command",
    "preview_command", "publish_command", "tags_command",
    "cli", "__main__",
)  # fmt: skip
"""Modules and packages of generator/; each imports only from those before it, or from its own package."""

MODULES = {
    path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


def place(module: str) -> int:
    """Where a module stands in ORDER; -1 for the package itself, which holds the version only."""
    name = module.partition(".")[2].partition(".")[0]
    if not name:
        return -1
    if name not in ORDER:
        pytest.fail(f"{module} has no place in ORDER of {Path(__file__).name}: say what it may import")
    return ORDER.index(name)


def imported(module: str) -> Iterator[tuple[int, str]]:
    """Line and name of everything a module imports, inside functions and for types too; ours as modules."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno}: relative import"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield node.lineno, full if full in MODULES else str(node.module)


def for_types_only(module: str) -> set[int]:
    """The lines under `if TYPE_CHECKING:`."""
    return {
        line
        for node in ast.walk(tree(module))
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for each in node.body
        for line in range(each.lineno, (each.end_lineno or each.lineno) + 1)
    }


def at(module: str, line: int) -> str:
    return f"{MODULES[module].relative_to(ROOT)}:{line}"


def test_every_place_in_the_order_is_taken():
    taken = {module.split(".")[1] for module in MODULES if "." in module}
    assert not set(ORDER) - taken
    assert not [name for name, count in Counter(ORDER).items() if count > 1]


def test_imports_go_one_way():
    wrong = [
        f"{at(module, line)}: {name} comes later in the order"
        for module in MODULES
        for line, name in imported(module)
        if name.split(".")[0] == "generator"
        and name.split(".")[1:2] != module.split(".")[1:2]
        and place(name) >= place(module)
    ]
    assert not wrong, "\n".join(wrong)


def test_leaves_know_the_errors_only():
    wrong = [
        f"{at(module, line)}: {name}"
        for module in MODULES
        for line, name in imported(module)
        if module.split(".")[1:2] and (leaf := module.split(".")[1]) in LEAVES
        if name.split(".")[0] == "generator"
        if name != "generator.errors" and name.split(".")[1:2] != [leaf]
    ]
    assert not wrong, "\n".join(wrong)


def test_no_package_imports_in_circles():
    ours = {module: {name for _, name in imported(module) if name in MODULES} for module in MODULES}
    while free := {module for module, needed in ours.items() if not needed & (ours.keys() - {module})}:
        for module in free:
            del ours[module]
    assert not ours, f"these import each other in circles: {', '.join(sorted(ours))}"


FRAMES = {"pandas", "numpy", "pandera", "pyarrow", "duckdb"}

HANDS_ON = {
    "generator.rules", "generator.tags.choose", "generator.precedents", "generator.blog",
    "generator.builders.draft", "generator.gate.knowledge", "generator.gate.vouching",
    "generator.preview.warm",
}  # fmt: skip
"""Modules that a history of metrics passes through: they may name its type."""


def test_frames_stay_in_dataset_and_metrics():
    wrong = [
        f"{at(module, line)}: {name}"
        for module in MODULES
        if not module.startswith(("generator.dataset", "generator.metrics"))
        for line, name in imported(module)
        if name.split(".")[0] in FRAMES
        if module not in HANDS_ON or line not in for_types_only(module)
    ]
    assert not wrong, "\n".join(wrong)


def test_only_process_starts_programs():
    starters = {"subprocess", "multiprocessing", "pty"}
    calls = re.compile(r"system|popen|startfile|fork(pty)?|(posix_)?spawn.*|exec[lv].*")
    starting = {
        at(module, line): module
        for module in MODULES
        for line, name in imported(module)
        if name.split(".")[0] in starters
    }
    starting |= {
        at(module, node.lineno): module
        for module in MODULES
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Attribute) and is_named(node.value, "os") and calls.fullmatch(node.attr)
    }
    assert set(starting.values()) == {"generator.process"}, ", ".join(starting)


COMMANDS = {
    "generator.cli", "generator.command", "generator.check_command", "generator.hooks_command",
    "generator.links_command", "generator.preview_command", "generator.publish_command",
    "generator.tags_command",
}  # fmt: skip
"""The modules of the command line: they print, and most ask the clock."""


def test_only_the_command_line_prints():
    printing = {
        at(module, node.lineno): module
        for module in MODULES
        for node in ast.walk(tree(module))
        if (isinstance(node, ast.Call) and is_named(node.func, "print", "input"))
        or (
            isinstance(node, ast.Attribute)
            and is_named(node.value, "sys")
            and node.attr in {"stdout", "stderr"}
        )
    }
    printing |= {
        at(module, line): module
        for module in MODULES
        for line, name in imported(module)
        if name.split(".")[0] in {"typer", "rich"}
    }
    assert set(printing.values()) == {
        "generator.__main__",
        "generator.console",
        "generator.correct_command",
        *COMMANDS,
    }


def is_named(node: ast.expr, *names: str) -> bool:
    return isinstance(node, ast.Name) and node.id in names


_POSSESSIVE_GROUP = re.compile(r"(?<![\\(])\)(?:[*+?]|\{+[\d,]+\}+)\+|\(\?>")


def test_no_pattern_has_a_group_that_gives_nothing_back():
    """Python before 3.11.5 reads `(?:ab)*+` wrongly: it stays behind the part of a turn that failed."""
    files = [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.yaml")]
    assert _POSSESSIVE_GROUP.search(r"(?:/[a-z]++)++")
    assert _POSSESSIVE_GROUP.search(r"(?:ab){1,3}+")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if _POSSESSIVE_GROUP.search(line)
    ]
    assert found == []


def test_no_step_asks_for_the_time():
    """The same input gives the same bytes; only the command line says what is hidden now."""
    clocks = {"now", "today", "utcnow", "time_ns", "monotonic", "perf_counter"}
    asking = {
        at(module, node.lineno): module
        for module in MODULES
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in clocks
    }
    timeless = {"generator.command", "generator.links_command", "generator.tags_command"}
    assert set(asking.values()) == COMMANDS - timeless, ", ".join(asking)


TEMPLATES = sorted((PACKAGE / "wording").rglob("*.j2"))
SAFE_FILTERS = {"list", "map", "selectattr", "rejectattr", "first", "last", "length", "lower", "sort"}
"""Jinja's own that may be used: they choose what is printed. Ours are checked where they are made."""
MEASURES = ("52-week", "52주")
"""Names of measures that hold digits."""


def named(path: Path) -> str:
    return path.relative_to(PACKAGE / "wording").as_posix()


@cache
def template(path: Path) -> nodes.Template:
    environment = Environment(extensions=["jinja2.ext.do", Turns], autoescape=True)
    return environment.parse(path.read_text(encoding="utf-8"))


def written(found: nodes.Template) -> Iterator[tuple[int, str]]:
    """Line and text of what a template says by itself: outside its tags, and in strings but metric names."""
    for data in found.find_all(nodes.TemplateData):
        yield data.lineno, data.data
    for constant in found.find_all(nodes.Const):
        known = constant.value in METRICS or str(constant.value).endswith(".j2")
        if isinstance(constant.value, str) and not known:
            yield constant.lineno, constant.value


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_templates_write_no_number_of_their_own(path):
    for line, text in written(template(path)):
        bare = re.sub(r"^1\. ", "", text, flags=re.MULTILINE)
        for measure in MEASURES:
            bare = bare.replace(measure, "")
        assert not re.search(r"\d", bare), f"{path.name}:{line}: a digit in {text.strip()[:60]!r}"


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_templates_go_around_no_check(path):
    """What is printed is a figure, or text that was escaped: nothing here makes text of a number."""
    found = template(path)
    for each in found.find_all(nodes.Filter):
        where = f"{path.name}:{each.lineno}: |{each.name}"
        assert each.name in SAFE_FILTERS or each.name not in DEFAULT_FILTERS, where
        assert each.name != "map" or not each.args, f"{where} with a filter's name"
        assert each.name != "lower" or isinstance(each.node, nodes.Call), f"{where} of anything but a macro"
    for kind in (nodes.Concat, nodes.Mod, nodes.ScopedEvalContextModifier):
        assert not list(found.find_all(kind)), f"{path.name}: {kind.__name__}"
    attributes = {each.attr for each in found.find_all(nodes.Getattr)}
    assert not attributes & {"format", "format_map", "join"}
    assert not [name for name in attributes if name.startswith("_")]
    assert "Markup" not in {each.name for each in found.find_all(nodes.Name)}


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_templates_write_what_every_reader_shows(path):
    for line, text in written(template(path)):
        assert "~" not in text, f"{path.name}:{line}: a range takes an en dash"
        assert not re.search(r"<[a-zA-Z/!]", text), f"{path.name}:{line}: HTML, which Hugo drops"


TELLERS = (
    "generator.story", "generator.wording", "generator.bundle", "generator.hub", "generator.score",
    "generator.aftermath", "generator.corrections", "generator.differences",
)  # fmt: skip


def test_no_sentence_of_a_post_stands_in_python():
    sentences = [
        f"{at(module, node.lineno)}: {text!r}"
        for module in MODULES
        if module.startswith(TELLERS)
        for node in spoken(tree(module))
        if re.search(r"(\w+\W+){3,}\w+.*[.!?]$", text := text_of(node))
    ]
    assert not sentences, "wording belongs into templates:\n" + "\n".join(sentences)


def spoken(code: ast.Module) -> list[ast.Constant | ast.JoinedStr]:
    """The strings of a module that are neither a docstring nor the message of an error."""
    silent: set[int] = set()
    for node in ast.walk(code):
        if isinstance(node, ast.Expr):
            silent.add(id(node.value))
        if isinstance(node, ast.Raise):
            silent |= {id(part) for part in ast.walk(node)}
    return [
        node
        for node in ast.walk(code)
        if isinstance(node, (ast.Constant, ast.JoinedStr)) and id(node) not in silent
    ]


def text_of(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(text_of(part) if isinstance(part, ast.Constant) else "x" for part in node.values)


def test_the_command_line_starts_light():
    heavy = {"pandas", "numpy", "exchange_calendars", "feedgen", "bs4", "duckdb", "jinja2", "pyarrow", "rich"}
    code = f"import sys, generator.cli; print(*sorted({heavy!r} & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == []
