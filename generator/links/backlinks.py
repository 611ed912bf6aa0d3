"""Which pages link to which: one inverse index of the whole blog, by address."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from generator.links.resolve import Resolved, resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.library.outline import Outline
    from generator.links.site_map import SiteMap, Target


def backlinks(outlines: Iterable[Outline], pages: SiteMap) -> Mapping[str, tuple[Target, ...]]:
    """The pages that link to each address, in order of their files; a page that links to itself is none.

    What is asked of a link hangs on the page that it stands in only by its language and folder, so that
    each is resolved once.
    """
    found: dict[str, dict[str, Target]] = defaultdict(dict)
    known: dict[tuple[str, str, str], Resolved | None] = {}
    for page in outlines:
        source = pages.by_file.get(page.file)
        if source is None or not source.address:
            continue
        for link in page.links:
            # From the site's root, or of another site: the same wherever it stands in a language.
            here = "" if link.startswith("/") or "://" in link else source.address
            key = (link, source.language, here)
            if key not in known:
                known[key] = resolve(link, source, pages)
            leads = known[key]
            if leads is not None and leads.target is not None and leads.target.file != source.file:
                found[leads.address][page.file] = source
    return {address: tuple(sources.values()) for address, sources in found.items()}
