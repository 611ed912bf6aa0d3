"""Numbers that count, order or bound rather than report: nothing has to vouch for them."""

from __future__ import annotations

import functools
import re
from importlib import resources
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.reading.quantity import Quantity

_NOT_MEASURED = frozenset({"date", "time", "year", "month", "weekday", "ordinal"})
_FEW = 12
"""Things up to this number may be counted without a source."""
_MOST_RANKED = 500
"""The 200 largest."""
_ROUND = 2
"""Digits of a round number, but for its zeros: 7,800."""
_LEAST_OF_ALL, _HALF, _ALL = "0%", "50%", "100%"
_MOST_OF_A_PROPORTION = 100
_PROPORTION = re.compile(r"\d:\d")
_RANGE = re.compile(r"[–—~-]|\bto\b|\band\b")
_NEAR = 24


def is_general(quantity: Quantity, text: str, around: Sequence[Quantity], language: str) -> bool:
    """Whether a number of a text reports nothing: a date, a small count, a span, a rank, a round bound.

    `around` are its neighbours among the quantities of the text.
    """
    if quantity.unit in _NOT_MEASURED or quantity.in_words or quantity.text in (_LEAST_OF_ALL, _ALL):
        return True
    if quantity.text == _HALF and any(word in text.lower() for word in _words(language).get("halves", ())):
        return True
    beside = text[max(0, quantity.start - 3) : quantity.end + 3]
    if _PROPORTION.search(beside) and quantity.value <= _MOST_OF_A_PROPORTION:
        return True
    digits = re.sub(r"[^\d.]", "", quantity.text)
    if "." in digits:
        return False
    if _counts(quantity, text, language):
        return True
    significant = len(digits.strip("0"))
    return significant <= _ROUND and _bounds(quantity, text, around, language, significant)


def _counts(quantity: Quantity, text: str, language: str) -> bool:
    """A whole number that counts a few, a span of time, or a rank."""
    if quantity.unit != "number" or quantity.sign:
        return False
    words = _words(language)
    if quantity.value <= _FEW or quantity.noun in words.get("spans", ()):
        return True
    return quantity.value <= _MOST_RANKED and _is_beside(text, quantity, words.get("ranks", ()), ())


def _bounds(
    quantity: Quantity, text: str, around: Sequence[Quantity], language: str, significant: int
) -> bool:
    """A round number that something is above or below, or between two of which it is."""
    if quantity.bound or text[quantity.end : quantity.end + 1] == "+":
        return True
    words = _words(language)
    if _is_beside(text, quantity, words.get("levels_before", ()), words.get("levels", ())):
        return True
    in_range = any(
        other is not quantity
        and other.unit == quantity.unit
        and _RANGE.search(text[min(other.end, quantity.end) : max(other.start, quantity.start)])
        for other in around
    )
    return significant == 1 and in_range


def _is_beside(text: str, quantity: Quantity, before: Iterable[str], behind: Iterable[str]) -> bool:
    """Whether one of some words stands right before a number or behind it."""
    head = text[max(0, quantity.start - _NEAR) : quantity.start].rstrip(" -").lower()
    tail = text[quantity.end : quantity.end + _NEAR].lstrip(" -").lower()
    return any(head.endswith(word) and not head[: -len(word)][-1:].isalpha() for word in before) or any(
        tail.startswith(word) for word in behind
    )


@functools.cache
def _words(language: str) -> Mapping[str, Sequence[str]]:
    path = resources.files("generator.gate") / "words" / "numbers.yaml"
    words: Mapping[str, Mapping[str, Sequence[str]]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return words.get(language, {})
