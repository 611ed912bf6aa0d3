from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

import feedparser
import pytest
from feed_cases import KST, at
from hypothesis import given
from hypothesis import strategies as st

from generator.feeds import json_feed, rss
from generator.feeds.profile import check
from generator.feeds.records import Author, Channel, Item, Picture

CHANNEL = Channel(
    title="V-Reversal on Market Notes",
    address="https://example.org/tags/v-reversal/",
    feed_address="https://example.org/tags/v-reversal/feed.xml",
    description="Fell first & rose later.",
    language="en",
)


def item(name: str, **changes: object) -> Item:
    values: dict[str, object] = {
        "title": name,
        "address": f"https://example.org/post/{name}/",
        "guid": f"https://example.org/post/{name}/",
        "published": at(14, 11),
        "modified": at(14, 12),
        "summary": f"About {name} & <b>.",
        "html": f"<p>{name}</p>",
    }
    return Item(**{**values, **changes})  # type: ignore[arg-type]  # a factory's values


def feed(*items: Item, text: str = "full", channel: Channel = CHANNEL) -> bytes:
    parts = [rss.item_part(each, text) for each in items]  # type: ignore[arg-type]  # one of three
    return rss.joined(channel, parts, max((each.modified for each in items), default=None))


WHOLE = item(
    "x",
    categories=("A & B", "반도체"),
    picture=Picture("https://example.org/post/x/a.png", 12, "image/png"),
    author=Author("Kim", "kim@example.org"),
)
CHANNELS = [
    CHANNEL,
    Channel(
        title="한국",
        address="https://example.org/",
        feed_address="https://example.org/feed-2025.xml",
        description="d",
        language="ko-KR",
        author=Author("Kim", "kim@example.org"),
        copyright="© 2026 <b>Kim</b>",
        ttl=60,
        archive=True,
        current="https://example.org/feed.xml",
        previous="https://example.org/feed-2024.xml",
        following="https://example.org/feed-2026.xml",
    ),
]


@pytest.mark.parametrize("text", ["full", "both", "summary"])
@pytest.mark.parametrize("channel", CHANNELS)
def test_joined_parts_are_what_feedgen_gives_for_the_whole(channel, text):
    items = [WHOLE, item("y", author=Author("Lee"), modified=at(20)), item("z", html="]]>&<i>", title="")]
    assert feed(*items, text=text, channel=channel) == rss.whole(channel, items, text)
    assert not check(feed(*items, text=text, channel=channel))


def test_a_whole_feed():
    assert feed(WHOLE).decode() == (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<rss xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/" version="2.0">\n'
        "  <channel>\n"
        "    <title>V-Reversal on Market Notes</title>\n"
        "    <link>https://example.org/tags/v-reversal/</link>\n"
        "    <description>Fell first &amp; rose later.</description>\n"
        '    <atom:link href="https://example.org/tags/v-reversal/feed.xml" rel="self"'
        ' type="application/rss+xml"/>\n'
        "    <docs>http://www.rssboard.org/rss-specification</docs>\n"
        "    <generator>marketpost</generator>\n"
        "    <language>en</language>\n"
        "    <lastBuildDate>Thu, 14 May 2026 12:30:00 +0900</lastBuildDate>\n"
        "    <item>\n"
        "      <title>x</title>\n"
        "      <link>https://example.org/post/x/</link>\n"
        "      <description>&lt;p&gt;x&lt;/p&gt;</description>\n"
        "      <author>kim@example.org (Kim)</author>\n"
        '      <guid isPermaLink="true">https://example.org/post/x/</guid>\n'
        "      <category>A &amp; B</category>\n"
        "      <category>반도체</category>\n"
        '      <enclosure url="https://example.org/post/x/a.png" length="12" type="image/png"/>\n'
        "      <pubDate>Thu, 14 May 2026 11:30:00 +0900</pubDate>\n"
        "    </item>\n"
        "  </channel>\n"
        "</rss>\n"
    )


def test_an_archive_says_what_is_before_and_after():
    made = feed(item("x"), channel=CHANNELS[1])
    parsed = feedparser.parse(made)
    assert {link.rel: link.href for link in parsed.feed.links} == {
        "alternate": "https://example.org/",
        "self": "https://example.org/feed-2025.xml",
        "current": "https://example.org/feed.xml",
        "prev-archive": "https://example.org/feed-2024.xml",
        "next-archive": "https://example.org/feed-2026.xml",
    }
    assert b"<fh:archive/>" in made
    assert "<copyright>© 2026 Kim</copyright>".encode() in made
    assert b"<managingEditor>kim@example.org (Kim)</managingEditor>" in made
    assert b"<ttl>60</ttl>" in made


def test_summary_and_whole_text_stand_apart_where_wanted():
    (both,) = feedparser.parse(feed(item("x"), text="both")).entries
    assert both.summary == "About x &amp; &lt;b&gt;."
    assert both.content[0].value == "<p>x</p>"
    (short,) = feedparser.parse(feed(item("x"), text="summary")).entries
    assert "content" not in short
    (full,) = feedparser.parse(feed(item("x"))).entries
    assert full.summary == "<p>x</p>"


def test_a_name_without_address_is_a_creator():
    assert b"<dc:creator>Lee</dc:creator>" in feed(item("x", author=Author("Lee")))
    assert b"<author>" not in feed(item("x", author=Author("Lee")))


def test_a_guid_that_is_no_longer_the_address_says_so():
    made = feed(item("x", guid="http://old.example.com/p/x/"))
    assert b'<guid isPermaLink="false">http://old.example.com/p/x/</guid>' in made
    assert not check(made)


def test_the_order_is_the_one_given():
    assert [each.title for each in feedparser.parse(feed(item("b"), item("a"), item("c"))).entries] == [
        "b", "a", "c",
    ]  # fmt: skip


def test_what_xml_cannot_hold_is_left_out():
    awkward = "a\x00b\x0bc\x1f\ud800\ufffe\U0001f517]]>&<i>"
    made = feed(item("x", title=awkward, html=f"<p>{awkward}</p>\r\nx\ry", categories=(awkward,)))
    assert "<title>abc\U0001f517]]&gt;&amp;&lt;i&gt;</title>".encode() in made
    assert "&lt;/p&gt;\nx\ny</description>" in made.decode()


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_gives_a_feed_that_parses(title, html):
    for text in ("full", "both", "summary"):
        made = feed(item("x", title=title, html=html, summary=title), text=text)
        assert not feedparser.parse(made).bozo
        assert len(feedparser.parse(made).entries) == 1
    json.loads(json_feed.joined(CHANNEL, [json_feed.item_part(item("x", title=title, html=html), "full")]))


def test_times_without_zone_are_refused():
    with pytest.raises(ValueError, match="timezone"):
        feed(item("x", published=datetime(2026, 5, 14)))  # noqa: DTZ001 - the case


def test_no_date_is_todays():
    stamps = re.findall(rb"\w{3}, \d\d \w{3} \d{4} [\d:]{8} [+-]\d{4}", feed(item("x")))
    assert len(stamps) == 2
    now = datetime.now(KST)
    assert all(abs(parsedate_to_datetime(stamp.decode()) - now) > timedelta(days=1) for stamp in stamps)


def test_an_empty_feed_has_no_date_and_no_item():
    made = feed()
    assert b"<lastBuildDate>" not in made
    assert b"<item>" not in made
    assert not check(made)


def test_dates_keep_their_own_offset():
    new_york = timezone(timedelta(hours=-4))
    made = feed(
        item(
            "x",
            published=datetime(2026, 5, 14, 9, tzinfo=new_york),
            modified=datetime(2026, 5, 15, tzinfo=UTC),
        )
    )
    assert b"<pubDate>Thu, 14 May 2026 09:00:00 -0400</pubDate>" in made


def test_json_feed_holds_the_same():
    made = json_feed.joined(
        CHANNEL, [json_feed.item_part(WHOLE, "full"), json_feed.item_part(item("y"), "summary")]
    )
    found = json.loads(made)
    assert found["version"] == "https://jsonfeed.org/version/1.1"
    assert found["items"][0] == {
        "id": "https://example.org/post/x/",
        "url": "https://example.org/post/x/",
        "title": "x",
        "content_html": "<p>x</p>",
        "summary": "About x & <b>.",
        "date_published": "2026-05-14T11:30:00+09:00",
        "date_modified": "2026-05-14T12:30:00+09:00",
        "authors": [{"name": "Kim", "url": "mailto:kim@example.org"}],
        "image": "https://example.org/post/x/a.png",
        "tags": ["A & B", "반도체"],
    }
    assert found["items"][1]["content_text"] == "About y & <b>."
    assert json_feed.is_ours(made)
    assert not check(made, "feed.json")
    assert json.loads(json_feed.joined(CHANNEL, []))["items"] == []
