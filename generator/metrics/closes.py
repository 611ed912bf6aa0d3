"""The stocks' closes kept between runs, a file a month, so that a new day rewrites one small file."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from generator.metrics import shelf
from generator.metrics.averages import PANEL

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True, eq=False)
class Closes:
    """A panel (see `averages.panel`) and the signature of each session in it."""

    panel: pd.DataFrame
    signatures: Mapping[date, str]

    def only(self, wanted: Mapping[date, str]) -> Closes:
        """The sessions whose signature is the wanted one."""
        days = {day: text for day, text in self.signatures.items() if wanted.get(day) == text}
        if len(days) == len(self.signatures):
            return self
        return Closes(self.panel.loc[self.panel["date"].isin(pd.DatetimeIndex(list(days)))], days)

    def plus(self, panel: pd.DataFrame, signatures: Mapping[date, str]) -> Closes:
        """With the sessions of another panel, in place of any that both have; sorted by session."""
        mine = self.only({day: text for day, text in self.signatures.items() if day not in signatures})
        both = pd.concat([part for part in (mine.panel, panel) if len(part)] or [panel], ignore_index=True)
        both = both.sort_values("date", kind="stable", ignore_index=True)
        return Closes(both, {**mine.signatures, **signatures})


def read(folder: Path, version: str, first: date, last: date) -> Closes:
    """The closes of the months from `first`'s to `last`'s, as far as they are kept and of this version."""
    panels: list[pd.DataFrame] = []
    signatures: dict[date, str] = {}
    for path in sorted(folder.glob("closes-*.parquet")):
        if _name(first) <= path.name <= _name(last):
            found = shelf.kept(path)
            if found is not None and found[1].get("version") == version:
                panels.append(found[0].astype({"code": object}))
                signatures |= {
                    date.fromisoformat(day): str(text) for day, text in found[1]["signatures"].items()
                }
    empty = pd.DataFrame({name: [] for name in PANEL}).astype({"date": "datetime64[us]"})
    panel = pd.concat(panels, ignore_index=True) if panels else empty
    return Closes(panel, signatures)


def write(folder: Path, version: str, closes: Closes, touched: Collection[date]) -> None:
    """Rewrite the months of the days `touched`; `closes` must hold those months whole."""
    stamps = closes.panel["date"]
    for name in sorted({_name(day) for day in touched}):
        days = {day: text for day, text in closes.signatures.items() if _name(day) == name}
        if days:
            panel = closes.panel.loc[stamps.isin(pd.DatetimeIndex(list(days)))].reset_index(drop=True)
            note = {"version": version, "signatures": {str(day): days[day] for day in sorted(days)}}
            # Codes repeat daily: as a dictionary they take a tenth of the room.
            shelf.keep(folder / name, panel.astype({"code": "category"}), note)
        else:
            with suppress(OSError):
                (folder / name).unlink(missing_ok=True)


def _name(day: date) -> str:
    return f"closes-{day:%Y-%m}.parquet"
