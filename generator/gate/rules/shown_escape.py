r"""A backslash that escapes something is not shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.gate.finding import Remark
from generator.gate.marks import is_escaped
from generator.gate.prose import masked, shortened
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Block, Document

_IN_CODE = re.compile(r"\\(?:~(?=[\d\w₩$€¥£+−-])|\$(?=\d)|\*\*)|(?<=\*\*)\\ (?=[^\x00-\x7f])")
_IN_FRONT_MATTER = re.compile(r"\\[!-/:-@\[-`{-~ ]")
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|nbsp|ndash|mdash|hellip|[lr][sd]quo|#\d{2,6}|#x[0-9a-fA-F]{2,5});")
_CHARACTERS = {"amp": "&", "quot": '"', "ndash": "–", "mdash": "—", "hellip": "…"}


def check(document: Document, _: Knowledge) -> Iterator[Remark]:
    """Escapes in places where they are shown as they stand."""
    code = _PlainCode(document)
    for block in document.blocks:
        if block.kind in {"title", "description"}:
            for found in _IN_FRONT_MATTER.finditer(block.text):
                yield _remark(document, block, found, f"a {block.kind}", found[0][1:].strip())
            yield from _entities(document, block)
        elif block.kind == "code":
            if code.is_next_plain():
                yield from _in_block(document, block)
        elif block.kind != "html":
            for span in block.spans:
                if span.kind == "code" and _has_words(block.text[span.start : span.end]):
                    for found in _IN_CODE.finditer(block.text, span.start, span.end):
                        yield _remark(document, block, found, "code", found[0][1:].strip())
            yield from _entities(document, block)


class _PlainCode:
    """Which blocks of code name no language, in order: those hold figures or a drawing, no program."""

    def __init__(self, document: Document) -> None:
        self._infos = iter(
            token.info.strip().split(" ")[0].lower() if token.type == "fence" else ""
            for token in document.tokens
            if token.type in {"fence", "code_block"}
        )

    def is_next_plain(self) -> bool:
        return next(self._infos) in {"", "text", "txt", "plain", "plaintext"}


def _has_words(code: str) -> bool:
    return any(character.isalnum() for character in code)


def _in_block(document: Document, block: Block) -> Iterator[Remark]:
    at = document.text.find(block.text, block.start(), block.start() + len(block.text) + _FENCE)
    for found in _IN_CODE.finditer(block.text):
        start = at + found.start() if at >= 0 else block.start()
        yield Remark(
            start=start,
            end=start + len(found[0]) if at >= 0 else start + 1,
            message=_MESSAGE.format("code"),
            found=_around(found),
            remedy=_REMEDY,
            fix=found[0][1:].strip() if at >= 0 else None,
        )


_FENCE = 200
"""Most characters of the line that opens a block of code."""
_MESSAGE = "an escape that {} shows as it is written"
_REMEDY = "Take the backslash out"


def _remark(document: Document, block: Block, found: re.Match[str], where: str, fix: str) -> Remark:
    start = block.start(found.start())
    is_exact = document.text.startswith(found[0], start)
    return Remark(
        start=start,
        end=start + len(found[0]) if is_exact else start + 1,
        message=_MESSAGE.format(where),
        found=_around(found),
        remedy=_REMEDY,
        fix=fix if is_exact else None,
    )


def _around(found: re.Match[str]) -> str:
    return shortened(found.string[max(found.start() - 12, 0) : found.end() + 12])


def _entities(document: Document, block: Block) -> Iterator[Remark]:
    if "&" not in block.text:
        return
    for found in _ENTITY.finditer(masked(block)):
        start = block.start(found.start())
        if is_escaped(document.text, start):
            continue
        is_exact = document.text.startswith(found[0], start)
        yield Remark(
            start=start,
            end=start + len(found[0]) if is_exact else start + 1,
            message="a character reference that the page shows as it is written",
            found=_around(found),
            remedy="Write the character itself",
            fix=_CHARACTERS.get(found[0][1:-1]) if is_exact else None,
        )


RULE = Rule(
    name="shown-escape",
    severity="error",
    summary="A backslash that escapes something is not shown.",
    why=(
        "In code, and in a title or a description, Markdown is not read: `\\~7,400` is shown with its "
        "backslash. The same holds of `&amp;` where it was escaped twice. In code only what is plainly "
        "Markdown's counts (`\\~` and `\\$` before a number, `\\*\\*`), and only where the code names no "
        "language; programs and regular expressions are left alone."
    ),
    check=check,
    good=(
        Example("About \\~7,400 and `7,400`; `\\~` escapes a tilde. AT&amp;T."),
        Example("```python\nre.compile(r'\\~7')\n```"),
        Example("`\\d+\\.\\d` matches", front={"title": "KOSPI ~7,400 & more"}),
    ),
    bad=(
        Example("```\nLow: \\~7,400\n```", says="code"),
        Example("It fell to `\\~7,400` at the low.", says="code"),
        Example("Nothing.", front={"description": "About \\~7,400 at the low."}, says="description"),
        Example("Nothing.", front={"title": "S&amp;P 500 at a high"}, says="reference"),
    ),
)
