"""What Hugo is told to serve: the overlay first, then the blog's own folders, as it mounts them itself.

Of two mounts of one path Hugo takes the first. They are handed to it in its environment, which stands above
all files of its configuration, wherever those are and however many there are of them.
"""

from __future__ import annotations

import json
import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

VARIABLE = "HUGO_MODULE_MOUNTS"

_CONTENT, _DATA = "content", "data"
_FILTERS = frozenset({"files", "includefiles", "excludefiles"})


@dataclass(frozen=True, slots=True)
class Mount:
    """A folder of the blog, and where Hugo sees it; keys in lower case."""

    own: Mapping[str, Any]
    """All that the configuration says of it."""

    @property
    def source(self) -> str:
        """From the blog's folder."""
        return posixpath.normpath(str(self.own.get("source", "")).replace("\\", "/"))

    @property
    def target(self) -> str:
        """Where Hugo has it: `content`, `static/x`."""
        return str(self.own.get("target", "")).strip("/")

    @property
    def component(self) -> str:
        """The first part of the target."""
        return self.target.split("/")[0]

    @property
    def can_be_cut(self) -> bool:
        """Whether some of its posts can be left out: of content in the blog, which no filter chooses from."""
        inside = not posixpath.isabs(self.source) and self.source.split("/")[0] not in ("..", ".", "")
        return self.component == _CONTENT and inside and not (self.own.keys() & _FILTERS)

    def at(self, source: str, below: str = "") -> Mapping[str, Any]:
        """The mount of another folder, for this one or for one in it."""
        target = posixpath.join(self.target, below) if below else self.target
        return {**self.own, "source": source, "target": target}


def own_mounts(
    configured: Sequence[Mapping[str, Any]], known: Sequence[Mapping[str, Any]]
) -> tuple[Mount, ...]:
    """The mounts that must be named, since naming one of a target drops Hugo's own for it.

    Args:
        configured: those that the configuration's files name.
        known: all that Hugo says it has; it does not tell everything that was configured.
    """
    named = [Mount(_stated(each)) for each in configured]
    components = {each.component for each in named}
    others = [Mount(_stated(each)) for each in known]
    return (
        *named,
        *(each for each in others if each.component in {_CONTENT, _DATA} - components),
    )


def _stated(value: Any) -> Any:
    """What is said, without keys that hold nothing: Hugo prints those, too."""
    if not isinstance(value, dict):
        return value
    stated = {str(key).lower(): _stated(each) for key, each in value.items()}
    return {key: each for key, each in stated.items() if each not in (None, False, "", [], {})}


def overlaid(
    own: Sequence[Mount], overlay: str, folders: Mapping[str, Sequence[str]] | None
) -> list[Mapping[str, Any]]:
    """The mounts of a preview.

    Args:
        own: from `own_mounts`.
        overlay: its folder, from the blog's.
        folders: of each source that is cut the folders that are served as they are, the rest being in the
            overlay; None if nothing is cut.
    """
    return list(_overlaid(own, overlay, folders))


def _overlaid(
    own: Sequence[Mount], overlay: str, folders: Mapping[str, Sequence[str]] | None
) -> Iterator[Mapping[str, Any]]:
    for each in own:
        if each.component not in (_CONTENT, _DATA):
            yield each.own
            continue
        yield each.at(posixpath.join(overlay, each.source))
        if folders is None or not each.can_be_cut:
            yield each.own
            continue
        for folder in folders.get(each.source, ()):
            yield each.at(posixpath.join(each.source, folder), folder)


def in_environment(mounts: Sequence[Mapping[str, Any]]) -> Mapping[str, str]:
    """The variable that hands mounts to Hugo."""
    return {VARIABLE: json.dumps(mounts, ensure_ascii=False)}
