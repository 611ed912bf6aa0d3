"""Mending what has one right answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.files import PlannedFile
from generator.gate.run import inspect
from generator.reading.document import Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.gate.choice import Choice
    from generator.gate.content import Content
    from generator.gate.finding import Finding
    from generator.gate.knowledge import Knowledge


@dataclass(frozen=True, slots=True)
class Fixed:
    """One file as it will be."""

    file: PlannedFile
    name: str
    """Path from the blog's folder."""
    before: str
    after: str
    count: int
    """Findings that are mended."""


def fixed_text(text: str, findings: Iterable[Finding]) -> tuple[str, int]:
    """A text with the fixes of findings in it, and how many; of two that overlap the first."""
    lines = [0, *(found.end() for found in re.finditer("\n", text))]
    parts: list[str] = []
    at = count = 0
    for each in sorted(findings, key=lambda one: (one.line, one.column, one.end_line, one.end_column)):
        if each.fix is None or max(each.line, each.end_line) > len(lines):
            continue
        start = lines[each.line - 1] + each.column - 1
        end = lines[each.end_line - 1] + each.end_column - 1
        if start < at or end < start or end > len(text):
            continue
        parts += [text[at:start], each.fix]
        at = end
        count += 1
    return "".join([*parts, text[at:]]), count


def fixes(
    findings: Sequence[Finding], content: Content, choice: Choice, knowledge: Knowledge
) -> tuple[list[Fixed], list[str]]:
    """The files that change, and those that are left as they are since a fix would break another rule."""
    by_file: dict[str, list[Finding]] = {}
    for each in findings:
        if each.fix is not None:
            by_file.setdefault(each.file, []).append(each)
    made: list[Fixed] = []
    left: list[str] = []
    for name, found in sorted(by_file.items()):
        leaf = content.leaves[name]
        path = knowledge.config.root / name
        before = path.read_bytes().decode("utf-8")
        after, count = fixed_text(before, found)
        if after == before:
            continue
        if _worse(before, after, name, leaf.language, choice, knowledge):
            left.append(name)
            continue
        made.append(Fixed(PlannedFile(path, after.encode()), name, before, after, count))
    return made, left


def _worse(before: str, after: str, name: str, language: str, choice: Choice, knowledge: Knowledge) -> bool:
    """Whether a text has an error that it had not before."""

    def errors(text: str) -> dict[str, int]:
        document = Document(text, file=name, language=language, markup=knowledge.markup(language))
        counted: dict[str, int] = {}
        for each in inspect(document, choice, knowledge):
            if each.severity == "error":
                counted[each.rule] = counted.get(each.rule, 0) + 1
        return counted

    now, then = errors(after), errors(before)
    return any(count > then.get(rule, 0) for rule, count in now.items())
