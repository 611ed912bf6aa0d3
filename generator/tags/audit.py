"""What is wrong with the tags of a whole blog: unknown names, one tag in several spellings, lonely tags."""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.slugs import fold, hugo_slug

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.tags.registry import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A name that the registry does not have."""

    name: str
    posts: tuple[str, ...]
    """Files that list it, sorted."""
    nearest: str | None
    """Slug of the registered tag whose name looks most like it."""
    address: str
    """Where Hugo puts its page; `/tags/../x/` is outside the tags."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """One tag under several spellings, or one that is not its slug."""

    keep: str
    """The slug, or, of a tag that is not registered, the spelling most posts have."""
    spellings: tuple[tuple[str, int], ...]
    """Each spelling with the number of posts that have it; most first."""
    pages: int
    """How many pages Hugo makes of them: 1 if the spellings differ in case alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Different names on one page of Hugo's: `S&P500` and `SP500` are both at /tags/sp500/."""

    address: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """The findings of one blog; all in a stable order."""

    unknown: tuple[Unknown, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    clashes: tuple[Clash, ...] = ()
    lonely: tuple[tuple[str, str], ...] = ()
    """Tags (slug, or name if not registered) that a single post has, with that post's file."""
    unused: tuple[str, ...] = ()
    """Slugs of registered tags that no post has."""

    @property
    def clean(self) -> bool:
        """Nothing unknown, doubled or clashing; lonely and unused tags are no fault."""
        return not (self.unknown or self.duplicates or self.clashes)

    @property
    def merges(self) -> Mapping[str, str]:
        """Every spelling to replace with what replaces it: what `retag.merge` wants."""
        return {
            name: each.keep for each in self.duplicates for name, _ in each.spellings if name != each.keep
        }


def audit(posts: Mapping[str, Sequence[str]], registry: Registry) -> Audit:
    """Look at the tags of all posts: file names with the tag names in their front matter, titles or slugs."""
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    having: defaultdict[str, set[str]] = defaultdict(set)
    keys = {name: registry.key(name) for name in {name for names in posts.values() for name in names}}
    for file, names in posts.items():
        for name in set(names):
            key = keys[name]
            spellings[key][name] += 1
            having[key].add(file)
    duplicates: list[Duplicate] = []
    lonely: list[tuple[str, str]] = []
    for key, found in sorted(spellings.items()):
        keep = key if key in registry.by_slug else min(found, key=lambda name: (-found[name], name))
        if set(found) != {keep}:
            duplicates.append(_duplicate(keep, found))
        if len(having[key]) == 1:
            lonely.append((keep, next(iter(having[key]))))
    return Audit(
        unknown=_unknown(posts, registry),
        duplicates=tuple(duplicates),
        clashes=_clashes([name for found in spellings.values() for name in found], registry),
        lonely=tuple(lonely),
        unused=tuple(slug for slug in registry.by_slug if slug not in spellings),
    )


def _unknown(posts: Mapping[str, Sequence[str]], registry: Registry) -> tuple[Unknown, ...]:
    having: defaultdict[str, set[str]] = defaultdict(set)
    for file, names in posts.items():
        for name in names:
            having[name].add(file)
    known = {fold(name): tag.slug for tag in registry.by_slug.values() for name in tag.names}
    folded = sorted(known)
    return tuple(
        Unknown(
            name=name,
            posts=tuple(sorted(having[name])),
            address=f"/tags/{hugo_slug(name)}/",
            nearest=next((known[c] for c in difflib.get_close_matches(fold(name), folded, n=1)), None),
        )
        for name in sorted(having)
        if registry.resolve(name) is None
    )


def _duplicate(keep: str, found: Counter[str]) -> Duplicate:
    return Duplicate(
        keep=keep,
        spellings=tuple(sorted(found.items(), key=lambda each: (-each[1], each[0]))),
        pages=len({hugo_slug(name) for name in (*found, keep)}),
    )


def _clashes(names: Sequence[str], registry: Registry) -> tuple[Clash, ...]:
    """Names that are no spellings of one another, by the page that Hugo puts them on together."""
    pages: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for name in (*names, *registry.by_slug):
        pages[hugo_slug(name)][name] = registry.key(name)
    return tuple(
        Clash(address=f"/tags/{slug}/", names=tuple(sorted(keys)))
        for slug, keys in sorted(pages.items())
        if len(set(keys.values())) > 1
    )
