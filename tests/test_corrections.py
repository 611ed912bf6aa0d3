"""Entries of front matter, there and back, and the notes that are told from them."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import yaml
from bs4 import BeautifulSoup
from correction_cases import of
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import goldmark
from generator.corrections import KEY, MOST, aligned, correction, noted, recorded, stated
from generator.errors import PostError
from generator.goldmark.markup import Markup
from generator.post import to_yaml
from generator.wording import Ledger, Wording

KST = dt.timezone(dt.timedelta(hours=9))
NOW, LATER = dt.datetime(2026, 5, 20, 10, 0, tzinfo=KST), dt.datetime(2026, 5, 21, 9, 30, tzinfo=KST)
EN, KO = Wording("en"), Wording("ko")
MARKUP = Markup.of({"goldmark": {"extensions": {"cjk": {"enable": True, "escapedSpace": True}}}})

SAMSUNG = "Samsung Electronics"
CASES = (
    [of("kospi.close", "KOSPI", 7840.01, 7844.01, "points")],
    [
        of("flow.kospi.foreign", "KOSPI", -3.76e12, 0.2e12, "KRW"),
        of("kospi.change", "KOSPI", -0.12, 0.12, "%"),
        of("kospi.close", "KOSPI", 7840.01, 7844.01, "points"),
        of("breadth.advancers", "", 995, 955, "stocks", 0),
        of("flow.kospi.retail", "KOSPI", -3.7606e12, -3.7594e12, "KRW"),
        of("breadth.kosdaq.decliners", "KOSDAQ", 1, 0, "stocks", 0),
    ],
    [
        of(f"stock.005930.{name}", SAMSUNG, was, now, unit)
        for name, was, now, unit in (
            ("close", 296000, 295000, "KRW a share"), ("change", 4.23, 3.88, "%"),
            ("foreign", 1.6e12, 1.5e12, "KRW"), ("foreign_institution", 1e11, -1e11, "KRW"),
        )
    ],
    [
        of("macro.1.value", "USD/KRW", 1492.0, 1429.0, "number", 0),
        of("macro.1.change", "USD/KRW", 2.6, -2.6, "%", 1),
        of("macro.2.value", "US 10Y", 4.48, 4.84, "%"),
        of("kospi.low", "KOSPI", 7400.0, 7401.0, "points"),
        of("kospi.turnover", "KOSPI", 2e13, 2.1e13, "KRW"),
        of("sector.x.change", "Semi*conductors", 0.0, 1.2, "%"),
    ],
    [
        of("kosdaq.close", "KOSDAQ", 995.0, 996.3, "points"),
        of("flow.kospi.foreign", "KOSPI", -3.76e12, None, "KRW"),
        of("breadth.advancers", "", 995, None, "stocks", 0),
    ],
    [
        of("kospi.week.change", "KOSPI", 3.1, 3.2, "%"),
        of("flow.kospi.institution.week", "KOSPI", 3.1e12, -3.2e12, "KRW"),
        of("kospi.2026-01-09.close", "KOSPI", 3100.0, 3200.0, "points"),
        of("kospi.2026-01-08.change", "KOSPI", -0.3, 0.0, "%"),
        of("gap", "", 1.0, 2.0, "pp"),
    ],
    [of("gap", "", 1.0, 2.0, "pp"), of("kospi.close", "", 1.0, 2.0, "points")],
    [of("gap", "", 1.0, 2.0, "pp")],
    [of("kospi.close", "KOSPI", 1.0, None, "points"), of("gap", "", 1.0, 2.0, "pp")],
)  # fmt: skip


def note_of(figures, wording, **more):
    made = correction(figures, date=NOW, **more)
    read = recorded({KEY: yaml.safe_load(to_yaml({KEY: stated([made])}))[KEY]}, file="x.md")
    ledger_of_figures = Ledger(wording.numerals)
    return wording.write("corrections.j2", ledger_of_figures, corrections=noted(read, wording.numerals))


@pytest.mark.parametrize("wording", [EN, KO], ids=["en", "ko"])
def test_notes_read_as_a_newspapers(wording, golden):
    golden(f"corrections.{wording.language}.md", "\n\n".join(note_of(case, wording) for case in CASES) + "\n")


@pytest.mark.parametrize("wording", [EN, KO], ids=["en", "ko"])
def test_notes_show_their_emphasis_and_end_their_sentences(wording):
    for case in CASES:
        html = goldmark.render(
            note_of(case, wording),
            MARKUP,
        )
        shown = BeautifulSoup(html, "lxml")
        assert len(shown.select("p")) == len(shown.select("strong")) == 1
        said = shown.get_text().strip()
        assert "**" not in said
        assert "  " not in said
        assert said.endswith(".")
        assert not re.search(r"[.:](?=[A-Z가-힣])|None|\\", said)


def test_an_entry_keeps_the_most_important_and_a_note_names_fewer():
    figures = [
        *(of(f"stock.{n:06}.close", f"Company {n}", 1.0, 2.0, "KRW a share", 0) for n in range(20)),
        of("gap", "", 1.0, 2.0, "pp"),
        of("kospi.close", "KOSPI", 1.0, 2.0, "points"),
    ]
    made = correction(figures, date=NOW)
    assert len(made.figures) == MOST == 12
    assert made.figures[0].figure == "kospi.close"
    assert made.more == 22 - 12
    assert note_of(figures, EN).endswith("16 other figures changed with them.")


def test_a_correction_of_another_day_does_not_count_as_corrected_again():
    entries = stated(
        [
            correction([of("kosdaq.close", "KOSDAQ", 1.0, 2.0, "points")], date=LATER),
            correction([of("kospi.close", "KOSPI", 1.0, 2.0, "points")], date=NOW),
        ]
    )
    facts = noted(recorded({KEY: entries}, file="x.md"), EN.numerals)
    assert [each.again for each in facts] == [False, False]
    assert [each.day.id for each in facts] == ["correction.2.date", "correction.1.date"]


values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.dates(), st.datetimes(),
    st.sampled_from(["kospi.close", "flow.kospi.foreign", "breadth.advancers", "points", "KRW", "%", "date",
                     "kospi.2026-13-45.close", "stock.005930.close"]),
)  # fmt: skip
entries = st.dictionaries(
    st.sampled_from(["figure", "of", "was", "now", "unit", "precision"]), values, max_size=6
)


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["date", "figures", "more", "note"]),
            st.one_of(values, st.lists(st.one_of(entries, values), max_size=3)),
        ),
        max_size=3,
    )
)
@settings(max_examples=60)
def test_whatever_stands_in_front_matter_is_read_or_refused(listed):
    try:
        read = recorded({KEY: listed}, file="x.md")
    except PostError:
        return
    for wording in (EN, KO):
        wording.write("corrections.j2", Ledger(wording.numerals), corrections=noted(read, wording.numerals))


numbers = st.floats(-1e15, 1e15).map(lambda value: value + 0.0)
corrected_figures = st.builds(
    lambda name, subject, was, now: of(name, subject, was, now, "KRW"),
    st.sampled_from(["flow.kospi.foreign", "kospi.turnover", "stock.005930.foreign", "gap"]),
    st.text("Aö가 *_<{#:-'\"", max_size=12).map(lambda text: " ".join(text.split())),
    numbers,
    st.one_of(st.none(), numbers),
)


@given(st.lists(corrected_figures, max_size=4), st.text(max_size=40))
def test_an_entry_is_the_same_once_it_was_written_and_read(figures, note):
    made = stated([correction(figures, date=NOW, note=note)])
    assert yaml.safe_load(to_yaml({KEY: made})) == {KEY: made}
    assert stated(recorded({KEY: made}, file="x.md")) == made


@pytest.mark.parametrize(
    ("mine", "expected"),
    [
        ("corrections:\n  - {date: 2026-05-18, note: Mine.}\nguid: x\n", "guid: x\n"),
        ("corrections: # why\n- date: 2026-05-18\n\n  note: Mine.\n# of the next\nguid: x\n",
         "# of the next\nguid: x\n"),
        ("guid: x\ncorrections: {date: 2026-05-18, note: Mine.}\n", "guid: x\n"),
        ("guid: x\n", "guid: x\n"),
    ],
)  # fmt: skip
def test_a_list_of_ones_own_is_set_aside_before_edits_merge(mine, expected):
    body = "\nText\n\ncorrections: these are words\n"
    assert aligned(f"---\n{mine}---\n{body}", f"---\nguid: x\n---\n{body}") == f"---\n{expected}---\n{body}"
    ours = "corrections:\n  - date: 2026-05-17\n    figures: []\n"
    assert aligned(f"---\n{mine}---\n{body}", f"---\nguid: x\n{ours}---\n{body}").count(
        "corrections:\n  - date: 2026-05-17"
    ) == (KEY in mine)
