"""How a preview ends, and what it leaves."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from preview_process import (
    ROOT,
    answers,
    children,
    is_free,
    listening,
    made_blog,
    needs_proc,
    previewed,
    within,
)


@needs_proc
def test_previews_beside_each_other_end_with_their_hugos_whatever_ends_them(tmp_path, calendar_cache):
    """Four at once on one blog, each with a port and an overlay to itself; each is ended in another way."""
    root = made_blog(tmp_path / "blog", calendar_cache)
    ends = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL)
    with ExitStack() as held:
        a, b, c, d = (
            held.enter_context(previewed(root, *option)) for option in (["--json"], ["--json"], [], ["-q"])
        )
        previews = dict(zip(ends, (a, b, c, d), strict=True))
        ports = [json.loads(each.stdout.readline())["port"] for each in (a, b)]
        shown = ""
        while not shown.startswith("http"):
            shown = c.stdout.readline()
        ports.append(int(re.search(r":(\d+)/", shown)[1]))
        assert len(set(ports)) == 3
        assert within(60, lambda: listening(*children(d.pid)))
        for end, child in previews.items():
            started = children(child.pid)
            taken = listening(child.pid, *started)
            assert len(taken) == 2  # ours and Hugo's
            child.send_signal(end)
            assert child.wait(60) == (-end if end == signal.SIGKILL else 0)
            assert within(20, lambda: not [pid for pid in started if Path(f"/proc/{pid}").exists()])  # noqa: B023 - asked right here
            assert all(map(is_free, taken))
        assert d.stdout.read() == ""
    left = [each.name for each in (root / ".marketpost/preview").iterdir() if each.is_dir()]
    assert len(left) == 1  # of the one that was killed; the next preview takes it over


@pytest.mark.parametrize("how", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_while_code_made_of_a_string_runs_is_an_end_in_order(tmp_path, how):
    """Python remembers a KeyboardInterrupt that passed through such code, and ends by the signal itself."""
    blog = tmp_path / "blog"
    blog.mkdir()
    (blog / "config.yaml").write_text("baseURL: [")  # told in the thread that signals interrupt
    (tmp_path / "signalled.py").write_text(
        "import signal\n"
        "from datetime import UTC, datetime\n"
        "from pathlib import Path\n"
        "from unittest.mock import Mock\n"
        "from generator.preview.run import Wish, run\n"
        f"text = 'signal.raise_signal(signal.{how})\\nfor _ in range(99): pass'\n"
        "listener = Mock(trouble=lambda _: exec(text))\n"
        "run(Wish(root=Path('blog'), port=0), listener, now=lambda: datetime.now(UTC))\n"
        "print('ended')\n"
    )
    ended = subprocess.run(
        [sys.executable, "-m", "signalled"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "ended\n", "")


def test_a_preview_that_outlives_its_terminal_goes_on_until_it_is_told_to_end(tmp_path, calendar_cache):
    """As `nohup marketpost preview` asks for."""
    root = made_blog(tmp_path / "blog", calendar_cache)
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with previewed(root, "--json") as child:
            port = json.loads(child.stdout.readline())["port"]
            child.send_signal(signal.SIGHUP)
            assert not within(1, lambda: child.poll() is not None)
            assert answers(port)
            child.terminate()
            assert child.wait(60) == 0
    finally:
        signal.signal(signal.SIGHUP, before)
