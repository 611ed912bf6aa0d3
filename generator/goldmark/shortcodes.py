"""Shortcodes: found before Markdown is read, put in their places after it is written.

A shortcode that nobody knows is a problem for a person, never text of the feed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from generator.errors import PostError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping


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
_MARK = re.compile(
    r"""\{\{(?P<kind>[<%])\s*(?P<close>/)?\s*(?P<name>\w[\w./-]*)"""
    r"""(?P<arguments>(?:"(?:\\.|[^"\\])*"|`[^`]*`|(?!\s*/?\s*[>%]\}\})[^"`])*)\s*(?P<itself>/)?\s*(?P<end>[>%])\}\}""",
)
_COMMENT = re.compile(r"\{\{([<%])/\*(.*?)\*/([>%])\}\}", re.DOTALL)
_ARGUMENT = re.compile(
    r"""\s*(?:(?P<key>[\w-]+)\s*=\s*)?(?:"(?P<quoted>(?:\\.|[^"\\])*)"|`(?P<raw>[^`]*)`|(?P<bare>[^\s"`=]+))"""
)
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
    word = "shortcodez"
    while word in text:
        word += "z"
    problems: list[Problem] = []
    made: dict[str, str] = {}
    pieces: list[str] = []
    at = 0
    for start, end, shown in _found(text, source, problems):
        pieces.append(text[at:start])
        at = end
        if isinstance(shown, str):
            pieces.append(shown)
            continue
        try:
            html = _given(shown, known)
        except ValueError as error:
            problems.append(_problem(source, text, start, str(error)))
            continue
        except PostError as error:  # of its inner part, whose lines are counted from there
            here = _line(source, text, start)
            problems += (replace(problem, line=here) for problem in error.problems)
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
    found: list[Use] = []
    while mark := _START.search(text, start):
        start = mark.end()
        if comment := _COMMENT.match(text, mark.start()):
            start = comment.end()
        elif (opened := _MARK.match(text, mark.start())) and not opened["close"] and opened["name"] in names:
            found.append(Use(text.count("\n", 0, mark.start()) + 1, opened[0]))
            start = opened.end()
    return tuple(found)


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
    for word, content in made.items():
        if not content.startswith("<a "):
            html = html.replace(f"<p>{word}</p>", content)
        html = html.replace(word, content)
    return html


def _given(call: Call, known: Mapping[str, Callable[[Call], str]]) -> str:
    if call.name not in known:
        raise ValueError(f"the shortcode {call.name!r} is not known here")
    return known[call.name](call)


def _line(source: Source, text: str, at: int) -> int | None:
    return None if source.first_line is None else source.first_line + text.count("\n", 0, at)


def _problem(source: Source, text: str, at: int, message: str) -> Problem:
    end = text.find("\n", at)
    return Problem(
        file=source.file,
        line=_line(source, text, at),
        message=message,
        found=text[at : end if end >= 0 else None][:60],
        remedy="Correct or remove it; write {{</* … */>}} to show it as text",
    )


def _found(text: str, source: Source, problems: list[Problem]) -> Iterator[Shown]:
    at = 0
    while start := _START.search(text, at):
        if comment := _COMMENT.match(text, start.start()):
            at = comment.end()
            yield start.start(), at, f"{{{{{comment[1]}{comment[2]}{comment[3]}}}}}"
            continue
        mark = _MARK.match(text, start.start())
        if not mark or mark["end"] != _ENDS[mark["kind"]]:
            problems.append(_problem(source, text, start.start(), "a shortcode has no end"))
            return
        at = mark.end()
        if mark["close"]:
            message = f"the shortcode {mark['name']!r} is closed but not open"
            problems.append(_problem(source, text, start.start(), message))
            continue
        closing = None if mark["itself"] else _closing(text, mark)
        inner = text[at : closing.start()] if closing else "" if mark["itself"] else None
        at = closing.end() if closing else at
        try:
            yield start.start(), at, _call(mark, inner)
        except ValueError as error:
            problems.append(_problem(source, text, start.start(), str(error)))


def _closing(text: str, opening: re.Match[str]) -> re.Match[str] | None:
    """The mark that closes it; one of the same name in between is closed first."""
    marks = rf"\{{\{{[<%]\s*(/)?\s*{re.escape(opening['name'])}(?![\w./-])"
    depth = 1
    for found in re.finditer(marks, text[opening.end() :]):
        mark = _MARK.match(text, opening.end() + found.start())
        if mark and not mark["itself"]:
            depth += -1 if mark["close"] else 1
        if mark and depth == 0:
            return mark
    return None


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
