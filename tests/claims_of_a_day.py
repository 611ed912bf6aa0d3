"""What a post may claim of a session's place in the history, of its stocks and its sectors."""

from __future__ import annotations

from statistics import fmean
from typing import TYPE_CHECKING

from claim_cases import (
    COUNT,
    DAY,
    FROM,
    INDEX,
    MOST,
    NAME,
    NUMBER,
    PLACE,
    SINCE,
    TEN,
    WAY,
    count_of,
    each,
    first,
    month_of,
    number_of,
    same,
    unless,
    way,
)
from claims_of_a_week import place_of_week, week_since, week_streak

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from claim_cases import Claim
    from raw_market import Market, Share

# --- Records -------------------------------------------------------------------------------------------


def _record(claim: Claim) -> str:
    return unless(claim.market.is_record(claim.index, claim.day), f"{claim.index}: {claim.bar.close} is none")


def _record_of_main(claim: Claim) -> str:
    """Whatever other index was named before."""
    return unless(claim.market.is_record("KOSPI", claim.day), "the KOSPI is at none")


def _record_at(claim: Claim) -> str:
    """Of the index whose close is told, which a title writes without decimals."""
    level = number_of(claim.found["level"])
    bars = {name: claim.market.bar(name, claim.day) for name in claim.market.indices}
    at = [name for name, bar in bars.items() if bar and abs(bar.close - level) <= 0.5]
    return unless(any(claim.market.is_record(name, claim.day) for name in at), f"no index has one at {level}")


def _below_record(claim: Claim) -> str:
    value = claim.market.below_record(claim.index, claim.day)
    return unless(abs(value - number_of(claim.found["n"])) < 0.006, f"{value:.3f}% below")


def _records_of_year(claim: Claim) -> str:
    count = claim.market.records_of_year(claim.index, claim.day)
    return first(_record(claim), same("records of the year", claim.found["n"], count))


# --- Size and place of a move --------------------------------------------------------------------------


def _largest_since(claim: Claim) -> str:
    if claim.post.kind == "week":
        return week_since(claim)
    as_large = claim.market.as_large(claim.index, claim.day)
    then = as_large[-1].day if as_large else None
    return first(
        way(claim), unless(claim.is_day(claim.found["since"], then), f"the last as large was on {then}")
    )


def _largest_ever(claim: Claim) -> str:
    as_large = claim.market.as_large(claim.index, claim.day)
    return first(way(claim), unless(not as_large, f"{len(as_large)} were as large"))


def _rank(claim: Claim) -> str:
    """The place among all sessions in its direction; without one told, the first."""
    known = [bar for bar in claim.market.until(claim.index, claim.day) if bar.change is not None]
    groups = claim.groups
    return first(
        way(claim),
        same("place", groups.get("place", "first"), len(claim.market.as_large(claim.index, claim.day)) + 1),
        same("sessions", groups.get("among"), len(known)),
        unless(claim.is_day(groups["since"], known[0].day), f"the history begins on {known[0].day}"),
    )


def _not_beyond_since(claim: Claim) -> str:
    """No close as high, or as low, since a day."""
    *before, today = claim.market.until(claim.index, claim.day)
    high = claim.found["end"].lower() in ("higher", "highest")
    beyond = [bar.day for bar in before if (bar.close >= today.close if high else bar.close <= today.close)]
    last = beyond[-1] if beyond else None
    return unless(claim.is_day(claim.found["since"], last), f"the last close beyond it was on {last}")


def _large_moves(claim: Claim) -> str:
    bars = [bar for bar in claim.market.until(claim.index, claim.day) if bar.day.year == claim.day.year]
    bound, up = number_of(claim.found["bound"]), bars[-1].change > 0
    count = sum(bar.change is not None and bar.change * (1 if up else -1) >= bound for bar in bars)
    return first(way(claim), same("moves of the year", claim.found["n"], count))


# --- Days in a row -------------------------------------------------------------------------------------


def _streak(claim: Claim) -> str:
    if claim.post.kind == "week":
        return week_streak(claim)
    return first(way(claim), same("in a row", claim.found["n"], claim.market.streak(claim.index, claim.day)))


def _broke(claim: Claim) -> str:
    """A move that ended a run in the other direction."""
    *_, before, today = claim.market.until(claim.index, claim.day)
    run = claim.market.streak(claim.index, before.day)
    return first(
        unless(before.change * today.change < 0, f"{before.change}, then {today.change}"),
        way(claim, before.change),
        same("in a row before", claim.found["n"], run),
    )


def _foreign_streak(claim: Claim) -> str:
    amounts = claim.market.flows
    days = [bar.day for bar in claim.market.until(claim.index, claim.day)]
    selling = amounts[claim.day][claim.index, "foreign"] < 0
    run = 0
    for day in reversed(days):
        amount = amounts.get(day, {}).get((claim.index, "foreign"))
        if not amount or (amount < 0) != selling:
            break
        run += 1
    told = claim.found["verb"].startswith("s")
    return first(unless(told == selling, "they went the other way"), same("in a row", claim.found["n"], run))


# --- Turnover, breadth, measures near the end of their history -----------------------------------------


def _turnover(claim: Claim) -> str:
    bars = claim.market.until(claim.index, claim.day)
    ratio = bars[-1].value / fmean(bar.value for bar in bars[-21:-1])
    return unless(abs(ratio - number_of(claim.found["n"])) < 0.006, f"{ratio:.3f}×")


def _most_stocks(claim: Claim) -> str:
    """Most is more than half of those listed."""
    counts = claim.market.counts(claim.day)
    side = "advancers" if claim.found["side"] in ("rose", "rise", "up") else "decliners"
    return unless(counts[side] * 2 > counts["listed"], f"{counts}")


def _most_fell(claim: Claim) -> str:
    counts = claim.market.counts(claim.day)
    return unless(counts["decliners"] * 2 > counts["listed"], f"{counts}")


def _most_apart(claim: Claim) -> str:
    """Most of the market did not go where the index went."""
    counts = claim.market.counts(claim.day)
    side = "advancers" if claim.main.change > 0 else "decliners"
    return unless(counts[side] * 2 < counts["listed"], f"{counts}")


def _sides_apart(claim: Claim) -> str:
    """Most risers of one market, while on the other fallers led; or the other way about."""
    groups = claim.groups
    own, other, whole = (
        claim.market.counts(claim.day, groups.get(name, "")) for name in ("one", "other", "both")
    )
    side, against = ("advancers", "decliners") if groups["who"] == "risers" else ("decliners", "advancers")
    return unless(own[side] * 2 > whole[side] and other[against] > other[side], f"{own} and {other}")


def _range(market: Market, day: date) -> float | None:
    bars = market.until("KOSPI", day)[-2:]
    if len(bars) < 2 or bars[1].high is None or bars[1].low is None:
        return None
    return (bars[1].high - bars[1].low) / bars[0].close * 100


def _gap(market: Market, day: date) -> float | None:
    main, second = market.bar("KOSPI", day), market.bar("KOSDAQ", day)
    known = main and second and main.change is not None and second.change is not None
    return second.change - main.change if known else None


def _share_of(side: str) -> Callable[[Market, date], float | None]:
    def measure(market: Market, day: date) -> float | None:
        counts = market.counts(day)
        return counts[side] / counts["listed"] * 100 if counts else None

    return measure


def _spread(market: Market, day: date) -> float | None:
    changes = [change for change, _, _ in market.sectors(day).values()]
    return max(changes) - min(changes) if changes else None


def _extreme(measure: Callable[[Market, date], float | None]) -> Callable[[Claim], str]:
    """A checker that today's value has that place among all so far, from the end that is told."""

    def check(claim: Claim) -> str:
        bars = claim.market.until("KOSPI", claim.day)
        values = {bar.day: value for bar in bars if (value := measure(claim.market, bar.day)) is not None}
        today, groups = values[claim.day], claim.groups
        low = groups.get("end") in ("behind", "narrowest", "lowest")
        beyond = sum(value < today if low else value > today for value in values.values())
        return first(
            same(f"place of {today:.2f}", groups.get("place", "first"), 1 + beyond),
            same("sessions", groups.get("among"), len(values)),
            unless(
                groups.get("since", month_of(min(values))) == month_of(min(values)), f"from {min(values)}"
            ),
        )

    return check


# --- Stocks --------------------------------------------------------------------------------------------


def _in_front(claim: Claim, names: str, *, up: bool) -> str:
    """That these stocks, one or several, are the first that added, or took, points."""
    points = claim.market.points(claim.day)
    ranked = [share for share, _ in (points if up else points[::-1])]
    told = claim.named(names)
    front = {share.code for share in ranked[: len(told)]}
    return unless(bool(told) and set(told) == front, f"in front: {[share.names[0] for share in ranked[:3]]}")


def _added(claim: Claim) -> str:
    return _in_front(claim, claim.found["names"], up=True)


def _took(claim: Claim) -> str:
    return _in_front(claim, claim.found["names"], up=False)


def _moved_most(claim: Claim) -> str:
    """The first mover in the index's own direction."""
    return _in_front(claim, claim.found["names"], up=claim.main.change >= 0)


def _pulls(claim: Claim) -> str:
    return first(
        _in_front(claim, claim.found["up"], up=True), _in_front(claim, claim.found["down"], up=False)
    )


def _extreme_of_large(claim: Claim) -> str:
    """Best and worst in per cent among so many of the largest."""
    large = sorted(
        claim.market.largest(claim.day, count_of(claim.found["among"])), key=lambda share: share.percent
    )
    wrong = [
        f"{end} of {len(large)} is {share.names[0]} with {share.percent:.2f}%"
        for end, share in (("best", large[-1]), ("worst", large[0]))
        if end in claim.groups and share.code not in claim.named(claim.groups[end])
    ]
    return "; ".join(wrong)


def _ten(claim: Claim) -> tuple[list[Share], list[Share], list[Share]]:
    """Of the ten largest: who rose, who fell, and who did not go with the index."""
    ten = claim.market.largest(claim.day, 10)
    rose, fell = [s for s in ten if s.change > 0], [s for s in ten if s.change < 0]
    with_it = fell if claim.main.change < 0 else rose
    return rose, fell, [share for share in ten if share not in with_it]


def _along(claim: Claim) -> str:
    """How many of the ten largest rose or fell, and which did not go along."""
    rose, fell, apart = _ten(claim)
    groups = claim.groups
    by_verb = {"rose": rose, "fell": fell}
    truth = f"{len(rose)} rose, {len(fell)} fell, apart {[share.names[0] for share in apart]}"
    right = [
        "all" not in groups or not apart,
        "none" not in groups or not by_verb[groups.get("none", "rose")],
        "n_rose" not in groups or count_of(groups["n_rose"]) == len(rose),
        "n_fell" not in groups or count_of(groups["n_fell"]) == len(fell),
        "n" not in groups or count_of(groups["n"]) == len(by_verb[groups["verb"]]),
        "apart" not in groups or set(claim.named(groups["apart"])) == {share.code for share in apart},
        "only" not in groups
        or set(claim.named(groups["only"])) == {share.code for share in by_verb.get(groups["verb"], apart)},
    ]
    return unless(all(right), truth)


def _share_of_ten(claim: Claim) -> str:
    """What the ten largest made of the move."""
    points = claim.market.points(claim.day)
    ten = {share.code for share in claim.market.largest(claim.day, 10)}
    share = sum(each for stock, each in points if stock.code in ten) / sum(each for _, each in points) * 100
    # Those that do not trade have no points but weigh in the whole: a hair's difference.
    return unless(abs(number_of(claim.found["n"]) - share) < 0.25, f"{share:.1f}% of the move")


def _ten_against(claim: Claim) -> str:
    """The ten largest, taken together, went the other way than all."""
    points = claim.market.points(claim.day)
    ten = {share.code for share in claim.market.largest(claim.day, 10)}
    of_ten, of_all = sum(each for stock, each in points if stock.code in ten), sum(each for _, each in points)
    return unless(of_ten * of_all < 0, f"{of_ten:+.2f} of {of_all:+.2f} points")


def _most_traded(claim: Claim) -> str:
    shares = sorted(claim.market.shares(claim.day), key=lambda share: -share.value)
    told = claim.named(claim.found["names"])
    in_order = told == [share.code for share in shares[: len(told)]]
    return unless(bool(told) and in_order, f"{[share.names[0] for share in shares[:3]]}")


def _end_of_sectors(claim: Claim) -> str:
    sectors = claim.market.sectors(claim.day)
    end = max if claim.found["end"].lower() == "strongest" else min
    name = end(sectors, key=lambda each: sectors[each][0])
    return unless(
        claim.found["name"].strip().lower().endswith(name.lower()), f"{name} with {sectors[name][0]:.2f}%"
    )


def _odd_sector(claim: Claim) -> str:
    """A sector whose move is that of few of its stocks."""
    change, members, rose = claim.market.sectors(claim.day)[claim.found["name"].strip()]
    return first(
        same("rose", claim.found["rose"], rose),
        same("members", claim.found["of"], members),
        unless(
            rose * 2 > members if change < 0 else rose * 2 < members, f"{change:.2f}%, {rose} of {members}"
        ),
    )


def _even_the_last(claim: Claim) -> str:
    changes = [change for change, _, _ in claim.market.sectors(claim.day).values()]
    weakest = claim.found["end"] == "weakest"
    return unless(
        min(changes) > 0 if weakest else max(changes) < 0, f"{min(changes):.2f} to {max(changes):.2f}"
    )


ENTRIES = (
    *each(
        _record,
        r"\b[Aa]n all-time high|\bto a record\b|higher than ever|higher than on any day before",
        r"No earlier close was as high|above its highest close so far",
        rf"in a row leave the {INDEX} at a record",
    ),
    *each(
        _record_of_main,
        r"(?:the|another) record (?:is followed|follows?|draws|was a day’s)|the record draws",
        r"at a record; a session|A record without foreigners|Record Against|\band at a record\b",
    ),
    *each(
        _record_at,
        rf"All-Time High (?P<level>{NUMBER})",
        rf"(?:to|at) a Record (?P<level>{NUMBER})",
        rf"(?P<level>{NUMBER}) is (?:a new high|the record to beat)",
        rf"[Tt]he record (?:at|of) (?P<level>{NUMBER}) (?:fall|beaten)",
        rf"(?P<level>{NUMBER}), set at the close",
    ),
    *each(_below_record, rf"(?P<n>{NUMBER})% below its (?:highest close|record)"),
    *each(
        _records_of_year,
        rf"(?P<n>{PLACE}) [Rr]ecord(?: close)? of the [Yy]ear",
        rf"(?:,| and) (?:its|the) (?P<n>{PLACE}) of the year",
        rf"for the (?P<n>{PLACE}) time this year",
        rf"(?P<n>{COUNT}) sessions of the year have now ended at a record",
        rf"count of record closes(?: of the {INDEX})? goes to (?P<n>{COUNT})",
        rf"(?P<n>{COUNT}) up to {DAY}, by closing level",
    ),
    *each(
        _largest_since,
        rf"(?:its|the) largest {WAY} {SINCE}",
        rf"Most Since {SINCE.removeprefix('since ')}",
        rf"No session {SINCE} had a larger {WAY}",
        rf"The {INDEX} had no larger {WAY} {SINCE}",
        rf"The {INDEX} last (?P<way>rose|fell) as much on (?P<since>{DAY})",
        rf"A {WAY} of this size had not come to the {INDEX} {SINCE}",
        rf"the last one as large was on (?P<since>{DAY})",
        rf"(?:no day|none) {SINCE} had (?:one as large|as large a one)",
    ),
    *each(_largest_ever, rf"[Ll]argest {WAY}(?: of the {INDEX})? on [Rr]ecord"),
    *each(
        _rank,
        rf"(?:its|the) {MOST}(?: {WAY})? (?:of|in) (?P<among>{COUNT}) sessions {FROM}",
        rf"Of (?P<among>{COUNT}) sessions of the {INDEX} {FROM} (?:it|this one) has the {MOST} {WAY}",
        rf"its {MOST} {WAY} {FROM}",
        rf"The {INDEX} had no larger {WAY} in (?P<among>{COUNT}) sessions {FROM}",
    ),
    *each(
        _not_beyond_since,
        rf"had not (?:closed|stood) (?P<end>higher|lower) {SINCE}",
        rf"(?:its|is the) (?P<end>highest|lowest) (?:close |of the {INDEX} )?{SINCE}",
        rf"(?P<end>Highest|Lowest) S{SINCE[1:]}",
    ),
    *each(
        _large_moves,
        rf"{WAY} of (?P<bound>[\d.]+)% or more: this is the (?P<n>{PLACE}) of the year",
        rf"has (?P<n>{COUNT}) {WAY} of (?P<bound>[\d.]+)% or more(?: this year)?",
        rf"the (?P<n>{PLACE}) {WAY} of at least (?P<bound>[\d.]+)% this year",
        rf"its (?P<n>{PLACE}) {WAY} of (?P<bound>[\d.]+)% or more this year",
        rf"the (?P<n>{PLACE}) move of (?P<bound>[\d.]+)% or more in this direction this year",
        rf"(?:For the {INDEX} this|This|It) is the year’s (?P<n>{PLACE}) {WAY} of (?P<bound>[\d.]+)% or more",
    ),
    *each(
        _streak,
        rf"has (?:risen|fallen) (?P<n>{COUNT}) sessions in a row",
        rf"(?P<n>{PLACE}) {WAY} in a [Rr]ow(?: for the {INDEX})?",
        rf"run of {WAY} is now (?P<n>{COUNT}) sessions long",
        rf"(?:rose|fell) for the (?P<n>{PLACE}) session in a row",
        rf"The (?P<n>{PLACE}) {WAY} running",
        rf"(?P<way>[Uu]p|[Dd]own) (?P<n>{COUNT}) Sessions Running",
        rf"(?:made it|After|after|,|For|for) (?P<n>{COUNT}) {WAY} in a [Rr]ow",
        rf"(?P<n>{COUNT}) {WAY} in a row leave",
    ),
    *each(
        _broke,
        rf"[Ff]irst (?:[Ll]oss|[Gg]ain)(?: of the {INDEX})? [Aa]fter (?P<n>{COUNT}) {WAY}(?: in a row)?",
        rf"[Aa]fter (?P<n>{COUNT}) (?P<way>gains) in a row,? the {INDEX} "
        rf"(?:fell|declined|lost|slipped|eased|edged|dropped|slid)",
        rf"[Aa]fter (?P<n>{COUNT}) (?P<way>losses) in a row,? the "
        rf"{INDEX} (?:rose|gained|advanced|climbed|jumped|ticked|inched)",
    ),
    *each(
        _foreign_streak,
        rf"Foreigners have (?P<verb>sold|bought) for (?P<n>{COUNT}) sessions in a row",
        rf"(?P<n>{PLACE}) session of (?:net )?(?P<verb>selling|buying) in a row",
        rf"net (?P<verb>sellers|buyers) (?P<n>{COUNT}) sessions running",
        rf"(?P<verb>sold|bought)[^.;]*? for an? (?P<n>{PLACE}) session in a row",
        rf"(?P<verb>sold|bought) [^.;]*?, the (?P<n>{PLACE}) session of it in a row",
    ),
    *each(
        _turnover,
        r"(?P<n>[\d.]+)× (?:the|its) mean(?: of the twenty sessions before)?",
        r"(?P<n>[\d.]+)× what the twenty sessions before had",
    ),
    *each(
        _most_stocks,
        r"[Mm]ost stocks (?P<side>rose|fell)\b",
        r"when most stocks (?P<side>rose|fell)\?",
    ),
    *each(_most_fell, r"Selling reached most of the market"),
    *each(
        _most_apart,
        r"without most of its market|most of the market did not|A rise that most stocks|most others stay out",
        r"Most holders did better than the index",
    ),
    *each(
        _sides_apart,
        rf"Most of the (?P<who>risers|fallers) were on the (?P<one>{INDEX}); "
        rf"on the (?P<other>{INDEX}) (?:fallers|risers) led",
    ),
    *each(
        _extreme(_range),
        rf"between low and high is the (?:(?P<place>{PLACE}) "
        rf")?(?P<end>widest|narrowest) of (?P<among>{COUNT}) sessions {FROM}",
    ),
    *each(
        _extreme(_gap),
        rf"pp (?P<end>ahead|behind), is the {MOST} of that sign in (?P<among>{COUNT}) sessions {FROM}",
        rf"Never in (?P<among>{COUNT}) sessions {FROM} was it further (?P<end>ahead|behind)",
        rf"pp (?P<end>ahead|behind)(?: of)? the {INDEX} are a first in (?P<among>{COUNT}) sessions {FROM}",
    ),
    *each(
        _extreme(_share_of("advancers")),
        rf"share of risers is the {MOST} in (?P<among>{COUNT}) sessions {FROM}",
        rf"No session {FROM} had a larger share of risers",
    ),
    *each(
        _extreme(_share_of("decliners")),
        rf"share of fallers is the {MOST} in (?P<among>{COUNT}) sessions {FROM}",
        rf"No session {FROM} had a larger share of fallers",
    ),
    *each(
        _extreme(_spread),
        rf"between the best and the worst, the (?:(?P<place>{PLACE}) "
        rf")?(?P<end>widest|narrowest) of (?P<among>{COUNT}) sessions {FROM}",
    ),
    *each(
        _added,
        r"Most points came from (?P<names>.+)",
        rf"(?P<names>{NAME}) \([^)]*\) added {NUMBER} points, the most of any",
        r"(?P<names>.+?\)) added most(?=\.|$)",
    ),
    *each(
        _took,
        r"Most points were lost to (?P<names>.+)",
        rf"(?P<names>{NAME}) \([^)]*\) took {NUMBER} points, the most of any",
        r"(?P<names>.+?\)) cost most(?=\.|$)",
        r"(?P<names>.+?) weighed most: ",
    ),
    *each(
        _moved_most,
        rf"By points, (?P<names>{NAME}) more than any other",
        rf"(?P<names>{NAME}) \([^)]*\), with [+\-]{NUMBER} points",
    ),
    *each(_pulls, r"The strongest pull up was (?P<up>.+?\)), the strongest pull down (?P<down>.+)"),
    *each(
        _extreme_of_large,
        r"Among the (?P<among>\d+) largest companies the day ran from (?P<best>.+?\)) to (?P<worst>.+)",
        r"Of the (?P<among>\d+) largest, (?P<best>.+?\)) rose most and (?P<worst>.+?\)) fell most",
        r"In per cent, (?P<best>.+?\)) rose most among the (?P<among>\d+) largest companies",
        r"In per cent, (?P<worst>.+?\)) fell most among the (?P<among>\d+) largest companies",
        r"No other of the (?P<among>\d+) largest companies rose as much as (?P<best>.+?) \(",
        r"No other of the (?P<among>\d+) largest companies fell as much as (?P<worst>.+?) \(",
        r"(?P<best>.+?) \(\+[^)]*\) stands out among the (?P<among>\d+) largest companies",
        r"(?P<worst>.+?) \(-[^)]*\) is the sore spot among the (?P<among>\d+) largest companies",
    ),
    *each(
        _along,
        rf"(?P<all>(?:All of|Each of|None of|Not one of) the {TEN} (?:stood aside|missed it|escaped))",
        rf"(?P<all>(?:All|Each) of the {TEN} (?:rose|fell))",
        rf"(?:None|Not one) of the {TEN} (?P<none>rose|fell)",
        rf"The {TEN} had no part in it: not one (?P<none>rose|fell)",
        rf"The largest companies were split: (?P<n_rose>{COUNT}) of the ten rose, (?P<n_fell>{COUNT}) fell",
        rf"Of the {TEN} (?P<n_rose>{COUNT}) rose and (?P<n_fell>{COUNT}) fell",
        rf"Of the {TEN} (?P<n_fell>{COUNT}) fell and (?P<n_rose>{COUNT}) rose",
        rf"Of the {TEN}, (?P<n>{COUNT}) (?P<verb>rose|fell)",
        rf"Of the {TEN}, only (?P<only>.+?) (?:did not (?P<verb>fall|rise))",
        rf"Of the {TEN}, only (?P<only>.+?) (?P<verb>rose|fell)",
        rf"(?P<n>{COUNT}) of the {TEN} (?P<verb>rose|fell)(?=[.;])",
        rf"(?P<n>{COUNT}) of the {TEN} (?P<verb>rose|fell); (?P<apart>.+?) did not",
        rf"Only (?P<n>{COUNT}) of the {TEN} (?P<verb>rose|fell): (?P<only>.+)",
        rf"Among the {TEN}, (?P<apart>.+?) (?:stood aside|did not come along|did not go (?:up|down))",
    ),
    *each(
        _share_of_ten,
        rf"ten largest companies(?:, [\d.]+% of the market by value,)? "
        rf"(?:made|account for)(?: no (?:more|less) than)? (?P<n>{NUMBER})%",
        rf"The ten largest made (?P<n>{NUMBER})% of the move",
        rf"they made (?P<n>{NUMBER})% of its move",
    ),
    *each(_ten_against, r"the ten largest companies together moved against it"),
    *each(
        _most_traded,
        r"The most traded stocks were (?P<names>.+)",
        r"Nothing was traded more than (?P<names>.+)",
    ),
    *each(
        _end_of_sectors,
        r"(?P<name>[^.]+?) \([+\-][\d.]+%\) (?:was )?the (?P<end>strongest|weakest)",
        r"(?P<name>[^,]+) (?P<end>Strongest|Weakest)$",
    ),
    *each(
        _odd_sector,
        r"(?P<name>.+?) (?:fell|rose) although (?:only )?(?P<rose>\d+) "
        r"of (?P<of>\d+) stocks in the sector (?:rose|did)",
        r"Most stocks in one falling sector rose: (?P<name>.+?), (?P<rose>\d+) of (?P<of>\d+)",
        r"In one rising sector most stocks did not rise: (?P<name>.+?), (?P<rose>\d+) of (?P<of>\d+)",
        r"The [+\-][\d.]+% of (?P<name>.+?) is the work of its "
        r"largest: (?:only )?(?P<rose>\d+) of (?P<of>\d+) rose",
    ),
    *each(
        _even_the_last,
        r"Even the (?P<end>weakest|strongest) sector (?:gained|lost)",
        r"The (?P<end>weakest|strongest) sector still",
    ),
    *each(
        place_of_week,
        rf"(?P<place>{PLACE}) Largest Weekly (?:Gain|Loss) S{FROM[1:]}",
    ),
)
