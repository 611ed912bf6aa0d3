"""Past sessions like a post's own, found again from its words and the raw market, with what followed."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from statistics import median
from typing import TYPE_CHECKING

from claim_cases import count_of
from raw_market import A_YEAR

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from post_text import Reading
    from raw_market import Bar, Market

_CLAUSE = re.compile(
    r"(?:the )?(?P<index>KOSPI|KOSDAQ)? ?(?:"
    r"(?P<record>closed at a record)"
    r"|had (?P<run>risen|fallen) at least (?P<run_n>\w+) sessions in a row"
    r"|opened (?:at least (?P<gap_n>[\d.]+)% )?(?P<gap>lower|higher)"
    r"|was at least (?P<reach_n>[\d.]+)% (?P<reach>up|down) during the session"
    r"|(?P<move>rose|fell)(?: at least (?P<move_n>[\d.]+)%)?"
    r")|more stocks (?P<more>rose|fell) than (?:rose|fell)"
)

_TELLS = re.compile(
    r"on which (.*?)(?:\.(?= |\n|$)|, too many| are common|, "
    r"the latest|, on [A-Z]| was [A-Z]|, until| are |$)"
    r"|since \w+ \d{4}, (.*?)\.(?= |\n)|The yardstick: "
    r"(.*?)\.(?= )|w(?:as|ere) like [A-Z]\w+ \d+: (.*?)\.(?= )"
)
_SECTION = re.compile(
    r"earlier sessions?|every session since|are common: |before "
    r"this one on which|The yardstick|first session since"
    r"|no session on which"
)


def definition(post: Reading) -> str:
    """What the post says that sessions like its own have in common; "" where it says nothing."""
    for section in re.split(r"^## ", post.body, flags=re.MULTILINE):
        found = _TELLS.search(section) if _SECTION.search(section) else None
        if found:
            return next((group for group in found.groups() if group), "")
    return ""


def holds(text: str, market: Market, day: date) -> bool | None:
    """Whether a day is as a definition says; None where the files cannot tell."""
    results, subject = [], "KOSPI"
    for clause in _CLAUSE.finditer(text):
        subject = clause["index"] or subject
        results.append(_clause_holds(market, day, subject, clause.groupdict()))
    return None if None in results else all(results)


def _clause_holds(market: Market, day: date, name: str, words: Mapping[str, str | None]) -> bool | None:
    place = _places(market, name).get(day)
    bars = market.indices[name]
    if place is None or bars[place].change is None:
        return None
    if words["record"]:
        return _records(market, name)[place]
    if words["run"]:
        return _ran(bars, place, count_of(words["run_n"]), up=words["run"] == "risen")
    if words["more"]:
        counts = market.counts(day)
        return (
            None
            if counts is None
            else (counts["advancers"] > counts["decliners"]) == (words["more"] == "rose")
        )
    moved = _moved(bars, place, words)
    if moved is None:
        return None
    bound = float(words["move_n"] or words["gap_n"] or words["reach_n"] or 0)
    return moved >= bound if bound else moved > 0


def _moved(bars: tuple[Bar, ...], place: int, words: Mapping[str, str | None]) -> float | None:
    """The move a clause speaks of in %, in the direction it speaks of."""
    bar = bars[place]
    if words["move"]:
        return bar.change if words["move"] == "rose" else -bar.change
    level = bar.open if words["gap"] else bar.low if words["reach"] == "down" else bar.high
    if not level or not place:
        return None
    moved = (level / bars[place - 1].close - 1) * 100
    return -moved if (words["gap"] or words["reach"]) in ("lower", "down") else moved


def _ran(bars: tuple[Bar, ...], place: int, count: int, *, up: bool) -> bool:
    run = bars[max(0, place - count + 1) : place + 1]
    return len(run) == count and all(b.change is not None and b.change * (1 if up else -1) > 0 for b in run)


@lru_cache
def _places(market: Market, name: str) -> Mapping[date, int]:
    return {bar.day: at for at, bar in enumerate(market.indices[name])}


@lru_cache
def _records(market: Market, name: str) -> list[bool | None]:
    """By place: the close is above all before; within the first year that cannot be told."""
    found: list[bool | None] = []
    highest = 0.0
    for at, bar in enumerate(market.indices[name]):
        found.append(False if bar.close <= highest else None if at < A_YEAR else True)
        highest = max(highest, bar.close)
    return found


def _truth(market: Market, name: str, day: date, days: list[date]) -> dict[str, object]:
    """What the figures of the section should be."""
    truth: dict[str, object] = {"similar.count": len(days), "similar.last": str(days[-1]) if days else None}
    for horizon in (1, 5, 20):
        moves = market.after(name, days, horizon, day)
        if moves:
            risen = sum(move > 0 for move in moves)
            truth |= {
                f"similar.{horizon}.count": len(moves),
                f"similar.{horizon}.median": median(moves),
                f"similar.{horizon}.lowest": min(moves),
                f"similar.{horizon}.highest": max(moves),
                f"similar.{horizon}.risen": risen,
                f"similar.{horizon}.risen_share": risen / len(moves) * 100,
            }
    return truth


def untrue_precedents(post: Reading, market: Market) -> Iterator[str]:
    """What is not true of a post's past sessions: their count and dates, and the table of what followed."""
    shown = {entry["figure"]: entry["value"] for entry in post.figures}
    text = definition(post)
    if not text and "similar.count" not in shown:
        return
    if not _CLAUSE.search(text):
        yield f"its sessions cannot be found again from its words: {text!r}"
        return
    named = re.search(r"KOSPI|KOSDAQ", text)
    name = named.group() if named else "KOSPI"
    if holds(text, market, post.day) is False:
        yield f"the day is not as it says itself: {text}"
    known = {
        bar.day: held
        for bar in market.until(name, post.day)
        if (held := holds(text, market, bar.day)) is not None
    }
    days = [day for day, held in known.items() if held and day < post.day]
    if "similar.count" not in shown and days:
        yield f"there were {len(days)} such sessions, the last on {days[-1]} ({text})"
    for figure, truth in _truth(market, name, post.day, days).items():
        told = shown.get(figure)
        number = isinstance(truth, (int, float))
        if told is not None and (abs(told - truth) > 1e-6 if number else str(told) != str(truth)):
            yield f"{figure} is {told}, by the files {truth} ({text})"
    begun = shown.get("similar.first")
    if begun is not None and abs((date.fromisoformat(str(begun)) - min(known)).days) > 31:
        yield f"similar.first is {begun}, by the files {min(known)} ({text})"
