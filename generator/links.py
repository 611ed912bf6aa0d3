"""Which earlier posts a post points to, which subjects have a page of their own, which addresses are real.

Pure: everything comes as an argument. Links look back in time only, so a new post changes no older one, and
a post made again years later gets the same links as on its day.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Mapping

    from generator.post import Post
    from generator.tags.registry import Registry, Tag


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

    slug: str
    language: str
    date: dt.datetime
    """When it is published; with zone."""
    session: dt.date | None = None
    tags: tuple[str, ...] = ()
    stocks: tuple[str, ...] = ()
    series: tuple[str, ...] = ()


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
    posts: Iterable[Post],
    metrics: Mapping[dt.date, Mapping[str, float]],
    *,
    registry: Registry,
    limit: int,
    weights: Weights | None = None,
) -> tuple[Related, ...]:
    """Up to `limit` earlier posts, most related first; of equal ones the newer, then by slug.

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
        and post.slug != subject.slug
        and not post.draft
    ]
    everyone: tuple[Subject | Post, ...] = (subject, *earlier)
    named = {name: registry.key(name) for name in {name for post in everyone for name in post.tags}}
    tags = {post.slug: frozenset(named[name] for name in post.tags) for post in everyone}
    counts = Counter(tag for post in earlier for tag in tags[post.slug])
    scored: list[tuple[float, Post]] = []
    for post in earlier:
        common = _common(subject, post, weighing)
        for tag in tags[subject.slug] & tags[post.slug]:
            common.append(weighing.tag * math.log1p(len(earlier) / counts[tag]))
        likeness = _likeness(subject.session, post.session, metrics)
        if likeness is not None:
            common.append(weighing.metrics * likeness)
        if common:
            days = (subject.date - post.date).total_seconds() / 86_400
            common.append(weighing.recency * 0.5 ** (days / weighing.half_life))
            scored.append((round(math.fsum(common), 9), post))
    scored.sort(key=lambda each: each[1].slug)
    scored.sort(key=lambda each: (each[0], each[1].date), reverse=True)
    return tuple(
        Related(title=post.title, address=post.address, date=post.date, score=score)
        for score, post in scored[:limit]
    )


def _common(subject: Subject, post: Post, weights: Weights) -> list[float]:
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


def subject_links(
    names: Mapping[str, str], addresses: Collection[str], registry: Registry, prefix: str = ""
) -> Mapping[str, str]:
    """Where the subjects of a text have a page of their own; those that have none are not in it.

    `names` maps a subject (a tag's slug, a stock's code, a page's slug) to its name in the text. A page of
    that slug comes first, then the tag of that slug or name, then the tag that is this one stock's. `prefix`
    is what addresses of the language begin with.
    """
    by_stock: dict[str, Tag] = {}
    for each in registry.by_slug.values():
        if len(each.stocks) == 1:
            by_stock.setdefault(each.stocks[0], each)
    found: dict[str, str] = {}
    for subject, name in names.items():
        tag = registry.resolve(subject) or registry.resolve(name) or by_stock.get(subject)
        places = (f"{prefix}/page/{subject}/", f"{prefix}/tags/{tag.slug}/" if tag else "")
        address = next((place for place in places if place in addresses), None)
        if address:
            found[subject] = address
    return found


def internal(url: str, addresses: Collection[str]) -> str | None:
    """A link that leads somewhere, or None.

    An address from the site's root (`/post/x/`, with or without its last slash, a query or a fragment) is
    given back as the library spells it, if it is among `addresses`; http(s) passes; nothing else does.
    """
    if not url.isprintable() or " " in url or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:  # brackets that hold no IPv6 address
        return None
    if parts.scheme in ("http", "https"):
        return url if host else None
    if parts.scheme or parts.netloc or not parts.path.startswith("/"):
        return None
    address = unquote(parts.path).rstrip("/") + "/"
    if address not in addresses:
        return None
    return address + (f"#{parts.fragment}" if parts.fragment else "")
