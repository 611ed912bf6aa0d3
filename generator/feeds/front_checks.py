"""What is wrong in a post's front matter as far as feeds go, each with its line."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import yaml

from generator import front_matter
from generator.errors import Problem
from generator.feeds.listing import MAX_NAME, TAXONOMIES, is_servable
from generator.slugs import hugo_slug

if TYPE_CHECKING:
    from collections.abc import Iterator

_NULL = "tag:yaml.org,2002:null"
_TEXT = "tag:yaml.org,2002:str"
_SHOWN = 60


def front_problems(text: str, file: str) -> tuple[Problem, ...]:
    """The problems of a post's file; none if its front matter is not YAML, which whoever read it told."""
    span = front_matter.span(text)
    if span is None:
        return ()
    try:
        head, node = front_matter.load(text[slice(*span)])
    except front_matter.FrontMatterError:
        return ()
    if not isinstance(node, yaml.MappingNode) or not isinstance(head, dict):
        return ()
    values = {str(key.value): value for key, value in node.value}
    problems: list[Problem] = []
    for key in TAXONOMIES:
        if key in values:
            problems.extend(_terms(values[key], key, file))
    if "guid" in values and not (isinstance(head.get("guid"), str) and head["guid"].strip()):
        problems.append(_problem(values["guid"], "guid", file, "is no address, so the post's own is used"))
    if "corrections" in values:
        problems.extend(_corrections(values["corrections"], head["corrections"], file))
    return tuple(problems)


def _terms(node: yaml.Node, key: str, file: str) -> Iterator[Problem]:
    for each in node.value if isinstance(node, yaml.SequenceNode) else [node]:
        if not isinstance(each, yaml.ScalarNode):
            yield _problem(each, key, file, "is no name of a term", remedy="List names as text")
        elif each.tag == _NULL or not each.value.strip():
            if each is not node:
                yield _problem(each, key, file, "has an empty name, which is left out", remedy="Remove it")
        elif each.tag != _TEXT:
            kind = each.tag.rpartition(":")[2]
            yield _problem(
                each,
                key,
                file,
                f"is a {kind} to YAML, not text; it is taken as written",
                remedy="Put it in quotes",
            )
        elif not is_servable(slug := hugo_slug(each.value)):
            longest = max((len(part.encode()) for part in slug.split("/")), default=0)
            if longest > MAX_NAME:
                message, expected = "is too long for an address", f"at most {MAX_NAME} bytes"
            else:
                message, expected = "makes no address of its own", "a name with letters or digits"
            yield _problem(
                each,
                key,
                file,
                f"{message}; it gets no feed",
                expected=expected,
                remedy="Give it another name",
            )


def _corrections(node: yaml.Node, value: object, file: str) -> Iterator[Problem]:
    nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
    values = value if isinstance(value, list) else [value]
    for each, found in zip(nodes, values, strict=False):
        good = (
            isinstance(found, dict)
            and isinstance(found.get("date"), dt.date)
            and (
                isinstance(found.get("figures"), list)
                or (isinstance(found.get("note"), str) and found["note"].strip())
            )
        )
        if not good:
            yield _problem(
                each,
                "corrections",
                file,
                "is no correction, so it is not shown",
                expected="a date and a note: {date: 2026-05-20, note: what was wrong}",
            )


def _problem(
    node: yaml.Node, key: str, file: str, message: str, *, expected: str = "", remedy: str = ""
) -> Problem:
    found = str(node.value) if isinstance(node, yaml.ScalarNode) else ""
    shown = "".join(each if each.isprintable() else "\ufffd" for each in found)
    return Problem(
        file=file,
        line=front_matter.line_of(node),
        column=key,
        message=message,
        found=shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…",
        expected=expected,
        remedy=remedy,
    )
