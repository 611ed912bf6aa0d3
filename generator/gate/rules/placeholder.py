"""Nothing that was to be filled in is left."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.gate.finding import Remark
from generator.gate.prose import Prose, shortened
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.gate.finding import Severity
    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document

_Sort = tuple[str, "Severity | None", "tuple[str, ...] | re.Pattern[str]", re.Pattern[str]]
"""What it is, how severe, plain texts of which it has one, or a part that is found fast, and the pattern."""

_NOTE, _NONE, _FILL, _PART = (
    "a note to the writer",
    "a value that is none",
    "a place that was to be filled in",
    "a part of a template that was not filled in",
)
_FILLER: Sequence[_Sort] = (("filler text", None, ("orem ipsum",), re.compile(r"\b[Ll]orem ipsum\b")),)
_NOTES: Sequence[_Sort] = (
    (_NOTE, None, ("TODO", "FIXME"), re.compile(r"\b(?:TODO|FIXME)\b(?=[:(\s\]]|$)")),
    (
        _NOTE,
        "note",
        ("TBD", "XXX", "예정]"),
        re.compile(r"\bTBD\b|\bXXX+\b(?!-)|(?:작성|추가|입력) ?예정(?=\])"),
    ),
)
_NO_VALUES = ("nan", "NaN", "NAN", "None", "null", "NULL", "undefined", "inf")
_WORDS = "|".join(_NO_VALUES)
_VALUES: Sequence[_Sort] = (
    (
        _NONE,
        None,
        # As plain texts they are in every post: finance, inflation. What begins with letters is found fast.
        re.compile(
            "|".join(
                rf"{word[0]}(?<!\w{word[0]}){word[1:]}(?=\b|bn|tn|pp|조|억|원)"
                for word in (*_NO_VALUES, "NaT", "N/A", "NA")
            )
        ),
        re.compile(
            rf"(?:[₩$€¥£+−]|(?<=[\s(|])-)(?:{_WORDS})\b(?!-)"
            rf"|\b(?:{_WORDS}|N/A|NA)(?:%|bn\b|tn\b|조|억|원|pp\b)|\b(?:NaN|NaT)\b"
        ),
    ),
    (_NONE, None, ("[object Object]", "<NA>"), re.compile(r"\[object Object\]|<NA>")),
)
_TEMPLATES: Sequence[_Sort] = (
    (
        _PART,
        None,
        ("{{", "{%", "${", "<%"),
        re.compile(
            r"\{\{[^{}\n]{1,80}\}\}|\{%[^{}\n]{1,80}%\}|\$\{[A-Za-z_][^{}\n]{0,60}\}|<%=?[^%\n]{1,80}%>"
        ),
    ),
    (
        _PART,
        None,
        ("%s", "%d", "%f", "%(", "%."),
        re.compile(r"%(?<![\d%\w]%)(?:\([a-z_]{1,40}\)|\.\d)?[sdf](?![\w%])"),
    ),
    (_PART, "warning", ("{",), re.compile(r"(?<![\\}\w^${])\{[a-z][a-z_]{2,40}(?::[^{}\s]{1,12})?\}(?!\})")),
    (
        _FILL,
        None,
        ("[", "<"),
        re.compile(
            r"[\[<](?:insert|enter|add|your|fill in|placeholder|tbd|todo|company name|ticker|date here|"
            r"link here|source here)\b[^\[\]<>\n]{0,80}[\]>](?!\()",
            re.IGNORECASE,
        ),
    ),
    (
        _FILL,
        None,
        ("[",),
        re.compile(
            r"\[(?:날짜|종목명|회사명|기업명|출처|링크|제목|수치|숫자|여기에[^\[\]\n]{0,40}"
            r"|[^\[\]\n]{0,20} ?(?:삽입|입력))\](?!\()"
        ),
    ),
)
_CELLS = frozenset(
    {"nan", "nat", "null", "undefined", "<na>", "#n/a", "#ref!", "#div/0!", "#value!", "#name?", "inf"}
)


def check(document: Document, _: Knowledge) -> Iterator[Remark]:
    """Notes to oneself, filler, values that are none, templates."""
    prose = Prose(document, hidden=("code", "shortcode"))
    found = list(_in_prose(prose, (*_NOTES, *_FILLER, *_VALUES, *_TEMPLATES), document))
    sorts = (*_FILLER, *_VALUES) if _has_plain_code(document) else _FILLER
    found += _in_prose(Prose(document, ("code",)), sorts, document)
    for block in document.blocks:
        if block.kind == "cell" and block.text.strip().lower() in _CELLS and block.cell and block.cell.row:
            found.append(
                Remark(
                    start=block.start(),
                    end=block.start(len(block.text) - 1) + 1,
                    message=_NONE,
                    found=block.text.strip(),
                    remedy="Write the value, or — where there is none",
                )
            )
    seen: set[int] = set()
    for each in sorted(found, key=lambda remark: (remark.start, -remark.end)):
        if each.start not in seen:
            seen.add(each.start)
            yield each


def _has_plain_code(document: Document) -> bool:
    """Whether all blocks of code name no language: figures then, not programs."""
    return all(not token.info.strip() for token in document.tokens if token.type == "fence")


def _in_prose(prose: Prose, sorts: Sequence[_Sort], document: Document) -> Iterator[Remark]:
    for message, severity, marks, pattern in sorts:
        for found in pattern.finditer(prose.text) if _may_fit(marks, prose.text) else ():
            if found[0] == "TODO" and document.language == "es":
                continue  # a word of Spanish
            yield prose.remark(
                *found.span(),
                message,
                found=shortened(found[0]),
                remedy="Fill it in, or take it out",
                severity=severity,
            )


def _may_fit(marks: Sequence[str] | re.Pattern[str], text: str) -> bool:
    if isinstance(marks, re.Pattern):
        return marks.search(text) is not None
    return any(mark in text for mark in marks)


RULE = Rule(
    name="placeholder",
    severity="error",
    summary="Nothing that was to be filled in is left.",
    why=(
        "TODO and FIXME, lorem ipsum, `[insert …]`, `{{ name }}`, `${name}`, `%s`, and what programs "
        "write for a number that they do not have: `nan%`, `₩None`, `NaN`, `undefined`. Of code only "
        "blocks without a language are looked at, and only for filler and numbers. `None`, `N/A` and "
        "`Null` as words are left alone; `{name}` gets a warning, TBD and `XXX` a note."
    ),
    check=check,
    good=(
        Example("None of them rose; N/A stands for no data, `${x}` and `%s` for code. 5% discount, 100%."),
        Example("| Halted | Note |\n| --- | --- |\n| None | N/A |"),
        Example("TODO el mercado subió.", language="es"),
        Example("```python\nprint(f'{name} %s' % None)  # TODO\n```"),
    ),
    bad=(
        Example("TODO: add the flows.", says="note"),
        Example("KOSPI rose nan% to {{ close }}.", says="value"),
        Example("| a | b |\n| --- | --- |\n| 1 | NaN |", says="value"),
        Example("외국인은 [금액 입력] 순매도. [종목명]", language="ko", says="filled in"),
        Example("Text.", front={"description": "KOSPI closed at ${close}."}, says="template"),
        Example("Lorem ipsum dolor sit amet.", says="filler"),
    ),
)
