"""The index of all content, brought up to date the way git keeps its own.

A file's signature (times, size, inode) says whether it may have changed; its content's hash decides. A file
written in the same moment as it was looked at may change again without its signature telling, so one whose
time is not older than that look is hashed again. What is in the index is a function of the files and settings
alone: made anew, it is the same.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

import yaml

from generator import front_matter, post, slugs
from generator.errors import PostError, Problem
from generator.goldmark import shortcodes
from generator.library import addresses, left_out, library, places, reading, store, values, walk
from generator.library.library import Entry, Library, ListUse
from generator.library.places import Spot
from generator.library.store import Known, Row, Store

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from generator.library.outline import Outline
    from generator.library.places import Place
    from generator.library.reading import Page
    from generator.library.settings import SiteSettings

OWN_SECTION = "post"
"""Where our own posts stand; among the posts whatever other section is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a refresh found, by path from the blog's folder, in order."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    read: int = 0
    """How many files were read; 0 if nothing may have changed."""

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.added or self.changed or self.removed)


class Index:
    """What is known of a blog's content. `refresh` first, then ask."""

    def __init__(self, root: Path, settings: SiteSettings, cache: Path | None = None) -> None:
        """The index in the folder `cache`, or in memory.

        Args:
            root: the blog's folder.
            settings: the site's.
            cache: folder of what can be made again; None keeps nothing.
        """
        self.root, self.settings = root, settings
        self._store = Store(cache)

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    def __enter__(self) -> Self:
        """Itself; closed on leaving."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def refresh(self) -> Changes:
        """Bring the index up to date with the files.

        Raises:
            PostError: a folder may not be read.
        """
        try:
            return self._refresh()
        except sqlite3.DatabaseError as error:
            self._store.renew(damaged=not isinstance(error, sqlite3.OperationalError))
            return self._refresh()

    def _refresh(self) -> Changes:
        kept = self._store
        stamp = kept.stamp()
        made_of = _made_of(self.settings)
        anew = kept.meta("made_of") != made_of
        names, before = kept.seen()
        looked = walk.look(self.root, names) if names else b""
        if names and looked == before and not anew:
            return Changes()
        same = walk.unchanged(names, before, looked) if names else {}
        tops, listed = places.tops(self.settings), kept.folders()
        tree = walk.walk(self.root, tops, listed, stamp, same)
        known = {} if anew else kept.files()
        suspects = {
            path: signature
            for path, signature in tree.files.items()
            if (then := known.get(path)) is None
            or then.signature != signature
            or signature.modified >= then.stamp
            or signature.changed >= then.stamp
        }
        gone = known.keys() - tree.files.keys()
        relisted = {path: each for path, each in tree.folders.items() if listed.get(path) != each}
        unlisted = listed.keys() - tree.folders.keys()
        if not (suspects or gone or relisted or unlisted or anew):
            return Changes()
        earlier = {} if anew else kept.places()
        same_files = tree.files.keys() == known.keys()
        now = earlier if same_files else places.places(tree.files, self.settings)
        moved = set() if same_files else {path for path, place in now.items() if earlier.get(path) != place}
        fresh, digests = self._read(sorted({*suspects, *moved}), known, now, moved)
        files = {
            path: Known(tree.files[path], stamp, digests[path])
            for path in {*suspects, *moved}
            if path in digests
        }
        lost = earlier.keys() - now.keys()
        with kept.writing():
            if anew:
                kept.forget()
                kept.set_meta("made_of", made_of)
            kept.set_folders(relisted, unlisted)
            kept.set_files(files, gone)
            kept.set_seen(*walk.remembered(tree, tops, same, {*suspects} - digests.keys(), stamp))
            kept.set_places({path: now[path] for path in moved}, lost)
            for path in sorted(lost):
                kept.drop_page(path)
            self._put(fresh, digests, now, lost)
            if lost or fresh:
                kept.prune_parts()
        return Changes(
            added=tuple(sorted(fresh.keys() - earlier.keys())),
            changed=tuple(sorted(fresh.keys() & earlier.keys())),
            removed=tuple(sorted(lost)),
            read=len([path for path in {*suspects, *moved} if digests.get(path)]),
        )

    def _read(
        self, paths: Iterable[str], known: Mapping[str, Known], now: Mapping[str, Place], moved: set[str]
    ) -> tuple[dict[str, Page | tuple[Problem, ...]], dict[str, str]]:
        """The pages that are new or changed, or why they cannot be read; and the digests of all files read.

        A resource of a bundle is not read, and has an empty digest.
        """
        fresh: dict[str, Page | tuple[Problem, ...]] = {}
        digests: dict[str, str] = {}
        for path in paths:
            place = now.get(path)
            if place is None:
                digests[path] = ""
                continue
            try:
                raw = (self.root / path).read_bytes()
            except OSError as error:
                message = f"cannot be read: {error.strerror}"
                fresh[path] = (Problem(file=path, line=1, message=message),)
                continue
            digests[path] = hashlib.sha256(raw).hexdigest()
            if path in known and known[path].digest == digests[path] and path not in moved:
                continue
            try:
                fresh[path] = reading.read_page(raw, file=path, place=place, settings=self.settings)
            except PostError as error:
                fresh[path] = error.problems or (Problem(file=path, line=1, message=str(error)),)
        return fresh, digests

    def _put(
        self,
        fresh: Mapping[str, Page | tuple[Problem, ...]],
        digests: Mapping[str, str],
        now: Mapping[str, Place],
        lost: Iterable[str],
    ) -> None:
        kept = self._store
        earlier = _section_slugs(kept.meta("section_slugs"))
        given = {key: each for key, each in earlier.items() if key not in fresh and key not in lost}
        for path, page in fresh.items():
            place = now[path]
            if place.kind == "section" and not isinstance(page, tuple) and page.slug:
                given[path] = (place.language, place.path, page.slug)
        slugs_now = {(language, folder): slug for language, folder, slug in given.values()}
        for path in sorted(fresh):
            page, place = fresh[path], now[path]
            if isinstance(page, tuple):
                kept.put_failure(path, page)
            else:
                at = self._address(place, page, slugs_now)
                kept.put_page(Row(path, place, at, digests[path], page))
        if given != earlier:
            kept.set_meta("section_slugs", values.encode(dict(sorted(given.items()))))
            others = {
                row.path: at
                for row in kept.rows()
                if (at := self._address(row.place, row.page, slugs_now)) != row.address
            }
            kept.set_addresses(others)

    def _address(self, place: Place, page: Page, section_slugs: Mapping[tuple[str, str], str]) -> str:
        if not page.is_rendered:
            return ""
        facts = addresses.Facts(title=page.title, slug=page.slug, url=page.url, date=page.date)
        return addresses.address(place, facts, self.settings, section_slugs)

    # What is in it

    def rows(self, *, without: Collection[str] = ()) -> Iterable[Row]:
        """Every page, by path, but for some paths."""
        return self._store.rows(without=without)

    def outlines(self) -> tuple[Outline, ...]:
        """What links hang on of every page of every language, by path."""
        return tuple(self._store.outlines())

    def main_sections(self) -> tuple[str, ...]:
        """The sections whose pages are the posts: Hugo's `mainSections`, else the fullest, and our own."""
        if self.settings.main_sections:
            return tuple(each.lower() for each in self.settings.main_sections)
        fullest = [name.lower() for name, _ in self._store.dated_by_section()[:1]]
        return tuple(dict.fromkeys([*fullest, OWN_SECTION]))

    def libraries(self) -> Mapping[str, Library]:
        """The library of each language, in the site's order."""
        return {language: self.library(language) for language in self.settings.languages}

    def library(self, language: str) -> Library:
        """All posts of a language, and what links may point to."""
        main = set(self.main_sections())
        entries: dict[str, Entry] = {}
        problems: list[Problem] = []
        assumed: list[Problem] = []
        not_posts: list[Row] = []
        lists: list[ListUse] = []
        spots: dict[str, Spot] = {}
        for row in self._store.rows("WHERE pages.language = ?", (language,)):
            page = row.page
            problems += page.problems
            lists += (ListUse(row.path, use) for use in page.lists)
            if row.address and not page.draft:
                spots[row.path] = Spot(row.place, row.address, page.published, page.expires)
            if row.place.kind != "page" or row.place.section.lower() not in main or not page.is_listed:
                not_posts.append(row)
                continue
            if page.undated is not None or not row.address:
                problems += [page.undated] if page.undated else []
                continue
            if page.assumed_zone is not None:
                assumed.append(self._zone(row, page.assumed_zone))
            entry = entry_of(row, self.root, self.settings)
            first = entries.setdefault(row.address, entry)
            if first is not entry:
                problems.append(self._same_address(row, first))
        for path, reasons in self._store.failures():
            if self._language_of(path) == language:
                problems += reasons
        problems += left_out.passed(self._store.left_out("passed"))
        problems += map(left_out.unnamed, self._store.left_out("unnamed"))
        public = [row for row in not_posts if row.address and not row.page.draft]
        return Library(
            language=language,
            posts=library.ordered(entries.values()),
            problems=(
                *sorted(problems, key=lambda each: (each.file, each.line or 0)),
                *left_out.folded(assumed),
            ),
            pages=frozenset(row.address for row in public),
            term_pages={
                addresses.clean(row.place.path, self.settings): row.address
                for row in public
                if row.place.kind == "term"
            },
            spots=spots,
            site=self.settings,
            lists=tuple(lists),
        )

    def _language_of(self, path: str) -> str:
        found = places.places([path], self.settings).get(path)
        return found.language if found else self.settings.default_language

    def _zone(self, row: Row, line: int) -> Problem:
        zone = self.settings.timezone or "UTC"
        return Problem(
            file=row.path,
            line=line,
            message=f"a time without an offset is taken in the site's zone, {zone}, as Hugo does",
            expected="such as 2026-05-14T11:00:00+09:00",
            fatal=False,
        )

    def _same_address(self, row: Row, first: Entry) -> Problem:
        text = ""
        with contextlib.suppress(OSError):
            text = (self.root / row.path).read_bytes().decode("utf-8", "replace")
        key = "url" if row.page.url else "slug"
        return Problem(
            file=row.path,
            line=front_matter.line_of_key(key, text),
            column=key,
            message=f"has the address of {first.file}, which is listed instead",
            found=row.address,
            remedy=f"Give one of the two another {key}",
        )

    # What others keep by a page's digest

    def part(self, digest: str, kind: str, key: str) -> bytes | None:
        """What was kept of a content, or None.

        Args:
            digest: SHA-256 of the file, hexadecimal, as in `Entry`.
            kind: what it is: `html`, `item`.
            key: all that it hangs on besides the content, or a hash of it.
        """
        try:
            return self._store.part(digest, kind, key)
        except sqlite3.DatabaseError:
            return None

    def put_parts(self, rows: Iterable[tuple[str, str, str, bytes]]) -> None:
        """Keep parts (digest, kind, key, bytes) until no page has the digest.

        What cannot be kept costs time, not the run.
        """
        try:
            with self._store.writing():
                self._store.put_parts(rows)
        except sqlite3.DatabaseError:
            return

    def put_part(self, digest: str, kind: str, key: str, content: bytes) -> None:
        """Keep one part."""
        self.put_parts([(digest, kind, key, content)])

    def drop_other_keys(self, kind: str, key: str) -> None:
        """Drop the parts of a kind that were made with other settings than `key`."""
        try:
            with self._store.writing():
                self._store.prune_keys(kind, key)
        except sqlite3.DatabaseError:
            return


def entry_of(row: Row, root: Path, settings: SiteSettings) -> Entry:
    """A post of the library from what is kept of its file, which has a date."""
    page = row.page
    date = page.date
    if date is None:
        raise ValueError(f"{row.path} has no date: no post")
    return Entry(
        post=post.Post(
            slug=page.slug or addresses.clean(row.place.name, settings),
            language=row.place.language,
            title=page.title,
            date=date,
            lastmod=page.lastmod or date,
            description=page.description,
            body="",
            categories=page.terms.get("categories", ()),
            tags=page.terms.get("tags", ()),
            series=page.terms.get("series", ()),
            draft=page.draft,
            session=page.session,
            stocks=page.stocks,
            extra=page.extra,
            served_at=row.address,
        ),
        path=root / row.path,
        digest=row.digest,
        file=row.path,
        section=row.place.section,
        published=page.published,
        expires=page.expires,
        links=page.links,
        terms=page.terms,
    )


def _section_slugs(text: str) -> dict[str, tuple[str, str, str]]:
    return {path: (each[0], each[1], each[2]) for path, each in (values.decode(text) if text else {}).items()}


def _made_of(settings: SiteSettings) -> str:
    """A hash of all that the index hangs on besides the files: settings and code."""
    made = hashlib.sha256(f"{sys.version_info[:2]} {yaml.__version__}\n{settings!r}".encode())
    modules = (addresses, front_matter, library, places, post, reading, shortcodes, slugs, store, values)
    for module in (*modules, walk):
        made.update(Path(str(module.__file__)).read_bytes())
    made.update(Path(__file__).read_bytes())
    return made.hexdigest()
