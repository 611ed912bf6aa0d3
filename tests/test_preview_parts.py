"""The parts of a preview, each alone; test_preview.py has them all together in a browser."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from jinja2 import DictLoader, Environment, FileSystemLoader, StrictUndefined, TemplateError

from generator import process, wording
from generator.blog import open_blog
from generator.config import load
from generator.errors import MarketpostError, PostError, Problem
from generator.gate.finding import Finding
from generator.goldmark.markup import Markup
from generator.library.by_language import libraries_of
from generator.lock import claimed
from generator.pipeline import plan_post
from generator.post import from_text
from generator.preview import pages, proxy, room, tunnel
from generator.preview.asked import subject
from generator.preview.board import Board, State, Trouble
from generator.preview.layers import Layers
from generator.preview.maker import _of_template
from generator.preview.mounts import Mount, overlaid, own_mounts
from generator.preview.overlay import Overlay, claimed_overlay
from generator.preview.report import Shown, report
from generator.preview.warm import WarmBlog
from generator.preview.watch import Watch, sights
from generator.preview.window import window
from generator.reading.document import Document
from generator.site import messages
from generator.site.server import Built, Ended, _Listener

DAY, NEXT = date(2026, 5, 13), date(2026, 5, 14)
NOW = datetime(2026, 5, 20, tzinfo=UTC)


def until(holds, seconds=10.0):
    """Whether something holds within so many seconds."""
    for _ in range(int(seconds / 0.02)):
        if holds():
            return True
        time.sleep(0.02)
    return False


# Programs on a leash


CHILD = """
import subprocess, sys, time
print("said", flush=True)
inner = subprocess.Popen([sys.executable, "-c",
    "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print(os.getpid(), flush=True); time.sleep(60)"])
time.sleep(60)
"""


def alive(pid):
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks /proc which programs run")


@needs_proc
def test_a_program_on_a_leash_ends_with_all_that_it_started(tmp_path):
    lines, codes = [], []
    leash = process.start(
        [sys.executable, "-c", CHILD],
        cwd=tmp_path,
        environment=os.environ,
        said=lines.append,
        ended=codes.append,
    )
    assert until(lambda: len(lines) == 2)
    assert lines[0] == "said"
    assert leash.code is None
    leash.stop()
    assert leash.code is not None
    assert until(lambda: not alive(int(lines[1])))
    assert until(lambda: len(codes) == 1)
    leash.stop()  # again is no harm


@needs_proc
def test_a_program_on_a_leash_ends_when_we_are_killed(tmp_path):
    code = f"""
import os, sys, time
from pathlib import Path
from generator import process
process.start([sys.executable, "-c", {CHILD!r}], cwd=Path(), environment=os.environ,
              said=lambda line: print(line, flush=True), ended=print)
time.sleep(60)
"""
    holder = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout.readline() == "said\n"
        inner = int(holder.stdout.readline())
        assert alive(inner)
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    assert until(lambda: not alive(inner), 2.0)


def test_a_program_that_is_not_there_is_told(tmp_path):
    lines, codes = [], []
    process.start(
        ["no-such-program"], cwd=tmp_path, environment=os.environ, said=lines.append, ended=codes.append
    )
    assert until(lambda: codes)
    assert codes == [127]
    assert lines == ["ERROR no-such-program cannot be started: No such file or directory"]


def test_what_is_claimed_is_nobody_elses(tmp_path):
    with claimed(tmp_path / "x.lock") as first, claimed(tmp_path / "x.lock") as second:
        assert (first, second) == (True, False)
    with claimed(tmp_path / "x.lock") as third:
        assert third


# Overlay


def test_an_overlay_holds_what_it_should_and_calls_files_by_their_names(tmp_path):
    post = tmp_path / "content/post/x/index.md"
    post.parent.mkdir(parents=True)
    post.write_text("one", encoding="utf-8")
    with claimed_overlay(tmp_path, tmp_path / ".marketpost") as overlay:
        assert overlay.name == ".marketpost/preview/0"
        brought = overlay.bring({"content/post/x/index.md": post, "content/post/x/figures.json": b"[]"})
        assert set(brought.new) == {"content/post/x/index.md", "content/post/x/figures.json"}
        assert overlay.path("content/post/x/index.md").read_bytes() == b"one"
        assert not overlay.bring({"content/post/x/index.md": post, "content/post/x/figures.json": b"[]"})
        inode = overlay.path("content/post/x/index.md").stat().st_ino
        post.write_text("three", encoding="utf-8")
        assert overlay.differs("content/post/x/index.md", post)
        brought = overlay.bring({"content/post/x/index.md": post})
        assert brought.changed == ("content/post/x/index.md",)
        assert brought.removed == ("content/post/x/figures.json",)
        # In place, as Hugo takes a renamed file for a new page.
        assert overlay.path("content/post/x/index.md").stat().st_ino == inode
        assert overlay.path("content/post/x/index.md").read_bytes() == b"three"
        assert overlay.own(".marketpost/preview/0/content/post/x/index.md:3") == "content/post/x/index.md:3"
        overlay.has_folder("content")
        overlay.bring({})
        assert not overlay.path("content/post").exists()
        assert overlay.path("content").is_dir()
    assert not (tmp_path / ".marketpost/preview/0").exists()


def test_what_cannot_be_read_stays_as_it_was(tmp_path):
    with claimed_overlay(tmp_path, tmp_path / ".marketpost") as overlay:
        overlay.bring({"content/a.md": b"good"})
        assert not overlay.bring({"content/a.md": b"broken"}, keep={"content/a.md"})
        assert not overlay.bring({}, keep={"content/a.md"})
        assert overlay.path("content/a.md").read_bytes() == b"good"


def test_each_preview_has_an_overlay_to_itself_and_takes_over_what_was_left(tmp_path):
    left = tmp_path / ".marketpost/preview/0/content/old.md"
    left.parent.mkdir(parents=True)
    left.touch()
    cache = tmp_path / ".marketpost"
    with claimed_overlay(tmp_path, cache) as first, claimed_overlay(tmp_path, cache) as second:
        assert (first.folder.name, second.folder.name) == ("0", "1")
        assert not left.exists()


def test_the_figures_of_a_post_stay_under_its_new_text_until_they_are_made_and_go_with_it(tmp_path):
    with claimed_overlay(tmp_path, tmp_path / ".marketpost") as overlay:
        layers = Layers(tmp_path, overlay, everything=False)
        layers.put_post("content/post/x/index.md", b"one")
        layers.put_beside("content/post/x/figures.json", b"[1]")
        assert layers.put_post("content/post/x/index.md", b"two").changed == ("content/post/x/index.md",)
        assert overlay.path("content/post/x/figures.json").read_bytes() == b"[1]"
        assert not layers.put_beside("content/post/x/figures.json", b"[1]")
        assert not layers.is_stale
        moved = layers.put_post("content/post/y/index.md", b"two")
        assert set(moved.removed) == {"content/post/x/index.md", "content/post/x/figures.json"}
        assert layers.is_stale  # Hugo would go on to serve what is gone


# Mounts and window


def test_mounts_lay_the_overlay_over_the_blog_and_keep_its_own():
    configured = [
        {"source": "feeds", "target": "static"},
        {"source": "notes", "target": "content/notes", "files": ["*.md"]},
        {"source": "content", "target": "content", "sites": {"matrix": {"languages": ["en"]}}},
    ]
    nothing = {"sites": {"matrix": {"languages": None}}, "files": None, "disableWatch": False}
    known = [
        *configured,
        {"source": "data", "target": "data", **nothing},
        {"source": "layouts", "target": "layouts"},
    ]
    own = own_mounts(configured, known)
    assert [each.source for each in own] == ["feeds", "notes", "content", "data"]
    languages = {"sites": {"matrix": {"languages": ["en"]}}}
    assert overlaid(own, "over", {"content": ("tags",)}) == [
        {"source": "feeds", "target": "static"},
        {"source": "over/notes", "target": "content/notes", "files": ["*.md"]},
        {"source": "notes", "target": "content/notes", "files": ["*.md"]},
        {"source": "over/content", "target": "content", **languages},
        {"source": "content/tags", "target": "content/tags", **languages},
        {"source": "over/data", "target": "data"},
        {"source": "data", "target": "data"},
    ]
    everything = overlaid(own, "over", None)
    assert {"source": "content", "target": "content", **languages} in everything


@pytest.mark.parametrize(
    ("mount", "can"),
    [
        ({"source": "content", "target": "content"}, True),
        ({"source": "./content/en/", "target": "content"}, True),
        ({"source": "../elsewhere", "target": "content"}, False),
        ({"source": "/elsewhere", "target": "content"}, False),
        ({"source": ".", "target": "content"}, False),
        ({"source": "content", "target": "content", "excludefiles": ["x"]}, False),
        ({"source": "static", "target": "static"}, False),
    ],
)
def test_which_mounts_can_be_cut(mount, can):
    assert Mount(mount).can_be_cut is can


def write_post(root, file, day, title="T"):
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"---\ntitle: {title}\ndate: 2026-01-{day:02}T10:00:00Z\n---\n\nText.\n", encoding="utf-8"
    )


@pytest.fixture
def small(tmp_path):
    """A blog of seven posts of three kinds, sections, and pages beside them."""
    (tmp_path / "config.yaml").write_text("baseURL: https://example.org/\ntitle: x\n", encoding="utf-8")
    for day in range(1, 6):
        write_post(tmp_path, f"content/post/p{day}/index.md", day)
        (tmp_path / f"content/post/p{day}/chart.svg").touch()
    write_post(tmp_path, "content/post/2026/single.md", 6)
    write_post(tmp_path, "content/post/2026/old.md", 1)
    for file in (
        "post/_index.md",
        "post/2026/_index.md",
        "about.md",
        "tags/x/_index.md",
        "page/hub/index.md",
    ):
        (tmp_path / "content" / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "content" / file).write_text("---\ntitle: x\n---\n", encoding="utf-8")
    (tmp_path / "content/post/2026/banner.png").touch()
    return tmp_path


def test_a_window_holds_the_newest_posts_with_what_is_theirs(small):
    libraries = libraries_of(load(small)).values()
    found = window(small, ["content"], libraries, language="en", posts=2)
    assert found.folders == {"content": ("page", "tags")}
    assert found.files == {
        "content/about.md", "content/post/_index.md", "content/post/2026/_index.md",
        "content/post/2026/banner.png", "content/post/2026/single.md", "content/post/p5/index.md",
        "content/post/p5/chart.svg",
    }  # fmt: skip
    asked = window(small, ["content"], libraries, language="en", posts=1, asked={"content/post/p1/index.md"})
    assert {"content/post/p1/index.md", "content/post/p1/chart.svg"} < asked.files
    assert "content/post/p5/index.md" not in asked.files


def test_a_window_holds_fewer_posts_of_other_languages(small):
    (small / "config.yaml").write_text(
        "baseURL: https://example.org/\nlanguages: {en: {weight: 1}, ko: {weight: 2}}\n", encoding="utf-8"
    )
    for day in range(1, 6):
        write_post(small, f"content/post/p{day}/index.ko.md", day)
    libraries = libraries_of(load(small)).values()

    def posts(count, *asked):
        found = window(small, ["content"], libraries, language="en", posts=count, asked=asked)
        return {file.removeprefix("content/post/") for file in found.files if re.search(r"/p\d/.*md$", file)}

    assert posts(4) == {"p5/index.md", "p4/index.md", "p3/index.md", "p5/index.ko.md"}
    assert posts(9) == {f"p{day}/index.md" for day in range(1, 6)} | {"p5/index.ko.md", "p4/index.ko.md"}
    # One that was asked for comes with its translations, whichever of them it was.
    assert posts(1, "content/post/p2/index.md") == posts(1, "content/post/p2/index.ko.md")
    assert {"p2/index.md", "p2/index.ko.md"} < posts(1, "content/post/p2/index.md")


# A blog that remembers


def test_a_warm_blog_plans_what_a_cold_one_does(blog):
    cold = open_blog(load(blog))
    warm = WarmBlog(config=cold.config, calendar=cold.calendar, sources=cold.sources)
    notes = blog / "datasets/2026-05-14/notes.md"
    plan_post(warm, NEXT).write()

    def equal():
        ours, theirs = plan_post(warm, NEXT), plan_post(open_blog(load(blog)), NEXT)
        assert ours.files == theirs.files
        assert (ours.findings, ours.problems) == (theirs.findings, theirs.problems)
        return ours.post.body

    notes.write_text("## regime\n\nA thought that is new.\n", encoding="utf-8")
    warm.take_notes([NEXT])
    assert "A thought that is new." in equal()
    notes.unlink()
    warm.take_notes([NEXT])
    assert "A thought that is new." not in equal()
    table = blog / "datasets/2026-05-14/flows.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("-2200", "-2300"), encoding="utf-8")
    warm.memory.forget("data")
    assert "₩2.3tn" in equal()
    page = blog / "content/tags/all-time-high/_index.md"
    page.write_text(page.read_text(encoding="utf-8").replace("title: ", "title: My "), encoding="utf-8")
    warm.memory.forget("content")
    equal()


def test_words_of_a_language_are_read_again_once_they_change(blog, monkeypatch, tmp_path):
    folder = tmp_path / "wording"
    shutil.copytree(wording._folder("en"), folder)
    monkeypatch.setattr(wording, "_folder", lambda _: folder)
    here = room.opened(load(blog))

    def title():
        return here.blog.wording().words["hub"]["title"]

    before = title()
    words = folder / "words.yaml"
    words.write_text(words.read_text(encoding="utf-8").replace(before, "All Days"), encoding="utf-8")
    here.forget({"data", "notes", "content"}, [])
    assert title() == before  # what is not named is remembered
    here.forget({"wording"}, [])
    assert title() == "All Days"


def test_notes_that_cannot_be_read_withhold_their_session_until_they_are_mended(blog):
    cold = open_blog(load(blog))
    warm = WarmBlog(config=cold.config, calendar=cold.calendar, sources=cold.sources)
    warm.session(NEXT)
    assert not warm.metrics()[1]
    notes = blog / "datasets/2026-05-14/notes.md"
    notes.write_bytes(b"## regime\n\nNot \xff UTF-8.\n")
    warm.take_notes([NEXT])
    with pytest.raises(MarketpostError, match="withheld") as caught:
        warm.session(NEXT)
    assert str(caught.value.problems[0]).startswith("datasets/2026-05-14/notes.md:3: is not UTF-8")
    assert NEXT in warm.metrics()[1]
    notes.write_text("## regime\n\nAll is well.\n", encoding="utf-8")
    warm.take_notes([NEXT])
    assert warm.session(NEXT)[0].notes == {"regime": "All is well."}
    assert not warm.metrics()[1]


def test_the_text_is_told_before_the_gate_looks(blog):
    told = []

    def early(place, post, text):
        told.append((place.path, post.title, text(False), text(True)))

    plan = plan_post(open_blog(load(blog)), NEXT, early=early, feeds=False)
    ((path, title, text, held),) = told
    assert (path, title) == (plan.path, plan.post.title)
    assert text.encode() == plan.files[0].content
    assert "draft: true" in held
    assert not [file for file in plan.files if file.path.name == "feed.xml"]
    assert [file for file in plan_post(open_blog(load(blog)), NEXT).files if file.path.name == "feed.xml"]


# Whom a name means


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("2026-05-16", "2026-05-16 is no session: weekend; and no post is of that day"),
        ("2026-05-12", "there is no data of the session 2026-05-12 in datasets"),
        ("2026-13-01", "is no date"),
        ("no-such-post", "no post 'no-such-post'"),
    ],
)
def test_names_that_mean_nothing(blog, name, message):
    cold = open_blog(load(blog))
    with pytest.raises(MarketpostError, match=message):
        subject(WarmBlog(config=cold.config, calendar=cold.calendar, sources=cold.sources), name)


def test_what_a_name_means(blog):
    cold = open_blog(load(blog))
    warm = WarmBlog(config=cold.config, calendar=cold.calendar, sources=cold.sources)
    assert subject(warm, "").session == NEXT
    assert subject(warm, "2026-05-13").session == DAY
    with pytest.raises(PostError, match="no post yet"):
        subject(warm, "latest")
    plan_post(warm, NEXT).write()
    write_post(blog, "content/post/mine/index.en.md", 2)
    warm.memory.forget("content")
    assert subject(warm, "mine").entry.file == "content/post/mine/index.en.md"
    assert subject(warm, "latest").entry.post.session == NEXT
    assert subject(warm, "2026-01-02").entry.file == "content/post/mine/index.en.md"
    # A draft of a later time is what is being written; an older one is not.
    draft = blog / "content/post/mine/index.en.md"
    text = draft.read_text(encoding="utf-8").replace("title:", "draft: true\ntitle:")
    draft.write_text(text, encoding="utf-8")
    warm.memory.forget("content")
    assert subject(warm, "").session == NEXT
    draft.write_text(text.replace("2026-01-02", "2026-06-02"), encoding="utf-8")
    warm.memory.forget("content")
    assert subject(warm, "").entry.file == "content/post/mine/index.en.md"


# What the panel shows


TEXT = """---
title: A day
date: 2026-05-14T16:30:00+09:00
draft: {draft}
session: 2026-05-14
session_status: {status}
---

The **KOSPI** rose 1.75%, [a record](/x/).

| a | b |
| --- | --- |
| 1.75% | 2 |
| x | 1.75% |
"""


def shown(*, draft="false", status="final", **more):
    text = TEXT.format(draft=draft, status=status)
    document = Document(text, file="content/post/x/index.en.md", language="en", markup=Markup())
    post = from_text(text, file="x", slug="x", language="en")
    return Shown(post=post, file=document.file, mode="planned", document=document, figures=None, **more)


def found_at(line, column, end_column, severity="error"):
    return Finding(
        rule="r", severity=severity, file="f", line=line, column=column, end_line=line,
        end_column=end_column, message="m",
    )  # fmt: skip


def test_a_finding_is_placed_in_what_a_reader_sees():
    findings = [
        found_at(9, 7, 12),
        found_at(9, 20, 25),
        found_at(14, 7, 12),
        found_at(4, 1, 6),
        found_at(99, 1, 2),
    ]
    told = report(shown(), findings, now=NOW)["findings"]
    assert [each["place"] for each in told] == [
        {"text": "The KOSPI rose 1.75%, a record.", "turn": 0, "start": 4, "end": 9},
        {"text": "The KOSPI rose 1.75%, a record.", "turn": 0, "start": 15, "end": 20},
        {"text": "1.75%", "turn": 1, "start": 0, "end": 5},
        None,
        None,
    ]


def test_why_publish_would_not_take_a_post():
    assert report(shown(), [], now=NOW)["hindrances"] == []
    assert report(shown(), [found_at(9, 1, 2, "warning")], now=NOW)["hindrances"] == []
    (errors,) = report(shown(is_held=True, draft="true"), [found_at(9, 1, 2)] * 2, now=NOW)["hindrances"]
    assert errors.startswith("The gate finds 2 errors")
    (own,) = report(shown(draft="true"), [], now=NOW)["hindrances"]
    assert "draft: true" in own
    assert report(shown(draft="true"), [], now=NOW, drafts_by_default=True)["hindrances"] == []
    (still_open,) = report(shown(status="intraday"), [], now=NOW)["hindrances"]
    assert "intraday" in still_open
    early = datetime(2026, 5, 14, tzinfo=UTC)
    assert any("still to come" in each for each in report(shown(), [], now=early)["remarks"])
    assert report(shown(), None, now=NOW)["findings"] is None


@pytest.mark.parametrize("content", [b"", b"nonsense", b"[1]", b'{"figures": 1}', b"\xff"])
def test_a_file_of_figures_that_is_none_shows_none(content):
    assert report(replace(shown(), figures=content), [], now=NOW)["figures"] == []


def test_a_fault_in_a_template_is_told_with_its_line(tmp_path):
    (tmp_path / "broken.j2").write_text("one\n{% if %}\n", encoding="utf-8")
    (tmp_path / "unknown.j2").write_text("one\n\n{{ nobody }}\n", encoding="utf-8")
    environment = Environment(loader=FileSystemLoader(tmp_path), undefined=StrictUndefined, autoescape=True)
    for name, line in (("broken.j2", 2), ("unknown.j2", 3)):
        with pytest.raises(TemplateError) as caught:
            environment.get_template(name).render()
        problem = _of_template(caught.value)
        assert (Path(problem.file).name, problem.line) == (name, line)
    assert _of_template(ValueError("x")) is None
    with pytest.raises(TemplateError) as caught:
        Environment(loader=DictLoader({"x": "{{ nobody.x }}"}), autoescape=True).get_template("x").render()
    assert _of_template(caught.value) is None


# What Hugo's server says


def heard(*lines):
    told = []
    listener = _Listener(Path("/blog"), told.append)
    for line in lines:
        listener.line(line)
    return listener, told


def test_what_hugos_server_says():
    listener, told = heard(
        "Watching for changes in /blog/content", "Built in 20 ms", "Web Server is available at http://127.0.0.1/",
    )  # fmt: skip
    assert told == [Built()]
    failed = (
        'ERROR Rebuild failed: process: "/blog/layouts/baseof.html:22:1": '
        'apply base template failed function "nosuch" not defined'
    )
    for line in (
        "", "Change detected, rebuilding site (#1).", "Template changed /post/page.html", failed,
        "Web Server is available at http://127.0.0.1/", "Total in 29 ms",
    ):  # fmt: skip
        listener.line(line)
    (problem,) = told[-1].problems
    assert (problem.file, problem.line) == ("layouts/post/page.html", 22)
    assert problem.message == 'function "nosuch" not defined'
    for line in ("Change detected, rebuilding site (#2).", "Total in 20 ms"):
        listener.line(line)
    assert told[-1] == Built()
    listener.ended(2)
    assert (told[-1].code, told[-1].had_built) == (2, True)


def test_a_server_that_never_came_up_says_why():
    listener, told = heard(
        'ERROR "/blog/layouts/x.html:3:1": parse of template failed: template: x.html:3: bad'
    )
    listener.ended(1)
    (ended,) = told
    assert isinstance(ended, Ended)
    assert not ended.had_built
    assert (ended.problems[0].file, ended.problems[0].line) == ("layouts/x.html", 3)
    listener, told = heard("ERROR command error: listen tcp 127.0.0.1:99: bind: address already in use")
    listener.ended(1)
    assert told[0].is_busy_port


def test_a_message_that_names_its_template_is_left_alone():
    said = (
        "Template changed /a.html\n"
        'ERROR "/blog/layouts/baseof.html:2:1": apply base template failed: template: post/page.html:2: no'
    )
    (problem,) = messages.problems(process.Finished(1, said, ""), Path("/blog"))
    assert problem.file == "layouts/post/page.html"


# Watching


def test_what_a_change_means(blog):
    config = load(blog)
    seen = sights(blog, config, content=["content"], served=["feeds"])
    kinds = {
        "config.yaml": "configuration",
        "config/_default/hugo.toml": "configuration",
        "hugo.toml": "configuration",
        "datasets/2026-05-14/notes.md": "notes",
        "datasets/2026-05-14/flows.csv": "data",
        "content/post/x/index.md": "content",
        ".marketpost-baseline.json": None,
        "layouts/post/page.html": "site",
        "feeds/x.xml": "site",
        "public/index.html": None,
        ".marketpost/preview/0/content/x.md": None,
        "content/post/x/.index.md.swp": None,
        "README.md": None,
    }
    assert {file: seen.kind(str(blog / file)) for file in kinds} == kinds
    wording = Path(process.__file__).with_name("wording") / "en/daily/regime.j2"
    assert seen.kind(str(wording)) == "wording"


def test_changes_are_told_of_files_that_were_there_and_that_come_to_be(blog):
    told = []
    watch = Watch(told.extend)
    shutil.rmtree(blog / "datasets")
    seen = sights(blog, load(blog), content=["content"], served=[])
    assert watch.look_at(seen)
    assert not watch.look_at(seen)
    page = blog / "content/tags/autos/_index.md"
    page.write_text("x", encoding="utf-8")
    assert until(lambda: str(page) in told)
    (blog / "datasets").mkdir()
    assert until(lambda: str(blog / "datasets") in told)
    assert str(blog / "datasets") in watch.look_at(seen)
    notes = blog / "datasets/notes.md"
    notes.touch()
    assert until(lambda: str(notes) in told)
    watch.stop()


def test_no_change_is_lost_while_other_folders_come_to_be(blog):
    """A run that writes pages makes `data/` on its way, and what is looked at changes in the middle of it."""
    told = []
    watch = Watch(told.extend)
    seen = sights(blog, load(blog), content=["content"], served=[])
    watch.look_at(seen)
    written = []
    for number in range(12):
        (blog / "data").rmdir() if (blog / "data").exists() else (blog / "data").mkdir()
        page = blog / f"content/tags/{number}.md"
        page.touch()
        watch.look_at(seen)
        written.append(str(page))
    assert until(lambda: set(written) <= set(told))
    watch.stop()


# The proxy


@pytest.fixture
def served():
    """A proxy before a server of one page, with its board and the addresses that it asks about."""
    board, asked = Board(), []
    upstream = socket.create_server(("127.0.0.1", 0))
    body = b"<html><body><p>page</p></BODY></html>"

    def answer():
        while True:
            try:
                connection, _ = upstream.accept()
            except OSError:
                return
            with connection:
                request_line = connection.recv(65536).split(b"\r\n")[0]
                if b"meanwhile" in request_line:
                    board.set(builds=board.state.builds + 1)
                status = b"404 Not Found" if b"nothing" in request_line else b"200 OK"
                kind = b"text/css" if b".css" in request_line else b"text/html"
                connection.sendall(
                    b"HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n" % (status, kind, len(body))
                    + b"Cache-Control: max-age=9\r\n\r\n"
                    + body
                )

    threading.Thread(target=answer, daemon=True).start()
    opened = proxy.opened(0, proxy.Desk(board, lambda: upstream.getsockname()[1], asked.append))
    with proxy.serving(opened):
        yield opened, board, asked
        board.set(is_over=True)
    upstream.close()


def get(opened, path, **headers):
    request = Request(f"http://127.0.0.1:{opened.port}{path}", headers=headers)
    try:
        with urlopen(request, timeout=10) as answer:  # noqa: S310 - the same
            return answer.status, answer.headers, answer.read().decode()
    except OSError as error:
        return error.code, error.headers, error.read().decode()


HTML = {"Accept": "text/html"}


def test_the_proxy_adds_the_panel_to_posts_and_changes_nothing_else(served):
    opened, board, _ = served
    board.set(serves=True, base="/blog", posts={'/post/x"y/': "content/post/x/index.md"}, builds=3)
    _, headers, html = get(opened, "/blog/post/x%22y/", **HTML)
    assert html.startswith("<html><body><p>page</p><link ")
    assert html.endswith('data-marketpost="/post/x&quot;y/" data-builds="3"></script></BODY></html>')
    assert headers["Cache-Control"] == "no-store"
    for path in ("/blog/", "/blog/post/x%22y/index.css", '/post/x"y/'.replace('"', "%22")):
        assert get(opened, path, **HTML)[2] == "<html><body><p>page</p></BODY></html>"


def test_only_what_has_its_hash_in_its_name_is_kept_by_the_browser(served):
    opened, board, _ = served
    board.set(serves=True, posts={"/post/x/": "content/post/x/index.md"})
    digest = "0db9e528061d430a" * 4
    for path, is_kept in (
        (f"/style.{digest}.css", True),
        (f"/style.{digest[:32]}.css", True),
        ("/style.css", False),
        (f"/style.{digest}/", False),
        (f"/nothing.{digest}.css", False),
        ("/post/x/", False),
    ):
        kept = get(opened, path, **HTML)[1]["Cache-Control"]
        assert kept == ("max-age=31536000, immutable" if is_kept else "no-store"), path


def test_a_page_that_was_asked_for_before_a_build_is_not_taken_for_it(served):
    opened, board, _ = served
    board.set(serves=True, posts={"/post/meanwhile/": "content/post/meanwhile/index.md"}, builds=3)
    assert 'data-builds="3"' in get(opened, "/post/meanwhile/", **HTML)[2]
    assert board.state.builds == 4


def test_the_proxy_answers_to_no_foreign_name(served):
    opened, board, _ = served
    board.set(serves=True)
    assert get(opened, "/", Host="evil.example")[0] == 421
    assert get(opened, "/", Host="127.0.0.1.evil.example:80")[0] == 421
    assert get(opened, "/", Host="localhost:4000")[0] == 200


def test_the_proxy_says_what_is_in_the_way(served):
    opened, board, _ = served
    hostile = "<script>alert(1)</script>"
    problem = Problem(file="layouts/x.html", line=3, message=hostile, found=hostile, remedy=hostile)
    board.put_trouble("site", Trouble("Hugo cannot build the site", (problem,)))
    status, headers, html = get(opened, "/post/x/", **HTML)
    assert (status, headers["Cache-Control"]) == (500, "no-store")
    assert "layouts/x.html:3" in html
    assert hostile not in html
    assert "&lt;script&gt;" in html
    board.put_trouble("site", None)
    board.set(serves=True)
    assert get(opened, "/post/x/", **HTML)[0] == 200


def test_the_proxy_says_that_a_post_is_older_than_the_window(served):
    opened, board, _ = served
    board.set(serves=True, is_cut=True, posts={"/post/nothing/": "content/post/nothing/index.md"})
    status, _, html = get(opened, "/post/nothing/", **HTML)
    assert status == 404
    assert "marketpost preview content/post/nothing/index.md " in html
    assert "--all" in get(opened, "/tags/nothing/", **HTML)[2]
    board.set(is_cut=False)
    assert get(opened, "/tags/nothing/", **HTML)[2].startswith("<html><body><p>page")


def test_the_proxy_leads_on_to_a_post_that_got_another_address(served):
    opened, board, _ = served
    board.set(serves=True, moved={"/post/old/": "/post/새/"}, target="/post/새/", posts={"/post/새/": "f"})
    assert "data-marketpost" in get(opened, "/post/old/", **HTML)[2]
    assert "data-marketpost" in get(opened, "/_marketpost/", **HTML)[2]


def test_the_proxy_tells_the_panel_what_it_knows_and_asks_for_the_rest(served):
    opened, board, asked = served
    board.set(serves=True, posts={"/post/x/": "content/post/x/index.md"})
    told = json.loads(get(opened, "/_marketpost/state?address=/post/x/")[2])
    assert told["report"] is None
    assert asked == ["/post/x/"]
    board.put_report("/post/x/", {"title": "</script>"})
    told = json.loads(get(opened, "/_marketpost/state?address=/post/x/")[2])
    assert told["report"] == {"title": "</script>"}
    assert json.loads(get(opened, "/_marketpost/state?address=/etc/passwd")[2])["report"] is None
    assert len(asked) == 1
    for name in pages.assets():
        assert get(opened, f"/_marketpost/{name}")[0] == 200
    assert get(opened, "/_marketpost/../proxy.py")[0] == 404


def test_the_proxy_waits_for_a_server_that_is_started_anew(served):
    opened, board, _ = served
    timer = threading.Timer(0.2, lambda: board.set(serves=True))
    timer.start()
    assert get(opened, "/", **HTML)[0] == 200
    timer.join()


def test_a_busy_port_is_passed_over():
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        opened = proxy.opened(port, proxy.Desk(Board(), lambda: 0, print))
        assert opened.port != port
        opened.server_close()


def test_a_page_whose_server_was_started_anew_is_loaded_again():
    assert tunnel.frame(tunnel.RELOAD)[:2] == bytes([0x81, len(tunnel.RELOAD)])
    with pytest.raises(ValueError, match="125"):
        tunnel.frame(b"x" * 126)


def test_the_board_tells_whoever_waits():
    board = Board()
    assert board.state == State()
    assert board.put_trouble("post", Trouble("x"))
    assert not board.put_trouble("post", Trouble("x"))
    version = board.state.version
    threading.Timer(0.05, lambda: board.set(builds=1)).start()
    assert board.wait_for(lambda state: state.builds == 1, 5).version == version + 1
    board.set(builds=1)
    assert board.state.version == version + 1
    assert board.wait_for(lambda state: state.builds == 9, 0.01).builds == 1


def test_an_overlay_of_its_own_root(tmp_path):
    overlay = Overlay(tmp_path, tmp_path / "o")
    assert "x" not in overlay
    assert not overlay.put("x", tmp_path / "gone")
    assert "x" not in overlay
