"""One tag: its fields, and how they are read from `content/tags/<slug>/_index.md`.

A file is an ordinary Hugo page of a term; the keys that are ours are the fields of `Tag`. Whatever else
stands in its front matter is Hugo's or the theme's business.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from generator import front_matter
from generator.errors import Problem, TagError
from generator.slugs import is_safe_slug, safe_slug

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

TAG_FILE = "_index.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """One term of the taxonomy `tags`."""

    slug: str
    """Its folder's name, its address `/tags/<slug>/`, and what a post's front matter lists."""
    title: str
    """As readers see it."""
    description: str = ""
    """One or two sentences; on its page, and its feed's description."""
    synonyms: tuple[str, ...] = ()
    """Other names of the same thing; each leads to this tag and to no other."""
    rule: str = ""
    """When a session gets the tag: a condition over metrics. Empty: no data can decide it."""
    weight: int = 0
    """Heavier tags come first, and stay when a post has too many."""
    stocks: tuple[str, ...] = ()
    """Codes; a post that speaks of one of them gets the tag."""
    themes: tuple[str, ...] = ()
    """Names of sectors and clusters that belong here without being names of it; may be several tags'."""

    @property
    def names(self) -> tuple[str, ...]:
        """All names that lead here."""
        return (self.slug, self.title, *self.synonyms)


@dataclass(frozen=True, slots=True)
class TagFile:
    """A tag with where it stands."""

    tag: Tag
    file: str
    lines: Mapping[str, int]
    """1-based lines by key of the front matter, and by `=name` for a name under a key."""


_CODE = re.compile(r"[0-9A-Z]{6}")


def read_tag(path: Path, file: str, problems: list[Problem]) -> TagFile | None:
    """The tag of one file; None, and at least one problem, if it is not fit."""
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        problems.append(Problem(file=file, message=f"not UTF-8: byte {error.start} cannot be read"))
        return None
    except OSError as error:
        problems.append(Problem(file=file, message=f"cannot be read: {error.strerror}"))
        return None
    span = front_matter.span(text)
    if span is None:
        remedy = "Put title and description between two lines of ---"
        problems.append(Problem(file=file, line=1, message="no YAML front matter", remedy=remedy))
        return None
    try:
        head, node = front_matter.load(text[slice(*span)])
    except front_matter.FrontMatterError as error:
        problems.append(Problem(file=file, line=error.line, message=f"front matter: {error}"))
        return None
    if not isinstance(head, dict):
        problems.append(Problem(file=file, line=2, message="front matter must be keys with values"))
        return None
    fields = _Fields({str(key).lower(): value for key, value in head.items()}, _lines(node), file)
    tag = fields.tag(path.parent.name)
    problems.extend(fields.problems)
    return None if fields.problems else TagFile(tag, file, fields.lines)


def _lines(node: yaml.Node | None) -> dict[str, int]:
    """Lines in the file by key, and by `=name` for the names under a key."""
    lines: dict[str, int] = {}
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    for key, value in pairs:
        lines[str(key.value).lower()] = front_matter.line_of(key)
        for each in _scalars(value):
            lines.setdefault(f"={each.value}", front_matter.line_of(each))
    return lines


def _scalars(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.SequenceNode):
        yield from (each for each in node.value if isinstance(each, yaml.ScalarNode))


_OURS = ("title", "description", "synonyms", "rule", "weight", "stocks", "themes")
_HUGOS = frozenset({
    "aliases", "build", "cascade", "date", "draft", "expirydate", "headless", "iscjklanguage", "keywords",
    "lastmod", "layout", "linktitle", "markup", "menu", "menus", "modified", "outputs", "params",
    "publishdate", "resources", "sitemap", "slug", "summary", "translationkey", "type", "unpublishdate",
    "url",
})  # fmt: skip
"""Hugo's own keys of a page, in lower case: never a misspelling of one of ours."""


class _Fields:
    """The values of one file, taken out one by one; what is wrong gathers in `problems`."""

    def __init__(self, head: Mapping[str, Any], lines: Mapping[str, int], file: str) -> None:
        self._head = head
        self.lines = lines
        self._file = file
        self.problems: list[Problem] = []

    def tag(self, folder: str) -> Tag:
        self._slug(folder)
        self._misspelled()
        return Tag(
            slug=folder,
            title=self._text("title", required=True),
            description=self._text("description"),
            synonyms=self._texts("synonyms"),
            rule=self._text("rule"),
            weight=self._weight(),
            stocks=self._codes(),
            themes=self._texts("themes"),
        )

    def _wrong(
        self, key: str, message: str, *, expected: str = "", remedy: str = "", found: object = ""
    ) -> None:
        self.problems.append(
            Problem(
                file=self._file,
                line=self.lines.get(key),
                column=key,
                message=message,
                found=_shown(found),
                expected=expected,
                remedy=remedy,
            )
        )

    def _slug(self, folder: str) -> None:
        if not is_safe_slug(folder):
            try:
                remedy = f"Rename the folder to {safe_slug(folder)}"
            except TagError:
                remedy = "Give the folder a name of letters and digits"
            self.problems.append(
                Problem(
                    file=self._file,
                    message="the folder's name is not safe as an address",
                    found=_shown(folder),
                    expected="lower-case letters, digits, single hyphens between",
                    remedy=remedy,
                )
            )
        # A term's page stands where its folder is; with these keys Hugo would serve it elsewhere.
        for key, value in (("slug", folder), ("url", f"/tags/{folder}/")):
            if self._head.get(key, value) != value:
                self._wrong(
                    key,
                    "differs from the folder's name, which is the tag's address",
                    found=self._head[key],
                    expected=value,
                    remedy="Leave the key out, or rename the folder",
                )

    def _misspelled(self) -> None:
        for key in self._head:
            if key in _OURS or key in _HUGOS:
                continue
            meant = difflib.get_close_matches(key, _OURS, n=1, cutoff=0.8)
            if meant:
                self._wrong(key, "unknown key", found=key, remedy=f"Did you mean {meant[0]}?")

    def _text(self, key: str, *, required: bool = False) -> str:
        value = self._head.get(key)
        if value is None and not required:
            return ""
        if not isinstance(value, str):
            self._wrong(
                key, "must be text", found=value, remedy="Put it in quotes" if value is not None else ""
            )
            return ""
        text = " ".join(value.split())
        if not text and required:
            self._wrong(key, "must not be empty")
        if not all(each.isprintable() for each in text):
            self._wrong(key, "has characters that cannot be shown", found=text)
        return text

    def _texts(self, key: str) -> tuple[str, ...]:
        value = self._head.get(key) or []
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(each, str) and each.strip() for each in values):
            self._wrong(key, "must be a list of names", found=value, remedy="Put numbers in quotes")
            return ()
        return tuple(values)

    def _weight(self) -> int:
        value = self._head.get("weight", 0)
        if not isinstance(value, int) or isinstance(value, bool):
            self._wrong("weight", "must be a whole number", found=value)
            return 0
        return value

    def _codes(self) -> tuple[str, ...]:
        codes = self._texts("stocks")
        for code in codes:
            if not _CODE.fullmatch(code):
                self._wrong(
                    "stocks", "not a stock code", found=code, expected='six characters in quotes: "005930"'
                )
        return codes


def _shown(value: object) -> str:
    text = "" if value is None else str(value)
    return "".join(each if each.isprintable() else "\ufffd" for each in text)[:80]
