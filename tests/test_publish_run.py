"""Publishing from the command line, with real git and Hugo: what is delivered, refused and left alone."""

from __future__ import annotations

import datetime as dt
import json
import shutil

import pytest
import yaml
from publish_blog import (
    Runs,
    committed,
    configure,
    files,
    git,
    known,
    post,
    refused,
    remote,
    status,
    write,
)  # fmt: skip

from generator import publish_command
from generator.cli import main

FIRST, DAY, NEXT = "2026-05-12", "2026-05-13", "2026-05-14"


@pytest.fixture
def root(published_blog):
    return published_blog


@pytest.fixture
def run(root, capsys):
    return Runs(root, capsys)


# What is delivered


def test_a_post_is_published_in_one_commit_and_recorded_in_another(run, root):
    code, out, err = run("publish", DAY)
    assert (code, err) == (0, "")
    assert git(root, "log", "-2", "--reverse", "--format=%s").splitlines() == [
        "Publish KOSPI May 13 KOSDAQ Lag — Jumps to 7,844 (+2.63%), KOSDAQ Edges …",
        "Record the delivery of KOSPI May 13 KOSDAQ Lag — Jumps to … [skip ci]",
    ]
    (newest,) = [each for each in known(root) if each.session == DAY]
    body = git(root, "log", "-1", "--skip=1", "--format=%b")
    assert f"Address: https://example.org{newest.address}" in body
    assert f"Session: {DAY}" in body
    assert f"Data: {newest.dataset}" in body
    assert body.endswith(f"Marketpost-Publish: {newest.id}")
    assert committed(root, "HEAD~1") == {*newest.files, "ledger/2026.jsonl"}
    assert committed(root) == {"ledger/2026.jsonl"}
    assert git(remote(root), "rev-parse", "main") == git(root, "rev-parse", "HEAD")
    assert status(root) == []
    assert newest.is_delivered
    assert "draft: false" in post(root, DAY).read_text()
    assert not (root / "public").exists()
    assert "git:origin: pushed to origin/main" in out
    assert "Pages:  " in out
    # Again, there is nothing to do, and nothing is touched.
    before = files(root), files(remote(root))
    code, out, _ = run("publish", DAY)
    assert code == 0
    assert "Nothing to do." in out
    now = files(root), files(remote(root))
    assert before[0].keys() == now[0].keys()
    assert {name for name in now[0] if before[0][name] != now[0][name]} <= {".git/FETCH_HEAD"}
    assert now[1] == before[1]


def test_a_dry_run_tells_addresses_and_files_and_writes_nothing(run, root):
    before = files(root), files(remote(root))
    code, out, _ = run("publish", DAY, "--dry-run", "--json")
    assert code == 0
    told = json.loads(out)
    assert told["pages"]["added"] == ["/page/checks-score/", told["address"]]
    assert "/tags/kospi/" in told["pages"]["changed"]
    assert "/page/daily-market-hub/" not in told["pages"]["changed"]
    assert "/tags/kospi/feed.xml" in told["feeds"]["changed"]
    assert told["files"][told["post"]] == "new"
    assert told["targets"]["git:origin"]["state"] == "planned"
    now = files(root), files(remote(root))
    assert {name for name in now[0] if now[0][name] != before[0].get(name)} == set()
    assert now == before
    assert f"  added    {told['address']}" in run("publish", DAY, "--dry-run")[1]


def test_a_post_that_was_made_before_is_published_as_it_is(run, root):
    run("post", DAY, "--no-site")
    assert f"?? {post(root, DAY).relative_to(root).as_posix()}" in status(root)
    made = post(root, DAY).read_bytes()
    assert run("publish", DAY)[0] == 0
    assert post(root, DAY).read_bytes() == made
    assert status(root) == []


def test_a_post_that_was_committed_by_hand_is_recorded(run, root):
    run("post", DAY, "--no-site")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "by hand")
    code, _, err = run("publish", DAY)
    assert (code, err) == (0, "")
    assert committed(root, "HEAD~1") == {"ledger/2026.jsonl"}
    assert git(remote(root), "rev-parse", "main") == git(root, "rev-parse", "HEAD")
    assert "Nothing to do" in run("publish", DAY)[1]


def test_a_draft_of_the_settings_is_published_and_stays_public(run, root):
    configure(root, post={"draft": True})
    git(root, "commit", "--quiet", "--all", "--message", "drafts")
    run("post", DAY, "--no-site")
    assert "draft: true" in post(root, DAY).read_text()
    assert run("publish", DAY)[0] == 0
    assert "draft: false" in post(root, DAY).read_text()
    before = files(root)
    run("post", DAY, "--no-site")
    assert files(root) == before


def test_the_post_of_a_week(run, root):
    code, out, err = run("publish", "--week", DAY, "--json")
    assert code == 0, err
    told = json.loads(out)
    assert known(root)[-1].stated["series"] == ["Weekly Wrap"]
    assert told["session"] == NEXT
    assert status(root) == []
    assert "Nothing to do" in run("publish", "--week", NEXT)[1]


def test_a_day_without_a_session_is_nothing_to_do(run, root):
    head = git(root, "rev-parse", "HEAD")
    code, out, _ = run("publish", "2026-05-16")
    assert (code, git(root, "rev-parse", "HEAD")) == (0, head)
    assert "2026-05-16 is no session" in out


def test_a_blog_in_a_subfolder_with_a_branch_of_another_name(run, root, tmp_path):
    whole = tmp_path / "whole"
    whole.mkdir()
    git(whole, "init", "--quiet", "--initial-branch=trunk")
    write(whole / "README", "x\n")
    shutil.copytree(root, whole / "my site", ignore=shutil.ignore_patterns(".git"))
    git(whole, "add", "--all")
    git(whole, "commit", "--quiet", "--message", "x")
    git(whole, "remote", "add", "origin", str(remote(root)))
    assert main(["--quiet", "-C", str(whole / "my site"), "publish", DAY]) == 0
    assert git(remote(root), "rev-parse", "trunk") == git(whole, "rev-parse", "HEAD")
    assert all(name.startswith("my site/") for name in committed(whole, "HEAD~1"))
    assert status(whole) == []
    assert run("log")[0] == 0


def test_a_folder_gets_the_whole_site_and_keeps_what_is_not_ours(run, root):
    www = root.parent / "www"
    configure(root, publish={"to": [{"kind": "git"}, {"kind": "folder", "path": "../www"}]})
    git(root, "commit", "--quiet", "--all", "--message", "a folder")
    write(www / "robots.txt", "mine")
    code, out, err = run("publish", DAY)
    assert (code, err) == (0, "")
    newest = known(root)[-1]
    assert (www / newest.address.strip("/") / "index.html").is_file()
    assert (www / "tags/kospi/feed.xml").read_bytes() == (root / "feeds/tags/kospi/feed.xml").read_bytes()
    assert (www / "robots.txt").read_text() == "mine"
    assert newest.is_delivered
    assert "folder:../www: " in out
    before = files(www)
    code, out, _ = run("publish", DAY, "--dry-run")
    run("publish", DAY)
    assert files(www) == before
    assert not list((root / ".marketpost/publish").iterdir())


def test_a_blog_without_git_publishes_into_a_folder(run, root):
    shutil.rmtree(root / ".git")
    shutil.rmtree(root / "ledger")
    configure(root, publish={"to": [{"kind": "folder", "path": "../www"}], "ledger": "../ledger"})
    run("post", DAY, "--no-site")
    code, out, _ = run("publish", DAY, "--dry-run")
    assert code == 0
    assert "folder:../www: " in out
    assert "files written" in out
    assert run("publish", DAY)[0] == 0
    (newest,) = known(root.parent)
    assert newest.is_delivered
    before = files(root.parent)
    code, out, _ = run("publish", DAY)
    assert (code, "Nothing to do" in out) == (0, True)
    assert files(root.parent) == before


def test_a_bucket_gets_the_site_by_hugo(run, root):
    bucket = root.parent / "bucket"
    bucket.mkdir()
    configure(root, publish={"to": [{"kind": "hugo_deploy", "target": "files"}]})
    config = yaml.safe_load((root / "config.yaml").read_text())
    config["deployment"] = {"targets": [{"name": "other", "url": f"file://{bucket}?no_tmp_dir=true"}]}
    write(root / "config.yaml", yaml.safe_dump(config))
    code, _, err = run("publish", DAY)
    assert code == 1
    assert 'deployment target "files" not found' in err
    config["deployment"]["targets"][0]["name"] = "files"
    write(root / "config.yaml", yaml.safe_dump(config))
    code, out, err = run("publish", DAY)
    assert (code, err) == (0, "")
    assert "hugo_deploy:files: Identified" in out
    assert known(root)[-1].is_delivered
    assert (bucket / known(root)[-1].address.strip("/") / "index.html").is_file()
    run("post", NEXT, "--no-site")
    before = files(bucket)
    code, out, err = run("publish", NEXT, "--dry-run")
    assert (code, err) == (0, "")
    assert "[DRY RUN] Would upload: " in out
    assert files(bucket) == before


# What the user works on


def test_uncommitted_work_survives_and_is_not_published(run, root):
    mine = write(root / "content/post/mine/index.en.md", "---\ntitle: Mine\ndate: 2026-05-01T09:00:00+09:00\n"
                 "tags: [kospi]\ncategories: [Daily Market]\n---\nNot yet.\n")  # fmt: skip
    older = post(root, "2026-05-12")
    older.write_text(older.read_text().replace("## TL;DR", "## Half an edit"))
    write(root / "layouts/mine.html", "staged\n")
    git(root, "add", "layouts/mine.html")
    (root / "layouts/page.html").write_text('{{ define "main" }}edited{{ end }}\n')
    before, texts = status(root), (mine.read_bytes(), older.read_bytes())
    code, _, err = run("publish", DAY)
    assert (code, err) == (0, "")
    assert status(root) == before
    assert (mine.read_bytes(), older.read_bytes()) == texts
    assert {name for name in committed(root, "HEAD~1") if "mine" in name or "05-12" in name} == set()
    for feed in git(root, "ls-files", "feeds").splitlines():
        told = git(root, "show", f"HEAD:{feed}")
        assert "Not yet." not in told
        assert "Half an edit" not in told
    code, _, err = run("undo")
    assert (code, err) == (0, "")
    assert status(root) == before
    assert (mine.read_bytes(), older.read_bytes()) == texts


def test_edits_of_the_post_are_published_with_it(run, root):
    run("post", DAY, "--no-site")
    post(root, DAY).write_text(post(root, DAY).read_text().replace("## TL;DR", "## In short"))
    assert run("publish", DAY)[0] == 0
    assert "## In short" in git(root, "show", f"HEAD:{post(root, DAY).relative_to(root).as_posix()}")


def test_commits_of_the_users_go_along_and_that_is_told(run, root):
    write(root / "notes.txt", "mine\n")
    git(root, "add", "notes.txt")
    git(root, "commit", "--quiet", "--message", "mine")
    code, out, _ = run("publish", DAY)
    assert code == 0
    assert "with 1 commit of yours" in out
    write(root / "more.txt", "mine\n")
    git(root, "add", "more.txt")
    git(root, "commit", "--quiet", "--message", "mine again")
    assert "Nothing to do" in run("publish", DAY)[1]
    assert git(remote(root), "log", "-1", "--format=%s") != "mine again"


def test_an_ignored_post_is_told_and_other_ignored_files_are_left_out(run, root):
    ignored = root / ".gitignore"
    ignored.write_text(ignored.read_text() + "feeds/series/\n")
    git(root, "rm", "--quiet", "-r", "--cached", "feeds/series")
    git(root, "commit", "--quiet", "--all", "--message", "ignored")
    code, _, err = run("publish", DAY)
    assert code == 0
    assert "ignored by git" in err
    assert not [name for name in committed(root, "HEAD~1") if name.startswith("feeds/series")]
    ignored.write_text(ignored.read_text() + "content/post/\n")
    code, _, err = run("publish", NEXT)
    assert code == 1
    assert "is ignored by .gitignore:" in err


# What is refused: nothing changes, and it is said what to do


def edited(root, old, new, day=DAY):
    post(root, day).write_text(post(root, day).read_text().replace(old, new))


def test_a_session_that_is_not_final_is_refused(run, root):
    head = root / f"datasets/{DAY}/session.yaml"
    head.write_text(head.read_text().replace("final", "intraday"))
    refused(run, root, "the session is not final", "session.yaml")


def test_a_session_that_is_withheld_is_refused(run, root):
    table = root / f"datasets/{DAY}/indices.csv"
    table.write_text(table.read_text().replace("7844.01", "much"))
    refused(run, root, "is withheld", "'much'")


def test_errors_of_the_gate_are_refused_unless_they_are_put_up_with(run, root):
    run("post", DAY, "--no-site")
    edited(root, "## TL;DR", "## TL;DR\n\nKOSPI fell 2.63%.\n")
    refused(run, root, "the change of KOSPI is 2.63% elsewhere", "same-quantity-twice")
    run("check", "--write-baseline")
    code, _, err = run("publish", DAY)
    assert code == 0, err


def test_a_draft_of_a_persons_is_refused(run, root):
    run("post", DAY, "--no-site")
    edited(root, "draft: false", "draft: true")
    refused(run, root, "is a draft by your own edit", "draft: false")


def test_a_date_that_is_still_to_come_is_refused(run, root, monkeypatch):
    monkeypatch.setattr(publish_command, "_now", lambda: dt.datetime(2026, 5, 13, 7, 0, tzinfo=dt.UTC))
    refused(run, root, "which is still to come")


def test_a_secret_in_any_page_that_is_delivered_is_refused(run, root):
    key = "AKIA" + "ABCDEFGHIJKLMNOP"
    write(root / "content/page/about/index.en.md", f"---\ntitle: About\n---\n{key}\n")
    assert run("publish", DAY, "--dry-run")[0] == 0  # git does not deliver what is in no commit
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "oh no")
    code, _, err = run("publish", DAY)
    assert code == 1
    assert "content/page/about/index.en.md:4" in err
    assert key not in err


def test_a_site_that_hugo_refuses_is_taken_back_whole(run, root):
    (root / "layouts/page.html").write_text('{{ define "main" }}{{ .Nothing }}{{ end }}\n')
    refused(run, root, "Hugo refused the site", "layouts/page.html:1")
    assert not list((root / ".marketpost/publish").glob("journal*"))


def test_other_figures_need_a_correction_and_other_words_need_none(run, root):
    table = root / f"datasets/{FIRST}/indices.csv"
    table.write_text(table.read_text().replace("7643.15", "7643.16"))
    refused(run, root, f"marketpost correct {FIRST}", "tells of no correction", day=FIRST)
    # What `correct` leaves in the post: a note.
    run("post", FIRST, "--no-site")
    edited(
        root, "draft: false", "draft: false\ncorrections:\n  - {date: 2026-05-14, note: A digit.}", day=FIRST
    )
    code, _, err = run("publish", FIRST)
    assert (code, err) == (0, "")
    assert known(root)[-1].stated["corrections"] == 1
    write(root / f"datasets/{FIRST}/notes.md", "## regime\n\nMy own view.\n")
    code, _, err = run("publish", FIRST, "--dry-run")
    assert code == 0, err


def test_more_figures_need_no_correction_as_correct_says_too(run, root):
    table = "variable,value,unit,change,change_unit,period\nVIX,17.9,points,3.8,%,5 sessions\n"
    write(root / f"datasets/{FIRST}/macro.csv", table)
    code, out, err = run("correct", FIRST)
    assert (code, err) == (0, "")
    assert "Nothing to correct" in out
    code, _, err = run("publish", FIRST)
    assert (code, err) == (0, "")
    assert "17.9" in post(root, FIRST).read_text()


def test_what_readers_saw_is_known_without_the_cache(run, root):
    """The post is made again of other data, and what the cache kept of it is lost."""
    table = root / f"datasets/{FIRST}/indices.csv"
    table.write_text(table.read_text().replace("7643.15", "7633.15"))
    run("post", FIRST, "--no-site")
    assert "7,633" in post(root, FIRST).read_text()
    shutil.rmtree(root / ".marketpost/seen")
    refused(run, root, f"marketpost correct {FIRST}", "tells of no correction", day=FIRST)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"to": []}, "names no target"),
        ({"to": [{"kind": "git"}, {"kind": "git"}]}, "names a target twice"),
    ],
)
def test_settings_that_make_no_sense_are_told(run, root, settings, told):
    configure(root, publish=settings)
    code, _, err = run("publish", DAY)
    assert code == 2
    assert told in err


def test_wrong_usage(run):
    assert run("publish", "yesterday")[0] == 2
    assert run("undo", "nothing-of-that-name")[0] == 1
    assert run("log", "nothing-of-that-name")[0] == 0


def test_the_log_tells_what_was_where(run):
    assert "delivered 2026-05-14 09:00 UTC" in run("log")[1]
    code, out, _ = run("log", "--json")
    (told,) = json.loads(out)
    assert code == 0
    assert told["session"] == "2026-05-12"
    assert told["delivered"] == {"git:origin": "2026-05-14T09:00:00+00:00"}
    assert run("log", "-n", "1", told["publish"][:20])[1].startswith(told["publish"])
