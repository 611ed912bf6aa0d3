"""What every post is read for, from start to end; test_posts_read*.py give each test its posts.

Each test looks at all posts of a corpus and names every sentence it would not sign. The tests stand here and
not there, so that the posts of each market are made by a process of their own.
"""

from __future__ import annotations

import csv
import re
import shutil
import statistics
import traceback
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING

import made_sessions
import past_claims
import post_claims
import pytest
import raw_market
import yaml
from gate_truth import Judge, Tally, tally
from post_text import (
    FAULTS,
    Reading,
    blocks,
    cells,
    length,
    masked,
    opening,
    sentences,
    split,
    thoughts,
    unbalanced,
    words,
)
from real_data import KRX, ROOT, SOURCES, new_blog

from generator import calendars, pipeline
from generator.blog import open_blog
from generator.bundle import FIGURES
from generator.config import Market, load
from generator.gate.knowledge import Knowledge
from generator.preview.warm import WarmBlog
from generator.reading.quantities import quantities
from generator.reading.statements import FRONT_KEYS
from generator.reading.traces import from_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from typing import Literal

    from generator.pipeline import Plan

SAMPLES = (date(2026, 5, 13), date(2026, 5, 14))
REAL_SESSIONS, REAL_WEEKS = 33, 7
LAST_MADE = date(2026, 1, 30)
FEWEST_OF_A_WEEK = 2
"""A week of which one session is known is no week to sum up."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Posts made of one market, in the order they were made, and the market as its files have it."""

    name: str
    posts: tuple[Reading, ...]
    failed: tuple[str, ...]
    market: raw_market.Market
    root: Path
    """The blog that they stand in."""

    def of(self, kind: str) -> tuple[Reading, ...]:
        return tuple(post for post in self.posts if post.kind == kind)


def _weeks(days: Iterable[date]) -> list[date]:
    """The last known session of each week."""
    by_week: dict[tuple[int, int], list[date]] = defaultdict(list)
    for day in days:
        by_week[day.isocalendar()[:2]].append(day)
    return [week[-1] for week in by_week.values() if len(week) >= FEWEST_OF_A_WEEK]


def _made(name: str, root: Path, days: Sequence[date], market: raw_market.Market) -> Corpus:
    """Make the posts as a blogger would, day by day and the week's after its last; remember what failed."""
    cold = open_blog(load(root))
    blog = WarmBlog(config=cold.config, calendar=cold.calendar, sources=cold.sources)
    runs = [(day, "day") for day in days] + [(day, "week") for day in _weeks(days)]
    posts, failed = [], []
    for day, kind in sorted(runs):
        try:
            # Looked up here, so that a kind of post that is missing fails for that kind alone.
            plan = getattr(pipeline, "plan_post" if kind == "day" else "plan_week")(blog, day)
        except Exception as error:  # noqa: BLE001 - a test tells all that failed
            place = traceback.extract_tb(error.__traceback__)[-1]
            failed.append(f"{kind} {day}: {type(error).__name__}: {error} ({place.filename}:{place.lineno})")
            continue
        plan.write()
        blog.memory.forget("content")
        posts.append(reading(name, root, plan, day, kind))
    return Corpus(name, tuple(posts), tuple(failed), market, root)


def reading(name: str, root: Path, plan: Plan, day: date, kind: Literal["day", "week"]) -> Reading:
    """A planned post as a reader gets it."""
    (figures,) = [each.content for each in plan.files if each.path.name == FIGURES]
    traces = from_json(figures.decode())
    notes = root / "datasets" / str(day) / "notes.md"
    return Reading(
        corpus=name,
        day=day,
        kind=kind,
        title=plan.post.title,
        description=plan.post.description,
        slug=plan.post.slug,
        angle=str(plan.post.extra.get("angle", "")),
        body=plan.post.body,
        figures=traces.figures,
        statements=traces.statements,
        texts=_said_by(root / "datasets" / str(day)),
        notes=notes.read_text(encoding="utf-8") if notes.exists() else "",
    )


def _said_by(folder: Path) -> str:
    """What the tables of a dataset say in words."""
    said = []
    for path in sorted(folder.glob("*.csv")):
        for row in csv.reader(path.read_text(encoding="utf-8").splitlines()):
            said += [cell for cell in row if not re.fullmatch(r"[-+\d.]*", cell)]
    return "\n".join(said)


def _samples(folder: Path, warm: Path) -> Corpus:
    root = new_blog(folder / "blog", warm)
    shutil.copytree(ROOT / "datasets", root / "datasets")
    return _made("samples", root, SAMPLES, raw_market.folder_market(root / "datasets"))


def _made_market(folder: Path, warm: Path) -> Corpus:
    root = new_blog(folder / "blog", warm, made_sessions.SOURCES)
    known = calendars.load(Market(), root / ".marketpost").sessions
    days = made_sessions.make(root, [day for day in known if day <= LAST_MADE])
    market = raw_market.folder_market(
        root / "datasets",
        histories={name: root / f"made-{name.lower()}.csv" for name in ("KOSPI", "KOSDAQ")},
        listings=root / "listings",
        sectors=root / "sectors.csv",
    )
    return _made("made", root, days, market)


def _real(folder: Path, warm: Path) -> Corpus:
    root = new_blog(folder / "blog", warm, SOURCES)
    names = yaml.safe_load(
        (ROOT / "generator" / "wording" / "en" / "sectors.yaml").read_text(encoding="utf-8")
    )
    market = raw_market.real_market(KRX, names)
    return _made("real", root, sorted(market.stocks), market)


CORPORA = {"samples": _samples, "made": _made_market, "real": _real}


def made_corpus(name, tmp_path_factory, warm_cache):
    """All posts of one market, made once."""
    return CORPORA[name](tmp_path_factory.mktemp(name), warm_cache)


def tell(found: Iterable[str], what: str, most: int = 25) -> None:
    """Fail with what was found, the first so many of it."""
    lines = list(found)
    if lines:
        more = f"\n… and {len(lines) - most} more" if len(lines) > most else ""
        pytest.fail(f"{what} ({len(lines)}):\n" + "\n".join(lines[:most]) + more, pytrace=False)


# --- That there is something to read -------------------------------------------------------------------


def test_every_session_and_week_has_its_post(corpus):
    tell(corpus.failed, "posts that could not be made")
    if corpus.name == "real":
        assert len(corpus.of("day")) == REAL_SESSIONS
        assert len(corpus.of("week")) == REAL_WEEKS
    if corpus.name == "made":
        assert len(corpus.of("day")) == made_sessions.COUNT


# --- Numbers ------------------------------------------------------------------------------------------


def _is_front(statement):
    return statement.text.startswith(tuple(f"{key}{mark}" for key in FRONT_KEYS for mark in ":."))


def test_every_number_has_its_figure(corpus):
    """But for words of a template (two lists), texts and names of the data, and questions asked before."""
    named = _names_with_digits(corpus.market)
    said = "\n".join(each.text for post in corpus.posts for each in post.statements if _is_front(each))
    tell(
        (
            f"{post}: {each.text} in “{statement.text}”"
            for post in corpus.posts
            for statement in post.statements
            if not _is_front(statement)
            for each in quantities(statement.text, "en", near=post.day)
            if (each.start, each.end) not in {(mark.start, mark.end) for mark in statement.marks}
            if not each.in_words and each.text not in post.texts and each.text not in said
            if not any(name in statement.text for name in named.get(each.text, ()))
        ),
        "numbers without a figure",
    )


def _names_with_digits(market):
    """Names of companies by the number that each holds."""
    found = defaultdict(set)
    for name in {name for day in market.stocks.values() for share in day for name in share.names}:
        for number in re.findall(r"\d+", name):
            found[number].add(name)
    return found


def test_every_number_is_read_as_its_figure_s_value(corpus):
    tell(
        (
            f"{post}: {each.text} as {each.value}, its figure is {figure['value']}"
            for post in corpus.posts
            for statement in post.statements
            for each in quantities(statement.text, "en", near=post.day)
            for mark in statement.marks
            if (mark.start, mark.end) == (each.start, each.end)
            for figure in (post.figures[mark.figure],)
            if not _is_read(each, figure)
        ),
        "numbers that are read as another value",
    )


def _is_read(quantity, figure):
    value = figure["value"]
    if figure["unit"] == "date":
        day = date.fromisoformat(value)
        known = {"weekday": day.weekday(), "month": day.month, "year": day.year}
        return quantity.day == day if quantity.unit == "date" else quantity.value == known[quantity.unit]
    if figure["unit"] == "time":
        hour, minute = map(int, value.split(":")[:2])
        return quantity.value == hour * 60 + minute
    off = abs(abs(Decimal(repr(value))) - abs(quantity.value))
    # Shares that add up may be one step off.
    return off <= quantity.resolution * (2 if figure["unit"] == "%" else 1)


# --- Repetition ----------------------------------------------------------------------------------------


def _neighbours(corpus):
    for kind in ("day", "week"):
        yield from pairwise(corpus.of(kind))


def test_neighbours_do_not_open_alike(corpus):
    tell(
        (
            f"{before} and {after}\n    {opening(before)}\n    {opening(after)}"
            for before, after in _neighbours(corpus)
            if masked(opening(before)) == masked(opening(after))
        ),
        "neighbouring posts open with one sentence, figures apart",
    )


def test_every_post_opens_with_a_sentence(corpus):
    tell((str(post) for post in corpus.posts if words(opening(post)) < 4), "posts without a lede")


MOST_WORD_FOR_WORD = 1 / 3
MOST_OF_ONE_PATTERN = {"day": 1 / 2, "week": 2 / 3}
"""Of few posts chance makes a larger share; the most of the 33 real days is twelve."""
FEWEST_WORDS = 3
"""A yes or a no may come as often as it must."""
FEWEST_POSTS = 6
"""Of fewer posts a share says nothing."""


def _repeated(posts, form, most):
    """Sentences in more than so great a share of the posts, rounded up; labelled notes are no sentences."""
    counts: Counter[str] = Counter()
    shown = {}
    for post in posts:
        told = (each for each in sentences(post) if not each.label and words(each.text) >= FEWEST_WORDS)
        for text, sentence in {form(each.text): each for each in told}.items():
            counts[text] += 1
            shown.setdefault(text, f"{post}, {sentence.block.section or 'lede'}: {sentence.text}")
    return [
        f"{count} of {len(posts)}: {shown[text]}"
        for text, count in counts.most_common()
        if count > ceil(most * len(posts))
    ]


@pytest.mark.parametrize("kind", ["day", "week"])
def test_no_sentence_comes_back_word_for_word(corpus, kind):
    posts = corpus.of(kind)
    if len(posts) < FEWEST_POSTS:
        pytest.skip("too few posts of this kind to speak of shares")
    tell(_repeated(posts, str, MOST_WORD_FOR_WORD), "sentences in more than a third of the posts")


@pytest.mark.parametrize("kind", ["day", "week"])
def test_no_pattern_is_in_most_posts(corpus, kind):
    posts = corpus.of(kind)
    if len(posts) < FEWEST_POSTS:
        pytest.skip("too few posts of this kind to speak of shares")
    tell(_repeated(posts, masked, MOST_OF_ONE_PATTERN[kind]), "patterns in too many posts")


def test_no_post_says_a_sentence_twice(corpus):
    found = []
    for post in corpus.posts:
        counts = Counter((each.block.section, each.text) for each in sentences(post))
        found += [f"{post}, {section or 'lede'}: {text}" for (section, text), n in counts.items() if n > 1]
    tell(found, "sentences said twice in one section")


# --- Faults of writing ---------------------------------------------------------------------------------


def _texts(post):
    """Everything a reader reads, place by place: title, description, and each block, cells apart."""
    yield "title", post.title
    yield "description", post.description
    for block in blocks(post):
        if block.kind == "table":
            header, rows = cells(block)
            yield from ((f"table in {block.section}", cell) for row in (header, *rows) for cell in row)
        elif block.kind not in ("quote", "rule", "code"):
            yield block.section or block.region, block.text


@pytest.mark.parametrize(("fault", "pattern"), FAULTS, ids=[name for name, _ in FAULTS])
def test_no_fault_of_writing(corpus, fault, pattern):
    found = []
    for post in corpus.posts:
        for where, text in _texts(post):
            hit = pattern.search(text)
            if hit:
                context = text[max(0, hit.start() - 60) : hit.end() + 40]
                found.append(f"{post}, {where}: …{context}…  [{hit.group()}]")
    tell(found, fault)


def test_brackets_and_quotes_close(corpus):
    found = [
        f"{post}, {where}: {text}  [{unbalanced(text)}]"
        for post in corpus.posts
        for where, text in _texts(post)
        if unbalanced(text)
    ]
    found += [
        f"{post}: odd number of ** in: {block.raw}"
        for post in corpus.posts
        for block in blocks(post)
        if block.raw.count("**") % 2
    ]
    tell(found, "brackets, quotes or emphasis that do not close")


def test_no_table_is_empty(corpus):
    found = []
    for post in corpus.posts:
        for block in blocks(post):
            if block.kind != "table":
                continue
            header, rows = cells(block)
            if not rows:
                found.append(f"{post}, {block.section}: no rows under {header}")
            for name, column in zip(header, zip(*rows, strict=True), strict=True):
                if all(cell in ("", "—", "-") for cell in column):
                    found.append(f"{post}, {block.section}: nothing in column {name!r} of {header}")
    tell(found, "tables that say nothing")


def test_no_heading_is_without_text(corpus):
    found = []
    for post in corpus.posts:
        found += [
            f"{post}: {block.text}"
            for block in blocks(post)
            if block.kind == "heading" and block.followed_by in ("rule", "")
        ]
    tell(found, "headings with nothing under them")


_CLOSED = re.compile(r".*[.?!…][)”’\"]*", re.DOTALL)


def test_paragraphs_end_as_sentences_do(corpus):
    found = []
    for post in corpus.posts:
        for block in blocks(post):
            if block.kind not in ("paragraph", "item"):
                continue
            introduces = block.text.endswith(":") and block.followed_by in (
                "item",
                "table",
                "paragraph",
                "code",
            )
            if not (_CLOSED.fullmatch(block.text) or introduces):
                found.append(f"{post}, {block.section or block.region}: {block.text[-80:]}")
    tell(found, "paragraphs without a full stop")


def test_sentences_begin_with_a_capital(corpus):
    names = re.compile(r"i[A-Z]|[a-z]+[A-Z]")
    tell(
        (
            f"{post}, {each.block.section or 'lede'}: {each.text}"
            for post in corpus.posts
            for each in sentences(post)
            if not each.label and each.text[0].islower() and not names.match(each.text)
        ),
        "sentences that begin in lower case",
    )


# --- Sentences -----------------------------------------------------------------------------------------

# fmt: off
VERBS = frozenset({
    "absorbed", "account", "accounted", "accounts", "added", "adds", "advanced", "agree", "agreed",
    "agrees", "answered", "applies", "apply", "are", "ask", "asked", "asks", "be", "beat", "been",
    "began", "begins", "belong", "belonged", "belongs", "bind", "binds", "bought", "bring", "brings",
    "broke", "brought", "buy", "buys", "called", "came", "can", "cannot", "carried", "carries", "carry",
    "catches", "changes", "climbed", "closed", "closes", "come", "comes", "cost", "could", "counted",
    "counts", "covered", "crept", "crossed", "decide", "decided", "decides", "declined", "described",
    "describes", "did", "differ", "differed", "differs", "dipped", "do", "does", "doubled", "dragged",
    "drew", "drifted", "dropped", "eased", "edged", "ended", "ends", "equal", "equalled", "equals",
    "escaped", "explained", "explains", "extend", "extended", "fail", "failed", "fails", "falls",
    "favoured", "favours", "fell", "finds", "fit", "fits", "follow", "followed", "follows", "found",
    "gained", "gave", "gets", "gives", "go", "goes", "got", "grew", "grow", "grows", "had", "halves",
    "has", "have", "held", "hides", "hit", "hold", "holds", "inched", "is", "join", "joined", "joins",
    "jumped", "keep", "keeps", "kept", "lagged", "lay", "leapt", "leave", "leaves", "led", "left", "lie",
    "lies", "lifted", "looked", "lose", "loses", "lost", "made", "make", "makes", "marked", "may",
    "mean", "means", "meant", "meet", "meets", "met", "might", "missed", "moved", "must", "narrowed",
    "needs", "opened", "outnumber", "outnumbered", "outran", "owed", "owes", "paid", "passed", "passes",
    "pays", "plunged", "point", "pointed", "proved", "proves", "pulled", "pushed", "put", "puts",
    "rallied", "ran", "ranged", "reached", "reads", "rebounded", "recover", "recovered", "recovers",
    "remain", "remained", "remains", "repeat", "repeated", "repeats", "resolved", "rested", "rests",
    "resume", "resumes", "retreated", "returned", "reversed", "rises", "rose", "said", "sank", "saw",
    "say", "says", "sell", "sells", "sent", "separated", "separates", "set", "settled", "settles",
    "share", "shared", "show", "showed", "shows", "shrank", "slid", "slipped", "snapped", "soared",
    "sold", "speaks", "spoke", "stand", "stands", "started", "starts", "stay", "stayed", "stays",
    "stood", "stop", "stopped", "stops", "stretched", "surged", "swung", "take", "takes", "tell",
    "tells", "tested", "ticked", "told", "took", "touched", "tracks", "traded", "trailed", "tumbled",
    "turned", "turns", "waited", "waits", "want", "wants", "was", "weigh", "weighed", "weighs", "went",
    "were", "widened", "will", "worked", "works", "would",
})
# fmt: on
"""What our templates make sentences with, without words that are as often nouns (rise, gain); a new verb is
added here by whoever writes it."""

SHORT_ANSWER = 14
"""Words of an answer that needs no verb, as the question has it: "At 957.50, up 1.26%."."""


def _has_verb(text: str) -> bool:
    return any(word in VERBS for word in re.findall(r"[a-z]+", text.lower()))


def _is_note(sentence) -> bool:
    """Words under a heading in bold, as a summary and a list have them: "**A gap:** 1.47 pp."."""
    item = sentence.block.kind == "item"
    return (
        (bool(sentence.label) and (item or sentence.label.rstrip().endswith(":")))
        or (item and sentence.block.section == "TL;DR" and sentence.block.raw.startswith("- **"))
        or (sentence.answer and words(sentence.text) <= SHORT_ANSWER)
    )


def test_every_sentence_has_a_verb(corpus):
    tell(
        dict.fromkeys(
            f"{post}, {each.block.section or 'lede'}: {each.text}"
            for post in corpus.posts
            for each in sentences(post)
            if not _has_verb(each.text) and not _is_note(each)
        ),
        "sentences without a verb of the list",
    )


LONGEST, MEAN = 45, 22


def test_sentences_are_short(corpus):
    found = []
    for post in corpus.posts:
        found += [
            f"{post}, {each.block.section or 'lede'}: {thoughts(each.text)} words: {each.text}"
            for each in sentences(post)
            if thoughts(each.text) > LONGEST
        ]
        mean = statistics.fmean(words(each.text) for each in sentences(post))
        if mean > MEAN:
            found.append(f"{post}: {mean:.1f} words a sentence")
    tell(found, "sentences that are too long")


# --- Words and figures ---------------------------------------------------------------------------------

_UP = (
    "rose|gained|climbed|jumped|surged|advanced|added|rallied|soared|leapt|edged "
    "up|crept up|inched up|up|net bought|"
    "bought|recovered|risen|gain of|rise of|jump of|surge of"
)
_DOWN = (
    "fell|lost|slipped|slid|dropped|tumbled|plunged|declined|eased|edged "
    "down|dipped|sank|retreated|down|net sold|sold|"
    "took|cost|fallen|loss of|fall of|drop of|slide of"
)
_AMOUNT = r"(?P<text>[+\-]?[₩$]?\d[\d,]*(?:\.\d+)?(?:tn|bn|m)?(?:%| points| pp|(?<=n)|(?<=m)))"
_DIRECTION = re.compile(
    rf"(?<!gave )(?<!give )(?<!made )\b(?:(?P<up>{_UP})|(?P<down>{_DOWN}))(?: "
    rf"by| about| another| a further)* {_AMOUNT}(?! (?:or|of the stocks))"
)
_TRAILING = re.compile(
    r"(?<!\S[.,])(?P<text>[+\-]?\d[\d,]*(?:\.\d+)?%) (?:(?P<up>higher|up)|(?P<down>lower|down))\b"
)
_BOUND = re.compile(r"(?:at least|more than|less than|or more|would have|had to)\W*$")


def _values(post, text):
    """The values of the figures that the post shows with this text."""
    bare = text.removesuffix(" points").removesuffix(" pp")
    return [
        entry["value"]
        for entry in post.figures
        if entry["text"].removesuffix(" pp") == bare and isinstance(entry["value"], (int, float))
    ]


def _directions(post):
    for sentence in sentences(post):
        # Shares of stocks stand beside up and down too: "33.8% up, 51.5% down".
        text = re.sub(
            r"\S+% (?:of stocks )?up,? (?:and |against )?\S+% (?:of stocks )?down", "", sentence.text
        )
        # What buyers took of a sale is no loss.
        text = re.sub(r"\btook (?=\S+(?:tn|bn|%) of )", "", text)
        for pattern in (_DIRECTION, _TRAILING):
            for found in pattern.finditer(text):
                if not _BOUND.search(text[: found.start()]):
                    yield sentence, found


def test_rises_rise_and_falls_fall(corpus):
    wrong = []
    for post in corpus.posts:
        for sentence, found in _directions(post):
            values = _values(post, found["text"])
            if not values:
                wrong.append(f"{post}: {found['text']!r} is no figure of the post: {sentence.text}")
            elif not any(value > 0 if found["up"] else value < 0 for value in values):
                wrong.append(f"{post}: {found.group()!r}, but it is {values}: {sentence.text}")
    tell(wrong, "words that go against their figure")


def test_there_are_directions_to_check(corpus):
    """The pattern above knows the posts' verbs: else the test before could not fail."""
    none = [str(post) for post in corpus.posts if not list(_directions(post))]
    assert len(none) <= len(corpus.posts) // 5, f"no direction with its figure found in: {', '.join(none)}"


def test_signs_are_those_of_the_values(corpus):
    wrong = [
        f"{post}: {entry['figure']} is {entry['value']} and shown as {entry['text']}"
        for post in corpus.posts
        for entry in post.figures
        if entry["text"][:1] in "+-" and (entry["value"] > 0) != (entry["text"][0] == "+")
    ]
    tell(wrong, "signs that go against their value")


def test_an_unchanged_index_is_called_unchanged(corpus):
    found = []
    for post in corpus.of("day"):
        for name in ("KOSPI", "KOSDAQ"):
            bar = corpus.market.bar(name, post.day)
            prose = " ".join(each.text for each in sentences(post))
            if (
                bar
                and bar.change == 0
                and not re.search(rf"{name}[^.]*\b(?:unchanged|did not (?:change|move)|where it)", prose)
            ):
                found.append(f"{post}: {name} did not move, and no sentence says so")
    tell(found, "moves of nothing")


def test_the_main_figures_are_those_of_the_files(corpus):
    """Each index's change, wherever it is told with a verb, is the file's, and so is its close."""
    wrong = []
    for post in corpus.posts:
        for sentence in sentences(post):
            wrong += [
                f"{post}: {told}: {sentence.text}"
                for told in post_claims.wrong_moves(sentence.text, post, corpus.market)
            ]
    tell(wrong, "moves that are not the files'")


# --- Superlatives and comparisons ----------------------------------------------------------------------


def test_every_superlative_is_true(corpus):
    """By a calculation from the raw files that shares no code with the package."""
    wrong = []
    for post in corpus.posts:
        for where, text in _claims(post):
            wrong += [
                f"{post}, {where}: {told}\n    {text}"
                for told in post_claims.untrue(text, post, corpus.market)
            ]
    tell(wrong, "comparisons that are not true")


def test_what_followed_like_sessions_is_true(corpus):
    """Count, dates, medians, extremes and shares, found again from the post's own words and the raw files."""
    wrong = [
        f"{post}: {told}"
        for post in corpus.of("day")
        for told in past_claims.untrue_precedents(post, corpus.market)
    ]
    tell(wrong, "past sessions that are not as told")


def test_every_superlative_is_of_a_kind_that_is_checked(corpus):
    unknown = {}
    for post in corpus.posts:
        for where, text in _claims(post):
            for word in post_claims.unchecked(text):
                unknown.setdefault((masked(text), word), f"{post}, {where}: [{word}] {text}")
    tell(unknown.values(), "comparisons that no entry of post_claims.CLAIMS knows", most=60)


def _claims(post):
    yield "title", post.title
    yield "description", post.description
    for block in blocks(post):
        if block.region != "method" and block.kind in ("paragraph", "item"):
            flat = " ".join(block.text.split())
            yield from ((block.section or "lede", re.sub(r"^[QA]: ", "", each)) for each in split(flat))
        elif block.kind == "heading":
            yield "heading", re.sub(r"^#+ (?:[\d.]+ )?", "", block.text)


# --- Titles, descriptions, slugs, lengths --------------------------------------------------------------

LONGEST_TITLE, LONGEST_DESCRIPTION = 110, 160


def test_titles(corpus):
    found = [
        f"{post}: {len(post.title)} characters: {post.title}"
        for post in corpus.posts
        if len(post.title) > LONGEST_TITLE
    ]
    counts = Counter(post.title for post in corpus.posts)
    found += [f"{count} times: {title}" for title, count in counts.items() if count > 1]
    found += [
        f"{before} and {after} alike but for figures:\n    {before.title}\n    {after.title}"
        for before, after in _neighbours(corpus)
        if masked(before.title) == masked(after.title)
    ]
    found += [
        f"{post} ends in {post.title[-1]!r}: {post.title}"
        for post in corpus.posts
        if post.title[-1] in ",.;:—–-("
    ]
    tell(found, "titles")


def _slugged(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", text.lower()))


def test_slugs_are_made_of_the_titles_words(corpus):
    found = []
    for post in corpus.posts:
        strange = _slugged(re.sub(r"-\d{4}-\d\d-\d\d$", "", post.slug)) - _slugged(post.title)
        if strange:
            found.append(f"{post}: {', '.join(sorted(strange))} of {post.slug} is not in: {post.title}")
    tell(found, "slugs")


def test_descriptions(corpus):
    found = []
    for post in corpus.posts:
        text = post.description
        if len(text) > LONGEST_DESCRIPTION:
            found.append(f"{post}: {len(text)} characters: {text}")
        if not text.endswith("."):
            found.append(f"{post}: no full stop: {text}")
        if text.rstrip(".") == post.title:
            found.append(f"{post}: the title again: {text}")
    counts = Counter(post.description for post in corpus.posts)
    found += [f"{count} times: {text}" for text, count in counts.items() if count > 1]
    tell(found, "descriptions")


def test_the_angle_is_written_down(corpus):
    tell(
        (str(post) for post in corpus.posts if not post.angle), "posts without an angle in their front matter"
    )


def test_length_follows_what_there_is_to_say(corpus):
    """Days that the data calls quiet get fewer words than the usual day."""
    posts = corpus.of("day")
    quiet = [length(post) for post in posts if post.angle == "quiet"]
    if corpus.name == "samples":
        pytest.skip("two posts have no usual length")
    assert quiet, "no day of the corpus is quiet: the catalogue of angles finds everything unusual"
    assert len(quiet) < len(posts) / 2, f"{len(quiet)} of {len(posts)} days are quiet"
    usual = statistics.median(length(post) for post in posts)
    # The made days differ in what they have to tell of beside the market itself: flows, macro, news.
    longest = statistics.median(quiet) if corpus.name == "made" else max(quiet)
    assert longest < usual, f"quiet days have {sorted(quiet)} words, the usual day {usual:.0f}"


# --- The gate ------------------------------------------------------------------------------------------


MUTATIONS = {"samples": 40, "made": 1, "real": 1}
"""Of each post, by corpus; `make bench` makes them all."""


def test_the_gate_is_content_with_every_post_and_finds_what_is_changed(corpus):
    judge = Judge(Knowledge(load(corpus.root), now=datetime.now(UTC)))
    found, alarms = Tally(), []
    for seed, post in enumerate(corpus.posts):
        file = f"content/post/{post.slug}/index.en.md"
        alarms += tally(judge, file, "en", sample=MUTATIONS[corpus.name], seed=seed, into=found)
    tell(alarms, "false alarms")
    assert found.numbers >= 99.5, found.missed
    assert found.words >= 95, found.missed
