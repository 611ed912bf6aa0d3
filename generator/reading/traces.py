"""`figures.json`: every figure of a generated post, and each statement it made with the figures in it."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import defaultdict, deque
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.reading.quantities import quantities

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.figures import Printed
    from generator.reading.quantity import Quantity

Entry = dict[str, Any]
"""A figure as the file has it: figure, text, value, unit, precision, source."""


class Mark(NamedTuple):
    """A number within a statement, `text[start:end]`, and its figure's place in the list of figures."""

    start: int
    end: int
    figure: int


class Traced(NamedTuple):
    """A statement as it was generated."""

    text: str
    marks: tuple[Mark, ...]
    """In order. A number without one stands in a text of the data's."""


@dataclass(frozen=True, slots=True)
class Traces:
    """What a `figures.json` holds."""

    figures: tuple[Entry, ...]
    """In order of first appearance."""
    statements: tuple[Traced, ...] = ()
    """In the post's order; none in a file of an older version."""

    def figure(self, mark: Mark) -> Entry:
        """The figure of a mark."""
        return self.figures[mark.figure]


def trace(
    texts: Iterable[str],
    *,
    figures: Sequence[Printed],
    shown: Iterable[Printed],
    language: str,
    near: dt.date,
) -> tuple[Traced, ...]:
    """Statements with the figures in them.

    Args:
        texts: the statements of the post, in order.
        figures: all figures, in the order of the file.
        shown: the same, as often as they were shown.
        language: of the texts.
        near: a day of the post's, for dates without a year.
    """
    waiting = _Waiting(figures, shown)
    return tuple(
        Traced(
            text,
            tuple(
                Mark(each.start, each.end, place)
                for each in quantities(text, language, near=near)
                if (place := waiting.next_of(each)) is not None
            ),
        )
        for text in texts
    )


_DIGITS = re.compile(r"\d(?:[\d.,]*\d)?")


class _Waiting:
    """Figures by their text, each in the order it was shown: the first to be asked for is the first shown.

    Templates may render a text before another that stands above it; so a text is looked for first, and the
    order only decides between figures of one text.
    """

    def __init__(self, figures: Sequence[Printed], shown: Iterable[Printed]) -> None:
        places = {id(each): n for n, each in enumerate(figures)}
        self.figures = figures
        self.by_text: dict[str, deque[int]] = defaultdict(deque)
        self.by_digits: dict[str, deque[int]] = defaultdict(deque)
        for each in shown:
            self.by_text[each.text.lower()].append(places[id(each)])
            self.by_digits[_digits(each.text)].append(places[id(each)])

    def next_of(self, quantity: Quantity) -> int | None:
        """The place of the figure that a quantity shows: of its text, else of its digits ($100 shows 100)."""
        if queue := self.by_text.get(quantity.text.lower()):
            # The last of a text serves for all that is left: it is the same text.
            return queue.popleft() if len(queue) > 1 else queue[0]
        queue = self.by_digits.get(_digits(quantity.text)) or deque()
        return next((place for place in queue if _is_of(self.figures[place], quantity)), None)


def _digits(text: str) -> str:
    """A text's digits; of several numbers the first's."""
    found = _DIGITS.search(text)
    return found[0] if found else text.lower()


def _is_of(printed: Printed, quantity: Quantity) -> bool:
    """Whether a figure shown with other marks beside it is the one: of its value, but for the sign."""
    value = printed.figure.value
    if isinstance(value, (dt.date, dt.time)):
        return False
    return abs(abs(Decimal(repr(value))) - abs(quantity.value)) <= quantity.tolerance


def to_json(figures: Iterable[Entry], statements: Iterable[Traced]) -> str:
    """The file: the figures as a list, and a line for each statement."""
    listed = json.dumps(list(figures), ensure_ascii=False, indent=1).replace("\n", "\n ")
    lines = ",\n".join(
        "  "
        + json.dumps(
            {"text": each.text, "marks": [[mark.start, mark.end, mark.figure] for mark in each.marks]},
            ensure_ascii=False,
        )
        for each in statements
    )
    return f'{{\n "figures": {listed},\n "statements": [\n{lines}\n ]\n}}\n'


def from_json(text: str) -> Traces:
    """What a file holds, of this version or an older one, which was the list of figures alone.

    Raises:
        ValueError: it is none of ours.
    """
    data = json.loads(text)
    if isinstance(data, list):
        data = {"figures": data, "statements": []}
    if not isinstance(data, dict):
        raise ValueError("it is neither a list nor an object")  # noqa: TRY004 - the file's fault, not a caller's
    figures = tuple(_entry(each) for each in _list(data, "figures"))
    return Traces(figures, tuple(_traced(each, len(figures)) for each in _list(data, "statements")))


def _list(data: Mapping[str, object], key: str) -> list[Any]:
    found = data.get(key)
    if not isinstance(found, list):
        raise ValueError(f"it has no list {key}")  # noqa: TRY004 - the file's fault, not a caller's
    return found


def _entry(each: object) -> Entry:
    if not isinstance(each, dict) or not {"figure", "text", "value", "source"} <= each.keys():
        raise ValueError("an entry lacks its figure, text, value or source")
    return each


def _traced(each: object, figures: int) -> Traced:
    try:
        marks = tuple(Mark(int(start), int(end), int(place)) for start, end, place in each["marks"])  # type: ignore[index]  # any shape but ours raises below
        traced = Traced(str(each["text"]), marks)  # type: ignore[index]  # the same
    except (TypeError, KeyError, ValueError) as error:
        raise ValueError("a statement lacks its text or its marks") from error
    if any(not 0 <= mark.figure < figures for mark in traced.marks):
        raise ValueError("a statement names a figure that is not in the list")
    return traced
