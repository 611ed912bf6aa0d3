"""The tables that describe sessions: every column with its type, unit and meaning.

This is the contract between the sources (which fill the tables) and all that follows. A frame of table
T has T's columns plus `date`; what a source does not know is a missing column or a missing value, never
a zero. `docs/dataset.md` is checked against this module.

Units: prices and amounts KRW, index levels in points, changes in per cent (2.63 is +2.63%), counts of
stocks, market values KRW, shares.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["text", "code", "codes", "number", "count", "flag", "date"]
"""text; six-character stock code; codes with blanks between; float; whole number; true/false; ISO date."""

MAX_TEXT = 500
"""Characters a text cell may hold; a longer one is a mistake in the file, not a name or a note."""


MAX_NUMBER = 1e18
"""The largest amount a cell may hold, either way: a hundred times what all Korean shares are worth."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    required: bool = False
    """The column must be there and no cell blank."""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table; `key` is unique within a session (an empty key: rows in their order)."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """The column of that name; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def _text(name: str, meaning: str, *, required: bool = False, choices: tuple[str, ...] = ()) -> Column:
    return Column(name, "text", meaning, required=required, choices=choices)


def _amount(name: str, meaning: str) -> Column:
    return Column(name, "number", meaning, "KRW")


def _price(name: str, meaning: str) -> Column:
    return Column(name, "number", meaning, "KRW a share", minimum=0)


def _level(name: str, meaning: str) -> Column:
    return Column(name, "number", meaning, "points", minimum=0)


def _percent(name: str, meaning: str) -> Column:
    return Column(name, "number", meaning, "%", minimum=-100)


def _count(name: str, meaning: str) -> Column:
    return Column(name, "count", meaning, "stocks", minimum=0)


INVESTORS = ("retail", "institution", "foreign", "other")
"""The groups whose net buying adds up to nothing over a whole market."""

MARKETS = ("KOSPI", "KOSDAQ", "KONEX")
"""`KOSDAQ GLOBAL` is a segment of KOSDAQ and is read as KOSDAQ."""

_TABLES = (
    Table(
        "indices",
        "Index levels of the session; one row an index.",
        ("index",),
        (
            _text("index", "name of the index: KOSPI, KOSDAQ, …", required=True),
            _level("open", "first level"),
            _level("high", "highest level"),
            _level("low", "lowest level"),
            _level("close", "last level; a close only if the session is final"),
            _level("previous_close", "close of the session before"),
            _percent("change_pct", "close against previous close"),
            _percent("open_change_pct", "open against previous close"),
            Column("all_time_high", "flag", "the source calls the close a record"),
            Column("volume", "number", "traded volume", "shares", minimum=0),
            Column("value_traded", "number", "traded value", "KRW", minimum=0),
            Column("market_value", "number", "value of all members", "KRW", minimum=0),
        ),
    ),
    Table(
        "breadth",
        "How many stocks rose and fell, as the source counts them; one row a scope.",
        ("scope",),
        (
            _text("scope", "`all` (KOSPI and KOSDAQ, KONEX apart) or a market", required=True),
            _count("listed", "stocks counted"),
            _count("advancers", "closed above their base price"),
            _count("decliners", "closed below it"),
            _count("unchanged", "closed at it; stocks that did not trade are among them"),
        ),
    ),
    Table(
        "flows",
        "Net buying by kind of investor; one row a scope and investor.",
        ("scope", "investor"),
        (
            _text("scope", "a market, a stock code, or the name of a sector", required=True),
            _text("scope_kind", "what the scope is", required=True, choices=("market", "stock", "sector")),
            _text("investor", "who bought and sold", required=True, choices=INVESTORS),
            _amount("net_krw", "bought less sold: positive is net buying"),
            _text(
                "direction", "in words, where no amount was reported: `net buy`, `net sell`, `partial buy`"
            ),
            _text("size", "in words, where no amount was reported: `large`, `small`, `hundreds of ₩bn`"),
            _text("state", "what the figure is", choices=("provisional", "final")),
            _text("source", "who reported it"),
        ),
    ),
    Table(
        "stocks",
        "Stocks of the session; a hand-made table holds a few, an all-stocks file every listed one.",
        ("code",),
        (
            Column("code", "code", "six characters, leading zeros kept, may hold letters", required=True),
            _text("name", "company name as the source has it"),
            _text("market", "where it is listed", choices=MARKETS),
            _text("sector", "sector or industry"),
            _price("open", "first price; 0 with high and low 0: did not trade"),
            _price("high", "highest price"),
            _price("low", "lowest price"),
            _price("close", "last price"),
            Column("change", "number", "close less the base price the exchange set", "KRW a share"),
            _percent("change_pct", "the exchange's own change, against its base price"),
            Column("volume", "number", "traded volume", "shares", minimum=0),
            Column("value_traded", "number", "traded value", "KRW", minimum=0),
            Column("market_value", "number", "close × shares", "KRW", minimum=0),
            Column("shares", "number", "listed shares", "shares", minimum=0),
            _amount("foreign_net_krw", "net buying by foreigners"),
            _amount("institution_net_krw", "net buying by institutions"),
            _amount("retail_net_krw", "net buying by individuals"),
            _amount("foreign_institution_net_krw", "foreigners and institutions together"),
        ),
    ),
    Table(
        "sectors",
        "What the desk noted of a group of stocks, in words.",
        ("sector",),
        (
            _text("sector", "name of the group", required=True),
            _text("examples", "companies in it"),
            _text("behaviour", "what it did: `weak`, `mixed`, …"),
            _text("probable_reason", "why, as far as known"),
            _text("related", "address of a post about it, from the site's root"),
        ),
    ),
    Table(
        "clusters",
        "Stocks that moved for one reason.",
        ("cluster",),
        (
            _text("cluster", "name of the group", required=True),
            Column("codes", "codes", "stock codes with blanks between", required=True),
            _text("common_feature", "what they share"),
        ),
    ),
    Table(
        "macro",
        "What came from outside: rates, oil, currencies, data releases, other markets.",
        ("variable",),
        (
            _text("variable", "name", required=True),
            Column("value", "number", "level", "as `unit` says"),
            _text("unit", "unit of value: `%`, `KRW`, `USD/bbl`, `points`, …"),
            Column("change", "number", "change", "as `change_unit` says"),
            _text("change_unit", "unit of change: `%`, `pp`, `% MoM`, …"),
            _text("period", "what the change is over: `prior day`, `5 sessions`, `April`"),
            _text("reading", "what it says, in words"),
            _text("impact", "what it does to this market"),
        ),
    ),
    Table(
        "intraday",
        "The session's course, in time order.",
        (),
        (
            _text("time", "`HH:MM` in the market's zone, or a part of the day", required=True),
            _text("index", "name of the index", required=True),
            _level("level", "level at that time"),
            _percent("change_pct", "against previous close"),
            Column("approximate", "flag", "level and change are estimates"),
            _text("note", "what happened"),
        ),
    ),
    Table(
        "events",
        "News that moved stocks.",
        (),
        (
            Column("date", "date", "day of the news; not after the session", required=True),
            Column("codes", "codes", "stocks concerned"),
            _text("headline", "what happened, in one line", required=True),
            _text("kind", "`target-price`, `earnings`, `disclosure`, `catalyst`, …"),
            _text("url", "where it can be read: http(s), or an address from the site's root"),
        ),
    ),
    Table(
        "context",
        "Earlier figures to compare the session with.",
        ("date", "scope", "fact", "unit"),
        (
            Column("date", "date", "day the fact is of; not after the session", required=True),
            _text("scope", "what it is about", required=True),
            _text("fact", "`change_pct`, `foreign_net`, `ytd_net_inflow`, …", required=True),
            Column("value", "number", "the figure", "as `unit` says"),
            _text("unit", "`%`, `KRW`, `USD`, `points`"),
        ),
    ),
)

TABLES: Mapping[str, Table] = MappingProxyType({table.name: table for table in _TABLES})
"""All tables by name, in the order a dataset folder is read."""
