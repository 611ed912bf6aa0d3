"""Feeds of a large blog: 2,800 posts of 17 KB in seven languages, 1,600 heavy-tailed tags in each.

Run as `python bench/feeds_bench.py`; each command is a process of its own, on a blog in a temporary folder.
`--posts` and `--tags` (both a language) make a smaller one, `--minimum-posts` gives lonelier tags a feed.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import yaml
from program import ENVIRONMENT, PROGRAM

MEMORY = 600.0
"""Megabytes that no run may pass."""
UNLIMITED = 1.29e9
"""Bytes of the feeds that Hugo makes of such a blog without limits."""

WORDS = {
    "en": "foreign investors sold semiconductors while breadth narrowed and the index closed higher",
    "ko": "외국인은 반도체를 순매도했고 지수는 상승 마감했지만 하락 종목이 더 많았다",
    "ja": "外国人 投資家 は 半導体 を 売り越し 指数 は 高値 で 引けた",
    "zh": "外资 净卖出 半导体 指数 收高 但 下跌 个股 更多",
    "es": "los inversores extranjeros vendieron semiconductores y el índice cerró al alza",
    "fr": "les investisseurs étrangers ont vendu des semi-conducteurs et l’indice a clôturé en hausse",
    "vi": "nhà đầu tư nước ngoài bán ròng cổ phiếu bán dẫn còn chỉ số đóng cửa cao hơn",
}
POST_BYTES = 17_000
MOST_SENTENCES = 300
"""Of a post."""


def tag_counts(tags: int, posts: int) -> list[int]:
    """Posts of each tag, most first: seven of ten tags have one, the first has two posts of five."""
    return [max(1, round(0.4 * posts / rank**0.75)) for rank in range(1, tags + 1)]


def make_corpus(root: Path, posts: int, tags: int, minimum_posts: int | None) -> None:
    """A blog with `posts` bundles, each in every language."""
    feeds = {"minimum_posts": minimum_posts} if minimum_posts else {}
    config = {
        "baseURL": "https://example.org/",
        "title": "Market Notes",
        "defaultContentLanguage": "en",
        "languages": {language: {"locale": language} for language in WORDS},
        "params": {"marketpost": {"feeds": feeds}},
    }
    (root / "config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    for language in WORDS:
        chance = random.Random(language)  # noqa: S311 - a corpus, the same each time
        of_post: list[list[str]] = [[] for _ in range(posts)]
        for rank, count in enumerate(tag_counts(tags, posts)):
            for number in chance.sample(range(posts), min(count, posts)):
                of_post[number].append(f"{WORDS[language].split()[rank % 7]} {rank}")
        for number, names in enumerate(of_post):
            write_post(root, number, language, names)


def write_post(root: Path, number: int, language: str, tags: list[str]) -> None:
    """One post of about 17 KB: headings, tables, lists, links, and prose without another's sentences."""
    year, day = 2025 + number // 250, number % 250
    date = f"{year}-{day // 21 + 1:02}-{day % 21 + 1:02}T16:30:00+09:00"
    numbers = itertools.count(number * MOST_SENTENCES)
    place = "" if language == "en" else f"/{language}"
    row = f"| **{WORDS[language].split()[0]}** | [{number}]({place}/post/p-{number:04}/) |\n"
    table = f"| a | b |\n| --- | ---: |\n{row * 4}"

    def prose(sentences: int) -> str:
        return " ".join(f"{WORDS[language]} {next(numbers)}." for _ in range(sentences))

    blocks: list[str] = []
    size = 0
    while size < POST_BYTES:
        items = f"- **{prose(1)}** {prose(2)}\n- {prose(3)}"
        block = f"## {prose(1)}\n\n{prose(4)}\n\n{table}\n{items}\n\n{prose(8)}\n"
        blocks.append(block)
        size += len(block.encode())
    front = {
        "title": f"{WORDS[language]} {number}. {language}",
        "date": date,
        "description": f"{WORDS[language]} {number}. {prose(1)}",
        "categories": ["Daily Market"],
        "series": ["Daily Wrap"],
        "tags": tags,
    }
    head = yaml.safe_dump(front, allow_unicode=True, sort_keys=False).replace(f"'{date}'", date)
    folder = root / "content" / "post" / f"p-{number:04}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"index.{language}.md").write_text(f"---\n{head}---\n\n" + "\n".join(blocks), encoding="utf-8")


@dataclass(frozen=True)
class Run:
    seconds: float
    busy: float
    """Seconds of processor, user and system: what other work on the machine does not change."""
    megabytes: float
    said: str


def feeds(root: Path, *arguments: str) -> Run:
    """`marketpost feeds` as its own process."""
    start = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        pid = os.posix_spawn(
            sys.executable,
            [*PROGRAM, "-C", str(root), "feeds", *arguments],
            ENVIRONMENT,
            file_actions=[(os.POSIX_SPAWN_DUP2, out.fileno(), 1)],
        )
        _, status, usage = os.wait4(pid, 0)
        out.seek(0)
        said = out.read().decode().splitlines()
    if status:
        sys.exit("failed: marketpost feeds")
    wall, busy = time.perf_counter() - start, usage.ru_utime + usage.ru_stime
    return Run(wall, busy, usage.ru_maxrss / 1024, said[-1] if said else "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=400, help="posts in each of seven languages")
    parser.add_argument("--tags", type=int, default=1600, help="tags in each")
    parser.add_argument("--minimum-posts", type=int, help="posts that a tag needs for a feed")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        make_corpus(root, asked.posts, asked.tags, asked.minimum_posts)
        rows = [
            ("all, cold", feeds(root, "--all"), 60.0),
            ("all, nothing changed", feeds(root, "--all"), 3.0),
        ]
        rows.append(("changed, nothing changed", feeds(root, "--changed"), 3.0))
        names = [f"{WORDS['en'].split()[rank % 7]} {rank}" for rank in (0, 1, 2, 3, 5, 8, 13, 21)]
        write_post(root, asked.posts, "en", names)
        rows.append(("changed, one post new", feeds(root, "--changed"), 1.5))
        rows.append(("all, after that", feeds(root, "--all"), 3.0))
        print(f"{'':28} {'seconds':>8} {'busy':>7} {'target':>7} {'ratio':>6} {'MB':>6}")
        for name, run, target in rows:
            print(
                f"{name:28} {run.seconds:8.2f} {run.busy:7.2f} {target:7.1f} {run.seconds / target:6.2f}"
                f" {run.megabytes:6.0f}  {run.said}"
            )
        peak = max(run.megabytes for _, run, _ in rows)
        print(f"peak memory {peak:.0f} MB of {MEMORY:.0f}: {peak / MEMORY:.2f}")
        files = [path for path in (root / "feeds").rglob("*") if path.is_file()]
        total = sum(path.stat().st_size for path in files)
        shelf = (root / ".marketpost" / "feeds.sqlite").stat().st_size
        print(
            f"{len(files)} files, {total / 1e6:.0f} MB: {total / UNLIMITED:.3f} of unlimited feeds;"
            f" the shelf {shelf / 1e6:.0f} MB"
        )


if __name__ == "__main__":
    main()
