"""Each rule has a feed that breaks it, and nothing else finds anything in the feed it was made of."""

from __future__ import annotations

import json

import pytest
from feed_cases import at

from generator.feeds import json_feed, rss
from generator.feeds.profile import Finding, check, check_folder
from generator.feeds.records import Author, Channel, Item, Picture

CHANNEL = Channel(
    title="Notes",
    address="https://example.org/",
    feed_address="https://example.org/feed-2025.xml",
    description="Sessions.",
    language="en",
    author=Author("Kim", "kim@example.org"),
    ttl=60,
    archive=True,
    current="https://example.org/feed.xml",
    previous="https://example.org/feed-2024.xml",
    following="https://example.org/feed-2026.xml",
)
ITEMS = [
    Item(
        title=f"Title {day}",
        address=f"https://example.org/post/{day}/",
        guid=f"https://example.org/post/{day}/",
        published=at(day),
        modified=at(day),
        summary="About it.",
        html='<p><a href="https://example.org/">x</a></p>',
        author=Author("Kim", "kim@example.org"),
        picture=Picture("https://example.org/a.png", 1, "image/png"),
        categories=("a", "b"),
    )
    for day in (15, 14)
]
GOOD = rss.whole(CHANNEL, ITEMS, "both").decode()
GOOD_JSON = json_feed.joined(CHANNEL, [json_feed.item_part(each, "full") for each in ITEMS]).decode()


def clauses(text: str, file: str = "feed.xml") -> list[str]:
    return [each.clause for each in check(text.encode(), file)]


def test_a_good_feed_breaks_no_rule():
    assert clauses(GOOD) == []
    assert clauses(GOOD_JSON, "feed.json") == []


BROKEN = {
    "no XML": ("<rss", "<r ss", "XML 1.0, 2.1"),
    "a control character": ("Title 15", "Title &#1;", "XML 1.0, 2.1"),
    "a style sheet": ("<rss", "<?xml-stylesheet href='x.xsl'?><rss", "Profile: no style sheets"),
    "another version": ('version="2.0"', 'version="0.91"', "RSS, What is RSS?: version"),
    "no title": ("<title>Notes</title>", "", "RSS, Required channel elements: title"),
    "no description": (
        "<description>Sessions.</description>",
        "",
        "RSS, Required channel elements: description",
    ),
    "no link": ("<link>https://example.org/</link>", "", "RSS, Required channel elements: link"),
    "a local link": (
        "<link>https://example.org/</link>",
        "<link>http://localhost:1313/</link>",
        "RSS, Required channel elements: link",
    ),
    "two titles": (
        "<title>Notes</title>",
        "<title>Notes</title><title>N</title>",
        "Profile, title: at most one",
    ),
    "an unknown element": ("<ttl>60</ttl>", "<updated>1</updated>", "RSS, Elements: the channel's"),
    "a language": (">en<", ">English language<", "RSS, Optional channel elements: language"),
    "an editor": (
        "kim@example.org (Kim)</managingEditor>",
        "Kim</managingEditor>",
        "Profile, managingEditor",
    ),
    "a lifetime": ("<ttl>60</ttl>", "<ttl>an hour</ttl>", "RSS, ttl"),
    "docs": ("http://www.rssboard.org/rss-specification", "rss", "RSS, Optional channel elements: docs"),
    "no link to itself": ('rel="self"', 'rel="via"', "Profile, atom:link: rel self"),
    "a relative link": (
        'href="https://example.org/feed-2024.xml"',
        'href="/feed-2024.xml"',
        "Profile, atom:link: href",
    ),
    "no type": (' type="application/rss+xml"', "", "Profile, atom:link: type"),
    "no current": ('rel="current"', 'rel="related"', "RFC 5005, 4: current"),
    "two before": ('rel="next-archive"', 'rel="prev-archive"', "RFC 5005, 4: prev-archive"),
    "before itself": ("/feed-2024.xml", "/feed-2025.xml", "RFC 5005, 4: prev-archive"),
    "after a feed": ("<fh:archive/>", "", "RFC 5005, 4: next-archive"),
    "complete": ("<fh:archive/>", "<fh:archive/><fh:complete/>", "RFC 5005, 2 and 4"),
    "built before": (
        "<lastBuildDate>Fri, 15 May 2026",
        "<lastBuildDate>Thu, 14 May 2026",
        "RSS, lastBuildDate",
    ),
    "a Korean date": ("<pubDate>Fri, 15 May", "<pubDate>금, 15 5월", "RSS, pubDate: RFC 822"),
    "another weekday": ("<pubDate>Fri, 15 May", "<pubDate>Mon, 15 May", "RFC 822, 5.1"),
    "a doubled guid": (
        'true">https://example.org/post/14/',
        'true">https://example.org/post/15/',
        "RSS, guid sub-element of item: unique",
    ),
    "oldest first": ("<pubDate>Thu, 14 May", "<pubDate>Sat, 16 May", "Profile, item: newest first"),
    "a title of two lines": ("Title 14", "Title\n14", "Profile, item title: plain text"),
    "an element of no item": ("<category>a</category>", "<summary>a</summary>", "RSS, Elements of item"),
    "a link to nowhere": (
        "<link>https://example.org/post/14/</link>",
        "<link>post/14/</link>",
        "RSS, Elements of item: link",
    ),
    "a guid of neither kind": ('isPermaLink="true"', 'isPermaLink="yes"', "RSS, guid: isPermaLink"),
    "a guid that is none": (
        '<guid isPermaLink="true">https://example.org/post/14/',
        '<guid isPermaLink="true">14',
        "RSS, guid: isPermaLink",
    ),
    "an author's name": ("<author>kim@example.org (Kim)", "<author>Kim", "Profile, author"),
    "a length": ('length="1"', 'length="1 KB"', "RSS, enclosure: length"),
    "a type": ('type="image/png"', 'type="png"', "RSS, enclosure: type"),
    "an image's address": ('url="https://example.org/a.png"', 'url="a.png"', "RSS, enclosure: url"),
    "a script": (
        "&lt;p&gt;",
        "&lt;script&gt;x&lt;/script&gt;&lt;p&gt;",
        "Profile, content:encoded: what aggregators strip",
    ),
    "a style": ("&lt;p&gt;", "&lt;p style='x'&gt;", "Profile, content:encoded: what aggregators strip"),
    "a relative address": (
        'href="https://example.org/"&gt;',
        'href="/x/"&gt;',
        "Profile, content:encoded: absolute",
    ),
    "a relative set": ("&lt;p&gt;", '&lt;img srcset="a.png 2x"&gt;', "Profile, content:encoded: absolute"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_each_rule_finds_what_breaks_it(name):
    before, after, clause = BROKEN[name]
    assert before in GOOD
    found = clauses(GOOD.replace(before, after))
    assert any(each.startswith(clause) for each in found), found


def test_items_lack_nothing():
    import re  # noqa: PLC0415 - here only

    for name, clause in (("guid", "Profile, guid"), ("pubDate", "Profile, pubDate")):
        assert clause in " ".join(clauses(re.sub(rf"<{name}.*?</{name}>", "", GOOD)))
    without = re.sub(r"<description>.*?</description>", "", GOOD).replace(
        "<title>Notes", "<description>d</description><title>Notes"
    )
    assert (
        clauses(without) == ["Profile, content:encoded"] * 2
        or "Profile, content:encoded" in clauses(without)[0]
    )


def test_more_than_readers_take():
    assert clauses(GOOD.replace("Sessions.", "x" * 1_100_000))[0].startswith("Profile: readers' limits")


def test_bytes_that_are_no_text():
    assert check(GOOD.encode().replace(b"Sessions", b"\xff"), "feed.xml")[0].clause.startswith(
        "XML 1.0, 4.3.3"
    )


BROKEN_JSON = {
    "version": ({"version": "1"}, "Top-level: version"),
    "no title": ({"title": None}, "Top-level: title"),
    "a local address": ({"feed_url": "http://localhost/feed.json"}, "Top-level: feed_url"),
    "an unknown name": ({"colour": "red"}, "Top-level: known names"),
    "an extension": ({"_mine": 1}, "Extensions"),
    "authors": ({"authors": [{}]}, "authors"),
    "items that are none": ({"items": [1]}, "Items: objects"),
}
BROKEN_ITEMS = {
    "no id": ({"id": ""}, "Items: id is required"),
    "no content": ({"content_html": ""}, "Items: content_html or content_text"),
    "a date": ({"date_published": "2026-05-14"}, "Items: date_published in RFC 3339"),
    "an address": ({"url": "post/x"}, "Items: url"),
    "a number": ({"title": 1}, "Items: title"),
    "tags": ({"tags": [1]}, "Items: tags"),
    "an id twice": ({"id": "https://example.org/post/14/"}, "Items: id is unique"),
}


@pytest.mark.parametrize("name", BROKEN_JSON)
def test_each_rule_of_json_feed(name):
    changes, clause = BROKEN_JSON[name]
    found = clauses(json.dumps({**json.loads(GOOD_JSON), **changes}), "feed.json")
    assert any(clause in each for each in found), found


@pytest.mark.parametrize("name", BROKEN_ITEMS)
def test_each_rule_of_a_json_feeds_items(name):
    changes, clause = BROKEN_ITEMS[name]
    feed = json.loads(GOOD_JSON)
    feed["items"][0].update(changes)
    found = clauses(json.dumps(feed), "feed.json")
    assert any(clause in each for each in found), found


def test_what_is_no_json():
    assert (
        clauses("{", "feed.json") == clauses("[]", "feed.json") == ["JSON Feed 1.1, Structure: a JSON object"]
    )


def test_a_folder_is_checked_whole(tmp_path):
    (tmp_path / "tags" / "x").mkdir(parents=True)
    (tmp_path / "feed.xml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "tags" / "x" / "feed-2025.xml").write_text(GOOD.replace(">en<", "><"), encoding="utf-8")
    (tmp_path / "tags" / "x" / "feed.json").write_text(GOOD_JSON, encoding="utf-8")
    told: list[tuple[int, int]] = []
    count, findings = check_folder(tmp_path, lambda done, total: told.append((done, total)))
    assert count == 3
    assert told[-1] == (2, 3)
    assert findings == (
        Finding(
            "tags/x/feed-2025.xml",
            "channel",
            "RSS, Optional channel elements: language",
            "'' is no language code",
        ),
    )
    assert str(findings[0]).startswith("tags/x/feed-2025.xml: channel: '' is no language code [RSS")
