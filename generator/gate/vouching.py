"""Which numbers of a post nothing vouches for."""

from __future__ import annotations

import bisect
import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.gate.claims.phrases import Phrases
from generator.gate.evidence import Known, Pool, combined, follows, shown
from generator.gate.general_numbers import is_general
from generator.gate.knowledge import day_of
from generator.gate.recorded import differences, own_statements, traces_of
from generator.gate.values import (
    OVER_SPANS,
    of_contributions,
    of_figures,
    of_measures,
    of_sectors,
    of_session,
    of_stocks,
    of_texts,
    over_span,
)
from generator.metrics.measures import latest, values_at
from generator.reading.quantities import quantities

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from generator.dataset.session import Session
    from generator.gate.claims.phrases import Found
    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document
    from generator.reading.quantity import Quantity
    from generator.reading.statements import Statement

LIMIT = Known(30.0, "%", "the exchange’s daily limit")
_DIGIT = re.compile(r"\d")
_DIGITS_OF_A_LEVEL = 3
_ROUND = 2
_NEAREST = 3
_COMPARABLE = 2.0
"""A value that is so many times another is not near it."""


@dataclass(frozen=True, slots=True)
class Unvouched:
    """A number that does not follow from the data."""

    statement: Statement
    quantity: Quantity
    day: dt.date
    """Of the session."""
    nearest: tuple[str, ...]
    """The values of the data that are nearest, with their names."""

    @property
    def is_round(self) -> bool:
        """Whether it is a bare level such as 7,900, which may be one that somebody looks ahead to."""
        quantity = self.quantity
        digits = quantity.text.replace(",", "")
        return (
            quantity.unit == "number"
            and digits.isdecimal()
            and len(digits) >= _DIGITS_OF_A_LEVEL
            and len(digits.rstrip("0")) <= _ROUND
        )


def unvouched(document: Document, knowledge: Knowledge) -> Iterator[Unvouched]:
    """The numbers of the statements that were not generated, of a post about a session with data."""
    if day_of(document.front.get("session")) is None:
        return
    own = [
        each
        for each in own_statements(document, knowledge)
        if each.kind != "front" and not each.is_sourced and _DIGIT.search(each.text)
    ]
    # Asked for last: the data of a whole market takes a second to read.
    session = knowledge.session_of(document) if own else None
    if session is None:
        return
    told = {each.statement.offsets[0] for each in differences(document, knowledge)}
    evidence = Evidence(document, knowledge, session)
    for statement in own:
        if statement.offsets[0] in told:
            continue
        for quantity in evidence.unexplained(statement):
            yield Unvouched(statement, quantity, session.date, evidence.nearest(quantity))


class _Asked:
    """Things that are made when they are first asked for, and kept for those who ask next."""

    def __init__(self, made: Iterator[Sequence[Pool]]) -> None:
        self._made = made
        self._there: list[Sequence[Pool]] = []

    def __iter__(self) -> Iterator[Sequence[Pool]]:
        yield from self._there
        for each in self._made:
            self._there.append(each)
            yield each


class _Spans:
    """Stretches of a text, in order and apart."""

    def __init__(self, found: Iterable[Found]) -> None:
        self._spans = [(each.start, each.end) for each in found]

    def hold(self, place: int) -> bool:
        """Whether one of them has a character."""
        at = bisect.bisect_right(self._spans, place, key=lambda span: span[0]) - 1
        return at >= 0 and place < self._spans[at][1]


class Evidence:
    """What vouches for the numbers of one post, the cheap first."""

    def __init__(self, document: Document, knowledge: Knowledge, session: Session) -> None:
        self.document, self.knowledge, self.session = document, knowledge, session
        self.language = document.language
        self._by_stocks: dict[frozenset[str], tuple[Pool, Pool]] = {}
        self._last: tuple[str, frozenset[str]] | None = None

    def unexplained(self, statement: Statement) -> Iterator[Quantity]:
        """The quantities of a statement that nothing vouches for."""
        found = quantities(statement.text, self.language, near=self.session.date)
        names = _Spans(self._names.find(statement.text))
        witnesses = _Asked(self._witnesses(statement, found))
        for n, each in enumerate(found):
            around = found[max(0, n - 1) : n + 2]
            if is_general(each, statement.text, around, self.language) or names.hold(each.start):
                continue
            if not any(follows(each, pools, bare=statement.kind == "row") for pools in witnesses):
                yield each

    def nearest(self, quantity: Quantity) -> tuple[str, ...]:
        """The values of the same measure that come nearest."""
        value = abs(float(quantity.value))
        found = [
            known
            for pool in (self._pools[0], self._stocks(self._codes)[0])
            for measure in _LIKE.get(quantity.unit, (quantity.unit,))
            for known in pool.nearest(measure, value, _NEAREST)
            if value / _COMPARABLE <= abs(known.value) <= value * _COMPARABLE
        ]
        found.sort(key=lambda known: (abs(abs(known.value) - value), known.name))
        named = {shown(known): known.name for known in reversed(found)}
        return tuple(f"{value} ({name})" for value, name in reversed(named.items()))[:_NEAREST]

    def _witnesses(self, statement: Statement, around: Sequence[Quantity]) -> Iterator[Sequence[Pool]]:
        """What to ask, one after the other."""
        yield self._pools
        yield self._stocks(self._codes)[:1]
        codes = self._named_in(statement.context or statement.text)
        if codes:
            yield self._stocks(codes)
        yield (self._sectors,)
        yield self._measured(())
        days = {each.day for each in around if each.day} - {self.session.date, self.session.previous}
        if days:
            yield self._measured(tuple(sorted(days)[:_MOST_DAYS]))
        spans = {int(each.value) for each in around if each.unit == "number" and not each.sign}
        yield (self._over(tuple(sorted(n for n in spans if 1 < n <= _LONGEST_SPAN)[:_MOST_DAYS])),)

    def _named_in(self, text: str) -> frozenset[str]:
        """The stocks that a text names; the sentences of one block ask for the same one after the other."""
        if self._last is None or self._last[0] is not text:
            found = (each.value for names in (self._names, self._short_names) for each in names.find(text))
            self._last = text, frozenset(found)
        return self._last[1]

    # --- What there is to ask -----------------------------------------------------------------------

    @functools.cached_property
    def _sessions(self) -> Sequence[Session]:
        """The session, or of a week all of them."""
        listed = self.document.front.get("sessions")
        days = [day for day in listed if hasattr(day, "isoformat")] if isinstance(listed, list) else []
        others = (self.knowledge.session(day) for day in days[:_MOST_SESSIONS] if day != self.session.date)
        return [self.session, *(each for each in others if each)]

    @functools.cached_property
    def _base(self) -> Sequence[Known]:
        """What every statement may use."""
        traces = traces_of(self.document, self.knowledge)
        return [
            *(known for session in self._sessions for known in of_session(session)),
            *(known for session in self._sessions for known in of_texts(session, self.language)),
            *(of_figures(traces) if traces else ()),
            LIMIT,
        ]

    @functools.cached_property
    def _pools(self) -> tuple[Pool, Pool]:
        """Values, and what follows from two of them."""
        return Pool.of(self._base), Pool.of(combined(self._base))

    @functools.cached_property
    def _names(self) -> Phrases:
        """Companies by every name of theirs, and by their codes."""
        session = self.session

        def made() -> Phrases:
            names = {
                name: code for of_language in session.names.values() for code, name in of_language.items()
            }
            names |= {stock.name: stock.code for stock in session.stocks if stock.name}
            names |= {stock.code: stock.code for stock in session.stocks}
            return Phrases(names, spaced=self.language not in _UNSPACED)

        return self.knowledge.kept(("names of companies", session.date, self.language), made)

    @functools.cached_property
    def _codes(self) -> frozenset[str]:
        """The stocks that the post is about."""
        listed = self.document.front.get("stocks")
        stated = {str(each) for each in listed} if isinstance(listed, list) else set()
        found = {each.value for block in self.document.blocks for each in self._names.find(block.text)}
        few = (
            {stock.code for stock in self.session.stocks}
            if len(self.session.stocks) <= _FEW_STOCKS
            else set()
        )
        return frozenset(stated | found | few)

    @functools.cached_property
    def _short_names(self) -> Phrases:
        """The last words of the names of the post's stocks, where they are one company's: Mobis."""
        by_word: dict[str, set[str]] = {}
        for language in dict.fromkeys(("", self.language)):
            for code in sorted(self._codes):
                for name in self._names_of.get((language, code), ()):
                    *_, last = name.split()
                    by_word.setdefault(last, set()).add(code)
        short = {word: next(iter(codes)) for word, codes in by_word.items() if len(codes) == 1}
        return Phrases(
            {word: code for word, code in short.items() if len(word) >= _LETTERS_OF_A_NAME},
            spaced=self.language not in _UNSPACED,
        )

    @functools.cached_property
    def _names_of(self) -> Mapping[tuple[str, str], Sequence[str]]:
        """Names by language and code; the data's own under no language."""
        found = {("", stock.code): (stock.name,) for stock in self.session.stocks if stock.name}
        own = self.session.names.get(self.language, {})
        return found | {(self.language, code): (name,) for code, name in own.items() if name}

    def _stocks(self, codes: frozenset[str]) -> tuple[Pool, Pool]:
        if codes not in self._by_stocks:
            own = [known for session in self._sessions for known in of_stocks(codes, session, self.language)]
            own += of_contributions(codes, self.session)
            groups = {known.group for known in own}
            shared = [
                known
                for known in self._base
                if known.group in groups and (known.group in _SHARED or known.group.startswith(_BESIDE))
            ]
            self._by_stocks[codes] = Pool.of(own), Pool.of(combined([*own, *shared]))
        return self._by_stocks[codes]

    @functools.cached_property
    def _sectors(self) -> Pool:
        return Pool.of(of_sectors(self.session))

    def _measured(self, days: tuple[dt.date, ...]) -> tuple[Pool, Pool]:
        """The metrics of the session, of the one before and of some days, and what follows from them."""

        def made() -> tuple[Pool, Pool]:
            known = [
                each
                for day in dict.fromkeys((self.session.date, self.session.previous, *days))
                for each in of_measures(values_at(self.knowledge.history, day), day)
            ]
            return Pool.of(known), Pool.of(combined(known))

        return self.knowledge.kept(("measures", self.session.date, days), made)

    def _over(self, spans: tuple[int, ...]) -> Pool:
        """What became of levels and amounts over some numbers of sessions."""
        day = self.session.date

        def made() -> Pool:
            history = self.knowledge.history
            return Pool.of(
                known
                for span in spans
                for name in OVER_SPANS
                for known in over_span(name, latest(history, name, day, span + 1))
            )

        return self.knowledge.kept(("over", day, spans), made)


_LIKE = {"number": ("count", "price"), "KRW": ("KRW", "price"), "%": ("%", "pp")}
_UNSPACED = ("ko", "ja", "zh")
_LETTERS_OF_A_NAME = 4
_FEW_STOCKS = 60
"""A dataset that names so few stocks names those that the post is about."""
_MOST_SESSIONS = 10
_LONGEST_SPAN = 260
_MOST_DAYS = 8
"""Days and spans of one sentence that are looked up."""
_SHARED = frozenset({"changes", "value_traded", "market_value"})
_BESIDE = ("flows of ", "prices of ")
