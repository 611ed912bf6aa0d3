"""The checked, merged tables of any number of sessions: what the metrics are computed from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import pandas as pd

    from generator.errors import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """Frames by table name (see `tables.py`), each with a `date` column (datetime64, midnight, no zone).

    Where several sources fill one table, the first source in the configuration that has a value wins,
    cell by cell; a difference beyond rounding is a problem that is not fatal and names both values.
    In `events` and `context`, where `date` is the fact's own day, the session is in the column `session`.
    `stocks` has the column `set_aside` besides: "", `not_traded`, `adjusted` or `beyond_limit`.
    """

    tables: Mapping[str, pd.DataFrame]
    problems: tuple[Problem, ...] = ()
    """Worth telling, not fatal."""
    withheld: Mapping[date, tuple[Problem, ...]] = field(default_factory=dict)
    """Sessions that failed their checks, with why; none of their rows is in `tables`."""
