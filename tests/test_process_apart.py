"""Programs that must not be cut off: they end what they began, whatever becomes of us."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest

from generator.errors import SiteError, TooSlowError
from generator.lock import exclusive
from generator.process import run_apart


def run(folder, program, **named):
    return run_apart(["sh", "-c", program], cwd=folder, environment=os.environ, **{"timeout": 30, **named})


def test_what_it_is_given_and_says_is_as_it_is(tmp_path):
    said = run(tmp_path, "cat; echo wrong >&2; exit 3", given=b"\xff\r\n")
    assert (said.code, said.stdout, said.stderr) == (3, b"\xff\r\n", "wrong\n")
    assert run(tmp_path, "cat").stdout == b""


def test_it_has_a_session_of_its_own(tmp_path):
    ours = os.getsid(0)
    assert int(run(tmp_path, "ps -o sid= -p $$").stdout) != ours


def test_one_that_takes_too_long_may_clean_up(tmp_path):
    with pytest.raises(TooSlowError, match=r"sh did not finish within 1\.5 s"):
        run(tmp_path, "trap 'touch cleaned; exit 1' TERM; touch begun; sleep 60 & wait", timeout=1.5)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["begun", "cleaned"]


@pytest.mark.parametrize(("patience", "finished"), [(10.0, True), (0.0, False)])
def test_on_ctrl_c_it_may_finish_within_its_patience(tmp_path, patience, finished):
    timer = threading.Timer(1.0, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, "sleep 3; touch finished", patience=patience)
    timer.join()
    assert (tmp_path / "finished").exists() == finished


def test_a_lock_is_held_until_it_is_done(tmp_path):
    """Two runs: the second waits for a program of the first, even if that run is gone."""
    with exclusive(tmp_path) as held:
        run(tmp_path, "(sleep 0.6; touch done) >/dev/null 2>&1 &", inherited=held.descriptors)
    started = time.monotonic()
    with exclusive(tmp_path):
        assert (tmp_path / "done").exists()
    assert time.monotonic() - started < 20


def test_one_that_is_not_there(tmp_path):
    with pytest.raises(SiteError, match="cannot start nothing: no such program"):
        run_apart(["nothing-of-that-name"], cwd=tmp_path, timeout=1, environment={}, name="nothing")
