"""The tag registry: all tags of a blog, checked so that one name leads to one tag."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from generator import rules
from generator.errors import Problem, TagError
from generator.slugs import fold, hugo_slug
from generator.tags.tag import TAG_FILE, Tag, TagFile, read_tag

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

__all__ = ["Registry", "Tag", "load_registry", "registry_of"]


@dataclass(frozen=True, slots=True)
class Registry:
    """All tags of a blog; `load_registry` makes one that does not contradict itself."""

    by_slug: Mapping[str, Tag]
    """In the order of slugs."""
    _by_name: Mapping[str, str]

    def resolve(self, name: str) -> Tag | None:
        """The tag of that name, however it is spelled: case, spaces, hyphens and width do not count."""
        slug = self._by_name.get(fold(name))
        return None if slug is None else self.by_slug[slug]

    def key(self, name: str) -> str:
        """What is equal for all names of one thing: the tag's slug, or the folded name if it has no tag."""
        return self._by_name.get(fold(name)) or fold(name)


def load_registry(folder: Path) -> Registry:
    """Read all tags below `folder`, which is the blog's `content/tags`; no folder, no tags.

    Raises:
        TagError: with every problem of every file: no YAML front matter, a value of the wrong type, an unsafe
            slug, two tags with one name or address, a rule over an unknown metric.
    """
    root = folder.parent.parent
    problems: list[Problem] = []
    read: list[TagFile] = []
    for path in sorted(folder.glob(f"*/{TAG_FILE}")):
        if path.parent.is_symlink() or path.is_symlink():
            continue  # Hugo follows no links in content, so there is no such page
        file = path.relative_to(root).as_posix()
        found = read_tag(path, file, problems)
        if found is not None:
            if found.tag.rule:
                _check(found, problems)
            read.append(found)
    by_name = _names(read, problems)
    if problems:
        raise TagError(f"the tag registry has {len(problems)} problem(s)", problems)
    return Registry(MappingProxyType({each.tag.slug: each.tag for each in read}), MappingProxyType(by_name))


def registry_of(tags: Collection[Tag]) -> Registry:
    """A registry of tags that are not files.

    Raises:
        TagError: two of them have one name or address.
    """
    problems: list[Problem] = []
    read = [TagFile(tag, f"tags/{tag.slug}", {}) for tag in sorted(tags, key=lambda tag: tag.slug)]
    by_name = _names(read, problems)
    if problems:
        raise TagError(f"the tag registry has {len(problems)} problem(s)", problems)
    return Registry(MappingProxyType({each.tag.slug: each.tag for each in read}), MappingProxyType(by_name))


def _check(found: TagFile, problems: list[Problem]) -> None:
    try:
        rules.check(found.tag.rule)
    except TagError as error:
        problems.append(
            Problem(file=found.file, line=found.lines.get("rule"), column="rule", message=str(error))
        )


def _names(read: Collection[TagFile], problems: list[Problem]) -> dict[str, str]:
    """Every folded name with its slug; a name or an address that two tags claim is a problem."""
    by_name: dict[str, str] = {}
    owners: dict[tuple[str, str], tuple[str, str]] = {}
    for each in read:
        for name in each.tag.names:
            line = each.lines.get(f"={name}")
            folded = fold(name)
            if not folded:
                message = "this name has nothing but spaces and dashes"
                problems.append(Problem(file=each.file, line=line, message=message, found=name))
                continue
            # Hugo would put a post that lists this name at that address, whatever the name folds to.
            claims = [("name", folded), *(("address", at) for at in (hugo_slug(name),) if at)]
            rival = next((owners[c] for c in claims if c in owners and owners[c][0] != each.tag.slug), None)
            if rival is None:
                by_name[folded] = each.tag.slug
                owners.update(dict.fromkeys(claims, (each.tag.slug, name)))
                continue
            problems.append(
                Problem(
                    file=each.file,
                    line=line,
                    message=f"another tag, {rival[0]}, has this name or its address already, as {rival[1]!r}",
                    found=name,
                    remedy="Take the name out of one of the two",
                )
            )
    return by_name
