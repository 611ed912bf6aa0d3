"""The tables and `session.yaml` as Markdown, for `docs/dataset.md`; a test keeps the page equal to this."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.dataset.session_file import Credit, SessionFile
from generator.dataset.tables import MAX_TEXT, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel

    from generator.dataset.tables import Column, Table

BEGIN = "<!-- generated: generator.dataset.reference -->"
END = "<!-- end of generated -->"

_KINDS = {
    "text": f"text, at most {MAX_TEXT} characters",
    "code": "stock code",
    "codes": "stock codes, blanks between",
    "number": "number",
    "count": "whole number",
    "flag": "`true` or `false`",
    "date": "date",
}


def markdown_reference() -> str:
    """Every table with its columns, and the keys of `session.yaml`; ends in one newline."""
    parts = [*(_table(table) for table in TABLES.values()), _session_file()]
    return "\n\n".join(parts) + "\n"


def _table(table: Table) -> str:
    key = ", ".join(f"`{name}`" for name in table.key)
    identity = f"Key: {key}." if key else "No key; rows keep their order."
    lines = [
        f"### `{table.name}.csv`",
        "",
        f"{table.meaning} {identity}",
        "",
        "| column | holds | unit | meaning |",
        "| --- | --- | --- | --- |",
        *(_row(column) for column in table.columns),
    ]
    return "\n".join(lines)


def _row(column: Column) -> str:
    holds = ", ".join(_holds(column))
    return f"| `{column.name}` | {holds} | {column.unit} | {column.meaning} |"


def _holds(column: Column) -> Iterator[str]:
    yield " / ".join(f"`{choice}`" for choice in column.choices) or _KINDS[column.kind]
    if column.minimum is not None and column.kind != "count":
        yield f"at least {column.minimum:g}"
    if column.maximum is not None:
        yield f"at most {column.maximum:g}"
    if column.required:
        yield "**required**"


def _session_file() -> str:
    lines = [
        "### `session.yaml`",
        "",
        "| key | | meaning |",
        "| --- | --- | --- |",
        *_keys(SessionFile, ""),
        *_keys(Credit, "sources[]."),
    ]
    return "\n".join(lines)


def _keys(model: type[BaseModel], prefix: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        needed = "**required**" if field.is_required() else ""
        yield f"| `{prefix}{name}` | {needed} | {field.description} |"
