"""What readers saw in a post against what the data gives now: figure by figure, as they are shown.

Knows nothing of files: it takes a `figures.json` that was read, and facts.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, get_args

from generator import figures
from generator.corrections import OF_A_NOTE, Corrected, kind_of
from generator.figures import Cell, Figure, Formula, Style, Unit
from generator.markdown import printable
from generator.reading.statements import BETWEEN_CELLS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.dataset.session import Stock
    from generator.figures import Numerals, Printed, Source, Value
    from generator.reading.traces import Entry, Traces


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One figure of a post, as it was and as it is."""

    figure: str
    """Its id; of a row that stands elsewhere in its table now, the one that it had."""
    of: str
    """What it is of, where it is of something that has a name."""
    was: Figure | None
    """None where readers saw none."""
    now: Figure | None
    """None where the data has none."""
    was_text: str = ""
    """As it was shown."""
    now_text: str = ""

    @property
    def kind(self) -> Literal["changed", "withdrawn", "dropped", "new"]:
        """What became of it.

        `withdrawn`, the data no longer has it; `dropped`, the post no longer tells it, which says nothing of
        whether it was right.
        """
        if self.was is None:
            return "new"
        if self.now is not None:
            return "changed"
        found = kind_of(self.figure)
        is_read = isinstance(self.was.source, Cell)
        return "withdrawn" if is_read and found and found[0] in ALWAYS_KNOWN else "dropped"


@dataclass(frozen=True, slots=True)
class Differences:
    """Everything in which a post differs from its data."""

    listed: tuple[Difference, ...] = ()
    """In the post's order, new ones last."""

    @property
    def seen(self) -> tuple[Difference, ...]:
        """Those that make a correction: readers saw another number, or one that the data no longer has."""
        return tuple(each for each in self.listed if each.kind in ("changed", "withdrawn"))

    @property
    def corrected(self) -> tuple[Corrected, ...]:
        """The same, as an entry of front matter takes them."""
        return tuple(
            Corrected(figure=each.figure, of=each.of, was=each.was, now=each.now)
            for each in self.seen
            if each.was is not None
        )


OF_THE_POST = frozenset({"as_of", "as_of_time", "published"})
"""Figures of the post itself rather than of the market: when its data was read, and when it came out."""
ALWAYS_KNOWN = frozenset(
    {"close", "change", "net", "breadth", "stock_close", "stock_change", "stock_net", "macro_value",
     "macro_change", "level", "turnover"}
)  # fmt: skip
"""Kinds of figures that are among a post's facts whenever the data has them; others are picked."""
_IN_ROWS = re.compile(r"(?P<table>macro|course|event|asked)\.\d+\.(?P<column>.+)")
"""Figures that are known by the number of their row, which changes when a row is put in above."""
_OF_A_STOCK = re.compile(r"stock\.(\w+)\.\w+")
_UNITS: tuple[Unit, ...] = get_args(Unit)
_STYLES: tuple[Style, ...] = (
    "signed", "size", "plain", "billions", "ordinal", "words", "long", "day", "month", "year", "weekday",
    "iso", "clock", "whole",
)  # fmt: skip
"""All of them; the one that says most comes first."""


def differences(
    before: Traces,
    facts: object,
    shown: Iterable[Printed],
    numerals: Numerals,
    *,
    stocks: Iterable[Stock] = (),
) -> Differences:
    """In which figures a post differs from what the data gives now.

    A figure that is known as it was, but not shown any more because something else is told, is no difference.

    Args:
        before: the `figures.json` that readers had.
        facts: of the same post, now: records of figures.
        shown: the figures that the post would show now.
        numerals: how the post's language writes numbers.
        stocks: those of the session: facts have only some of them.
    """
    now = _Known(facts, shown, stocks)
    texts: dict[str, list[str]] = defaultdict(list)
    entries: dict[str, Entry] = {}
    for entry in before.figures:
        name = str(entry["figure"])
        texts[name].append(str(entry["text"]))
        entries.setdefault(name, entry)
    labels = _labels(before)
    found: list[Difference] = []
    met: set[str] = set()
    for name, entry in entries.items():
        if name in OF_THE_POST or name.startswith(OF_A_NOTE):
            continue
        was = _figure(entry)
        if was is None:
            continue
        today = now.counterpart(was, texts[name], labels.get(_row(name), ""), numerals)
        met.add(today.id if today else name)
        if today is None or _differ(was, texts[name], today, numerals):
            was_text, now_text = _pair(was, texts[name], today, numerals)
            of = now.subject(name, today, labels)
            found.append(
                Difference(figure=name, of=of, was=was, now=today, was_text=was_text, now_text=now_text)
            )
    return Differences((*found, *_new(now, entries.keys() | met)))


def _new(now: _Known, known: set[str]) -> Iterator[Difference]:
    """Figures that readers have not seen, once each."""
    listed = set(known) | OF_THE_POST
    for printed in now.shown:
        figure = printed.figure
        if figure.id not in listed and not figure.id.startswith(OF_A_NOTE):
            listed.add(figure.id)
            yield Difference(
                figure=figure.id, of=now.subject(figure.id, figure, {}), was=None, now=figure,
                now_text=printed.text,
            )  # fmt: skip


class _Known:
    """The figures of some facts by id, and the names of what they are of."""

    def __init__(self, facts: object, shown: Iterable[Printed], stocks: Iterable[Stock]) -> None:
        self.shown: Sequence[Printed] = tuple(shown)
        self._stocks = {stock.code: stock for stock in stocks}
        self.figures: dict[str, Figure] = {}
        self._owners: dict[str, str] = {}
        """By the figure's id without its last part: `stock.005930` is Samsung Electronics."""
        self._indices: dict[str, str] = {}
        """By the name in small letters, with which ids begin."""
        for figure, owner in _walk(facts):
            self.figures.setdefault(figure.id, figure)
            if owner:
                self._owners.setdefault(_row(figure.id), owner)
                if figure.id.startswith(f"{owner.lower()}."):
                    self._indices[owner.lower()] = owner
        for printed in self.shown:
            self.figures.setdefault(printed.figure.id, printed.figure)

    def counterpart(self, was: Figure, texts: Sequence[str], label: str, numerals: Numerals) -> Figure | None:
        """The figure that is now what this one was."""
        own, place = self.figures.get(was.id), _IN_ROWS.fullmatch(was.id)
        if place is None:
            return own or self._of_stock(was)
        alike = [
            figure
            for name, figure in self.figures.items()
            if (found := _IN_ROWS.fullmatch(name)) and found.groups() == place.groups()
        ]
        if label:
            return next((each for each in alike if self._owners.get(_row(each.id)) == label), None)
        same = (each for each in alike if not _differ(was, texts, each, numerals))
        return next(same, own)

    def _of_stock(self, was: Figure) -> Figure | None:
        """A figure of a stock that the post does not speak of any more."""
        found = _OF_A_STOCK.fullmatch(was.id)
        stock = self._stocks.get(found[1]) if found else None
        if stock is None or not isinstance(was.source, Cell):
            return None
        value = getattr(stock, was.source.column, None)
        if not isinstance(value, (int, float)):
            return None
        return replace(was, value=value, source=stock.cell(was.source.column))

    def subject(self, name: str, today: Figure | None, labels: Mapping[str, str]) -> str:
        """What a figure is of, for the kinds that notes can name."""
        found = kind_of(name)
        if found is None:
            return ""
        if index := found[1].get("index"):
            return self._indices.get(index, "")
        if owner := found[1].get("owner"):
            return labels.get(owner) or self._owners.get(_row(today.id) if today else owner, "")
        return ""


def _row(name: str) -> str:
    """A figure's id without its last part."""
    return name.rpartition(".")[0]


_NAMES = ("name", "variable", "market")
"""The fields of facts that name what their figures are of."""


def _walk(facts: object) -> Iterator[tuple[Figure, str]]:
    """The figures within facts, each with the name of the record that it stands in."""
    waiting: list[tuple[object, str]] = [(facts, "")]
    done: set[int] = set()
    while waiting:
        each, owner = waiting.pop()
        if isinstance(each, Figure):
            yield each, owner
        elif is_dataclass(each) and not isinstance(each, type):
            if id(each) in done:
                continue
            done.add(id(each))
            names = (getattr(each, name, None) for name in _NAMES)
            own = next((name for name in names if isinstance(name, str)), "")
            waiting += [(getattr(each, field.name), own) for field in reversed(fields(each))]
        elif isinstance(each, Mapping):
            waiting += [(inner, owner) for inner in reversed(list(each.values()))]
        elif isinstance(each, (tuple, list)):
            waiting += [(inner, owner) for inner in reversed(each)]


def _labels(before: Traces) -> dict[str, str]:
    """What the rows of tables were headed with, by the id of their figures without its last part.

    Of the tables only whose rows have no name of their own in the ids.
    """
    found: dict[str, str] = {}
    for statement in before.statements:
        head, cells, _ = statement.text.partition(BETWEEN_CELLS)
        for mark in statement.marks:
            name = str(before.figure(mark)["figure"])
            if cells and mark.start > len(head) and name.startswith("macro."):
                found.setdefault(_row(name), printable(head))
    return found


def _figure(entry: Entry) -> Figure | None:
    """A figure as the file has it; None of one that an older version wrote otherwise."""
    unit = next((each for each in _UNITS if each == entry.get("unit")), None)
    precision = entry.get("precision")
    if unit is None or type(precision) is not int:
        return None
    value = _value(entry["value"], unit)
    if value is None:
        return None
    return Figure(str(entry["figure"]), value, unit, _source(entry["source"]), precision)


def _value(value: Any, unit: Unit) -> Value | None:
    kinds: Mapping[str, type[dt.date | dt.time]] = {"date": dt.date, "time": dt.time}
    if unit in kinds:
        try:
            return kinds[unit].fromisoformat(str(value))
        except ValueError:
            return None
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _source(source: Any) -> Source:
    if isinstance(source, dict) and "formula" in source:
        return Formula(str(source["formula"]))
    parts = source if isinstance(source, dict) else {}
    return Cell(*(str(parts.get(key, "")) for key in ("file", "row", "column")))


def _differ(was: Figure, texts: Sequence[str], today: Figure, numerals: Numerals) -> bool:
    """Whether a reader sees another number: in a style in which the figure was shown."""
    used = [style for style in _STYLES if _text(was, numerals, style) in texts]
    if used:
        return any(_text(was, numerals, style) != _text(today, numerals, style) for style in used)
    return (was.value, was.unit) != (today.value, today.unit)


def _pair(was: Figure, texts: Sequence[str], today: Figure | None, numerals: Numerals) -> tuple[str, str]:
    """The two in one style in which they differ, the one that says most."""
    for style in _STYLES:
        before, after = _text(was, numerals, style), _text(today, numerals, style) if today else ""
        if before in texts and before and before != after:
            return before, after or ""
    return texts[0], (figures.text(today, numerals) if today else "")


def _text(figure: Figure, numerals: Numerals, style: Style) -> str | None:
    """A figure in a style; None if it cannot be shown so."""
    try:
        return figures.text(figure, numerals, style)
    except ValueError:
        return None
