"""A small blog in a folder, for the tests of feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from generator.config import load
from generator.feeds.profile import check, check_folder
from generator.feeds.run import bring
from generator.feeds.settling import is_feed
from generator.library.by_language import libraries_of
from generator.library.site import site_settings
from generator.tags.registry import load_registry

if TYPE_CHECKING:
    from pathlib import Path

    from generator.feeds.run import Report


def make(root: Path, settings: dict[str, Any] | None = None, **keys: Any) -> Path:
    """A blog in English and Korean, without posts."""
    root.mkdir(parents=True, exist_ok=True)
    config = {
        "baseURL": "https://example.org/",
        "title": "Market Notes",
        "defaultContentLanguage": "en",
        "languages": {"en": {"locale": "en"}, "ko": {"locale": "ko-KR", "label": "한국어"}},
        "params": {"marketpost": {"feeds": {"minimum_posts": 1, **(settings or {})}}},
        **keys,
    }
    text = yaml.safe_dump(config, allow_unicode=True)
    (root / "config.yaml").write_text(text, encoding="utf-8")
    _keep_settings(root / ".marketpost", text)
    return root


_ASKED: dict[str, bytes] = {}
"""What Hugo said of configurations: most blogs have one of three, and asking takes longer than a feed."""


def _keep_settings(cache: Path, text: str) -> None:
    kept = cache / "site.json"
    if text in _ASKED:
        cache.mkdir(exist_ok=True)
        kept.write_bytes(_ASKED[text])
    else:
        site_settings(cache.parent, cache, timeout=60)
        if kept.exists():  # it does not where Hugo refuses the configuration, as one with a theme to come
            _ASKED[text] = kept.read_bytes()


def write(
    root: Path, slug: str, language: str = "en", *, body: str = "", day: str = "", **front: Any
) -> Path:
    """A post of 14 May 2026, unless another day is given, tagged `kospi`."""
    date = f"{day or '2026-05-14'}T16:30:00+09:00"
    head = {"title": f"Title of {slug}", "description": f"About {slug}.", "tags": ["kospi"], **front}
    path = root / "content" / "post" / slug / f"index.{language}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(head, allow_unicode=True, sort_keys=False)
    path.write_text(f"---\ndate: {date}\n{text}---\n\n{body or f'Body of **{slug}**.'}\n", encoding="utf-8")
    return path


def run(root: Path, scope: Any = "all", **options: Any) -> Report:
    """Bring the blog's feeds up to date; no rule finds anything in what was written."""
    config = load(root)
    report = bring(
        config, tuple(libraries_of(config).values()), load_registry(config.tags).by_slug, scope, **options
    )
    for each in report.of("new", "changed") if options.get("write", True) else ():
        if is_feed(each.path):
            assert not check((config.feeds / each.path).read_bytes(), each.path)
    return report


def states(report: Report) -> dict[str, str]:
    """What became of each file that is not as it was."""
    return {each.path: each.state for each in report.outcomes if each.state != "same"}


def sound(root: Path, *, waiting: bool = False) -> None:
    """No rule finds anything; lists that are `waiting` for a post to be mended may lack new feeds."""
    count, findings = check_folder(root / "feeds")
    assert count
    found = [each for each in map(str, findings) if not (waiting and "is left out [Lists" in each)]
    assert not found, "\n".join(found)
