"""Whole runs of the gate, and what is kept from one to the next."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import sqlite3
from pathlib import Path

import pytest
from gate_cases import NOW
from gate_made import (
    BAD_WORD,
    FAILS,
    HEAD,
    OF_DATA,
    OF_TIME,
    TWICE,
    checked,
    choice,
    document,
    made,
    put,
)

from generator.config import load
from generator.errors import ConfigError
from generator.gate import baseline
from generator.gate import run as gate
from generator.gate.choice import chosen
from generator.gate.content import content_of
from generator.gate.knowledge import Knowledge


def test_files_that_cannot_be_read_are_findings_and_the_others_go_on(root):
    put(root, "content/post/a.md", b"---\ntitle: x\n---\n\n\xff\xfe")
    put(root, "content/post/b.md", "---\ntitle: a: b\n---\n\nzilch\n")
    put(root, "content/post/c.md", f"{HEAD}zilch\n")
    put(root, "content/post/d.md", f"{HEAD.replace('title', 'tags: 5' + chr(10) + 'title')}zilch\n")
    report = checked(root, choice(BAD_WORD))
    found = {Path(each.file).name: (each.rule, each.line) for each in report.findings}
    assert found == {
        "a.md": ("unreadable", 5),
        "b.md": ("unreadable", 2),
        "c.md": ("bad-word", 6),
        "d.md": ("unreadable", 2),
    }


def test_a_rule_that_fails_is_told_and_the_others_go_on(root, monkeypatch):
    put(root, "content/post/a.md", f"{HEAD}zilch stumble <!-- check: fails because it may -->\n")
    put(root, "content/post/c.md", f"{HEAD}zilch\n")
    for _ in range(2):
        report = checked(root, choice(BAD_WORD, FAILS))
        defects = [each for each in report.findings if each.is_defect]
        assert [(each.rule, each.file, each.severity) for each in defects] == [
            ("fails", "content/post/a.md", "error")
        ]
        assert "ValueError: a stone" in defects[0].message
        assert sum(each.rule == "bad-word" for each in report.findings) == 2
    assert baseline.of(report.findings).total() == 2
    monkeypatch.setenv("MARKETPOST_DEBUG", "1")
    with pytest.raises(ValueError, match="a stone"):
        checked(root, choice(FAILS))


def test_a_survey_that_fails_is_told(root):
    def survey(_):
        raise RuntimeError("no bridge")

    report = checked(root, choice(made("surveys", survey=survey)))
    assert [(each.rule, each.is_defect) for each in report.findings] == [("surveys", True)]


def test_a_survey_is_excused_and_placed_like_any_rule(root):
    text = "---\ntitle: Twice\ndate: 2026-05-14T11:00:00+09:00\n---\n\nText.\n"
    put(root, "content/post/a.md", text)
    put(root, "content/post/b.md", text.replace("Twice", "Twice # check: twice because it is"))
    report = checked(root, choice(TWICE))
    assert [(each.file, each.line, each.column) for each in report.findings] == [("content/post/a.md", 2, 1)]
    assert report.excused == 1
    assert checked(root, choice(TWICE), ["content/post/b.md"]).findings == ()


def test_many_findings_of_a_rule_in_a_file_are_counted(root):
    put(root, "content/post/a.md", HEAD + "zilch " * 100_000)
    report = checked(root, choice(BAD_WORD), ["content/post/a.md"])
    assert len(report.findings) == 200
    assert "99,800 more" in report.findings[-1].message
    assert max(len(each.text) for each in report.findings) < 300


def test_severities_are_those_of_the_settings(config):
    found = gate.inspect(
        document(f"{HEAD}zilch\n"),
        choice(BAD_WORD, severities={"bad-word": "note"}),
        Knowledge(config, now=NOW),
    )
    assert [each.severity for each in found] == ["note"]


def test_a_rule_may_be_left_out_by_the_settings(root):
    path = root / "config.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text + "    check:\n      rules: {unlinked-page: off, dead-link: warning}\n", encoding="utf-8"
    )
    found = chosen(load(root))
    assert "unlinked-page" not in found.names
    assert found.severities == {"dead-link": "warning"}
    assert chosen(load(root), ["unlinked-page"]).names == {"unlinked-page", "unreadable"}
    path.write_text(text + "    check:\n      rules:\n        dead-lnk: off\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        chosen(load(root))
    (problem,) = caught.value.problems
    assert problem.line == len(text.splitlines()) + 3
    assert problem.remedy == "Did you mean dead-link?"
    path.write_text(text + "    check:\n      rules: {dead-link: loud}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="1 problem"):
        load(root)


# What is kept


def test_what_was_said_is_kept_while_nothing_changes(root):
    put(root, "content/post/a.md", f"{HEAD}zilch <!-- check: unreadable because it is so -->\n")
    first = checked(root, choice(BAD_WORD))
    again = checked(root, choice(BAD_WORD))
    assert first.asked == len(first.files)
    assert again.asked == 0
    assert again.findings == first.findings
    put(root, "content/post/a.md", f"{HEAD}zilch\n\nzilch\n")
    third = checked(root, choice(BAD_WORD))
    assert third.asked == 1
    assert sorted(each.line for each in third.findings) == [6, 8]
    assert checked(root, choice(BAD_WORD, FAILS)).asked == len(first.files)


def test_a_setting_that_changes_asks_again(root):
    checked(root, choice(BAD_WORD))
    path = root / "config.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "    check:\n      deny_words: [cheap]\n", encoding="utf-8")
    report = checked(root, choice(BAD_WORD))
    assert report.asked == len(report.files)


def test_data_that_changes_asks_again_of_posts_from_then_on(root):
    first = checked(root, choice(OF_DATA))
    posts = [each for each in first.findings if each.rule == "of-data"]
    assert {each.message for each in posts} == {"of 7844.01", "of 7981.41"}
    assert checked(root, choice(OF_DATA)).asked == 0
    table = root / "datasets/2026-05-14/indices.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("7981.41", "7981.42"), encoding="utf-8")
    report = checked(root, choice(OF_DATA))
    assert {each.message for each in report.findings} >= {"of 7844.01", "of 7981.42"}
    old = [file for file in report.files if "may-13" in file]
    assert checked(root, choice(OF_DATA)).asked == 0
    folder = root / "datasets/2026-05-15"
    shutil.copytree(root / "datasets/2026-05-14", folder)
    assert checked(root, choice(OF_DATA), old).asked == 0


def test_what_a_rule_hangs_on_asks_again(root):
    config = load(root)
    content = content_of(config)
    files = [file for file, leaf in content.leaves.items() if leaf.is_post]
    said = []
    for year in (2027, 2027, 2028):
        now = dt.datetime(year, 1, 1, tzinfo=dt.UTC)
        report = gate.check(config, content, choice(OF_TIME), files, now=now)
        said.append((report.asked, {each.message for each in report.findings}))
    assert said == [(len(files), {"2027"}), (0, {"2027"}), (len(files), {"2028"})]


@pytest.mark.parametrize("name", ["checks.sqlite", "sessions.sqlite"])
@pytest.mark.parametrize("content", [b"no database at all, but long enough to be taken for one" * 30, b""])
def test_a_broken_store_costs_time_only(root, name, content):
    first = checked(root, choice(OF_DATA, BAD_WORD))
    (root / ".marketpost" / name).write_bytes(content)
    assert checked(root, choice(OF_DATA, BAD_WORD)).findings == first.findings
    assert checked(root, choice(OF_DATA, BAD_WORD)).findings == first.findings


def test_a_damaged_row_is_asked_again(root):
    put(root, "content/post/a.md", f"{HEAD}zilch\n")
    first = checked(root, choice(BAD_WORD))
    with contextlib.closing(sqlite3.connect(root / ".marketpost/checks.sqlite")) as connection, connection:
        connection.execute("UPDATE outcome SET said = '[[{\"rule\": 1}], []]' WHERE said != ''")
    assert checked(root, choice(BAD_WORD)).findings == first.findings


def test_a_store_that_cannot_be_written_is_done_without(root):
    shutil.rmtree(root / ".marketpost")
    (root / ".marketpost").write_text("in the way", encoding="utf-8")
    put(root, "content/post/a.md", f"{HEAD}zilch\n")
    assert [each.rule for each in checked(root, choice(BAD_WORD)).findings] == ["bad-word"]


def test_processes_find_what_one_finds(root):
    """Rules of the catalogue, as another process knows no others."""
    for number in range(60):
        text = f"{HEAD.replace('A day', f'Day {number}')}[nowhere](/post/nowhere-{number}/) 1~2% and 3~4%.\n"
        put(root, f"content/post/made-{number}/index.en.md", text)
        put(root, f"content/post/made-{number}/index.ko.md", text)
    one = checked(root, chosen(load(root)), workers=1)
    (root / ".marketpost/checks.sqlite").unlink()
    two = checked(root, chosen(load(root)), workers=2)
    assert two.asked == len(two.files) > 120
    assert two.findings == one.findings
    assert len(one.findings) > 120
