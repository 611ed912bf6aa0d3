"""Stock codes as people write them: in brackets behind a name, with a market's mark, or in a column."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from generator.gate.listing import Listing
    from generator.reading.document import Block, Document

MARKETS = {"KOSPI": "KOSPI", "코스피": "KOSPI", "KOSDAQ": "KOSDAQ", "코스닥": "KOSDAQ"}
"""Markets by what people call them before a code."""

_CODE = re.compile(
    r"(?:(?P<label>KOSPI|KOSDAQ|KRX|코스피|코스닥)[ :]{1,2})?"
    r"(?<![A-Za-z0-9_.,])(?P<code>\d{5}[0-9A-Z]|\d{4}[A-Z][0-9A-Z]|\d{3,5}(?=\.K[SQ]))"
    r"(?:\.(?P<suffix>K[SQ]))?(?![A-Za-z0-9_%]|[.,]\d|\.[A-Z])"
)
_DIGITS = re.compile(r"\d{3}(?:\d|\.K)")
"""One of these stands in every code; most texts have none."""
_IN_A_CELL = re.compile(r"\s*(?P<code>\d{5}[0-9A-Z]|\d{4}[A-Z][0-9A-Z])(?:\.(?P<suffix>K[SQ]))?\s*")
_NOTHING = frozenset({"", "-", "–", "—", "n/a", "N/A"})
_OPENING, _CLOSING = frozenset("(（["), frozenset(")）],·/;")


@dataclass(frozen=True, slots=True)
class Mention:
    """A code in a text; `start` and `end` are of its block."""

    block: Block
    start: int
    end: int
    code: str
    suffix: str = ""
    """KS or KQ behind a dot."""
    market: str = ""
    """What is written before it: (KOSDAQ: 247540)."""
    opens: int = 0
    """Where that begins, else the code."""
    row: tuple[Block, ...] = ()
    """Of a code that is a cell of its own: the other cells of its row, the nearest one first."""

    @property
    def written(self) -> str:
        """With its suffix."""
        return self.block.text[self.start : self.end]

    @property
    def is_surely_one(self) -> bool:
        """Nobody writes a number so."""
        return bool(self.suffix or self.market) or self.code.startswith("0") or not self.code.isdigit()


@functools.lru_cache(maxsize=2)
def mentions(document: Document, listing: Listing) -> tuple[Mention, ...]:
    """The codes of a text, in order; kept for the rule that asks next.

    Of the numbers in a table those are codes whose column has no others, if the listing knows half of them.
    """
    return tuple(_mentions(document.blocks, listing.by_code))


def _mentions(blocks: Sequence[Block], known: Collection[str]) -> Iterator[Mention]:
    of_cells = {id(each.block): each for each in _in_cells(blocks, known)}
    for block in blocks:
        if mention := of_cells.get(id(block)):
            yield mention
        elif block.kind not in ("code", "html"):
            yield from _in_text(block)


def _in_text(block: Block) -> Iterator[Mention]:
    text = block.text
    for found in _CODE.finditer(text) if _DIGITS.search(text) else ():
        start = found.start("code")
        if found["suffix"] or _is_in_brackets(text, found):
            market = MARKETS.get(found["label"] or "", "")
            yield Mention(
                block, start, found.end(), found["code"], found["suffix"] or "", market, found.start()
            )


def _is_in_brackets(text: str, found: re.Match[str]) -> bool:
    before = text[max(0, found.start() - 2) : found.start()].rstrip()[-1:]
    after = text[found.end() : found.end() + 2].lstrip()[:1]
    return before in _OPENING and after in _CLOSING


def _in_cells(blocks: Iterable[Block], known: Collection[str]) -> Iterator[Mention]:
    """Cells that are nothing but a code, in columns that hold nothing else."""
    rows: dict[tuple[int, int], list[Block]] = {}
    columns: dict[tuple[int, int], list[Block]] = {}
    for block in blocks:
        if block.cell is not None and block.cell.row:
            rows.setdefault((block.cell.table, block.cell.row), []).append(block)
            if block.text.strip() not in _NOTHING:
                columns.setdefault((block.cell.table, block.cell.column), []).append(block)
    for (table, column), cells in columns.items():
        if not _IN_A_CELL.fullmatch(cells[0].text):
            continue
        found = [_IN_A_CELL.fullmatch(each.text) for each in cells]
        codes = [each for each in found if each is not None]
        if len(codes) < len(cells) or not _are_codes(codes, known):
            continue
        for block, each in zip(cells, codes, strict=True):
            row = rows[table, block.cell.row if block.cell else 0]
            others = sorted(
                (one for one in row if one is not block),
                key=lambda one: abs((one.cell.column if one.cell else 0) - column),
            )
            yield Mention(
                block,
                each.start("code"),
                each.end("suffix") if each["suffix"] else each.end("code"),
                each["code"],
                each["suffix"] or "",
                row=tuple(others),
            )


def _are_codes(found: Sequence[re.Match[str]], known: Collection[str]) -> bool:
    """Whether they are codes rather than numbers of six digits."""
    if any(each["suffix"] or each["code"].startswith("0") or not each["code"].isdigit() for each in found):
        return True
    return 2 * sum(each["code"] in known for each in found) >= len(found)
