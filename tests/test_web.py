"""Asking over HTTP, of servers on this machine that behave in every way a server can."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading

import pytest
from hook_cases import Reply, service

from generator import web


@pytest.fixture(scope="module")
def running():
    with service() as made:
        yield made


@pytest.fixture
def server(running):
    running.reset()
    return running


def ask(address, **options):
    return web.ask(address, agent="marketpost/test", **options)


def test_an_answer_is_one_whatever_its_status(server):
    for status in (200, 204, 302, 404, 429, 500, 503):
        server.answers("/x", Reply(status, b"", {"X-Told": "yes"}))
        answer = ask(f"{server.address}/x")
        assert (answer.status, answer.headers["x-told"]) == (status, "yes")
        assert answer.is_fine == (status < 300)


def test_what_is_sent(server):
    server.answers("/x", Reply())
    ask(f"{server.address}/x?q=한", method="POST", data=b"{}", kind="application/json")
    (asked,) = server.asked
    assert (asked.method, asked.path, asked.body) == ("POST", "/x?q=%ED%95%9C", b"{}")
    assert asked.headers["user-agent"] == "marketpost/test"
    assert asked.headers["content-type"] == "application/json"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_when_asked_to(server, status):
    server.answers("/old", Reply(status, b"x" * 100, {"Location": "/new/?a=b c"}))
    server.answers("/new", Reply(200, b"here"))
    assert ask(f"{server.address}/old").status == status
    assert ask(f"{server.address}/old", follow=True).body == b"here"


@pytest.mark.parametrize("place", ["ftp://127.0.0.1/x", "file:///etc/passwd", "data:,x", "http://[x"])
def test_redirects_lead_to_http_only(server, place):
    server.answers("/old", Reply(302, b"", {"Location": place}))
    with pytest.raises(web.NoAnswerError) as caught:
        ask(f"{server.address}/old", follow=True)
    assert caught.value.why == "refused"
    assert "passwd" not in str(caught.value)


def test_redirects_end(server):
    server.answers("/round", Reply(302, b"", {"Location": "/round"}))
    with pytest.raises(web.NoAnswerError, match="more than 5 times"):
        ask(f"{server.address}/round", follow=True)
    assert len(server.asked) == 5


def test_no_more_is_read_than_is_wanted(server):
    server.answers("/huge", Reply(200, b"y" * 3_000_000))
    assert len(ask(f"{server.address}/huge").body) == web.MOST
    assert ask(f"{server.address}/huge", most=3).body == b"yyy"


def test_a_server_that_does_not_answer_is_left(server):
    server.answers("/slow", Reply(200, b"late", after=30))
    with pytest.raises(web.NoAnswerError, match=r"did not answer within 0\.2 s") as caught:
        ask(f"{server.address}/slow", seconds=0.2)
    assert (caught.value.why, caught.value.was_asked) == ("slow", True)


def test_a_server_that_drips_is_left(server):
    server.answers("/drip", Reply(200, b"z" * 100, pieces=100, after=0.1))
    with pytest.raises(web.NoAnswerError, match=r"within 0\.6 s"):
        ask(f"{server.address}/drip", seconds=0.2)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff garbage\r\n\r\n",
        b"HTTP/1.1 two hundred\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200,
    ],
)
def test_garbage_is_no_answer(server, raw):
    server.answers("/x", Reply(raw=raw))
    with pytest.raises(web.NoAnswerError) as caught:
        ask(f"{server.address}/x")
    assert (caught.value.why, caught.value.was_asked) == ("broken", True)


def test_of_a_body_that_breaks_off_there_is_what_came(server):
    server.answers("/x", Reply(200, b"half", {"Content-Length": "1000"}))
    assert ask(f"{server.address}/x").body == b"half"


def test_nobody_there():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(
        web.NoAnswerError, match=rf"127\.0\.0\.1:{port} cannot be reached: Connection refused"
    ) as caught:
        ask(f"http://127.0.0.1:{port}/bot-of-nobody/x")
    assert (caught.value.why, caught.value.was_asked) == ("unreached", False)
    with pytest.raises(web.NoAnswerError, match=r"nowhere\.invalid has no address") as caught:
        ask("http://nowhere.invalid/x")
    assert caught.value.why == "nowhere"


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/a\nb", "http://[::1/secret", "ftp://h/secret", "http:///secret", "x"]
)
def test_what_is_no_address_is_not_repeated(address):
    with pytest.raises(web.NoAnswerError) as caught:
        ask(address)
    told = "".join(f"{each!r} {each}" for each in (caught.value, caught.value.__cause__))
    assert "secret" not in told
    assert not caught.value.was_asked


def test_a_charset_is_followed(server):
    server.answers(
        "/x", Reply(200, "코스피".encode("cp949"), {"Content-Type": 'text/html; charset="EUC-KR"'})
    )
    assert ask(f"{server.address}/x").text == "코스피"
    for name in ("none-such", "hex", "idna", "punycode", ""):
        server.answers("/x", Reply(200, "코스피".encode(), {"Content-Type": f"text/html; charset={name}"}))
        assert ask(f"{server.address}/x").text == "코스피"


def test_proxies_are_those_of_the_environment_and_none_for_this_machine(server, monkeypatch):
    monkeypatch.setenv("http_proxy", server.address)
    monkeypatch.setenv("no_proxy", "127.0.0.1")  # does not matter: the address decides
    server.answers("http://far.invalid/x", Reply(200, b"by proxy"))
    assert ask("http://far.invalid/x").body == b"by proxy"
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy")
    server.answers("/x", Reply(200, b"direct"))
    assert ask(f"{server.address}/x").body == b"direct"


@pytest.mark.skipif(not shutil.which("openssl"), reason="makes a certificate with openssl")
def test_certificates_are_checked(tmp_path):
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [shutil.which("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-keyout", key, "-out", certificate, *names],
        check=True, capture_output=True, timeout=30,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    heard = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            connection, _ = listening.accept()
            with connection:
                try:
                    with context.wrap_socket(connection, server_side=True) as secure:
                        heard.append(secure.recv(1000))
                except ssl.SSLError:
                    heard.append(b"")

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(web.NoAnswerError, match="certificate is not good") as caught:
            ask(f"https://127.0.0.1:{listening.getsockname()[1]}/secret", method="POST", data=b"secret")
        thread.join()
    assert heard == [b""]
    assert not caught.value.was_asked
