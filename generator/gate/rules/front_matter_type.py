"""Front matter holds what Hugo can read there."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import yaml

from generator import front_matter
from generator.gate.finding import Remark
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.gate.finding import Severity
    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document

_TERMS = ("tags", "categories", "series")
_TEXTS = ("description", "summary", "slug", "url", "linktitle", "author")
_DATES = ("date", "lastmod", "publishdate", "expirydate")
_TRUTHS = ("draft", "headless", "iscjklanguage")


def check(document: Document, _: Knowledge) -> Iterator[Remark]:
    """Values of another type than Hugo expects, or that it reads in another way than written."""
    front = {str(key).lower(): (str(key), value) for key, value in document.front.items()}
    if not front:
        return
    yield from _title(document, front)
    written = _written(document)
    for name in _DATES:
        if name in front:
            yield from _date(document, *front[name], source=written.get(name, {}).get(0, _NOWHERE)[2])
    for name in _TEXTS:
        if name in front and isinstance(front[name][1], (list, dict)):
            yield _at(document, front[name][0], "is no text", found=str(front[name][1]), expected="a text")
    for name in _TRUTHS:
        if name in front and not _is_truth(front[name][1]):
            key, value = front[name]
            yield _at(
                document,
                key,
                "is neither true nor false, which Hugo takes for false",
                found=str(value),
                expected="true or false",
            )
    for name in _TERMS:
        if name in front:
            yield from _terms(document, *front[name], written.get(name, {}))


_NOWHERE = (-1, -1, "")


def _title(document: Document, front: dict[str, tuple[str, Any]]) -> Iterator[Remark]:
    key, value = front.get("title", ("title", None))
    if value is None or value == "":
        yield _at(document, key, "is missing or empty", remedy="Give the post a title")
    elif isinstance(value, (list, dict)):
        yield _at(document, key, "is no text", found=str(value), remedy='Put quotes around it: title: "…"')
    elif not isinstance(value, str):
        yield _at(
            document,
            key,
            "is read as something else than text",
            found=str(value),
            remedy='Put quotes around it: title: "…"',
            severity="warning",
        )
    elif not value.strip():
        yield _at(document, key, "is blank", remedy="Give the post a title")


_DAY = r"\d{4}-\d{2}-\d{2}"
_TIME = r"\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?"
_ZONE = r"(?:Z|[+-]\d{2}:?\d{2})"
_READ = re.compile(
    rf"{_DAY}|{_DAY}T{_TIME}{_ZONE}?|{_DAY}[ ]{_TIME}(?:[ ]?{_ZONE})?"
    r"|(?:[A-Z][a-z]{2,8},[ ])?\d{1,2}[ -][A-Z][a-z]{2}[ -](?:\d{4}|\d{2})(?:[ ].*)?"
)
"""The forms of a date that Hugo reads, as far as anybody uses them."""


def _date(document: Document, key: str, value: Any, source: str) -> Iterator[Remark]:
    text = source or value
    if value is None or value == "" or (isinstance(value, dt.date) and not source):
        return
    if not isinstance(text, str) or not (_READ.fullmatch(text.strip()) and _is_day(text.strip())):
        yield _at(
            document,
            key,
            "is no date that Hugo reads",
            found=str(text),
            expected="such as 2026-05-14T11:00:00+09:00",
        )


def _is_day(text: str) -> bool:
    if not re.match(_DAY, text):
        return True  # in words, which Hugo judges
    try:
        dt.date.fromisoformat(text[: len("2026-05-14")])
    except ValueError:
        return False
    return True


def _is_truth(value: Any) -> bool:
    return isinstance(value, bool) or value is None or str(value).lower() in {"true", "false", "0", "1", ""}


def _terms(
    document: Document, key: str, value: Any, written: Mapping[int, tuple[int, int, str]]
) -> Iterator[Remark]:
    if isinstance(value, str) and "," in value:
        what = "is one text with commas, which Hugo takes for one name"
        yield _at(document, key, what, found=value, expected="a list")
    elif isinstance(value, dict):
        yield _at(document, key, "is no list", found=str(value), expected="a list of names")
    for number, item in enumerate(value if isinstance(value, list) else ()):
        start, end, source = written.get(number, _NOWHERE)
        place = (start, end) if start >= 0 else None
        if item is None or (isinstance(item, str) and not item.strip()):
            yield _at(document, key, "has an empty name", place=place, remedy="Take it out")
        elif isinstance(item, (list, dict)):
            yield _at(
                document, key, "has a name that is no text", found=str(item), place=place, remedy=_QUOTE
            )
        elif source and not isinstance(item, (str, dt.date)) and str(item) != source:
            yield _at(
                document,
                key,
                f"has a name that YAML takes for {str(item).lower()}",
                found=source,
                place=place,
                remedy=_QUOTE,
                fix=f"'{source}'",
                # Hugo leaves `yes` as it is, where others make a truth value of it.
                severity="warning" if isinstance(item, bool) else None,
            )


_QUOTE = "Put quotes around it"


def _written(document: Document) -> Mapping[str, Mapping[int, tuple[int, int, str]]]:
    """Of a front matter in YAML: place and source of each value of a list, by key and number.

    The source is empty for one in quotes. A date counts as a list of one.
    """
    span = front_matter.span(document.text)
    if span is None:
        return {}
    node = document.front_node
    found: dict[str, dict[int, tuple[int, int, str]]] = {}
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        name = str(key.value).lower()
        is_list = name in _TERMS and isinstance(value, yaml.SequenceNode)
        if is_list or name in _DATES:
            found[name] = {
                number: (
                    span[0] + item.start_mark.index,
                    span[0] + item.end_mark.index,
                    str(item.value) if not item.style else "",
                )
                for number, item in enumerate(value.value if is_list else [value])
                if isinstance(item, yaml.ScalarNode)
            }
    return found


def _at(
    document: Document,
    key: str,
    what: str,
    *,
    found: str = "",
    expected: str = "",
    remedy: str = "",
    fix: str | None = None,
    place: tuple[int, int] | None = None,
    severity: Severity | None = None,
) -> Remark:
    start = document.offset_of_key(key)
    end = document.text.find("\n", start)
    if place and place[1] > place[0]:
        start, end = place
    return Remark(
        start=start,
        end=end if end > start else start + 1,
        message=f"{key} {what}",
        found=found[:60],
        expected=expected,
        remedy=remedy,
        fix=fix if place else None,
        severity=severity,
    )


RULE = Rule(
    name="front-matter-type",
    severity="error",
    summary="Front matter holds what Hugo can read there.",
    why=(
        "Hugo stops at a date that is none, takes `tags: a, b` for one tag, and reads an unquoted "
        "`000660` as an octal number: the tag becomes 432. A title that is missing leaves a page without "
        "a name, and `draft: perhaps` publishes. Other keys may hold what they like."
    ),
    check=check,
    good=(
        Example("Text.", front={"tags": ["kospi", "kosdaq"], "draft": False}),
        Example("Text.", front={"tags": "kospi", "lastmod": "2026-05-14 11:00:00 +0900"}),
    ),
    bad=(
        Example("Text.", front={"title": ""}, says="missing"),
        Example("Text.", front={"tags": "kospi, kosdaq"}, says="one name"),
        Example("Text.", front={"tags": ["kospi", ""]}, says="empty"),
        Example("Text.", front={"lastmod": "14 May, in the morning"}, says="no date"),
        Example("Text.", front={"draft": "perhaps"}, says="neither"),
    ),
)
