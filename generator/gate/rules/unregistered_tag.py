"""Tags are registered, and written in one way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.gate.entries import AtKey
from generator.gate.rule import Example, Rule
from generator.tags.audit import audit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.library import Entry


def survey(knowledge: Knowledge) -> Iterator[tuple[Entry, AtKey]]:
    """Tags of posts that the registry does not have, or has under another spelling."""
    registry = knowledge.registry
    if not registry.by_slug:
        return
    for library in knowledge.libraries.values():
        by_file = {entry.file: entry for entry in library.posts}
        found = audit({file: entry.post.tags for file, entry in by_file.items()}, registry)
        for unknown in found.unknown:
            near = f"; did you mean {unknown.nearest}?" if unknown.nearest else ""
            for file in unknown.posts:
                yield (
                    by_file[file],
                    AtKey(
                        "tags",
                        f"no tag of this name is registered{near}",
                        found=unknown.name,
                        remedy="Register it with a page in content/tags, or take another",
                    ),
                )
        for entry in by_file.values():
            for name in entry.post.tags:
                if (keep := found.merges.get(name)) is not None:
                    yield (
                        entry,
                        AtKey(
                            "tags",
                            "the tag is written in another way than elsewhere",
                            found=name,
                            expected=keep,
                            remedy="Run `marketpost tags --merge`",
                        ),
                    )


RULE = Rule(
    name="unregistered-tag",
    severity="warning",
    summary="Every tag of a post is registered, and written in one way.",
    why=(
        "A tag that is spelled in two ways has two pages and two feeds, each with half of the posts. The"
        " registry is the pages in content/tags with their synonyms; a blog without any is left alone."
    ),
    survey=survey,
    good=(
        Example("Text.", front={"tags": ["kospi", "foreign-selling"]}),
        Example("Text.", front={"tags": []}),
    ),
    bad=(
        Example("Text.", front={"tags": ["kospy"]}, says="did you mean kospi?"),
        Example("Text.", front={"tags": ["KOSPI"]}, says="written in another way"),
    ),
)
