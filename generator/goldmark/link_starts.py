"""Where a link may begin in Markdown's source: a pattern for links is tried there and nowhere else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Each way with a plain letter: `re` passes over all other letters fast.
_STARTS = re.compile(r"\]\(|<|\{\{|h[tT]{2}[pP]|H[tT]{2}[pP]")


def find_links(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """As `pattern.finditer(text)`.

    Args:
        pattern: of links; each begins with `](`, `<`, `{{` or `http`, or is a definition: `[name]: address`.
        text: the source.
    """
    if "]:" in text:  # a definition begins where its line does
        yield from pattern.finditer(text)
        return
    at = 0
    while start := _STARTS.search(text, at):
        found = pattern.match(text, start.start())
        at = found.end() if found else start.start() + 1
        if found:
            yield found
