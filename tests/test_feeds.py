from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING

import feedparser
import pytest
from feed_cases import KST, TAGS, at, post, site
from hypothesis import given
from hypothesis import strategies as st

from generator.config import FeedSettings
from generator.feeds import Channel, Group, Item, group_feeds, render, tag_feeds

if TYPE_CHECKING:
    from generator.post import Post

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT.parent / "shared" / "market" / "reference-feed.xml"
SELF = "{http://www.w3.org/2005/Atom}link"

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
        "published": at(14, 11),
        "modified": at(14, 12),
        "html": f"<p>{name}</p>",
    }
    return Item(**{**values, **changes})  # type: ignore[arg-type]  # a factory's values


def channel_of(content: bytes) -> ET.Element:
    found = ET.fromstring(content).find("channel")  # noqa: S314 - our own bytes
    assert found is not None
    return found


def feeds_of(*posts: object, **options: object) -> dict[str, bytes]:
    settings = options.pop("settings", FeedSettings())
    made = tag_feeds(posts, TAGS, options.pop("site", site()), settings, **options)  # type: ignore[arg-type]  # the same
    return {feed.path: feed.content for feed in made}


def test_a_whole_feed() -> None:
    made = feeds_of(post("a", body="> [b](/post/b/)\n\n**x** < y\n", lastmod=at(15)))
    assert made["tags/v-reversal/feed.xml"].decode() == (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<rss xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' version="2.0">\n'
        "  <channel>\n"
        "    <title>V-Reversal on Market Notes</title>\n"
        "    <link>https://example.org/tags/v-reversal/</link>\n"
        "    <description>Sessions that fell first &amp; rose later.</description>\n"
        '    <atom:link href="https://example.org/tags/v-reversal/feed.xml" rel="self"'
        ' type="application/rss+xml"/>\n'
        "    <docs>http://www.rssboard.org/rss-specification</docs>\n"
        "    <generator>marketpost</generator>\n"
        "    <language>en</language>\n"
        "    <lastBuildDate>Fri, 15 May 2026 16:30:00 +0900</lastBuildDate>\n"
        "    <item>\n"
        "      <title>Title of a</title>\n"
        "      <link>https://example.org/post/a/</link>\n"
        "      <description>&lt;blockquote&gt;\n"
        '&lt;p&gt;&lt;a href="https://example.org/post/b/"&gt;b&lt;/a&gt;&lt;/p&gt;\n'
        "&lt;/blockquote&gt;\n"
        "&lt;p&gt;&lt;strong&gt;x&lt;/strong&gt; &amp;lt; y&lt;/p&gt;\n"
        "</description>\n"
        '      <guid isPermaLink="true">https://example.org/post/a/</guid>\n'
        "      <category>V-Reversal</category>\n"
        "      <pubDate>Thu, 14 May 2026 16:30:00 +0900</pubDate>\n"
        "    </item>\n"
        "  </channel>\n"
        "</rss>\n"
    )


def test_newest_first_by_date_then_slug_and_no_more_than_asked_for() -> None:
    posts = [post("b"), post("d", date=at(12)), post("c"), post("e", date=at(15)), post("a")]
    made = feeds_of(*posts, settings=FeedSettings(items=4))
    titles = [each.findtext("title") for each in channel_of(made["tags/v-reversal/feed.xml"]).iter("item")]
    assert titles == ["Title of e", "Title of c", "Title of b", "Title of a"]
    assert feeds_of(*reversed(posts), settings=FeedSettings(items=4)) == made


def test_order_is_of_moments_not_of_clock_faces() -> None:
    new_york = timezone(timedelta(hours=-4))
    later = post("later", date=datetime(2026, 5, 14, 9, 0, tzinfo=new_york))  # 22:00 in Seoul
    made = feeds_of(post("earlier", date=at(14, 21)), later)
    items = list(channel_of(made["tags/v-reversal/feed.xml"]).iter("item"))
    assert [each.findtext("pubDate") for each in items] == [
        "Thu, 14 May 2026 09:00:00 -0400",
        "Thu, 14 May 2026 21:30:00 +0900",
    ]


def test_last_build_date_is_the_newest_change_of_what_is_in_the_feed() -> None:
    posts = [post("new", lastmod=at(16)), post("old", date=at(1), lastmod=at(20))]
    both = channel_of(feeds_of(*posts)["tags/v-reversal/feed.xml"]).findtext("lastBuildDate")
    first = feeds_of(*posts, settings=FeedSettings(items=1))["tags/v-reversal/feed.xml"]
    assert both == "Wed, 20 May 2026 16:30:00 +0900"
    assert channel_of(first).findtext("lastBuildDate") == "Sat, 16 May 2026 16:30:00 +0900"


def test_which_feeds_there_are() -> None:
    posts = [
        post("a", tags=("v-reversal", "반도체", "unregistered", "../x")),
        post("b", tags=("KOSDAQ Lag",)),  # a name: Hugo lists the post at /tags/kosdaq-lag/
        post("c", tags=("kosdaq-lag", "v-reversal"), language="ko"),
        post("d", tags=("v-reversal",), draft=True),
    ]
    made = feeds_of(*posts)
    assert list(made) == [
        "ko/tags/kosdaq-lag/feed.xml",
        "ko/tags/v-reversal/feed.xml",
        "tags/kosdaq-lag/feed.xml",
        "tags/v-reversal/feed.xml",
        "tags/반도체/feed.xml",
    ]
    assert b"post/d/" not in b"".join(made.values())
    assert list(feeds_of(*posts, only={"반도체", "none"})) == ["tags/반도체/feed.xml"]
    assert feeds_of(*posts, only=()) == {}
    assert feeds_of(post("d", draft=True)) == {}


def test_addresses_of_another_language_and_script() -> None:
    blog = site(baseURL="https://example.org/blog", title="시장 노트")
    written = post("하이닉스", language="ko", tags=("반도체",), body="[x](/post/y/)")
    channel = channel_of(feeds_of(written, site=blog)["ko/tags/반도체/feed.xml"])
    tag = "https://example.org/blog/ko/tags/%EB%B0%98%EB%8F%84%EC%B2%B4/"
    assert channel.findtext("title") == "반도체 · 시장 노트"
    assert channel.findtext("description") == "반도체 · 시장 노트"
    assert channel.findtext("link") == tag
    assert channel.findtext("language") == "ko-KR"
    assert [link.attrib["href"] for link in channel.iter(SELF)] == [f"{tag}feed.xml"]
    assert channel.findtext("item/guid") == (
        "https://example.org/blog/ko/post/%ED%95%98%EC%9D%B4%EB%8B%89%EC%8A%A4/"
    )
    assert 'href="https://example.org/blog/post/y/"' in str(channel.findtext("item/description"))


def test_a_post_is_rendered_once_however_many_feeds_hold_it() -> None:
    rendered: list[str] = []

    def body(each: Post, address: str) -> str:
        rendered.append(address)
        return f"<p>{each.slug}</p>"

    made = feeds_of(post("a", tags=("v-reversal", "kosdaq-lag")), post("b", tags=("kosdaq-lag",)), body=body)
    assert sorted(rendered) == ["https://example.org/post/a/", "https://example.org/post/b/"]
    texts = [channel_of(content).findtext("item/description") for content in made.values()]
    assert texts == ["<p>b</p>", "<p>a</p>"]


def test_any_group_of_posts_makes_a_feed() -> None:
    group = Group(
        path="series/daily-wrap",
        title="Daily Wrap",
        description="",
        language="en",
        posts=(post("a"), post("b")),
    )
    (feed,) = group_feeds([group], {}, site(), FeedSettings())
    assert feed.path == "series/daily-wrap/feed.xml"
    assert channel_of(feed.content).findtext("link") == "https://example.org/series/daily-wrap/"
    assert [each.findtext("title") for each in channel_of(feed.content).iter("item")] == [
        "Title of b",
        "Title of a",
    ]


def test_what_xml_cannot_hold_is_left_out() -> None:
    awkward = "a\x00b\x0bc\x1f\ud800\ufffe\U0001f517]]>&<i>"
    content = render(
        CHANNEL, [item("x", title=awkward, html=f"<p>{awkward}</p>\r\nx\ry", categories=(awkward,))]
    )
    found = channel_of(content).find("item")
    assert found is not None
    assert found.findtext("title") == "abc\U0001f517]]>&<i>"
    assert found.findtext("category") == "abc\U0001f517]]>&<i>"
    assert found.findtext("description") == "<p>abc\U0001f517]]>&<i></p>\nx\ny"


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_gives_a_feed_that_parses(title: str, html: str) -> None:
    content = render(CHANNEL, [item("x", title=title, html=html)])
    assert not feedparser.parse(content).bozo


def test_no_items_and_times_without_zone_are_refused() -> None:
    with pytest.raises(ValueError, match=r"without items: https://example\.org/tags/v-reversal/feed\.xml"):
        render(CHANNEL, [])
    with pytest.raises(ValueError, match="timezone"):
        render(CHANNEL, [item("x", published=datetime(2026, 5, 14))])  # noqa: DTZ001 - the case


def test_readers_find_everything() -> None:
    body = "## Now\n\n삼성전자 **(005930)**\\ 는 1~2% … [x](../b/)\n"
    made = feeds_of(post("a", body=body), post("b", date=at(13)))
    parsed = feedparser.parse(made["tags/v-reversal/feed.xml"])
    assert not parsed.bozo
    assert parsed.version == "rss20"
    assert parsed.feed.links[1] == {
        "href": "https://example.org/tags/v-reversal/feed.xml",
        "rel": "self",
        "type": "application/rss+xml",
    }
    first, second = parsed.entries
    assert (first.id, first.link) == ("https://example.org/post/a/", "https://example.org/post/a/")
    assert first.published_parsed[:5] == (2026, 5, 14, 7, 30)
    assert '<h2 id="now">Now</h2>' in first.summary
    assert 'href="https://example.org/post/b/"' in first.summary
    assert second.title == "Title of b"


def test_no_date_is_todays() -> None:
    now = datetime.now(KST)
    content = feeds_of(post("a"))["tags/v-reversal/feed.xml"].decode()
    stamps = re.findall(r"\w{3}, \d\d \w{3} \d{4} [\d:]{8} [+-]\d{4}", content)
    assert len(stamps) == 2
    assert all(abs(parsedate_to_datetime(stamp) - now) > timedelta(days=1) for stamp in stamps)


PROGRAM = """
import sys
sys.path[:0] = sys.argv[1:]
from feed_cases import TAGS, post, site
from generator.config import FeedSettings
from generator.feeds import tag_feeds
posts = [post(name, tags=("v-reversal", "kosdaq-lag", "반도체")) for name in "cabd"]
for feed in tag_feeds(posts, TAGS, site(), FeedSettings()):
    sys.stdout.buffer.write(feed.path.encode() + b"\\n" + feed.content)
"""


def test_same_bytes_in_any_zone_locale_and_hash_order() -> None:
    surroundings = [
        {"TZ": "Asia/Seoul", "LC_ALL": "ko_KR.UTF-8", "PYTHONHASHSEED": "1"},
        {"TZ": "America/New_York", "LC_ALL": "C", "PYTHONHASHSEED": "2"},
    ]
    outputs = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM, str(ROOT), str(ROOT / "tests")],
            env={**os.environ, **changes},
            capture_output=True,
            check=True,
        ).stdout
        for changes in surroundings
    ]
    assert outputs[0] == outputs[1]
    assert outputs[0].count(b"<item>") == 12


def test_importing_feeds_loads_nothing_heavy() -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import generator.feeds, generator.html; "
        "print(sorted({'bs4', 'lxml', 'feedgen', 'markdown_it', 'pydantic', 'yaml'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(ROOT)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference feed is not beside the repository")
def test_same_elements_as_the_reference_feed() -> None:
    theirs = channel_of(REFERENCE.read_bytes())
    ours = channel_of(feeds_of(post("a"))["tags/v-reversal/feed.xml"])
    assert {element.tag for element in theirs} <= {element.tag for element in ours}
    (their_item, our_item) = (next(channel.iter("item")) for channel in (theirs, ours))
    assert {element.tag for element in their_item} <= {element.tag for element in our_item}
    (their_self, our_self) = (next(channel.iter(SELF)) for channel in (theirs, ours))
    assert set(their_self.attrib) == set(our_self.attrib)
    assert our_item.findtext("guid") == our_item.findtext("link")


def test_twenty_long_posts_take_no_more_than_a_second() -> None:
    table = "| a | b |\n| --- | ---: |\n" + "| **x** | [y](/post/z/) |\n" * 5
    body = f"## Heading\n\n{table}\n- **Bold** and {'plain words ' * 30}\n\n{'More words. ' * 60}\n\n" * 13
    assert 15_000 < len(body) < 20_000
    posts = [post(f"p{number}", body=body) for number in range(20)]
    feeds_of(post("warm"))
    start = time.process_time()
    feeds_of(*posts)
    assert time.process_time() - start < 1.0
