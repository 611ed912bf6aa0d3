"""The YAML between the two lines of `---` that a content file starts with. Leaf; knows no keys."""

from __future__ import annotations

import re
from typing import Any

import yaml

_FENCED = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml is ten times as fast

FIRST_LINE = 2
"""The line of the file on which front matter starts."""


def span(text: str) -> tuple[int, int] | None:
    """Where the front matter starts and ends in a file's text; None if it has none in YAML."""
    found = _FENCED.match(text)
    return found.span(1) if found else None


def body(text: str) -> str:
    """What follows the front matter, without the blank lines between."""
    found = _FENCED.match(text)
    return text[found.end() :].lstrip("\r\n") if found else text


class FrontMatterError(ValueError):
    """Not YAML, or a value that is none, such as 2026-02-30; `line` is the file's, where it is known."""

    def __init__(self, message: str, line: int | None) -> None:
        super().__init__(message)
        self.line = line


def load(front: str) -> tuple[Any, yaml.Node | None]:
    """The values of a front matter, and its nodes for their places.

    Raises:
        FrontMatterError: with the reason.
    """
    loader = _LOADER(front)
    node: yaml.Node | None = None
    try:
        node = loader.get_single_node()
        return (None if node is None else loader.construct_document(node)), node
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or str(error)
        raise FrontMatterError(
            f"not valid YAML: {reason}", mark.line + FIRST_LINE if mark else None
        ) from error
    except (ValueError, OverflowError) as error:  # PyYAML lets them out of impossible dates and numbers
        line, reason = _culprit(node) or (None, str(error))
        raise FrontMatterError(f"a value that is none: {reason}", line) from error
    finally:
        loader.dispose()


def line_of(node: yaml.Node) -> int:
    """The line of the file on which a node starts."""
    return int(node.start_mark.line) + FIRST_LINE


def _culprit(node: yaml.Node | None) -> tuple[int, str] | None:
    """Line and reason of the first value that cannot be constructed."""
    for _, value in node.value if isinstance(node, yaml.MappingNode) else ():
        try:
            _LOADER("").construct_document(value)  # a loader that failed is not to be used again
        except (ValueError, OverflowError) as error:
            return line_of(value), str(error)
    return None
