"""From the configuration to the sources, in its order."""

from __future__ import annotations

import difflib
import glob
from pathlib import Path
from typing import TYPE_CHECKING

from generator.config import (
    AllStocksSource,
    DatabaseSource,
    FolderSource,
    IndexHistorySource,
    NamesSource,
    SectorsSource,
)
from generator.dataset.all_stocks import AllStocks
from generator.dataset.database import Database
from generator.dataset.digests import Digests
from generator.dataset.folder import Folder
from generator.dataset.index_history import IndexHistory
from generator.dataset.references import Names, Sectors
from generator.dataset.source import SESSION
from generator.dataset.tables import TABLES
from generator.errors import ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.config import Config, SourceConfig, TableMapping
    from generator.dataset.source import Source

_OWN_DATE = tuple(
    name for name, table in TABLES.items() if any(column.name == "date" for column in table.columns)
)
"""Tables whose `date` is a fact's own day, not the session."""


def open_sources(config: Config) -> tuple[Source, ...]:
    """The configured sources, in order; nothing is read yet.

    Raises:
        ConfigError: paths that do not exist, or mappings that name no table or column of ours; all of them.
    """
    problems: list[Problem] = []
    sources: list[Source] = []
    for number, entry in enumerate(config.settings.sources):
        key = f"params.marketpost.sources.{number}"
        wrong = list(_wrong(config, entry, key))
        problems += wrong
        if not wrong:
            sources.append(_opened(config, entry))
    if problems:
        raise ConfigError(f"{len(problems)} problem(s) with the sources in {config.file}", problems)
    return tuple(sources)


def _opened(config: Config, entry: SourceConfig) -> Source:
    digests = Digests(config.cache / "sources")
    match entry:
        case FolderSource():
            return Folder(entry, config.root, config.settings.market)
        case DatabaseSource():
            return Database(entry, config.root, digests)
        case AllStocksSource():
            return AllStocks(entry, config.root, _matches(config, entry.path), digests)
        case IndexHistorySource():
            return IndexHistory(entry, config.root, digests)
        case SectorsSource():
            return Sectors(entry, config.root)
        case NamesSource():
            return Names(entry, config.root)


def _matches(config: Config, pattern: str) -> list[Path]:
    """The files that a path or pattern names."""
    path = config.path(pattern)
    if path.is_file():
        return [path]
    # Not Path.glob: it refuses patterns that are absolute or climb with `..`.
    return [Path(found) for found in sorted(glob.glob(str(path))) if Path(found).is_file()]  # noqa: PTH207 - see above


def _wrong(config: Config, entry: SourceConfig, key: str) -> Iterator[Problem]:
    path = config.path(entry.path)
    if isinstance(entry, AllStocksSource):
        there, expected = bool(_matches(config, entry.path)), "a file, or a pattern that some file matches"
    elif isinstance(entry, FolderSource):
        there, expected = path.is_dir(), "a folder that holds one folder a session"
    else:
        there, expected = path.is_file(), "a file"
    if not there:
        yield Problem(
            file=config.file,
            column=f"{key}.path",
            message="there is no such file or folder",
            found=entry.path,
            expected=expected,
            remedy="Correct the path, put the data there, or remove the source",
        )
    if isinstance(entry, DatabaseSource):
        for table, mapping in entry.tables.items():
            yield from _wrong_mapping(config.file, table, mapping, f"{key}.tables.{table}")


def _wrong_mapping(file: str, table: str, mapping: TableMapping, key: str) -> Iterator[Problem]:
    if table not in TABLES:
        yield _unknown(file, f"{key}", "we have no such table", table, list(TABLES))
        return
    ours = {column.name: column for column in TABLES[table].columns}
    known = ["date", *([SESSION] if table in _OWN_DATE else []), *(name for name in ours if name != "date")]
    for name in mapping.columns:
        if name not in known:
            yield _unknown(
                file, f"{key}.columns.{name}", f"our table {table} has no such column", name, known
            )
    needed = ["date", *(name for name, column in ours.items() if column.required and name != "date")]
    for name in needed:
        if name not in mapping.columns:
            yield Problem(
                file=file,
                column=f"{key}.columns",
                message=f"{name} must be mapped",
                expected=f"{name}: the name of their column",
                remedy="Add it",
            )
    for part in ("values", "scale"):
        for name in getattr(mapping, part):
            if name not in mapping.columns or name not in ours:
                yield _unknown(
                    file,
                    f"{key}.{part}.{name}",
                    "is not among the mapped columns",
                    name,
                    list(mapping.columns),
                )


def _unknown(file: str, key: str, message: str, name: str, known: list[str]) -> Problem:
    close = difflib.get_close_matches(name, known, n=1)
    return Problem(
        file=file,
        column=key,
        message=message,
        found=name,
        expected=", ".join(known),
        remedy=f"Did you mean {close[0]}?" if close else "Correct the name",
    )
