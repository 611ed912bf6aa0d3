from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from bs4 import BeautifulSoup
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from parity_cases import BASE, ROOT, Rendered, by_hugo, cases, document

from generator import goldmark
from generator.errors import PostError
from generator.front_matter import body
from generator.goldmark.markup import Markup
from generator.goldmark.parser import parser, parser_of
from generator.goldmark.text import plain

if TYPE_CHECKING:
    from pathlib import Path

OURS: dict[str, Any] = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))["markup"]

VARIANTS: dict[str, dict[str, Any]] = {
    "as our configuration has it": OURS,
    "as Hugo has it": {},
    "raw HTML": {"goldmark": {"renderer": {"unsafe": True}}},
    "few extensions": {
        "highlight": {"codeFences": False},
        "goldmark": {
            "parser": {"autoHeadingID": False, "attribute": {"title": False}},
            "extensions": {
                "strikethrough": False, "linkify": False, "table": False, "footnote": {"enable": False},
                "taskList": False, "definitionList": False, "typographer": {"disable": True},
            },
        },
    },
    "East Asian breaks": {
        "goldmark": {
            "parser": {
                "autoDefinitionTermID": True, "wrapStandAloneImageWithinParagraph": False,
                "attribute": {"block": True},
            },
            "extensions": {"cjk": {"enable": True, "escapedSpace": True, "eastAsianLineBreaks": True}},
        },
    },
    "East Asian breaks of CSS": {
        "goldmark": {
            "parser": {"autoIDType": "github-ascii"},
            "extensions": {
                "typographer": {"disable": True}, "linkify": False,
                "cjk": {
                    "enable": True, "eastAsianLineBreaks": True, "eastAsianLineBreaksStyle": "css3draft",
                },
            },
        },
    },
    "hard wraps": {
        "goldmark": {
            "parser": {"autoIDType": "blackfriday"},
            "renderer": {"hardWraps": True, "xhtml": True},
            "extensions": {"strikethrough": False, "typographer": {"ellipsis": "&#8943;", "enDash": "~"}},
        },
    },
}  # fmt: skip

CASES = cases()
POSTS = {
    path.parent.name: body(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "content" / "post").glob("*/*.md"))
}


@pytest.fixture(scope="module")
def hugos(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    root: Path = tmp_path_factory.mktemp("parity") / "site"
    return by_hugo(root, [*CASES.items(), *POSTS.items()], VARIANTS)


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_case_and_every_post_is_the_document_that_hugo_makes(variant: str, hugos: Rendered) -> None:
    markup = Markup.of(VARIANTS[variant])
    unlike = [
        title
        for title, markdown in {**CASES, **POSTS}.items()
        for address, html in [hugos[variant][title]]
        if document(goldmark.render(markdown, markup), address) != document(html, address)
    ]
    assert not unlike


def test_there_are_cases_enough_and_posts() -> None:
    assert len(CASES) >= 350
    assert {title.partition(":")[0] for title in CASES} >= {"korean", "japanese", "chinese", "prose_en"}
    assert POSTS


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("<p>a</p>", "<p>b</p>"),
        ("<p>a b</p>", "<p>a  b</p>"),
        ("<p>a <b>b</b></p>", "<p>a<b>b</b></p>"),
        ('<a href="x">a</a>', '<a href="y">a</a>'),
        ('<h2 id="a">a</h2>', '<h2 id="b">a</h2>'),
        ("<ul><li>a</li></ul>", "<ul><li><p>a</p></li></ul>"),
        ("<pre>a\n b</pre>", "<pre>a\nb</pre>"),
        ("<p>“a”</p>", '<p>"a"</p>'),
    ],
)
def test_the_comparison_sees_differences(ours: str, theirs: str) -> None:
    assert document(ours, BASE) != document(theirs, BASE)


def test_the_comparison_sets_aside_colours_and_space_between_blocks() -> None:
    theirs = (
        '<div class="highlight"><pre tabindex="0" style="x"><code class="c">'
        '<span style="y">a</span></code></pre></div>\n\n<p>b</p>'
    )
    assert document('<pre><code class="c">a</code></pre><p>b</p>\n', BASE) == document(theirs, BASE)


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("1~2% and 3~4%", "<p>1<del>2% and 3</del>4%</p>\n"),
        ("**(005930)**\\ 는", "<p><strong>(005930)</strong>는</p>\n"),
        ("<b>x</b>", "<p>x</p>\n"),
        ("[x](JavaScript:alert(1))", '<p><a href="">x</a></p>\n'),
        ('"x" -- y', "<p>&quot;x&quot; -- y</p>\n"),
        ("", ""),
    ],
)
def test_html_as_our_configuration_has_it(markdown: str, html: str) -> None:
    assert goldmark.render(markdown) == html


def test_what_a_new_blog_gets_is_what_the_configuration_says() -> None:
    assert Markup.of(OURS) == goldmark.STARTER


def test_heading_attributes_hold_no_event_handler() -> None:
    assert goldmark.render('## T {onclick="x" data-a=1}') == '<h2 data-a="1" id="t">T</h2>\n'


def test_a_quote_stays_open_through_one_text_only() -> None:
    assert goldmark.render('"open"a\n\n21"', Markup()) == "<p>“open&quot;a</p>\n<p>21”</p>\n"
    assert goldmark.render('21"', Markup()) == "<p>21&quot;</p>\n"


class Environment(dict[str, Any]):
    """What the parser keeps while it reads a text; unlike a plain one it can be watched."""


def test_nothing_of_a_text_stays_once_it_is_parsed() -> None:
    """Held in a circle it waits for Python to look: a tenth of the time of a check, and memory."""
    text = (
        "A **b** [c](/d/) www.example.org ![e www.f.org](/g/) \"h\" 'i'[^1] ~~k~~ [l][] <m>\n\n[l]: /l/\n\n"
        "Term\n: x\n\n| a |\n| - |\n| `b` |\n\n- [ ] n\n\n> o\n\n# p {#q}\n\n[^1]: r\n"
    )
    environment = Environment()
    kept = weakref.ref(environment)
    gc.disable()
    try:
        parser(Markup()).parse(text, environment)
        del environment
        assert kept() is None
    finally:
        gc.enable()


MARKUPS = st.sampled_from([Markup.of(each) for each in VARIANTS.values()])
PIECES = "~*_`[]()<>!|\\&#{}-=:.@^1a가 \n\t"


@given(st.text(alphabet="~*_`[]()<>!|\\&#{}-:.@/\"' \n\tahtpw1가%₩日。", max_size=40), MARKUPS)
@example("0 1,234.5", Markup())
@example("-- a", Markup())
@example("ftp://a.bc", Markup())
@example("a b.c", Markup())
def test_text_without_marks_is_what_the_parser_of_lines_makes_of_it(text: str, markup: Markup) -> None:
    made = parser(markup)
    content = text.strip()
    state = StateCore(content, made, {}, [Token("inline", "", 0, content=content)])
    plain(markup)(state)
    assert state.tokens[0].children == made.inline.parse(content, made, {}, [])


MARKED = st.lists(
    st.sampled_from([*PIECES, "    ", "```", "~~~", "[^1]", "]: /x", "![", "\n-", "\n>", "www.a.bc"]),
    max_size=30,
).map("".join)


@given(MARKED, MARKUPS)
@example("> - \ta", Markup())
@example("a\n= \r\n", Markup())
@example("a\r=\rb", Markup())
@example("1234567. a\n\n         b", Markup())
def test_rules_without_use_for_a_text_make_no_difference(text: str, markup: Markup) -> None:
    assert parser_of(text, markup).parse(text, {}) == parser(markup).parse(text, {})


@given(
    st.text(alphabet="~*_`[]()<>!|\\&#{}-:.@\"' \n\taB1가%₩日。", max_size=60),
    st.sampled_from([Markup.of(each) for each in VARIANTS.values() if each != VARIANTS["raw HTML"]]),
)
def test_any_text_renders_without_code_and_alike_twice(text: str, markup: Markup) -> None:
    try:
        html = goldmark.render(text, markup)
    except PostError:
        assert "{{<" in text or "{{%" in text
        return
    assert html == goldmark.render(text, markup)
    elements = BeautifulSoup(html, "html.parser").find_all(True)
    assert "script" not in {element.name for element in elements}
    assert not [name for element in elements for name in element.attrs if name.lower().startswith("on")]
