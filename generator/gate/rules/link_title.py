"""A list of related posts calls each by its title."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING

from generator.gate.finding import Remark
from generator.gate.rule import Example, Rule
from generator.gate.targets import leads, source_of
from generator.links.resolve import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.library import Entry
    from generator.links.site_map import Target
    from generator.reading.document import Document, Span

_SEPARATORS = frozenset("·|,;•/ \u00a0—–-")
_SAME = 2 / 3
"""Share of the words of a title, in their order, from which on the words of a link are meant to be it."""


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """Links of a line that is nothing but links, in a quote: the related line of a post."""
    source = source_of(document.file, knowledge)
    for block in document.blocks if source else ():
        if not block.quoted or not block.spans:
            continue
        links = sorted((each for each in block.spans if each.kind == "link"), key=lambda each: each.start)
        if not links or not _is_list(block.text, links):
            continue
        for each in links:
            target = _page(each.target, source, knowledge)
            shown = block.text[each.start : each.end]
            if target is not None and _is_slip(shown, target.title):
                yield Remark(
                    start=block.start(each.start),
                    end=block.start(each.end - 1) + 1,
                    message="is not the title of the post that the link leads to",
                    found=shown,
                    expected=target.title,
                )


def _page(link: str, source: Target | None, knowledge: Knowledge) -> Target | None:
    resolved = resolve(link, source, knowledge.pages) if source else None
    target = resolved.target if resolved else None
    return target if target is not None and target.kind == "page" else None


def _is_list(text: str, links: list[Span]) -> bool:
    """Whether nothing but separators stands between the links, and nothing behind them."""
    between = [text[one.end : other.start] for one, other in pairwise(links)]
    return all(_SEPARATORS.issuperset(each) for each in (*between, text[links[-1].end :]))


def _is_slip(shown: str, title: str) -> bool:
    """Whether words are meant to be a title, and are not; other words may be a person's own choice."""
    own, right = _words(shown), _words(title)
    short, long = sorted((own, right), key=len)
    if len(long) > len(short) + 1 or short in (long[1:], long[:-1], long):
        return False
    alike = SequenceMatcher(None, own, right, autojunk=False).get_matching_blocks()
    return sum(block.size for block in alike) >= _SAME * len(right)


def _words(title: str) -> list[str]:
    return title.replace("’", "'").split()


def hangs_on(entry: Entry, knowledge: Knowledge) -> object:
    """The titles of the pages it leads to."""
    by_address = knowledge.pages.by_address
    return [
        (each, by_address[each.address].title if each.address in by_address else "")
        for each in leads(entry, knowledge)
    ]


_FIRST = {"content/post/first/index.en.md": "---\ntitle: The first record\ndate: 2026-05-12\n---\nText.\n"}

RULE = Rule(
    name="link-title",
    severity="error",
    summary="The related line calls each post by its title.",
    why=(
        "The related line is a promise of what one finds there, often with a figure in it. Only quotes that"
        " are a list of links are looked at, and in them only words that are a title but for a few;"
        " elsewhere, and where somebody chose words of her own, a link may have any."
    ),
    check=check,
    hangs_on=hangs_on,
    good=(
        Example("> **Related**: [The first record](/post/first/)", files=_FIRST),
        Example("> He spoke of [a record](/post/first/) on that day.", files=_FIRST),
        Example("> **Related**: [Records in May](/post/first/)", files=_FIRST),
        Example("> **Related**: [First record](/post/first/)", files=_FIRST),
    ),
    bad=(
        Example("> **Related**: [The second record](/post/first/)", files=_FIRST, says="not the title"),
        Example(
            "> [The first record](/post/first/) · [The last record](../first/)",
            files=_FIRST,
            says="not the title",
        ),
        Example(
            "> [KOSPI Up 0.12 pp in May](/post/up/)",
            files={
                "content/post/up/index.en.md": "---\ntitle: KOSPI Up 0.12% in May\ndate: 2026-05-12\n---\n"
            },
            says="not the title",
        ),
    ),
)
