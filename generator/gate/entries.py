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
        start = front_matter.offset_of_key(self.key, text)
        end = text.find("\n", start)
        return Remark(
            start=start,
            end=end if end >= 0 else len(text),
            message=self.message,
            found=self.found,
            expected=self.expected,
            remedy=self.remedy,
            severity=self.severity,
        )
