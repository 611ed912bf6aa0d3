"""Addresses: bare ones that become links, and how any is written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from generator.goldmark.typographer import MARK

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it.rules_inline import StateInline

    from generator.goldmark.markup import Markup

# goldmark's own expressions for bare addresses.
LOCAL = r"[a-zA-Z0-9][a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]*"
_TAIL = r"""[-a-zA-Z0-9@:%_+.~#$!?&/=();,'">^{}\[\]`]*"""
_URL = re.compile(rf"(?:https?|ftp)://[-a-zA-Z0-9@:%._+~#=]{{1,256}}\.[a-z]+(?::\d+)?(?:[/#?]{_TAIL})?")
_WWW = re.compile(rf"www\.[-a-zA-Z0-9@:%._+~#=]{{1,256}}\.[a-z]+(?:[/#?]{_TAIL.replace('$', '', 1)})?")
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_START = re.compile(rf"(?:https?|ftp)://|www\.|{LOCAL}@")
_MAIL = re.compile(rf"{LOCAL}@{_LABEL}(?:\.{_LABEL})+")


def rule(markup: Markup) -> Callable[[StateInline, bool], bool]:
    """A bare http(s), ftp, www or mail address becomes a link."""
    write = writer(markup)

    def bare_address(state: StateInline, silent: bool) -> bool:
        start = state.pos
        if silent or state.linkLevel or not _START.match(state.src, start) or not _may_start(state):
            return False
        source = state.src[: state.posMax]
        found = _URL.match(source, start) or _WWW.match(source, start)
        if found:
            end = _trimmed(source, start, found.end())
            prefix = f"{markup.link_protocol}://" if source.startswith("www.", start) else ""
        else:
            found = _MAIL.match(source, start)
            if not found or source[found.end() : found.end() + 1] in {"-", "_"}:
                return False
            end, prefix = found.end(), "mailto:"
        text = source[start:end].rstrip("?!.,:*_~")
        opening = state.push("link_open", "a", 1)
        opening.attrs = {"href": write(prefix + text)}
        opening.markup = opening.info = "autolink"
        state.push("text", "", 0).content = text
        state.push("link_close", "a", -1).markup = "autolink"
        state.pos = start + len(text)
        return True

    return bare_address


_NO_START = frozenset({"text_special", "escaped_space"})


def _may_start(state: StateInline) -> bool:
    """At the start of a line, after markup, a space, `(` or a stray backtick; not after an open `[`."""
    if state.pending:
        if state.pending[-1] not in " (`~":
            return False
    elif state.tokens and state.tokens[-1].type in _NO_START and state.tokens[-1].info != MARK:
        return False
    return _opened(state.pending, _open_brackets(state)) == 0


_OPEN = "open brackets"


def _open_brackets(state: StateInline) -> int:
    """How many `[` of the tokens so far are open; what was counted before is not counted again."""
    counted: tuple[object, int, int] = state.env.get(_OPEN, (None, 0, 0))
    tokens, count, depth = counted
    if tokens is not state.tokens or count > len(state.tokens):
        count = depth = 0
    for token in state.tokens[count:]:
        if token.type == "text":
            depth = _opened(token.content, depth)
    state.env[_OPEN] = (state.tokens, len(state.tokens), depth)
    return depth


def _opened(text: str, depth: int) -> int:
    """How many brackets are open behind a text, before which some are."""
    for bracket in _BRACKET.findall(text):
        depth = depth + 1 if bracket == "[" else max(depth - 1, 0)
    return depth


_BRACKET = re.compile(r"[\[\]]")


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


def any_address(url: str) -> bool:  # noqa: ARG001 - markdown-it's signature
    """No address makes a link into text: an unsafe one stays a link, without address."""
    return True


def writer(markup: Markup) -> Callable[[str], str]:
    """How an address is written: percent-encoded as goldmark does, host names left alone.

    Empty for one that could run code, unless the site allows raw HTML.
    """

    def write(url: str) -> str:
        if not markup.unsafe and _UNSAFE.match(url) and not _SAFE_DATA.match(url):
            return ""
        escaped = re.sub(r"%(?![0-9a-fA-F]{2})", "%25", url)
        return quote(escaped, safe="!#$%&'()*+,-./:;=?@_~")

    return write
