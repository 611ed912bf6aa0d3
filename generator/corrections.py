"""A post's dated corrections: as front matter keeps them, and as facts that a note is told from.

An entry with `figures` is ours: the post's own text shows it. One with a note only is a person's, which page
and feeds show above the text; ours to keep once `marketpost correct` has run on the post.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, get_args

from generator import front_matter
from generator.errors import PostError, Problem
from generator.figures import Cell, Figure, Unit, text
from generator.markdown import escape, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from generator.figures import Numerals, Value

KEY = "corrections"
"""Of front matter."""
OF_A_NOTE = "correction."
"""What ids of figures begin with that notes show: they are of the past, and stay."""
MOST = 12
"""Figures that an entry keeps."""
NAMED = 6
"""Figures that a note names."""
MAX_NOTE = 600
"""Characters of a person's note."""

_MAX_TEXT = 200
_MAX_PRECISION = 8
_MAX_VALUE = 1e18
"""More than any amount of a market's; a number of more digits could not be rounded exactly."""
_UNITS: tuple[Unit, ...] = get_args(Unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """A figure that readers saw otherwise than the data has it now."""

    figure: str
    """Its id in the post."""
    of: str = ""
    """What it is of, a name of the data's: KOSPI, Samsung Electronics."""
    was: Figure
    now: Figure | None
    """None where the data no longer has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One dated correction of a post."""

    date: dt.date
    """A time with zone; a person may have written a day."""
    file: str = ""
    """The post's, which keeps it."""
    figures: tuple[Corrected, ...] = ()
    """The most important ones, most important first."""
    more: int = 0
    """Further figures that changed with them."""
    note: str = ""
    """A person's words: any text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFacts:
    """A figure in a note; `now` is None where it is withdrawn."""

    kind: str
    """What it is, see `KINDS`."""
    of: str
    part: str
    """Which of its kind: the investor, the side of the market's breadth, open, high or low."""
    day: Figure | None
    """Of a week's figure that is one day's."""
    was: Figure
    now: Figure | None
    alike: bool
    """Without signs and under the scale of sentences, both are the same text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionFacts:
    """A correction that the post's text shows."""

    day: Figure
    changed: tuple[ChangeFacts, ...]
    withdrawn: tuple[ChangeFacts, ...]
    more: Figure | None
    """Figures beside those; None without any."""
    note: str
    """A person's words as Markdown that shows exactly them."""
    again: bool
    """A later correction is about a figure of this one, too."""


_INDEX, _DAY = r"(?P<index>[^.]+)", r"(?P<day>\d{4}-\d\d-\d\d)"
_WHO = r"(?P<part>foreign|institution|retail)"

KINDS: Mapping[str, re.Pattern[str]] = {
    kind: re.compile(pattern)
    for kind, pattern in {
        "close": rf"{_INDEX}\.close",
        "change": rf"{_INDEX}\.change",
        "week_change": rf"{_INDEX}\.week\.change",
        "net": rf"flow\.{_INDEX}\.{_WHO}",
        "week_net": rf"flow\.{_INDEX}\.{_WHO}\.week",
        "breadth": rf"breadth\.(?:{_INDEX}\.)?(?P<part>advancers|decliners|unchanged|listed)",
        "day_close": rf"{_INDEX}\.{_DAY}\.close",
        "day_change": rf"{_INDEX}\.{_DAY}\.change",
        "stock_close": r"(?P<owner>stock\.\w+)\.close",
        "stock_change": r"(?P<owner>stock\.\w+)\.change",
        "stock_net": r"(?P<owner>stock\.\w+)\.(?P<part>foreign|institution|retail|foreign_institution)",
        "macro_value": r"(?P<owner>macro\.\d+)\.value",
        "macro_change": r"(?P<owner>macro\.\d+)\.change",
        "level": rf"{_INDEX}\.(?P<part>open|high|low)",
        "turnover": rf"{_INDEX}\.turnover",
        "sector_change": r"(?P<owner>sector\.(?!.+\.week\.).+)\.change",
    }.items()
}
"""The figures that a note can name, most important first, by their ids. The templates have words for each."""
_RANKS = {kind: rank for rank, kind in enumerate(KINDS)}


def kind_of(figure: str) -> tuple[str, Mapping[str, str]] | None:
    """The kind of a figure by its id, and the parts of the id; None of one that notes only count."""
    found = ((kind, pattern.fullmatch(figure)) for kind, pattern in KINDS.items())
    return next(
        (
            (kind, {name: part or "" for name, part in match.groupdict().items()})
            for kind, match in found
            if match
        ),
        None,
    )


def correction(figures: Sequence[Corrected], *, date: dt.datetime, note: str = "") -> Correction:
    """An entry for these figures: it keeps the most important that can be named, and counts the rest."""
    ranks = {each.figure: _RANKS[named[0]] for each in figures if (named := _named(each))}
    kept = sorted((each for each in figures if each.figure in ranks), key=lambda each: ranks[each.figure])
    return Correction(
        date=date,
        figures=tuple(kept[:MOST]),
        more=len(figures) - len(kept[:MOST]),
        note=printable(note),
    )


def _named(corrected: Corrected) -> tuple[str, Mapping[str, str]] | None:
    """Its kind and the parts of its id, if a note can name it.

    It must be known what it is of; only the whole market's breadth is of nothing.
    """
    found = kind_of(corrected.figure)
    if found is None or corrected.was.unit in ("date", "time"):
        return None
    has_owner = found[1].get("index") or found[1].get("owner")
    return found if corrected.of or not has_owner else None


def moment(day: dt.date, zone: dt.tzinfo | None) -> dt.datetime:
    """The moment of a correction: a day's is its first."""
    if isinstance(day, dt.datetime):
        return day if day.tzinfo else day.replace(tzinfo=zone)
    return dt.datetime.combine(day, dt.time(), zone)


def newest_first(corrections: Iterable[Correction], zone: dt.tzinfo | None) -> tuple[Correction, ...]:
    """In the order in which readers look for them: what a post says now, then what it said before."""
    return tuple(sorted(corrections, key=lambda each: moment(each.date, zone), reverse=True))


# Front matter


def stated(corrections: Iterable[Correction]) -> list[dict[str, Any]]:
    """Corrections as front matter keeps them."""
    return [
        {
            "date": each.date,
            "figures": [_figure(one) for one in each.figures],
            **({"more": each.more} if each.more else {}),
            **({"note": each.note} if each.note else {}),
        }
        for each in corrections
    ]


def _figure(corrected: Corrected) -> dict[str, Any]:
    was, now = corrected.was, corrected.now
    return {
        "figure": corrected.figure,
        **({"of": corrected.of} if corrected.of else {}),
        "was": _plain(was.value),
        **({"now": _plain(now.value)} if now else {}),
        "unit": was.unit,
        "precision": max(each.precision for each in (was, now) if each),
    }


def _plain(value: Value) -> Value | str:
    """A value as YAML has it: a number of a frame's is its kind of float."""
    if isinstance(value, dt.time):
        return value.isoformat()
    if isinstance(value, dt.date):
        return value
    return int(value) if isinstance(value, int) else float(value)


def recorded(front: Mapping[str, Any], *, file: str, source: str = "") -> tuple[Correction, ...]:
    """The corrections of a post that its own text shows, in their order.

    Args:
        front: the post's front matter.
        file: the post's, as messages call it; the figures have it for their source.
        source: the file's text, to name lines.

    Raises:
        PostError: an entry with figures that is not as we write it.
    """
    entries = [each for each in _entries(front) if isinstance(each, dict) and "figures" in each]
    return _read(entries, file, source)


def everyones(front: Mapping[str, Any], *, file: str, source: str = "") -> tuple[Correction, ...]:
    """All corrections of a post, those that a person wrote, too. Otherwise as `recorded`.

    Raises:
        PostError: an entry that is no correction.
    """
    return _read(_entries(front), file, source)


def _entries(front: Mapping[str, Any]) -> list[Any]:
    value = front.get(KEY)
    return value if isinstance(value, list) else [] if value is None else [value]


def _read(entries: Iterable[Any], file: str, source: str) -> tuple[Correction, ...]:
    found: list[Correction] = []
    problems: list[Problem] = []
    for number, each in enumerate(entries, start=1):
        try:
            found.append(_entry(each, file))
        except ValueError as error:
            problems.append(
                Problem(
                    file=file,
                    line=front_matter.line_of_key(KEY, source) if source else None,
                    column=f"{KEY}, entry {number}",
                    message=str(error),
                    expected="{date: 2026-05-20, note: what was wrong}, or what `marketpost correct` wrote",
                    remedy="Mend it, or take it out, and run this again",
                )
            )
    if problems:
        raise PostError(f"{file}: its front matter has a correction that cannot be read", problems)
    return tuple(found)


def _entry(entry: Any, file: str) -> Correction:
    if not isinstance(entry, dict) or not isinstance(entry.get("date"), dt.date):
        raise ValueError("has no date")  # noqa: TRY004 - the file's fault, not a caller's
    day: dt.date = entry["date"]
    note, more, figures = entry.get("note", ""), entry.get("more", 0), entry.get("figures", [])
    if not isinstance(note, str) or ("figures" not in entry and not note.strip()):
        raise ValueError("has neither a note nor figures")
    if type(more) is not int or more < 0 or not isinstance(figures, list):
        raise ValueError("has figures that are no list, or a count that is none")
    row = f"{KEY}, {day.isoformat()}"
    return Correction(
        date=day,
        file=file,
        figures=tuple(_corrected(each, file, row) for each in figures),
        more=more,
        note=printable(note),
    )


def _corrected(entry: Any, file: str, row: str) -> Corrected:
    if not isinstance(entry, dict):
        raise ValueError("has a figure that is none")  # noqa: TRY004 - as above
    name, of, unit = entry.get("figure"), entry.get("of", ""), entry.get("unit")
    precision = entry.get("precision")
    known = next((each for each in _UNITS if each == unit), None)
    is_named = isinstance(name, str) and 0 < len(name) <= _MAX_TEXT
    if not (is_named and isinstance(of, str) and len(of) <= _MAX_TEXT and known):
        raise ValueError("has a figure without its name or unit")
    if type(precision) is not int or not 0 <= precision <= _MAX_PRECISION:
        raise ValueError(f"has a figure, {name}, without its precision")

    def figure(which: str) -> Figure:
        value = _value(entry.get(which), known)
        if value is None:
            raise ValueError(f"has a figure, {name}, that {which} no {unit}")
        return Figure(f"{name}.{which}", value, known, Cell(file, row, f"{name} {which}"), precision)

    now = figure("now") if "now" in entry else None
    return Corrected(figure=str(name), of=printable(of), was=figure("was"), now=now)


def _value(value: Any, unit: str) -> Value | None:
    """A value of a unit; None if it is none."""
    if unit == "date":
        return value if isinstance(value, dt.date) and not isinstance(value, dt.datetime) else None
    if unit == "time":
        try:
            return dt.time.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            return None
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value if is_number and math.isfinite(value) and abs(value) < _MAX_VALUE else None


def aligned(current: str, base: str) -> str:
    """The file of a post with the corrections that `base` has.

    For an edited post whose corrections are made anew, a person's among them: an edit of the list and the new
    list would be in each other's way.
    """
    mine, theirs = _block(current), _block(base)
    if mine is None or (theirs and current[slice(*mine)] == base[slice(*theirs)]):
        return current
    instead = base[slice(*theirs)] if theirs else ""
    return f"{current[: mine[0]]}{instead}{current[mine[1] :]}"


def _block(source: str) -> tuple[int, int] | None:
    """Where the lines of the key stand in a file, its entries included."""
    span = front_matter.span(source)
    found = re.search(rf"^{KEY}[ \t]*:", source[: span[1]], re.MULTILINE) if span else None
    if span is None or found is None:
        return None
    # What follows a key and belongs to it is indented, or an item of a list; comments at its end do not.
    end = source.find("\n", found.end()) + 1
    for line in source[end : span[1]].splitlines(keepends=True):
        if re.match(r"[ \t]+\S|-[ \t\r\n]", line):
            end = source.index(line, end) + len(line)
        elif line.strip() and not line.startswith("#"):
            break
    return found.start(), end


# A note


def noted(corrections: Sequence[Correction], numerals: Numerals) -> tuple[CorrectionFacts, ...]:
    """What a post's text says of its corrections, in their order: newest first."""
    facts: list[CorrectionFacts] = []
    later: set[str] = set()
    for number, each in zip(range(len(corrections), 0, -1), corrections, strict=True):
        facts.append(_facts(each, numerals, number, later))
        later |= {one.figure for one in each.figures}
    return tuple(facts)


def _facts(each: Correction, numerals: Numerals, number: int, later: set[str]) -> CorrectionFacts:
    """Of the `number`-th correction, counted from the oldest; `later` are the figures of the newer ones."""
    key = f"{OF_A_NOTE}{number}"
    named = list(_changes(each, numerals, key))[:NAMED]
    rest = each.more + len(each.figures) - len(named)
    row = f"{KEY}, {each.date.isoformat()}"
    day = each.date.date() if isinstance(each.date, dt.datetime) else each.date
    return CorrectionFacts(
        day=Figure(f"{key}.date", day, "date", Cell(each.file, row, "date")),
        changed=tuple(one for one in named if one.now),
        withdrawn=tuple(one for one in named if not one.now),
        more=Figure(f"{key}.more", rest, "number", Cell(each.file, row, "figures"), 0) if rest else None,
        note=escape(each.note),
        again=any(one.figure in later for one in each.figures),
    )


def _changes(each: Correction, numerals: Numerals, key: str) -> Iterator[ChangeFacts]:
    for one in each.figures:
        named = _named(one)
        if named is None:
            continue
        kind, parts = named
        was = replace(one.was, id=f"{key}.{one.was.id}")
        now = replace(one.now, id=f"{key}.{one.now.id}") if one.now else None
        day = dt.date.fromisoformat(parts["day"]) if parts.get("day") else None
        yield ChangeFacts(
            kind=kind,
            of=one.of,
            part=parts.get("part", ""),
            day=Figure(f"{key}.{one.figure}.day", day, "date", was.source) if day else None,
            was=was,
            now=now,
            alike=now is not None and text(was, numerals, "size") == text(now, numerals, "size"),
        )
