"""Where links lead, against Hugo's own: small sites are built, and each link of each page is followed."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.config import load
from generator.library.index import Index
from generator.library.settings import Permalink, SiteSettings
from generator.library.site import site_settings
from generator.links.backlinks import backlinks
from generator.links.resolve import resolve
from generator.links.site_map import SiteMap, Target, _Made, site_map
from generator.process import run

if TYPE_CHECKING:
    from pathlib import Path

    from generator.library.outline import Outline

LINKS = (
    "/post/b/", "../b/", "b", "./b", "/sub/post/b/", "/sub/post/b", "/post/slugged/", "/post/real-slug/",
    "/sub/post/real-slug/", "b.md", "/post/b.md", "../old/", "/sub/old/", "/sub/ko/old-ko/",
    "/sub/post/near/",
    "/tags/k/", "/tags/zz", "/sub/tags/zz/", "/sub/ko/tags/k/", "/post/b#x", "/post/b?x=1#y",
    "/sub/post/b/#x",
    "/ko/post/b/", "/sub/ko/post/b/", "deep", "/post/c/d/deep", "../b/index.md", "/post/b/index.md",
    "index.md", "https://example.org/sub/post/b/", "https://EXAMPLE.org:443/sub/ko/post/b/",
    "http://example.org/sub/post/b/index.html", "//example.org/sub/post/b/", "https://other.example/sub/post/b/",
    "/post/", "/", "/sub/", "/sub", "/tags/", "/categories/", "post/b", "/POST/B/", "/sub/POST/B/",
    "/post/%62/", "/sub/post/%62/", "../../post/b", "solo.md", "only-en", "/post/only-en/",
    "/sub/post/only-en/",
    "/docs/guide", "/sub/g/2026/guide/", "/post/한글/", "/sub/post/%ED%95%9C%EA%B8%80/", "/post/nowhere/",
    "https://example.org/subway/", "mailto:a@example.org", "twin/", "/docs/twin", "b.ko.md",
)  # fmt: skip
REFS = (
    '{{< ref "b" >}}', '{{< relref path="/post/b" lang="en" >}}', '{{% ref "/post/b.md" %}}',
    '{{< ref "deep#part" >}}', '{{< relref "/post/b/index.md" >}}', '{{< ref "/tags/k" >}}',
)  # fmt: skip

PAGES = {
    "post/b/index.md": "",
    "post/b/index.ko.md": "aliases: [/old-ko, sibling]",
    "post/slugged/index.md": "slug: real-slug\naliases: [/old/, near]",
    "post/slugged/index.ko.md": "slug: real-slug",
    "post/c/d/deep.md": "",
    "post/c/d/deep.ko.md": "",
    "post/only-en.md": "tags: [zz]",
    "post/한글/index.md": "",
    "docs/guide.md": "",
    "docs/guide.ko.md": "",
    "docs/twin.md": "translationKey: twins",
    "docs/zwilling.ko.md": "translationKey: twins",
}
WITH_LINKS = ("post/a/index.md", "post/a/index.ko.md", "post/solo.md", "post/solo.ko.md", "post/_index.ko.md")

TWO = "[languages.en]\nweight = 1\n[languages.ko]\nweight = 2\n"
HEAD = "disableKinds = ['rss', 'sitemap', '404']\n[permalinks]\ndocs = '/g/:year/:contentbasename/'\n"
SITES = {
    "two languages in a folder": f"baseURL = 'https://example.org/sub/'\n{HEAD}{TWO}",
    "no hook": f"baseURL = 'https://example.org/sub/'\n{HEAD}{TWO}"
    "[markup.goldmark.renderHooks.link]\nuseEmbedded = 'never'\n",
    "at the root": f"baseURL = 'https://example.org/'\n{HEAD}",
    "all in folders": f"baseURL = 'https://example.org/'\ndefaultContentLanguageInSubdir = true\n{HEAD}{TWO}",
}


class Built(NamedTuple):
    root: Path
    pages: SiteMap
    outlines: tuple[Outline, ...]

    def by_file(self, name: str) -> Target:
        return self.pages.by_file[f"content/{name}"]


def made(root: Path, config: str) -> Built:
    lines = [f"[{n}]({link})" for n, link in enumerate((*LINKS, *REFS))]
    for name, head in PAGES.items():
        put(root / "content" / name, f"---\ntitle: {name}\ndate: 2026-01-02\n{head}\n---\nx\n")
    for name in WITH_LINKS:
        put(root / "content" / name, "---\ntitle: T\ndate: 2026-01-01\ntags: [k]\n---\n" + "\n".join(lines))
    put(root / "hugo.toml", config)
    put(root / "layouts/all.html", "x\n{{ .Content }}")
    done = run([sys.executable, "-P", "-m", "hugo", "--noBuildLock"], cwd=root, timeout=60)
    assert done.code == 0, done.stdout + done.stderr
    settings, _ = site_settings(root, root / "cache", timeout=30)
    with Index(root, settings) as index:
        index.refresh()
        outlines = index.outlines()
    return Built(root, site_map(outlines, settings, load(root).site), outlines)


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return made(tmp_path_factory.mktemp("site"), SITES["two languages in a folder"])


@pytest.mark.parametrize("name", SITES)
def test_links_lead_where_hugo_takes_them(tmp_path: Path, site: Built, name: str) -> None:
    built = site if name == "two languages in a folder" else made(tmp_path, SITES[name])
    base, wrong, seen = built.pages.base, [], 0
    for source in (built.by_file(each) for each in WITH_LINKS if f"content/{each}" in built.pages.by_file):
        page = built.root / "public" / source.address.strip("/") / "index.html"
        html = page.read_text(encoding="utf-8")
        hrefs = {number: href for href, number in re.findall(r'<a href="([^"]*)">(\d+)</a>', html)}
        for number, link in enumerate((*LINKS, *REFS)):
            url = urlsplit(urljoin(f"https://example.org{base}{source.address}", hrefs[str(number)]))
            path = unquote(url.path)
            is_ours = (url.hostname, url.scheme[:4]) == ("example.org", "http") and (
                path == base or path.startswith(f"{base}/")
            )
            there = path.removeprefix(base).strip("/").removesuffix("index.html").strip("/")
            exists = is_ours and (built.root / "public" / there / "index.html").is_file()
            found = resolve(link, source, built.pages)
            seen += exists
            if (found is not None) != is_ours or bool(found and found.target) != exists:
                wrong.append((source.file, link, hrefs[str(number)], found))
            elif found and found.target and found.target.address.strip("/") != there:
                alias = (built.root / "public" / there / "index.html").read_text(encoding="utf-8")
                if f'{base}{found.target.address}"' not in alias:
                    wrong.append((source.file, link, hrefs[str(number)], found))
    assert not wrong
    assert seen > 40


@pytest.mark.parametrize(
    ("source", "link", "instead"),
    [
        ("post/a/index.ko.md", "/sub/post/b/", "/ko/post/b/"),
        ("post/a/index.ko.md", "https://example.org/sub/post/b#x", "/ko/post/b/"),
        ("post/a/index.ko.md", "/sub/old/", "/ko/post/real-slug/"),  # an alias
        ("post/a/index.ko.md", '{{< relref path="/post/b" lang="en" >}}', "/ko/post/b/"),
        ("post/a/index.ko.md", "/sub/tags/k/", "/ko/tags/k/"),
        ("post/a/index.ko.md", "/sub/g/2026/twin/", "/ko/g/2026/zwilling/"),  # by translationKey
        ("post/a/index.ko.md", "/sub/", "/ko/"),
        ("post/a/index.md", "/sub/ko/post/b/", "/post/b/"),
        ("post/a/index.ko.md", "/post/b/", None),  # Hugo's hook takes it to the Korean page
        ("post/a/index.ko.md", "/sub/post/only-en/", None),  # there is no translation
        ("post/a/index.ko.md", "/sub/post/a/", None),  # its own English page: a reader may want that
        ("post/a/index.md", "/sub/post/b/", None),
    ],
)
def test_a_link_to_another_language_has_its_translation(
    site: Built, source: str, link: str, instead: str | None
) -> None:
    found = resolve(link, site.by_file(source), site.pages)
    assert found is not None
    assert found.target is not None
    assert (found.instead.address if found.instead else None) == instead


def test_what_a_text_of_a_language_links_to(site: Built) -> None:
    korean, english = site.pages.elsewhere("ko"), site.pages.elsewhere("en")
    assert korean["/post/b/"] == "/ko/post/b/"
    assert korean["/post/only-en/"] == "/post/only-en/"
    assert english["/ko/post/b/"] == "/post/b/"
    assert "/post/b/" not in english
    assert "/post/nowhere/" not in korean


def test_backlinks_are_the_links_the_other_way_round(site: Built) -> None:
    found = backlinks(site.outlines, site.pages)
    slow: dict[str, set[str]] = {}
    for page in site.outlines:
        source = site.pages.by_file[page.file]
        for link in page.links:
            leads = resolve(link, source, site.pages)
            if leads and leads.target and leads.target.file != page.file:
                slow.setdefault(leads.target.address, set()).add(page.file)
    assert {address: {each.file for each in sources} for address, sources in found.items()} == slow
    assert [each.file for each in found["/post/only-en/"]] == [f"content/{n}" for n in sorted(WITH_LINKS)]


@given(link=st.text() | st.from_regex(r"(\{\{< ref |https?://|//|\.\./|/)?[\[\]%/.a-z\"#?]*", fullmatch=True))
def test_any_text_leads_to_a_page_of_the_map_or_nowhere(site: Built, link: str) -> None:
    found = resolve(link, site.by_file("post/a/index.ko.md"), site.pages)
    if found is not None and found.target is not None:
        assert site.pages.by_address[found.address] == found.target
        assert found.instead is None or (found.instead.language, found.target.language) == ("ko", "en")


def test_a_draft_is_at_its_address_and_stands_in_for_nothing(tmp_path: Path) -> None:
    for name, draft in (("x.md", "false"), ("x.ko.md", "true"), ("y.md", "true")):
        put(tmp_path / "content/post" / name, f"---\ntitle: T\ndate: 2026-01-01\ndraft: {draft}\n---\nx\n")
    put(tmp_path / "hugo.toml", SITES["two languages in a folder"])
    settings, _ = site_settings(tmp_path, tmp_path / "cache", timeout=30)
    with Index(tmp_path, settings) as index:
        index.refresh()
        pages = site_map(index.outlines(), settings, load(tmp_path).site)
    source = pages.by_file["content/post/x.ko.md"]
    found = resolve("/sub/post/y/", source, pages)
    assert found is not None
    assert found.target is not None
    assert found.target.draft
    assert pages.elsewhere("ko")["/post/x/"] == "/post/x/"
    assert "/post/y/" not in pages.elsewhere("ko")


NAMES = st.text(st.sampled_from("aZ09 -./\\_#+~@&%한글é²İΣςß\u0301\t"), min_size=1, max_size=8)


@given(
    st.lists(NAMES | st.text(min_size=1, max_size=6), max_size=6),
    st.sampled_from([
        SiteSettings(languages=("en", "ko")),
        SiteSettings(lower=False),
        SiteSettings(accents=False),
        SiteSettings(ugly=True),
        SiteSettings(ugly_sections=("tags",)),
        SiteSettings(taxonomies={"tag": "My Tags"}),
        SiteSettings(permalinks={"en": (Permalink("/t/:slug/", "term", ""),)}),
    ]),
)  # fmt: skip
@example(["AI & Chips", "ai--chips", "-x-", "a.html", "K-Beauty", "반도체 대형주"], SiteSettings())
def test_terms_stand_where_the_long_way_has_them(names, settings):
    def made():
        found = _Made(settings)
        plurals = settings.taxonomies.values()
        found.terms = {
            (language, plural, name): None
            for language in settings.languages for plural in plurals for name in names
        }  # fmt: skip
        found.add_without_files()
        return found.by_address, found.by_path, found.by_name, dict(found.languages_of)

    short = made()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(_Made, "_plain_term", lambda *_: False)
        assert made() == short
    assert _Made(SiteSettings())._plain_term("en", "tags", "반도체 K-Beauty")
