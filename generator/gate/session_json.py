"""A session as JSON: a table is its columns, and where their values come from."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from generator.dataset import session as records
from generator.dataset.rows import Rows, column
from generator.dataset.session import Record, Session, SetAside, SourceCredit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.dataset.rows import OriginColumn


def as_data(session: Session) -> dict[str, Any]:
    """A session as what JSON can hold."""
    files: dict[str, int] = {}
    data: dict[str, Any] = {}
    tables: dict[str, Any] = {}
    for each in dataclasses.fields(Session):
        value = getattr(session, each.name)
        if isinstance(value, (dt.date, dt.datetime)):
            data[each.name] = value.isoformat()
        elif isinstance(value, SetAside):
            data[each.name] = {
                one.name: sorted(getattr(value, one.name)) for one in dataclasses.fields(SetAside)
            }
        elif each.name == "credits":
            data[each.name] = [[credit.name, list(credit.covers)] for credit in value]
        elif isinstance(value, str):
            data[each.name] = value
        elif isinstance(value, Mapping):
            data[each.name] = {**value}
        elif value:
            tables[each.name] = _table(value, files)
    return {"session": data, "tables": tables, "files": list(files)}


def _table(rows: Sequence[Record], files: dict[str, int]) -> dict[str, Any]:
    """A table by columns; those without a value are left out, and a file is named by its number."""
    kind = type(rows[0])
    columns = {name: [_plain(each) for each in column(rows, name)] for name in _names(kind)}
    origins = {
        name: [[None if each is None else files.setdefault(each, len(files)) for each in of_files], of_rows]
        for name, (of_files, of_rows) in _origins(rows).items()
    }
    known = {name: values for name, values in columns.items() if any(each is not None for each in values)}
    return {"kind": kind.__name__, "size": len(rows), "columns": known, "origins": origins}


def _origins(rows: Sequence[Record]) -> Mapping[str, OriginColumn]:
    if isinstance(rows, Rows):
        return rows.origins
    columns = {
        name: [row.origins.get(name) for row in rows]
        for name in dict.fromkeys(name for row in rows for name in row.origins)
    }
    return {
        name: (
            [None if each is None else each.file for each in found],
            [None if each is None else each.row for each in found],
        )
        for name, found in columns.items()
    }


def _names(kind: type[Record]) -> list[str]:
    return [each.name for each in dataclasses.fields(kind) if each.name != "origins"]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def of_data(data: Mapping[str, Any]) -> Session:
    """The session of `as_data`."""
    stated, tables, files = data["session"], data["tables"], data["files"]
    values: dict[str, Any] = {}
    for name, table in tables.items():
        rows = _rows(table, files)
        values[name] = rows if name == "stocks" else tuple(rows)
    for name, value in stated.items():
        if name in ("as_of", "publish_at", "updated_at"):
            values[name] = dt.datetime.fromisoformat(value)
        elif name in ("date", "previous", "next"):
            values[name] = dt.date.fromisoformat(value)
        elif name == "set_aside":
            values[name] = SetAside(**{reason: frozenset(codes) for reason, codes in value.items()})
        elif name == "credits":
            values[name] = tuple(SourceCredit(name=each, covers=tuple(covers)) for each, covers in value)
        else:
            values[name] = value
    return Session(**values)


def _rows(table: Mapping[str, Any], files: Sequence[str]) -> Rows[Any]:
    kind: type[Record] = getattr(records, table["kind"])
    types = {each.name: str(each.type) for each in dataclasses.fields(kind)}
    columns = {name: _values(values, types[name]) for name, values in table["columns"].items()}
    origins = {
        name: ([None if n is None else files[n] for n in numbers], rows)
        for name, (numbers, rows) in table["origins"].items()
    }
    return Rows(kind, table["size"], columns, origins)


def _values(values: list[Any], type_name: str) -> list[Any]:
    if type_name == "dt.date":
        return [dt.date.fromisoformat(each) for each in values]
    return [tuple(each) for each in values] if type_name.startswith("tuple") else values
