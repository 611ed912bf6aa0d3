"""From a delivered publish to hooks that are done once: real HTTP, real programs, and a made clock."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hook_cases import (
    AT,
    KEY,
    TITLE,
    TOKEN,
    Clock,
    Reply,
    guid_of,
    happened,
    page,
    published,
    service,
    states,
    write_config,
    write_post,
)

from generator.cli import main
from generator.config import load
from generator.console import Output
from generator.hooks.run import after_publish, left, settle
from generator.hooks.standing import TRIES
from generator.hooks_command import as_data, tell
from generator.lock import claimed, exclusive
from generator.publish.ledger import read

FINE = Reply(200, b'{"ok": true, "result": {}}')
APPEND = "import sys, pathlib; pathlib.Path('told').open('ab').write(sys.stdin.buffer.read())"


@pytest.fixture(scope="module")
def running():
    with service() as made:
        yield made


@pytest.fixture(scope="module")
def kept(running, tmp_path_factory):
    """A blog with a post and a hook of each kind: what Hugo says of it is asked once."""
    root = tmp_path_factory.mktemp("hooks") / "blog"
    hooks = [
        {"kind": "command", "run": [sys.executable, "-c", APPEND]},
        {"kind": "indexnow", "endpoint": f"{running.address}/indexnow"},
        {"kind": "websub", "hub": f"{running.address}/hub"},
        {"kind": "telegram", "chat": "@notes", "server": running.address},
    ]
    write_config(root, f"{running.address}/blog/", hooks=hooks, wait=60, secrets="../secrets")
    for slug in ("a", "b"):
        write_post(root, slug)
    # One feed has the post, and one whose newest items are others.
    feed = "<rss><guid>{}</guid><guid>{}</guid></rss>".format(guid_of("a"), guid_of("b"))
    (root / "feeds" / "feed.xml").write_text(feed, encoding="utf-8")
    return root


@pytest.fixture
def blog(kept, running, monkeypatch):
    """The blog with an empty ledger, and services that are content."""
    for path in (*kept.glob("ledger/*"), kept / "told", kept.parent / "secrets"):
        path.unlink(missing_ok=True)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("INDEXNOW_KEY", KEY)
    running.reset()
    for path, reply in (("/blog/post/", page()), ("/indexnow", FINE), ("/hub", FINE), ("/bot", FINE)):
        running.answers(path, reply)
    return kept


@pytest.fixture
def clock():
    return Clock(AT + dt.timedelta(minutes=1))


ALL = ("command", "indexnow", "websub", "telegram")


def run(root, clock, **options):
    return after_publish(load(root), now=clock.now, hold=nullcontext, sleep=clock.sleep, **options)


def without_waiting(root):
    config = load(root)
    settings = config.settings
    publish = settings.publish.model_copy(update={"wait": 0})
    return config.model_copy(update={"settings": settings.model_copy(update={"publish": publish})})


# All is well


def test_each_hook_is_run_once_and_remembered(blog, running, clock):
    name = published(blog, "a", *load(blog).settings.publish.hooks_by_name)
    said = []
    report = run(blog, clock, progress=said.append)
    assert report.is_well
    assert [(each.hook, each.state) for each in report.ran] == [(each, "done") for each in ALL]
    assert (report.left, report.not_live, clock.slept) == ((), (), [])
    assert running.paths() == ["/blog/post/a/", "/indexnow", "/hub", f"/bot{TOKEN}/sendMessage"]
    told = json.loads((blog / "told").read_text(encoding="utf-8"))
    assert (told["publish"], told["address"]) == (name, f"{running.address}/blog/post/a/")
    assert said[0] == f"Asking for {running.address}/blog/post/a/"
    kinds = [(each.kind, each.data.get("state")) for each in read(blog / "ledger")][6:]
    assert kinds == [("live", None), *[("hook", "started"), ("hook", "done")] * 4]
    running.asked.clear()
    assert run(blog, clock).ran == ()
    assert running.asked == []
    assert len((blog / "told").read_text(encoding="utf-8").splitlines()) == 1


def test_a_feed_that_does_not_have_the_post_is_not_told_of(blog, running, clock):
    def told_of(slug):
        running.asked.clear()
        published(blog, slug, "websub")
        run(blog, clock)
        pings = [parse_qsl(each.body.decode()) for each in running.asked if each.path == "/hub"]
        return [dict(each)["hub.url"].removeprefix(f"{running.address}/blog/") for each in pings]

    # The tag's feed has b alone.
    assert told_of("a") == ["feed.xml"]
    assert told_of("b") == ["feed.xml", "tags/kospi/feed.xml"]


def test_hooks_that_were_configured_later_are_not_run_for_old_posts(blog, clock):
    published(blog, "a", "telegram")
    assert [each.hook for each in run(blog, clock).ran] == ["telegram"]


def test_a_hook_that_is_no_longer_configured_is_left_out(blog, clock):
    published(blog, "a", "matrix")
    assert run(blog, clock).left == ()


# Live, or not


def test_hooks_wait_for_the_post_with_growing_pauses(blog, running, clock):
    published(blog, "a", "telegram")
    running.answers("/blog/post/a/", Reply(404), Reply(503), Reply(200, b"<title>Old page</title>"), page())
    report = run(blog, clock)
    assert report.is_well
    assert clock.slept == [1.0, 1.5, 2.25]
    assert running.paths() == ["/blog/post/a/"] * 4 + [f"/bot{TOKEN}/sendMessage"]


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply(404), "it answers 404"),
        (Reply(200, b"<h1>This domain is for sale: /post/a/</h1>"), "the page is not the post's"),
        (Reply(204), "it answers 204"),
        (Reply(302, b"", {"Location": "ftp://127.0.0.1/"}), "only http and https"),
        (Reply(302, b"", {"Location": "/blog/post/a/"}), "redirects more than 5 times"),
        (Reply(raw=b"\x16\x03\x01"), "broke off"),
    ],
)
def test_a_post_that_does_not_come_leaves_its_hooks_due(blog, running, clock, reply, told):
    name = published(blog, "a", *ALL)
    running.answers("/blog/post/a/", reply)
    report = run(blog, clock)
    assert not report.is_well
    assert report.ran == ()
    (waiting,) = report.not_live
    assert told in waiting.reason
    assert sum(clock.slept) == pytest.approx(60)
    assert len(clock.slept) < 15
    assert set(states(blog, name).values()) == {"due"}
    running.answers("/blog/post/a/", page())
    assert len(run(blog, clock).ran) == 4


def test_a_redirect_to_the_post_is_the_post(blog, running, clock):
    published(blog, "a", "telegram")
    running.answers("/blog/post/a/", Reply(301, b"", {"Location": "/elsewhere/"}))
    running.answers("/elsewhere/", page())
    assert run(blog, clock).is_well


def test_the_newest_publish_is_asked_for_without_any_hook(blog, running, clock):
    published(blog, "a", at=AT)
    running.answers("/blog/post/a/", Reply(404), page())
    assert run(blog, clock).is_well
    assert [each.kind for each in read(blog / "ledger")][-1] == "live"
    running.asked.clear()
    assert run(blog, clock).is_well
    assert running.asked == []


def test_without_any_hook_a_post_that_does_not_come_is_told(blog, running, clock):
    published(blog, "a", at=AT)
    running.answers("/blog/post/a/", Reply(404))
    report = run(blog, clock)
    assert not report.is_well
    assert [each.reason for each in report.not_live] == ["it answers 404"]


def test_several_posts_share_the_wait_and_do_not_wait_for_each_other(blog, running, clock):
    first, second = (
        published(blog, "a", "telegram"),
        published(blog, "b", "telegram", at=AT + dt.timedelta(1)),
    )
    running.answers("/blog/post/a/", Reply(404))
    report = run(blog, clock)
    assert [each.publish.id for each in report.ran] == [second]
    assert [each.publish.id for each in report.not_live] == [first]
    assert sum(clock.slept) == pytest.approx(60)


def test_a_page_that_leads_astray_says_nothing_of_the_others(blog, running, clock):
    for slug in ("a", "b"):
        published(blog, slug, "telegram")
    running.answers("/blog/post/a/", Reply(302, b"", {"Location": "ftp://127.0.0.1/"}))
    assert [each.publish.id for each in run(blog, clock).ran] == ["p-b"]


def test_a_host_that_is_silent_is_asked_once_a_round(blog, running, clock):
    for slug in ("a", "b"):
        published(blog, slug, "telegram")
    running.answers("/blog/post/", Reply(raw=b""))
    assert len(run(blog, clock).not_live) == 2
    assert set(running.paths()) == {"/blog/post/a/"}


def test_the_wait_ends_although_the_clock_stands_still(blog, running):
    published(blog, "a", "telegram")
    running.answers("/blog/post/a/", Reply(404))
    slept = []
    after_publish(load(blog), now=lambda: AT, hold=nullcontext, sleep=slept.append)
    assert sum(slept) == pytest.approx(60)


def test_without_a_wait_nobody_asks(blog, running, clock):
    published(blog, "a", "telegram")
    running.answers("/blog/post/a/", Reply(404))
    assert after_publish(without_waiting(blog), now=clock.now, hold=nullcontext, sleep=clock.sleep).is_well
    assert running.paths() == [f"/bot{TOKEN}/sendMessage"]


def test_what_was_live_is_not_asked_for_again(blog, running, clock):
    name = published(blog, "a", "telegram")
    happened(blog, name, "live")
    run(blog, clock)
    assert running.paths() == [f"/bot{TOKEN}/sendMessage"]


# Failure


def test_a_hook_that_fails_stops_no_other_and_is_tried_again(blog, running, clock):
    name = published(blog, "a", *ALL)
    running.answers("/indexnow", Reply(403))
    report = run(blog, clock)
    assert states(blog, name) == {
        "command": "done",
        "indexnow": "failed",
        "websub": "done",
        "telegram": "done",
    }
    (standing,) = report.left
    assert (standing.hook, standing.state, standing.tries) == ("indexnow", "failed", 1)
    assert "the key is not accepted" in standing.message
    running.answers("/indexnow", Reply(202))
    assert [(each.hook, each.state) for each in run(blog, clock).ran] == [("indexnow", "done")]
    assert left(load(blog)) == ()


def test_a_hook_that_fails_for_good_is_given_up_until_somebody_asks(blog, running, clock):
    published(blog, "a", "indexnow")
    running.answers("/indexnow", Reply(500))
    for _ in range(TRIES + 2):
        run(blog, clock)
    assert running.paths().count("/indexnow") == TRIES
    assert [(each.state, each.tries) for each in left(load(blog))] == [("given up", TRIES)]
    report = run(blog, clock)
    assert report.is_well  # nothing was tried: it does not spoil every later day
    assert report.left
    running.answers("/indexnow", Reply(200))
    assert run(blog, clock, retry="indexnow").left == ()


def test_a_post_whose_file_is_gone(blog, clock):
    published(blog, "gone", "telegram")
    (standing,) = run(blog, clock).left
    assert standing.message == "its post, content/post/gone/index.en.md, is not there any more"


def test_patience_is_had_as_long_as_there_is_some(blog, running, clock):
    published(blog, "a", "indexnow")
    running.answers("/indexnow", Reply(429, b"", {"Retry-After": "40"}), Reply(200))
    assert run(blog, clock).is_well
    assert clock.slept == [40]
    assert running.paths().count("/indexnow") == 2


def test_more_patience_than_there_is_is_for_another_day(blog, running, clock):
    name = published(blog, "a", "telegram", "indexnow")
    told = {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests",
        "parameters": {"retry_after": 61},
    }
    running.answers("/bot", Reply(429, json.dumps(told).encode()))
    report = run(blog, clock)
    assert clock.slept == []
    assert states(blog, name) == {"telegram": "failed", "indexnow": "done"}
    assert report.left[0].message == "Telegram answers 429: Too Many Requests; it asks for 61 s"


def test_what_cannot_be_written_down_is_not_done(blog, running, clock):
    published(blog, "a", "telegram")
    # A folder where the ledger's next file is written beside its place.
    (blog / "ledger" / ".2026.jsonl.new").mkdir()
    try:
        with pytest.raises(OSError, match="Is a directory"):
            after_publish(without_waiting(blog), now=clock.now, hold=nullcontext, sleep=clock.sleep)
    finally:
        (blog / "ledger" / ".2026.jsonl.new").rmdir()
    assert running.asked == []


def test_a_clock_that_was_set_back_changes_no_order(blog, running):
    early = Clock(AT - dt.timedelta(days=200))  # the ledger's file of another year, which is read first
    name = published(blog, "a", "telegram")
    running.answers("/bot", Reply(400, b'{"ok": false}'))
    after_publish(load(blog), now=early.now, hold=nullcontext, sleep=early.sleep)
    assert states(blog, name) == {"telegram": "failed"}
    assert [path.name for path in (blog / "ledger").iterdir()] == ["2026.jsonl"]


def test_nothing_else_waits_while_hooks_do(blog, running, clock):
    """The lock is not held while pages are asked for, nor while a hook runs."""
    published(blog, "a", "command")
    running.answers("/blog/post/a/", Reply(404), page())
    lock = load(blog).cache / "lock"
    found = []

    def look(_):
        with claimed(lock) as is_free:
            found.append(is_free)

    report = after_publish(
        load(blog), now=clock.now, hold=lambda: exclusive(lock.parent), sleep=look, progress=look
    )
    assert [each.hook for each in report.ran] == ["command"]
    assert found == [True] * 4  # asked, rested, asked, ran


def test_of_two_runs_one_runs_a_hook(blog, running, clock):
    published(blog, "a", "telegram", "command")

    def meanwhile(_):
        for state in ("started", "done"):
            happened(blog, "p-a", "hook", hook="telegram", state=state)

    running.answers("/blog/post/a/", Reply(404), page())
    report = after_publish(load(blog), now=clock.now, hold=nullcontext, sleep=meanwhile)
    assert [each.hook for each in report.ran] == ["command"]
    assert report.left == ()


# Once a post


def test_a_post_that_is_published_again_is_not_announced_again(blog, running, clock):
    published(blog, "a", "telegram")
    run(blog, clock)
    running.asked.clear()
    published(blog, "a", "telegram", "indexnow", publish="second", at=AT + dt.timedelta(1))
    assert [each.hook for each in run(blog, clock).ran] == ["indexnow"]
    assert left(load(blog)) == ()


def test_what_failed_is_run_for_the_newest_publish_alone(blog, running, clock):
    first = published(blog, "a", "indexnow", "websub")
    running.answers("/indexnow", Reply(500))
    run(blog, clock)
    running.answers("/indexnow", Reply(200))
    second = published(blog, "a", "indexnow", "websub", publish="second", at=AT + dt.timedelta(1))
    report = run(blog, clock)
    assert [(each.publish.id, each.hook) for each in report.ran] == [(second, "indexnow")]
    assert states(blog, first)["indexnow"] == "failed"
    assert report.left == ()


def test_what_was_taken_back_or_not_delivered_is_not_announced(blog, running, clock):
    happened(blog, published(blog, "a", "telegram"), "undone")
    published(blog, "b", "telegram", targets=["git", "folder"])
    assert run(blog, clock).left == ()
    assert running.asked == []
    happened(blog, "p-b", "delivered", target="folder")
    assert len(run(blog, clock).ran) == 1
    # What was announced, taken back and published again is known already.
    happened(blog, "p-b", "undone")
    published(blog, "b", "telegram", publish="again", at=AT + dt.timedelta(1))
    assert run(blog, clock).ran == ()


# Nobody knows


def test_a_message_without_an_answer_is_sent_again_only_by_hand(blog, running, clock):
    name = published(blog, "a", "telegram")
    running.answers("/bot", Reply(raw=b""))
    report = run(blog, clock)
    assert states(blog, name) == {"telegram": "unknown"}
    assert [each.state for each in report.left] == ["unknown"]
    running.answers("/bot", FINE)
    assert run(blog, clock).ran == ()
    # Nor for a later publish of the post.
    published(blog, "a", "telegram", publish="second", at=AT + dt.timedelta(1))
    assert run(blog, clock).ran == ()
    assert [each.state for each in run(blog, clock, retry="telegram").ran] == ["done"]
    assert left(load(blog)) == ()


def test_what_was_begun_is_done_again_only_where_that_does_no_harm(blog, clock):
    name = published(blog, "a", *ALL)
    for hook in ALL:
        happened(blog, name, "hook", hook=hook, state="started")
    report = run(blog, clock)
    assert [each.hook for each in report.ran] == ["indexnow", "websub"]
    assert [(each.hook, each.state) for each in report.left] == [
        ("command", "unknown"),
        ("telegram", "unknown"),
    ]


def test_a_person_can_take_it_for_done(blog, clock):
    name = published(blog, "a", "telegram", "command")
    for hook in ("telegram", "command"):
        happened(blog, name, "hook", hook=hook, state="started")
    assert [each.hook for each in settle(load(blog), "telegram", now=clock.now, hold=nullcontext)] == [
        "telegram"
    ]
    assert [each.hook for each in left(load(blog))] == ["command"]
    assert read(blog / "ledger")[-1].data["message"] == "settled by hand"


def test_killed_between_start_and_end(tmp_path, monkeypatch):
    """A real SIGKILL while a program runs: it is not started a second time."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    root = tmp_path / "blog"
    hook = ["sh", "-c", "echo $$ >>begun; exec sleep 60"]
    write_config(root, "https://example.org/", hooks=[{"kind": "command", "run": hook}], wait=0)
    write_post(root, "a")
    name = published(root, "a", "command")
    arguments = [sys.executable, "-m", "generator", "-C", str(root), "hooks"]
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    begun = root / "begun"
    for _ in range(3000):
        if begun.exists() and begun.read_text(encoding="utf-8").endswith("\n"):
            break
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    (pid,) = begun.read_text(encoding="utf-8").split()
    os.kill(int(pid), signal.SIGKILL)
    assert states(root, name) == {"command": "started"}
    again = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=False)
    assert again.returncode == 1
    assert "  unknown   command: " in again.stderr
    assert begun.read_text(encoding="utf-8").split() == [pid]


# The command line


@pytest.fixture
def call(blog, capsys):
    def run_it(*arguments):
        code = main(["-C", str(blog), "hooks", *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return run_it


def test_the_command_runs_what_is_due(blog, call):
    published(blog, "a", *ALL)
    code, out, err = call()
    assert (code, err) == (0, "")
    assert out.splitlines()[:4] == [f"  done      {each}: {TITLE}" for each in ALL]
    assert out.endswith("Nothing is left to be done.\n")
    assert call("--quiet") == (0, "", "")


def test_a_dry_run_asks_runs_and_writes_nothing(blog, running, call):
    published(blog, "a", "telegram")
    before = (blog / "ledger" / "2026.jsonl").read_bytes()
    code, out, err = call("--dry-run")
    assert (code, out) == (1, "")
    assert err == f"  due       telegram: {TITLE}\n            `marketpost hooks` runs it\n"
    assert (running.asked, (blog / "ledger" / "2026.jsonl").read_bytes()) == ([], before)


def test_what_failed_is_told_with_what_to_do(blog, running, call):
    published(blog, "a", "command", "indexnow", "telegram")
    running.answers("/indexnow", Reply(422))
    running.answers("/bot", Reply(raw=b""))
    code, out, err = call()
    assert (code, out) == (1, f"  done      command: {TITLE}\n")
    assert f"  failed    indexnow: {TITLE}\n" in err
    assert (
        "422: the address is not one of the key's host or folder\n            `marketpost hooks` tries" in err
    )
    assert "then `marketpost hooks --retry telegram`, or `--settle telegram`" in err
    code, out, _ = call("--settle", "telegram")
    assert (code, out) == (1, "1 settled\n")  # indexnow is left
    running.answers("/indexnow", FINE)
    assert call()[0] == 0


@pytest.mark.parametrize("hooks", [("telegram",), ()])
def test_a_post_that_is_not_live_is_told(blog, call, running, hooks):
    published(blog, "a", *hooks)
    running.answers("/blog/post/a/", Reply(404))
    text = (blog / "config.yaml").read_text(encoding="utf-8")
    (blog / "config.yaml").write_text(text.replace("wait: 60", "wait: 1"), encoding="utf-8")
    try:
        code, out, err = call()
    finally:
        (blog / "config.yaml").write_text(text, encoding="utf-8")
    assert (code, out) == (1, "")
    assert f"  not live  {running.address}/blog/post/a/: it answers 404\n" in err
    assert ("  due       telegram: " in err) == bool(hooks)


def test_the_page_of_the_docs_shows_what_is_said(tmp_path, running, monkeypatch, capsys):
    root, title = tmp_path / "blog", "KOSPI May 14 Record"
    hooks = [
        {"kind": "command", "run": ["./announce.sh", "--short"]},
        {"kind": "indexnow", "endpoint": f"{running.address}/indexnow"},
        {"kind": "websub", "hub": f"{running.address}/hub"},
        {"kind": "telegram", "chat": "@market_notes", "server": running.address},
    ]
    write_config(root, f"{running.address}/", hooks=hooks)
    write_post(root, "a", title)
    (root / "announce.sh").write_text("#!/bin/sh\necho no such room: desk\nexit 3\n", encoding="utf-8")
    (root / "announce.sh").chmod(0o755)
    published(root, "a", *ALL, title=title)
    for path, reply in (
        ("/post/", page(title)),
        ("/indexnow", FINE),
        ("/hub", FINE),
        ("/bot", Reply(502, b"<html>")),
    ):
        running.answers(path, reply)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("INDEXNOW_KEY", KEY)
    assert main(["-C", str(root), "hooks"]) == 1
    said = capsys.readouterr()
    text = (Path(__file__).parents[1] / "docs" / "hooks.md").read_text(encoding="utf-8")
    assert f"```text\n{said.out}{said.err}```" in text
    # And the post as a program gets it, as a program would.
    (sample,) = re.findall(r"^```json\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    (root / "announce.sh").write_text("#!/bin/sh\ncat >told\n", encoding="utf-8")
    assert main(["-C", str(root), "hooks", "--settle", "telegram"]) == 1
    assert main(["-C", str(root), "hooks"]) == 0
    told = json.loads((root / "told").read_text(encoding="utf-8"))
    own = {"publish": "20260514T074000Z-0a1b2c3d", "address": "https://example.org/post/a/"}
    assert list((told | own).items()) == list(json.loads(sample).items())


def test_json_is_all_there_is_on_stdout(blog, running, call):
    name = published(blog, "a", "command", "indexnow")
    running.answers("/indexnow", Reply(403))
    code, out, _ = call("--json")
    data = json.loads(out)
    assert code == 1
    assert [(each["hook"], each["state"]) for each in data["ran"]] == [
        ("command", "done"),
        ("indexnow", "failed"),
    ]
    (standing,) = data["left"]
    assert (standing["publish"], standing["hook"], standing["tries"]) == (name, "indexnow", 1)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--retry", "nope"), "no hook 'nope' in params.marketpost.publish.hooks: command, indexnow, websub"),
        (("--settle", "nope"), "no hook 'nope'"),
        (("--retry", "telegram", "--settle", "telegram"), "exclude each other"),
    ],
)
def test_wrong_usage(call, arguments, told):
    code, out, err = call(*arguments)
    assert (code, out) == (2, "")
    assert told in err


def test_an_open_file_of_secrets_is_told(blog, call, monkeypatch):
    monkeypatch.delenv("TELEGRAM_BOT_TOKEN")
    (blog.parent / "secrets").write_text(f"TELEGRAM_BOT_TOKEN={TOKEN}\n", encoding="utf-8")
    (blog.parent / "secrets").chmod(0o644)
    published(blog, "a", "telegram")
    code, _, err = call()
    assert code == 0
    assert err == "  note: ../secrets: can be read by every user of this machine\n"


# Secrets


def everything(root):
    """What was written anywhere in the blog."""
    return b"".join(path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file())


BAD = (
    Reply(401, f'{{"ok":false,"description":"no bot {TOKEN}"}}'.encode()),
    Reply(302, b"", {"Location": f"http://127.0.0.1:9/bot{TOKEN}/sendMessage"}),
    Reply(302, b"", {"Location": f"ftp://127.0.0.1/bot{TOKEN}/{KEY}"}),
    Reply(403, KEY.encode()),
    Reply(500, f"<html>{TOKEN} {KEY}</html>".encode()),
    Reply(200, f"{TOKEN} {KEY}".encode()),
    Reply(429, f"{TOKEN} {KEY}".encode(), {"Retry-After": TOKEN}),
    Reply(raw=f"HTTP/1.1 {TOKEN} {KEY}\r\n\r\n".encode()),
    Reply(raw=f"{TOKEN} {KEY}".encode()),
    Reply(raw=b""),
    FINE,
)


@pytest.mark.parametrize("where", ["environment", "file"])
def test_no_secret_is_ever_printed_or_written(blog, running, clock, call, capsys, monkeypatch, where):
    if where == "file":
        monkeypatch.delenv("TELEGRAM_BOT_TOKEN")
        monkeypatch.delenv("INDEXNOW_KEY")
        own = blog.parent / "secrets"
        own.write_text(f"TELEGRAM_BOT_TOKEN={TOKEN}\nINDEXNOW_KEY={KEY}\n{TOKEN}\n", encoding="utf-8")
        own.chmod(0o600)
    published(blog, "a", "indexnow", "telegram", "websub")
    config, said = load(blog), []
    for reply in BAD:
        for path in ("/indexnow", "/bot", "/hub"):
            running.answers(path, reply)
        for retry in ("telegram", "indexnow"):
            report = after_publish(
                config, now=clock.now, hold=nullcontext, sleep=clock.sleep, retry=retry, progress=said.append
            )
            for as_json in (False, True):
                out = Output(blog, quiet=False, json=as_json)
                tell(out, report)
                out.result(as_data(report))
            said += [repr(report), *capsys.readouterr()]
    said += call("--retry", "telegram")[1:]
    assert sum(each.path.startswith(f"/bot{TOKEN}") for each in running.asked) > len(BAD)  # it was in use
    assert b'"key": "' + KEY.encode() in b"".join(each.body for each in running.asked)
    told = "".join(said).encode() + everything(blog)
    assert b"telegram" in told
    assert TOKEN.encode() not in told
    assert KEY.encode() not in told
    assert TOKEN.partition(":")[2].encode() not in told
