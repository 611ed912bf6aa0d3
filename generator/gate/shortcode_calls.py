"""The shortcodes of a body as Hugo's reader finds them: anywhere, code not excepted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.reading.document import Document

_START = re.compile(r"\{\{([<%])[ \t\r\n]{0,100}")
_NAME = re.compile(r"(/?)[ \t]{0,100}([\w][\w./-]{0,200})")
_PART = re.compile(r'["`]|[>%]\}\}|\{\{[<%]')
_QUOTED = {'"': re.compile(r'\\.|"', re.DOTALL), "`": re.compile("`")}


@dataclass(frozen=True, slots=True)
class ShortcodeCall:
    """One mark of a shortcode; an opening, a closing, one that closes itself, or one that has no end."""

    kind: Literal["open", "close", "whole", "endless"]
    name: str
    arguments: str
    start: int
    end: int
    """In the file."""


def calls(document: Document) -> Iterator[ShortcodeCall]:
    """The marks in order. Behind one that has no end Hugo reads nothing."""
    text, at = document.text, document.body_start
    while start := _START.search(text, at):
        if text.startswith("/*", start.end()):
            end = text.find("*/", start.end())
            if end < 0:
                yield ShortcodeCall("endless", "", "", start.start(), start.end())
                return
            at = end + 2
            continue
        name = _NAME.match(text, start.end())
        behind = name.end() if name else start.end()
        found = _end(text, behind, "%}}" if start[1] == "%" else ">}}")
        if found is None or name is None:
            yield ShortcodeCall("endless", name[2] if name else "", "", start.start(), behind)
            return
        end = found
        arguments = text[behind : end - len(">}}")].strip()
        is_whole = arguments.endswith("/")
        kind: Literal["open", "close", "whole"] = "close" if name[1] else "whole" if is_whole else "open"
        yield ShortcodeCall(kind, name[2], arguments.removesuffix("/"), start.start(), end)
        at = end


def _end(text: str, at: int, mark: str) -> int | None:
    """Where a shortcode ends; marks within quotes do not count. None if it has no end."""
    while part := _PART.search(text, at):
        if part[0] == mark:
            return part.end()
        if part[0] not in _QUOTED:
            return None
        at = part.end()
        while closing := _QUOTED[part[0]].search(text, at):
            at = closing.end()
            if closing[0] == part[0]:
                break
        else:
            return None
    return None
