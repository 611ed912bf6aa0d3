"""The server that the browser talks to: it passes on what Hugo serves, and adds the panel to posts.

It listens on this machine only, and answers to its own names only, so that no site on the web can read a
draft by having its name point here.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import select
import socket
import threading
from dataclasses import dataclass
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from generator.errors import SiteError
from generator.preview import pages, tunnel
from generator.site.server import HOST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.preview.board import Board, State

OWN = "/_marketpost/"
"""What addresses of ours begin with."""

_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})
_TRIED = 100
"""Ports after a busy one that are tried."""
_LAST_PORT = 65535
_WAIT = 20.0
"""Seconds that a page waits for Hugo to be up."""
_HEARTBEAT = 15.0
_UPSTREAM = 120.0
"""Seconds for Hugo to answer: a large site is rendered when it is asked for."""
_CHUNK = 1 << 16
_FINGERPRINTED = re.compile(r"\.[0-9a-f]{32,128}\.\w+$")
"""An address with the hash of what is there, as Hugo's `fingerprint` makes it: MD5 to SHA-512."""
_FOR_GOOD = "max-age=31536000, immutable"
"""A page that is loaded again need not wait for its style."""
_HOP_BY_HOP = frozenset({
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailers",
    "transfer-encoding", "upgrade",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Desk:
    """What the proxy goes by."""

    board: Board
    hugo_port: Callable[[], int]
    ask: Callable[[str], None]
    """Asks for the report on the post at an address, which is put on the board."""


class Proxy(ThreadingHTTPServer):
    """The server; `serve_forever` in a thread of its own."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, port: int, desk: Desk) -> None:
        self.desk = desk
        super().__init__((HOST, port), _Handler)

    @property
    def port(self) -> int:
        """That it listens on."""
        found: int = self.server_address[1]
        return found

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that hangs up is no error."""


def opened(port: int, desk: Desk) -> Proxy:
    """The server on a port, or on the next one that is free; 0 for any.

    Raises:
        SiteError: none is.
    """
    for each in (*range(port, min(port + _TRIED, _LAST_PORT + 1)), 0) if port else (0,):
        with contextlib.suppress(OSError):
            return Proxy(each, desk)
    raise SiteError(f"no port is free on {HOST}")


def answers(port: int, path: str) -> bool:
    """Whether a server on this machine has a page."""
    asked = http.client.HTTPConnection(HOST, port, timeout=_UPSTREAM)
    try:
        asked.request("HEAD", path)
        return asked.getresponse().status == HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()


@contextlib.contextmanager
def serving(proxy: Proxy) -> Iterator[None]:
    """Have it answer while something else goes on."""
    thread = threading.Thread(target=proxy.serve_forever, args=(0.1,), name="proxy", daemon=True)
    thread.start()
    try:
        yield
    finally:
        proxy.shutdown()
        proxy.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    """One connection of a browser."""

    protocol_version = "HTTP/1.1"
    server: Proxy
    timeout = 120

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the library's name
        """Nothing: a preview that lists each request hides what matters."""

    def version_string(self) -> str:
        """What we call ourselves."""
        return "marketpost"

    @property
    def state(self) -> State:
        """Of the preview, now."""
        return self.server.desk.board.state

    def do_HEAD(self) -> None:
        """As GET, without the body."""
        self.do_GET()

    def do_GET(self) -> None:
        """Answer a request."""
        if not self._is_for_us():
            self._send(
                421, "text/plain; charset=utf-8", b"This preview answers to 127.0.0.1 and localhost only.\n"
            )
            return
        asked = urlsplit(self.path)
        if "websocket" in self.headers.get("Upgrade", "").lower():
            self._live_reload()
        elif asked.path.startswith(OWN):
            self._own(asked.path.removeprefix(OWN), parse_qs(asked.query))
        else:
            self._page(unquote(asked.path))

    def _is_for_us(self) -> bool:
        """Whether the host that is asked for is this machine, by a name that nobody else can give it."""
        host = self.headers.get("Host", "")
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
        return name.lower() in _NAMES

    # The blog's pages

    def _page(self, path: str) -> None:
        state = self.state
        is_page = "text/html" in self.headers.get("Accept", "") or not PurePosixPath(path).suffix
        if is_page and (moved := state.moved.get(self._address(path))):
            self._redirect(state.base + moved)
            return
        if is_page and not state.serves and not _blocking(state):
            state = self.server.desk.board.wait_for(
                lambda now: now.serves or bool(_blocking(now)) or now.is_over, _WAIT
            )
        troubles = _blocking(state)
        if is_page and troubles:
            self._stand_in(pages.troubled(state, troubles))
        elif not state.serves:
            self._stand_in(pages.not_yet(state))
        else:
            self._passed_on(path, state, is_page=is_page)

    def _address(self, path: str) -> str:
        """The address of a page as the library has it: below the path of `baseURL`."""
        base = self.state.base
        return path[len(base) :] if path.startswith(f"{base}/") else ""

    def _passed_on(self, path: str, state: State, *, is_page: bool) -> None:
        """What Hugo answers, and nothing else of it changed."""
        headers = {key: value for key, value in self.headers.items() if key.lower() not in _HOP_BY_HOP}
        # Pages are looked into, and none may be taken from a store of the browser's.
        for name in ("Accept-Encoding", "If-Modified-Since", "If-None-Match"):
            headers.pop(name, None)
        upstream = http.client.HTTPConnection(HOST, self.server.desk.hugo_port(), timeout=_UPSTREAM)
        try:
            upstream.request(self.command, self.path, headers=headers)
            answer = upstream.getresponse()
            if is_page and answer.status == HTTPStatus.NOT_FOUND and state.is_cut:
                self._stand_in(self._not_here(path, state))
            elif answer.status == HTTPStatus.OK and self._is_post(path, answer, state):
                page = self._with_panel(path, answer.read(), state.builds)
                self._send(200, str(answer.getheader("Content-Type")), page)
            else:
                self._copied(path, answer)
        except (OSError, http.client.HTTPException):
            # Hugo is being started anew, or it went away in the middle of an answer.
            self.close_connection = True
            with contextlib.suppress(OSError):
                self._stand_in(pages.not_yet(self.state))
        finally:
            upstream.close()

    def _not_here(self, path: str, state: State) -> pages.Page:
        file = state.posts.get(self._address(path))
        return pages.left_out(state, file) if file else pages.missing(state, path)

    def _is_post(self, path: str, answer: http.client.HTTPResponse, state: State) -> bool:
        is_html = (answer.getheader("Content-Type") or "").startswith("text/html")
        return is_html and self.command == "GET" and self._address(path) in state.posts

    def _with_panel(self, path: str, html: bytes, builds: int) -> bytes:
        """A page with our one style and script, at its end.

        `builds` is how many Hugo had made when it was asked for: the page may be newer, and is loaded again
        then, rather than never.
        """
        address = escape(self._address(path))
        added = (
            f'<link rel="stylesheet" href="{OWN}panel.css">'
            f'<script type="module" src="{OWN}panel.js" data-marketpost="{address}"'
            f' data-builds="{builds}"></script>'
        ).encode()
        end = html.lower().rfind(b"</body>")
        return html + added if end < 0 else html[:end] + added + html[end:]

    def _copied(self, path: str, answer: http.client.HTTPResponse) -> None:
        self.send_response(answer.status, answer.reason)
        for key, value in answer.getheaders():
            if key.lower() not in _HOP_BY_HOP | {"cache-control", "server", "date"}:
                self.send_header(key, value)
        is_kept = answer.status == HTTPStatus.OK and _FINGERPRINTED.search(path)
        self.send_header("Cache-Control", _FOR_GOOD if is_kept else "no-store")
        if answer.length is None and self.command != "HEAD" and answer.chunked:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        while self.command != "HEAD" and (chunk := answer.read(_CHUNK)):
            self.wfile.write(chunk)

    # Ours

    def _own(self, name: str, query: dict[str, list[str]]) -> None:
        state = self.state
        if name in pages.assets():
            self._send(200, pages.TYPES[PurePosixPath(name).suffix], pages.asset(name))
        elif name == "state":
            self._send(200, "application/json; charset=utf-8", self._told((query.get("address") or [""])[0]))
        elif name == "events":
            self._events()
        elif name == "" and state.target and state.serves:
            self._redirect(state.base + state.target)
        elif name == "":
            troubles = tuple(state.troubles.values())
            self._stand_in(pages.troubled(state, troubles) if troubles else pages.not_yet(state))
        else:
            self._send(404, "text/plain; charset=utf-8", b"no such file of the preview\n")

    def _told(self, address: str) -> bytes:
        """What the panel of a post shows."""
        state = self.state
        if address in state.posts and address not in state.reports:
            self.server.desk.ask(address)
        data = {
            "version": state.version,
            "builds": state.builds,
            "troubles": [
                {
                    "about": origin,
                    "message": each.message,
                    "problems": [
                        {
                            "file": problem.file, "line": problem.line, "row": problem.row,
                            "column": problem.column, "message": problem.message, "found": problem.found,
                            "expected": problem.expected, "remedy": problem.remedy, "fatal": problem.fatal,
                        }
                        for problem in each.problems
                    ],
                    "difference": each.difference,
                }
                for origin, each in state.troubles.items()
            ],
            "report": state.reports.get(address),
        }  # fmt: skip
        return json.dumps(data, ensure_ascii=False, default=str).encode("utf-8", "replace")

    def _events(self) -> None:
        """Tell of every change, as long as the browser listens (server-sent events)."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        told = -1
        state = self.state
        with contextlib.suppress(OSError):
            while not state.is_over:
                if state.version == told:
                    self.wfile.write(b": still here\n\n")
                else:
                    told = state.version
                    data = json.dumps({"version": told, "builds": state.builds, "serves": state.serves})
                    self.wfile.write(f"data: {data}\n\n".encode())
                seen = told
                state = self.server.desk.board.wait_for(
                    lambda now: now.version != seen or now.is_over,  # noqa: B023 - waited for right here
                    _HEARTBEAT,
                )

    def _live_reload(self) -> None:
        """Join the browser's socket with Hugo's."""
        self.close_connection = True
        board = self.server.desk.board
        state = board.wait_for(lambda now: now.serves or now.is_over, _WAIT)
        lines = [
            f"{self.command} {self.path} HTTP/1.1",
            *(f"{key}: {value}" for key, value in self.headers.items()),
        ]
        request = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")
        hung_up = tunnel.join(
            self.connection, self.server.desk.hugo_port(), request, is_over=lambda: board.state.is_over
        )
        if not hung_up:
            return
        # Hugo was started anew: once it has built the site, the page is loaded again.
        builds = state.builds
        while not board.state.is_over and not _is_closed(self.connection):
            if board.wait_for(lambda now: now.serves and now.builds > builds, 1.0).builds > builds:
                with contextlib.suppress(OSError):
                    self.connection.sendall(tunnel.frame(tunnel.RELOAD))
                return

    # Answers

    def _stand_in(self, page: pages.Page) -> None:
        self._send(page.status, "text/html; charset=utf-8", page.html.encode("utf-8", "replace"))

    def _redirect(self, address: str) -> None:
        self.send_response(302)
        self.send_header("Location", quote(address))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _blocking(state: State) -> tuple[Any, ...]:
    """The troubles because of which no page can be shown."""
    found = [state.troubles.get("site"), None if state.serves else state.troubles.get("configuration")]
    return tuple(each for each in found if each)


def _is_closed(connection: socket.socket) -> bool:
    """Whether the other side hung up."""
    try:
        ready, _, _ = select.select([connection], [], [], 0)
        return bool(ready) and not connection.recv(1, socket.MSG_PEEK)
    except OSError:
        return True
