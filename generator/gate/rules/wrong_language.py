"""A post is in its own language."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from typing import TYPE_CHECKING

from generator.gate import tongues
from generator.gate.claims.phrases import words_of
from generator.gate.finding import Remark
from generator.gate.prose import HIDDEN, masked, shortened
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.finding import Severity
    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Block, Document

_QUOTED = re.compile(
    r"“[^“”]{1,400}”|\"[^\"]{1,400}\"|‘[^‘’]{1,400}’|「[^「」]{1,400}」|『[^『』]{1,400}』|《[^《》]{1,200}》"
    r"|«[^«»]{1,400}»|〈[^〈〉]{1,200}〉|<[^<>]{1,200}>"
)
_HIDDEN = ("code", "html", "shortcode", "link", "image")
_PROSE = frozenset({"title", "description", "heading", "paragraph", "item"})


def check(document: Document, _: Knowledge) -> Iterator[Remark]:
    """Paragraphs, sentences and tables in another language."""
    language = document.language.split("-")[0].lower()
    script = tongues.SCRIPTS.get(language)
    if script is None:
        return
    tables: dict[int, list[tuple[Block, bool]]] = defaultdict(list)
    for block in document.blocks:
        if block.kind in _PROSE and not block.quoted and len(block.text) >= _SHORTEST:
            text = masked(block, _HIDDEN)
            text = _QUOTED.sub(lambda found: HIDDEN * len(found[0]), text)
            yield from _of_prose(block, text, language, script)
        elif block.cell and block.cell.row:
            counted = tongues.letters(masked(block, _HIDDEN))
            if counted.has_any:
                foreign = counted.foreign(script)[1]
                tables[block.cell.table].append((block, foreign > 0 and foreign * 2 > counted.total))
    for cells in tables.values():
        theirs = [block for block, is_foreign in cells if is_foreign]
        if len(theirs) >= _FEWEST_CELLS and len(theirs) > _MOST_OF_TABLE * len(cells):
            name = tongues.letters("".join(block.text for block in theirs)).foreign(script)[0]
            yield _remark(theirs[0], 0, len(theirs[0].text), f"a table in {tongues.NAMES[name]}", None)


_SHORTEST = 10
_FEWEST_CELLS = 6
_MOST_OF_TABLE = 0.6
_FEWEST_LETTERS = {"hangul": 14, "japanese": 14, "chinese": 14}
"""Of a text that is wholly in another script: fewer are a name."""
_MOSTLY = 0.8
_LONG = 40
"""Letters of a sentence in the middle of others, if it does not end as one."""
_RUNS = {
    "hangul": "[\uac00-\ud7a3][\uac00-\ud7a3\\d ,.%₩·~()'’+–—-]*",
    "japanese": "[\u3041-\u30fa\u4e00-\u9fff][\u3041-\u30ff\u4e00-\u9fff\\d ,.%、。・（）-]*",
    "chinese": "[\u4e00-\u9fff][\u4e00-\u9fff\\d ,.%、。，（）-]*",
}
_ENDS = re.compile(r"(?:다|요|죠)[.!?]|(?:다|요)$|(?:です|ます|した|である|だった)[。.]?|。")
_FEWEST_IN_SENTENCE = 12


def _of_prose(block: Block, text: str, language: str, script: str) -> Iterator[Remark]:
    counted = tongues.letters(text)
    name, foreign = counted.foreign(script)
    if foreign >= _FEWEST_LETTERS[name] and foreign * 2 > counted.total:
        yield _remark(block, 0, len(text), f"a {_kind(block)} in {tongues.NAMES[name]}", "error")
    elif script == "latin":
        # All its words are known already, and few blocks have enough of another language among them.
        may_be_other = tongues.has_foreign(words_of(block.text).words, language)
        if may_be_other and (other := tongues.other_latin(text, language)):
            yield _remark(block, 0, len(text), f"a {_kind(block)} in {tongues.NAMES[other]}", "error")
        elif foreign >= _FEWEST_IN_SENTENCE:
            yield from _sentences(block, text, name)
    else:
        runs = tongues.english_runs(text)
        length = sum(end - start for start, end in runs)
        other = tongues.latin_language(text) if counted.latin > _MOSTLY * counted.total else ""
        if length * 2 > len(text.strip()) or other:
            yield _remark(block, 0, len(text), f"a {_kind(block)} in {tongues.NAMES[other or 'en']}", "error")
        else:
            for start, end in runs:
                yield _remark(block, start, end, "a sentence in English", None)
        if foreign >= _FEWEST_IN_SENTENCE:
            yield from _sentences(block, text, name)


def _sentences(block: Block, text: str, name: str) -> Iterator[Remark]:
    """Sentences of another script within a paragraph; a name or a title is none."""
    for found in _runs(name).finditer(text):
        run = found[0].rstrip()
        counted = tongues.letters(run).foreign("latin")[1]
        is_sentence = counted >= _FEWEST_IN_SENTENCE and _ENDS.search(run) is not None
        if is_sentence or counted >= _LONG:
            end = found.start() + len(run)
            yield _remark(block, found.start(), end, f"a sentence in {tongues.NAMES[name]}", None)


@functools.cache
def _runs(name: str) -> re.Pattern[str]:
    """Compiled once a post needs them, which hardly any does."""
    return re.compile(_RUNS[name])


def _kind(block: Block) -> str:
    return {"item": "list item"}.get(block.kind, block.kind)


def _remark(block: Block, start: int, end: int, what: str, severity: Severity | None) -> Remark:
    return Remark(
        start=block.start(start),
        end=max(block.start(max(end - 1, start)), block.start(start)) + 1,
        message=f"{what}, which is not the post's language",
        found=shortened(block.text[start:end]),
        remedy="Translate it, or quote it as such",
        severity=severity,
    )


RULE = Rule(
    name="wrong-language",
    severity="warning",
    summary="A post is in its own language.",
    why=(
        "A paragraph that was not translated, or was pasted from the other edition. Languages are told "
        "by their script, and those in Latin letters by their commonest words. Names, tickers, "
        "quotations, block quotes, words of links and code are left alone. A whole paragraph is an "
        "error, a sentence within one or most of a table a warning. Languages whose script or words are "
        "not known are not judged."
    ),
    check=check,
    good=(
        Example(
            "Samsung Electronics (삼성전자) and SK hynix (SK하이닉스) rose; "
            "“코스피가 사상 최고치를 기록했다”, said the Korea Exchange (한국거래소)."
        ),
        Example(
            "삼성전자는 Bank of America Merrill Lynch 보고서에서 HBM3E, AI DRAM 수혜주로 꼽혔다.",
            language="ko",
        ),
        Example("[코스피 사상 최고치, 외국인은 3조원 순매도했다](https://example.org/) (in Korean)"),
        Example(
            "El KOSPI subió un 2,63% y cerró en 7.844,01 puntos, según KRX, con los inversores.",
            language="es",
        ),
    ),
    bad=(
        Example("오늘 코스피는 2.63% 오른 7,844.01에 마감했다. 외국인은 순매도했다.", says="Korean"),
        Example(
            "Foreign investors sold heavily on the day, but the index closed at a record.",
            language="ko",
            says="English",
        ),
        Example(
            "The KOSPI rose to a record. 외국인은 삼성전자를 대량으로 순매도했다. Retail bought.",
            says="sentence in Korean",
        ),
        Example("本日のコスピは大幅に上昇し、過去最高値を更新しました。", language="ko", says="Japanese"),
        Example(
            "Der Index ist heute auf ein Rekordhoch gestiegen, und die Anleger haben mit dem Kauf von Aktien "
            "nicht gezögert.",
            says="German",
        ),
    ),
)
