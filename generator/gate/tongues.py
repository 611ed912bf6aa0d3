"""In which language a stretch of text is, told by its script and its commonest words."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from generator.gate.phrases import function_words
from generator.reading.repeated import remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

SCRIPTS: Mapping[str, str] = {
    "en": "latin", "es": "latin", "fr": "latin", "vi": "latin", "de": "latin", "it": "latin", "pt": "latin",
    "nl": "latin", "id": "latin", "ko": "hangul", "ja": "japanese", "zh": "chinese",
}  # fmt: skip
"""The script of each language that we can judge."""

NAMES: Mapping[str, str] = {
    "en": "English", "es": "Spanish", "fr": "French", "vi": "Vietnamese", "de": "German", "hangul": "Korean",
    "japanese": "Japanese", "chinese": "Chinese", "latin": "Latin letters",
}  # fmt: skip

_LATIN = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ]")
_NOT_LATIN = re.compile(r"[^A-Za-zÀ-ɏḀ-ỿ]+")
_OTHERS = re.compile("[\u3041-\u30fa\u4e00-\u9fff\uac00-\ud7a3]")
_HANGUL = "[\uac00-\ud7a3]+"
_KANA = "[\u3041-\u309f\u30a1-\u30fa]+"
_HAN = "[\u4e00-\u9fff]+"
_CHINESE = "[的了是在和这這们們对對为為没沒也与與将將]+"


class Letters:
    """How many letters of each script a text has."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.hangul = self.kana = self.han = 0
        self.chinese = 0
        """Of `han`, those that make sentences of Chinese; Korean and Japanese ones have no dozen of them."""
        if _OTHERS.search(text):
            self.hangul, self.kana, self.han = _count(_HANGUL, text), _count(_KANA, text), _count(_HAN, text)
            self.chinese = _count(_CHINESE, text) if self.han else 0

    @property
    def has_any(self) -> bool:
        """Whether there are any."""
        return bool(self.hangul or self.kana or self.han or _LATIN.search(self._text))

    @property
    def latin(self) -> int:
        """Latin ones, counted when they are asked for: most texts are judged without."""
        return len(_NOT_LATIN.sub("", self._text))

    @property
    def total(self) -> int:
        """All of them."""
        return self.latin + self.hangul + self.kana + self.han

    def foreign(self, script: str) -> tuple[str, int]:
        """The other script with most letters, and how many; the script is one of `SCRIPTS`."""
        chinese = 0 if self.kana else self.han
        counts = {
            "hangul": self.hangul,
            "japanese": self.kana + self.han if self.kana else 0,
            "chinese": chinese,
        }
        if script == "japanese":
            is_chinese = self.chinese >= _ENOUGH_CHINESE or self.han >= _ENOUGH_HAN
            counts["chinese"] = chinese if is_chinese else 0
        if script == "chinese" and self.kana < _ENOUGH_KANA:
            counts["japanese"] = 0
        counts.pop(script, None)
        best = max(counts, key=lambda name: counts[name])
        return best, counts[best]


_ENOUGH_CHINESE = 3
_ENOUGH_HAN = 25
"""Letters without a single kana: no title in Japanese is as long."""
_ENOUGH_KANA = 8


@remembered
def letters(text: str) -> Letters:
    """The letters of a text, by script."""
    return Letters(text)


def _count(runs: str, text: str) -> int:
    """How many characters some runs have."""
    return sum(map(len, _compiled(runs).findall(text)))


_compiled = functools.cache(re.compile)
"""Compiled once they are needed: sets of so many characters take milliseconds."""


_WORDS = re.compile(r"[a-zà-ɏḁ-ỿ]+(?:['’][a-z]+)?")
_FEWEST_WORDS = 10
_FEWEST_OTHER = 5
_TIMES = 3


def has_foreign(words: Iterable[str], language: str) -> bool:
    """Whether words in lower case have enough of other languages' commonest for `other_latin` to find one."""
    return sum(map(_foreign_words(language).__contains__, words)) >= _FEWEST_OTHER


@remembered
def other_latin(text: str, language: str) -> str:
    """The language that prose in Latin letters is in, if that is plainly not `language`; else empty."""
    words = _WORDS.findall(text.lower())
    if len(words) < _FEWEST_WORDS:
        return ""
    fewest = max(_FEWEST_OTHER, len(words) // 8)
    foreign = list(filter(_foreign_words(language).__contains__, words))
    if len(foreign) < fewest:
        return ""
    for name, of_theirs, of_ours in _apart(language):
        theirs = sum(map(of_theirs.__contains__, foreign))
        if theirs >= fewest and theirs >= _TIMES * sum(map(of_ours.__contains__, words)):
            return name
    return ""


@functools.cache
def _foreign_words(language: str) -> frozenset[str]:
    """The words by which other languages are told from this one."""
    return frozenset().union(*(of_theirs for _, of_theirs, _ in _apart(language)))


@functools.cache
def _apart(language: str) -> tuple[tuple[str, frozenset[str], frozenset[str]], ...]:
    """Every other language with the words that it has and this one has not, and the other way round."""
    own = function_words().get(language)
    if own is None:
        return ()
    return tuple(
        (name, others - own, own - others) for name, others in function_words().items() if name != language
    )


@remembered
def latin_language(text: str) -> str:
    """The language of prose in Latin letters, if its commonest words tell; else empty."""
    words = _WORDS.findall(text.lower())
    counts = {name: sum(map(others.__contains__, words)) for name, others in function_words().items()}
    best = max(counts, key=lambda name: counts[name])
    enough = len(words) >= _FEWEST_WORDS and counts[best] >= max(_FEWEST_OTHER, len(words) // 8)
    return best if enough else ""


_RUN = re.compile(r"[A-Za-z][A-Za-z0-9 ,.;:'’–—()&%$/+-]*")
_FEWEST_FUNCTION_WORDS = 3


@remembered
def english_runs(text: str) -> Sequence[tuple[int, int]]:
    """Where English sentences stand in a text of another script; names with an `of` are none."""
    found = []
    for run in _RUN.finditer(text):
        words = re.findall(r"[A-Za-z]+", run[0])
        common = {word for word in words if word in function_words()["en"]}
        if len(words) >= _FEWEST_WORDS - 2 and len(common) >= _FEWEST_FUNCTION_WORDS:
            found.append((run.start(), run.start() + len(run[0].rstrip())))
    return tuple(found)
