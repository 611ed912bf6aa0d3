"""Asking other sites whether an address is there. The only module of the gate that uses the network."""

from __future__ import annotations

import concurrent.futures
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator import web

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_GONE = frozenset({404, 410})
_REFUSED = range(400, 600)
_SECONDS = 10.0
_AT_ONCE = 8
_AGENT = "marketpost link check"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    is_dead: bool
    reason: str = ""


def ask(addresses: Sequence[str], *, seconds: float = _SECONDS) -> Mapping[str, Answer]:
    """What other sites answer, by address; each is asked once, several at a time.

    Args:
        addresses: http(s).
        seconds: that one answer may take; who takes longer is not dead.
    """
    pages = list(dict.fromkeys(address.partition("#")[0] for address in addresses))
    with concurrent.futures.ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = dict(zip(pages, pool.map(lambda each: _asked(each, seconds), pages), strict=True))
    return {address: answers[address.partition("#")[0]] for address in addresses}


def _asked(address: str, seconds: float) -> Answer:
    reason = ""
    for method in ("HEAD", "GET"):
        try:
            answer = web.ask(address, agent=_AGENT, method=method, follow=True, seconds=seconds, most=0)
        except web.NoAnswerError as error:
            is_nowhere = error.why == "nowhere"
            return Answer(is_nowhere, "its host has no address" if is_nowhere else "")
        if answer.status not in _REFUSED:
            return Answer(is_dead=False)
        reason = f"it answers {answer.status}" if answer.status in _GONE else ""
    return Answer(bool(reason), reason)
