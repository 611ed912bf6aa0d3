"""Headings become headings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.gate.finding import Remark
from generator.gate.marks import is_escaped
from generator.gate.prose import shortened
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document

_HEADING = re.compile(r"#{2,6}(?=[^\s#])")
_LONG = 80


def check(document: Document, _: Knowledge) -> Iterator[Remark]:
    """Paragraphs that were to be headings, and headings that were to be paragraphs."""
    for block in document.blocks:
        if block.kind == "paragraph" and (found := _HEADING.match(block.text)):
            start = block.start()
            if document.text.startswith(found[0], start) and not is_escaped(document.text, start):
                yield Remark(
                    start=start,
                    end=start + len(found[0]),
                    message="a heading that is none on the page: no space follows the number signs",
                    found=shortened(block.text),
                    remedy="Put a space behind them",
                    fix=f"{found[0]} ",
                )
    yield from _underlined(document)


def _underlined(document: Document) -> Iterator[Remark]:
    blocks = (block for block in document.blocks if block.kind == "heading")
    opened = (token for token in document.tokens if token.type == "heading_open")
    for block, token in zip(blocks, opened, strict=True):
        is_prose = len(block.text) > _LONG or (len(block.text) > _LONG // 2 and block.text[-1] in ".。")
        if token.markup in {"-", "="} and is_prose:
            yield Remark(
                start=block.start(),
                end=block.start(len(block.text) - 1) + 1,
                message="the line below makes a heading of this paragraph",
                found=shortened(block.text),
                remedy=f"Leave a blank line before the line of {token.markup}",
            )


RULE = Rule(
    name="literal-heading",
    severity="error",
    summary="Headings become headings, and paragraphs stay paragraphs.",
    why=(
        "`##제목` without a space is a paragraph that starts with number signs. A line of `---` directly "
        "below a paragraph makes a heading of it; it does so here if the paragraph is long or ends in a "
        "full stop. A single `#` before a word is a hashtag and left alone."
    ),
    check=check,
    good=(
        Example("## What happened\n\nThe index rose.\n\n---\n\nMore."),
        Example("#KOSPI #KOSDAQ closed apart; item ##2 is no heading."),
        Example("A title\n-------\n\nText."),
    ),
    bad=(
        Example("##What happened\n\nThe index rose.", says="no space"),
        Example("###1. 외국인 수급\n\n순매도.", language="ko", says="no space"),
        Example("The index rose by more than two per cent on the day.\n---\n\nMore.", says="heading"),
    ),
)
