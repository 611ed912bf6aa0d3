"""The weekly post as a whole: one a week, true to the files, and whole whatever is missing."""

import re
import shutil
from datetime import date

import pytest
from post_text import is_clean, prose

from generator.blog import open_blog
from generator.cli import main
from generator.config import load
from generator.errors import DatasetError
from generator.pipeline import find_post, plan_post, plan_week

WEDNESDAY, THURSDAY = date(2026, 5, 13), date(2026, 5, 14)


SAMPLE = "KOSPI Week, Two Sessions to May 14: Up 4.43% to a Record 7,981"


def opened(root):
    return open_blog(load(root))


def made(root, day=THURSDAY):
    plan = plan_week(opened(root), day)
    plan.write()
    return plan


def test_the_week_of_the_sample(blog):
    for day in (WEDNESDAY, THURSDAY):
        plan_post(opened(blog), day).write()
    plan = made(blog)
    is_clean(plan.post)
    post = plan.post
    assert post.title == f"{SAMPLE}, Foreigners Sell ₩5.96tn"
    assert post.extra["week"] == "2026-W20"
    assert post.extra["sessions"] == [WEDNESDAY, THURSDAY]
    assert (post.session, post.series, post.categories) == (THURSDAY, ("Weekly Wrap",), ("Weekly Market",))
    assert {"all-time-high", "foreign-selling", "kospi", "samsung-electronics"} <= set(post.tags)
    assert "| KOSPI | Foreigners | -₩5.96tn | both sessions | 0 | 2 |" in post.body
    assert "In Samsung Electronics they turned: -₩1.55tn on Wednesday, +₩223.3bn on Thursday." in post.body
    assert "No data is at hand for May 11 and May 12." in post.body
    assert "The week continues on Friday, May 15." in post.body
    (daily,) = [entry.post for entry in opened(blog).library().posts if entry.post.series == ("Daily Wrap",)][
        :1
    ]
    assert f"]({daily.address})" in post.body
    assert post.date > daily.date


def test_doing_it_twice_changes_nothing(blog):
    made(blog)
    again = plan_week(opened(blog), WEDNESDAY)
    assert {file.state for file in again.files} == {"same"}


def test_a_week_that_gains_a_session_is_the_same_post(blog):
    later = blog / "datasets" / "2026-05-14"
    shutil.move(later, blog / "later")
    first = made(blog, WEDNESDAY)
    assert first.post.session == WEDNESDAY
    assert not first.post.extra["sessions"][1:]
    shutil.move(blog / "later", later)
    second = made(blog, WEDNESDAY)
    assert second.path == first.path
    assert second.post.session == THURSDAY
    assert not second.edited
    weekly = [entry for entry in opened(blog).library().posts if "Weekly Wrap" in entry.post.series]
    assert len(weekly) == 1
    is_clean(first.post)


def test_a_date_means_the_daily_post(blog):
    plan_post(opened(blog), THURSDAY).write()
    made(blog)
    library = opened(blog).library()
    assert find_post(library, "2026-05-14", "Daily Wrap").post.series == ("Daily Wrap",)
    assert find_post(library, "latest", "Daily Wrap").post.series == ("Weekly Wrap",)


def test_the_settings_say_series_category_and_time(blog):
    config = blog / "config.yaml"
    text = config.read_text(encoding="utf-8")
    for key, old, new in (
        ("series", "Weekly Wrap", "Week in Review"),
        ("category", "Weekly Market", "Weeks"),
        ("minutes_after", "60", "5"),
    ):
        text = text.replace(f"#{key}: {old}", f"{key}: {new}")
    config.write_text(text.replace("#week:", "week:"), encoding="utf-8")
    post = made(blog).post
    assert (post.series, post.categories) == (("Week in Review",), ("Weeks",))
    assert post.date.strftime("%H:%M") == "16:35"


TABLES = ("breadth", "clusters", "context", "events", "flows", "intraday", "macro", "sectors", "stocks")


@pytest.mark.parametrize("table", ["breadth", "flows", "stocks"])
@pytest.mark.parametrize("days", [("2026-05-13",), ("2026-05-13", "2026-05-14")])
def test_a_table_that_is_missing_takes_its_sentences_with_it(blog, table, days):
    for day in days:
        (blog / "datasets" / day / f"{table}.csv").unlink(missing_ok=True)
    plan = made(blog)
    is_clean(plan.post)
    text = prose(plan.post)
    if table == "flows" and len(days) > 1:
        assert "Foreigners net" not in text
    if table == "breadth":
        assert "of stocks rose" not in text


def test_a_blog_with_levels_only_has_a_short_week(blog):
    for table in TABLES:
        for day in (WEDNESDAY, THURSDAY):
            (blog / "datasets" / str(day) / f"{table}.csv").unlink(missing_ok=True)
    plan = made(blog)
    is_clean(plan.post)
    assert [section.key for section in plan.story.sections] == ["moves", "days", "watch"]
    assert plan.post.title == f"{SAMPLE}, KOSDAQ Up 1.00%"


def test_the_level_of_an_open_session_is_no_close(blog):
    head = blog / "datasets/2026-05-14/session.yaml"
    text = head.read_text(encoding="utf-8").replace("status: final", "status: intraday")
    head.write_text(text.replace("T15:30", "T11:00").replace("T16:30", "T11:05"), encoding="utf-8")
    plan = made(blog)
    is_clean(plan.post)
    text = prose(plan.post)
    assert "closed at" not in text
    assert "at a Record" not in text
    assert "all-time high" not in text
    assert "| Index | Before | Level |" in plan.post.body
    assert plan.post.date.strftime("%H:%M") == "11:06"
    assert "The figures of Thursday are as of 11:00; the session was still open." in text


def test_a_session_that_is_withheld_is_left_out_and_told(blog, capsys):
    table = blog / "datasets/2026-05-13/stocks.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("1976000", "much"), encoding="utf-8")
    plan = plan_week(opened(blog), THURSDAY)
    assert plan.post.extra["sessions"] == [THURSDAY]
    assert list(plan.withheld) == [WEDNESDAY]
    assert main(["-C", str(blog), "week", "--no-site"]) == 1
    assert "2026-05-13 is withheld" in capsys.readouterr().err


def test_a_week_without_data_is_refused(blog):
    with pytest.raises(DatasetError, match="2026-W19"):
        plan_week(opened(blog), date(2026, 5, 6))


@pytest.mark.parametrize(
    "stated",
    ["resolved: nothing", "resolved: [1, {question: 5, outcome: held}]", "checks: {a: 1}", "angle: [x]"],
)
def test_front_matter_that_a_person_broke_breaks_no_week(blog, stated):
    path = plan_post(opened(blog), WEDNESDAY)
    path.write()
    text = path.path.read_text(encoding="utf-8")
    key = stated.split(":")[0]
    text = re.sub(rf"^{key}:.*\n(?:[ -].*\n)*", "", text, count=1, flags=re.MULTILINE)
    path.path.write_text(text.replace("\nseries:", f"\n{stated}\nseries:", 1), encoding="utf-8")
    is_clean(made(blog).post)


# The command


def test_the_command_makes_lists_and_prints(blog, capsys):
    assert main(["-C", str(blog), "week", "2026-05-11", "--dry-run"]) == 0
    assert "  new      content/post/kospi-week-" in capsys.readouterr().out
    assert not (blog / "content/post").exists()
    assert main(["-C", str(blog), "week", "--no-site"]) == 0
    said = capsys.readouterr().out
    (path,) = (blog / "content/post").iterdir()
    assert f"marketpost explain {path.name} " in said
    assert main(["-C", str(blog), "explain", path.name]) == 0
    assert "kospi.week.base" in capsys.readouterr().out
    assert main(["-C", str(blog), "week", "2026-05-06"]) == 1
    assert "no session of the week 2026-W19" in capsys.readouterr().err
