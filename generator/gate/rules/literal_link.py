"""Links and images become links and images."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.gate.finding import Remark
from generator.gate.marks import is_escaped
from generator.gate.prose import prose_of
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document

_BROKEN = re.compile(r"\]\(|\] \((?=https?://)")


def check(document: Document, _: Knowledge) -> Iterator[Remark]:
    """What was to be a link and stands on the page as Markdown."""
    prose = prose_of(document)
    for found in _BROKEN.finditer(prose.text):
        place = prose.exact(*found.span())
        if place is None or is_escaped(document.text, place[0]):
            continue
        is_apart = found[0] == "] ("
        line_start = prose.text.rfind("\n", max(found.start() - 40, 0), found.start()) + 1
        start = max(line_start, found.start() - 40)
        yield Remark(
            start=place[0],
            end=place[1],
            message="a link that is none on the page: its brackets are shown",
            found=" ".join(prose.text[start : found.end() + 30].split("\n")[0].split()),
            remedy=(
                "Take the space out" if is_apart else "Close the bracket; write an address with spaces as <…>"
            ),
            fix="](" if is_apart else None,
        )


RULE = Rule(
    name="literal-link",
    severity="error",
    summary="Links and images become links and images on the page.",
    why=(
        "An address with a space, a bracket that is not closed, or a space between `]` and `(` leave the "
        "whole as text, and the reader sees the address in the middle of a sentence. In titles and "
        "descriptions no Markdown is read at all. Code and escaped brackets are left alone."
    ),
    check=check,
    good=(
        Example("See [the hub](/page/daily-market-hub/) and [a note](</a b/>)."),
        Example("`[a](b c)` is no link, [1] (a footnote) neither."),
    ),
    bad=(
        Example("See [the report](/files/a report.pdf) for more.", says="link"),
        Example("See [the exchange] (https://www.krx.co.kr/).", says="link"),
        Example("[거래소](https://www.krx.co.kr/ 를 보라.", language="ko", says="link"),
    ),
)
