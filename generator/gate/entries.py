"""Remarks about a post that was not read: where its front matter states a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator import front_matter
from generator.gate.finding import Remark

if TYPE_CHECKING:
    from generator.gate.finding import Severity


class AtKey(NamedTuple):
    """A remark on the line of a front matter key, before anybody read the file."""

    key: str
    message: str
    found: str = ""
    expected: str = ""
    remedy: str = ""
    severity: Severity | None = None

    def within(self, text: str) -> Remark:
        """The remark in its file's text; on the first line of one without the key."""
        lines = text.split("\n")
        number = front_matter.line_of_key(self.key, text) - 1
        start = sum(len(line) + 1 for line in lines[:number])
        return Remark(
            start=start,
            end=start + len(lines[number]),
            message=self.message,
            found=self.found,
            expected=self.expected,
            remedy=self.remedy,
            severity=self.severity,
        )
