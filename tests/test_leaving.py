"""The end of a process that does not free its objects first."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

START = "import atexit, sys, threading, time; from generator.__main__ import leave; "


BUFFERED = {**os.environ, "PYTHONUNBUFFERED": ""}


def ended(code):
    run = [sys.executable, "-c", START + code]
    return subprocess.run(run, capture_output=True, text=True, check=False, env=BUFFERED)


def test_output_is_written_and_what_is_registered_is_done():
    told = "print('x' * 100_000); print('e', file=sys.stderr)"
    done = ended(f"atexit.register(print, 'last'); {told}; leave(3)")
    assert done.returncode == 3
    assert done.stdout == "x" * 100_000 + "\nlast\n"
    assert done.stderr == "e\n"


def test_objects_are_not_freed():
    freed = "class Kept:\n    def __del__(self): print('freed')\nkept = Kept()\n"
    assert ended(f"\n{freed}leave(0)").stdout == ""
    assert ended(f"\n{freed}sys.exit(0)").stdout == "freed\n"


def test_a_thread_that_goes_on_is_waited_for():
    work = "lambda: (time.sleep(0.2), print('done'))"
    done = ended(f"threading.Thread(target={work}).start(); leave(4)")
    assert (done.returncode, done.stdout) == (4, "done\n")


@pytest.mark.parametrize(("code", "told"), [(0, 1), (2, 2)])
def test_nobody_reads_on(code, told):
    script = f"{START}print('x'); sys.stdin.read(); leave({code})"
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    process = subprocess.Popen([sys.executable, "-c", script], env=BUFFERED, **pipes)
    process.stdout.close()
    _, stderr = process.communicate()
    assert (process.returncode, stderr) == (told, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no disk that is always full")
def test_a_full_disk_is_told_once_and_without_a_traceback():
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "generator", "--help"],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False, env=BUFFERED,
        )  # fmt: skip
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "No space left on device" in line
