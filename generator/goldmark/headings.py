"""Ids of headings and terms, as Hugo makes them."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING

from markdown_it.token import Token

from generator.goldmark.typographer import HTML, MARK

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markdown_it.rules_core import StateCore

    from generator.goldmark.markup import Markup


def rule(markup: Markup) -> Callable[[StateCore], None]:
    """Ids from the words of a heading's last line, made unique by a number; after them, those of terms."""
    anchors = {"github-ascii": _ascii, "blackfriday": _blackfriday}
    anchor = anchors.get(markup.heading_ids, _github)
    starts = _TO_MARK_OR_TILDE if markup.strikethrough else _TO_MARK

    def heading_ids(state: StateCore) -> None:
        taken: dict[str, int] = {}
        kinds = ["heading_open"] if markup.heading_ids != "none" else []
        kinds += ["dt_open"] if markup.term_ids else []
        for kind in kinds:
            for opening, inline in zip(state.tokens, state.tokens[1:], strict=False):
                if opening.type == kind:
                    _identify(opening, _words(inline.children or [], starts), taken, anchor)

    return heading_ids


def _identify(opening: Token, words: str, taken: dict[str, int], anchor: Callable[[str], str]) -> None:
    """Give it an id; `taken` has those before, each with the last number that was tried behind it."""
    identity = str(opening.attrGet("id") or "")
    if not identity:
        if not words:
            return
        base = identity = anchor(words.strip()) or ("heading" if opening.type == "heading_open" else "term")
        while identity in taken:
            taken[base] += 1
            identity = f"{base}-{taken[base]}"
        opening.attrSet("id", identity)
    taken.setdefault(identity, 0)


def _words(tokens: Sequence[Token], starts: re.Pattern[str]) -> str:
    """The words that Hugo makes an id of.

    All that stands in the heading itself, and of an element only what it starts with: its first text, up to
    and with the first mark that might have been emphasis. References are left out by name only.
    """
    words: list[str] = []
    depth = 0
    begun = over = False  # the element at hand has given words; it has given all of them
    for token in tokens:
        depth += token.nesting
        if token.type == "text" and not token.content:
            continue
        if token.nesting == 1:
            if depth == 1:
                begun = over = False
            over = over or begun or token.markup == "autolink"
        elif token.nesting:
            over = True
        elif token.type in {"softbreak", "hardbreak"}:
            words.clear()
            over = True
        elif not depth:
            words.append(_word(token, starts))
        elif not over and not (begun and (token.type not in _RUNS_ON or token.info == MARK)):
            word = _word(token, starts)
            start = starts.match(word) if token.type == "text" else None
            words.append(start.group() if start else word)
            begun = True
            over = token.type not in _RUNS_ON or token.info == MARK or bool(start and start[1])
        else:
            over = True
    return "".join(words)


_TO_MARK = re.compile(r"[^*_\[]*(\*+|_+|\[)?")
_TO_MARK_OR_TILDE = re.compile(r"[^*_~\[]*(\*+|_+|~+|\[)?")
_RUNS_ON = frozenset({"text", "text_special", "escaped_space"})


def _word(token: Token, starts: re.Pattern[str]) -> str:
    if token.type == "escaped_space":
        return "-"
    if token.type == "image":
        return _words([_ELEMENT, *(token.children or [])], starts)
    if token.type not in {"text", "text_special", "code_inline"}:
        return ""
    # `&#58;` leaves its digits, `&amp;` nothing; yet a space beside it is not cut.
    if token.info == MARK:
        source = str(token.meta[HTML])
    else:
        source = token.markup if token.info == "entity" else token.content
    return _NAMED_REFERENCE.sub("\0", source)


_ELEMENT = Token("image_open", "img", 1)
_NAMED_REFERENCE = re.compile(r"&[a-zA-Z][a-zA-Z0-9]*;")


def _github(words: str) -> str:
    return "".join(map(_anchor, words))


@functools.lru_cache(maxsize=1024)
def _anchor(character: str) -> str:
    if character in "- ":
        return "-"
    return character.lower()[0] if character == "_" or character.isalpha() or character.isdecimal() else ""


def _ascii(words: str) -> str:
    """github's, with accents taken off and what is still not ASCII left out."""
    bare = unicodedata.normalize("NFD", words)
    bare = "".join(character for character in bare if unicodedata.category(character) != "Mn")
    return _github("".join(character for character in bare if character.isascii()))


def _blackfriday(words: str) -> str:
    """Letters and digits; whatever stands between two of them becomes one hyphen."""
    parts = "".join(
        character.lower()[0] if character.isalpha() or character.isnumeric() else " " for character in words
    )
    return "-".join(parts.split())
