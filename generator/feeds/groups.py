"""Which posts share a feed: those of a term, or all of a language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from generator.errors import ConfigError
from generator.feeds.listing import TAXONOMIES
from generator.slugs import hugo_slug

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from generator.config import FeedSettings
    from generator.feeds.listing import Listed


SITE = "site"
"""The group of all posts."""


class Named(Protocol):
    """What a feed takes from a tag."""

    @property
    def title(self) -> str:
        """As readers see it."""

    @property
    def description(self) -> str:
        """One or two sentences; may be empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Posts of one language that share a feed."""

    kind: str
    """`site`, or the taxonomy by its plural: `tags`, `categories`, `series`, …"""
    term: str
    """The term's slug; empty for the site."""
    title: str
    """Empty for the site, which has its own."""
    description: str
    language: str
    posts: tuple[Listed, ...]
    """Newest first; never empty, unless a feed without items is wanted."""

    @property
    def path(self) -> str:
        """Its page below its language's root, without slashes around; empty for the site."""
        return f"{self.kind}/{self.term}" if self.term else ""

    @property
    def name(self) -> str:
        """By which runs know it: the language, then the path."""
        return name_of(self.language, self.kind, self.term)


def taxonomies_in(settings: FeedSettings) -> tuple[str, ...]:
    """The taxonomies that have feeds, in the order of their lists."""
    known = [taxonomy for taxonomy in TAXONOMIES if taxonomy in settings.groups]
    return tuple(dict.fromkeys([*known, *(name for name in settings.groups if name != SITE)]))


def require_known(settings: FeedSettings, taxonomies: Collection[str]) -> None:
    """Every group is one of the blog's.

    Raises:
        ConfigError: one that is neither the site nor a taxonomy of it.
    """
    known = dict.fromkeys((SITE, *TAXONOMIES, *taxonomies))
    for name in (*settings.groups, *settings.text):
        if name not in known:
            raise ConfigError(
                f"params.marketpost.feeds has the group {name!r}, which is no taxonomy of the site;"
                f" there are {', '.join(known)}: add it to `taxonomies` or leave it out"
            )


def name_of(language: str, kind: str, term: str = "") -> str:
    """How a group is called from one run to the next."""
    return f"{language} {kind}/{term}"


def names_of(post: Listed) -> frozenset[str]:
    """The groups a post belongs to, whether or not they get a feed."""
    language = post.entry.post.language
    terms = {
        name_of(language, taxonomy, slug) for taxonomy in post.taxonomies for slug in post.terms(taxonomy)
    }
    return frozenset({name_of(language, "site"), *terms})


def ordered(posts: Iterable[Listed]) -> list[Listed]:
    """Newest first by moment, then by slug and file, so that the order is total."""
    return sorted(
        posts, key=lambda each: (each.entry.post.date, each.entry.post.slug, each.name), reverse=True
    )


def groups(
    posts: Sequence[Listed], language: str, tags: Mapping[str, Named], settings: FeedSettings
) -> tuple[Group, ...]:
    """The groups of one language that get a feed: the site first, then by taxonomy and term.

    Args:
        posts: those of the language that are public.
        language: theirs.
        tags: the registry, by slug: a tag with a page of its own gets a feed however few posts it has.
        settings: which kinds and which terms.
    """
    newest = ordered(posts)
    found: list[Group] = []
    if SITE in settings.groups and newest:
        found.append(
            Group(kind="site", term="", title="", description="", language=language, posts=tuple(newest))
        )
    wanted = _Wanted(tags, settings)
    for taxonomy in taxonomies_in(settings):
        members: dict[str, list[Listed]] = {}
        names: dict[str, str] = {}
        for post in newest:
            for slug, name in post.terms(taxonomy).items():
                members.setdefault(slug, []).append(post)
                names[slug] = name  # the oldest post's spelling, which later ones do not change
        for slug in sorted(members):
            if wanted.term(taxonomy, slug, len(members[slug])):
                tag = tags.get(slug) if taxonomy == "tags" else None
                found.append(
                    Group(
                        kind=taxonomy,
                        term=slug,
                        title=tag.title if tag else names[slug],
                        description=tag.description if tag else "",
                        language=language,
                        posts=tuple(members[slug]),
                    )
                )
    return tuple(found)


class _Wanted:
    """Which terms get a feed."""

    def __init__(self, tags: Mapping[str, Named], settings: FeedSettings) -> None:
        self._tags = tags
        self._minimum = settings.minimum_posts
        self._always = {hugo_slug(name) for name in settings.allow}
        self._never = {hugo_slug(name) for name in settings.deny}

    def term(self, taxonomy: str, slug: str, posts: int) -> bool:
        if slug in self._never:
            return False
        return taxonomy != "tags" or slug in self._tags or slug in self._always or posts >= self._minimum
