"""CSV files as the field has them: encoding, header, rows, and the line each row really starts at."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.errors import DatasetError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

_MARKUP = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*<(?:!doctype|!--|html|head|body|script|meta|title|\?xml)", re.IGNORECASE
)
_TITLE = re.compile(rb"<title[^>]*>\s*(.*?)\s*</title>", re.IGNORECASE | re.DOTALL)
_JSON = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:\{\s*[\"}]|\[\s*[\"{\[\]])")

FETCH_AGAIN = "Fetch the file again, and look at what the download said"


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a CSV file, all text; `lines[i]` is the 1-based line at which `rows[i]` starts."""

    header: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]
    problems: tuple[Problem, ...] = ()
    """Rows that had to be left out."""


def not_a_table(data: bytes, file: str) -> Problem | None:
    """The problem with a file that is empty, an HTML page or JSON where a table should be."""
    if not data.strip(b"\xef\xbb\xbf \t\r\n\x00"):
        return Problem(file=file, message="is empty", expected="a table with a header", remedy=FETCH_AGAIN)
    if _MARKUP.match(data):
        title = _TITLE.search(data)
        said = title.group(1) if title else data.removeprefix(b"\xef\xbb\xbf").strip()[:60]
        return Problem(
            file=file,
            line=1,
            message="is an HTML page where a table should be",
            found=said.decode("utf-8", errors="replace")[:80],
            expected="a table with a header",
            remedy=FETCH_AGAIN,
        )
    if _JSON.match(data):
        return Problem(
            file=file,
            line=1,
            message="is JSON where a table should be",
            found=data.strip()[:60].decode("utf-8", errors="replace"),
            expected="a table with a header",
            remedy=FETCH_AGAIN,
        )
    return None


def decoded(data: bytes, file: str, *, korean: bool = False) -> str:
    """The text of a CSV file; a byte order mark is dropped.

    Args:
        data: The file's bytes.
        file: How messages call it.
        korean: CP949, the encoding of the exchange's own downloads, is read as well.

    Raises:
        DatasetError: not a table at all, or not in these encodings.
    """
    problem = not_a_table(data, file)
    if problem is not None:
        raise DatasetError(str(problem), [problem])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        as_korean = _cp949(data)
        if korean and as_korean is not None:
            return as_korean
        problem = Problem(
            file=file,
            line=data.count(b"\n", 0, error.start) + 1,
            message="is not UTF-8" + (" but CP949" if as_korean is not None else ""),
            found=f"byte 0x{data[error.start]:02x}",
            expected="UTF-8 or CP949" if korean else "UTF-8",
            remedy="Save it as UTF-8",
        )
        raise DatasetError(str(problem), [problem]) from error


def _cp949(data: bytes) -> str | None:
    try:
        return data.decode("cp949")
    except UnicodeDecodeError:
        return None


def parsed(text: str, file: str) -> Grid:
    """The header and rows of CSV text. Blank lines and rows of blanks are skipped.

    Raises:
        DatasetError: the header is unusable, or a quote never closes.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: tuple[str, ...] | None = None
    rows: list[list[str]] = []
    lines: list[int] = []
    problems: list[Problem] = []
    start = 1
    try:
        for cells in reader:
            if any(cells) and any(cell.strip() for cell in cells):
                if header is None:
                    header = _header(cells, file, start)
                elif len(cells) == len(header):
                    rows.append(cells)
                    lines.append(start)
                else:
                    problems.append(_ragged(cells, header, file, start))
            start = reader.line_num + 1
    except csv.Error as error:
        problem = Problem(
            file=file,
            line=start,
            message=f"cannot be read as CSV: {error}",
            expected="quotes closed and doubled inside a quoted cell",
            remedy="Mend the row that starts here",
        )
        raise DatasetError(str(problem), [problem]) from error
    if header is None:
        problem = Problem(file=file, message="is empty", expected="a table with a header", remedy=FETCH_AGAIN)
        raise DatasetError(str(problem), [problem])
    return Grid(header, rows, lines, tuple(problems))


def read(data: bytes, file: str, *, korean: bool = False) -> Grid:
    """Bytes to a grid; raises DatasetError as `decoded` and `parsed` do."""
    return parsed(decoded(data, file, korean=korean), file)


def header_only(file: str, *, fatal: bool = True, remedy: str = FETCH_AGAIN) -> Problem:
    """The problem of a file that has a header and no rows."""
    return Problem(
        file=file,
        line=1,
        message="has a header and no rows",
        expected="at least one row",
        remedy=remedy,
        fatal=fatal,
    )


def _header(cells: Sequence[str], file: str, line: int) -> tuple[str, ...]:
    header = tuple(cell.strip() for cell in cells)
    twice = [name for name, count in Counter(header).items() if count > 1 and name]
    if twice:
        problem = Problem(
            file=file,
            line=line,
            column=twice[0],
            message="two columns have this name",
            expected="each column once",
            remedy="Remove or rename one of them",
        )
        raise DatasetError(str(problem), [problem])
    if len(header) == 1 and (mark := next((mark for mark in ";\t|" if mark in header[0]), "")):
        problem = Problem(
            file=file,
            line=line,
            message="columns are not separated by commas",
            found=mark,
            expected="commas between columns",
            remedy="Export the table again as comma-separated values",
        )
        raise DatasetError(str(problem), [problem])
    return header


def _ragged(cells: Sequence[str], header: Sequence[str], file: str, line: int) -> Problem:
    more = len(cells) > len(header)
    return Problem(
        file=file,
        line=line,
        message=f"the row has {len(cells)} cells, the header {len(header)}",
        found=",".join(cells)[:80],
        expected=f"{len(header)} cells",
        remedy="Put text that holds a comma in quotes; write numbers without thousands marks"
        if more
        else "Add the missing cells; leave a cell blank for what was not reported",
    )
