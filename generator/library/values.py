"""Front matter as JSON and back: days, times, and keys that are no text survive."""

from __future__ import annotations

import base64
import datetime as dt
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

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
    made: object = value
    if isinstance(value, dict):
        if all(isinstance(key, str) and not key.startswith(_MARK) for key in value):
            made = {key: _plain(each) for key, each in value.items()}
        else:
            made = {_MARK + "m": [[_plain(key), _plain(each)] for key, each in value.items()]}
    elif isinstance(value, (list, tuple)):
        made = [_plain(each) for each in value]
    elif isinstance(value, (set, frozenset)):
        made = {_MARK + "s": sorted((_plain(each) for each in value), key=repr)}
    elif isinstance(value, bytes):
        made = {_MARK + "b": base64.b64encode(value).decode("ascii")}
    else:
        name = next((name for kind, name in _TIMES if isinstance(value, kind)), None)
        if name is not None and isinstance(value, dt.date | dt.time):
            made = {_MARK + name: value.isoformat()}
    return made


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
    made = _MADE.get(key)
    return made(value) if made else found


def _hashable(value: Any) -> Any:
    """YAML's keys may be sequences, which PyYAML makes tuples."""
    return tuple(_hashable(each) for each in value) if isinstance(value, list) else value


_MADE: dict[str, Callable[[Any], Any]] = {
    _MARK + "T": dt.datetime.fromisoformat,
    _MARK + "D": dt.date.fromisoformat,
    _MARK + "t": dt.time.fromisoformat,
    _MARK + "m": lambda pairs: {_hashable(name): each for name, each in pairs},
    _MARK + "s": lambda members: {_hashable(each) for each in members},
    _MARK + "b": base64.b64decode,
}
