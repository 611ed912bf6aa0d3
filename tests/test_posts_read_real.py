"""The posts of the 33 real sessions and their weeks, read from start to end."""

from __future__ import annotations

import pytest
from post_cases import *  # noqa: F403 - the tests, which are the same for every market
from post_cases import made_corpus
from real_cases import *  # noqa: F403 - what only these posts are read for
from real_data import needs_krx

pytestmark = [pytest.mark.krx, needs_krx]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory, warm_cache):
    """All posts of the real market, made once."""
    return made_corpus("real", tmp_path_factory, warm_cache)
