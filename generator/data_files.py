"""Hugo's data files: what the layouts show and no page's own file says.

    data/marketpost/aftermath/<language>/<yyyy-mm>.json    what became of the sessions of a month
    data/marketpost/lists/<language>.json                  what the lists hold that pages ask for

A month's file stays as it is once the last of its sessions has what follows it. Each number is a figure: its
text, its value, and under `figures` the unit and the formula, by its id.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator import lists, score
from generator.aftermath import aftermaths
from generator.errors import Problem
from generator.figures import text, traced
from generator.files import PlannedFile
from generator.goldmark.shortcodes import called, uses
from generator.library.library import ListUse
from generator.library.places import places
from generator.library.reading import LISTS
from generator.metrics.track import MAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from generator.aftermath import Aftermath
    from generator.figures import Figure, Numerals
    from generator.library import Entry, Library
    from generator.lists import Query, Row
    from generator.metrics.track import Track
    from generator.tags.registry import Registry

FOLDER = "data/marketpost"
MARK = b"marketpost"
"""What our shortcodes hold; one of the same name without it is the blog's own, and no business of ours."""

_OURS = (("aftermath/*/*.json", re.compile(r"\d{4}-\d{2}\.json")), ("lists/*.json", re.compile(r".+\.json")))


@dataclass(frozen=True, slots=True, kw_only=True)
class DataPlan:
    """The data files that change, before anything is written."""

    files: tuple[PlannedFile, ...] = ()
    same: tuple[Path, ...] = ()
    """Those that are as they should be."""
    stale: tuple[Path, ...] = ()
    """Those that nothing stands in any more."""
    problems: tuple[Problem, ...] = ()
    """Of the calls in pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What all data files are made of, beside the posts."""

    root: Path
    """The blog's folder."""
    track: Track
    registry: Registry
    numerals: Numerals
    """Levels and per cent are written alike in all languages, and days by Hugo, so these do for all."""
    series: str
    """Of the daily posts."""
    holds: Callable[[str], Collection[date]]
    """The sessions for which a rule holds."""


def plan_data(
    basis: Basis, libraries: Sequence[Library], planned: Mapping[str, tuple[str, str]] | None = None
) -> DataPlan:
    """The data files of all languages.

    Args:
        basis: what they are made of.
        libraries: the posts by language.
        planned: pages that are about to be written, by path from the blog's folder: language and text.
    """
    wanted: dict[Path, bytes] = {}
    problems: list[Problem] = []
    ours = frozenset(name for name in LISTS if _is_ours(basis.root, name))
    for library in libraries:
        shelf = _Shelf(basis, library)
        folder = basis.root / FOLDER
        for month, content in shelf.months().items():
            wanted[folder / "aftermath" / library.language / f"{month}.json"] = content
        found, wrong = shelf.lists(_asked(library, planned or {}), ours)
        problems += wrong
        if found:
            wanted[folder / "lists" / f"{library.language}.json"] = found
    files = (PlannedFile(path, content) for path, content in wanted.items())
    changed = {file.path: file for file in files if file.state != "same"}
    return DataPlan(
        files=tuple(changed.values()),
        same=tuple(path for path in wanted if path not in changed),
        stale=tuple(path for path in _present(basis.root / FOLDER) if path not in wanted),
        problems=tuple(dict.fromkeys(problems)),
    )


def _present(folder: Path) -> Iterable[Path]:
    for pattern, name in _OURS:
        yield from (path for path in sorted(folder.glob(pattern)) if name.fullmatch(path.name))


def _is_ours(root: Path, name: str) -> bool:
    """Whether the blog's shortcode of that name is the one we ship."""
    for folder in ("_shortcodes", "shortcodes"):
        path = root / "layouts" / folder / f"{name}.html"
        if path.is_file():
            return MARK in path.read_bytes()
    return False


def _asked(library: Library, planned: Mapping[str, tuple[str, str]]) -> list[ListUse]:
    """The lists that pages ask for, as they will be once what is planned is written."""
    asked = [each for each in library.lists if each.file not in planned]
    for file, (language, content) in planned.items():
        if language == library.language:
            asked += (ListUse(file, use) for use in uses(content, LISTS))
    return asked


class _Shelf:
    """Makes the files of one language."""

    def __init__(self, basis: Basis, library: Library) -> None:
        self._basis, self._library = basis, library
        self._figures: dict[str, dict[str, Any]] = {}
        """What those shown so far are and come from."""
        self._posts: dict[str, dict[str, str]] = {}
        """Those shown so far, by file."""

    def months(self) -> Mapping[str, bytes]:
        """What became of the sessions, a file a month."""
        basis = self._basis
        answers, _ = score.answers_of(self._library, basis.series, shown=str)
        found = aftermaths(self._library, basis.track, answers, series=basis.series)
        by_month: dict[str, dict[str, Aftermath]] = {}
        for day, each in found.items():
            by_month.setdefault(f"{day:%Y-%m}", {})[day.isoformat()] = each
        return {
            month: self._document("sessions", {day: _json(self._aftermath(each)) for day, each in of.items()})
            for month, of in by_month.items()
        }

    def lists(self, asked: Iterable[ListUse], ours: Collection[str]) -> tuple[bytes, list[Problem]]:
        """What the lists hold, and what is wrong with calls; empty if none is asked for."""
        basis = self._basis
        problems: list[Problem] = []
        made: dict[str, str] = {}
        for each in asked:
            try:
                call = called(each.use)
                if call.name not in ours:
                    continue
                query = lists.query_of(call)
            except (ValueError, lists.WrongCallError) as error:
                problems.append(_wrong(each, error))
                continue
            problems += (_unknown(each, *one) for one in lists.unknown(query, self._library, basis.registry))
            key = lists.key_of(call)
            if key not in made:
                rows = lists.rows_of(
                    query,
                    self._library,
                    basis.track,
                    basis.registry,
                    series=basis.series,
                    holds=basis.holds,
                )
                shown = ",\n".join(f"   {_json(self._row(query, row))}" for row in rows)
                end = f"\n{shown}\n  " if shown else ""
                made[key] = f'{{"every": {_json(query.everything)}, "rows": [{end}]}}'
        return self._document("lists", dict(sorted(made.items()))) if made else b"", problems

    def _document(self, name: str, entries: Mapping[str, str]) -> bytes:
        """A file of entries in JSON, a line each, so that its differences can be read."""
        head = {"index": MAIN, "figures": dict(sorted(self._figures.items()))}
        self._figures = {}
        lines = ",\n".join(f"  {_json(key)}: {each}" for key, each in entries.items())
        top = "".join(f" {_json(key)}: {_json(value)},\n" for key, value in head.items())
        return f"{{\n{top} {_json(name)}: {{\n{lines}\n }}\n}}\n".encode()

    def _aftermath(self, found: Aftermath) -> dict[str, Any]:
        made: dict[str, Any] = {}
        if found.next:
            made["next"] = {
                "session": found.next.session.isoformat(),
                **self._shown(close=found.next.close, change=found.next.change),
                **({"post": self._post(found.next.post)} if found.next.post else {}),
            }
        if found.later:
            made["later"] = [
                {
                    "sessions": each.sessions,
                    "session": each.session.isoformat(),
                    **self._shown(close=each.close, change=each.change),
                }
                for each in found.later
            ]
        if found.answers:
            made["checks"] = [
                {"question": answer.question, "outcome": answer.outcome, "post": self._post(entry)}
                for answer, entry in found.answers
            ]
        return made

    def _row(self, query: Query, row: Row) -> dict[str, Any]:
        post = {"post": self._post(row.entry)} if row.entry else {}
        if query.kind == "posts" or row.session is None:
            return post
        track = self._basis.track
        return {
            "session": row.session.isoformat(),
            **({"open": True} if row.session in track.open else {}),
            **self._shown(close=track.close(row.session), change=track.change(row.session)),
            **post,
        }

    def _shown(self, **named: Figure | None) -> dict[str, Any]:
        """Figures as the layouts show them; one that is missing is left out."""
        made: dict[str, Any] = {}
        for name, figure in named.items():
            if figure is not None:
                if figure.id not in self._figures:
                    self._figures[figure.id] = traced(figure)
                shown = text(figure, self._basis.numerals)
                made[name] = {"figure": figure.id, "text": shown, "value": figure.value}
        return made

    def _post(self, entry: Entry) -> dict[str, str]:
        """A post, for layouts to look up as `page`: only then they know whether it is on the site."""
        file = entry.file or entry.path.relative_to(self._basis.root).as_posix()
        if file not in self._posts:
            place = places([file], self._library.site).get(file)
            self._posts[file] = {
                "title": entry.post.title,
                "address": entry.post.address,
                "page": f"/{place.path}" if place else entry.post.address,
            }
        return self._posts[file]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _wrong(asked: ListUse, error: ValueError | lists.WrongCallError) -> Problem:
    told = error if isinstance(error, lists.WrongCallError) else lists.WrongCallError("", str(error))
    return Problem(
        file=asked.file,
        line=asked.use.line,
        column=told.parameter,
        message=str(error),
        found=told.found,
        expected=told.expected,
        remedy="Correct it; until then the page shows no list",
    )


def _unknown(asked: ListUse, name: str, value: str, near: str) -> Problem:
    return Problem(
        file=asked.file,
        line=asked.use.line,
        column=name,
        message="is what no post has, so it adds nothing to the list",
        found=value,
        expected=near,
        fatal=False,
    )
