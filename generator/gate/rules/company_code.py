"""A code beside a name is that company's, and carries its market's suffix."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.gate.codes import mentions
from generator.gate.dates import stated
from generator.gate.finding import Remark
from generator.gate.listing import SUFFIXES, listing_of
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.codes import Mention
    from generator.gate.finding import Severity
    from generator.gate.knowledge import Knowledge
    from generator.gate.listing import Company, Listing
    from generator.reading.document import Document

_MAY_HAVE_CODES = re.compile(r"\d{3}[0-9A-Z]")
_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS, _LONGEST = 8, 100
"""Of a company's name, looked for before its code."""
_BETWEEN = " \t\u00a0([（"
_BEHIND = " \t\u00a0)]）:"
_ENDS = tuple(",;:·/|)]）")
"""Behind a name these say that the code which follows is not its own."""
_ALIKE = 2
"""Most characters in which a slip differs from the code that was meant; what differs more may be a number."""
_OF_A_COMPANY = 5
"""Digits that all kinds of a company's shares have in common."""


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """Every code in brackets, with a market's suffix, or in a column of codes; and the stocks of the post."""
    stocks = document.front.get("stocks")
    if not stocks and not _MAY_HAVE_CODES.search(document.text, document.body_start):
        return
    listing = listing_of(document, knowledge)
    if not listing.by_code:
        return
    if isinstance(stocks, list) and listing.is_whole:
        yield from _of_front(document, [str(each) for each in stocks], listing)
    for mention in mentions(document, listing):
        if remark := _judged(mention, listing, document.language):
            yield remark


def _of_front(document: Document, stocks: list[str], listing: Listing) -> Iterator[Remark]:
    start, end = stated(document, "stocks")
    for code in stocks:
        if code not in listing.by_code:
            yield Remark(
                start=start,
                end=end,
                message=f"stocks names {code[:20]}, which no company of the listing has",
                found=code,
                remedy="Take the code from the exchange's list, in quotes: '005930'",
                severity="note",
            )


def _judged(mention: Mention, listing: Listing, language: str) -> Remark | None:
    company = listing.by_code.get(mention.code)
    padded = mention.code.zfill(6)
    if padded != mention.code and padded in listing.by_code:
        message = "a code has six characters, its first zeros too"
        return _remark(mention, message, right=f"{padded}.{mention.suffix}")
    named = _named(mention, listing)
    if named and mention.code not in named:
        return _of_another(mention, listing, named, language)
    if company is not None:
        return _of_another_market(mention, company, language)
    if mention.suffix and listing.is_whole:
        message = "no company of the listing has this code; a fund's is in none"
        return _remark(mention, message, severity="note")
    return None


def _of_another(mention: Mention, listing: Listing, named: tuple[str, ...], language: str) -> Remark | None:
    """The remark on a code that is not one of the company beside it."""
    company = listing.by_code.get(mention.code)
    others = [listing.by_code[each] for each in named]
    if company is None and not mention.is_surely_one:
        # "Hyundai Motor (710000)" may be its price.
        closest = min(_distance(mention.code, each.code) for each in others)
        if closest > _ALIKE:
            return None
    right = _as_written(others[0], mention)
    whose = f"it is the code of {company.official(language)}" if company else "no company has it"
    same = any(each.code[:_OF_A_COMPANY] == mention.code[:_OF_A_COMPANY] for each in others)
    return _remark(
        mention,
        f"the code of {others[0].official(language)} is {right}, not {mention.written}; {whose}",
        right=right,
        is_fix=len(others) == 1 and not (same and company),
        severity="warning" if same and company else None,
    )


def _of_another_market(mention: Mention, company: Company, language: str) -> Remark | None:
    suffix = SUFFIXES.get(company.market, "")
    is_wrong = suffix and mention.suffix and suffix != mention.suffix
    if not is_wrong and not (mention.market and company.market and company.market != mention.market):
        return None
    name = company.official(language)
    right = f"{company.code}.{suffix}" if is_wrong else f"{company.market}: {company.code}"
    return _remark(mention, f"{name} is listed on the {company.market}", right=right, is_fix=bool(is_wrong))


def _as_written(company: Company, mention: Mention) -> str:
    suffix = SUFFIXES.get(company.market, mention.suffix)
    return f"{company.code}.{suffix}" if mention.suffix else company.code


def _distance(code: str, other: str) -> int:
    return sum(one != two for one, two in zip(code, other, strict=False)) + abs(len(code) - len(other))


def _remark(
    mention: Mention, message: str, *, right: str = "", is_fix: bool = True, severity: Severity | None = None
) -> Remark:
    return Remark(
        start=mention.block.start(mention.start),
        end=mention.block.start(mention.end - 1) + 1,
        message=message,
        found=mention.written,
        expected=right,
        fix=right if right and is_fix else None,
        severity=severity,
    )


# The company beside a code


def _named(mention: Mention, listing: Listing) -> tuple[str, ...]:
    """The codes of the company that a code is said to be of; empty if none is named, or who can tell."""
    for cell in mention.row:
        if codes := listing.named(cell.text) or listing.named(_BRACKET.split(cell.text, maxsplit=1)[0]):
            return codes
    if mention.row:
        return ()
    text = mention.block.text
    close = mention.opens
    while close and text[close - 1] in _BETWEEN:
        close -= 1
    named, start = _name_before(text, close, listing)
    if not named or mention.code in named:
        return named
    if _is_named_behind(text[mention.end : mention.end + _LONGEST].lstrip(_BEHIND), mention.code, listing):
        return ()
    return () if _may_be_longer(text, start, mention.code, listing) else named


_BRACKET = re.compile(r"[(（\[]")


def _name_before(text: str, close: int, listing: Listing) -> tuple[tuple[str, ...], int]:
    """The codes of the company whose name ends at a place, the longest that is one, and where it begins."""
    if text.endswith(_ENDS, 0, close):
        return (), close
    first = max(0, close - _LONGEST)
    for word in list(_WORD.finditer(text, first, close))[-_MOST_WORDS:]:
        if codes := listing.named(text[word.start() : close]):
            return codes, word.start()
    return (), close


def _is_named_behind(behind: str, code: str, listing: Listing) -> bool:
    """[000660] SK hynix: the name may come after its code."""
    company = listing.by_code.get(code)
    return company is not None and any(
        behind.casefold().startswith(each.casefold()) for each in company.names.values()
    )


def _may_be_longer(text: str, start: int, code: str, listing: Listing) -> bool:
    """Whether the name found may be the end of another that the listing has in another script only."""
    company = listing.by_code.get(code)
    before = _LAST_WORD.search(text[max(0, start - _LONGEST) : start])
    if company is None or before is None or not before[1][0].isupper():
        return False
    return not any(each.isascii() for each in company.names.values())


_LAST_WORD = re.compile(r"([^\W_][\w&.'’-]{0,40})[ \u00a0&-]$")

_PAIRS = """\
| Company | Code | Close |
| --- | --- | ---: |
| Samsung Electronics | 005930 | 284000 |
| SK hynix | {} | 1976000 |
"""

RULE = Rule(
    name="company-code",
    severity="error",
    summary="A code is that of the company beside it, and its suffix that of its market.",
    why=(
        "A reader looks a company up by its code, and buys what it names. A code is six characters in"
        " brackets, with .KS (KOSPI) or .KQ (KOSDAQ), or in a column of codes; the name is what stands right"
        " before it, or in its row. Both are held against the listing of the session that the post is about,"
        " else of the newest one. Where the sources hold a whole market, a code with a suffix and a code"
        " among the stocks of a post that are in no listing are a note, as funds are in none. Another kind of"
        " share than the one that is named is a warning."
    ),
    check=check,
    uses_data=True,
    good=(
        Example("Daeduck Electronics (353200.KS) rose."),
        Example("SK hynix (000660) and Samsung Electronics (KOSPI: 005930) rose."),
        Example("The index moved by 123456 points, (which nobody believed), and 005930 units were made."),
        Example("Hyundai Motor (710000), Nvidia (NVDA), Toyota (7203.T) and CATL (300750.SZ) rose."),
        Example(_PAIRS.format("000660")),
    ),
    bad=(
        Example("Daeduck Electronics (353400.KS) rose.", says="353200.KS"),
        Example("SK hynix (005930) rose.", says="the code of SK hynix is 000660"),
        Example("Daeduck Electronics (353200.KQ) rose.", says="listed on the KOSPI"),
        Example("Samsung Electronics (5930.KS) rose.", says="six characters"),
        Example(_PAIRS.format("000600"), says="the code of SK hynix is 000660"),
    ),
)
