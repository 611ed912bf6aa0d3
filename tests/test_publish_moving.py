"""A remote that moved on: nothing of the user's is lost, posts and the ledger's lines come on top."""

from __future__ import annotations

import datetime as dt

import pytest
from publish_blog import IDENTITY, git, write

from generator.config import load
from generator.errors import PublishError
from generator.feeds.rss import GENERATOR
from generator.post import sealed
from generator.publish.committing import Commit, advance, make, message
from generator.publish.moving import PUBLISH, RECORD, ahead, bring
from generator.publish.ours import ours_of
from generator.publish.remote import fetch, open_remote, push
from generator.publish.repository import open_repository
from generator.publish.user_index import tell

AT = dt.datetime(2026, 5, 14, 7, 30, tzinfo=dt.UTC)
FEED, POST, LEDGER = "feeds/feed.xml", "content/post/a/index.en.md", "ledger/2026.jsonl"


@pytest.fixture(autouse=True)
def writer(monkeypatch):
    for name, value in IDENTITY.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def here(tmp_path):
    """A blog's repository with a bare remote."""
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "remote.git")
    root = tmp_path / "here"
    root.mkdir()
    write(root / "config.yaml", "baseURL: https://example.org/\ntitle: x\n")
    write(root / ".gitignore", ".marketpost/\n")
    write(root / FEED, feed("first"))
    write(root / LEDGER, "first\n")
    write(root / "notes.txt", "one\ntwo\nthree\n")
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "A blog")
    git(root, "remote", "add", "origin", "../remote.git")
    git(root, "push", "--quiet", "--set-upstream", "origin", "main")
    return root


@pytest.fixture
def there(here, tmp_path):  # noqa: ARG001 - its remote is what is cloned
    """Somebody else's clone."""
    git(tmp_path, "clone", "--quiet", "remote.git", "there")
    return tmp_path / "there"


def feed(text):
    """A feed that is told to be ours."""
    return f"<generator>{GENERATOR}</generator><title>{text}</title>\n"


def pushed(there, **files):
    for name, content in files.items():
        write(there / name.replace("__", "/"), content)
    git(there, "add", "--all")
    git(there, "commit", "--quiet", "--message", "theirs")
    git(there, "push", "--quiet")
    return git(there, "rev-parse", "HEAD")


def published(root, name, **more):
    """A commit of ours that is not pushed."""
    repository = open_repository(root)
    files = {
        FEED: feed(name),
        f"content/post/{name}/index.en.md": f"{name}\n",
        LEDGER: f"first\n{name}\n",
        **more,
    }
    for each, text in files.items():
        write(root / each, text)
    head = repository.head()
    spec = Commit(
        changes={each: text.encode() for each, text in files.items()},
        message=message(f"Publish {name}", [], {PUBLISH: name}),
        parents=[head],
        base=head,
        at=AT,
    )
    made = make(repository, spec, workspace=root / ".marketpost/publish")
    advance(repository, made, over=head, reason="publish")
    tell(repository, files, made)
    return made


def brought(root):
    config = load(root)
    repository = open_repository(root)
    remote = open_remote(repository, config.settings.publish.to[0])
    found = fetch(repository, remote)
    assert not found.problem
    ours = ours_of(repository, config)
    return bring(repository, remote, found.tip, ours, workspace=root / ".marketpost/publish", at=AT)


def status(root):
    return git(root, "status", "--porcelain", "--untracked-files=all").splitlines()


def test_nothing_to_do(here):
    assert not brought(here)
    published(here, "a")
    assert not brought(here)


def test_the_branch_goes_forward_and_uncommitted_work_stays(here, there):
    tip = pushed(there, other__txt="x\n")
    write(here / "notes.txt", "edited\n")
    write(here / "staged.txt", "staged\n")
    git(here, "add", "staged.txt")
    write(here / "untracked.txt", "untracked\n")
    assert brought(here)
    assert git(here, "rev-parse", "main") == tip
    assert (here / "other/txt").exists()
    assert status(here) == [" M notes.txt", "A  staged.txt", "?? untracked.txt"]
    assert git(here, "config", "branch.main.merge") == "refs/heads/main"


@pytest.mark.parametrize("how", ["unstaged", "staged", "untracked"])
def test_uncommitted_work_in_the_way_is_named_and_stays(here, there, how):
    name = "new.txt" if how == "untracked" else "notes.txt"
    write(there / name, "theirs\n")
    pushed(there)
    write(here / name, "mine\n")
    if how == "staged":
        git(here, "add", name)
    head, before = git(here, "rev-parse", "HEAD"), status(here)
    with pytest.raises(PublishError) as caught:
        brought(here)
    (problem,) = caught.value.problems
    assert problem.file == name
    assert "git stash" in problem.remedy
    assert (here / name).read_text() == "mine\n"
    assert (git(here, "rev-parse", "HEAD"), status(here)) == (head, before)


def test_what_we_made_and_did_not_commit_gives_way(here, there):
    write(there / FEED, feed("theirs"))
    write(there / POST, sealed("title: x\n", "theirs\n"))
    write(there / "content/post/a/figures.json", "theirs")
    tip = pushed(there)
    write(here / FEED, feed("ours"))
    write(here / POST, sealed("title: x\n", "ours\n"))
    write(here / "content/post/a/figures.json", "ours")
    assert brought(here)
    assert git(here, "rev-parse", "main") == tip
    assert "theirs" in (here / POST).read_text()
    assert status(here) == []


def test_a_post_of_ours_that_was_edited_does_not_give_way(here, there):
    write(there / POST, sealed("title: x\n", "theirs\n"))
    pushed(there)
    write(here / POST, sealed("title: x\n", "ours\n") + "by hand\n")
    with pytest.raises(PublishError) as caught:
        brought(here)
    assert [each.file for each in caught.value.problems] == [POST]
    assert (here / POST).read_text().endswith("by hand\n")


def test_publishes_that_were_not_delivered_come_on_top(here, there):
    write(there / FEED, feed("theirs"))
    write(there / LEDGER, "first\ntheirs\n")
    tip = pushed(there, content__post__b="x")
    published(here, "a")
    published(here, "c")
    write(here / "notes.txt", "edited\n")
    assert brought(here)
    assert git(here, "log", "--format=%s", f"{tip}..main").splitlines() == ["Publish c", "Publish a"]
    assert git(here, "log", "-1", "--format=%an %ad", "--date=iso-strict", "main") == (
        "Writer 2026-05-14T07:30:00+00:00"
    )
    assert git(here, "show", "main:content/post/a/index.en.md") == "a"
    assert git(here, "show", "main:content/post/c/index.en.md") == "c"
    assert "theirs" in git(here, "show", f"main:{FEED}")
    assert git(here, "show", f"main:{LEDGER}").split() == ["first", "theirs", "a", "c"]
    assert (here / LEDGER).read_text().split() == ["first", "theirs", "a", "c"]
    assert status(here) == [" M notes.txt"]
    assert not brought(here)


def test_publishes_that_clash_with_the_remote_are_told_and_stay(here, there):
    pushed(there, **{POST: "theirs\n"})
    made = published(here, "a")
    with pytest.raises(PublishError) as caught:
        brought(here)
    assert [each.file for each in caught.value.problems] == [POST]
    assert git(here, "rev-parse", "main") == made
    assert status(here) == []


def test_commits_of_the_users_are_rebased_with_ours_among_them(here, there):
    write(there / FEED, feed("theirs"))
    write(there / LEDGER, "first\ntheirs\n")
    tip = pushed(there)
    published(here, "a")
    write(here / "notes.txt", "one\ntwo\nthree\nmine\n")
    git(here, "commit", "--quiet", "--all", "--message", "mine")
    assert brought(here)
    assert git(here, "log", "--format=%s", f"{tip}..main").splitlines() == ["mine", "Publish a"]
    assert "theirs" in git(here, "show", f"main:{FEED}")
    assert set(git(here, "show", f"main:{LEDGER}").split()) == {"first", "theirs", "a"}
    assert (here / "notes.txt").read_text().endswith("mine\n")
    assert status(here) == []
    assert not (here / ".marketpost/publish/journal.json").exists()


def test_a_conflict_of_the_users_is_told_and_all_is_as_it_was(here, there):
    pushed(there, **{"notes.txt": "theirs\n"})
    write(here / "notes.txt", "mine\n")
    git(here, "commit", "--quiet", "--all", "--message", "mine")
    head = git(here, "rev-parse", "HEAD")
    with pytest.raises(PublishError, match="conflict") as caught:
        brought(here)
    assert [each.file for each in caught.value.problems] == ["notes.txt"]
    assert git(here, "rev-parse", "main") == head
    assert status(here) == []
    assert open_repository(here).branch == "main"


def test_commits_of_the_users_are_not_rebased_beside_uncommitted_work(here, there):
    pushed(there, other="x\n")
    write(here / "mine.txt", "mine\n")
    git(here, "add", "--all")
    git(here, "commit", "--quiet", "--message", "mine")
    write(here / "notes.txt", "edited\n")
    with pytest.raises(PublishError, match="uncommitted changes"):
        brought(here)
    assert status(here) == [" M notes.txt"]


def test_a_history_that_was_rewritten_is_told_every_time(here, there):
    git(there, "commit", "--quiet", "--amend", "--message", "rewritten")
    git(there, "push", "--quiet", "--force")
    for _ in range(2):
        with pytest.raises(PublishError, match="was rewritten"):
            brought(here)


@pytest.mark.usefixtures("here")
def test_a_branch_without_a_commit_is_told(tmp_path):
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    write(fresh / "config.yaml", "baseURL: https://example.org/\ntitle: x\n")
    git(fresh, "init", "--quiet", "--initial-branch=main")
    git(fresh, "remote", "add", "origin", "../remote.git")
    with pytest.raises(PublishError, match="no commit yet"):
        brought(fresh)


@pytest.mark.usefixtures("here")
def test_histories_with_nothing_in_common_are_told(tmp_path):
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    write(fresh / "config.yaml", "baseURL: https://example.org/\ntitle: x\n")
    git(fresh, "init", "--quiet", "--initial-branch=main")
    git(fresh, "add", "--all")
    git(fresh, "commit", "--quiet", "--message", "another")
    git(fresh, "remote", "add", "origin", "../remote.git")
    with pytest.raises(PublishError, match="no history in common"):
        brought(fresh)


# The remote


def remote_of(root):
    repository = open_repository(root)
    return repository, open_remote(repository, load(root).settings.publish.to[0])


def test_a_push_is_done_refused_or_too_late(here, there, tmp_path):
    repository, remote = remote_of(here)
    made = published(here, "a")
    assert push(repository, remote, made).state == "done"
    assert git(tmp_path / "remote.git", "rev-parse", "main") == made
    git(there, "pull", "--quiet")
    pushed(there, x="x\n")
    assert push(repository, remote, published(here, "b")).state == "moved"
    hook = write(tmp_path / "remote.git/hooks/pre-receive", "#!/bin/sh\necho no posts today >&2\nexit 1\n")
    hook.chmod(0o755)
    assert brought(here)
    refused = push(repository, remote, repository.head())
    assert refused.state == "refused"
    assert "no posts today" in refused.message
    assert "pre-receive hook declined" in refused.message


def test_a_remote_that_is_not_there(here, tmp_path):
    (tmp_path / "remote.git").rename(tmp_path / "away.git")
    repository, remote = remote_of(here)
    found = fetch(repository, remote)
    assert found.tip == repository.head()
    assert "origin (../remote.git) cannot be asked" in found.problem
    assert push(repository, remote, repository.head()).state == "refused"


def test_a_host_that_nobody_reaches_is_told_without_the_password(here):
    git(here, "remote", "set-url", "origin", "http://user:secret@127.0.0.1:9/x.git")
    repository, remote = remote_of(here)
    problem = fetch(repository, remote).problem
    assert "http://127.0.0.1:9/x.git" in problem
    assert "secret" not in problem + push(repository, remote, repository.head()).message + str(remote)


def test_a_remote_that_git_does_not_know_is_told(here):
    git(here, "remote", "rename", "origin", "elsewhere")
    with pytest.raises(PublishError, match="git remote add origin"):
        remote_of(here)


def test_a_branch_goes_where_it_follows(here):
    git(here, "branch", "--move", "trunk")
    _, remote = remote_of(here)
    assert str(remote) == "origin/main"
    git(here, "branch", "--unset-upstream")
    _, remote = remote_of(here)
    assert str(remote) == "origin/trunk"
    repository, _ = remote_of(here)
    assert fetch(repository, remote).tip == ""


def test_commits_ahead_are_told_with_what_they_are(here):
    tip = git(here, "rev-parse", "HEAD")
    published(here, "a")
    write(here / "notes.txt", "mine\n")
    git(here, "commit", "--quiet", "--all", "--message", f"mine\n\n{RECORD} is no trailer here")
    first, second = ahead(open_repository(here), tip)
    assert (first.publish, dict(first.trailers)) == ("a", {PUBLISH: "a"})
    assert (second.publish, dict(second.trailers)) == ("", {})
