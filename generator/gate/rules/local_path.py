"""No path or address of the writer's own machine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.gate.finding import Remark
from generator.gate.prose import shortened
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.finding import Severity
    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document

_REST = r"[^\s\"'`<>()\[\]|]{0,200}"
_HOMES = re.compile(
    rf"(?<![\w/.:%-])(?:/home/[a-z_][\w.-]{{0,40}}/|/Users/[A-Za-z][\w.-]{{0,40}}/|/root/|/mnt/data/|/mnt/[a-z]/Users/"
    rf"|/content/drive/|/var/folders/|/private/var/){_REST}"
    rf"|(?<![\w])[A-Za-z]:\\{{1,2}}(?:Users|Documents and Settings|Windows|Temp|Program Files){_REST}"
    rf"|\bfile://{_REST}"
    rf"|(?<![\w/.])~/(?:Desktop|Documents|Downloads|Dropbox|Library|work|code|src|projects?)/{_REST}"
)
_TEMPORARY = re.compile(rf"(?<![\w/.:%-])/(?:var/)?tmp/{_REST}")
_HOSTS = re.compile(
    r"\b(?:https?|wss?)://(?:localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|10(?:\.\d{1,3}){3}"
    r"|192\.168(?:\.\d{1,3}){2}"
    rf"|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{{1,3}}){{2}}|\[::1\]"
    rf"|[\w-]{{1,60}}\.(?:local|internal|lan|localdomain))(?![\w.-]){_REST}"
    r"|(?<![\w.-])localhost:\d{2,5}\b|(?<![\w.-])127\.0\.0\.1\b"
)
_OF_HOMES = ("/home/", "/Users/", "/root/", "/mnt/", "/drive/", "/var/", ":\\", "file://", "~/")
_OF_HOSTS = (
    "localhost", "://127.", "127.0.0.1", "://0.0", "://10.", "://192.", "://172.", "::1", ".local",
    ".internal", ".lan",
)  # fmt: skip
"""One of these stands in what the pattern finds; most files have none."""


def check(document: Document, _: Knowledge) -> Iterator[Remark]:
    """Paths and hosts that only the writer's machine knows, anywhere in the file."""
    code = _programs(document)
    text = document.text
    for pattern, marks, message in (
        (_HOMES, _OF_HOMES, "a path of the writer's machine"),
        (_TEMPORARY, ("/tmp/",), "a path of the writer's machine"),  # noqa: S108 - what we look for
        (_HOSTS, _OF_HOSTS, "an address of the writer's machine or network"),
    ):
        for found in pattern.finditer(text) if any(mark in text for mark in marks) else ():
            is_program = any(start <= found.start() < end for start, end in code)
            if is_program and pattern is not _HOMES:
                continue
            severity: Severity | None = "warning" if is_program else None
            yield Remark(
                start=found.start(),
                end=found.end(),
                message=message,
                found=shortened(found[0]),
                remedy="Link to what readers can open, or take it out",
                severity=severity,
            )


def _programs(document: Document) -> list[tuple[int, int]]:
    """Where blocks of code stand that name a language."""
    if "```" not in document.text and "~~~" not in document.text:
        return []
    starts = [document.body_start]
    for line in document.body.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    last = len(starts) - 1
    return [
        (starts[min(token.map[0], last)], starts[min(token.map[1], last)])
        for token in document.tokens
        if token.type == "fence" and token.map and token.info.strip()
    ]


RULE = Rule(
    name="local-path",
    severity="error",
    summary="No path or address of the writer's own machine.",
    why=(
        "`/home/kim/…`, `C:\\Users\\…`, `file://…`, `http://localhost:1313/` and hosts of a private "
        "network open for nobody else, and they say who wrote it and how their machine is laid out. The "
        "whole file is looked at: links, comments, front matter. In code that names a language, `/tmp` "
        "and `localhost` are left alone and home folders get a warning."
    ),
    check=check,
    good=(
        Example(
            "See https://example.org/home/kim/notes and [home](/home/): local hosts, /tmp and localhost."
        ),
        Example("```bash\ncurl http://localhost:8080/ > /tmp/out\n```"),
    ),
    bad=(
        Example("![Chart](/home/kim/charts/kospi.png)", says="path"),
        Example("Preview: http://localhost:1313/post/", says="address"),
        Example("자료: C:\\Users\\kim\\data.xlsx", language="ko", says="path"),
        Example("<!-- from file:///data/kospi.csv -->", says="path"),
    ),
)
