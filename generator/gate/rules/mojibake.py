"""No text that was read in the wrong encoding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.gate.finding import Remark
from generator.gate.misread import misread
from generator.gate.prose import shortened
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document


def check(document: Document, _: Knowledge) -> Iterator[Remark]:
    """Characters that were others once, anywhere in the file."""
    if document.text.isascii():
        return
    for start, end, was in misread(document.text):
        yield Remark(
            start=start,
            end=end,
            message="characters that were read in the wrong encoding",
            found=shortened(document.text[start:end]),
            expected=shortened(was) if was is not None else "",
            remedy="Put it right" if was is not None else "Take the text from its source again",
            fix=was,
        )


RULE = Rule(
    name="mojibake",
    severity="error",
    summary="No text that was read in the wrong encoding.",
    why=(
        "UTF-8 that was read as Windows-1252 (`â€™`, `Ã©`, `ì‚¼ì„±`) or as CP949, Korean in EUC-KR that "
        "was read as Latin-1 (`»ï¼ºÀüÀÚ`), and what could not be read at all (U+FFFD, `占쏙옙`). What "
        "can be turned back is mended by `--fix`. The whole file is looked at, code and front matter "
        "too. Accents of French, Vietnamese or Portuguese are left alone, also beside quotation marks "
        "and in capitals."
    ),
    check=check,
    good=(
        Example("« Le café » ferma; naïve, São Paulo, À DÉJÀ VU », ₩3.76tn.", language="fr"),
        Example("삼성전자(三星電子)는 올랐다: ‘밸류업’ 2½배", language="ko"),
        Example("ĐÃ “tăng” 3%, CÂU «hỏi».", language="vi"),
    ),
    bad=(
        Example("The marketâ€™s rise", says="encoding"),
        Example("ì‚¼ì„±ì „ìž rose", says="encoding"),
        Example("»ï¼ºÀüÀÚ", language="ko", says="encoding"),
        Example("占쏙옙 상승", language="ko", says="encoding"),
        Example("Text.", front={"description": "The cafÃ© index"}, says="encoding"),
    ),
)
