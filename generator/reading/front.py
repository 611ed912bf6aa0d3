"""Where the text of a front matter's value stands in the file, however it is quoted or folded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_ESCAPE = re.compile(
    r"\\(?:u[0-9a-fA-F]{4}(?:\\u[dD][c-fC-F][0-9a-fA-F]{2})?|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|\r?\n[ \t]*|.)",
    re.DOTALL,
)
_OPENING = re.compile(r"(?:[!&][^\s]*[ \t]+)*(\"\"\"|'''|\"|'|[|>][-+0-9]*[ \t]*(?:#[^\n]*)?\r?\n)?")
_LOOKAHEAD = 400
"""Most space before a character: indentation, empty lines."""


def placed(text: str, key: str, value: str, end: int) -> Sequence[int]:
    """The place in the file of each character of the value of a front matter's key.

    Of one that cannot be found (an alias, another key's) all are at the key.

    Args:
        text: the whole file.
        key: a key of the front matter.
        value: what it was read as.
        end: where the front matter ends.
    """
    name = re.escape(key)
    found = re.compile(
        rf"(?:^|[{{,])[ \t]*(?:{name}|'{name}'|\"{name}\")[ \t]*[:=][ \t]*", re.MULTILINE | re.IGNORECASE
    )
    at = found.search(text, 0, end)
    if at is None:
        return [0] * len(value)
    opening = _OPENING.match(text, at.end(), end)
    quote = opening[1] or "" if opening else ""
    start = opening.end() if opening else at.end()
    if not quote and text.startswith(value, start):
        return range(start, start + len(value))
    return _walked(text, start, end, value, quote) or [at.end()] * len(value)


def _walked(text: str, at: int, end: int, value: str, quote: str) -> list[int]:
    """The places of a value's characters from a place on; empty where the source is another."""
    places: list[int] = []
    for character in value:
        if character.isspace():
            places.append(min(at, end - 1))
            at = _behind_space(text, at, end)
            continue
        if places and value[len(places) - 1].isspace() or not places:
            at = _behind_space(text, at, end)
        width = _width(text, at, character, quote)
        if width == 0:
            return []
        places.append(at)
        at += width
    return places


def _width(text: str, at: int, character: str, quote: str) -> int:
    """How many characters of the source stand for one of the value; 0 if none does."""
    if quote.startswith('"') and text.startswith("\\", at):
        while escape := _ESCAPE.match(text, at):
            # A line that goes on: nothing of the value.
            if escape[0][1] not in "\r\n":
                return len(escape[0])
            at = escape.end()
        return 0
    if quote == "'" and text.startswith("''", at):
        return len("''")
    return 1 if text.startswith(character, at) else 0


def _behind_space(text: str, at: int, end: int) -> int:
    limit = min(end, at + _LOOKAHEAD)
    while at < limit and text[at].isspace():
        at += 1
    return at
