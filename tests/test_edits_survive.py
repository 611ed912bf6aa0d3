"""What a person wrote survives every command: edits, posts of her own, work that is not committed."""

from __future__ import annotations

import pytest
import typer
from publish_blog import git, write

from generator.cli import app, main

FIRST, DAY = "2026-05-12", "2026-05-13"
COMMANDS = {
    "post": ["post", DAY],
    "week": ["week", DAY],
    "feeds": ["feeds"],
    "data": ["data"],
    "tags": ["tags", "--merge"],
    "site": ["site", "--drafts"],
    "check": ["check", "--all", "--fix"],
    "links": ["links", "--all"],
    "metrics": ["metrics", DAY],
    "explain": ["explain", FIRST],
    "sessions": ["sessions"],
    "publish": ["publish", DAY],
    "hooks": ["hooks"],
    "log": ["log"],
    "correct": ["correct", FIRST],
    "undo": ["undo"],
}
"""In an order in which each has something to do."""
ELSEWHERE = {
    "init": "makes a blog of its own",
    "preview": "goes on until it is ended; test_preview.py compares the blog before and after",
}
MINE = "---\ntitle: Mine\ndate: 2026-05-01T09:00:00+09:00\ntags: [kospi]\n---\n\nNot yet done.\n"


@pytest.fixture
def root(published_blog):
    return published_blog


def test_all_commands_are_tried():
    assert COMMANDS.keys() | ELSEWHERE.keys() == typer.main.get_command(app).commands.keys()


def test_what_a_person_wrote_survives_every_command(root, capsys):
    (post,) = root.glob("content/post/kospi-may-12*/index.en.md")
    post.write_text(post.read_text().replace("## TL;DR", "## Half an edit"))
    mine = write(root / "content/post/mine/index.en.md", MINE)
    staged = write(root / "layouts/staged.html", "staged\n")
    git(root, "add", "layouts/staged.html")
    staged.write_text("and changed since\n")
    (root / "layouts/page.html").write_text('{{ define "main" }}edited{{ end }}\n')
    (root / "layouts/section.html").unlink()
    own = [post, mine, staged, root / "layouts/page.html"]

    def state():
        index = git(root, "diff", "--cached", "--", "layouts", "content/post/mine")
        texts = [each.read_bytes() for each in own]
        return texts, index, (root / "layouts/section.html").exists(), git(root, "stash", "list")

    before, started = state(), git(root, "rev-parse", "HEAD")
    codes = {}
    for name, arguments in COMMANDS.items():
        codes[name] = main(["-C", str(root), *arguments])
        capsys.readouterr()
        assert state() == before, name
    assert codes == dict.fromkeys(COMMANDS, 0)
    committed = set(git(root, "log", "--format=", "--name-only", f"{started}..HEAD").split())
    ours = ("content/post/kospi-may-13", "content/page/", "data/marketpost/", "feeds/", "ledger/")
    assert len(committed) > len(ours)
    assert [name for name in committed if not name.startswith(ours)] == []
