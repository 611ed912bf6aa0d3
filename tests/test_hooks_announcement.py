"""What hooks are told of a post is what stands in its file, its address and the feeds that really have it."""

from __future__ import annotations

import datetime as dt

from feeds_blog import make, run, write

from generator.config import load
from generator.hooks.announcement import announcements
from generator.publish.ledger import Publish

AT = dt.datetime(2026, 5, 14, 7, 40, tzinfo=dt.UTC)


def publish(post, address, guid=""):
    return Publish(
        id="p",
        at=AT,
        post=post,
        address=address,
        guid=guid,
        title="",
        session="",
        dataset="",
        files={},
        targets=(),
    )


def announced(root, *which):
    return announcements(load(root), [publish(*each) for each in which])


def test_of_a_korean_post_on_a_site_in_a_folder(tmp_path):
    root = make(
        tmp_path, {"json_feed": True, "groups": ["site", "tags", "categories", "regions"]},
        baseURL="https://example.org/blog/",
        taxonomies={"tag": "tags", "category": "categories", "region": "regions"},
    )  # fmt: skip
    write(
        root, "a", "ko", tags=["kospi", "반도체", "../x"], categories=["Daily & Co"], regions=["Seoul"],
        series=["Wrap"], guid="https://old.example/?a=1&b=<2>", session=dt.date(2026, 5, 14),
    )  # fmt: skip
    write(root, "b", "en")
    run(root)
    guid = "https://old.example/?a=1&b=<2>"
    found = announced(root, ("content/post/a/index.ko.md", "/ko/post/a/", guid))["p"]
    assert (found.title, found.description) == ("Title of a", "About a.")
    assert (found.address, found.guid) == ("https://example.org/blog/ko/post/a/", guid)
    assert (found.language, found.session, found.tags) == (
        "ko",
        dt.date(2026, 5, 14),
        ("kospi", "반도체", "../x"),
    )
    base = "https://example.org/blog/ko/"
    folders = [
        "",
        "tags/kospi/",
        "tags/%EB%B0%98%EB%8F%84%EC%B2%B4/",
        "categories/daily--co/",
        "regions/seoul/",
    ]
    assert list(found.feeds) == [
        f"{base}{folder}feed.{kind}" for folder in folders for kind in ("xml", "json")
    ]


def test_a_feed_that_it_has_left_is_not_named(tmp_path):
    root = make(tmp_path, {"items": 1, "groups": ["site"]})
    write(root, "a", day="2026-05-13")
    write(root, "b")
    run(root)
    old, new = ("content/post/a/index.en.md", "/post/a/"), ("content/post/b/index.en.md", "/post/b/")
    assert announced(root, old)["p"].feeds == ()
    assert announced(root, new)["p"].feeds == ("https://example.org/feed.xml",)


def test_a_post_that_is_gone_is_not_announced(tmp_path):
    root = make(tmp_path)
    assert announced(root, ("content/post/a/index.en.md", "/post/a/")) == {}
