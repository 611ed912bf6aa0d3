"""The part of a documentation page that is written from code, between two markers. Leaf."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from generator import files

if TYPE_CHECKING:
    from collections.abc import Callable

END = "<!-- reference: end -->"


def begin(module: str) -> str:
    """The marker before what `python -m <module>` writes."""
    return f"<!-- reference: begin, written by `python -m {module}` -->"


def renewed(page: str, module: str, block: str) -> str:
    """The page with `block` between the markers of `module`.

    Raises:
        ValueError: a marker is missing.
    """
    first = begin(module)
    before, found, rest = page.partition(first)
    _, end, after = rest.partition(END)
    if not found or not end:
        raise ValueError(f"the page lacks the marker {END if found else first}")
    return f"{before}{first}\n\n{block}\n{END}{after}"


def renew(default: str, renewing: Callable[[str], str]) -> None:
    """Write the page anew that the command line names, or the default one."""
    page = Path(sys.argv[1] if len(sys.argv) > 1 else default)
    files.write(page, renewing(page.read_text(encoding="utf-8")).encode())
