"""Definition lists and tasks, where goldmark differs from the plugins."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore


def definitions(parser: MarkdownIt) -> None:
    """Definition lists.

    Unlike the plugin, goldmark takes each line above a definition for a term of its own, and starts a
    definition with a colon only.
    """
    parser.use(deflist_plugin)
    rule = next(each.fn for each in parser.block.ruler.__rules__ if each.name == "deflist")
    parser.block.ruler.at("deflist", _goldmarks(rule), {"alt": ["paragraph", "reference", "blockquote"]})


def _goldmarks(
    rule: Callable[[StateBlock, int, int, bool], bool],
) -> Callable[[StateBlock, int, int, bool], bool]:
    def deflist(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        if silent:
            return _starts_definition(state, line, end) and rule(state, line, end, True)
        last = _last_term(state, line, end)
        if last is None:
            return False
        start = len(state.tokens)
        if not rule(state, last, end, False):
            return False
        terms = [token for each in range(line, last) for token in _term(state, each)]
        state.tokens[start + 1 : start + 1] = terms
        return True

    return deflist


def _starts_definition(state: StateBlock, line: int, end: int) -> bool:
    return line < end and state.src.startswith(":", state.bMarks[line] + state.tShift[line])


_HAS_DEFINITIONS = "has_definitions"
_DEFINITION = re.compile(r":(?<![^\s>:]:)[ \t]")
"""Behind nothing, or the mark of another block."""


def _last_term(state: StateBlock, line: int, end: int) -> int | None:
    """The line directly above a definition, if that ends the paragraph that would start at `line`."""
    if _HAS_DEFINITIONS not in state.env:
        state.env[_HAS_DEFINITIONS] = _DEFINITION.search(state.src) is not None
    if not state.env[_HAS_DEFINITIONS]:
        return None
    rules = state.md.block.ruler.getRules("paragraph")
    outer, state.parentType = state.parentType, "paragraph"
    following = line + 1
    while following < end and not state.isEmpty(following) and not _starts_definition(state, following, end):
        if any(rule(state, following, end, True) for rule in rules):
            break
        following += 1
    state.parentType = outer
    last = following - 1
    while following < end and state.isEmpty(following):
        following += 1
    return last if _starts_definition(state, following, end) else None


def _term(state: StateBlock, line: int) -> Iterator[Token]:
    level = state.level + 1
    yield Token("dt_open", "dt", 1, level=level, map=[line, line], block=True)
    content = state.getLines(line, line + 1, state.blkIndent, False).strip()
    yield Token("inline", "", 0, level=level + 1, map=[line, line], content=content, children=[], block=True)
    yield Token("dt_close", "dt", -1, level=level, block=True)


def one_list(state: StateCore) -> None:
    """Definition lists that follow each other are one."""
    if not state.env.get(_HAS_DEFINITIONS):
        return
    made: list[Token] = []
    for token in state.tokens:
        if token.type == "dl_open" and made and made[-1].type == "dl_close":
            made.pop()
        else:
            made.append(token)
    state.tokens = made


_BEHIND_MARKS = re.compile(r"[ \t>]*")


def tight_definitions(state: StateCore) -> None:
    """The first paragraph of a definition is bare text, unless a blank line stands above the definition."""
    if not state.env.get(_HAS_DEFINITIONS):
        return
    lines = state.src.split("\n")
    tokens = state.tokens
    for index, token in enumerate(tokens):
        place = tokens[index + 1].map if token.type == "dd_open" else None
        if place:
            above = lines[place[0] - 1] if place[0] else ""
            bare = -1 if _BEHIND_MARKS.fullmatch(above) else token.level + 1
            for each in _children(tokens, index):
                each.hidden = each.level == bare
                if each.hidden and each.type == "paragraph_close":
                    bare = -1


def _children(tokens: Sequence[Token], index: int) -> Iterator[Token]:
    """Marks of the paragraphs that stand directly in an element."""
    level = tokens[index].level
    for at in range(index + 1, len(tokens)):
        token = tokens[at]
        if token.level <= level:
            return
        if token.level == level + 1 and token.type in {"paragraph_open", "paragraph_close"}:
            yield token


_TASK = re.compile(r"\[([\sxX])\][ \t]*\n?")


def tasks(state: StateCore) -> None:
    """`- [ ] to do`, `- [x] done`; found before links, so that no address takes the brackets."""
    for item, inline in zip(state.tokens, state.tokens[2:], strict=False):
        if item.type != "list_item_open" or inline.type != "inline":
            continue
        if found := _TASK.match(inline.content):
            inline.content = inline.content[found.end() :]
            inline.meta["task"] = "open" if found.group(1).isspace() else "done"


def boxes(state: StateCore) -> None:
    """Put a box where `tasks` found one."""
    for inline in state.tokens:
        if inline.type == "inline" and "task" in inline.meta:
            box = Token(
                "checkbox", "input", 0, attrs={"checked": ""} if inline.meta["task"] == "done" else {}
            )
            inline.children = [box, *(inline.children or [])]


def checkbox(tokens: Sequence[Token], index: int, options: Any, *_: Any) -> str:
    """The box of a task, which a reader cannot tick."""
    checked = ' checked=""' if "checked" in tokens[index].attrs else ""
    return f'<input{checked} disabled="" type="checkbox"{" /" if options.xhtmlOut else ""}> '
