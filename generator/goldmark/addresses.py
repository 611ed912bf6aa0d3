"""Addresses: bare ones that become links, and how any is written."""

from __future__ import annotations

import functools
import re
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote
from weakref import WeakKeyDictionary

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
_LOCAL_RUN = re.compile(r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]*")
_DOMAIN = re.compile(rf"@{_LABEL}(?:\.{_LABEL})+(?![_-])")
_FIRST = frozenset(string.ascii_letters + string.digits)
IN_EACH = ("://", "www.", "@")
"""One of these is in every bare address."""

_READ = "read_for_addresses"


@dataclass(slots=True)
class _Read:
    """What is known of a text up to some place: nothing is read again wherever an address might start."""

    tokens: int = 0
    """How many were looked at for brackets."""
    open: int = 0
    """Brackets that they leave open."""
    pending: int = 0
    """How much of the text behind them was looked at."""
    open_pending: int = 0
    """Brackets open there."""
    local_end: int = 0
    """Where the characters end that the name before an `@` may have."""
    mail_end: int = 0
    """Where a mail address ends that has them for its name; 0 if none does."""


def rule(markup: Markup) -> Callable[[StateInline, bool], bool]:
    """A bare http(s), ftp, www or mail address becomes a link."""
    write = writer(markup)

    def bare_address(state: StateInline, silent: bool) -> bool:
        source, start, stop = state.src, state.pos, state.posMax
        if silent or state.linkLevel or source[start] not in _FIRST:
            return False
        if not may_have_one(state) or not _follows_no_word(state):
            return False
        read = _read(state)
        if _open_brackets(state, read):
            return False
        found = _URL.match(source, start, stop) or _WWW.match(source, start, stop)
        if found:
            end = _trimmed(source, start, found.end())
            prefix = f"{markup.link_protocol}://" if source.startswith("www.", start) else ""
        else:
            end, prefix = _mail_end(state, read), "mailto:"
            if not end:
                return False
        text = source[start:end].rstrip("?!.,:*_~")
        opening = state.push("link_open", "a", 1)
        opening.attrs = {"href": write(prefix + text)}
        opening.markup = opening.info = "autolink"
        state.push("text", "", 0).content = text
        state.push("link_close", "a", -1).markup = "autolink"
        state.pos = start + len(text)
        return True

    return bare_address


def may_have_one(state: StateInline) -> bool:
    """Whether there may be a bare address in a text."""
    return _has_some(state.src)


@functools.lru_cache(maxsize=16)
def _has_some(source: str) -> bool:
    return any(mark in source for mark in IN_EACH)


def _read(state: StateInline) -> _Read:
    known: WeakKeyDictionary[StateInline, _Read] | None = state.env.get(_READ)
    if known is None:
        # A state holds the environment: held by it in turn, neither would go before Python looks for circles.
        known = state.env[_READ] = WeakKeyDictionary()
    read = known.get(state)
    if read is None:
        read = known[state] = _Read()
    return read


_NO_START = frozenset({"text_special", "escaped_space"})


def _follows_no_word(state: StateInline) -> bool:
    """At the start of a line, after markup, a space, `(` or a stray backtick."""
    if state.pending:
        return state.pending[-1] in " (`~"
    return not (state.tokens and state.tokens[-1].type in _NO_START and state.tokens[-1].info != MARK)


def _open_brackets(state: StateInline, read: _Read) -> int:
    """How many `[` stand open in the text so far: behind one, no address starts."""
    if read.tokens < len(state.tokens):
        for token in state.tokens[read.tokens :]:
            if token.type == "text":
                read.open = _still_open(token.content, read.open)
        read.tokens = len(state.tokens)
        read.pending, read.open_pending = 0, read.open
    read.open_pending = _still_open(state.pending[read.pending :], read.open_pending)
    read.pending = len(state.pending)
    return read.open_pending


_BRACKET = re.compile(r"[\[\]]")


def _still_open(text: str, count: int) -> int:
    for bracket in _BRACKET.findall(text):
        count = count + 1 if bracket == "[" else max(count - 1, 0)
    return count


def _mail_end(state: StateInline, read: _Read) -> int:
    """Where the mail address ends that starts here; 0 if none does."""
    if state.pos >= read.local_end:
        local = _LOCAL_RUN.match(state.src, state.pos, state.posMax)
        read.local_end = local.end() if local else state.pos
        domain = _DOMAIN.match(state.src, read.local_end, state.posMax)
        read.mail_end = domain.end() if domain else 0
    return read.mail_end


_REFERENCE = re.compile(r"&[a-zA-Z0-9]+;\Z")


def _trimmed(source: str, start: int, end: int) -> int:
    """Where the address ends: before a full stop, an unopened bracket or a character reference."""
    if source[end - 1] == ".":
        return end - 1
    if source[end - 1] == ")":
        unopened = source.count(")", start, end) - source.count("(", start, end)
        return end - max(unopened, 0)
    reference = _REFERENCE.search(source, start, end)
    return reference.start() if reference else end


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
