"""Checks of single cells: a pandera schema for each table, generated from `tables.py`.

Every failing cell is listed, with its place, what was expected and what to do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from generator.dataset import places
from generator.dataset.source import FILE, Finding
from generator.dataset.tables import MAX_NUMBER, MAX_TEXT, TABLES
from generator.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    import pandera.pandas as pa
    from pandera.errors import SchemaErrors

    from generator.dataset.source import Rows
    from generator.dataset.tables import Column, Table

CODE = re.compile(r"[0-9A-Z]{6}", re.ASCII)

FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]"
)
"""Control characters, marks that reverse the direction of what follows, and what XML cannot hold. Line
breaks and tabs inside a cell are blanks by now."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What the cells of a column must be."""

    name: str
    message: str
    expected: str
    holds: Callable[[pd.Series], pd.Series]
    """Which cells of the column pass; blank ones are not asked."""
    remedy: Callable[[Any], str] = lambda _value: "Correct the cell, or leave it blank if it was not reported"


def cells(rows: Rows, frame: pd.DataFrame) -> list[Finding]:
    """What is wrong with the cells of a converted frame; all of it, in the order of the rows."""
    table = TABLES[rows.table]
    rules = {column.name: rules_for(column) for column in table.columns}
    # pandera names what fails; that nothing does is told in a quarter of its time, without its import.
    if all(_passes(column, rules[column.name], frame) for column in table.columns):
        return []
    from pandera.errors import SchemaErrors  # noqa: PLC0415 - takes half a second, and sound data needs none

    try:
        _schema(table, rules, frame).validate(frame, lazy=True)
    except SchemaErrors as errors:
        found = list(_failures(rows, frame, rules, errors))
    else:
        return []
    return [each for _, each in sorted(found, key=lambda pair: pair[0])]


def rules_for(column: Column) -> tuple[Rule, ...]:
    """The rules that `tables.py` gives a column."""
    match column.kind:
        case "number" | "count":
            return tuple(_number_rules(column))
        case "flag":
            return (
                Rule(
                    "flag",
                    "is neither true nor false",
                    "true, false or blank",
                    _each(lambda v: isinstance(v, bool)),
                ),
            )
        case "date":
            return (
                Rule(
                    "date", "is no date", "a day such as 2026-05-13", _each(lambda v: not isinstance(v, str))
                ),
            )
        case "code":
            return (_code_rule(),)
        case "codes":
            return (
                *_text_rules(column),
                Rule(
                    "codes",
                    "holds something that is no stock code",
                    "six-character codes with blanks between",
                    _each(lambda v: all(CODE.fullmatch(code) for code in str(v).split())),
                    _codes_remedy,
                ),
            )
        case _:
            return tuple(_text_rules(column))


def _passes(column: Column, rules: tuple[Rule, ...], frame: pd.DataFrame) -> bool:
    """Whether every cell of a column is as it must be."""
    if column.name not in frame:
        return not column.required
    given = frame[column.name].dropna()
    if column.required and len(given) < len(frame):
        return False
    return all(bool(rule.holds(given).all()) for rule in rules)


def _schema(table: Table, rules: dict[str, tuple[Rule, ...]], frame: pd.DataFrame) -> pa.DataFrameSchema:
    import pandera.pandas as pa  # noqa: PLC0415 - the same

    return pa.DataFrameSchema(
        {
            column.name: pa.Column(
                None,
                [pa.Check(rule.holds, error=rule.name, ignore_na=True) for rule in rules[column.name]],
                nullable=not column.required,
                required=column.required,
            )
            for column in table.columns
            if column.required or column.name in frame
        }
    )


def _failures(
    rows: Rows, frame: pd.DataFrame, rules: dict[str, tuple[Rule, ...]], errors: SchemaErrors
) -> Iterator[tuple[tuple[int, int], Finding]]:
    """Each failure with its row and column position, to sort by."""
    order = {name: place for place, name in enumerate(rules)}
    for failure in errors.failure_cases.to_dict("records"):
        if failure["check"] == "column_in_dataframe":
            name = str(failure["failure_case"])
            for each in _missing(rows, frame, name):
                yield (-1, order[name]), each
            continue
        name, position = str(failure["column"]), int(failure["index"])
        # pandera turns mixed columns to text in its report; the frame has the cell itself.
        value = frame[name].iloc[position]
        if failure["check"] == "not_nullable":
            if (int(frame[FILE].iloc[position]), name) in rows.absent:
                continue
            each = places.finding(
                rows,
                frame,
                position,
                column=name,
                message="is blank",
                expected="a value in every row",
                remedy="Fill the cell, or remove the row",
            )
        else:
            rule = next(rule for rule in rules[name] if rule.name == failure["check"])
            each = places.finding(
                rows,
                frame,
                position,
                column=name,
                message=rule.message,
                found=places.shortened(value),
                expected=rule.expected,
                remedy=rule.remedy(value),
            )
        yield (position, order[name]), each


def _missing(rows: Rows, frame: pd.DataFrame, name: str) -> Iterator[Finding]:
    """A required column that a source does not have at all: each of its sessions lacks it."""
    days: set[date] = {places.day_of(frame, position) for position in range(len(frame))}
    for day in sorted(days):
        yield Finding(
            day,
            Problem(
                file=rows.files[0],
                row=day.isoformat(),
                column=name,
                message=f"{rows.table} has no such column",
                expected=TABLES[rows.table].column(name).meaning,
                remedy="Add the column",
            ),
        )


def _each(holds: Callable[[Any], bool]) -> Callable[[pd.Series], pd.Series]:
    """A check of one value, applied once to each distinct one."""

    def over(series: pd.Series) -> pd.Series:
        codes, values = pd.factorize(series)
        passed = np.array([*(bool(holds(value)) for value in values), True])
        return pd.Series(passed[codes], index=series.index)

    return over


def _numeric(series: pd.Series) -> pd.Series:
    if series.dtype == np.float64:
        return series
    kept = series.where(series.map(lambda value: isinstance(value, float)))
    return kept.astype(float)


def _number_rules(column: Column) -> Iterator[Rule]:
    yield Rule(
        "number",
        "is no plain number",
        "digits with a point at most, such as -3760000000000 or 2.63",
        lambda series: (
            pd.Series(True, index=series.index)
            if series.dtype == np.float64
            else series.map(lambda value: isinstance(value, float))
        ),
        _number_remedy,
    )
    yield Rule(
        "finite",
        "is infinite",
        "a number, or a blank for what was not reported",
        lambda series: ~np.isinf(_numeric(series)),
    )
    if column.kind == "count":
        yield Rule(
            "whole",
            "is no whole number",
            f"a whole number of {column.unit or 'items'}",
            lambda series: _numeric(series).isna() | (_numeric(series) % 1 == 0),
        )
    yield Rule(
        "size",
        "is no possible amount",
        f"between -{MAX_NUMBER:g} and {MAX_NUMBER:g}",
        # What is infinite has been named as that.
        lambda series: ~np.isfinite(_numeric(series)) | (_numeric(series).abs() <= MAX_NUMBER),
    )
    low, high = column.minimum, column.maximum
    if low is not None:
        yield Rule(
            "minimum",
            "is negative" if low == 0 else "is impossible",
            f"at least {low:g} {column.unit}".rstrip(),
            lambda series: _numeric(series).isna() | (_numeric(series) >= low),
        )
    if high is not None:
        yield Rule(
            "maximum",
            "is too large",
            f"at most {high:g} {column.unit}".rstrip(),
            lambda series: _numeric(series).isna() | (_numeric(series) <= high),
        )


def _text_rules(column: Column) -> Iterator[Rule]:
    yield Rule(
        "printable",
        "holds a control character",
        "printable text",
        _each(lambda value: not FORBIDDEN.search(str(value))),
        lambda value: f"Remove {code_points(str(value))}",
    )
    yield Rule(
        "length",
        "is too long for a cell",
        f"at most {MAX_TEXT} characters",
        _each(lambda value: len(str(value)) <= MAX_TEXT),
        lambda _value: "Shorten it; what needs more room belongs into notes.md",
    )
    if column.choices:
        yield Rule(
            "choice",
            "is not one of the values this column knows",
            ", ".join(column.choices),
            _each(lambda value: value in column.choices),
            lambda value: _nearest(str(value), column.choices),
        )


def _code_rule() -> Rule:
    return Rule(
        "code",
        "is no stock code",
        "six characters, digits or capital letters, such as 005930 or 0126Z0",
        _each(lambda value: CODE.fullmatch(str(value)) is not None),
        _code_remedy,
    )


def code_points(text: str) -> str:
    """The forbidden characters of a text by code point: `U+0007, U+202E`."""
    return ", ".join(dict.fromkeys(f"U+{ord(mark):04X}" for mark in FORBIDDEN.findall(text)))


def likely_code(text: str) -> str:
    """The code a broken one probably was: zeros lost to a spreadsheet, an `A` or an ISIN around it; or ""."""
    plain = text.strip().upper().removesuffix(".0")
    if re.fullmatch(r"\d{1,5}", plain, re.ASCII):
        return plain.zfill(6)
    isin = re.fullmatch(r"KR7([0-9A-Z]{6})\d{3}", plain) or re.fullmatch(r"A([0-9A-Z]{6})", plain)
    if isin:
        return isin.group(1)
    return plain if CODE.fullmatch(plain) and plain != text else ""


def _code_remedy(value: Any) -> str:
    likely = likely_code(str(value))
    if not likely:
        return "Correct the code"
    lost = likely.lstrip("0") == str(value).strip().removesuffix(".0")
    return (
        f"Probably {likely}, its leading zeros lost; keep the column as text"
        if lost
        else f"Probably {likely}"
    )


def _codes_remedy(value: Any) -> str:
    bad = [code for code in str(value).split() if not CODE.fullmatch(code)]
    likely = [likely_code(code) for code in bad]
    hint = f"; probably {' '.join(likely)}" if all(likely) else ""
    return f"Correct {' '.join(map(places.shortened, bad))}{hint}, with blanks between codes"


def _number_remedy(value: Any) -> str:
    text = str(value).strip()
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", text):
        return f"Write plain numbers, no thousands marks: {text.replace(',', '')}"
    if re.fullmatch(r"[+-]?\d+(\.\d+)?\s*%", text):
        return f"Write the number without the sign: {text.rstrip('% ')} (changes are in per cent)"
    if "\u2212" in text or "\u2013" in text:
        return "Write a minus as -"
    return "Write a plain number, or leave the cell blank if it was not reported"


def _nearest(value: str, choices: tuple[str, ...]) -> str:
    folded = {choice.casefold(): choice for choice in choices}
    same = folded.get(value.casefold().strip())
    return f"Write {same}" if same else "Use one of these, or leave the cell blank if it was not reported"
