"""The gate as a whole: excuses, what is kept, baselines, fixes, which files, and posts held back."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import re
import shutil
import sqlite3
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from gate_cases import NOW, make_blog

from generator.blog import open_blog
from generator.cli import main
from generator.config import load
from generator.errors import ConfigError, PostError
from generator.gate import baseline, choose
from generator.gate import run as gate
from generator.gate.catalogue import catalogue
from generator.gate.choice import Choice, chosen
from generator.gate.content import content_of
from generator.gate.excuses import excuses
from generator.gate.finding import Finding, Remark
from generator.gate.fix import fixed_text
from generator.gate.knowledge import Knowledge
from generator.gate.results import opened
from generator.gate.rule import Rule
from generator.gate.sarif import sarif
from generator.goldmark.markup import Markup
from generator.pipeline import plan_post
from generator.post import HASH_KEY, untouched
from generator.reading.document import Document
from generator.site.hugo import build, find_hugo

ROOT = Path(__file__).parents[1]
HEAD = "---\ntitle: A day\ndate: 2026-05-14T11:00:00+09:00\n---\n\n"
MARKUP = Markup.of({"goldmark": {"extensions": {"typographer": {"disable": True}}}})


def _words(document, _):
    """Says something of every `zilch`, and would put `good` in its place."""
    for found in re.finditer(r"\bzilch\b", document.text):
        yield Remark(
            start=found.start(),
            end=found.end(),
            message="a zilch word",
            found="zilch",
            remedy="Mend it",
            fix="good",
        )


def _fails(document, _):
    if "stumble" in document.text:
        raise ValueError("a stone")
    return ()


def _of_data(document, knowledge):
    session = knowledge.session_of(document)
    if session:
        yield Remark(start=0, end=3, message=f"of {session.indices[0].close}")


def _surveys(knowledge):
    for library in knowledge.libraries.values():
        for entry in library.posts:
            if entry.post.title == "Twice":
                yield entry, Remark(start=4, end=9, message="a title that is there twice")


def made(name, check=None, **details):
    return Rule(name=name, severity="error", summary="Holds.", why="Because.", check=check, **details)


BAD_WORD = made("bad-word", _words)
FAILS = made("fails", _fails)
OF_DATA = made("of-data", _of_data, uses_data=True)
OF_TIME = made(
    "of-time",
    lambda _, knowledge: [Remark(start=0, end=3, message=f"{knowledge.now:%Y}")],
    hangs_on=lambda _, knowledge: knowledge.now,
)
TWICE = made("twice", survey=_surveys)
OWN = ("excuse-hides-text", "excuse-without-reason", "unreadable", "unused-excuse")


def choice(*further, severities=None):
    every = catalogue()
    those = tuple(sorted([*(every[name] for name in OWN), *further], key=lambda rule: rule.name))
    return Choice(
        rules=those,
        severities=severities or {},
        known=frozenset(every) | {rule.name for rule in those},
    )


def document(text, language="en"):
    return Document(text, file="content/post/x/index.en.md", language=language, markup=MARKUP)


@pytest.fixture(scope="session")
def sample(tmp_path_factory, warm_cache):
    return make_blog(tmp_path_factory.mktemp("run") / "blog", warm_cache)


@pytest.fixture
def root(sample, tmp_path):
    return shutil.copytree(sample, tmp_path / "blog")


def seen(text, *further, config, **details):
    """Line, rule and message of what is found in a text."""
    found = gate.inspect(document(text), choice(*further, **details), Knowledge(config, now=NOW))
    return [(each.line, each.rule, each.message) for each in found]


@pytest.fixture
def config(root):
    return load(root)


def put(root, name, text):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def checked(root, choice_, files=None, **details):
    config = load(root)
    content = content_of(config)
    wanted = content.leaves if files is None else files
    return gate.check(config, content, choice_, list(wanted), now=NOW, **details)


# Excuses


EXCUSED = [
    "A zilch one. <!-- check: bad-word because it is -->",
    "<!-- check: bad-word because it is -->\nA zilch one.",
    "<!-- check: bad-word because it is -->\n\nA zilch one.",
    "<!-- check: bad-word, fails because it is -->\nA zilch one.",
    "<!-- check: bad-word because\nof a long reason -->\nA zilch one.",
    "> <!-- check: bad-word because it is -->\n> A zilch one.",
    "| a | b |\n| - | - |\n| zilch | c <!-- check: bad-word because it is --> |",
    "<!-- check: bad-word because it is -->\n| a | b |\n| - | - |\n| c | d |\n| zilch | zilch |\n\nEnd.",
    "- one\n- a zilch one <!-- check: bad-word because it is -->\n- three",
]


@pytest.mark.parametrize("body", EXCUSED)
def test_a_comment_excuses_its_line_or_the_one_after_it(body, config):
    found = seen(f"{HEAD}{body}\n", BAD_WORD, FAILS, config=config)
    assert [each for each in found if each[1] != "unused-excuse"] == []


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("A zilch one.\n\nMore. <!-- check: bad-word because it is -->", [6]),
        ("A zilch one. <!-- check: unreadable because it is -->", [6]),
        ("A zilch one. <!-- check: bad-word -->", [6]),
        ("`<!-- check: bad-word because it is -->` zilch", [6]),
        ("```text\nzilch <!-- check: bad-word because it is -->\n```", [7]),
        ("<!-- check: bad-word because it is -->\nOne.\nA zilch one.", [8]),
        ("<!-- check: bad-word because it is -->\nOne.\n\n| a | b |\n| - | - |\n| c | zilch |", [11]),
    ],
)
def test_what_a_comment_does_not_excuse(body, lines, config):
    found = seen(f"{HEAD}{body}\n", BAD_WORD, config=config)
    assert [line for line, rule, _ in found if rule == "bad-word"] == lines


def test_an_excuse_in_front_matter(config):
    body = "\nText.\n"
    front = (
        "---\ntitle: A zilch day # check: bad-word because it is one\ndate: 2026-05-14T11:00:00+09:00\n---\n"
    )
    assert seen(front + body, BAD_WORD, config=config) == []
    front = (
        "---\n# check: bad-word because it is one\ntitle: A zilch day\ndate: 2026-05-14T11:00:00+09:00\n---\n"
    )
    assert seen(front + body, BAD_WORD, config=config) == []
    front = "+++\n# check: bad-word because it is one\ntitle = 'A zilch day'\n+++\n"
    assert seen(front + body, BAD_WORD, config=config) == []
    front = "---\ndate: 2026-05-14T11:00:00+09:00\ntitle: A zilch day\n---\n"
    assert [line for line, *_ in seen(front + body, BAD_WORD, config=config)] == [3]


def test_an_excuse_in_front_matter_excuses_what_is_said_of_the_whole_file(config):
    whole = made("whole", lambda *_: [Remark(start=0, end=3, message="of the file")])
    front = (
        "---\ntitle: A day\n# check: whole because it is so\ndate: 2026-05-14T11:00:00+09:00\n---\n\nText.\n"
    )
    assert seen(front, whole, config=config) == []
    assert len(seen(front.replace("# check", "# chuck"), whole, config=config)) == 1


def test_an_excuse_over_a_key_of_many_lines(config):
    front = (
        "---\n# check: bad-word because it is\ntags:\n  - one\n  - zilch\ntitle: A zilch day\n---\n\nText.\n"
    )
    assert [line for line, *_ in seen(front, BAD_WORD, config=config)] == [6]


def test_what_is_wrong_with_an_excuse_is_told(config):
    text = (
        f"{HEAD}One. <!-- check: bad-word -->\n\nTwo. <!-- check: bed-word because it is -->\n\n"
        "Three. <!-- check: bad-word because it was -->\n\nFour. <!-- check: is this still so? -->\n\n"
        "<!-- check: bad-word because it hides --> Five is zilch.\n"
    )
    assert [(line, rule) for line, rule, _ in seen(text, BAD_WORD, config=config)] == [
        (6, "excuse-without-reason"),
        (8, "excuse-without-reason"),
        (10, "unused-excuse"),
        (14, "excuse-hides-text"),
    ]


def test_words_of_an_excuse_are_no_text(config):
    assert seen(
        f"{HEAD}One. <!-- check: unreadable because zilch is zilch -->\n", BAD_WORD, config=config
    ) == [(6, "unused-excuse", "unreadable finds nothing where this excuses it")]


def test_excuses_are_found_in_linear_time():
    text = HEAD + "<!-- check: bad-word because it is `so` -->\n" * 20_000
    assert len(excuses(document(text), {"bad-word"})) == 20_000
    text = "---\n" + "# check: bad-word because it is\n" * 20_000 + "title: A day\n---\n\nText.\n"
    assert len(excuses(document(text), {"bad-word"})) == 20_000


PLAIN = """One paragraph.

Two. A zilch one.
Three.

| a | b |
| - | - |
| c | d |

- one
- two

> A quote.
"""
COMMENTED = """<!-- check: bad-word because of the first -->
One paragraph.

Two. A zilch one. <!-- check: bad-word because of the second -->
Three.

<!-- check: bad-word because of the table -->
| a | b |
| - | - |
| c | d <!-- check: bad-word because of the cell --> |

- one
- two <!-- check: bad-word because of the item -->

> A quote. <!-- check: bad-word because of the quote -->
"""


def test_neither_page_nor_feed_shows_an_excuse(root):
    """Real Hugo, with the front matter commented too."""
    front = "---\ntitle: {} # check: bad-word because of the title\n# check: bad-word because of the date\n"
    front += "date: 2026-05-14T11:00:00+09:00\ntags: [kospi]\nguid: https://example.org/post/{}/\n---\n\n"
    put(root, "content/post/plain/index.en.md", front.format("Shown", "plain") + PLAIN)
    put(root, "content/post/commented/index.en.md", front.format("Shown", "commented") + COMMENTED)
    build(find_hugo(), root, timeout=60)
    pages = [
        (root / f"public/post/{name}/index.html").read_text(encoding="utf-8")
        for name in ("plain", "commented")
    ]
    articles = [re.search(r"<article.*?</article>", page, re.DOTALL)[0] for page in pages]
    plain, commented = (
        re.sub(r"\s+(?=[<\n])|(?<=>)\s+", "", each.replace("/commented/", "/plain/")) for each in articles
    )
    assert "<td>d</td>" in plain
    assert commented == plain
    assert "check:" not in pages[1]
    assert main(["-C", str(root), "feeds", "--tag", "kospi"]) == 0
    feed = (root / "feeds/tags/kospi/feed.xml").read_text(encoding="utf-8")
    assert "post/commented/" in feed
    assert "check:" not in feed


# Whole runs


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


# Baselines


def finding(line=1, text="A zilch one.", rule="bad-word", file="content/post/a.md", **details):
    return Finding(
        rule=rule, severity="error", file=file, line=line, column=3, message="zilch", text=text, **details
    )


FILES, RULES = {"content/post/a.md"}, {"bad-word"}


def test_a_baseline_knows_a_finding_when_its_line_moves_and_not_when_it_changes():
    known = baseline.of([finding(4)])
    moved = baseline.compare([finding(40, "  A   zilch one.")], known, files=FILES, rules=RULES)
    assert (moved.new, moved.known, moved.gone) == ((), 1, 0)
    changed = baseline.compare([finding(4, "A zilch two.")], known, files=FILES, rules=RULES)
    assert (len(changed.new), changed.known, changed.gone) == (1, 0, 1)


def test_a_baseline_counts():
    known = baseline.of([finding(4), finding(5)])
    found = baseline.compare([finding(4), finding(5), finding(6)], known, files=FILES, rules=RULES)
    assert ([each.line for each in found.new], found.known, found.gone) == ([6], 2, 0)
    other = baseline.compare([], known, files={"content/post/b.md"}, rules=RULES)
    assert other.gone == 0
    assert baseline.compare([], known, files=FILES, rules=set()).gone == 0


def test_a_baseline_survives_its_file(tmp_path):
    known = baseline.of(
        [
            finding(),
            finding(),
            finding(rule="other"),
            finding(text="삼성전자는 “zilch” \\"),
            finding(file="b.md"),
        ]
    )
    path = tmp_path / "baseline.json"
    path.write_bytes(baseline.dump(known))
    assert baseline.load(path) == known
    assert baseline.dump(baseline.load(path)) == path.read_bytes()
    assert json.loads(path.read_text(encoding="utf-8"))["version"] == 1
    path.write_bytes(baseline.dump(baseline.of([])))
    assert baseline.load(path).total() == 0
    assert baseline.load(tmp_path / "nothing.json").total() == 0


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 2}', '{"version": 1, "files": [1]}', "\x00"])
def test_what_is_no_baseline_is_refused(tmp_path, text):
    path = tmp_path / "baseline.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="baseline"):
        baseline.load(path)


def test_a_baseline_is_renewed_for_what_was_checked_and_kept_for_the_rest():
    before = baseline.of(
        [finding(), finding(file="content/post/b.md"), finding(rule="other"), finding(file="content/gone.md")]
    )
    after = baseline.renewed(
        before,
        [finding(text="new")],
        files=FILES,
        rules=RULES,
        existing={"content/post/a.md", "content/post/b.md"},
    )
    assert after == baseline.of(
        [finding(text="new"), finding(file="content/post/b.md"), finding(rule="other")]
    )


# Fixes


def fixing(line, start, end, fix, end_line=None):
    return replace(finding(line), column=start, end_line=end_line or line, end_column=end, fix=fix)


@pytest.mark.parametrize(
    ("text", "found", "after", "count"),
    [
        ("one two\nthree\n", [fixing(1, 5, 8, "2"), fixing(2, 1, 6, "3")], "one 2\n3\n", 2),
        ("one two\r\nthree", [fixing(2, 1, 6, "3"), fixing(1, 1, 4, "1")], "1 two\r\n3", 2),
        ("한국 二 🙂 x", [fixing(1, 8, 9, "y")], "한국 二 🙂 y".replace("🙂 y", "🙂 x")[:7] + "y", 1),
        ("abcdef", [fixing(1, 1, 4, "X"), fixing(1, 3, 6, "Y"), fixing(1, 5, 6, "Z")], "XdZf", 2),
        ("ab", [fixing(1, 2, 2, "-"), fixing(1, 3, 3, "!")], "a-b!", 2),
        ("a\nb\nc", [fixing(1, 1, 2, "x", end_line=2)], "x\nc", 1),
        ("ab", [fixing(9, 1, 2, "x"), fixing(1, 2, 99, "x")], "ab", 0),
    ],
)
def test_fixes_are_put_in_place_without_overlap(text, found, after, count):
    assert fixed_text(text, found) == (after, count)


# Which files


@pytest.fixture
def content(root):
    put(root, "content/post/a/index.en.md", HEAD)
    put(root, "content/post/a/index.ko.md", HEAD)
    put(root, "content/page/about/index.en.md", HEAD)
    return content_of(load(root))


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("a", 2),
        ("/post/a/", 1),
        ("/ko/post/a/", 1),
        ("content/post/a", 2),
        ("content/post/a/index.ko.md", 1),
        ("content/page/about/index.en.md", 1),
        ("/page/about/", 1),
        ("2026-05-13", 1),
        ("latest", 1),
    ],
)
def test_a_name_means_files(name, count, content, root):
    assert len(choose.named(content, [name], root=root)) == count


def test_a_folder_means_all_below_it(content, root, monkeypatch):
    monkeypatch.chdir(root / "content" / "post")
    here = choose.named(content, ["."], root=root)
    assert here == {file for file in content.leaves if file.startswith("content/post/")}
    monkeypatch.chdir(root)
    assert choose.named(content, ["."], root=root) == set(content.leaves)


def test_a_day_is_the_sessions_first(content, root):
    (file,) = choose.named(content, ["2026-05-13"], root=root)
    assert "may-13" in file
    assert len(choose.named(content, ["2026-05-14"], root=root)) == 1


@pytest.mark.parametrize("name", ["nothing", "2026-05-12", "2026-13-40", "content/nothing.md"])
def test_a_name_of_nothing_is_refused(name, content, root):
    with pytest.raises(PostError, match=name):
        choose.named(content, [name], root=root)


def git(root, *arguments):
    subprocess.run(
        [shutil.which("git"), "-c", "user.name=x", "-c", "user.email=x@example.org", *arguments],
        cwd=root, check=True, capture_output=True, timeout=30,
    )  # fmt: skip


def test_what_changed_is_what_git_says(content, root):
    put(root, ".gitignore", ".marketpost/\n")
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "one")
    assert choose.changed(content, {}, root=root, since="") == set()
    put(root, "content/post/a/index.en.md", f"{HEAD}More.\n")
    put(root, "content/post/새 글.md", HEAD)
    now = content_of(load(root))
    expected = {"content/post/a/index.en.md", "content/post/새 글.md"}
    assert choose.changed(now, {}, root=root, since="") == expected
    git(root, "add", ".")
    assert choose.changed(now, {}, root=root, since="") == expected
    git(root, "commit", "-q", "-m", "two")
    assert choose.changed(now, {}, root=root, since="") == set()
    assert choose.changed(now, {}, root=root, since="HEAD~1") == expected
    for wrong in ("nothing", "--output=x"):
        with pytest.raises(ConfigError):
            choose.changed(now, {}, root=root, since=wrong)


def test_without_git_what_changed_since_it_was_clean(root, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(root.parent))
    put(root, "content/post/a.md", HEAD)
    put(root, "content/post/b.md", f"{HEAD}1~2% and 3~4%.\n")

    def told():
        assert main(["-C", str(root), "check", "--changed", "--json", "--now", "2026-05-16"]) in (0, 1)

    assert main(["-C", str(root), "check", "--json", "--now", "2026-05-16"]) == 1
    with opened(load(root).cache) as results:
        clean = results.clean()
    now = content_of(load(root))
    assert choose.changed(now, clean, root=root, since="") == {"content/post/b.md"}
    told()


# SARIF


def test_sarif_holds_what_the_standard_asks_for():
    found = [
        finding(4, end_line=4, end_column=9, fix="good"),
        finding(5, end_line=5, end_column=9),
        finding(1, rule="unreadable", file="content/post/새 글/index.ko.md"),
    ]
    every = choice(BAD_WORD).rules
    log = json.loads(sarif(found, every))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    ids = [rule["id"] for rule in driver["rules"]]
    assert driver["name"] == "marketpost"
    assert len(ids) == len(set(ids))
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert rule["defaultConfiguration"]["level"] in {"error", "warning", "note"}
    prints = set()
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
        assert result["message"]["text"]
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert re.fullmatch(r"[\w./%-]+", place["artifactLocation"]["uri"])
        assert place["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"]
        region = place["region"]
        assert region["startLine"] >= 1
        assert region["startColumn"] >= 1
        assert region.get("endLine", region["startLine"]) >= region["startLine"]
        prints |= set(result["partialFingerprints"].values())
        for fix in result.get("fixes", ()):
            (change,) = fix["artifactChanges"]
            assert change["replacements"][0]["insertedContent"]["text"] == "good"
    assert len(prints) == 3
    moved = json.loads(sarif([finding(40, end_line=40, end_column=9)], every))["runs"][0]["results"]
    assert moved[0]["partialFingerprints"] == run["results"][0]["partialFingerprints"]


# Posts that are made


@pytest.fixture
def making(root, monkeypatch):
    """A blog without its posts, and a rule that a note of the writer's breaks."""
    shutil.rmtree(root / "content" / "post")
    every = dict(catalogue())
    every["bad-word"] = BAD_WORD
    only = {name: every[name] for name in (*OWN, "bad-word")}
    monkeypatch.setattr("generator.gate.choice.catalogue", lambda: only)
    notes = root / "datasets/2026-05-13/notes.md"
    clean = notes.read_text(encoding="utf-8") if notes.exists() else ""
    heading = re.search(r"^#+ .+$", clean, re.MULTILINE)

    def say(word):
        text = clean.replace(heading[0], f"{heading[0]}\n\nA {word} day.\n", 1)
        notes.write_text(text, encoding="utf-8")

    def make():
        plan = plan_post(open_blog(load(root)), dt.date(2026, 5, 13))
        plan.write()
        return plan, plan.path.read_text(encoding="utf-8")

    return say, make


def test_a_post_with_an_error_is_held_until_it_has_none(making):
    say, make = making
    say("zilch")
    plan, text = make()
    assert plan.held
    assert not plan.edited
    assert [each.rule for each in plan.findings] == ["bad-word"]
    assert "\ndraft: true\n" in text
    assert untouched(text)
    again, same = make()
    assert again.held
    assert same == text
    say("good")
    plan, text = make()
    assert not plan.held
    assert plan.findings == ()
    assert "\ndraft: false\n" in text
    assert untouched(text)


def test_an_edit_is_held_and_kept(making):
    say, make = making
    say("good")
    plan, text = make()
    plan.path.write_text(text + "\nA zilch ending.\n", encoding="utf-8")
    plan, held = make()
    assert plan.held
    assert plan.edited
    assert "\ndraft: true\n" in held
    assert held.endswith("\nA zilch ending.\n")
    again, same = make()
    assert (again.held, same) == (True, held)
    plan.path.write_text(held.replace("A zilch ending", "A happy ending"), encoding="utf-8")
    plan, published = make()
    assert not plan.held
    assert "\ndraft: false\n" in published
    assert published == text + "\nA happy ending.\n"


def test_an_edit_is_held_where_the_cache_was_lost(making, root):
    say, make = making
    say("good")
    plan, text = make()
    plan.path.write_text(text + "\nA zilch ending.\n", encoding="utf-8")
    shutil.rmtree(root / ".marketpost" / "generated")
    plan, held = make()
    assert plan.held
    plan.path.write_text(held.replace("A zilch ending", "A happy ending"), encoding="utf-8")
    shutil.rmtree(root / ".marketpost" / "generated")
    plan, published = make()
    assert not plan.held
    assert published == text + "\nA happy ending.\n"


def test_a_draft_of_a_persons_stays_one(making):
    say, make = making
    say("good")
    plan, text = make()
    mine = text.replace("\ndraft: false\n", "\ndraft: true\n")
    plan.path.write_text(mine, encoding="utf-8")
    plan, same = make()
    assert same == mine
    assert not plan.held
    say("fine")
    plan, merged = make()
    assert "A fine day." in merged
    assert "\ndraft: true\n" in merged


def test_a_person_may_publish_what_was_held(making):
    say, make = making
    say("zilch")
    plan, text = make()
    plan.path.write_text(text.replace("\ndraft: true\n", "\ndraft: false\n"), encoding="utf-8")
    plan, public = make()
    assert not plan.held
    assert "\ndraft: false\n" in public
    assert [each.rule for each in plan.findings] == ["bad-word"]


def test_posts_made_as_drafts_are_not_said_to_be_held(making, root):
    say, make = making
    path = root / "config.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "    post: {draft: true}\n", encoding="utf-8")
    say("zilch")
    plan, text = make()
    assert not plan.held
    assert len(plan.findings) == 1
    assert "\ndraft: true\n" in text


def test_what_the_baseline_puts_up_with_holds_no_post(making, root):
    say, make = making
    say("zilch")
    plan, _ = make()
    (root / ".marketpost-baseline.json").write_bytes(baseline.dump(baseline.of(plan.findings)))
    plan, text = make()
    assert not plan.held
    assert "\ndraft: false\n" in text


def test_the_hash_of_a_held_post_is_its_own(making):
    say, make = making
    say("zilch")
    _, held = make()
    say("good")
    _, public = make()
    hashes = [re.search(rf"^{HASH_KEY}: (\w+)$", text, re.MULTILINE)[1] for text in (held, public)]
    assert hashes[0] != hashes[1]


# The command


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


def test_a_made_post_that_is_held_is_told(making, root, capsys):
    say, _ = making
    say("zilch")
    assert main(["-C", str(root), "post", "2026-05-13", "--no-site"]) == 1
    out, err = capsys.readouterr()
    assert "bad-word" in out
    assert "kept a draft" in out
    assert err == ""
    assert main(["-C", str(root), "post", "2026-05-13", "--no-site", "--json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["held"]
    assert [each["rule"] for each in data["findings"]] == ["bad-word"]
    say("good")
    assert main(["-C", str(root), "post", "2026-05-13", "--no-site"]) == 0


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
