"""Each kind of hook against a service on this machine that answers well, badly, late and not at all."""

from __future__ import annotations

import datetime as dt
import json
import os
import socket
import sys
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hook_cases import KEY, TITLE, TOKEN, Reply, service, write_config

from generator import web
from generator.config import load
from generator.hooks import command, indexnow, telegram, websub
from generator.hooks.announcement import Announcement
from generator.hooks.outcome import HookError, UncertainError
from generator.process import TooSlowError, run_fed
from generator.secrets import MissingSecretError, Secrets

POST = Announcement(
    publish="20260514T074000Z-0a1b2c3d",
    title=TITLE,
    address="https://example.org/post/삼성-a/",
    guid="https://example.org/post/a/",
    description="What it says.",
    tags=("kospi", "foreign-selling"),
    language="en",
    date=dt.datetime.fromisoformat("2026-05-14T16:30:00+09:00"),
    session=dt.date(2026, 5, 14),
    file="content/post/a/index.en.md",
    feeds=("https://example.org/feed.xml", "https://example.org/tags/kospi/feed.xml"),
)


@pytest.fixture(scope="module")
def running():
    with service() as made:
        yield made


@pytest.fixture
def server(running):
    running.reset()
    return running


@pytest.fixture
def quick(monkeypatch):
    """Nobody waits for ten seconds."""
    asked = web.ask
    monkeypatch.setattr(web, "ask", lambda *given, **options: asked(*given, seconds=0.2, **options))


def opened(root, hook, **environment):
    """A hook as the configuration has it, with the secrets there are."""
    write_config(root, "https://example.org/", hooks=[hook])
    config = load(root)
    return config.settings.publish.hooks[0], Secrets(config, environment)


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


# Telegram


def send(root, server, post=POST, token=TOKEN):
    hook, secrets = opened(
        root, {"kind": "telegram", "chat": "@notes", "server": server}, TELEGRAM_BOT_TOKEN=token
    )
    telegram.send(hook, post, secrets)


def test_a_message_is_the_title_and_the_address_in_plain_text(server, tmp_path):
    server.answers("/", Reply(200, b'{"ok": true, "result": {}}'))
    send(tmp_path, f"{server.address}/")
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", f"/bot{TOKEN}/sendMessage")
    assert asked.headers["content-type"] == "application/json"
    text = f"{TITLE}\nhttps://example.org/post/%EC%82%BC%EC%84%B1-a/"
    assert json.loads(asked.body) == {"chat_id": "@notes", "text": text}


def test_a_title_is_one_line_and_not_too_long(server, tmp_path):
    server.answers("/", Reply(200, b'{"ok": true}'))
    send(tmp_path, server.address, replace(POST, title="a\nb " + "w" * 5000))
    title, _, address = json.loads(server.asked[0].body)["text"].partition("\n")
    assert (title[:5], len(title), title[-1]) == ("a b w", 1000, "…")
    assert address.startswith("https://")


def refusal(code, description, **further):
    """What Telegram says when it does not do something."""
    told = {"ok": False, "error_code": code, "description": description} | further
    return Reply(code, json.dumps(told).encode())


@pytest.mark.parametrize(
    ("reply", "kind", "told", "after"),
    [
        (refusal(400, "Bad Request: chat not found"), HookError, "answers 400: Bad Request: chat not", None),
        (refusal(401, "Unauthorized\x1b[2J"), HookError, "Telegram answers 401: Unauthorized [2J", None),
        (refusal(429, "Too Many", parameters={"retry_after": 35}), HookError, "answers 429: Too Many", 35),
        (refusal(502, "Bad Gateway"), HookError, "answers 502: Bad Gateway", None),
        (refusal(429, "x", parameters={"retry_after": 10**400}), HookError, "answers 429: x", 1e9),
        (refusal(400, "x", error_code=TOKEN, parameters=[]), HookError, "answers 400: x", None),
        (Reply(404, b"<html>not here</html>"), HookError, "is not Telegram's; is `server` right?", None),
        (Reply(302, b"", {"Location": f"https://elsewhere.example/bot{TOKEN}/x"}), HookError, "302", None),
        (Reply(502, b"<html>Bad gateway</html>"), UncertainError, "is not known", None),
        (Reply(200, b"<html>Log in to the network</html>"), UncertainError, "is not known", None),
        (Reply(200, b'{"ok": tru'), UncertainError, "is not known", None),
        (Reply(200, b"[" * 100_000), UncertainError, "is not known", None),
        (Reply(raw=b"\x00garbage"), UncertainError, "broke off", None),
        (Reply(raw=b""), UncertainError, "broke off", None),
        (Reply(200, b'{"ok": true}', after=20), UncertainError, "did not answer within", None),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("quick")
def test_what_can_go_wrong_with_a_message(server, tmp_path, reply, kind, told, after):
    server.answers("/", reply)
    with pytest.raises(HookError) as caught:
        send(tmp_path, server.address)
    assert type(caught.value) is kind
    assert told in str(caught.value)
    assert caught.value.again_after == after
    assert TOKEN not in repr(caught.value)


def test_nobody_to_send_it_to_is_no_doubt(tmp_path):
    with pytest.raises(HookError, match="cannot be reached: Connection refused") as caught:
        send(tmp_path, f"http://127.0.0.1:{closed_port()}")
    assert type(caught.value) is HookError


@pytest.mark.parametrize("token", ["12345", "bot12345:AAx", "123:AA/../x", "123:AA x"])
def test_a_token_that_is_none_is_not_tried_nor_told(server, tmp_path, token):
    with pytest.raises(HookError, match="TELEGRAM_BOT_TOKEN is no bot's token") as caught:
        send(tmp_path, server.address, token=token)
    assert token not in str(caught.value)
    assert not server.asked


def test_a_token_that_is_missing(server, tmp_path):
    with pytest.raises(MissingSecretError, match="the secret TELEGRAM_BOT_TOKEN is not in the environment"):
        send(tmp_path, server.address, token="")
    assert not server.asked


# IndexNow


def tell_engines(root, server, key=KEY, **settings):
    hook, secrets = opened(
        root, {"kind": "indexnow", "endpoint": f"{server}/indexnow", **settings}, INDEXNOW_KEY=key
    )
    indexnow.tell(hook, POST, secrets, "https://example.org/blog/")


@pytest.mark.parametrize("status", [200, 202])
def test_engines_are_told(server, tmp_path, status):
    server.answers("/indexnow", Reply(status))
    tell_engines(tmp_path, server.address)
    (asked,) = server.asked
    assert asked.headers["content-type"] == "application/json; charset=utf-8"
    assert json.loads(asked.body) == {
        "host": "example.org",
        "key": KEY,
        "keyLocation": f"https://example.org/blog/{KEY}.txt",
        "urlList": ["https://example.org/post/%EC%82%BC%EC%84%B1-a/"],
    }


def test_the_place_of_the_key_can_be_told(server, tmp_path):
    server.answers("/indexnow", Reply())
    tell_engines(tmp_path, server.address, key_location="https://example.org/keys/mine.txt")
    assert json.loads(server.asked[0].body)["keyLocation"] == "https://example.org/keys/mine.txt"


@pytest.mark.parametrize(
    ("reply", "told", "after"),
    [
        (Reply(400), "127.0.0.1 answers 400: the request is not in its form", None),
        (Reply(403), "answers 403: the key is not accepted", None),
        (Reply(422), "answers 422: the address is not one of the key's host", None),
        (Reply(429, b"", {"Retry-After": "120"}), "answers 429: it was asked too often", 120),
        (Reply(429, b"", {"Retry-After": "Thu, 14 May 2026 08:00:00 GMT"}), "answers 429", None),
        (Reply(500, b"x" * 3_000_000), "127.0.0.1 answers 500", None),
        (Reply(307, b"", {"Location": "/elsewhere"}), "answers 307", None),
        (Reply(raw=b"garbage"), "broke off", None),
        (Reply(after=20), "did not answer within", None),
    ],
)
@pytest.mark.usefixtures("quick")
def test_what_can_go_wrong_with_engines(server, tmp_path, reply, told, after):
    server.answers("/indexnow", reply)
    with pytest.raises(HookError) as caught:
        tell_engines(tmp_path, server.address)
    assert type(caught.value) is HookError
    assert told in str(caught.value)
    assert caught.value.again_after == after
    assert KEY not in repr(caught.value)


@pytest.mark.parametrize("key", ["short", "with space 12345", "über-und-über", "a" * 129, "a" * 8 + "\n"])
def test_a_key_that_is_none_is_not_tried(server, tmp_path, key):
    with pytest.raises(HookError, match="INDEXNOW_KEY is no key: 8 to 128"):
        tell_engines(tmp_path, server.address, key=key)
    assert not server.asked


# WebSub


def ping(root, server, post=POST):
    hook, _ = opened(root, {"kind": "websub", "hub": f"{server}/hub?x=1"})
    websub.tell(hook, post)


def test_the_hub_is_told_of_each_feed(server, tmp_path):
    server.answers("/hub", Reply(204))
    ping(tmp_path, server.address)
    assert [(each.method, each.path) for each in server.asked] == [("POST", "/hub?x=1")] * 2
    assert {each.headers["content-type"] for each in server.asked} == {"application/x-www-form-urlencoded"}
    assert [parse_qsl(each.body.decode()) for each in server.asked] == [
        [("hub.mode", "publish"), ("hub.url", feed)] for feed in POST.feeds
    ]


@pytest.mark.parametrize(
    ("replies", "told", "after"),
    [
        (
            [Reply(204), Reply(500)],
            "answers 500 to feed 2 of 2, https://example.org/tags/kospi/feed.xml",
            None,
        ),
        ([Reply(429, b"", {"Retry-After": "7"})], "answers 429 to feed 1 of 2", 7),
        ([Reply(raw=b"?")], r"broke off: BadStatusLine (feed 1 of 2)", None),
    ],
)
def test_what_can_go_wrong_with_a_hub(server, tmp_path, replies, told, after):
    server.answers("/hub", *replies)
    with pytest.raises(HookError) as caught:
        ping(tmp_path, server.address)
    assert told in str(caught.value)
    assert caught.value.again_after == after
    assert len(server.asked) == len(replies)


def test_a_post_in_no_feed(server, tmp_path):
    with pytest.raises(HookError, match="no feed has the post"):
        ping(tmp_path, server.address, replace(POST, feeds=()))
    assert not server.asked


# A program


def program(root, code, *, timeout=20, secrets=(), arguments=(), **environment):
    run = [sys.executable, "-c", code, *arguments]
    hook, found = opened(
        root, {"kind": "command", "run": run, "timeout": timeout, "secrets": list(secrets)}, **environment
    )
    command.run(hook, POST, found, root)


def test_a_program_gets_the_post_as_json_in_the_blogs_folder(tmp_path):
    program(tmp_path, "import sys, pathlib; pathlib.Path('got').write_bytes(sys.stdin.buffer.read())")
    assert json.loads((tmp_path / "got").read_text(encoding="utf-8")) == {
        "kind": "published",
        "publish": "20260514T074000Z-0a1b2c3d",
        "title": TITLE,
        "address": "https://example.org/post/삼성-a/",
        "guid": "https://example.org/post/a/",
        "description": "What it says.",
        "tags": ["kospi", "foreign-selling"],
        "language": "en",
        "date": "2026-05-14T16:30:00+09:00",
        "session": "2026-05-14",
        "file": "content/post/a/index.en.md",
    }


def test_no_shell_reads_its_arguments(tmp_path):
    code = "import sys, pathlib; pathlib.Path('got').write_text(sys.argv[1])"
    program(tmp_path, code, arguments=["$HOME; `touch x` *"])
    assert (tmp_path / "got").read_text(encoding="utf-8") == "$HOME; `touch x` *"


def test_a_program_that_fails_is_shown_without_secrets(tmp_path):
    code = (
        "import os, sys; print('\\n'.join(map(str, range(99))), flush=True);"
        "print(os.environ['PIN'], file=sys.stderr); sys.exit(3)"
    )
    with pytest.raises(HookError, match=r"ended with exit code 3$") as caught:
        program(tmp_path, code, secrets=["PIN"], PIN=TOKEN)
    lines = caught.value.detail.splitlines()
    assert (len(lines), lines[0], lines[-2:]) == (20, "80", ["98", "[PIN]"])
    assert TOKEN not in f"{caught.value!r}"


def test_a_program_gets_the_secrets_that_are_named_and_no_other(tmp_path, monkeypatch):
    monkeypatch.delenv("PIN", raising=False)
    code = "import os, json; json.dump(dict(os.environ), open('got', 'w'))"
    hook = {"kind": "command", "run": [sys.executable, "-c", code], "secrets": ["PIN"]}
    write_config(tmp_path / "blog", "https://example.org/", secrets="../own", hooks=[hook])
    (tmp_path / "own").write_text("PIN=one\nOTHER=two\n", encoding="utf-8")
    config = load(tmp_path / "blog")
    command.run(config.settings.publish.hooks[0], POST, Secrets(config), config.root)
    got = json.loads((tmp_path / "blog" / "got").read_text(encoding="utf-8"))
    assert (got["PIN"], "OTHER" in got) == ("one", False)
    assert got["HOME"] == os.environ["HOME"]


def test_a_program_that_lacks_a_secret_is_not_started(tmp_path):
    with pytest.raises(MissingSecretError, match="the secret PIN"):
        program(tmp_path, "open('got', 'w')", secrets=["PIN"])
    assert not (tmp_path / "got").exists()


def test_a_program_that_is_not_there(tmp_path):
    hook, secrets = opened(tmp_path, {"kind": "command", "run": ["./no-such-thing"]})
    with pytest.raises(HookError, match="cannot start no-such-thing: no such program"):
        command.run(hook, POST, secrets, tmp_path)


def test_a_program_that_a_signal_ends(tmp_path):
    with pytest.raises(HookError, match="was ended by signal 9"):
        program(tmp_path, "import os; os.kill(os.getpid(), 9)")


def test_a_program_that_takes_too_long_is_stopped_with_all_that_it_started(tmp_path):
    hook, secrets = opened(
        tmp_path, {"kind": "command", "run": ["sh", "-c", "sleep 60 & echo $! >pid; wait"], "timeout": 1}
    )
    with pytest.raises(HookError, match="did not finish within 1 s and was stopped"):
        command.run(hook, POST, secrets, tmp_path)
    pid = int((tmp_path / "pid").read_text(encoding="utf-8"))
    for _ in range(500):
        if not is_running(pid):
            return
        time.sleep(0.01)
    pytest.fail("what it started goes on")


def is_running(pid):
    """Whether a process is there and not only waiting to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2][0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_what_a_program_leaves_running_keeps_nobody_waiting(tmp_path):
    hook, secrets = opened(tmp_path, {"kind": "command", "run": ["sh", "-c", "sleep 60 & echo $! >pid"]})
    command.run(hook, POST, secrets, tmp_path)
    pid = int((tmp_path / "pid").read_text(encoding="utf-8"))
    assert is_running(pid)
    os.kill(pid, 9)


def test_a_program_may_talk_without_end_and_need_not_listen(tmp_path):
    code = "import sys; sys.stdout.write('x' * 3_000_000); sys.stdout.write('the end'); sys.exit(1)"
    arguments = [sys.executable, "-c", code]
    done = run_fed(
        arguments, "y" * 3_000_000, cwd=tmp_path, timeout=20, environment=os.environ, name="talker"
    )
    assert (done.code, len(done.stdout), done.stdout[-7:]) == (1, 64 * 1024, "the end")
    with pytest.raises(TooSlowError):
        run_fed(["sleep", "9"], "", cwd=tmp_path, timeout=0.1, environment=os.environ, name="sleep")
