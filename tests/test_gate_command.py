"""`marketpost check` as a person and a script see it."""

from __future__ import annotations

import json
import re

import pytest
from gate_made import (
    HEAD,
    put,
)

from generator.cli import main
from generator.gate.catalogue import catalogue


@pytest.fixture
def run(root, capsys):
    def call(*arguments):
        code = main(["-C", str(root), "check", *arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return call


STRUCK = "content/post/a/index.en.md"


@pytest.fixture
def struck(root):
    put(root, STRUCK, f"{HEAD}It rose 1~2% there and 3~4% here.\n")
    return root


@pytest.mark.usefixtures("struck")
def test_the_command_shows_the_line_with_carets(run):
    code, out, _ = run(STRUCK, "--rule", "struck-through")
    lines = out.splitlines()
    assert code == 1
    assert lines[0] == STRUCK
    assert re.match(r"  6:\d+  error  .*  struck-through", lines[1])
    source, marks = lines[2], lines[3]
    assert source == "      | It rose 1~2% there and 3~4% here."
    start, end = marks.index("^"), marks.rindex("^") + 1
    assert source[start:end] == "~2% there and 3~"
    assert lines[-1] == "1 error in 1 file"


def test_wide_characters_move_the_carets(run, root):
    put(root, STRUCK, f"{HEAD}삼성전자는 1~2% 올랐고 3~4% 내렸다.\n")
    _, out, _ = run(STRUCK, "--rule", "struck-through")
    source, marks = out.splitlines()[2:4]
    columns = sum(2 if ord(each) > 0x1100 else 1 for each in source[: source.index("~")])
    assert marks.index("^") == columns


def test_nothing_of_a_post_reaches_the_terminal_as_control(run, root):
    put(root, STRUCK, f"{HEAD}\x1b[2J\u202e1~2% \x07 and 3~4%.\n")
    _, out, _ = run(STRUCK, "--rule", "struck-through")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202a-\u202e]", out)


@pytest.mark.usefixtures("struck")
def test_json_is_all_there_is(run):
    code, out, _ = run(STRUCK, "--rule", "struck-through", "--json")
    data = json.loads(out)
    assert code == 1
    assert (data["files"], data["counts"]["error"]) == (1, 1)
    assert data["findings"][0]["line"] == 6
    assert data["findings"][0]["found"]


def test_quiet_prints_errors_a_line_each(run, struck, capsys):
    code, out, _ = run("-q", STRUCK, "--rule", "struck-through")
    assert code == 1
    assert out.startswith(f"{STRUCK}:6:10: error struck-through: ")
    assert out.count("\n") == 1
    assert main(["-C", str(struck), "-q", "check", STRUCK, "--rule", "struck-through"]) == 1
    assert capsys.readouterr().out == out
    put(struck, STRUCK, f"{HEAD}Fine.\n")
    assert run("-q", STRUCK, "--rule", "struck-through")[:2] == (0, "")


def test_warnings_fail_when_asked_to(run, struck):
    path = struck / "config.yaml"
    path.write_text(
        path.read_text(encoding="utf-8") + "    check:\n      rules: {struck-through: warning}\n",
        encoding="utf-8",
    )
    assert run(STRUCK, "--rule", "struck-through")[0] == 0
    assert run(STRUCK, "--rule", "struck-through", "--strict")[0] == 1


def test_a_fix_is_shown_then_written_and_counts_as_an_edit(run, struck):
    before = (struck / STRUCK).read_text(encoding="utf-8")
    code, out, _ = run(STRUCK, "--rule", "struck-through", "--fix", "--dry-run")
    assert code == 1
    assert "-It rose 1~2% there and 3~4% here." in out
    assert (struck / STRUCK).read_text(encoding="utf-8") == before
    code, out, _ = run(STRUCK, "--rule", "struck-through", "--fix")
    assert code == 0
    assert f"fixed    {STRUCK}: 1" in out
    after = (struck / STRUCK).read_text(encoding="utf-8")
    assert after != before
    assert run(STRUCK, "--rule", "struck-through")[0] == 0


def test_a_baseline_from_the_command_line(run, struck):
    code, out, _ = run(STRUCK, "--rule", "struck-through", "--write-baseline")
    assert code == 0
    assert "1 findings are put up with" in out
    assert (struck / ".marketpost-baseline.json").is_file()
    code, out, _ = run(STRUCK, "--rule", "struck-through")
    assert (code, out.strip()) == (0, "nothing found in 1 file; 1 in the baseline")
    assert run(STRUCK, "--rule", "struck-through", "--no-baseline")[0] == 1
    put(struck, STRUCK, f"{HEAD}It rose 5~6% there and 7~8% here.\n")
    code, out, _ = run(STRUCK, "--rule", "struck-through")
    assert code == 1
    assert "1 of the baseline gone" in out


@pytest.mark.usefixtures("struck")
def test_sarif_from_the_command_line(run, tmp_path):
    path = tmp_path / "out.sarif"
    assert run(STRUCK, "--sarif", str(path))[0] == 1
    results = json.loads(path.read_text(encoding="utf-8"))["runs"][0]["results"]
    assert "struck-through" in {each["ruleId"] for each in results}


def test_rules_are_explained(run):
    code, out, _ = run("--explain")
    assert code == 0
    for name, rule in catalogue().items():
        assert re.search(rf"^{name} +{rule.severity}", out, re.MULTILINE)
    code, out, _ = run("--explain", "struck-through")
    assert code == 0
    assert catalogue()["struck-through"].why in out
    assert "Not accepted:" in out
    assert run("--explain", "struck-throu")[0] == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("latest", "--changed"), "exclude each other"),
        (("--dry-run",), "goes with --fix"),
        (("--rule", "struck-throu"), "Did you mean struck-through?"),
        (("--now", "soon"), "no time"),
        (("nothing-of-that-name",), "nothing-of-that-name"),
    ],
)
def test_wrong_usage(run, arguments, message):
    code, out, err = run(*arguments)
    assert code in (1, 2)
    assert message in err
    assert out == ""


def test_a_blog_of_somebody_elses_needs_no_data(tmp_path, capsys):
    put(tmp_path, "hugo.toml", 'baseURL = "https://example.org/"\ntitle = "Notes"\n')
    put(tmp_path, "content/blog/one.md", f"{HEAD}It rose 1~2% there and 3~4% here, and fell 5%.\n")
    assert main(["-C", str(tmp_path), "check"]) == 1
    out, err = capsys.readouterr()
    assert "struck-through" in out
    assert err == ""


@pytest.mark.parametrize(
    ("name", "held"), [("secret", "ghp_" + "aB3dE5gH7j" * 4), ("e-mail-address", "kim.desk@marketdesk.kr")]
)
def test_what_must_not_be_shown_is_in_no_output(root, name, held, capsys):
    path = root / "content/post/leak/index.en.md"
    path.parent.mkdir()
    path.write_text(f"{HEAD}Write {held} down.\n", encoding="utf-8")
    report = root / "report.sarif"
    main(["-C", str(root), "check", str(path), "--rule", name, "--sarif", str(report)])
    main(["-C", str(root), "check", str(path), "--rule", name, "--json"])
    said = capsys.readouterr()
    assert name in said.out
    assert held not in said.out + said.err + report.read_text(encoding="utf-8")
