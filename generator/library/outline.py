"""What links hang on of every page, and nothing more: ten thousand pages in a few hundredths of a second.

Whole pages take ten times as long, as each has its front matter in it.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.library.values import decode

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping

_COLUMNS = """
pages.path, pages.kind, pages.language, pages.section, folder, name, bundle, address, pages.title, slug,
date, draft, listed, undated IS NULL, session, stocks, terms, links,
CASE WHEN extra LIKE '%"aliases"%' OR extra LIKE '%"translationkey"%' THEN extra END
"""


class Outline(NamedTuple):
    """One page; lists and mappings are JSON until somebody asks."""

    file: str
    """Its path from the blog's folder."""
    kind: str
    """`page`, `section`, `home`, `term` or `taxonomy`."""
    language: str
    section: str
    folder: str
    """Of its file, or of its bundle, below the content's root."""
    name: str
    """Of its file without language and suffix, or of its bundle's folder."""
    is_bundle: int
    address: str
    """Empty for a page that Hugo makes none of."""
    title: str
    own_slug: str
    """As front matter has it; empty if it has none."""
    dated: str | None
    is_draft: int
    is_listed: int
    is_datable: int
    """Whether its date is one."""
    about: str | None
    stocks_json: str
    terms_json: str
    links_json: str
    other_json: str | None
    """The rest of its front matter, if `aliases` or `translationKey` is in it."""

    @property
    def path(self) -> str:
        """Folder and name."""
        return f"{self.folder}/{self.name}".strip("/")

    @property
    def date(self) -> dt.datetime | None:
        """When it is published; with zone."""
        return dt.datetime.fromisoformat(self.dated) if self.dated else None

    @property
    def session(self) -> dt.date | None:
        """The session it is about."""
        return dt.date.fromisoformat(self.about) if self.about else None

    @property
    def terms(self) -> Mapping[str, list[str]]:
        """What it lists, by taxonomy."""
        found: dict[str, list[str]] = json.loads(self.terms_json)
        return found

    @property
    def stocks(self) -> tuple[str, ...]:
        """Codes of the stocks it speaks of."""
        return () if self.stocks_json == "[]" else tuple(json.loads(self.stocks_json))

    @property
    def links(self) -> list[str]:
        """Where its body links to, as written."""
        found: list[str] = [] if self.links_json == "[]" else json.loads(self.links_json)
        return found

    @property
    def other(self) -> Mapping[str, Any]:
        """Of its other front matter what decides about addresses, keys in lower case."""
        if self.other_json is None:
            return {}
        return {str(key).lower(): value for key, value in decode(self.other_json).items()}


def outlines(connection: sqlite3.Connection) -> Iterator[Outline]:
    """Every page of the index, by path."""
    found = connection.execute(
        f"SELECT {_COLUMNS} FROM pages JOIN places USING (path) ORDER BY pages.path"  # noqa: S608 - ours
    )
    return map(Outline._make, found)
