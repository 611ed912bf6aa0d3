"""What posts claim of records, ranks and extremes, and whether it is true of the raw market.

`CLAIMS` is a registry: a pattern for each wording of a comparison, and how to find out whether it holds. A
template that compares in new words needs a new entry, in claims_of_a_day.py or claims_of_a_week.py; a test
lists the sentences that no entry knows. Nothing here uses code of the package.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import claims_of_a_day
import claims_of_a_week
from claim_cases import COUNT, DAY, INDEX, MONTH, Claim, each, number_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from post_text import Reading
    from raw_market import Market


def _nothing(_: Claim) -> str:
    """Words that compare nothing with the past: a name, a bound, a question, what tomorrow may bring."""
    return ""


_NO_CLAIM = each(
    _nothing,
    # Questions; their answers are claims.
    rf"all-time high\?|at a record on {DAY}\?|from its "
    rf"record\?|record for the {INDEX}\?|[Hh]ow many records has the",
    rf"[Ww]hich stock (?:lifted|weighed on|moved) the {INDEX} most(?: on {DAY})?\?|What did most to the",
    r"Did most Korean stocks rise or fall",
    # Headings and labels.
    r"The names? that (?:cost|added|took|led|held it up)(?: most)?$|Strongest and weakest sectors",
    r"What followed \w+ like this|The running score|[Tt]wo "
    r"largest(?: pulled apart|,| were not)|no session like",
    # What tomorrow may bring, and bounds.
    r"[Tt]wice in a row|(?:[Aa]|there is a) second(?:\b|,)|would be the first pause|would be the first sign",
    r"The first one below it|below it, the record|anyone "
    r"did before|no longer reaches most|most stocks go along",
    r"(?:for|of|that|by|over) most stocks|(?:above|below|under|over|of|least|most|than) "
    r"[\d.]+× (?:its|the) (?:mean|usual)",
    r"[Oo]ne close no higher|After \w+ gains in a row, one close|(?:D|d)oes the record|the record at",
    r"(?:whether |Does )(?:another|the) record|whether the record",
    # What words mean.
    r"[Tt]he largest names|[Tt]hey weigh most in the index|from the "
    r"largest|on its largest names|while most stocks (?:fall|rise)",
    r"[Mm]ost of the (?:rise|fall) was made|made most of (?:it|the "
    r"move)|[Mm]ore than half of the move|of its largest:",
    r"(?:this year’s n|N)et inflow into \S+ ETFs(?: this "
    r"year)?|first half|second half|The first two stand for",
    rf"the first of {COUNT} sessions|the session before the first with data",
    r"(?:No sector of|Of the sectors with|Not one sector of) .*? (?:rose|fell)",
    rf"No: .+? (?:added|took) most before|Of the last "
    rf"{COUNT}|of the last {COUNT}|In the week to {DAY}(?=\.$)",
    # Past sessions like today: past_claims.py finds their figures again.
    rf"(?:[Ss]ince|history since) {MONTH}|the latest on {DAY}|[Tt]he latest (?:of them )?was {DAY}",
    r"[Tt]he last session before this one on which|earlier "
    r"sessions? on which|the best at|the worst at|the worst case",
    r"closed at a record and (?:rose|fell)|had (?:risen|fallen) at least(?: \w+ sessions in a row)?",
    rf"the first session since {MONTH} on which|if those go flat first|cases at most|at most \d+ of the",
)

CLAIMS = (*claims_of_a_day.ENTRIES, *claims_of_a_week.ENTRIES, *_NO_CLAIM)

SUPERLATIVE = re.compile(
    r"\b(?:highest|lowest|largest|biggest|widest|narrowest|strongest|weakest|longest|heaviest|broadest|deepest"
    r"|most|best|worst|first|second|since|records?|ever|never|in a row|running|this year|of the year|all-time"
    r"|steepest|unprecedented)\b",
    re.IGNORECASE,
)


def _spans(text: str) -> Iterator[tuple[re.Match[str], Callable[[Claim], str]]]:
    for pattern, check in CLAIMS:
        for found in pattern.finditer(text):
            yield found, check


def unchecked(text: str) -> list[str]:
    """The comparing words of a sentence that stand in no entry of the registry."""
    spans = [found.span() for found, _ in _spans(text)]
    return [
        word.group()
        for word in SUPERLATIVE.finditer(text)
        if not any(start <= word.start() and word.end() <= end for start, end in spans)
    ]


def untrue(text: str, post: Reading, market: Market) -> list[str]:
    """What a sentence claims and is not so; of entries that overlap, the longer words are the ones meant."""
    spans = list(_spans(text))
    told = []
    for found, check in spans:
        if any(_within(found, other) for other, _ in spans):
            continue
        instead = _checked(check, Claim(text, post, market, found))
        if instead and text == post.title:
            # A title strings clauses of both indices together, without saying whose each is.
            others = [_checked(check, Claim(text, post, market, found, name)) for name in market.indices]
            instead = "" if "" in others else instead
        if instead:
            told.append(f"[{found.group()[:80]}] {instead}")
    return told


def _within(found: re.Match[str], other: re.Match[str]) -> bool:
    longer = len(other.group()) > len(found.group())
    return longer and other.start() <= found.start() and found.end() <= other.end()


def _checked(check: Callable[[Claim], str], claim: Claim) -> str:
    """What a checker says; that the files have nothing to say of a claim is no better than a wrong one."""
    try:
        return check(claim)
    except (AssertionError, KeyError, IndexError, ValueError, TypeError) as error:
        return f"the files cannot tell ({type(error).__name__}: {error})"


_RISES = "rose|gained|advanced|climbed|jumped|surged|leapt|edged up|ticked up|inched up"
_FALLS = "fell|lost|declined|dropped|slid|plunged|tumbled|edged down|slipped|eased"
_MOVE = re.compile(
    rf"\b(?P<index>{INDEX}) (?:(?P<up>{_RISES})|(?P<down>{_FALLS})) (?P<n>[\d.]+)%(?: \([^)]*\))?"
    r"(?: to (?P<level>[\d,]+\.\d\d))?"
)


def wrong_moves(text: str, post: Reading, market: Market) -> list[str]:
    """Moves and closes of an index, told with a verb, that are not the files'."""
    told = []
    for found in _MOVE.finditer(text):
        name = found["index"]
        bar = market.bar(name, post.day)
        change = market.weeks(name, post.day)[-1].change if post.kind == "week" else bar.change
        signed = float(found["n"]) * (1 if found["up"] else -1)
        if change is None or abs(signed - change) > 0.0051:
            told.append(f"[{found.group()}] the files have {change}")
        if found["level"] and abs(number_of(found["level"]) - bar.close) > 0.005:
            told.append(f"[{found.group()}] the files have {bar.close}")
    return told
