"""A number, date, name or code of a generated sentence is the one that was generated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.gate.recorded import differences, remark
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.finding import Remark
    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """What differs from `figures.json`, but for words."""
    for each in differences(document, knowledge):
        if not each.is_word:
            yield remark(document, each)


_FIGURES = """{"figures": [
 {"figure": "kospi.change", "text": "2.63%", "value": 2.63, "unit": "%", "precision": 2,
  "source": {"file": "datasets/2026-05-13/indices.csv", "row": "line 2", "column": "change_pct"}},
 {"figure": "kospi.close", "text": "7,844.01", "value": 7844.01, "unit": "points", "precision": 2,
  "source": {"file": "datasets/2026-05-13/indices.csv", "row": "line 2", "column": "close"}},
 {"figure": "day", "text": "May 13", "value": "2026-05-13", "unit": "date", "precision": 2,
  "source": {"file": "session", "row": "2026-05-13", "column": "date"}},
 {"figure": "flow.kospi.foreign", "text": "₩3.76tn", "value": -3760000000000.0, "unit": "KRW", "precision": 2,
  "source": {"file": "datasets/2026-05-13/flows.csv", "row": "line 4", "column": "net_krw"}}],
 "statements": [
 {"text": "The KOSPI jumped 2.63% to 7,844.01 on May 13.", "marks": [[17, 22, 0], [26, 34, 1], [38, 44, 2]]},
 {"text": "Foreigners net sold ₩3.76tn.", "marks": [[20, 27, 3]]},
 {"text": "KOSPI | 7,844.01 | +2.63% | -₩3,760bn", "marks": [[8, 16, 1]]},
 {"text": "Samsung Electronics led, before SK hynix.", "marks": []}]}
"""
FILES = {"content/post/example/figures.json": _FIGURES}
"""A record beside the examples."""
_TABLE = "| Market | Close | Change | Foreigners |\n| --- | --- | --- | --- |\n"

RULE = Rule(
    name="number-differs",
    severity="error",
    summary="A number, a date, a name or a code in a generated sentence is the one that was generated.",
    why=(
        "Beside each generated post, figures.json keeps every statement that was made, and the figure of"
        " every number in it. A statement is known again by the words around its numbers and names; what"
        " stands there now must be what was generated: the value, its sign, its unit, its scale, the day, the"
        " company. Rounding a number further or writing it under another scale is no change (₩3.76tn,"
        " ₩3,760bn, ₩3.8tn)."
        " A sentence that was put into other words is another rule's: number-without-source. If the data was"
        " wrong, correct the data and make the post again."
    ),
    check=check,
    uses_data=True,
    good=(
        Example("The KOSPI jumped 2.63% to 7,844.01 on May 13.", files=FILES),
        Example("The KOSPI jumped 2.6% to 7,844 on 13 May. Foreigners net sold ₩3,760bn.", files=FILES),
        Example("Our own words: the KOSPI jumped 9.99%.", files=FILES),
        Example(f"{_TABLE}| KOSPI | 7,844.01 | +2.63% | -₩3.76tn |", files=FILES),
        Example("The KOSPI jumped 3.62% to 7,844.01 on May 13."),
    ),
    bad=(
        Example("The KOSPI jumped 3.62% to 7,844.01 on May 13.", files=FILES, says="kospi.change"),
        Example("The KOSPI jumped 2.63% to 7,844.01 on May 14.", files=FILES, says="May 13"),
        Example("Foreigners net sold ₩3.76bn.", files=FILES, says="₩3.76tn"),
        Example("SK hynix led, before SK hynix.", files=FILES, says="Samsung Electronics"),
        Example(f"{_TABLE}| KOSPI | +2.63% | 7,844.01 | -₩3,760bn |", files=FILES, says="7,844.01"),
        Example(f"{_TABLE}| KOSPI | 7,844.01 | -2.63% | -₩3,760bn |", files=FILES, says="+2.63%"),
    ),
)
