"""No word that the blog has ruled out."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from generator.gate.finding import Remark
from generator.gate.phrases import lowered
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """The words of `check.deny_words`, anywhere in the file."""
    denied = knowledge.settings.check.deny_words
    if not denied:
        return
    text = lowered(document.text)
    for pattern in _patterns(denied):
        for found in pattern.finditer(text):
            yield Remark(
                start=found.start(),
                end=found.end(),
                message="a word that the blog's configuration denies",
                found=document.text[found.start() : found.end()],
                remedy="Say it in other words; params.marketpost.check.deny_words has the list",
            )


@functools.lru_cache(maxsize=4)
def _patterns(denied: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(_pattern(word.strip())) for word in dict.fromkeys(denied) if word.strip())


def _pattern(word: str) -> str:
    """A word by itself; one of a script without spaces between words wherever it stands.

    The boundary stands behind what it guards, since a pattern that starts with letters is searched for fast.
    """
    low = r"[ \t\r\n]{1,8}".join(re.escape(part) for part in lowered(word).split())
    starts = rf"(?<![a-z0-9]{re.escape(lowered(word)[0])})" if _is_plain(word[0]) else ""
    ends = r"(?![a-z0-9])" if _is_plain(word[-1]) else ""
    first = re.escape(lowered(word)[0])
    return f"{first}{starts}{low[len(first) :]}{ends}"


def _is_plain(character: str) -> bool:
    return character.isascii() and character.isalnum()


_SETTINGS = """\
baseURL: https://example.org/
defaultContentLanguage: en
languages: {en: {weight: 1}, ko: {weight: 2}}
params:
  marketpost:
    check: {deny_words: [guaranteed, "to the moon", 떡상]}
"""

RULE = Rule(
    name="denied-word",
    severity="error",
    summary="No word that the blog has ruled out.",
    why=(
        "`params.marketpost.check.deny_words` lists words and phrases that no post of the blog may hold: "
        "a competitor's name, a promise the regulator forbids, slang. They are looked for in the whole "
        "file, in any case, as whole words; Korean, Japanese and Chinese ones wherever they stand."
    ),
    check=check,
    good=(
        Example("An unguaranteed bond to the moonshot.", files={"config.yaml": _SETTINGS}),
        Example("상승", language="ko", files={"config.yaml": _SETTINGS}),
    ),
    bad=(
        Example("Gains are Guaranteed.", files={"config.yaml": _SETTINGS}, says="denies"),
        Example("오늘은떡상이다.", language="ko", files={"config.yaml": _SETTINGS}, says="denies"),
    ),
)
