"""The docs against the code: commands, links, references, examples, and what they promise."""

from __future__ import annotations

import re
import shutil
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest
import yaml
from packaging.specifiers import SpecifierSet
from typer.main import get_command

from generator import __version__, config_reference, doc_block
from generator.cli import app, main
from generator.config import Settings, Site, load

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob(".github/*.md")])
}
PROGRAM = get_command(app)
COMMANDS = PROGRAM.commands


def fenced(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.DOTALL | re.MULTILINE)


def section(page: str, heading: str) -> str:
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", page, re.DOTALL | re.MULTILINE)
    assert found, f"no section {heading}"
    return found[1]


def typed(page: str) -> list[str]:
    """The commands a page shows being typed."""
    return re.findall(r"^\$ (.+)$", "\n".join(fenced(page, "console")), re.MULTILINE)


def squeezed(text: str) -> list[str]:
    """Its lines that hold something, blanks in one way."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


# Commands


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_explained(name):
    command = COMMANDS[name]
    assert command.help
    assert command.epilog
    assert f"marketpost {name}" in command.epilog
    assert [each.name for each in command.params if not getattr(each, "help", None)] == []
    assert re.search(rf"^\| `marketpost {name}[ `]", section(README, "Commands"), re.MULTILINE)


def test_the_table_of_commands_has_no_other():
    rows = re.findall(r"^\| `marketpost (\w+)", section(README, "Commands"), re.MULTILINE)
    assert sorted(rows) == sorted(COMMANDS)


SHOWN = sorted(
    {
        *(line for page in PAGES.values() for line in typed(page)),
        *(each for page in PAGES.values() for each in re.findall(r"`(marketpost [^`…]+)`", page)),
        *(line for command in COMMANDS.values() for line in re.split(r" {2,}\|? *|: ", command.epilog)),
    }
)


# Completion would be installed for whoever runs the tests.
@pytest.mark.parametrize(
    "shown", [line for line in SHOWN if line.startswith("marketpost ") and "-completion" not in line]
)
def test_every_command_shown_exists_with_its_options(shown):
    words = shown.replace(r"\|", "|").split()[1:]
    # Help is given only once everything before it was understood; what is not raises.
    assert PROGRAM([*words, "--help"], standalone_mode=False) == 0


def test_every_make_target_named_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {
        target
        for page in PAGES.values()
        for text in (*typed(page), *re.findall(r"`([^`\n]+)`", page))
        for target in re.findall(r"^make ([a-z]+)$", text)
    }
    assert {"post", "test"} <= named <= targets


# Links and places


def anchors(page: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(
        r"^#{1,6} (.+)$", re.sub(r"^```.*?^```", "", page, flags=re.DOTALL | re.MULTILINE), re.MULTILINE
    )
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name):
    prose = re.sub(r"^```.*?^```|`[^`\n]*`", "", PAGES[name], flags=re.DOTALL | re.MULTILINE)
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", prose):
        if re.match(r"https?://", target):
            continue
        file, _, anchor = target.partition("#")
        path = (ROOT / name).parent / file if file else ROOT / name
        if not path.exists() or (anchor and anchor not in anchors(path.read_text(encoding="utf-8"))):
            broken.append(target)
    assert not broken


def test_every_page_of_the_docs_is_linked_from_the_readme():
    for name in PAGES:
        if name.startswith("docs/") or name in {"CONTRIBUTING.md", "CHANGELOG.md"}:
            assert f"]({name})" in README, name


@pytest.mark.parametrize("name", PAGES)
def test_no_page_names_a_place_on_somebodys_machine(name):
    # The rule that finds such places has them in its examples.
    page = re.sub(r"^### local-path\n.*?(?=^### )", "", PAGES[name], flags=re.DOTALL | re.MULTILINE)
    assert not re.findall(r"(?<![\w.])/(?:home|Users|root|tmp|work|mnt|opt|var)/\S*|[A-Z]:\\\S+", page)


@pytest.mark.parametrize("name", PAGES)
def test_files_that_are_named_exist(name):
    """Paths in backticks that begin with a folder of the repository, without placeholders."""
    folders = "generator|tests|docs|layouts|content|datasets|feeds"
    named = re.findall(
        rf"`((?:{folders})/[^`\s<>*]*)`",
        re.sub(r"^```.*?^```", "", PAGES[name], flags=re.DOTALL | re.MULTILINE),
    )
    made_by_an_example = {"datasets/2026-05-14/session.yaml", "datasets/2026-05-14/indices.csv"}
    missing = [path for path in named if not (ROOT / path).exists() and path not in made_by_an_example]
    assert not missing


# References and settings


def test_the_reference_of_settings_is_the_one_the_code_gives():
    page = PAGES["docs/configuration.md"]
    assert page == config_reference.renewed(page), "run `python -m generator.config_reference`"


def test_a_page_without_marks_is_refused():
    with pytest.raises(ValueError, match="lacks the marker"):
        config_reference.renewed("# A page\n")
    with pytest.raises(ValueError, match="end"):
        config_reference.renewed(f"{doc_block.begin('generator.config_reference')}\n")


@pytest.mark.parametrize("name", PAGES)
def test_examples_of_settings_are_valid(name):
    for text in fenced(PAGES[name], "yaml"):
        data = yaml.safe_load(text) if "params:" in text else None
        if data:
            Settings.model_validate(data["params"]["marketpost"])


def test_hugos_keys_that_are_read_are_told():
    table = section(PAGES["docs/configuration.md"], "What we read of Hugo's own keys")
    keys = {field.alias or name for name, field in Site.model_fields.items()}
    assert keys == set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE))


def test_the_settings_in_the_shipped_configuration_are_the_defaults(tmp_path):
    text = (ROOT / "config.yaml").read_text(encoding="utf-8")
    marked = re.sub(r"^(    (?:  )?)#(?=[a-z_]+:)", r"\1", text, flags=re.MULTILINE)
    assert marked != text
    (tmp_path / "config.yaml").write_text(marked, encoding="utf-8")
    assert load(tmp_path).settings == Settings()
    ours = yaml.safe_load(marked)["params"]["marketpost"]
    assert {key: set(value) for key, value in ours.items() if isinstance(value, dict)} == {
        name: set(value) for name, value in Settings().model_dump().items() if isinstance(value, dict)
    }


# Wording


WORDING = ROOT / "generator" / "wording" / "en"


def test_the_sections_that_take_notes_are_told():
    words = yaml.safe_load((WORDING / "words.yaml").read_text(encoding="utf-8"))
    table = section(PAGES["docs/wording.md"], "The writer's notes")
    assert re.findall(r"^\| `([\w-]+)` \|", table, re.MULTILINE) == words["notes"]


def test_every_template_is_told():
    told = section(PAGES["docs/wording.md"], "The folder of a language")
    missing = [path.stem for path in WORDING.rglob("*.j2") if not re.search(rf"`{path.stem}(\.j2)?`", told)]
    assert not missing


# What the README shows


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    said = capsys.readouterr()
    return code, said.out, said.err


def shown(command: str, start: str = "") -> list[str]:
    """The output that the README shows below a command, from the line that begins with `start`."""
    (block,) = [each for each in fenced(README, "console") if f"$ {command}\n" in each]
    lines = squeezed(block.split(f"$ {command}\n")[1])
    first = next(n for n, line in enumerate(lines) if line.startswith(start))
    return [line for line in lines[first:] if not line.startswith("Site:")]


@pytest.fixture
def sample(tmp_path: Path, warm_cache: Path) -> Path:
    """The repository as a blog: sessions, tags, and the posts that are in it."""
    for part in ("datasets", "content", "feeds", "data", "layouts"):
        shutil.copytree(ROOT / part, tmp_path / part)
    shutil.copy(ROOT / "config.yaml", tmp_path)
    shutil.copytree(warm_cache, tmp_path / ".marketpost")
    return tmp_path


def test_make_post_says_what_the_readme_shows(sample, capsys):
    code, said, _ = run(capsys, "-C", str(sample), "post", "latest", "--no-site")
    lines = [line for line in shown("make post", "KOSPI") if not line.startswith("Look at:")]
    assert (code, squeezed(said)) == (0, lines)
    (look,) = [line.split()[-1] for line in shown("make post", "KOSPI") if line.startswith("Look at:")]
    assert (ROOT / "content" / Path(look).relative_to("public")).parent.is_dir()


def test_the_piece_of_a_post_is_in_it():
    posts = [path.read_text(encoding="utf-8") for path in (ROOT / "content" / "post").glob("*/index.en.md")]
    (piece,) = fenced(README, "markdown")
    assert any(piece in post for post in posts)


def test_the_explained_numbers_are_explained_so(sample, capsys):
    code, said, _ = run(capsys, "-C", str(sample), "explain", "2026-05-13")
    lines = [
        line
        for page in (README, PAGES["docs/figures.md"])
        for line in squeezed(page)
        if " kospi.close " in line
    ]
    lines += shown("marketpost explain 2026-05-13")
    assert code == 0
    assert len(lines) > 3
    assert not set(lines) - set(squeezed(said))


def test_the_links_of_a_post_are_the_ones_shown(sample, capsys):
    code, said, _ = run(capsys, "-C", str(sample), "links", "2026-05-14")
    assert (code, squeezed(said)) == (0, shown("marketpost links 2026-05-14"))


def test_the_figure_and_the_statement_shown_are_ones():
    entries = fenced(PAGES["docs/figures.md"], "json")
    written = [
        path.read_text(encoding="utf-8") for path in (ROOT / "content" / "post").glob("*/figures.json")
    ]
    assert len(entries) == 2
    for entry in entries:
        assert any(entry.rstrip("\n") in text for text in written), entry


def test_the_smallest_dataset_makes_the_post_shown(tmp_path, warm_cache, capsys):
    root = tmp_path / "my-blog"
    assert run(capsys, "-C", str(tmp_path), "init", "my-blog", "--no-sample")[0] == 0
    shutil.copytree(warm_cache, root / ".marketpost")
    own = section(README, "Your own blog")
    folder = root / "datasets" / "2026-05-14"
    folder.mkdir(parents=True)
    for name, language in (("session.yaml", "yaml"), ("indices.csv", "csv")):
        assert f"`datasets/2026-05-14/{name}`" in own
        (text,) = fenced(own, language)
        (folder / name).write_text(text, encoding="utf-8")
    code, said, _ = run(capsys, "-C", str(root), "post", "--no-site")
    lines = [line for line in shown("marketpost post") if not line.startswith("Look at:")]
    assert (code, squeezed(said)) == (0, lines)
    assert f"{len(list((root / 'content' / 'tags').iterdir()))} tags" in own


def test_bad_data_is_refused_as_shown(tmp_path, warm_cache, capsys):
    root = tmp_path / "blog"
    run(capsys, "-C", str(tmp_path), "init", "blog", "--no-sample")
    shutil.copytree(warm_cache, root / ".marketpost")
    folder = root / "datasets" / "2026-05-15"
    folder.mkdir(parents=True)
    head = "date: 2026-05-15\nstatus: final\nas_of: 2026-05-15T15:30:00+09:00\n"
    (folder / "session.yaml").write_text(head, encoding="utf-8")
    indices = (
        'index,close,previous_close,change_pct\nKOSPI,7493.18,7981.41,6.12\nKOSDAQ,"1,129.82",1191.09,\n'
    )
    (folder / "indices.csv").write_text(indices, encoding="utf-8")
    breadth = "scope,listed,advancers,decliners,unchanged\nall,2827,2000,1455,417\n"
    (folder / "breadth.csv").write_text(breadth, encoding="utf-8")
    code, _, said = run(capsys, "-C", str(root), "post", "--no-site")
    (block,) = fenced(section(README, "What it refuses"), "text")
    assert (code, said) == (1, block)


def test_a_wrong_configuration_is_refused_as_shown(tmp_path, capsys):
    ours = "params:\n  marketpost:\n    post:\n      langauge: ko\n      leaders: 60\n"
    (tmp_path / "config.yaml").write_text(f"baseURL: https://example.org/\n{ours}", encoding="utf-8")
    code, _, said = run(capsys, "-C", str(tmp_path), "sessions")
    (block,) = fenced(PAGES["docs/configuration.md"], "text")
    assert (code, said) == (2, block)


# The project


def test_what_is_installed_goes_with_every_python_that_is_promised():
    """`make` installs the versions of constraints.txt; one that asks for a newer Python stops it there."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    oldest = project["requires-python"].removeprefix(">=") + ".0"
    pinned = re.findall(r"^([\w.-]+)==", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(pinned) > len(project["dependencies"])
    asked = {
        each: asked
        for each in pinned
        if (asked := distribution(each).metadata["Requires-Python"])
        and not SpecifierSet(asked).contains(oldest)
    }
    assert asked == {}


def test_the_newest_version_in_the_changelog_is_the_codes():
    versions = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", PAGES["CHANGELOG.md"], re.MULTILINE)
    assert versions[0] == __version__
    assert versions == sorted(
        versions, key=lambda text: [int(part) for part in text.split(".")], reverse=True
    )


def test_the_licence_is_the_one_stated():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["license"] == "MIT"
    assert "MIT licence" in README
    assert "MIT License" in (ROOT / "LICENSE").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["bug", "feature"])
def test_issue_forms_ask_for_evidence(name):
    form = yaml.safe_load((ROOT / ".github" / "ISSUE_TEMPLATE" / f"{name}.yml").read_text(encoding="utf-8"))
    assert form["name"]
    assert form["description"]
    fields = {field["id"]: field for field in form["body"] if field["type"] != "markdown"}
    assert len(fields) == len([field for field in form["body"] if field["type"] != "markdown"])
    assert all(field["attributes"]["label"] for field in fields.values())
    if name == "bug":
        required = {key for key, field in fields.items() if field["validations"]["required"]}
        assert {"expected", "result", "steps", "config", "dataset"} <= required


def test_the_hooks_are_the_tools_of_make_lint():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    tools = {hook["entry"].removesuffix(" --force-exclude") for repo in hooks for hook in repo["hooks"]}
    lint = re.search(
        r"^lint:.*\n((?:\t.+\n)+)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert lint
    linted = re.findall(r"\$\(BIN\)/(ruff \w+|\w+)", lint[1])
    assert tools == {f".venv/bin/{tool}" for tool in linted}
