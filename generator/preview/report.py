"""What the panel shows of a post, as JSON has it: findings, figures, and what publish would do."""

from __future__ import annotations

import bisect
import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from generator.reading.traces import from_json
from generator.site.hugo import hidden_posts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from generator.errors import Problem
    from generator.gate.finding import Finding
    from generator.post import Post
    from generator.preview.board import Report
    from generator.reading.document import Block, Document

Mode = Literal["planned", "stands"]
"""A session's post as publish would write it; or a file as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A post in the preview."""

    post: Post
    file: str
    """From the blog's folder."""
    mode: Mode
    document: Document
    figures: bytes | None
    """Its `figures.json`; None if it has none."""
    is_written: bool = True
    """Whether the file is on the blog as it is shown."""
    is_edited: bool = False
    """Whether a person's edits are in it."""
    is_held: bool = False
    """Whether it is a draft because of errors."""
    problems: tuple[Problem, ...] = ()
    """Worth telling."""


def report(
    shown: Shown, findings: Iterable[Finding] | None, *, now: datetime, drafts_by_default: bool = False
) -> Report:
    """All that the panel shows.

    Args:
        shown: the post.
        findings: what the gate says; None as long as it is being asked.
        now: by which the future is told.
        drafts_by_default: whether the settings make posts drafts, which publish does not mind.
    """
    found = None if findings is None else list(findings)
    post = shown.post
    return {
        "address": post.address,
        "file": shown.file,
        "title": post.title,
        "mode": shown.mode,
        "session": post.session.isoformat() if post.session else None,
        "status": post.extra.get("session_status"),
        "date": post.date.isoformat(),
        "draft": post.draft,
        "held": shown.is_held,
        "edited": shown.is_edited,
        "written": shown.is_written,
        "hindrances": list(hindrances(shown, found or (), drafts_by_default=drafts_by_default)),
        "remarks": list(remarks(shown, now)),
        "findings": None if found is None else findings_of(found, shown.document),
        "problems": [str(each) for each in shown.problems],
        **figures_of(shown.figures),
    }


def hindrances(
    shown: Shown, findings: Iterable[Finding], *, drafts_by_default: bool = False
) -> Iterator[str]:
    """Why publish would not take the post."""
    post = shown.post
    if post.extra.get("session_status") == "intraday":
        yield "The session is open: session.yaml says intraday. Publish waits until its data is final."
    errors = sum(each.severity == "error" for each in findings)
    if errors:
        yield f"The gate finds {errors} error{'s' if errors != 1 else ''}; the post stays a draft until then."
    own = post.draft and not shown.is_held and not (drafts_by_default and shown.mode == "planned")
    if own:
        yield "Its front matter says draft: true, so it is yours to release."


def remarks(shown: Shown, now: datetime) -> Iterator[str]:
    """What is worth knowing, and hinders nobody."""
    for each in hidden_posts({"The post": shown.post}, now, drafts=True):
        yield f"{each}; Hugo does not show it now."
    if shown.is_edited:
        yield "A person's edits are in it, and stay."
    if shown.mode == "planned":
        yield (
            "The file on the blog is the same." if shown.is_written else "The file on the blog is not yet so."
        )


def findings_of(findings: Iterable[Finding], document: Document) -> list[dict[str, Any]]:
    """Findings with the text that they are about, for the panel to find on the page."""
    places = _Places(document)
    return [
        {
            "rule": each.rule,
            "severity": each.severity,
            "file": each.file,
            "line": each.line,
            "column": each.column,
            "message": each.message,
            "found": each.found,
            "expected": each.expected,
            "remedy": each.remedy,
            "place": places.of(each),
        }
        for each in findings
    ]


class _Places:
    """Where findings stand in what a reader sees: a stretch of a block, and which block of its text it is."""

    def __init__(self, document: Document) -> None:
        self._lines = [0]
        for line in document.text.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self._blocks = [each for each in document.blocks if each.kind != "description" and each.offsets]
        self._body = document.body_start
        counted: Counter[str] = Counter()
        self._turns: list[int] = []
        for each in self._blocks:
            self._turns.append(counted[each.text])
            counted[each.text] += 1

    def of(self, finding: Finding) -> dict[str, Any] | None:
        """None for what no reader sees, such as most of front matter."""
        start = self._offset(finding.line, finding.column)
        end = max(self._offset(finding.end_line or finding.line, finding.end_column or finding.column), start)
        for block, turn in zip(self._blocks, self._turns, strict=True):
            if block.offsets[0] <= start <= block.offsets[-1]:
                first, last = _within(block, start, end)
                return {"text": block.text, "turn": turn, "start": first, "end": last}
        return None

    def _offset(self, line: int, column: int) -> int:
        return self._lines[min(max(line, 1), len(self._lines)) - 1] + column - 1


def _within(block: Block, start: int, end: int) -> tuple[int, int]:
    """The characters of a block that stand between two places of the file; at least one."""
    first = bisect.bisect_left(block.offsets, start)
    last = bisect.bisect_left(block.offsets, max(end, start + 1))
    first = min(first, len(block.offsets) - 1)
    return first, max(last, first + 1)


def figures_of(content: bytes | None) -> Mapping[str, Any]:
    """The figures, and the statements in which they are marked; nothing for a file that is none of ours."""
    try:
        traces = from_json(content.decode("utf-8")) if content else None
    except (ValueError, RecursionError):
        traces = None
    if traces is None:
        return {"figures": [], "statements": []}
    return {
        "figures": json.loads(json.dumps(traces.figures, default=str)),
        "statements": [
            {"text": each.text, "marks": [[mark.start, mark.end, mark.figure] for mark in each.marks]}
            for each in traces.statements
            if each.marks
        ],
    }
