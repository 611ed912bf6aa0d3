"""Phrases found in a text, each with what it stands for; in linear time."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from generator.reading.repeated import remembered

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_TOKEN = re.compile(r"[^\W_]+")
_GAP = re.compile(r"[\s\-\u2010-\u2015/·&.'’]{1,3}")
"""What may stand between the words of one phrase: net sold, net-sold."""


class Found(NamedTuple):
    """A phrase in a text, `text[start:end]`."""

    start: int
    end: int
    phrase: str
    """As the lexicon has it."""
    value: str
    """What it stands for."""


class Words:
    """A text taken to pieces: once, for all the phrases that are looked for in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._found: dict[Phrases, tuple[Found, ...]] = {}

    def having(self, phrases: Phrases) -> tuple[Found, ...]:
        """The phrases in it, looked for once; of phrases that are the same for every post."""
        if phrases not in self._found:
            self._found[phrases] = tuple(phrases.find(self))
        return self._found[phrases]

    @functools.cached_property
    def words(self) -> Sequence[str]:
        """Its words in lower case."""
        low = self.text.lower()
        # Where a small letter takes two characters it may end a word.
        return (
            _TOKEN.findall(low)
            if len(low) == len(self.text)
            else [word.lower() for word in _TOKEN.findall(self.text)]
        )

    @functools.cached_property
    def spans(self) -> Sequence[tuple[int, int]]:
        """Where they stand."""
        return [found.span() for found in _TOKEN.finditer(self.text)]

    @functools.cached_property
    def low(self) -> str:
        """The text in lower case, every character in its place."""
        low = self.text.lower()
        # There are letters whose small form is two characters: places would be off.
        return low if len(low) == len(self.text) else self.text


@remembered
def words_of(text: str) -> Words:
    """A text taken to pieces."""
    return Words(text)


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

    def find(self, text: str | Words) -> Iterator[Found]:
        """The phrases of a text in order, none within another."""
        words = text if isinstance(text, Words) else Words(text)
        return self._by_words(words) if self.spaced else self._by_characters(words)

    def has(self, text: str | Words) -> bool:
        """Whether there is any."""
        return next(self.find(text), None) is not None

    def _by_words(self, text: Words) -> Iterator[Found]:
        index, words = self._index, text.words
        if index.keys().isdisjoint(words):
            return
        spans = text.spans
        behind = 0
        for at in [at for at, word in enumerate(words) if word in index]:
            if at < behind:
                continue
            for parts, phrase, value in index[words[at]]:
                size = len(parts)
                if tuple(words[at : at + size]) == parts and all(
                    _GAP.fullmatch(text.text, spans[n][1], spans[n + 1][0]) for n in range(at, at + size - 1)
                ):
                    yield Found(spans[at][0], spans[at + size - 1][1], phrase, value)
                    behind = at + size
                    break

    def _by_characters(self, text: Words) -> Iterator[Found]:
        if not self._index:
            return
        low, at = text.low, 0
        while first := self._first.search(low, at):
            start = first.start()
            at = start + 1
            for (part,), phrase, value in self._index[first[0]]:
                if low.startswith(part, start) and _stands_alone(low, start, start + len(part)):
                    at = start + len(part)
                    yield Found(start, at, phrase, value)
                    break

    @functools.cached_property
    def _first(self) -> re.Pattern[str]:
        """A character that a phrase begins with."""
        return re.compile(f"[{re.escape(''.join(self._index))}]")


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Latin letters and digits do not run on at either end; Hangul may."""
    return not (_is_latin(text[start]) and start and _is_latin(text[start - 1])) and not (
        _is_latin(text[end - 1]) and end < len(text) and _is_latin(text[end])
    )


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
