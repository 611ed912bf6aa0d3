"""Feeds of a blog in a folder, from posts to files and back."""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
import xml.etree.ElementTree as ET
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import feedparser
import pytest
from feeds_blog import make, run, sound, states, write

from generator import files, goldmark
from generator.cli import main
from generator.errors import ConfigError
from generator.feeds.run import SHELF

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT.parent / "shared" / "market" / "reference-feed.xml"


def read(root: Path, path: str):
    return feedparser.parse((root / "feeds" / path).read_bytes())


def titles(root: Path, path: str) -> list[str]:
    return [entry.title for entry in read(root, path).entries]


def snapshot(root: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.relative_to(root / "feeds").as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in (root / "feeds").rglob("*")
        if path.is_file()
    }


def test_which_feeds_there_are(tmp_path):
    root = make(tmp_path)
    write(root, "a", tags=["KOSPI", "반도체"], categories=["Daily Market"], series=["Daily Wrap"])
    write(root, "a", "ko", tags=["KOSPI"])
    write(root, "b", draft=True, tags=["hidden"])
    run(root)
    assert sorted(snapshot(root)) == [
        "categories/daily-market/feed.xml",
        "feed.xml",
        "feeds.opml",
        "ko/feed.xml",
        "ko/subscribe/index.html",
        "ko/tags/kospi/feed.xml",
        "series/daily-wrap/feed.xml",
        "subscribe/index.html",
        "tags/kospi/feed.xml",
        "tags/반도체/feed.xml",
    ]
    assert read(root, "ko/tags/kospi/feed.xml").feed.title == "KOSPI · Market Notes"
    assert read(root, "tags/kospi/feed.xml").feed.title == "KOSPI on Market Notes"
    assert (
        read(root, "tags/반도체/feed.xml").feed.link
        == "https://example.org/tags/%EB%B0%98%EB%8F%84%EC%B2%B4/"
    )
    assert read(root, "ko/feed.xml").feed.language == "ko-KR"
    sound(root)


def test_which_terms_by_number_page_and_list(tmp_path):
    root = make(tmp_path, {"minimum_posts": 2, "allow": ["Rare"], "deny": ["Common"], "groups": ["tags"]})
    page = root / "content" / "tags" / "known" / "_index.md"
    page.parent.mkdir(parents=True)
    page.write_text("---\ntitle: Known Thing\ndescription: What it is.\n---\n", encoding="utf-8")
    write(root, "a", tags=["rare", "common", "known", "single", "double"])
    write(root, "b", tags=["common", "double"])
    run(root)
    made = [path for path in snapshot(root) if path.endswith(".xml")]
    assert sorted(made) == ["tags/double/feed.xml", "tags/known/feed.xml", "tags/rare/feed.xml"]
    assert read(root, "tags/known/feed.xml").feed.title == "Known Thing on Market Notes"
    assert read(root, "tags/known/feed.xml").feed.subtitle == "What it is."


def test_any_taxonomy_of_the_site_may_have_feeds(tmp_path, capsys):
    taxonomies = {"tag": "tags", "theme": "themes", "country": "countries"}
    chosen = {"groups": ["tags", "themes"], "text": {"themes": "summary"}, "when_empty": "empty"}
    root = make(tmp_path, chosen, taxonomies=taxonomies)
    path = write(root, "a", themes=["AI & Chips"], countries=["Korea"])
    run(root)
    made = sorted(path for path in snapshot(root) if path.endswith(".xml"))
    assert made == ["tags/kospi/feed.xml", "themes/ai--chips/feed.xml"]
    assert read(root, made[1]).feed.title == "AI & Chips on Market Notes"
    assert read(root, made[1]).entries[0].summary == "About a."
    assert "<h2>themes</h2>" in (root / "feeds/subscribe/index.html").read_text(encoding="utf-8")
    sound(root)
    write(root, "b", day="2026-05-15", themes=["AI & Chips"], tags=["x"])
    assert states(run(root, "changed")).keys() >= {"themes/ai--chips/feed.xml"}
    (root / "content/post/b/index.en.md").unlink()
    path.write_text(path.read_text(encoding="utf-8").replace("- AI & Chips", "- Other"), encoding="utf-8")
    assert states(run(root, "changed"))["themes/ai--chips/feed.xml"] == "changed"
    assert titles(root, made[1]) == []
    make(tmp_path, {"groups": ["tags", "topics"]}, taxonomies=taxonomies)
    assert main(["-C", str(root), "feeds"]) == 2
    told = capsys.readouterr().err
    assert "'topics', which is no taxonomy of the site; there are site, tags, " in told


def test_newest_first_by_moment_then_slug_and_no_more_than_asked_for(tmp_path):
    root = make(tmp_path, {"items": 4, "archives": "off"})
    for slug, day in (("b", ""), ("d", "2026-05-12"), ("c", ""), ("e", "2026-05-15"), ("a", "")):
        write(root, slug, day=day)
    run(root)
    assert titles(root, "feed.xml") == ["Title of e", "Title of c", "Title of b", "Title of a"]


def test_a_new_post_with_8_tags_rewrites_exactly_its_feeds(tmp_path):
    root = make(tmp_path)
    tags = [f"tag-{number}" for number in range(12)]
    write(root, "a", tags=tags, categories=["Daily"], series=["Wrap"])
    write(root, "a", "ko", tags=tags)
    run(root)
    before = snapshot(root)
    for scope in ("all", "changed"):
        assert states(run(root, scope)) == {}
    assert snapshot(root) == before
    write(root, "b", tags=tags[:8], day="2026-05-15", categories=["Daily"])
    told = states(run(root, "changed", write=False))
    assert snapshot(root) == before
    expected = {"feed.xml", "categories/daily/feed.xml", *(f"tags/{tag}/feed.xml" for tag in tags[:8])}
    assert told == dict.fromkeys(expected, "changed")
    assert states(run(root, "changed")) == told
    after = snapshot(root)
    assert {path for path in after if after[path][0] != before[path][0]} == expected
    assert {path for path in after if after[path][1] != before[path][1]} == expected
    assert states(run(root)) == {}
    sound(root)


def everything(root: Path) -> dict[str, tuple[bytes, int]]:
    """All files of the blog, with their times, but for what can be made again."""
    return {
        path.relative_to(root).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in root.rglob("*")
        if path.is_file() and ".marketpost" not in path.parts
    }


@pytest.mark.parametrize("option", ["--all", "--changed"])
def test_so_does_the_command_and_touches_nothing_else(tmp_path, option):
    root = make(tmp_path, {"items": 3, "archives": "off"})
    tags = [f"tag-{number}" for number in range(12)]
    for slug in "acde":
        write(
            root, slug, tags=tags, categories=["Daily"], series=["Wrap"], body="[b](/post/b/) [a](/post/a/)"
        )
        write(root, slug, "ko", tags=tags)
    assert main(["-C", str(root), "-q", "feeds", "--all"]) == 0
    new = write(root, "b", tags=tags[:8], day="2026-05-15", categories=["Daily"])
    before = everything(root)
    for _ in range(2):
        assert main(["-C", str(root), "-q", "feeds", option]) == 0
        after = everything(root)
        touched = {path for path in after if after[path] != before.get(path)}
        expected = {"feed.xml", "categories/daily/feed.xml", *(f"tags/{tag}/feed.xml" for tag in tags[:8])}
        assert touched == {f"feeds/{path}" for path in expected}
    assert before[new.relative_to(root).as_posix()] == after[new.relative_to(root).as_posix()]
    assert after.keys() == before.keys()


def test_a_post_is_rendered_once_however_many_feeds_and_runs(tmp_path, monkeypatch):
    root = make(tmp_path)
    write(root, "a", tags=["x", "y"])
    rendered: list[str] = []
    real = goldmark.render
    monkeypatch.setattr(goldmark, "render", lambda text, *more: rendered.append(text) or real(text, *more))
    run(root)
    run(root)
    write(root, "b", tags=["x"])
    run(root)
    assert rendered == ["Body of **a**.\n", "Body of **b**.\n"]


def test_what_is_kept_gives_the_same_bytes_as_what_is_made(tmp_path):
    root = make(tmp_path)
    write(root, "a", tags=["x", "y"])
    write(root, "b", tags=["x"])
    run(root)
    before = {path: content for path, (content, _) in snapshot(root).items()}
    (root / ".marketpost" / SHELF).unlink()
    run(root)
    assert {path: content for path, (content, _) in snapshot(root).items()} == before


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"x" * 5000])
def test_a_broken_shelf_is_made_anew(tmp_path, content):
    root = make(tmp_path)
    write(root, "a")
    (root / ".marketpost").mkdir(exist_ok=True)
    (root / ".marketpost" / SHELF).write_bytes(content)
    assert "tags/kospi/feed.xml" in states(run(root))
    assert states(run(root)) == {}


def test_why_each_file_is_written(tmp_path):
    root = make(tmp_path, {"groups": ["tags"]})
    first = write(root, "a")
    run(root)
    path = root / "feeds" / "tags" / "kospi" / "feed.xml"

    def why() -> tuple[str, ...]:
        return next(each.reasons for each in run(root).outcomes if each.path == "tags/kospi/feed.xml")

    write(root, "b")
    assert why() == ("new: content/post/b/index.en.md",)
    write(root, "b", body="Other.")
    assert why() == ("changed: content/post/b/index.en.md",)
    first.unlink()
    assert why() == ("left: content/post/a/index.en.md",)
    path.write_bytes(path.read_bytes().replace(b"Other", b"Wrong"))
    assert why() == ("another hand changed the file",)
    path.unlink()
    assert why() == ("there was no such file",)
    make(root, {"groups": ["tags"]}, title="Other Notes")
    assert why() == ("what the feed says of itself changed: its title, a setting, an archive",)
    assert why() == ()


def test_years_that_left_the_feed_are_in_archives_that_stay(tmp_path):
    root = make(tmp_path, {"items": 2, "groups": ["site"], "archives": "full"})
    for year in (2023, 2025, 2026):
        for month in (1, 2, 3):
            write(root, f"p-{year}-{month}", day=f"{year}-{month:02}-10")
    run(root)
    sound(root)

    def links(path: str) -> dict[str, str]:
        return {link.rel: link.href.rpartition("/")[2] for link in read(root, path).feed.links[1:]}

    assert titles(root, "feed.xml") == ["Title of p-2026-3", "Title of p-2026-2"]
    assert links("feed.xml") == {"self": "feed.xml", "prev-archive": "feed-2026.xml"}
    assert links("feed-2026.xml") == {
        "self": "feed-2026.xml", "current": "feed.xml", "prev-archive": "feed-2025.xml",
    }  # fmt: skip
    assert links("feed-2025.xml") == {
        "self": "feed-2025.xml", "current": "feed.xml", "prev-archive": "feed-2023.xml",
        "next-archive": "feed-2026.xml",
    }  # fmt: skip
    assert titles(root, "feed-2025.xml") == [f"Title of p-2025-{month}" for month in (3, 2, 1)]
    before = snapshot(root)
    write(root, "p-2026-4", day="2026-04-10")
    run(root)
    after = snapshot(root)
    assert {path for path in after if after[path] != before[path]} == {"feed.xml", "feed-2026.xml"}
    # A correction of an old post changes the archive it is in, and nothing else.
    write(root, "p-2023-1", day="2023-01-10", corrections=[{"date": "2026-06-01", "note": "x"}])
    text = (
        (root / "content/post/p-2023-1/index.en.md")
        .read_text(encoding="utf-8")
        .replace("'2026-06-01'", "2026-06-01")
    )
    (root / "content/post/p-2023-1/index.en.md").write_text(text, encoding="utf-8")
    assert states(run(root)) == {"feed-2023.xml": "changed"}
    assert "Correction, 2026-06-01" in read(root, "feed-2023.xml").entries[-1].summary


def test_a_reader_that_follows_the_archives_finds_every_post_once(tmp_path):
    root = make(tmp_path, {"items": 2, "groups": ["site"]})
    every = {f"p-{number}" for number in range(9)}
    for number, slug in enumerate(sorted(every)):
        write(root, slug, day=f"{2022 + number // 2}-05-{number + 10}")
    run(root)
    found, path = set(), "feed.xml"
    while path:
        parsed = read(root, path)
        found |= {entry.link.split("/")[-2] for entry in parsed.entries}
        path = next((x.href.rpartition("/")[2] for x in parsed.feed.links if x.rel == "prev-archive"), "")
    assert found == every


def test_json_feeds_name_their_archives_and_hold_what_the_others_hold(tmp_path):
    root = make(
        tmp_path, {"items": 2, "groups": ["site"], "json_feed": True, "archives": "full", "max_kib": 64}
    )
    for number in range(7):
        write(root, f"p-{number}", day=f"{2022 + number // 2}-05-{number + 10}", body='"words" ' * 3000)
    run(root)
    path, seen, found = "feed.json", [], set()
    while path:
        told = json.loads((root / "feeds" / path).read_bytes())
        assert [each["url"] for each in told["items"]] == [
            entry.link for entry in read(root, path.replace(".json", ".xml")).entries
        ]
        found |= {each["url"] for each in told["items"]}
        seen.append(path)
        path = told.get("next_url", "").rpartition("/")[2]
        links = {link.rel: link.href for link in read(root, seen[-1].replace(".json", ".xml")).feed.links}
        assert path.removesuffix(".json") == links.get("prev-archive", "").rpartition("/")[2][:-4]
    assert len(found) == 7
    assert len(seen) > 4
    assert states(run(root)) == {}
    sound(root)


def test_feeds_name_the_hub_that_is_told_of_them_and_archives_do_not(tmp_path):
    settings = {"items": 1, "groups": ["site"], "json_feed": True, "minimum_posts": 1}
    root = make(tmp_path, settings)
    for year in (2025, 2026):
        write(root, f"p-{year}", day=f"{year}-05-14")
    run(root)
    before = snapshot(root)
    hooks = [{"kind": "websub", "hub": f"https://hub.example/?a=1&b={name}"} for name in "xyx"]
    named = [{**hook, "name": f"hub-{number}"} for number, hook in enumerate(hooks)]
    make(tmp_path, params={"marketpost": {"feeds": settings, "publish": {"hooks": named}}})
    assert states(run(root, "changed")) == {"feed.xml": "changed", "feed.json": "changed"}
    sound(root)
    hubs = [hook["hub"] for hook in hooks[:2]]
    assert [link.href for link in read(root, "feed.xml").feed.links if link.rel == "hub"] == hubs
    told = json.loads((root / "feeds" / "feed.json").read_bytes())
    assert told["hubs"] == [{"type": "WebSub", "url": hub} for hub in hubs]
    make(tmp_path, settings)
    run(root, "changed")
    assert {path: content for path, (content, _) in snapshot(root).items()} == {
        path: content for path, (content, _) in before.items()
    }


def test_a_feed_stays_below_its_size_and_older_items_go_to_parts_of_the_archive(tmp_path):
    root = make(tmp_path, {"max_kib": 64, "groups": ["site"], "archives": "full"})
    for number in range(6):
        write(root, f"p-{number}", day=f"2026-05-{number + 10}", body="words " * 3000)
    run(root)
    assert titles(root, "feed.xml") == ["Title of p-5", "Title of p-4"]
    assert titles(root, "feed-2026.xml") == ["Title of p-1", "Title of p-0"]
    assert titles(root, "feed-2026-2.xml") == ["Title of p-3", "Title of p-2"]
    assert all(len(content) <= 64 * 1024 for content, _ in snapshot(root).values())
    before = snapshot(root)
    write(root, "p-6", day="2026-05-20")
    run(root)
    after = snapshot(root)
    assert {path for path in after if after[path] != before.get(path)} == {"feed.xml", "feed-2026-3.xml"} | {
        "feed-2026-3.xml"
    }
    sound(root)


def test_a_guid_survives_title_slug_domain_and_https(tmp_path):
    root = make(tmp_path)
    path = write(root, "a", guid="http://old.example.com/p/a/")
    write(root, "b")
    run(root)
    assert {entry.id for entry in read(root, "feed.xml").entries} == {
        "http://old.example.com/p/a/", "https://example.org/post/b/",
    }  # fmt: skip
    text = path.read_text(encoding="utf-8").replace("Title of a", "New\nslug: new")
    path.write_text(text, encoding="utf-8")
    make(root, baseURL="https://new.example.com/")
    run(root)
    moved = next(entry for entry in read(root, "feed.xml").entries if "old" in entry.id)
    assert moved.id == "http://old.example.com/p/a/"
    assert moved.link == "https://new.example.com/post/new/"
    sound(root)


def test_a_correction_keeps_the_guid_and_shows_a_dated_note(tmp_path):
    root = make(tmp_path, {"json_feed": True})
    path = write(root, "a", language="ko")
    run(root)
    before = read(root, "ko/feed.xml").entries[0]
    text = path.read_text(encoding="utf-8").replace(
        "tags:", "corrections:\n- {date: 2026-05-20, note: The <flow> was & is wrong.}\ntags:"
    )
    path.write_text(text, encoding="utf-8")
    run(root)
    after = read(root, "ko/feed.xml").entries[0]
    assert after.id == before.id
    assert after.summary.startswith(
        "<p><strong>정정, 2026-05-20:</strong> The &lt;flow&gt; was &amp; is wrong.</p>"
    )
    assert read(root, "ko/feed.xml").feed.updated == "Wed, 20 May 2026 00:00:00 +0900"
    found = json.loads((root / "feeds/ko/feed.json").read_bytes())["items"][0]
    assert found["date_modified"] == "2026-05-20T00:00:00+09:00"
    assert found["date_published"] == "2026-05-14T16:30:00+09:00"
    sound(root)


def test_author_image_copyright_and_lifetime(tmp_path):
    root = make(tmp_path, {"author": "Kim", "author_email": "kim@example.org", "ttl": 30}, copyright="© Kim")
    (root / "static").mkdir()
    (root / "static" / "far.jpg").write_bytes(b"x" * 7)
    bundled = write(root, "a", author="Lee")
    (bundled.parent / "b.png").write_bytes(b"x" * 5)
    (bundled.parent / "a.svg").write_bytes(b"x")
    (bundled.parent / "chart one.png").write_bytes(b"x" * 9)
    write(root, "b", day="2026-05-13", image="chart one.png")
    write(root, "c", day="2026-05-12", images=["/far.jpg"])
    write(root, "d", day="2026-05-11", image="https://cdn.example.org/x.webp?w=1")
    write(root, "e", day="2026-05-10", image="/../config.yaml")
    named = write(root, "f", day="2026-05-09", image="chart one.png")
    (named.parent / "chart one.png").write_bytes(b"x" * 9)
    run(root)
    parsed = read(root, "feed.xml")
    assert parsed.feed.rights == "© Kim"
    assert parsed.feed.ttl == "30"
    images = [[(x.href, x.length, x.type) for x in entry.enclosures] for entry in parsed.entries]
    assert images == [
        [("https://example.org/post/a/b.png", "5", "image/png")],
        [],
        [("https://example.org/far.jpg", "7", "image/jpeg")],
        [("https://cdn.example.org/x.webp?w=1", "0", "image/webp")],
        [],
        [("https://example.org/post/f/chart%20one.png", "9", "image/png")],
    ]
    assert [entry.author for entry in parsed.entries[:2]] == ["Lee", "kim@example.org (Kim)"]
    sound(root)


def test_lists_of_all_feeds_change_only_with_them(tmp_path):
    root = make(tmp_path)
    write(root, "a", tags=["A & <B>"])
    write(root, "a", "ko")
    run(root)
    body = ET.fromstring((root / "feeds/feeds.opml").read_bytes()).find("body")  # noqa: S314 - our own bytes
    assert body is not None
    assert {each.get("xmlUrl") for each in body.iter("outline") if each.get("xmlUrl")} == {
        "https://example.org/feed.xml",
        "https://example.org/tags/a--b/feed.xml",
        "https://example.org/ko/feed.xml",
        "https://example.org/ko/tags/kospi/feed.xml",
    }
    page = (root / "feeds/ko/subscribe/index.html").read_text(encoding="utf-8")
    assert '<html lang="ko">' in page
    assert (
        '<li><a type="application/rss+xml" href="https://example.org/ko/tags/kospi/feed.xml">kospi</a></li>'
        in page
    )
    before = snapshot(root)
    write(root, "b", tags=["A & <B>"])
    run(root)
    assert snapshot(root)["feeds.opml"] == before["feeds.opml"]
    write(root, "c", tags=["new"])
    assert states(run(root, "changed"))["feeds.opml"] == "changed"


WRONG_LISTS = {
    "not well-formed": ("feeds.opml", "</opml>", "", "XML 1.0, 2.1"),
    "another version": ("feeds.opml", 'version="2.0"', 'version="1.0"', "OPML 2.0, opml: version"),
    "no title": ("feeds.opml", "<title>Market Notes</title>", "", "OPML 2.0, head: title"),
    "no text": ("feeds.opml", 'text="kospi"', "", "OPML 2.0, outline: text"),
    "a feed that is not there": ("feeds.opml", "kospi/feed", "gone/feed", "Lists: feeds that are there"),
    "a feed left out": ("feeds.opml", 'type="rss" text="kospi"', 'text="kospi"', "Lists: all feeds"),
    "one's own machine": ("feeds.opml", "https://example.org", "http://localhost:1313", "OPML 2.0, xmlUrl"),
    "not closed": ("ko/subscribe/index.html", "</ul>", "", "HTML, 13.1.2"),
    "relative": ("subscribe/index.html", "https://example.org/tags", "/tags", "Lists: absolute addresses"),
    "a feed less": (
        "ko/subscribe/index.html", "example.org/ko/tags", "example.org/tags", "Lists: all feeds",
    ),
    "no page": ("ko/subscribe/index.html", None, "", "Lists: all feeds"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_LISTS)
def test_the_check_finds_what_is_wrong_with_a_list(tmp_path, name, capsys):
    file, right, wrong, clause = WRONG_LISTS[name]
    root = make(tmp_path)
    write(root, "a")
    write(root, "a", "ko")
    run(root)
    sound(root)
    path = root / "feeds" / file
    if right is None:
        path.unlink()
    else:
        text = path.read_text(encoding="utf-8")
        assert right in text
        path.write_text(text.replace(right, wrong), encoding="utf-8")
    assert main(["-C", str(root), "feeds", "--check"]) == 1
    assert f"[{clause}" in capsys.readouterr().out


def test_a_term_that_loses_its_last_post_loses_its_feed(tmp_path):
    root = make(tmp_path, {"items": 1, "json_feed": True})
    path = write(root, "a", tags=["x", "y"])
    write(root, "b", day="2025-01-01", tags=["x", "y"])
    run(root)
    mine = root / "feeds/tags/y/feed-notes.xml"
    mine.write_text("mine", encoding="utf-8")
    for file in (path, root / "content/post/b/index.en.md"):
        file.write_text(file.read_text(encoding="utf-8").replace("- y\n", ""), encoding="utf-8")
    gone = {key for key, state in states(run(root, "changed")).items() if state == "removed"}
    names = ("feed.xml", "feed.json", "feed-2025.xml", "feed-2025.json")
    assert gone == {f"tags/y/{name}" for name in names}
    assert mine.exists()
    path.unlink()
    (root / "content/post/b/index.en.md").unlink()
    write(root, "c", tags=["z"])
    assert states(run(root))["tags/x/feed.xml"] == "removed"
    assert not (root / "feeds/tags/x").exists()


def test_or_serves_an_empty_one(tmp_path):
    root = make(tmp_path, {"when_empty": "empty"})
    path = write(root, "a", tags=["x", "y"])
    run(root)
    path.write_text(path.read_text(encoding="utf-8").replace("- y\n", ""), encoding="utf-8")
    assert states(run(root, "changed"))["tags/y/feed.xml"] == "changed"
    assert titles(root, "tags/y/feed.xml") == []
    assert states(run(root)) == {}
    sound(root)


def test_files_that_are_not_ours_are_left_alone(tmp_path):
    root = make(tmp_path)
    write(root, "a", tags=["x"])
    for path in ("tags/x/feed.xml", "tags/gone/feed.xml", "feeds.opml"):
        (root / "feeds" / path).parent.mkdir(parents=True, exist_ok=True)
        (root / "feeds" / path).write_text("<rss>mine</rss>", encoding="utf-8")
    report = run(root)
    assert states(report)["tags/x/feed.xml"] == "refused"
    assert {problem.file for problem in report.problems} == {"feeds/tags/x/feed.xml", "feeds/feeds.opml"}
    for path in ("tags/x/feed.xml", "tags/gone/feed.xml", "feeds.opml"):
        assert (root / "feeds" / path).read_text(encoding="utf-8") == "<rss>mine</rss>"


BAD_TERMS = {
    "an empty name": ("''", "has an empty name"),
    "nothing": ("null", "has an empty name"),
    "blanks": ("'  '", "has an empty name"),
    "a number": ("2026", "is a int to YAML"),
    "a date": ("2026-05-13", "is a timestamp to YAML"),
    "300 characters": ("반" * 300, "is too long for an address"),
    "a way up": ("../x", "makes no address of its own"),
    "a list": ("[a, b]", "is no name of a term"),
}


@pytest.mark.parametrize("name", BAD_TERMS)
def test_a_term_that_is_none_is_told_with_its_line_and_others_go_on(tmp_path, name, capsys):
    written, message = BAD_TERMS[name]
    root = make(tmp_path)
    write(root, "b", tags=["good"])
    path = root / "content/post/a/index.en.md"
    path.parent.mkdir(parents=True)
    path.write_text(
        f"---\ntitle: A\ndate: 2026-05-13T16:30:00+09:00\ntags:\n  - good\n  - {written}\n---\n\nx\n",
        encoding="utf-8",
    )
    for _ in range(2):  # told again until it is mended
        assert main(["-C", str(root), "feeds"]) == 1
        told = capsys.readouterr().err
        assert f"content/post/a/index.en.md:6, column tags: {message}" in told
        assert "Traceback" not in told
    assert titles(root, "tags/good/feed.xml") == ["Title of b", "A"]


def test_a_post_that_cannot_be_read_leaves_its_feeds_as_they_are(tmp_path):
    root = make(tmp_path)
    path = write(root, "a", tags=["x", "y"])
    write(root, "b", tags=["z"])
    run(root)
    before = snapshot(root)
    path.write_text(path.read_text(encoding="utf-8").replace("tags:", "tags: ["), encoding="utf-8")
    write(root, "b", tags=["z"], body="Other.")
    for scope in ("changed", "all"):
        report = run(root, scope)
        assert [problem.file for problem in report.problems] == ["content/post/a/index.en.md"]
    after = snapshot(root)
    assert {path for path in after if after[path] != before[path]} == {"tags/z/feed.xml"}
    assert after.keys() == before.keys()


def test_a_post_of_the_future_waits(tmp_path):
    root = make(tmp_path)
    write(root, "a")
    write(root, "b", day="2027-01-01")
    now = datetime(2026, 6, 1, tzinfo=timezone(timedelta(hours=9)))
    report = run(root, now=now)
    assert titles(root, "feed.xml") == ["Title of a"]
    (problem,) = report.problems
    assert (problem.file, problem.line) == ("content/post/b/index.en.md", 2)
    assert "future" in problem.message
    assert run(root, "changed", now=now + timedelta(days=365)).problems == ()
    assert titles(root, "feed.xml") == ["Title of b", "Title of a"]


def test_a_post_of_5_mb_is_given_in_short(tmp_path):
    root = make(tmp_path)
    write(root, "a", body=("words " * 100 + "\n\n") * 8500)
    write(root, "b", day="2026-05-13")
    for _ in range(2):
        report = run(root)
        (problem,) = [each for each in report.problems if "too large for a feed" in each.message]
        assert problem.file == "content/post/a/index.en.md"
    assert [entry.summary for entry in read(root, "feed.xml").entries] == [
        "About a.", "<p>Body of <strong>b</strong>.</p>",
    ]  # fmt: skip
    sound(root)


def test_a_folder_of_feeds_that_cannot_be_written(tmp_path, capsys):
    root = make(tmp_path)
    write(root, "a")
    (root / "feeds").write_text("a file where the folder should be", encoding="utf-8")
    assert main(["-C", str(root), "feeds"]) == 1
    told = capsys.readouterr().err
    assert "feeds/feed.xml: cannot be written" in told
    assert "Traceback" not in told


def test_one_file_that_cannot_be_written_keeps_no_other_from_it(tmp_path):
    root = make(tmp_path)
    write(root, "a", tags=["x", "y"])
    (root / "feeds" / "tags").mkdir(parents=True)
    (root / "feeds" / "tags" / "x").write_text("in the way", encoding="utf-8")
    report = run(root)
    assert [problem.file for problem in report.problems] == ["feeds/tags/x/feed.xml"]
    assert titles(root, "tags/y/feed.xml") == ["Title of a"]
    (root / "feeds" / "tags" / "x").unlink()
    assert states(run(root)) == {"tags/x/feed.xml": "new"}


def test_a_full_disk_leaves_earlier_feeds_whole(tmp_path):
    root = make(tmp_path)
    write(root, "a", tags=["x", "y"])
    run(root)
    before = snapshot(root)
    write(root, "b", tags=["x", "y"], body="words " * 20_000)
    done = subprocess.run(
        [sys.executable, "-m", "generator", "-C", str(root), "feeds"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000)),
    )
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert snapshot(root) == before
    assert run(root).problems == ()
    assert titles(root, "tags/x/feed.xml") == ["Title of b", "Title of a"]


def test_a_disk_without_room_is_not_tried_again(tmp_path, monkeypatch):
    root = make(tmp_path)
    write(root, "a", tags=["x", "y"])
    tried: list[Path] = []

    def full(path: Path, _: bytes) -> bool:
        if root / "feeds" in path.parents:
            tried.append(path)
        raise OSError(28, os.strerror(28), str(path))

    monkeypatch.setattr(files, "write", full)
    report = run(root)
    assert len(tried) == 1
    assert [problem.message for problem in report.problems] == ["cannot be written: No space left on device"]


def test_feeds_that_point_at_ones_own_machine_are_not_made(tmp_path, capsys):
    root = make(tmp_path, baseURL="http://localhost:1313/")
    write(root, "a")
    with pytest.raises(ConfigError, match="baseURL"):
        run(root)
    assert main(["-C", str(root), "feeds"]) == 2
    assert "baseURL is http://localhost:1313/" in capsys.readouterr().err


def test_the_command_says_what_it_did(tmp_path, capsys):
    root = make(tmp_path)
    write(root, "a", tags=["x"])
    assert main(["-C", str(root), "feeds", "--dry-run"]) == 0
    assert not (root / "feeds").exists()
    assert "Feeds: 4 written, 0 unchanged, 0 removed, largest " in capsys.readouterr().out
    assert main(["-C", str(root), "feeds", "--tag", "X", "--explain"]) == 0
    out = capsys.readouterr().out
    assert "new      feeds/tags/x/feed.xml\n           there was no such file" in out
    assert not (root / "feeds" / "feed.xml").exists()
    assert main(["-C", str(root), "feeds", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["written"], told["unchanged"], told["removed"]) == (1, 3, 0)
    assert {each["state"] for each in told["files"]} == {"new", "same"}
    assert main(["-C", str(root), "feeds", "--check"]) == 0
    assert capsys.readouterr().out == "4 files checked, 0 findings\n"
    (root / "feeds/feed.xml").write_text("<rss/>", encoding="utf-8")
    assert main(["-C", str(root), "feeds", "--check", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["findings"][0]["file"] == "feed.xml"
    assert main(["-C", str(root), "feeds", "--tag", "nothing"]) == 2
    assert main(["-C", str(root), "feeds", "--all", "--check"]) == 2


def test_a_generated_post_keeps_the_address_it_was_first_published_under(blog):
    assert main(["-C", str(blog), "-q", "post", "2026-05-13", "--no-site"]) == 0
    (path,) = (blog / "content" / "post").rglob("index.en.md")
    guid = f"https://example.org/post/{path.parent.name}/"
    assert f"guid: {guid}\n" in path.read_text(encoding="utf-8")
    config = blog / "config.yaml"
    moved = config.read_text(encoding="utf-8").replace("https://example.org/", "https://new.example.com/")
    config.write_text(moved, encoding="utf-8")
    assert main(["-C", str(blog), "-q", "post", "2026-05-13", "--no-site"]) == 0
    (entry,) = read(blog, "feed.xml").entries
    assert (entry.id, entry.link) == (guid, f"https://new.example.com/post/{path.parent.name}/")
    sound(blog)


def test_every_page_names_its_feeds_and_a_post_its_corrections(blog):
    note = {"date": date(2026, 5, 20), "note": "The <flow> was wrong."}
    write(blog, "a", tags=["kospi"], categories=["Daily Market"], series=["Daily Wrap"], corrections=[note])
    write(blog, "a", "ko", tags=["kospi"])
    assert main(["-C", str(blog), "-q", "feeds"]) == 0
    assert main(["-C", str(blog), "-q", "site"]) == 0

    def heads(path: str) -> list[str]:
        page = (blog / "public" / path).read_text(encoding="utf-8")
        return re.findall(
            r'<link rel="alternate" type="application/rss\+xml" title="[^"]+" href="([^"]+)">', page
        )

    assert heads("index.html") == heads("404.html") == heads("post/index.html") == ["/feed.xml"]
    assert heads("ko/index.html") == ["/ko/feed.xml"]
    assert heads("tags/kospi/index.html") == ["/feed.xml", "/tags/kospi/feed.xml"]
    assert heads("post/a/index.html") == [
        "/feed.xml",
        "/tags/kospi/feed.xml",
        "/categories/daily-market/feed.xml",
        "/series/daily-wrap/feed.xml",
    ]
    page = (blog / "public/post/a/index.html").read_text(encoding="utf-8")
    assert "2026-05-20</time>:</strong> The &lt;flow&gt; was wrong.</p>" in page
    assert '<a href="/subscribe/">Subscribe</a>' in page
    for path in ("feed.xml", "ko/feed.xml", "subscribe/index.html", "ko/subscribe/index.html", "feeds.opml"):
        assert (blog / "public" / path).read_bytes() == (blog / "feeds" / path).read_bytes()


SURROUNDINGS = [
    {"TZ": "Asia/Seoul", "LC_ALL": "ko_KR.UTF-8", "PYTHONHASHSEED": "1"},
    {"TZ": "America/New_York", "LC_ALL": "C", "PYTHONHASHSEED": "2"},
]


def test_same_bytes_in_any_zone_locale_and_hash_order(tmp_path):
    made = []
    for number, changes in enumerate(SURROUNDINGS):
        root = make(tmp_path / str(number), {"json_feed": True})
        for slug in "cabd":
            write(root, slug, tags=["v-reversal", "kosdaq-lag", "반도체"])
        subprocess.run(
            [sys.executable, "-m", "generator", "-C", str(root), "-q", "feeds"],
            env={**os.environ, "PYTHONPATH": str(ROOT), **changes},
            check=True,
        )
        made.append({path: content for path, (content, _) in snapshot(root).items()})
    assert made[0] == made[1]
    assert len(made[0]) == 10


def test_importing_feeds_loads_nothing_heavy():
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import generator.feeds.run;"
        "print(sorted({'bs4', 'lxml', 'feedgen', 'pandas', 'exchange_calendars'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(ROOT)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference feed is not beside the repository")
def test_the_tag_feed_of_the_reference_session_lacks_nothing(tmp_path, calendar_cache):
    """Element by element: whatever the reference has in a place, ours has too, and attributes with it."""
    root = tmp_path / "blog"
    assert main(["-C", str(tmp_path), "-q", "init", "blog"]) == 0
    for path in calendar_cache.iterdir():
        if path.is_file():
            (root / ".marketpost").mkdir(exist_ok=True)
            (root / ".marketpost" / path.name).write_bytes(path.read_bytes())
    assert main(["-C", str(root), "-q", "post", "2026-05-13", "--no-site"]) == 0
    sound(root)
    theirs = ET.fromstring(REFERENCE.read_bytes())  # noqa: S314 - a file of the project's
    ours = ET.fromstring((root / "feeds/tags/large-cap-compression/feed.xml").read_bytes())  # noqa: S314 - ours
    assert places(theirs) <= places(ours)
    assert ours.attrib["version"] == theirs.attrib["version"]
    item, their_item = ours.find("channel/item"), theirs.find("channel/item")
    assert item is not None
    assert their_item is not None
    for name in ("title", "link", "pubDate", "guid", "description"):
        assert (item.findtext(name) or "").strip(), name
    assert item.findtext("guid") == item.findtext("link")
    told, their = (found.findtext("description") or "" for found in (item, their_item))
    elements = {name: len(re.findall(rf"<{name}[ >]", their)) for name in set(re.findall(r"<(\w+)", their))}
    missing = {name for name in elements if not re.search(rf"<{name}[ >]", told)}
    assert not missing - {"pre", "code"}, missing  # their table of the day stands as preformatted text
    assert len(told) > 0.5 * len(their)


def places(root: ET.Element) -> set[str]:
    """Each element by its way from the root, and each attribute; a namespace by its address."""
    found: set[str] = set()

    def walk(element: ET.Element, way: str) -> None:
        here = f"{way}/{element.tag}"
        found.add(here)
        found.update(f"{here}@{name}" for name in element.attrib)
        for child in element:
            walk(child, here)

    walk(root, "")
    return found
