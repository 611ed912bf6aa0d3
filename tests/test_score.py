"""The score of the checks: read from front matter, counted, shown; and the whole way."""

from __future__ import annotations

import shutil
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
import yaml
from real_data import ROOT

from generator import goldmark
from generator.blog import open_blog
from generator.bundle import score_page
from generator.config import load
from generator.errors import ConfigError
from generator.library import Library
from generator.pipeline import plan_post
from generator.post import Post, untouched
from generator.score import Count, answers_of, read_answers, score
from generator.wording import Wording

KST = timezone(timedelta(hours=9))
SERIES = "Daily Wrap"
DAY, NEXT = date(2026, 5, 13), date(2026, 5, 14)


def entry(outcome="held", key="level_holds", **more):
    return {"key": key, "question": "Does it?", "asked": date(2026, 5, 1), "outcome": outcome, **more}


def post(slug, day, resolved=None, **more):
    moment = datetime(day.year, day.month, day.day, 16, 30, tzinfo=KST)
    values = {
        "slug": slug, "language": "en", "title": slug, "date": moment, "lastmod": moment, "description": "",
        "body": "x", "session": day, "series": (SERIES,),
        "extra": {} if resolved is None else {"resolved": resolved},
    }  # fmt: skip
    return Post(**{**values, **more})


def library(*posts):
    found = Library(language="en")
    for each in posts:
        found = found.including(each, Path(each.slug) / "index.en.md", b"")
    return found


def answers(posts, **more):
    return answers_of(library(*posts), SERIES, shown=str, **more)[0]


def test_answers_are_counted_in_all_by_kind_and_by_month():
    posts = [
        post("a", date(2026, 4, 29), [entry("held"), entry("failed", "breadth_holds")]),
        post("b", date(2026, 4, 30), [entry("not_reported"), entry("held", "my own")]),
        post("c", date(2026, 5, 4), [entry("failed")]),
        post("d", date(2026, 5, 6)),
    ]
    found = score(answers(posts), newest=2)
    assert found.overall == Count(held=2, failed=2, not_reported=1)
    assert found.overall.answered == 4
    assert list(found.kinds.items()) == [
        ("level_holds", Count(held=1, failed=1, not_reported=1)),
        ("breadth_holds", Count(held=0, failed=1, not_reported=0)),
        ("other", Count(held=1, failed=0, not_reported=0)),
    ]
    assert list(found.months.items()) == [
        (date(2026, 5, 1), Count(held=0, failed=1, not_reported=0)),
        (date(2026, 4, 1), Count(held=2, failed=1, not_reported=1)),
    ]
    assert [(each.address, each.outcome) for each in found.newest] == [
        ("/post/c/", "failed"),
        ("/post/b/", "not_reported"),
    ]


def test_a_month_that_is_over_does_not_change():
    old = [post("a", date(2026, 4, 29), [entry("held")]), post("b", date(2026, 4, 30), [entry("failed")])]
    new = post("c", date(2026, 5, 4), [entry("held")])
    april = date(2026, 4, 1)
    assert score(answers(old), newest=9).months[april] == score(answers([*old, new]), newest=9).months[april]


def test_drafts_other_series_and_second_posts_do_not_count():
    day = date(2026, 5, 4)
    later = datetime(2026, 5, 9, tzinfo=KST)
    posts = [
        post("draft", date(2026, 5, 5), [entry()], draft=True),
        post("week", date(2026, 5, 6), [entry()], series=("Weekly",)),
        post("none", day, [entry()], session=None),
        post("first", day, [entry("failed")]),
        post("second", day, [entry("held")], date=later),
    ]
    assert [each.address for each in answers(posts)] == ["/post/second/"]
    assert [each.address for each in answers(posts, drafts=True)] == ["/post/draft/", "/post/second/"]


def test_only_earlier_posts_are_looked_back_at():
    posts = [post(f"p{n}", date(2026, 5, n), [entry()]) for n in (4, 6, 7, 8)]
    late = post("backfilled", date(2026, 5, 5), [entry()], date=datetime(2026, 6, 1, tzinfo=KST))
    before = (date(2026, 5, 7), datetime(2026, 5, 7, 16, 30, tzinfo=KST))
    assert [each.address for each in answers([*posts, late], before=before)] == ["/post/p6/", "/post/p4/"]


BROKEN = [
    "yes", {"key": "k"}, [None], ["held"], [entry("perhaps")], [entry(["held"])], [entry(outcome=None)],
    [entry(key=5)], [entry(question="")], [{"outcome": "held"}],
]  # fmt: skip


@pytest.mark.parametrize("stated", BROKEN)
def test_what_is_no_answer_is_not_counted_and_told(stated):
    found, (problem,) = read_answers(post("a", DAY, stated), "content/post/a/index.en.md")
    assert found == ()
    assert not problem.fatal
    assert problem.file == "content/post/a/index.en.md"
    assert problem.column.startswith("resolved")


def test_an_answer_without_its_day_still_counts():
    for asked in (None, "May 1", datetime(2026, 5, 1, tzinfo=KST)):
        ((found,), problems) = read_answers(post("a", DAY, [entry(asked=asked)]), "a")
        assert (found.asked, problems) == (None, ())


def test_without_answers_there_is_no_score():
    assert score((), newest=9) is None


# The page


def page(posts, newest=60):
    return score_page(score(answers(posts), newest=newest), Wording("en"))


def test_the_page_is_ours_and_shows_the_counts():
    posts = [
        post(f"p{n}", date(2026, 5, n), [entry("held" if n % 2 else "failed"), entry("not_reported")])
        for n in range(4, 11)
    ]
    text = page(posts)
    assert untouched(text)
    assert "**3 of 7 answered checks held, 43%.**" in text
    assert "For seven checks no figure was reported." in text
    assert "| The level holds | 7 | 3 | 4 | 43% | 7 |" in text
    assert "| May 2026 | 7 | 3 | 4 | 43% | 7 |" in text
    assert "| [May 10, 2026](/post/p10/) | Does it? | Failed |" in text
    assert text.index("/post/p10/") < text.index("/post/p4/")


def test_a_share_of_a_few_is_not_told():
    text = page([post("a", DAY, [entry("held"), entry("held")])])
    assert "100%" not in text
    assert "| The level holds | 2 | 2 | 0 | — | 0 |" in text


def test_a_persons_words_come_out_as_text():
    question = "<b>**Does** it|hold?</b> {{< x >}}"
    text = page([post("a", DAY, [entry(question=question, key="<i>")])])
    assert "{{<" not in text
    rendered = goldmark.render(text.split("---\n", 2)[2])
    assert "<b>" not in rendered
    assert "<strong>" not in rendered
    assert "&lt;b&gt;**Does** it|hold?&lt;/b&gt; {{&lt; x &gt;}}" in rendered
    assert "Other checks" in rendered


# The whole way


def opened(root):
    return open_blog(load(root))


def made(root, day):
    plan = plan_post(opened(root), day)
    plan.write()
    return plan


def front(plan):
    return yaml.safe_load(plan.path.read_text(encoding="utf-8").split("---\n")[1])


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def sample(tmp_path_factory, warm_cache):
    """A blog with the posts of both sample sessions, made in order; and what they were made as."""
    root = tmp_path_factory.mktemp("sample") / "blog"
    root.mkdir()
    shutil.copy(ROOT / "config.yaml", root)
    shutil.copytree(ROOT / "content" / "tags", root / "content" / "tags")
    shutil.copytree(ROOT / "datasets", root / "datasets")
    shutil.copytree(warm_cache, root / ".marketpost")
    (root / "feeds").mkdir()
    return root, made(root, DAY), made(root, NEXT)


@pytest.fixture
def both(sample, tmp_path):
    """A copy of that blog to do things to: its root, and the files of its two posts."""
    root, first, second = sample
    copy = tmp_path / "both"
    shutil.copytree(root, copy)
    return copy, copy / first.path.relative_to(root), copy / second.path.relative_to(root)


def test_the_second_sample_session_answers_the_first(sample):
    blog, first, plan = sample
    asked = front(first)["checks"]
    assert [(each["key"], each["outcome"]) for each in front(plan)["resolved"]] == [
        ("foreign_selling_stops", "failed"),
        ("large_buyers_keep_buying", "not_reported"),
        ("kosdaq_catches_up", "held"),
    ]
    assert [each["question"] for each in front(plan)["resolved"]] == [each["question"] for each in asked]
    assert {each["asked"] for each in front(plan)["resolved"]} == {DAY}
    section = plan.post.body.split("## 1. ")[1].split("## 2. ")[0]
    assert "Foreigners net sold ₩1.6tn of SK hynix and net bought ₩223.3bn of Samsung Electronics" in section
    assert "No figure for either was reported" in section
    assert "The KOSDAQ rose 1.20%" in section
    assert not [problem for problem in plan.problems if "resolved" in problem.column]
    written = blog / "content/page/checks-score/index.en.md"
    assert "| May 2026 | 2 | 1 | 1 | — | 1 |" in written.read_text(encoding="utf-8")


def test_made_again_it_is_the_same_and_says_nothing(both):
    blog, _, second = both
    again = plan_post(opened(blog), NEXT)
    assert again.files[0].content == second.read_bytes()
    assert not [problem for problem in again.problems if "resolved" in problem.column]


def test_without_the_post_before_there_is_no_section(blog):
    plan = made(blog, NEXT)
    assert "resolved" not in front(plan)
    assert not (blog / "content/page/checks-score").exists()
    # The one before comes later: it changes nothing until the post is made again.
    text = plan.path.read_bytes()
    made(blog, DAY)
    assert plan.path.read_bytes() == text
    assert "resolved" in front(made(blog, NEXT))


def test_a_post_before_that_went_away_is_told(both):
    blog, first, _ = both
    shutil.rmtree(first.parent)
    plan = plan_post(opened(blog), NEXT)
    (told,) = [problem for problem in plan.problems if problem.column == "resolved"]
    assert "2026-05-13" in told.message
    assert "resolved" not in plan.post.extra


def test_changed_checks_of_the_post_before_change_nothing_silently(both):
    blog, first, _ = both
    text = first.read_text(encoding="utf-8")
    (line,) = [each for each in text.split("\n") if "question: Does foreign" in each]
    edit(first, line, "    question: 'Is <b>SK hynix</b> still *sold*?'")
    plan = plan_post(opened(blog), NEXT)
    (told,) = [problem for problem in plan.problems if problem.column == "resolved"]
    assert not told.fatal
    assert "2026-05-13" in told.message
    assert "Is &lt;b&gt;SK hynix&lt;/b&gt; still *sold*?" in goldmark.render(plan.post.body)


def test_broken_checks_of_the_post_before_are_told_and_skipped(both):
    blog, first, _ = both
    edit(first, "    holds_if: '>= 0'", "    holds_if: never")
    plan = plan_post(opened(blog), NEXT)
    (told,) = [problem for problem in plan.problems if "holds_if" in problem.column]
    assert told.file == first.relative_to(blog).as_posix()
    assert [each["outcome"] for each in plan.post.extra["resolved"]] == ["not_reported", "held"]


def test_an_open_session_answers_nothing(both):
    blog, _, _ = both
    described = blog / "datasets/2026-05-14/session.yaml"
    edit(described, "status: final", "status: intraday")
    edit(described, "as_of: 2026-05-14T15:30", "as_of: 2026-05-14T14:00")
    assert "resolved" not in plan_post(opened(blog), NEXT).post.extra


def test_a_draft_asked_nothing(both):
    blog, first, _ = both
    edit(first, "draft: false", "draft: true")
    assert "resolved" not in plan_post(opened(blog), NEXT).post.extra


def test_a_blog_of_drafts_answers_but_links_no_page(both):
    blog, first, second = both
    for each in (first, second):  # a post that readers have stays public, whatever the settings say
        edit(each, "draft: false", "draft: true")
    edit(blog / "config.yaml", "    #post:\n", "    post: {draft: true}\n    #post:\n")
    shutil.rmtree(blog / "content/page")
    plan = plan_post(opened(blog), NEXT)
    assert len(plan.post.extra["resolved"]) == 3
    assert not [file for file in plan.files if "checks-score" in file.path.as_posix()]


def test_a_page_that_a_person_took_over_stays(both):
    blog, _, _ = both
    written = blog / "content/page/checks-score/index.en.md"
    written.write_text(written.read_text(encoding="utf-8") + "Mine.\n", encoding="utf-8")
    assert written not in [file.path for file in plan_post(opened(blog), NEXT).files]


def test_two_pages_cannot_share_an_address(blog):
    settings = blog / "config.yaml"
    text = settings.read_text(encoding="utf-8")
    ours = "    score: {slug: daily-market-hub}\n    #post:\n"
    settings.write_text(text.replace("    #post:\n", ours), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(blog)
    assert "share an address" in str(caught.value.problems[0])
