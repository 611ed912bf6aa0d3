"""Pages are linked to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.gate.entries import AtKey
from generator.gate.rule import Example, Rule
from generator.links.backlinks import backlinks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.library import Entry

_NEWEST = 30
"""Posts of a language that need no link yet: links look back, and lists on the home page show them."""


def survey(knowledge: Knowledge) -> Iterator[tuple[Entry, AtKey]]:
    """The public posts, but for the newest, that no text of the blog links to."""
    linked = backlinks(knowledge.outlines, knowledge.pages)
    for library in knowledge.libraries.values():
        public = [entry for entry in library.posts if not entry.post.draft]
        for entry in public[_NEWEST:]:
            if entry.post.address not in linked:
                yield (
                    entry,
                    AtKey(
                        "title",
                        "no text of the blog links to this post",
                        found=entry.post.address,
                        remedy="Link to it from a later post or a hub; `marketpost links` says which fit",
                    ),
                )


_POST = "---\ntitle: Post {0}\ndate: 2026-04-{0:02}T16:30:00+09:00\n---\n{1}\n"
_LATER = {
    f"content/post/p{n}/index.en.md": _POST.format(n, f"[before](/post/p{n - 1}/)") for n in range(1, 31)
}
_LINKING = {**_LATER, "content/post/p1/index.en.md": _POST.format(1, "[the first](../example/)")}

RULE = Rule(
    name="unlinked-page",
    severity="note",
    summary="Every older post is linked to from another text.",
    why=(
        "What nothing links to is found through archives only, by readers and by search engines. Lists that"
        " a layout makes do not count, and the newest thirty posts of a language need no link yet."
    ),
    survey=survey,
    good=(
        Example("The newest post."),
        Example("The oldest post.", front={"date": "2026-03-01T16:30:00+09:00"}, files=_LINKING),
    ),
    bad=(
        Example(
            "The oldest post.",
            front={"date": "2026-03-01T16:30:00+09:00"},
            files=_LATER,
            says="no text of the blog links",
        ),
        Example(
            "A lonely one.",
            front={"date": "2026-04-01T10:30:00+09:00", "slug": "lonely"},
            files=_LATER,
            says="no text of the blog links",
        ),
    ),
)
