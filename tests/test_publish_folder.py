"""A folder that is served: it holds one site or the other, and what is not ours stays."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path

import pytest

from generator.errors import PublishError
from generator.publish import folder, in_place
from generator.publish.exchange import exchange
from generator.publish.folder_plan import STAGE, beside, manifest_of, plan_folder, require_apart

ONE = {"index.html": "home 1", "post/a/index.html": "a", "css/x.css": "x", "feed.xml": "f1"}
TWO = {"index.html": "home 2", "post/b/index.html": "b", "css/x.css": "x", "feed.xml": "f2"}


def make(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@pytest.fixture
def sites(tmp_path):
    return make(tmp_path / "one", ONE), make(tmp_path / "two", TWO)


@pytest.fixture
def target(tmp_path):
    return tmp_path / "srv" / "www"


def held(target):
    return {
        path.relative_to(target).as_posix(): path.read_text()
        for path in sorted(target.rglob("*"))
        if path.is_file() and path.name != ".marketpost.json"
    }


def leftovers(target):
    return sorted(
        each.name for each in target.parent.iterdir() if each.name not in {"www", ".www.marketpost.json"}
    )


def test_a_site_is_put_into_a_folder_that_is_not_there(sites, target):
    plan, note = folder.deliver(sites[0], target)
    assert note == ""
    assert set(plan.put) == set(ONE)
    assert held(target) == ONE
    assert set(manifest_of(target)) == set(ONE)
    assert leftovers(target) == []


def test_what_changes_is_replaced_and_what_does_not_stays_the_same_file(sites, target):
    folder.deliver(sites[0], target)
    before = (target / "css/x.css").stat()
    (target / "index.html").chmod(0o640)
    plan, _ = folder.deliver(sites[1], target)
    assert held(target) == TWO
    assert not (target / "post/a").exists()
    assert (set(plan.put), plan.removed) == (
        {"index.html", "post/b/index.html", "feed.xml"},
        ("post/a/index.html",),
    )
    after = (target / "css/x.css").stat()
    assert (after.st_ino, after.st_mtime_ns, after.st_nlink) == (before.st_ino, before.st_mtime_ns, 1)
    assert (target / "index.html").stat().st_mode & 0o777 == 0o640
    assert leftovers(target) == []


def test_again_nothing_is_touched(sites, target):
    folder.deliver(sites[0], target)

    def states():
        return {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in target.parent.rglob("*")}

    before = states()
    plan, _ = folder.deliver(sites[0], target)
    assert plan.is_done
    assert states() == before


def test_what_is_not_ours_stays(sites, target):
    make(target, {"robots.txt": "mine", "uploads/x.bin": "mine", "post/mine.html": "mine"})
    (target / "empty").mkdir()
    (target / "link").symlink_to("uploads")
    (target / "uploads").chmod(0o750)
    for site in sites:
        folder.deliver(site, target)
    assert held(target) == {
        **TWO, **dict.fromkeys(["robots.txt", "uploads/x.bin", "post/mine.html"], "mine"),
    }  # fmt: skip
    assert (target / "empty").is_dir()
    assert (target / "link").readlink() == Path("uploads")
    assert (target / "uploads").stat().st_mode & 0o777 == 0o750


def test_rights_of_the_folder_stay(sites, target):
    target.mkdir(parents=True)
    target.chmod(0o2750)
    if os.getuid() == 0:
        os.chown(target, 1234, 1235)
    folder.deliver(sites[0], target)
    assert target.stat().st_mode & 0o7777 == 0o2750
    if os.getuid() == 0:
        for path in (target, target / "index.html", target / "post"):
            assert (path.stat().st_uid, path.stat().st_gid) == (1234, 1235)


@pytest.mark.parametrize(
    ("theirs", "named"),
    [
        ({"index.html": "theirs"}, ["index.html"]),
        ({"post": "a file"}, ["post"]),
        ({"feed.xml/x": "a folder"}, ["feed.xml/x"]),
    ],
)
def test_what_is_in_the_way_and_not_ours_is_named(sites, target, theirs, named):
    make(target, theirs)
    with pytest.raises(PublishError) as caught:
        folder.deliver(sites[0], target)
    assert [each.file for each in caught.value.problems] == [str(target / name) for name in named]
    assert held(target) == theirs
    assert leftovers(target) == []


def test_a_file_of_ours_that_somebody_changed_is_theirs(sites, target):
    folder.deliver(sites[0], target)
    (target / "index.html").write_text("hot fix")
    with pytest.raises(PublishError, match="not ours"):
        folder.deliver(sites[1], target)
    assert (target / "index.html").read_text() == "hot fix"
    (target / "index.html").write_text(TWO["index.html"])  # as it is to be: nobody minds
    (target / "post/a/index.html").write_text("kept by somebody")
    folder.deliver(sites[1], target)
    assert held(target) == {**TWO, "post/a/index.html": "kept by somebody"}


def test_a_folder_that_holds_the_site_already_is_taken_over(sites, target):
    shutil.copytree(sites[0], target)
    before = target.stat().st_ino
    folder.deliver(sites[0], target)
    assert target.stat().st_ino == before
    assert set(manifest_of(target)) == set(ONE)
    folder.deliver(sites[1], target)
    assert held(target) == TWO


def test_pages_become_folders_and_folders_pages(tmp_path, target):
    folder.deliver(make(tmp_path / "1", {"a": "file", "b/c": "folder"}), target)
    site = make(tmp_path / "2", {"a/x": "folder", "b": "file"})
    folder.deliver(site, target)
    assert held(target) == {"a/x": "folder", "b": "file"}


def test_a_link_to_the_folder_stays_a_link(sites, tmp_path, target):
    target.mkdir(parents=True)
    (tmp_path / "current").symlink_to(target)
    found = require_apart(tmp_path / "blog", tmp_path / "current")
    folder.deliver(sites[0], found)
    assert (tmp_path / "current").is_symlink()
    assert held(target) == ONE


@pytest.mark.parametrize("path", ["blog", ".", "blog/public", "blog/content/x", "blog/.marketpost"])
def test_the_blogs_own_folders_are_refused(tmp_path, path):
    (tmp_path / "blog").mkdir()
    with pytest.raises(PublishError, match="part of the blog"):
        require_apart(tmp_path / "blog", tmp_path / path)
    (tmp_path / "file").write_text("x")
    with pytest.raises(PublishError, match="is a file"):
        require_apart(tmp_path / "blog", tmp_path / "file")
    assert require_apart(tmp_path / "blog", tmp_path / "blog" / "docs") == tmp_path / "blog" / "docs"


def test_a_list_of_our_files_that_is_none_is_told(sites, target):
    folder.deliver(sites[0], target)
    beside(target, ".json").write_text("{}")
    with pytest.raises(PublishError, match="not what marketpost writes"):
        folder.deliver(sites[1], target)


# Two folders change places


def test_folders_change_places_in_one_step(tmp_path):
    one, other = make(tmp_path / "one", {"a": "1"}), make(tmp_path / "other", {"a": "2"})
    if not exchange(one, other):
        pytest.skip("this system cannot exchange two folders")
    assert ((one / "a").read_text(), (other / "a").read_text()) == ("2", "1")
    with pytest.raises(OSError, match="No such file"):
        exchange(one, tmp_path / "none")


def test_where_they_cannot_they_are_renamed_in_two(sites, target, monkeypatch):
    monkeypatch.setattr(folder, "exchange", lambda *_: False)
    for site, files in zip(sites, (ONE, TWO), strict=True):
        folder.deliver(site, target)
        assert held(target) == files
        assert leftovers(target) == []


def test_what_is_written_into_the_folder_meanwhile_is_taken_over(sites, target, monkeypatch):
    folder.deliver(sites[0], target)
    (target / "log.txt").write_text("1")
    real = folder._take_place

    def writing(place):
        (target / "upload.bin").write_text("new")
        with (target / "log.txt").open("a") as stream:
            stream.write("2")
        (target / "log.txt.new").write_text("whole")
        (target / "log.txt.new").replace(target / "log.txt")
        real(place)

    monkeypatch.setattr(folder, "_take_place", writing)
    folder.deliver(sites[1], target)
    assert held(target) == {**TWO, "upload.bin": "new", "log.txt": "whole"}


class Killed(BaseException):
    """As if the program were killed: nothing after it runs."""


STEPS = [
    ("generator.publish.folder", "_settle"),
    ("generator.publish.folder", "_take_place"),
    ("generator.publish.folder", "_finish"),
]


@pytest.mark.parametrize("swaps", [True, False])
@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize(("module", "name"), STEPS)
def test_a_run_killed_at_a_step_is_mended(sites, target, monkeypatch, module, name, late, swaps):
    folder.deliver(sites[0], target)
    make(target, {"theirs.txt": "theirs"})
    with monkeypatch.context() as patched:
        real = getattr(folder, name)

        def stopped(*arguments):
            if late:
                real(*arguments)
            raise Killed

        patched.setattr(f"{module}.{name}", stopped)
        if not swaps:
            patched.setattr(folder, "exchange", lambda *_: False)
        with pytest.raises(Killed):
            folder.deliver(sites[1], target)
    if swaps:
        assert held(target) in [{**each, "theirs.txt": "theirs"} for each in (ONE, TWO)]
    folder.recover(target)
    assert held(target) in [{**each, "theirs.txt": "theirs"} for each in (ONE, TWO)]
    assert leftovers(target) == []
    folder.deliver(sites[1], target)
    assert held(target) == {**TWO, "theirs.txt": "theirs"}


def test_a_run_killed_between_two_renames_is_mended(sites, target, monkeypatch):
    folder.deliver(sites[0], target)
    with monkeypatch.context() as patched:
        patched.setattr(folder, "exchange", lambda *_: False)
        real = Path.replace

        def replace(path, place):
            if path.name == ".www.marketpost-new" and place == target:
                raise Killed
            return real(path, place)

        patched.setattr(Path, "replace", replace)
        with pytest.raises(Killed):
            folder.deliver(sites[1], target)
    assert not target.exists()
    folder.recover(target)
    assert held(target) == TWO
    assert leftovers(target) == []


@pytest.mark.parametrize("fails", range(8))
def test_a_full_disk_leaves_the_folder_as_it_was(sites, target, monkeypatch, fails):
    folder.deliver(sites[0], target)
    calls = []

    def failing(real):
        def call(*arguments, **named):
            calls.append(real.__name__)
            if len(calls) == fails + 1:
                raise OSError(errno.ENOSPC, "No space left on device", "www")
            return real(*arguments, **named)

        return call

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "copyfile", failing(shutil.copyfile))
        patched.setattr(Path, "mkdir", failing(Path.mkdir))
        patched.setattr("generator.files.write", failing(folder.files.write))
        with pytest.raises(OSError, match="No space"):
            folder.deliver(sites[1], target)
    assert held(target) == ONE
    assert leftovers(target) == []
    folder.deliver(sites[1], target)
    assert held(target) == TWO


# One by one


@pytest.fixture
def mounted(monkeypatch, target):
    """A folder that cannot be moved, as a mount point cannot."""
    monkeypatch.setattr(Path, "is_mount", lambda path: path == target)
    target.mkdir(parents=True)
    return target


def test_a_mount_points_files_are_replaced_one_by_one(sites, mounted):
    make(mounted, {"theirs.txt": "theirs"})
    before = mounted.stat().st_ino
    for site, files in zip(sites, (ONE, TWO), strict=True):
        _, note = folder.deliver(site, mounted)
        assert "mount point" in note
        assert held(mounted) == {**files, "theirs.txt": "theirs"}
        assert mounted.stat().st_ino == before
        assert not (mounted / STAGE).exists()
    assert not (mounted / "post/a").exists()
    assert folder.deliver(sites[1], mounted)[0].is_done


@pytest.mark.parametrize("code", [errno.EXDEV, errno.EBUSY, errno.EACCES, errno.EPERM])
def test_a_folder_that_cannot_be_exchanged_is_filled_one_by_one(sites, target, monkeypatch, code):
    folder.deliver(sites[0], target)

    def refused(*_):
        raise OSError(code, "not here")

    monkeypatch.setattr(folder, "exchange", refused)
    _, note = folder.deliver(sites[1], target)
    assert "cannot be exchanged (not here)" in note
    assert held(target) == TWO
    assert leftovers(target) == []


def test_without_rights_beside_the_folder_the_list_stands_in_it(sites, target, monkeypatch):
    target.mkdir(parents=True)
    monkeypatch.setattr(os, "access", lambda path, _: path != target.parent)
    for site, files in zip(sites, (ONE, TWO), strict=True):
        folder.deliver(site, target)
        assert held(target) == files
        assert json.loads((target / ".marketpost.json").read_text())["files"].keys() == files.keys()
        assert leftovers(target) == []
    monkeypatch.undo()
    folder.deliver(sites[0], target)
    assert held(target) == ONE
    assert not (target / ".marketpost.json").exists()


def test_one_by_one_pages_become_folders_and_folders_pages(tmp_path, mounted):
    folder.deliver(make(tmp_path / "1", {"a": "file", "b/c": "folder"}), mounted)
    folder.deliver(make(tmp_path / "2", {"a/x": "folder", "b": "file"}), mounted)
    assert held(mounted) == {"a/x": "folder", "b": "file"}


def test_what_pages_need_comes_first_and_feeds_after_pages(sites, mounted, monkeypatch):
    put = []
    real = Path.replace

    def replace(path, place):
        if STAGE in path.parts and not place.name.startswith("."):
            put.append(place.relative_to(mounted).as_posix())
        return real(path, place)

    monkeypatch.setattr(Path, "replace", replace)
    folder.deliver(sites[0], mounted)
    assert [name for name in put if name in ONE] == [
        "css/x.css",
        "post/a/index.html",
        "index.html",
        "feed.xml",
    ]


@pytest.mark.parametrize("at", range(1, 12))
def test_one_by_one_a_run_killed_at_any_step_is_finished_or_taken_back(sites, mounted, monkeypatch, at):
    folder.deliver(sites[0], mounted)
    make(mounted, {"theirs.txt": "theirs"})
    calls = []
    with monkeypatch.context() as patched:
        for owner, name in ((shutil, "copyfile"), (Path, "replace"), (Path, "unlink"), (Path, "rmdir")):
            real = getattr(owner, name)

            def stopping(*arguments, real=real, **named):
                calls.append(real.__name__)
                if len(calls) == at:
                    raise Killed
                return real(*arguments, **named)

            patched.setattr(owner, name, stopping)
        patched.setattr(shutil, "rmtree", lambda *_, **__: None)  # who is killed cleans nothing up
        with pytest.raises(Killed):
            folder.deliver(sites[1], mounted)
    is_planned = (mounted / STAGE / "plan.json").exists()
    folder.recover(mounted)
    assert held(mounted) == {**(TWO if is_planned else ONE), "theirs.txt": "theirs"}
    folder.deliver(sites[1], mounted)
    assert held(mounted) == {**TWO, "theirs.txt": "theirs"}


def test_one_by_one_a_file_that_somebody_removes_stops_nobody(sites, mounted):
    folder.deliver(sites[0], mounted)
    plan = plan_folder(sites[1], mounted)
    (mounted / "css/x.css").unlink()
    in_place.replace(sites[1], mounted, plan)
    assert "css/x.css" not in manifest_of(mounted)
    folder.deliver(sites[1], mounted)
    assert held(mounted) == TWO


def test_a_list_of_files_that_was_half_written_is_removed(sites, target):
    folder.deliver(sites[0], target)
    half = target.parent / "..www.marketpost-new.json.new"
    half.write_text("{")
    folder.recover(target)
    assert not half.exists()
    assert sorted(each.name for each in target.parent.iterdir()) == [".www.marketpost.json", "www"]
