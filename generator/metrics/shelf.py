"""Frames kept as Parquet with a note of what they were made from; what cannot be trusted counts as absent."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from generator import files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

_NOTE = b"marketpost"


def keep(path: Path, frame: pd.DataFrame, note: Mapping[str, Any]) -> None:
    """Write a frame and its note, whole or not at all; a place that cannot be written is left."""
    table = pa.Table.from_pandas(frame)
    metadata = {**(table.schema.metadata or {}), _NOTE: json.dumps(note, sort_keys=True).encode()}
    buffer = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(metadata), buffer, write_page_checksum=True)
    # What is kept here only saves time, so a folder that cannot be written costs time, not the run.
    with suppress(OSError):
        files.write(path, buffer.getvalue())


def kept(path: Path) -> tuple[pd.DataFrame, dict[str, Any]] | None:
    """A frame with its note; None when there is none, or it is damaged."""
    try:
        table = pq.read_table(path, page_checksum_verification=True)
        note = json.loads(table.schema.metadata[_NOTE])
        return table.to_pandas(), note
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
        return None
