"""Shortcodes: found before Markdown is read, put in their places after it is written.

A shortcode that nobody knows is a problem for a person, never text of the feed.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from generator.errors import PostError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One use of a shortcode."""

    name: str
    arguments: tuple[str, ...] = ()
    """By place; empty if they have names."""
    named: Mapping[str, str] = field(default_factory=dict)
    inner: str | None = None
    """What stands between the opening and the closing mark, as it is written; None without a closing one."""
    as_markdown: bool = False
    """Used with `%`: what it gives is read as Markdown."""

    def get(self, name: str, place: int | None = None) -> str:
        """An argument by its name, or by its place where it may have none; empty if it was not given."""
        by_place = self.arguments[place] if place is not None and place < len(self.arguments) else ""
        return self.named.get(name, by_place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a text comes from, and what its shortcodes may ask for."""

    file: str = "this post"
    """As a problem names it."""
    first_line: int | None = None
    """Line of the file at which the text starts; None if that is not known."""
    find: Callable[[str, str], str | None] | None = None
    """The address of the page that `ref` means by a path, in a language (empty: in the text's own); None if
    there is no such page."""
    link: Callable[[str], str | None] | None = None
    """The address that a relative link's path stands for, as Hugo's own render hook finds it: a page, in the
    text's language, or a file beside the text. None leaves the path as it is."""
    image: Callable[[str], str | None] | None = None
    """The same for images: a file beside the text."""
    depth: int = 0
    """How many shortcodes the text stands in."""
    shortcodes: Mapping[str, Callable[[Call], str]] = field(default_factory=dict)
    """The blog's own, by name: each gives HTML, or raises ValueError with the reason why it cannot."""


@dataclass(frozen=True, slots=True)
class Use:
    """Where a text uses a shortcode."""

    line: int
    """1-based."""
    text: str
    """The mark as it is written."""


Shown = tuple[int, int, "str | Call"]
"""Where a shortcode starts and ends, and what it is; a string is to be shown as it stands."""

_START = re.compile(r"\{\{[<%]")
# There is one way at most to read an argument, so that a mark without end is read once.
_MARK = re.compile(
    r"""\{\{(?P<kind>[<%])\s*+(?P<close>/?+)\s*+(?P<name>\w[\w./-]*+)"""
    r"""(?P<arguments>(?:"(?:\\.|[^"\\])*"|`[^`]*+`|\s++(?!/?\s*[>%]\}\})|(?!/?\s*[>%]\}\})[^"`\s])*)"""
    r"""\s*+(?P<itself>/?+)\s*+(?P<end>[>%])\}\}""",
)
_COMMENT = re.compile(r"\{\{([<%])/\*(.*?)\*/([>%])\}\}", re.DOTALL)
_ARGUMENT = re.compile(
    r"""\s*(?:(?P<key>[\w-]+)\s*=\s*)?(?:"(?P<quoted>(?:\\.|[^"\\])*)"|`(?P<raw>[^`]*)`|(?P<bare>[^\s"`=]+))"""
)
_WORD_END = re.compile("shortcode(z*)")
_ENDS = {"<": ">", "%": "%"}


def expand(
    text: str, source: Source, known: Mapping[str, Callable[[Call], str]]
) -> tuple[str, Mapping[str, str]]:
    """The text with a word in place of each shortcode, and the HTML that each word stands for.

    Raises:
        PostError: a shortcode that is unknown or used wrongly; a problem for each.
    """
    if not _START.search(text):
        return text, {}
    word = "shortcode" + "z" * (1 + max(map(len, _WORD_END.findall(text)), default=0))
    problems: list[Problem] = []
    made: dict[str, str] = {}
    pieces: list[str] = []
    line = _lines(source, text)
    at = 0
    for start, end, shown in _found(text, source, line, problems):
        pieces.append(text[at:start])
        at = end
        if isinstance(shown, str):
            pieces.append(shown)
            continue
        try:
            html = _given(shown, known)
        except ValueError as error:
            problems.append(_problem(source, text, start, line(start), str(error)))
            continue
        except PostError as error:  # of its inner part, whose lines are counted from there
            problems += (replace(problem, line=line(start)) for problem in error.problems)
            continue
        if shown.as_markdown:
            pieces.append(html)
        else:
            key = f"{word}{len(made)}x"
            made[key] = html
            pieces.append(key)
    if problems:
        raise PostError(f"{source.file} has shortcodes that a feed cannot show", problems)
    return "".join([*pieces, text[at:]]), made


def uses(text: str, names: Collection[str], start: int = 0) -> tuple[Use, ...]:
    """Where a text uses shortcodes of these names, within others and in code too, as Hugo reads them.

    Args:
        text: of the whole file.
        names: of the shortcodes.
        start: where to begin looking: the end of the front matter.
    """
    if not _START.search(text, start):
        return ()
    line = _lines(Source(first_line=1), text)
    return tuple(
        Use(line(at) or 1, mark[0])
        for at, mark in _marks(text, start)
        if mark and mark.re is _MARK and not mark["close"] and mark["name"] in names
    )


def called(use: Use) -> Call:
    """What such a mark calls, without an inner part.

    Raises:
        ValueError: its arguments cannot be read.
    """
    mark = _MARK.match(use.text)
    if mark is None:
        raise ValueError("this is no shortcode")
    return _call(mark, None)


def put_in(html: str, made: Mapping[str, str]) -> str:
    """`html` with what each word stands for; unless that is a link, a paragraph of it alone gives way."""
    if not made:
        return html
    left = _MOST_REPEATED + sum(map(len, made.values()))

    def shown(found: re.Match[str]) -> str:
        nonlocal left
        content = made[found["alone"] or found["within"]]
        left -= len(content)
        if left < 0:
            return ""
        return f"<p>{content}</p>" if found["alone"] and content.startswith("<a ") else content

    word = next(iter(made)).removesuffix("0x")
    return re.sub(rf"<p>(?P<alone>{word}\d+x)</p>|(?P<within>{word}\d+x)", shown, html)


_MOST_REPEATED = 1_000_000
"""Characters that shortcodes may add by standing in an address that many links use."""


def _given(call: Call, known: Mapping[str, Callable[[Call], str]]) -> str:
    if call.name not in known:
        raise ValueError(f"the shortcode {call.name!r} is not known here")
    return known[call.name](call)


def _lines(source: Source, text: str) -> Callable[[int], int | None]:
    """The line of the file for a place in the text."""
    if source.first_line is None:
        return lambda _: None
    first, ends = source.first_line, [each.start() for each in re.finditer("\n", text)]
    return lambda at: first + bisect_left(ends, at)


def _problem(source: Source, text: str, at: int, line: int | None, message: str) -> Problem:
    return Problem(
        file=source.file,
        line=line,
        message=message,
        found=text[at : at + 60].partition("\n")[0],
        remedy="Correct or remove it; write {{</* … */>}} to show it as text",
    )


def _marks(text: str, start: int) -> Iterator[tuple[int, re.Match[str] | None]]:
    """Where each mark and each shown one starts, in their order; None for one without end, where all ends."""
    while found := _START.search(text, start):
        at = found.start()
        mark = _COMMENT.match(text, at) or _MARK.match(text, at)
        if not mark or (mark.re is _MARK and mark["end"] != _ENDS[mark["kind"]]):
            yield at, None
            return
        yield at, mark
        start = mark.end()


def _found(
    text: str, source: Source, line: Callable[[int], int | None], problems: list[Problem]
) -> Iterator[Shown]:
    marks = list(_marks(text, 0))
    closings = _closings([mark for _, mark in marks])
    number = 0
    while number < len(marks):
        at, mark = marks[number]
        closing = closings.get(number, number)
        end = marks[closing][1]
        number = closing + 1
        if not mark or not end:
            problems.append(_problem(source, text, at, line(at), "a shortcode has no end"))
        elif mark.re is _COMMENT:
            yield at, mark.end(), f"{{{{{mark[1]}{mark[2]}{mark[3]}}}}}"
        elif mark["close"]:
            message = f"the shortcode {mark['name']!r} is closed but not open"
            problems.append(_problem(source, text, at, line(at), message))
        else:
            inner = text[mark.end() : end.start()] if end is not mark else "" if mark["itself"] else None
            try:
                yield at, end.end(), _call(mark, inner)
            except ValueError as error:
                problems.append(_problem(source, text, at, line(at), str(error)))


def _closings(marks: Sequence[re.Match[str] | None]) -> Mapping[int, int]:
    """By its number, the mark that closes it; one of the same name in between is closed first."""
    found: dict[int, int] = {}
    opened: dict[str, list[int]] = {}
    for number, mark in enumerate(marks):
        if not mark or mark.re is not _MARK or mark["itself"]:
            continue
        before = opened.setdefault(mark["name"], [])
        if not mark["close"]:
            before.append(number)
        elif before:
            found[before.pop()] = number
    return found


def _call(mark: re.Match[str], inner: str | None) -> Call:
    arguments: list[str] = []
    named: dict[str, str] = {}
    rest, at = mark["arguments"].strip(), 0
    while at < len(rest):
        found = _ARGUMENT.match(rest, at)
        if not found:
            raise ValueError(f"the shortcode {mark['name']!r} has arguments that cannot be read")
        at = found.end()
        value = found["raw"] if found["raw"] is not None else found["bare"]
        if found["quoted"] is not None:
            value = re.sub(r"\\(.)", r"\1", found["quoted"])
        if found["key"]:
            named[found["key"]] = value
        else:
            arguments.append(value)
    if named and arguments:
        raise ValueError(f"the shortcode {mark['name']!r} has arguments with and without names")
    return Call(
        name=mark["name"],
        arguments=tuple(arguments),
        named=named,
        inner=inner,
        as_markdown=mark["kind"] == "%",
    )
