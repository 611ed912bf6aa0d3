"""What a post names without a link: running text, names, dates, and the advice they come to."""

from __future__ import annotations

import re
import time
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from generator.config import Site
from generator.library.settings import SiteSettings
from generator.links.dates import days_named
from generator.links.mentions import Adviser
from generator.links.names import Names
from generator.links.posts import Known
from generator.links.prose import BLANK, prose
from generator.links.site_map import SiteMap, Target, site_map
from generator.links.topics import Topic

if TYPE_CHECKING:
    from collections.abc import Callable

# Running text


@pytest.mark.parametrize(
    "hidden",
    [
        "[X](/x/)", "![X](x.png)", "[a X b](/x/ 'X')", "[X][ref]", "[X]", "[ref][]", "`X`", "``a ` X``",
        "<https://x.example/X>", "https://x.example/X", "www.X.example", "X@example.org", '<b title="X">',
        '<a href="/">X</a>', "<code>X</code>", "<!-- X -->", '{{< figure title="X" >}}',
        "{{< highlight go >}}\nX\n{{< /highlight >}}", "[^X]", "[[X](/a/)](/b/)",
        "[X](</a b/>)", "[X\nX](/x/)",
        "[![X](i.png)](/x/)", '[X]({{< ref "X" >}})',
    ],
)  # fmt: skip
def test_what_is_no_text_within_a_line(hidden: str) -> None:
    text = f"Before {hidden} after\n\n[ref]: /X/\n[X]: /x/\n"
    shown = prose(text)
    assert len(shown) == len(text)
    assert "X" not in shown
    assert shown.startswith("Before ")
    assert " after\n" in shown


@pytest.mark.parametrize(
    "hidden",
    [
        "# X", "### X ###", "X\n===", "X\nX\n---", "```\nX\n```", "~~~ X\nX\n\nX\n~~~", "````\n```\nX\n````",
        "<div>\nX\n</div>", "<a>word\n```\n\nX\n```", "<b>\nX\n</b>",
        "    X", "\tX\n\n\tX", "> ```\n> X\n> ```", "[X]: https://x.example 'X'", "<pre>\nX\n\nX</pre>",
        "<script>\nX\n</script>", "> # X",
    ],
)  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_is_no_text_by_its_lines(hidden: str, end: str) -> None:
    text = f"---\ntitle: X\n---\nBefore\n\n{hidden}\n\nAfter\n".replace("\n", end)
    shown = prose(text)
    assert "X" not in shown
    assert shown.replace(BLANK, "").split() == ["Before", *([">"] if "> ```" in hidden else []), "After"] or (
        "Before" in shown and "After" in shown
    )
    assert shown.count("\n") == text.count("\n")


@pytest.mark.parametrize(
    "seen",
    ["X", "**X**", "- X", "1. a\n\n    X", "| X | y |\n| --- | --- |", "> X", "a ` X", "[ X", "X]", "a [b] X",
     "X (a)", "<X", "a < X > b", "\\[X\\](/x/)", "{{ X }}", "X\n\n---", "{{< note >}}X{{< /note >}}"],
)  # fmt: skip
def test_what_is_text(seen: str) -> None:
    assert "X" in prose(f"+++\ntitle = 'T'\n+++\n{seen}\n")


PIECES = st.sampled_from([
    "word", "[", "]", "(", ")", "`", "``", "<", ">", "!", "\n", "\n\n", "\n```\n", "\n# ", "\n- ", "\\",
    "https://a.example/", "{{<", ">}}", "<a>", "</a>", "[r]: /x\n", "\n---\n", "한글", " ",
])  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join))
def test_no_text_is_within_a_link_code_or_heading_of_commonmark(text: str) -> None:
    """What is proposed is never where a link could not stand, as another parser has it."""
    head, marked = "---\ntitle: T\n---\n", text.replace("word", "wörd")
    shown = prose(head + marked)[len(head) :]
    assert len(shown) == len(marked)
    assert all(a in (b, BLANK) for a, b in zip(shown, marked, strict=True))
    found = [each.start() for each in re.finditer("wörd", shown)]
    for n, at in enumerate(found):
        one = f"{marked[:at]}mark{n}{marked[at + 4 :]}"
        html = MarkdownIt("commonmark").render(one)
        inside = re.sub(r"<(a|code|pre|h[1-6])\b.*?</\1>|<[^>]*>", "", html, flags=re.DOTALL)
        assert f"mark{n}" in inside or f"mark{n}" not in html


@pytest.mark.parametrize(
    "unit",
    ["[", "]", "[a](", "`a", "<a ", "<a>", "{{<", "<!--", "word ", "![", "a@", "a.a", "[a][",
     "# a\n", "```\n",
     "[x]: y\n", "- a\n\n    b\n", "\\", "[[]", "KOSPI ", "KOSPI K", "2026-", "May ", "코스피가",
     "large-", "5월 "],
)  # fmt: skip
def test_time_grows_with_the_text_and_no_faster(unit: str) -> None:
    names = Names([("KOSPI", "k"), ("코스피", "k"), ("large cap compression", "l"), ("K O", "o")])

    def taken(count: int) -> float:
        text = unit * count
        start = time.process_time()
        shown = prose(text)
        list(names.occurrences(shown))
        list(days_named(shown, date(2026, 5, 14)))
        return time.process_time() - start

    small, large = 1_500, 12_000
    slope = min(taken(large) for _ in range(2)) / max(min(taken(small) for _ in range(2)), 2e-3)
    assert slope < 8 * 3, "eight times the text must not take much more than eight times as long"


# Names

NAMES = Names([
    ("SK", "sk"), ("SK hynix", "hynix"), ("SK하이닉스", "hynix"), ("KOSPI", "kospi"), ("코스피", "kospi"),
    ("삼성전자", "samsung"), ("Large-Cap Compression", "compression"), ("半導体", "chips"), ("S&P 500", "sp"),
    ("000660", "hynix"), ("Österreich", "at"), ("전자", "electronics"), ("v-reversal", "v"), ("x", "no"),
    ("500", "no"), ("カタ", "kata"),
])  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SK hynix beats SK.", [("SK hynix", "hynix"), ("SK", "sk")]),
        ("SK Hynix, SK  HYNIX and sk-hynix",
         [("SK Hynix", "hynix"), ("SK  HYNIX", "hynix"), ("sk-hynix", "hynix")]),
        ("the sk of others", []),  # a short name in capitals
        ("SKC, ASK, SK_1, SK2", []),
        ("SK하이닉스는 SK텔레콤과", [("SK하이닉스", "hynix")]),
        ("SK가 SK의 SK에서는", [("SK", "sk")] * 3),
        ("삼성전자는 삼성전자우 삼성전자서비스", [("삼성전자", "samsung")]),
        ("코스피가, 코스피200, 코스피로부터", [("코스피", "kospi"), ("코스피", "kospi")]),
        ("KOSPI's KOSPIs KOSPI가", [("KOSPI", "kospi"), ("KOSPI", "kospi")]),
        ("large cap\ncompression", [("large cap\ncompression", "compression")]),
        ("large cap\n\ncompression", []),
        ("今日の半導体が上がる", [("半導体", "chips")]),
        ("カタカナ カタ", [("カタ", "kata")]),
        ("S&P 500 and S&P 5000", [("S&P 500", "sp")]),
        ("(000660) 1000660 000660.KS", [("000660", "hynix"), ("000660", "hynix")]),
        ("österreich", [("österreich", "at")]),
        ("V reversal", [("V reversal", "v")]),
        ("x 500", []),
        (f"SK{BLANK}hynix", [("SK", "sk")]),
    ],
)  # fmt: skip
def test_names(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(text[start:end], meaning) for start, end, meaning in NAMES.occurrences(text)] == expected


@given(st.text(alphabet="SK hynixKOSPI코스피가는하이닉스-\n삼성전자半導体&P 50", max_size=60))
def test_names_are_found_in_order_and_not_within_each_other(text: str) -> None:
    last = 0
    for start, end, _ in NAMES.occurrences(text):
        assert last <= start < end
        assert start == 0 or not (text[start - 1].isascii() and text[start - 1].isalnum())
        last = end


def test_no_names_nothing_found() -> None:
    assert list(Names([]).occurrences("KOSPI")) == []


# Dates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on May 13 and May 12, 2026", ["2026-05-13", "2026-05-12"]),
        ("13 May 2025, 2 May", ["2025-05-13", "2026-05-02"]),
        ("2026-05-13", ["2026-05-13"]),
        ("5월 13일, 2025년 5월 13일에", ["2026-05-13", "2025-05-13"]),
        ("2026年5月13日", ["2026-05-13"]),
        ("Dec. 30", ["2025-12-30"]),  # the nearest
        ("May 15", ["2026-05-15"]),
        ("May 2026, May 13.5, May 5%, may 13, Mayor 13, 2026-13-45, Feb 30", []),
        ("content/2026-05-13/x 12026-05-13", []),
        ("May 13–14", ["2026-05-13"]),
        ("February 29", []),
    ],
)
def test_dates(text: str, expected: list[str]) -> None:
    assert [str(day) for _, _, day in days_named(text, date(2026, 5, 14))] == expected


# Advice


def known(name: str, day: int, language: str = "en", **changes: object) -> Known:
    prefix = "" if language == "en" else f"/{language}"
    values = {
        "file": f"content/post/{name}/index.{language}.md", "slug": name, "address": f"{prefix}/post/{name}/",
        "title": name, "language": language, "date": datetime(2026, 5, day, 8, tzinfo=UTC), "draft": False,
        "session": date(2026, 5, day), "tags": (), "stocks": (), "series": ("Daily Wrap",),
    }  # fmt: skip
    return Known(**{**values, **changes})  # type: ignore[arg-type]  # a test's shorthand


POSTS = (
    known("weekly", 13, series=("Weekly Wrap",), date=datetime(2026, 5, 13, 9, tzinfo=UTC)),
    known("today", 14), known("today", 14, "ko"), known("one", 13), known("one", 13, "ko"), known("old", 12),
    known("draft", 11, draft=True),
)  # fmt: skip


def target(address: str, language: str = "en", kind: str = "term", **changes: object) -> Target:
    path = "/" + address.removeprefix("/ko").strip("/")
    made = Target(address, language, kind, path, path, "", "", draft=False, key=path, bundle=path)
    return made._replace(**changes)


@pytest.fixture(scope="module")
def pages() -> SiteMap:
    settings = SiteSettings(languages=("en", "ko"))
    site = Site(
        base_url="https://example.org/",
        markup={"goldmark": {"renderHooks": {"link": {"useEmbedded": "never"}}}},
    )
    found = site_map((), settings, site)
    every = [
        target(f"{p}/tags/{n}/", lang) for n in ("kospi", "hynix") for lang, p in (("en", ""), ("ko", "/ko"))
    ]
    every += [target(f"{p}/post/self/", lang, "page") for lang, p in (("en", ""), ("ko", "/ko"))]
    files = {each.file: target(each.address, each.language, "page", file=each.file) for each in POSTS}
    every += files.values()
    shared: dict[str, dict[str, Target]] = {}
    for each in every:
        shared.setdefault(each.key, {})[each.language] = each
    return SiteMap(
        settings=settings, host=found.host, base="", is_hooked=False, by_path={}, by_name={}, by_alias={},
        by_address={each.address: each for each in every}, by_file=files, languages_of=shared,
    )  # fmt: skip


@pytest.fixture
def advise(pages: SiteMap) -> Callable[..., list[tuple[str, str]]]:
    def advised(body: str, *links: str, language: str = "en", name: str = "today") -> list[tuple[str, str]]:
        prefix = "" if language == "en" else "/ko"
        topics = [
            Topic(("KOSPI", "코스피"), (pages.by_address[f"{prefix}/tags/kospi/"],)),
            Topic(("SK hynix", "SK하이닉스"), (pages.by_address[f"{prefix}/tags/hynix/"],)),
        ]
        adviser = Adviser(language, topics, POSTS, pages, "Daily Wrap")
        post = next(each for each in POSTS if (each.slug, each.language) == (name, language))
        found = adviser.advise(post, f"---\ntitle: KOSPI\n---\n{body}", links)
        return [(f"{each.line}:{each.column}", each.snippet) for each in found.missing]

    return advised


def test_the_first_mention_of_each_with_its_place(advise: Callable[..., list[tuple[str, str]]]) -> None:
    assert advise("# KOSPI\n\nSK hynix led the **KOSPI**\nas on May 13. KOSPI, 2026-05-13.\n") == [
        ("6:1", "[SK hynix](/tags/hynix/)"),
        ("6:20", "[KOSPI](/tags/kospi/)"),
        ("7:7", "[May 13](/post/one/)"),
    ]


def test_what_is_linked_in_any_language_or_spelling_is_not_missing(
    advise: Callable[..., list[tuple[str, str]]],
) -> None:
    body = "KOSPI and SK hynix on May 13 and May 12\n"
    assert advise(body, "/tags/kospi", "https://example.org/ko/tags/hynix/#x", "../weekly/") == [
        ("4:34", "[May 12](/post/old/)")
    ]


def test_no_session_but_an_earlier_published_one_of_the_language(
    advise: Callable[..., list[tuple[str, str]]],
) -> None:
    assert advise("May 14, May 15, May 11, May 10\n") == []
    assert advise("May 13\n", name="old") == []
    assert advise("5월 13일, 5월 12일, 코스피는\n", language="ko") == [
        ("4:1", "[5월 13일](/ko/post/one/)"),
        ("4:17", "[코스피](/ko/tags/kospi/)"),
    ]


def test_a_link_that_leaves_the_language_is_told_with_its_place(pages: SiteMap) -> None:
    adviser = Adviser("ko", (), POSTS, pages, "Daily Wrap")
    post = next(each for each in POSTS if each.language == "ko")
    text = "---\ntitle: T\n---\n가 [a](/tags/kospi/) [b](/ko/tags/hynix/) [c](/post/old/)\n"
    found = adviser.advise(post, text, ["/tags/kospi/", "/ko/tags/hynix/", "/post/old/", "/post/today/"])
    assert [each[1:] for each in found.misled] == [(4, 7, "/tags/kospi/", "/ko/tags/kospi/", "en")]


@pytest.mark.parametrize(
    ("name", "snippet"),
    [
        ("S&P 500", "[S&amp;P 500](/tags/kospi/)"),
        ("a*b_c", r"[a\*b\_c](/tags/kospi/)"),
        ("A|B", r"[A\|B](/tags/kospi/)"),
        ("{{x", "[&#123;&#123;x](/tags/kospi/)"),
        ("x\ny z", "[x y z](/tags/kospi/)"),
    ],
)
def test_words_are_escaped_in_the_snippet(pages: SiteMap, name: str, snippet: str) -> None:
    adviser = Adviser("en", [Topic((name,), (pages.by_address["/tags/kospi/"],))], POSTS, pages, "")
    (found,) = adviser.advise(known("today", 14), f"---\ntitle: T\n---\nSee {name}.\n", []).missing
    assert found.snippet == snippet


def test_an_address_is_written_so_that_markdown_and_hugo_keep_it(pages: SiteMap) -> None:
    assert pages.written("/tags/한글/a b(c)/") == "/tags/한글/a%20b%28c%29/"
