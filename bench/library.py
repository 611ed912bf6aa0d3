"""What the index of a large blog costs: made anew, with nothing changed, after one new post; and its links.

Run with `python bench/library.py`. Each figure stands beside what it should stay under.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))

from program import ENVIRONMENT, PROGRAM

from generator.config import load
from generator.library import places, walk
from generator.library.index import Index
from generator.library.settings import SiteSettings
from generator.links.run import linked_from, open_web, related_to

if TYPE_CHECKING:
    from collections.abc import Callable

SITE = SiteSettings()
BODY = "A paragraph that says something of the market, with [a link](/post/p1/) in it.\n\n" * 60  # 5 KB


def text(n: int) -> str:
    tags = ", ".join(f"tag-{n % k}" for k in (600, 97, 31, 11, 7, 3))
    return (
        f"---\ntitle: Post {n}\ndate: 20{10 + n % 15}-0{1 + n % 9}-1{n % 10}T16:30:00+09:00\n"
        f"tags: [{tags}]\ncategories: [Daily]\nseries: [Wrap]\n---\n{BODY}"
    )


def write(root: Path, n: int, *, bundles: bool) -> None:
    path = root / "content/post" / (f"p{n}/index.md" if bundles else f"p{n}.md")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text(n), encoding="utf-8")


def timed(name: str, target: float, run: Callable[[], object], *, runs: int = 1) -> None:
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    seconds = statistics.median(taken)
    print(f"{name:52} {seconds:8.3f} {target:7.2f} {seconds / target:6.2f}")


def measure(posts: int, *, bundles: bool) -> None:
    kind = "bundles" if bundles else "files"
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for n in range(posts):
            write(root, n, bundles=bundles)
        time.sleep(0.05)  # or all files would be racy

        def refresh() -> None:
            with Index(root, SITE, root / ".marketpost") as index:
                index.refresh()

        def load() -> None:
            with Index(root, SITE, root / ".marketpost") as index:
                index.library("en")

        timed(f"{posts} {kind}: made anew", 6.0, refresh)
        time.sleep(0.05)
        known: dict[str, walk.Folder] = {}
        paths = [f"{root}/content/post", *(str(each) for each in root.glob("content/post/**/*"))]

        def walked() -> None:
            tree = walk.walk(root, places.tops(SITE), known, time.time_ns())
            known.update(tree.folders)

        walked()
        timed(f"{posts} {kind}: the walk alone", 0.1, walked, runs=7)
        timed(f"{posts} {kind}: {len(paths)} calls of lstat", 0.05, lambda: [*map(os.lstat, paths)], runs=7)
        timed(f"{posts} {kind}: nothing changed", 0.05, refresh, runs=7)
        write(root, posts, bundles=bundles)
        timed(f"{posts} {kind}: one new post", 0.25, refresh)
        timed(f"{posts} {kind}: all posts loaded", 0.5, load, runs=3)
        links(root, f"{posts} {kind}")


def links(root: Path, kind: str) -> None:
    """What `marketpost links` does for one post, the index warm."""
    (root / "hugo.toml").write_text("baseURL = 'https://example.org/'\n", encoding="utf-8")
    config = load(root)
    web = open_web(config)
    newest = web.find("latest")
    command = [*PROGRAM, "-C", str(root), "-q", "links", "latest"]

    def whole() -> None:
        subprocess.run(command, env=ENVIRONMENT, check=True)

    timed(f"{kind}: related posts of one, in memory", 0.5, lambda: related_to(web, newest, {}), runs=5)
    timed(f"{kind}: who links to one, in memory", 0.5, lambda: linked_from(web, newest), runs=5)
    timed(f"{kind}: pages and posts read of the index", 0.5, lambda: open_web(config), runs=5)
    timed(f"{kind}: marketpost links, the whole command", 1.0, whole, runs=5)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=10_000)
    posts = parser.parse_args().posts
    print(f"{'':52} {'seconds':>8} {'target':>7} {'ratio':>6}")
    measure(posts, bundles=False)
    measure(posts, bundles=True)


if __name__ == "__main__":
    main()
