"""A code beside a name is that company's, and carries its market's suffix."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.gate.finding import Remark
from generator.gate.listing import SUFFIXES, listing_of
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.gate.knowledge import Knowledge
    from generator.gate.listing import Company, Listing
    from generator.reading.document import Block, Document

_CODE = re.compile(
    r"(?<![\w.,])(?P<code>\d{5}[0-9A-Z]|\d{4}[A-Z]\d)(?:\.(?P<suffix>K[A-Z]))?(?![\w%]|[.,]\d)", re.ASCII
)
_MOST_WORDS = 6
"""Of a company's name, looked for before its code."""
_WORD = re.compile(r"[^\s(（\[]+")
_BETWEEN = " \t\u00a0([（"


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """Every code in brackets or with a market's suffix."""
    listing: Listing | None = None
    for block in document.blocks:
        for found in _CODE.finditer(block.text) if block.kind not in ("code", "html") else ():
            if not _is_code(block.text, found):
                continue
            listing = listing or listing_of(document, knowledge)
            if listing.by_code:
                yield from _judged(block, found, listing, document.language)


def _is_code(text: str, found: re.Match[str]) -> bool:
    """A number of six digits is a code only where it is written as one."""
    if found["suffix"]:
        return True
    before, after = text[: found.start()].rstrip()[-1:], text[found.end() :].lstrip()[:1]
    return before in ("(", "（", "[") and after in (")", "）", "]", ",", "·", "/")


def _judged(block: Block, found: re.Match[str], listing: Listing, language: str) -> Iterable[Remark]:
    code, suffix = found["code"], found["suffix"]
    start, end = block.start(found.start()), block.start(found.end() - 1) + 1
    named = _named_before(block.text, found.start(), listing)
    company = listing.by_code.get(code)
    if named and code not in named:
        others = [listing.by_code[each] for each in named]
        right = others[0].code + (f".{SUFFIXES[others[0].market]}" if _has_suffix(others[0], suffix) else "")
        whose = f"it is the code of {company.official(language)}" if company else "no company has it"
        yield Remark(
            start=start,
            end=end,
            message=f"the code of {others[0].official(language)} is {right}, not {found[0]}; {whose}",
            found=found[0],
            expected=right,
            fix=right if len(others) == 1 else None,
        )
    elif company is None:
        if listing.is_whole:
            yield Remark(
                start=start, end=end, message="no company of the listing has this code", found=found[0]
            )
    elif suffix and company.market in SUFFIXES and SUFFIXES[company.market] != suffix:
        right = f"{code}.{SUFFIXES[company.market]}"
        yield Remark(
            start=start,
            end=end,
            message=f"{company.official(language) or code} is listed on the {company.market}",
            found=found[0],
            expected=right,
            fix=right,
        )


def _has_suffix(company: Company, written: str | None) -> bool:
    return bool(written) and company.market in SUFFIXES


def _named_before(text: str, end: int, listing: Listing) -> tuple[str, ...]:
    """The codes of the company whose name stands right before a code; the longest name that is one."""
    close = len(text[:end].rstrip(_BETWEEN))
    words = list(_WORD.finditer(text, max(0, close - 200), close))[-_MOST_WORDS:]
    for word in words:
        if codes := listing.named(text[word.start() : close]):
            return codes
    return ()


RULE = Rule(
    name="company-code",
    severity="error",
    summary="A code is that of the company beside it, and its suffix that of its market.",
    why=(
        "A reader looks a company up by its code, and buys what it names. A code is six characters in"
        " brackets, or with .KS (KOSPI) or .KQ (KOSDAQ); the name is what stands right before it. Both are"
        " held against the listing of the session that the post is about, else of the newest one. A code"
        " that is in no listing is reported where the sources hold a whole market."
    ),
    check=check,
    uses_data=True,
    good=(
        Example("Daeduck Electronics (353200.KS) rose."),
        Example("SK hynix (000660) and Samsung Electronics (005930.KS) rose."),
        Example("The index moved by 123456 points, (which nobody believed), and 005930 units were made."),
    ),
    bad=(
        Example("Daeduck Electronics (353400.KS) rose.", says="353200.KS"),
        Example("SK hynix (005930) rose.", says="the code of SK hynix is 000660"),
        Example("Daeduck Electronics (353200.KQ) rose.", says="listed on the KOSPI"),
    ),
)
