"""Comments by which a person excuses a line from a rule: `<!-- check: rule-name because the reason -->`.

Neither Hugo nor our feeds show a comment. In front matter it is `# check: rule-name because the reason`.
"""

from __future__ import annotations

import bisect
import functools
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from generator.reading.document import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Excuse:
    """One comment."""

    rules: tuple[str, ...]
    reason: str
    lines: tuple[tuple[int, int], ...]
    """First and last line of each stretch that it excuses."""
    start: tuple[int, int]
    """Line and column of the comment."""
    end: tuple[int, int]
    """Behind its last character."""
    text: str
    """The comment, or the start of a long one."""
    hides: bool = False
    """Text follows on the line that it starts, which Markdown takes for a part of the comment's block."""

    def covers(self, rule: str, line: int) -> bool:
        """Whether it excuses a finding."""
        return bool(self.reason) and rule in self.rules and any(a <= line <= b for a, b in self.lines)

    def as_data(self) -> dict[str, Any]:
        """What `of_data` takes."""
        return asdict(self)

    @classmethod
    def of_data(cls, data: dict[str, Any]) -> Excuse:
        """An excuse as it was kept."""
        pairs = {key: (data[key][0], data[key][1]) for key in ("start", "end")}
        lines = tuple((first, last) for first, last in data["lines"])
        return cls(**{**data, **pairs, "rules": tuple(data["rules"]), "lines": lines})


_COMMENT = re.compile(r"<!--[ \t\n]*check:([^<>]{0,600}?)-->")
_IN_FRONT = re.compile(r"(?:^|[ \t])#[ \t]*check:([^\n]{0,600})$", re.MULTILINE)
_STATED = re.compile(
    r"\s*([a-z][a-z0-9-]*(?:\s*,\s*[a-z][a-z0-9-]*)*)\s*(?:\bbecause\b\s*(.*?))?\s*", re.DOTALL
)


_SHOWN = 160
_FAR = 20
"""Lines of comments between one and the key that it is about."""


def excuses(document: Document, known: Collection[str]) -> tuple[Excuse, ...]:
    """The excuses of a file, in order; a comment that names no rule and gives no reason is anybody's.

    Args:
        document: the file.
        known: names of rules.
    """
    if "check:" not in document.text:
        return ()
    return (*_of_front(document, known), *_of_body(document, known))


def _stated(text: str, known: Collection[str]) -> tuple[tuple[str, ...], str] | None:
    """The rules and the reason of a comment; None if it is no excuse."""
    found = _STATED.fullmatch(text)
    if found is None:
        return None
    rules = tuple(each.strip() for each in found[1].split(","))
    reason = found[2] or ""
    is_meant = bool(reason) or any(each in known or "-" in each for each in rules)
    return (rules, " ".join(reason.split())) if is_meant else None


def _of_front(document: Document, known: Collection[str]) -> Iterator[Excuse]:
    """Those of YAML and TOML.

    One that has a line for itself excuses the next key, and what is said of the whole file, that is, of its
    first line.
    """
    front = document.text[: document.body_start]
    lines = front.split("\n")
    for found in _IN_FRONT.finditer(front):
        stated = _stated(found[1], known)
        if stated is None:
            continue
        line = document.place(found.start(1))[0]
        stretches = [(line, line)]
        if lines[line - 1].lstrip().startswith("#"):
            stretches = [(1, 1), _next_key(lines, line)]
        start = found.start() + len(found[0]) - len(found[0].lstrip())
        yield _excuse(document, stated, (start, found.end()), tuple(stretches))


def _next_key(lines: list[str], line: int) -> tuple[int, int]:
    """The lines of the key that follows a line, which counts from 1."""
    first, most = line, min(line + _FAR, len(lines))
    while first < most and (not lines[first].strip() or lines[first].lstrip().startswith("#")):
        first += 1
    last = first
    while last + 1 < len(lines) and lines[last + 1].startswith((" ", "\t", "-\x20")):
        last += 1
    return first + 1, last + 1


def _of_body(document: Document, known: Collection[str]) -> Iterator[Excuse]:
    body_start = document.body_start
    matches = [
        (found, stated)
        for found in _COMMENT.finditer(document.text, body_start)
        if (stated := _stated(found[1], known))
    ]
    if not matches:
        return
    shape = _Shape(document)
    for found, stated in matches:
        first, last = document.place(found.start())[0], document.place(found.end() - 1)[0]
        if shape.is_code(found.start(), first):
            continue
        before, after = shape.around(found.start(), found.end())
        alone = not before.strip(" \t>") and not after.strip()
        lines = ((first, last), shape.following(last)) if alone else ((first, last),)
        starts_line = not before.strip(" \t>")
        yield _excuse(document, stated, found.span(), lines, hides=starts_line and bool(after.strip()))


def _excuse(
    document: Document,
    stated: tuple[tuple[str, ...], str],
    span: tuple[int, int],
    lines: tuple[tuple[int, int], ...],
    *,
    hides: bool = False,
) -> Excuse:
    rules, reason = stated
    start, end = span
    return Excuse(
        rules=rules,
        reason=reason,
        lines=lines,
        start=document.place(start),
        end=document.place(end),
        text=document.text[start : min(end, start + _SHOWN)].partition("\n")[0],
        hides=hides,
    )


class _Shape:
    """Lines of a body, and what they are part of."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.lines = document.text.split("\n")
        offset = document.place(document.body_start)[0]
        self.code: list[tuple[int, int]] = []
        self.tables: list[tuple[int, int]] = []
        for token in document.tokens:
            if token.map and token.type in ("fence", "code_block", "table_open"):
                stretch = (token.map[0] + offset, token.map[1] + offset - 1)
                (self.tables if token.type == "table_open" else self.code).append(stretch)

    def is_code(self, start: int, line: int) -> bool:
        """Whether a place is in code, of which comments are a part."""
        if any(first <= line <= last for first, last in self.code):
            return True
        if "`" not in self.lines[line - 1]:
            return False
        place = bisect.bisect_right(self.spans, (start, len(self.document.text)))
        return place > 0 and start < self.spans[place - 1][1]

    @functools.cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Start and end of code within lines."""
        return sorted(
            (block.start(span.start), block.start(span.end))
            for block in self.document.blocks
            for span in block.spans
            if span.kind == "code"
        )

    def around(self, start: int, end: int) -> tuple[str, str]:
        """What stands before and behind a stretch on its first and last line."""
        first, column = self.document.place(start)
        last, behind = self.document.place(end)
        return self.lines[first - 1][: column - 1], self.lines[last - 1][behind - 1 :]

    def following(self, line: int) -> tuple[int, int]:
        """The next line that holds something, or the whole table that starts there; lines count from 1."""
        below = line + 1
        while below <= len(self.lines) and not self.lines[below - 1].strip(" \t\r>"):
            below += 1
        return next((each for each in self.tables if each[0] == below), (below, below))
