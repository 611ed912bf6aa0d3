"""The few words that feeds say themselves, by language."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

FALLBACK = "en"


@functools.cache
def _all() -> Mapping[str, Mapping[str, str]]:
    text = Path(__file__).with_name("words.yaml").read_text(encoding="utf-8")
    loaded: Mapping[str, Mapping[str, str]] = yaml.safe_load(text)
    return loaded


def words(language: str) -> Mapping[str, str]:
    """The words of a language (`pt-br` takes those of `pt`), English for one that has none."""
    known = _all()
    return known.get(language) or known.get(language.partition("-")[0]) or known[FALLBACK]
