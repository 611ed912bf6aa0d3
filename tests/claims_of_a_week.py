"""What a post may claim of a week: its place in the history, its days, its names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claim_cases import (
    COUNT,
    DAY,
    FROM,
    INDEX,
    MONTH,
    NAME,
    NUMBER,
    PLACE,
    WEEKDAY,
    count_of,
    each,
    first,
    number_of,
    same,
    unless,
)

if TYPE_CHECKING:
    from datetime import date

    from claim_cases import Claim
    from raw_market import Bar, Week

# --- Its place in the history --------------------------------------------------------------------------


def _known(claim: Claim) -> list[Week]:
    return [week for week in claim.market.weeks(claim.index, claim.day) if week.change is not None]


def _as_large(claim: Claim) -> list[date]:
    *before, now = _known(claim)
    up = 1 if now.change > 0 else -1
    return [week.last for week in before if week.change * up >= now.change * up]


def week_since(claim: Claim) -> str:
    as_large = _as_large(claim)
    last = as_large[-1] if as_large else None
    return unless(claim.is_day(claim.found["since"], last), f"the last week as large ended on {last}")


def place_of_week(claim: Claim) -> str:
    known, groups = _known(claim), claim.groups
    return first(
        same("place", groups.get("place", "first"), len(_as_large(claim)) + 1),
        same("weeks", groups.get("among"), len(known)),
        unless(
            "since" not in groups or claim.is_day(groups["since"], known[0].last), f"from {known[0].last}"
        ),
    )


def _largest_ever(claim: Claim) -> str:
    return unless(not _as_large(claim), "there was one as large")


def _run(changes: list[float]) -> int:
    """How many at the end go the same way."""
    up = changes[-1] > 0
    return next((at for at, change in enumerate(reversed(changes)) if (change > 0) != up), len(changes))


def week_streak(claim: Claim) -> str:
    return same("weeks in a row", claim.found["n"], _run([week.change for week in _known(claim)]))


def _broke(claim: Claim) -> str:
    *before, now = [week.change for week in _known(claim)]
    return first(
        unless(before[-1] * now < 0, f"{before[-1]:.2f}%, then {now:.2f}%"),
        same("weeks in a row before", claim.found["n"], _run(before)),
    )


def _this_year(claim: Claim) -> str:
    bars = claim.market.until(claim.index, claim.day)
    before = [bar for bar in bars if bar.day.year < claim.day.year][-1].close
    change = (bars[-1].close / before - 1) * 100
    told = number_of(claim.found["n"]) * (-1 if claim.found["way"] in ("down", "lower") else 1)
    return unless(abs(change - told) < 0.006, f"{change:.3f}% this year")


# --- Its days ------------------------------------------------------------------------------------------


def _records(claim: Claim) -> str:
    """On how many of its days the index closed at a record; on all where no number is told."""
    week = claim.market.week(claim.index, claim.day)
    count = sum(claim.market.is_record(claim.index, bar.day) for bar in week)
    return same("records", claim.groups.get("n", str(len(week))), count)


def _record_within(claim: Claim) -> str:
    """A close of the week that was a record, if not its last."""
    level = number_of(claim.found["level"])
    at = [bar.day for bar in claim.market.week("KOSPI", claim.day) if abs(bar.close - level) <= 0.5]
    return unless(any(claim.market.is_record("KOSPI", day) for day in at), "no day of the week had one there")


def _is(groups: dict[str, str], end: str, day: date, value: float, hair: float) -> bool:
    """Whether `best` or `worst` is told as this day, with this value."""
    value_told = groups.get(f"{end}_n")
    return groups.get(end, f"{day:%A}") == f"{day:%A}" and (
        value_told is None or abs(number_of(value_told) - value) < hair
    )


def _days(claim: Claim) -> str:
    """Best and worst days of the index, and how many rose or fell."""
    week = [bar for bar in claim.market.week(claim.index, claim.day) if bar.change is not None]
    best, worst = max(week, key=_change), min(week, key=_change)
    rose, fell = sum(bar.change > 0 for bar in week), sum(bar.change < 0 for bar in week)
    groups = claim.groups
    right = [
        _is(groups, "best", best.day, best.change, 0.006),
        _is(groups, "worst", worst.day, worst.change, 0.006),
        "rose" not in groups or count_of(groups["rose"]) == rose,
        groups.get("alone_best") != "only" or rose == 1,
        groups.get("alone_worst") != "only" or fell == 1,
        "no_fall" not in groups or not fell,
        "no_rise" not in groups or not rose,
    ]
    truth = f"best {best.day:%A} {best.change}, worst {worst.day:%A} {worst.change}, {rose} rose, {fell} fell"
    return unless(all(right), truth)


def _change(bar: Bar) -> float:
    return bar.change


def _shares(claim: Claim) -> dict[date, float]:
    """By day, the share of stocks that rose."""
    days = (bar.day for bar in claim.market.week("KOSPI", claim.day))
    counts = {day: found for day in days if (found := claim.market.counts(day))}
    return {day: found["advancers"] / found["listed"] * 100 for day, found in counts.items()}


def _breadth(claim: Claim) -> str:
    shares = _shares(claim)
    best, worst = max(shares, key=shares.get), min(shares, key=shares.get)
    good = _is(claim.groups, "best", best, shares[best], 0.06)
    bad = _is(claim.groups, "worst", worst, shares[worst], 0.06)
    return unless(good and bad, f"best {best:%A} {shares[best]:.2f}%, worst {worst:%A} {shares[worst]:.2f}%")


def _most_on_days(claim: Claim) -> str:
    """On so many days more than half of all stocks rose, or fell."""
    side = "advancers" if claim.found["side"] == "Rise" else "decliners"
    counts = [claim.market.counts(bar.day) for bar in claim.market.week("KOSPI", claim.day)]
    return same("days", claim.found["n"], sum(bool(c) and c[side] * 2 > c["listed"] for c in counts))


def _closes(claim: Claim) -> list[Bar]:
    """The highest, or the lowest, close of each index."""
    end = max if claim.found["end"] == "highest" else min
    weeks = (claim.market.week(name, claim.day) for name in claim.market.indices)
    return [end(week, key=lambda bar: bar.close) for week in weeks if week]


def _level(claim: Claim) -> str:
    """A close that is told is an end of the week's closes, of one index or the other."""
    level, day = number_of(claim.found["level"]), claim.groups.get("day")
    fits = [bar for bar in _closes(claim) if abs(bar.close - level) < 0.006]
    right = any(day in (None, f"{bar.day:%A}") for bar in fits)
    return unless(right, f"{[(bar.close, f'{bar.day:%A}') for bar in _closes(claim)]}")


def _last_is_end(claim: Claim) -> str:
    return unless(any(bar.day == claim.day for bar in _closes(claim)), "of neither index")


def _end_against_base(claim: Claim) -> str:
    base = claim.market.weeks("KOSPI", claim.day)[-2].close
    closes = [bar.close for bar in claim.market.week("KOSPI", claim.day)]
    value = ((max if claim.found["end"] == "highest" else min)(closes) / base - 1) * 100
    return unless(abs(abs(value) - number_of(claim.found["n"])) < 0.006, f"{value:.2f}%")


def _largest_flow(claim: Claim) -> str:
    days = [bar.day for bar in claim.market.week("KOSPI", claim.day)]
    flows = {day: claim.market.flows.get(day, {}).get((claim.index, "foreign")) for day in days}
    largest = max((day for day in flows if flows[day] is not None), key=lambda day: abs(flows[day]))
    return unless(f"{largest:%A}" == claim.found["day"], f"{largest:%A} with {flows[largest]:,.0f}")


# --- Its names -----------------------------------------------------------------------------------------


def _points(claim: Claim) -> dict[str, float]:
    total: dict[str, float] = {}
    for bar in claim.market.week("KOSPI", claim.day):
        for share, points in claim.market.points(bar.day):
            total[share.code] = total.get(share.code, 0) + points
    return total


def _front(claim: Claim) -> str:
    """The name that added, or took, most; where no verb tells which, on the side that is not the week's."""
    total = _points(claim)
    rising = claim.market.weeks("KOSPI", claim.day)[-1].change >= 0
    up = claim.groups["verb"] == "added" if "verb" in claim.groups else not rising
    front = (max if up else min)(total, key=total.get)
    told = abs(number_of(claim.found["points"]))
    hair = max(0.02, abs(total[front]) / 100)
    right = front in claim.named(claim.found["name"]) and abs(told - abs(total[front])) < hair
    return unless(right, f"{front} with {total[front]:.2f}")


def _table(claim: Claim) -> str:
    """The first names on the week's side in their order, and the first on the other."""
    total = _points(claim)
    ranked = sorted(total, key=total.get, reverse=not claim.found["lost"].endswith("lost"))
    names, other = claim.named(claim.found["names"]), claim.named(claim.found["other"])
    right = bool(names) and names == ranked[: len(names)] and other == ranked[-1:]
    return unless(right, f"{[(code, round(total[code], 2)) for code in (*ranked[:3], ranked[-1])]}")


def _days_in_front(claim: Claim) -> str:
    """On how many days a stock moved the index most, where the index went."""
    led: dict[str, int] = {}
    for bar in claim.market.week("KOSPI", claim.day):
        points = claim.market.points(bar.day)
        if points and bar.change:
            front = (points[0] if bar.change > 0 else points[-1])[0].code
            led[front] = led.get(front, 0) + 1
    told, all_told = claim.named(claim.found["names"]), claim.found["n"]
    count = 2 if all_told == "both" else count_of(all_told)
    return unless(bool(told) and all(led.get(code) == count == max(led.values()) for code in told), f"{led}")


def _half(claim: Claim) -> str:
    """Whoever comes first in half a week went where the index did."""
    rising = claim.found["verb"] == "gained"
    points = number_of(claim.found["points"])
    return unless((points > 0) == rising, f"the index {claim.found['verb']}, the first name has {points}")


def _both_halves(claim: Claim) -> str:
    """Of the sessions whose points are known, each half has the same name in front, where the half went."""
    days = [bar.day for bar in claim.market.week("KOSPI", claim.day) if claim.market.points(bar.day)]
    told = [number_of(claim.found["early"]), number_of(claim.found["late"])]
    for half, points in zip((days[: len(days) // 2], days[len(days) // 2 :]), told, strict=True):
        total: dict[str, float] = {}
        for day in half:
            for share, part in claim.market.points(day):
                total[share.code] = total.get(share.code, 0) + part
        front = (max if sum(total.values()) >= 0 else min)(total, key=total.get)
        if claim.named(claim.found["name"]) != [front] or abs(total[front] - points) > 0.02:
            return f"{front} with {total[front]:.2f} from {half[0]:%A} on"
    split = f"{days[len(days) // 2]:%A}"
    return unless(split == claim.found["day"], f"the second half begins on {split}")


_ON_SO_MANY = rf"(?:all )?(?P<n>both|{COUNT}) (?:of {COUNT} )?sessions"

ENTRIES = (
    *each(
        week_since,
        rf"(?:No week had a larger|no larger weekly|the largest weekly|its "
        rf"largest weekly) (?:gain|loss) since the week to (?P<since>{DAY})",
        rf"Not since the week to (?P<since>{DAY}) had the {INDEX} (?:risen|fallen) as much in a week",
    ),
    *each(
        place_of_week,
        rf"of all (?P<among>{COUNT}) weeks {FROM} it is the (?:(?P<place>{PLACE}) )?largest",
        rf"the (?:(?P<place>{PLACE}) )?largest weekly (?:gain|loss) "
        rf"of the {INDEX} in (?P<among>{COUNT}) weeks {FROM}",
        rf"the (?:(?P<place>{PLACE}) )?largest weekly (?:gain|loss) in (?P<among>{COUNT}) weeks",
    ),
    *each(
        _largest_ever,
        r"Largest Weekly (?:Gain|Loss) on Record|No week of its history brought a larger",
        rf"No week since the history begins, in {MONTH}, brought a larger",
    ),
    *each(
        week_streak,
        rf"(?P<n>{PLACE}) weekly (?:gain|loss) in a row",
        rf"for (?P<n>{COUNT}) weeks running",
        rf"(?P<n>{COUNT}) weeks of (?:gains|losses) in a row",
    ),
    *each(
        _broke,
        rf"the first weekly (?:gain|loss) after (?P<n>{COUNT}) weeks of",
        rf"That ended (?P<n>{COUNT}) weeks of",
        rf"Ending (?P<n>{COUNT}) Weeks of",
    ),
    *each(
        _this_year,
        rf"(?P<way>up|down) (?P<n>{NUMBER})% this year",
        rf"Since the end of last year the KOSPI is (?P<way>up|down) (?P<n>{NUMBER})%",
        rf"This year the KOSPI stands (?P<n>{NUMBER})% (?P<way>higher|lower)",
    ),
    *each(
        _records,
        r"Every session ended at a new record",
        r"(?:All (?:two|three|four|five)|Both) sessions ended at a record",
        rf"closed at a record on (?P<n>{COUNT}) of {COUNT} sessions",
    ),
    *each(
        _record_within,
        rf"[Tt]he record of {WEEKDAY}, (?P<level>{NUMBER}), did not last",
        rf"After a Record (?P<level>{NUMBER})",
    ),
    *each(
        _days,
        rf"(?P<no_fall>No session ended lower); the best was (?P<best>{WEEKDAY}) \((?P<best_n>{NUMBER})%\)",
        rf"The {INDEX} (?P<no_fall>rose) every day, most on (?P<best>{WEEKDAY}) \((?P<best_n>{NUMBER})%\)",
        rf"The {INDEX} (?P<no_rise>fell) every day, most on (?P<worst>{WEEKDAY}) \((?P<worst_n>{NUMBER})%\)",
        rf"rose on (?P<rose>{COUNT}) of {COUNT} sessions: best "
        rf"was (?P<best>{WEEKDAY}) \((?P<best_n>{NUMBER})%\), "
        rf"worst (?P<worst>{WEEKDAY}) \((?P<worst_n>{NUMBER})%\)",
        rf"(?P<best>{WEEKDAY}) brought the (?P<alone_best>only|largest) gain \((?P<best_n>{NUMBER})%\), "
        rf"(?P<worst>{WEEKDAY}) the (?P<alone_worst>only|largest) loss \((?P<worst_n>{NUMBER})%\)",
    ),
    *each(
        _breadth,
        rf"(?P<best>{WEEKDAY}) was the broadest day \((?P<best_n>{NUMBER})%\), "
        rf"(?P<worst>{WEEKDAY}) the narrowest \((?P<worst_n>{NUMBER})%\)",
        rf"(?P<best_n>{NUMBER})% at best \((?P<best>{WEEKDAY})\), "
        rf"(?P<worst_n>{NUMBER})% at worst \((?P<worst>{WEEKDAY})\)",
        rf"between (?P<worst_n>{NUMBER})% on (?P<worst>{WEEKDAY}) "
        rf"and (?P<best_n>{NUMBER})% on (?P<best>{WEEKDAY})",
    ),
    *each(_most_on_days, rf"While Most Stocks (?P<side>Rise|Fall) on (?P<n>{COUNT}) Days"),
    *each(
        _level,
        rf"(?:above|below) (?P<level>{NUMBER}) \((?P<day>{WEEKDAY})\) it would "
        rf"(?:pass|undercut) the week’s (?P<end>highest|lowest)(?: close)?",
        rf"(?P<level>{NUMBER}), the last close, is the week’s (?P<end>highest|lowest)",
    ),
    *each(_last_is_end, r"the last(?: close)? is the week’s (?P<end>highest|lowest)"),
    *each(
        _end_against_base,
        rf"At its (?P<end>highest|lowest) close(?:, on {WEEKDAY},)? it had been (?P<n>{NUMBER})% (?:up|down)",
    ),
    *each(_largest_flow, rf"the largest day was (?P<day>{WEEKDAY})"),
    *each(
        _front,
        rf"(?P<name>{NAME}) (?P<verb>added|took) most(?: "
        rf"(?:to|from) the {INDEX})?, (?P<points>{NUMBER}) points",
        rf"No name (?P<verb>added|took) more than (?P<name>{NAME}) \((?P<points>{NUMBER}) points\)",
        rf"(?P<name>{NAME}) did most in the other direction \((?P<points>{NUMBER})\)",
    ),
    *each(
        _table,
        r"(?P<lost>Most points(?: lost)?): (?P<names>.+?\)); on the other side (?P<other>.+?) \(",
    ),
    *each(
        _days_in_front,
        rf"(?P<names>.+?)(?: each)? moved the index most on {_ON_SO_MANY}",
        rf"(?P<names>.+?) was the largest mover, in the index’s direction, on {_ON_SO_MANY}",
        rf"On {_ON_SO_MANY} no stock moved the index more than (?P<names>.+)",
    ),
    *each(
        _both_halves,
        rf"(?P<name>{NAME}) did most in both halves: (?P<early>{NUMBER}) points "
        rf"before (?P<day>{WEEKDAY}), (?P<late>{NUMBER}) from then on",
    ),
    *each(
        _half,
        rf"the {INDEX} (?P<verb>gained|lost) {NUMBER} points,(?: and)? "
        rf"(?P<name>{NAME}) (?:first|did most)(?: again)? \((?P<points>{NUMBER})\)",
        rf"from then on it (?P<verb>gained|lost) {NUMBER} points,(?: and)? "
        rf"(?P<name>{NAME}) (?:first|did most)(?: again)? \((?P<points>{NUMBER})\)",
    ),
)
