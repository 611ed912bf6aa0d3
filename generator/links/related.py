"""Which earlier posts a post points to.

Pure: everything comes as an argument. Links look back in time only, so a new post changes no older one, and
a post made again years later gets the same links as on its day.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from generator.tags.registry import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What counts how much when posts are compared; each part below is times its weight, and they add up."""

    tag: float = 1.0
    """Times the sum, over shared tags, of ln(1 + posts / posts with the tag): a tag that every post has adds
    0.7, one that a single post of a thousand has adds 6.9."""
    stock: float = 2.0
    """Times shared stocks / root of (own stocks * theirs): 1 if they are the same."""
    metrics: float = 3.0
    """Times 1 / (1 + d), d the root mean square difference of the standardised measures both days have."""
    series: float = 0.5
    """Once, if the two are of one series."""
    recency: float = 1.0
    """Times one half for every `half_life` days between the two."""
    half_life: float = 28.0
    """Days; 20 sessions take four weeks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is known of a post before it is written."""

    address: str
    """Empty for one that is not written yet, which is none of the blog's posts."""
    language: str
    date: dt.datetime
    """When it is published; with zone."""
    session: dt.date | None = None
    tags: tuple[str, ...] = ()
    stocks: tuple[str, ...] = ()
    series: tuple[str, ...] = ()


class Candidate(Protocol):
    """What of a post decides whether it is related: a `Post` has it all, and so has a row of the index."""

    @property
    def slug(self) -> str: ...  # noqa: D102 - as of a Post, and so below
    @property
    def address(self) -> str: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def language(self) -> str: ...  # noqa: D102
    @property
    def date(self) -> dt.datetime: ...  # noqa: D102
    @property
    def draft(self) -> bool: ...  # noqa: D102
    @property
    def session(self) -> dt.date | None: ...  # noqa: D102
    @property
    def tags(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def stocks(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def series(self) -> tuple[str, ...]: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """An earlier post worth reading beside this one. The title is a person's text: escape it."""

    title: str
    address: str
    date: dt.datetime
    score: float
    """Rounded to 1e-9."""


def related(
    subject: Subject,
    posts: Iterable[Candidate],
    metrics: Mapping[dt.date, Mapping[str, float]],
    *,
    registry: Registry,
    limit: int,
    weights: Weights | None = None,
) -> tuple[Related, ...]:
    """Up to `limit` earlier posts, most related first; of equal ones the newer, then by slug and address.

    Never the subject itself, a draft, a post of another language or of the same moment or later, nor one that
    shares no tag, stock, series or measure. `metrics` holds standardised measures (mean 0, deviation 1) by
    session; those that are missing or NaN on either day do not count. `registry` folds spellings of one tag.
    """
    weighing = weights or Weights()
    earlier = [
        post
        for post in posts
        if post.date < subject.date
        and post.language == subject.language
        and post.address != subject.address
        and not post.draft
    ]
    listed = [frozenset(post.tags) for post in earlier]
    named = {
        name: registry.key(name) for name in {*subject.tags, *(each for tags in listed for each in tags)}
    }
    own = {named[name] for name in subject.tags}
    # Only what the subject has can be shared, so nothing else of ten thousand posts is looked at.
    spellings = {name for name, key in named.items() if key in own}
    shared = [{named[name] for name in tags & spellings} for tags in listed]
    counts = Counter(tag for tags in shared for tag in tags)
    scored: list[tuple[float, Candidate]] = []
    for post, tags in zip(earlier, shared, strict=True):
        common = _common(subject, post, weighing)
        for tag in tags:
            common.append(weighing.tag * math.log1p(len(earlier) / counts[tag]))
        likeness = _likeness(subject.session, post.session, metrics)
        if likeness is not None:
            common.append(weighing.metrics * likeness)
        if common:
            days = (subject.date - post.date).total_seconds() / 86_400
            common.append(weighing.recency * 0.5 ** (days / weighing.half_life))
            scored.append((round(math.fsum(common), 9), post))
    scored.sort(key=lambda each: (each[1].slug, each[1].address))
    scored.sort(key=lambda each: (each[0], each[1].date), reverse=True)
    return tuple(
        Related(title=post.title, address=post.address, date=post.date, score=score)
        for score, post in scored[:limit]
    )


def _common(subject: Subject, post: Candidate, weights: Weights) -> list[float]:
    """What stocks and series in common add."""
    parts: list[float] = []
    own, theirs = frozenset(subject.stocks), frozenset(post.stocks)
    if own & theirs:
        parts.append(weights.stock * len(own & theirs) / math.sqrt(len(own) * len(theirs)))
    if set(subject.series) & set(post.series):
        parts.append(weights.series)
    return parts


def _likeness(
    own: dt.date | None, theirs: dt.date | None, metrics: Mapping[dt.date, Mapping[str, float]]
) -> float | None:
    """1 for two days with equal measures, towards 0 the more they differ; None if they share none."""
    if own is None or theirs is None:
        return None
    here, there = metrics.get(own, {}), metrics.get(theirs, {})
    squares = [(here[name] - there[name]) ** 2 for name in here.keys() & there.keys()]
    known = [square for square in squares if math.isfinite(square)]
    if not known:
        return None
    return 1 / (1 + math.sqrt(math.fsum(known) / len(known)))
