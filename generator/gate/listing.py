"""The companies that the sources know: code, market, and names by language."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.dataset.rows import column
from generator.gate.knowledge import day_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

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


class Listing:
    """Companies by code and by name."""

    def __init__(self) -> None:
        """Of nobody."""
        self.by_code: Mapping[str, Company] = {}
        """In the order of the codes."""
        self.by_name: Mapping[str, tuple[str, ...]] = {}
        """Codes by folded name, in any language."""
        self._by_short_name: Mapping[str, tuple[str, ...]] = {}
        """The same without the form of the company."""
        self.openings: frozenset[str] = frozenset()
        """All that a folded name begins with; those of companies that are gone may still be there."""

    def with_others(self, companies: Mapping[str, Company | None]) -> Listing:
        """The listing with some companies new or changed, and without those that are None; by code."""
        made = Listing()
        by_code, by_name, by_short_name = {**self.by_code}, {**self.by_name}, {**self._by_short_name}
        for code, company in companies.items():
            before = by_code.pop(code, None)
            for names, taken in ((by_name, _whole_names(before)), (by_short_name, _short_names(before))):
                for name in taken:
                    names[name] = tuple(each for each in names[name] if each != code)
                    if not names[name]:
                        del names[name]
            if company is not None:
                by_code[code] = company
            for names, given in ((by_name, _whole_names(company)), (by_short_name, _short_names(company))):
                for name in given:
                    names[name] = tuple(sorted((*names[name], code))) if name in names else (code,)
        made.by_code, made.by_name = dict(sorted(by_code.items())), by_name
        made._by_short_name = by_short_name
        made.openings = self.openings.union(
            name[:end]
            for company in companies.values()
            for name in _whole_names(company)
            for end in range(1, len(name) + 1)
        )
        return made

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
        return self.by_name.get(short) or self._by_short_name.get(short, ())


def _whole_names(company: Company | None) -> Iterable[str]:
    """A company's names, folded."""
    return () if company is None else dict.fromkeys(filter(None, map(folded, company.names.values())))


def _short_names(company: Company | None) -> Iterable[str]:
    """The same without the form of the company."""
    if company is None:
        return ()
    return dict.fromkeys(filter(None, (folded(_without_form(each)) for each in company.names.values())))


NOBODY = Listing()

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
        last = max((each for each in knowledge.days if about is None or each < about), default=None)
        session = knowledge.session(last) if last else None
    if session is None:
        return NOBODY
    known, last_listed = session, knowledge.kept("last listed", _LastListed)
    return knowledge.kept(("listing of", known.date), lambda: last_listed.followed_by(known))


class _LastListed:
    """The listing that was made last: on most days hardly a company is new or gone."""

    def __init__(self) -> None:
        self._names: Mapping[str, Mapping[str, str]] = {}
        self._stocks: Mapping[str, tuple[str | None, str | None]] = {}
        self._listing = NOBODY

    def followed_by(self, session: Session) -> Listing:
        """The listing of a session."""
        of_all = (column(session.stocks, name) for name in ("code", "market", "name"))
        stocks = {code: (market, name) for code, market, name in zip(*of_all, strict=True)}
        if session.names == self._names:
            differing = {code for code, _ in stocks.items() ^ self._stocks.items()}
        else:
            differing = {*stocks, *self._stocks}.union(*session.names.values(), *self._names.values())
        if differing:
            others = {code: _company(code, session.names, stocks) for code in sorted(differing)}
            self._listing = self._listing.with_others(others)
            self._names, self._stocks = session.names, stocks
        return self._listing


def _company(
    code: str,
    official: Mapping[str, Mapping[str, str]],
    stocks: Mapping[str, tuple[str | None, str | None]],
) -> Company | None:
    names = {language: of_language[code] for language, of_language in official.items() if code in of_language}
    if code not in stocks:
        return Company(code, "", names) if names else None
    market, called = stocks[code]
    return Company(code, market or "", {**names, "": called} if called else names)
