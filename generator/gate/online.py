"""Asking other sites whether an address is there. The only module of the gate that uses the network."""

from __future__ import annotations

import concurrent.futures
import http.client
import socket
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_GONE = frozenset({404, 410})
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
    with concurrent.futures.ThreadPoolExecutor(_AT_ONCE) as pool:
        return dict(zip(addresses, pool.map(lambda each: _asked(each, seconds), addresses), strict=True))


def _asked(address: str, seconds: float) -> Answer:
    reason = ""
    for method in ("HEAD", "GET"):
        request = urllib.request.Request(  # noqa: S310 - the caller gives http(s) only
            address.partition("#")[0], method=method, headers={"User-Agent": _AGENT}
        )
        try:
            with urllib.request.urlopen(request, timeout=seconds):  # noqa: S310 - as above
                return Answer(is_dead=False)
        except urllib.error.HTTPError as error:
            reason = f"it answers {error.code}" if error.code in _GONE else ""
        except urllib.error.URLError as error:
            is_nowhere = isinstance(error.reason, socket.gaierror)
            return Answer(is_nowhere, "its host has no address" if is_nowhere else "")
        except (OSError, ValueError, http.client.HTTPException):
            return Answer(is_dead=False)
    return Answer(bool(reason), reason)
