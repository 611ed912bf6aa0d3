"""Pages that are not written yet, as the index will have them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from generator.library.addresses import Facts, address
from generator.library.places import places
from generator.library.reading import read_page
from generator.library.store import Row, Store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.library.outline import Outline
    from generator.library.settings import SiteSettings


def planned_outlines(planned: Mapping[str, bytes], settings: SiteSettings) -> tuple[Outline, ...]:
    """What links hang on of the pages among some files.

    Args:
        planned: contents by path from the blog's folder; what is no page is left out.
        settings: the site's.

    Raises:
        PostError: one of them cannot be read.
    """
    found = places([file for file in planned if file.endswith(".md")], settings)
    store = Store(None)
    store.set_places(found, ())
    for file, place in found.items():
        page = read_page(planned[file], file=file, place=place, settings=settings)
        facts = Facts(title=page.title, slug=page.slug, url=page.url, date=page.date)
        at = address(place, facts, settings) if page.is_rendered else ""
        store.put_page(Row(file, place, at, hashlib.sha256(planned[file]).hexdigest(), page))
    outlines = tuple(store.outlines())
    store.close()
    return outlines
