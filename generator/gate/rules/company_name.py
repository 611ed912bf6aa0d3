"""A company is called by one name, the official one of the post's language."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.gate.claims.phrases import words_of
from generator.gate.codes import mentions
from generator.gate.finding import Remark
from generator.gate.listing import folded, listing_of
from generator.gate.prose import HIDDEN, masked
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from generator.gate.finding import Severity
    from generator.gate.knowledge import Knowledge
    from generator.gate.listing import Company, Listing
    from generator.reading.document import Block, Document

_GAP = re.compile(r"[ \u00a0]{0,2}|[-.&'’·]| & ")
_HANGUL = re.compile(r"[가-힣]")
_JUDGED = ("title", "description", "paragraph", "item", "cell", "heading")
_BRACKETS = ("(", "（", "[", "/")
_PART_BEFORE = frozenset("#@/._\\-" + HIDDEN)
_PART_BEHIND = re.compile(rf"[@/_\\{HIDDEN}]|\.[^\W_]")
"""Around a word these say that it is a part of an address, a tag or an account's name."""
_SHORTEST = 6
"""Letters of a folded name below which a likeness may be chance."""
_AROUND = 20
"""Characters on each side that are in capitals where a whole line is."""
_NEAR = 3
"""Characters between a name and the same in another language."""
_LONGEST_PARTICLE = 6


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """Names that are spelled like a company's, but not as the company is called."""
    listing = listing_of(document, knowledge)
    if not listing.by_code:
        return
    blocks = [block for block in document.blocks if block.kind in _JUDGED]
    named = [name for block in blocks for name in _names(block, listing)]
    subjects = _subjects(document, listing, named)
    rows = _Rows(blocks)
    for name in named:
        if remark := _judged(name, subjects, document.language, rows):
            yield remark


# The names of a text


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

    @property
    def is_right(self) -> bool:
        """It is spelled as the sources spell it, in whatever language."""
        return any(_same(self.text, each) for company in self.companies for each in company.names.values())


def _same(text: str, name: str) -> bool:
    return text.replace("\u00a0", " ").rstrip(".") == name.rstrip(".")


def _names(block: Block, listing: Listing) -> Iterator[_Name]:
    """The names in a block; of those that overlap the longest of the first."""
    text = masked(block, besides=lambda span: span.kind == "link")
    words = words_of(text)
    # A word by itself has none of the marks that folding leaves out.
    plain = list(map(str.casefold, words.words))
    openings, last = listing.openings, -1
    for at in [n for n, word in enumerate(plain) if word in openings or "가" <= word[-1:] <= "힣"]:
        if at <= last:
            continue
        last, end, codes = _longest(text, words.spans, plain, at, listing)
        start = words.spans[at][0]
        if codes and not _is_part(text, start, end):
            yield _Name(block, start, end, tuple(listing.by_code[code] for code in codes))


def _longest(
    text: str,
    spans: Sequence[tuple[int, int]],
    plain: Sequence[str],
    first: int,
    listing: Listing,
) -> tuple[int, int, tuple[str, ...]]:
    """The last word, the end and the codes of the longest name that begins with a word; none: no codes."""
    best: tuple[int, int, tuple[str, ...]] = (first, spans[first][1], ())
    so_far = ""
    for at in range(first, len(spans)):
        start, end = spans[at]
        if at > first and not _GAP.fullmatch(text, spans[at - 1][1], start):
            break
        whole = so_far + plain[at]
        if whole in listing.by_name:
            best = (at, end, listing.by_name[whole])
        elif "가" <= plain[at][-1:] <= "힣" and (cut := _particle(text[start:end], so_far, listing)):
            best = (at, end - cut, listing.by_name[so_far + folded(text[start : end - cut])])
        if whole not in listing.openings:
            break
        so_far = whole
    return best


def _particle(word: str, before: str, listing: Listing) -> int:
    """How many letters of a word are a particle behind a name; 0 if it is none with one."""
    from generator.links.names import PARTICLE  # noqa: PLC0415 - start-up

    for cut in range(1, min(len(word), _LONGEST_PARTICLE + 1)):
        if before + folded(word[:-cut]) in listing.by_name and PARTICLE.fullmatch(word[-cut:]):
            return cut
    return 0


def _is_part(text: str, start: int, end: int) -> bool:
    return text[max(0, start - 1) : start] in _PART_BEFORE or _PART_BEHIND.match(text, end) is not None


# What they should be


def _subjects(document: Document, listing: Listing, named: Iterable[_Name]) -> Collection[str]:
    """Codes of the companies that the post speaks of for sure: by code, rightly, or in two ways."""
    stocks = document.front.get("stocks")
    found = {str(each) for each in stocks} if isinstance(stocks, list) else set()
    found.update(each.code for each in mentions(document, listing))
    spellings: defaultdict[str, set[str]] = defaultdict(set)
    for name in named:
        for company in name.companies:
            spellings[company.code].add("" if name.is_right else name.text)
    found.update(code for code, ways in spellings.items() if "" in ways or len(ways) > 1)
    return found


class _Rows:
    """The rows of the tables of a post."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._texts: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
        self._known: dict[tuple[int, int, str], bool] = {}
        for block in blocks:
            if block.cell is not None:
                self._texts[block.cell.table, block.cell.row].append(block.text)

    def has(self, block: Block, name: str) -> bool:
        """Whether a name stands in the row of a cell."""
        if block.cell is None:
            return False
        table, row = block.cell.table, block.cell.row
        if (table, row, name) not in self._known:
            self._known[table, row, name] = any(name in text for text in self._texts[table, row])
        return self._known[table, row, name]


def _judged(name: _Name, subjects: Collection[str], language: str, rows: _Rows) -> Remark | None:
    text = name.text
    severity: Severity | None = None
    if name.is_right:
        official = _of_language(name.companies, language)
        if not official or _is_hangul(text) == _is_hangul(official) or _is_beside(name, official, rows):
            return None
        message = f"{official} is called by its name in another language"
    elif any(each.code in subjects for each in name.companies):
        official = _alike(name, language)
        whole = name.block.text
        around = whole[max(0, name.start - _AROUND) : name.start] + whole[name.end : name.end + _AROUND]
        is_loud = around.isupper() and sum(map(str.isupper, around)) >= _SHORTEST
        if not official or is_loud or len(folded(text)) < _SHORTEST:
            return None
        message = f"{official} is spelled in another way than it calls itself"
        severity = "note" if _is_plain_prose(text, official) else None
    else:
        return None
    start = name.block.start(name.start)
    end = name.block.start(name.end - 1) + 1
    is_plain = end - start == len(text) and len(name.companies) == 1
    return Remark(
        start=start,
        end=end,
        message=message,
        found=text,
        expected=official,
        fix=official if is_plain and not severity and not _is_hangul(text + official) else None,
        severity=severity,
    )


def _is_plain_prose(text: str, official: str) -> bool:
    """Whether a word of the name is an ordinary one as it is written: Korean air defence."""
    pairs = zip(text.split(), official.split(), strict=False)
    return any(one.islower() and other[0].isupper() and one == other.lower() for one, other in pairs)


def _of_language(companies: Iterable[Company], language: str) -> str:
    """The official name in a language; empty if the sources have none, or if it may be several companies'."""
    found = {each.names.get(language, "") for each in companies}
    return found.pop() if len(found) == 1 else ""


def _alike(name: _Name, language: str) -> str:
    """The right form of a misspelled name: the language's if it has the same letters, else whichever has."""
    forms: Mapping[str, None] = {}
    for company in name.companies:
        own = [company.official(language), *company.names.values()]
        forms = {**forms, **dict.fromkeys(each for each in own if folded(each) == folded(name.text))}
    return next(iter(forms), "")


def _is_hangul(text: str) -> bool:
    return _HANGUL.search(text) is not None


def _is_beside(name: _Name, official: str, rows: _Rows) -> bool:
    """Whether a name in another language explains the official one, or stands beside it."""
    text = name.block.text
    if text[max(0, name.start - 2) : name.start].rstrip().endswith(_BRACKETS):
        return True
    around = len(official) + _NEAR
    behind = text[name.end : name.end + around]
    return (
        official in text[max(0, name.start - around) : name.start]
        or (official in behind and behind.lstrip().startswith(_BRACKETS))
        or rows.has(name.block, official)
    )


RULE = Rule(
    name="company-name",
    severity="warning",
    summary="A company is called by one name: the official one of the post's language.",
    why=(
        "Two spellings look like two companies, to readers and to searches. The official form is that of the"
        " names in the sources, else the one in the session's own tables. Spellings that differ in case,"
        " spaces, hyphens or dots are reported where it is sure that the company is meant: the post names it"
        " rightly elsewhere or in two ways, or gives its code. A name of another script is reported where"
        " the sources have one in the post's language, unless both stand side by side, as in Samsung"
        " Electronics (삼성전자). Addresses, tags, links and lines in capitals are left alone;"
        " ordinary words in small letters, such as Korean air, are a note."
    ),
    check=check,
    uses_data=True,
    good=(
        Example("SK hynix rose; SK hynix’s rival fell. See #SKHynix and skhynix.com."),
        Example("Hyundai Motor Co., Ltd. rose, and with it the motor of the market."),
        Example("The hyundai motor of my neighbour."),
    ),
    bad=(
        Example("SK hynix rose. Later SK Hynix fell.", says="SK hynix is spelled"),
        Example("Samsung Electro-Mechanics rose; Samsung Electro Mechanics fell.", says="spelled"),
        Example("Sk Hynix (000660) rose.", says="SK hynix is spelled"),
    ),
)
