from pathlib import Path

import pytest

from generator.files import PlannedFile, write, write_all


def test_a_file_is_written_once(tmp_path):
    path = tmp_path / "a" / "b.txt"
    assert PlannedFile(path, b"x").state == "new"
    assert write(path, b"x")
    before = path.stat().st_mtime_ns
    assert not write(path, b"x")
    assert path.stat().st_mtime_ns == before
    assert PlannedFile(path, b"y").state == "changed"


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write(path, b"new")
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.txt"]


def test_modes_stay(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    path.chmod(0o600)
    write(path, b"new")
    assert path.stat().st_mode & 0o777 == 0o600


def test_write_all_tells_what_changed(tmp_path):
    one, two = tmp_path / "1", tmp_path / "2"
    one.write_bytes(b"same")
    assert write_all([PlannedFile(one, b"same"), PlannedFile(two, b"new")]) == [two]


def test_what_a_killed_run_left_is_taken_over(tmp_path):
    (tmp_path / ".a.txt.new").write_bytes(b"half a fi")
    write(tmp_path / "a.txt", b"whole")
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("a.txt", b"whole")]
