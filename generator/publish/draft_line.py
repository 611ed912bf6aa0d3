"""The one line of a post that says whether Hugo shows it."""

from __future__ import annotations

import re

from generator import front_matter

_LINE = re.compile(r"^draft[ \t]*:[^\r\n]*", re.MULTILINE | re.IGNORECASE)


def with_draft(text: str, *, draft: bool) -> str:
    """A post as a draft, or as none; nothing else of it changes.

    Raises:
        ValueError: it has no front matter in YAML.
    """
    place = front_matter.span(text)
    if place is None:
        raise ValueError("no front matter in YAML")
    start, end = place
    head, line = text[start:end], f"draft: {str(draft).lower()}"
    changed, count = _LINE.subn(line, head, count=1)
    if not count:
        ending = "\r\n" if "\r\n" in text else "\n"
        changed = f"{line}{ending}{head}"
    return text[:start] + changed + text[end:]
