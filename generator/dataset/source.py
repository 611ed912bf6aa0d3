"""What a source is: the interface that every kind of source fulfils, and the raw rows it hands over.

A source finds and reads; it does not judge. Types, checks, precedence and set-aside stocks are the
business of `convert`, `checks`, `merge` and `load`, so a further kind of source is one small file (see
docs/dataset.md).
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    import pandas as pd

    from generator.dataset.session import SourceCredit, Status
    from generator.errors import Problem

SESSION = "session"
"""Column of every raw frame: the session a row belongs to, as datetime64 at midnight without a zone."""

FILE = "_file"
"""Optional column: which of `Rows.files` a row is from, by position; 0 where it is missing."""

ROW = "_row"
"""Optional column: the row's 1-based line in its file, or its number where the source has no lines."""

Holds = Literal["sessions", "history", "reference"]
"""What a source is good for: sessions to post about; the past of an index, from which alone no post is
made; or facts that belong to no session (sectors, names)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem and the session it concerns; None: none in particular (then it is never fatal)."""

    day: date | None
    problem: Problem
    kind: str = ""
    """What like findings share where their messages differ; many of a kind are counted, not listed."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """Rows of one table, as one source has them.

    `frame` has SESSION, any of the table's columns under our names, and FILE and ROW where there is
    something to tell. Cells may be text or typed; a blank text, None and NaN are "not reported".
    """

    table: str
    frame: pd.DataFrame
    files: tuple[str, ...]
    """The files, or `file#table`, as the user knows them."""
    numbering: Literal["line", "key"] = "line"
    """How a row is named to people: by its line, or by its session and key (databases, Parquet)."""
    remarks: Mapping[str, str] = field(default_factory=dict)
    """For a column that was computed rather than read: how. "" stands for all columns."""
    absent: frozenset[tuple[int, str]] = frozenset()
    """Position in `files` and column: required columns a file lacks and is already blamed for."""
    whole_market: bool = False
    """For stocks: every listed stock is here, so breadth may be counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What `session.yaml` says of a session. Times carry a zone; None: not stated."""

    file: str
    status: Status
    as_of: datetime
    publish_at: datetime | None = None
    updated_at: datetime | None = None
    credits: tuple[SourceCredit, ...] = ()


@dataclass(frozen=True, slots=True)
class Lookup:
    """A text for each stock code, with the line it stands in."""

    file: str
    texts: Mapping[str, str]
    lines: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a source holds of the sessions it was asked for."""

    rows: tuple[Rows, ...] = ()
    findings: tuple[Finding, ...] = ()
    """What was wrong with files and headers; cells are checked later."""
    heads: Mapping[date, Head] = field(default_factory=dict)
    notes: Mapping[date, Mapping[str, str]] = field(default_factory=dict)
    """By session, then section."""
    sectors: Lookup | None = None
    """Sector by code, for stocks of any session."""
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Company names by language, then code."""


class Source(Protocol):
    """One entry of `params.marketpost.sources`."""

    @property
    def label(self) -> str:
        """The source as the user knows it: `datasets`, `krx/marcap-2026.parquet`."""

    @property
    def holds(self) -> Holds:
        """What the source is good for."""

    def signature(self) -> str:
        """Changes when what belongs to no session changes; "" for a source of sessions."""

    def signatures(self) -> Mapping[date, str]:
        """For each session held, a text that changes when the session's content does; cheap.

        Raises:
            DatasetError: the source cannot be read at all.
        """

    def read(self, dates: Collection[date] | None) -> Read:
        """The rows of those sessions; None: of all. A session it does not hold is no error.

        Raises:
            DatasetError: the source cannot be read at all, so that no session can be told apart.
        """


def shown(root: Path, configured: str, path: Path) -> str:
    """`path` as messages show it: relative to the blog's root, unless it was configured as absolute."""
    if Path(configured).is_absolute():
        return path.as_posix()
    return Path(os.path.relpath(path, root)).as_posix()
