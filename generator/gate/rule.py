"""A rule of the gate: what it looks at, what it says, and the examples that are its tests and its manual."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from generator.gate.finding import Remark, Severity
    from generator.gate.knowledge import Knowledge
    from generator.library import Entry
    from generator.reading.document import Document


@dataclass(frozen=True, slots=True)
class Example:
    """A text that a rule accepts, or one that it does not.

    It is checked as a post of the sample blog (the sessions 2026-05-13 and 2026-05-14 with their tables).
    """

    text: str
    """Markdown of a body."""
    front: Mapping[str, Any] = field(default_factory=dict)
    """Front matter in place of the usual: title, date, session 2026-05-13, language."""
    language: str = "en"
    says: str = ""
    """Of a bad one: words that the message holds."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Files of the sample blog that are there besides, or with other contents: by path from its folder,
    `datasets/2026-05-13/session.yaml`, `content/post/other/index.en.md`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that must hold. Exactly one of `check` and `survey` is there."""

    name: str
    """Lower case with hyphens: `direction-against-sign`."""
    severity: Severity
    summary: str
    """What must hold, in one sentence."""
    why: str
    """For `check --explain`: what readers lose otherwise, what it takes for true, what it leaves alone."""
    check: Callable[[Document, Knowledge], Iterable[Remark]] | None = None
    """Looks at one post."""
    survey: Callable[[Knowledge], Iterable[tuple[Entry, Remark]]] | None = None
    """Looks at all posts together, by their front matter; offsets are of the entry's file."""
    uses_data: bool = False
    """What it says of a post hangs on the session's data too, not on the file and the settings alone."""
    good: tuple[Example, ...] = ()
    bad: tuple[Example, ...] = ()
