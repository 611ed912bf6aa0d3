"""Numbers that somebody made up, written into the samples' posts: most are reported."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from made_up import AMOUNTS, MadeUp, tally_made_up
from post_cases import made_corpus

from generator.config import load
from generator.gate.knowledge import Knowledge


@pytest.fixture(scope="module")
def found(tmp_path_factory, warm_cache):
    corpus = made_corpus("samples", tmp_path_factory, warm_cache)
    knowledge = Knowledge(load(corpus.root), now=datetime.now(UTC))
    counted = MadeUp()
    for seed, post in enumerate(each for each in corpus.posts if each.kind == "day"):
        file = f"content/post/{post.slug}/index.en.md"
        tally_made_up(knowledge, file, each=12, seed=seed, inside=False, into=counted)
    return counted


@pytest.mark.parametrize(
    ("forms", "floor"),
    [(("00.0%",), 85), (("0.00%", "00.00%"), 95), (AMOUNTS, 90), (("count",), 90), (("level", "price"), 98)],
    ids=["tenths of per cent", "hundredths", "amounts", "counts", "levels and prices"],
)
def test_most_are_reported(found, forms, floor):
    assert found.share(*forms) >= floor, "\n".join(found.passed[:20])
