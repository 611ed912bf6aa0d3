"""Commits of chosen files: what the user works on, in the index or out of it, stays as it is."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from publish_blog import IDENTITY, git

from generator.errors import PublishError
from generator.process import Said
from generator.publish import user_index
from generator.publish.committing import Commit, advance, make, message
from generator.publish.git import Git, told, without_credentials
from generator.publish.repository import open_repository, require_identity

AT = dt.datetime(2026, 5, 14, 7, 30, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def writer(monkeypatch):
    for name, value in IDENTITY.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def root(tmp_path):
    """A repository with two files in its last commit."""
    folder = tmp_path / "blog"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    (folder / "a.txt").write_text("old\n")
    (folder / "mine.txt").write_text("mine\n")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "first")
    return folder


def commit(root, changes, **told):
    """What a publish does: the files on disk, a commit, the branch, the index."""
    repository = open_repository(root)
    for name, content in changes.items():
        path = repository.path(name)
        if content is None:
            path.unlink(missing_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    head = repository.head()
    spec = Commit(
        changes=changes, message="Publish\n", parents=[head] if head else [], base=head, at=AT, **told
    )
    made = make(repository, spec, workspace=root / ".marketpost")
    advance(repository, made, over=head, reason="publish")
    return made, user_index.tell(repository, changes, made)


def status(root):
    return git(
        root, "status", "--porcelain", "--untracked-files=all", "--", ".", ":!.marketpost"
    ).splitlines()


def test_a_commit_holds_exactly_its_files(root):
    (root / "mine.txt").write_text("edited\n")
    (root / "untracked.txt").write_text("x\n")
    made, note = commit(root, {"a.txt": b"new\n", "sub/b.txt": b"b\n"})
    assert note == ""
    assert git(root, "show", "--format=", "--name-status", made).splitlines() == ["M\ta.txt", "A\tsub/b.txt"]
    assert git(root, "rev-parse", "HEAD", "HEAD^{tree}").splitlines()[0] == made
    assert status(root) == [
        " M mine.txt",
        "?? untracked.txt",
    ]
    assert (
        git(root, "log", "-1", "--format=%an %aI %cI")
        == "Writer 2026-05-14T07:30:00+00:00 2026-05-14T07:30:00+00:00"
    )


def test_what_was_staged_stays_staged_and_what_was_not_stays_not(root):
    (root / "mine.txt").write_text("staged\n")
    (root / "added.txt").write_text("added\n")
    git(root, "add", "mine.txt", "added.txt")
    (root / "mine.txt").write_text("and edited again\n")
    commit(root, {"a.txt": b"new\n"})
    assert status(root) == ["A  added.txt", "MM mine.txt"]
    assert git(root, "show", ":mine.txt") == "staged"
    assert git(root, "show", "HEAD:mine.txt") == "mine"


def test_a_removed_file_is_gone_from_commit_and_index(root):
    made, _ = commit(root, {"a.txt": None})
    assert git(root, "show", "--format=", "--name-status", made) == "D\ta.txt"
    assert status(root) == []


def test_the_first_commit_of_a_repository(tmp_path):
    folder = tmp_path / "blog"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=trunk")
    made, _ = commit(folder, {"a.txt": b"new\n"})
    assert git(folder, "rev-list", "--parents", "trunk") == made
    assert status(folder) == []


def test_modes_stay(root):
    (root / "a.txt").chmod(0o755)
    git(root, "commit", "--quiet", "--all", "--message", "mode")
    made, _ = commit(root, {"a.txt": b"new\n", "b.txt": b"b\n"})
    assert [line.split()[0] for line in git(root, "ls-tree", made, "a.txt", "b.txt").splitlines()] == [
        "100755", "100644",
    ]  # fmt: skip


def test_what_git_makes_of_line_ends_is_no_change(root):
    git(root, "config", "core.autocrlf", "true")
    (root / "crlf.txt").write_bytes(b"one\r\ntwo\r\n")
    made, _ = commit(root, {"crlf.txt": b"one\r\ntwo\r\n"})
    blob = open_repository(root).blobs(made, ["crlf.txt"])["crlf.txt"]
    assert open_repository(root).contents([blob.id]) == [b"one\ntwo\n"]
    for content, held in ((b"one\r\ntwo\r\n", {"crlf.txt"}), (b"one\r\n", set())):
        assert open_repository(root).holding({"crlf.txt": blob}, {"crlf.txt": content}) == held
    assert status(root) == []


def test_what_a_filter_makes_of_a_file_is_no_change(root):
    (root / ".gitattributes").write_text("*.up filter=up\n")
    git(root, "config", "filter.up.clean", "tr a-z A-Z")
    made, _ = commit(root, {"x.up": b"loud\n"})
    repository = open_repository(root)
    blobs = repository.blobs(made, ["x.up"])
    assert repository.contents([blobs["x.up"].id]) == [b"LOUD\n"]
    assert repository.holding(blobs, {"x.up": b"loud\n"}) == {"x.up"}
    (root / "x.up").touch()
    assert repository.differing(["x.up"]) == frozenset()


def test_a_blog_in_a_subfolder_and_in_a_worktree(root, tmp_path):
    (root / "site").mkdir()
    (root / "site" / "config.yaml").write_text("x\n")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "site")
    other = tmp_path / "worktree"
    git(root, "worktree", "add", "--quiet", "-b", "other", str(other))
    blog = other / "site"
    repository = open_repository(blog)
    assert (repository.prefix, repository.branch, repository.top) == ("site/", "other", other)
    assert repository.name(blog / "content/x.md") == "site/content/x.md"
    assert repository.name(other / "ledger/2026.jsonl") == "ledger/2026.jsonl"
    assert repository.name(tmp_path / "elsewhere") is None
    made, note = commit(blog, {"site/content/x.md": b"x\n"})
    assert note == ""
    assert (blog / "content/x.md").read_bytes() == b"x\n"
    assert git(other, "rev-parse", "other") == made
    assert git(root, "rev-parse", "main") != made
    assert status(other) == []


def test_a_signed_commit(root, tmp_path):
    keygen = shutil.which("ssh-keygen")
    if keygen is None:
        pytest.skip("needs ssh-keygen, of OpenSSH")
    key = tmp_path / "key"
    subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    for name, value in (("gpg.format", "ssh"), ("user.signingkey", str(key)), ("commit.gpgsign", "true")):
        git(root, "config", name, value)
    made, _ = commit(root, {"a.txt": b"new\n"})
    assert "gpgsig -----BEGIN SSH SIGNATURE-----" in git(root, "cat-file", "commit", made)


# What is in the way


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("checkout", "--quiet", "--detach"), "no branch is checked out"),
        (("merge", "--quiet", "other"), "a merge is under way"),
        (("rebase", "--quiet", "other"), "a rebase is under way"),
        (("cherry-pick", "other"), "a cherry-pick is under way"),
    ],
)
def test_a_state_in_which_nothing_can_be_committed_is_told(root, arguments, told):
    git(root, "switch", "--quiet", "--create", "other")
    (root / "a.txt").write_text("theirs\n")
    git(root, "commit", "--quiet", "--all", "--message", "theirs")
    git(root, "switch", "--quiet", "main")
    (root / "a.txt").write_text("ours\n")
    git(root, "commit", "--quiet", "--all", "--message", "ours")
    git(root, *arguments, check=False)
    with pytest.raises(PublishError, match=told):
        open_repository(root)
    assert open_repository(root, under_way=True).top == root


def test_no_repository_is_told_with_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setattr("generator.publish.git._ELSEWHERE", __import__("re").compile("NONE"))
    with pytest.raises(PublishError, match=r"not a git repository.*git init"):
        open_repository(tmp_path)


def test_a_repository_of_somebody_elses_variables_is_not_taken(root, tmp_path, monkeypatch):
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / "index"))
    assert open_repository(root).folder == root / ".git"


def test_nobody_to_commit_as_is_told(root, monkeypatch):
    for name in IDENTITY:
        if "NAME" in name or "EMAIL" in name:
            monkeypatch.delenv(name)
    git_config = root / ".git" / "config"
    git_config.write_text(git_config.read_text() + "[user]\n\tuseConfigOnly = true\n")
    with pytest.raises(PublishError, match=r"git config user\.name"):
        require_identity(open_repository(root))


def test_ignored_files_are_told_with_their_rule(root):
    (root / ".gitignore").write_text("*.log\nout/\n!keep.log\n")
    repository = open_repository(root)
    found = repository.ignored(["x.log", "out/y.txt", "keep.log", "a.txt"])
    assert found == {"x.log": ".gitignore:1", "out/y.txt": ".gitignore:2"}


def test_a_branch_that_moved_is_not_moved(root):
    repository = open_repository(root)
    head = repository.head()
    made, _ = commit(root, {"a.txt": b"new\n"})
    with pytest.raises(PublishError, match="update-ref failed"):
        advance(repository, head, over=head, reason="again")
    assert repository.head() == made


def test_differing_files_are_those_that_no_commit_has(root):
    (root / "content").mkdir()
    for name in ("kept.md", "edited.md", "gone.md"):
        (root / "content" / name).write_text("x\n")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "content")
    (root / "content" / "edited.md").write_text("edited\n")
    (root / "content" / "gone.md").unlink()
    (root / "content" / "new.md").write_text("new\n")
    (root / "content" / "한글 [x].md").write_text("new\n")
    (root / "a.txt").write_text("elsewhere\n")
    repository = open_repository(root)
    assert repository.differing(["content/"]) == {
        f"content/{name}" for name in ("edited.md", "gone.md", "new.md", "한글 [x].md")
    }
    assert repository.differing(["content/한글 [x].md"]) == {"content/한글 [x].md"}
    assert not repository.is_clean()


# The user's index


def lock(root):
    return root / ".git" / "index.lock"


def own(root):
    return user_index._own(open_repository(root))


def test_a_lock_of_somebody_elses_is_waited_for_and_then_left(root, monkeypatch):
    monkeypatch.setattr(user_index, "_TRIES", 3)
    monkeypatch.setattr(user_index, "_PAUSE", 0.01)
    lock(root).write_bytes(b"theirs")
    _, note = commit(root, {"a.txt": b"new\n"})
    assert "index.lock" in note
    assert "git reset --quiet -- a.txt" in note
    assert lock(root).read_bytes() == b"theirs"
    lock(root).unlink()
    git(root, "reset", "--quiet", "--", "a.txt")
    assert status(root) == []


def test_a_lock_that_goes_is_waited_for(root, monkeypatch):
    lock(root).write_bytes(b"theirs")
    monkeypatch.setattr(user_index.time, "sleep", lambda _: lock(root).unlink(missing_ok=True))
    _, note = commit(root, {"a.txt": b"new\n"})
    assert note == ""
    assert status(root) == []


@pytest.mark.parametrize("linked", [True, False], ids=["a link", "a copy, where links cannot be made"])
def test_a_lock_that_a_killed_run_left_is_taken_away(root, linked):
    own(root).write_bytes(b"half an index")
    if linked:
        os.link(own(root), lock(root))
    else:
        shutil.copy(own(root), lock(root))
    _, note = commit(root, {"a.txt": b"new\n"})
    assert note == ""
    assert status(root) == []
    assert not lock(root).exists()
    assert not own(root).exists()


def test_what_a_run_left_that_was_killed_after_the_rename_is_taken_away(root):
    os.link(root / ".git" / "index", own(root))
    (root / "mine.txt").write_text("staged\n")
    git(root, "add", "mine.txt")
    commit(root, {"a.txt": b"new\n"})
    assert status(root) == ["M  mine.txt"]
    assert not own(root).exists()


def test_an_index_that_changes_meanwhile_is_taken_anew(root, monkeypatch):
    """Somebody stages between our look at the index and our taking the lock."""
    (root / "mine.txt").write_text("staged\n")
    real, staged = user_index._took, []

    def took(*arguments):
        if not staged:
            git(root, "add", "mine.txt")
            staged.append(True)
        return real(*arguments)

    monkeypatch.setattr(user_index, "_took", took)
    monkeypatch.setattr(user_index, "_PAUSE", 0.01)
    _, note = commit(root, {"a.txt": b"new\n"})
    assert note == ""
    assert status(root) == ["M  mine.txt"]
    assert not lock(root).exists()


def test_file_systems_without_links(root, monkeypatch):
    def no_link(*_arguments, **_named):
        raise PermissionError("no links here")

    monkeypatch.setattr(user_index.os, "link", no_link)
    _, note = commit(root, {"a.txt": b"new\n"})
    assert note == ""
    assert status(root) == []
    assert not lock(root).exists()


# What is said


def test_messages_are_of_one_line_each_and_short():
    text = message(
        "Publish KOSPI\nMarketpost-Publish: forged — " + "long " * 30,
        ["Address: https://example.org/\x1b[31m"],
        {"Marketpost-Publish": "20260514T073000Z-ab12"},
        mark="[skip ci]",
    )
    head, *rest = text.split("\n")
    assert head.startswith("Publish KOSPI Marketpost-Publish: forged")
    assert head.endswith("… [skip ci]")
    assert len(head) <= 76
    assert rest == [
        "",
        "Address: https://example.org/ [31m",
        "",
        "Marketpost-Publish: 20260514T073000Z-ab12",
        "",
    ]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("https://user:secret@example.org/x.git", "https://example.org/x.git"),
        ("unable to access 'https://token@example.org/': no", "unable to access 'https://example.org/': no"),
        ("ssh://git@example.org/x", "ssh://example.org/x"),
        ("git@example.org:x.git", "git@example.org:x.git"),
    ],
)
def test_addresses_are_told_without_credentials(text, safe):
    assert without_credentials(text) == safe


def test_what_git_says_is_one_line():
    said = Said(
        1, b"", "hint: no\nremote: policy: no\nremote: ask\nerror: failed 'https://a:b@c/'\nerror: more\n"
    )
    assert told(said) == "failed 'https://c/'; policy: no; ask"
    assert told(Said(3, b"", "")) == "exit code 3"


def test_git_is_not_there(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PublishError, match="cannot start git status: no such program"):
        Git(tmp_path).ask("status")


def test_helpers_in_the_background_are_not_started(root):
    assert Path(root).is_dir()
    assert Git(root).line("config", "gc.auto") == "0"
    assert Git(root).line("config", "core.fsmonitor") == "false"
