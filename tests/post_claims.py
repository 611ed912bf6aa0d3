"""What posts claim of records, ranks and extremes, and whether it is true of the raw market.

`CLAIMS` is a registry: a pattern for each wording of a comparison, and how to find out whether it holds. A
template that compares in new words needs a new entry here; a test lists the sentences that no entry knows.
A checker returns "" where the claim is true, else what is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from statistics import fmean, median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from post_text import Reading
    from raw_market import Bar, Market, Share

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_COUNTS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_PLACES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")

MONTH = rf"(?:{'|'.join(_MONTHS)}) \d{{4}}"
DAY = rf"(?:{'|'.join(_MONTHS)}) \d{{1,2}}(?:, \d{{4}})?"
WEEKDAY = rf"(?:{'|'.join(_WEEKDAYS)})"
COUNT = rf"(?:{'|'.join(_COUNTS)}|\d[\d,]*)"
PLACE = rf"(?:{'|'.join(_PLACES)}|\d+(?:st|nd|rd|th))"
NUMBER = r"[+\-]?\d[\d,]*(?:\.\d+)?"
NAME = r"[^,;:()]+?"
INDEX = r"(?:KOSPI|KOSDAQ)"
UP_OR_DOWN = r"(?:gain|loss|fall|rise|decline)"


def count_of(text: str) -> int:
    """three, 21st, 1,506 -> 3, 21, 1506."""
    low = text.lower()
    if low in _COUNTS:
        return _COUNTS.index(low)
    if low in _PLACES:
        return _PLACES.index(low) + 1
    return int(re.sub(r"\D", "", text))


def number_of(text: str) -> float:
    return float(text.replace(",", ""))


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that compares, in the post it stands in."""

    text: str
    post: Reading
    market: Market
    found: re.Match[str]

    @property
    def day(self) -> date:
        return self.post.day

    @property
    def index(self) -> str:
        """The index a claim is about: named in the match, else the last one named before it, else KOSPI."""
        named = re.findall(INDEX, self.found.group()) or re.findall(INDEX, self.text[: self.found.end()])
        return named[-1] if named else "KOSPI"

    @property
    def bar(self) -> Bar:
        bar = self.market.bar(self.index, self.day)
        assert bar is not None, f"the files have no {self.index} on {self.day}"
        return bar

    def date(self, text: str) -> date:
        month, number, *year = text.replace(",", "").split()
        return date(int(year[0]) if year else self.day.year, _MONTHS.index(month) + 1, int(number))

    def share(self, name: str) -> Share | None:
        """The stock a sentence means, of several of the name the largest."""
        return max(
            (s for s in self.market.shares(self.day) if name.strip() in s.names),
            key=lambda share: share.base * share.shares,
            default=None,
        )

    def named(self, text: str) -> list[str]:
        """Codes of the stocks that `A (+1.0%), B and C` names, in its order; names may hold an "and"."""
        bare = re.sub(r" \([^)]*\)", "", text)
        codes = {name: share.code for share in sorted(self.market.shares(self.day), key=_size) for name in share.names}
        found = sorted(
            (hit.start(), -len(name), name)
            for name in codes
            if name in bare
            for hit in re.finditer(rf"(?<![\w&]){re.escape(name)}(?![\w&])", bare)
        )
        told, end = [], 0
        for start, size, name in found:
            if start >= end:
                told.append(codes[name])
                end = start - size
        return told


def _size(share: Share) -> float:
    return share.base * share.shares


Checker = "Callable[[Claim], str]"


def _true(is_true: bool, instead: str) -> str:
    return "" if is_true else instead


# --- One index -----------------------------------------------------------------------------------------


def _record(claim: Claim) -> str:
    return _true(claim.market.is_record(claim.index, claim.day), f"{claim.index} is no record: {claim.bar.close}")


def _own_record(claim: Claim) -> str:
    """Of the main index, whatever other was named before."""
    return _true(claim.market.is_record("KOSPI", claim.day), "KOSPI is at no record")


def _below_record(claim: Claim) -> str:
    value = claim.market.below_record(claim.index, claim.day)
    return _true(abs(value - number_of(claim.found["n"])) < 0.006, f"{value:.3f}% below")


def _ways(claim: Claim) -> str:
    """Whether "gain" and "fall" fit the day; "" if they do."""
    way = claim.found.groupdict().get("way")
    rising = claim.bar.change is not None and claim.bar.change > 0
    return _true(not way or (way.lower() in ("gain", "rise", "gains", "rises", "rose", "most")) == rising, f"the change is {claim.bar.change}")


def _largest_since(claim: Claim) -> str:
    as_large = claim.market.as_large(claim.index, claim.day)
    then = as_large[-1].day if as_large else None
    told = claim.found["since"]
    same = then is not None and (
        f"{_MONTHS[then.month - 1]} {then.year}" == told if re.fullmatch(MONTH, told) else then == claim.date(told)
    )
    return _ways(claim) or _true(same, f"the last move as large was on {then}")


def _largest_ever(claim: Claim) -> str:
    return _ways(claim) or _true(not claim.market.as_large(claim.index, claim.day), "there was one as large")


def _rank(claim: Claim) -> str:
    place = claim.found["place"]
    rank = len(claim.market.as_large(claim.index, claim.day)) + 1
    known = [bar for bar in claim.market.until(claim.index, claim.day) if bar.change is not None]
    groups = claim.found.groupdict()
    if rank != (count_of(place) if place else 1):
        return f"it is number {rank}"
    if groups.get("among") and len(known) != count_of(groups["among"]):
        return f"there are {len(known)} sessions"
    if groups.get("since") and f"{_MONTHS[known[0].day.month - 1]} {known[0].day.year}" != groups["since"]:
        return f"the history begins on {known[0].day}"
    return _ways(claim)


def _streak(claim: Claim) -> str:
    streak = claim.market.streak(claim.index, claim.day)
    return _ways(claim) or _true(streak == count_of(claim.found["n"]), f"it is number {streak} in a row")


def _records_of_year(claim: Claim) -> str:
    count = claim.market.records_of_year(claim.index, claim.day)
    return _record(claim) or _true(count == count_of(claim.found["n"]), f"it is number {count}")


def _not_higher_since(claim: Claim) -> str:
    bars = claim.market.until(claim.index, claim.day)
    high = claim.found["way"].lower() in ("higher", "highest")
    beyond = [b.day for b in bars[:-1] if (b.close >= bars[-1].close if high else b.close <= bars[-1].close)]
    then = claim.found["since"]
    last = beyond[-1] if beyond else None
    same = last is not None and (
        f"{_MONTHS[last.month - 1]} {last.year}" == then if re.fullmatch(MONTH, then) else last == claim.date(then)
    )
    return _true(same, f"the last close beyond it was on {last}")


def _large_moves(claim: Claim) -> str:
    bars = [b for b in claim.market.until(claim.index, claim.day) if b.day.year == claim.day.year]
    bound, rising = number_of(claim.found["bound"]), bars[-1].change > 0
    count = sum(b.change is not None and (b.change >= bound if rising else b.change <= -bound) for b in bars)
    return _ways(claim) or _true(count == count_of(claim.found["n"]), f"it is number {count}")


def _turnover(claim: Claim) -> str:
    bars = claim.market.until(claim.index, claim.day)
    ratio = bars[-1].value / fmean(bar.value for bar in bars[-21:-1])
    return _true(abs(ratio - number_of(claim.found["n"])) < 0.006, f"{ratio:.3f}×")


def _this_year(claim: Claim) -> str:
    bars = claim.market.until(claim.index, claim.day)
    before = [bar for bar in bars if bar.day.year < claim.day.year][-1].close
    change = (bars[-1].close / before - 1) * 100
    told = number_of(claim.found["n"]) * (-1 if claim.found["way"] in ("down", "lower") else 1)
    return _true(abs(change - told) < 0.006, f"{change:.3f}% this year")


# --- Stocks --------------------------------------------------------------------------------------------


def _points(claim: Claim) -> list[tuple[Share, float]]:
    return claim.market.points(claim.day)


def _codes(pairs: list[tuple[Share, float]]) -> list[str]:
    return [share.code for share, _ in pairs]


def _in_front(claim: Claim, *, up: bool, count: int, names: str) -> str:
    """That these stocks are the first so many that added, or took, points."""
    ranked = _points(claim) if up else _points(claim)[::-1]
    first = _codes(ranked)[:count]
    told = claim.named(names)
    return _true(bool(told) and set(told) == set(first[: len(told)]), f"most points: {[s.names for s, _ in ranked[:count]]}")


def _most_of_any(claim: Claim) -> str:
    up = claim.found["verb"] == "added"
    return _in_front(claim, up=up, count=1, names=claim.found["name"])


def _most_points(claim: Claim) -> str:
    return _in_front(claim, up=True, count=len(claim.named(claim.found["names"])), names=claim.found["names"])


def _cost_most(claim: Claim) -> str:
    up = claim.found["verb"] == "added"
    return _in_front(claim, up=up, count=len(claim.named(claim.found["names"])), names=claim.found["names"])


def _moved_most(claim: Claim) -> str:
    """The first mover in the index's own direction."""
    return _in_front(claim, up=claim.bar.change >= 0, count=1, names=claim.found["name"])


def _extreme_of_large(claim: Claim) -> str:
    large = sorted(claim.market.largest(claim.day, count_of(claim.found["among"])), key=lambda s: -s.percent)
    groups = claim.found.groupdict()
    for name, share in (("best", large[0]), ("worst", large[-1])):
        if groups.get(name) and share.code not in claim.named(groups[name]):
            return f"{name} of the {len(large)} largest is {share.names} with {share.percent:.2f}%"
    return ""


def _along(claim: Claim) -> str:
    """How many of the ten largest rose and fell."""
    ten = claim.market.largest(claim.day, 10)
    rose = [share.code for share in ten if share.change > 0]
    fell = [share.code for share in ten if share.change < 0]
    groups = {key: value for key, value in claim.found.groupdict().items() if value}
    with_it = fell if claim.market.bar("KOSPI", claim.day).change < 0 else rose
    apart = [share.code for share in ten if share.code not in with_it]
    told = f"{len(rose)} rose, {len(fell)} fell; apart {[s.names for s in ten if s.code in apart]}"
    if "all" in groups:
        return _true(not apart, told)
    if "none" in groups:
        return _true(not (rose if groups["none"] == "rose" else fell), told)
    if "n_rose" in groups:
        return _true((count_of(groups["n_rose"]), count_of(groups["n_fell"])) == (len(rose), len(fell)), told)
    if "n_with" in groups and count_of(groups["n_with"]) != len(rose if groups["verb"] == "rose" else fell):
        return told
    if "only" in groups:
        verb = groups["verb"]
        mine = {"rose": rose, "fell": fell}.get(verb) or [
            s.code for s in ten if s.code not in (rose if verb == "rise" else fell)
        ]
        return _true(set(claim.named(groups["only"])) == set(mine), told)
    if "apart" in groups:
        return _true(set(claim.named(groups["apart"])) == set(apart), told)
    return ""


def _most_traded(claim: Claim) -> str:
    shares = sorted(claim.market.shares(claim.day), key=lambda share: -share.value)
    told = claim.named(claim.found["names"])
    return _true(bool(told) and told == [share.code for share in shares[: len(told)]], f"{[s.names for s in shares[:3]]}")


def _strongest_sector(claim: Claim) -> str:
    sectors = claim.market.sectors(claim.day)
    strongest = claim.found["which"] == "strongest"
    best = (max if strongest else min)(sectors, key=lambda name: sectors[name][0])
    return _true(claim.found["name"].strip().endswith(best), f"it is {best} with {sectors[best][0]:.2f}%")


def _odd_sector(claim: Claim) -> str:
    sector = next(
        (found for name, found in claim.market.sectors(claim.day).items() if name == claim.found["name"].strip()), None
    )
    if sector is None:
        return "no such sector"
    change, members, rose = sector
    if (count_of(claim.found["rose"]), count_of(claim.found["of"])) != (rose, members):
        return f"{rose} of {members} rose"
    return _true(rose * 2 > members if change < 0 else rose * 2 < members, f"{change:.2f}%, {rose} of {members}")


def _weakest_still(claim: Claim) -> str:
    changes = [change for change, _, _ in claim.market.sectors(claim.day).values()]
    return _true(min(changes) > 0 if claim.found["which"] == "weakest" else max(changes) < 0, f"{min(changes):.2f} to {max(changes):.2f}")


def _most_stocks(claim: Claim) -> str:
    """"Most" is more than half of the listed ones."""
    counts = claim.market.counts(claim.day)
    if counts is None:
        return "no breadth is known"
    side = "advancers" if claim.found["way"] in ("rose", "rise", "up", "risen", "gained") else "decliners"
    return _true(counts[side] * 2 > counts["listed"], f"{counts}")


def _most_apart(claim: Claim) -> str:
    """Most of the market did not go with the index."""
    counts = claim.market.counts(claim.day)
    if counts is None:
        return "no breadth is known"
    side = "advancers" if claim.market.bar("KOSPI", claim.day).change > 0 else "decliners"
    return _true(counts[side] * 2 < counts["listed"], f"{counts}")


def _risers_on(claim: Claim) -> str:
    own = claim.market.counts(claim.day, claim.found["one"])
    other = claim.market.counts(claim.day, claim.found["other"])
    whole = claim.market.counts(claim.day)
    side, against = ("advancers", "decliners") if claim.found["who"] == "risers" else ("decliners", "advancers")
    return _true(own[side] * 2 > whole[side] and other[against] > other[side], f"{own} and {other}")


# --- A week --------------------------------------------------------------------------------------------


def _week_as_large(claim: Claim) -> list[date]:
    *before, now = claim.market.weeks(claim.index, claim.day)
    way = 1 if now.change > 0 else -1
    return [week.last for week in before if week.change is not None and week.change * way >= now.change * way]


def _week_since(claim: Claim) -> str:
    as_large = _week_as_large(claim)
    told = claim.found["since"]
    last = as_large[-1] if as_large else None
    same = last is not None and (
        f"{_MONTHS[last.month - 1]} {last.year}" == told if re.fullmatch(MONTH, told) else last == claim.date(told)
    )
    return _true(same, f"the last week as large ended on {last}")


def _week_rank(claim: Claim) -> str:
    known = [week for week in claim.market.weeks(claim.index, claim.day) if week.change is not None]
    rank = len(_week_as_large(claim)) + 1
    told = count_of(claim.found["place"]) if claim.found["place"] else 1
    first = f"{_MONTHS[known[0].last.month - 1]} {known[0].last.year}"
    return _true(
        (told, count_of(claim.found["among"]), claim.found["since"]) == (rank, len(known), first),
        f"number {rank} of {len(known)} since {first}",
    )


def _week_streak(claim: Claim) -> str:
    weeks = [week.change for week in claim.market.weeks(claim.index, claim.day) if week.change is not None]
    way = weeks[-1] > 0
    streak = next((at for at, change in enumerate(reversed(weeks)) if (change > 0) != way), len(weeks))
    return _true(streak == count_of(claim.found["n"]), f"{streak} weeks in a row")


def _week_broke(claim: Claim) -> str:
    weeks = [week.change for week in claim.market.weeks(claim.index, claim.day) if week.change is not None]
    *before, now = weeks
    run = next((at for at, change in enumerate(reversed(before)) if (change > 0) == (now > 0)), len(before))
    return _true(run == count_of(claim.found["n"]), f"after {run} weeks")


def _week_records(claim: Claim) -> str:
    week = claim.market.week(claim.index, claim.day)
    count = sum(claim.market.is_record(claim.index, bar.day) for bar in week)
    groups = claim.found.groupdict()
    told = count_of(groups["n"]) if groups.get("n") else len(week)
    return _true(count == told, f"{count} of {len(week)} sessions were records")


def _week_days(claim: Claim) -> str:
    """Best and worst days of the index, and how many rose."""
    week = [bar for bar in claim.market.week(claim.index, claim.day) if bar.change is not None]
    best, worst = max(week, key=lambda bar: bar.change), min(week, key=lambda bar: bar.change)
    groups = {key: value for key, value in claim.found.groupdict().items() if value}
    told = f"best {best.day:%A} {best.change}, worst {worst.day:%A} {worst.change}"
    for name, bar in (("best", best), ("worst", worst)):
        if name in groups and groups[name] != f"{bar.day:%A}":
            return told
        if f"{name}_n" in groups and abs(number_of(groups[f"{name}_n"]) - bar.change) > 0.006:
            return told
    rose, fell = sum(bar.change > 0 for bar in week), sum(bar.change < 0 for bar in week)
    if "rose" in groups and (count_of(groups["rose"]), count_of(groups["of"])) != (rose, len(week)):
        return f"{rose} of {len(week)} rose"
    if groups.get("alone_best") == "only" and rose != 1:
        return f"{rose} rose"
    if groups.get("alone_worst") == "only" and fell != 1:
        return f"{fell} fell"
    if "every" in groups and (fell if groups["every"] in ("rose", "No session ended lower") else rose):
        return told
    return ""


def _week_breadth(claim: Claim) -> str:
    days = [bar.day for bar in claim.market.week("KOSPI", claim.day)]
    counts = {day: found for day in days if (found := claim.market.counts(day))}
    shares = {day: found["advancers"] / found["listed"] * 100 for day, found in counts.items()}
    best, worst = max(shares, key=shares.get), min(shares, key=shares.get)
    for name, day in (("best", best), ("worst", worst)):
        if claim.found[name] != f"{day:%A}" or abs(number_of(claim.found[f"{name}_n"]) - shares[day]) > 0.06:
            return f"{name} is {day:%A} with {shares[day]:.2f}%"
    return ""


def _week_levels(claim: Claim) -> str:
    """The level named is the week's highest, or lowest, close, of either index."""
    closes = {}
    for name in claim.market.indices:
        week = claim.market.week(name, claim.day)
        if week:
            closes[name] = (max(week, key=lambda b: b.close), min(week, key=lambda b: b.close))
    level, groups = number_of(claim.found["level"]), claim.found.groupdict()
    at = 0 if claim.found["which"] == "highest" else 1
    fits = [pair[at] for pair in closes.values() if abs(pair[at].close - level) < 0.006]
    if not fits:
        return f"{claim.found['which']} closes: {[pair[at].close for pair in closes.values()]}"
    return _true(not groups.get("day") or any(f"{b.day:%A}" == groups["day"] for b in fits), f"it was on {fits[0].day:%A}")


def _record_to_beat(claim: Claim) -> str:
    level = number_of(claim.found["level"])
    fits = [n for n in claim.market.indices if (b := claim.market.bar(n, claim.day)) and abs(b.close - level) < 0.006]
    return _true(any(claim.market.is_record(name, claim.day) for name in fits), "it is no record")


def _last_is_extreme(claim: Claim) -> str:
    at = max if claim.found["which"] == "highest" else min
    weeks = [claim.market.week(name, claim.day) for name in claim.market.indices]
    return _true(any(week and at(week, key=lambda b: b.close).day == claim.day for week in weeks), "of neither index")


def _week_extreme_close(claim: Claim) -> str:
    weeks = claim.market.weeks("KOSPI", claim.day)
    closes = [bar.close for bar in claim.market.week("KOSPI", claim.day)]
    value = ((max if claim.found["which"] == "highest" else min)(closes) / weeks[-2].close - 1) * 100
    return _true(abs(abs(value) - number_of(claim.found["n"])) < 0.006, f"{value:.2f}%")


def _week_points(claim: Claim) -> dict[str, float]:
    total: dict[str, float] = {}
    for bar in claim.market.week("KOSPI", claim.day):
        for share, points in claim.market.points(bar.day):
            total[share.code] = total.get(share.code, 0) + points
    return total


def _week_first(claim: Claim) -> str:
    """The name that added, or took, most over the week; with the index, or against it."""
    total = _week_points(claim)
    if not total:
        return "no stocks are known"
    rising = claim.market.weeks("KOSPI", claim.day)[-1].change >= 0
    groups = claim.found.groupdict()
    if groups.get("verb"):
        up = groups["verb"] == "added"
    else:
        up = rising if "against" not in groups else not rising
    first = (max if up else min)(total, key=total.get)
    if first not in claim.named(claim.found["name"]):
        return f"it is {first} with {total[first]:.2f}"
    told = groups.get("points")
    return _true(not told or abs(abs(number_of(told)) - abs(total[first])) < max(0.02, abs(total[first]) / 100), f"{total[first]:.2f}")


def _week_leader_days(claim: Claim) -> str:
    """On how many days a stock moved the index most, in the index's direction."""
    led: dict[str, int] = {}
    days = claim.market.week("KOSPI", claim.day)
    for bar in days:
        points = claim.market.points(bar.day)
        if points and bar.change:
            first = (points[0] if bar.change > 0 else points[-1])[0].code
            led[first] = led.get(first, 0) + 1
    told = claim.named(claim.found["names"])
    count = count_of(claim.found["n"])
    return _true(bool(told) and all(led.get(code) == count == max(led.values()) for code in told), f"{led}")


def _week_largest_flow(claim: Claim) -> str:
    days = [bar.day for bar in claim.market.week("KOSPI", claim.day)]
    amounts = {day: v for day in days if (v := claim.market.flows.get(day, {}).get((claim.index, "foreign"))) is not None}
    total = sum(amounts.values())
    largest = max(amounts, key=lambda day: amounts[day] * (1 if total > 0 else -1))
    return _true(f"{largest:%A}" == claim.found["day"], f"{largest:%A} with {amounts[largest]:,.0f}")


# --- Past sessions like today --------------------------------------------------------------------------

_CLAUSE = re.compile(
    r"(?:the )?(?P<index>KOSPI|KOSDAQ)? ?(?:"
    r"(?P<record>closed at a record)"
    r"|had (?P<run>risen|fallen) at least (?P<run_n>\w+) sessions in a row"
    r"|opened (?:at least (?P<gap>[\d.]+)% )?(?P<gap_way>lower|higher)"
    r"|was at least (?P<reach>[\d.]+)% (?P<reach_way>up|down) during the session"
    r"|(?P<move>rose|fell)(?: at least (?P<move_n>[\d.]+)%)?"
    r")|more stocks (?P<more>rose|fell) than (?:rose|fell)"
)


def definition(text: str) -> Callable[[Market, date], bool | None] | None:
    """What sessions a text calls alike, of its own words: a test of a day; None where it says nothing known."""
    parts = []
    subject = "KOSPI"
    for clause in _CLAUSE.finditer(text):
        subject = clause["index"] or subject
        parts.append((subject, clause.groupdict()))
    if not parts:
        return None

    def holds(market: Market, day: date) -> bool | None:
        results = [_holds(market, day, name, words) for name, words in parts]
        return None if None in results else all(results)

    return holds


def _holds(market: Market, day: date, name: str, words: dict[str, str | None]) -> bool | None:
    bars, at = market.indices[name], _place(market, name, day)
    if at is None or bars[at].change is None:
        return None
    bar = bars[at]
    if words["record"]:
        return _records(market, name)[at]
    if words["run"]:
        way, count = (1 if words["run"] == "risen" else -1), count_of(words["run_n"])
        run = bars[max(0, at - count + 1) : at + 1]
        return len(run) == count and all(b.change is not None and b.change * way > 0 for b in run)
    if words["more"]:
        counts = market.counts(day)
        if counts is None:
            return None
        return (counts["advancers"] > counts["decliners"]) == (words["more"] == "rose")
    if words["move"]:
        bound = float(words["move_n"] or 0)
        moved = bar.change if words["move"] == "rose" else -bar.change
        return moved >= bound if bound else moved > 0
    level = bar.open if words["gap_way"] else bar.low if words["reach_way"] == "down" else bar.high
    if level is None or at == 0 or not level:
        return None
    moved = (level / bars[at - 1].close - 1) * 100
    if (words["gap_way"] or words["reach_way"]) in ("lower", "down"):
        moved = -moved
    bound = float(words["gap"] or words["reach"] or 0)
    return moved >= bound if bound else moved > 0


_PLACES_OF: dict[int, dict[tuple[str, date], int]] = {}


def _place(market: Market, name: str, day: date) -> int | None:
    if id(market) not in _PLACES_OF:
        _PLACES_OF[id(market)] = {
            (each, bar.day): at for each, bars in market.indices.items() for at, bar in enumerate(bars)
        }
    return _PLACES_OF[id(market)].get((name, day))


_RECORDS_OF: dict[tuple[int, str], list[bool | None]] = {}


def _records(market: Market, name: str) -> list[bool | None]:
    """By place: the close is above all before; of the first nothing can be told."""
    key = (id(market), name)
    if key not in _RECORDS_OF:
        found: list[bool | None] = []
        highest = None
        for bar in market.indices[name]:
            found.append(None if highest is None else bar.close > highest)
            highest = bar.close if highest is None else max(highest, bar.close)
        _RECORDS_OF[key] = found
    return _RECORDS_OF[key]


def precedents(post: Reading, market: Market) -> Iterator[str]:
    """What is not true of a post's section about past sessions like its own: its count, dates and table."""
    shown = {entry["figure"]: entry["value"] for entry in post.figures}
    if "similar.count" not in shown:
        return
    text = _section(post)
    holds = definition(text)
    index = re.search(r"\b(KOSPI|KOSDAQ)\b", text)
    if holds is None or index is None:
        yield f"no definition is understood: {text[:200]}"
        return
    name = index[1]
    if holds(market, post.day) is False:
        yield f"the day does not meet its own definition: {text[:200]}"
    first, days = market.sessions_with(name, post.day, holds)
    truth = {"similar.count": len(days), "similar.last": str(days[-1]) if days else None}
    for horizon in (1, 5, 20):
        moves = market.after(name, days, horizon, post.day)
        if not moves:
            continue
        truth |= {
            f"similar.{horizon}.count": len(moves),
            f"similar.{horizon}.median": median(moves),
            f"similar.{horizon}.lowest": min(moves),
            f"similar.{horizon}.highest": max(moves),
            f"similar.{horizon}.risen": sum(move > 0 for move in moves),
            f"similar.{horizon}.risen_share": sum(move > 0 for move in moves) / len(moves) * 100,
        }
    for figure, value in truth.items():
        told = shown.get(figure)
        wrong = told is not None and (
            abs(told - value) > 1e-6 if isinstance(value, (int, float)) else str(told) != str(value)
        )
        if wrong:
            yield f"{figure} is {told}, by the files {value} ({text[:120]}…)"
    told = shown.get("similar.first")
    if told is not None and first is not None and abs((date.fromisoformat(str(told)) - first).days) > 31:
        yield f"similar.first is {told}, by the files {first}"


def _section(post: Reading) -> str:
    """The words that define the sessions: those of the section that has its figures."""
    parts = re.split(r"^## ", post.body, flags=re.MULTILINE)
    own = [part for part in parts if re.search(r"earlier sessions|every session since|are common: |before this one on which|The yardstick|Until [A-Z]|first session since|no session on which", part)]
    if not own:
        return ""
    clause = re.search(
        r"on which (.*?)(?:\.(?= |\n|$)|, too many| are common| was [A-Z]|, until| are |$)|since \w+ \d{4}, (.*?)\.(?= |\n)|The yardstick: (.*?)\.(?= )",
        own[0],
    )
    return next((group for group in clause.groups() if group), "") if clause else ""


# --- The registry --------------------------------------------------------------------------------------


def _neutral(_: Claim) -> str:
    """Words that compare nothing with the past: a name, a bound, a question, what tomorrow may bring."""
    return ""


_SINCE_DAY = rf"(?P<since>{DAY}|{MONTH})"

CLAIMS: tuple[tuple[str, Callable[[Claim], str]], ...] = (
    # Records of a day.
    (rf"the record of {WEEKDAY}, (?P<level>{NUMBER}), did not last", _neutral),
    (r"(?:\b[Aa]n all-time high|[Aa]ll-[Tt]ime [Hh]igh(?= [\d,]+)|\bto a record\b|higher than ever|higher than on any day before|No earlier close was as high)", _record),
    (rf"(?:to|at) a Record (?P<level>{NUMBER})", _record),
    (rf"all-time high\?|at a record on {DAY}\?|from its record\?|record for the {INDEX}\?|[Hh]ow many records has the", _neutral),
    (rf"(?P<level>{NUMBER}), set at the close", _record_to_beat),
    (r"[Aa]bove (?:its|every) (?:highest|earlier) close(?: so far)?", _record),
    (rf"(?P<n>{NUMBER})% below its (?:highest close|record)", _below_record),
    (rf"(?P<n>{PLACE}) (?:record close|record|Record)(?:s)? of the [Yy]ear", _records_of_year),
    (rf"(?:,| and) (?:its|the) (?P<n>{PLACE}) (?:record )?of the year", _records_of_year),
    (rf"for the (?P<n>{PLACE}) time this year", _records_of_year),
    (rf"(?P<n>{COUNT}) sessions of the year have now ended at a record", _records_of_year),
    (rf"count of record closes(?: of the {INDEX})? goes to (?P<n>{COUNT})", _records_of_year),
    (rf"(?P<n>{COUNT}) up to {DAY}, by closing level", _records_of_year),
    (r"(?:whether |Does )?(?:the|that the) record (?:is followed by another|at [\d,.]+ fall|draws)|(?:D|d)oes (?:another|the) record (?:follow|at)|another record follows?|the record was a day’s|the record is followed", _own_record),
    (rf"(?P<level>{NUMBER}) is (?:a|the) (?:new high|record to beat)", _record_to_beat),
    # Size and place of a day's move.
    (rf"(?:its|the) [Ll]argest (?P<way>{UP_OR_DOWN}) since {_SINCE_DAY}", _largest_since),
    (rf"Most Since {_SINCE_DAY}", _largest_since),
    (rf"No session since {_SINCE_DAY} had a larger (?P<way>{UP_OR_DOWN})(?: on the {INDEX})?", _largest_since),
    (rf"The {INDEX} last (?P<way>rose|fell) as much on (?P<since>{DAY})", _largest_since),
    (rf"A (?P<way>{UP_OR_DOWN}) of this size had not come to the {INDEX} since {_SINCE_DAY}", _largest_since),
    (rf"(?:No session of (?P<among>{COUNT}) since (?P<since>{MONTH}) had a larger (?P<way>{UP_OR_DOWN})(?P<place>(?!))?)", _rank),
    (rf"[Ll]argest (?P<way>{UP_OR_DOWN})(?: of the {INDEX})? on [Rr]ecord", _largest_ever),
    (rf"(?:its|the) (?:(?P<place>{PLACE})[- ])?largest(?: (?P<way>{UP_OR_DOWN}))? of (?P<among>{COUNT}) sessions since (?P<since>{MONTH})", _rank),
    (rf"Of (?P<among>{COUNT}) sessions of the {INDEX} since (?P<since>{MONTH}) it has the (?:(?P<place>{PLACE}) )?largest (?P<way>{UP_OR_DOWN})", _rank),
    (rf"its (?P<place>{PLACE})-largest (?P<way>{UP_OR_DOWN}) since (?P<since>{MONTH})", _rank),
    (rf"the last one as large was on (?P<since>{DAY})|no day since (?P<since2>{DAY}) had one as large", lambda claim: _last_as_large(claim)),
    (rf"(?:had not (?:closed|stood) (?P<way>higher|lower) since {_SINCE_DAY})", _not_higher_since),
    (rf"(?:its|is the) (?P<way>highest|lowest) (?:close |of the {INDEX} )?since {_SINCE_DAY}", _not_higher_since),
    (rf"(?P<way>Highest|Lowest) Since {_SINCE_DAY}", _not_higher_since),
    (rf"(?P<way>Rise|Fall|Gain|Loss|Decline)s of (?P<bound>[\d.]+)% or more: this is the (?P<n>{PLACE}) of the year", lambda claim: _large_moves(claim)),
    (rf"The year now has (?P<n>{COUNT}) (?:rises|falls|gains|losses) of (?P<bound>[\d.]+)% or more", _large_moves),
    (rf"the (?P<n>{PLACE}) (?:rise|fall|gain|loss) of at least (?P<bound>[\d.]+)% this year", _large_moves),
    (rf"the (?P<n>{PLACE}) move of (?P<bound>[\d.]+)% or more in this direction this year", _large_moves),
    # Days in a row.
    (rf"has (?:risen|fallen) (?P<n>{COUNT}) sessions in a row", _streak),
    (rf"the (?P<n>{PLACE}) (?P<way>{UP_OR_DOWN}) in a row for the (?:{INDEX})", _streak),
    (rf"It was the (?P<n>{PLACE}) (?P<way>{UP_OR_DOWN}) in a row", _streak),
    (rf"run of (?P<way>gain|loss|fall)(?:s|es) is now (?P<n>{COUNT}) sessions long", _streak),
    (rf"(?:rose|fell) for an? (?P<n>{PLACE}) session in a row", _streak),
    (rf"made it (?P<n>{COUNT}) (?:gains|losses) in a row", _streak),
    (rf"A (?P<n>{PLACE}) (?P<way>gain|loss) running", _streak),
    # Turnover.
    (rf"(?P<n>[\d.]+)× (?:the|its) mean(?: of the twenty sessions before)?|(?P<n2>[\d.]+)× what the twenty sessions before had", lambda claim: _ratio(claim)),
    # Stocks.
    (rf"(?P<name>{NAME}) \([^)]*\) (?P<verb>added|took) {NUMBER} points, the most of any", _most_of_any),
    (r"Most points came from (?P<names>.+)", _most_points),
    (r"(?P<names>.+?) (?P<verb>cost|added) most(?=\.|$)", _cost_most),
    (rf"By points, (?P<name>{NAME}) more than any other", _moved_most),
    (rf"(?P<name>{NAME}) \([^)]*\), with [+\-]{NUMBER} points", _moved_most),
    (rf"[Ww]hich stock (?:lifted|weighed on|moved) the {INDEX} most(?: on {DAY})?\?", _neutral),
    (r"the largest group was ", _neutral),
    (rf"(?:Among the|The extremes among the) (?P<among>\d+) largest(?: companies the day ran from|:) (?P<best>.+?)(?: \([^)]*\))?(?: to |, )(?P<worst>.+)", _extreme_of_large),
    (rf"In per cent, (?P<best>.+?) \(\+[^)]*\) rose most among the (?P<among>\d+) largest companies", _extreme_of_large),
    (rf"In per cent, (?P<worst>.+?) \(-[^)]*\) fell most among the (?P<among>\d+) largest companies", _extreme_of_large),
    (rf"No other of the (?P<among>\d+) largest companies rose as much as (?P<best>.+?) \(", _extreme_of_large),
    (rf"No other of the (?P<among>\d+) largest companies fell as much as (?P<worst>.+?) \(", _extreme_of_large),
    (rf"(?P<best>.+?) \(\+[^)]*\) stands out among the (?P<among>\d+) largest companies", _extreme_of_large),
    (rf"(?P<worst>.+?) \(-[^)]*\) is the sore spot among the (?P<among>\d+) largest companies", _extreme_of_large),
    (r"(?P<all>All of the (?:ten|10) largest companies (?:rose|fell)|None of the (?:ten|10) largest companies stood aside|Each of the (?:ten|10) largest (?:rose|fell))", _along),
    (r"None of the (?:ten|10) largest companies (?P<none>rose|fell)", _along),
    (rf"The largest companies were split: (?P<n_rose>{COUNT}) of the (?:ten|10) rose, (?P<n_fell>{COUNT}) fell", _along),
    (rf"Of the (?:ten|10) largest companies (?P<n_rose>{COUNT}) rose and (?P<n_fell>{COUNT}) fell", _along),
    (rf"Of the (?:ten|10) largest companies (?P<n_fell>{COUNT}) fell and (?P<n_rose>{COUNT}) rose", _along),
    (r"Of the (?:ten|10) largest companies, only (?P<only>.+?) (?:did not (?P<verb>fall|rise))", _along),
    (r"Of the (?:ten|10) largest companies, only (?P<only>.+?) (?P<verb>rose|fell)", _along),
    (rf"(?P<n_with>{COUNT}) of the (?:ten|10) largest companies (?P<verb>rose|fell); (?P<apart>.+?) did not", _along),
    (rf"Only (?P<n_with>{COUNT}) of the (?:ten|10) largest companies (?P<verb>rose|fell): (?P<only>.+)", _along),
    (r"Among the (?:ten|10) largest, (?P<apart>.+?) stood aside", _along),
    (r"The ten largest companies had no part in it: not one (?P<none>rose|fell)", _along),
    (r"(?:[Tt]en|10) largest companies(?:, [\d.]+% of the market by value, made|(?:’ share)| account for)|The (?:ten|10) largest made", lambda claim: _share_of_ten(claim)),
    (r"The most traded stocks were (?P<names>.+)|Nothing was traded more than (?P<names2>.+)", lambda claim: _traded(claim)),
    (rf"(?P<name>[^.]+?) \([+\-][\d.]+%\) (?:was )?the (?P<which>strongest|weakest)", _strongest_sector),
    (r"Even the (?P<which>weakest|strongest) sector (?:gained|lost)|The (?P<which2>weakest|strongest) sector still", lambda claim: _still(claim)),
    (rf"(?P<name>.+?) (?:fell|rose) although (?:only )?(?P<rose>\d+) of (?P<of>\d+) stocks in the sector (?:rose|did)", _odd_sector),
    (rf"(?:Most stocks in one falling sector rose|In one rising sector most stocks did not rise): (?P<name>.+?), (?P<rose>\d+) of (?P<of>\d+)", _odd_sector),
    (rf"The [+\-][\d.]+% of (?P<name>.+?) is the work of its largest: (?:only )?(?P<rose>\d+) of (?P<of>\d+) rose", _odd_sector),
    (rf"Most of the (?P<who>risers|fallers) were on the (?P<one>{INDEX}); on the (?P<other>{INDEX}) (?:fallers|risers) led", _risers_on),
    (r"Did most Korean stocks rise or fall", _neutral),
    (r"when most stocks (?P<way>rose|fell)\?", _most_stocks),
    (r"while most stocks (?P<way>fall|rise)", _neutral),
    (r"most (?:of its market|stocks had no part)|without most of its market|most of the market did not|A rise that most stocks|most others stay out", _most_apart),
    (r"(?:[Tt]he )?two largest(?: pulled apart|, | were not)", _neutral),
    (r"the best and the worst", _neutral),
    # A week.
    (rf"(?:No week had a larger|had no larger weekly|the largest weekly|its largest weekly) (?:{UP_OR_DOWN}) since the week to (?P<since>{DAY})", _week_since),
    (rf"Not since the week to (?P<since>{DAY}) had the {INDEX} (?:risen|fallen) as much in a week", _week_since),
    (rf"In the week to (?P<since>{DAY})(?=\.$)", _neutral),
    (rf"of all (?P<among>{COUNT}) weeks since (?P<since>{MONTH}) it is the (?:(?P<place>{PLACE}) )?largest", _week_rank),
    (rf"It is the (?:(?P<place>{PLACE}) )?largest weekly (?:{UP_OR_DOWN}) of the {INDEX} in (?P<among>{COUNT}) weeks since (?P<since>{MONTH})", _week_rank),
    (rf"(?P<n>{PLACE}) weekly (?:{UP_OR_DOWN}) in a row|for (?P<n2>{COUNT}) weeks running|That makes (?P<n3>{COUNT}) weeks of (?:gains|losses) in a row", lambda claim: _weeks_in_a_row(claim)),
    (rf"the first weekly (?:gain|loss) after (?P<n>{COUNT}) weeks of|That ended (?P<n2>{COUNT}) weeks of|Ending (?P<n3>{COUNT}) Weeks of", lambda claim: _ended(claim)),
    (r"Every session ended at a new record", _week_records),
    (rf"closed at a record on (?P<n>{COUNT}) of {COUNT} sessions", _week_records),
    (rf"(?P<every>No session ended lower); the best was (?P<best>{WEEKDAY}) \((?P<best_n>{NUMBER})%\)", _week_days),
    (rf"The {INDEX} (?P<every>rose) every day, most on (?P<best>{WEEKDAY}) \((?P<best_n>{NUMBER})%\)", _week_days),
    (rf"The {INDEX} (?P<every>fell) every day, most on (?P<worst>{WEEKDAY}) \((?P<worst_n>{NUMBER})%\)", _week_days),
    (rf"rose on (?P<rose>{COUNT}) of (?P<of>{COUNT}) sessions: best was (?P<best>{WEEKDAY}) \((?P<best_n>{NUMBER})%\), worst (?P<worst>{WEEKDAY}) \((?P<worst_n>{NUMBER})%\)", _week_days),
    (rf"(?P<best>{WEEKDAY}) brought the (?P<alone_best>only|largest) gain \((?P<best_n>{NUMBER})%\), (?P<worst>{WEEKDAY}) the (?P<alone_worst>only|largest) loss \((?P<worst_n>{NUMBER})%\)", _week_days),
    (rf"(?P<best>{WEEKDAY}) was the broadest day \((?P<best_n>{NUMBER})%\), (?P<worst>{WEEKDAY}) the narrowest \((?P<worst_n>{NUMBER})%\)", _week_breadth),
    (rf"(?P<best_n>{NUMBER})% at best \((?P<best>{WEEKDAY})\), (?P<worst_n>{NUMBER})% at worst \((?P<worst>{WEEKDAY})\)", _week_breadth),
    (rf"between (?P<worst_n>{NUMBER})% on (?P<worst>{WEEKDAY}) and (?P<best_n>{NUMBER})% on (?P<best>{WEEKDAY})", _week_breadth),
    (rf"(?:above|below) (?P<level>{NUMBER}) \((?P<day>{WEEKDAY})\) it would (?:pass|undercut) the week’s (?P<which>highest|lowest)(?: close)?", _week_levels),
    (rf"(?P<level>{NUMBER}), the last close, is the week’s (?P<which>highest|lowest)", _week_levels),
    (r"the last(?: close)? is the week’s (?P<which>highest|lowest)", _last_is_extreme),
    (rf"At its (?P<which>highest|lowest) close it had been (?P<n>{NUMBER})% (?:up|down)", _week_extreme_close),
    (rf"(?P<way>up|down) (?P<n>{NUMBER})% this year", _this_year),
    (rf"(?:This year|Since the end of last year) the (?:KOSPI) (?:stands|is) (?:(?P<way>up|down) )?(?P<n>{NUMBER})%(?: (?P<way2>higher|lower))?", lambda claim: _year(claim)),
    (rf"(?P<name>{NAME}) (?P<verb>added|took) most, (?P<points>{NUMBER}) points", _week_first),
    (rf"No name (?P<verb>added|took) more than (?P<name>{NAME}) \((?P<points>{NUMBER}) points\)", _week_first),
    (rf"(?P<against>Most in the other direction came from) (?P<name>{NAME}) \((?P<points>{NUMBER})\)", _week_first),
    (rf"(?P<name>{NAME}) did (?P<against>most in the other direction) \((?P<points>{NUMBER})\)", _week_first),
    (rf"(?P<names>.+?) moved the index most on (?P<n>{COUNT}) (?:of {COUNT} )?sessions", _week_leader_days),
    (rf"(?P<names>.+?) each moved the index most on (?P<n>{COUNT}) sessions", _week_leader_days),
    (rf"(?P<names>.+?) was the day’s largest mover, in the index’s direction, on (?P<n>{COUNT}) of", _week_leader_days),
    (rf"On (?P<n>{COUNT}) of {COUNT} sessions no stock moved the index more than (?P<names>.+)", _week_leader_days),
    (rf"the largest day was (?P<day>{WEEKDAY})", _week_largest_flow),
    (rf"No: (?P<name>{NAME}) (?:added|took) most before", _neutral),
    (r"No sector of (?:five stocks or more|the list) (?:rose|fell)", _neutral),
    (rf"the first of {COUNT} sessions|the session before the first with data|The first half|The first two stand for", _neutral),
    # Past sessions like today: `precedents` has the truth of all figures there.
    (rf"(?:[Ss]ince|history since) {MONTH}|the latest on {DAY}|The latest (?:of them )?was {DAY}|The last session before this one on which|earlier sessions? on which|the best at|the worst at|the worst case|the best at|[Oo]f the last {COUNT}", _neutral),
    (r"closed at a record and (?:rose|fell)|had (?:risen|fallen) at least", _neutral),
    # What is to be watched, and what words mean.
    (r"twice in a row|a second (?:day|fall|rise|such day)|[Aa] second,|would be the first pause|The first one below it|below it, the record|A second (?:day|rise|fall)|anyone did before|no longer reaches most|with more risers than fallers|most stocks(?: go along|$)|(?:for|of|that|by|over for) most stocks|the largest names|They weigh most in the index|since the open|(?:the|a) second(?:,| one)|from the largest|on its largest names|of its largest:", _neutral),
    (r"[Mm]ost of the (?:rise|fall) was made|made most of it|made most of the move|of the largest|largest(?= with)|More than half of the move", _neutral),
    (r"went on the other way first|first half|second half|the first session of|first(?:,| to| by)", _neutral),
)  # fmt: skip


def _either(claim: Claim, *names: str) -> str:
    return next(claim.found[name] for name in names if claim.found.groupdict().get(name))


def _with(claim: Claim, **groups: str) -> Claim:
    """The claim with its groups under other names."""
    pattern = "".join(f"(?P<{name}>{re.escape(value)})" for name, value in groups.items())
    found = re.fullmatch(pattern, "".join(groups.values()))
    assert found is not None
    return Claim(claim.text, claim.post, claim.market, _Found(claim.found, groups))


class _Found:
    """A match whose groups are given; the rest is the match's."""

    def __init__(self, found: re.Match[str], groups: dict[str, str]) -> None:
        self._found, self._groups = found, groups

    def __getitem__(self, name: str) -> str:
        return self._groups[name]

    def groupdict(self) -> dict[str, str]:
        return self._groups

    def group(self) -> str:
        return self._found.group()

    def end(self) -> int:
        return self._found.end()


def _last_as_large(claim: Claim) -> str:
    return _largest_since(_with(claim, since=_either(claim, "since", "since2")))


def _ratio(claim: Claim) -> str:
    return _turnover(_with(claim, n=_either(claim, "n", "n2")))


def _traded(claim: Claim) -> str:
    return _most_traded(_with(claim, names=_either(claim, "names", "names2")))


def _still(claim: Claim) -> str:
    return _weakest_still(_with(claim, which=_either(claim, "which", "which2")))


def _weeks_in_a_row(claim: Claim) -> str:
    return _week_streak(_with(claim, n=_either(claim, "n", "n2", "n3")))


def _ended(claim: Claim) -> str:
    return _week_broke(_with(claim, n=_either(claim, "n", "n2", "n3")))


def _year(claim: Claim) -> str:
    return _this_year(_with(claim, n=claim.found["n"], way=_either(claim, "way", "way2")))


def _share_of_ten(claim: Claim) -> str:
    """What the ten largest made of the move, and what they are of the market's value."""
    if claim.day not in claim.market.stocks:
        return "no stocks are known"
    points = claim.market.points(claim.day)
    ten = {share.code for share in claim.market.largest(claim.day, 10)}
    share = sum(p for s, p in points if s.code in ten) / sum(p for _, p in points) * 100
    told = [number_of(each) for each in re.findall(rf"({NUMBER})%", claim.text)]
    return _true(any(abs(each - share) < 0.25 for each in told), f"{share:.1f}% of the move")


_COMPILED = tuple((re.compile(pattern), check) for pattern, check in CLAIMS)

SUPERLATIVE = re.compile(
    r"\b(?:highest|lowest|largest|biggest|widest|narrowest|strongest|weakest|longest|heaviest|broadest|deepest|steepest|"
    r"most|best|worst|first|second|since|records?|ever|never|in a row|running|this year|of the year|all-time|unprecedented)\b",
    re.IGNORECASE,
)


def _spans(text: str) -> Iterator[tuple[re.Match[str], Callable[[Claim], str]]]:
    for pattern, check in _COMPILED:
        for found in pattern.finditer(text):
            yield found, check


def untrue(text: str, post: Reading, market: Market) -> list[str]:
    """What a sentence claims and is not so; of entries that overlap the longer match is the one meant."""
    spans = list(_spans(text))
    told = []
    for found, check in spans:
        covered = any(
            other is not found
            and other.start() <= found.start()
            and found.end() <= other.end()
            and len(other.group()) > len(found.group())
            for other, _ in spans
        )
        if covered:
            continue
        try:
            instead = check(Claim(text, post, market, found))
        except (AssertionError, KeyError, IndexError, ValueError, TypeError, AttributeError) as error:
            instead = f"the files cannot tell ({type(error).__name__}: {error})"
        if instead:
            told.append(f"[{found.group()[:80]}] {instead}")
    return told


def unchecked(text: str) -> list[str]:
    """The comparing words of a sentence that stand in no claim of the registry."""
    spans = [(found.start(), found.end()) for found, _ in _spans(text)]
    return [
        word.group()
        for word in SUPERLATIVE.finditer(text)
        if not any(start <= word.start() and word.end() <= end for start, end in spans)
    ]


_MOVE = re.compile(
    rf"\b(?P<index>KOSPI|KOSDAQ) (?:(?:has )?(?P<up>rose|gained|advanced|climbed|jumped|surged|leapt|edged up|ticked up|inched up)"
    rf"|(?P<down>fell|lost|declined|dropped|slid|plunged|tumbled|edged down|slipped|eased)) (?P<n>[\d.]+)%"
    rf"(?: \([^)]*\))?(?: to (?P<level>[\d,]+\.\d\d))?"
)


def moves(text: str, post: Reading, market: Market) -> list[str]:
    """Moves and closes of an index, told with a verb, that are not the files'."""
    told = []
    for found in _MOVE.finditer(text):
        bar = market.bar(found["index"], post.day)
        if bar is None:
            told.append(f"no {found['index']} in the files")
            continue
        signed = float(found["n"]) * (1 if found["up"] else -1)
        change = bar.change
        if post.kind == "week":
            change = market.weeks(found["index"], post.day)[-1].change
        if change is None or abs(signed - change) > 0.0051:
            told.append(f"[{found.group()}] the files have {change}")
        if found["level"] and abs(number_of(found["level"]) - bar.close) > 0.005:
            told.append(f"[{found.group()}] the files have {bar.close}")
    return told
