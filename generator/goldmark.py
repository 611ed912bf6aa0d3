r"""Markdown to HTML as Hugo's goldmark renders it, with markdown-it-py.

The feeds hold the posts as HTML, and a reader of a feed must see what the page shows. Where the two differ
from CommonMark, goldmark is followed, with the extensions that config.yaml leaves on: tables, strikethrough,
bare addresses, definition lists, footnotes, tasks, heading ids and attributes, and `\ ` as an invisible
separator. Raw HTML and shortcodes are dropped. Differences that remain: fenced code is not coloured, and a
blog's own render hooks and shortcodes are unknown here.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline

_SHORTCODE = re.compile(r"\{\{(<|%)(?!/\*).*?(?:>|%)\}\}", re.DOTALL)
_SHORTCODE_SHOWN = re.compile(r"\{\{(<|%)/\*(.*?)\*/(>|%)\}\}", re.DOTALL)
_SUMMARY_END = re.compile(r"<!--\s*more\s*-->")


def render(markdown: str) -> str:
    """The HTML of a post's body, ending in a newline; empty for an empty body."""
    text = _SUMMARY_END.sub("\n\n", markdown, count=1)
    text = _SHORTCODE_SHOWN.sub(r"{{\1\2\3}}", _SHORTCODE.sub("", text))
    return str(_parser().render(text))


@functools.cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"xhtmlOut": False, "maxNesting": 100}).enable("table")
    parser.use(deflist_plugin).use(footnote_plugin, inline=False)
    # goldmark starts a definition with a colon only, the plugin also with a tilde.
    deflist = next(rule.fn for rule in parser.block.ruler.__rules__ if rule.name == "deflist")
    parser.block.ruler.at("deflist", _colon_only(deflist), {"alt": ["paragraph", "reference", "blockquote"]})
    inline = parser.inline.ruler
    inline.before("escape", "escaped_space", _escaped_space)
    inline.before("text", "bare_address", _bare_address)
    inline.at("text", _text)
    inline.before("emphasis", "strikethrough", _strikethrough)
    parser.inline.ruler2.after("emphasis", "strikethrough", _pair_strikethrough)
    parser.core.ruler.after("block", "heading_attributes", _heading_attributes)
    parser.core.ruler.before("text_join", "heading_ids", _heading_ids)
    parser.core.ruler.push("tasks", _tasks)
    parser.core.ruler.push("cell_styles", _cell_styles)
    parser.validateLink = _any_address  # type: ignore[method-assign]  # unsafe ones stay links, without address
    parser.normalizeLink = _address  # type: ignore[method-assign]  # goldmark escapes, and leaves host names alone
    for name, rule in _RENDERERS.items():
        parser.renderer.rules[name] = rule  # type: ignore[attr-defined]  # of the HTML renderer; the protocol has none
    return parser


# --- inline -----------------------------------------------------------------------------------------------


_ESCAPED_SPACE = re.compile(r"\\ (?![ \t]*(?:\n|$))")  # at a line's end the space is cut first


def _escaped_space(state: StateInline, silent: bool) -> bool:
    r"""`\ ` shows nothing, yet separates: emphasis beside Hangul and brackets closes there."""
    if not _ESCAPED_SPACE.match(state.src, state.pos):
        return False
    if not silent:
        state.push("escaped_space", "", 0)
    state.pos += 2
    return True


def _strikethrough(state: StateInline, silent: bool) -> bool:
    """Runs of one or two tildes, paired by the rules of emphasis."""
    if silent or state.src[state.pos] != "~":
        return False
    scanned = state.scanDelims(state.pos, True)
    for _ in range(scanned.length):
        state.push("text", "", 0).content = "~"
        if scanned.length <= 2:  # noqa: PLR2004 - a longer run is text
            state.delimiters.append(
                Delimiter(
                    marker=ord("~"),
                    length=scanned.length,
                    token=len(state.tokens) - 1,
                    end=-1,
                    open=scanned.can_open,
                    close=scanned.can_close,
                )
            )
    state.pos += scanned.length
    return True


def _pair_strikethrough(state: StateInline) -> None:
    metas = [meta["delimiters"] for meta in state.tokens_meta if meta and "delimiters" in meta]
    for delimiters in (state.delimiters, *metas):
        _pair(state.tokens, delimiters)


def _pair(tokens: list[Token], delimiters: list[Delimiter]) -> None:
    """Turn paired tildes into `del`; a pair directly around another pair is one with it, as in `~~a~~`."""
    index = len(delimiters) - 1
    while index >= 0:
        opener = delimiters[index]
        index -= 1
        if opener.marker != ord("~") or opener.end == -1:
            continue
        closer = delimiters[opener.end]
        outer = delimiters[index] if index >= 0 else None
        double = (
            outer is not None
            and outer.marker == opener.marker
            and outer.end == opener.end + 1
            and outer.token == opener.token - 1
            and delimiters[outer.end].token == closer.token + 1
        )
        _become(tokens[opener.token], "del_open", 1)
        _become(tokens[closer.token], "del_close", -1)
        if double and outer is not None:
            tokens[outer.token].content = ""
            tokens[delimiters[outer.end].token].content = ""
            index -= 1


def _become(token: Token, kind: str, nesting: Any) -> None:
    token.type, token.tag, token.nesting, token.markup, token.content = kind, "del", nesting, "~", ""


_LOCAL = r"[a-zA-Z0-9][a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]*"
_SPECIAL = frozenset("\n!#$%&*+-:<=>@[\\]^_`{}~")
_TEXT_END = re.compile(r"[\n!#$%&*+\-:<=>@\[\\\]^_`{}~]|(?<=[ (])(?=(?:https?|ftp)://|www\.|" + _LOCAL + "@)")


def _text(state: StateInline, silent: bool) -> bool:
    """Plain text up to what may be markup or the start of a bare address."""
    start = state.pos
    if state.src[start] in _SPECIAL:
        return False
    found = _TEXT_END.search(state.src, start + 1, state.posMax)
    state.pos = found.start() if found else state.posMax
    if not silent:
        state.pending += state.src[start : state.pos]
    return True


# goldmark's own expressions for bare addresses.
_TAIL = r"""[-a-zA-Z0-9@:%_+.~#$!?&/=();,'">^{}\[\]`]*"""
_URL = re.compile(rf"(?:https?|ftp)://[-a-zA-Z0-9@:%._+~#=]{{1,256}}\.[a-z]+(?::\d+)?(?:[/#?]{_TAIL})?")
_WWW = re.compile(rf"www\.[-a-zA-Z0-9@:%._+~#=]{{1,256}}\.[a-z]+(?:[/#?]{_TAIL.replace('$', '', 1)})?")
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_START = re.compile(rf"(?:https?|ftp)://|www\.|{_LOCAL}@")
_MAIL = re.compile(rf"{_LOCAL}@{_LABEL}(?:\.{_LABEL})+")


def _bare_address(state: StateInline, silent: bool) -> bool:
    """A bare http(s), ftp, www or mail address becomes a link."""
    start = state.pos
    if silent or state.linkLevel or not _START.match(state.src, start) or not _may_start_address(state):
        return False
    source = state.src[: state.posMax]
    found = _URL.match(source, start) or _WWW.match(source, start)
    if found:
        end = _trimmed(source, start, found.end())
        prefix = "https://" if source.startswith("www.", start) else ""
    else:
        found = _MAIL.match(source, start)
        if not found or source[found.end() : found.end() + 1] in {"-", "_"}:
            return False
        end, prefix = found.end(), "mailto:"
    text = source[start:end].rstrip("?!.,:*_~")
    opening = state.push("link_open", "a", 1)
    opening.attrs = {"href": _address(prefix + text)}
    opening.markup = opening.info = "autolink"
    state.push("text", "", 0).content = text
    state.push("link_close", "a", -1).markup = "autolink"
    state.pos = start + len(text)
    return True


def _may_start_address(state: StateInline) -> bool:
    """At the start of a line, after markup, a space, `(` or a stray backtick; not after an open `[`."""
    if state.pending:
        if state.pending[-1] not in " (`":
            return False
    elif state.tokens and state.tokens[-1].type in {"text_special", "escaped_space"}:
        return False
    depth = 0
    for character in "".join(token.content for token in state.tokens if token.type == "text") + state.pending:
        depth = depth + 1 if character == "[" else max(depth - 1, 0) if character == "]" else depth
    return depth == 0


def _trimmed(source: str, start: int, end: int) -> int:
    """Where the address ends: before a full stop, an unopened bracket or a character reference."""
    if source[end - 1] == ".":
        return end - 1
    if source[end - 1] == ")":
        unopened = source.count(")", start, end) - source.count("(", start, end)
        return end - max(unopened, 0)
    reference = re.search(r"&[a-zA-Z0-9]+;$", source[start:end])
    return start + reference.start() if reference else end


_UNSAFE = re.compile(r"(?:javascript|vbscript|file|data):", re.IGNORECASE)
_SAFE_DATA = re.compile(r"data:image/(?:png|gif|jpeg|webp);", re.IGNORECASE)


def _any_address(url: str) -> bool:  # noqa: ARG001 - markdown-it's signature
    return True


def _address(url: str) -> str:
    """An address percent-encoded as goldmark does; empty for one that could run code."""
    if _UNSAFE.match(url) and not _SAFE_DATA.match(url):
        return ""
    escaped = re.sub(r"%(?![0-9a-fA-F]{2})", "%25", url)
    return quote(escaped, safe="!#$%&'()*+,-./:;=?@_~")


# --- blocks -----------------------------------------------------------------------------------------------


def _colon_only(
    rule: Callable[[StateBlock, int, int, bool], bool],
) -> Callable[[StateBlock, int, int, bool], bool]:
    def deflist(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        following = line if silent else line + 1
        while following < end and state.isEmpty(following):
            following += 1
        starts = following < end and state.src.startswith(
            ":", state.bMarks[following] + state.tShift[following]
        )
        return starts and rule(state, line, end, silent)

    return deflist


_ATTRIBUTES = re.compile(r"[ \t]*\{([^{}]*)\}[ \t]*$")
_ATTRIBUTE = re.compile(
    r"""\#(?P<id>[\w-]+)|\.(?P<class>[\w-]+)|(?P<key>[\w-]+)=(?:"(?P<quoted>[^"]*)"|(?P<bare>[\w-]+))"""
)


def _heading_attributes(state: StateCore) -> None:
    """`## Title {#id .class key=value}`."""
    for opening, inline in zip(state.tokens, state.tokens[1:], strict=False):
        found = _ATTRIBUTES.search(inline.content) if opening.type == "heading_open" else None
        if not found or not found.group(1).strip():
            continue
        parts = [_ATTRIBUTE.fullmatch(part) for part in re.findall(r'[^\s"]*"[^"]*"|\S+', found.group(1))]
        if not all(parts):
            continue
        for part in parts:
            if part is None:
                continue
            if part["class"]:
                opening.attrJoin("class", part["class"])
            elif part["id"]:
                opening.attrSet("id", part["id"])
            elif not part["key"].lower().startswith("on"):
                opening.attrSet(part["key"], part["quoted"] or part["bare"] or "")
        inline.content = inline.content[: found.start()]


def _heading_ids(state: StateCore) -> None:
    """Ids from the words of a heading's last line, made unique by a number."""
    taken: set[str] = set()
    for opening, inline in zip(state.tokens, state.tokens[1:], strict=False):
        if opening.type != "heading_open":
            continue
        identity = str(opening.attrGet("id") or "")
        if not identity:
            words = _words(inline.children or []).strip()
            if not words:
                continue
            base = identity = "".join(_anchor(c) for c in words) or "heading"
            number = 0
            while identity in taken:
                number += 1
                identity = f"{base}-{number}"
            opening.attrSet("id", identity)
        taken.add(identity)


def _words(tokens: Sequence[Token]) -> str:
    """The source's words as Hugo takes them for an id: two levels deep, references left out by name only."""
    words: list[str] = []
    depth = 0
    for token in tokens:
        address = token.markup == "autolink"
        depth += token.nesting * (2 if address else 1)
        if token.type in {"softbreak", "hardbreak"}:
            words.clear()
        elif token.type == "escaped_space":
            words.append("-")
        elif token.type == "image":
            words.extend(child.content for child in token.children or [] if child.level == 0)
        elif (token.type in {"text", "text_special"} and depth <= 1) or (
            token.type == "code_inline" and depth == 0
        ):
            # `&#58;` leaves its digits, `&amp;` nothing; yet a space beside it is not cut.
            source = token.markup if token.markup.startswith("&") else token.content
            words.append(_NAMED_REFERENCE.sub("\0", source))
    return "".join(words)


_NAMED_REFERENCE = re.compile(r"&[a-zA-Z][a-zA-Z0-9]*;")


def _anchor(character: str) -> str:
    if character in "- ":
        return "-"
    return character.lower()[0] if character == "_" or character.isalpha() or character.isdecimal() else ""


_TASK = re.compile(r"\[([ xX])\](?=\s)")


def _tasks(state: StateCore) -> None:
    """`- [ ] to do`, `- [x] done`."""
    tokens = state.tokens
    for item, inline in zip(tokens, tokens[2:], strict=False):
        if item.type != "list_item_open" or inline.type != "inline" or not inline.children:
            continue
        first = inline.children[0]
        found = _TASK.match(first.content) if first.type == "text" else None
        if found:
            first.content = first.content[found.end() :]
            box = Token("checkbox", "input", 0)
            if found.group(1) != " ":
                box.attrSet("checked", "")
            inline.children.insert(0, box)


def _cell_styles(state: StateCore) -> None:
    for token in state.tokens:
        style = token.attrGet("style") if token.type in {"th_open", "td_open"} else None
        if style:
            token.attrSet("style", str(style).replace(":", ": "))


# --- HTML -------------------------------------------------------------------------------------------------


def _nothing(*_: Any) -> str:
    return ""


def _checkbox(tokens: Sequence[Token], index: int, *_: Any) -> str:
    checked = ' checked=""' if "checked" in tokens[index].attrs else ""
    return f'<input{checked} disabled="" type="checkbox">'


def _reference(meta: Mapping[str, Any]) -> str:
    return f"fnref{meta.get('subId') or ''}:{meta['id'] + 1}"


def _footnote_ref(tokens: Sequence[Token], index: int, *_: Any) -> str:
    meta = tokens[index].meta
    number = meta["id"] + 1
    return (
        f'<sup id="{_reference(meta)}">'
        f'<a href="#fn:{number}" class="footnote-ref" role="doc-noteref">{number}</a></sup>'
    )


def _footnotes_open(*_: Any) -> str:
    return '<div class="footnotes" role="doc-endnotes">\n<hr>\n<ol>\n'


def _footnotes_close(*_: Any) -> str:
    return "</ol>\n</div>\n"


def _footnote_open(tokens: Sequence[Token], index: int, *_: Any) -> str:
    return f'<li id="fn:{tokens[index].meta["id"] + 1}">\n'


def _footnote_close(*_: Any) -> str:
    return "</li>\n"


def _footnote_anchor(tokens: Sequence[Token], index: int, *_: Any) -> str:
    return (
        f'\u00a0<a href="#{_reference(tokens[index].meta)}" class="footnote-backref" role="doc-backlink">'
        "\u21a9\ufe0e</a>"
    )


_RENDERERS: Mapping[str, Callable[..., str]] = {
    "escaped_space": _nothing,
    "html_block": _nothing,
    "html_inline": _nothing,
    "checkbox": _checkbox,
    "footnote_ref": _footnote_ref,
    "footnote_block_open": _footnotes_open,
    "footnote_block_close": _footnotes_close,
    "footnote_open": _footnote_open,
    "footnote_close": _footnote_close,
    "footnote_anchor": _footnote_anchor,
}
