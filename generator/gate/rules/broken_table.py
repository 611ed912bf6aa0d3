"""Tables are tables, and each row has the header's columns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.gate.finding import Remark
from generator.gate.lines import lines
from generator.gate.prose import shortened
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

    from generator.gate.knowledge import Knowledge
    from generator.gate.lines import Lines
    from generator.reading.document import Document


def check(document: Document, _: Knowledge) -> Iterator[Remark]:
    """Rows of another length, and tables that became none."""
    if "|" not in document.text:
        return
    known = lines(document)
    place: Sequence[int] = (0, 0)
    in_paragraph = False
    for token in document.tokens:
        place = token.map or place
        if token.type == "table_open" and token.map:
            yield from _rows(token, known)
        elif token.type in {"paragraph_open", "paragraph_close"}:
            in_paragraph = token.nesting == 1
        elif token.type == "inline" and in_paragraph and "|" in token.content:
            yield from _lost_table(token, place, known)


_BAR = re.compile(r"(?<!\\)\|")
_LEAD = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?")


def cells(row: str) -> list[str]:
    r"""The cells of a row as goldmark takes them apart: at each bar that has no backslash, code or not."""
    row = row.strip()
    found = [cell.strip() for cell in (_BAR.split(row) if "\\" in row else row.split("|"))]
    if len(found) > 1 and not found[0]:
        del found[0]
    if len(found) > 1 and not found[-1]:
        del found[-1]
    return found


def _row(line: str, level: int) -> str:
    """A line without the marks of the quote or the list that it stands in."""
    lead = _LEAD.match(line) if level else None
    return line[lead.end() :] if lead else line


def _rows(token: Token, known: Lines) -> Iterator[Remark]:
    first, end = token.map or (0, 0)
    header, below = (_row(known.texts[min(first + n, len(known.texts) - 1)], token.level) for n in (0, 1))
    width = len(cells(header))
    if len(cells(below)) > width:
        yield Remark(
            start=known.start(first + 1),
            end=known.end(first + 1),
            message=_OTHER_COLUMNS,
            found=f"{len(cells(below))} columns",
            expected=f"{width} columns",
            remedy=_ONE_GROUP,
        )
    for number in range(first + 2, min(end, len(known.texts))):
        row = _row(known.texts[number], token.level)
        found = cells(row)
        start = known.start(number)
        if len(found) > width and any(found[width:]):
            message = "a row has more cells than the header: the last ones are not shown"
            remedy = "Write as many cells as the header has, and \\| for a bar within one"
        elif len(found) < width and not _BAR.search(row) and row.strip():
            yield Remark(
                start=start,
                end=known.end(number),
                message="a line below the table became one of its rows",
                found=shortened(row),
                remedy="Leave a blank line below the table",
                fix=f"\n{known.texts[number].rstrip()}" if not token.level else None,
            )
            continue
        elif len(found) < width and sum(map(bool, found)) > 1:
            message = "a row has fewer cells than the header: what follows the gap stands in the wrong column"
            remedy = "Write a cell for each column, with — where there is nothing"
        else:
            continue
        yield Remark(
            start=start,
            end=known.end(number),
            message=message,
            found=f"{len(found)} cells: {shortened(row)}",
            expected=f"{width} cells",
            remedy=remedy,
        )


_OTHER_COLUMNS = "a table whose header and the line of hyphens below it have other columns"
_ONE_GROUP = "Write one group of hyphens for each column of the header"
_SEPARATOR = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?")
_ROW = re.compile(r"\|[ \t].*[ \t]\|")


def _lost_table(token: Token, place: Sequence[int], known: Lines) -> Iterator[Remark]:
    rows = [row.strip() for row in token.content.split("\n")]
    separators = [n for n, row in enumerate(rows) if "|" in row and "-" in row and _SEPARATOR.fullmatch(row)]
    start = known.start(place[0])
    end = known.end(place[0] + len(rows) - 1)
    if separators and separators[0] > 0:
        at = separators[0]
        header, marks = cells(rows[at - 1]), cells(rows[at])
        message = _OTHER_COLUMNS
        found, expected = f"{len(marks)} columns", f"{len(header)} columns"
        remedy = _ONE_GROUP
        number = place[0] + at
        start, end = known.start(number), known.end(number)
        is_short = len(marks) < len(header) and token.level == 1 and known.texts[number].strip() == rows[at]
        fix = f"| {' | '.join([*marks, *['---'] * (len(header) - len(marks))])} |" if is_short else None
    elif separators or (len(rows) > 1 and all(_ROW.fullmatch(row) for row in rows)):
        message = "a table that is none on the page: "
        message += (
            "no header stands above its hyphens" if separators else "no line of hyphens follows its header"
        )
        found, expected, remedy = (
            shortened(rows[0]),
            "",
            "Write header, hyphens and rows without a blank line",
        )
        widths = {len(cells(row)) for row in rows}
        fix = None
        if not separators and len(widths) == 1 and token.level == 1:
            head = known.texts[place[0]].rstrip()
            start, end = known.start(place[0]), known.end(place[0])
            fix = f"{head}\n|{' --- |' * widths.pop()}"
    elif len(rows) == 1 and _ROW.fullmatch(rows[0]) and len(cells(rows[0])) > 1:
        message = "a row that belongs to no table on the page"
        found, expected, remedy = shortened(rows[0]), "", "Take out the blank line above it"
        fix = None
    else:
        return
    yield Remark(
        start=start, end=end, message=message, found=found, expected=expected, remedy=remedy, fix=fix
    )


RULE = Rule(
    name="broken-table",
    severity="error",
    summary="Tables are tables, and each row has the header's columns.",
    why=(
        "Goldmark makes a table only where the line of hyphens has as many columns as the header; "
        "otherwise the page shows bars and hyphens. It cuts cells beyond the header's and leaves gaps "
        "for missing ones, so that numbers stand in the wrong column. A row of one cell is taken for a "
        "label of the rows below it, and empty cells beyond the header lose nothing: both are left "
        "alone. A bar within a cell needs a backslash, also in code."
    ),
    check=check,
    good=(
        Example("| a | b |\n| --- | ---: |\n| **Semis** |\n| 1 | 2 |\n| 3 | A\\|B | |\n\nText."),
        Example("Between |x| and |y|: a | b.\n\n```\n| a | b |\n```"),
        Example("> | a | b |\n> | - | - |\n> | 1 | 2 |"),
    ),
    bad=(
        Example("| a | b | c |\n| --- | --- | --- |\n| 1 | 2 |", says="fewer cells"),
        Example("| a | b |\n| --- | --- |\n| 1 | A|B |", says="more cells"),
        Example("| a | b | c |\n| --- | --- |\n| 1 | 2 | 3 |", says="other columns"),
        Example("| 종목 | 종가 |\n| 삼성전자 | 284,000 |", language="ko", says="no line of hyphens"),
        Example("| a | b |\n| --- | --- |\n| 1 | 2 |\nThe KOSPI rose.", says="became one of its rows"),
    ),
)
