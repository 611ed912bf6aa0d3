import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import goldmark, markdown

HOSTILE = [
    "<script>alert(1)</script>",
    "{{< youtube x >}}",
    "{{% include x %}}",
    "](javascript:x)",
    "![x](javascript:x)",
    "../../etc",
    "*a* _b_ **c** `d` ~~e~~",
    "1. x",
    "1) x",
    "- x",
    "+ x",
    "# x",
    "> x",
    "=== ",
    "a | b",
    "&amp; &#42; &copy;",
    "http://x.example www.x.example a@x.example",
    "[a]: b",
    "a\\",
    "C:\\x",
    "😀 emoji",
    "x" * 500,
    ":smile: $x$ ^a^ [^1] ==m==",
    "term\n: definition",
    "| a | b |\n|---|---|",
]


def shown(source: str) -> str:
    """The text a reader sees of a paragraph, the tags that made it set aside."""
    rendered = goldmark.render(source)
    return html.unescape(re.sub(r"<[^>]+>", "", rendered)).strip()


@pytest.mark.parametrize("text", HOSTILE)
def test_escaped_text_shows_as_it_is(text):
    assert shown(markdown.escape(text)) == markdown.printable(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_escaped_text_makes_nothing_but_a_paragraph(text):
    tags = set(re.findall(r"</?([a-z]\w*)", goldmark.render(markdown.escape(text))))
    assert tags <= {"p"}


@given(st.text(max_size=60))
def test_any_text_survives_escaping(text):
    assert shown(markdown.escape(text)) == markdown.printable(text)


@given(st.text(max_size=40))
def test_escaped_text_opens_no_shortcode(text):
    escaped = markdown.escape(text)
    assert "{{<" not in escaped
    assert "{{%" not in escaped
    assert "\n" not in escaped


def test_control_characters_and_turned_text_go():
    assert markdown.printable("a\x00b\u202ec\ue000d") == "abcd"


@pytest.mark.parametrize(
    ("inner", "after", "expected"),
    [
        ("삼성전자(005930)", "는", "<strong>삼성전자(005930)</strong>는"),
        ("3.2%", "로", "<strong>3.2%</strong>로"),
        ("“삼성전자”", "는", "<strong>“삼성전자”</strong>는"),
        ("word", "s", "<strong>word</strong>s"),
        ("word", " and", "<strong>word</strong> and"),
        ("(a)", "", "<strong>(a)</strong>"),
    ],
)
def test_emphasis_renders_whatever_stands_beside_it(inner, after, expected):
    assert goldmark.render(markdown.settle(markdown.strong(inner) + after)).strip() == f"<p>{expected}</p>"


def test_emphasis_before_which_hangul_stands():
    rendered = goldmark.render(markdown.settle("지수" + markdown.strong("(KOSPI)")))
    assert rendered.strip() == "<p>지수<strong>(KOSPI)</strong></p>"


def test_nested_emphasis_is_one():
    nested = markdown.strong(f"a {markdown.strong('b')} c")
    assert markdown.settle(nested) == "**a b c**"


def test_table():
    made = markdown.table(["Name", "Close"], [["a", "1"], ["b", ""]], "lr")
    assert made == "| Name | Close |\n| --- | ---: |\n| a | 1 |\n| b | — |"


def test_a_table_without_rows_is_nothing():
    assert markdown.table(["a"], [], "l") == ""


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match="2 columns"):
        markdown.table(["a", "b"], [["only one"]], "lr")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/post/x/", "[w](/post/x/)"),
        ("https://x.example/a b", "[w](https://x.example/a%20b)"),
        ("javascript:alert(1)", "w"),
        ("//evil.example/", "w"),
        ("data:text/html,x", "w"),
        ("/x)](javascript:y", "[w](/x%29%5D%28javascript:y)"),
    ],
)
def test_links_lead_to_the_site_or_the_web(address, expected):
    assert markdown.link("w", address) == expected


def test_notes_keep_their_markup_and_lose_what_could_harm():
    notes = "**bold** [a](https://x.example) [b](javascript:y)\n\n- item\n\n<script>x</script> {{< y >}}\x07"
    rendered = goldmark.render(markdown.neutral(notes))
    assert "<strong>bold</strong>" in rendered
    assert '<a href="https://x.example">a</a>' in rendered
    assert "javascript" not in rendered
    assert "<li>item</li>" in rendered
    assert "&lt;script&gt;" in rendered
    assert "\x07" not in rendered
    assert "{{<" not in markdown.neutral(notes)


def test_tidy_joins_lines_and_keeps_lists_tables_and_notes():
    rendered = (
        "A line\n  and its end .\n\n- one\n\n- two\n  goes on\n\n" + markdown.verbatim("x\n  y") + "\n\nEnd"
    )
    assert markdown.tidy(rendered) == "A line and its end.\n\n- one\n- two goes on\n\nx\n  y\n\nEnd"


@pytest.mark.parametrize(
    ("source", "expected"),
    [("**a** [b](/c/)", "a b"), (markdown.escape("S&P 500 <x> {{y}}"), "S&P 500 <x> {{y}}")],
)
def test_plain(source, expected):
    assert markdown.plain(source) == expected
