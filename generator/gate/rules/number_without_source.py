"""Every number that a person wrote follows from the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.gate.finding import Remark
from generator.gate.rule import Example, Rule
from generator.gate.unvouched import unvouched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """The numbers of a post's own statements that nothing vouches for."""
    for each in unvouched(document, knowledge):
        start, end = each.statement.place(each.quantity.start, each.quantity.end)
        near = "; ".join(each.nearest)
        yield Remark(
            start=start,
            end=end,
            message=f"{each.quantity.text} does not follow from the data of {each.day}"
            + (f"; nearest: {near}" if near else ""),
            found=each.quantity.text,
            severity="note" if each.is_round else None,
            remedy="Correct it, add it to the dataset (context.csv), or link its source in the same sentence",
        )


_TABLE = "| Name | Close | Change % | Net, ₩bn |\n| --- | --- | --- | --- |\n"

RULE = Rule(
    name="number-without-source",
    severity="error",
    summary="Every number that a person wrote follows from the data, or its sentence links a source.",
    why=(
        "What was generated is traced; what a person adds must be as good. In a post about a session,"
        " every number of a sentence that was not generated is looked for in the session's tables, their"
        " texts, the metrics of that day, the day before and the days it names, and the post's own"
        " figures: as it is, rounded as it is written, or as a difference, a sum, a ratio, a share or a"
        " change in per cent of two values that belong together; and only values of what the sentence, or"
        " those before it, speaks of: an index, a company, a sector, flows, breadth. With “about” the last"
        " digit may be one off. Not asked for are dates and times, counts up to twelve, spans (the 20-day"
        " average), ranks (the top 200), bounds and levels in round numbers (above 7,800), proportions"
        " (1:1), names (KOSPI 200), and every number of a sentence that links to another site. A round"
        " level that is not in the data is a note."
    ),
    check=check,
    uses_data=True,
    good=(
        Example("The KOSPI rose 2.6% to 7,844; foreigners sold ₩3.8tn, about 40% of the $6.7bn inflow."),
        Example("From 7,643 it rose 200.91 points. 500 more stocks fell than rose, 33.8% of 2,827 rose."),
        Example(
            "Retail bought ₩1,890bn, half of it; Hyundai Mobis did 8.52 points better than Hyundai Motor."
        ),
        Example("Citi’s target of ₩460,000 is 62% above the ₩284,000 at which Samsung Electronics closed."),
        Example("The top 100, the 20-day average and the 52-week high: above 7,800 a 3rd record in 5 days."),
        Example("Turnover was ₩12.4tn ([KRX](https://data.krx.co.kr/))."),
        Example(f"{_TABLE}| Samsung Electronics | 284,000 | 1.79 | -1,550 |"),
        Example("Revenue grew 87.5% to ₩123.4tn.", front={"session": None}),
        Example(
            "외국인은 3조 7,600억 원을 순매도했고 코스피는 2.63% 올랐다. 7,800선을 지켰다.", language="ko"
        ),
    ),
    bad=(
        Example("The KOSPI rose 3.62% to 7,844.", says="nearest"),
        Example("Foreigners sold ₩3.67tn.", says="-₩3.76tn (foreign net of KOSPI)"),
        Example("Turnover was ₩12.4tn.", says="₩12.4tn does not follow"),
        Example("SK hynix closed at ₩1,967,000.", says="₩1,976,000 (SK hynix close)"),
        Example("We look at 7,900 next.", says="7,900"),
        Example("1,545 stocks fell.", says="1,455 (decliners of all)"),
        Example("The KOSDAQ closed +0.20%.", says="-0.20% (KOSDAQ change)"),
        Example(f"{_TABLE}| Samsung Electronics | 248,000 | 1.79 | -1,550 |", says="248,000"),
        Example("외국인은 3조 6,700억 원을 순매도했다.", language="ko", says="3조 6,700억 원"),
    ),
)
