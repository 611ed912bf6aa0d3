"""Which characters of a post are running text: not front matter, code, headings, links, HTML or shortcodes.

The rest is blanked, so that places stay what they are. One pass over lines and one over each paragraph: time
grows with the text, whatever stands in it. Where Markdown is ambiguous a character counts as no text, since
a link that is not proposed costs nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING

from markdown_it.common.html_blocks import block_names
from markdown_it.common.html_re import close_tag, open_tag

from generator import front_matter

if TYPE_CHECKING:
    from collections.abc import Iterator

BLANK = "\x00"
"""In place of each character that is no text; a line's end stays."""

_LONGEST_TARGET = 2000
"""Characters that are looked at for the end of a link's target."""

_FENCE = re.compile(r"[ \t>]*(?:[-*+][ \t]+|\d+[.)][ \t]+)?(`{3,}|~{3,})([^\n]*)")
_CONTAINER = r"[ ]{0,3}(?:(?:>|[-*+]|\d+[.)])[ \t]*)*"
_HEADING = re.compile(rf"[ \t]*{_CONTAINER}#{{1,6}}(?:[ \t]|\r?$)")
_UNDERLINE = re.compile(r"[ \t>]*(?:=+|-+)[ \t\r]*$")
_EMPTY = re.compile(rf"{_CONTAINER}\s*$")
_INDENTED = re.compile(r"[ >]*(?: {4}|\t)")
_DEEP = re.compile(r"[ >]*(?: {6}|\t)|[ ]{0,3}(?:(?:>|[-*+]|\d+[.)])[ \t]?)+[ \t]{4}")
_RAW = re.compile(
    rf"{_CONTAINER}<(?:/?(?:pre|script|style|textarea|{'|'.join(block_names)})(?:[\s/>]|$)|[!?])",
    re.IGNORECASE,
)
"""Begins HTML in which Markdown is none, up to the next blank line."""
_LONE_TAG = re.compile(rf"{_CONTAINER}(?:{open_tag}|{close_tag})\s*$")
"""Any tag that has a line to itself begins such HTML, too, but within no paragraph."""
_DEFINITION = re.compile(r"[ ]{0,3}\[([^\]\n]+)\]:")
_LIST_ITEM = re.compile(r"[ ]{0,3}(?:[-*+]|\d+[.)])[ \t]")

_OPENING = re.compile(
    r"<!--|<(?P<tag>a|code|pre|script|style|textarea|kbd|samp|svg|h[1-6])\b|"
    r"\{\{[<%]\s*(?P<shortcode>highlight|ref|relref|figure|gist)\b",
    re.IGNORECASE,
)
_TO_THE_END = frozenset({"", "pre", "script", "style", "textarea"})
"""Without an end they take all that follows; the empty one is a comment."""
_INLINE = re.compile(
    r"(?P<escape>\\.)|(?P<code>`+)|(?P<tag><[a-zA-Z/!?][^<>]*>)|(?P<shortcode>\{\{[<%].{0,1000}?[%>]\}\})|"
    r"(?P<open>!?\[)|(?P<close>\])|(?P<url>(?:https?://|www\.)[^\s<>]+)|(?P<mail>(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,250})",
    re.DOTALL,
)


def prose(text: str) -> str:
    """A file's text of the same length, with all that is no running text blanked."""
    start = len(text) - len(front_matter.read(text).body)
    marks = bytearray(len(text))
    marks[:start] = b"\x01" * start
    names, raw = _mark_blocks(text, start, marks)
    _mark_elements(text, start, marks)
    for first, last in raw:
        _mark(marks, first, last)
    shown = _shown(text, marks)
    for first, last in _paragraphs(shown, start):
        _mark_inline(shown, first, last, marks, names)
    return _shown(text, marks)


def _shown(text: str, marks: bytearray) -> str:
    parts: list[str] = []
    at = 0
    for found in re.finditer(b"\x01+", bytes(marks)):
        parts += text[at : found.start()], re.sub(r"[^\n]", BLANK, text[found.start() : found.end()])
        at = found.end()
    return "".join((*parts, text[at:]))


def _mark(marks: bytearray, first: int, last: int) -> None:
    marks[first:last] = b"\x01" * (last - first)


def _mark_blocks(  # noqa: C901, PLR0912, PLR0915 - a branch for each kind of line
    text: str, start: int, marks: bytearray
) -> tuple[frozenset[str], list[tuple[int, int]]]:
    """Mark code, headings and definitions of links by line.

    Gives the names of those definitions, folded, and the lines of raw HTML, to be marked once what opens in
    them was seen.
    """
    raw: list[tuple[int, int]] = []
    names: set[str] = set()
    fence = ""
    held: tuple[str, ...] = ()
    is_in_list = is_raw = False
    paragraph = (start, start)
    at = start
    for line in text[start:].split("\n"):
        end = at + len(line)
        opening = _FENCE.match(line)
        if opening and not is_in_list and _INDENTED.match(line):
            opening = None
        if fence and held and line.strip() and not line.startswith(held):
            fence = ""  # what it stood in has ended
        if fence:
            _mark(marks, at, end)
            if opening and opening[1].startswith(fence) and not opening[2].strip():
                fence = ""
        elif is_raw and line.strip():
            raw.append((at, end))
        elif opening and "`" not in opening[2]:
            fence = opening[1]
            before = line[: opening.start(1)]
            held = (">", " >") if ">" in before else (" ", "\t") if before.strip() else ()
            _mark(marks, at, end)
            paragraph = (end, end)
        elif paragraph[0] < paragraph[1] and _UNDERLINE.match(line):
            _mark(marks, paragraph[0], end)
            paragraph = (end, end)
        elif _EMPTY.match(line):
            is_raw = False
            is_in_list = is_in_list or bool(line.strip(" >\r"))
            paragraph = (end, end)
        elif paragraph[0] == paragraph[1] and _is_code(line, is_in_list=is_in_list):
            _mark(marks, at, end)
        elif _RAW.match(line) or (paragraph[0] == paragraph[1] and _LONE_TAG.match(line)):
            raw.append((at, end))
            is_raw = True
            paragraph = (end, end)
        else:
            if _LIST_ITEM.match(line):
                is_in_list = True
                paragraph = (at, end)
            elif not line.startswith((" ", "\t")):
                is_in_list = False
            if paragraph[0] == paragraph[1]:
                paragraph = (at, end)
            if found := _DEFINITION.match(line):
                names.add(_folded(found[1]))
            if found or _HEADING.match(line):
                _mark(marks, at, end)
                paragraph = (end, end)
        at = end + 1
    return frozenset(names), raw


def _is_code(line: str, *, is_in_list: bool) -> bool:
    """Whether a line that goes on no paragraph is indented so far that it is code."""
    if (_DEEP if is_in_list else _INDENTED).match(line):
        return True
    return not line.startswith(" ") and _DEEP.match(line) is not None


def _mark_elements(text: str, start: int, marks: bytearray) -> None:
    """Mark comments, and elements and shortcodes whose whole content is no text."""
    without_end: set[str] = set()
    lowered = text.lower()
    if len(lowered) != len(text):  # `İ` becomes two letters
        lowered = text
    at = start
    while found := _OPENING.search(lowered, at):
        at = found.end()
        if marks[found.start()]:
            continue
        name = found["tag"] or found["shortcode"] or ""
        closings = [f"</{name}"] if found["tag"] else ["-->"] if not name else []
        if found["shortcode"] == "highlight":
            closings = ["{{< /highlight", "{{</highlight", "{{% /highlight"]
        ends = []
        for closing in closings:
            if closing not in without_end:
                end = lowered.find(closing, at)
                if end < 0:
                    without_end.add(closing)
                    if name in _TO_THE_END:
                        ends.append(len(text))
                else:
                    ends.append(end + len(closing))
        if ends:
            _mark(marks, found.start(), min(ends))
            at = min(ends)


def _paragraphs(text: str, start: int) -> Iterator[tuple[int, int]]:
    at = start
    for gap in re.finditer(r"\n[ \t\r]*\n", text[start:]):
        yield at, start + gap.start()
        at = start + gap.end()
    yield at, len(text)


def _mark_inline(text: str, first: int, last: int, marks: bytearray, names: frozenset[str]) -> None:
    """Mark links, code, HTML, shortcodes and addresses within a paragraph."""
    ticks: dict[int, list[int]] = defaultdict(list)
    for run in re.finditer(r"`+", text[first:last]):
        ticks[len(run[0])].append(first + run.start())
    opened: list[int] = []
    at = first
    while found := _INLINE.search(text, at, last):
        at = found.end()
        match found.lastgroup:
            case "code":
                starts = ticks[len(found[0])]
                place = bisect_right(starts, found.start())
                if place < len(starts):
                    at = starts[place] + len(found[0])
                    _mark(marks, found.start(), at)
            case "open":
                opened.append(found.start())
            case "close" if opened:
                begin = opened.pop()
                end = _end_of_link(text, begin, found.end(), last, names)
                if end:
                    _mark(marks, begin, end)
                    at = end
            case "tag" | "shortcode" | "url" | "mail":
                _mark(marks, found.start(), at)
            case _:
                pass


_TARGET = re.compile(r"\((?:[^()\\]|\\.|\([^()]*\))*\)", re.DOTALL)
_LABEL = re.compile(r"\[[^\[\]]*\]")


def _end_of_link(text: str, begin: int, after: int, last: int, names: frozenset[str]) -> int:
    """Where a link ends whose words end at `after`; 0 if it is none."""
    bound = min(last, after + _LONGEST_TARGET)
    target = _TARGET.match(text, after, bound)
    if target:
        return target.end()
    if after - begin > _LONGEST_TARGET:
        return 0
    words = text[begin:after].lstrip("!")[1:-1]
    label = _LABEL.match(text, after, bound)
    if label and _folded(label[0][1:-1] or words) in names:
        return label.end()
    return after if words.startswith("^") or (names and _folded(words) in names) else 0


def _folded(label: str) -> str:
    return " ".join(label.split()).casefold()
