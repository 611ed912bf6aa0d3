"""The words of a daily post's sections on facts: what happened, who led, the outside, foreigners."""

from __future__ import annotations

from dataclasses import replace

import pytest
from story_cases import DAY, EN, facts_of, full_session, without
from test_story import flaws

from generator.dataset.session import Breadth, Flow, IndexQuote, MacroReading, Origin, Stock
from generator.figures import Figure, Formula
from generator.metrics.measures import Measures
from generator.story.facts import (
    AngleFacts,
    ExtremeFacts,
    LargestFacts,
    LeaderGroup,
    SectorFacts,
    StockFacts,
)
from generator.story.tell import tell

ORIGIN = {"": Origin("table.csv", "line 2")}
TURNS = range(12)
"""Any way of two, three or four comes up in twelve sessions."""


def figure(name, value, unit="number", precision=2):
    return Figure(name, value, unit, Formula("by hand"), precision)


def section(facts, key, turn=0):
    """A section's text with its headings; empty if it is left out. No section may have a flaw."""
    story = tell(replace(facts, turn=turn), EN, language="en", tags=(), subjects={})
    found = next((s for s in story.sections if s.key == key), None)
    if found is None:
        return ""
    text = "\n\n".join(
        [f"## {found.heading}", *(f"### {part.heading}\n\n{part.body}" for part in found.parts)]
    )
    assert flaws(text) == [], text
    return text


def sentences(facts, key, begin):
    """The sentence that begins a paragraph with one of those words, in each turn."""
    told = set()
    for turn in TURNS:
        lines = section(facts, key, turn).splitlines()
        told |= {line for line in lines if line.startswith(begin)}
    return told


def quote(index="KOSPI", opened=1000.0, high=1010.0, low=995.0, close=1005.0, previous=1000.0):
    return IndexQuote(
        origins=ORIGIN,
        index=index,
        open=opened,
        high=high,
        low=low,
        close=close,
        previous_close=previous,
        change_pct=round((close / previous - 1) * 100, 2),
    )


def quiet(*quotes):
    """A session of which nothing but its indices is known."""
    return without(
        full_session(indices=quotes),
        *("breadth", "flows", "stocks", "sectors", "clusters", "macro"),
        *("intraday", "events", "context", "notes"),
    )


# --- The shape of the day -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prices", "ways"),
    [
        (
            {"opened": 990, "high": 1013, "low": 985, "close": 1010},
            {
                (
                    "The KOSPI opened 1.00% lower, was down 1.50% at the low and closed 1.00% up: a "
                    "swing of 2.00 pp "
                    "from the open."
                ),
                (
                    "Sellers had the open (-1.00%) and the low (-1.50%); buyers had the rest, and the "
                    "KOSPI closed "
                    "1.00% up."
                ),
                "From -1.00% at the open the KOSPI came back 2.00 pp and closed 1.00% up.",
            },
        ),
        (
            {"opened": 1010, "high": 1015, "low": 989, "close": 991},
            {
                (
                    "The KOSPI opened 1.00% higher, was up 1.50% at the high and closed 0.90% down: a "
                    "swing of 1.90 pp "
                    "from the open."
                ),
                (
                    "Buyers had the open (+1.00%) and the high (+1.50%); sellers had the rest, and the "
                    "KOSPI closed "
                    "0.90% down."
                ),
                "From +1.00% at the open the KOSPI lost 1.90 pp and closed 0.90% down.",
            },
        ),
        (
            {"opened": 998, "high": 1011, "low": 991, "close": 1008},
            {
                "The KOSPI was down 0.90% at its low before it closed 0.80% up.",
                "It was no straight line: -0.20% at the open, -0.90% at the low, +0.80% at the close.",
                "The gain came from behind: at its low the KOSPI stood 0.90% under the day before.",
            },
        ),
        (
            {"opened": 1002, "high": 1009, "low": 988, "close": 992},
            {
                "The KOSPI was up 0.90% at its high before it closed 0.80% down.",
                "It was no straight line: +0.20% at the open, +0.90% at the high, -0.80% at the close.",
                "The loss came from above: at its high the KOSPI stood 0.90% over the day before.",
            },
        ),
        (
            {"opened": 1020, "high": 1022, "low": 1008, "close": 1018},
            {
                "The whole gain was there at the open: +2.00%, then +1.80% at the close.",
                "The KOSPI opened 2.00% higher and added nothing to that: it closed 1.80% up.",
                "All of the rise came overnight. The open was +2.00%, the close +1.80%.",
            },
        ),
        (
            {"opened": 980, "high": 992, "low": 978, "close": 985},
            {
                "The whole loss was there at the open: -2.00%, then -1.50% at the close.",
                "The KOSPI opened 2.00% lower and made up a part of it: it closed 1.50% down.",
                "All of the fall came overnight. The open was -2.00%, the close -1.50%.",
            },
        ),
        (
            {"opened": 1016, "high": 1024, "low": 1014, "close": 1020},
            {
                "Most of the rise was there at the open: +1.60%, then +2.00% at the close.",
                "The KOSPI opened 1.60% higher, and the session added little more: it closed 2.00% up.",
                "The night before made most of it. The KOSPI opened at +1.60% and went on to +2.00%.",
            },
        ),
        (
            {"opened": 990, "high": 993, "low": 976, "close": 980},
            {
                "A part of the fall was there at the open (-1.00%), the rest came during the session.",
                "The KOSPI opened 1.00% lower and kept going, to -2.00% at the close.",
                "Open and session share the fall: -1.00% at the start, -2.00% at the close.",
            },
        ),
        (
            {"opened": 1001, "high": 1024, "low": 999, "close": 1020},
            {
                "The KOSPI opened 0.10% higher; the rise came during the session.",
                "The open told little (+0.10%). The rise was made between the bells.",
                "From +0.10% at the open the KOSPI worked its way up to +2.00%.",
            },
        ),
        (
            {"opened": 1003, "high": 1012, "low": 992, "close": 1001},
            {
                "The KOSPI traded between -0.80% and +1.20% and closed 0.10% up.",
                "It went nowhere in the end: +1.20% at the high, -0.80% at the low, +0.10% at the close.",
                "Between a high of +1.20% and a low of -0.80% the KOSPI closed 0.10% up.",
            },
        ),
    ],
)
def test_the_shape_of_a_day_follows_its_prices(prices, ways):
    facts = facts_of(quiet(quote(**prices)))
    told = {way for turn in TURNS for way in ways if way in section(facts, "happened", turn)}
    assert told == ways


@pytest.mark.parametrize(
    ("prices", "ways"),
    [
        (
            {"opened": 1001, "high": 1020, "low": 999, "close": 1020},
            {
                "The close is the high of the day.",
                "It closed at its high.",
                "No level of the day was higher than the last.",
            },
        ),
        (
            {"opened": 1001, "high": 1020.5, "low": 999, "close": 1020},
            {
                "It closed within a hair of its high, 1,020.50.",
                "Next to nothing lies between the high of 1,020.50 and the close.",
                "Hardly anything was given back: the high was 1,020.50, the close 1,020.00.",
            },
        ),
        (
            {"opened": 1001, "high": 1030, "low": 999, "close": 1020},
            {
                "At its high it had been up 3.00%; 1.00 pp of that was given back.",
                "The high was 1,030.00 (+3.00%), 1.00 pp above the close.",
                "It stood 3.00% up at the high and gave back 1.00 pp.",
            },
        ),
        (
            {"opened": 999, "high": 1001, "low": 980, "close": 980.5},
            {
                "It closed within a hair of its low, 980.00.",
                "Next to nothing lies between the low of 980.00 and the close.",
                "Hardly anything was made up: the low was 980.00, the close 980.50.",
            },
        ),
        (
            {"opened": 999, "high": 1001, "low": 970, "close": 985},
            {
                "From the low of 970.00 it came back 1.55%.",
                "The low was 970.00 (-3.00%); 1.55% was made up from there.",
                "It had been worse: -3.00% at the low, from where it came back 1.55%.",
            },
        ),
    ],
)
def test_how_a_day_ended(prices, ways):
    facts = facts_of(quiet(quote(**prices)))
    assert {way for turn in TURNS for way in ways if way in section(facts, "happened", turn)} == ways


def test_open_high_low_and_close_are_one_table():
    text = section(facts_of(quiet(quote(), quote("KOSDAQ"))), "happened")
    assert text.count("\n| --- ") == 1
    assert "| **KOSPI** | 1,000.00 | 1,010.00 | 995.00 | 1,005.00 | +0.50% | 1.50% |" in text


def test_a_wide_range_is_told_with_its_place():
    facts = facts_of(quiet(quote()))
    wide = ExtremeFacts(
        rank=figure("rank", 2, precision=0),
        high=True,
        among=figure("among", 608, "sessions", 0),
        first=figure("first", DAY.replace(year=2023, month=6), "date"),
    )
    text = section(replace(facts, extremes={"kospi_range_pct": wide}), "happened")
    assert "The 1.50% between low and high is the second widest of 608 sessions since June 2023." in text
    assert "widest" not in section(facts, "happened")


# --- Records --------------------------------------------------------------------------------------------


def rare(**more):
    facts = facts_of(quiet(quote(close=1030), quote("KOSDAQ", close=1030)))
    return replace(facts, main=replace(facts.main, **more), second=replace(facts.second, **more))


@pytest.mark.parametrize(
    ("more", "main", "second"),
    [
        (
            {"largest_since": figure("since", DAY.replace(year=2024), "date")},
            {
                "No session since March 4, 2024 had a larger gain.",
                "The KOSPI last rose as much on March 4, 2024.",
                "A gain of this size had not come to the KOSPI since March 4, 2024.",
            },
            {
                "The KOSDAQ had no larger gain since March 4, 2024.",
                "The KOSDAQ last rose as much on March 4, 2024.",
                "A gain of this size had not come to the KOSDAQ since March 4, 2024.",
            },
        ),
        (
            {"streak": figure("streak", 5, "sessions", 0)},
            {
                "The KOSPI has risen five sessions in a row.",
                "It was the fifth gain in a row.",
                "The KOSPI’s run of gains is now five sessions long.",
            },
            {
                "The KOSDAQ has risen five sessions in a row.",
                "For the KOSDAQ it was the fifth gain in a row.",
                "The KOSDAQ’s run of gains is now five sessions long.",
            },
        ),
        (
            {
                "large_move": figure("bound", 3.0, "%", 0),
                "large_moves_this_year": figure("n", 4, "sessions", 0),
            },
            {
                "This is the year’s fourth rise of 3% or more.",
                "The KOSPI now has four rises of 3% or more this year.",
                "It was the fourth rise of at least 3% this year.",
            },
            {
                "For the KOSDAQ this is the year’s fourth rise of 3% or more.",
                "The KOSDAQ now has four rises of 3% or more this year.",
                "For the KOSDAQ it was the fourth rise of at least 3% this year.",
            },
        ),
    ],
)
def test_both_indices_have_their_records_and_never_in_the_same_words(more, main, second):
    facts = rare(**more)
    said = [section(facts, "happened", turn) for turn in TURNS]
    assert {way for text in said for way in main if way in text} == main
    assert {way for text in said for way in second if way in text} == second
    for text in said:
        shapes = [way.replace("KOSDAQ", "KOSPI") for way in (*main, *second) if way in text]
        assert len(set(shapes)) == len(shapes) == 2


def test_a_place_among_all_sessions():
    facts = rare(
        rank=figure("rank", 17, precision=0),
        rank_among=figure("among", 7755, "sessions", 0),
        rank_first=figure("first", DAY.replace(year=1995, month=5), "date"),
        largest_since=figure("since", DAY.replace(year=2020), "date"),
    )
    facts = replace(facts, second=None)
    assert {
        (
            "The gain of the KOSPI is the 17th largest of 7,755 sessions since May 1995; the last one "
            "as large was on "
            "March 4, 2020."
        ),
        (
            "Of 7,755 sessions of the KOSPI since May 1995 this one has the 17th largest gain, and no "
            "day since "
            "March 4, 2020 had one as large."
        ),
    } == {
        line[line.index(begin) :].strip()
        for turn in TURNS
        for line in section(facts, "happened", turn).splitlines()
        for begin in ("The gain of the KOSPI is", "Of 7,755")
        if begin in line
    }


def test_at_most_two_records_a_day_the_most_telling_first():
    facts = rare(
        largest_since=figure("since", DAY.replace(year=2024), "date"),
        highest_since=figure("high", DAY.replace(year=2025), "date"),
        large_move=figure("bound", 3.0, "%", 0),
        large_moves_this_year=figure("n", 4, "sessions", 0),
        streak=figure("streak", 5, "sessions", 0),
    )
    for turn in TURNS:
        text = section(facts, "happened", turn)
        assert "2024" in text
        assert "2025" in text
        assert "of the year" not in text
        assert "year’s" not in text.replace("day’s", "")
        assert "KOSPI has risen" not in text


def test_the_lede_and_this_section_do_not_both_tell_the_size():
    facts = rare(largest_since=figure("since", DAY.replace(year=2024), "date"))
    first = AngleFacts(key="large-rise", rule="", bits=9.0)
    assert "2024" in section(replace(facts, second=None), "happened")
    assert "2024" not in section(replace(facts, second=None, angles=(first,)), "happened")


# --- Flows ----------------------------------------------------------------------------------------------


def flow(market, investor, net, direction=None):
    return Flow(
        origins=ORIGIN, scope=market, scope_kind="market", investor=investor, net_krw=net, direction=direction
    )


def test_columns_without_a_value_are_left_out():
    session = replace(quiet(quote(), quote("KOSDAQ")), flows=(flow("KOSPI", "foreign", -2e12),))
    text = section(facts_of(session), "happened")
    assert "| Market | Close | Change | Foreigners |" in text
    assert "| KOSDAQ | 1,005.00 | +0.50% | — |" in text


@pytest.mark.parametrize(
    ("there", "ways"),
    [
        (
            -2e11,
            {
                "Foreigners were net sellers on both markets: ₩2tn on the KOSPI, ₩200bn on the KOSDAQ.",
                (
                    "The net selling of foreigners reached both markets, with ₩2tn on the KOSPI and "
                    "₩200bn on the KOSDAQ."
                ),
                "On both markets foreigners net sold: ₩2tn of KOSPI stocks, ₩200bn of KOSDAQ stocks.",
            },
        ),
        (
            2e11,
            {
                "On the KOSDAQ foreigners did the opposite and net bought ₩200bn.",
                (
                    "Foreigners split the markets: they net sold ₩2tn on the KOSPI and net bought "
                    "₩200bn on the KOSDAQ."
                ),
            },
        ),
    ],
)
def test_foreigners_on_two_markets(there, ways):
    flows = (flow("KOSPI", "foreign", -2e12), flow("KOSDAQ", "foreign", there))
    facts = facts_of(replace(quiet(quote(), quote("KOSDAQ")), flows=flows))
    assert sentences(facts, "happened", ("Foreigners", "The net selling", "On ")) == ways


def test_what_was_absorbed_at_home():
    told = sentences(
        facts_of(full_session()), "happened", ("Retail and", "Buyers at home", "Foreigners sold")
    )
    assert told == {
        (
            "Retail and institutions together bought **₩1.8tn**, against foreign net selling of "
            "**₩2tn**: 90% of it was "
            "absorbed at home."
        ),
        "Buyers at home absorbed **₩1.8tn** of the **₩2tn** that foreigners sold, or 90%.",
        (
            "Foreigners sold **₩2tn** net. Retail and institutions bought **₩1.8tn**, which absorbed "
            "90% of it."
        ),
    }


# --- Turnover -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("ratio", "told"), [(1.6, True), (1.2, False), (0.6, True)])
def test_turnover_is_told_where_it_is_unusual(ratio, told):
    session = quiet(replace(quote(), value_traded=2e13))
    facts = facts_of(session, Measures(day=DAY, values={"value_traded_ratio_20": ratio}))
    text = section(facts, "happened")
    assert ("### Turnover" in text) is told
    assert (f"{ratio:.2f}×" in text) is told
    assert ("heavy" in "".join(sentences(facts, "happened", "Trading was"))) is (ratio > 1.5)


# --- Breadth --------------------------------------------------------------------------------------------


def counts(scope, advancers, decliners, unchanged=0):
    return Breadth(
        origins=ORIGIN,
        scope=scope,
        listed=advancers + decliners + unchanged,
        advancers=advancers,
        decliners=decliners,
        unchanged=unchanged,
    )


def broad(kospi, kosdaq, *quotes, measures=None):
    both = [a + b for a, b in zip(kospi, kosdaq, strict=True)]
    breadth = (counts("all", *both), counts("KOSPI", *kospi), counts("KOSDAQ", *kosdaq))
    quotes = quotes or (quote(), quote("KOSDAQ"))
    return facts_of(replace(quiet(*quotes), breadth=breadth), measures)


def test_breadth_by_market():
    text = section(broad((300, 500, 100), (700, 400, 0)), "happened")
    assert "| Stocks | KOSPI | KOSDAQ | Both | Share |" in text
    assert "| Advancers | 300 | 700 | 1,000 | 50.0% |" in text
    assert "| Listed | 900 | 1,100 | 2,000 | — |" in text


def test_markets_that_part_are_told_so():
    parted = broad((300, 500), (700, 400))
    assert {
        "The two markets part here: more rose than fell on the KOSDAQ, more fell than rose on the KOSPI.",
        "The balance hides a split: -200 on the KOSPI, +300 on the KOSDAQ.",
        "On the KOSDAQ risers led, on the KOSPI fallers.",
    } == {
        way
        for turn in TURNS
        for way in section(parted, "happened", turn).replace(". ", ".\n").splitlines()
        if "part here" in way or "hides" in way or way.startswith("On the KOSDAQ risers")
    }
    agreed = broad((500, 300), (700, 400))
    assert not any("hides a split" in section(agreed, "happened", turn) for turn in TURNS)


@pytest.mark.parametrize(
    ("sides", "ways"),
    [
        (
            (200, 500),
            {
                "For each stock that rose, 2.5 fell.",
                "Fallers led risers by 2.5 to one.",
                "600 more stocks fell than rose.",
                "Breadth was 2.5 to one against the risers.",
            },
        ),
        (
            (480, 500),
            {
                "Risers and fallers were almost level: 960 to 1,000.",
                "40 stocks more on the one side than on the other: the market was split down the middle.",
                "Neither side had the day; only 40 stocks lie between them.",
            },
        ),
    ],
)
def test_breadth_that_goes_with_the_index_is_told_as_odds(sides, ways):
    facts = broad(sides, sides, quote(close=990), quote("KOSDAQ", close=990))
    assert sentences(facts, "happened", tuple(way[:12] for way in ways)) == ways


def test_breadth_against_the_index():
    facts = broad((200, 500), (200, 500))
    told = sentences(facts, "happened", ("600 more", "The index", "Fallers were"))
    assert {line.split()[0] for line in told} == {"600", "The", "Fallers"}
    assert all("600" in line and "0.50%" in line for line in told)


def test_price_limits_are_told_only_when_they_are_news():
    usual = Measures(day=DAY, values={"limit_up": 4.0, "limit_down": 0.0})
    facts = broad((500, 200), (500, 200), measures=usual)
    assert not any("price limit" in section(facts, "happened", turn) for turn in TURNS)
    first = AngleFacts(key="limit-up-cluster", rule="", bits=9.0)
    cluster = replace(facts, angles=(first,))
    assert all("upper price limit" in section(cluster, "happened", turn) for turn in TURNS)


@pytest.mark.parametrize(("ratio", "word"), [(125.3, "overheated"), (66.0, "washed out"), (100.0, None)])
def test_the_advance_decline_ratio_is_told_at_its_ends(ratio, word):
    facts = broad((500, 200), (500, 200), measures=Measures(day=DAY, values={"adr20": ratio}))
    for turn in TURNS:
        text = section(facts, "happened", turn)
        assert (f"{ratio}%" in text) is (word is not None)
        assert word is None or word in text


# --- Who led --------------------------------------------------------------------------------------------


def stock(name, change, points=None, *, code=None, share=None, named=True, close=1000.0):
    code = code or name
    return StockFacts(
        code=code,
        name=name,
        named=named,
        close=figure(f"{code}.close", close, "KRW a share", 0),
        change=figure(f"{code}.change", change, "%"),
        points=None if points is None else figure(f"{code}.points", points, "points"),
        share=None if share is None else figure(f"{code}.share", share, "%", 1),
    )


def led(close=1020.0, *, ups=(), downs=(), **more):
    facts = facts_of(quiet(quote(opened=1000, high=max(close, 1000), low=min(close, 1000), close=close)))
    ups = ups or (stock("Alpha", 4.0, 15.0, share=75.0), stock("Beta", 2.0, 6.0, share=30.0))
    downs = downs or (stock("Gamma", -1.0, -1.5, share=-7.5), stock("Delta", -0.5, -0.5, share=-2.5))
    return replace(facts, leaders=ups, draggers=downs, **more)


def test_the_winning_side_has_the_table_the_other_a_sentence():
    text = section(led(), "leadership")
    assert "## Leadership — what moved the index" in text
    assert "| **Alpha** | ₩1,000 | +4.00% | +15.00 |" in text
    assert "| Gamma" not in text
    assert "Gamma (-1.00%, -1.50 points) and Delta (-0.50%, -0.50 points)" in text
    fallen = section(led(980.0), "leadership")
    assert "## What pulled the index down" in fallen
    assert "| **Gamma** | ₩1,000 | -1.00% | -1.50 |" in fallen
    assert "| Alpha" not in fallen
    assert "### What held" in fallen


def test_a_day_that_hardly_moved_has_one_short_table():
    text = section(led(1001.0), "leadership")
    assert "## What moved under a flat index" in text
    assert text.count("\n| --- ") == 1
    assert "| **Alpha** |" in text
    assert "| Gamma |" in text
    for turn in TURNS:
        assert "+15.00" in (said := section(led(1001.0), "leadership", turn))
        assert "-1.5" in said


def test_shares_above_the_whole_are_left_out():
    top = {"top_share": figure("top", 90.0, "%", 1)}
    assert "Share of the move" in section(led(**top), "leadership")
    many = (stock("Alpha", 4.0, 60.0, share=310.0), stock("Beta", 2.0, 6.0, share=30.0))
    text = section(led(ups=many, **top), "leadership")
    assert "Share of the move" not in text
    assert "310" not in text


@pytest.mark.parametrize(
    ("two", "rest", "words"),
    [
        ((18.0, 5.0), -0.3, ("Without Alpha and Beta the KOSPI would have fallen 0.30%.",)),
        ((12.0, 4.0), 0.4, ("would have risen 0.40%", "comes to +0.40%")),
        ((1.0, 1.0), 1.8, ("had little to do with it", "were not the story", "was not a day of")),
        ((8.0, -3.0), 1.5, ("pulled apart", "went one way")),
        ((20.0, 0.001), 0.0, ("would have been unchanged", "comes to 0.00%")),
    ],
)
def test_the_index_without_its_two_largest(two, rest, words):
    names = tuple(stock(name, 1.0, points) for name, points in zip(("Alpha", "Beta"), two, strict=True))
    facts = led(two_largest=names, without_two=figure("without_two", rest, "%"))
    said = [section(facts, "leadership", turn) for turn in TURNS]
    assert any(words[0] in text for text in said)
    assert all(any(word in text for word in words) or rest < 0 for text in said)
    assert not any("would have not" in text for text in said)


def group(name, points, *names):
    return LeaderGroup(
        name=name,
        stocks=tuple(stock(each, 1.0, 1.0) for each in names),
        points=figure(f"{name}.points", points, "points"),
    )


def test_sectors_in_common():
    one = section(led(leader_groups=(group("Ships", 8.0, "Alpha", "Beta"),)), "leadership")
    assert "**Ships**: Alpha and Beta added 8.00 of the 20.00 points." in one
    several = led(
        leader_groups=(
            group("Ships", 8.0, "A", "B"),
            group("Chips", 7.0, "C", "D"),
            group("Tea", 0.9, "E", "F"),
        )
    )
    text = section(several, "leadership")
    assert "- **Ships**: A and B added 8.00 of the 20.00 points." in text
    assert "- **Chips**: C and D added 7.00 of the 20.00 points." in text
    assert "Tea" not in text
    over = section(led(leader_groups=(group("Ships", 25.0, "A", "B"),)), "leadership")
    assert "added 25.00 points." in over


def test_a_name_that_few_can_read_has_its_code():
    foreign = stock("현대오토에버", 5.0, 9.0, code="307950", named=False)
    text = section(led(ups=(stock("Alpha", 4.0, 15.0), foreign)), "leadership")
    assert "| 현대오토에버 (307950) |" in text
    other = section(led(downs=(stock("에스엘", -5.0, -9.0, code="005850", named=False),)), "leadership")
    assert "에스엘 (005850, -5.00%, -9.00 points)" in other


def largest(changes, best=None, worst=None):
    stocks = tuple(stock(f"No {n}", change, change) for n, change in enumerate(changes))
    return LargestFacts(
        stocks=stocks,
        count=figure("count", len(stocks), "stocks", 0),
        rose=figure("rose", sum(change > 0 for change in changes), "stocks", 0),
        fell=figure("fell", sum(change < 0 for change in changes), "stocks", 0),
        among=figure("among", 100, "stocks", 0),
        best=best,
        worst=worst,
    )


@pytest.mark.parametrize(
    ("close", "changes", "ways"),
    [
        (
            1020.0,
            [1.0] * 10,
            {
                "All of the ten largest companies rose.",
                "Not one of the ten largest companies missed it.",
                "Each of the ten largest companies rose.",
            },
        ),
        (
            1020.0,
            [1.0] * 8 + [-1.0, 0.0],
            {
                "Of the ten largest companies, only No 8 and No 9 did not rise.",
                "Eight of the ten largest companies rose; No 8 and No 9 did not.",
                "Among the ten largest companies, No 8 and No 9 did not come along.",
            },
        ),
        (
            1020.0,
            [1.0, 1.0] + [-1.0] * 8,
            {
                "Of the ten largest companies, only No 0 and No 1 rose.",
                "Only two of the ten largest companies rose: No 0 and No 1.",
            },
        ),
        (
            980.0,
            [1.0] * 10,
            {
                "Not one of the ten largest companies fell.",
                "The ten largest companies had no part in it: not one fell.",
            },
        ),
        (
            980.0,
            [-1.0] * 6 + [1.0] * 4,
            {
                "The largest companies were split: four of the ten rose, six fell.",
                "Of the ten largest companies six fell and four rose.",
            },
        ),
    ],
)
def test_how_many_of_the_largest_went_along(close, changes, ways):
    facts = led(close, largest=largest(changes))
    said = [section(facts, "leadership", turn) for turn in TURNS]
    assert {way for text in said for way in ways if way in text} == ways
    assert all(any(way in text for way in ways) for text in said)


def test_the_largest_moves_in_per_cent_are_told_where_they_are_large():
    best, worst = stock("Epsilon", 18.0), stock("Zeta", -9.0)
    facts = led(largest=largest([1.0] * 10, best, worst))
    assert any("from Epsilon (+18.00%) to Zeta (-9.00%)" in section(facts, "leadership", t) for t in TURNS)
    shown = led(ups=(stock("Epsilon", 18.0, 15.0),), largest=largest([1.0] * 10, best, None))
    assert not any("100 largest" in section(shown, "leadership", t) for t in TURNS)
    tame = led(largest=largest([1.0] * 10, stock("Epsilon", 8.0), stock("Zeta", -5.0)))
    assert not any("100 largest" in section(tame, "leadership", t) for t in TURNS)


def test_the_second_index_has_its_movers_when_it_is_the_story():
    facts = facts_of(quiet(quote(close=1020), quote("KOSDAQ", close=1070)))
    movers = {
        "leaders": (stock("Alpha", 4.0, 15.0),),
        "second_leaders": (stock("Omega", 20.0, 6.2), stock("메지온", 29.6, 1.9, code="140410", named=False)),
        "second_draggers": (stock("Sigma", -6.0, -0.4),),
        "second_groups": (group("Batteries", 12.0, "Omega", "Psi"),),
    }
    angle = AngleFacts(key="kosdaq-surge", rule="", bits=9.0)
    text = section(replace(facts, angles=(angle,), **movers), "leadership")
    assert "### What lifted the KOSDAQ" in text
    assert "| **Omega** | ₩1,000 | +20.00% | +6.20 |" in text
    assert "| 메지온 (140410) |" in text
    assert "**Batteries**: Omega and Psi added 12.00 of the 70.00 points." in text
    assert "Sigma (-6.00%, -0.40 points)" in text
    assert "KOSDAQ" not in section(replace(facts, **movers), "leadership")
    silent = {**movers, "second_leaders": (stock("Omega", 20.0),), "second_groups": ()}
    text = section(replace(facts, angles=(angle,), **silent), "leadership")
    assert "| **Omega** | ₩1,000 | +20.00% |" in text


def sector(name, change, members, advancers):
    return SectorFacts(
        name=name,
        change=figure(f"{name}.change", change, "%"),
        members=figure(f"{name}.members", members, "stocks", 0),
        advancers=figure(f"{name}.advancers", advancers, "stocks", 0),
    )


@pytest.mark.parametrize(
    ("worst", "told"),
    [
        (sector("Chips", -3.77, 73, 55), True),
        (sector("Chips", -3.77, 73, 30), False),
        (sector("Chips", -0.2, 73, 55), False),
    ],
)
def test_a_sector_that_moves_against_most_of_its_stocks(worst, told):
    facts = led(best_sectors=(sector("Metals", 5.0, 20, 18),), worst_sectors=(worst,))
    for turn in TURNS:
        text = section(facts, "leadership", turn)
        assert "| Metals | +5.00% | 20 | 18 |" in text
        assert ("55 of" in text) is told


def test_the_names_of_a_cluster_are_those_that_rose():
    text = section(facts_of(full_session()), "leadership")
    assert "- **Samsung Electronics**: Memory — AI." in text
    assert (
        "| **Samsung Electronics** | ₩200,000 | +4.00% | Foreigners +₩300bn, institutions +₩200bn |" in text
    )


def test_a_table_of_flows_without_any_has_no_such_column():
    bare = Stock(origins=ORIGIN, code="000660", name="SK hynix", close=900000.0, change_pct=1.5)
    text = section(facts_of(without(full_session(stocks=(bare,)), "flows", "clusters")), "leadership")
    assert "| Name | Close | Change |" in text
    assert "Flow" not in text


# --- The outside and foreigners -------------------------------------------------------------------------


def test_the_outside_against_what_the_index_did():
    told = sentences(
        facts_of(full_session()), "macro", ("The open took", "With all of this", "If these inputs")
    )
    assert told == {
        "The open took these inputs in (-1.00%). The close did not: +2.00%.",
        (
            "With all of this known, the KOSPI opened at -1.00% and closed at +2.00%. What moved it in "
            "between is not in "
            "this table."
        ),
        "If these inputs set the open (-1.00%), they did not set the close (+2.00%).",
    }
    along = replace(full_session().indices[0], open=1010.0, open_change_pct=1.0)
    facts = facts_of(replace(full_session(), indices=(along,)))
    assert all("did not" not in section(facts, "macro", turn) for turn in TURNS)
    assert all("+1.00%" in section(facts, "macro", turn) for turn in TURNS)


def test_a_column_of_impacts_only_where_there_is_one():
    reading = MacroReading(origins=ORIGIN, variable="VIX", value=17.9, unit="points", reading="stable")
    text = section(facts_of(replace(full_session(), macro=(reading,))), "macro")
    assert "| Variable | Reading |" in text
    assert "| VIX | 17.9 points, stable |" in text


def test_foreign_flow_taken_apart():
    told = sentences(facts_of(full_session()), "foreign", ("**",))
    assert told == {
        (
            "**Not one direction.** Foreigners sold SK hynix, and bought Batteries and Samsung "
            "Electronics; the net "
            "figure of -₩2tn does not show that."
        ),
        (
            "**They did not trade Korea as a whole.** SK hynix went out, Batteries and Samsung "
            "Electronics came in, and "
            "-₩2tn is what is left."
        ),
        (
            "**The net figure hides two lists.** Foreigners bought Batteries and Samsung Electronics "
            "while they sold SK "
            "hynix."
        ),
    }


def test_one_stocks_part_of_the_selling():
    flows = (
        *full_session().flows[:3],
        Flow(origins=ORIGIN, scope="000660", scope_kind="stock", investor="foreign", net_krw=-1.5e12),
    )
    facts = facts_of(without(replace(full_session(), flows=flows), "context"))
    said = [section(facts, "foreign", turn) for turn in TURNS]
    assert all("75%" in text for text in said)
    small = replace(flows[3], net_krw=-2e11)
    facts = facts_of(without(replace(full_session(), flows=(*flows[:3], small)), "context"))
    assert not any("10%" in section(facts, "foreign", turn) for turn in TURNS)


def test_only_sold_is_headed_so_and_sizes_need_one():
    flows = (
        Flow(origins=ORIGIN, scope="000660", scope_kind="stock", investor="foreign", direction="net sell"),
    )
    facts = facts_of(without(replace(full_session(), flows=flows), "stocks", "context", "notes"))
    text = section(facts, "foreign")
    assert "### What they sold\n" in text
    assert "| Group | Direction |" in text


def test_a_streak_of_foreign_selling():
    facts = facts_of(full_session())
    facts = replace(facts, flow=replace(facts.flow, foreign_streak=figure("streak", 4, "sessions", 0)))
    said = [section(facts, "foreign", turn) for turn in TURNS]
    assert {
        way
        for text in said
        for way in (
            "It was the fourth session of net selling in a row.",
            "Foreigners have now been net sellers four sessions running.",
            "The run of net selling is four sessions long.",
        )
        if way in text
    } == {
        "It was the fourth session of net selling in a row.",
        "Foreigners have now been net sellers four sessions running.",
        "The run of net selling is four sessions long.",
    }
