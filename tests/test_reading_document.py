"""A post's text with the place of every character, over all that Markdown and front matter can do to it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from timing import spent

from generator.goldmark.markup import Markup
from generator.post import to_yaml
from generator.reading.document import SHORTCODE, Document

MARKUP = Markup()
CJK = Markup(escaped_space=True)


def document(text, markup=MARKUP):
    return Document(text, file="a.md", language="en", markup=markup)


def shown(text, markup=MARKUP):
    return [(each.kind, each.text) for each in document(text, markup).blocks]


def misplaced(text, markup=MARKUP):
    """Letters and digits of the text whose place in the file holds another character, and no entity."""
    return [
        (block.text, place, character)
        for block in document(text, markup).blocks
        for place, (character, offset) in enumerate(zip(block.text, block.offsets, strict=True))
        if character.isalnum() and text[offset] != character and text[offset] not in "&\\"
    ]


FRONT = [
    ("plain", "---\ntitle: A 5.2% day\n---\n", "A 5.2% day"),
    ("windows", "---\r\ntitle: A 5.2% day\r\ndate: 2026-05-13\r\n---\r\nBody 1\r\n", "A 5.2% day"),
    ("mark of byte order", "\ufeff---\ntitle: A 5.2% day\n---\n", "A 5.2% day"),
    ("single", "---\ntitle: 'It''s 5.2%, and \"so\"'\n---\n", 'It\'s 5.2%, and "so"'),
    ("double", '---\ntitle: "A \\u20a93tn \\"day\\" \\\\ 7"\n---\n', 'A ₩3tn "day" \\ 7'),
    ("double over lines", '---\ntitle: "A long\n  title \\\n  of 7"\n---\n', "A long title of 7"),
    ("folded", "---\ntitle: >-\n  A long title\n  of 5.2%\n---\n", "A long title of 5.2%"),
    ("literal", "---\ntitle: |\n  one 3\n  two 4\n---\n", "one 3\ntwo 4\n"),
    ("plain over lines", "---\ntitle: A long title\n  of 7\ndate: 2026-05-13\n---\n", "A long title of 7"),
    ("quoted key", "---\n'title': A 5.2% day\n---\n", "A 5.2% day"),
    ("another key before", "---\nsubtitle: A 5.2% day\ntitle: A 5.2% day\n---\n", "A 5.2% day"),
    ("toml", '+++\ntitle = "A \\"5.2%\\" day"\n+++\n', 'A "5.2%" day'),
    ("toml, literal", "+++\ntitle = 'A \\ 5.2% day'\n+++\n", "A \\ 5.2% day"),
    ("toml, many lines", '+++\ntitle = """A day\nof 7"""\n+++\n', "A day\nof 7"),
    ("json", '{\n "date": "2026-05-13", "title": "A \\u20a93tn\\n day"\n}\n', "A ₩3tn\n day"),
]


@pytest.mark.parametrize(("text", "title"), [case[1:] for case in FRONT], ids=[case[0] for case in FRONT])
def test_a_title_is_read_and_placed(text, title):
    block = document(text).blocks[0]
    assert (block.kind, block.text) == ("title", title)
    assert not misplaced(text)


def test_a_value_that_stands_nowhere_is_at_its_key():
    text = "---\nwords: &words A 5.2% day\ntitle: *words\n---\n"
    block = document(text).blocks[0]
    assert block.text == "A 5.2% day"
    assert set(block.offsets) == {text.index("*words")}


BODIES = [
    ("paragraph", "a 1\nb 2\n", [("paragraph", "a 1 b 2")]),
    ("windows", "a 1\r\nb 2\r\n", [("paragraph", "a 1 b 2")]),
    ("hard breaks", "a 1  \nb 2\\\nc 3", [("paragraph", "a 1 b 2 c 3")]),
    ("emphasis", "**a 1** *b 2* ***c 3*** ~~d 4~~ __e 5__", [("paragraph", "a 1 b 2 c 3 d 4 e 5")]),
    ("code", "``a ` 1`` `b 2`", [("paragraph", "a ` 1 b 2")]),
    ("escapes", r"a \* 1 \# 2 \~ 3 \\ 4", [("paragraph", "a * 1 # 2 ~ 3 \\ 4")]),
    ("entities", "1 &amp; 2 &#8361;3.76tn &lt;4&gt; &#x20A9;5", [("paragraph", "1 & 2 ₩3.76tn <4> ₩5")]),
    ("digits as entities", "&#49;2 3 &amp;4", [("paragraph", "12 3 &4")]),
    ("typographer", '"1" -- 2 ... \'3\'', [("paragraph", "“1” – 2 … ‘3’")]),
    ("link with a title", '[a 1](x "title 2") 3', [("paragraph", "a 1 3")]),
    ("link with brackets", '[f](<a (b> "(9)") 8 [g](h(1)i) 2', [("paragraph", "f 8 g 2")]),
    ("reference links", "[a 1][r] 2 [r] 3 [b 4][] 5\n\n[r]: x\n[b 4]: y", [("paragraph", "a 1 2 r 3 b 4 5")]),
    ("addresses", "<https://x.org/6> 7 www.x.org/8 9", [("paragraph", "https://x.org/6 7 www.x.org/8 9")]),
    ("image", '![alt 1](p.png "2") 3', [("paragraph", "alt 1 3")]),
    ("image in a link", "[![alt 1](p.png)](q-2) 3", [("paragraph", "alt 1 3")]),
    ("many of one digit", "1 1 *1* 1 [1](1) 1 `1` 1", [("paragraph", "1 1 1 1 1 1 1 1")]),
    ("html", 'a <b class="1">2</b> 3', [("paragraph", 'a <b class="1">2</b> 3')]),
    ("html block", "<div>\n6\n</div>\n\n7", [("html", "<div>\n6\n</div>\n"), ("paragraph", "7")]),
    ("headings", "# a *1* {#id}\n\nb 2\n---\n", [("heading", "a 1"), ("heading", "b 2")]),
    ("quote", "> a 1\n> b 2\nlazy 3\n>\n> > c 4", [("paragraph", "a 1 b 2 lazy 3"), ("paragraph", "c 4")]),
    ("quote in a list", "- > q 1\n  > r 2\n- s 3", [("item", "q 1 r 2"), ("item", "s 3")]),
    (
        "lists",
        "- a 1\n  b 2\n\n  c 3\n\n  1. d 4\n     e 5",
        [("item", "a 1 b 2"), ("item", "c 3"), ("item", "d 4 e 5")],
    ),
    ("tabs", "-\ta 1\n\tb 2\n\n\t- c 3", [("item", "a 1 b 2"), ("item", "c 3")]),
    ("tasks", "- [ ] a 1\n- [x] b 2", [("item", "a 1"), ("item", "b 2")]),
    (
        "definitions",
        "T 1\n: a 2\n  b 3\n\n: c 4",
        [("paragraph", "T 1"), ("item", "a 2 b 3"), ("item", "c 4")],
    ),
    (
        "footnotes",
        "a 1[^1]1 b[^n2] 2\n\n[^1]: c 3\n[^n2]: d 4",
        [("paragraph", "a 11 b 2"), ("paragraph", "c 3"), ("paragraph", "d 4")],
    ),
    ("fence", "```text\na 1\nb 2\n```", [("code", "a 1\nb 2\n")]),
    ("indented code", "    a 1\n\n    b 2\n", [("code", "a 1\n\nb 2\n")]),
    ("code in a list", "- x\n\n  ```\n  a 1\n  ```", [("item", "x"), ("code", "a 1\n")]),
    ("code in a quote", "> ```\n> a 1\n> ```", [("code", "a 1\n")]),
    ("hangul", "**삼성(005930)** 5% 올\n랐다 6", [("paragraph", "삼성(005930) 5% 올 랐다 6")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "blocks"), [case[1:] for case in BODIES], ids=[case[0] for case in BODIES])
def test_a_body_is_read_and_placed(text, blocks):
    assert shown(text) == blocks
    assert not misplaced(text)
    for before in ("", "---\ntitle: 1 2 3\n---\n", "- 9\n\n---\n\n"):
        assert not misplaced(before + text)


def test_what_separates_without_showing_is_no_text():
    text = "**삼성(005930)**\\ 는 5% 올랐다"
    assert shown(text, CJK) == [("paragraph", "삼성(005930)는 5% 올랐다")]
    assert not misplaced(text, CJK)


TABLES = [
    '| a \\| 1 | `b \\| 2` | **c** 3 |\n| --- | --- | --- |\n| 1 \\| 2 | 3 | [l](x "4") 5 |\n| | 5 | 5 |',
    "a 1 | b 2\n--- | ---\n1 | 1\n2 | 1",
    "- x\n\n  | a | b |\n  | - | - |\n  | 1 | 1 |",
    "> | a | b |\n> | - | - |\n> | 1 | 1 |",
    "|1|1|1|\n|-|-|-|\n|  1|1  | 1 |\n|1|\n",
]  # fmt: skip


@pytest.mark.parametrize("text", TABLES)
def test_every_cell_has_its_own_place(text):
    assert not misplaced(text)
    cells = [each for each in document(text).blocks if each.cell and each.text.strip()]
    places = [each.start() for each in cells]
    assert places == sorted(set(places))


def test_a_cell_knows_its_place_in_its_table():
    text = "| a | b |\n| - | - |\n| 1 | \\| |\n\nx\n\n| c |\n| - |\n"
    cells = {each.text: each.cell for each in document(text).blocks if each.cell}
    assert {key: (cell.table, cell.row, cell.column) for key, cell in cells.items()} == {
        "a": (0, 0, 0), "b": (0, 0, 1), "1": (0, 1, 0), "|": (0, 1, 1), "c": (1, 0, 0),
    }  # fmt: skip


def test_blocks_know_their_section_level_and_quote():
    text = "# T\n\na\n\n## One *1*\n\nb\n\n### Two\n\n> c\n\n## Three\n\n```go\nx\n```\n"
    found = {each.text: each for each in document(text).blocks}
    assert [found[key].section for key in ("a", "b", "c", "x\n")] == ["", "One 1", "One 1", "Three"]
    assert [found[key].level for key in ("T", "One 1", "Two", "a")] == [1, 2, 3, 0]
    assert found["c"].quoted
    assert not found["b"].quoted
    assert found["x\n"].info == "go"


def test_spans_say_what_a_stretch_is():
    (block,) = document("a **b [c](d)** `e` ![f](g) ~~h~~ *i* <b>j</b>").blocks
    spans = {(each.kind, block.text[each.start : each.end], each.target) for each in block.spans}
    assert spans == {
        ("strong", "b c", ""), ("link", "c", "d"), ("code", "e", ""), ("image", "f", "g"), ("del", "h", ""),
        ("em", "i", ""), ("html", "<b>", ""), ("html", "</b>", ""),
    }  # fmt: skip
    assert block.is_within("link", block.text.index("c"))
    assert not block.is_within("link", 0)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a 1 {{< x 2 >}} b 3", "a 1  b 3"),
        ('{{< fig\n  src="6"\n  title="7 > 8" >}}\n\nd 9', "d 9"),
        ("d 8 {{% q %}}inner 9{{% /q %}} 10", "d 8 inner 9 10"),
        ("{{< open 1 and {{< two 2 >}} 3", "{{< open 1 and  3"),
    ],
)
def test_shortcodes_are_out_of_the_way(text, left):
    said = "".join(each.text for each in document(text).blocks)
    assert said.replace(SHORTCODE, "").replace("  ", " ").strip() == left.replace("  ", " ")
    assert not misplaced(text)


def test_places_are_lines_and_columns():
    read = document("---\ntitle: T\n---\n\nA 5\n\n- 가 7\n")
    blocks = {each.text: each for each in read.blocks}
    assert read.place(blocks["T"].start()) == (2, 8)
    assert read.place(blocks["A 5"].start(2)) == (5, 3)
    assert read.place(blocks["가 7"].start(2)) == (7, 5)
    assert read.place(blocks["가 7"].start(99)) == (7, 6)


PIECES = st.lists(
    st.sampled_from(
        [
            *(
                "1",
                "22",
                "a",
                "B7",
                " ",
                "\n",
                "\n\n",
                "**",
                "*",
                "_",
                "`",
                "~~",
                "[",
                "](",
                ")",
                "![",
                "> ",
                "- ",
            ),
            *(
                "1. ",
                "# ",
                "| ",
                " |",
                "\n| - | - |\n",
                "&amp;",
                "&#49;",
                "\\",
                "<b>",
                "{{< x 1 >}}",
                "가",
                "“",
            ),
            *("---", "https://x.org/1", ": ", "[^1]", "```\n", "    ", "\t", "(", "₩", "+2.5%"),
        ]
    ),
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(PIECES)
def test_places_go_forward_and_digits_have_one_each(pieces):
    text = "".join(pieces)
    for block in document(text).blocks:
        assert len(block.offsets) == len(block.text)
        assert all(0 <= each <= len(text) for each in block.offsets)
        if block.kind in ("title", "description", "html", "code"):
            continue
        assert all(a <= b for a, b in zip(block.offsets, block.offsets[1:], strict=False))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read(text):
    for block in document(text).blocks:
        assert len(block.offsets) == len(block.text)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=60))
def test_a_written_title_is_placed(title):
    text = f"---\n{to_yaml({'title': title})}---\n"
    read = document(text)
    if read.front.get("title") == title and title.strip():
        assert not misplaced(text)


GROWING = [
    "1 ",
    "a\n\n",
    "| 1 | 2 |\n",
    "- 1\n",
    "**1** ",
    "[1](1) ",
    "{{< ",
    "&amp;",
    "> ",
    "`1` ",
    "[",
    "<b>",
]


@pytest.mark.parametrize("piece", GROWING)
def test_time_grows_with_the_text(piece):
    def seconds(count):
        text = ("| a | b |\n| - | - |\n" if piece[0] == "|" else "") + piece * count
        return spent(lambda: document(text).blocks)

    seconds(10)
    small, large = min(seconds(600) for _ in range(2)), seconds(4800)
    # Eight times the text: quadratic would be 64 times.
    assert large < 30 * max(small, 0.02), (small, large)


@given(st.text(alphabet="a\n가", max_size=40), st.booleans())
def test_a_place_is_the_same_whether_or_not_the_lines_are_listed(text: str, is_asked_far_first: bool) -> None:
    long = f"{text}{'x' * 3_000}\n"
    document = Document(long, file="a.md", language="en", markup=Markup())
    if is_asked_far_first:
        document.place(len(long))  # lists them
    for offset in range(len(text) + 1):
        before = long[:offset].split("\n")
        assert document.place(offset) == (len(before), len(before[-1]) + 1)
