"""The source of all-stocks files: a file or a pattern of files, each with one session or many."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from generator.dataset.digests import frame_digests, stat_text
from generator.dataset.listing import day_in_name, read_listing
from generator.dataset.source import FILE, ROW, SESSION, Finding, Read, Rows, shown
from generator.errors import DatasetError, Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date
    from pathlib import Path

    from generator.config import AllStocksSource
    from generator.dataset.digests import Digests
    from generator.dataset.source import Holds


class AllStocks:
    """The files of one `all_stocks` entry."""

    holds: Holds = "sessions"

    def __init__(self, config: AllStocksSource, root: Path, paths: Iterable[Path], digests: Digests) -> None:
        self._layout = config.layout
        self._files = {path: shown(root, config.path, path) for path in sorted(paths)}
        self._digests = digests
        self.label = config.path

    def signature(self) -> str:
        """Nothing here belongs to no session."""
        return ""

    def signatures(self) -> dict[date, str]:
        """By session: a hash of its rows. A file that cannot be read counts for the day in its name.

        Raises:
            DatasetError: a file cannot be read and its name tells no day.
        """
        found: dict[date, str] = {}
        broken: list[Problem] = []
        for path in self._files:
            try:
                hashes = self._digests.of(path, self._hashed, key=self._layout)
            except DatasetError as error:
                named = day_in_name(path.name)
                if named is None:
                    broken += error.problems
                    continue
                hashes = {named: f"unreadable {stat_text(path)}"}
            for day, text in hashes.items():
                found[day] = f"{found[day]} {text}" if day in found else text
        if broken:
            raise DatasetError(f"{self.label} cannot be read", broken)
        return dict(sorted(found.items()))

    def read(self, dates: Collection[date] | None) -> Read:
        """The stocks of those sessions.

        Raises:
            DatasetError: a file cannot be read and its name tells no day.
        """
        rows: list[Rows] = []
        findings: list[Finding] = []
        broken: list[Problem] = []
        holders: dict[date, list[str]] = defaultdict(list)
        for path, file in self._files.items():
            if dates is not None and not self._concerned(path, dates):
                continue
            try:
                listing = read_listing(path, file, self._layout, dates)
            except DatasetError as error:
                named = day_in_name(path.name)
                if named is None:
                    broken += error.problems
                else:
                    findings += [Finding(named, problem) for problem in error.problems]
                continue
            rows.append(listing.rows)
            findings += listing.findings
            for stamp in listing.rows.frame[SESSION].unique():
                holders[pd.Timestamp(stamp).date()].append(file)
        if broken:
            raise DatasetError(f"{self.label} cannot be read", broken)
        twice = {day: files for day, files in sorted(holders.items()) if len(files) > 1}
        findings += [Finding(day, _held_twice(files)) for day, files in twice.items()]
        return Read(rows=_joined(rows, twice), findings=tuple(findings))

    def _concerned(self, path: Path, dates: Collection[date]) -> bool:
        """Whether a file may hold one of the days: by its name, or by what its last reading found."""
        named = day_in_name(path.name)
        if named is not None:
            return named in dates
        days = self._digests.days(path, key=self._layout)
        return days is None or not days.isdisjoint(dates)

    def _hashed(self, path: Path) -> dict[date, str]:
        frame = read_listing(path, self._files[path], self._layout, None).rows.frame
        return frame_digests(frame.drop(columns=[ROW, FILE]), SESSION)


def _held_twice(files: list[str]) -> Problem:
    return Problem(
        file=files[1],
        message=f"holds a session that {files[0]} holds as well",
        expected="each session in one file of the pattern",
        remedy="Remove one of the two, or make them two sources: the first in the configuration wins",
    )


def _joined(rows: list[Rows], twice: Collection[date]) -> tuple[Rows, ...]:
    """One table out of the files with lines, one out of those without; sessions held twice are left out."""
    joined = []
    for numbering in ("line", "key"):
        parts = [part for part in rows if part.numbering == numbering]
        if not parts:
            continue
        files = tuple(file for part in parts for file in part.files)
        frames = [part.frame.assign(**{FILE: place}) for place, part in enumerate(parts)]
        frame = frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)
        if twice:
            frame = frame[~frame[SESSION].isin(pd.to_datetime(sorted(twice)))].reset_index(drop=True)
        joined.append(replace(parts[0], frame=frame, files=files))
    return tuple(joined)
