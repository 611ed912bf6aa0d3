"""Facts that belong to no session: the sector of each stock, and company names by language."""

from __future__ import annotations

import difflib
import re
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from generator.dataset import delimited
from generator.dataset.checks import CODE, code_points, likely_code
from generator.dataset.convert import folded
from generator.dataset.digests import stat_text
from generator.dataset.places import limited, shortened
from generator.dataset.source import Finding, Lookup, Read, shown
from generator.dataset.tables import MAX_TEXT
from generator.errors import DatasetError, Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from generator.config import NamesSource, SectorsSource
    from generator.dataset.source import Holds

_LANGUAGE = re.compile(r"[a-z]{2}(?:-[A-Za-z]{2,4})?", re.ASCII)


class _Reference(ABC):
    """A CSV that belongs to no session."""

    holds: Holds = "reference"

    def __init__(self, config: SectorsSource | NamesSource, root: Path) -> None:
        self._path = root / config.path
        self._known: tuple[str, Read] | None = None
        self.label = shown(root, config.path, self._path)

    def signature(self) -> str:
        """Size and time of change of the file."""
        return stat_text(self._path)

    def read(self, dates: Collection[date] | None) -> Read:  # noqa: ARG002 - the interface of all sources
        """All that the file has; it is read again only when it has changed."""
        state = self.signature()
        if self._known is None or self._known[0] != state:
            self._known = (state, self._read())
        return self._known[1]

    @abstractmethod
    def _read(self) -> Read: ...

    def signatures(self) -> dict[date, str]:
        """No session is held here."""
        return {}


class Sectors(_Reference):
    """A CSV with a sector for each stock: `Code` and `Industry`, or `Sector` where that is blank."""

    def _read(self) -> Read:
        """The sector of each code; rows without a code are left out and told."""
        grid = _grid(self._path, self.label, "Code", ("Industry", "Sector"))
        names = [name for name in ("Industry", "Sector") if name in grid.header]
        findings: list[Finding] = []
        texts: dict[str, str] = {}
        lines: dict[str, int] = {}
        for code, line, cells in _rows(grid, "Code", names, self.label, findings):
            text = next((cell for cell in cells if cell), "")
            if text and code not in texts:
                texts[code], lines[code] = text, line
        return Read(sectors=Lookup(self.label, texts, lines), findings=tuple(limited(findings)))


class Names(_Reference):
    """A CSV with company names: `code`, and a column a language (`ko`, `en`, …)."""

    def _read(self) -> Read:
        """The names by language and code; rows without a code are left out and told."""
        grid = _grid(self._path, self.label, "code", ())
        languages = [name for name in grid.header if _LANGUAGE.fullmatch(name)]
        if not languages:
            problem = Problem(
                file=self.label,
                line=1,
                message="has no column of names",
                found=", ".join(grid.header)[:120],
                expected="a column for each language, named by its code: ko, en, ja, …",
                remedy="Rename the column of names",
            )
            raise DatasetError(str(problem), [problem])
        findings: list[Finding] = []
        names: dict[str, dict[str, str]] = {language: {} for language in languages}
        for code, _, cells in _rows(grid, "code", languages, self.label, findings):
            for language, cell in zip(languages, cells, strict=True):
                if cell:
                    names[language].setdefault(code, cell)
        return Read(names=names, findings=tuple(limited(findings)))


def _grid(path: Path, file: str, key: str, either: Sequence[str]) -> delimited.Grid:
    """The file's cells; raises DatasetError unless it has rows, the key column and one of `either`."""
    grid = delimited.read(path.read_bytes(), file, korean=True)
    problems = list(grid.problems)
    for names in ((key,), tuple(either)):
        if names and not any(name in grid.header for name in names):
            close = difflib.get_close_matches(names[0], grid.header, n=1)
            problems.append(
                Problem(
                    file=file,
                    line=1,
                    column=names[0],
                    message="the column is missing",
                    found=", ".join(grid.header)[:120],
                    expected=" or ".join(names),
                    remedy=f"Rename {close[0]} to {names[0]}?" if close else "Add the column",
                )
            )
    if not grid.rows and not problems:
        problems.append(delimited.header_only(file))
    if problems:
        raise DatasetError(f"{file} cannot be read", problems)
    return grid


def _rows(
    grid: delimited.Grid, key: str, names: Sequence[str], file: str, findings: list[Finding]
) -> Iterator[tuple[str, int, list[str]]]:
    """Code, line and cells of each sound row; what is unsound goes to `findings` and is left out."""
    places = {name: grid.header.index(name) for name in names}
    at = grid.header.index(key)
    for row, line in zip(grid.rows, grid.lines, strict=True):
        code = row[at].strip()
        if not CODE.fullmatch(code):
            likely = likely_code(code)
            findings.append(
                Finding(
                    None,
                    Problem(
                        file=file,
                        line=line,
                        column=key,
                        message="is no stock code; the row was left out",
                        found=shortened(code),
                        expected="six characters, digits or capital letters",
                        remedy=f"Probably {likely}" if likely else "Correct the code",
                        fatal=False,
                    ),
                )
            )
            continue
        yield code, line, list(_cells(row, places, file, line, findings))


def _cells(
    row: list[str], places: Mapping[str, int], file: str, line: int, findings: list[Finding]
) -> Iterator[str]:
    for name, place in places.items():
        text = folded(row[place])
        marks = code_points(text)
        if marks or len(text) > MAX_TEXT:
            what = "holds a control character" if marks else "is too long for a cell"
            problem = Problem(
                file=file,
                line=line,
                column=name,
                message=f"{what}; the cell was left out",
                found=shortened(text),
                expected=f"printable text of at most {MAX_TEXT} characters",
                remedy=f"Remove {marks}" if marks else "Shorten it",
                fatal=False,
            )
            findings.append(Finding(None, problem))
            text = ""
        yield text
