"""What happened next, and lists by rule: from data files through real Hugo to the page."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from generator.blog import open_blog
from generator.cli import main
from generator.config import load
from generator.goldmark.shortcodes import Use, called
from generator.lists import MOST, PARAMETERS, STANDARD, key_of
from generator.pipeline import plan_post, plan_site_data
from generator.post import sealed
from generator.process import run
from generator.site.hugo import build, find_hugo

ROOT = Path(__file__).parents[1]
DAY, NEXT = date(2026, 5, 13), date(2026, 5, 14)
MONTH = "data/marketpost/aftermath/en/2026-05.json"
LISTS = "data/marketpost/lists/en.json"
CLOSES = {
    "2026-05-14": 7981.41, "2026-05-15": 7493.18, "2026-05-18": 7516.04, "2026-05-19": 7271.66,
    "2026-05-20": 7208.95, "2026-05-21": 7815.59,
}  # fmt: skip
"""KOSPI closes of the sessions after May 13; the fifth one is May 20."""


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def session(root: Path, day: str, close: float, previous: float, status: str = "final") -> None:
    """The smallest dataset of a session."""
    folder = root / "datasets" / day
    hour = "15:30" if status == "final" else "11:00"
    write(folder / "session.yaml", f"date: {day}\nstatus: {status}\nas_of: {day}T{hour}:00+09:00\n")
    write(folder / "indices.csv", f"index,close,previous_close\nKOSPI,{close},{previous}\n")


def by_hand(root: Path, slug: str, day: str | None = None, *, language: str = "en", more: str = "") -> Path:
    about = f"session: {day}\n" if day else ""
    text = f'---\ntitle: "{slug} <b>&"\ndate: 2026-05-20T16:30:00+09:00\n{about}{more}---\n\nBy hand.\n'
    return write(root / f"content/post/{slug}/index.{language}.md", text)


def page(root: Path, slug: str, body: str, language: str = "en") -> Path:
    return write(root / f"content/page/{slug}/index.{language}.md", f"---\ntitle: {slug}\n---\n\n{body}\n")


def opened(root: Path):
    return open_blog(load(root))


def made(root: Path, day: date = DAY):
    plan = plan_post(opened(root), day)
    plan.write()
    return plan


def data(root: Path):
    """Bring the data files up to date, as `marketpost data` does."""
    plan = plan_site_data(opened(root))
    for file in plan.files:
        write(file.path, file.content.decode())
    for path in plan.stale:
        path.unlink()
    return plan


def aftermath(root: Path, day: str = "2026-05-13") -> dict:
    path = root / MONTH
    return json.loads(path.read_text(encoding="utf-8"))["sessions"].get(day, {}) if path.exists() else {}


def listed(root: Path) -> list[list[dict]]:
    return [each["rows"] for each in json.loads((root / LISTS).read_text(encoding="utf-8"))["lists"].values()]


def bytes_of(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def sample(tmp_path_factory, warm_cache):
    """The repository as a blog, its metrics measured; each test takes away what it adds."""
    root = tmp_path_factory.mktemp("sample")
    for part in ("datasets", "content", "layouts", "data"):
        shutil.copytree(ROOT / part, root / part)
    shutil.copy(ROOT / "config.yaml", root)
    shutil.copytree(warm_cache, root / ".marketpost")
    assert data(root).files == ()
    return root


@pytest.fixture
def own(sample, tmp_path):
    """A copy of it that a test may change."""
    return Path(shutil.copytree(sample, tmp_path / "own"))


# --- what happened next -------------------------------------------------------------------------------------


def test_what_happened_next_is_the_next_session_and_its_post(own):
    made(own)
    posted = made(own, NEXT).post
    found = aftermath(own)
    assert found["next"] == {
        "session": "2026-05-14",
        "close": {"figure": "kospi_close", "text": "7,981.41", "value": 7981.41},
        "change": {"figure": "kospi_change_pct", "text": "+1.75%", "value": 1.75},
        "post": {"title": posted.title, "address": posted.address, "page": posted.address.rstrip("/")},
    }
    assert [(each["outcome"], each["post"]["address"]) for each in found["checks"]] == [
        ("failed", posted.address), ("not_reported", posted.address), ("held", posted.address),
    ]  # fmt: skip
    # Nothing has followed the last session, and the first is not followed by five.
    assert "later" not in found
    assert aftermath(own, "2026-05-14") == {}


def test_each_number_has_its_source(sample):
    sources = json.loads((sample / MONTH).read_text(encoding="utf-8"))["figures"]
    assert sources["kospi_close"] == {
        "unit": "points", "precision": 2, "source": {"formula": "close", "inputs": ["indices.close"]},
    }  # fmt: skip


def test_five_sessions_later(own):
    previous = 7981.41
    for day, close in list(CLOSES.items())[1:]:
        session(own, day, close, previous)
        previous = close
    data(own)
    (later,) = aftermath(own)["later"]
    assert (later["sessions"], later["session"], later["close"]["text"]) == (5, "2026-05-20", "7,208.95")
    # 7208.95 / 7844.01 - 1 = -8.0961%
    assert later["change"]["text"] == "-8.10%"
    # A session that is missing in between is not counted over.
    shutil.rmtree(own / "datasets/2026-05-20")
    data(own)
    assert "later" not in aftermath(own)


def test_an_open_session_is_no_close(own):
    session(own, "2026-05-15", 7493.18, 7981.41, status="intraday")
    data(own)
    assert aftermath(own, "2026-05-14") == {}
    posted = made(own, date(2026, 5, 15)).post
    found = aftermath(own, "2026-05-14")["next"]
    assert set(found) == {"session", "post"}
    assert found["post"]["address"] == posted.address
    session(own, "2026-05-15", 7493.18, 7981.41)
    made(own, date(2026, 5, 15))
    assert aftermath(own, "2026-05-14")["next"]["close"]["text"] == "7,493.18"


def test_a_draft_is_no_next_post_and_answers_nothing(own):
    (path,) = (own / "content/post").glob("kospi-may-14*/index.en.md")
    path.write_text(path.read_text(encoding="utf-8").replace("draft: false", "draft: true"), encoding="utf-8")
    data(own)
    assert "post" not in aftermath(own)["next"]
    assert "checks" not in aftermath(own)


def test_older_posts_and_finished_months_stay_as_they_are(blog):
    by_hand(blog, "april", "2026-04-29")
    session(blog, "2026-04-29", 7000, 6900)
    session(blog, "2026-04-30", 7100, 7000)
    made(blog)
    april = blog / MONTH.replace("05", "04")
    before = (april.read_bytes(), april.stat().st_mtime_ns)
    posts = bytes_of(blog / "content")
    made(blog, NEXT)
    assert (april.read_bytes(), april.stat().st_mtime_ns) == before
    after = bytes_of(blog / "content")
    # The hub's page is one of those.
    assert posts.items() <= after.items()
    assert {name.split("/")[1] for name in after.keys() - posts.keys()} == {post_of(blog, 14), "checks-score"}


def test_data_made_again_is_the_same(own):
    page(own, "falls", '{{< sessions rule="kospi_change_pct > 0" >}}')
    data(own)
    before = bytes_of(own / "data")
    assert set(before) == {"marketpost/aftermath/en/2026-05.json", "marketpost/lists/en.json"}
    made(own, DAY)
    assert bytes_of(own / "data") == before
    shutil.rmtree(own / "data")
    assert data(own).problems == ()
    assert {name: each[0] for name, each in bytes_of(own / "data").items()} == {
        name: each[0] for name, each in before.items()
    }


def test_a_file_that_nothing_stands_in_goes(own):
    strange = write(own / "data/marketpost/aftermath/en/notes.json", "{}")
    shutil.rmtree(own / "content/post")
    plan = data(own)
    assert [path.relative_to(own).as_posix() for path in plan.stale] == [MONTH]
    assert strange.is_file()


# --- lists --------------------------------------------------------------------------------------------------


def test_a_list_by_rule(own):
    page(own, "big", '{{< sessions rule="kospi_change_pct >= 2" >}}\n\n{{< posts tags="KOSDAQ, autos" >}}')
    data(own)
    posts, hub, big = listed(own)
    assert [row["session"] for row in big] == ["2026-05-13"]
    assert [row["session"] for row in hub] == ["2026-05-14", "2026-05-13"]
    # One has the tag kosdaq, the other autos.
    assert len(posts) == 2


ASKED = {
    'sessions from="2026-05-14"': 1,
    'sessions to="2026-05-13"': 1,
    "sessions limit=1": 1,
    'sessions series="Weekly Wrap"': 0,
    'sessions stocks="005380"': 1,
    'sessions rule="kospi_change_pct < 2 and kospi_change_pct > 0" series="daily wrap"': 1,
    'posts categories="Daily Market" tags="v-reversal"': 1,
    'posts rule="kospi_change_pct >= 2"': 1,
    # By day of publication: both are of May 14.
    "posts from=2026-05-14 to=2026-05-14": 2,
    "posts to=2026-05-13": 0,
}


def test_what_lists_can_ask_for(own):
    page(own, "asked", "\n\n".join(f"{{{{< {call} >}}}}" for call in ASKED))
    data(own)
    lists = json.loads((own / LISTS).read_text(encoding="utf-8"))["lists"]
    counts = {call: len(lists[key_of(called(Use(1, f"{{{{< {call} >}}}}")))]["rows"]) for call in ASKED}
    assert counts == ASKED


def test_all_lists_sessions_without_a_post(own):
    shutil.rmtree(next((own / "content/post").glob("kospi-may-13*")))
    page(own, "every", '{{< sessions all=true rule="kospi_close > 0" >}}')
    data(own)
    rows = next(rows for rows in listed(own) if len(rows) == 2)
    assert ["post" in row for row in rows] == [True, False]


def test_of_an_open_session_no_rule_can_be_told(blog):
    session(blog, "2026-05-15", 8200, 7981.41, status="intraday")
    made(blog, date(2026, 5, 15))
    page(blog, "big", '{{< sessions rule="kospi_change_pct >= 1" >}}')
    data(blog)
    hub, big = listed(blog)
    assert (big, [(row["open"], "close" in row) for row in hub]) == ([], [(True, False)])


WRONG = [
    ('{{< sessions rule="kospi_chang_pct > 0" >}}', "did you mean kospi_change_pct"),
    ('{{< sessions rule="__import__" >}}', "no metric"),
    ('{{< sessions rule="" >}}', "is empty"),
    ("{{< sessions limit=0 >}}", "expected 1 to 1000"),
    ("{{< sessions limit=many >}}", "is no count of rows"),
    ('{{< sessions from="May 1" >}}', "is no day; found 'May 1'; expected such as 2026-05-01"),
    ('{{< sessions from="2026-02-30" >}}', "is no day"),
    ("{{< sessions from=2026-05-02 to=2026-05-01 >}}", "is before from"),
    ('{{< sessions tag="kospi" >}}', "is no parameter of this list; found 'tag'; expected rule, from"),
    ("{{< posts all=true >}}", "is no parameter of this list"),
    ("{{< sessions all=yes >}}", "neither true nor false"),
    ("{{< sessions all=true tags=kospi >}}", "which `all` does without"),
    ("{{< sessions 20 >}}", "takes parameters by name only"),
    ("{{% sessions %}}", "is written with < and >"),
    ("{{< posts from >}}", "takes parameters by name only"),
]


def test_wrong_calls_are_told_with_their_lines(own):
    page(own, "wrong", "\n".join(call for call, _ in WRONG))
    problems = plan_site_data(opened(own)).problems
    assert [(each.file, each.line, each.fatal) for each in problems] == [
        ("content/page/wrong/index.en.md", 5 + number, True) for number in range(len(WRONG))
    ]
    assert [said for (_, said), told in zip(WRONG, problems, strict=True) if said not in str(told)] == []


def test_the_command(own, capsys):
    shutil.rmtree(own / "data")
    assert main(["-C", str(own), "data", "--dry-run"]) == 0
    assert not (own / "data").exists()
    assert main(["-C", str(own), "data"]) == 0
    out = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert out == [["new", MONTH], ["new", LISTS]] * 2
    assert main(["-C", str(own), "data"]) == 0
    assert capsys.readouterr().out == "All data files are as they should be.\n"
    page(own, "wrong", "{{< sessions limit=0 >}}")
    assert main(["-C", str(own), "data", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["files"], len(said["problems"])) == ([], 1)


def test_a_name_that_no_post_has_is_a_note(own):
    page(own, "note", '{{< posts tags="foriegn-selling" >}}')
    (problem,) = plan_site_data(opened(own)).problems
    assert not problem.fatal
    assert "expected foreign-selling" in str(problem)


def test_a_shortcode_of_the_blogs_own_is_left_alone(own):
    write(own / "layouts/_shortcodes/posts.html", "mine")
    page(own, "mine", '{{< posts colour="red" >}}')
    assert plan_site_data(opened(own)).problems == ()


def test_an_old_hub_of_ours_is_replaced(blog):
    head = "title: Daily Market Hub\ndescription: The latest.\n"
    hub = write(blog / "content/page/daily-market-hub/index.en.md", sealed(head, "| Session |\n| --- |\n"))
    made(blog)
    assert "{{< sessions" in hub.read_text(encoding="utf-8")


def test_the_parameters_are_told_as_they_are():
    told = (ROOT / "docs/hubs.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+) \|$", told, re.MULTILINE)
    assert {name: (form, does) for name, form, does in rows} == dict(PARAMETERS)
    assert f"{STANDARD} unless given" in told
    assert str(MOST) in told


# --- through Hugo -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(tmp_path_factory, warm_cache):
    """A blog with generated and hand-written posts in two languages, built; and its folder."""
    root = tmp_path_factory.mktemp("site")
    for part in ("datasets", "layouts", "content/tags"):
        shutil.copytree(ROOT / part, root / part)
    shutil.copy(ROOT / "config.yaml", root)
    shutil.copytree(warm_cache, root / ".marketpost")
    made(root)
    by_hand(root, "korean-13", "2026-05-13", language="ko")
    by_hand(root, "korean-14", "2026-05-14", language="ko")
    by_hand(root, "no-session")
    listing = by_hand(root, "listing", more="tags: [v-reversal]\n")
    text = listing.read_text(encoding="utf-8")
    write(listing, f'{text}\n{{{{< sessions rule="kospi_change_pct >= 2" >}}}}\n')
    page(root, "big", '{{< sessions all="true"\n  rule="kospi_change_pct  >= 2" >}}')
    page(root, "big", "{{< sessions limit=5 >}}\n\n{{< posts >}}", language="ko")
    page(root, "none", '{{< sessions rule="kospi_change_pct >= 20" >}}')
    page(root, "wrong", '{{< sessions rule="kospi >= 20" >}}')
    made(root, NEXT)
    made(root)
    built = build(find_hugo(), root, timeout=60)
    return root, built


def soup(site, address: str) -> BeautifulSoup:
    path = site[1].destination / address.strip("/") / "index.html"
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def post_of(root: Path, day: int) -> str:
    return next(path.name for path in (root / "content/post").glob(f"kospi-may-{day}*"))


def rows(found: BeautifulSoup, where: str = "") -> list[list[str]]:
    return [[each.get_text(" ", strip=True) for each in row.select("th, td")] for row in found.select(where)]


def test_a_post_shows_what_happened_next(site):
    found = soup(site, f"post/{post_of(site[0], 13)}").select_one("section.aftermath")
    assert rows(found, "tbody tr") == [["The next session", "May 14, 2026", "7,981.41", "+1.75%"]]
    target = f"/post/{post_of(site[0], 14)}/"
    assert {each["href"] for each in found.select("a")} == {target}
    assert [each.get_text(" ", strip=True).rsplit("? ")[1] for each in found.select("li")] == [
        "Failed", "Not reported", "Held",
    ]  # fmt: skip
    assert found.select_one(f"#{found['aria-labelledby']}").get_text() == "What happened next"
    assert soup(site, f"post/{post_of(site[0], 14)}").select_one(".aftermath") is None


def test_in_another_language_and_with_a_strange_title(site):
    found = soup(site, "ko/post/korean-13").select_one("section.aftermath")
    assert found.select_one("h2").get_text() == "그 뒤의 흐름"
    assert rows(found, "tbody tr") == [["다음 거래일", "2026년 5월 14일", "7,981.41", "+1.75%"]]
    (link,) = found.select("a")
    assert (link["href"], link.get_text()) == ("/ko/post/korean-14/", "korean-14 <b>&")
    assert found.select("b") == []
    assert soup(site, "post/no-session").select_one(".aftermath") is None


def test_pages_show_their_lists(site):
    root, _ = site
    hub = soup(site, "page/daily-market-hub")
    assert [row[:3] for row in rows(hub, ".sessions tbody tr")] == [
        ["May 14, 2026", "7,981.41", "+1.75%"], ["May 13, 2026", "7,844.01", "+2.63%"],
    ]  # fmt: skip
    assert hub.select_one(".sessions a")["href"] == f"/post/{post_of(root, 14)}/"
    # Breaks and blanks in a parameter do not count.
    assert [row[0] for row in rows(soup(site, "page/big"), ".sessions tbody tr")] == ["May 13, 2026"]
    korean = soup(site, "ko/page/big")
    assert [row[0] for row in rows(korean, ".sessions tbody tr")] == ["2026년 5월 14일", "2026년 5월 13일"]
    assert len(korean.select(".posts li")) == 2
    assert [row[0] for row in rows(soup(site, "post/listing"), ".sessions tbody tr")] == ["May 13, 2026"]


def test_an_empty_list_and_a_wrong_one_say_nothing_wrong(site):
    for name in ("none", "wrong"):
        assert soup(site, f"page/{name}").select_one("article p").get_text() == "Nothing here yet."
    (warning,) = site[1].warnings
    assert "content/page/wrong/index.en.md:5:1" in str(warning)
    assert "marketpost data" in str(warning)


def test_a_feed_links_to_the_list(site):
    made_again = plan_post(opened(site[0]), DAY)
    assert not [each for each in made_again.problems if "shortcode" in str(each)]
    feed = (site[0] / "feeds/tags/v-reversal/feed.xml").read_text(encoding="utf-8")
    assert "https://example.org/post/listing/" in feed
    assert "The list is on the page&lt;/a&gt;" in feed
    assert "{{" not in feed
    assert "What happened next" not in feed


HUB = '"sessions\\nlimit=20\\nseries=Daily Wrap"'
SHAPES = {
    "none": None,
    "a list": "[]",
    "numbers": '{"sessions": 3, "lists": []}',
    "texts": f'{{"sessions": {{"2026-05-13": "x"}}, "lists": {{{HUB}: "x"}}}}',
    "deeper": f"""{{"sessions": {{"2026-05-13": {{"next": "x", "later": [1]}}}},
        "lists": {{{HUB}: {{"rows": ["x", {{"session": "never"}}]}}}}}}""",
}


@pytest.mark.parametrize("content", SHAPES.values(), ids=SHAPES)
def test_hugo_builds_whatever_data_there_is(site, tmp_path, content):
    root = tmp_path / "blog"
    shutil.copytree(site[0], root, ignore=shutil.ignore_patterns("data", "public", "feeds", ".marketpost"))
    if content is not None:
        write(root / MONTH, content)
        write(root / LISTS, content)
    built = build(find_hugo(), root, timeout=60)
    text = (built.destination / "page/daily-market-hub/index.html").read_text(encoding="utf-8")
    assert "Nothing here yet." in text
    assert built.warnings


def test_a_post_that_is_not_on_the_site_is_not_linked(site, tmp_path):
    root = tmp_path / "blog"
    shutil.copytree(site[0], root, ignore=shutil.ignore_patterns("public", "feeds", ".marketpost"))
    later = next((root / "content/post").glob("kospi-may-14*/index.en.md"))
    later.write_text(
        later.read_text(encoding="utf-8").replace("draft: false", "draft: true"), encoding="utf-8"
    )
    done = run([*find_hugo().command, "--quiet"], cwd=root, timeout=60)
    assert done.code == 0
    text = (root / "public" / "post" / post_of(root, 13) / "index.html").read_text(encoding="utf-8")
    assert "7,981.41" in text
    assert later.parent.name not in text
    hub = (root / "public/page/daily-market-hub/index.html").read_text(encoding="utf-8")
    assert later.parent.name not in hub
