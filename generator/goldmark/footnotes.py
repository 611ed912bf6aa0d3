"""Footnotes in goldmark's HTML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from mdit_py_plugins.footnote import footnote_plugin

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

    from generator.goldmark.markup import Markup


def add(parser: MarkdownIt) -> None:
    """Footnotes; `[^1](x)` is one, whereas the plugin leaves it to links."""
    parser.use(footnote_plugin, inline=False)
    rule = next(each.fn for each in parser.inline.ruler.__rules__ if each.name == "footnote_ref")
    parser.inline.ruler.disable("footnote_ref")
    parser.inline.ruler.before("link", "footnote_first", _of_known(rule))


_LABEL = re.compile(r"\[\^([^ \n\]]{1,999})\]")
"""No longer than of a link."""


def _of_known(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """The plugin's rule looks for the end of what may be no label."""

    def footnote_first(state: StateInline, silent: bool) -> bool:
        known = state.env.get("footnotes", {}).get("refs")
        label = _LABEL.match(state.src, state.pos, state.posMax) if known else None
        return label is not None and f":{label[1]}" in known and rule(state, silent)

    return footnote_first


def renderers(markup: Markup) -> Mapping[str, Callable[..., str]]:
    """How each token of the plugin is written."""
    rule = "<hr />" if markup.xhtml else "<hr>"

    def opening(*_: Any) -> str:
        return f'<div class="footnotes" role="doc-endnotes">\n{rule}\n<ol>\n'

    def anchor(tokens: Sequence[Token], index: int, *_: Any) -> str:
        return (
            f'\u00a0<a href="#{_reference(tokens[index].meta)}" class="footnote-backref" role="doc-backlink">'
            f"{markup.backlink}</a>"
        )

    return {
        "footnote_ref": _footnote_ref,
        "footnote_block_open": opening,
        "footnote_block_close": _closing,
        "footnote_open": _footnote_open,
        "footnote_close": _footnote_close,
        "footnote_anchor": anchor,
    }


def _reference(meta: Mapping[str, Any]) -> str:
    return f"fnref{meta.get('subId') or ''}:{meta['id'] + 1}"


def _footnote_ref(tokens: Sequence[Token], index: int, *_: Any) -> str:
    meta = tokens[index].meta
    number = meta["id"] + 1
    return (
        f'<sup id="{_reference(meta)}">'
        f'<a href="#fn:{number}" class="footnote-ref" role="doc-noteref">{number}</a></sup>'
    )


def _closing(*_: Any) -> str:
    return "</ol>\n</div>\n"


def _footnote_open(tokens: Sequence[Token], index: int, *_: Any) -> str:
    return f'<li id="fn:{tokens[index].meta["id"] + 1}">\n'


def _footnote_close(*_: Any) -> str:
    return "</li>\n"
