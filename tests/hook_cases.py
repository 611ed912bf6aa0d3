"""What the tests of hooks share: a service that answers as it is told, a clock, a blog, a ledger."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import yaml

from generator.publish.ledger import Event, append, publishes, read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN = "123456789" + ":AAmade-up_" + "x" * 24
"""Of the form of Telegram's, and nobody's."""
KEY = "0123456789abcdef" * 2

AT = dt.datetime(2026, 5, 14, 7, 40, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    """In place of an answer: these bytes, and the connection ends."""
    pieces: int = 1
    """The body comes in so many pieces, each after a while."""
    after: float = 0.0
    """Seconds before the answer, and between pieces."""


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Service:
    """A server on 127.0.0.1: by path, what it answers in turn; the last answer stays."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._replies: dict[str, list[Reply]] = {}
        self.stopped = threading.Event()
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _serve(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                found = {name.lower(): value for name, value in self.headers.items()}
                service.asked.append(Asked(self.command, self.path, found, body))
                # Whoever asked may be gone by now.
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    self._answer(service._next(self.path))

            do_GET = do_POST = do_HEAD = _serve  # noqa: N815 - as the server calls them

            def _answer(self, reply: Reply) -> None:
                self.close_connection = True
                if reply.after and service.stopped.wait(reply.after):
                    return
                if reply.raw is not None:
                    self.wfile.write(reply.raw)
                    return
                self.send_response(reply.status)
                for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                if self.command == "HEAD":
                    return
                size = max(1, len(reply.body) // reply.pieces)
                for start in range(0, len(reply.body), size):
                    self.wfile.write(reply.body[start : start + size])
                    self.wfile.flush()
                    if reply.after and service.stopped.wait(reply.after):
                        return

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def answers(self, path: str, *replies: Reply) -> None:
        self._replies[path] = list(replies)

    def _next(self, path: str) -> Reply:
        known = max((each for each in self._replies if path.startswith(each)), key=len, default=None)
        if known is None:
            return Reply(404, b"nothing here")
        replies = self._replies[known]
        return replies.pop(0) if len(replies) > 1 else replies[0]

    def reset(self) -> None:
        self.asked.clear()
        self._replies.clear()

    def paths(self) -> list[str]:
        return [each.path for each in self.asked]

    def stop(self) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@contextlib.contextmanager
def service() -> Iterator[Service]:
    made = Service()
    try:
        yield made
    finally:
        made.stop()


class Clock:
    """Time that passes when somebody sleeps."""

    def __init__(self, at: dt.datetime = AT) -> None:
        self.at = at
        self.slept: list[float] = []

    def now(self) -> dt.datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += dt.timedelta(seconds=seconds)


TITLE = 'KOSPI & "records": 삼성전자'


def write_config(root: Path, base_url: str, **publish: Any) -> None:
    """A blog's configuration with what is given under `publish`."""
    root.mkdir(parents=True, exist_ok=True)
    config = {
        "baseURL": base_url,
        "title": "Notes",
        "params": {"marketpost": {"publish": {"to": [{"kind": "folder", "path": "../www"}], **publish}}},
    }
    (root / "config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")


def write_post(root: Path, slug: str, title: str = TITLE) -> None:
    """A post, and the feeds of the site and of its tag that have it."""
    path = root / "content" / "post" / slug / "index.en.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    front = {
        "title": title,
        "description": "What it says.",
        "tags": ["kospi"],
        "session": dt.date(2026, 5, 14),
    }
    head = yaml.safe_dump(front, allow_unicode=True)
    path.write_text(f"---\ndate: 2026-05-14T16:30:00+09:00\n{head}---\n\nText.\n", encoding="utf-8")
    for feed in ("feed.xml", "tags/kospi/feed.xml"):
        file = root / "feeds" / feed
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"<rss><guid>{guid_of(slug)}</guid></rss>", encoding="utf-8")


def guid_of(slug: str) -> str:
    return f"https://example.org/post/{slug}/"


def page(title: str = TITLE) -> Reply:
    """A post's page as a theme shows it."""
    shown = title.replace("&", "&amp;").replace('"', "&#34;")
    return Reply(200, f"<html><title>{shown.upper()} · Notes</title><h1>…".encode())


def published(
    root: Path, slug: str, *due: str, publish: str = "", at: dt.datetime = AT, **stated: Any
) -> str:
    """Write a publish that is delivered into the ledger, with hooks that are due; its id."""
    name = publish or f"p-{slug}"
    facts = {
        "post": f"content/post/{slug}/index.en.md",
        "address": f"/post/{slug}/",
        "guid": guid_of(slug),
        "title": TITLE,
        "files": {},
        "targets": ["git"],
        **stated,
    }
    append(
        root / "ledger",
        Event(publish=name, at=at, kind="published", data=facts),
        *(Event(publish=name, at=at, kind="hook", data={"hook": each, "state": "due"}) for each in due),
    )
    happened(root, name, "delivered", target="git", at=at)
    return name


def happened(root: Path, publish: str, kind: Any, *, at: dt.datetime = AT, **data: Any) -> None:
    append(root / "ledger", Event(publish=publish, at=at, kind=kind, data=data))


def states(root: Path, publish: str) -> dict[str, str]:
    """How the hooks of a publish stand in the ledger."""
    found = {each.id: each for each in publishes(read(root / "ledger"))}
    return {name: hook.state for name, hook in found[publish].hooks.items()}
