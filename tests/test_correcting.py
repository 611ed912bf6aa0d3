"""Correcting a published post: what its readers see afterwards, what is kept, and what is refused."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import shutil
import time
from types import SimpleNamespace

import feedparser
import pytest
from bs4 import BeautifulSoup
from real_data import ROOT

from generator import correcting, front_matter
from generator.blog import open_blog
from generator.bundle import read_traces
from generator.cli import main
from generator.config import load
from generator.correcting import correct
from generator.corrections import KEY
from generator.errors import ConfigError, DatasetError, EditedPostError, PostError
from generator.pipeline import plan_post, plan_week
from generator.post import untouched
from generator.publish.ledger import Publish
from generator.seen import goes_on
from generator.site.hugo import build, find_hugo

KST = dt.timezone(dt.timedelta(hours=9))
DAY, NEXT = dt.date(2026, 5, 13), dt.date(2026, 5, 14)
NOW = dt.datetime(2026, 5, 20, 10, 0, tzinfo=KST)
LATER = dt.datetime(2026, 5, 21, 9, 30, tzinfo=KST)
SLUG = "kospi-may-13-v-reversal-all-time-high-2026-05-14"
FILE = f"content/post/{SLUG}/index.en.md"
FIGURES = f"content/post/{SLUG}/figures.json"
WRONG_CLOSE = (("7844.01", "7848.01"), (",2.63,", ",2.68,"))
WRONG_AGAIN = (("7848.01", "7846.01"), (",2.68,", ",2.65,"))
WRONG_FLOW = (("-3760000000000", "-3670000000000"),)
SAID = "See *KRX*: <b>sorry</b>\n# [link](javascript:alert) \x07"
SHOWN = "See *KRX*: <b>sorry</b> # [link](javascript:alert)"
FIRST = (
    "**Correction, May 20, 2026:** An earlier version of this post had wrong figures. The KOSPI closed at "
    "7,848.01, not 7,844.01. It rose 2.68%, not 2.63%. Foreigners net sold ₩3.67tn on the KOSPI, not "
    "₩3.76tn. Seven other figures changed with them."
)
WITHDRAWN = (
    "**Correction, May 20, 2026:** An earlier version of this post gave figures that are withdrawn, because "
    "the data no longer has them: the net trade of foreigners on the KOSPI (-₩3.76tn), the net trade of "
    "retail investors on the KOSPI (+₩1.89tn) and the net trade of institutions on the KOSPI (+₩1.69tn)."
)


def opened(root):
    return open_blog(load(root))


def change(root, table, *pairs, day=DAY):
    path = root / f"datasets/{day}/{table}.csv"
    content = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in content
        content = content.replace(old, new)
    path.write_text(content, encoding="utf-8")


def edit(root, *pairs):
    path = root / FILE
    source = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in source
        source = source.replace(old, new)
    path.write_text(source, encoding="utf-8")


def corrected(root, name=str(DAY), *, now=NOW, **more):
    """Correct a post: what came of it, and the post's text."""
    outcome = correct(opened(root), name, now=now, **more)
    assert outcome.why == "corrected"
    outcome.plan.write()
    return outcome, outcome.plan.path.read_text(encoding="utf-8")


def head(source):
    return front_matter.read(source).values


def notes(source):
    """The paragraphs of the notes, those of a person's words too."""
    lede, _, rest = front_matter.body(source).partition("\n---\n")
    assert rest
    at = lede.find("**Correction")
    return [] if at < 0 else lede[at:].strip().split("\n\n")


def page(root):
    built = build(find_hugo(), root, timeout=120)
    assert built.warnings == ()
    return BeautifulSoup((root / f"public/post/{SLUG}/index.html").read_text(encoding="utf-8"), "lxml")


def snapshot(root):
    return {
        path.relative_to(root).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".marketpost" not in path.parts
    }


@pytest.fixture(scope="module")
def published(tmp_path_factory, calendar_cache):
    """A blog with the posts of two sessions, as readers see it on May 20. Only to be copied."""
    root = tmp_path_factory.mktemp("published") / "blog"
    root.mkdir()
    shutil.copy(ROOT / "config.yaml", root)
    for part in ("layouts", "content/tags", "datasets"):
        shutil.copytree(ROOT / part, root / part)
    shutil.copytree(calendar_cache, root / ".marketpost")
    (root / "feeds").mkdir()
    for day in (DAY, NEXT):
        plan_post(opened(root), day, now=NOW).write()
    return root


@pytest.fixture
def public(published, tmp_path):
    return shutil.copytree(published, tmp_path / "blog")


@pytest.fixture
def alone(public):
    """The same with the first post alone, which later ones need not be looked at for."""
    shutil.rmtree(next((public / "content/post").glob("kospi-may-14-*")))
    return public


@pytest.fixture(scope="module")
def once(published, tmp_path_factory):
    """Corrected once, with a person's words, and a note of theirs from before. Only to be looked at."""
    root = shutil.copytree(published, tmp_path_factory.mktemp("once") / "blog")
    own = "corrections:\n  - {date: 2026-05-16, note: The title had a slip.}\n"
    edit(root, ("generated_hash", own + "generated_hash"))
    before = (root / FILE).read_text(encoding="utf-8")
    (entry,) = feedparser.parse((root / "feeds/tags/v-reversal/feed.xml").read_bytes()).entries
    change(root, "indices", *WRONG_CLOSE)
    change(root, "flows", *WRONG_FLOW)
    outcome, after = corrected(root, note=SAID)
    return SimpleNamespace(root=root, outcome=outcome, before=before, after=after, item=entry)


def test_the_note_is_dated_and_says_what_was_wrong(once):
    first, words, own, own_words = notes(once.after)
    assert first == FIRST
    assert (own, own_words) == ("**Correction, May 16, 2026:**", "The title had a slip.")
    assert words.startswith("See \\*KRX\\*")
    assert once.outcome.plan.findings == ()
    assert untouched(once.after)


def test_what_differs_is_listed_with_its_source(once):
    seen = [(each.figure, each.of, each.was_text, each.now_text) for each in once.outcome.differences.seen]
    assert seen[:4] == [
        ("kospi.close", "KOSPI", "7,844.01", "7,848.01"),
        ("kospi.change", "KOSPI", "+2.63%", "+2.68%"),
        ("flow.kospi.foreign", "KOSPI", "-₩3.76tn", "-₩3.67tn"),
        ("gap", "", "2.83 pp", "2.88 pp"),
    ]
    assert len(seen) == 10
    source = once.outcome.differences.seen[2].now.source
    assert str(source) == f"datasets/{DAY}/flows.csv, line 4, net_krw"


def test_front_matter_keeps_it_and_address_and_guid_stay(once):
    old, new = head(once.before), head(once.after)
    entry, own = new[KEY]
    assert [(each["figure"], each["was"], each["now"]) for each in entry["figures"]] == [
        ("kospi.close", 7844.01, 7848.01),
        ("kospi.change", 2.63, 2.68),
        ("flow.kospi.foreign", -3.76e12, -3.67e12),
    ]
    assert (entry["date"], entry["more"], entry["note"]) == (NOW, 7, SHOWN)
    assert own == {"date": dt.date(2026, 5, 16), "figures": [], "note": "The title had a slip."}
    assert once.after.count("\ncorrections:") == 1
    assert {key for key in old | new if old.get(key) != new.get(key)} - {"angles"} == {
        "title", "lastmod", "description", KEY, "generated_hash",
    }  # fmt: skip
    assert new["lastmod"] == NOW
    assert "7,848 (+2.68%)" in new["title"]


def test_every_number_of_the_note_is_a_figure_with_its_source(once):
    traces = read_traces(once.root / FIGURES)
    said = {
        statement.text: [
            (statement.text[mark.start : mark.end], traces.figure(mark)["figure"]) for mark in statement.marks
        ]
        for statement in traces.statements
    }
    assert said["The KOSPI closed at 7,848.01, not 7,844.01."] == [
        ("7,848.01", "correction.2.kospi.close.now"),
        ("7,844.01", "correction.2.kospi.close.was"),
    ]
    assert [name for _, name in said["Seven other figures changed with them."]] == ["correction.2.more"]
    assert "corrections.figures.was: 7844.01" in said
    assert not [text for text in said if "KRX*" in text or "a slip" in text]
    sources = {each["figure"]: each["source"] for each in traces.figures}
    assert sources["correction.2.kospi.close.was"] == {
        "file": FILE,
        "row": "corrections, 2026-05-20T10:00:00+09:00",
        "column": "kospi.close was",
    }


def test_readers_of_feeds_get_the_same_item_changed(once):
    parsed = feedparser.parse((once.root / "feeds/tags/v-reversal/feed.xml").read_bytes())
    (item,) = parsed.entries
    assert (item.id, item.link, item.published) == (once.item.id, once.item.link, once.item.published)
    assert parsed.feed.updated == "Wed, 20 May 2026 10:00:00 +0900"
    assert item.title != once.item.title
    for said in ("Correction, May 20, 2026", "not 7,844.01", "Correction, May 16, 2026", "had a slip"):
        assert item.summary.count(said) == 1
    assert main(["-C", str(once.root), "-q", "feeds", "--check"]) == 0


def test_the_page_has_each_note_once_and_a_persons_words_as_text(once):
    found = page(once.root)
    assert found.select(".correction") == []
    paragraphs = [each.get_text() for each in found.select("article p")]
    assert paragraphs.count(FIRST.replace("**", "")) == 1
    assert paragraphs.count(SHOWN) == paragraphs.count("The title had a slip.") == 1
    assert "May 20, 2026" in found.select_one(".facts").get_text()


def test_later_posts_that_hang_on_it_are_named_and_left(once, published):
    (later,) = once.outcome.later
    assert (later.entry.post.session, later.title) == (NEXT, True)
    assert later.entry.path.read_bytes() == (published / later.entry.file).read_bytes()
    # The gate has it too; made again, the post links by the new title.
    assert main(["-C", str(once.root), "-q", "check", str(NEXT), "--rule", "link-title"]) == 1


def test_the_gate_knows_the_note_as_it_was_generated(once, tmp_path):
    root = shutil.copytree(once.root, tmp_path / "blog")
    options = ["-C", str(root), "-q", "check", str(DAY), "--now", LATER.isoformat()]
    assert main(options) == 0
    edit(root, ("not 7,844.01", "not 7,884.01"))
    assert main([*options, "--rule", "number-differs"]) == 1


def test_again_stands_above_and_later_runs_change_nothing(once, tmp_path, monkeypatch):
    root = shutil.copytree(once.root, tmp_path / "blog")
    shutil.rmtree(next((root / "content/post").glob("kospi-may-14-*")))
    change(root, "indices", *WRONG_AGAIN)
    change(root, "flows", ("-3670000000000", "367000000000"))
    _, after = corrected(root, now=LATER)
    newest, oldest = notes(after)[0], notes(after)[1]
    assert newest.startswith(
        "**Correction, May 21, 2026:** An earlier version of this post had wrong figures. The KOSPI closed "
        "at 7,846.01, not 7,848.01. It rose 2.65%, not 2.68%. Foreigners net bought ₩367bn on the KOSPI; "
        "the earlier version said that they net sold ₩3.67tn. "
    )
    assert oldest == FIRST.replace("2026:**", "2026, itself corrected since:**")
    assert [each["date"] for each in head(after)[KEY]] == [LATER, NOW, dt.date(2026, 5, 16)]
    assert head(after)["lastmod"] == LATER
    before = snapshot(root)
    for path in (root / ".marketpost").iterdir():
        if not path.name.startswith("calendar"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        plan = plan_post(opened(root), DAY, now=LATER)
        assert {file.state for file in plan.files} == {"same"}
        plan.write()
        assert correct(opened(root), str(DAY), now=LATER).why == "same"
    finally:
        monkeypatch.undo()
        time.tzset()
    assert snapshot(root) == before


def test_figures_that_the_data_no_longer_has_are_withdrawn(alone):
    (alone / f"datasets/{DAY}/flows.csv").unlink()
    outcome, after = corrected(alone)
    assert notes(after) == [WITHDRAWN]
    kinds = {each.figure: each.kind for each in outcome.differences.listed}
    assert kinds["flow.kospi.foreign"] == "withdrawn"
    # What was computed from them is not told any more, which is no mistake of its own.
    assert kinds["flow.kospi.absorbed"] == "dropped"
    assert "flow.kospi.absorbed" not in {each.figure for each in outcome.differences.seen}
    assert "now" not in head(after)[KEY][0]["figures"][0]
    assert outcome.plan.findings == ()


def test_the_writers_words_and_new_figures_are_nothing_to_correct(public):
    said = public / f"datasets/{NEXT}/notes.md"
    said.write_text(said.read_text(encoding="utf-8") + "\nAnd more of it.\n", encoding="utf-8")
    flows = public / f"datasets/{NEXT}/flows.csv"
    more = "KOSPI,market,retail,1500000000000,,\n"
    flows.write_text(flows.read_text(encoding="utf-8") + more, encoding="utf-8")
    before = snapshot(public)
    outcome = correct(opened(public), str(NEXT), now=NOW)
    assert (outcome.why, outcome.plan) == ("same", None)
    assert [(each.figure, each.kind) for each in outcome.differences.listed] == [("flow.kospi.retail", "new")]
    assert main(["-C", str(public), "-q", "correct", str(NEXT)]) == 0
    assert snapshot(public) == before


# Edits


def test_edits_are_kept_lists_taken_over_and_one_in_the_way_is_refused(alone):
    change(alone, "indices", *WRONG_CLOSE)
    edit(alone, ("## FAQ", "## Questions"))
    outcome, after = corrected(alone, note="Restated by the exchange.")
    assert outcome.plan.edited
    assert "## Questions" in after
    assert len(notes(after)) == 2

    edit(
        alone,
        ("note: Restated by the exchange.", "note: The exchange restated it."),
        ("corrections:\n", "corrections:\n  - {date: 2026-05-18, note: Mine.}\n"),
    )
    change(alone, "indices", *WRONG_AGAIN)
    _, after = corrected(alone, now=LATER)
    assert [each.get("note") for each in head(after)[KEY]] == [None, "The exchange restated it.", "Mine."]
    assert after.count("corrections:") == 1
    assert notes(after)[2] == "The exchange restated it."
    assert "## Questions" in after

    edit(alone, ("The KOSPI turned round", "The index turned round"))
    before = (alone / FILE).read_bytes()
    change(alone, "indices", ("7846.01", "7844.01"), (",2.65,", ",2.63,"))
    with pytest.raises(EditedPostError) as caught:
        correct(opened(alone), str(DAY), now=LATER)
    assert "-*The index turned round" in caught.value.difference
    assert "+**Correction, May 21, 2026:**" in caught.value.difference
    assert (alone / FILE).read_bytes() == before


def test_corrections_that_cannot_be_read_are_told_with_their_line(public):
    own = "corrections:\n  - {date: 2026-05-16}\n  - {date: soon, note: x}\n"
    edit(public, ("generated_hash", own + "generated_hash"))
    line = (public / FILE).read_text(encoding="utf-8").splitlines().index("corrections:") + 1
    with pytest.raises(PostError) as caught:
        correct(opened(public), str(DAY), now=NOW)
    assert [(each.line, each.column) for each in caught.value.problems] == [
        (line, "corrections, entry 1"),
        (line, "corrections, entry 2"),
    ]


# What readers saw


def test_a_post_made_again_without_a_note_keeps_what_readers_saw(alone, capsys):
    kept = alone / ".marketpost/seen" / FIGURES
    change(alone, "indices", *WRONG_CLOSE)
    assert main(["-C", str(alone), "post", str(DAY), "--no-site"]) == 0
    told = f"5 figures that readers saw change: `marketpost correct {DAY}` adds a note."
    assert told in capsys.readouterr().out
    first = kept.read_bytes()
    assert "7,844.01" in {each["text"] for each in read_traces(kept).figures}
    # Once more, with other data: what readers saw is still the first.
    change(alone, "indices", *WRONG_AGAIN)
    plan = plan_post(opened(alone), DAY, now=NOW)
    assert (plan.differences.seen[0].was_text, plan.differences.seen[0].now_text) == ("7,844.01", "7,846.01")
    plan.write()
    assert kept.read_bytes() == first
    # Should the data say again what readers saw, there is nothing to keep.
    change(alone, "indices", ("7846.01", "7844.01"), (",2.65,", ",2.63,"))
    plan_post(opened(alone), DAY, now=NOW).write()
    assert not kept.exists()


def test_a_post_that_nobody_saw_is_not_corrected(public, capsys):
    change(public, "indices", *WRONG_CLOSE)
    hour_before = dt.datetime(2026, 5, 14, 10, 0, tzinfo=KST)
    assert correct(opened(public), str(DAY), now=hour_before).why == "unpublished"
    edit(public, ("draft: false", "draft: true"))
    assert main(["-C", str(public), "correct", str(DAY)]) == 0
    assert f"Readers have not seen it yet: `marketpost post {DAY}`" in capsys.readouterr().out


def published_as(at, *, file=FILE, undone=None, **files):
    return Publish(
        id="x", at=at, post=file, address="/x/", guid="x", title="x", session="", dataset="",
        files={FIGURES: files["figures"]} if files else {}, targets=(), undone=undone,
    )  # fmt: skip


NOON = dt.datetime(2026, 5, 14, 12, 0, tzinfo=KST)


@pytest.mark.parametrize(
    ("publishes", "expected"),
    [
        ([], True),
        ([published_as(NOON)], True),
        # Older than the ledger, it is judged as if there were none; younger, it was not published.
        ([published_as(NOON, file="content/post/x/index.en.md")], True),
        ([published_as(NOON - dt.timedelta(days=1), file="content/post/x/index.en.md")], False),
        ([published_as(NOON - dt.timedelta(days=1), undone=NOON)], False),
    ],
)
def test_the_ledger_says_what_readers_have(published, publishes, expected):
    entry = opened(published).library().find(SLUG)
    assert correcting.readers_have(entry, publishes, NOW) is expected


def test_the_ledger_says_which_figures_readers_have(published, tmp_path):
    root = shutil.copytree(published, tmp_path / "blog")
    blog, kept = opened(root), root / ".marketpost/seen" / FIGURES
    entry = blog.library().find(SLUG)
    beside = (root / FIGURES).read_bytes()
    figures = {"figures": hashlib.sha256(beside).hexdigest()}
    assert correcting.figures_seen(blog, entry, []) == beside
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b'{"figures": [], "statements": []}')
    assert correcting.figures_seen(blog, entry, []) == kept.read_bytes()
    assert correcting.figures_seen(blog, entry, [published_as(NOON, **figures)]) == beside
    other = [published_as(NOON, **figures), published_as(NOW, figures="0" * 64)]
    with pytest.raises(PostError, match="is not the one that was published on 2026-05-20"):
        correcting.figures_seen(blog, entry, other)
    assert correcting.figures_seen(blog, entry, [other[0], published_as(NOW)]) == beside
    # Corrected since, though not published: the correction stands beside the post.
    edit(root, ("generated_hash", "corrections: {date: 2026-05-21, note: x}\ngenerated_hash"))
    assert correcting.figures_seen(blog, opened(root).library().find(SLUG), other) == beside


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ({"session_status": "final"}, {"session_status": "final"}, False),
        ({"session_status": "intraday"}, {"session_status": "final"}, True),
        ({"sessions": [DAY]}, {"sessions": [DAY, NEXT]}, True),
        ({"sessions": [DAY]}, {"sessions": [DAY]}, False),
    ],
)
def test_what_an_open_session_brings_is_no_correction(was, now, expected):
    assert goes_on(SimpleNamespace(extra=was), SimpleNamespace(extra=now)) is expected


# Other posts


def test_a_week_hangs_on_its_days_and_is_corrected_by_its_name(alone):
    thursday = (alone / f"datasets/{NEXT}").rename(alone / "thursday")
    plan_week(opened(alone), DAY, now=NOW).write()
    thursday.rename(alone / f"datasets/{NEXT}")
    # A week that went on is made again without a correction.
    assert correct(opened(alone), "2026-W20", now=NOW).why == "open"
    week = plan_week(opened(alone), DAY, now=NOW)
    assert (week.differences.seen, week.unsaid) == ((), None)
    week.write()
    change(alone, "indices", ("7643.1", "7640.1"), (",2.63,", ",2.67,"))
    (later,) = correct(opened(alone), str(DAY), now=NOW).later
    assert later.entry.path == week.path
    assert later.figures > 0
    outcome, after = corrected(alone, "2026-W20")
    assert outcome.plan.path == week.path
    assert re.match(
        r"\*\*Correction, May 20, 2026:\*\* An earlier version of this post had wrong figures\. "
        r"The KOSPI rose [\d.]+% over the week, not [\d.]+%\. ",
        notes(after)[0],
    )
    assert outcome.plan.findings == ()
    with pytest.raises(PostError, match="no post of the week 2026-W01"):
        correct(opened(alone), "2026-W01", now=NOW)


def test_posts_that_were_not_made_from_data_are_left_alone(public):
    (public / FIGURES).unlink()
    with pytest.raises(PostError, match=r"has no figures\.json"):
        correct(opened(public), str(DAY), now=NOW)
    own = public / "content/post/mine/index.en.md"
    own.parent.mkdir()
    own.write_text(
        "---\ntitle: Mine\ndate: 2026-05-12T09:00:00+09:00\nsession: 2026-05-12\nseries: [Daily Wrap]\n"
        "---\nText\n",
        encoding="utf-8",
    )
    with pytest.raises(PostError, match="was not made from data"):
        correct(opened(public), "mine", now=NOW)
    with pytest.raises(PostError, match="no post 'nothing'"):
        correct(opened(public), "nothing", now=NOW)


def test_a_withheld_session_is_not_corrected(public):
    before = (public / FILE).read_bytes()
    change(public, "indices", ("7844.01", "many"))
    with pytest.raises(DatasetError):
        correct(opened(public), str(DAY), now=NOW)
    assert (public / FILE).read_bytes() == before


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        (dt.datetime(2026, 5, 20, 10, 0, 1, tzinfo=KST), "in the future"),
        (dt.date(2026, 5, 21), "in the future"),
        (dt.date(2026, 5, 13), "before the post"),
        (dt.datetime(2026, 5, 14, 10, 59, tzinfo=KST), "before the post"),
        (dt.date(2026, 5, 14), dt.datetime(2026, 5, 14, 11, 0, tzinfo=KST)),
        (dt.date(2026, 5, 15), dt.datetime(2026, 5, 15, 0, 0, tzinfo=KST)),
        (dt.datetime(2026, 5, 15, 1, 0, 0, 7, tzinfo=dt.UTC), dt.datetime(2026, 5, 15, 10, 0, tzinfo=KST)),
        (dt.datetime(2026, 5, 15, 1, 0), dt.datetime(2026, 5, 15, 1, 0, tzinfo=KST)),  # noqa: DTZ001 - the case
    ],
)
def test_a_correction_has_a_date_that_can_be(published, date, expected):
    blog = opened(published)
    entry = blog.library().find(SLUG)
    if isinstance(expected, str):
        with pytest.raises(ConfigError, match=expected):
            correcting.moment_of(blog, entry, date, NOW)
    else:
        assert correcting.moment_of(blog, entry, date, NOW).isoformat() == expected.isoformat()


def test_a_correction_comes_after_the_last_one(once):
    blog = opened(once.root)
    entry = blog.library().find(SLUG)
    with pytest.raises(ConfigError, match="before the last one"):
        correcting.moment_of(blog, entry, NOW - dt.timedelta(seconds=1), LATER)
    assert correcting.moment_of(blog, entry, NOW.date(), LATER) == NOW


# The command line


@pytest.fixture
def run(public, capsys):
    def call(*arguments):
        code = main(["-C", str(public), "correct", *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_the_command_shows_what_differs_and_a_dry_run_writes_nothing(run, public):
    change(public, "indices", *WRONG_CLOSE)
    before = snapshot(public)
    code, out, err = run(str(DAY), "--dry-run", "--date", "2026-05-20")
    assert (code, err) == (0, "")
    assert re.search(
        r"kospi\.close +KOSPI +7,844\.01 +7,848\.01 +datasets/2026-05-13/indices\.csv, line 2, close\n", out
    )
    assert "Readers saw 5 of them otherwise." in out
    assert f"  changed  {FILE}" in out
    assert f"links to the post by the title that it had; `marketpost post {NEXT}`" in out
    assert snapshot(public) == before
    code, out, _ = run(str(DAY), "--json", "--no-site", "--date", "2026-05-20T10:00:00+09:00")
    told = json.loads(out)
    assert (code, told["outcome"], told["post"]) == (0, "corrected", FILE)
    assert told["guid"] == f"https://example.org/post/{SLUG}/"
    assert told["figures"][0] == {
        "figure": "kospi.close", "of": "KOSPI", "kind": "changed", "was": "7,844.01", "now": "7,848.01",
        "value_was": 7844.01, "value_now": 7848.01,
        "source_now": "datasets/2026-05-13/indices.csv, line 2, close",
    }  # fmt: skip
    assert [(each["figures"], each["title"]) for each in told["later"]] == [(0, True)]
    assert "**Correction, May 20, 2026:**" in (public / FILE).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--date", "soon"], "'soon' is no date"),
        (["--note", "x" * 601], "at most 600"),
        (["--date", "2199-01-01"], "lies in the future"),
    ],
)
def test_wrong_usage_is_told(run, options, message):
    code, _, err = run(str(DAY), *options)
    assert code == 2
    assert message in err


def test_a_correction_with_errors_takes_no_post_from_its_readers(alone, capsys):
    change(alone, "indices", *WRONG_CLOSE)
    before = snapshot(alone)
    note = 'It was 9,123.45 all along, see {{< figure src="x" >}}.'
    assert main(["-C", str(alone), "correct", str(DAY), "--no-site", "--note", note]) == 1
    told = capsys.readouterr().err
    assert "nothing is written" in told
    assert "(number-without-source)" in told
    assert "(placeholder)" in told
    assert snapshot(alone) == before
