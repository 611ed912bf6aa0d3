"""Korean particles, which hang on how the word before them ends when it is read aloud.

After a syllable with a final consonant stand 은, 이, 을, 과, after one without 는, 가, 를, 와; 로 stands
after a vowel and after ㄹ, 으로 else (표준국어대사전, under each particle). Digits are read the Sino-Korean
way, letters by their names, a word in small letters roughly as 외래어 표기법 would spell it. A bracket does
not count: the particle follows the word before it (국립국어원: 괄호 앞의 말에 맞춘다).
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PAIRS = frozenset(
    {"은/는", "이/가", "을/를", "과/와", "으로/로", "이라/라", "이며/며", "이다/다", "이었다/였다"}
)
"""The particles and endings there are: the form after a final consonant, then the form after a vowel."""

_DIGITS = "영일이삼사오육칠팔구"
_LETTERS = dict(
    zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "이비씨디이프지치이이이엘엠엔오피큐알스티유이유스이트", strict=True)
)
"""The last syllable of each letter's name: W (더블유) ends in 유."""
_SYMBOLS = {"%p": "트", "%": "트", "×": "배"}
"""Read 퍼센트포인트, 퍼센트, 배."""
_CLOSING = {")": "(", "]": "[", "}": "{", "〉": "〈", "》": "《", "」": "「", "』": "『", "】": "【"}
_FIRST, _LAST = "가", "힣"
_FINALS = 28
"""Syllables of one onset and vowel, the first of them without a final consonant."""
_RIEUL = 8
"""The place of ㄹ among them."""


def endings(words: Mapping[str, str]) -> Mapping[str, Callable[[str, str], str]]:
    """The filters that Korean adds; `words` says how a word in Latin letters is read: KOSDAQ as 코스닥."""
    return {"josa": partial(particle, readings=words)}


def particle(text: str, pair: str, readings: Mapping[str, str] | None = None) -> str:
    """The one of `pair` that follows `text`; of a text that nobody can read both: 은(는).

    Raises:
        ValueError: `pair` is none of `PAIRS`.
    """
    if pair not in PAIRS:
        raise ValueError(f"{pair!r} is no particle; there are {', '.join(sorted(PAIRS))}")
    after_consonant, after_vowel = pair.split("/")
    last = last_syllable(text, readings or {})
    if last is None:
        return f"(으){after_vowel}" if pair == "으로/로" else f"{after_consonant}({after_vowel})"
    final = (ord(last) - ord(_FIRST)) % _FINALS
    if not final or (pair == "으로/로" and final == _RIEUL):
        return after_vowel
    return after_consonant


def last_syllable(text: str, readings: Mapping[str, str]) -> str | None:
    """The Hangul syllable that `text` ends with when read; None if that cannot be told."""
    word = _bare(text)
    for symbol, syllable in _SYMBOLS.items():
        if word.endswith(symbol):
            return syllable
    if not word:
        return None
    if _FIRST <= word[-1] <= _LAST:
        return word[-1]
    if found := re.search(r"[0-9][0-9,]*(?:\.[0-9]+)?$", word):
        return _of_number(found[0])
    if found := re.search(r"[A-Za-z]+$", word):
        return _of_latin(found[0], readings)
    return None


def _bare(text: str) -> str:
    """`text` without what is not read at its end: marks, quotes, and a bracket with all that is in it."""
    word = text.rstrip()
    while word and not (word[-1].isalnum() or word.endswith(tuple(_SYMBOLS))):
        opening = _opening(word) if word[-1] in _CLOSING else 0
        # A text that is all bracket is read as what is in it.
        word = word[: opening or -1].rstrip()
    return word


def _opening(word: str) -> int:
    """Where the bracket opens that closes at the end; 0 if nowhere after a word."""
    depth = 0
    for place in range(len(word) - 1, -1, -1):
        depth += (word[place] == word[-1]) - (word[place] == _CLOSING[word[-1]])
        if depth == 0:
            return place if re.search(r"\w", word[:place]) else 0
    return 0


def _of_number(digits: str) -> str:
    """The last syllable of a number: 7,844.01 ends in 일, 30 in 십, 500 in 백, 1,000,000 in 만."""
    whole = digits.replace(",", "")
    last = whole.rstrip("0")
    zeros = len(whole) - len(last)
    if "." in whole or not zeros or not last:
        return _DIGITS[int(whole[-1])]
    place = zeros % 4
    if place:
        return "십백천"[place - 1]
    powers = "만억조경해"
    return powers[min(zeros // 4, len(powers)) - 1]


_STOPS = {"p": "읍", "t": "읏", "k": "윽", "c": "윽"}


def _of_latin(word: str, readings: Mapping[str, str]) -> str:
    reading = readings.get(word)
    if reading:
        return reading[-1]
    if word[-1].isupper():
        return _LETTERS[word[-1]]
    low = word.lower()
    if re.search(r"[^aeiou]le$", low) or low.endswith("l"):
        return "을"  # 애플, 오일
    if low.endswith(("m", "n", "ng")):
        return "은"  # 마이크론
    # A stop after one short vowel closes the syllable (칩), after more than that it opens a new one (나이키).
    if re.search(r"(?:^|[^aeiou])[aeiou][ptkc]$", low):
        return _STOPS[low[-1]]
    return "이"
