"""What goes wrong while a post is published: each has its result, and the next run makes up for it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
import subprocess
import sys
import time

import pytest
from publish_blog import NOW, Runs, committed, configure, files, git, known, refused, remote, status, write

from generator import files as writing
from generator import publish_command
from generator.cli import main
from generator.publish import delivering, journal, ledger, staging, user_index
from generator.publish.folder_plan import STAGE

FIRST, DAY, NEXT = "2026-05-12", "2026-05-13", "2026-05-14"


@pytest.fixture
def root(published_blog):
    return published_blog


@pytest.fixture
def run(root, capsys):
    return Runs(root, capsys)


def test_a_network_that_is_gone_is_made_up_for(run, root):
    away = remote(root).rename(root.parent / "away.git")
    code, out, err = run("publish", DAY)
    assert code == 1
    assert "git:origin: not delivered: " in err
    assert "the next publish delivers it" in err
    assert "Commit: " in out
    assert status(root) == []
    assert not known(root)[-1].is_delivered
    assert "not delivered yet" in run("log", DAY)[1]
    away.rename(remote(root))
    code, out, _ = run("publish", DAY)
    assert code == 0
    assert "git:origin: pushed" in out
    assert known(root)[-1].is_delivered
    assert git(remote(root), "rev-parse", "main") == git(root, "rev-parse", "HEAD")


def test_a_remote_that_refuses_is_made_up_for(run, root):
    hook = write(remote(root) / "hooks/pre-receive", "#!/bin/sh\necho closed today >&2\nexit 1\n")
    hook.chmod(0o755)
    code, _, err = run("publish", DAY)
    assert code == 1
    assert "closed today" in err
    hook.unlink()
    code, _, err = run("publish", NEXT)
    assert (code, err) == (0, "")
    assert all(each.is_delivered for each in known(root))
    assert git(remote(root), "rev-parse", "main") == git(root, "rev-parse", "HEAD")
    # A host builds nothing for a push that ends in a record, so the publishes came before it.
    assert "[skip ci]" in git(remote(root), "log", "-1", "--format=%s")


@pytest.fixture
def other(root):
    """Somebody else's clone of the blog."""
    git(root.parent, "clone", "--quiet", "remote.git", "other")
    shutil.copytree(root / ".marketpost", root.parent / "other" / ".marketpost")
    return root.parent / "other"


def test_a_remote_that_moved_on_is_built_upon(run, root, other):
    assert main(["--quiet", "-C", str(other), "publish", DAY]) == 0
    write(root / "untracked.txt", "mine\n")
    run("post", NEXT, "--no-site")  # feeds are changed on both sides
    code, _, err = run("publish", NEXT)
    assert (code, err) == (0, "")
    assert [each.session for each in known(root)] == ["2026-05-12", DAY, NEXT]
    assert git(remote(root), "rev-parse", "main") == git(root, "rev-parse", "HEAD")
    feed = git(root, "show", "HEAD:feeds/tags/kospi/feed.xml")
    assert feed.count("<item>") == 3
    assert status(root) == ["?? untracked.txt"]


def test_what_could_not_be_delivered_comes_on_top_of_what_others_did(run, root, other):
    away = remote(root).rename(root.parent / "away.git")
    assert run("publish", NEXT)[0] == 1
    away.rename(remote(root))
    assert main(["--quiet", "-C", str(other), "publish", DAY]) == 0
    write(root / "layouts/mine.html", "uncommitted\n")
    code, _, err = run("publish", DAY)
    assert code == 0, err
    assert sorted(each.session for each in known(root)) == ["2026-05-12", DAY, NEXT]
    assert all(each.is_delivered for each in known(root))
    tip = git(remote(root), "rev-parse", "main")
    assert tip == git(root, "rev-parse", "HEAD")
    feed = git(root, "show", "HEAD:feeds/tags/kospi/feed.xml")
    assert feed.count("<item>") == 3
    assert status(root) == ["?? layouts/mine.html"]
    before = {name: each for name, each in files(root).items() if not name.startswith(".git/")}
    assert "Nothing to do" in run("publish", DAY)[1]
    assert {name: each for name, each in files(root).items() if not name.startswith(".git/")} == before


def test_somebody_who_is_faster_than_the_push(run, root, other, monkeypatch):
    real, times = delivering.push, []

    def push(*arguments):
        if not times:
            times.append(True)
            write(other / "faster.txt", "x\n")
            git(other, "add", "faster.txt")
            git(other, "commit", "--quiet", "--message", "faster")
            git(other, "push", "--quiet")
        return real(*arguments)

    monkeypatch.setattr(delivering, "push", push)
    code, _, err = run("publish", DAY)
    assert (code, err) == (0, "")
    assert (root / "faster.txt").is_file()
    assert git(remote(root), "rev-parse", "main") == git(root, "rev-parse", "HEAD")
    assert git(root, "log", "--topo-order", "--format=%s", "-3").splitlines()[-1] == "faster"
    assert "feeds/tags/kospi/feed.xml" in committed(root, "HEAD~1")
    (newest,) = [each for each in known(root) if each.session == DAY]
    feed = (root / "feeds/tags/kospi/feed.xml").read_bytes()
    assert newest.files["feeds/tags/kospi/feed.xml"] == hashlib.sha256(feed).hexdigest()


def test_uncommitted_work_in_the_way_of_what_others_did_is_told(run, root, other):
    write(other / "layouts/page.html", "theirs\n")
    git(other, "commit", "--quiet", "--all", "--message", "theirs")
    git(other, "push", "--quiet")
    write(root / "layouts/page.html", "mine\n")
    code, _, err = run("publish", DAY)
    assert code == 1
    assert "layouts/page.html" in err
    assert (root / "layouts/page.html").read_text() == "mine\n"
    assert not [each for each in known(root) if each.session == DAY]


def test_a_clock_that_was_set_back_is_told_and_nothing_is_lost(run, root, monkeypatch):
    monkeypatch.setattr(publish_command, "_now", lambda: NOW - dt.timedelta(minutes=30))
    code, _, err = run("publish")
    assert code == 0
    assert "The clock is behind the ledger" in err
    moments = [each.at for each in ledger.read(root / "ledger")]
    assert moments == sorted(moments)
    assert known(root)[-1].session == NEXT


def test_another_time_zone_makes_no_difference(run, root, monkeypatch):
    before = files(root)
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    time.tzset()
    try:
        code, out, _ = run("publish", FIRST)
        assert (code, "Nothing to do" in out) == (0, True)
        assert "2026-05-14 09:00 UTC" in run("log")[1]
    finally:
        monkeypatch.undo()
        time.tzset()
    assert {name for name, each in files(root).items() if each != before.get(name)} <= {".git/FETCH_HEAD"}


def test_two_at_once_wait_for_each_other(root):
    program = "import sys; from generator.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", program, "-C", str(root), "publish", DAY]
    both = [
        subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
        for _ in range(2)
    ]
    said = [each.communicate(timeout=300) for each in both]
    assert [each.returncode for each in both] == [0, 0], said
    assert sorted("Nothing to do" in out for out, _ in said) == [False, True]
    assert len([each for each in known(root) if each.session == DAY]) == 1
    assert status(root) == []


def test_a_folder_that_may_not_be_written_is_made_up_for(run, root):
    configure(root, publish={"to": [{"kind": "git"}, {"kind": "folder", "path": "../www/site"}]})
    git(root, "commit", "--quiet", "--all", "--message", "a folder")
    write(root.parent / "www", "a file where the folder should be")
    code, _, err = run("publish", DAY)
    assert code == 1
    assert "folder:../www/site: not delivered: " in err
    assert "git:origin" not in err
    (root.parent / "www").unlink()
    assert run("publish", DAY)[0] == 0
    assert known(root)[-1].is_delivered
    assert (root.parent / "www/site/index.html").is_file()


def test_for_git_alone_hugo_renders_what_changes_and_writes_nothing(run, root, monkeypatch):
    built = []
    real = staging.build
    monkeypatch.setattr(
        staging, "build", lambda *given, **named: built.append(named) or real(*given, **named)
    )
    assert run("publish", DAY)[0] == 0
    configure(root, publish={"to": [{"kind": "git"}, {"kind": "folder", "path": "../www"}]})
    assert run("publish", NEXT)[0] == 0
    assert [each["only"] is None for each in built] == [False, True]


def test_a_disk_that_is_full_at_a_write_leaves_all_as_it_was(run, root, monkeypatch):
    real = writing.write
    for fails in (1, 12):
        calls = []

        def write_or_fail(path, content, calls=calls, fails=fails):
            if ".marketpost/publish" in path.as_posix():
                calls.append(path)
                if len(calls) == fails:
                    raise OSError(28, "No space left on device", str(path))
            return real(path, content)

        with monkeypatch.context() as patched:
            patched.setattr(writing, "write", write_or_fail)
            refused(run, root, "No space left on device")


def test_a_lock_of_gits_is_told_and_left(run, root, monkeypatch):
    monkeypatch.setattr(user_index, "_TRIES", 1)
    write(root / ".git/index.lock", "theirs")
    code, _, err = run("publish", DAY)
    assert code == 0
    assert "git reset --quiet" in err
    assert git(remote(root), "rev-parse", "main") == git(root, "rev-parse", "HEAD")
    assert (root / ".git/index.lock").read_text() == "theirs"


@pytest.mark.parametrize("gone", [False, True])
def test_a_delivery_that_was_cut_off_is_ended_by_any_command(run, root, gone):
    www = root.parent / "www"
    write(www / STAGE / "plan.json", json.dumps({"put": ["index.html"], "removed": [], "digests": {}}))
    write(www / STAGE / "0", "the site")
    write(root / ".marketpost/publish/journal.json", json.dumps({"version": 1, "folder": str(www)}))
    if gone:
        shutil.rmtree(www / STAGE)
        write(www / STAGE, "no folder any more")
    code, _, err = run("feeds")
    assert code == 0
    assert ("was cut off, and can only be ended later" if gone else "has been brought to an end") in err
    assert not (root / ".marketpost/publish/journal.json").exists()
    if not gone:
        assert (www / "index.html").read_text() == "the site"
        assert not (www / STAGE).exists()


def test_a_publish_that_was_cut_off_is_taken_back_by_any_command(run, root):
    feed = root / "feeds/feed.xml"
    before = feed.read_bytes()
    journal.begin(root / ".marketpost/publish", "p", {feed: b"half a publish"}).apply()
    assert feed.read_bytes() == b"half a publish"
    code, _, err = run("check", FIRST)
    assert code == 0
    assert "has been taken back" in err
    assert feed.read_bytes() == before
