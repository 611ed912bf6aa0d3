"""Addresses against Hugo's own: sites of every setting that decides about them, all pages compared."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from generator.library.index import Index
from generator.library.site import site_settings
from generator.process import run

if TYPE_CHECKING:
    from pathlib import Path

PAGES = {
    "posts/One.md": "title: The One\ndate: 2024-02-03T23:30:00-05:00",
    "posts/bund/index.md": "title: Bundle é Été\ndate: 2024-02-03",
    "posts/bund/index.ko.md": "title: 번들 하나\ndate: 2024-02-03 10:00:00",
    "posts/bund/extra.md": "title: a resource",
    "posts/bund/sub/deep.md": "title: a resource",
    "posts/slugged/index.md": "title: S\nslug: My Slug/x\ndate: '2024-12-31'",
    "posts/slugged/index.ko.md": "title: S\nslug: 슬러그\ndate: 2024-12-31T23:00:00Z",
    "posts/url1.md": "title: S\nurl: /abs/here\ndate: 2024-12-31",
    "posts/url1.ko.md": "title: S\nurl: /abs/here2\ndate: 2024-12-31",
    "posts/url2.ko.md": "title: S\nurl: rel/there/\ndate: 2024-12-31",
    "posts/url3.ko.md": "title: Tokens Here\nurl: /x/:year/:slug.html\ndate: 2024-12-31",
    "posts/url4.md": "title: S\nurl: My Url/With Case\ndate: 2024-12-31",
    "posts/url5.md": "title: S\nurl: file.html\ndate: 2024-12-31",
    "posts/2024/Q1/nested.md": "title: N\ndate: 2024-12-31",
    "posts/2024/_index.md": "title: Year",
    "posts/2024/leaf/_index.md": "title: Leaf",
    "posts/2024/leaf/inner.md": "title: Inner\ndate: 2024-12-31",
    "posts/nodate.md": "title: No Date",
    "posts/notitle.md": "date: 2024-12-31",
    "posts/publish.md": "title: P\npublishDate: 2023-01-02",
    "posts/2023-05-06-dated.md": "title: Dated",
    "posts/e.fr.md": "title: F",
    "posts/v1.2-notes.md": "title: V",
    "posts/_under.md": "title: Under",
    "posts/AI & Chips, C#.md": "title: AI & Chips / C#\ndate: 2024-12-31",
    "posts/.hidden.md": "title: hidden",
    ".hidden/x.md": "title: hidden",
    "tags/kospi/_index.md": "title: KOSPI Tag",
    "tags/_index.md": "title: Tags",
    "about.md": "title: About",
    "contact/index.md": "title: Contact",
    "docs/a/b/c.md": "title: C\ntags: [kospi]",
    "docs/a/b/_index.md": "title: C\nslug: bee",
    "docs/_index.md": "title: Docs\nurl: /documentation/",
    "docs/hl/index.md": "title: H\nheadless: true",
    "docs/rn.md": "title: H\nbuild: {render: never}",
    "docs/index/x.md": "title: X",
    "docs/Sp ace/Été Ünï.md": "title: U",
    "korean/posts/kk.md": "title: KK\ndate: 2024-12-31",
    "posts/both.md": "title: Both",
    "posts/both.en.md": "title: Both",
    "posts/plus.md": "title: a+b / c",
    "posts/slash.md": "title: A\nslug: a + b / C# & d",
}
TOML_PAGE = "+++\ntitle = 'T'\ndate = 2024-05-06\nslug = 'from-toml'\n+++\n"
JSON_PAGE = '{\n"title": "J",\n"date": "2024-05-07T01:02:03+09:00",\n"Slug": "from-json"\n}\n'

HOME = """{{ $all := slice }}{{ range hugo.Sites }}{{ range .Pages }}{{ $page := . }}{{ with .File }}
{{ $all = $all | append (printf "%s\\t%s\\t%s" .Filename $page.RelPermalink $page.Lang) }}
{{ end }}{{ end }}{{ end }}{{ (resources.FromString "pages.txt" (delimit $all "\\n")).Publish }}"""

BASE = (
    "baseURL = 'https://example.org/sub/'\ntimeZone = 'Asia/Seoul'\n"
    "disableKinds = ['rss', 'sitemap', '404']\n"
)
TWO = "[languages.en]\nweight = 1\n[languages.ko]\nweight = 2\n"

SITES = {
    "two languages": {"hugo.toml": BASE + TWO},
    "one language": {"config.yaml": "baseURL: https://example.org/sub/\ntimeZone: Asia/Seoul\n"},
    "all in folders": {
        "config.toml": BASE + "defaultContentLanguageInSubdir = true\n" + TWO
    },
    "default is ko": {"hugo.toml": BASE + "defaultContentLanguage = 'ko'\n" + TWO},
    "ugly": {"hugo.toml": BASE + "uglyURLs = true\n" + TWO},
    "ugly sections": {"hugo.toml": BASE + TWO + "[uglyURLs]\nposts = true\n"},
    "as spelled": {"hugo.toml": BASE + "disablePathToLower = true\n" + TWO},
    "no accents": {"hugo.toml": BASE + "removePathAccents = true\n" + TWO},
    "permalinks": {
        "config/_default/hugo.toml": BASE,
        "config/_default/languages.toml": "[en]\nweight = 1\n[ko]\nweight = 2\n",
        "config/_default/permalinks.toml": "posts = '/:year/:month/:day/:slug/'\n"
        "docs = '/d/:sections/:contentbasename/'\n",
    },
    "permalinks by kind": {
        "hugo.yaml": """baseURL: https://example.org/sub/
timeZone: Asia/Seoul
permalinks:
  page:
    posts: "/:sections[1:]/:title/:filename-:yearday-:weekday-:monthname"
    docs: ":section/:sections[last]/:slugorcontentbasename"
  section: {posts: "/s/:title", docs: "/dd/:slug"}
  term: {tags: "/t/:slug"}
  taxonomy: {tags: /tt}
""",
    },
    "permalinks by language": {
        "hugo.toml": BASE + "[languages.en]\nweight = 1\n[languages.en.permalinks]\nposts = '/e/:title/'\n"
        "[languages.ko]\nweight = 2\n[languages.ko.permalinks]\nposts = '/k/:year/:slugorfilename/'\n"
    },
    "a folder a language": {
        "hugo.toml": BASE + "[languages.en]\ncontentDir = 'content'\nweight = 1\n"
        "[languages.ko]\ncontentDir = 'korean'\nweight = 2\n",
        "korean/posts/kk.md": "---\ntitle: KK\ndate: 2024-12-31\n---\n",
        "korean/posts/2024/aa.md": "---\ntitle: AA\n---\n",
    },
    "dates of names": {
        "hugo.json": '{"baseURL": "https://example.org/sub/",'
        '"permalinks": {"posts": "/:year/:month/:slug/"},'
        '"frontmatter": {"date": [":filename", ":default"]}}'
    },
}  # fmt: skip


@pytest.mark.parametrize("name", SITES)
def test_every_address_is_hugos(tmp_path: Path, name: str) -> None:
    for file, head in PAGES.items():
        put(tmp_path / "content" / file, f"---\n{head}\n---\ntext\n")
    put(tmp_path / "content/posts/toml.md", TOML_PAGE)
    put(tmp_path / "content/posts/json.md", JSON_PAGE)
    for file, text in SITES[name].items():
        put(tmp_path / file, text)
    put(tmp_path / "layouts/home.html", HOME)
    put(tmp_path / "layouts/all.html", "x")
    done = run([sys.executable, "-P", "-m", "hugo", "--quiet"], cwd=tmp_path, timeout=60)
    assert done.code == 0, done.stderr
    lines = (tmp_path / "public/pages.txt").read_text(encoding="utf-8").splitlines()
    hugos = {
        (file.removeprefix(f"{tmp_path}/"), language): unquote(address.removeprefix("/sub"))
        for file, address, language in (line.split("\t") for line in lines)
    }
    settings, problems = site_settings(tmp_path, tmp_path / "cache", timeout=30)
    assert not problems
    with Index(tmp_path, settings) as index:
        index.refresh()
        ours = {(row.path, row.place.language): row.address for row in index.rows() if row.page.is_listed}
    assert ours == hugos
    assert len(ours) > 25
    again, _ = site_settings(tmp_path, tmp_path / "cache", timeout=30)
    assert again == settings  # as kept


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
