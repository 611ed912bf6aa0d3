"""Remarks about a post that was not read: where its front matter states a key."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from generator import front_matter
from generator.gate.finding import Remark

if TYPE_CHECKING:
    from generator.gate.finding import Severity
    from generator.library import Entry


def at_key(
    entry: Entry,
    key: str,
    message: str,
    *,
    found: str = "",
    expected: str = "",
    remedy: str = "",
    severity: Severity | None = None,
) -> Remark:
    """A remark on the line of a front matter key; on the first line of a file without it."""
    text = ""
    with contextlib.suppress(OSError):
        text = entry.path.read_bytes().decode("utf-8", "replace")
    lines = text.split("\n")
    number = front_matter.line_of_key(key, text) - 1
    start = sum(len(line) + 1 for line in lines[:number])
    return Remark(
        start=start,
        end=start + len(lines[number]),
        message=message,
        found=found,
        expected=expected,
        remedy=remedy,
        severity=severity,
    )
