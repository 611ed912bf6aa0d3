"""Phrases found in a text, each with what it stands for; in linear time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TOKEN = re.compile(r"[^\W_]+")
_GAP = re.compile(r"[\s\-\u2010-\u2015/·&.'’]{1,3}")
"""What may stand between the words of one phrase: net sold, net-sold."""


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase in a text, `text[start:end]`."""

    start: int
    end: int
    phrase: str
    """As the lexicon has it."""
    value: str
    """What it stands for."""


class Phrases:
    """Phrases to look for, the longest that fits. Case makes no difference."""

    def __init__(self, values: Mapping[str, str], *, spaced: bool) -> None:
        """The phrases.

        Args:
            values: what each phrase stands for.
            spaced: the language puts spaces between words, so that a phrase is whole words; in Korean endings
                and particles follow at once.
        """
        self.spaced = spaced
        self._index: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
        for phrase, value in values.items():
            low = phrase.lower()
            parts = tuple(_TOKEN.findall(low)) if spaced else (low,)
            if parts:
                self._index.setdefault(parts[0] if spaced else low[0], []).append((parts, phrase, value))
        for listed in self._index.values():
            listed.sort(key=lambda each: (-len(each[0]), -len(each[1]), each[1]))

    def find(self, text: str) -> Iterator[Found]:
        """The phrases of a text in order, none within another."""
        return self._by_words(text) if self.spaced else self._by_characters(text)

    def has(self, text: str) -> bool:
        """Whether there is any."""
        return next(self.find(text), None) is not None

    def _by_words(self, text: str) -> Iterator[Found]:
        spans = [found.span() for found in _TOKEN.finditer(text)]
        words = [text[start:end].lower() for start, end in spans]
        at = 0
        while at < len(words):
            taken = 1
            for parts, phrase, value in self._index.get(words[at], ()):
                size = len(parts)
                if tuple(words[at : at + size]) == parts and all(
                    _GAP.fullmatch(text, spans[n][1], spans[n + 1][0]) for n in range(at, at + size - 1)
                ):
                    yield Found(spans[at][0], spans[at + size - 1][1], phrase, value)
                    taken = size
                    break
            at += taken

    def _by_characters(self, text: str) -> Iterator[Found]:
        low = text.lower()
        if len(low) != len(text):
            # A letter whose small form is two characters: places would be off.
            low = text
        at = 0
        while at < len(low):
            taken = 1
            for (part,), phrase, value in self._index.get(low[at], ()):
                if low.startswith(part, at) and _stands_alone(low, at, at + len(part)):
                    yield Found(at, at + len(part), phrase, value)
                    taken = len(part)
                    break
            at += taken


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Latin letters and digits do not run on at either end; Hangul may."""
    return not (_is_latin(text[start]) and start and _is_latin(text[start - 1])) and not (
        _is_latin(text[end - 1]) and end < len(text) and _is_latin(text[end])
    )


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
