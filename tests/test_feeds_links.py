"""Where the links and images of a feed go: on a blog of two languages, where those of Hugo's own feed go."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import feedparser
import pytest
from feeds_blog import make, run, sound, states, write
from parity_cases import document

from generator.site.hugo import build, find_hugo

if TYPE_CHECKING:
    from pathlib import Path

BASE = "https://example.org/blog/"
PICTURE = b"\x89PNG\r\n\x1a\n"

LINKS = [
    "b", "/post/b", "/post/b/", "post/b", "../b", "../b/", "./b", "b/index.md", "/post/b/index.md",
    "../b/index.md", "../b/index.ko.md", "/post/b/index.ko.md", "b.md", "c", "/post/c/", "../c/", "k",
    "/post/k/", "../k", "d", "/post/d.md", "d.md", "../d.md", "./d.md", "d.ko.md", "/post/d/", "sub",
    "/post/sub/", "sub/e", "/post/sub/e/", "e", "../sub/e", "../../post/b", "/", "/post", "post", ".",
    "..", "../", "./", "/tags/x/", "tags/x", "x", "/tags/kospi", "/tags/kospi/", "/tags", "kospi",
    "/categories/daily/", "/themes/ai/", "/tags/a--b/",
    "/tags/A%20&%20B/", "/tags/a-&-b", "/tags/반도체/", "/post/Mixed%20Case",
    "/post/mixed-case/", "Mixed%20Case", "../Mixed%20Case/", "/POST/B", "/post/s-slug/", "/post/s/",
    "/own/about/", "/about", "/about.md", "about", "/draft/", "/post/future/", "/post/past/", "c.png",
    "./c.png", "/c.png", "C.png", "img/d.png", "e%20f.png", "doc.pdf", "both.png", "both.ko.png",
    "only.png", "only.ko.png", "c.png?x=1#y", "../a/c.png", "../b/z.png", "/post/b/z.png",
    "img/asset.png", "/img/asset.png", "asset.png", "static.png", "/static.png", "/ko/post/b/",
    "/en/post/b", "index.md", "./index.ko.md", "_index.md", "/post/_index.md", "/post/b/?q=1&r=2#f",
    "#h", "b#h", "/post/한글", "한글", "../한글/", "/post/%ED%95%9C%EA%B8%80/", "/nothing/", "https://a.bc/x",
    "//a.bc/x", "mailto:x@y.z", "f.v1", "/post/f.v1/", "../f.v1/", "f.v1.md", "/page/hub/", "hub",
    "../../page/hub/", "q/",
]  # fmt: skip
REFS = [
    "b", "post", "kospi", "tags/kospi", "daily", "e", "d", "uniq", "hub", "sub", "/post/b", "b.md",
    "uniq.md", "./b", "../post/b", "sub/e", "b#h", "/post/s", "#h",
]  # fmt: skip
BODY = "\n\n".join(
    [
        *(f"[{number}]({link})" for number, link in enumerate(LINKS)),
        *(f"![{link}]({link})" for link in LINKS if re.search(r"\w\.(png|pdf)", link)),
        '{{< figure src="c.png" alt="c" >}} <img src="c.png" alt="raw">',
        "[named] and ![named]\n\n[named]: both.png 'A title'",
    ]
)
REFERRING = BODY + "".join(
    f'\n\n[r]({{{{< relref "{ref}" >}}}}) [k]({{{{% ref path="{ref}" lang="ko" %}}}})' for ref in REFS
)
TWO = ("en", "ko")


def corpus(root: Path, **keys: object) -> Path:
    """A blog on which a path may mean anything."""
    make(
        root,
        {"items": 200, "groups": ["site"], "max_kib": 1024},
        baseURL=BASE,
        disableKinds=["sitemap", "404"],
        outputs={"home": ["html", "rss"]},
        taxonomies={"tag": "tags", "category": "categories", "theme": "themes"},
        **keys,
    )

    def page(path: str, body: str = "x", **front: object) -> None:
        file = root / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        head = {"title": path, "date": "2026-05-01T00:00:00Z", **front}
        told = "".join(f"{key}: {value}\n" for key, value in head.items())
        file.write_text(f"---\n{told}---\n{body}\n", encoding="utf-8")

    for language in TWO:
        terms = {"tags": "[kospi, A & B, 반도체]", "categories": "[Daily]", "themes": "[AI]"}
        page(f"post/a/index.{language}.md", REFERRING, **terms)
        page(f"post/b/index.{language}.md", BODY)
        page(f"post/d.{language}.md", BODY)
        page(f"post/sub/_index.{language}.md")
        page(f"post/sub/e/index.{language}.md", BODY)
        page(f"post/s/index.{language}.md", BODY, slug=f"s-{language}")
        for name in ("Mixed Case", "한글", "f.v1"):
            page(f"post/{name}/index.{language}.md")
        page(f"page/hub/index.{language}.md")
        page(f"other/uniq.{language}.md")
    page("post/c/index.en.md")
    page("post/k/index.ko.md", BODY)
    page("tags/x/_index.en.md")
    page("about.en.md", url="/own/about/")
    page("draft.en.md", draft="true")
    page("post/future/index.en.md", publishDate="2096-05-01T00:00:00Z")
    page("post/past/index.en.md", expiryDate="2026-05-02T00:00:00Z")
    files = ("c.png", "img/d.png", "e f.png", "doc.pdf", "both.png", "both.ko.png", "only.ko.png")
    for folder, names in {
        **dict.fromkeys(("content/post/a", "content/post/s", "content/post/k"), files),
        "content/post/b": ("z.png",), "assets/img": ("asset.png",), "static": ("static.png",),
    }.items():  # fmt: skip
        for name in names:
            (root / folder / name).parent.mkdir(parents=True, exist_ok=True)
            (root / folder / name).write_bytes(PICTURE)
    layouts = root / "layouts"
    layouts.mkdir(exist_ok=True)
    for kind in ("page", "section", "taxonomy", "term", "home"):
        (layouts / f"{kind}.html").write_text("{{ .Title }}")
    (layouts / "rss.xml").write_text(
        '{{ `<?xml version="1.0" encoding="utf-8"?>` | safeHTML }}<rss version="2.0"><channel>'
        '{{ range where site.RegularPages "Section" "post" }}<item><link>{{ .Permalink }}</link>'
        "<description>{{ .Content | transform.XMLEscape | safeHTML }}</description></item>{{ end }}"
        "</channel></rss>"
    )
    return root


def items(path: Path) -> dict[str, str]:
    """The HTML of each item by its link."""
    found = ET.fromstring(path.read_bytes()).iter("item")  # noqa: S314 - what we just made
    return {str(item.findtext("link")): item.findtext("description") or "" for item in found}


RAW = {"goldmark": {"renderer": {"unsafe": True}}}
VARIANTS = {
    "as Hugo has it": {"markup": RAW},
    "files beside each page": {
        "markup": {"goldmark": {**RAW["goldmark"], "duplicateResourceFiles": True}},
    },
    "hooks off": {
        "markup": {
            "goldmark": {
                **RAW["goldmark"],
                "renderHooks": {"link": {"useEmbedded": "never"}, "image": {"useEmbedded": "never"}},
            }
        }
    },
    "hooks always, addresses of files": {
        "markup": {
            "goldmark": {
                **RAW["goldmark"],
                "duplicateResourceFiles": True,
                "renderHooks": {"link": {"useEmbedded": "always"}, "image": {"useEmbedded": "fallback"}},
            }
        },
        "uglyURLs": True,
    },
    "all languages below their own folder": {"markup": RAW, "defaultContentLanguageInSubdir": True},
    "Korean by default": {"markup": RAW, "defaultContentLanguage": "ko"},
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_link_and_image_goes_where_hugos_own_goes(variant, tmp_path):
    keys = VARIANTS[variant]
    root = corpus(tmp_path, **keys)
    default = keys.get("defaultContentLanguage", "en")
    built = build(find_hugo(), root, timeout=60)
    (waiting,) = run(root, now=datetime.now(UTC)).problems  # Hugo goes by the clock too
    assert waiting.file == "content/post/future/index.en.md"
    unlike: list[str] = []
    for language in TWO:
        ours = items(root / "feeds" / ("" if language == default else language) / "feed.xml")
        below = "" if language == default and not keys.get("defaultContentLanguageInSubdir") else language
        theirs = items(built.destination / below / "index.xml")
        assert ours.keys() == theirs.keys()
        assert len(ours) >= 8
        for address, html in theirs.items():
            pairs = zip(links(html, address), links(ours[address], address), strict=True)
            unlike += [f"{address}: {mine} is not {their}" for their, mine in pairs if their != mine]
            assert unlike or document(ours[address], address) == document(html, address)
    assert not unlike, "\n".join(unlike)


def links(html: str, address: str) -> list[tuple[str, str]]:
    return re.findall(r'(href|src)="([^"]*)"', str(flat(document(html, address))))


def flat(tree: list[object]) -> str:
    """Addresses in their order."""
    told: list[str] = []
    for part in tree:
        if isinstance(part, tuple):
            told += [f'{name}="{value}"' for name, value in part[1].items() if name in {"href", "src"}]
            told.append(flat(part[2]))
    return "\n".join(told)


def link_of(root: Path, path: str = "ko/feed.xml") -> str:
    (entry,) = feedparser.parse((root / "feeds" / path).read_bytes()).entries
    return re.search(r'(?:href|src)="([^"]*)"', entry.summary)[1]


@pytest.mark.parametrize("scope", ["all", "changed"])
def test_a_page_that_comes_moves_and_goes_changes_the_posts_that_name_it_and_no_other(tmp_path, scope):
    root = make(tmp_path, {"groups": ["site", "tags"]})
    write(root, "a", "ko", body="[b](/post/b/)", tags=["a"])
    write(root, "b", tags=["b"])
    write(root, "c", tags=["c"], body="[b](/post/b/)")
    run(root, scope)
    assert link_of(root) == "https://example.org/post/b/"
    assert states(run(root, scope)) == {}
    page = write(root, "b", "ko", tags=["b"])
    page.write_text(
        page.read_text(encoding="utf-8").replace("draft", "").replace("title:", "slug: new\ntitle:")
    )
    told = states(run(root, scope))
    assert told.keys() - {"ko/feed.xml", "ko/tags/a/feed.xml", "ko/tags/b/feed.xml"} == {
        "feeds.opml", "ko/subscribe/index.html",
    }  # fmt: skip
    assert link_of(root, "ko/tags/a/feed.xml") == "https://example.org/ko/post/new/"
    page.write_text(page.read_text(encoding="utf-8").replace("slug: new", "slug: newer"))
    assert states(run(root, scope)).keys() == {"ko/feed.xml", "ko/tags/a/feed.xml", "ko/tags/b/feed.xml"}
    assert link_of(root, "ko/tags/a/feed.xml") == "https://example.org/ko/post/newer/"
    page.unlink()
    run(root, scope)
    assert link_of(root) == "https://example.org/post/b/"
    assert states(run(root, "all")) == {}
    sound(root)


def test_a_picture_is_where_hugo_serves_it_and_is_named_only_if_it_does(tmp_path):
    root = make(tmp_path, {"groups": ["site"], "json_feed": True})
    write(root, "a")
    bundle = write(root, "a", "ko", body="![x](flow.svg)").parent
    for name in ("flow.svg", "flow.png"):
        (bundle / name).write_bytes(PICTURE)
    lone = write(root, "b", "ko", day="2026-05-13", body="![x](flow.png)").parent
    (lone / "flow.png").write_bytes(PICTURE)
    (lone / "own.ko.png").write_bytes(PICTURE)
    run(root)
    entries = feedparser.parse((root / "feeds/ko/feed.xml").read_bytes()).entries
    served = "https://example.org/post/a/flow.png"
    assert f'src="{served}"' in entries[0].summary
    assert [[each.href for each in entry.enclosures] for entry in entries] == [
        [served], ["https://example.org/ko/post/b/own.ko.png"],
    ]  # fmt: skip
    sound(root)


def test_markup_is_what_hugo_makes_of_all_its_files_asked_once(tmp_path, monkeypatch):
    root = make(tmp_path, {"groups": ["site"]}, theme="plain")
    theme = root / "themes" / "plain" / "hugo.yaml"
    theme.parent.mkdir(parents=True)
    theme.write_text("params: {x: 1}\n")
    own = root / "config" / "_default" / "markup.yaml"
    write(root, "a", body='"x" <b>y</b>')

    def shown() -> str:
        run(root)
        return feedparser.parse((root / "feeds/feed.xml").read_bytes()).entries[0].summary

    assert shown() == "<p>\u201cx\u201d y</p>"
    own.parent.mkdir(parents=True)
    own.write_text("goldmark: {renderer: {unsafe: true}, extensions: {typographer: {disable: true}}}\n")
    assert shown() == "<p>&quot;x&quot; <b>y</b></p>"
    own.write_text("_merge: deep\n")
    theme.write_text("markup: {goldmark: {renderer: {unsafe: true}}}\n")
    assert shown() == "<p>\u201cx\u201d <b>y</b></p>"
    monkeypatch.setattr("generator.library.site.settings", lambda *_, **__: pytest.fail("asked again"))
    assert shown() == "<p>\u201cx\u201d <b>y</b></p>"
