"""The gate on a large blog: 2,800 posts of 17 KB in seven languages, on one post, on one of 5 MB, and on
generated posts with the data of a market, those of the tests.

Run as `python bench/check.py`; each command is a process of its own, on a blog in a temporary folder. Of the
short ones the figures are those of the usual of five runs.
`--posts` (a language) makes a smaller one.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from feeds_bench import make_corpus, write_post
from program import ENVIRONMENT, PROGRAM, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Run:
    seconds: float
    cpu: float
    megabytes: float
    """Of all processes together, at their most."""
    said: str


def check(root: Path, *arguments: str) -> Run:
    """`marketpost check` as its own process; what it finds is no failure here."""
    start = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        pid = os.posix_spawn(
            sys.executable,
            [*PROGRAM, "-C", str(root), "check", *arguments],
            ENVIRONMENT,
            file_actions=[(os.POSIX_SPAWN_DUP2, out.fileno(), 1)],
        )
        watch = Watch(pid)
        watch.start()
        _, status, usage = os.wait4(pid, 0)
        seconds = time.perf_counter() - start
        watch.done.set()
        watch.join()
        out.seek(0)
        said = out.read().decode().splitlines()
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit("failed: marketpost check")
    most = max(watch.most, usage.ru_maxrss / 1024)
    return Run(seconds, usage.ru_utime + usage.ru_stime, most, said[-1] if said else "")


class Watch(threading.Thread):
    """The memory of a process and its children, looked at once a second; what they share counts once.

    Looking holds up who is looked at, so it is done seldom; of a process alone the kernel tells the most.
    """

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.most, self.done = pid, 0.0, threading.Event()

    def run(self) -> None:
        while not self.done.wait(1.0):
            self.most = max(self.most, sum(map(proportional, family(self.pid))))


def family(pid: int) -> list[int]:
    found = [pid]
    for each in found:
        for task in Path(f"/proc/{each}/task").glob("*/children"):
            try:
                found += map(int, task.read_text().split())
            except OSError:
                continue
    return found


def proportional(pid: int) -> float:
    """Megabytes of a process; pages that several share are divided among them."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")) / 1024


def usual(root: Path, *arguments: str, before: Callable[[], None] = lambda: None) -> Run:
    """Of five runs the one in the middle."""
    runs = []
    for _ in range(5):
        before()
        runs.append(check(root, *arguments))
    return sorted(runs, key=lambda run: run.seconds)[2]


def loop() -> float:
    """Seconds of a plain loop: by them the figures of two machines compare."""
    start = time.perf_counter()
    total = 0
    for each in range(10_000_000):
        total += each
    return time.perf_counter() - start


def sample(folder: Path) -> Path:
    """The repository as a blog, with its data."""
    root = folder / "sample"
    for part in ("datasets", "content", "layouts", "feeds"):
        shutil.copytree(ROOT / part, root / part)
    shutil.copy(ROOT / "config.yaml", root)
    return root


def huge(folder: Path) -> Path:
    """A blog of one post of 5 MB: 67,000 paragraphs, each with a rate and two dates."""
    root = folder / "huge"
    (root / "content" / "post").mkdir(parents=True)
    (root / "config.yaml").write_text("baseURL: https://example.org/\n", encoding="utf-8")
    line = "KOSPI fell 1.2% on May 13 (Wednesday), the largest fall since March 2020.\n\n"
    head = "---\ntitle: A large post\ndate: 2026-05-13T16:30:00+09:00\ndescription: Large.\n---\n"
    path = root / "content" / "post" / "huge.md"
    path.write_text(head + line * (5_000_000 // len(line)), encoding="utf-8")
    return root


def generated(folder: Path) -> Path:
    """The posts of the sessions of a made market of 1,080 stocks, as they were generated."""
    root = folder / "generated"
    # Another process makes them: what is measured starts with the memory of the one that starts it.
    subprocess.run([sys.executable, str(ROOT / "bench" / "made_posts.py"), str(root)], check=True)
    for name in ("checks.sqlite", "sessions.sqlite"):
        (root / "blog" / ".marketpost" / name).unlink(missing_ok=True)
    return root / "blog"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=400, help="posts in each of seven languages")
    parser.add_argument("--tags", type=int, default=1600, help="tags in each")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        small = sample(Path(folder))
        check(small, "latest")  # the calendar is built once in a blog's life
        results = small / ".marketpost" / "checks.sqlite"
        root = Path(folder) / "large"
        root.mkdir()
        make_corpus(root, asked.posts, asked.tags, None)
        rows = [
            ("one post, with its data", usual(small, "latest", before=results.unlink), 1.0),
            ("one post, again", usual(small, "latest"), 1.0),
            ("all, cold", check(root), 60.0),
            ("all, nothing changed", usual(root), 3.0),
            ("one of all", usual(root, "p-0001"), 1.0),
        ]
        write_post(root, asked.posts, "en", [])
        rows.append(("all, one post new", check(root), 3.0))
        print(f"{'':28} {'seconds':>8} {'cpu':>6} {'MB':>6} {'target':>7} {'ratio':>6}")
        for name, run, target in rows:
            print(
                f"{name:28} {run.seconds:8.2f} {run.cpu:6.2f} {run.megabytes:6.0f} {target:7.1f}"
                f" {run.seconds / target:6.2f}  {run.said}"
            )
        most = max(run.megabytes for _, run, _ in rows)
        made = generated(Path(folder))
        others = [("generated, their data read", check(made))]
        (made / ".marketpost" / "checks.sqlite").unlink()
        others += [("generated, their data kept", check(made)), ("a post of 5 MB", check(huge(Path(folder))))]
        for name, one in others:
            figures = f"{one.seconds:8.2f} {one.cpu:6.2f} {one.megabytes:6.0f}"
            print(f"{name:28} {figures} {'':14}  {one.said}")
        print(f"memory at most {most:.0f} MB: {most / 600:.2f} of 600")
        print(f"this machine: {os.cpu_count()} processors, ten million turns of a loop in {loop():.2f} s")
        print(f"Python {sys.version}")  # one build is a quarter faster than another


if __name__ == "__main__":
    main()
