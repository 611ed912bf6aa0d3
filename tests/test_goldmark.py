from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup, Comment, NavigableString, Tag
from feed_cases import MARKDOWN
from hypothesis import given
from hypothesis import strategies as st

from generator import goldmark
from generator.site.hugo import build, find_hugo

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """\
baseURL: https://example.org/
disableKinds: [home, section, taxonomy, term, sitemap, rss, "404"]
markup:
  goldmark:
    extensions:
      cjk: {enable: true, escapedSpace: true}
      typographer: {disable: true}
"""


@pytest.fixture(scope="module")
def hugos(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    root: Path = tmp_path_factory.mktemp("site")
    (root / "layouts").mkdir()
    (root / "content").mkdir()
    (root / "config.yaml").write_text(CONFIG)
    (root / "layouts" / "page.html").write_text("{{ .Content }}")
    for number, markdown in enumerate(MARKDOWN.values()):
        (root / "content" / f"c{number}.md").write_text(f"---\ntitle: x\n---\n{markdown}\n", encoding="utf-8")
    built = build(find_hugo(), root, timeout=60)
    return {
        title: (built.destination / f"c{number}" / "index.html").read_text(encoding="utf-8")
        for number, title in enumerate(MARKDOWN)
    }


BLOCKS = {
    "blockquote", "br", "dd", "div", "dl", "dt", "h1", "h2", "h3", "hr", "li", "ol", "p", "pre", "table",
    "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip


def tree(node: Tag, *, kept: bool = False) -> list[object]:
    """Elements, attributes and text, with the space that a reader sees; tabindex is for pages only."""
    found: list[object] = []
    for child in node.children:
        if isinstance(child, Tag):
            attributes = {name: value for name, value in child.attrs.items() if name != "tabindex"}
            found.append((child.name, attributes, tree(child, kept=kept or child.name == "pre")))
        elif isinstance(child, NavigableString) and not isinstance(child, Comment):
            before = str(found.pop()) if found and isinstance(found[-1], str) else ""
            found.append(before + child if kept else re.sub(r"[ \n\t]+", " ", before + child))
    if kept:
        return found
    seen: list[object] = []
    for index, part in enumerate(found):
        if not isinstance(part, str):
            seen.append(part)
            continue
        text = part.lstrip(" ") if index == 0 or _is_block(found[index - 1]) else part
        text = text.rstrip(" ") if index + 1 == len(found) or _is_block(found[index + 1]) else text
        seen.extend([text] if text else [])
    return seen


def _is_block(part: object) -> bool:
    return isinstance(part, tuple) and part[0] in BLOCKS


@pytest.mark.parametrize("title", MARKDOWN)
def test_same_document_as_hugo(title: str, hugos: dict[str, str]) -> None:
    ours = goldmark.render(MARKDOWN[title])
    assert tree(BeautifulSoup(ours, "html.parser")) == tree(BeautifulSoup(hugos[title], "html.parser"))


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("1~2% and 3~4%", "<p>1<del>2% and 3</del>4%</p>\n"),
        ("**(005930)**\\ 는", "<p><strong>(005930)</strong>는</p>\n"),
        ("<b>x</b>", "<p>x</p>\n"),
        ("[x](JavaScript:alert(1))", '<p><a href="">x</a></p>\n'),
        ("a {{< youtube x >}} b", "<p>a  b</p>\n"),
        ("a {{%/* note */%}} b", "<p>a {{% note %}} b</p>\n"),
        ("", ""),
    ],
)
def test_html_of(markdown: str, html: str) -> None:
    assert goldmark.render(markdown) == html


def test_heading_attributes_hold_no_event_handler() -> None:
    assert goldmark.render('## T {onclick="x" data-a=1}') == '<h2 data-a="1" id="t">T</h2>\n'


@given(st.text(alphabet="~*_`[]()<>!|\\&#{}-:.@ \n\taB1가%₩", max_size=60))
def test_any_text_renders_without_code_and_alike_twice(text: str) -> None:
    html = goldmark.render(text)
    assert html == goldmark.render(text)
    assert "<script" not in html.lower()
    assert not [name for name in _attributes(html) if name.startswith("on")]


def _attributes(html: str) -> list[str]:
    return [name for element in BeautifulSoup(html, "html.parser").find_all(True) for name in element.attrs]
