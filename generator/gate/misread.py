"""Text whose bytes were once read in the wrong encoding, and what it was."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# What the bytes 0x80 to 0x9f are in Windows-1252; the five that it has not are taken for control characters,
# as browsers do.
_C1 = {byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xA0)}
_LAST_BYTE = 0xFF
_BYTES = {character: byte for byte, character in _C1.items()}
_BYTES |= {chr(byte): byte for byte in range(0x80, 0x100)}
_SINGLES = re.escape("".join(character for character in _C1.values() if ord(character) > _LAST_BYTE))

# A pattern that starts with one character of some is searched for quickly; with several of them it is not.
_RUN = re.compile(f"[\u0080-\u00ff{_SINGLES}][\u0080-\u00ff{_SINGLES}]+")
_KOREAN = "[\u3131-\u318e\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufa0b]"
_HANJA = re.compile("[\u4e00-\u9fff\uf900-\ufa0b]")
_CONTROL = re.compile("[\u0080-\u009f]")
_LOST = re.compile(
    "\ufffd\ufffd*|\u5360\uc3d9\uc619(?:\u5360\uc3d9\uc619)*|\u951f\u65a4\u62f7(?:\u951f\u65a4\u62f7)*"
)


def misread(text: str) -> Iterator[tuple[int, int, str | None]]:
    """Start, end, and what it was; None where that is lost."""
    if text.isascii():
        return
    for found in _LOST.finditer(text):
        yield *found.span(), None
    for found in _RUN.finditer(text):
        yield from _of_latin(found, text)
    for found in _korean_runs().finditer(text) if _HANJA.search(text) else ():
        if (was := _as_korean(found[0])) is not None:
            yield *found.span(), was
    for found in _CONTROL.finditer(text):
        character = _C1[ord(found[0])]
        was = character if character != found[0] else None
        if not _is_in_run(found.start(), text):
            yield *found.span(), was


def _is_in_run(at: int, text: str) -> bool:
    """Whether neighbours make it a part of what was told of already."""
    return (at > 0 and text[at - 1] in _BYTES) or (at + 1 < len(text) and text[at + 1] in _BYTES)


_MOST_TIMES = 3


def _of_latin(found: re.Match[str], text: str) -> Iterator[tuple[int, int, str | None]]:
    """UTF-8 or Korean bytes that were read as Windows-1252 or Latin-1, in a run beyond ASCII."""
    run = found[0]
    data = bytes(_BYTES[character] for character in run)
    if len(run) >= _FEWEST_KOREAN and (korean := _from_euc_kr(data, run)) is not None:
        yield *found.span(), _one_of(_from_utf_8(data), korean)
        return
    pieces = list(_UTF8.finditer(data))
    at = 0
    while at < len(pieces):
        last = at
        while last + 1 < len(pieces) and pieces[last + 1].start() == pieces[last].end():
            last += 1
        start, end = pieces[at].start(), pieces[last].end()
        was = data[start:end].decode("utf-8", "replace")
        before = text[found.start() + start - 1] if found.start() + start else " "
        if "\ufffd" not in was and _is_likely(was, run[start:end], before):
            may_be_korean = len(run) >= _PAIRS and _EUC_KR.fullmatch(data)
            yield found.start() + start, found.start() + end, None if may_be_korean else _again(was)
            return  # one remark a run; the next is found when this is mended
        at = last + 1


_UTF8 = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}"
)
_FEWEST_KOREAN = 6
"""Bytes that are Korean if they can be."""
_PAIRS = 4
"""Bytes that may be Korean if they can be."""


def _is_likely(was: str, now: str, before: str) -> bool:
    """Whether the bytes were rather UTF-8 than what is there: French sets `é` before a space and `»`, too."""
    if now[0] in "ÂÃ":
        # A word in capitals, then a quotation mark or a space.
        return not (before.isupper() and len(was) == 1 and not now[1].isalpha() and now[1] not in "©¨±§¼³")
    if now.startswith(("â€", "â‚", "â„", "â†", "âˆ", "ðŸ", "ï»¿", "ï¼", "ï¿½", "ã€")):
        return True
    wide = sum(1 for character in was if _is_wide(character))
    return wide >= _FEWEST_WIDE and wide * 2 > len(was)


_FEWEST_WIDE = 2


def _is_wide(character: str) -> bool:
    return (
        "\u3040" <= character <= "\u30ff"
        or "\u4e00" <= character <= "\u9fff"
        or "\uac00" <= character <= "\ud7a3"
    )


def _again(was: str) -> str:
    """What it was before it was misread more than once."""
    for _ in range(_MOST_TIMES):
        if not all(character in _BYTES for character in was) or len(was) < len("Ã©"):
            return was
        data = bytes(_BYTES[character] for character in was)
        try:
            was = data.decode("utf-8")
        except UnicodeDecodeError:
            return was
    return was


def _from_utf_8(data: bytes) -> str | None:
    """What bytes are in UTF-8, read as often as it takes; None if they are not."""
    try:
        return _again(data.decode("utf-8"))
    except UnicodeDecodeError:
        return None


def _one_of(utf_8: str | None, korean: str) -> str | None:
    """The reading of bytes that may be either, if there is a sure one.

    What was UTF-8 and misread twice looks like Korean in EUC-KR; that Hangul comes out of it is no chance.
    """
    if utf_8 is None:
        return korean
    wide = sum(map(_is_wide, utf_8))
    return utf_8 if wide >= _FEWEST_WIDE and wide * 2 > len(utf_8) else None


_EUC_KR = re.compile(rb"(?:[\xb0-\xc8][\xa1-\xfe])+")


def _from_euc_kr(data: bytes, now: str) -> str | None:
    """Korean in EUC-KR: pairs of bytes, the first of each that of a Hangul syllable."""
    if not _EUC_KR.fullmatch(data) or all(character.isalpha() for character in now):
        return None
    return data.decode("euc-kr", "strict")


@functools.cache
def _korean_runs() -> re.Pattern[str]:
    """Runs whose first character has, in CP949, two bytes that begin one in UTF-8: few of Chinese have."""
    pairs = (bytes([lead, trail]) for lead in range(0xC2, 0xF5) for trail in range(0x80, 0xC0))
    first = "".join(filter(re.compile(_KOREAN).match, (pair.decode("cp949", "ignore") for pair in pairs)))
    return re.compile(f"(?<!{_KOREAN})[{first}]{_KOREAN}+")


def _as_korean(run: str) -> str | None:
    """Korean in UTF-8 that was read as CP949: rare Hanja beside rare syllables."""
    if not _HANJA.search(run):
        return None
    try:
        was = run.encode("cp949").decode("utf-8")
    except UnicodeError:
        return None
    hangul = sum(1 for character in was if "\uac00" <= character <= "\ud7a3")
    return was if hangul >= _FEWEST_WIDE else None
