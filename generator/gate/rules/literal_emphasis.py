"""Marks of emphasis and code become emphasis and code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.gate import marks
from generator.gate.finding import Remark
from generator.gate.prose import shortened
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.gate.marks import Run
    from generator.reading.document import Block, Document


def check(document: Document, _: Knowledge) -> Iterator[Remark]:
    """Marks that the page shows."""
    fixes = 0
    for block in document.blocks:
        if block.kind in {"title", "description"}:
            yield from _in_front_matter(block, document)
            continue
        for first, second in _shown(block, document):
            if second is None:
                yield _of_one(first, block)
            else:
                # Each fix is tried by the parser; nobody reads a thousand of them.
                fixes += 1
                yield _of_pair(first, second, block, document, is_tried=fixes <= _MOST_FIXES)


_MOST_FIXES = 300


_BOLD = re.compile(r"\*\*(?=[^\s*])([^*\n]{1,300})(?<=[^\s*])\*\*")


def _in_front_matter(block: Block, document: Document) -> Iterator[Remark]:
    for found in _BOLD.finditer(block.text):
        start, end = block.start(found.start()), block.start(found.end() - 1) + 1
        is_exact = document.text[start:end] == found[0]
        yield Remark(
            start=start,
            end=end,
            message=f"no Markdown is read in a {block.kind}: its asterisks are shown",
            found=shortened(found[0]),
            remedy="Take the asterisks out",
            fix=found[1] if is_exact else None,
        )


def _shown(block: Block, document: Document) -> Iterator[tuple[Run, Run | None]]:
    """The marks that the page shows: pairs that were to be emphasis, and those without a partner."""
    found = list(marks.runs(block, document))
    at = 0
    while at < len(found):
        first, second = found[at], found[at + 1] if at + 1 < len(found) else None
        at += 1
        if second is not None and _is_pair(first, second):
            at += 1
            yield first, second
        elif _is_alone(first):
            yield first, None


def _of_one(run: Run, block: Block) -> Remark:
    start = block.start(run.start)
    return Remark(
        start=start,
        end=start + run.length,
        message=f"{_NAMES[run.mark]} that the page shows",
        found=_context(block.text, run),
        remedy=f"Close or remove it, or write {_escaped(run)} if it is to be seen",
        severity="warning",
    )


_NAMES = {"*": "asterisks of bold text", "_": "underscores of emphasis", "`": "a backtick"}
_LONGEST = 3
"""Marks in a row that may be emphasis: bold and italic together."""


def _is_pair(first: Run, second: Run) -> bool:
    if first.mark != second.mark or first.mark == "`" or first.length != second.length > 0:
        return False
    if first.length > _LONGEST or first.end == second.start:
        return False
    if not first.may_open or not second.may_close or (first.after.isspace() and second.before.isspace()):
        return False
    if first.mark == "*" and first.length > 1:
        return True
    # A single asterisk may be a footnote's, an underscore part of a name: only what Korean, Japanese and
    # Chinese make of them is plain.
    if first.after.isspace() or second.before.isspace():
        return False
    return marks.is_wide_letter(second.after) or (
        marks.is_wide_letter(first.before) and marks.is_punctuation(first.after)
    )


def _is_alone(run: Run) -> bool:
    if run.mark == "*":
        is_spaced = run.before.isspace() and run.after.isspace()
        return run.length == len("**") and not run.is_in_word and not is_spaced
    return run.mark == "`" and not (run.before.isalpha() and run.after.isalpha())


_LONGEST_FIX = 2000


def _of_pair(first: Run, second: Run, block: Block, document: Document, *, is_tried: bool) -> Remark:
    text = document.text
    start, end = block.start(first.start), block.start(second.end - 1) + 1
    source = text[start:end]
    mark = first.mark * first.length
    fix = None
    if is_tried and end - start <= _LONGEST_FIX and source.startswith(mark) and source.endswith(mark):
        before, after = text[max(start - 1, 0) : start], text[end : end + 1]
        fix = marks.mended(source, first.length, before=before, after=after, markup=document.markup)
    if fix is not None:
        remedy = f"Write {shortened(fix)}"
    elif document.markup.escaped_space:
        remedy = "Let it start and end with a letter or a digit, or put a space beside it"
    else:
        remedy = (
            "Let it start and end with a letter or a digit, or switch on "
            "markup.goldmark.extensions.cjk.escapedSpace and put a backslash and a space behind it"
        )
    return Remark(
        start=start,
        end=end,
        message="emphasis that is none on the page: its marks are shown",
        found=shortened(source),
        remedy=remedy,
        fix=fix,
    )


def _context(text: str, run: Run) -> str:
    return shortened(text[max(run.start - 12, 0) : run.end + 12])


def _escaped(run: Run) -> str:
    return "".join(f"\\{mark}" for mark in run.mark * run.length)


RULE = Rule(
    name="literal-emphasis",
    severity="error",
    summary="Marks of emphasis and code become emphasis and code on the page.",
    why=(
        "Goldmark closes `**` only where the character before it is no punctuation or the one behind it "
        "is no letter. In Korean, Japanese and Chinese a particle follows without a space, so "
        "`**삼성전자(005930)**는` shows its asterisks. With "
        "`markup.goldmark.extensions.cjk.escapedSpace` on, `**…)**\\ 는` is bold and shows no space; "
        "that is the fix. Judged on what goldmark makes of the text with the site's settings: marks in "
        "code, escaped ones (`\\*`), footnote marks, powers (`2**10`) and names (`snake_case`) are left "
        "alone. A mark without a partner is a warning."
    ),
    check=check,
    good=(
        Example("The index rose **2.63%** and *held* it; `a ** b` is code, 2**10 a power."),
        Example("**삼성전자(005930)**\\ 는 올랐고 **코스피**는 내렸다.", language="ko"),
        Example("Sales\\*\\* of snake_case_names rose\\*, by __half__."),
        Example("EPS* rose. Margins fell."),
    ),
    bad=(
        Example("오늘 **삼성전자(005930)**는 올랐다.", language="ko", says="emphasis"),
        Example("外資は**「サムスン電子」**を売った。", language="ja", says="emphasis"),
        Example("The index ** rose** today.", says="emphasis"),
        Example("The index rose by `2.63 today.", says="backtick"),
        Example("Nothing.", front={"description": "KOSPI **rose** again."}, says="description"),
    ),
)
