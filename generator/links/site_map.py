"""Every page of a blog in all its languages, by the address it is served at and by the path Hugo knows it by.

Made of the index, and of what Hugo makes without a file: home, sections, taxonomies, terms.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlsplit

from generator.goldmark.markup import Markup
from generator.library import addresses
from generator.library.places import Place
from generator.slugs import is_kept, lower

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.config import Site
    from generator.library.outline import Outline
    from generator.library.settings import SiteSettings


class Target(NamedTuple):
    """A page that a link may lead to."""

    address: str
    """From the site's root below the path of `baseURL`, decoded."""
    language: str
    kind: str
    """`page`, `section`, `home`, `term` or `taxonomy`."""
    path: str
    """Hugo's own path of it: `/post/x`, the same for all its languages."""
    folder: str
    """The path that its links to other pages are relative to."""
    file: str = ""
    """From the blog's folder; empty for what Hugo makes without one."""
    title: str = ""
    draft: bool = False
    key: str = ""
    """What its translations share."""
    bundle: str = ""
    """The path of its file's folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteMap:
    """The pages of a blog."""

    settings: SiteSettings
    host: str
    base: str
    """The path of `baseURL`, decoded, without its last slash."""
    is_hooked: bool
    """Whether Hugo takes links in Markdown to pages of the post's language, as it does with several."""
    by_address: Mapping[str, Target]
    """Drafts too, unless another page is at their address."""
    by_path: Mapping[tuple[str, str], Target]
    """By language and Hugo's path; no drafts."""
    by_name: Mapping[tuple[str, str], Target | None]
    """By language and the last part of the path; None if several have it."""
    by_alias: Mapping[str, Target]
    by_file: Mapping[str, Target]
    languages_of: Mapping[str, Mapping[str, Target]] = field(default_factory=dict)
    """By what translations share, then by language; no drafts."""

    def translation(self, target: Target, language: str) -> Target | None:
        """The page itself if it is of this language, else its translation into it."""
        if target.language == language:
            return target
        return self.languages_of.get(target.key, {}).get(language)

    def fitting(self, address: str, language: str) -> Target | None:
        """The page at an address as a text of this language should link to it, else None.

        That is its translation, or the page itself where it is of the default language and has none.
        """
        target = self.by_address.get(address)
        if target is None or target.draft:
            return None
        own = self.translation(target, language)
        return own or (target if target.language == self.settings.default_language else None)

    def elsewhere(self, language: str) -> Mapping[str, str]:
        """What a text of this language should link to in place of addresses of other languages.

        An address that has no page in this language nor in the default one is not in it.
        """
        found: dict[str, str] = {}
        for address, target in self.by_address.items():
            if target.language != language and (fit := self.fitting(address, language)) is not None:
                found[address] = fit.address
        return found

    def written(self, address: str) -> str:
        """An address as Markdown should have it: with the path of `baseURL`, encoded where it must be."""
        # Letters of other scripts stay readable; browsers and Hugo encode them.
        return "".join(
            each if each.isalnum() or each in "/-._~+@" else quote(each, safe="")
            for each in self.base + address
        )


def site_map(outlines: Iterable[Outline], settings: SiteSettings, site: Site) -> SiteMap:
    """The pages of the blog whose index and settings these are."""
    made = _Made(settings)
    for each in outlines:
        made.add(each)
    made.add_without_files()
    base = urlsplit(site.base_url)
    markup = Markup.of(settings.markup.get(settings.default_language, {}))
    by_default = len(settings.languages) > 1 and not markup.duplicate_files
    return SiteMap(
        settings=settings,
        host=base.netloc.lower(),
        base=base.path.rstrip("/"),
        is_hooked=by_default if markup.link_hook == "auto" else markup.link_hook != "never",
        by_address=made.by_address,
        by_path=made.by_path,
        by_name=made.by_name,
        by_alias={alias: target for alias, target in made.aliases if alias not in made.by_address},
        by_file=made.by_file,
        languages_of={key: found for key, found in made.languages_of.items() if len(found) > 1},
    )


_AS_IT_IS = re.compile(r"[a-z0-9/_.-]*")
_PLURAL = re.compile(r"[a-z]+")
_MARKS = frozenset("./\\_#+~@")
"""What Hugo keeps in a path, and may mean something there; hyphens do not."""


def logical(path: str, settings: SiteSettings) -> str:
    """A path of files as Hugo knows the page: `/post/x`."""
    plain = path.strip("/")
    return "/" + (plain if _AS_IT_IS.fullmatch(plain) else addresses.clean(plain, settings).lower())


class _Made:
    """A map while it is made."""

    def __init__(self, settings: SiteSettings) -> None:
        self.settings = settings
        self.by_address: dict[str, Target] = {}
        self.by_path: dict[tuple[str, str], Target] = {}
        self.by_name: dict[tuple[str, str], Target | None] = {}
        self.by_file: dict[str, Target] = {}
        self.aliases: list[tuple[str, Target]] = []
        self.languages_of: dict[str, dict[str, Target]] = defaultdict(dict)
        self.sections: dict[tuple[str, str], None] = {}
        self.terms: dict[tuple[str, str, str], None] = {}
        self.plurals = tuple(settings.taxonomies.values())
        self.is_plain = settings.lower and settings.accents and not (settings.ugly or settings.ugly_sections)

    def add(self, page: Outline) -> None:
        """A page that has a file."""
        path = logical(page.path, self.settings)
        other = page.other
        shared = other.get("translationkey")
        is_regular = page.kind == "page"
        above = logical(page.folder, self.settings) if is_regular else path
        target = Target(
            page.address, page.language, page.kind, path, above, page.file, page.title, bool(page.is_draft),
            f"{page.kind}:{shared}" if shared else path,
            path if page.is_bundle else above,
        )  # fmt: skip
        self.by_file[page.file] = target
        if not page.address:
            return
        self._put(target)
        if target.draft:
            return
        if is_regular:
            if page.section:
                self.sections[page.language, page.section] = None
            for plural, names in page.terms.items():
                if plural in self.plurals:
                    self.terms.update(dict.fromkeys((page.language, plural, name) for name in names))
        aliases = other.get("aliases") or ()
        for alias in [aliases] if isinstance(aliases, str) else aliases:
            self.aliases.append((self._alias(str(alias), target), target))

    def _put(self, target: Target) -> None:
        there = self.by_address.get(target.address)
        if there is None or (there.draft and not target.draft):
            self.by_address[target.address] = target
        if target.draft:
            return
        self.by_path.setdefault((target.language, target.path), target)
        self.languages_of[target.key].setdefault(target.language, target)
        name = (target.language, target.path.rpartition("/")[2])
        self.by_name[name] = None if name in self.by_name else target

    def _alias(self, alias: str, target: Target) -> str:
        """Where Hugo puts an alias: below the language, or beside the page."""
        prefix = self.settings.prefix(target.language)
        if alias.startswith("/"):
            whole = alias if alias.startswith(f"{prefix}/") else prefix + alias
        else:
            whole = posixpath.join(posixpath.dirname(target.address.rstrip("/")), alias)
        whole = posixpath.normpath(whole)
        return whole if re.search(r"\.html?$", whole) else whole.rstrip("/") + "/"

    def add_without_files(self) -> None:
        """What Hugo makes without a file."""
        for language in self.settings.languages:
            self._list("home", language, "", "")
            for plural in self.plurals:
                self._list("taxonomy", language, plural, "")
        for language, section in self.sections:
            self._list("section", language, section, "")
        for language, plural, name in self.terms:
            if not self._plain_term(language, plural, name):
                self._list("term", language, plural, name)

    def _plain_term(self, language: str, plural: str, name: str) -> bool:
        """Add a term as `_list` would, in the short way that does for almost every one: a blog has thousands.

        False if it does not do for this one.
        """
        slug = lower(name).replace(" ", "-")
        if not self.is_plain or self.settings.permalinks.get(language) or not _PLURAL.fullmatch(plural):
            return False
        if not is_kept(slug) or not _MARKS.isdisjoint(slug) or slug != slug.lower():
            return False
        path = f"/{plural}/{slug}"
        if (language, path) not in self.by_path:
            address = f"{self.settings.prefix(language)}{path}/"
            self._put(Target(address, language, "term", path, path, "", name, False, path, path))
        return True

    def _list(self, kind: str, language: str, top: str, name: str) -> None:
        path = logical(f"{top}/{name}", self.settings)
        if (language, path) in self.by_path:
            return
        if kind == "term":
            address = addresses.term(name, top, language, self.settings)
        else:
            place = Place(kind, language, "", top, is_bundle=True, sections=top)
            address = addresses.address(place, addresses.Facts(title=top), self.settings)
        if address:
            self._put(Target(address, language, kind, path, path, "", name or top, False, path, path))
