"""A link into a page leads to a place that the page has."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from generator.gate.finding import Remark
from generator.gate.rule import Example, Rule
from generator.gate.targets import leads, placed
from generator.reading.document import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.library import Entry

_ID = re.compile(r"\b(?:id|name)=[\"']?([^\"'\s>{}]+)")
_OF_THE_PAGE = frozenset({"", "top"})
"""What browsers know without the page's doing."""


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """Fragments that are no heading's, footnote's or element's."""
    own: frozenset[str] | None = None
    for written, led in placed(document, knowledge):
        fragment = unquote(led.fragment)
        if led.state != "there" or fragment in _OF_THE_PAGE or fragment.startswith(":~:") or not led.file:
            continue
        if led.file == document.file:
            own = anchors = _anchors(document) if own is None else own
        else:
            anchors = _anchors_of(led.file, document, knowledge)
        if fragment in anchors or fragment in _of_layouts(knowledge):
            continue
        yield Remark(
            start=written.start,
            end=written.end,
            message="the page has no place of this name",
            found=f"#{fragment}",
            expected=", ".join(f"#{each}" for each in sorted(anchors)[:5]),
            remedy="Take the heading's id, or leave the fragment out",
        )


def hangs_on(entry: Entry, knowledge: Knowledge) -> object:
    """Where the links lead, and the states of the pages into which they do."""
    found = leads(entry, knowledge)
    into = {led.file for led in found if led.fragment and led.file != entry.file}
    has_fragments = any("#" in link for link in entry.links)
    return (
        found,
        [_state(file, knowledge) for file in sorted(into)],
        _of_layouts(knowledge) if has_fragments else (),
    )


def _state(file: str, knowledge: Knowledge) -> str:
    if entry := knowledge.by_file.get(file):
        return entry.digest
    try:
        found = (knowledge.config.root / file).stat()
    except OSError:
        return ""
    return f"{found.st_size} {found.st_mtime_ns}"


def _of_layouts(knowledge: Knowledge) -> tuple[str, ...]:
    """The ids that templates write, sorted: those of comments, menus and the like."""

    def read() -> tuple[str, ...]:
        root = knowledge.config.root
        found: set[str] = set()
        for folder in (root / "layouts", *sorted(root.glob("themes/*/layouts"))):
            for path in sorted(folder.rglob("*.html")):
                with contextlib.suppress(OSError):
                    found.update(_ID.findall(path.read_bytes().decode("utf-8", "replace")))
        return tuple(sorted(found))

    return knowledge.kept("ids of layouts", read)


def _anchors_of(file: str, document: Document, knowledge: Knowledge) -> frozenset[str]:
    def read() -> frozenset[str]:
        try:
            text = (knowledge.config.root / file).read_bytes().decode("utf-8", "replace")
        except OSError:
            return frozenset()
        return _anchors(Document(text, file=file, language=document.language, markup=document.markup))

    return knowledge.kept(("anchors", file), read)


def _anchors(document: Document) -> frozenset[str]:
    """The ids that a body gives its page."""
    found: set[str] = set()
    for token in document.tokens:
        for each in (token, *(token.children or ())):
            if each.attrs and "id" in each.attrs:
                found.add(str(each.attrs["id"]))
            if each.type in ("html_block", "html_inline"):
                found.update(_ID.findall(each.content))
            elif each.type == "footnote_ref":
                found.add(f"fn:{each.meta['id'] + 1}")
                found.add(f"fnref:{each.meta['id'] + 1}")
    return frozenset(found)


RULE = Rule(
    name="dead-anchor",
    severity="warning",
    summary="A link with a fragment leads to a heading, footnote or element of that id.",
    why=(
        "A heading that was reworded has another id, and the links to it lead to the top of the page. Ids are"
        " those that Hugo gives, and those that stand in layouts as they are. What a layout makes up is not"
        " known, hence a warning."
    ),
    check=check,
    hangs_on=hangs_on,
    good=(
        Example("## Two words\n\nSee [above](#two-words), or [the top](#top)."),
        Example("## One {#first}\n\nSee [above](#first) and [there](/tags/kospi/)."),
    ),
    bad=(
        Example("## Two words\n\nSee [above](#two-word).", says="no place of this name"),
        Example(
            "See [it](/post/other/#below).",
            files={"content/post/other/index.en.md": "---\ntitle: O\ndate: 2026-05-12\n---\n## Above\n"},
            says="no place",
        ),
    ),
)
