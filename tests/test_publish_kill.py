"""Publishing, killed at random moments: everything is as before or as after, never between.

MARKETPOST_KILLS says at how many moments; all that is asked for is 200.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from publish_blog import IDENTITY, at_work, configure, git, prepare

from generator.config import load
from generator.publish import ledger
from generator.publish.turn import turn

DAY = "2026-05-13"
HERE = Path(__file__).parent
KILLS = int(os.environ.get("MARKETPOST_KILLS", "60"))
EARLY = 20
"""Of 200 moments, those at which the post is still being made, and nothing is written."""


class Forks:
    """Publishes from a process that has everything at hand."""

    def __init__(self, root, start):
        environment = {**os.environ, **IDENTITY, "PYTHONPATH": f"{HERE.parent}{os.pathsep}{HERE}"}
        command = [sys.executable, "-P", str(HERE / "publish_forks.py"), str(root), DAY, start]
        self.server = subprocess.Popen(
            command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
            encoding="utf-8", env=environment,
        )  # fmt: skip
        assert self._line() == ["ready"]

    def _line(self):
        while True:
            line = self.server.stderr.readline()
            assert line, "the process ended"
            if line.split()[0] in {"ready", "ended"} or line.strip().isdigit():
                return line.split()

    def publish(self, after=None):
        """Publish, and kill it after some seconds, with all that is of its group; the exit code."""
        self.server.stdin.write("go\n")
        self.server.stdin.flush()
        (child,) = self._line()
        if after is not None:
            time.sleep(after)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(int(child), signal.SIGKILL)
        return int(self._line()[1])

    def end(self):
        self.server.stdin.close()
        self.server.wait(timeout=60)
        self.server.stderr.close()


@pytest.fixture(scope="module")
def saved(made_once, tmp_path_factory, calendar_cache):
    """A blog with a remote and a served folder, one session published: as before."""
    folder = tmp_path_factory.mktemp("saved") / "x"
    shutil.copytree(made_once("published", lambda folder: prepare(folder, calendar_cache)), folder)
    with pytest.MonkeyPatch.context() as patched:
        at_work(patched)
        root = folder / "blog"
        configure(root, publish={"to": [{"kind": "git"}, {"kind": "folder", "path": "../www"}]})
        git(root, "commit", "--quiet", "--all", "--message", "a folder")
        git(root, "push", "--quiet")
    return folder


def restore(saved, place):
    if place.exists():
        shutil.rmtree(place)
    shutil.copytree(saved, place, symlinks=True)


def told(folder, parts=("",)):
    """What stands in a folder, as one text; nothing of who is at it."""
    made = hashlib.sha256()
    for part in parts:
        for path in sorted((folder / part).rglob("*")):
            if path.is_file():
                made.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes())
    return made.hexdigest()


def state(place):
    """Each of the things that must never be between."""
    root = place / "blog"
    return {
        "branch": git(root, "rev-parse", "main"),
        "remote": git(place / "remote.git", "rev-parse", "main"),
        "site": told(place / "www"),
        "ledger": hashlib.sha256((root / "ledger/2026.jsonl").read_bytes()).hexdigest(),
        "files": told(root, ("content", "feeds", "data")),
    }


def locks(place):
    return [path for path in place.rglob("*.lock") if ".git" in path.parts or "remote.git" in path.parts] + [
        *place.rglob(".*.new"), *place.glob(".www.marketpost-*"), *place.glob("blog/.git/marketpost-*"),
    ]  # fmt: skip


def mended(root):
    """What any other command does first; afterwards git knows of no change but the ledger's lines to come."""
    with turn(load(root), lambda _: None):
        pass
    return [line for line in git(root, "status", "--porcelain").splitlines() if "ledger/" not in line]


class Bounds:
    """What each of the things may be: as before, as after, and the steps between that are whole."""

    def __init__(self, saved, place, publish):
        self.before = state(place)
        started = time.perf_counter()
        assert publish() == 0
        self.took = time.perf_counter() - started
        self.after = state(place)
        assert {name for name, value in self.before.items() if self.after[name] == value} == set()
        self.allowed = {name: {value, self.after[name]} for name, value in self.before.items()}
        for name in ("branch", "remote"):  # the publish's commit, without the one that records its delivery
            self.allowed[name].add(git(place / "blog", "rev-parse", "main~1"))
        ledgers = [(root / "blog/ledger/2026.jsonl").read_bytes() for root in (saved, place)]
        lines = ledgers[1].splitlines(keepends=True)
        for end in range(len(ledgers[0].splitlines()), len(lines)):
            self.allowed["ledger"].add(hashlib.sha256(b"".join(lines[:end])).hexdigest())

    def between(self, place, *, unless=()):
        """What is between."""
        return [
            name
            for name, value in state(place).items()
            if value not in self.allowed[name] and name not in unless
        ]


def moments(took):
    """When to kill: a few while the post is made, the others from the first file that is written on."""
    chance = random.Random(6)  # noqa: S311 - the same moments each time
    early = max(1, KILLS * EARLY // 200)
    yield from (("whole", chance.uniform(0, 1)) for _ in range(early))
    yield from (("land", chance.uniform(0, took)) for _ in range(KILLS - early))


def finishes(place, bounds, publish):
    """A second run does what the killed one did not."""
    root = place / "blog"
    assert publish() == 0
    now = state(place)
    assert now["remote"] == now["branch"]
    assert (now["site"], now["files"]) == (bounds.after["site"], bounds.after["files"])
    assert git(root, "status", "--porcelain") == ""
    events = ledger.read(root / "ledger")
    assert len({event.line for event in events}) == len(events)
    (published,) = [each for each in ledger.publishes(events) if each.session == DAY]
    assert published.is_delivered


def test_publish_killed_at_random_moments(saved, tmp_path, monkeypatch):
    at_work(monkeypatch)
    place = tmp_path / "place"
    root = place / "blog"
    restore(saved, place)
    # One after the other: the one that goes on from the middle holds the blog's lock.
    forks = {start: Forks(root, start) for start in ("whole", "land")}
    restore(saved, place)
    bounds = Bounds(saved, place, forks["land"].publish)
    seen, unfinished = set(), 0
    for number, (start, moment) in enumerate(moments(bounds.took)):
        at = f"killed at {number}, {start} {moment:.3f} s"
        restore(saved, place)
        forks[start].publish(after=moment)
        journal = (root / ".marketpost/publish/journal.json").exists()
        unfinished += journal
        assert bounds.between(place, unless=["files"] if journal else []) == [], at
        assert mended(root) == [], at
        assert locks(place) == [], at
        assert bounds.between(place) == [], at
        left = state(place)
        expected = bounds.before if left["branch"] == bounds.before["branch"] else bounds.after
        assert left["files"] == expected["files"], at
        kind = (journal, *left.values())
        if kind not in seen:
            seen.add(kind)
            finishes(place, bounds, forks["whole"].publish)
    for each in forks.values():
        each.end()
    assert len(seen) >= 4, "hardly anything was ever begun"
    assert unfinished, "no run was ever killed while files were changed"
