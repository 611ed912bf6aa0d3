"""What a rule finds, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]
"""An error keeps a post from being published; a warning is worth a look; a note is advice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What a rule says of a stretch of a file, `text[start:end]`."""

    start: int
    end: int
    message: str
    """What is wrong, in one sentence without a full stop."""
    found: str = ""
    expected: str = ""
    remedy: str = ""
    """What to do, as an instruction."""
    fix: str | None = None
    """What to put in its place, where there is one right answer."""
    severity: Severity | None = None
    """Where it differs from the rule's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A remark with its rule and its place, as people and programs get it."""

    rule: str
    severity: Severity
    file: str
    line: int
    """From 1, as `column`."""
    column: int
    message: str
    found: str = ""
    expected: str = ""
    remedy: str = ""
    end_line: int = 0
    end_column: int = 0
    """Behind the last character."""
    text: str = ""
    """The line it is on, or what is around it in a long one; a baseline knows a finding by it, as lines
    move."""
    text_column: int = 1
    """The column of the line at which `text` begins."""
    fix: str | None = None
    is_defect: bool = False
    """The rule itself failed; neither an excuse nor a baseline takes that away."""
