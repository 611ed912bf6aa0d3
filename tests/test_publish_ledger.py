"""The ledger: events survive, a torn line does not, and two machines' lines join."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import PostError
from generator.publish.ledger import (
    Event,
    append,
    behind,
    grown,
    joined,
    last,
    moment,
    new_id,
    newest,
    published_files,
    publishes,
    read,
    restated,
)

AT = dt.datetime(2026, 5, 14, 7, 30, tzinfo=dt.UTC)
FIRST = {
    "post": "content/post/a/index.en.md",
    "address": "/post/a/",
    "guid": "https://example.org/post/a/",
    "title": '삼성전자, \u2028 "quoted"',
    "session": "2026-05-14",
    "dataset": "ab12",
    "files": {"content/post/a/index.en.md": "0" * 64, "feeds/tags/b/feed.xml": None},
    "targets": ["git", "folder:../www"],
    "note": "kept",
}


def event(kind, minutes=0, publish="p", **data):
    return Event(publish=publish, at=AT + dt.timedelta(minutes=minutes), kind=kind, data=data)


def test_no_ledger_is_an_empty_one(tmp_path):
    assert read(tmp_path / "ledger") == ()


def test_events_come_back_as_they_were_written(tmp_path):
    events = [event("published", **FIRST), event("delivered", 1, target="git"), event("live", 2)]
    append(tmp_path, *events[:2])
    append(tmp_path, events[2])
    assert list(read(tmp_path)) == events
    assert [path.name for path in tmp_path.iterdir()] == ["2026.jsonl"]


def test_a_year_has_its_file(tmp_path):
    later = Event(
        publish="q", at=dt.datetime(2027, 1, 1, 0, 30, tzinfo=dt.timezone(dt.timedelta(hours=9))), kind="live"
    )
    planned = grown(tmp_path, [event("live"), later])
    # 00:30 in Seoul is still the old year in UTC, in which times are kept.
    assert [file.path.name for file in planned] == ["2026.jsonl"]


def test_a_line_that_was_cut_off_is_left_out_and_then_gone(tmp_path):
    append(tmp_path, event("published", **FIRST))
    path = tmp_path / "2026.jsonl"
    path.write_bytes(path.read_bytes() + b'{"publish": "p", "at": "2026-')
    assert [each.kind for each in read(tmp_path)] == ["published"]
    append(tmp_path, event("live"))
    assert [each.kind for each in read(tmp_path)] == ["published", "live"]


@pytest.mark.parametrize(
    "line", ["nonsense", "[]", '{"publish": "p", "at": "2026-05-14", "event": "live"}',
             '{"publish": "p", "at": "2026-05-14T00:00:00+00:00", "event": "eaten"}']
)  # fmt: skip
def test_a_line_that_is_no_event_is_named(tmp_path, line):
    (tmp_path / "2026.jsonl").write_text(f"{event('live').line}\n{line}\n", encoding="utf-8")
    with pytest.raises(PostError) as told:
        read(tmp_path)
    (problem,) = told.value.problems
    assert (problem.file, problem.line) == ("2026.jsonl", 2)


def test_events_add_up():
    (publish,) = publishes(
        [
            event("published", **FIRST),
            event("hook", hook="websub", state="due"),
            event("hook", hook="telegram", state="due"),
            event("delivered", 1, target="git"),
            event("live", 2),
            event("hook", 3, hook="websub", state="started"),
            event("hook", 3, hook="websub", state="failed", message="no route"),
            event("hook", 4, hook="websub", state="started"),
            event("hook", 4, hook="websub", state="done"),
            event("hook", 5, hook="telegram", state="started"),
            event("undone", 6),
        ]
    )
    assert publish.address == "/post/a/"
    assert publish.files["feeds/tags/b/feed.xml"] is None
    assert publish.stated == {"note": "kept"}
    assert not publish.is_delivered
    assert publish.live == AT + dt.timedelta(minutes=2)
    assert {name: (hook.state, hook.tries) for name, hook in publish.hooks.items()} == {
        "websub": ("done", 2), "telegram": ("started", 1),
    }  # fmt: skip
    assert publish.undone == AT + dt.timedelta(minutes=6)


def test_what_a_target_has_yet_to_get():
    first = [event("published", **FIRST), event("delivered", 1, target="git")]
    (one,) = publishes(first)
    assert behind([one], "git") == ()
    assert behind([one], "folder:../www") == (one,)
    assert behind([one], "hugo_deploy") == (one,)  # a target that is new gets the newest
    two, three = publishes([*first, event("published", 2, publish="q", **FIRST)])
    assert behind([two, three], "git") == (three,)
    assert behind([two, three], "hugo_deploy") == (three,)


def test_what_was_taken_back_has_to_be_delivered_again():
    events = [event("published", **FIRST), event("delivered", 1, target="git"), event("undone", 2)]
    (taken_back,) = publishes(events)
    assert not taken_back.has_reached("git")
    assert behind([taken_back], "git") == (taken_back,)
    (told,) = publishes([*events, event("delivered", 3, target="git")])
    assert told.has_reached("git")
    assert (told.delivered["git"], told.recalled["git"]) == tuple(
        AT + dt.timedelta(minutes=m) for m in (1, 3)
    )


def test_of_one_second_the_later_line_is_the_newest():
    known = publishes([event("published", publish=name, **FIRST) for name in "zab"])
    assert [each.id for each in known] == ["z", "a", "b"]
    assert newest(known) is known[-1]
    assert last(known, FIRST["post"]) is known[-1]
    assert last(known, "another") is None
    assert newest(()) is None


def test_files_are_as_the_last_publish_left_them():
    events = [
        event("published", **{**FIRST, "files": {"a": "1", "b": "1", "c": "1"}}),
        event("undone", 1, files={"a": "0", "b": None}),
        event("delivered", 2, target="git"),
    ]
    assert published_files(events) == {"a": "0", "c": "1"}


def test_time_does_not_go_back():
    assert moment([], AT) == AT
    assert moment([event("live", 5)], AT) == AT + dt.timedelta(minutes=5)
    assert moment([event("live", -5)], AT.replace(microsecond=7)) == AT


def test_a_publish_that_is_not_delivered_may_have_changed_more(tmp_path):
    append(tmp_path, event("published", **FIRST), event("published", 1, publish="q", **FIRST))
    content = restated((tmp_path / "2026.jsonl").read_bytes(), "q", {"more": "1"})
    (tmp_path / "2026.jsonl").write_bytes(content)
    one, other = publishes(read(tmp_path))
    assert one.files == FIRST["files"]
    assert other.files == {**FIRST["files"], "more": "1"}


def test_an_id_is_nobody_elses():
    files = {"a": "0"}
    one = new_id(AT, files)
    other = new_id(AT, files, {one})
    assert one != other
    assert other[:17] == one[:17]


def test_ids_tell_the_moment_and_the_files():
    assert new_id(AT, {"a": None}).startswith("20260514T073000Z-")
    assert new_id(AT, {"a": None}) != new_id(AT, {"a": "0"})


@given(st.lists(st.binary(max_size=9)), st.lists(st.binary(max_size=9)))
def test_joining_loses_no_line_and_doubles_none(ours, theirs):
    as_file = [b"".join(line.replace(b"\n", b"") + b"\n" for line in lines) for lines in (ours, theirs)]
    both = joined(*as_file).split(b"\n")[:-1]
    assert set(both) == {line for file in as_file for line in file.split(b"\n")[:-1]}
    assert len(both) == len(set(both))
