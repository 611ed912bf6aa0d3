"""Merged tables to the plain records of a session."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

from generator.dataset.rows import Rows
from generator.dataset.session import (
    Breadth,
    Cluster,
    ContextFact,
    Event,
    Flow,
    IndexQuote,
    IntradayPoint,
    MacroReading,
    Record,
    SectorNote,
    SetAside,
    Stock,
)
from generator.dataset.set_aside import REASONS, SET_ASIDE
from generator.dataset.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from generator.dataset.gather import Gathered
    from generator.dataset.merge import Merged
    from generator.dataset.rows import OriginColumn
    from generator.dataset.tables import Column

R = TypeVar("R", bound=Record)


def of_tables(gathered: Gathered) -> dict[str, Sequence[Record]]:
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
    found: dict[str, Sequence[Record]] = {
        name: tuple(_rows(kind, gathered.tables[name], {})) for name, kind in kinds.items()
    }
    stocks = gathered.tables["stocks"]
    sectors = {"sector": _sector_origins(gathered)} if gathered.sector_filled.any() else {}
    found["stocks"] = _rows(Stock, stocks, sectors)
    return found


def set_aside(gathered: Gathered) -> SetAside:
    """The codes set apart, by reason; meant for a single session."""
    stocks = gathered.tables["stocks"].frame
    codes = {name: frozenset(stocks.loc[stocks[SET_ASIDE] == name, "code"]) for name in REASONS}
    return SetAside(
        not_traded=codes["not_traded"], adjusted=codes["adjusted"], beyond_limit=codes["beyond_limit"]
    )


def _rows(kind: type[R], merged: Merged, further: Mapping[str, OriginColumn]) -> Rows[R]:
    names = {field.name for field in fields(kind)}
    columns = {
        column.name: _values(merged.frame[column.name], column)
        for column in TABLES[merged.table].columns
        if column.name in names
    }
    return Rows(kind, len(merged.frame), columns, {**merged.origins(), **further})


def _values(cells: pd.Series, column: Column) -> Sequence[Any]:
    """A column as a session's records hold it: None for missing, whole counts, codes split."""
    found = [
        None if is_missing else value for value, is_missing in zip(cells.tolist(), cells.isna(), strict=True)
    ]
    match column.kind:
        case "count":
            return [None if value is None else int(value) for value in found]
        case "codes":
            return [() if value is None else tuple(str(value).split()) for value in found]
        case "flag" if column.name == "approximate":
            return [bool(value) for value in found]
        case _:
            return found


def _sector_origins(gathered: Gathered) -> OriginColumn:
    """Of the stocks whose sector is from a lookup."""
    codes = gathered.tables["stocks"].frame["code"].tolist()
    files: list[str | None] = [None] * len(codes)
    rows: list[str | None] = [None] * len(codes)
    for row in gathered.sector_filled.nonzero()[0].tolist():
        lookup = next(lookup for lookup in gathered.sectors if codes[row] in lookup.texts)
        files[row], rows[row] = lookup.file, f"line {lookup.lines[codes[row]]}"
    return files, rows
