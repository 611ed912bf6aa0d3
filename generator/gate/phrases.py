"""Phrases that have no place in a finished post, found in a text; the phrases are data."""

from __future__ import annotations

import functools
import re
from importlib import resources
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@functools.cache
def _data() -> Mapping[str, Any]:
    text = (resources.files("generator.gate") / "words" / "leaks.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - a safe loader, of ours
    return found


@functools.cache
def function_words() -> Mapping[str, frozenset[str]]:
    """The commonest words by language."""
    return {language: frozenset(words) for language, words in _data()["function_words"].items()}


@functools.cache
def _patterns(kind: str) -> Sequence[tuple[str, str]]:
    """The patterns of a kind, each behind the plain text that all it fits begins with."""
    return [(begins(each), each) for each in _data()[kind]]


_compiled = functools.cache(re.compile)
"""Compiled once a text needs them: there are more than a hundred."""


_PLAIN = re.compile(r"[^\\.\[\](){}?*+|^$]+(?![?*{])")
"""The last character may be left out if one of these marks follows."""


def begins(pattern: str) -> str:
    """The plain text that a pattern without alternatives of its own begins with."""
    plain = _PLAIN.match(pattern)
    return plain[0] if plain else ""


def found(kind: str, text: str) -> Iterator[tuple[int, int]]:
    """Where phrases of a kind stand in a text, in order; of two that overlap the first.

    Plain letters are found faster than any pattern: most texts have none of those that the patterns begin
    with. Hence one by one, and in text made lower case rather than in any case.
    """
    low = lowered(text)
    spans = [
        each.span()
        for plain, pattern in _patterns(kind)
        if plain in low
        for each in _compiled(pattern).finditer(low)
        if not _is_cut(low, each.start())
    ]
    last = 0
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= last:
            last = end
            yield start, end


def _is_cut(text: str, start: int) -> bool:
    """Whether a word of ASCII goes on before a place."""
    if not start or not text[start].isascii() or not text[start].isalnum():
        return False
    before = text[start - 1]
    return before.isascii() and before.isalnum()


def lowered(text: str) -> str:
    """Text in lower case, of the same length."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(
        each if len(each) == 1 else other for each, other in zip(map(str.lower, text), text, strict=True)
    )
