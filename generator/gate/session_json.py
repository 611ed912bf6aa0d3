"""A session as JSON: a table is its rows' values in the order of the record's fields, and their origins."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from generator.dataset import session as records
from generator.dataset.session import Origin, Record, Session, SetAside, SourceCredit

if TYPE_CHECKING:
    from collections.abc import Iterator


def as_data(session: Session) -> dict[str, Any]:
    """A session as what JSON can hold."""
    files: dict[str, int] = {}
    data: dict[str, Any] = {}
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
        elif isinstance(value, tuple):
            data[each.name] = _rows(value, files)
        else:
            data[each.name] = value if isinstance(value, str) else {**value}
    return {"session": data, "files": list(files)}


def _rows(rows: tuple[Record, ...], files: dict[str, int]) -> list[Any]:
    """Kind, values and origins of a table's rows; a file is named by its number."""
    if not rows:
        return []
    names = _names(type(rows[0]))
    return [
        type(rows[0]).__name__,
        [[_plain(getattr(row, name)) for name in names] for row in rows],
        [
            [
                [column, files.setdefault(origin.file, len(files)), origin.row]
                for column, origin in row.origins.items()
            ]
            for row in rows
        ],
    ]


def _names(kind: type[Record]) -> list[str]:
    return [each.name for each in dataclasses.fields(kind) if each.name != "origins"]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def of_data(data: Mapping[str, Any]) -> Session:
    """The session of `as_data`."""
    stated, files = data["session"], data["files"]
    values: dict[str, Any] = {}
    for each in dataclasses.fields(Session):
        value = stated[each.name]
        if each.name in ("as_of", "publish_at", "updated_at"):
            values[each.name] = dt.datetime.fromisoformat(value)
        elif each.name in ("date", "previous", "next"):
            values[each.name] = dt.date.fromisoformat(value)
        elif each.name == "set_aside":
            values[each.name] = SetAside(**{reason: frozenset(codes) for reason, codes in value.items()})
        elif each.name == "credits":
            values[each.name] = tuple(SourceCredit(name=name, covers=tuple(covers)) for name, covers in value)
        elif isinstance(value, list):
            values[each.name] = _records(value, files) if value else ()
        else:
            values[each.name] = value
    return Session(**values)


def _records(table: list[Any], files: list[str]) -> tuple[Record, ...]:
    name, rows, origins = table
    kind: type[Record] = getattr(records, name)
    names = _names(kind)
    types = {each.name: str(each.type) for each in dataclasses.fields(kind)}
    dates = [n for n, name in enumerate(names) if types[name] == "dt.date"]
    tuples = [n for n, name in enumerate(names) if types[name].startswith("tuple")]
    made = []
    for values, places in zip(rows, origins, strict=True):
        for n in dates:
            values[n] = dt.date.fromisoformat(values[n])
        for n in tuples:
            values[n] = tuple(values[n])
        made.append(kind(origins=_Origins(places, files), **dict(zip(names, values, strict=True))))
    return tuple(made)


class _Origins(Mapping[str, Origin]):
    """The origins of a row, made when somebody asks: of thousands of stocks a post names few."""

    __slots__ = ("_files", "_places")

    def __init__(self, places: list[Any], files: list[str]) -> None:
        self._places, self._files = places, files

    def __getitem__(self, column: str) -> Origin:
        for name, file, row in self._places:
            if name == column:
                return Origin(self._files[file], row)
        raise KeyError(column)

    def __iter__(self) -> Iterator[str]:
        return (name for name, _, _ in self._places)

    def __len__(self) -> int:
        return len(self._places)
