"""What a post may name that has a page of its own: the tags, stocks and pages of a blog, with their names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from generator.library.outline import Outline
    from generator.links.site_map import SiteMap, Target
    from generator.tags.registry import Registry


@dataclass(frozen=True, slots=True)
class Topic:
    """One subject with the pages that it has."""

    names: tuple[str, ...]
    pages: tuple[Target, ...]
    """What a text of the language should link to first; a link to any of them, in any language, will do."""

    @property
    def keys(self) -> frozenset[str]:
        """By which its pages are known in every language."""
        return frozenset(page.key for page in self.pages)


def topics(
    outlines: Iterable[Outline],
    pages: SiteMap,
    registry: Registry,
    language: str,
    sections: Collection[str] = (),
) -> tuple[Topic, ...]:
    """The subjects that have a page in the language, or else in the default one.

    A tag is known by its slug, title and synonyms, by its page's title in the language, and by its stock's
    code if it is one stock's. A page outside the posts, whose `sections` are given, that names one stock in
    its front matter is known by its title and the code.
    A page of the tag's slug, or of its stock's code, comes before the tag's own.
    """
    outlines = tuple(outlines)
    plural = pages.settings.taxonomies.get("tag", "tags")
    titles = {each.path: each.title for each in outlines if each.kind == "term" and each.language == language}
    made: list[Topic] = []
    for tag in registry.by_slug.values():
        codes = tag.stocks if len(tag.stocks) == 1 else ()
        paths = [f"/page/{each}" for each in (tag.slug, *codes)]
        found = tuple(_pages([*paths, f"/{plural}/{tag.slug}"], pages, language))
        title = titles.get(f"{plural}/{tag.slug}", "")
        if found:
            made.append(
                Topic(tuple(filter(None, (tag.title, title, *tag.synonyms, tag.slug, *codes))), found)
            )
    registered = {f"{plural}/{slug}" for slug in registry.by_slug}
    for each in outlines:
        own = each.kind == "term" and each.folder == plural and each.path not in registered
        is_post = each.kind != "page" or each.section.lower() in sections
        stocks = () if is_post or each.stocks_json == "[]" else each.stocks
        if each.language != language or not each.title or not (own or len(stocks) == 1):
            continue
        target = pages.by_file.get(each.file)
        if target is not None and target.address and not target.draft:
            made.append(Topic((each.title, *stocks, *([each.name] if own else [])), (target,)))
    return tuple(made)


def _pages(paths: Iterable[str], pages: SiteMap, language: str) -> Iterator[Target]:
    """The pages of these paths in the language; only if there is none, those in the default one."""
    wanted = list(paths)
    for each in dict.fromkeys((language, pages.settings.default_language)):
        found = [target for path in wanted if (target := pages.by_path.get((each, path)))]
        if found:
            yield from found
            return
