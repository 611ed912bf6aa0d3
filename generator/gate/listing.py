"""The companies that the sources know: code, market, and names by language."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.dataset.session import Session
    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document

SUFFIXES: Mapping[str, str] = {"KOSPI": "KS", "KOSDAQ": "KQ"}
"""How quotation services mark the exchange's markets, by market."""


@dataclass(frozen=True, slots=True)
class Company:
    """One listed company."""

    code: str
    market: str = ""
    """KOSPI, KOSDAQ, …; empty where no source says."""
    names: Mapping[str, str] = field(default_factory=dict)
    """The official form by language; under "" the one of the data, where its language is not known."""

    def official(self, language: str) -> str:
        """Its name in a language, else the data's own; empty if it has neither."""
        return self.names.get(language) or self.names.get("", "")


@dataclass(frozen=True, slots=True)
class Listing:
    """Companies by code and by name."""

    by_code: Mapping[str, Company]
    by_name: Mapping[str, tuple[str, ...]] = field(repr=False)
    """Codes by folded name, in any language."""

    @property
    def is_whole(self) -> bool:
        """Whether a code that is not here is no company's: a few stocks say nothing of others."""
        return len(self.by_code) >= _WHOLE

    def named(self, name: str) -> tuple[str, ...]:
        """The codes of the companies of a name, however it is spelled."""
        return self.by_name.get(folded(name), ())


_WHOLE = 500
"""Codes that only a file of all stocks has."""
_LEFT_OUT = re.compile(r"[\s.,&'’·\-]+")
_LEGAL = re.compile(r"[\s,]+(?:co|inc|ltd|corp|corporation|company|limited|holdings?)\.?$", re.IGNORECASE)


def folded(name: str) -> str:
    """A name without what spellings differ in: case, spaces, hyphens, the form of the company."""
    before = ""
    while name != before:
        before, name = name, _LEGAL.sub("", name)
    return _LEFT_OUT.sub("", name).casefold()


def listing_of(document: Document, knowledge: Knowledge) -> Listing:
    """The companies known on the session of a post; for a post about none, on the newest session."""
    session = knowledge.session_of(document)
    if session is None:
        newest = knowledge.kept("newest session", knowledge.blog.newest)
        session = knowledge.session(newest) if newest else None
    if session is None:
        return Listing({}, {})
    known = session
    return knowledge.kept(("listing", known.date), lambda: _listed(known))


def _listed(session: Session) -> Listing:
    names: dict[str, dict[str, str]] = {}
    markets: dict[str, str] = {}
    for language, of_language in session.names.items():
        for code, name in of_language.items():
            names.setdefault(code, {})[language] = name
    for stock in session.stocks:
        markets[stock.code] = stock.market or ""
        own = names.setdefault(stock.code, {})
        if stock.name:
            own.setdefault("", stock.name)
    by_code = {code: Company(code, markets.get(code, ""), of_code) for code, of_code in sorted(names.items())}
    by_name: dict[str, list[str]] = {}
    for code, company in by_code.items():
        for name in dict.fromkeys(folded(each) for each in company.names.values()):
            by_name.setdefault(name, []).append(code)
    return Listing(by_code, {name: tuple(codes) for name, codes in by_name.items()})
