"""A preview on a blog of 2,800 posts: seconds until its first page, and from saving notes.md to the new text.

Run as `python bench/preview.py`; needs Chromium. The blog is that of feeds_bench.py, 400 posts in each of
seven languages, with the project's layouts, tags and sample sessions. `--posts` (a language) makes another.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from feeds_bench import make_corpus
from playwright.sync_api import sync_playwright
from program import ENVIRONMENT, PROGRAM, ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page

TARGET = 1.0
"""Seconds from saving notes.md to the new text in the browser."""
SESSION = "2026-05-14"
LOOK = """
const look = () => {
  const found = document.body?.textContent.match(/hypothesis . of many/);
  if (found) sessionStorage[found[0]] ??= Date.now();
  requestAnimationFrame(look);
};
look();
"""
"""Run in the page, since whoever waits for it from outside asks at intervals that grow to half a second."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def make_blog(root: Path, posts: int, tags: int) -> None:
    """The corpus with what a blog of ours has besides."""
    make_corpus(root, posts, tags, None)
    languages = yaml.safe_load((root / "config.yaml").read_text(encoding="utf-8"))["languages"]
    config = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    text = yaml.safe_dump({**config, "languages": languages}, allow_unicode=True)
    (root / "config.yaml").write_text(text, encoding="utf-8")
    for name in ("layouts", "datasets", "content/tags"):
        shutil.copytree(ROOT / name, root / name)
    for name in ("feeds", "static"):
        (root / name).mkdir()


def started(root: Path, *arguments: str) -> tuple[subprocess.Popen[str], str, float]:
    """A preview, the address that it told, and after how long."""
    start = time.perf_counter()
    child = subprocess.Popen(
        [*PROGRAM, "-C", root, "preview", "--json", "--port", "0", *arguments],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None  # noqa: S101 - it is a pipe
    line = child.stdout.readline()
    if not line:
        sys.exit("failed: marketpost preview")
    return child, json.loads(line)["address"], time.perf_counter() - start


def saved(page: Page, notes: Path, number: int) -> float:
    """Seconds from saving the notes to the first frame with their text."""
    word = f"hypothesis {'abcdefghijklmnopqrstuvwxyz'[number]} of many"
    text = f"## regime\n\nA {word}: large caps carry the index.\n"
    start = time.time()
    notes.write_text(text, encoding="utf-8")
    page.wait_for_function("word => sessionStorage[word]", arg=word, timeout=60_000)
    return float(page.evaluate("word => sessionStorage[word]", word)) / 1000 - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=400, help="posts in each of seven languages")
    parser.add_argument("--tags", type=int, default=1600, help="tags in each")
    parser.add_argument("--runs", type=int, default=11, help="saves of notes.md")
    asked = parser.parse_args()
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        sys.exit("no Chromium on PATH: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        root = Path(folder)
        make_blog(root, asked.posts, asked.tags)
        chromium = playwright.chromium.launch(executable_path=browser, args=ARGUMENTS)
        for name in ("first start, everything is read", "start"):
            child, address, seconds = started(root)
            print(f"{name:34} {seconds:6.2f} s to the first page")
            if name != "start":
                child.terminate()
                child.wait()
        page = chromium.new_page()
        page.add_init_script(LOOK)
        page.goto(address)
        page.locator("marketpost-preview[data-state=ready]").wait_for(state="attached", timeout=60_000)
        notes = root / "datasets" / SESSION / "notes.md"
        runs = []
        for number in range(asked.runs):
            runs.append(saved(page, notes, number))
            page.locator("marketpost-preview[data-state=ready]").wait_for(state="attached", timeout=60_000)
            time.sleep(0.3 + number / 10)  # saves come at any time of Hugo's half-second
        middle = statistics.median(runs)
        print(
            f"{7 * asked.posts} posts; notes.md saved to text shown: "
            + " ".join(f"{run:.2f}" for run in runs)
        )
        print(
            f"median {middle:.2f} s, target {TARGET:.1f} s, ratio {middle / TARGET:.2f}; "
            f"worst {max(runs):.2f} s"
        )
        chromium.close()
        child.terminate()
        child.wait()


if __name__ == "__main__":
    main()
