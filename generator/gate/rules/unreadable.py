"""A file is text, and its front matter can be read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator import front_matter
from generator.gate.finding import Remark
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document

_FENCE = re.compile(r"\A\ufeff?(---|\+\+\+)[ \t]*\r?\n")


def check(document: Document, _: Knowledge) -> Iterator[Remark]:
    """Front matter that is no YAML, TOML or JSON, or that is not closed."""
    text = document.text
    if error := document.front_error:
        start, end = _line(text, error.line or 1)
        yield Remark(
            start=start,
            end=end,
            message=f"front matter is {error}",
            remedy="Mend the line, or put the value in quotes",
        )
        return
    values = document.front_values
    if values is not None and not isinstance(values, dict):
        start, end = _line(text, front_matter.FIRST_LINE)
        yield Remark(start=start, end=end, message="front matter must be keys with values")
    elif values is None and (fence := _FENCE.match(text)) and _is_front(text, fence.end()):
        yield Remark(
            start=0,
            end=fence.end(1),
            message="front matter is not closed, so the whole file is taken for it",
            expected=f"a line of {fence[1]} behind its last key",
        )


def _line(text: str, number: int) -> tuple[int, int]:
    """Where a line starts and ends; lines count from 1."""
    start = 0
    for _ in range(number - 1):
        start = text.find("\n", start) + 1
        if not start:
            return len(text), len(text)
    end = text.find("\n", start)
    return start, len(text) if end < 0 else end


def _is_front(text: str, start: int) -> bool:
    """Whether what follows a line of marks is keys with values, and not a text under a rule."""
    return re.match(r"[\w-]+[ \t]*[:=]", text[start : start + 200]) is not None


_HEAD = "---\ntitle: A day\ndate: 2026-05-13T16:30:00+09:00\n"

RULE = Rule(
    name="unreadable",
    severity="error",
    summary="A file is UTF-8 text, and its front matter is valid.",
    why=(
        "Hugo stops at a file whose front matter it cannot read, and the whole site is not built. Other rules"
        " are not asked of such a file: what they would say follows from this."
    ),
    check=check,
    good=(
        Example(f"{_HEAD}---\n\nText.\n", is_whole=True),
        Example(
            '+++\ntitle = "A day: the market"\ndate = 2026-05-13T16:30:00+09:00\n+++\n\nText.', is_whole=True
        ),
        Example("---\n\nText under a rule.\n", is_whole=True),
    ),
    bad=(
        Example(f"{_HEAD}description: KOSPI: a record\n---\n\nText.\n", is_whole=True, says="not valid YAML"),
        Example(f"{_HEAD}session: 2026-02-30\n---\n\nText.\n", is_whole=True, says="value that is none"),
        Example("---\n- a list\n---\n\nText.\n", is_whole=True, says="keys with values"),
        Example(f"{_HEAD}\nText.\n", is_whole=True, says="not closed"),
    ),
)
