"""Where the sentences of a text start and end."""

from __future__ import annotations

import re

from generator.reading.lexicon import lexicon
from generator.reading.repeated import remembered

_ENDS = re.compile(
    r"[.!?…。！？]"
    r"(?:(?<=[.!?…])(?:[\"”’')\]*]*+(?=\s|\Z)|(?<=[가-힣]\.)(?=[가-힣A-Z“‘]))|(?<=[。！？])[」』”’）]*+)"
)
"""A full stop before a space; Asian ones need none, nor does a Korean one between two syllables.

The mark comes first: to the next one of some characters the search goes quickly.
"""
_OPENS_WORD = re.compile(r"[\s(“\"‘'\[]")
_FOLLOWING = re.compile(r"\s*+(\S)")
_LONGEST_WORD = 24
_ASIAN = "。！？"


@remembered
def sentences(text: str, language: str) -> tuple[tuple[int, int], ...]:
    """The span of each sentence of a block's text, without the space around it; in linear time.

    No sentence ends at an abbreviation (vs., Co., U.S.), within a number, or before a small letter.
    """
    found: list[tuple[int, int]] = []
    start = 0
    for end in _ENDS.finditer(text):
        if not _is_end(text, end.start(), end.end(), language):
            continue
        found.append((start, end.end()))
        start = end.end()
    found.append((start, len(text)))
    return tuple(stripped for span in found if (stripped := _stripped(text, *span)))


def _is_end(text: str, stop: int, end: int, language: str) -> bool:
    following = _FOLLOWING.match(text, end)
    if not following or text[stop] in _ASIAN:
        return True
    if following[1].islower():
        return False
    if text[stop] != ".":
        return True
    word = _OPENS_WORD.split(text[max(0, stop - _LONGEST_WORD) : stop])[-1]
    # A list's number opens an item, a single capital is an initial.
    is_number = word.isdecimal() and _opens(text, stop - len(word))
    is_initial = len(word) == 1 and word.isupper() and word.isascii()
    return not is_number and not is_initial and word not in lexicon(language).abbreviations


def _opens(text: str, at: int) -> bool:
    """Whether nothing but space stands before a place."""
    return not text[:at].strip() if at <= _LONGEST_WORD else False


def _stripped(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
