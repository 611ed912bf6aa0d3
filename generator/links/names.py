"""Names found in running text: of several that begin at one place the longest, in one pass.

All names stand in one tree of letters, so their number costs nothing per letter of text. Case, and spaces or
hyphens between words, do not count; a short name in capitals (`AI`) is met in capitals only. A name ends at a
word's end. Korean puts particles behind it without a space (`삼성전자는`, `KOSPI가`), Japanese and Chinese
anything.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

LONGEST = 200
"""Characters of a name; a longer one is met nowhere."""

_HAN = "\u3041-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff"
_IS_HAN = re.compile(f"[{_HAN}]")
_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc]")
_GAP = re.compile(r"[ \t\u00a0_-]{0,2}(?:\r?\n[ \t>]{0,3})?[ \t\u00a0_-]{0,2}")
_HANGUL = re.compile("[가-힣]+")
_FIRST = (
    "은 는 이 가 을 를 의 에 와 과 도 만 로 으로 랑 이랑 나 이나 든 이든 라 이라 란 이란 인 께 에서 에게 "
    "한테 까지 부터 보다 처럼 마저 조차 밖에 뿐 만큼 대로 마다 라는 이라는 라도 이라도 "
    "라면 이라면 하고 이다 였다 이었다 입니다 이며 며 이고 이지만 지만"
)
_SECOND = "은 는 도 만 의 을 를 이 가 까지 부터 보다 에서 로 으로"
_PARTICLE = re.compile(f"(?:{'|'.join(_FIRST.split())})(?:{'|'.join(_SECOND.split())})?")

_END = ""
"""The key of a name's end in the tree; no letter is empty."""

_SHORT = 4


class Names:
    """Names to look for, each with what it stands for."""

    def __init__(self, meanings: Iterable[tuple[str, str]]) -> None:
        """From names with their meanings; of two meanings of one name the first counts."""
        self._tree: dict[str, Any] = {}
        firsts: set[str] = set()
        for name, meaning in meanings:
            words = " ".join(re.split(r"[\s_-]+", name.strip()))
            if not _is_usable(words):
                continue
            node = self._tree
            for letter in words:
                node = node.setdefault(_plain(letter), {})
            exact = words if len(words) <= _SHORT and words.isascii() and words.isupper() else ""
            node.setdefault(_END, []).append((meaning, exact))
            firsts |= {words[0], words[0].lower(), words[0].upper()[:1]}
        self._start = _starting(firsts)

    def occurrences(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Start, end and meaning of each name in a text, from left to right, none within another."""
        at = 0
        while self._start is not None and (found := self._start.search(text, at)):
            end, meaning = self._longest(text, found.start())
            if end:
                yield found.start(), end, meaning
            at = end or found.end()

    def _longest(self, text: str, start: int) -> tuple[int, str]:
        """Where the longest name that begins here ends, and what it means; 0 if none does."""
        node: Mapping[str, Any] = self._tree
        at, best = start, (0, "")
        length = len(text)
        while at < length:
            letter = text[at]
            if letter in " \t\u00a0_-\r\n":
                gap = _GAP.match(text, at)
                inner = node.get(" ")
                if gap is None or inner is None or gap.end() == at:
                    break
                node, at = inner, gap.end()
                continue
            inner = node.get(_plain(letter))
            if inner is None:
                break
            node, at = inner, at + 1
            for meaning, exact in node.get(_END, ()):
                if (not exact or text[start:at] == exact) and _ends(text, at):
                    best = (at, meaning)
                    break
        return best


def _plain(letter: str) -> str:
    return letter.lower()[:1]


def _is_usable(name: str) -> bool:
    """Whether a name is long enough to mean itself, and no mere number but a stock's code."""
    if not 1 < len(name) <= LONGEST or not any(each.isalnum() for each in name):
        return False
    return not re.fullmatch(r"[\d\s.,]+", name) or re.fullmatch(r"\d{6}", name) is not None


def _starting(firsts: set[str]) -> re.Pattern[str] | None:
    """Where a name may begin: not within a word, unless its script has none."""
    if not firsts:
        return None
    anywhere = "".join(re.escape(each) for each in sorted(firsts) if _IS_HAN.match(each))
    at_word = "".join(re.escape(each) for each in sorted(firsts) if not _IS_HAN.match(each))
    ways = [f"[{anywhere}]"] if anywhere else []
    ways += [rf"(?:(?<![^\W_])|(?<=[{_HAN}]))(?<![\w]&)[{at_word}]"] if at_word else []
    return re.compile("|".join(ways))


def _ends(text: str, at: int) -> bool:
    """Whether a word may end here."""
    following = text[at : at + 1]
    if following in ("&", "_"):  # `S&P`, `SK_1`; but `_SK_` is emphasis
        return not text[at + 1 : at + 2].isalnum()
    if not following.isalnum():
        return True
    last = text[at - 1]
    if _IS_HAN.match(last):
        return not (_KATAKANA.match(last) and _KATAKANA.match(following))
    if _IS_HAN.match(following):
        return True
    run = _HANGUL.match(text, at)
    return run is not None and len(run[0]) <= _SHORT * 2 and _PARTICLE.fullmatch(run[0]) is not None
