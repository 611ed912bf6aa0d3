"""Links of posts: what the rules say of them against what Hugo builds, and how malformed ones are told."""

from __future__ import annotations

import datetime as dt
import re
import sys
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from generator.config import load
from generator.gate.catalogue import catalogue
from generator.gate.knowledge import Knowledge
from generator.gate.targets import links_of, placed
from generator.goldmark.markup import Markup
from generator.process import run
from generator.reading.document import Document

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

RULES = catalogue()
NOW = dt.datetime(2026, 5, 16, tzinfo=dt.UTC)

LINKS = (
    "/post/b/", "../b/", "/sub/post/b/", "/sub/post/nowhere/", "/post/nowhere/", "../nowhere/", "b.md",
    "/post/b#part", "/sub/old/", "../old/", "/sub/ko/old-ko/", "/post/slugged/", "/sub/post/real-slug/",
    "/sub/post/slugged/", "/tags/k/", "/sub/tags/zz/", "/sub/tags/none/", "/", "/sub/", "/categories/",
    "/post/", "/sub/ko/post/b/", "/sub/ko/post/only-en/", "/sub/post/only-en/", "/post/only-en/",
    "https://example.org/sub/post/b/", "https://example.org/sub/post/gone/", "https://example.org/post/b/",
    "chart.png", "./chart.png", "images/deep.png", "none.png", "/sub/post/a/chart.png", "/post/a/chart.png",
    "/sub/post/b/picture.png", "../b/picture.png", "/sub/ko/post/a/nur-ko.png", "nur-ko.png",
    "/sub/img/logo.png", "/img/logo.png", "/sub/img/none.png", "/sub/about.html", "/sub/folder/",
    "/sub/folder/index.html", "/sub/img/", "/sub/robots.txt", "/sub/feed-of-tags/k/feed.xml",
    "/sub/feed-of-tags/x/feed.xml", "/asset.png", "asset.png", "/sub/post/real-slug/own.png",
    "/sub/post/slugged/own.png", "/post/한글/", "/sub/post/%ED%95%9C%EA%B8%80/", "/sub/post/한글/그림.png",
    "/sub/post/draft/", "/post/draft/", "/sub/post/b/index.html", "/sub/post/b/index.md",
    "/sub/post/solo/", "solo.md", "/sub/post/b/sub/", "chart.png?v=2", "/sub/post/b/?x=1#part",
)  # fmt: skip
IMAGES = (
    "chart.png", "./chart.png", "images/deep.png", "none.png", "/sub/img/logo.png", "/asset.png", "asset.png",
    "../b/picture.png", "/sub/post/b/picture.png", "nur-ko.png", "/sub/img/none.png",
)  # fmt: skip

PAGES = {
    "post/b/index.md": "",
    "post/b/index.ko.md": "aliases: [/old-ko]",
    "post/slugged/index.md": "slug: real-slug\naliases: [/old/]",
    "post/only-en.md": "tags: [zz]",
    "post/한글/index.md": "",
    "post/draft/index.md": "draft: true",
}
WITH_LINKS = ("post/a/index.md", "post/a/index.ko.md", "post/solo.md")
FILES = (
    "content/post/a/chart.png", "content/post/a/images/deep.png", "content/post/a/nur-ko.ko.png",
    "content/post/b/picture.png", "content/post/slugged/own.png", "content/post/한글/그림.png",
    "static/img/logo.png", "static/about.html", "static/folder/index.html", "feeds/k/feed.xml",
    "assets/asset.png",
)  # fmt: skip

CONFIG = """\
baseURL: https://example.org/sub/
enableRobotsTXT: true
disableKinds: [sitemap, "404"]
outputs: {home: [html, rss], section: [html], taxonomy: [html], term: [html]}
languages:
  en: {weight: 1}
  ko: {weight: 2}
module:
  mounts:
    - {source: content, target: content}
    - {source: static, target: static}
    - {source: assets, target: assets}
    - {source: layouts, target: layouts}
    - {source: feeds, target: static/feed-of-tags}
"""
NO_HOOK = (
    CONFIG + "markup: {goldmark: {renderHooks: {link: {useEmbedded: never}, image: {useEmbedded: never}}}}\n"
)
ALONE = "baseURL: https://example.org/sub/\nenableRobotsTXT: true\ndisableKinds: [sitemap, rss, '404']\n"
SITES = {"two languages": CONFIG, "without hooks": NO_HOOK, "one language": ALONE}


class Built(NamedTuple):
    root: Path
    knowledge: Knowledge

    def document(self, file: str) -> Document:
        text = (self.root / file).read_text(encoding="utf-8")
        language = "ko" if ".ko." in file else "en"
        return Document(text, file=file, language=language, markup=self.knowledge.markup("en"))

    def says(self, rule: str, text: str, file: str = "content/post/a/index.md") -> list[str]:
        document = self.document(file)
        changed = document.text[: document.body_start] + text
        again = Document(changed, file=file, language=document.language, markup=document.markup)
        return [changed[each.start : each.end] for each in RULES[rule].check(again, self.knowledge)]

    def mended(self, rule: str, text: str, file: str = "content/post/a/index.md") -> list[str | None]:
        document = self.document(file)
        changed = document.text[: document.body_start] + text
        again = Document(changed, file=file, language=document.language, markup=document.markup)
        return [each.fix for each in RULES[rule].check(again, self.knowledge)]


def made(root: Path, config: str) -> Built:
    lines = [f"[{n}]({link})" for n, link in enumerate(LINKS)]
    lines += [f"![{n}]({link})" for n, link in enumerate(IMAGES)]
    for name in FILES:
        put(root / name, "a file")
    for name, head in PAGES.items():
        put(root / "content" / name, f"---\ntitle: {name}\ndate: 2026-01-02\n{head}\n---\n## Part\n")
    for name in WITH_LINKS:
        body = "\n".join(lines)
        put(root / "content" / name, f"---\ntitle: T\ndate: 2026-01-01\ntags: [k]\n---\n{body}\n")
    put(root / "config.yaml", config)
    put(root / "layouts/all.html", '<p id="comments">x</p>\n{{ .Content }}')
    put(root / "layouts/rss.xml", "{{ .Title }}")
    done = run([sys.executable, "-P", "-m", "hugo", "--noBuildLock"], cwd=root, timeout=60)
    assert done.code == 0, done.stdout + done.stderr
    return Built(root, Knowledge(load(root), now=NOW))


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return made(tmp_path_factory.mktemp("site"), CONFIG)


def is_served(built: Built, source: str, destination: str) -> bool:
    """Whether a browser gets something, by the files that Hugo made."""
    url = urlsplit(urljoin(f"https://example.org{source}", destination))
    path = unquote(url.path)
    if url.netloc != "example.org" or not path.startswith("/sub/"):
        return False
    below = built.root / "public" / path.removeprefix("/sub/")
    return below.is_file() or (below / "index.html").is_file()


@pytest.mark.parametrize("name", SITES)
def test_a_link_is_dead_if_hugo_makes_nothing_there(tmp_path: Path, site: Built, name: str):
    built = site if name == "two languages" else made(tmp_path, SITES[name])
    wrong, dead, alive = [], 0, 0
    for file in WITH_LINKS:
        source = built.knowledge.pages.by_file.get(f"content/{file}")
        if source is None or (name == "one language" and ".ko." in file):
            continue
        html = (built.root / "public" / source.address.strip("/") / "index.html").read_text(encoding="utf-8")
        shown = re.findall(r'<a href="([^"]*)">\d+</a>|<img src="([^"]*)"', html)
        assert len(shown) == len(LINKS) + len(IMAGES)
        document = built.document(source.file)
        states = {each.written.start: each.led.state for each in placed(document, built.knowledge)}
        for written, (href, src) in zip(links_of(document), shown, strict=True):
            state = states.get(written.start)
            if state is None:  # it leaves the folder of the site, so that it may be another's
                continue
            is_there = is_served(built, f"/sub{source.address}", href or src)
            alive, dead = alive + is_there, dead + (not is_there)
            if is_there != (state in ("there", "alias", "other language")):
                wrong.append((file, written.link, href or src, state))
    assert wrong == []
    assert dead > 10
    assert alive > 40


def test_each_link_is_found_where_it_is_written(site: Built):
    text = (
        'See [a](/post/b/ "B") and [a](/post/b/), ![p](<a b.png>), [r][ref], <https://example.org/sub/x/>,\n'
        'https://example.org/sub/y/ and [z]({{< ref "b" >}}), [&](/a&amp;b/) [한](/post/한글/)\n\n'
        "> | a |\n> | --- |\n> | [t](/t/) |\n\n[ref]: /reference/\n"
    )
    document = site.document("content/post/a/index.md")
    changed = document.text[: document.body_start] + text
    found = links_of(Document(changed, file="x", language="en", markup=document.markup))
    assert [(each.link, changed[each.start : each.end], each.is_exact) for each in found] == [
        ("/post/b/", "/post/b/", True),
        ("/post/b/", "/post/b/", True),
        ("a b.png", "a b.png", True),
        ("/reference/", "/reference/", True),
        ("https://example.org/sub/x/", "https://example.org/sub/x/", True),
        ("https://example.org/sub/y/", "https://example.org/sub/y/", True),
        ('{{< ref "b" >}}', '{{< ref "b" >}}', True),
        ("/a&b/", "/a&amp;b/", True),
        ("/post/한글/", "/post/한글/", True),
        ("/t/", "/t/", True),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "`[x](/sub/post/x/)`",
        "```\n[x](/sub/post/x/)\n```\n",
        "    [x](/sub/post/x/)\n",
        "<!-- [x](/sub/post/x/) --> \\[x](/sub/post/x/)",
        '<a href="/sub/post/x/">x</a>',  # which this site drops
        "[x](mailto:a@example.org) [y](tel:+8212345678) [z](https://example.com/post/x/) [w](#)",
        "[x]: /sub/post/x/ 'a name that nothing uses'",
        '[x]({{< param "home" >}}/post/x/)',
        "{{< youtube abc >}} [feed](/sub/index.xml) [robots](/sub/robots.txt)",
        "[x](/post/other-site-of-the-host/)",
    ],
)
def test_what_is_no_link_of_the_page_is_not_judged(site: Built, text: str):
    assert site.says("dead-link", text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[x](/sub/post/x/)", ["/sub/post/x/"]),
        ("[x](/sub/post/x/) [y](/sub/post/x/)", ["/sub/post/x/"] * 2),
        ('[x]({{< ref "gone" >}})', ['{{< ref "gone" >}}']),
        ('{{< figure src="gone.png" >}} {{< figure src="chart.png" >}}', ["gone.png"]),
        ("https://example.org/sub/gone/", ["https://example.org/sub/gone/"]),
        ("[![i](gone.png)](/sub/gone/)", ["gone.png", "/sub/gone/"]),
        ("[x](/sub/post/draft/)", ["/sub/post/draft/"]),
        ("[x](/sub/old/)", ["/sub/old/"]),
        ("[x][a]\n\n[a]: /sub/gone/", ["/sub/gone/"]),
        ("[x](chart.png#a) [y](gone.png?x#a)", ["gone.png?x#a"]),
    ],
)
def test_dead_links(site: Built, text: str, found: list[str]):
    assert sorted(site.says("dead-link", text)) == sorted(found)


def test_raw_html_counts_where_the_site_keeps_it(site: Built):
    body = '<div><a href="/sub/gone/">x</a> <!-- <img src="no.png"> --></div>\n\nA <img src="x.png">.\n'
    text = f"---\ntitle: T\n---\n{body}"
    document = Document(text, file="content/post/a/index.md", language="en", markup=Markup(unsafe=True))
    assert [each.found for each in RULES["dead-link"].check(document, site.knowledge)] == [
        "/gone/",
        "/post/a/x.png",
    ]


def test_what_one_answer_mends_is_mended(site: Built):
    assert site.mended("dead-link", "[x](/sub/old/#part)") == ["/sub/post/real-slug/#part"]
    assert site.mended("wrong-language-link", "[x](/sub/ko/post/b/#part)") == ["/sub/post/b/#part"]
    korean = "content/post/a/index.ko.md"
    assert site.mended("wrong-language-link", "[x](/sub/post/b/)", korean) == ["/sub/ko/post/b/"]
    assert site.says("wrong-language-link", "[x](/sub/post/only-en/) [y](/post/b/)", korean) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("## One\n\n[x](#one) [y](#top) [z](#)", []),
        ("[x](#comments), which a layout has", []),
        ("A[^1].\n\n[^1]: Note.\n\n[x](#fn:1) [y](#fnref:1)", []),
        ("## 제목 하나\n\n[x](#제목-하나) [y](#%EC%A0%9C%EB%AA%A9-%ED%95%98%EB%82%98)", []),
        ("[x](/sub/post/b/#part) [y](/sub/tags/k/#any) [z](chart.png#page=2)", []),
        ("[x](/sub/post/b/#parts)", ["/sub/post/b/#parts"]),
        ("## One\n\n[x](#two)", ["#two"]),
        ("[x](https://example.com/#any) [y](/sub/post/b/#:~:text=a)", []),
    ],
)
def test_anchors(site: Built, text: str, found: list[str]):
    assert site.says("dead-anchor", text) == found


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("www.example.com", "no scheme"),
        ("example.com/a", "no scheme"),
        ("news.example.co.kr/a?b", "no scheme"),
        ("http:/example.com", "misspelled"),
        ("https//example.com", "misspelled"),
        ("htps://example.com", "misspelled"),
        ("http://https://example.com", "no host"),
        ("https://exa[mple", "no host"),
        ("https://example.com:port/", "no host"),
        ("javascript:alert(1)", "lets through"),
        ("file:///etc/hosts", "lets through"),
        ("https://example.com./a", ""),
        ("https://한국.kr/뉴스", ""),
        ("HTTPS://Example.com", ""),
        ("https://user@example.com:8080/a", ""),
        ("https://[2001:db8::1]/a", ""),
        ("notes.org", ""),
        ("a.com.pdf", ""),
        ("../example.com-report/", ""),
        ("//cdn.example.com/a.js", ""),
        ("httpd/", ""),
    ],
)
def test_addresses(site: Built, link: str, says: str):
    document = Document(f"---\ntitle: T\n---\n[x](<{link}>)\n", file="x", language="en", markup=Markup())
    found = [each.message for each in RULES["malformed-link"].check(document, site.knowledge)]
    assert len(found) == bool(says)
    assert all(says in each for each in found)


@pytest.mark.parametrize(
    ("line", "is_told"),
    [
        ("> 🔗 **Related**: [{}](../b/)", False),
        ("> [Up 2.63% to 7,845 on May 13](../b/)", True),
        ("> [Up -2.63% to 7,844 on May 13](../b/)", True),
        ("> [Down 2.63% to 7,844 on May 13](../b/) · [{}](../b/)", True),
        ("> [the record](../b/)", False),
        ("> [{}](../b/) told more", False),
        ("[Up 2.63% to 7,845 on May 13](../b/)", False),
    ],
)
def test_titles_in_the_related_line(tmp_path: Path, line: str, is_told: bool):
    title = "Up 2.63% to 7,844 on May 13"
    put(tmp_path / "config.yaml", "baseURL: https://example.org/\n")
    put(tmp_path / "content/post/b/index.md", f"---\ntitle: {title}\ndate: 2026-01-01\n---\n")
    text = f"---\ntitle: T\ndate: 2026-01-02\n---\n{line.format(title)}\n"
    put(tmp_path / "content/post/a/index.md", text)
    document = Document(text, file="content/post/a/index.md", language="en", markup=Markup())
    found = list(RULES["link-title"].check(document, Knowledge(load(tmp_path), now=NOW)))
    assert [each.expected for each in found] == [title] * is_told


def test_a_post_that_is_being_made_has_its_links_judged(site: Built):
    """It has no file yet."""
    library = site.knowledge.libraries["en"]
    model = library.posts[0]
    path = site.root / "content/post/new/index.md"
    post = library.placed(model.post, path)
    knowledge = Knowledge(site.knowledge.config, now=NOW, instead=library.including(post, path, b""))
    text = "---\ntitle: New\n---\n[x](/sub/gone/) [y](/sub/post/b/)\n"
    document = Document(text, file="content/post/new/index.md", language="en", markup=Markup())
    assert [each.found for each in RULES["dead-link"].check(document, knowledge)] == ["/gone/"]


def hangs_on(site: Built, rules: Sequence[str], file: str) -> list[str]:
    knowledge = Knowledge(site.knowledge.config, now=NOW)
    entry = knowledge.by_file[file]
    return [repr(hang(entry, knowledge)) for each in rules if (hang := RULES[each].hangs_on)]


def test_what_is_said_hangs_on_the_pages_that_are_linked_to(tmp_path: Path):
    built = made(tmp_path, ALONE)
    put(
        tmp_path / "content/post/a/index.md", "---\ntitle: T\ndate: 2026-01-01\n---\n[x](/sub/post/b/#part)\n"
    )
    rules = ("dead-link", "dead-anchor", "link-title")
    before = hangs_on(built, rules, "content/post/a/index.md")
    assert hangs_on(built, rules, "content/post/a/index.md") == before
    b = tmp_path / "content/post/b/index.md"
    b.write_text("---\ntitle: Other\ndate: 2026-01-02\n---\n## Changed\n", encoding="utf-8")
    changed = hangs_on(built, rules, "content/post/a/index.md")
    assert [one != other for one, other in zip(before, changed, strict=True)] == [False, True, True]
    b.unlink()
    gone = hangs_on(built, rules, "content/post/a/index.md")
    assert [one != other for one, other in zip(changed, gone, strict=True)] == [True, True, True]
