"""markdown-it-py, with goldmark's rules for what the site has switched on."""

from __future__ import annotations

import functools
import itertools
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt

from generator.goldmark import (
    addresses,
    attributes,
    breaks,
    code,
    destinations,
    footnotes,
    headings,
    images,
    lists,
    nesting,
    references,
    strikethrough,
    tables,
    text,
    typographer,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from markdown_it.ruler import RuleOptionsType

    from generator.goldmark.markup import Markup


_NEEDS: Mapping[tuple[str, ...], Sequence[str]] = {
    ("    ", "\t"): ("code",),
    ("```", "~~~"): ("fence",),
    (">",): ("blockquote",),
    ("[^",): ("footnote_def", "footnote_first"),
    ("]:",): ("reference",),
    ("<",): ("html_block", "autolink", "html_inline"),
    ("`",): ("backticks",),
    ("\\",): ("escape", "escaped_space", "backslash"),
    ("![",): ("image",),
    ("&",): ("entity",),
    addresses.IN_EACH: ("bare_address",),
}
"""Rules that are asked at every line or mark, by what a text must have one of for them to find anything."""
_UNDERLINES = ("=", "-")


def parser_of(text: str, markup: Markup) -> MarkdownIt:
    """The parser for these settings and this text, without the rules that would find nothing in it."""
    idle = [names for marks, names in _NEEDS.items() if not any(mark in text for mark in marks)]
    if not any(line.rstrip().endswith(_UNDERLINES) for line in text.splitlines()):
        idle.append(("lheading",))
    return _without(tuple(itertools.chain.from_iterable(idle)), markup)


@functools.lru_cache(maxsize=64)
def _without(names: tuple[str, ...], markup: Markup) -> MarkdownIt:
    return _made(markup).disable(names, ignoreInvalid=True)


@functools.cache
def parser(markup: Markup) -> MarkdownIt:
    """The parser for these settings; it keeps nothing of what it parsed."""
    return _made(markup)


def _made(markup: Markup) -> MarkdownIt:
    made = MarkdownIt(
        "commonmark", {"xhtmlOut": markup.xhtml, "maxNesting": nesting.IN_LINE, "breaks": markup.hard_wraps}
    )
    _add_blocks(made, markup)
    _add_inline(made, markup)
    _add_core(made, markup)
    made.validateLink = addresses.any_address  # type: ignore[method-assign]  # unsafe ones stay links, without address
    made.normalizeLink = addresses.writer(markup)  # type: ignore[method-assign,assignment]  # goldmark escapes, and leaves host names alone
    rules: dict[str, Callable[..., str]] = {
        "escaped_space": _nothing,
        "checkbox": lists.checkbox,
        "fence": code.renderer(hugos=markup.code_fences),
    }
    if markup.footnotes:
        rules |= footnotes.renderers(markup)
    if not markup.unsafe:
        rules |= {"html_block": _nothing, "html_inline": _nothing}
    for name, rule in rules.items():
        made.renderer.rules[name] = rule  # type: ignore[attr-defined]  # of the HTML renderer; the protocol has none
    return made


def _add_blocks(made: MarkdownIt, markup: Markup) -> None:
    if markup.tables:
        tables.add(made)
    if markup.definition_lists:
        lists.definitions(made)
    if markup.footnotes:
        footnotes.add(made)
    if markup.block_attributes:
        ends: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
        made.block.ruler.before("code", "attributes_below", attributes.below_block, ends)
    nesting.bound(made)


def _add_inline(made: MarkdownIt, markup: Markup) -> None:
    rules = made.inline.ruler
    if markup.escaped_space:
        rules.before("escape", "escaped_space", text.escaped_space)
    rules.before("escape", "backslash", text.backslash)
    if markup.linkify:
        rules.before("text", "bare_address", addresses.rule(markup))
        rules.at("newline", breaks.newline(escaped_space=markup.escaped_space))
    rules.at("text", text.rule(markup))
    if markup.strikethrough:
        rules.before("emphasis", "strikethrough", strikethrough.scan)
        made.inline.ruler2.after("emphasis", "strikethrough", strikethrough.pair)
    if markup.typographer:
        rules.push("typographer", typographer.rule(markup.typographer))


def _add_core(made: MarkdownIt, markup: Markup) -> None:
    rules = made.core.ruler
    rules.at("inline", text.plain(markup))
    rules.after("block", "references", references.count)
    if markup.block_attributes:
        rules.after("block", "attributes_below", attributes.of_blocks)
    if markup.title_attributes:
        rules.after("block", "heading_attributes", attributes.of_headings)
    if markup.heading_ids != "none" or markup.term_ids:
        rules.before("text_join", "heading_ids", headings.rule(markup))
    if markup.line_breaks != "kept":
        rules.before("text_join", "line_breaks", breaks.rule(markup.line_breaks))
    rules.push("destinations", destinations.rule(markup))
    if markup.task_lists:
        rules.after("block", "tasks", lists.tasks)
        rules.push("boxes", lists.boxes)
    if markup.definition_lists:
        rules.push("definitions", lists.one_list)
        rules.push("tight_definitions", lists.tight_definitions)
    if not markup.lone_images_in_paragraphs:
        rules.push("lone_images", images.alone)
    if markup.tables:
        rules.after("inline", "tables", tables.code_in_cells)


def _nothing(*_: Any) -> str:
    return ""
