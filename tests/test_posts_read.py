"""The samples' posts and those of a market made for the purpose, read from start to end."""

from __future__ import annotations

import pytest
from post_cases import *  # noqa: F403 - the tests, which are the same for every market
from post_cases import made_corpus


@pytest.fixture(scope="module", params=["samples", "made"])
def corpus(request, tmp_path_factory, warm_cache):
    """All posts of one market, made once."""
    return made_corpus(request.param, tmp_path_factory, warm_cache)
