"""A table's records, made when somebody asks for one: of a market's thousands of stocks a post names few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.dataset.session import Origin, Record

R = TypeVar("R", bound="Record")

OriginColumn = tuple[Sequence[str | None], Sequence[str | None]]
"""Files and rows, each as long as the table; None where a record has no origin of its own."""


class Rows(Sequence[R]):
    """The records of a table that is there column by column."""

    def __init__(
        self,
        kind: type[R],
        size: int,
        columns: Mapping[str, Sequence[Any]],
        origins: Mapping[str, OriginColumn],
    ) -> None:
        """The table.

        Args:
            kind: of the records.
            size: how many there are.
            columns: the values by field, each as long as the table; other fields have their defaults.
            origins: by column, as in `Record.origins`.

        Raises:
            ValueError: a column that is not as long as the table.
        """
        if any(len(values) != size for values in (*columns.values(), *chain(*origins.values()))):
            raise ValueError(f"a column of {kind.__name__} that does not have {size} values")
        self._kind, self._size, self._columns, self._origins = kind, size, columns, origins
        self._made: dict[int, R] = {}

    @property
    def origins(self) -> Mapping[str, OriginColumn]:
        """Where the values of each column were read, without making a record."""
        return self._origins

    def column(self, name: str) -> Sequence[Any]:
        """The values of a field, without making a record."""
        if name in self._columns:
            return self._columns[name]
        default = next(each.default for each in fields(self._kind) if each.name == name)
        return [default] * self._size

    @overload
    def __getitem__(self, index: int) -> R: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[R]: ...
    def __getitem__(self, index: int | slice) -> R | Sequence[R]:
        """A record, or some of them."""
        if isinstance(index, slice):
            return tuple(self[n] for n in range(*index.indices(self._size)))
        place = range(self._size)[index]
        if place not in self._made:
            values = {name: column[place] for name, column in self._columns.items()}
            self._made[place] = self._kind(origins=_OriginsOfRow(self._origins, place), **values)
        return self._made[place]

    def __iter__(self) -> Iterator[R]:
        return map(self.__getitem__, range(self._size))

    def __len__(self) -> int:
        return self._size

    def __eq__(self, other: object) -> bool:
        """Whether another sequence holds the same records."""
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(one == two for one, two in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]  # as every sequence that may be equal to a list


class _OriginsOfRow(Mapping[str, "Origin"]):
    __slots__ = ("_columns", "_place")

    def __init__(self, columns: Mapping[str, OriginColumn], place: int) -> None:
        self._columns, self._place = columns, place

    def __getitem__(self, column: str) -> Origin:
        from generator.dataset.session import Origin  # noqa: PLC0415 - start-up

        files, rows = self._columns[column]
        file, row = files[self._place], rows[self._place]
        if file is None or row is None:
            raise KeyError(column)
        return Origin(file, row)

    def __iter__(self) -> Iterator[str]:
        return (name for name, (files, _) in self._columns.items() if files[self._place] is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def column(records: Sequence[Record], name: str) -> Sequence[Any]:
    """The values of a field of some records."""
    return records.column(name) if isinstance(records, Rows) else [getattr(each, name) for each in records]


def places_by(records: Sequence[Record], name: str) -> Mapping[Any, int]:
    """Where each record stands, by a field that tells them apart."""
    return {value: place for place, value in enumerate(column(records, name))}
