"""The exceptions a user can meet, and the form in which a problem is told.

    MarketpostError            exit 1, unless its class says otherwise
    ├── ConfigError            exit 2: config.yaml, or a command used wrongly
    ├── DatasetError           a session's tables are not fit to be used
    ├── TagError               the tag registry contradicts itself
    ├── PostError              a post cannot be read or written
    │   └── EditedPostError    a person's edit is in the way; carries the difference
    ├── SiteError              Hugo is missing, too old, or refused the site
    │   └── TooSlowError       a program was stopped after its time
    └── PublishError           git, a folder or a bucket is in the way of a publish

Anything else that surfaces is a bug and keeps its traceback.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing a person can mend, with its place and its remedy."""

    file: str
    """Path as the user knows it, relative to the blog's root where it lies inside."""
    message: str
    """What is wrong, in one sentence without a full stop."""
    line: int | None = None
    """1-based line of a text file; a CSV's header is line 1."""
    row: str = ""
    """The row's key where a line number means nothing (a database, a Parquet file): `2026-01-08 005930`."""
    column: str = ""
    found: str = ""
    """The value found, shortened, printable."""
    expected: str = ""
    remedy: str = ""
    """What to do, as an instruction."""
    fatal: bool = True
    """False: worth telling, the session is still usable."""

    def __str__(self) -> str:
        place = self.file
        if self.line is not None:
            place += f":{self.line}"
        details = [f"row {self.row}" if self.row else "", f"column {self.column}" if self.column else ""]
        place += "".join(f", {d}" for d in details if d)
        text = f"{place}: {self.message}"
        if self.found:
            text += f"; found {self.found!r}"
        if self.expected:
            text += f"; expected {self.expected}"
        if self.remedy:
            text += f". {self.remedy}"
        return text


class MarketpostError(Exception):
    """Root of all expected failures; `problems` may list several at once."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, problems: Iterable[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class ConfigError(MarketpostError):
    """The configuration, or the command line, is wrong."""

    exit_code = 2


class DatasetError(MarketpostError):
    """A source cannot be read, or its tables fail their checks."""


class TagError(MarketpostError):
    """Two tags claim one slug or name, or a rule cannot be evaluated."""


class PostError(MarketpostError):
    """A post cannot be read, or must not be written."""


class EditedPostError(PostError):
    """A person edited the post and the new text does not merge; `difference` is a unified diff."""

    def __init__(self, message: str, difference: str) -> None:
        super().__init__(message)
        self.difference = difference


class SiteError(MarketpostError):
    """Hugo is missing, too old, timed out, or reported an error."""


class TooSlowError(SiteError):
    """A program ran longer than it may, and was stopped."""


class PublishError(MarketpostError):
    """A post may not be published, or what it is delivered to is in the way."""
