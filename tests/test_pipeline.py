"""The whole way, with the sample sessions and real Hugo; real_cases.py goes it with the real market."""

import json
import re
import shutil
import time
from datetime import UTC, date, datetime

import feedparser
import pytest
from bs4 import BeautifulSoup

from generator.blog import open_blog
from generator.config import load
from generator.dataset.tables import MAX_TEXT
from generator.errors import DatasetError, EditedPostError
from generator.pipeline import find_post, plan_feeds, plan_post
from generator.post import untouched
from generator.site.hugo import build, find_hugo

DAY, NEXT = date(2026, 5, 13), date(2026, 5, 14)


def opened(root):
    return open_blog(load(root))


def made(root, day=DAY):
    plan = plan_post(opened(root), day)
    plan.write()
    return plan


def snapshot(root):
    """Every file of the blog with its bytes and its time, the cache apart."""
    return {
        path.relative_to(root).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".marketpost" not in path.parts
    }


def test_a_session_becomes_a_bundle_its_feeds_and_a_hub(blog):
    plan = made(blog)
    assert plan.path.relative_to(blog).as_posix() == (
        "content/post/kospi-may-13-v-reversal-all-time-high-2026-05-14/index.en.md"
    )
    assert plan.post.title == (
        "KOSPI May 13 V-Reversal — All-Time High 7,844 (+2.63%) Through ₩3.76tn of Foreign Selling"
    )
    assert set(plan.post.tags[:3]) == {"large-cap-compression", "v-reversal", "all-time-high"}
    assert len(plan.post.tags) <= 10
    feeds = {file.path.parent.name for file in plan.files if file.path.name == "feed.xml"}
    assert feeds == {*plan.post.tags, "feeds", "daily-market", "daily-wrap"}
    hub = (blog / "content/page/daily-market-hub/index.en.md").read_text(encoding="utf-8")
    assert hub.endswith('{{< sessions series="Daily Wrap" limit=20 >}}\n')
    assert plan.post.address in (blog / "data/marketpost/lists/en.json").read_text(encoding="utf-8")


def test_doing_it_twice_changes_nothing(blog):
    made(blog, DAY)
    made(blog, NEXT)
    before = snapshot(blog)
    for day in (DAY, NEXT, DAY):
        plan = plan_post(opened(blog), day)
        assert {file.state for file in plan.files} == {"same"}
        plan.write()
    assert snapshot(blog) == before


def test_the_cache_makes_no_difference(blog):
    made(blog)
    before = snapshot(blog)
    shutil.rmtree(blog / ".marketpost")
    made(blog)
    assert snapshot(blog) == before


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati"])
def test_the_machines_zone_makes_no_difference(blog, tmp_path, zone, monkeypatch):
    made(blog)
    other = tmp_path / "other"
    shutil.copytree(blog, other, ignore=shutil.ignore_patterns(".marketpost", "feed.xml"))
    for part in ("content/post", "content/page"):
        shutil.rmtree(other / part)
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        made(other)
    finally:
        monkeypatch.undo()
        time.tzset()
    ours = {name: content for name, (content, _) in snapshot(other).items()}
    assert ours == {name: content for name, (content, _) in snapshot(blog).items()}


def test_links_look_back_in_time_only(blog):
    first, second = made(blog, DAY), made(blog, NEXT)
    assert first.post.address in second.post.body.split("---")[0]
    again = plan_post(opened(blog), DAY)
    assert second.post.address not in again.post.body
    assert "> 🔗 **Related**: [Daily Market Hub](/page/daily-market-hub/)\n" in again.post.body


def test_a_post_keeps_its_address_when_its_data_changes(blog, posted):
    table = blog / "datasets/2026-05-13/indices.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("true", "false"), encoding="utf-8")
    after = made(blog)
    assert after.path == posted
    assert after.post.slug == posted.parent.name
    assert len(list((blog / "content/post").iterdir())) == 1


def test_a_tag_that_a_post_loses_loses_the_post_in_its_feed(blog):
    made(blog, DAY)
    made(blog, NEXT)
    # A record by its source, and one that follows from the record before.
    for day in (DAY, NEXT):
        table = blog / f"datasets/{day}/indices.csv"
        table.write_text(table.read_text(encoding="utf-8").replace("true", "false"), encoding="utf-8")
    plan = made(blog, NEXT)
    assert "all-time-high" not in plan.post.tags
    items = feedparser.parse((blog / "feeds/tags/all-time-high/feed.xml").read_bytes()).entries
    assert [item.link for item in items] == [
        "https://example.org/post/kospi-may-13-v-reversal-all-time-high-2026-05-14/"
    ]


@pytest.mark.usefixtures("posted")
def test_a_tag_that_loses_its_last_post_loses_its_feed_and_a_strange_file_stays(blog):
    feed = blog / "feeds/tags/v-reversal/feed.xml"
    strange = blog / "feeds/tags/autos/feed.xml"
    strange.write_text("<rss>by hand</rss>", encoding="utf-8")
    for table, old, new in (
        ("indices", "-1.69", "1.00"),
        ("clusters", "Large-cap autos,005380 012330", "Cars,007660"),
        ("intraday", "-1.69", "1.00"),
        ("stocks", "005380", "005381"),
        ("stocks", "012330", "012331"),
    ):
        path = blog / f"datasets/2026-05-13/{table}.csv"
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    flows = blog / "datasets/2026-05-13/flows.csv"
    flows.write_text(flows.read_text(encoding="utf-8").replace("005380", "005381"), encoding="utf-8")
    low = blog / "datasets/2026-05-13/intraday.csv"
    low.write_text(low.read_text(encoding="utf-8").replace("-2.5", "0.5"), encoding="utf-8")
    plan = plan_post(opened(blog), DAY)
    assert "v-reversal" not in plan.post.tags
    assert feed in plan.stale
    assert feed.is_file()
    plan.write()
    assert not feed.exists()
    assert strange.read_text(encoding="utf-8") == "<rss>by hand</rss>"


def test_an_edit_is_kept_and_merged(blog, posted):
    edited = posted.read_text(encoding="utf-8").replace("## TL;DR", "## TL;DR, by hand")
    posted.write_text(edited, encoding="utf-8")
    kept = made(blog)
    assert kept.edited
    assert posted.read_text(encoding="utf-8") == edited
    flows = blog / "datasets/2026-05-13/stocks.csv"
    flows.write_text(flows.read_text(encoding="utf-8").replace("649000", "650000"), encoding="utf-8")
    merged = made(blog)
    text = posted.read_text(encoding="utf-8")
    assert "## TL;DR, by hand" in text
    assert "₩650,000" in text
    assert merged.edited
    assert not untouched(text)


def test_an_edit_in_the_way_is_refused_and_nothing_is_written(blog, posted):
    flows = blog / "datasets/2026-05-13/stocks.csv"
    flows.write_text(flows.read_text(encoding="utf-8").replace("649000", "650000"), encoding="utf-8")
    posted.write_text(posted.read_text(encoding="utf-8").replace("₩649,000", "₩649,001"), encoding="utf-8")
    before = snapshot(blog)
    with pytest.raises(EditedPostError) as caught:
        made(blog)
    assert "₩650,000" in caught.value.difference
    assert snapshot(blog) == before


@pytest.mark.usefixtures("posted")
def test_a_hub_that_a_person_took_over_stays(blog):
    hub = blog / "content/page/daily-market-hub/index.en.md"
    hub.write_text(hub.read_text(encoding="utf-8") + "Mine.\n", encoding="utf-8")
    before = hub.read_bytes()
    made(blog, NEXT)
    assert hub.read_bytes() == before


def test_drafts_are_in_no_feed_and_no_link(blog):
    plan = made(blog, DAY)
    plan.path.write_text(
        plan.path.read_text(encoding="utf-8").replace("draft: false", "draft: true"), encoding="utf-8"
    )
    second = made(blog, NEXT)
    assert plan.post.address not in second.post.body
    blog_now = opened(blog)
    feeds = plan_feeds(blog_now, blog_now.library(), blog_now.registry(), [plan.post])
    assert all(plan.post.slug.encode() not in file.content for file in feeds.files)
    kept = {path for path in blog.rglob("feed*.xml") if plan.post.slug.encode() in path.read_bytes()}
    assert kept <= {*feeds.stale, *(file.path for file in feeds.files)}


def test_an_intraday_session_says_so_everywhere(blog):
    head = blog / "datasets/2026-05-13/session.yaml"
    text = (
        head.read_text(encoding="utf-8")
        .replace("status: final", "status: intraday")
        .replace("T15:30", "T13:05")
    )
    head.write_text(text, encoding="utf-8")
    intraday = blog / "datasets/2026-05-13/intraday.csv"
    kept = [line for line in intraday.read_text(encoding="utf-8").splitlines() if "close" not in line]
    intraday.write_text("\n".join(kept) + "\n", encoding="utf-8")
    plan = made(blog)
    told = plan.post.body.replace("no level here is a close", "").replace(
        "above its highest close so far", ""
    )
    assert not re.search(r"\bclos(e|ed|ing)\b", told + plan.post.title + plan.post.description, re.IGNORECASE)
    assert plan.post.extra["session_status"] == "intraday"
    assert "13:05" in plan.post.body


def test_notes_for_no_section_are_reported(blog):
    (blog / "datasets/2026-05-14/notes.md").write_text("## weather\n\nSunny.\n", encoding="utf-8")
    plan = plan_post(opened(blog), NEXT)
    assert "weather" in " ".join(str(problem) for problem in plan.problems)


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", "{{< youtube x >}}", "](javascript:x)", "../../etc", "😀", "x" * MAX_TEXT],
)
def test_hostile_names_build_and_come_out_as_text(blog, name):
    for table in ("stocks", "sectors", "macro", "events", "clusters"):
        path = blog / f"datasets/2026-05-13/{table}.csv"
        text = path.read_text(encoding="utf-8")
        for word in (
            "SK hynix",
            "Batteries",
            "WTI oil",
            "Semiconductor flagships",
            "Autonomous driving and robotaxi coverage",
        ):
            text = text.replace(word, name)
        path.write_text(text, encoding="utf-8")
    plan = made(blog)
    build(find_hugo(), blog, timeout=60, drafts=True)  # the gate may well hold it back
    page = (blog / "public" / plan.post.address.strip("/") / "index.html").read_text(encoding="utf-8")
    soup = BeautifulSoup(page, "lxml")
    assert name in soup.get_text()
    assert not soup.find("script")
    assert not [a for a in soup.find_all("a") if a.get("href", "").startswith("javascript")]
    assert not list(blog.parent.glob("etc"))


@pytest.mark.parametrize(
    ("table", "old", "new", "message"),
    [
        ("stocks", "SK hynix", "a\x07b", "control character"),
        ("stocks", "SK hynix", "x" * 10_000, "10000"),
        ("stocks", "1976000", "much", "much"),
        ("stocks", "1976000", "-1976000", "-1976000"),
        ("stocks", "005930", "000660", "000660"),
        ("breadth", "955", "9955", "9955"),
        ("indices", "index,", "name,", "index"),
        ("indices", "7844.01", '"7,844.01"', "thousands"),
    ],
)
def test_bad_data_is_refused_whole(blog, table, old, new, message):
    path = blog / f"datasets/2026-05-13/{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    before = snapshot(blog)
    with pytest.raises(DatasetError) as caught:
        made(blog)
    told = " ".join(str(problem) for problem in caught.value.problems)
    assert message in told
    assert f"datasets/2026-05-13/{table}.csv" in told
    assert snapshot(blog) == before


def test_a_bad_session_is_withheld_and_others_go_on(blog):
    path = blog / "datasets/2026-05-13/indices.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("7844.01", "much"), encoding="utf-8")
    plan = made(blog, NEXT)
    assert list(plan.withheld) == [DAY]
    assert plan.post.session == NEXT


def test_hugo_builds_it_without_a_warning_and_serves_the_feeds(blog):
    plan = made(blog)
    built = build(find_hugo(), blog, timeout=60)
    assert built.warnings == ()
    public = blog / "public"
    for tag in plan.post.tags:
        assert (public / "tags" / tag / "feed.xml").read_bytes() == (
            blog / "feeds/tags" / tag / "feed.xml"
        ).read_bytes()
        assert (public / "tags" / tag / "index.html").is_file()
    assert json.loads((public / plan.post.address.strip("/") / "figures.json").read_text(encoding="utf-8"))


def test_find_post(blog):
    made(blog, DAY)
    made(blog, NEXT)
    library = opened(blog).library()
    assert find_post(library, "latest").post.session == NEXT
    assert find_post(library, "2026-05-13").post.session == DAY


def test_a_post_that_is_not_public_yet_is_in_no_feed_until_it_is(blog):
    plan = plan_post(opened(blog), DAY, now=datetime(2026, 5, 13, 7, 0, tzinfo=UTC))
    assert plan.path in {file.path for file in plan.files}
    assert not [file for file in plan.files if file.path.is_relative_to(blog / "feeds")]
    (told,) = [each for each in plan.problems if "dated in the future" in each.message]
    assert (told.file, told.line, told.fatal) == (plan.path.relative_to(blog).as_posix(), 4, False)
    assert told.found == "2026-05-14T11:00:00+09:00"
    plan.write()
    later = plan_post(opened(blog), DAY, now=datetime(2026, 5, 14, 2, 0, tzinfo=UTC))
    assert {file.path.parent.name for file in later.files if file.path.name == "feed.xml"} >= set(
        later.post.tags
    )
    assert not [each for each in later.problems if "future" in each.message]


def test_another_post_of_the_future_stays_out_of_the_feeds_of_a_new_one(blog):
    waiting = blog / "content/post/waiting/index.en.md"
    waiting.parent.mkdir(parents=True)
    waiting.write_text(
        "---\ntitle: Waiting\ndate: 2026-05-01T09:00:00+09:00\npublishDate: 2026-06-01T00:00:00Z\n"
        "tags: [v-reversal]\n---\nText\n",
        encoding="utf-8",
    )
    plan = plan_post(opened(blog), DAY, now=datetime(2026, 5, 15, tzinfo=UTC))
    feed = next(file for file in plan.files if file.path == blog / "feeds/tags/v-reversal/feed.xml")
    assert [each.title for each in feedparser.parse(feed.content).entries] == [plan.post.title]
    assert [(each.line, each.column) for each in plan.problems] == [(4, "publishDate")]
