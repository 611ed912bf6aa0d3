"""A hash of what was read of sessions: the same on every machine, whichever files it stood in."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.dataset.session import Session

_LISTING = "names"
"""What a session knows of all companies is none of its own."""


def fingerprint(sessions: Iterable[Session]) -> str:
    """SHA-256, hexadecimal; changes with any value, note or credit of theirs."""
    told = [{key: value for key, value in _plain(each).items() if key != _LISTING} for each in sessions]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    """A value as JSON has it, sets in order."""
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value) if each.compare}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, frozenset):
        return sorted(map(_plain, value))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, (dt.date, dt.time)) else value
