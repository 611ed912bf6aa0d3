"""Merged tables to the plain records of a session."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from generator.dataset.session import (
    Breadth,
    Cluster,
    ContextFact,
    Event,
    Flow,
    IndexQuote,
    IntradayPoint,
    MacroReading,
    Origin,
    Record,
    SectorNote,
    SetAside,
    Stock,
)
from generator.dataset.set_aside import REASONS, SET_ASIDE
from generator.dataset.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.dataset.gather import Gathered
    from generator.dataset.merge import Merged
    from generator.dataset.tables import Column

R = TypeVar("R", bound=Record)


def tuples(gathered: Gathered) -> dict[str, tuple[Record, ...]]:
    """The records of every table, in the tables' row order; meant for a single session."""
    kinds: dict[str, type[Record]] = {
        "indices": IndexQuote,
        "breadth": Breadth,
        "flows": Flow,
        "sectors": SectorNote,
        "clusters": Cluster,
        "macro": MacroReading,
        "intraday": IntradayPoint,
        "events": Event,
        "context": ContextFact,
    }
    found: dict[str, tuple[Record, ...]] = {
        name: _records(kind, gathered.tables[name], {}) for name, kind in kinds.items()
    }
    found["stocks"] = _records(Stock, gathered.tables["stocks"], _sector_origins(gathered))
    return found


def set_aside(gathered: Gathered) -> SetAside:
    """The codes set apart, by reason; meant for a single session."""
    stocks = gathered.tables["stocks"].frame
    codes = {name: frozenset(stocks.loc[stocks[SET_ASIDE] == name, "code"]) for name in REASONS}
    return SetAside(
        not_traded=codes["not_traded"], adjusted=codes["adjusted"], beyond_limit=codes["beyond_limit"]
    )


def _records(kind: type[R], merged: Merged, further: dict[int, dict[str, Origin]]) -> tuple[R, ...]:
    names = {field.name for field in fields(kind)}
    columns = [column for column in TABLES[merged.table].columns if column.name in names]
    cells = [_values(merged.frame[column.name], column) for column in columns]
    column_names = [column.name for column in columns]
    return tuple(
        kind(origins={**origins, **further.get(row, {})}, **dict(zip(column_names, values, strict=True)))
        for row, (origins, *values) in enumerate(zip(merged.origins(), *cells, strict=True))
    )


def _values(cells: pd.Series, column: Column) -> Sequence[Any]:
    """A column as a session's records hold it: None for missing, whole counts, codes split."""
    found = [None if pd.isna(value) else value for value in cells.tolist()]
    match column.kind:
        case "count":
            return [None if value is None else int(value) for value in found]
        case "codes":
            return [() if value is None else tuple(str(value).split()) for value in found]
        case "flag" if column.name == "approximate":
            return [bool(value) for value in found]
        case _:
            return found


def _sector_origins(gathered: Gathered) -> dict[int, dict[str, Origin]]:
    codes = gathered.tables["stocks"].frame["code"].tolist()
    found: dict[int, dict[str, Origin]] = {}
    for row in gathered.sector_filled.nonzero()[0]:
        code = codes[row]
        lookup = next(lookup for lookup in gathered.sectors if code in lookup.texts)
        found[int(row)] = {"sector": Origin(lookup.file, f"line {lookup.lines[code]}")}
    return found
