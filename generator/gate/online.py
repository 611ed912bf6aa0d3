"""Asking other sites whether an address is there. The only module of the gate that uses the network."""

from __future__ import annotations

import concurrent.futures
import http.client
import socket
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit, urlunsplit

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
    pages = list(dict.fromkeys(address.partition("#")[0] for address in addresses))
    with concurrent.futures.ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = dict(zip(pages, pool.map(lambda each: _asked(each, seconds), pages), strict=True))
    return {address: answers[address.partition("#")[0]] for address in addresses}


def _asked(address: str, seconds: float) -> Answer:
    reason = ""
    for method in ("HEAD", "GET"):
        try:
            request = urllib.request.Request(  # noqa: S310 - the caller gives http(s) only
                _encoded(address), method=method, headers={"User-Agent": _AGENT}
            )
            with urllib.request.urlopen(request, timeout=seconds):  # noqa: S310 - as above
                return Answer(is_dead=False)
        except urllib.error.HTTPError as error:
            error.close()
            reason = f"it answers {error.code}" if error.code in _GONE else ""
        except urllib.error.URLError as error:
            is_nowhere = isinstance(error.reason, socket.gaierror) and error.reason.errno != socket.EAI_AGAIN
            return Answer(is_nowhere, "its host has no address" if is_nowhere else "")
        except (OSError, ValueError, http.client.HTTPException):
            return Answer(is_dead=False)
    return Answer(bool(reason), reason)


def _encoded(address: str) -> str:
    """An address with other letters than ASCII as it is sent: 한국.kr/뉴스.

    Raises:
        ValueError: it is none.
    """
    if address.isascii():
        return quote(address, safe="%/:=&?~#+!$,;'@()*[]|\\^`{}\"<>")
    parts = urlsplit(address)
    host = parts.netloc.encode("idna").decode("ascii") if not parts.netloc.isascii() else parts.netloc
    safe = "%/=&?~+!$,;'@()*:"
    return urlunsplit((parts.scheme, host, quote(parts.path, safe), quote(parts.query, safe), ""))
