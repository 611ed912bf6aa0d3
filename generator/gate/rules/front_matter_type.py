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
    from collections.abc import Iterator

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
    for name in _DATES:
        if name in front:
            yield from _date(document, *front[name])
    for name in _TEXTS:
        if name in front and isinstance(front[name][1], (list, dict)):
            yield _at(document, front[name][0], "is no text", found=str(front[name][1]), expected="a text")
    for name in _TRUTHS:
        if name in front and not _is_truth(front[name][1]):
            key, value = front[name]
            yield _at(
                document, key, "is neither true nor false", found=str(value), expected="true or false"
            )
    written = _written(document)
    for name in _TERMS:
        if name in front:
            yield from _terms(document, *front[name], written.get(name))


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


_ISO = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}(?:[Tt ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?[ ]?(?:[Zz]|[+-]\d{2}:?\d{2})?)?"
)


def _date(document: Document, key: str, value: Any) -> Iterator[Remark]:
    if isinstance(value, dt.date) or value is None or value == "":
        return
    if not isinstance(value, str) or not (_ISO.fullmatch(value.strip()) and _is_day(value.strip()[:10])):
        yield _at(
            document,
            key,
            "is no date that Hugo reads",
            found=str(value),
            expected="such as 2026-05-14T11:00:00+09:00",
        )


def _is_day(text: str) -> bool:
    try:
        dt.date(*(int(part) for part in re.findall(r"\d+", text)[:3]))
    except ValueError:
        return False
    return True


def _is_truth(value: Any) -> bool:
    return isinstance(value, bool) or value is None or str(value).lower() in {"true", "false", "0", "1", ""}


def _terms(
    document: Document, key: str, value: Any, written: dict[int, tuple[int, int, str]] | None
) -> Iterator[Remark]:
    if isinstance(value, str):
        if "," in value:
            yield _at(
                document,
                key,
                "is one text with commas, which Hugo takes for one name",
                found=value,
                expected="a list",
            )
        return
    if value is None:
        return
    if not isinstance(value, list):
        yield _at(document, key, "is no list", found=str(value), expected="a list of names")
        return
    for number, item in enumerate(value):
        start, end, source = (written or {}).get(number, (-1, -1, ""))
        place = (start, end) if start >= 0 else None
        if item is None or (isinstance(item, str) and not item.strip()):
            yield _at(document, key, "has an empty name", place=place, remedy="Take it out")
        elif isinstance(item, (list, dict)):
            yield _at(
                document, key, "has a name that is no text", found=str(item), place=place, remedy=_QUOTE
            )
        elif not isinstance(item, str) or (source and _CHANGED.fullmatch(source)):
            is_changed = _changes(source, item)
            yield _at(
                document,
                key,
                "has a name that Hugo reads as something else than text",
                found=source or str(item),
                place=place,
                remedy=_QUOTE,
                fix=f"'{source}'" if source and place else None,
                severity=None if is_changed else "warning",
            )


_QUOTE = "Put quotes around it"
_CHANGED = re.compile(r"0\d+")
"""A number to YAML 1.2, Hugo's: it loses its zeros there."""


def _changes(source: str, item: Any) -> bool:
    """Whether Hugo shows something else than what is written."""
    return bool(source) and (isinstance(item, float) or re.fullmatch(r"0\d+|0[xo].*", source) is not None)


def _written(document: Document) -> dict[str, dict[int, tuple[int, int, str]]]:
    """Of a front matter in YAML: place and source of each name that has no quotes, by key and number."""
    span = front_matter.span(document.text)
    if span is None:
        return {}
    try:
        node = yaml.compose(document.text[slice(*span)], Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        return {}
    found: dict[str, dict[int, tuple[int, int, str]]] = {}
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if str(key.value).lower() in _TERMS and isinstance(value, yaml.SequenceNode):
            found[str(key.value).lower()] = {
                number: (
                    span[0] + item.start_mark.index,
                    span[0] + item.end_mark.index,
                    str(item.value) if not item.style else "",
                )
                for number, item in enumerate(value.value)
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
        "Hugo stops at a date that is none, takes `tags: a, b` for one tag, and reads an unquoted `005930` as the "
        "number 5930, so that the tag loses its zeros. A title that is missing leaves a page without a name. "
        "Other keys may hold what they like."
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
