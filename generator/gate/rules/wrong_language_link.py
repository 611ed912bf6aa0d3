"""A link stays within the language of its post."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.gate.finding import Remark
from generator.gate.rule import Example, Rule
from generator.gate.targets import leads, placed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """Links to a page of another language that has a translation into the post's."""
    for written, led in placed(document, knowledge):
        if led.state == "other language":
            right = knowledge.pages.written(led.address) + (f"#{led.fragment}" if led.fragment else "")
            yield Remark(
                start=written.start,
                end=written.end,
                message="leads into another language, though the page is there in the post's own",
                found=led.link,
                expected=right,
                fix=right if written.is_exact and not led.link.startswith("{{") else None,
            )


_TWO = {
    f"content/post/both/index.{each}.md": f"---\ntitle: Both\ndate: 2026-05-12\n---\n{each}\n"
    for each in ("en", "ko")
}

RULE = Rule(
    name="wrong-language-link",
    severity="warning",
    summary="A link leads to the page of its post's own language, where there is one.",
    why=(
        "A reader who follows a link lands in a language she may not read, and search engines lose track of"
        " which pages belong together. A page and its translations are those of one bundle, or of one"
        " `translationKey`. A page that is only there in another language may be linked to."
    ),
    check=check,
    hangs_on=leads,
    good=(
        Example("[둘](/ko/post/both/)을 봅니다.", language="ko", files=_TWO),
        Example("[KOSPI](/tags/kospi/) 상승.", language="ko"),
    ),
    bad=(
        Example("See [both](/ko/post/both/).", files=_TWO, says="another language"),
        Example(
            "[둘](https://example.org/post/both/)을 봅니다.",
            language="ko",
            files=_TWO,
            says="another language",
        ),
    ),
)
