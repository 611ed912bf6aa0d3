"""Which files a command means."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from gate_made import (
    HEAD,
    put,
)

from generator.cli import main
from generator.config import load
from generator.errors import ConfigError, PostError
from generator.gate import choose
from generator.gate.content import content_of
from generator.gate.results import opened


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
