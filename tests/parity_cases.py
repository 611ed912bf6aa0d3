"""Markdown in case files, rendered by Hugo, and what makes two fragments of HTML the same for a reader."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from bs4 import BeautifulSoup, Comment, NavigableString, Tag

from generator.feeds.addresses import joined
from generator.site.hugo import build, find_hugo

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).parents[1]
BASE = "https://example.org/"

_CASE = re.compile(r"^([^\n]+)\n\.\n(.*?)\n?^\.$", re.MULTILINE | re.DOTALL)


def cases() -> dict[str, str]:
    """Markdown by file and title. A file holds, for each case: a title, `.`, the Markdown, `.`."""
    found: dict[str, str] = {}
    for path in sorted((Path(__file__).parent / "parity").glob("*.md")):
        for title, markdown in _CASE.findall(path.read_text(encoding="utf-8")):
            name = f"{path.stem}: {title}"
            assert name not in found, f"two cases are called {name!r}"
            found[name] = markdown + "\n"
    return found


_FEED = (
    '{{ `<?xml version="1.0" encoding="utf-8"?>` | safeHTML }}<rss version="2.0"><channel>'
    "{{ range site.RegularPages }}<item><title>{{ .Title }}</title><link>{{ .Permalink }}</link>"
    "<description>{{ .Content | transform.XMLEscape | safeHTML }}</description></item>{{ end }}"
    "</channel></rss>"
)
_LANGUAGES = ("en", "ko", "ja", "zh", "de", "fr", "es", "vi")

Rendered = dict[str, dict[str, tuple[str, str]]]
"""By variant and title: the page's address, and its HTML."""


def by_hugo(
    root: Path, texts: Sequence[tuple[str, str]], variants: Mapping[str, Mapping[str, Any]]
) -> Rendered:
    """One build: a language for each variant of `markup`, an RSS feed of whole posts in each.

    Args:
        root: a new folder.
        texts: titles and Markdown.
        variants: sections `markup`; Hugo's hooks for links are off unless a section says otherwise.
    """
    languages = dict(zip(variants, _LANGUAGES, strict=False))
    off = {"link": {"useEmbedded": "never"}, "image": {"useEmbedded": "never"}}
    settings: dict[str, Any] = {
        "baseURL": BASE,
        "disableKinds": ["section", "taxonomy", "term", "sitemap", "404"],
        "defaultContentLanguageInSubdir": True,
        "ignoreLogs": ["warning-goldmark-raw-html"],
        "outputs": {"home": ["rss"], "page": ["html"]},
        "languages": {
            language: {"markup": {**section, "goldmark": {"renderHooks": off, **section.get("goldmark", {})}}}
            for section, language in zip(variants.values(), languages.values(), strict=True)
        },
        "module": {
            "mounts": [
                {"source": "layouts", "target": "layouts"},
                *(
                    {"source": "content", "target": "content", "sites": {"matrix": {"languages": [language]}}}
                    for language in languages.values()
                ),
            ]
        },
    }
    (root / "layouts").mkdir(parents=True)
    (root / "content").mkdir()
    (root / "config.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    (root / "layouts" / "rss.xml").write_text(_FEED, encoding="utf-8")
    (root / "layouts" / "page.html").write_text("{{ .Title }}", encoding="utf-8")
    for number, (_, markdown) in enumerate(texts):
        text = f"---\ntitle: c{number}\n---\n{markdown}"
        (root / "content" / f"c{number}.md").write_text(text, encoding="utf-8")
    built = build(find_hugo(), root, timeout=120)
    rendered: Rendered = {}
    for variant, language in languages.items():
        feed = ET.parse(built.destination / language / "index.xml")  # noqa: S314 - what we just built
        items = {
            str(item.findtext("title")): (str(item.findtext("link")), item.findtext("description") or "")
            for item in feed.iter("item")
        }
        rendered[variant] = {title: items[f"c{number}"] for number, (title, _) in enumerate(texts)}
    return rendered


_INLINE = frozenset({
    "a", "abbr", "b", "br", "cite", "code", "del", "em", "i", "img", "input", "kbd", "q", "rt", "ruby", "s",
    "small", "span", "strong", "sub", "sup", "u",
})  # fmt: skip


def document(html: str, address: str) -> list[object]:
    """What a reader sees of a fragment: elements, attributes, text to the character, addresses absolute.

    Set aside are the space between blocks, the spans, styles and wrapper of coloured code, and `tabindex`,
    which is for pages.
    """
    soup = BeautifulSoup(html, "html.parser")
    for element in soup.find_all(True):
        for name in element.attrs.keys() & {"href", "src", "poster", "cite"}:
            element[name] = joined(str(element[name]), address, BASE)
    for wrapper in soup.select("div.highlight"):
        wrapper.unwrap()
    for span in soup.select("pre span"):
        span.unwrap()
    for element in soup.find_all(True):
        for name in ("style", "tabindex"):
            element.attrs.pop(name, None)
    return _tree(soup, kept=False)


def _tree(node: Tag, *, kept: bool) -> list[object]:
    found: list[object] = []
    for child in node.children:
        if isinstance(child, Tag):
            found.append((child.name, dict(child.attrs), _tree(child, kept=kept or child.name == "pre")))
        elif isinstance(child, NavigableString) and not isinstance(child, Comment):
            before = str(found.pop()) if found and isinstance(found[-1], str) else ""
            found.append(before + child)
    if kept:
        return found
    block = node.name not in _INLINE
    seen: list[object] = []
    for index, part in enumerate(found):
        if isinstance(part, str):
            first, last = index == 0, index + 1 == len(found)
            text = part.lstrip() if (first and block) or (not first and _is_block(found[index - 1])) else part
            text = text.rstrip() if (last and block) or (not last and _is_block(found[index + 1])) else text
            seen.extend([text] if text else [])
        else:
            seen.append(part)
    return seen


def _is_block(part: object) -> bool:
    return isinstance(part, tuple) and part[0] not in _INLINE
