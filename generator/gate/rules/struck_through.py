"""A range written with tildes strikes nothing out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.gate.finding import Remark
from generator.gate.prose import shortened
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Block, Document, Span


def check(document: Document, _: Knowledge) -> Iterator[Remark]:
    """Text that is struck through by tildes which stand for "to" or "about"."""
    for block in document.blocks:
        for span in block.spans:
            if span.kind == "del" and span.end > span.start:
                yield from _of(block, span, document)


_NEAR = 12
"""Most characters of markup between a tilde and the text it strikes."""
_LONGEST_FIX = 2000
_UNITS = "%₩$€¥£원"


def _of(block: Block, span: Span, document: Document) -> Iterator[Remark]:
    text = document.text
    first, last = block.start(span.start), block.start(span.end - 1)
    opening = text.rfind("~", max(first - _NEAR, 0), first)
    closing = text.find("~", last + 1, last + 1 + _NEAR)
    if opening < 0 or closing < 0:
        return
    if text[opening - 1 : opening] == "~":
        opening -= 1
    end = closing + (2 if text[closing + 1 : closing + 2] == "~" else 1)
    before = text[opening - 1 : opening] if opening else ""
    after = text[end : end + 1]
    inner = text[opening:first].lstrip("~")[:1] or text[first : first + 1]
    is_plain = _is_amount(before) or _is_amount(after) or (_is_amount(inner) and before.isalnum())
    # One tilde between letters on both sides, twice: `월~금 … 토~일`.
    is_range = before.isalnum() and after.isalnum() and opening + 1 == first
    if not is_plain and not is_range:
        return
    source = text[opening:end]
    is_short = len(source) <= _LONGEST_FIX and "\n\n" not in source
    fix = _escaped(source) if is_short else None
    yield Remark(
        start=opening,
        end=end,
        message="tildes strike out the text between them",
        found=shortened(source),
        remedy=r"Write \~ for each tilde, or an en dash",
        fix=fix,
        severity=None if is_plain else "warning",
    )


def _is_amount(character: str) -> bool:
    return character.isdigit() or (character != "" and character in _UNITS)


def _escaped(source: str) -> str:
    """The tildes at both ends, escaped."""
    inner = source.strip("~")
    start = len(source) - len(source.lstrip("~"))
    return "\\~" * start + inner + "\\~" * (len(source) - start - len(inner))


RULE = Rule(
    name="struck-through",
    severity="error",
    summary="A range written with tildes strikes nothing out.",
    why=(
        "Goldmark takes one tilde for a mark of deletion as well as two: of `1~2% … 3~4%` the page shows "
        "1, then all up to 3 struck out. Tildes are taken for those of a range where a digit, a unit or "
        "a currency touches them on their outer side; with letters on both sides of each tilde (`월~금 … "
        "토~일`) it is a warning. Words struck out on purpose (`~old~`, `~~old~~`) are left alone."
    ),
    check=check,
    good=(
        Example("The range was 1\\~2%, then 3\\~4%."),
        Example("A range of 1–2%, and ~~an older guess~~ a newer one."),
        Example("About ~7,400 at the low and ~7,500 later."),
        Example("`1~2%` and `3~4%`"),
    ),
    bad=(
        Example("It may rise 1~2% in May and 3~4% in June.", says="strike"),
        Example("상승률은 1~2%에서 3~4%로 커졌다.", language="ko", says="strike"),
        Example("涨幅从1~2%扩大到3~4%。", language="zh", says="strike"),
    ),
)
