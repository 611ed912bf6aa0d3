"""Excuses: what a comment takes from the findings, and what it must say."""

from __future__ import annotations

import re

import pytest
from gate_made import (
    BAD_WORD,
    FAILS,
    HEAD,
    document,
    made,
    put,
    seen,
)

from generator.cli import main
from generator.gate.excuses import excuses
from generator.gate.finding import Remark
from generator.site.hugo import build, find_hugo


@pytest.mark.parametrize(
    "body",
    [
        "A zilch one. <!-- check: bad-word because it is -->",
        "<!-- check: bad-word because it is -->\nA zilch one.",
        "<!-- check: bad-word because it is -->\n\nA zilch one.",
        "<!-- check: bad-word, fails because it is -->\nA zilch one.",
        "<!-- check: bad-word because\nof a long reason -->\nA zilch one.",
        "> <!-- check: bad-word because it is -->\n> A zilch one.",
        "| a | b |\n| - | - |\n| zilch | c <!-- check: bad-word because it is --> |",
        "<!-- check: bad-word because it is -->\n| a | b |\n| - | - |\n| c | d |\n| zilch | zilch |\n\nEnd.",
        "- one\n- a zilch one <!-- check: bad-word because it is -->\n- three",
    ],
)
def test_a_comment_excuses_its_line_or_the_one_after_it(body, config):
    found = seen(f"{HEAD}{body}\n", BAD_WORD, FAILS, config=config)
    assert [each for each in found if each[1] != "unused-excuse"] == []


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("A zilch one.\n\nMore. <!-- check: bad-word because it is -->", [6]),
        ("A zilch one. <!-- check: unreadable because it is -->", [6]),
        ("A zilch one. <!-- check: bad-word -->", [6]),
        ("`<!-- check: bad-word because it is -->` zilch", [6]),
        ("```text\nzilch <!-- check: bad-word because it is -->\n```", [7]),
        ("<!-- check: bad-word because it is -->\nOne.\nA zilch one.", [8]),
        ("<!-- check: bad-word because it is -->\nOne.\n\n| a | b |\n| - | - |\n| c | zilch |", [11]),
    ],
)
def test_what_a_comment_does_not_excuse(body, lines, config):
    found = seen(f"{HEAD}{body}\n", BAD_WORD, config=config)
    assert [line for line, rule, _ in found if rule == "bad-word"] == lines


def test_an_excuse_in_front_matter(config):
    body = "\nText.\n"
    front = (
        "---\ntitle: A zilch day # check: bad-word because it is one\ndate: 2026-05-14T11:00:00+09:00\n---\n"
    )
    assert seen(front + body, BAD_WORD, config=config) == []
    front = (
        "---\n# check: bad-word because it is one\ntitle: A zilch day\ndate: 2026-05-14T11:00:00+09:00\n---\n"
    )
    assert seen(front + body, BAD_WORD, config=config) == []
    front = "+++\n# check: bad-word because it is one\ntitle = 'A zilch day'\n+++\n"
    assert seen(front + body, BAD_WORD, config=config) == []
    front = "---\ndate: 2026-05-14T11:00:00+09:00\ntitle: A zilch day\n---\n"
    assert [line for line, *_ in seen(front + body, BAD_WORD, config=config)] == [3]


def test_an_excuse_in_front_matter_excuses_what_is_said_of_the_whole_file(config):
    whole = made("whole", lambda *_: [Remark(start=0, end=3, message="of the file")])
    front = (
        "---\ntitle: A day\n# check: whole because it is so\ndate: 2026-05-14T11:00:00+09:00\n---\n\nText.\n"
    )
    assert seen(front, whole, config=config) == []
    assert len(seen(front.replace("# check", "# chuck"), whole, config=config)) == 1


def test_an_excuse_over_a_key_of_many_lines(config):
    front = (
        "---\n# check: bad-word because it is\ntags:\n  - one\n  - zilch\ntitle: A zilch day\n---\n\nText.\n"
    )
    assert [line for line, *_ in seen(front, BAD_WORD, config=config)] == [6]


def test_what_is_wrong_with_an_excuse_is_told(config):
    text = (
        f"{HEAD}One. <!-- check: bad-word -->\n\nTwo. <!-- check: bed-word because it is -->\n\n"
        "Three. <!-- check: bad-word because it was -->\n\nFour. <!-- check: is this still so? -->\n\n"
        "<!-- check: bad-word because it hides --> Five is zilch.\n"
    )
    assert [(line, rule) for line, rule, _ in seen(text, BAD_WORD, config=config)] == [
        (6, "excuse-without-reason"),
        (8, "excuse-without-reason"),
        (10, "unused-excuse"),
        (14, "excuse-hides-text"),
    ]


def test_words_of_an_excuse_are_no_text(config):
    assert seen(
        f"{HEAD}One. <!-- check: unreadable because zilch is zilch -->\n", BAD_WORD, config=config
    ) == [(6, "unused-excuse", "unreadable finds nothing where this excuses it")]


def test_excuses_are_found_in_linear_time():
    text = HEAD + "<!-- check: bad-word because it is `so` -->\n" * 20_000
    assert len(excuses(document(text), {"bad-word"})) == 20_000
    text = "---\n" + "# check: bad-word because it is\n" * 20_000 + "title: A day\n---\n\nText.\n"
    assert len(excuses(document(text), {"bad-word"})) == 20_000


PLAIN = """One paragraph.

Two. A zilch one.
Three.

| a | b |
| - | - |
| c | d |

- one
- two

> A quote.
"""
COMMENTED = """<!-- check: bad-word because of the first -->
One paragraph.

Two. A zilch one. <!-- check: bad-word because of the second -->
Three.

<!-- check: bad-word because of the table -->
| a | b |
| - | - |
| c | d <!-- check: bad-word because of the cell --> |

- one
- two <!-- check: bad-word because of the item -->

> A quote. <!-- check: bad-word because of the quote -->
"""


def test_neither_page_nor_feed_shows_an_excuse(root):
    """Real Hugo, with the front matter commented too."""
    front = "---\ntitle: {} # check: bad-word because of the title\n# check: bad-word because of the date\n"
    front += "date: 2026-05-14T11:00:00+09:00\ntags: [kospi]\nguid: https://example.org/post/{}/\n---\n\n"
    put(root, "content/post/plain/index.en.md", front.format("Shown", "plain") + PLAIN)
    put(root, "content/post/commented/index.en.md", front.format("Shown", "commented") + COMMENTED)
    build(find_hugo(), root, timeout=60)
    pages = [
        (root / f"public/post/{name}/index.html").read_text(encoding="utf-8")
        for name in ("plain", "commented")
    ]
    articles = [re.search(r"<article.*?</article>", page, re.DOTALL)[0] for page in pages]
    plain, commented = (
        re.sub(r"\s+(?=[<\n])|(?<=>)\s+", "", each.replace("/commented/", "/plain/")) for each in articles
    )
    assert "<td>d</td>" in plain
    assert commented == plain
    assert "check:" not in pages[1]
    assert main(["-C", str(root), "feeds", "--tag", "kospi"]) == 0
    feed = (root / "feeds/tags/kospi/feed.xml").read_text(encoding="utf-8")
    assert "post/commented/" in feed
    assert "check:" not in feed
