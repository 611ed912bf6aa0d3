"""The files that a Hugo site keeps its configuration in, read as Hugo reads them: YAML, TOML or JSON.

One file at the root, or `config/_default/` and `config/production/` with a file for each top key. Themes and
Hugo's own defaults are Hugo's business; see `site.hugo.settings`.
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from generator import front_matter
from generator.errors import ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

NAMES = tuple(f"{stem}.{suffix}" for stem in ("hugo", "config") for suffix in ("toml", "yaml", "yml", "json"))
"""Of the file at the root, in Hugo's order; the first that is there counts."""

FOLDERS = ("config/_default", "config/production")
"""Later ones override."""


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """One file of the configuration."""

    name: str
    """From the blog's folder."""
    prefix: tuple[str, ...]
    """Where its keys stand: `config/_default/params.toml` holds what is under `params`."""
    values: Mapping[str, Any]
    """As it stands in the whole."""
    text: str
    node: yaml.Node | None
    """For the lines of YAML."""

    def line(self, keys: Sequence[str | int]) -> int | None:
        """The 1-based line of a key path, or of its nearest existing ancestor; None if it has neither."""
        own = [str(key) for key in keys]
        if tuple(each.lower() for each in own[: len(self.prefix)]) != self.prefix:
            return None
        own = own[len(self.prefix) :]
        if self.node is not None:
            return _yaml_line(self.node, own)
        line = None
        for key in own:
            pattern = rf"^\s*(?:\[+[^\]\n]*\b{re.escape(key)}\]|[\"'{{, ]*{re.escape(key)}[\"']?\s*[:=])"
            if found := re.search(pattern, self.text, re.MULTILINE | re.IGNORECASE):
                line = self.text.count("\n", 0, found.end()) + 1
        return line


def paths(root: Path) -> tuple[Path, ...]:
    """The files of the configuration, in the order in which later ones override."""
    first = next((root / name for name in NAMES if (root / name).is_file()), None)
    found = [first] if first else []
    for folder in FOLDERS:
        if (root / folder).is_dir():
            found += sorted(
                path for path in (root / folder).iterdir() if path.suffix in _READERS and path.is_file()
            )
    return tuple(found)


def read(root: Path) -> tuple[ConfigFile, ...]:
    """Every file of the configuration.

    Raises:
        ConfigError: none is there, or one is not what its name says.
    """
    found = paths(root)
    if not found:
        raise ConfigError(
            f"no configuration of Hugo's in {root} ({NAMES[0]}, {NAMES[1]}, …, config/_default/); run this "
            "in a blog's folder, or make one with `marketpost init`"
        )
    return tuple(_read(path, root) for path in found)


def merged(files: Sequence[ConfigFile]) -> dict[str, Any]:
    """The whole: mappings are merged, whatever else is said later overrides. Top keys in lower case."""
    whole: dict[str, Any] = {}
    for file in files:
        whole = _merge(whole, {str(key).lower(): value for key, value in file.values.items()})
    return whole


def _merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    made = dict(below)
    for key, value in above.items():
        own = made.get(key)
        made[key] = _merge(own, value) if isinstance(own, dict) and isinstance(value, dict) else value
    return made


def lowered(value: Any) -> Any:
    """Keys in lower case, as Hugo has them."""
    if isinstance(value, dict):
        return {str(key).lower(): lowered(each) for key, each in value.items()}
    return [lowered(each) for each in value] if isinstance(value, list) else value


def _read(path: Path, root: Path) -> ConfigFile:
    name = path.relative_to(root).as_posix()
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{name} is not UTF-8: byte {error.start} cannot be read") from error
    except OSError as error:
        raise ConfigError(f"{name} cannot be read: {error.strerror}") from error
    try:
        values, node = _READERS[path.suffix](text)
    # ValueError: PyYAML's, of a date such as 2026-02-30, and what the readers of TOML and JSON raise
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        kind = {".toml": "TOML", ".json": "JSON"}.get(path.suffix, "YAML")
        mark = getattr(error, "problem_mark", None)
        reason = f"is not valid {kind}: {getattr(error, 'problem', None) or error}"
        problem = Problem(file=name, line=mark.line + 1 if mark else None, message=reason)
        raise ConfigError(f"{name} {reason}", [problem] if mark else ()) from error
    if not isinstance(values, dict):
        raise ConfigError(f"{name} must be a mapping of keys to values")
    prefix = _prefix(path, root)
    for key in reversed(prefix):
        values = {key: values}
    return ConfigFile(name, prefix, values, text, node)


def _prefix(path: Path, root: Path) -> tuple[str, ...]:
    """`params.toml` is `params`, `params.ko.toml` is that of a language; `hugo.toml` is the root."""
    stem = path.stem.lower()
    if path.parent == root or stem in ("hugo", "config"):
        return ()
    key, _, language = stem.partition(".")
    return ("languages", language, key) if language else (key,)


def _yaml(text: str) -> tuple[Any, yaml.Node | None]:
    front_matter.refuse_depth(text)
    node = front_matter.composed(text)
    front_matter.refuse_bomb(node)
    return front_matter.constructed(node) or {}, node


def _toml(text: str) -> tuple[Any, None]:
    return tomllib.loads(text.replace("\r\n", "\n")), None


def _json(text: str) -> tuple[Any, None]:
    return json.loads(text), None


_READERS = {".yaml": _yaml, ".yml": _yaml, ".toml": _toml, ".json": _json}


def _yaml_line(node: yaml.Node | None, keys: Sequence[str]) -> int | None:
    line = None
    for key in keys:
        child = next((found for name, found in _children(node) if name.lower() == key.lower()), None)
        if child is None:
            break
        key_node, node = child
        line = key_node.start_mark.line + 1
    return line


def _children(node: yaml.Node | None) -> Iterator[tuple[str, tuple[yaml.Node, yaml.Node]]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield str(key.value), (key, value)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield str(index), (value, value)
