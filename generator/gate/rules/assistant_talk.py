"""Nothing of what an assistant said to the writer stays in a post."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.gate import phrases
from generator.gate.finding import Remark
from generator.gate.prose import prose_of, shortened
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document

_REMEDY = "Take it out"


def check(document: Document, _: Knowledge) -> Iterator[Remark]:
    """Phrases addressed to the writer, and marks that assistants put into texts."""
    prose = prose_of(document)
    for start, end in phrases.found("assistant_talk", prose.text):
        block = prose.block(start)
        yield prose.remark(
            start,
            end,
            "words of an assistant to the writer",
            remedy=_REMEDY,
            # What somebody is quoted with may be anything.
            severity="note" if block.quoted or _is_quoted(prose.text, start) else None,
        )
    for start, end in phrases.found("assistant_marks", document.text):
        yield Remark(
            start=start,
            end=end,
            message="a mark that an assistant left in the text",
            found=shortened(document.text[start:end]),
            remedy=_REMEDY,
        )


_OPENING = "\"“‘'「『«"


def _is_quoted(text: str, start: int) -> bool:
    return start > 0 and text[start - 1] in _OPENING


RULE = Rule(
    name="assistant-talk",
    severity="error",
    summary="Nothing of what an assistant said to the writer stays in a post.",
    why=(
        '"Certainly! Here is the revised version", "I hope this helps", "요청하신 내용" are meant for '
        "whoever asked, and marks such as `:contentReference[oaicite:0]` or `utm_source=chatgpt.com` for "
        "nobody. The phrases are those of seven languages, looked for in posts of all of them. What "
        "stands in quotation marks or in a block quote gets a note."
    ),
    check=check,
    good=(
        Example("Kakao launched Kanana as an AI assistant. Sure, here and there the index fell."),
        Example("The AI language model makers rose; I hope this trend holds, said one trader."),
        Example("이 글이 투자에 도움이 되었으면 합니다.", language="ko"),
    ),
    bad=(
        Example("Certainly! Here is the post about KOSPI.", says="assistant"),
        Example("The index rose.\n\nI hope this helps! Let me know if you need more.", says="assistant"),
        Example("요청하신 내용은 다음과 같습니다.", language="ko", says="assistant"),
        Example("See [KRX](https://krx.co.kr/?utm_source=chatgpt.com).", says="mark"),
    ),
)
