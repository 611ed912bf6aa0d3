"""A company is called by one name, the official one of the post's language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.gate.finding import Remark
from generator.gate.listing import folded, listing_of
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from generator.gate.knowledge import Knowledge
    from generator.gate.listing import Company, Listing
    from generator.reading.document import Block, Document

_WORD = re.compile(r"[^\W_](?:[^\W_]|[&'’.\-](?=[^\W_]))*")
_MOST_WORDS = 4
_HANGUL = re.compile(r"[가-힣]")
_JUDGED = ("title", "description", "paragraph", "item", "cell", "heading")
_SHORTEST = 6
"""Letters of a folded name below which a likeness may be chance."""


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """Names that are spelled like a company's, but not as the company is called."""
    listing = listing_of(document, knowledge)
    if not listing.by_code:
        return
    named = [name for block in document.blocks if block.kind in _JUDGED for name in _names(block, listing)]
    stocks = document.front.get("stocks")
    subjects = {str(each) for each in stocks} if isinstance(stocks, list) else set()
    for name in named:
        subjects.update(each.code for each in name.companies if each.official(document.language) == name.text)
    for name in named:
        if remark := _judged(name, subjects, document.language):
            yield remark


@dataclass(frozen=True, slots=True)
class _Name:
    """Words of a block that, folded, are a company's name."""

    block: Block
    start: int
    end: int
    companies: tuple[Company, ...]

    @property
    def text(self) -> str:
        return self.block.text[self.start : self.end]


def _names(block: Block, listing: Listing) -> Iterator[_Name]:
    """The names in a block; of those that overlap the longest."""
    words = list(_WORD.finditer(block.text))
    at = 0
    while at < len(words):
        taken = 1
        for count in range(min(_MOST_WORDS, len(words) - at), 0, -1):
            start, end = words[at].start(), words[at + count - 1].end()
            if codes := listing.named(block.text[start:end]):
                yield _Name(block, start, end, tuple(listing.by_code[code] for code in codes))
                taken = count
                break
        at += taken


def _judged(name: _Name, subjects: Collection[str], language: str) -> Remark | None:
    officials = list(dict.fromkeys(each.official(language) for each in name.companies))
    if any(name.text.startswith(each) for each in officials) or name.block.is_within("link", name.start):
        return None
    if bool(_HANGUL.search(name.text)) != bool(_HANGUL.search(officials[0])):
        if name.block.text[: name.start].rstrip()[-1:] in ("(", "（") or len(officials) > 1:
            return None
        message = f"{officials[0]} is called by its name in another language"
    elif len(folded(name.text)) >= _SHORTEST and any(each.code in subjects for each in name.companies):
        message = f"{officials[0]} is spelled in another way than it calls itself"
    else:
        return None
    return Remark(
        start=name.block.start(name.start),
        end=name.block.start(name.end - 1) + 1,
        message=message,
        found=name.text,
        expected=officials[0],
        fix=officials[0] if len(officials) == 1 else None,
    )


RULE = Rule(
    name="company-name",
    severity="warning",
    summary="A company is called by one name: the official one of the post's language.",
    why=(
        "Two spellings look like two companies, to readers and to searches. The official form is that of the"
        " names in the sources, else the one in the session's own tables. Spellings that differ in case,"
        " spaces, hyphens or the form of the company are looked for where the post names the company rightly"
        " elsewhere, or has it among its stocks; a name of another script is reported unless it stands in"
        " brackets, as in Samsung Electronics (삼성전자)."
    ),
    check=check,
    uses_data=True,
    good=(
        Example("SK hynix rose; SK hynix’s rival fell."),
        Example("Hyundai Motor Co., Ltd. rose, and with it the motor of the market."),
    ),
    bad=(
        Example("SK hynix rose. Later SK Hynix fell.", says="SK hynix is spelled"),
        Example("Samsung Electro-Mechanics rose; Samsung Electro Mechanics fell.", says="spelled"),
    ),
)
