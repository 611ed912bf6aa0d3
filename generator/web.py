"""Asking other machines over HTTP: with an end to time and size, and without a word about the address.

Leaf. Certificates are checked. Proxies are those of the environment (`https_proxy`, `http_proxy`, `no_proxy`)
and no others, and none for this machine itself. An address may hold a secret, so no message and no exception
of this module names more of it than its host.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import urllib.error
import urllib.request
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from generator.errors import MarketpostError

if TYPE_CHECKING:
    from collections.abc import Mapping

SECONDS = 10.0
_WHOLE = 3
"""Times the seconds of one step that all of them may take: a server may drip."""
MOST = 1024 * 1024
"""Bytes of an answer that are read."""
_REDIRECTS = 5
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})

Why = Literal["nowhere", "unreached", "broken", "slow", "refused"]


class NoAnswerError(MarketpostError):
    """Nobody answered, or not in a form that can be read."""

    def __init__(self, message: str, why: Why) -> None:
        """Say why.

        Args:
            message: what happened; it names no address.
            why: `nowhere`, the host has no address; `unreached`, it was not asked; `broken` and `slow`, it
                may have got what was sent; `refused`, we did not ask.
        """
        super().__init__(message)
        self.why = why

    @property
    def was_asked(self) -> bool:
        """Whether the other side may have got what was sent."""
        return self.why in {"broken", "slow"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, whatever its status."""

    status: int
    headers: Mapping[str, str]
    """By name, in lower case."""
    body: bytes
    """The first `most` bytes of it."""

    @property
    def is_fine(self) -> bool:
        """Whether it is 2xx."""
        return 200 <= self.status < 300  # noqa: PLR2004 - the class of statuses

    @property
    def text(self) -> str:
        """The body by its charset, UTF-8 unless told."""
        _, _, charset = self.headers.get("content-type", "").lower().partition("charset=")
        name = charset.partition(";")[0].strip().strip("\"'")
        try:
            return self.body.decode(name or "utf-8", "replace")
        except (LookupError, ValueError):  # a name that is none, or of no encoding of texts
            return self.body.decode("utf-8", "replace")


def ask(
    address: str,
    *,
    agent: str,
    method: str = "GET",
    data: bytes | None = None,
    kind: str = "",
    follow: bool = False,
    seconds: float = SECONDS,
    most: int = MOST,
) -> Answer:
    """What is answered at an address.

    Args:
        address: http(s).
        agent: who asks.
        method: of HTTP.
        data: what is sent.
        kind: its MIME type.
        follow: go where a redirect leads, five times at most, over http(s) only; else it is the answer.
        seconds: that one step may take (to connect, a part of the answer); all of them three times that.
        most: bytes of the answer that are read.

    Raises:
        NoAnswerError: there is none.
    """
    asked = _Question(agent=agent, method=method, data=data, kind=kind, seconds=seconds, most=most)
    future: Future[Answer] = Future()

    def work() -> None:
        try:
            future.set_result(_followed(address, asked) if follow else _asked(address, asked))
        except BaseException as error:  # noqa: BLE001 - raised again below, by who waits
            future.set_exception(error)

    # Looking up a host has no time-out, nor has an answer that comes byte by byte: who waits gives up.
    threading.Thread(target=work, daemon=True).start()
    try:
        return future.result(timeout=seconds * _WHOLE)
    except TimeoutError:
        message = f"{_host(address)} did not answer within {seconds * _WHOLE:g} s"
        raise NoAnswerError(message, "slow") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    agent: str
    method: str
    data: bytes | None
    kind: str
    seconds: float
    most: int


def _followed(address: str, asked: _Question) -> Answer:
    for _ in range(_REDIRECTS):
        answer = _asked(address, asked)
        place = answer.headers.get("location")
        if answer.status not in {301, 302, 303, 307, 308} or not place:
            return answer
        try:
            address = urljoin(address, place)
        except ValueError:
            raise NoAnswerError(f"{_host(address)} redirects to no address", "refused") from None
    raise NoAnswerError(f"{_host(address)} redirects more than {_REDIRECTS} times", "refused")


def _asked(address: str, asked: _Question) -> Answer:
    headers = {"User-Agent": asked.agent, "Accept": "*/*"}
    if asked.kind:
        headers["Content-Type"] = asked.kind
    host = _host(address)
    try:
        if urlsplit(address).scheme not in {"http", "https"}:
            raise NoAnswerError("only http and https addresses are asked", "refused")
        request = urllib.request.Request(  # noqa: S310 - looked at above
            encoded(address), data=asked.data, method=asked.method, headers=headers
        )
        opener = _opener(urlsplit(address).scheme, is_local=urlsplit(address).hostname in _LOCAL)
        with opener.open(request, timeout=asked.seconds) as response:
            found = {name.lower(): value for name, value in response.headers.items()}
            return Answer(status=response.status, headers=found, body=response.read(asked.most))
    except urllib.error.URLError as error:  # before anything was answered, or sent
        raise _unreached(host, error.reason) from None
    except TimeoutError:
        raise NoAnswerError(f"{host} did not answer within {asked.seconds:g} s", "slow") from None
    except (OSError, http.client.HTTPException) as error:
        if isinstance(error, http.client.InvalidURL):  # its text is the address
            raise NoAnswerError("the address is none", "refused") from None
        told = getattr(error, "strerror", None) or type(error).__name__
        raise NoAnswerError(f"{host} broke off: {told}", "broken") from None
    except ValueError:
        raise NoAnswerError("the address is none", "refused") from None


def _unreached(host: str, reason: object) -> NoAnswerError:
    if isinstance(reason, socket.gaierror) and reason.errno != socket.EAI_AGAIN:
        return NoAnswerError(f"{host} has no address", "nowhere")
    if isinstance(reason, ssl.SSLCertVerificationError):
        told = f"its certificate is not good ({reason.verify_message})"
    elif isinstance(reason, ssl.SSLError):
        told = "it does not speak TLS as it should"
    elif isinstance(reason, TimeoutError):
        told = "it took too long"
    elif isinstance(reason, OSError):
        told = reason.strerror or type(reason).__name__
    else:
        told = "nothing is known of it"
    return NoAnswerError(f"{host} cannot be reached: {told}", "unreached")


def _opener(scheme: str, *, is_local: bool) -> urllib.request.OpenerDirector:
    """HTTP or HTTPS and nothing else; every answer is one, whatever its status."""
    opener = urllib.request.OpenerDirector()
    proxies = {} if is_local else urllib.request.getproxies_environment()
    opener.add_handler(urllib.request.ProxyHandler(proxies))
    opener.add_handler(urllib.request.HTTPHandler())
    if scheme == "https" or proxies:  # reading the certificates takes a while
        opener.add_handler(urllib.request.HTTPSHandler(context=ssl.create_default_context()))
    return opener


def _host(address: str) -> str:
    """The host and port of an address, for messages."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "the host"
    return f"{host or 'the host'}{f':{port}' if port else ''}"


def encoded(address: str) -> str:
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
