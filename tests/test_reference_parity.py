"""Our post of 2026-05-13 side by side with the reference's: figures, order of sections, length.

The reference is read from `../shared/market` as the test runs; of it only figures and the names of concepts
stand here, none of its sentences.
"""

from __future__ import annotations

import html
import re
import shutil
from dataclasses import dataclass
from datetime import date
from functools import cache

import pytest
from post_text import plain, split
from real_data import MARKET, ROOT, needs_market

from generator.blog import open_blog
from generator.config import load
from generator.pipeline import plan_post

pytestmark = needs_market

DAY = date(2026, 5, 13)
LEAST_SHARE = 0.90
SHORTEST, LONGEST = 0.60, 1.20


@dataclass(frozen=True, slots=True)
class Stated:
    """A figure of the reference: its size as text, and the cell of the dataset that gives it."""

    figure: str
    cell: str
    ours: str = ""
    """A pattern for the same figure as we write it, where that is another text."""

    @property
    def pattern(self) -> re.Pattern[str]:
        """The figure as a whole: 955 is not found in 1,955 or 955.5."""
        return re.compile(rf"(?<![\d.,])(?:{self.ours or re.escape(self.figure)})(?![\d]|[.,]\d)")


CAN_GIVE = (
    # Title, lede, summary.
    Stated("May 13", "session.yaml date"),
    Stated("7,844", "indices KOSPI close"),
    Stated("7,844.01", "indices KOSPI close"),
    Stated("2.63%", "indices KOSPI change_pct"),
    Stated("1.69%", "indices KOSPI open_change_pct"),
    Stated("7,400", "intraday Morning level"),
    Stated("₩3.76tn", "flows KOSPI foreign"),
    Stated("0.20%", "indices KOSDAQ change_pct"),
    Stated("955", "breadth advancers"),
    Stated("1,455", "breadth decliners"),
    Stated("500", "breadth decliners − advancers"),
    Stated("₩1.89tn", "flows KOSPI retail"),
    Stated("₩1.69tn", "flows KOSPI institution"),
    Stated("$100", "macro WTI oil value"),
    Stated("May 14", "session.yaml publish_at, and the next session"),
    # What happened.
    Stated("09:00", "intraday time"),
    Stated("7,643", "indices KOSPI previous_close", r"7,643(?:\.10)?"),
    Stated("2.5%", "intraday Morning change_pct"),
    Stated("14:00", "intraday time"),
    Stated("15:30", "intraday time"),
    Stated("4.3%", "indices KOSPI change_pct − open_change_pct", r"4\.32? (?:pp|percentage points)"),
    Stated("May 6", "context date"),
    Stated("6.5%", "context 2026-05-06 change_pct"),
    Stated("₩3.13tn", "context 2026-05-06 foreign_net"),
    Stated("₩1,890bn", "flows KOSPI retail"),
    Stated("₩1,690bn", "flows KOSPI institution"),
    Stated("₩3,760bn", "flows KOSPI foreign"),
    Stated("1,176.93", "indices KOSDAQ close"),
    Stated("₩3.58tn", "flows KOSPI retail + institution"),
    Stated("1:1", "(flows KOSPI retail + institution) ÷ |foreign|", "95%"),
    Stated("2,827", "breadth listed"),
    Stated("33.8%", "breadth advancers ÷ listed"),
    Stated("51.5%", "breadth decliners ÷ listed"),
    Stated("417", "breadth unchanged"),
    Stated("14.7%", "breadth unchanged ÷ listed"),
    # Who led, and who did not.
    Stated("₩1,976,000", "stocks 000660 close"),
    Stated("7.68%", "stocks 000660 change_pct"),
    Stated("₩907.7bn", "stocks 000660 institution_net_krw"),
    Stated("₩284,000", "stocks 005930 close"),
    Stated("1.79%", "stocks 005930 change_pct"),
    Stated("₩1.55tn", "stocks 005930 foreign_net_krw"),
    Stated("₩456.1bn", "stocks 005930 institution_net_krw"),
    Stated("₩1.01tn", "stocks 005930 retail_net_krw"),
    Stated("₩1,029,000", "stocks 009150 close"),
    Stated("7.41%", "stocks 009150 change_pct"),
    Stated("₩188bn", "stocks 009150 foreign_institution_net_krw"),
    Stated("₩142,900", "stocks 353200 close"),
    Stated("11.64%", "stocks 353200 change_pct"),
    Stated("₩40.1bn", "stocks 353200 institution_net_krw"),
    Stated("₩710,000", "stocks 005380 close"),
    Stated("9.91%", "stocks 005380 change_pct"),
    Stated("₩428.8bn", "stocks 005380 foreign_institution_net_krw"),
    Stated("₩450bn", "stocks 005380 retail_net_krw"),
    Stated("₩649,000", "stocks 012330 close"),
    Stated("18.43%", "stocks 012330 change_pct"),
    Stated("1Q26", "sectors Gaming probable_reason"),
    # The outside.
    Stated("0.4%", "macro US April CPI change"),
    Stated("1.8%", "macro US semis index (SOX) change"),
    Stated("1,470s", "macro USD/KRW value", "1,470s?|1470s"),
    Stated("₩460,000", "events headline"),
    Stated("May 11", "events date"),
    Stated("May 12", "events date"),
    Stated("4-point", "indices KOSPI change_pct − open_change_pct", r"4\.32? (?:pp|percentage points)"),
    # Foreign selling taken apart.
    Stated("₩1,550bn", "flows 005930 foreign"),
    Stated("₩100s", "flows 005380 foreign size", "[Hh]undreds of ₩bn"),
    Stated("$6.7bn", "context ytd_net_inflow USD"),
    Stated("₩9.5tn", "context ytd_net_inflow KRW"),
    Stated("40%", "flows KOSPI foreign ÷ context ytd_net_inflow"),
    Stated("May 7", "context date"),
    Stated("₩7.15tn", "context 2026-05-07 foreign_net"),
    # Regime and signals.
    Stated("33:51", "breadth advancers and decliners ÷ listed", "33.8%"),
    Stated("1,176", "indices KOSDAQ close", r"1,176(?:\.93)?"),
    Stated("May 14, 2026", "session.yaml publish_at"),
    Stated("May 13, 2026", "session.yaml as_of"),
)  # fmt: skip
"""Every figure of the reference that the session's dataset can give, in the order it appears there."""

CANNOT_GIVE = {
    "7,000": "the level that KOSPI passed on May 6: the context has that day's change only",
    "10-20": "how many names pulled the index: no market values in the dataset",
    "#1": "rank by market value: no market values in the dataset",
    "#2": "the same",
    "-2%": "the writer's guess of a usual open",
    "-3%": "the same",
    "1Q": "the quarter of Hyundai Motor's earnings: not among the events",
    "May 12-13": "the end of a range of days: the events have May 12",
    "10-year": "an average of forward valuations: not in the dataset",
    "+2-3%": "the writer's picture of a broad rally",
    "60:40": "the same",
    "1-2": "weeks or sessions to wait: the writer's judgement",
    "1,200": "a level the writer waits for",
    "5/16": "how long the writer wants to watch, a Saturday at that",
    "May 14-16": "the same",
    "Top-10": "how many names the writer watches: no market values in the dataset",
}
"""Every other figure of it, with why no dataset like this one gives it."""

NO_FIGURE = re.compile(r"^#+ [\d.]+ |Signal \d:|\(\d\)|Part 4|^\d\. ", re.MULTILINE)
"""Numbers of headings, of signals, of a list's items and of a series: they state nothing."""


@cache
def reference() -> str:
    """The reference's text, one block a line, the related posts (other posts' titles) left out."""
    feed = (MARKET / "reference-feed.xml").read_text(encoding="utf-8")
    item = feed[feed.index("<item>") :]
    title = html.unescape(re.search(r"<title>(.*?)</title>", item, re.DOTALL)[1])
    description = html.unescape(re.search(r"<description>(.*?)</description>", item, re.DOTALL)[1])
    description = re.sub(r"<blockquote>.*?</blockquote>", "", description, flags=re.DOTALL)
    description = re.sub(r"<h([23])[^>]*>", lambda m: f"\n{'#' * int(m[1])} ", description)
    description = re.sub(r"</(?:p|li|tr|h2|h3|pre)>", "\n", description)
    description = re.sub(r"</t[dh]>", " | ", description)
    text = html.unescape(re.sub(r"<[^>]+>", "", description)).replace("\\~", "~")
    return title + "\n" + re.sub(r"[ \t]*\n\s*", "\n", text).strip()


@pytest.fixture(scope="module")
def ours(tmp_path_factory, warm_cache):
    """Our post of the same session: with the desk's notes, and from the tables alone."""
    made = {}
    for name in ("whole", "without notes"):
        root = tmp_path_factory.mktemp("parity") / "blog"
        root.mkdir()
        shutil.copy(ROOT / "config.yaml", root)
        shutil.copytree(ROOT / "layouts", root / "layouts")
        shutil.copytree(ROOT / "content" / "tags", root / "content" / "tags")
        shutil.copytree(ROOT / "datasets" / str(DAY), root / "datasets" / str(DAY))
        shutil.copytree(warm_cache, root / ".marketpost")
        (root / "feeds").mkdir()
        if name != "whole":
            (root / "datasets" / str(DAY) / "notes.md").unlink()
        post = plan_post(open_blog(load(root)), DAY).post
        made[name] = post
    return made


def told(post) -> str:
    """Title and body as plain text, line by line, without the related line."""
    lines = [line for line in post.body.splitlines() if not line.startswith(">")]
    return post.title + "\n" + "\n".join(plain(line) for line in lines)


_NUMBER = re.compile(
    r"May \d{1,2}(?:-\d{1,2}|, 2026)?(?![\d,])|(?:Top-|#)?[₩$]?\d+(?:,\d{3})*(?:[.:/\-–]\d+)*"
    r"(?:tn|bn|%|Q\d*|s\b|-[a-z]+)?"
)


def test_every_figure_of_the_reference_is_judged():
    """Nothing is left out of the lists above: each number of the reference's text is in one of them."""
    judged = {each.lstrip("+-") for each in (*(stated.figure for stated in CAN_GIVE), *CANNOT_GIVE)}
    # The year; and days as the reference also writes them, month first.
    judged |= {"2026", "5/13", "5/14"}
    found = {number.group() for number in _NUMBER.finditer(NO_FIGURE.sub("", reference()))}
    missing = sorted(found - judged)
    assert not missing, f"figures of the reference that no list judges: {missing}"


def test_every_figure_in_the_lists_is_the_references():
    text = reference()
    strange = [each.figure for each in CAN_GIVE if each.figure not in text]
    assert not strange


def test_most_figures_that_the_dataset_can_give_are_in_our_post(ours):
    text = told(ours["without notes"])
    missing = [stated for stated in CAN_GIVE if not stated.pattern.search(text)]
    share = 1 - len(missing) / len(CAN_GIVE)
    lines = "\n".join(f"  {stated.figure}: {stated.cell}" for stated in missing)
    assert share >= LEAST_SHARE, (
        f"{share:.1%} of the reference's {len(CAN_GIVE)} figures that its dataset can give; missing:\n{lines}"
    )


CONCEPTS = (
    ("summary", r"tl;dr"),
    ("what happened", r"what happened"),
    ("time of day", r"time.of.day|by the clock|course of the session"),
    ("flows", r"market-level flow|who bought|bought and who sold"),
    ("index against breadth", r"index.*breadth"),
    ("leadership", r"leadership|who led"),
    ("names that led", r"names that led"),
    ("what did not take part", r"didn.t participate|did not take part|stayed behind|held back"),
    ("macro backdrop", r"macro|backdrop"),
    ("what came from outside", r"inputs|from outside"),
    ("why", r"hypotheses|news around|why"),
    ("foreign flow", r"foreign.*(?:dissected|apart)"),
    ("what they sold and bought", r"sold and.*bought"),
    ("foreign flow in context", r"linking to|in context"),
    ("regime", r"compressed.*broad"),
    ("side by side", r"side.by.side"),
    ("what would end it", r"\bend (?:a compressed|it)"),
    ("implications", r"implications"),
    ("where money gathers", r"money (?:is concentrating|gathers|gathered|went)"),
    ("what it says and does not", r"signals from|data says|what it (?:means|says)"),
    ("checks", r"checks for"),
    ("bottom line", r"bottom line"),
    ("questions", r"^faq"),
)  # fmt: skip
"""The reference's sections and what its headings, and ours, are known by."""


def order(headings: list[str]) -> list[str]:
    """The concepts in the order of their headings; each heading is one, the first that fits and is free."""
    found: list[str] = []
    for heading in headings:
        bare = re.sub(r"^#+ (?:[\d.]+ )?", "", heading).lower()
        name = next((name for name, words in CONCEPTS if re.search(words, bare) and name not in found), "")
        if name:
            found.append(name)
    return found


def headings(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("##")]


def test_our_sections_are_in_the_references_order(ours):
    theirs = order(headings(reference()))
    assert theirs == [name for name, _ in CONCEPTS], "the list does not know the reference any more"
    here = order(headings(ours["whole"].body))
    missing = [name for name in theirs if name not in here]
    assert here == [name for name in theirs if name in here], f"our order: {here}"
    assert not missing, (
        f"no heading of ours is about: {', '.join(missing)}\nours: {headings(ours['whole'].body)}"
    )


def test_our_length_is_like_the_references(ours):
    def count(text: str) -> int:
        return sum(1 for word in text.replace("|", " ").split() if re.search(r"\w", word))

    share = count(told(ours["whole"])) / count(reference())
    assert SHORTEST <= share <= LONGEST, f"our post has {share:.0%} of the reference's words"


RUN = 8
"""Words in a row, figures left out, that are nobody's by chance."""


def runs(text: str) -> set[str]:
    """All runs of so many words inside the sentences of a text."""
    found = set()
    for sentence in (each for line in text.splitlines() for each in split(line)):
        spoken = re.findall(r"[a-z]+(?:’[a-z]+)?", re.sub(r"\S*\d\S*", " ", sentence.lower()))
        found |= {" ".join(spoken[at : at + RUN]) for at in range(len(spoken) - RUN + 1)}
    return found


def test_no_sentence_of_the_reference_is_in_our_post(ours):
    """What the dataset says in words may be shown; our own wording is ours."""
    _title, *body = told(ours["without notes"]).splitlines()
    prose = "\n".join(line for line in body if not line.startswith("|"))
    cells = "\n".join(
        path.read_text(encoding="utf-8").replace(",", "\n") for path in (MARKET / str(DAY)).glob("*.csv")
    )
    shared = runs(prose) & runs(reference()) - runs(cells)
    assert not shared, "words in a row that are the reference's:\n" + "\n".join(sorted(shared))
