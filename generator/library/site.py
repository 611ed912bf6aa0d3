"""The site's settings, asked of Hugo once for each state of the configuration, and kept."""

from __future__ import annotations

import hashlib
import json
import os
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
    digest = _digest(root)
    path = cache / "site.json"
    with suppress(OSError, ValueError, TypeError, KeyError):
        kept = json.loads(path.read_bytes())
        if kept["digest"] == digest:
            return from_hugo(kept["settings"]), ()
    read = config_files.read(root)
    whole = config_files.lowered(config_files.merged(read))
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


def _digest(root: Path) -> str:
    """Of the bytes that Hugo's settings are made of; parsing them takes longer than all the rest here."""
    # What themes and modules bring is a part of Hugo's settings.
    ways = ("themes/*/hugo.*", "themes/*/config.*", "themes/*/config/*/*", "go.mod")
    state = hashlib.sha256(repr(_KEPT).encode())
    for path in (*config_files.paths(root), *sorted(path for way in ways for path in root.glob(way))):
        with suppress(OSError):
            content = path.read_bytes()
            name = os.fsencode(path.relative_to(root))
            state.update(b"\0%d %s\0%d " % (len(name), name, len(content)) + content)
    return state.hexdigest()


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
