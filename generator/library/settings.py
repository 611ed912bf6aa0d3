"""Of the site's settings those that decide where Hugo serves a page, and what it makes of its dates."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

TAXONOMIES = {"tag": "tags", "category": "categories"}

DATES: Mapping[str, tuple[str, ...]] = {
    "date": ("date", "publishdate", "pubdate", "published", "lastmod", "modified"),
    "lastmod": ("lastmod", "modified", "date", "publishdate", "pubdate", "published"),
    "publishdate": ("publishdate", "pubdate", "published", "date"),
    "expirydate": ("expirydate", "unpublishdate"),
}
"""Hugo's own: the front matter keys that may hold a date, the first one that does counts."""


@dataclass(frozen=True, slots=True)
class Permalink:
    """A pattern for the addresses of some pages."""

    pattern: str
    kind: str
    """`page`, `section`, `term` or `taxonomy`."""
    path: str
    """A glob on Hugo's path of the page: `/{posts,posts/**}`."""

    def applies(self, kind: str, path: str) -> bool:
        """Whether a page of this kind and path has this pattern."""
        return kind == self.kind and re.fullmatch(_regex(self.path), path) is not None


@dataclass(frozen=True, slots=True)
class Mount:
    """A folder of content, from the blog's, and where it stands in the content."""

    source: str = "content"
    target: str = ""
    """Below `content`; empty for all of it."""
    languages: tuple[str, ...] = ()
    """Of its files, where their names do not say; none for the default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSettings:
    """Hugo's settings, as far as addresses, sections and dates hang on them."""

    default_language: str = "en"
    languages: tuple[str, ...] = ("en",)
    """Those that are built; the names of others in a file's name are part of its slug."""
    default_in_subdir: bool = False
    """Whether the default language stands below `/<language>/` as well."""
    timezone: str = ""
    """Of dates that have none; UTC if empty, as Hugo has it."""
    main_sections: tuple[str, ...] = ()
    """The sections whose pages are the posts; none for our choice, see `library`."""
    taxonomies: Mapping[str, str] = field(default_factory=lambda: dict(TAXONOMIES))
    """Plural by singular."""
    permalinks: Mapping[str, tuple[Permalink, ...]] = field(default_factory=dict)
    """By language."""
    ugly: bool = False
    """Whether addresses are `x.html` instead of `x/`."""
    ugly_sections: tuple[str, ...] = ()
    """Sections of which that is so, where it is not for all."""
    lower: bool = True
    """Whether paths are made lower case."""
    accents: bool = True
    """Whether letters keep their accents in paths."""
    mounts: tuple[Mount, ...] = (Mount(),)
    statics: tuple[Mount, ...] = (Mount("static"),)
    """Of files that are served as they are; targets below the site's root."""
    dates: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: dict(DATES))
    # No page of the index hangs on what follows.
    assets: tuple[str, ...] = field(default=("assets",), repr=False)
    """Folders of files that Hugo serves once a page names them."""
    markup: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)
    """Hugo's section of that name, by language."""

    git_dates: bool = False
    """Whether Hugo takes dates from the repository's history, which nobody here reads."""
    cascades: bool = False
    """Whether the configuration sets front matter for all pages."""

    @property
    def zone(self) -> tzinfo:
        """Of dates without one."""
        try:
            return ZoneInfo(self.timezone) if self.timezone else UTC
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return UTC

    def doubles_files(self, language: str) -> bool:
        """Whether the files of a bundle are served beside each of its pages, not once."""
        section = _mapping(self.markup.get(language)).get("goldmark")
        return bool(_mapping(section).get("duplicateresourcefiles"))

    def prefix(self, language: str) -> str:
        """What addresses of a language begin with: `` or `/ko`."""
        return "" if language == self.default_language and not self.default_in_subdir else f"/{language}"


def from_hugo(by_language: Mapping[str, Mapping[str, Any]]) -> SiteSettings:
    """The settings in what `hugo config` prints, by language; the first is of the default language.

    A key that is missing has Hugo's default, so a configuration file's own mapping will do, its keys in lower
    case.
    """
    first = next(iter(by_language.values()))
    default = str(first.get("defaultcontentlanguage") or "en").lower()
    ugly = first.get("uglyurls")
    disabled = set(_texts(first.get("disablelanguages")))
    named = {
        str(code).lower(): own if isinstance(own, dict) else {}
        for code, own in _mapping(first.get("languages")).items()
    } or {default: {}}
    return SiteSettings(
        default_language=default,
        languages=tuple(
            code for code, own in named.items() if not own.get("disabled") and code not in disabled
        ),
        default_in_subdir=bool(first.get("defaultcontentlanguageinsubdir")),
        timezone=str(first.get("timezone") or ""),
        main_sections=_main_sections(first),
        taxonomies={
            str(key): str(value) for key, value in _mapping(first.get("taxonomies", TAXONOMIES)).items()
        },
        permalinks={
            code: _permalinks(config.get("permalinks"))
            for code, config in by_language.items()
            if config.get("permalinks")
        },
        ugly=ugly is True,
        ugly_sections=tuple(key for key, on in _mapping(ugly).items() if on),
        lower=not first.get("disablepathtolower"),
        accents=not first.get("removepathaccents"),
        mounts=_mounts(first, named),
        statics=_statics(first),
        dates=_dates(_mapping(first.get("frontmatter"))),
        git_dates=bool(first.get("enablegitinfo"))
        and any(":git" in _texts(each) for each in _mapping(first.get("frontmatter")).values()),
        cascades=bool(first.get("cascade")),
        assets=_assets(first),
        markup={code: _mapping(by_language.get(code, first).get("markup")) for code in named},
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(str(each) for each in value) if isinstance(value, list) else ()


def _main_sections(config: Mapping[str, Any]) -> tuple[str, ...]:
    """Hugo's key, or where themes asked for it before there was one."""
    return _texts(config.get("mainsections")) or _texts(_mapping(config.get("params")).get("mainsections"))


def _permalinks(found: object) -> tuple[Permalink, ...]:
    """Hugo lists them as patterns with targets; a file, and Hugo before 0.160, maps sections to patterns."""
    if isinstance(found, list):
        return tuple(
            Permalink(
                str(each.get("pattern", "")),
                str(target.get("kind") or "page"),
                str(target.get("path") or "/**"),
            )
            for each in found
            if isinstance(each, dict) and (target := _mapping(each.get("target"))) is not None
        )
    made: list[Permalink] = []
    for key, value in _mapping(found).items():
        if isinstance(value, dict):
            made += [Permalink(str(pattern), key, _below(name)) for name, pattern in value.items()]
        else:
            made += [Permalink(str(value), kind, _below(key)) for kind in ("page", "term")]
    return tuple(made)


def _below(section: str) -> str:
    section = section.strip("/")
    return f"/{{{section},{section}/**}}" if section else "/*"


def _mounts(config: Mapping[str, Any], languages: Mapping[str, Mapping[str, Any]]) -> tuple[Mount, ...]:
    mounts: list[Mount] = []
    for each in _mapping(config.get("module")).get("mounts") or ():
        target = str(_mapping(each).get("target", "")).strip("/")
        if target == "content" or target.startswith("content/"):
            sites = _mapping(_mapping(_mapping(each.get("sites")).get("matrix")))
            tongues = _texts(sites.get("languages")) or _texts(each.get("lang"))
            source = str(each.get("source", "")).strip("/").removeprefix("./")
            mounts.append(Mount(source, target.removeprefix("content").strip("/"), tongues))
    if mounts:
        return tuple(mounts)
    folder = str(config.get("contentdir") or "content").strip("/")
    own = [
        Mount(str(each["contentdir"]).strip("/"), "", (code,))
        for code, each in languages.items()
        if each.get("contentdir")
    ]
    return (Mount(folder), *own)


def _statics(config: Mapping[str, Any]) -> tuple[Mount, ...]:
    """The folders whose files are served as they are."""
    mounts = [
        Mount(
            str(each.get("source", "")).strip("/").removeprefix("./"),
            target.removeprefix("static").strip("/"),
        )
        for each in _mapping(config.get("module")).get("mounts") or ()
        if (target := str(_mapping(each).get("target", "")).strip("/")).split("/")[0] == "static"
    ]
    return tuple(mounts) or tuple(Mount(name) for name in _texts(config.get("staticdir")) or ("static",))


def _assets(config: Mapping[str, Any]) -> tuple[str, ...]:
    mounts = [_mapping(each) for each in _mapping(config.get("module")).get("mounts") or ()]
    found = [str(each.get("source", "")) for each in mounts if each.get("target") == "assets"]
    return tuple(found) or (str(config.get("assetdir") or "assets"),)


def _dates(config: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """`:default` stands for Hugo's own list; `:git` and `:fileModTime` for what a checkout does not keep."""
    found = dict(DATES)
    for key, standard in DATES.items():
        listed: list[str] = []
        for each in _texts(config.get(key)):
            name = each.lower()
            listed += standard if name == ":default" else [name]
        if listed:
            found[key] = tuple(dict.fromkeys(listed))
    return found


def _regex(glob: str) -> str:
    """A glob of Hugo's as a regular expression: `*` stays in a folder, `**` does not, `{a,b}` is either."""
    made: list[str] = []
    for token in re.findall(r"\*\*|[^*]|\*", glob):
        match token:
            case "**":
                made.append(".*")
            case "*":
                made.append("[^/]*")
            case "?":
                made.append("[^/]")
            case "{":
                made.append("(?:")
            case "}":
                made.append(")")
            case ",":
                made.append("|")
            case _:
                made.append(re.escape(token))
    return "".join(made)
