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
_TRIPLE = re.compile(r"(\"\"\"|''')\n?")
"""Opens a text of many lines in TOML."""
_OPENING = re.compile(r"(?:[!&][^\s]*[ \t]+)*(\"|'|[|>][-+0-9]*[ \t]*(?:#[^\n]*)?\r?\n)?")
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
    is_toml = text.lstrip("\ufeff").startswith("+++")
    opening = (is_toml and _TRIPLE.match(text, at.end(), end)) or _OPENING.match(text, at.end(), end)
    quote = opening[1] or "" if opening else ""
    start = opening.end() if opening else at.end()
    if not quote and text.startswith(value, start):
        return range(start, start + len(value))
    return _walked(text, start, end, value, quote) or [at.end()] * len(value)


def _walked(text: str, at: int, end: int, value: str, quote: str) -> list[int]:
    """The places of a value's characters from a place on; empty where the source is another."""
    places: list[int] = []
    after_space = True
    for character in value:
        is_escaped = quote.startswith('"') and text.startswith("\\", at)
        if character.isspace() and not is_escaped:
            places.append(min(at, end - 1))
            at, after_space = _behind_space(text, at, end), True
            continue
        if after_space:
            at = _behind_space(text, at, end)
        at, width = _found(text, at, character, quote)
        if width == 0:
            return []
        places.append(at)
        at, after_space = at + width, False
    return places


def _found(text: str, at: int, character: str, quote: str) -> tuple[int, int]:
    """Where the source of a character starts, and how long it is; 0 if something else is there."""
    if quote.startswith('"') and text.startswith("\\", at):
        while escape := _ESCAPE.match(text, at):
            if escape[0][1] not in "\r\n":
                return at, len(escape[0])
            # A line that goes on is nothing of the value.
            at = escape.end()
    if quote == "'" and text.startswith("''", at):
        return at, len("''")
    return at, 1 if text.startswith(character, at) else 0


def _behind_space(text: str, at: int, end: int) -> int:
    limit = min(end, at + _LOOKAHEAD)
    while at < limit and text[at].isspace():
        at += 1
    return at
