"""What vouches for the numbers of a post."""

from __future__ import annotations

import bisect
import functools
import re
import string
from decimal import Decimal
from typing import TYPE_CHECKING

from generator.dataset.rows import column, places_by
from generator.gate.claims.phrases import Phrases
from generator.gate.evidence import HOWS, Known, Pool, chance, combined, shown, witnesses
from generator.gate.general_numbers import is_general
from generator.gate.recorded import traces_of
from generator.gate.topics import Listener, Topics
from generator.gate.values import (
    BEFORE,
    OVER_SPANS,
    of_contribution,
    of_figures,
    of_measures,
    of_questions,
    of_sectors,
    of_session,
    of_stock,
    of_texts,
    over_span,
    without,
)
from generator.metrics.contributions import contributions
from generator.metrics.measures import latest, values_at
from generator.reading.quantities import quantities
from generator.reading.quantity import MONEY
from generator.reading.statements import statements

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence

    from generator.dataset.session import Session
    from generator.gate.claims.phrases import Found
    from generator.gate.evidence import How
    from generator.gate.knowledge import Knowledge
    from generator.metrics.contributions import Contribution
    from generator.reading.document import Document
    from generator.reading.quantity import Quantity
    from generator.reading.statements import Statement

LIMIT = Known(30.0, "%", "the exchange’s daily limit")
_NEAREST = 3
_COMPARABLE = 2.0
"""A value that is so many times another is not near it."""


class _Spans:
    """Stretches of a text, in order and apart."""

    def __init__(self, found: Iterable[Found]) -> None:
        self._spans = [(each.start, each.end) for each in found]

    def hold(self, place: int) -> bool:
        """Whether one of them has a character."""
        at = bisect.bisect_right(self._spans, place, key=lambda span: span[0]) - 1
        return at >= 0 and place < self._spans[at][1]


class Evidence:
    """What vouches for the numbers of one post."""

    def __init__(self, document: Document, knowledge: Knowledge, session: Session) -> None:
        self.document, self.knowledge, self.session = document, knowledge, session
        self.language = document.language
        self._pools: dict[Hashable, Pool] = {}
        self._known_stocks: dict[str, Sequence[Known]] = {}

    def unexplained(self, statement: Statement) -> Iterator[Quantity]:
        """The quantities of a statement that nothing vouches for."""
        read = quantities(statement.text, self.language, near=self.session.date)
        found = [_as_rounded(each) for each in read]
        names = _Spans(self._names.find(statement.text))
        asked = {
            each.start
            for n, each in enumerate(found)
            if not names.hold(each.start)
            and not is_general(each, statement.text, found[max(0, n - 1) : n + 2], self.language)
        }
        if not asked:
            return
        left = [each for each in found if not names.hold(each.start)]
        said: list[Known] = []
        for vouch in self._ways(statement, found, said):
            left = [each for each in left if not vouch(each)]
            if not any(each.start in asked for each in left):
                return
        yield from (each for each in left if each.start in asked)

    def nearest(self, statement: Statement, quantity: Quantity) -> tuple[str, ...]:
        """The values of the same measure that come nearest; first of what the statement is about."""
        topics = self._heard.near(statement)
        for known in (self._called(topics), [*self._base, *self._of_stocks(self._codes)]):
            if found := _nearest(quantity, Pool.of(known)):
                return found
        return ()

    # --- One way after the other ---------------------------------------------------------------------

    def _ways(
        self, statement: Statement, found: Sequence[Quantity], said: list[Known]
    ) -> Iterator[Callable[[Quantity], bool]]:
        """What a quantity may follow from, the closest first; what is found so is said, too."""
        bare = statement.kind == "row"
        near = self._heard.near(statement)

        def one_of(pool: Pool, limit: float = 1.0) -> Callable[[Quantity], bool]:
            def vouches(quantity: Quantity) -> bool:
                if limit < 1 and chance(quantity, pool, bare=bare) > limit:
                    return False
                if not (known := list(_fitting(quantity, pool, near, bare=bare))):
                    return False
                said.extend(known)
                return True

            return vouches

        called = self._called(near)
        yield one_of(self._pool(("of", near), lambda: called))
        for _ in range(_STEPS):
            # A second time, for what follows from what the first has found.
            totals = [each for each in self._totals if not each.kind or near.says(each.kind)]
            inputs = [*called, *totals, *said, *(each._replace(group=_SAID) for each in said)]
            yield one_of(Pool.of(combined(inputs, _hows(near))))
        further = [each for each in self._at_other_times(found) if near.calls(each)]
        apart = self._without(statement.text) if near.says("without") else ()
        yield one_of(Pool.of([*further, *combined(further, _hows(near)), *apart]))
        around = self._heard.around(statement)
        called = self._called(around)
        yield one_of(self._pool(("of", around), lambda: called), _IN_ITS_BLOCK)
        yield one_of(
            self._pool(("from", around), lambda: combined(called, _hows(around))),
            _IN_ITS_BLOCK,
        )
        every = [*self._base, *self._of_stocks(self._codes)]
        yield one_of(self._pool("post", lambda: every), _IN_THE_POST)
        yield one_of(
            self._pool(("from", _hows(near)), lambda: combined(self._base, _hows(near))), _IN_THE_POST
        )

    def _pool(self, key: Hashable, make: Callable[[], Iterable[Known]]) -> Pool:
        """A pool; made once."""
        if key not in self._pools:
            self._pools[key] = Pool.of(make())
        return self._pools[key]

    def _called(self, topics: Topics) -> Sequence[Known]:
        """The values that are evidence for what speaks of something."""
        codes = {each for each in topics.subjects if any(each in places for _, places in self._listed)}
        return [each for each in (*self._base, *self._sectors, *self._of_stocks(codes)) if topics.calls(each)]

    # --- What there is to ask -----------------------------------------------------------------------

    @functools.cached_property
    def _heard(self) -> _Heard:
        return _Heard(
            statements(self.document),
            Listener(
                self.session, self.language, self._names, self._short_names, self._codes, self._nameless
            ),
        )

    @functools.cached_property
    def _sessions(self) -> Sequence[Session]:
        """The session, or of a week all of them."""
        listed = self.document.front.get("sessions")
        days = [day for day in listed if hasattr(day, "isoformat")] if isinstance(listed, list) else []
        others = (self.knowledge.session(day) for day in days[:_MOST_SESSIONS] if day != self.session.date)
        return [self.session, *(each for each in others if each)]

    @functools.cached_property
    def _base(self) -> Sequence[Known]:
        """What is known beside stocks and sectors."""
        traces = traces_of(self.document, self.knowledge)
        return [
            *(known for session in self._sessions for known in of_session(session)),
            *(known for session in self._sessions for known in of_texts(session, self.language)),
            *(of_figures(traces) if traces else ()),
            *(of_questions(traces, self.session, self.language) if traces else ()),
            *self._measured(()),
            LIMIT,
        ]

    @functools.cached_property
    def _totals(self) -> Sequence[Known]:
        """What a part may be set against without being named: the market's."""
        return [each for each in self._base if each.group in _SHARED or each.group.startswith(_OF_THE_MARKET)]

    @functools.cached_property
    def _names(self) -> Phrases:
        """Companies by every name of theirs, and by their codes."""
        session = self.session

        def made() -> Phrases:
            names = {
                name: code for of_language in session.names.values() for code, name in of_language.items()
            }
            names |= {name: code for code, name in _called(session) if name}
            names |= {code: code for code in column(session.stocks, "code")}
            return Phrases(names, spaced=self.language not in _UNSPACED)

        return self.knowledge.kept(("names of companies", session.date, self.language), made)

    @functools.cached_property
    def _codes(self) -> frozenset[str]:
        """The stocks that the post is about."""
        listed = self.document.front.get("stocks")
        stated = {str(each) for each in listed} if isinstance(listed, list) else set()
        found = {each.value for block in self.document.blocks for each in self._names.find(block.text)}
        few = set(column(self.session.stocks, "code")) if len(self.session.stocks) <= _FEW_STOCKS else set()
        return frozenset(stated | found | few)

    @functools.cached_property
    def _short_names(self) -> Phrases:
        """Single words of the names of the post's stocks, each with the codes of all that have it: Mobis."""
        by_word: dict[str, dict[str, None]] = {}
        for language in dict.fromkeys(("", self.language)):
            for code in sorted(self._codes):
                for name in self._names_of.get((language, code), ()):
                    for word in (*name.split(), name.lstrip(_LATIN)):
                        by_word.setdefault(word, {})[code] = None
        return Phrases(
            {word: " ".join(codes) for word, codes in by_word.items() if len(word) >= _LETTERS_OF_A_NAME},
            spaced=self.language not in _UNSPACED,
        )

    @functools.cached_property
    def _names_of(self) -> Mapping[tuple[str, str], Sequence[str]]:
        """Names by language and code; the data's own under no language."""
        found = {("", code): (name,) for code, name in _called(self.session) if name}
        own = self.session.names.get(self.language, {})
        return found | {(self.language, code): (name,) for code, name in own.items() if name}

    @functools.cached_property
    def _listed(self) -> Sequence[tuple[Session, Mapping[str, int]]]:
        """The sessions, each with the places of its stocks by their codes."""
        return [(session, places_by(session.stocks, "code")) for session in self._sessions]

    @functools.cached_property
    def _nameless(self) -> frozenset[str]:
        """Stocks of the post without a name in its language: nobody can tell where they are named."""
        if self.language == "en":
            return frozenset()
        named = {each.value for block in self.document.blocks for each in self._names.find(block.text)}
        return frozenset(code for code in self._codes - named if (self.language, code) not in self._names_of)

    def _of_stocks(self, codes: Iterable[str]) -> Iterator[Known]:
        """The values of some stocks."""
        for code in sorted(codes):
            if code not in self._known_stocks:
                names = self._names_of.get((self.language, code)) or self._names_of.get(("", code)) or (code,)
                stocks = [session.stocks[at[code]] for session, at in self._listed if code in at]
                known = [each for stock in stocks for each in of_stock(stock, names[0])]
                known += [
                    each for part in self._contributions.get(code, ()) for each in of_contribution(*part)
                ]
                self._known_stocks[code] = known
            yield from self._known_stocks[code]

    @functools.cached_property
    def _contributions(self) -> Mapping[str, Sequence[tuple[Contribution, str]]]:
        """What each stock did to its index; of a week, in each of its sessions."""
        found: dict[str, list[tuple[Contribution, str]]] = {}
        for session in self._sessions:
            for code, parts in self.knowledge.kept(
                ("contributions", session.date), functools.partial(_contributions_to, session)
            ).items():
                found.setdefault(code, []).extend(parts)
        return found

    def _without(self, text: str) -> Iterator[Known]:
        """What the indices would have done without the stocks that a text names."""
        codes = dict.fromkeys(each.value for each in self._names.find(text))
        named = [part for code in codes for part in self._contributions.get(code, ())]
        for quote in self.session.indices if named else ():
            parts = [each for each, index in named if index == quote.index]
            if quote.close is not None and quote.previous_close is not None:
                before = quote.previous_close
                yield from without(parts, quote.index, quote.close - before, before)

    @functools.cached_property
    def _sectors(self) -> Sequence[Known]:
        return list(of_sectors(self.session))

    def _measured(self, days: tuple[dt.date, ...]) -> Sequence[Known]:
        """The metrics of the session, of the one before and of some days."""

        def made() -> Sequence[Known]:
            before = self.session.previous
            return [
                each
                for day in dict.fromkeys((self.session.date, *days, before))
                for each in of_measures(
                    values_at(self.knowledge.history, day),
                    day,
                    BEFORE if day == before and day not in days else "",
                )
            ]

        return self.knowledge.kept(("measures", self.session.date, days), made)

    def _at_other_times(self, found: Iterable[Quantity]) -> Sequence[Known]:
        """The metrics of the days that a statement names, and what became of them over the spans it names."""
        known: list[Known] = []
        days = {each.day for each in found if each.day} - {self.session.date}
        if days:
            known += self._measured(tuple(sorted(days)[:_MOST_DAYS]))
        spans = {int(each.value) for each in found if each.unit == "number" and not each.sign}
        for span in sorted(n for n in spans if 1 < n <= _LONGEST_SPAN)[:_MOST_DAYS]:
            known += self._over(span)
        return known

    def _over(self, span: int) -> Sequence[Known]:
        """What became of levels and amounts over some sessions."""
        day = self.session.date

        def made() -> Sequence[Known]:
            history = self.knowledge.history
            return [
                known
                for name in OVER_SPANS
                for known in over_span(name, latest(history, name, day, span + 1))
            ]

        return self.knowledge.kept(("over", day, span), made)


_ROUND_PART = re.compile(r"[1-9],?(0{2,3})(?=[억億亿])")


def _as_rounded(quantity: Quantity) -> Quantity:
    """3조 7,600억 is written without decimals, so the zeros of its last part need not be exact."""
    found = _ROUND_PART.search(quantity.text)
    if not found or quantity.unit not in MONEY:
        return quantity
    return quantity._replace(resolution=max(quantity.resolution, _HALF_OF_A_PART.scaleb(len(found[1]))))


_HALF_OF_A_PART = Decimal("0.5E+8")


def _fitting(quantity: Quantity, pool: Pool, topics: Topics, *, bare: bool) -> Iterator[Known]:
    """The values of a pool that a quantity may be; a gap is in per cent only where it is called one."""
    for known in witnesses(quantity, pool, bare=bare):
        if known.how != "difference" or quantity.unit != "%" or topics.says("gap"):
            yield known


def _contributions_to(session: Session) -> Mapping[str, Sequence[tuple[Contribution, str]]]:
    found: dict[str, list[tuple[Contribution, str]]] = {}
    for index in ("KOSPI", "KOSDAQ"):
        for each in contributions(session, index):
            found.setdefault(each.code, []).append((each, index))
    return found


def _hows(topics: Topics) -> frozenset[How]:
    return frozenset(how for how in HOWS if topics.says(how))


def _nearest(quantity: Quantity, pool: Pool) -> tuple[str, ...]:
    value = abs(float(quantity.value))
    found = [
        known
        for measure in _LIKE.get(quantity.unit, (quantity.unit,))
        for known in pool.nearest(measure, value, _NEAREST)
        if value / _COMPARABLE <= abs(known.value) <= value * _COMPARABLE
    ]
    # Of two as near the one that stands in a table comes first.
    found.sort(key=lambda one: (float(f"{abs(abs(one.value) - value):.3g}"), one.how, one.group, one.name))
    named = {shown(known): known.name for known in reversed(found)}
    return tuple(f"{value} ({name})" for value, name in reversed(named.items()))[:_NEAREST]


class _Heard:
    """What the statements of a post are about, each with what stands before it."""

    def __init__(self, found: Sequence[Statement], listener: Listener) -> None:
        self._statements, self._listener = found, listener
        self._topics: dict[int, Topics] = {}
        self._places = {_key(each): n for n, each in reversed(list(enumerate(found)))}
        self._headers: list[int] = []
        for n, each in enumerate(found):
            is_further_row = n and each.kind == found[n - 1].kind == "row"
            self._headers.append(self._headers[-1] if is_further_row else n)

    def near(self, statement: Statement) -> Topics:
        """What a statement is about: it, the sentence before it, the head of its table.

        Of one that names neither index nor company the last one before it that does, and the indices.
        """
        n = self._places[_key(statement)]
        topics = self._own(n)
        if statement.kind == "row":
            topics = topics.joined(self._own(self._headers[n]), cues=True)
        elif n and self._is_of_one_block(n, n - 1):
            topics = topics.joined(self._own(n - 1))
        if self._own(n).is_named:
            return topics
        before = n
        while not topics.is_named and before > max(0, n - _FARTHEST):
            before -= 1
            topics = topics.joined(self._own(before))
        return topics.joined(self._listener.indices)

    def around(self, statement: Statement) -> Topics:
        """What its block is about, and the statement before that."""
        n = self._places[_key(statement)]
        topics = self.near(statement).joined(self._listener.hear(statement.context), cues=True)
        first = n
        while first and self._is_of_one_block(n, first - 1):
            first -= 1
        return topics.joined(self._own(first - 1), cues=True) if first else topics

    def _own(self, n: int) -> Topics:
        if n not in self._topics:
            self._topics[n] = self._listener.hear(self._statements[n].text)
        return self._topics[n]

    def _is_of_one_block(self, a: int, b: int) -> bool:
        one, other = self._statements[a], self._statements[b]
        return one.kind == other.kind and one.context == other.context


def _called(session: Session) -> Iterable[tuple[str, str | None]]:
    """The codes of a session's stocks, with the names that the data has."""
    return zip(column(session.stocks, "code"), column(session.stocks, "name"), strict=True)


def _key(statement: Statement) -> tuple[int, str]:
    return (statement.offsets[0] if statement.offsets else -1), statement.text


_STEPS = 2
_SAID = "said"
_FARTHEST = 8
_IN_ITS_BLOCK, _IN_THE_POST = 0.05, 0.03
"""How likely a made-up number may be found where its own statement does not look."""
_LATIN = string.ascii_letters
_LIKE = {"number": ("stocks", "points", "count", "price"), "KRW": ("KRW", "price"), "%": ("%", "pp")}
_UNSPACED = ("ko", "ja", "zh")
_LETTERS_OF_A_NAME = 4
_FEW_STOCKS = 60
"""A dataset that names so few stocks names those that the post is about."""
_MOST_SESSIONS = 10
_LONGEST_SPAN = 260
_MOST_DAYS = 8
"""Days and spans of one sentence that are looked up."""
_SHARED = frozenset({"value_traded", "market_value"})
_OF_THE_MARKET = ("flows of ", "points of ")
