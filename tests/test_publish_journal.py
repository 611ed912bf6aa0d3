"""The journal: however a run ends, by an error, a kill or a power cut, files are as before or as after."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
from pathlib import Path

import pytest

from generator import files
from generator.errors import PublishError
from generator.publish import journal

BEFORE = {"a.txt": b"old a", "sub/b.txt": b"old b", "gone.txt": b"goes"}
AFTER = {"a.txt": b"new a", "sub/b.txt": b"new b", "gone.txt": None, "made/deep/c.txt": b"new c"}


@pytest.fixture
def blog(tmp_path):
    root = tmp_path / "blog"
    for name, content in BEFORE.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return root


def changes(root):
    return {root / name: content for name, content in AFTER.items()}


def held(root):
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".marketpost" not in path.parts
    }


def workspace(root):
    return root / ".marketpost" / "publish"


AS_AFTER = {name: content for name, content in AFTER.items() if content is not None}


def recovered(root):
    """What the next run does; whether it found anything."""
    left = journal.unfinished(workspace(root))
    if left is None:
        return False
    _ = left.redo() if left.decision() is not None else left.undo()
    left.close()
    return True


def whole(root):
    """A publish without git."""
    begun = journal.begin(workspace(root), "p", changes(root))
    begun.apply()
    begun.decide()
    begun.close()


def test_changes_are_done(blog):
    whole(blog)
    assert held(blog) == AS_AFTER
    assert not recovered(blog)
    assert [each.name for each in workspace(blog).iterdir()] == []


def test_changes_are_undone_with_times_modes_and_folders(blog):
    (blog / "a.txt").chmod(0o600)
    before = {path: path.stat() for path in blog.rglob("*") if path.is_file()}
    begun = journal.begin(workspace(blog), "p", changes(blog))
    begun.apply()
    assert held(blog) == AS_AFTER
    assert (blog / "a.txt").stat().st_mode & 0o777 == 0o600
    begun.undo()
    begun.close()
    assert held(blog) == BEFORE
    for path, stat in before.items():
        now = path.stat()
        assert (now.st_ino, now.st_mtime_ns, now.st_mode) == (stat.st_ino, stat.st_mtime_ns, stat.st_mode)
    assert not (blog / "made").exists()


def test_what_is_as_it_should_be_is_not_touched(blog):
    before = (blog / "a.txt").stat()
    begun = journal.begin(workspace(blog), "p", {blog / "a.txt": b"old a", blog / "no.txt": None})
    assert begun.steps == ()
    begun.apply()
    begun.decide()
    begun.close()
    assert (blog / "a.txt").stat() == before


@pytest.mark.parametrize("decided", [False, True])
def test_an_edit_made_meanwhile_stays_and_is_told(blog, decided):
    begun = journal.begin(workspace(blog), "p", changes(blog))
    begun.apply()
    (blog / "a.txt").write_bytes(b"by hand")
    if decided:
        begun.decide()
    left = begun.redo() if decided else begun.undo()
    assert left == (blog / "a.txt",)
    assert held(blog) == {**(AS_AFTER if decided else BEFORE), "a.txt": b"by hand"}


def test_a_file_that_changes_between_the_look_and_the_writing_stops_it(blog):
    begun = journal.begin(workspace(blog), "p", changes(blog))
    (blog / "a.txt").write_bytes(b"by hand")
    with pytest.raises(PublishError, match=r"a\.txt was changed while"):
        begun.apply()


def test_a_decision_of_another_publish_is_none(blog):
    workspace(blog).mkdir(parents=True)
    (workspace(blog) / "decision.json").write_text('{"id": "p"}')
    begun = journal.begin(workspace(blog), "p", changes(blog))
    assert begun.decision() is None
    (workspace(blog) / "decision.json").write_text('{"id": "earlier"}')
    assert begun.decision() is None


def test_a_journal_of_another_version_is_told(blog):
    workspace(blog).mkdir(parents=True)
    (workspace(blog) / "journal.json").write_text('{"version": 99}')
    with pytest.raises(PublishError, match="another version"):
        journal.unfinished(workspace(blog))


def test_other_file_systems_are_copied_to(blog, monkeypatch):
    def no_link(*_args, **_named):
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", no_link)
    begun = journal.begin(workspace(blog), "p", changes(blog))
    begun.apply()
    assert held(blog) == AS_AFTER
    begun.undo()
    begun.close()
    assert held(blog) == BEFORE


# A disk that is full, at each write in turn


def test_a_full_disk_at_any_moment_leaves_all_as_before_or_after(blog, monkeypatch):
    real, at = files.write, {"call": 0, "fails": -1}

    def write(path, content):
        at["call"] += 1
        if at["call"] == at["fails"]:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return real(path, content)

    monkeypatch.setattr(files, "write", write)
    outcomes = []
    for fails in range(1, 50):
        at.update(call=0, fails=fails)
        fresh = blog.parent / f"blog-{fails}"
        shutil.copytree(blog, fresh)
        with contextlib.suppress(OSError):
            whole(fresh)
            assert at["call"] < fails
            break
        at["fails"] = -1
        recovered(fresh)
        outcomes.append(held(fresh))
        assert outcomes[-1] in (BEFORE, AS_AFTER)
        whole(fresh)
        assert held(fresh) == AS_AFTER
    assert len(outcomes) == 5  # three new contents, the journal, the decision
    assert BEFORE in outcomes


# A power cut: what was not synced may be lost, in any order


class Disk:
    """Records what is done to files, and makes the folder that a power cut at any moment may leave.

    The content of a file is on the disk once the file is synced. A change of a folder (a name that comes or
    goes) is once the folder is synced; before that it may be there or not.
    """

    def __init__(self, root, start, monkeypatch):
        self.root = root
        self.start = {root / name: (root / name).stat().st_ino for name in start}
        self.contents = {(root / name).stat().st_ino: content for name, content in start.items()}
        self.log = []
        """What was done: `sync` with inode and content, `name` with inode, `folder`, `unname`."""
        self._record(monkeypatch)

    def _record(self, monkeypatch):
        def recorded(owner, name, note):
            real = getattr(owner, name)

            def call(*arguments, **named):
                there = isinstance(arguments[0], Path) and os.path.lexists(arguments[0])
                result = real(*arguments, **named)
                self.log += [(*each, None)[:4] for each in note(*arguments, result=result, there=there)]
                return result

            monkeypatch.setattr(owner, name, call)

        def number(path):
            return Path(path).stat().st_ino

        def synced(descriptor, **_):
            path = Path(f"/proc/self/fd/{descriptor}").readlink()
            content = None if path.is_dir() else path.read_bytes()
            return [("sync", path, os.fstat(descriptor).st_ino, content)]

        recorded(os, "fsync", synced)
        recorded(os, "link", lambda _, new, **__: [("name", Path(new), number(new))])
        recorded(Path, "replace", lambda old, new, **_: [("name", new, number(new)), ("unname", old, None)])
        recorded(Path, "unlink", lambda path, *, there, **_: [("unname", path, None)] * there)
        recorded(shutil, "rmtree", lambda path, **_: [("unname", path, None)])
        recorded(Path, "rmdir", lambda path, **_: [("unname", path, None)])
        recorded(Path, "mkdir", lambda path, *_, there, **__: [("folder", path, None)] * (not there))
        recorded(
            Path,
            "open",
            lambda path, mode="r", **_: [("name", path, number(path))] * ("w" in mode),
        )

    def cut(self, moment, target, *, keeps):
        """Make what a power cut after `moment` steps may leave.

        `keeps` says of each change of a folder that is not synced whether it reached the disk all the same.
        """
        log = self.log[:moment]
        contents = {**self.contents, **{inode: content for kind, _, inode, content in log if kind == "sync"}}
        names, folders = dict(self.start), {self.root, *(path.parent for path in self.start)}
        for kind, path, inode in lasting(log, keeps):
            if kind == "folder":
                folders.add(path)
            elif kind == "name":
                names[path] = inode
            else:
                names.pop(path, None)
                folders.discard(path)
        reached = {self.root}
        for folder in sorted(folders - reached):
            if folder.parent in reached:
                reached.add(folder)
                (target / folder.relative_to(self.root)).mkdir(parents=True)
        for path, inode in names.items():
            if path.parent in reached:
                (target / path.relative_to(self.root)).write_bytes(contents.get(inode) or b"")


def lasting(log, keeps):
    """Those of the changes of folders that reached the disk."""
    found, settled = [], set()
    for number, (kind, path, inode, _) in reversed(list(enumerate(log))):
        if kind == "sync":
            settled.add(path)
        elif path.parent in settled or keeps(number):
            found.append((kind, path, inode))
    return reversed(found)


LUCK = {
    "all is lost": lambda _: False,
    "all is kept": lambda _: True,
    **{f"chance {seed}": lambda number, seed=seed: hashlib.sha256(b"%d %d" % (seed, number)).digest()[0] % 2
       for seed in range(3)},
}  # fmt: skip


@pytest.mark.parametrize("luck", LUCK)
@pytest.mark.parametrize("decides", [True, False])
def test_a_power_cut_at_any_moment_leaves_all_as_before_or_after(blog, monkeypatch, luck, decides):
    with monkeypatch.context() as patched:
        disk = Disk(blog, BEFORE, patched)
        begun = journal.begin(workspace(blog), "p", changes(blog))
        begun.apply()
        if decides:
            begun.decide()
        else:
            begun.undo()
        decided = len(disk.log)
        begun.close()
    assert decided > 30
    monkeypatch.setattr(os, "fsync", lambda _: None)  # no power is cut twice
    for moment in range(len(disk.log) + 1):
        left = blog.parent / f"cut-{moment}"
        left.mkdir()
        disk.cut(moment, left, keeps=LUCK[luck])
        _moved(left, blog)
        recovered(left)
        result = held(left)
        assert result in (BEFORE, AS_AFTER), f"after {moment} steps: {disk.log[moment - 1][:2]}"
        if moment >= decided:
            assert result == (AS_AFTER if decides else BEFORE)


def _moved(left, blog):
    """The journal names files where they stood; have it name them where the remains are."""
    path = workspace(left) / "journal.json"
    if path.exists() and path.read_bytes():
        path.write_text(path.read_text().replace(f'"{blog}/', f'"{left}/'))
