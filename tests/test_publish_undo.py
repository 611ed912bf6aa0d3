"""Taking a publish back: readers get what they had, edits stay, and it can be published again."""

from __future__ import annotations

import shutil

import pytest
from publish_blog import at_work, configure, git, prepare, write

from generator.cli import main
from generator.publish import ledger

DAY = "2026-05-13"


@pytest.fixture(scope="module")
def prepared(made_once, tmp_path_factory, calendar_cache):
    """A blog with its remote, two sessions published; made once and copied for each test."""
    folder = tmp_path_factory.mktemp("prepared") / "x"
    shutil.copytree(made_once("published", lambda folder: prepare(folder, calendar_cache)), folder)
    with pytest.MonkeyPatch.context() as patched:
        at_work(patched)
        assert main(["--quiet", "-C", str(folder / "blog"), "publish", DAY]) == 0
    return folder


@pytest.fixture
def root(prepared, tmp_path, monkeypatch):
    at_work(monkeypatch)
    shutil.copytree(prepared, tmp_path / "x", symlinks=True)
    return tmp_path / "x" / "blog"


@pytest.fixture
def run(root, capsys):
    def call(*arguments):
        code = main(["-C", str(root), *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def post(root, day=DAY):
    return next(
        path for path in root.glob("content/post/*/index.en.md") if f"session: {day}" in path.read_text()
    )


def known(root):
    return ledger.publishes(ledger.read(root / "ledger"))


def status(root):
    return git(root, "status", "--porcelain", "--untracked-files=all").splitlines()


def texts(root):
    """Posts, pages and feeds; data files follow the data as it is by now."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for part in ("content", "feeds")
        for path in sorted((root / part).rglob("*"))
        if path.is_file()
    }


def correct(root, old="7844.01", new="7844.02"):
    """The data changes, and the post tells of it."""
    table = root / f"datasets/{DAY}/indices.csv"
    table.write_text(table.read_text().replace(old, new))


def test_a_post_that_nobody_knew_before_becomes_a_draft_and_all_around_it_is_as_before(run, root):
    name = post(root).relative_to(root).as_posix()
    first = git(root, "log", "--format=%H", "--grep=Publish KOSPI May 12")
    code, out, err = run("undo")
    assert (code, err) == (0, "")
    assert "git:origin: pushed" in out
    assert git(root, "log", "-1", "--skip=1", "--format=%s").startswith("Take back KOSPI May 13")
    assert git(root, "log", "-1", "--skip=1", "--format=%b").endswith(
        f"Marketpost-Undo: {known(root)[-1].id}"
    )
    assert git(root.parent / "remote.git", "rev-parse", "main") == git(root, "rev-parse", "HEAD")
    assert "draft: true" in git(root, "show", f"HEAD:{name}")
    others = ["content", "feeds", "data", ":!content/post", ":!data"]
    assert git(root, "diff", "--name-only", first, "HEAD", "--", *others) == ""
    assert known(root)[-1].undone
    assert known(root)[-1].has_reached("git:origin")
    assert status(root) == []


def test_twice_is_nothing_to_do_and_by_its_name_it_is_published_again(run, root):
    before = texts(root)
    run("undo")
    taken_back = texts(root)
    code, out, _ = run("undo")
    assert code == 0
    assert "was taken back" in out
    assert "Nothing to do" in out
    run("post", DAY, "--no-site")
    assert texts(root) == taken_back
    shutil.rmtree(root / "datasets/2026-05-14")
    code, out, _ = run("publish")
    assert code == 0
    assert f"`marketpost publish {DAY}` publishes it again" in out
    assert texts(root) == taken_back
    code, _, err = run("publish", DAY)
    assert (code, err) == (0, "")
    assert texts(root) == before
    assert [bool(each.undone) for each in known(root)] == [False, True, False]
    assert "taken back" in run("log", DAY)[1]


def test_edits_made_since_stay_in_the_draft(run, root):
    post(root).write_text(post(root).read_text().replace("## TL;DR", "## In short"))
    code, _, err = run("undo", DAY)
    assert (code, err) == (0, "")
    text = post(root).read_text()
    assert "## In short" in text
    assert "draft: true" in text
    code, _, err = run("publish", DAY)
    assert (code, err) == (0, "")
    assert "## In short" in git(root, "show", f"HEAD:{post(root).relative_to(root).as_posix()}")


def republished(run, root):
    correct(root)
    run("post", DAY, "--no-site")
    note = "draft: false\ncorrections:\n  - {date: 2026-05-14, note: A digit.}"
    post(root).write_text(post(root).read_text().replace("draft: false", note))
    code, _, err = run("publish", DAY)
    assert (code, err) == (0, "")


def test_a_correction_is_taken_back_to_what_readers_knew(run, root):
    before = texts(root)
    republished(run, root)
    assert texts(root) != before
    code, _, err = run("undo", known(root)[-1].id)
    assert (code, err) == (0, "")
    assert texts(root) == before
    assert status(root) == [f" M datasets/{DAY}/indices.csv"]
    code, _, err = run("undo", known(root)[1].id)
    assert (code, err) == (0, "")
    assert "draft: true" in post(root).read_text()


def test_an_earlier_publish_waits_for_the_later_one(run, root):
    republished(run, root)
    first, second = (each for each in known(root) if each.session == DAY)
    code, _, err = run("undo", first.id)
    assert code == 1
    assert f"{second.id} published the post again later" in err


def test_an_edit_elsewhere_is_kept_and_one_in_the_way_is_refused_with_the_difference(run, root):
    republished(run, root)
    published = post(root).read_text()
    post(root).write_text(published.replace("7,844.02", "7,844.03"))
    head = git(root, "rev-parse", "HEAD")
    code, _, err = run("undo", DAY)
    assert code == 1
    assert "7,844.01" in err
    assert "was edited since" in err
    assert git(root, "rev-parse", "HEAD") == head
    assert "7,844.03" in post(root).read_text()
    post(root).write_text(published + "\nMy last word.\n")
    code, _, err = run("undo", DAY)
    assert (code, err) == (0, "")
    text = post(root).read_text()
    assert text.endswith("My last word.\n")
    assert "7,844.02" not in text


def test_a_dry_run_tells_what_would_go(run, root):
    before = texts(root)
    code, out, _ = run("undo", DAY, "--dry-run")
    assert code == 0
    assert f"  removed  /post/{post(root).parent.name}/" in out
    assert texts(root) == before
    assert not known(root)[-1].undone


def test_without_git_what_was_published_before_was_kept(run, root):
    shutil.rmtree(root / ".git")
    shutil.rmtree(root / "ledger")
    configure(root, publish={"to": [{"kind": "folder", "path": "../www"}]})
    assert run("publish", "2026-05-12")[0] == 0
    code, _, err = run("publish", DAY)
    assert (code, err) == (0, "")
    before, page = texts(root), root.parent / "www" / known(root)[-1].address.strip("/") / "index.html"
    html = page.read_bytes()
    republished(run, root)
    assert page.read_bytes() != html
    code, _, err = run("undo")
    assert (code, err) == (0, "")
    assert texts(root) == before
    assert page.read_bytes() == html
    code, _, err = run("undo", known(root)[-2].id)
    assert (code, err) == (0, "")
    assert not page.exists()
    assert "draft: true" in post(root).read_text()


def test_a_remote_that_is_gone_gets_it_later(run, root):
    away = (root.parent / "remote.git").rename(root.parent / "away.git")
    code, _, err = run("undo")
    assert code == 1
    assert "not delivered" in err
    assert "not told yet: git:origin" in run("log", DAY)[1]
    away.rename(root.parent / "remote.git")
    assert run("undo")[0] == 0
    assert git(root.parent / "remote.git", "rev-parse", "main") == git(root, "rev-parse", "HEAD")
    assert known(root)[-1].has_reached("git:origin")


def test_a_post_whose_file_is_gone_is_made_a_draft_from_what_was_published(run, root):
    write(root / "keep.txt", "x\n")
    shutil.rmtree(post(root).parent)
    code, _, err = run("undo", DAY)
    assert (code, err) == (0, "")
    assert "draft: true" in post(root).read_text()
