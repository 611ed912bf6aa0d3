"""A post: front matter and Markdown, to the bytes of a file and back.

Knows nothing of how a post comes about, nor where its file stands.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

import yaml

from generator import front_matter
from generator.errors import PostError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

HASH_KEY = "generated_hash"
"""Front matter key: SHA-256 over the file as we wrote it, without this line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post as it stands in `content/post/<slug>/index.<language>.md`."""

    slug: str
    language: str
    title: str
    date: dt.datetime
    """When it is published; with zone."""
    lastmod: dt.datetime
    description: str
    body: str
    """Markdown, ending in one newline."""
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    """Slugs of tags, heaviest first."""
    series: tuple[str, ...] = ()
    draft: bool = False
    session: dt.date | None = None
    """The session it is about; None for a post that is about none."""
    stocks: tuple[str, ...] = ()
    """Codes of the stocks it speaks of."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Front matter that only people, layouts or later steps read, in its order."""

    served_at: str = field(default="", compare=False)
    """Its address, where the library knows it of the site's settings."""

    @property
    def address(self) -> str:
        """The address from the site's root; unless known better, Hugo's own for a page of section `post`."""
        return self.served_at or f"/post/{self.slug}/"


_KNOWN = frozenset(each.name for each in fields(Post)) - {"language", "body", "extra", "served_at"}


class _Dumper(yaml.SafeDumper):
    """Block style, keys in our order, lists indented under their key, times in ISO 8601 with their offset."""

    def increase_indent(self, flow: bool = False, *_: object, **__: object) -> None:
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
        return True


def _represent_datetime(dumper: yaml.SafeDumper, value: dt.datetime) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:timestamp", value.isoformat(timespec="seconds"))


# YAML 1.1 takes 009830 for text, 1.2 (Hugo's) for a number.
_NUMBER_LIKE = re.compile(r"[-+.]?\d[\w.:+-]*")


def _represent_text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "'" if _NUMBER_LIKE.fullmatch(value) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(dt.datetime, _represent_datetime)
_Dumper.add_representer(str, _represent_text)


def to_yaml(data: Mapping[str, Any]) -> str:
    """Front matter as YAML: deterministic, Unicode as it is, long lines unbroken."""
    return yaml.dump(
        dict(data),
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=float("inf"),
        default_flow_style=False,
    )


def to_text(post: Post) -> str:
    """The file of a post that we generated, its hash included."""
    head: dict[str, Any] = {
        "title": post.title,
        "slug": post.slug,
        "date": post.date,
        "lastmod": post.lastmod,
        "description": post.description,
        "categories": list(post.categories),
        "tags": list(post.tags),
        "series": list(post.series),
        "draft": post.draft,
    }
    if post.session is not None:
        head["session"] = post.session
    if post.stocks:
        head["stocks"] = list(post.stocks)
    return sealed(to_yaml({**head, **post.extra}), post.body)


def sealed(head: str, body: str) -> str:
    """Front matter and body as a file, with the hash by which we know it as ours."""
    text = f"---\n{head}---\n\n{body}"
    return f"---\n{head}{HASH_KEY}: {_digest(text)}\n---\n\n{body}"


_HASH_LINE = re.compile(rf"^{HASH_KEY}: *['\"]?([0-9a-f]{{64}})['\"]?\r?\n", re.MULTILINE)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def recorded_hash(text: str) -> str | None:
    """The hash a file says it was generated with, or None if it was not ours."""
    found = _HASH_LINE.search(text)
    return found.group(1) if found else None


def untouched(text: str) -> bool:
    """Whether a file is byte for byte what we generated."""
    recorded = recorded_hash(text)
    return recorded is not None and _digest(_HASH_LINE.sub("", text, count=1)) == recorded


def from_text(text: str, *, file: str, slug: str, language: str) -> Post:
    """Read a post; `slug` is its folder's name and `file` how messages call it.

    Raises:
        PostError: no YAML front matter, or a key that a feed or a link needs is missing or not of its type.
    """
    place = front_matter.span(text)
    if place is None:
        raise _unreadable(file, "has no YAML front matter between two lines of ---", line=1)
    try:
        head, _ = front_matter.load(text[slice(*place)])
    except front_matter.FrontMatterError as error:
        raise _unreadable(file, f"front matter is {error}", error.line) from error
    if not isinstance(head, dict):
        raise _unreadable(file, "front matter must be keys with values", line=2)
    own_slug = str(head.get("slug") or slug)
    if own_slug in {".", ".."} or re.search(r"[/\\\x00-\x1f]", own_slug):
        raise _unreadable(file, "slug must be one part of an address, without slashes", column="slug")
    written = _moment(head, "date", file)
    session = head.get("session")
    return Post(
        slug=own_slug,
        language=language,
        title=str(head.get("title") or ""),
        date=written,
        lastmod=_moment(head, "lastmod", file) if head.get("lastmod") else written,
        description=str(head.get("description") or ""),
        body=front_matter.body(text),
        categories=_names(head, "categories", file),
        tags=_names(head, "tags", file),
        series=_names(head, "series", file),
        draft=bool(head.get("draft", False)),
        session=session if isinstance(session, dt.date) and not isinstance(session, dt.datetime) else None,
        stocks=_names(head, "stocks", file),
        extra={key: value for key, value in head.items() if key not in _KNOWN and key != HASH_KEY},
    )


def _moment(head: Mapping[str, Any], key: str, file: str) -> dt.datetime:
    value = head.get(key)
    if not isinstance(value, dt.datetime) or value.tzinfo is None:
        raise PostError(
            f"{file}: front matter key {key} must be a time with its offset",
            [
                Problem(
                    file=file,
                    column=key,
                    message="not a time with an offset",
                    found=str(value),
                    expected="such as 2026-05-14T11:00:00+09:00",
                )
            ],
        )
    return value


def _names(head: Mapping[str, Any], key: str, file: str) -> tuple[str, ...]:
    value = head.get(key) or []
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list):
        raise _unreadable(file, f"front matter key {key} must be a list", column=key)
    return tuple(str(item) for item in value if item is not None)


def _unreadable(file: str, message: str, line: int | None = None, column: str = "") -> PostError:
    return PostError(f"{file}: {message}", [Problem(file=file, line=line, column=column, message=message)])
