"""The front matter that a content file starts with: YAML, TOML or JSON. Leaf; knows no keys.

Ours is YAML between two lines of `---`, and only that is ever changed: `span` and `load` are for it. `read`
takes all that Hugo takes.
"""

from __future__ import annotations

import json
import re
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import yaml

_FENCED = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_TOML = re.compile(r"\A\ufeff?\+\+\+[ \t]*\r?\n(.*?)^\+\+\+[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml is ten times as fast

MOST_ALIASED = 10_000
"""Values that YAML's aliases may add to those that are written; a hundred characters count as one."""

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


@dataclass(frozen=True, slots=True)
class Front:
    """What a content file starts with, and what follows."""

    values: Any
    """Keys with values, unless a person wrote something else; None if there is no front matter."""
    body: str
    """What follows, without the blank lines between."""
    node: yaml.Node | None = None
    """What YAML stands there, for its places: from the start of `span`."""


def read(text: str) -> Front:
    """Front matter in any of Hugo's formats, told by how the file begins.

    Raises:
        FrontMatterError: with the reason and the line.
    """
    if found := _FENCED.match(text):
        values, node = load(found[1])
        return Front(values, text[found.end() :].lstrip("\r\n"), node)
    if found := _TOML.match(text):
        return Front(_toml(found[1]), text[found.end() :].lstrip("\r\n"))
    start = re.match(r"\ufeff?\s*(?=\{)", text)
    if start and re.match(r"\{\s*[\"}]", text[start.end() :]):
        values, end = _json(text, start.end())
        return Front(values, text[end:].lstrip("\r\n"))
    return Front(None, text.removeprefix("\ufeff"))


def _toml(front: str) -> dict[str, Any]:
    try:
        return tomllib.loads(front.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", str(error))
        reason = str(error)[: place.start()] if place else str(error)
        within = int(place[1]) if place and place[1] else front.count("\n")
        raise FrontMatterError(f"not valid TOML: {reason}", within + FIRST_LINE - 1) from error
    except (ValueError, OverflowError, RecursionError) as error:
        raise FrontMatterError(f"not valid TOML: {error}", None) from error


def _json(text: str, start: int) -> tuple[Any, int]:
    try:
        return json.JSONDecoder().raw_decode(text, start)
    except json.JSONDecodeError as error:
        raise FrontMatterError(f"not valid JSON: {error.msg}", error.lineno) from error
    except (ValueError, RecursionError) as error:
        raise FrontMatterError(f"not valid JSON: {error}", None) from error


def line_of_key(key: str, text: str) -> int:
    """1-based line of a front matter key in a file's text, in any format; 1 if it is not there."""
    return text.count("\n", 0, offset_of_key(key, text)) + 1


def offset_of_key(key: str, text: str) -> int:
    """Where the line of a front matter key starts; 0 if it is not there."""
    name = re.escape(key)
    found = re.search(
        rf"^[ \t{{,]*(?:{name}|'{name}'|\"{name}\")[ \t]*[:=]", text, re.MULTILINE | re.IGNORECASE
    )
    return found.start() if found and key else 0


def load(front: str) -> tuple[Any, yaml.Node | None]:
    """The values of a front matter, and its nodes for their places.

    Raises:
        FrontMatterError: with the reason.
    """
    node: yaml.Node | None = None
    try:
        refuse_depth(front)
        node = composed(front)
        if "*" in front:  # else there is no alias
            refuse_bomb(node)
        return constructed(node), node
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or str(error)
        raise FrontMatterError(
            f"not valid YAML: {reason}", mark.line + FIRST_LINE if mark else None
        ) from error
    except (
        ValueError,
        OverflowError,
        RecursionError,
    ) as error:  # PyYAML lets them out of impossible dates and numbers
        line, reason = _culprit(node) or (None, str(error))
        raise FrontMatterError(f"a value that is none: {reason}", line) from error


def composed(text: str) -> yaml.Node | None:
    """The nodes of a document in YAML; None of an empty one. Call `refuse_depth` before.

    Raises:
        yaml.YAMLError: it is none.
    """
    loader = _LOADER(text)
    try:
        node: yaml.Node | None = loader.get_single_node()
    finally:
        loader.dispose()
    return node


def constructed(node: yaml.Node | None) -> Any:
    """The values of nodes.

    Raises:
        yaml.YAMLError: of no known kind.
        ValueError: a day such as 2026-02-30, a number that is none.
        OverflowError: a number that is too large.
    """
    return None if node is None else _LOADER("").construct_document(node)


DEEPEST = 200
"""Lists and mappings within each other. libyaml composes them in C, and the stack ends before it asks."""
_SHALLOW = 60
_LEAD = re.compile(r"^(?:[ \t]|[-?:](?=[ \t\r\n])|[&!][^\s]*)+", re.MULTILINE)
"""What may stand before the first key or value of a line: each opens one mapping and one list at most."""


def refuse_depth(text: str) -> None:
    """Let a document in YAML pass unless it is nested too deeply.

    Raises:
        yaml.constructor.ConstructorError: with the place of what is too deep.
    """
    brackets = text.count("[") + text.count("{")
    if brackets <= _SHALLOW and max(map(len, _LEAD.findall(text)), default=0) <= _SHALLOW:
        return
    depth = 0
    with suppress(yaml.scanner.ScannerError, yaml.parser.ParserError):  # whoever reads it will say that
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > DEEPEST:
                    raise yaml.constructor.ConstructorError(
                        problem=f"lists and mappings stand in each other more than {DEEPEST} deep",
                        problem_mark=event.start_mark,  # type: ignore[arg-type]  # libyaml's has the same places
                    )
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1


def refuse_bomb(node: yaml.Node | None) -> None:
    """Let a document pass unless its aliases make much of little: nine lines can be a billion values.

    Call it before anything is constructed. A document that holds itself passes.

    Raises:
        yaml.constructor.ConstructorError: with the place of the value that is too much.
    """
    sizes: dict[int, int] = {}
    written = 0

    def size(each: yaml.Node) -> int:
        """How many values it is with its aliases written out."""
        nonlocal written
        known = sizes.get(id(each))
        if known is not None:
            return known
        total = 1 + (len(each.value) // 100 if isinstance(each, yaml.ScalarNode) else 0)
        sizes[id(each)] = total
        written += total
        if isinstance(each, yaml.MappingNode):
            total += sum(size(key) + size(value) for key, value in each.value)
        elif isinstance(each, yaml.SequenceNode):
            total += sum(map(size, each.value))
        sizes[id(each)] = total
        if total > MOST_ALIASED + written:
            raise yaml.constructor.ConstructorError(
                problem=f"its aliases stand for more than {MOST_ALIASED:,} values",
                problem_mark=each.start_mark,
            )
        return total

    if node is not None:
        size(node)


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
