"""Every image says in words what it shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.gate.finding import Remark
from generator.gate.lines import lines
from generator.gate.rule import Example, Rule
from generator.gate.shortcode_calls import calls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document

_REMEDY = "Say in a few words what it shows"


def check(document: Document, _: Knowledge) -> Iterator[Remark]:
    """Images whose alternative text is missing or says nothing."""
    yield from _images(document)
    for call in calls(document):
        if call.name == "figure" and not re.search(r"\b(?:alt|caption)\s?=\s?\S", call.arguments):
            yield Remark(
                start=call.start,
                end=call.end,
                message="a figure without alternative text",
                remedy="Give it alt=, or a caption",
            )
    if document.markup.unsafe:
        for block in document.blocks:
            for found in _TAG.finditer(block.text) if block.kind == "html" else ():
                if not _ALT.search(found[0]):
                    yield Remark(
                        start=block.start(),
                        end=block.start() + 1,
                        message="an image without alternative text",
                        found=found[0][:60],
                        remedy='Give it alt="…", or alt="" if it only decorates',
                    )


_TAG = re.compile(r"<img\b[^<>]{0,2000}>", re.IGNORECASE)
_ALT = re.compile(r"\balt\s?=", re.IGNORECASE)
_EMPTY = re.compile(r"!\[[ \t]*\](?=[(\[])")
_SAYS_NOTHING = re.compile(
    r"(?:alt|alt text|chart|graph|image|img|photo|picture|screenshot|untitled|"
    r"사진|이미지|그림|캡처|스크린샷|画像|写真|图片|图像)?[-_ \d().]*(?:\.(?:avif|gif|jpe?g|png|svg|webp))?",
    re.IGNORECASE,
)


def _images(document: Document) -> Iterator[Remark]:
    if "![" not in document.text:
        return
    known = lines(document)
    line = cursor = 0
    for token in document.tokens:
        line = token.map[0] if token.map else line
        for child in token.children or ():
            if child.type != "image":
                continue
            words = child.content.strip()
            pattern = re.compile(re.escape(f"![{words[:_SHORT]}")) if words else _EMPTY
            found = pattern.search(document.text, max(cursor, known.start(line)))
            start = found.start() if found else known.start(line)
            end = found.end() if found else start + 1
            cursor = end if found else cursor
            if not words:
                yield Remark(
                    start=start,
                    end=end,
                    message="an image without alternative text",
                    found=str(child.attrGet("src") or "")[:60],
                    remedy=_REMEDY,
                )
            elif len(words) <= _SHORT and _SAYS_NOTHING.fullmatch(words):
                yield Remark(
                    start=start,
                    end=end,
                    message="the alternative text of an image says nothing of it",
                    found=words,
                    remedy=_REMEDY,
                )


_SHORT = 60

RULE = Rule(
    name="image-without-alt",
    severity="warning",
    summary="Every image says in words what it shows.",
    why=(
        "Who does not see a chart reads or hears its alternative text; feed readers and search engines "
        "show it too. Names of files and words such as `chart` or `이미지` alone say nothing. A `figure` "
        'needs `alt` or a caption. Where raw HTML is allowed, `alt=""` marks a picture that only '
        "decorates."
    ),
    check=check,
    good=(
        Example("![KOSPI through May 13: a V-shaped day](chart.svg)"),
        Example("`![](a.png)` shows an image."),
        Example('{{< figure src="a.png" alt="Breadth by hour" >}}'),
    ),
    bad=(
        Example("![](chart.svg)", says="without alternative text"),
        Example("여기: ![이미지](chart.png) 참고", language="ko", says="says nothing"),
        Example('{{< figure src="a.png" >}}', says="figure"),
    ),
)
