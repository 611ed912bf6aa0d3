"""Dates of posts: now, zones, sessions, slugs, and data that repeats the day before."""

from __future__ import annotations

import datetime as dt
import shutil
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from gate_cases import make_blog

from generator.config import load
from generator.gate.catalogue import catalogue
from generator.gate.dates import as_moment, as_written, days_of, value_of
from generator.gate.knowledge import Knowledge
from generator.reading.document import Document

if TYPE_CHECKING:
    from pathlib import Path

RULES = catalogue()
SEOUL = dt.timezone(dt.timedelta(hours=9))
NOW = dt.datetime(2026, 5, 14, 12, 0, tzinfo=SEOUL)


@pytest.fixture(scope="module")
def blog(tmp_path_factory, warm_cache) -> Path:
    return make_blog(tmp_path_factory.mktemp("time") / "blog", warm_cache)


@pytest.fixture(scope="module")
def knowledge(blog: Path) -> Knowledge:
    return Knowledge(load(blog), now=NOW)


def said(
    rule: str, front: str, knowledge: Knowledge, *, marks: str = "---", file: str = "content/post/x/index.md"
) -> list[str]:
    document = Document(
        f"{marks}\n{front}\n{marks}\n\nText.\n", file=file, language="en", markup=knowledge.markup("en")
    )
    found = list(RULES[rule].check(document, knowledge))
    lines = document.text.split("\n")
    return [f"{lines[document.place(each.start)[0] - 1].partition(':')[0]}: {each.message}" for each in found]


@pytest.mark.parametrize(
    ("front", "keys"),
    [
        ("date: 2026-05-14T12:00:00+09:00", []),
        ("date: 2026-05-14T12:00:01+09:00", ["date"]),
        ("date: 2026-05-14T03:00:01Z", ["date"]),
        ("date: 2026-05-14 12:30:00", ["date"]),  # in the site's zone
        ("date: 2026-05-14 11:30:00", []),
        ("date: '2026-05-14 12:30:00 +0900'", ["date"]),
        ("date: 2026-05-14", []),
        ("date: 2026-05-15", ["date"]),
        ("Date: 2026-05-15", ["Date"]),
        ("date: 2026-05-15\ndraft: true", []),
        ("date: 2026-05-15\ndraft: 'true'", []),
        ("date: 2026-05-15\ndraft: false", ["date"]),
        (
            "date: 2026-05-14\nlastmod: 2026-06-01\ndata_as_of: 2026-05-14T15:30:00+09:00",
            ["lastmod", "data_as_of"],
        ),
        ("date: 2026-05-14\npublishDate: 2026-06-01\nexpiryDate: 2027-01-01", []),
        ("date: 9999-12-31T23:59:59-12:00", ["date"]),
        ("date: 0001-01-01T00:00:00+09:00", []),
        ("date: soon", []),
    ],
)
def test_what_is_later_than_now(front: str, keys: list[str], knowledge: Knowledge):
    assert [each.partition(":")[0] for each in said("date-in-future", front, knowledge)] == keys


def test_now_is_what_one_says(blog: Path):
    later = Knowledge(load(blog), now=dt.datetime(2030, 1, 1, tzinfo=dt.UTC))
    assert said("date-in-future", "date: 2029-12-31", later) == []


def test_toml(knowledge: Knowledge):
    assert said("date-in-future", "date = 2026-05-15", knowledge, marks="+++")
    assert said("date-in-future", "date = 2026-05-14T12:00:00+09:00", knowledge, marks="+++") == []
    assert said("date-without-zone", "date = 2026-05-14T12:00:00", knowledge, marks="+++")
    assert said("session-date", "date = 2026-05-14\nsession = 2026-05-05", knowledge, marks="+++")
    assert said("session-date", 'date = 2026-05-14\nsession = "2026-05-13"', knowledge, marks="+++") == []


@pytest.mark.parametrize(
    ("front", "keys"),
    [
        ("date: 2026-05-14T11:00:00+09:00\nlastmod: 2026-05-14T02:00:00Z", []),
        ("date: 2026-05-14T11:00:00 +09:00", []),
        ("date: '2026-05-14 11:00:00 +0900'", []),
        ("date: 2026-05-14T11:00:00", ["date"]),
        ("date: '2026-05-14T11:00:00'", ["date"]),
        ("publishDate: 2026-05-14\nDATA_AS_OF: 2026-05-14 15:30:00", ["publishDate", "DATA_AS_OF"]),
        ("date: soon\nsession: 2026-05-14", []),
    ],
)
def test_times_without_an_offset(front: str, keys: list[str], knowledge: Knowledge):
    assert [each.partition(":")[0] for each in said("date-without-zone", front, knowledge)] == keys


@pytest.mark.parametrize(("zone", "severity"), [("timeZone: Asia/Seoul\n", "note"), ("", None)])
def test_without_a_zone_of_the_site_it_is_worse(zone: str, severity: str | None, tmp_path: Path):
    (tmp_path / "config.yaml").write_text(f"baseURL: https://example.org/\n{zone}", encoding="utf-8")
    knowledge = Knowledge(load(tmp_path), now=NOW)
    document = Document(
        "---\ndate: 2026-05-14\n---\n", file="x", language="en", markup=knowledge.markup("en")
    )
    assert [each.severity for each in RULES["date-without-zone"].check(document, knowledge)] == [severity]


DATE = "date: 2026-05-14T11:00:00+09:00"


@pytest.mark.parametrize(
    ("front", "severity"),
    [
        ("slug: a-2026-05-14", ""),
        ("slug: a-2026-05-13\nsession: 2026-05-13", ""),
        ("slug: a-2026-05-13\nsession: '2026-05-13'", ""),
        ("slug: a-2026-05-12-to-2026-05-14", ""),
        ("slug: a-2026-05-11\nsession: 2026-05-13\nsessions: [2026-05-11, 2026-05-13]", ""),
        ("slug: a-2026-05-12\nsession: 2026-05-13", "error"),
        ("slug: a-2026-05-12", "warning"),  # it may be what the post is about
        ("slug: a-2026-05-15", "error"),
        ("slug: a-2026-13-45", "error"),
        ("slug: a-12026-05-121", ""),
        ("slug: a-20260512", ""),
        ("url: /2026-05-15/", "error"),
        ("title: x", ""),
    ],
)
def test_days_of_slugs(front: str, severity: str, knowledge: Knowledge):
    text = f"---\n{DATE}\n{front}\n---\n"
    document = Document(text, file="content/post/x/index.md", language="en", markup=knowledge.markup("en"))
    found = [each.severity or "error" for each in RULES["slug-date"].check(document, knowledge)]
    assert found == [severity] * bool(severity)


@pytest.mark.parametrize(
    ("date", "slug", "is_right"),
    [
        ("2026-05-14T18:00:00Z", "2026-05-15", True),  # in Seoul
        ("2026-05-14T18:00:00Z", "2026-05-14", True),
        ("2026-05-14T01:00:00+09:00", "2026-05-13", True),  # in UTC
        ("2026-05-14T01:00:00+09:00", "2026-05-15", False),
        ("9999-12-31T23:59:59-12:00", "9999-12-31", True),
        ("0001-01-01T00:00:00+09:00", "2026-05-13", False),
    ],
)
def test_zones_of_slugs(date: str, slug: str, is_right: bool, knowledge: Knowledge):
    front = f"date: {date}\nslug: x-{slug}"
    assert (said("slug-date", front, knowledge) == []) == is_right


def test_the_name_of_the_file_stands_for_a_slug(knowledge: Knowledge):
    wrong = "content/post/record-2026-05-15/index.en.md"
    assert said("slug-date", DATE, knowledge, file=wrong)[0].endswith(
        "the name of the file names a day that is neither the date nor the session's"
    )
    assert said("slug-date", DATE, knowledge, file="content/post/2026-05-15-record.md")
    assert said("slug-date", DATE, knowledge, file="content/post/2026-05-14-record.ko.md") == []
    assert said("slug-date", f"{DATE}\nslug: record", knowledge, file=wrong) == []


@pytest.mark.parametrize(
    ("front", "says"),
    [
        (f"{DATE}\nsession: 2026-05-13", ""),
        (f"{DATE}\nsession: '2026-05-13'", ""),
        (f"{DATE}\nsession: 2026-05-14", ""),
        (f"{DATE}\nsession:", ""),
        (f"{DATE}\nsession: 1980-05-05", ""),  # outside the calendar
        (f"{DATE}\nsession: 2026-05-05", "closed"),  # Children's Day
        (f"{DATE}\nsession: 2026-05-10", "closed"),  # a Sunday
        (f"{DATE}\nsession: 2026-05-15", "dated before"),
        ("date: 2026-05-14T20:00:00Z\nsession: 2026-05-15", ""),  # in Seoul it is that day
        (f"{DATE}\nsession: 2026-02-30", ""),  # not valid YAML, which another rule tells
        (f"{DATE}\nsession: '2026-02-30'", "no day"),
        (f"{DATE}\nsession: [2026-05-13]", "no day"),
        (f"{DATE}\nsession: keynote", "no day"),
        (f"{DATE}\nsession: 2026-05-13\ndata_as_of: 2026-05-13T15:30:00+09:00", ""),
        (f"{DATE}\nsession: 2026-05-13\ndata_as_of: 2026-05-12T15:30:00+09:00", "before the session"),
        (f"{DATE}\nsession: 2026-05-13\ndata_as_of: 2026-05-12T20:00:00Z", ""),
        (f"{DATE}\nsession: 2026-05-13\ndata_as_of: 2026-05-14T11:00:01+09:00", "later time than the post"),
    ],
)
def test_sessions(front: str, says: str, knowledge: Knowledge):
    found = said("session-date", front, knowledge)
    assert len(found) == bool(says)
    assert all(says in each for each in found)


def test_a_session_is_anybodys_word_on_a_blog_without_data(tmp_path: Path, calendar_cache: Path):
    (tmp_path / "config.yaml").write_text("baseURL: https://example.org/\n", encoding="utf-8")
    shutil.copytree(calendar_cache, tmp_path / ".marketpost")
    knowledge = Knowledge(load(tmp_path), now=NOW)
    assert said("session-date", f"{DATE}\nsession: keynote", knowledge) == []
    assert said("stale-data", f"{DATE}\nsession: 2026-05-13", knowledge) == []


# Data that repeats

CLOSES = "index,close,change_pct\nKOSPI,{},2.63\nKOSDAQ,{},-0.20\n"


@pytest.mark.parametrize(
    ("today", "before", "is_stale"),
    [
        # A file that is the same to the byte is refused when it is read.
        (CLOSES.format("7844.01", "1176.93"), CLOSES.format("7844.010", "1176.930"), True),
        (CLOSES.format("7844.01", "1176.94"), CLOSES.format("7844.01", "1176.93"), False),  # one may
        (CLOSES.format("7844.01", "1176.93"), "index,close\nKOSPI,7844.01\n", False),  # too little to tell
    ],
)
def test_levels_that_repeat(tmp_path: Path, warm_cache: Path, today: str, before: str, is_stale: bool):
    root = make_blog(tmp_path / "blog", warm_cache)
    for day, text in (("2026-05-14", today), ("2026-05-13", before)):
        (root / "datasets" / day / "indices.csv").write_text(text, encoding="utf-8")
    found = said("stale-data", "date: 2026-05-15\nsession: 2026-05-14", Knowledge(load(root), now=NOW))
    assert bool(found) == is_stale
    assert all("repeats that of 2026-05-13" in each for each in found)


@pytest.mark.parametrize("session", ["2026-05-13", "2026-05-14", "2026-05-05", "1980-01-01", "keynote"])
def test_data_that_is_its_own(session: str, knowledge: Knowledge):
    assert said("stale-data", f"{DATE}\nsession: {session}", knowledge) == []


# What these hang on


@pytest.mark.parametrize(
    ("date", "as_of", "before", "after"),
    [
        ("2026-05-14T12:00:00+09:00", None, [True] * 3, [True] * 3),
        ("2026-05-14T18:00:00+09:00", None, [False] * 3, [True] * 3),
        ("2026-05-14T12:00:00+09:00", "2026-05-14T18:00:00", [*[True] * 3, False], [True] * 4),
        ("2026-05-14T12:00:00+09:00", dt.date(2026, 5, 15), [*[True] * 3, False], [*[True] * 3, True]),
    ],
)
def test_a_date_hangs_on_whether_it_has_come(
    blog: Path, date: str, as_of: object, before: list[bool], after: list[bool]
):
    moment = dt.datetime.fromisoformat(date)
    extra = {} if as_of is None else {"Data_as_of": as_of}
    entry = SimpleNamespace(post=SimpleNamespace(date=moment, lastmod=moment, extra=extra), published=moment)
    hang = RULES["date-in-future"].hangs_on
    assert hang is not None
    config = load(blog)
    assert hang(entry, Knowledge(config, now=NOW)) == before
    assert hang(entry, Knowledge(config, now=NOW + dt.timedelta(days=1))) == after


# Values of front matter


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-05-14", dt.date(2026, 5, 14)),
        ("2026-05-14T11:00:00", dt.datetime(2026, 5, 14, 11, tzinfo=None)),  # noqa: DTZ001 - the point
        ("2026-05-14 11:00:00 +0900", dt.datetime(2026, 5, 14, 11, tzinfo=SEOUL)),
        ("2026-05-14T02:00:00Z", dt.datetime(2026, 5, 14, 2, tzinfo=dt.UTC)),
        ("May 14", None),
        ("", None),
        (20260514, None),
        (None, None),
        (dt.time(11), None),
    ],
)
def test_values_as_written(value: object, expected: dt.date | None):
    assert as_written(value) == expected


def test_a_time_without_an_offset_is_in_the_zone_of_the_site():
    assert as_moment("2026-05-14 11:00:00", SEOUL) == dt.datetime(2026, 5, 14, 2, tzinfo=dt.UTC)
    assert as_moment(dt.date(2026, 5, 14), SEOUL) == dt.datetime(2026, 5, 13, 15, tzinfo=dt.UTC)
    assert as_moment("soon", SEOUL) is None


def test_days_at_the_ends_of_the_calendar():
    first = dt.datetime(1, 1, 1, tzinfo=SEOUL)
    assert days_of(first, dt.UTC) == {dt.date(1, 1, 1)}


def test_keys_in_any_case():
    assert value_of({"PublishDate": 1, "date": 2}, "publishdate") == 1
    assert value_of({"Date": 1, "date": 2}, "date") == 2
    assert value_of({}, "date") is None
