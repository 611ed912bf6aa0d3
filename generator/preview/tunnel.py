"""Live reload through the proxy: the browser's socket and Hugo's are joined, byte by byte.

Hugo is started anew now and then. A page then loses its end of the tunnel without having been told of the
new site, so it is told by us.
"""

from __future__ import annotations

import json
import select
import socket
from typing import TYPE_CHECKING

from generator.site.server import HOST

if TYPE_CHECKING:
    from collections.abc import Callable

_SIZE = 65536
_SECONDS = 5.0
"""To connect."""
_LOOK = 30.0
"""Seconds after which a tunnel looks whether the preview is over."""

RELOAD = json.dumps(
    {"command": "reload", "path": "/x.js", "originalPath": "", "liveCSS": True, "liveImg": True}
).encode()
"""What Hugo says to have a page loaded again (http://livereload.com/api/protocol/)."""


def join(browser: socket.socket, port: int, request: bytes, *, is_over: Callable[[], bool]) -> bool:
    """Pass on what either side says until one of them hangs up; whether Hugo was the one.

    Args:
        browser: its socket.
        port: Hugo's.
        request: what the browser asked for, with its headers.
        is_over: whether the preview ends.
    """
    try:
        hugo = socket.create_connection((HOST, port), timeout=_SECONDS)
    except OSError:
        return True
    with hugo:
        hugo.settimeout(None)
        hugo.sendall(request)
        while not is_over():
            ready, _, _ = select.select([browser, hugo], [], [], _LOOK)
            for source, sink in ((browser, hugo), (hugo, browser)):
                if source not in ready:
                    continue
                try:
                    said = source.recv(_SIZE)
                except OSError:
                    said = b""
                if not said:
                    return source is hugo
                try:
                    sink.sendall(said)
                except OSError:
                    return sink is hugo
    return False


def frame(text: bytes) -> bytes:
    """A short text as a server's frame of a WebSocket (RFC 6455)."""
    if len(text) > _SHORT:
        raise ValueError("a frame of more than 125 bytes has another head")
    return bytes([0x81, len(text)]) + text


_SHORT = 125
