"""Addresses of links, defined once and used by label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it.rules_core import StateCore

_MOST = 1_000_000
"""Characters of addresses and titles that references may write: a short text must not make a huge one."""


class _Counted(dict[str, Any]):
    """References, of which none is found once enough was written."""

    def __init__(self, found: dict[str, Any]) -> None:
        super().__init__(found)
        self._left = _MOST

    def get(self, label: str, default: Any = None) -> Any:
        found = super().get(label)
        if found is None:
            return default
        self._left -= len(found["href"]) + len(found["title"])
        return found if self._left >= 0 else default


def count(state: StateCore) -> None:
    """Count what links take from the references of a text."""
    if found := state.env.get("references"):
        state.env["references"] = _Counted(found)
