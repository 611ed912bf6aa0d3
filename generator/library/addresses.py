"""Where Hugo serves a page: the path from the site's root, decoded, below the path of `baseURL`.

Repeats what Hugo 0.168 does with `permalinks`, `slug`, `url`, languages and the settings of paths; a test
builds a site of all of them and compares every address.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.library.places import Place
from generator.slugs import hugo_sanitized, hugo_slug, lower

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from generator.library.settings import SiteSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What an address may be made of, besides where the file stands."""

    title: str = ""
    slug: str = ""
    url: str = ""
    date: dt.datetime | None = None


def address(
    place: Place, facts: Facts, settings: SiteSettings, slugs: Mapping[tuple[str, str], str] | None = None
) -> str:
    """The address of a page, with its language's prefix: `/post/x/`, `/ko/post/x/`, `/post/x.html`.

    `slugs` are those that sections give themselves, by language and folder: what is below a section stands
    below its slug.
    """
    prefix = settings.prefix(place.language)
    if facts.url:
        own = _expanded(facts.url, place, facts, settings) if ":" in facts.url else facts.url
        many = len(settings.languages) > 1
        return _own(own, "" if own.startswith("/") and many else prefix)
    if place.kind == "home":
        return f"{prefix}/"
    path = "/" + clean(place.path, settings)
    pattern = next(
        (
            each.pattern
            for each in settings.permalinks.get(place.language, ())
            if each.applies(place.kind, path)
        ),
        None,
    )
    if pattern is not None:
        below = _expanded(pattern, place, facts, settings)
    elif facts.slug:
        below = f"{_folder(place, settings, slugs)}/{_said(facts.slug, settings)}"
    else:
        below = f"{_folder(place, settings, slugs)}/{clean(place.name, settings)}"
    return _served(prefix, below, place, settings)


def term(
    name: str, taxonomy: str, language: str, settings: SiteSettings, *, file: Place | None = None
) -> str:
    """The address of a term's page: of a tag, a category; empty if nothing of the name is left in it.

    Args:
        name: as front matter lists it.
        taxonomy: the plural, `tags`.
        language: of the posts.
        settings: the site's.
        file: where the term has a page of its own.
    """
    cleaned = clean(name, settings)
    if not cleaned:
        return ""
    place = file or Place("term", language, taxonomy, name, is_bundle=True, sections=f"{taxonomy}/{name}")
    if file is None and not settings.permalinks.get(language):
        # The way of almost every term, and a blog has thousands.
        below = f"{clean(taxonomy, settings)}/{cleaned}"
        return _served(settings.prefix(language), below, place, settings)
    return address(place, Facts(title=name), settings)


def clean(path: str, settings: SiteSettings) -> str:
    """A path of files, or a part of one, as Hugo has it in addresses."""
    path = path if settings.accents else _bare(path)
    return hugo_slug(path) if settings.lower else hugo_sanitized(path)


def _said(text: str, settings: SiteSettings) -> str:
    """A slug or title in an address: `A & B` is `a-b`, while the file `A & B.md` is at `a--b`."""
    text = text if settings.accents else _bare(text)
    return hugo_sanitized(lower(text) if settings.lower else text)


def _bare(text: str) -> str:
    """Letters without their accents."""
    apart = unicodedata.normalize("NFD", text)
    kept = "".join(each for each in apart if unicodedata.category(each) != "Mn")
    return unicodedata.normalize("NFC", kept)


def _token(text: str, settings: SiteSettings) -> str:
    """A text in a pattern, which Hugo takes for an address: `+` is a space, and a last `#` nothing."""
    said = hugo_sanitized(_said(text, settings).replace("+", " "))
    return said[:-1] if said.find("#") == len(said) - 1 else said


def _folder(place: Place, settings: SiteSettings, slugs: Mapping[tuple[str, str], str] | None) -> str:
    if not slugs:
        return clean(place.folder, settings)
    parts = place.folder.split("/")
    heres = ("/".join(parts[: n + 1]) for n in range(len(parts)))
    return "/".join(
        clean(slugs.get((place.language, here), part), settings)
        for here, part in zip(heres, parts, strict=True)
    )


def _own(url: str, prefix: str) -> str:
    """An address that front matter names."""
    below = "/" + url.lstrip("/")
    if not below.endswith("/") and not re.search(r"\.[^/.]+$", below):
        below += "/"
    return prefix + below


def _served(prefix: str, below: str, place: Place, settings: SiteSettings) -> str:
    parts = [part for part in below.split("/") if part]
    whole = prefix + "".join(f"/{part}" for part in parts)
    ugly = settings.ugly or place.section in settings.ugly_sections
    if whole.endswith((".html", ".htm")):
        return whole
    if not ugly or not parts:
        return f"{whole}/"
    return f"{whole}/index.html" if place.kind in ("section", "taxonomy") else f"{whole}.html"


_TOKEN = re.compile(r":([a-zA-Z0-9]+)(\[[^\]]+\])?")


def _expanded(pattern: str, place: Place, facts: Facts, settings: SiteSettings) -> str:
    def one(found: re.Match[str]) -> str:
        name, cut = found[1], found[2]
        if name in ("sections", "sectionslugs"):
            return "/".join(_cut([part for part in place.sections.split("/") if part], cut, settings))
        made = _TOKENS.get(name)
        if made is not None:
            return made(place, facts, settings) + (cut or "")
        dated = _dated(name, facts.date)
        return (dated.lower() if settings.lower else dated) + (cut or "")

    return _TOKEN.sub(one, pattern)


def _cut(parts: list[str], cut: str | None, settings: SiteSettings) -> list[str]:
    """`[1:]`, `[:last]`, `[last]`, `[0]` of the sections, as Hugo's slices."""
    cleaned = [clean(part, settings) for part in parts]
    if cut is None:
        return cleaned

    def place(text: str, otherwise: int) -> int:
        return otherwise if not text else len(cleaned) - 1 if text == "last" else int(text)

    inner = cut[1:-1]
    if not re.fullmatch(r"(\d+|last)?:?(\d+|last)?", inner):
        return cleaned
    low, colon, high = inner.partition(":")
    if not colon:
        at = place(low, 0)
        return cleaned[at : at + 1]
    return cleaned[place(low, 0) : place(high, len(cleaned))]


def _filename(place: Place, _: Facts, settings: SiteSettings) -> str:
    return _token(place.name, settings)


def _title(_: Place, facts: Facts, settings: SiteSettings) -> str:
    return _token(facts.title.replace("/", "-"), settings)


def _slug(place: Place, facts: Facts, settings: SiteSettings) -> str:
    return _token(facts.slug, settings) if facts.slug else _title(place, facts, settings)


def _slug_or_name(place: Place, facts: Facts, settings: SiteSettings) -> str:
    return _token(facts.slug, settings) if facts.slug else _filename(place, facts, settings)


def _section(place: Place, _: Facts, settings: SiteSettings) -> str:
    return clean(place.section, settings)


_TOKENS: dict[str, Callable[[Place, Facts, SiteSettings], str]] = {
    "title": _title,
    "slug": _slug,
    "filename": _filename,
    "contentbasename": _filename,
    "slugorfilename": _slug_or_name,
    "slugorcontentbasename": _slug_or_name,
    "section": _section,
    "sectionslug": _section,
}

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _dated(name: str, date: dt.datetime | None) -> str:
    """A part of a date, by its own zone; a page without a date is of Go's zero time, as Hugo has it."""
    year, month, day = (date.year, date.month, date.day) if date else (1, 1, 1)
    ordinal, weekday = (date.timetuple().tm_yday, date.weekday()) if date else (1, 0)
    parts = {
        "year": f"{year:04}" if date else "1",
        "month": f"{month:02}",
        "day": f"{day:02}",
        "monthname": _MONTHS[month - 1],
        "weekday": str((weekday + 1) % 7),
        "weekdayname": _DAYS[weekday],
        "yearday": str(ordinal),
    }
    return parts.get(name, f":{name}")
