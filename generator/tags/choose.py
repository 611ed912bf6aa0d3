"""Which tags a session's post gets. The one place of the tags that touches frames, through `rules`."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

from generator import rules
from generator.slugs import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    import pandas as pd

    from generator.tags.registry import Registry
    from generator.tags.tag import Tag


def matching(registry: Registry, history: pd.DataFrame, day: date) -> tuple[str, ...]:
    """Slugs of the tags whose rule holds on `day`, in the order of slugs.

    `history` has one row a session, indexed by its date at midnight without a zone, and one column a metric;
    a day that is not in it matches nothing. A rule over a metric that is missing that day does not hold.

    Raises:
        TagError: a rule names a metric that the history does not have.
    """
    # Rules compare within a session only, so one row is enough.
    row = history.loc[history.index == datetime.combine(day, time())]
    ruled = (tag for tag in registry.by_slug.values() if tag.rule)
    return tuple(tag.slug for tag in ruled if bool(rules.matches(tag.rule, row).any()))


def tags_of(
    registry: Registry,
    *,
    matched: Collection[str],
    indices: Sequence[str] = (),
    stocks: Sequence[str] = (),
    groups: Sequence[str] = (),
    limit: int,
) -> tuple[Tag, ...]:
    """The tags of a post, heaviest first and by slug among equals, at most `limit`.

    `matched` are the slugs whose rule holds. `indices`, `stocks` (codes) and `groups` (names of sectors and
    clusters) are what the post speaks of: each gives a tag only if the registry knows it, and never one that
    has a rule, since data decides those.
    """
    codes, themes = frozenset(stocks), {fold(name) for name in groups}
    named = (registry.resolve(name) for name in (*indices, *groups))
    slugs = {tag.slug for tag in named if tag and not tag.rule}
    for tag in registry.by_slug.values():
        if not tag.rule and not (codes.isdisjoint(tag.stocks) and themes.isdisjoint(map(fold, tag.themes))):
            slugs.add(tag.slug)
    chosen = (registry.by_slug[slug] for slug in {*matched, *slugs})
    return tuple(sorted(chosen, key=lambda tag: (-tag.weight, tag.slug))[:limit])
