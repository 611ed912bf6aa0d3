"""The site's settings, asked of Hugo once for each state of the configuration, and kept."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from generator import config_files, files
from generator.errors import Problem, SiteError
from generator.library.settings import from_hugo
from generator.site.hugo import find_hugo, settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from generator.library.settings import SiteSettings

_KEPT = (
    "assetdir", "contentdir", "defaultcontentlanguage", "defaultcontentlanguageinsubdir", "disablelanguages",
    "disablepathtolower", "enablegitinfo", "frontmatter", "languages", "mainsections", "markup", "module",
    "permalinks", "removepathaccents", "taxonomies", "timezone", "uglyurls",
)  # fmt: skip
"""What is kept of all that Hugo says."""

_PLAIN = frozenset({"label", "locale", "weight", "title", "languagename", "languagecode", "languagedirection",
                    "direction", "disabled", "params", "menus", "contentdir"})  # fmt: skip
"""Settings of one language that change no address of it."""


def site_settings(root: Path, cache: Path, *, timeout: float) -> tuple[SiteSettings, tuple[Problem, ...]]:
    """The settings of the site in `root`, and what stands in the way of Hugo's own reading.

    Without a Hugo the files alone are read: addresses are right as long as no theme changes them.
    """
    read = config_files.read(root)
    whole = config_files.lowered(config_files.merged(read))
    digest = hashlib.sha256(
        "\0".join(
            [*(each for file in read for each in (file.name, file.text)), *_of_themes(root), repr(_KEPT)]
        ).encode("utf-8", "surrogatepass")
    ).hexdigest()
    path = cache / "site.json"
    with suppress(OSError, ValueError, TypeError, KeyError):
        kept = json.loads(path.read_bytes())
        if kept["digest"] == digest:
            return from_hugo(kept["settings"]), ()
    try:
        found = _asked(root, whole, timeout)
    except SiteError as error:
        problem = Problem(
            file=read[0].name,
            message=f"addresses follow the file alone, as Hugo's own reading cannot be had: {error}",
            fatal=False,
        )
        default = str(whole.get("defaultcontentlanguage") or "en").lower()
        return from_hugo({default: whole}), (problem, *error.problems)
    made = json.dumps({"digest": digest, "settings": found}, ensure_ascii=False, indent=0)
    with suppress(OSError):
        files.write(path, made.encode())
    return from_hugo(found), ()


def _of_themes(root: Path) -> list[str]:
    """The configuration that themes and modules bring, which is a part of Hugo's: names and texts."""
    ways = ("themes/*/hugo.*", "themes/*/config.*", "themes/*/config/*/*", "go.mod")
    told: list[str] = []
    for path in sorted(path for way in ways for path in root.glob(way)):
        with suppress(OSError):
            told += (path.relative_to(root).as_posix(), path.read_text(encoding="utf-8", errors="replace"))
    return told


def _asked(root: Path, whole: Mapping[str, Any], timeout: float) -> dict[str, dict[str, Any]]:
    """By language, the default one first. A language is asked for only if it has settings of its own."""
    hugo = find_hugo()
    # What a cascade of the configuration sets Hugo keeps to itself.
    first = _kept(settings(hugo, root, timeout=timeout)) | {"cascade": whole.get("cascade")}
    default = str(first.get("defaultcontentlanguage") or "en").lower()
    found = {default: first}
    own = whole.get("languages")
    for code in first.get("languages") or {}:
        language = str(code).lower()
        said = own.get(language) if isinstance(own, dict) else None
        if language == default:
            continue
        if isinstance(said, dict) and not said.keys() <= _PLAIN:
            found[language] = _kept(settings(hugo, root, timeout=timeout, language=language))
        else:
            found[language] = first
    return found


def _kept(whole: Mapping[str, Any]) -> dict[str, Any]:
    params = whole.get("params")
    main = params.get("mainsections") if isinstance(params, dict) else None
    return {key: whole[key] for key in _KEPT if key in whole} | {"params": {"mainsections": main}}
