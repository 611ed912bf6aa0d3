"""The rules about markup against the real Hugo: they speak of what its pages show, and their fixes mend "
"it."""

from __future__ import annotations

import itertools
import re
import time
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup
from parity_cases import by_hugo

from generator.errors import SiteError
from generator.gate.marks import is_escaped
from generator.gate.rules import (
    broken_table,
    dropped_html,
    duplicate_heading,
    front_matter_type,
    heading_jump,
    image_without_alt,
    literal_emphasis,
    literal_heading,
    literal_link,
    shown_escape,
    struck_through,
    unknown_shortcode,
)
from generator.gate.rules.broken_table import cells
from generator.gate.shortcode_calls import calls
from generator.goldmark.markup import Markup
from generator.reading.document import Document
from generator.site.hugo import build, find_hugo

ROOT = Path(__file__).parents[1]
OURS = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))["markup"]
VARIANTS = {"ours": OURS, "hugo's own": {}}


def document(text, *, markup=None, language="ko"):
    markup = Markup.of(OURS) if markup is None else markup
    return Document(text, file="post.md", language=language, markup=markup)


def said(rule, text, *, markup=None, knowledge=None):
    """What a rule says of a file, and the file with its fixes made."""
    found = list(rule.RULE.check(document(text, markup=markup), knowledge))
    mended = text
    for each in sorted(found, key=lambda remark: -remark.start):
        if each.fix is not None:
            mended = mended[: each.start] + each.fix + mended[each.end :]
    return found, mended


# Bold text in the middle of all that may stand beside it, in Korean, Japanese, Chinese and English.
INSIDE = (
    "삼성전자(005930)",
    "“밸류업”",
    "3.2%",
    "₩3.76tn",
    "「日経」",
    "反弹（3%）",
    "rally",
    " 앞",
    "뒤 ",
    "株価「高」値",
)
BEFORE = ("", "오늘 ", "외국인이", "は", "the ", "“", "3")
BEHIND = ("", "는", " 는", "が", "。", ", up", "s", "\\ 는")
BOLD = [
    f"{before}**{inside}**{behind}" for before, inside, behind in itertools.product(BEFORE, INSIDE, BEHIND)
]
MARKS = [
    "a ` b", "`code` and ``x`` y", "**a", "a**", "2**10 and 3**4", "**a** b**", "\\*\\*a\\*\\*", "`**a**`",
    "***삼성***은", "***삼성(1)***은", "Sales** and EPS** rose", "*삼성전자(005930)*는", "_삼성_은",
    "snake_case_name",
    "- **삼성(1)**는 항목", "> **삼성(1)**는 인용", "| a | b |\n| - | - |\n| **삼성(1)**는 | 2 |",
    "## **삼성(1)**는",
    "https://example.org/a__b__c", "[**삼성(1)**는](/x/)",
]  # fmt: skip
TILDES = [
    "It may rise 1~2% in May, 3~4% in June.", "상승률 1~2%, 하락 3~4%.", "1~2, 3", "~7,400 and ~7,500",
    "5월~6월 그리고 7월~8월", "1~~2% 3~~4%", "₩1tn~₩2tn, ₩3tn~₩4tn", "(1~2) (3~4)", "涨幅1~2%到3~4%",
    "約1~2円、3~4円",
    "월~금 장중, 토~일 휴장", "1\\~2%, 3\\~4%", "`1~2%` 3~4%", "**1~2%**, 3~4%",
]  # fmt: skip
TABLES = [
    "| a | b |\n| --- | --- |\n| 1 | 2 |", "| a | b | c |\n| --- | --- |\n| 1 | 2 | 3 |",
    "| a | b |\n| 1 | 2 |",
    "a | b\n--- | ---\n1 | 2", "| a | b |\n\n| --- | --- |\n| 1 | 2 |",
    "앞 문장\n| 종목 | 종가 |\n| --- | --- |\n| 가 | 1 |",
    "| a | b |\n| :-: | --: |", "| a | b |\n| --- | --- | --- |\n| 1 | 2 |", "|x| and |y|, a | b",
]  # fmt: skip
LINKS = [
    "[a](/b/)", "[a](/b c/)", "[a](</b c/>)", "[a] (https://example.org/)",
    "[거래소](https://example.org/ 를",
    "![그림](a b.png)", "\\[a\\](b c)", "`[a](b c)`", "[1] (주)",
]  # fmt: skip
HEADINGS = ["## 가", "##가", "###1. 수급", "#해시태그", "\\##가", "문단 ##가"]
ESCAPES = [
    "`\\~7,400`",
    "`7,400`",
    "```\n\\~7,400\n```",
    "&amp;amp;",
    "AT&amp;T",
    "\\&amp;",
    "`&amp;`",
    "약 \\~7,400",
]
PARTS = {
    "emphasis": [*BOLD, *MARKS], "tildes": TILDES, "tables": TABLES, "links": LINKS, "headings": HEADINGS,
    "escapes": ESCAPES,
}  # fmt: skip
RULES = {
    "emphasis": literal_emphasis, "tildes": struck_through, "tables": broken_table, "links": literal_link,
    "headings": literal_heading, "escapes": shown_escape,
}  # fmt: skip


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Hugo's HTML of every text and of every mended one, by variant."""
    texts: dict[str, str] = {}
    for part, written in PARTS.items():
        for text in written:
            texts[text] = f"{text}\n"
            for section in VARIANTS.values():
                mended = said(RULES[part], text, markup=Markup.of(section))[1]
                texts[mended] = f"{mended}\n"
    root = tmp_path_factory.mktemp("markup") / "site"
    root.mkdir()
    made = by_hugo(root, list(texts.items()), VARIANTS)
    return {
        variant: {text: BeautifulSoup(html, "html.parser") for text, (_, html) in by_text.items()}
        for variant, by_text in made.items()
    }


def prose(page):
    """The text of a page, code left out."""
    copy = BeautifulSoup(str(page), "html.parser")
    for code in copy.find_all("code"):
        code.replace_with("\0")
    return copy.get_text()


EXEMPT = {"2**10 and 3**4", "\\*\\*a\\*\\*", "https://example.org/a__b__c", "snake_case_name"}
"""Marks that are meant to be seen."""


@pytest.mark.parametrize("variant", VARIANTS)
def test_marks_of_emphasis_are_told_of_where_hugo_shows_them(pages, variant):
    markup = Markup.of(VARIANTS[variant])
    shown = {
        text
        for text in PARTS["emphasis"]
        if re.search(r"[*_`]", prose(pages[variant][text])) and text not in EXEMPT
    }
    told = {text for text in PARTS["emphasis"] if said(literal_emphasis, text, markup=markup)[0]}
    assert told == shown
    assert len(shown) > 100


@pytest.mark.parametrize("variant", VARIANTS)
def test_fixes_of_emphasis_are_bold_on_hugos_page(pages, variant):
    markup = Markup.of(VARIANTS[variant])
    fixed = 0
    for text in BOLD:
        found, mended = said(literal_emphasis, text, markup=markup)
        if found and found[0].fix is not None:
            page = pages[variant][mended]
            assert "*" not in prose(page)
            assert page.strong
            assert page.get_text().replace(" ", "").strip() == re.sub(
                r"\*\*| ", "", text.replace("\\ ", "" if variant == "ours" else "\\")
            )
            fixed += 1
    assert fixed > (200 if variant == "ours" else 50)


@pytest.mark.parametrize("variant", VARIANTS)
def test_tildes_are_told_of_where_hugo_strikes_out(pages, variant):
    struck = {text for text in TILDES if pages[variant][text].find("del")}
    assert {text for text in TILDES if said(struck_through, text)[0]} == struck
    for text in struck:
        page = pages[variant][said(struck_through, text)[1]]
        assert not page.find("del")
        assert "~" in page.get_text()


@pytest.mark.parametrize("text", ["~~old~~ new", "~old~ new", "값은 ~~7,400~~ 7,500", "a ~~b~~"])
def test_words_struck_out_on_purpose_are_left_alone(text):
    assert not said(struck_through, text)[0]


def test_tables_are_told_of_where_hugo_makes_none(pages):
    lost = {text for text in TABLES if "|" in pages["ours"][text].get_text()} - {"|x| and |y|, a | b"}
    # Hugo makes a table of this one, with a column that has no name.
    wide = "| a | b |\n| --- | --- | --- |\n| 1 | 2 |"
    assert {text for text in TABLES if said(broken_table, text)[0]} == lost | {wide}
    mended = [said(broken_table, text)[1] for text in TABLES]
    assert sum(bool(pages["ours"][each].table) for each in mended) > sum(
        bool(pages["ours"][each].table) for each in TABLES
    )


@pytest.mark.parametrize("part", ["links", "headings"])
def test_literal_links_and_headings_are_those_that_hugo_shows(pages, part):
    shown = {
        text
        for text in PARTS[part]
        if re.search(r"\]\(|\] \(https|^##", prose(pages["ours"][text]).strip()) and not text.startswith("\\")
    }
    assert {text for text in PARTS[part] if said(RULES[part], text)[0]} == shown
    for text in shown:
        mended = said(RULES[part], text)[1]
        if mended != text:
            assert not said(RULES[part], mended)[0]
            assert pages["ours"][mended].find(["a", "h2", "h3"])


def test_escapes_are_told_of_where_hugo_shows_them(pages):
    shown = {text for text in ESCAPES if re.search(r"\\~|&amp;", pages["ours"][text].get_text())}
    assert {text for text in ESCAPES if said(shown_escape, text)[0]} == shown - {"`&amp;`", "\\&amp;"}
    for text in shown - {"`&amp;`", "\\&amp;"}:
        assert not re.search(r"\\~|&amp;", pages["ours"][said(shown_escape, text)[1]].get_text())


HTML = {
    "줄<br>바꿈": "warning", "<b>굵게</b>": "warning", "<KOSPI> 시황": "error",
    "<div>\n본문\n</div>": "error",
    '<img src="a.png" alt="x">': "error", "<div></div>": "warning", "<!-- 주석 -->": "", "3 < 5 > 2": "",
    "<코스닥>": "",
}  # fmt: skip


def test_html_is_told_of_where_hugo_drops_it(tmp_path):
    root = tmp_path / "site"
    root.mkdir()
    unsafe = {"goldmark": {"renderer": {"unsafe": True}}}
    made = by_hugo(root, [(text, f"{text}\n") for text in HTML], {"off": {}, "on": unsafe})
    for text, severity in HTML.items():
        found = said(dropped_html, text)[0]
        assert [each.severity or "warning" for each in found] == ([severity] if severity else [])
        kept = [
            BeautifulSoup(made[name][text][1].replace("<!-- raw HTML omitted -->", ""), "html.parser")
            for name in ("off", "on")
        ]
        lost = kept[1].get_text().strip() != kept[0].get_text().strip() or bool(kept[1].img)
        assert lost == (severity == "error") or text.startswith("<KOSPI>")
        assert not said(dropped_html, text, markup=replace(Markup.of(OURS), unsafe=True))[0]


SHORTCODES = {
    '{{< details summary="x" >}}a{{< /details >}}': True,
    "{{< details >}}a": False,
    '{{< figure src="a.png" >}}': True,
    '{{< figure src="a.png" />}}': False,
    '{{< figure src="a.png" >}}{{< /figure >}}': False,
    '{{< qr text="x" />}}': True,
    '{{< qr text="x" >}}': False,
    "{{< none >}}": False,
    "{{< /details >}}": False,
    "{{< own >}}": True,
    "{{< boxed >}}a{{< /boxed >}}": True,
    "{{< boxed >}}": False,
    "{{< sub/own >}}": True,
    "{{</* none */>}}": True,
    "```\n{{< none >}}\n```": False,
    '{{< own "a >}} b" >}}': True,
    "{{< own `a\nb` >}}": True,
    '{{< own "a': False,
    "{{< own %}}": False,
}


class Site:
    """What the rule asks of a blog's knowledge."""

    def __init__(self, root):
        self.config = type("Config", (), {"root": root})


@pytest.fixture
def site(tmp_path):
    root = tmp_path / "site"
    (root / "layouts" / "_shortcodes" / "sub").mkdir(parents=True)
    (root / "content").mkdir()
    for name, template in {"own.html": "x", "boxed.html": "<b>{{ .Inner }}</b>", "sub/own.html": "y"}.items():
        (root / "layouts" / "_shortcodes" / name).write_text(template, encoding="utf-8")
    (root / "layouts" / "page.html").write_text("{{ .Content }}|{{ .Params.tags }}|", encoding="utf-8")
    (root / "config.yaml").write_text(
        "baseURL: https://example.org/\ndisableKinds: [home, section, taxonomy, term, sitemap, 404, rss]\n",
        encoding="utf-8",
    )
    return root


@pytest.mark.parametrize("text", SHORTCODES)
def test_shortcodes_are_told_of_where_hugo_refuses_them(text, site):
    whole = f"---\ntitle: a\n---\n{text}\n"
    found = said(unknown_shortcode, whole, knowledge=Site(site))[0]
    assert bool(found) != SHORTCODES[text]
    (site / "content" / "a.md").write_text(whole, encoding="utf-8")
    assert _builds(site) == SHORTCODES[text]


def _builds(site):
    try:
        build(find_hugo(), site, timeout=60)
    except SiteError:
        return False
    return True


def test_shortcodes_of_modules_are_not_told_of_as_unknown(site):
    with (site / "config.yaml").open("a", encoding="utf-8") as file:
        file.write("module: {imports: [{path: github.com/a/b}]}\n")
    assert not said(unknown_shortcode, "{{< none >}}", knowledge=Site(site))[0]
    assert said(unknown_shortcode, "{{< none", knowledge=Site(site))[0]


def test_a_mark_has_its_name_its_arguments_and_its_place():
    text = '---\ntitle: a\n---\nx {{< figure src="a >}}" alt=`b` />}} {{% /details %}}'
    first, second = calls(document(text))
    assert (first.kind, first.name, first.arguments) == ("whole", "figure", 'src="a >}}" alt=`b` ')
    assert text[first.start : first.end] == '{{< figure src="a >}}" alt=`b` />}}'
    assert (second.kind, second.name) == ("close", "details")


FRONT = {
    "title: a\ndate: 2026-05-14": True,
    "title: a\ndate: yesterday": False,
    "title: a\ndate: 2026-05-14 11:00:00 +0900": True,
    "title: a\nlastmod: [2026]": False,
    "title: a\ndraft: true": True,
    "title: a\ntags: kospi": True,
    "title: a\ntags: [kospi, '005930']": True,
    "title: a\ntags: []": True,
    "title: a\ntags:": True,
    "title: 2026": False,
    "title: [a]": False,
    "date: 2026-05-14": False,
    "title: a\ntags: [kospi, 000660]": False,
    "title: a\ntags: [kospi, 1.50]": False,
    "title: a\ntags: [kospi, 005930, 2026, 2026-05-13]": True,
    "title: a\ndate: 2026-5-4": False,
    "title: a\ndate: 14 May 2026": True,
    "title: a\ndate: '2026-05-14 11:00'": False,
    "title: a\ntags: [kospi, '']": False,
    "title: a\ntags: {a: b}": False,
    "title: a\ntags: a, b": False,
    "title: a\ndescription: [a]": False,
    "title: a\ndraft: perhaps": False,
}


@pytest.mark.parametrize("front", FRONT)
def test_front_matter(front):
    found, mended = said(front_matter_type, f"---\n{front}\n---\n\nText.\n")
    assert bool(found) != FRONT[front]
    if mended != f"---\n{front}\n---\n\nText.\n":
        assert not said(front_matter_type, mended)[0]


@pytest.mark.parametrize(
    "source", ["000660", "012330", "1.50", "1_000", "005930", "2026", "kospi", "2026-05-13", "1e5"]
)
def test_names_are_told_of_where_hugo_changes_them(source, site):
    text = f"---\ntitle: a\ntags: [{source}]\n---\n"
    found, mended = said(front_matter_type, text)
    for each in (text, mended):
        (site / "content" / "a.md").write_text(each, encoding="utf-8")
        built = build(find_hugo(), site, timeout=60)
        page = (built.destination / "a" / "index.html").read_text(encoding="utf-8")
        assert (f"|[{source}]|" in page) == (each == mended or not found)


DATES = {
    "yesterday": False, "2026-13-45": False, "2026-5-4": False, "'2026-05-14 11:00'": False,
    "14 May 2026": True,
    "2026-05-14T11:00:00+0900": True, "2026-05-14 11:00:00 +0900": True, "2026-05-14T11:00:00": True,
    "2026-05-14T11:00:00 +0900": False, "2026-05-14": True, "2026/05/14": False,
}  # fmt: skip


@pytest.mark.parametrize("written", DATES)
def test_dates_are_told_of_where_hugo_stops_at_them(written, site):
    text = f"---\ntitle: a\ndate: {written}\n---\n"
    (site / "content" / "a.md").write_text(text, encoding="utf-8")
    assert _builds(site) == DATES[written]
    # PyYAML cannot read 2026-13-45, which `unreadable` tells of.
    assert bool(said(front_matter_type, text)[0]) != DATES[written] or written == "2026-13-45"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("| a | b |", ["a", "b"]),
        ("a | b", ["a", "b"]),
        ("| a \\| b | `c|d` |", ["a \\| b", "`c", "d`"]),
        ("| a | |", ["a", ""]),
        ("", [""]),
    ],
)
def test_cells_of_a_row(row, expected):
    assert cells(row) == expected


@pytest.mark.parametrize(
    ("rows", "messages"),
    [
        (["| 1 | 2 |"], []),
        (["| 반도체 |"], []),
        (["| 1 | 2 | |"], []),
        (["| 1 |  |"], []),
        (["| 1 | 2 | 3 |"], ["more cells"]),
        (["| 1 | 2 |", "문장."], ["became one of its rows"]),
    ],
)
def test_rows_of_a_table(rows, messages):
    text = "\n".join(["| a | b |", "| - | - |", *rows])
    for lead in ("", "> ", "  "):
        found = said(broken_table, "\n".join(f"{lead}{line}" for line in text.split("\n")))[0]
        assert len(found) == len(messages)
        assert all(words in each.message for words, each in zip(messages, found, strict=True))


def test_a_short_row_is_told_of_at_its_line():
    (found,) = said(broken_table, "글\n\n| a | b | c |\n| - | - | - |\n| 1 | 2 | 3 |\n| 1 | 2 |\n")[0]
    assert document("글\n\n| a | b | c |\n| - | - | - |\n| 1 | 2 | 3 |\n| 1 | 2 |\n").place(found.start) == (
        6,
        1,
    )


def test_the_outline():
    text = "## A\n\n#### B\n\n## A\n\n> ## A\n\n# C\n\n##\n"
    jumps = [each.message for each in said(heading_jump, text)[0]]
    assert [words.split(":")[0] for words in jumps] == [
        "a heading of level 4 directly below one of level 2",
        "a heading of the first level",
    ]
    (twice,) = said(duplicate_heading, text)[0]
    assert "line 1" in twice.message
    assert text[twice.start : twice.end] == "A"


def test_images_are_told_of_at_their_places():
    text = "![좋은 설명](a.png) ![](b.png)\n\n| ![](c.png) |\n| - |\n| ![ ](d.png) |\n\n"
    text += "`![](e.png)` ![chart](f.png)\n"
    found = said(image_without_alt, text)[0]
    assert [document(text).place(each.start) for each in found] == [(1, 17), (3, 3), (5, 3), (7, 14)]


def test_places_are_right_behind_front_matter_with_other_line_ends():
    text = "---\r\ntitle: a\r\n---\r\n\r\n가\r\n\r\n오늘 **삼성(1)**는\r\n"
    (found,), mended = said(literal_emphasis, text)
    assert text[found.start : found.end] == "**삼성(1)**"
    assert "오늘 **삼성(1)**\\ 는\r\n" in mended


@pytest.mark.parametrize(
    ("text", "expected"), [("\\*", True), ("\\\\*", False), ("*", False), ("a\\\\\\*", True)]
)
def test_an_escape_takes_an_odd_number_of_backslashes(text, expected):
    assert is_escaped(text, len(text) - 1) == expected


HOSTILE = {
    "bold": "**a(b)**는 ", "lone": "a** ", "ticks": "` ", "tildes": "1~2% ", "entities": "&amp;amp; `x` ",
    "image": "![](a) ",
    "html": "<b>x</b> ", "open": "<!-- ", "rows": "| a | b |\n", "call": '{{< a "', "named": "{{< b >}} ",
    "link": "](",
    "runs": "*", "quoted": "> a\n",
}  # fmt: skip
ALL = (
    *RULES.values(), dropped_html, duplicate_heading, front_matter_type, heading_jump, image_without_alt,
    unknown_shortcode,
)  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_four_times_the_text_takes_about_four_times_as_long(name, site):
    def seconds(length):
        text = HOSTILE[name] * (length // len(HOSTILE[name]))
        whole = document(f"---\ntitle: a\n---\n\n{text}\n")
        assert whole.blocks
        knowledge = Site(site)
        best = 9e9
        for _ in range(2):
            start = time.process_time()
            for rule in ALL:
                list(rule.RULE.check(whole, knowledge))
            best = min(best, time.process_time() - start)
        return best

    assert seconds(40_000) < 10 * max(seconds(10_000), 0.02)
