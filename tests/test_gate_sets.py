"""What must hold between posts: no duplicates, translations, tags, links; and how long that takes."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING

import pytest

from generator.config import load
from generator.gate.catalogue import catalogue
from generator.gate.entries import AtKey
from generator.gate.knowledge import Knowledge

if TYPE_CHECKING:
    from pathlib import Path

RULES = catalogue()
NOW = dt.datetime(2026, 5, 16, tzinfo=dt.UTC)
CONFIG = """\
baseURL: https://example.org/
languages: {en: {weight: 1}, ko: {weight: 2}}
params: {marketpost: {check: {required_languages: [en, ko]}}}
"""


def post(title: str, day: str, head: str = "", body: str = "Text.") -> str:
    return f"---\ntitle: {title!r}\ndate: {day}T16:30:00+09:00\n{head}\n---\n{body}\n"


def said(root: Path, rule: str, files: dict[str, str]) -> list[tuple[str, str, str]]:
    """File, message and severity of each remark."""
    written = {"config.yaml": CONFIG, **{f"content/{name}": text for name, text in files.items()}}
    for name, text in written.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    survey = RULES[rule].survey
    assert survey is not None
    return [
        (entry.file.removeprefix("content/"), remark.message, remark.severity or RULES[rule].severity)
        for entry, remark in survey(Knowledge(load(root), now=NOW))
    ]


def on(day: int, title: str, *head: str) -> str:
    """A post of a day in May."""
    return post(title, f"2026-05-{day:02}", "\n".join(head))


RECORD = "KOSPI closes at a record of 7,844"
RECORD_POINTS = f"{RECORD} points"
ON_12, ON_13 = "session: 2026-05-12", "session: 2026-05-13"
DAILY, WEEKLY = "series: [Daily]", "series: [Weekly]"
A, B = "tags: [a, c]", "tags: [b, a]"
SAMSUNG, HYNIX = "stocks: ['005930']", "stocks: ['000660']"
BOTH, SAME_BOTH = "stocks: ['005930', '000660']", "stocks: ['000660', '005930']"
UP = "description: Up."


@pytest.mark.parametrize(
    ("one", "other", "says"),
    [
        # Title and day, title and description, title alone.
        (on(13, RECORD), on(13, RECORD), ("its day or description", "error")),
        (on(13, RECORD), on(13, RECORD.upper()), ("its day or description", "error")),
        (on(13, RECORD, UP), on(14, RECORD, UP), ("its day or description", "error")),
        (on(13, RECORD), on(14, RECORD), ("has the title", "warning")),
        (on(13, "Weekly note"), on(13, "Weekly note"), None),
        # A session and a series.
        (on(13, "One", ON_13, DAILY), on(14, "Other", ON_13, DAILY), ("of the same series", "error")),
        (on(13, "One", ON_13, DAILY), on(13, "Other", ON_13, WEEKLY), None),
        (on(13, "One", ON_13, DAILY), on(13, "Other", ON_12, DAILY), None),
        (on(13, "One", DAILY), on(13, "Other", DAILY), None),
        # Nearly the same title, on one day.
        (on(13, RECORD, A), on(13, RECORD_POINTS, A), ("nearly the same title", "warning")),
        (on(13, RECORD, A), on(13, RECORD_POINTS, B), None),
        (on(13, RECORD, A), on(14, RECORD_POINTS, A), None),
        (on(13, RECORD, A, ON_13, DAILY), on(13, RECORD_POINTS, A, ON_13, WEEKLY), None),
        (on(13, "Samsung Electronics first results"), on(13, "LG Electronics second results"), None),
        # The same companies on one day.
        (on(13, "One", A, BOTH), on(13, "Other", A, SAME_BOTH), ("the companies", "note")),
        (on(13, "One", A, SAMSUNG), on(13, "Other", A, HYNIX), None),
        (on(13, "One", A, SAMSUNG), on(13, "Other", B, SAMSUNG), None),
        (on(13, "One", A, SAMSUNG), on(14, "Other", A, SAMSUNG), None),
        (on(13, "One", A, SAMSUNG, ON_13, DAILY), on(13, "Other", A, SAMSUNG, ON_13, WEEKLY), None),
        # Drafts.
        (on(13, RECORD), on(13, RECORD, "draft: true"), None),
    ],
)
def test_duplicates(tmp_path: Path, one: str, other: str, says: tuple[str, str] | None):
    found = said(tmp_path, "duplicate-post", {"post/a.md": one, "post/b.md": other})
    if says is None:
        assert found == []
    else:
        ((file, message, severity),) = found
        assert (file, severity) == ("post/b.md", says[1])  # the later one, by date and then by file
        assert says[0] in message
        assert "content/post/a.md" in message


def test_a_translation_is_no_duplicate(tmp_path: Path):
    head = "session: 2026-05-13\nseries: [Daily]\ntags: [a]\nstocks: ['005930']"
    same = {f"post/a/index{each}.md": post(RECORD, "2026-05-13", head) for each in ("", ".ko")}
    assert said(tmp_path, "duplicate-post", same) == []


def test_of_three_the_two_later_ones_are_told(tmp_path: Path):
    three = {
        f"post/{name}.md": post(RECORD, f"2026-05-{day}") for name, day in (("c", 13), ("a", 14), ("b", 15))
    }
    found = said(tmp_path, "duplicate-post", three)
    assert [(file, message.split()[-1]) for file, message, _ in found] == [
        ("post/a.md", "content/post/c.md"),
        ("post/b.md", "content/post/a.md"),
    ]


def test_translations_that_are_required(tmp_path: Path):
    files = {
        "post/both/index.md": post("Both", "2026-05-13"),
        "post/both/index.ko.md": post("둘", "2026-05-13"),
        "post/keyed.md": post("Keyed", "2026-05-13", "translationKey: k"),
        "post/키.ko.md": post("키", "2026-05-13", "translationKey: k"),
        "post/alone.md": post("Alone", "2026-05-13"),
        "post/혼자.ko.md": post("혼자", "2026-05-13"),
        "post/later/index.md": post("Later", "2026-05-13"),
        "post/later/index.ko.md": post("나중", "2026-05-13", "draft: true"),
        "post/draft.md": post("Draft", "2026-05-13", "draft: true"),
    }
    found = said(tmp_path, "missing-translation", files)
    assert sorted(file for file, _, _ in found) == ["post/alone.md", "post/later/index.md", "post/혼자.ko.md"]


def test_tags(tmp_path: Path):
    files = {
        "tags/kospi/_index.md": "---\ntitle: KOSPI\n---\n",
        "tags/foreign-selling/_index.md": "---\ntitle: Foreign selling\n---\n",
        "post/right.md": post("One", "2026-05-13", "tags: [kospi, foreign-selling]"),
        "post/wrong.md": post("Other", "2026-05-13", "tags: [kospi, foreign-seling]"),
        "post/other.md": post("Third", "2026-05-13", "tags: [KOSPI]"),
    }
    found = said(tmp_path, "unregistered-tag", files)
    assert [(file, message.partition(";")[0]) for file, message, _ in found] == [
        ("post/wrong.md", "no tag of this name is registered"),
        ("post/other.md", "the tag is written in another way than elsewhere"),
    ]
    assert "did you mean foreign-selling?" in found[0][1]


def test_a_blog_without_a_registry_may_have_any_tags(tmp_path: Path):
    assert (
        said(tmp_path, "unregistered-tag", {"post/a.md": post("A", "2026-05-13", "tags: [x, X, y z]")}) == []
    )


def test_pages_that_nothing_links_to(tmp_path: Path):
    files = {
        f"post/p{n:03}.md": post(f"P{n}", "2026-05-13", body=f"[x](/post/p{n - 1 or 39:03}/)")
        for n in range(1, 40)
    }
    files |= {f"post/q{n:03}.md": post(f"Q{n}", "2026-05-12") for n in range(2)}
    files["post/q002.md"] = post("Q2", "2026-05-12", body="[myself](/post/q002/)")
    files["post/q003.md"] = post("Q3", "2026-05-12", "draft: true")
    files["page/hub.md"] = post("Hub", "2026-05-13", body="[x](/post/q000/)")
    found = said(tmp_path, "unlinked-page", files)
    assert sorted(file for file, _, _ in found) == ["post/q001.md", "post/q002.md"]
    assert {severity for _, _, severity in found} == {"note"}


def test_remarks_stand_at_their_keys(tmp_path: Path):
    files = {
        f"post/{each}.md": post(RECORD, "2026-05-13", "session: 2026-05-13\nseries: [a]") for each in "ab"
    }
    assert said(tmp_path, "duplicate-post", files)
    text = (tmp_path / "content/post/b.md").read_text(encoding="utf-8")
    at = [AtKey(key, "").within(text) for key in ("title", "series", "nothing")]
    assert [text[each.start : each.end] for each in at] == [f"title: {RECORD!r}", "series: [a]", "---"]
    assert AtKey("title", "").within("").start == 0


SETS = ("duplicate-post", "missing-translation", "unregistered-tag", "unlinked-page")


def test_ten_thousand_posts(tmp_path: Path):
    """All of one day, with like titles and tags: nothing may compare each with each."""

    def taken(folder: Path, count: int) -> float:
        (folder / "content/tags/a").mkdir(parents=True)
        (folder / "content/post").mkdir()
        (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
        (folder / "content/tags/a/_index.md").write_text("---\ntitle: A\n---\n", encoding="utf-8")
        for number in range(count):
            head = f"tags: [a]\nstocks: ['{number % 7:06}']\nseries: [s{number % 5}]\nsession: 2026-05-13"
            text = post(
                f"A title of a few like words {number}", "2026-05-13", head, f"[x](/post/{number + 1}/)"
            )
            (folder / f"content/post/{number}.md").write_text(text, encoding="utf-8")
        knowledge = Knowledge(load(folder), now=NOW)
        assert len(knowledge.libraries["en"].posts) == count
        assert knowledge.pages.by_file
        assert knowledge.registry.by_slug
        start = time.process_time()
        for name in SETS:
            survey = RULES[name].survey
            assert survey is not None
            list(survey(knowledge))
        return time.process_time() - start

    small, large = (taken(tmp_path / str(count), count) for count in (500, 2000))
    assert large < small * 4 * 3 + 0.2
