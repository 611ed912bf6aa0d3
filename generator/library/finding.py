"""What a path in a post means: the page that Hugo finds by it, or the file that it serves for it.

Repeats `GetPage`, `ref` and `Resources.Get` of Hugo 0.168, which go by where files stand, not by addresses. A
page is looked for in one language. A file of a bundle is served once, beside the page of its own language:
of the one that its name says, else of the default one; where the bundle has no such page it is not served.
"""

from __future__ import annotations

import os
import posixpath
import re
from functools import cached_property
from typing import TYPE_CHECKING

from generator.library import addresses as hugo
from generator.library.places import Place, Spot, places

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from pathlib import Path

    from generator.library.library import Entry, Library
    from generator.library.settings import SiteSettings


_CONTENT = re.compile(r"\.(?:md|markdown|mdown|html?|adoc|asciidoc|ad|org|pandoc|pdc|rst)$", re.IGNORECASE)


class Finder:
    """The pages and files of a blog at one moment."""

    def __init__(self, root: Path, libraries: Iterable[Library], now: datetime | None = None) -> None:
        """Look for nothing yet.

        Args:
            root: the blog's folder.
            libraries: one for each language.
            now: pages that Hugo does not make at this moment are not found; None for all.
        """
        self._root = root
        self._libraries = {library.language: library for library in libraries}
        self._pages = {language: _Pages(library, root, now) for language, library in self._libraries.items()}
        self._beside: dict[str, Mapping[str, str]] = {}

    def origin(self, entry: Entry) -> Place | None:
        """Where a post stands; None outside the content."""
        library = self._libraries.get(entry.post.language)
        if library is None:
            return None
        spot = library.spots.get(entry.file)
        return spot.place if spot else _place(entry, self._root, library.site)

    def page(self, path: str, origin: Place, *, language: str = "", by_name: bool = False) -> str | None:
        """The address of the page that a path means, from the site's root; None for none.

        Args:
            path: as written, decoded, without query and fragment.
            origin: the page it is written on.
            language: of the page that is meant; empty for that of `origin`.
            by_name: a name alone is a page anywhere, as `ref` takes it.
        """
        pages = self._pages.get(language or origin.language)
        return pages.find(path, origin, by_name=by_name) if pages else None

    def file(self, name: str, origin: Place, file: str) -> str | None:
        """The address of a file of the page's bundle, else of one in the site's assets; None for none.

        Args:
            name: as written, decoded.
            origin: the page it is written on.
            file: the page's own file, from the blog's folder.
        """
        found = self.beside(origin, file).get(name.removeprefix("/").lower())
        return found or self._asset(name, origin.language)

    def beside(self, origin: Place, file: str) -> Mapping[str, str]:
        """The files that a page has by its bundle: addresses by name, lower case, with and without language.

        Of several in different languages it is the page's own, else that of the default language.
        """
        if not origin.is_bundle or origin.kind != "page" or origin.language not in self._libraries:
            return {}
        if file not in self._beside:
            self._beside[file] = dict(self._served(origin, file))
        return self._beside[file]

    def _served(self, origin: Place, file: str) -> Iterable[tuple[str, str]]:
        site = self._libraries[origin.language].site
        doubled = site.doubles_files(origin.language)
        folder = posixpath.dirname(file)
        own = _Pages.key_of(origin)
        at = {
            language: address for language, pages in self._pages.items() if (address := pages.known.get(own))
        }
        order = [origin.language, site.default_language, *site.languages]
        standard = _default_language(file, site)
        variants: dict[str, dict[str, str]] = {}
        for name in _files(self._root / folder):
            bare, language = _apart(name, site)
            if doubled or (language or standard) in at:
                named = variants.setdefault(bare.lower(), {})
                if language or standard not in named:  # a name that says its language counts
                    named[language or standard] = name
        for bare, named in variants.items():
            language = next((each for each in order if each in named), next(iter(named)))
            page = at.get(origin.language, "") if doubled else at[language]
            if page:
                address = _folder(page) + named[language]
                yield bare, address
                yield named[language].lower(), address

    def _asset(self, name: str, language: str) -> str | None:
        below = posixpath.normpath(name.lstrip("/"))
        if below in {"", "."} or below.startswith("../"):
            return None
        site = self._libraries[language].site
        found = any((self._root / folder / below).is_file() for folder in site.assets)
        return f"/{below}" if found else None


class _Pages:
    """Those of one language, by Hugo's path of them."""

    def __init__(self, library: Library, root: Path, now: datetime | None) -> None:
        self._library = library
        self._root = root
        self._now = now

    @staticmethod
    def key_of(place: Place) -> str:
        return _normal(f"/{place.path}")

    @cached_property
    def known(self) -> Mapping[str, str]:
        """Addresses by path; without terms, see `_terms`."""
        library = self._library
        site, language = library.site, library.language
        found: dict[str, str] = {}
        spots = dict(library.spots)
        for entry in library.posts:  # one that is in memory only, until it is written
            if not entry.file and (place := _place(entry, self._root, site)):
                file = entry.path.relative_to(self._root).as_posix()
                if not entry.post.draft:
                    spots[file] = Spot(place, entry.post.served_at)
        built = [spot for spot in spots.values() if spot.is_built(self._now)]
        for top in dict.fromkeys(spot.place.folder.partition("/")[0] for spot in built):
            if top:  # a section without a file of its own
                place = Place("section", language, "", top, is_bundle=True, sections=top)
                found[_normal(f"/{top}")] = hugo.address(place, hugo.Facts(), site)
        for plural in site.taxonomies.values():
            place = Place("taxonomy", language, "", plural, is_bundle=True, sections=plural)
            found[_normal(f"/{plural}")] = hugo.address(place, hugo.Facts(), site)
        found |= {self.key_of(spot.place): spot.address for spot in built}
        return found | {"/": f"{library.prefix}/index.html" if site.ugly else f"{library.prefix}/"}

    @cached_property
    def _terms(self) -> Mapping[str, tuple[str, str]]:
        """Name and taxonomy of the terms of posts, by path."""
        posts = [each for each in self._library.posts if not each.post.draft]
        if self._now is not None:
            posts = [each for each in posts if not (each.published and each.published > self._now)]
        named = {
            (taxonomy, name)
            for entry in posts
            for taxonomy, names in terms_of(entry, self._library.site).items()
            for name in names
        }
        return {_normal(f"/{taxonomy}/{name}"): (name, taxonomy) for taxonomy, name in named}

    @cached_property
    def _by_name(self) -> Mapping[str, str | None]:
        """Paths by their last part; None for a name that several have."""
        found: dict[str, str | None] = {}
        for path in [*self.known, *self._terms]:
            name = path.rpartition("/")[2]
            found[name] = None if name in found and found[name] != path else path
        return found

    def find(self, path: str, origin: Place, *, by_name: bool) -> str | None:
        ref = path.removesuffix("/") or "/"
        if not ref.startswith("/"):
            # A name with a suffix is that of a file, and `../` then goes up from the page's own.
            from_file = ref.startswith("../") and "." in posixpath.basename(ref)
            base = origin.path if origin.kind != "page" or (from_file and origin.is_bundle) else origin.folder
            found = self._at(posixpath.normpath(posixpath.join("/", base, ref)))
            if found or ref.startswith("."):
                return found
        found = self._at(ref if ref.startswith("/") else f"/{ref}")
        if found or not by_name or "/" in path:
            return found
        named = self._by_name.get(_normal(self._key(ref)))
        return self._at(named) if named else None

    def _at(self, path: str) -> str | None:
        key = _normal(self._key(path))
        found = self.known.get(key)
        if found or key.strip("/").partition("/")[0] not in self._plurals:
            return found
        name, taxonomy = self._terms.get(key, ("", ""))
        return self._library.term_address(name, taxonomy) or None if name else None

    @cached_property
    def _plurals(self) -> frozenset[str]:
        return frozenset(plural.lower() for plural in self._library.site.taxonomies.values())

    def _key(self, path: str) -> str:
        """A path without what only a file's name has: suffix, language, `index`."""
        if not (found := _CONTENT.search(path)):
            return path
        bare, _ = _apart(f"{path[: found.start()]}.md", self._library.site)
        bare = bare.removesuffix(".md")
        folder, _, name = bare.rpartition("/")
        return (folder or "/") if name in {"index", "_index"} else bare


def terms_of(entry: Entry, site: SiteSettings) -> Mapping[str, tuple[str, ...]]:
    """What a post lists of each taxonomy of the site, by plural."""
    post = entry.post
    own = {"tags": post.tags, "categories": post.categories, "series": post.series}
    return {plural: own.get(plural) or entry.terms.get(plural, ()) for plural in site.taxonomies.values()}


def _place(entry: Entry, root: Path, site: SiteSettings) -> Place | None:
    if not entry.path.is_relative_to(root):
        return None
    file = entry.path.relative_to(root).as_posix()
    return places([file], site).get(file)


def _normal(path: str) -> str:
    return path.lower().replace(" ", "-")


def _apart(name: str, site: SiteSettings) -> tuple[str, str]:
    """A file's name without the language in it, and that language; empty for none."""
    stem, dot, suffix = name.rpartition(".")
    base, _, language = stem.rpartition(".")
    if dot and base and language.lower() in site.languages:
        return f"{base}.{suffix}", language.lower()
    return name, ""


def _default_language(file: str, site: SiteSettings) -> str:
    """Of files whose names say none, beside this one."""
    mounts = [mount for mount in site.mounts if file.startswith(f"{mount.source}/")]
    mount = max(mounts, key=lambda each: len(each.source), default=None)
    return mount.languages[0] if mount and mount.languages else site.default_language


def _folder(address: str) -> str:
    """Where the files beside a page are served."""
    if address.endswith("/"):
        return address
    folder, _, name = address.rpartition("/")
    stem = re.sub(r"\.html?$", "", name)
    return f"{folder}/" if stem == "index" else f"{folder}/{stem}/"


def _files(folder: Path) -> Iterable[str]:
    """The files of a bundle that are no pages, by name; those below it with the way to them."""
    waiting = [""]
    while waiting:
        here = waiting.pop()
        try:
            found = sorted(os.scandir(folder / here), key=lambda each: each.name)
        except OSError:  # gone since it was indexed
            continue
        for each in found:
            if each.is_dir(follow_symlinks=False):
                waiting.append(f"{here}{each.name}/")
            elif each.is_file(follow_symlinks=False) and not _CONTENT.search(each.name):
                yield f"{here}{each.name}"
