"""The companies that the sources know: code, market, and names by language."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.gate.knowledge import day_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from generator.dataset.session import Session
    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document

SUFFIXES: Mapping[str, str] = {"KOSPI": "KS", "KOSDAQ": "KQ"}
"""How quotation services mark the exchange's markets, by market."""


@dataclass(frozen=True, slots=True)
class Company:
    """One listed company, or another class of its shares."""

    code: str
    market: str = ""
    """KOSPI, KOSDAQ or KONEX; empty where no source says."""
    names: Mapping[str, str] = field(default_factory=dict)
    """The official form by language; under "" the one of the data, where its language is not known."""

    def official(self, language: str) -> str:
        """Its name in a language, else the data's own; its code if it has neither."""
        return self.names.get(language) or self.names.get("") or self.code


@dataclass(frozen=True, slots=True)
class Listing:
    """Companies by code and by name."""

    by_code: Mapping[str, Company]
    by_name: Mapping[str, tuple[str, ...]] = field(repr=False)
    """Codes by folded name, in any language."""
    by_short_name: Mapping[str, tuple[str, ...]] = field(repr=False)
    """The same without the form of the company, where that is no other's whole name."""

    @property
    def is_whole(self) -> bool:
        """Whether it is that of a market: a few stocks say nothing of the others."""
        return len(self.by_code) >= _WHOLE

    def named(self, name: str) -> tuple[str, ...]:
        """The codes of the companies of a name, however it is spelled."""
        whole = folded(name)
        if whole in self.by_name:
            return self.by_name[whole]
        short = folded(_without_form(name))
        return self.by_name.get(short) or self.by_short_name.get(short, ())


NOBODY = Listing({}, {}, {})

_WHOLE = 500
"""Codes that only a file of all stocks has."""
_REMEMBERED = 16384
"""Words of which it is known how they fold."""
_LEFT_OUT = re.compile(r"[\s.,&'’·()\-]+")
_FORM = re.compile(
    r"^(?:㈜|\(주\)|주식회사\s)\s*|[\s,]+(?:co|inc|ltd|plc|corp|corporation|company|limited)\.?$|㈜$",
    re.IGNORECASE,
)


@functools.lru_cache(_REMEMBERED)
def folded(name: str) -> str:
    """A name without what spellings differ in: case, spaces, hyphens and other marks."""
    return _LEFT_OUT.sub("", name).casefold()


@functools.lru_cache(_REMEMBERED)
def _without_form(name: str) -> str:
    """Without Co., Ltd. and the like; Holdings is a part of a name."""
    before = ""
    while name != before:
        before, name = name, _FORM.sub("", name)
    return name


def listing_of(document: Document, knowledge: Knowledge) -> Listing:
    """The companies known on the session of a post; for a post about none, on the newest session.

    Where there is no data of that session, on the last one before it.
    """
    if not knowledge.has_sources:
        return NOBODY
    about = day_of(document.front.get("session"))
    return knowledge.kept(("listing", about), lambda: _known_on(about, knowledge))


def _known_on(about: dt.date | None, knowledge: Knowledge) -> Listing:
    session = knowledge.session(about) if about else None
    if session is None:
        # Not one of the days after it: what is said of a post hangs on the data up to its session.
        days = knowledge.kept("days with data", lambda: _days(knowledge))
        last = max((each for each in days if about is None or each < about), default=None)
        session = knowledge.session(last) if last else None
    if session is None:
        return NOBODY
    known = session
    return knowledge.kept(("listing of", known.date), lambda: _listed(known))


def _days(knowledge: Knowledge) -> tuple[dt.date, ...]:
    from generator.dataset.load import available  # noqa: PLC0415 - start-up
    from generator.errors import DatasetError  # noqa: PLC0415 - beside the other

    try:
        return tuple(available(knowledge.blog.sources))
    except DatasetError:
        return ()


def _listed(session: Session) -> Listing:
    official = ((language, tuple(names.items())) for language, names in session.names.items())
    return _listing(tuple(official), tuple((each.code, each.market, each.name) for each in session.stocks))


@functools.lru_cache(maxsize=2)  # on most days the market has the companies of the day before
def _listing(
    official: tuple[tuple[str, tuple[tuple[str, str], ...]], ...],
    stocks: tuple[tuple[str, str | None, str | None], ...],
) -> Listing:
    """Of names by code in each language, and of the code, market and name of each stock."""
    names: dict[str, dict[str, str]] = {}
    markets: dict[str, str] = {}
    for language, of_language in official:
        for code, name in of_language:
            names.setdefault(code, {})[language] = name
    for code, market, called in stocks:
        markets[code] = market or ""
        own = names.setdefault(code, {})
        if called:
            own.setdefault("", called)
    by_code = {code: Company(code, markets.get(code, ""), of_code) for code, of_code in sorted(names.items())}
    by_name: dict[str, list[str]] = {}
    by_short_name: dict[str, list[str]] = {}
    for code, company in by_code.items():
        spelled = dict.fromkeys(company.names.values())
        for name in dict.fromkeys(map(folded, spelled)):
            by_name.setdefault(name, []).append(code)
        for name in dict.fromkeys(folded(_without_form(each)) for each in spelled):
            by_short_name.setdefault(name, []).append(code)
    return Listing(
        by_code,
        {name: tuple(codes) for name, codes in by_name.items() if name},
        {name: tuple(codes) for name, codes in by_short_name.items() if name and name not in by_name},
    )
