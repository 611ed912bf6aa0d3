"""A content file's bytes to what the index keeps of it, and to a whole post when somebody wants the body.

What a person wrote may be anything. What does not stop the page from being of use is mended as Hugo mends it
and told; what does is told with its line, and the page is left out.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from generator import front_matter
from generator.errors import PostError, Problem
from generator.goldmark.link_starts import find_links
from generator.goldmark.shortcodes import uses
from generator.library.values import encode
from generator.post import HASH_KEY, Post

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.goldmark.shortcodes import Use
    from generator.library.places import Place
    from generator.library.settings import SiteSettings

LONGEST_NAME = 200
"""Bytes of a term: its page is a file's name, and file systems take 255."""

LARGE = 2 * 1024 * 1024
"""Bytes from which a post is told to be too large for a feed."""

LISTS = ("sessions", "posts")
"""The shortcodes that list what marketpost works out."""

_KNOWN = frozenset({each.name for each in fields(Post)} - {"language", "body", "extra", "served_at"}) | {
    HASH_KEY
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one content file is."""

    title: str = ""
    slug: str = ""
    """As front matter has it; empty if it has none."""
    url: str = ""
    description: str = ""
    date: dt.datetime | None = None
    lastmod: dt.datetime | None = None
    published: dt.datetime | None = None
    """When it is to appear: `publishDate`, else its date."""
    expires: dt.datetime | None = None
    draft: bool = False
    is_rendered: bool = True
    """Whether Hugo makes a page of it, once it is no draft."""
    is_listed: bool = True
    terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By taxonomy's plural: tags, categories, series, … in the order of the front matter."""
    session: dt.date | None = None
    stocks: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    """Where its body links to, as written, once each."""
    lists: tuple[Use, ...] = ()
    """The shortcodes of LISTS that it uses."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Front matter that only people, layouts or other steps read."""
    problems: tuple[Problem, ...] = ()
    undated: Problem | None = None
    """Why it cannot be a post: it has no date, or one that is none. A page needs none."""
    assumed_zone: int | None = None
    """Line of a date that has no zone, so that the site's was taken."""


def read_page(raw: bytes, *, file: str, place: Place, settings: SiteSettings) -> Page:
    """What the index keeps of a file; `file` is how messages call it.

    Raises:
        PostError: it is not UTF-8, or its front matter cannot be read; each problem has its line.
    """
    text = decoded(raw, file)
    head, body = _head(text, file)
    reader = _Reader(head, text, file, place, settings)
    page = reader.page()
    try:
        encode(page.extra)
    except RecursionError as error:
        raise _unreadable(file, "front matter holds itself", front_matter.FIRST_LINE) from error
    if place.kind != "page" and (unfollowed := _cascaded(reader.lowered.get("cascade"), settings)):
        reader.tell(
            "cascade",
            "sets for the pages below what the index and feeds take from each page alone",
            found=", ".join(unfollowed),
            remedy="Write it into those pages, so that both see them as Hugo does",
            fatal=False,
        )
    if len(raw) > LARGE:
        size = f"{len(raw) / 1024 / 1024:.1f} MB"
        reader.tell("", f"has {size} of text, which readers of feeds may not take", fatal=False)
    return Page(
        **{
            **{each.name: getattr(page, each.name) for each in fields(Page)},
            "links": links_in(body),
            "lists": uses(text, LISTS, len(text) - len(body)),
            "problems": tuple(reader.problems),
        }
    )


_TAKEN = frozenset({
    "author", "authors", "build", "_build", "cover", "description", "draft", "guid", "headless", "image",
    "images", "slug", "title", "url",
})  # fmt: skip
"""Front matter that addresses and feeds are made of, beside dates and terms."""


def _cascaded(cascade: object, settings: SiteSettings) -> list[str]:
    """The keys of a cascade that would change what is kept of the pages below, by name."""
    dates = {name for names in settings.dates.values() for name in names}
    taken = _TAKEN | dates | set(settings.taxonomies.values()) | {"series"}
    parts = cascade if isinstance(cascade, list) else [cascade]
    keys = {str(key).lower() for part in parts if isinstance(part, dict) for key in part}
    return sorted(keys & taken)


def decoded(raw: bytes, file: str) -> str:
    """A file's text.

    Raises:
        PostError: it is not UTF-8, with the line of the first byte that is not.
    """
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = f"not UTF-8: byte {error.start} cannot be read"
        raise PostError(f"{file}: {message}", [Problem(file=file, line=line, message=message)]) from error


def body_of(raw: bytes, file: str) -> str:
    """The text below the front matter.

    Raises:
        PostError: as `read_page`.
    """
    return _head(decoded(raw, file), file)[1]


def _head(text: str, file: str) -> tuple[Mapping[Any, Any] | None, str]:
    """Front matter, None if there is none, and body."""
    try:
        front = front_matter.read(text)
    except front_matter.FrontMatterError as error:
        raise _unreadable(file, f"front matter is {error}", error.line or 1) from error
    if front.values is not None and not isinstance(front.values, dict):
        raise _unreadable(file, "front matter must be keys with values", front_matter.FIRST_LINE)
    return front.values, front.body


def _unreadable(file: str, message: str, line: int, column: str = "") -> PostError:
    return PostError(f"{file}: {message}", [Problem(file=file, line=line, column=column, message=message)])


class _Reader:
    """One front matter, as Hugo reads it: keys in any case."""

    def __init__(
        self, head: Mapping[Any, Any] | None, text: str, file: str, place: Place, settings: SiteSettings
    ) -> None:
        self.has_none = head is None
        self.head = {str(key): value for key, value in (head or {}).items()}
        self.lowered = {key.lower(): value for key, value in self.head.items()}
        self.text, self.file, self.place, self.settings = text, file, place, settings
        self.problems: list[Problem] = []
        self.assumed: int | None = None
        self.wrong: dict[str, Problem] = {}

    def tell(self, key: str, message: str, *, fatal: bool = True, **details: str) -> Problem:
        """A problem at a key's line."""
        problem = Problem(
            file=self.file,
            line=front_matter.line_of_key(key, self.text) if key else 1,
            column=key,
            message=message,
            fatal=fatal,
            **details,
        )
        self.problems.append(problem)
        return problem

    def page(self) -> Page:
        taxonomies = {"tags": "", "categories": "", "series": ""} | dict.fromkeys(
            self.settings.taxonomies.values(), ""
        )
        slug = self._text("slug")
        if slug in {".", ".."} or re.search(r"[\\\x00-\x1f]", slug) or ".." in slug.split("/"):
            line = front_matter.line_of_key("slug", self.text)
            raise _unreadable(self.file, "slug must be part of an address", line, "slug")
        date = self._moment("date")
        lastmod = self._moment("lastmod")
        build = self.lowered.get("build", self.lowered.get("_build"))
        options = {str(key).lower(): value for key, value in build.items()} if isinstance(build, dict) else {}
        headless = _truth(self.lowered.get("headless"))
        session = self.lowered.get("session")
        if isinstance(session, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", session):
            session = _parsed(session)
        return Page(
            title=self._text("title"),
            slug=slug,
            url=self._text("url"),
            description=self._text("description"),
            date=date,
            lastmod=lastmod or date,
            published=self._moment("publishdate"),
            expires=self._moment("expirydate"),
            draft=_truth(self.lowered.get("draft")),
            is_rendered=not headless and options.get("render", "always") not in (False, "never", "link"),
            is_listed=not headless and options.get("list", "always") not in (False, "never"),
            terms={plural: found for plural in taxonomies if (found := self._names(plural))},
            session=session if type(session) is dt.date else None,
            stocks=self._names("stocks"),
            extra={key: value for key, value in self.head.items() if key.lower() not in _KNOWN},
            undated=self._undated(date),
            assumed_zone=self.assumed,
        )

    def _text(self, key: str) -> str:
        value = self.lowered.get(key)
        return "" if value is None else _clean(str(value))

    def _moment(self, key: str) -> dt.datetime | None:
        """The first of a date's keys that holds one."""
        for name in self.settings.dates[key]:
            if name == ":filename":
                found = re.match(r"\d{4}-\d{2}-\d{2}", self.place.name)
                value: object = found[0] if found else None
            else:
                value = self.lowered.get(name)
            if value is None or value == "" or name in self.wrong:
                continue
            moment = _parsed(value)
            if moment is None:
                self.wrong[name] = Problem(
                    file=self.file,
                    line=front_matter.line_of_key(name, self.text),
                    column=name,
                    message="not a time with an offset",
                    found=str(value)[:80],
                    expected="such as 2026-05-14T11:00:00+09:00",
                )
                continue
            if not isinstance(moment, dt.datetime):
                moment = dt.datetime.combine(moment, dt.time())
            if moment.tzinfo is None or moment.utcoffset() is None:
                if name != ":filename" and self.assumed is None:
                    self.assumed = front_matter.line_of_key(name, self.text)
                moment = moment.replace(tzinfo=self.settings.zone)
            offset = moment.utcoffset() or dt.timedelta()
            return moment.replace(tzinfo=dt.timezone(offset) if offset else dt.UTC)
        return None

    def _undated(self, date: dt.datetime | None) -> Problem | None:
        if self.wrong:
            return next(iter(self.wrong.values()))
        if date is not None:
            return None
        if self.has_none:
            expected = "YAML between two lines of ---, TOML between +++, or JSON"
            return Problem(file=self.file, line=1, message="has no front matter", expected=expected)
        return Problem(
            file=self.file,
            line=1,
            column="date",
            message="not a time with an offset",
            found="None",
            expected="such as 2026-05-14T11:00:00+09:00",
        )

    def _names(self, key: str) -> tuple[str, ...]:
        """A list of names, without what is none; each that is not text as it should be is told."""
        value = self.lowered.get(key)
        if value is None or value == "":
            return ()
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list):
            line = front_matter.line_of_key(key, self.text)
            raise _unreadable(self.file, f"front matter key {key} must be a list", line, key)
        names: list[str] = []
        for each in value:
            if isinstance(each, str) and each.strip():
                if len(each.encode()) > LONGEST_NAME:
                    self.tell(
                        key, "a name too long for the page it would have is left out", found=f"{each[:40]}…",
                        expected=f"at most {LONGEST_NAME} bytes",
                    )  # fmt: skip
                    continue
                names.append(_clean(each))
            elif each is None or isinstance(each, (str, list, dict)):
                self.tell(key, "an empty name or none is left out", found=str(each), expected="a text")
            else:
                remedy = f'Write "{each}" in quotes, spelled as it should be'
                self.tell(
                    key, "a number, day or truth value stands for a name", found=str(each), remedy=remedy
                )
                names.append(str(each))
        return tuple(names)


def _clean(text: str) -> str:
    """Text as UTF-8 can hold it: an escape in YAML or JSON may name half a character."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _truth(value: object) -> bool:
    return value.strip().lower() in {"true", "1", "t", "yes"} if isinstance(value, str) else bool(value)


_SPACED = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?) ?(Z|[+-]\d{2}:?\d{2})?")


def _parsed(value: object) -> dt.datetime | dt.date | None:
    """A moment or a day, of what a format gives or a text says."""
    if isinstance(value, dt.date):  # a datetime is one
        return value
    if not isinstance(value, str):
        return None
    text = value.strip()
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return dt.date.fromisoformat(text)
        if found := _SPACED.fullmatch(text):
            return dt.datetime.fromisoformat(f"{found[1]}T{found[2].zfill(5)}{found[3] or ''}")
    except ValueError:
        return None
    return None


_LINK = re.compile(  # [text](target) first
    r"""\]\(\s*<?([^\s<>()]+(?:\([^\s()]*\)[^\s()]*)*)>?(?:\s+["'(][^\n]{0,500}?["')])?\s*\)"""
    r"""|\]\(\s*<([^<>\n]+)>"""  # [text](<target with spaces>)
    r"""|^[ >]{0,9}\[[^\]\n]+\]:\s*<?(\S+?)>?(?=\s|$)"""  # [name]: target
    r"""|<(?:a\s[^<>]{0,500}?href|img\s[^<>]{0,500}?src)=["']([^"'\s>]+)["']"""  # HTML
    r"""|<(https?://[^\s<>]+)>"""  # <https://…>
    r"""|(?<![\w<"'=/])(https?://[^\s<>()"'`|*\]]*[^\s<>()"'`|*\].,;:!?])"""  # and without the brackets
    r"""|(\{\{[<%]\s*(?:rel)?ref\s[^{}]*?[%>]\}\})"""  # Hugo's own, the whole of it
    r"""|\{\{[<%]\s*figure\s[^{}]{0,500}?\bsrc="([^"\n]+)\"""",
    re.MULTILINE | re.IGNORECASE,
)
_CODE = re.compile(
    r"^(`{3,}|~{3,})[^\n]*\n.*?(?:^\1[`~]*[ \t]*$|\Z)|(?<!`)(`+)(?!`)[^\n]*?(?<!`)\2(?!`)",
    re.MULTILINE | re.DOTALL,
)


def links_in(body: str) -> tuple[str, ...]:
    """Where a body links to, in order; what stands in code is none."""
    plain = _CODE.sub("", body) if "`" in body or "~~~" in body else body
    return tuple(dict.fromkeys(next(filter(None, found.groups())) for found in find_links(_LINK, plain)))
