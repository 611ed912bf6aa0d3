"""The links of any blog: posts without session or stocks, in any section and format, found by any name."""

from __future__ import annotations

import json
import math
from datetime import date
from typing import TYPE_CHECKING

import pytest
from timing import grows_no_faster

from generator.cli import main
from generator.config import load
from generator.errors import PostError
from generator.links.mentions import Advice
from generator.links.related import Subject, related
from generator.links.run import Web, advice, linked_from, open_web, related_to

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

POSTS = {
    "blog/2024/intro.md": "---\ntitle: Intro\ndate: 2024-01-02\ntags: [Wheat]\n---\n"
    "See [B](/blog/2025/intro/).\n",
    "blog/2025/intro.md": "+++\ntitle = 'Intro again'\ndate = 2025-01-02\ntags = ['wheat', 'Rust']\n+++\n"
    "[a](../../2024/intro)\n",
    "blog/2025/json.md": '{"title": "J", "date": "2025-03-04", "tags": ["wheat"], "aliases": ["/j/"]}\n'
    "Wheat and [rust](/tags/rust/).\n",
    "blog/2025/late/index.md": '---\ntitle: "Late \\e[1m"\ndate: 2025-06-07\ntags: [wheat, rust]\n---\n'
    "[1](/blog/2025/intro/?q#x) [2](https://example.org/blog/2024/intro) [3](/j/) Wheat\n",
    "blog/2025/late/index.ko.md": "---\ntitle: 늦음\ndate: 2025-06-07\ntags: [wheat]\n---\n"
    "[en](https://example.org/tags/wheat/) 밀은\n",
    "blog/2025/json.ko.md": "---\ntitle: 제이\ndate: 2025-03-04\ntags: [wheat]\n---\nx\n",
    "blog/2025/hidden.md": "---\ntitle: D\ndate: 2025-02-02\ndraft: true\ntags: [wheat]\n---\n"
    "[i](/blog/2024/intro/)\n",
    "about.md": "---\ntitle: About\n---\n[the first](/blog/2024/intro/)\n",
    "tags/wheat/_index.md": "---\ntitle: Wheat\nsynonyms: [밀]\n---\n",
}
CONFIG = """baseURL = 'https://example.org/'
[languages.en]
weight = 1
[languages.ko]
weight = 2
"""  # fmt: skip


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A blog that somebody else wrote."""
    root = tmp_path_factory.mktemp("other")
    for name, text in POSTS.items():
        path = root / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (root / "hugo.toml").write_text(CONFIG, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def web(root: Path) -> Web:
    return open_web(load(root))


@pytest.fixture
def run(root: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def ran(*arguments: str) -> tuple[int, str, str]:
        code = main(["-C", str(root), *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return ran


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("latest", "blog/2025/late/index.md"),
        ("late", "blog/2025/late/index.md"),
        ("/blog/2025/late/", "blog/2025/late/index.md"),
        ("/ko/blog/2025/late", "blog/2025/late/index.ko.md"),
        ("https://example.org/ko/blog/2025/late/", "blog/2025/late/index.ko.md"),
        ("content/blog/2025/late/index.ko.md", "blog/2025/late/index.ko.md"),
        ("content/blog/2025/late", "blog/2025/late/index.md"),
        ("content/blog/2025/json.md", "blog/2025/json.md"),
        ("blog/2024/intro", "blog/2024/intro.md"),
        ("2025-03-04", "blog/2025/json.md"),
        ("hidden", "blog/2025/hidden.md"),
    ],
)
def test_a_post_has_many_names(web: Web, name: str, file: str) -> None:
    assert web.find(name).file == f"content/{file}"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("intro", "2 posts are of intro: /blog/2025/intro/, /blog/2024/intro/; say which"),
        ("2025-03-05", "no post '2025-03-05'"),
        ("lat", "no post 'lat'; near it: late"),
        ("about", "no post 'about'"),
        ("", "no post ''"),
    ],
)
def test_a_name_of_none_or_several_is_told(web: Web, name: str, message: str) -> None:
    with pytest.raises(PostError, match=message.replace(";", ".")):
        web.find(name)


def test_posts_of_one_slug_are_two_posts(web: Web) -> None:
    """Their tags, too: the scores by hand, of 3 earlier posts, drafts left out."""
    found = related_to(web, web.find("late"), {})
    assert [each.address for each in found] == ["/blog/2025/intro/", "/blog/2025/json/", "/blog/2024/intro/"]
    days = (date(2025, 6, 7) - date(2025, 1, 2)).days
    tags = math.log1p(3 / 3) + math.log1p(3 / 1)  # wheat is in all three, rust in this one
    assert found[0].score == pytest.approx(tags + 0.5 ** (days / 28))
    again = related_to(web, web.find("/blog/2025/intro/"), {})
    assert [each.address for each in again] == ["/blog/2024/intro/"]  # of the same slug, and another post


def test_who_links_to_a_post(web: Web) -> None:
    def files(name: str) -> list[str]:
        return [each.file.removeprefix("content/") for each in linked_from(web, web.find(name))]

    assert files("/blog/2024/intro/") == [
        "about.md", "blog/2025/hidden.md", "blog/2025/intro.md", "blog/2025/late/index.md",
    ]  # fmt: skip
    assert files("/blog/2025/intro/") == ["blog/2024/intro.md", "blog/2025/late/index.md"]
    assert files("json") == ["blog/2025/late/index.md"]  # by an alias
    assert files("late") == []


def test_what_posts_of_any_language_should_link_to(web: Web) -> None:
    found = {
        post.file.removeprefix("content/blog/"): told
        for post, told in advice(web, web.posts)
        if isinstance(told, Advice) and (told.missing or told.misled)
    }
    missing = {
        file: [(each.line, each.column, each.snippet) for each in told.missing]
        for file, told in found.items()
    }
    assert missing == {
        "2025/json.md": [(2, 1, "[Wheat](/tags/wheat/)")],
        "2025/late/index.md": [(6, 78, "[Wheat](/tags/wheat/)")],
        "2025/late/index.ko.md": [],
    }  # fmt: skip
    (wrong,) = found["2025/late/index.ko.md"].misled
    assert wrong[1:] == (6, 6, "https://example.org/tags/wheat/", "/ko/tags/wheat/", "en")


def test_a_post_that_went_away_is_told_and_the_others_go_on(web: Web) -> None:
    gone = web.find("late")._replace(file="content/gone.md")
    first, second = advice(web, [gone, web.find("json")])
    assert "gone.md" in str(first[1])
    assert second[1].missing


def test_the_command_shows_all_three(run: Callable[..., tuple[int, str, str]]) -> None:
    code, out, err = run("links", "/ko/blog/2025/late/")
    assert (code, err) == (0, "")
    assert out.split("\n\n") == [
        "늦음\ncontent/blog/2025/late/index.ko.md",
        "Related, earlier: 1\n  0.79  2025-03-04  /ko/blog/2025/json/",
        "Linked from: none",
        "Named without a link: none",
        (
            "Leaves the language although there is a translation: 1\n"
            "  6:6  https://example.org/tags/wheat/  /ko/tags/wheat/\n"
        ),
    ]


@pytest.mark.parametrize(("option", "key"), [("--related", "related"), ("--backlinks", "backlinks")])
def test_the_command_shows_one(run: Callable[..., tuple[int, str, str]], option: str, key: str) -> None:
    code, out, _ = run("links", "late", option, "--json")
    assert code == 0
    assert list(json.loads(out)) == ["post", "file", "language", key]
    assert run("-q", "links", "late", option) == (0, "", "")


def test_a_title_tells_the_terminal_nothing(run: Callable[..., tuple[int, str, str]]) -> None:
    assert run("links", "late")[1].startswith("Late  [1m\n")


def test_the_command_takes_a_limit(run: Callable[..., tuple[int, str, str]]) -> None:
    assert len(json.loads(run("links", "late", "--limit", "1", "--json")[1])["related"]) == 1


def test_the_command_reads_all_posts(run: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = run("links", "--all")
    assert code == 0
    wrong = "content/blog/2025/late/index.ko.md"
    assert out.splitlines() == [
        "content/blog/2025/late/index.md:6:78: Wheat: [Wheat](/tags/wheat/)",
        f"{wrong}:6:6: https://example.org/tags/wheat/ is en, and there is /ko/tags/wheat/",
        "content/blog/2025/json.md:2:1: Wheat: [Wheat](/tags/wheat/)",
        "7 posts, 2 names without a link, 1 links to another language's page of which there is a translation",
    ]  # fmt: skip
    assert len(json.loads(run("links", "--all", "--json")[1])) == 7


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("--all", "--missing"), 2, "--all is about every post"),
        (("late", "--all"), 2, "--all is about every post"),
        (("nope",), 1, "no post 'nope'"),
        (("--limit", "-1"), 2, "--limit"),
    ],
)
def test_the_command_refuses(
    run: Callable[..., tuple[int, str, str]], arguments: tuple[str, ...], code: int, message: str
) -> None:
    found, _, err = run("links", *arguments)
    assert found == code
    assert message in err


def test_tags_that_contradict_each_other_are_told_and_posts_have_links(
    root: Path, run: Callable[..., tuple[int, str, str]]
) -> None:
    path = root / "content/tags/korn/_index.md"
    path.parent.mkdir()
    path.write_text("---\ntitle: Wheat\n---\n", encoding="utf-8")
    code, out, err = run("links", "late", "--related")
    path.unlink()
    path.parent.rmdir()
    assert code == 0
    assert "/blog/2025/intro/" in out
    assert "error: content/tags/wheat/_index.md" in err


def test_time_grows_with_the_posts_that_are_compared(web: Web) -> None:
    some = web.find("late")
    posts = [
        some._replace(
            file=f"{n}", address=f"/p{n}/", date=some.date.replace(year=2000 + n % 20),
            tags=tuple(f"tag-{n % k}" for k in (600, 97, 31, 11, 7, 3)),
        )
        for n in range(10_000)
    ]  # fmt: skip
    of = Subject(address="", language="en", date=some.date, tags=("tag-1", "tag-2", "tag-5"))

    def compare(count: int) -> None:
        assert len(related(of, posts[:count], {}, registry=web.registry, limit=5)) == 5

    is_linear, measured = grows_no_faster(compare, 1_250, 10_000)
    assert is_linear, measured
