"""Records and comparisons: each computed from the history, or not said."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from generator.figures import Figure, Formula
from generator.metrics.index_metrics import INDICES
from generator.story.cells import computed
from generator.story.facts import ExtremeFacts
from generator.story.markets import DAYS_WORTH_TELLING, NOTICEABLE, STREAK_WORTH_TELLING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from generator.figures import Unit
    from generator.metrics.measures import Measures
    from generator.precedents import Past, Times
    from generator.story.facts import IndexFacts, Strength

YEAR = 250
"""Sessions that make a history: among fewer a rank says little."""

_EXTREME, _STRONG, _SLIGHT = 0.01, 0.08, 0.60
"""Shares of the sessions so far with a move at least as large, up or down, at which a move is called so."""
_EXTREME_MOVE, _STRONG_MOVE, _SLIGHT_MOVE = 4.0, 2.0, 0.5
"""The same in %, where there is no history: about what the KOSPI's shares are since 2010."""

LOWEST_RANK = 50
"""Of moves in one direction; those behind are not rare in any history."""
_REPEATED = 2
"""From the second time in a year on it is worth counting."""
_LARGE = (5.0, 3.0, 2.0)
"""Moves, in %, that are counted within a year."""

EXTREMES: Mapping[str, str] = MappingProxyType(
    {
        "advancers_share": "both",
        "decliners_share": "both",
        "median_change_pct": "both",
        "sector_spread_pp": "high",
        "sector_best_pct": "high",
        "sector_worst_pct": "low",
        "limit_up": "high",
        "limit_down": "high",
        "new_highs_52w": "high",
        "new_lows_52w": "high",
        "value_traded_ratio_20": "both",
        "kosdaq_value_traded_ratio_20": "both",
        "kospi_range_pct": "high",
        "kosdaq_range_pct": "high",
        "kosdaq_minus_kospi_pp": "both",
        "cap_minus_median_pp": "both",
        "adr20": "both",
    }
)
"""Measures whose end a sentence can tell of, and which ends. Shares of a contribution are none: on a small
move they are large without meaning anything. Nor is concentration, which drifts one way for years."""
_RANKS, _RANKS_OF_FEW = 3, 1
"""The places told, in a history of a year and in a shorter one."""
_FEWEST = 20


def with_records(index: IndexFacts, measures: Measures, past: Past | None) -> IndexFacts:
    """The index with its records, ranks and counts.

    Without a history it has only what its own row and the metrics tell: the size of the move in words by
    fixed bounds, its high, and the dates.
    """
    key = index.name.lower()
    high_change, fade = _high(index, key)
    index = replace(
        index,
        strength=_strength(index, None),
        high_change=high_change,
        fade=fade,
        highest_since=None if index.record else _since(f"{key}_highest_since", measures),
        lowest_since=_since(f"{key}_lowest_since", measures),
    )
    change = measures.values.get(f"{key}_change_pct")
    if key not in INDICES or change is None or index.change is None:
        return index
    rose = index.change.sign >= 0
    ever = measures.values.get(f"{key}_largest_{'rise' if rose else 'fall'}_ever") == 1
    index = replace(index, largest_ever=ever)
    if past is None:
        return index
    size = f"{key}_change_pct >= {abs(change)!r} or {key}_change_pct <= {-abs(change)!r}"
    rank, among, first = _rank(key, change, measures, past, ever=ever)
    bound, count = _large_moves(key, change, past)
    return replace(
        index,
        strength=_strength(index, past.times(size)),
        rank=rank,
        rank_among=among,
        rank_first=first,
        ended_streak=_ended(key, change, past),
        large_move=bound,
        large_moves_this_year=count,
        records_this_year=_repeated(f"{key}.records_this_year", f"{key}_all_time_high == 1", past)
        if index.record
        else None,
    )


def _strength(index: IndexFacts, times: Times | None) -> Strength:
    """The move against those so far, or by fixed bounds."""
    if index.change is None:
        return "plain"
    if times is None or times.among < YEAR:
        size = abs(index.change.number)
        if size < _SLIGHT_MOVE:
            return "slight"
        return "extreme" if size >= _EXTREME_MOVE else "strong" if size >= _STRONG_MOVE else "plain"
    share = times.count / times.among
    if share >= _SLIGHT:
        return "slight"
    return "extreme" if share <= _EXTREME else "strong" if share <= _STRONG else "plain"


def _high(index: IndexFacts, key: str) -> tuple[Figure | None, Figure | None]:
    """The high against the previous close, and what was given back of a gain that was worth noticing."""
    if index.high is None or index.previous is None or not index.previous.number:
        return None, None
    rise = (index.high.number / index.previous.number - 1) * 100
    high = computed(
        f"{key}.high_change", rise, "%", f"{key}.high ÷ {key}.previous − 1", index.high, index.previous
    )
    if index.change is None or rise < NOTICEABLE or rise - index.change.number < NOTICEABLE:
        return high, None
    lost = rise - index.change.number
    return high, computed(f"{key}.fade", lost, "pp", "high change − change", high, index.change)


def _since(metric: str, measures: Measures) -> Figure | None:
    """The date of a metric; None where that is not long ago."""
    day = measures.dates.get(metric)
    if day is None or (measures.day - day).days < DAYS_WORTH_TELLING:
        return None
    prefix, name = metric.split("_", 1)
    return Figure(f"{prefix}.{name}", day, "date", Formula(f"metric {metric}"))


def _rank(
    key: str, change: float, measures: Measures, past: Past, *, ever: bool
) -> tuple[Figure | None, Figure | None, Figure | None]:
    """The place of the move; of equal ones all count as before it, so no place is claimed that is shared.

    Only where the history is known without a gap, so that "since its first day" is true.
    """
    metric = f"{key}_change_pct"
    if not change or f"{key}_from_high_pct" not in measures.values:
        return None, None, None
    rule = f"{metric} >= {change!r}" if change > 0 else f"{metric} <= {change!r}"
    times = past.times(rule)
    if times is None or times.among < YEAR or times.count > LOWEST_RANK or (times.count == 1) != ever:
        return None, None, None
    return (
        _told(f"{key}.rank", times.count, "number", rule),
        _told(f"{key}.rank_among", times.among, "sessions", rule),
        _told(f"{key}.rank_first", times.first, "date", rule),
    )


def _large_moves(key: str, change: float, past: Past) -> tuple[Figure | None, Figure | None]:
    """The largest bound that the move reaches, and how often it was reached this year in this direction."""
    bound = next((each for each in _LARGE if abs(change) >= each), None)
    if bound is None:
        return None, None
    rule = f"{key}_change_pct >= {bound!r}" if change > 0 else f"{key}_change_pct <= {-bound!r}"
    count = _repeated(f"{key}.large_moves_this_year", rule, past)
    if count is None:
        return None, None
    return Figure(f"{key}.large_move", bound, "%", Formula("bound of a large move"), 0), count


def ended_streak(key: str, change: float, past: Past, *, fewest: int) -> int | None:
    """How many sessions in a row an index moved the other way before today's move; None if fewer.

    `key` is the prefix of its metrics.
    """
    streak = f"{key}_{'down' if change > 0 else 'up'}_streak"
    if not change or past.day <= past.calendar.sessions[0]:
        return None
    before = past.calendar.previous(past.day)
    length = fewest
    while (times := past.times(f"{streak} >= {length}")) and times.last == before:
        length += 1
    return length - 1 if length > fewest else None


def _ended(key: str, change: float, past: Past) -> Figure | None:
    length = ended_streak(key, change, past, fewest=STREAK_WORTH_TELLING)
    if length is None:
        return None
    way = "down" if change > 0 else "up"
    return Figure(
        f"{key}.ended_streak", length, "sessions", Formula(f"{key}_{way}_streak of the session before"), 0
    )


def _repeated(name: str, rule: str, past: Past) -> Figure | None:
    times = past.times(rule)
    if times is None or times.this_year is None or times.this_year < _REPEATED:
        return None
    return Figure(name, times.this_year, "sessions", Formula(f"sessions of the year with {rule}"), 0)


def _told(name: str, value: int | date, unit: Unit, rule: str) -> Figure:
    meaning = {"number": "sessions so far with", "date": "first session that tells of"}
    return Figure(name, value, unit, Formula(f"{meaning.get(unit, 'sessions that tell of')} {rule}"), 0)


def extremes_of(measures: Measures, past: Past) -> Mapping[str, ExtremeFacts]:
    """The measures that are near an end of their own history, by metric.

    Of a history of a year the three highest and lowest, of a shorter one (from twenty sessions on) only the
    highest and the lowest. A value that came before is no extreme.
    """
    found: dict[str, ExtremeFacts] = {}
    for metric, ends in EXTREMES.items():
        value, count = measures.values.get(metric), measures.counts.get(metric, 0)
        if value is None or count < _FEWEST:
            continue
        for end in ("high", "low"):
            if ends in (end, "both") and (facts := _extreme(metric, value, past, high=end == "high")):
                found[metric] = facts
    return found


def _extreme(metric: str, value: float, past: Past, *, high: bool) -> ExtremeFacts | None:
    rule = f"{metric} {'>=' if high else '<='} {value!r}"
    times = past.times(rule)
    if times is None or times.among < _FEWEST:
        return None
    if times.count > (_RANKS if times.among >= YEAR else _RANKS_OF_FEW):
        return None
    beyond = past.times(f"{metric} {'>' if high else '<'} {value!r}")
    if beyond is None or beyond.count + 1 != times.count:
        return None
    name = f"{metric}.{'high' if high else 'low'}"
    return ExtremeFacts(
        rank=_told(f"{name}.rank", times.count, "number", rule),
        high=high,
        among=_told(f"{name}.among", times.among, "sessions", rule),
        first=_told(f"{name}.first", times.first, "date", rule),
    )
