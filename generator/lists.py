"""Lists of sessions and posts that a page asks for by a shortcode: what it asks, and what is in the list.

    {{< sessions rule="kospi_change_pct <= -3" limit=20 >}}
    {{< posts tags="foreign-selling" from="2026-05-01" >}}

All conditions must hold; of several values of one, any. Newest first.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from generator import rules
from generator.aftermath import posts_by_session
from generator.errors import TagError
from generator.slugs import hugo_slug

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from generator.goldmark.shortcodes import Call
    from generator.library import Entry, Library
    from generator.metrics.track import Track
    from generator.tags.registry import Registry

Kind = Literal["sessions", "posts"]

STANDARD, MOST = 20, 1000
"""How many rows a list has if it does not say, and at most."""

PARAMETERS: Mapping[str, tuple[str, str]] = MappingProxyType({
    "rule": (
        "a condition over metrics",
        "only sessions for which it [holds](tags.md#rules), or posts about such; none that is still open",
    ),
    "from": ("a day, `2026-05-01`", "none before: of sessions their day, of posts the day of publication"),
    "to": ("a day", "none after"),
    "tags": ("names, with commas between", "posts with any of these tags, in any spelling"),
    "categories": ("names", "posts in any of these categories"),
    "series": ("names", "posts of any of these series"),
    "stocks": ("codes, in quotes", "posts that list any of these stocks in their front matter"),
    "limit": (f"a count to {MOST}", f"the newest so many; {STANDARD} unless given"),
    "all": (
        "`true`",
        "`sessions` only: those without a post too; not with `tags`, `categories`, `series` or `stocks`",
    ),
})  # fmt: skip
"""What a call may say: the form of the value, and what it does."""

OF_POSTS = ("tags", "categories", "series", "stocks")
_BLANKS = re.compile(r"[ \t\r\n]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a list holds."""

    kind: Kind
    rule: str = ""
    first: date | None = None
    last: date | None = None
    wanted: Mapping[str, tuple[str, ...]]
    """Of OF_POSTS those that are given, each with its values."""
    limit: int = STANDARD
    everything: bool = False
    """Sessions without a post, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a list: a session with its post, if it has one, or a post."""

    session: date | None
    entry: Entry | None
    """Its title is a person's text: escape it."""


class WrongCallError(Exception):
    """A call that cannot be answered: what is wrong, found and allowed."""

    def __init__(self, parameter: str, message: str, found: str = "", expected: str = "") -> None:
        super().__init__(message)
        self.parameter, self.found, self.expected = parameter, found, expected


def key_of(call: Call) -> str:
    """What calls with equal parameters share; layouts/_partials/list.html makes the same of a call."""
    given = (f"{name}={_BLANKS.sub(' ', value).strip(' ')}" for name, value in sorted(call.named.items()))
    return "\n".join((call.name, *given))


def query_of(call: Call) -> Query:
    """What a call asks for.

    Raises:
        WrongCallError: a parameter that is unknown, or has a value that it does not take.
    """
    kind: Kind = "posts" if call.name == "posts" else "sessions"
    allowed = [name for name in PARAMETERS if name != "all" or kind == "sessions"]
    if call.as_markdown:
        raise WrongCallError("", "gives HTML, so it is written with < and >", "%", f"{{{{< {kind} … >}}}}")
    if call.arguments:
        raise WrongCallError("", "takes parameters by name only", call.arguments[0], ", ".join(allowed))
    for name in call.named:
        if name not in allowed:
            raise WrongCallError(name, "is no parameter of this list", name, ", ".join(allowed))
    given = {name: _BLANKS.sub(" ", value).strip(" ") for name, value in call.named.items()}
    for name, value in given.items():
        if not value:
            raise WrongCallError(name, "is empty", "", PARAMETERS[name][0])
    wanted = {name: _names(given[name]) for name in OF_POSTS if name in given}
    first, last = _day(given, "from"), _day(given, "to")
    if first and last and first > last:
        raise WrongCallError("to", "is before from", given["to"], f"{first} or later")
    everything = given.get("all", "false")
    if everything not in {"true", "false"}:
        raise WrongCallError("all", "is neither true nor false", everything, "true or false")
    if everything == "true" and wanted:
        clash = next(iter(wanted))
        raise WrongCallError(clash, "says something of posts, which `all` does without", given[clash])
    return Query(
        kind=kind, rule=_rule(given), first=first, last=last, wanted=MappingProxyType(wanted),
        limit=_limit(given), everything=everything == "true",
    )  # fmt: skip


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for each in text.split(",") if (name := each.strip())))


def _rule(given: Mapping[str, str]) -> str:
    rule = given.get("rule", "")
    if rule:
        try:
            rules.check(rule)
        except TagError as error:
            raise WrongCallError("rule", str(error)) from error
    return rule


def _day(given: Mapping[str, str], name: str) -> date | None:
    if name not in given:
        return None
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", given[name], re.ASCII):
            return date.fromisoformat(given[name])
    except ValueError:
        pass
    raise WrongCallError(name, "is no day", given[name], "such as 2026-05-01")


def _limit(given: Mapping[str, str]) -> int:
    text = given.get("limit", str(STANDARD))
    if re.fullmatch(r"[1-9]\d{0,5}", text, re.ASCII) and int(text) <= MOST:
        return int(text)
    raise WrongCallError("limit", "is no count of rows", text, f"1 to {MOST}")


def rows_of(
    query: Query,
    library: Library,
    track: Track,
    registry: Registry,
    *,
    series: str,
    holds: Callable[[str], Collection[date]],
) -> tuple[Row, ...]:
    """What the list holds: the newest sessions or posts that meet all it asks.

    Args:
        query: what it asks.
        library: the posts of the page's language; drafts are in no list.
        track: of it, the sessions that were measured and which were open.
        registry: folds spellings of one tag.
        series: of the posts of one session, one of this series is its post.
        holds: the sessions for which a rule holds.
    """
    held = frozenset(holds(query.rule)) - track.open if query.rule else None
    entries = [entry for entry in library.posts if not entry.post.draft and _meets(entry, query, registry)]
    rows: Iterable[Row]
    days: Iterable[date]
    if query.kind == "posts":
        rows = (Row(session=entry.post.session, entry=entry) for entry in entries)
        days = (entry.post.date.date() for entry in entries)
    else:
        posts = posts_by_session(entries, series)
        listed = sorted({*posts, *(track.days if query.everything else ())}, reverse=True)
        rows = (Row(session=day, entry=posts.get(day)) for day in listed)
        days = listed
    found: list[Row] = []
    for row, day in zip(rows, days, strict=True):
        if (query.first and day < query.first) or (query.last and day > query.last):
            continue
        if held is not None and row.session not in held:
            continue
        found.append(row)
        if len(found) == query.limit:
            break
    return tuple(found)


def _meets(entry: Entry, query: Query, registry: Registry) -> bool:
    """Whether a post has of everything wanted one."""
    post = entry.post
    for name, values in query.wanted.items():
        match name:
            case "tags":
                has = {registry.key(each) for each in post.tags} & {registry.key(each) for each in values}
            case "stocks":
                has = set(post.stocks) & set(values)
            case _:
                own = post.series if name == "series" else post.categories
                has = {hugo_slug(each) for each in own} & {hugo_slug(each) for each in values}
        if not has:
            return False
    return True


def unknown(query: Query, library: Library, registry: Registry) -> tuple[tuple[str, str, str], ...]:
    """The values that no post has: parameter, value, and the nearest that there is, if one is near.

    They are no error, as a tag may come before its first post; but most are misspelled.
    """
    found: list[tuple[str, str, str]] = []
    for name, values in query.wanted.items():
        there = {each for entry in library.posts for each in getattr(entry.post, name)}
        if name == "tags":
            there |= registry.by_slug.keys()
        key = registry.key if name == "tags" else hugo_slug
        keys = {key(each) for each in there}
        for value in values:
            if key(value) not in keys:
                near = difflib.get_close_matches(value, sorted(there), n=1)
                found.append((name, value, near[0] if near else ""))
    return tuple(found)
