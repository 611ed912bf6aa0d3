"""`{#id .class key=value}`, behind a heading or on the line below a block."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

Attributes = tuple[tuple[str, str, bool], ...]
"""Name, value, and whether the value is text: of others only headings show it."""

_SPACE = r"[ \t\n]*"
_NAMED = re.compile(r"[#.]((?:[\w:.-]|[^\x00-\x7f\s])*)", re.ASCII)
_KEY = re.compile(rf"([a-zA-Z_:][\w:.-]*){_SPACE}={_SPACE}", re.ASCII)
_VALUE = re.compile(
    r"""(?P<bare>[a-zA-Z_:][\w:.-]*)|(?P<number>[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)"""
    r"""|"(?P<quoted>(?:\\.|[^"\\\n])*)"|\[(?P<list>[^\[\]]*)\]""",
    re.ASCII,
)
_SKIPPED = re.compile(_SPACE)


def parse(text: str, start: int) -> tuple[Attributes, int] | None:
    """The attributes whose `{` stands at `start`, and where they end; None if it is something else."""
    at = start + 1
    found: list[tuple[str, str, bool]] = []
    while True:
        at = _skip(text, at)
        if text.startswith("}", at):
            return _joined(found), at + 1
        if named := _NAMED.match(text, at):
            found.append(("id" if text[at] == "#" else "class", named.group(1), True))
            at = named.end()
        else:
            key = _KEY.match(text, at)
            value = key and _VALUE.match(text, key.end())
            if not key or not value or (key.group(1) == "class" and value.lastgroup in {"number", "list"}):
                return None
            is_text = value.lastgroup == "quoted" or (value["bare"] or "") not in {
                "",
                "true",
                "false",
                "null",
            }
            found.append((key.group(1), _written(value), is_text))
            at = value.end()
        at = _skip(text, at)
        if text.startswith(",", at):
            at += 1


def _skip(text: str, at: int) -> int:
    found = _SKIPPED.match(text, at)
    return found.end() if found else at


def _written(value: re.Match[str]) -> str:
    if value["quoted"] is not None:
        return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", value["quoted"])
    if value["bare"]:
        return "" if value["bare"] == "null" else value["bare"]
    if value["number"]:
        return f"{float(value['number']):g}"
    return value["list"] or ""


def _joined(found: Sequence[tuple[str, str, bool]]) -> Attributes:
    """Classes add up; of anything else the first counts."""
    made: dict[str, tuple[str, str, bool]] = {}
    for name, value, is_text in found:
        made.setdefault(name, (name, value, is_text))
    classes = [value for name, value, _ in found if name == "class"]
    if len(classes) > 1:
        made["class"] = ("class", " ".join(classes), True)
    return tuple(made.values())


def of_headings(state: StateCore) -> None:
    """`## Title {#id .class key=value}`; what could run code is left out."""
    for opening, inline in zip(state.tokens, state.tokens[1:], strict=False):
        if opening.type != "heading_open" or not inline.content.rstrip().endswith("}"):
            continue
        text = inline.content.rstrip(" \t")
        line = text.rfind("\n") + 1
        for start in (match.start() for match in re.finditer(r"\{", text[line:])):
            found = parse(text, line + start)
            if found and found[1] == len(text) and not _is_escaped(text, line + start):
                for name, value, _ in found[0]:
                    if not name.lower().startswith("on"):
                        opening.attrSet(name, value)
                inline.content = text[: line + start].rstrip(" \t")
                break


def _is_escaped(text: str, at: int) -> bool:
    before = text[:at]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1


def below_block(state: StateBlock, line: int, end: int, silent: bool) -> bool:  # noqa: ARG001 - the signature
    """A line of attributes; it ends the paragraph that it stands below. What follows on the line is lost."""
    if state.is_code_block(line):
        return False
    start, stop = state.bMarks[line] + state.tShift[line], state.eMarks[line]
    if not state.src.startswith("{", start):
        return False
    found = parse(state.src[start:stop], 0)
    if not found:
        return False
    if not silent:
        token = state.push("attributes_below", "", 0)
        token.map = [line, line + 1]
        token.meta = {"attributes": found[0], "apart": line == 0 or state.isEmpty(line - 1)}
        state.line = line + 1
    return True


_GLOBAL = frozenset({
    "accesskey", "autocapitalize", "autofocus", "class", "contenteditable", "dir", "draggable",
    "enterkeyhint", "hidden", "id", "inert", "inputmode", "is", "itemid", "itemprop", "itemref", "itemscope",
    "itemtype", "lang", "part", "role", "slot", "spellcheck", "style", "tabindex", "title", "translate",
})  # fmt: skip
_OWN = {
    "blockquote": {"cite"},
    "ol": {"start", "reversed", "type"},
    "ul": {"start", "reversed", "type"},
    "hr": {"align", "color", "noshade", "size", "width"},
    "table": {
        "align", "bgcolor", "border", "cellpadding", "cellspacing", "frame", "rules", "summary", "width",
    },
}  # fmt: skip


def of_blocks(state: StateCore) -> None:
    """Give each block the attributes of the line below it."""
    kept: list[Token] = []
    opened: list[Token] = []
    block: Token | None = None  # the one that just ended
    for token in state.tokens:
        if token.type != "attributes_below":
            kept.append(token)
            if token.nesting == 1:
                opened.append(token)
            block = opened.pop() if token.nesting == -1 else token if token.nesting == 0 else None
            continue
        if block is not None and not token.meta["apart"] and block.type not in {"fence", "code_block"}:
            for name, value, is_text in token.meta["attributes"]:
                if _is_shown(block, name) and block.attrGet(name) is None:
                    block.attrSet(name, value if is_text or block.type == "heading_open" else "")
    state.tokens = kept


def _is_shown(block: Token, name: str) -> bool:
    if block.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
        return not name.lower().startswith("on")
    return name in _GLOBAL or name in _OWN.get(block.tag, ()) or name.startswith("data-")
