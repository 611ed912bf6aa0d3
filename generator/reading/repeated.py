"""What a blog's posts say again and again is read once: labels of tables, headings, set phrases.

It helps most where one post is read several times: while it is made, and at every save in a preview. In the
posts of 33 real sessions every second block, most of them cells, had stood in one before.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, TypeVar, TypeVarTuple, cast

if TYPE_CHECKING:
    from collections.abc import Callable

Ts = TypeVarTuple("Ts")
T = TypeVar("T")

_MOST = 1024
"""Texts that are remembered: those of some posts."""
_LONGEST = 800
"""Characters; what is longer is hardly ever said again."""


def remembered(work: Callable[[str, *Ts], T]) -> Callable[[str, *Ts], T]:
    """A pure function of a text that remembers what it gave for the newest short ones."""
    kept = cast("Callable[[str, *Ts], T]", functools.lru_cache(maxsize=_MOST)(work))

    @functools.wraps(work)
    def either(text: str, /, *more: *Ts) -> T:
        return (kept if len(text) <= _LONGEST else work)(text, *more)

    return either
