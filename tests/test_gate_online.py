"""Other sites are asked over real HTTP, on this machine."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from generator.gate.online import ask

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Site(BaseHTTPRequestHandler):
    """Has /there, refuses HEAD for /only-get and says it has not /denied, which it has."""

    def _answer(self, code: int) -> None:
        self.send_response(code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_HEAD(self) -> None:
        self._answer({"/there": 200, "/only-get": 405, "/denied": 404, "/shy": 403}.get(self.path, 404))

    def do_GET(self) -> None:
        self._answer(
            {"/there": 200, "/only-get": 200, "/denied": 200, "/shy": 403, "/gone": 410}.get(self.path, 404)
        )

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Site) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_what_is_there_is_not_dead(site: str):
    pages = [f"{site}{path}" for path in ("/there", "/there#part", "/only-get", "/denied", "/shy")]
    assert [answer.is_dead for answer in ask(pages).values()] == [False] * len(pages)


def test_what_is_gone_is_dead(site: str):
    answers = ask([f"{site}/nothing", f"{site}/gone", "http://nowhere.invalid/"])
    assert [answer.reason for answer in answers.values()] == [
        "it answers 404",
        "it answers 410",
        "its host has no address",
    ]


def test_a_site_that_does_not_answer_is_not_called_dead():
    with ThreadingHTTPServer(("127.0.0.1", 0), _Site) as server:  # listens, and is never served
        address = f"http://127.0.0.1:{server.server_address[1]}/there"
        assert not ask([address], seconds=0.2)[address].is_dead
