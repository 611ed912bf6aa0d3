"""What the gate finds: generated posts with one thing changed, in turn, each a text of its own.

Run as `python bench/truth.py`. The posts are those of the tests: the sample's, made ones, and those of the
real sessions where their data is at hand; `--corpus` names some of them. `--sample` changes at most so many
things in a post. A second table tells how many numbers are reported that somebody made up and wrote
into these posts.
"""

from __future__ import annotations

import argparse
import datetime as dt
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from gate_truth import Judge, Tally, tally
from made_up import SENTENCES, MadeUp, tally_made_up
from mutations import NUMBERS
from post_cases import CORPORA
from real_data import KRX

from generator import calendars
from generator.config import Market, load
from generator.gate.knowledge import Knowledge


def measure(name: str, sample: int, folder: Path, calendar: Path) -> None:
    corpus = CORPORA[name](folder, calendar)
    knowledge = Knowledge(load(corpus.root), now=dt.datetime.now(dt.UTC))
    judge = Judge(knowledge)
    found, alarms = Tally(), []
    for seed, post in enumerate(corpus.posts):
        file = f"content/post/{post.slug}/index.en.md"
        alarms += tally(judge, file, "en", sample=sample, seed=seed, into=found)
    print(f"{name}: {len(corpus.posts)} posts, {len(alarms)} false alarms")
    for kind, made in sorted(found.made.items()):
        target = 99.5 if kind in NUMBERS else 95.0
        share = found.share([kind])
        print(
            f"  {kind:8} {found.found[kind]:6} of {made:6} {share:7.2f}% {target:7.1f}% {share / target:6.3f}"
        )
    print(f"  numbers and signs {found.numbers:.2f}%, words and names {found.words:.2f}%")
    for each in (*alarms[:5], *found.missed[:5]):
        print(f"    {each}")
    days = [f"content/post/{post.slug}/index.en.md" for post in corpus.posts if post.kind == "day"]
    for place, inside in (("alone", False), ("in a paragraph", True)):
        made_up = MadeUp()
        for seed, file in enumerate(days):
            tally_made_up(knowledge, file, each=10, seed=seed, inside=inside, into=made_up)
        told = ", ".join(f"{form} {made_up.share(form):.1f}%" for form in SENTENCES)
        print(f"  made up, {place}: {told}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=60)
    there = [each for each in CORPORA if each != "real" or KRX.is_dir()]
    parser.add_argument("--corpus", choices=there, nargs="+", default=there)
    asked = parser.parse_args()
    print(f"{'':10} {'found':>6}    {'changed':>6} {'share':>8} {'target':>8} {'ratio':>6}")
    with tempfile.TemporaryDirectory() as folder:
        calendar = Path(folder) / "calendar"
        calendars.load(Market(), calendar)
        for name in asked.corpus:
            place = Path(folder) / name
            place.mkdir()
            measure(name, asked.sample, place, calendar)
            shutil.rmtree(place)


if __name__ == "__main__":
    main()
