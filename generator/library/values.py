"""Front matter as JSON and back: days, times, and keys that are no text survive."""

from __future__ import annotations

import base64
import datetime as dt
import json
from typing import Any

_MARK = "\x00"
"""Begins the one key of an object that stands for something JSON has not; no front matter holds it."""


def encode(value: object) -> str:
    """JSON of anything that YAML, TOML or JSON can give."""
    return json.dumps(_plain(value), separators=(",", ":"))


def decode(text: str) -> Any:
    """What `encode` was given; tuples come back as lists."""
    return json.loads(text, object_hook=_made) if _ESCAPED in text else json.loads(text)


_ESCAPED = json.dumps(_MARK)[1:-1]


def _plain(value: object) -> object:
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, dict):
        if all(isinstance(key, str) and not key.startswith(_MARK) for key in value):
            return {key: _plain(each) for key, each in value.items()}
        return {_MARK + "m": [[_plain(key), _plain(each)] for key, each in value.items()]}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, (set, frozenset)):
        return {_MARK + "s": sorted((_plain(each) for each in value), key=repr)}
    if isinstance(value, bytes):
        return {_MARK + "b": base64.b64encode(value).decode("ascii")}
    for kind, name in _TIMES:
        if isinstance(value, kind):
            return {_MARK + name: value.isoformat()}
    raise TypeError(f"front matter cannot hold a {type(value).__name__}")


# A datetime is a date, too, so it comes first.
_TIMES: tuple[tuple[type[dt.datetime | dt.date | dt.time], str], ...] = (
    (dt.datetime, "T"),
    (dt.date, "D"),
    (dt.time, "t"),
)


def _made(found: dict[str, Any]) -> Any:
    if len(found) != 1:
        return found
    ((key, value),) = found.items()
    match key.removeprefix(_MARK) if key.startswith(_MARK) else "":
        case "T":
            return dt.datetime.fromisoformat(value)
        case "D":
            return dt.date.fromisoformat(value)
        case "t":
            return dt.time.fromisoformat(value)
        case "m":
            return {_hashable(name): each for name, each in value}
        case "s":
            return {_hashable(each) for each in value}
        case "b":
            return base64.b64decode(value)
    return found


def _hashable(value: Any) -> Any:
    """YAML's keys may be sequences, which PyYAML makes tuples."""
    return tuple(_hashable(each) for each in value) if isinstance(value, list) else value
