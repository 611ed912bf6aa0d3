from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from generator import goldmark
from generator.feeds.profile import _html
from generator.feeds.reader_html import for_readers, plain

PAGE = "https://example.org/blog/post/x/"
ROOT = "https://example.org/blog/"


def shown(html: str, *resources: str) -> str:
    return for_readers(html, address=PAGE, root=ROOT, resources={name: PAGE + name for name in resources})


CHANGES = {
    "a link beside the post": ('<a href="../y/">y</a>', '<a href="https://example.org/blog/post/y/">y</a>'),
    "a link from the root": ('<a href="/y/">y</a>', '<a href="https://example.org/blog/y/">y</a>'),
    "a fragment": ('<a href="#fn:1">1</a>', f'<a href="{PAGE}#fn:1">1</a>'),
    "an image of the bundle": ('<img src="a b.png" alt="">', f'<img src="{PAGE}a b.png" alt="">'),
    "a set of images": (
        '<img srcset="a.png 1x, /b.png 2x">',
        f'<img srcset="{PAGE}a.png 1x, https://example.org/blog/b.png 2x">',
    ),
    "a poster": (
        '<video poster="p.png" src="v.mp4"></video>',
        f'<video poster="{PAGE}p.png" src="{PAGE}v.mp4"></video>',
    ),
    "a draft's address": (
        '<a href="http://localhost:1313/y/#z">y</a>',
        '<a href="https://example.org/blog/y/#z">y</a>',
    ),
    "code for an address": ('<a href="javascript:x()">y</a>', '<a href="">y</a>'),
    "mail": ('<a href="mailto:a@b.c">y</a>', '<a href="mailto:a@b.c">y</a>'),
    "a script": ("a<script>if (a < b) x()</script>b", "ab"),
    "a style sheet": ("a<style>p { x }</style>b", "ab"),
    "a form": ('a<form action="/x"><p>q <input name="q"></p></form>b', "ab"),
    "an event": ('<p onclick="x()" class="y">z</p>', '<p class="y">z</p>'),
    "a cell's style": ('<td style="text-align: right">1</td>', '<td align="right">1</td>'),
    "another style": ('<p style="color: red">1</p>', "<p>1</p>"),
    "what is hidden": ('a<div style="display: none">b</div>c', "ac"),
    "a comment": ("a<!-- b -->c", "ac"),
    "a task done": ('<li><input checked="" disabled="" type="checkbox"> x</li>', "<li>☑ x</li>"),
    "a task to do": ('<li><input disabled="" type="checkbox"> x</li>', "<li>☐ x</li>"),
    "a frame": (
        '<iframe src="https://v.example/1" title="A film"></iframe>',
        '<a href="https://v.example/1">A film</a>',
    ),
    "a frame without title": ('<iframe src="/v/"></iframe>', f'<a href="{ROOT}v/">{ROOT}v/</a>'),
    "a chart": (
        '<svg id="flow"><title>Flow</title><desc>Sold &amp; bought</desc><text>1</text></svg>',
        "<em>Flow: Sold &amp; bought</em>",
    ),
    "a chart without title": (
        "<p><svg><g><path/><text>KOSPI</text> <text>KOSDAQ</text></g></svg></p>",
        "<p><em>KOSPI KOSDAQ</em></p>",
    ),
    "a chart that says nothing": ("a<svg><path/></svg>b", "ab"),
    "elements left open": ("<ul><li>a <b>c", "<ul><li>a <b>c</b></li></ul>"),
    "an end too many": ("a</div>b</br>", "ab"),
    "stray signs": ("AT&T &unknown; 1 < 2 &amp; &#8361;", "AT&amp;T &amp;unknown; 1 &lt; 2 &amp; &#8361;"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changed_for_readers(name):
    given_html, expected = CHANGES[name]
    assert shown(given_html) == expected


def test_an_svg_becomes_the_png_that_stands_beside_it():
    chart = '<svg id="flow" aria-label="Flow"><path/></svg>'
    assert shown(chart, "flow.png") == f'<img src="{PAGE}flow.png" alt="Flow">'
    assert shown(chart) == "<em>Flow</em>"
    image = '<img src="flow.svg" srcset="flow.svg 2x" alt="Flow">'
    assert shown(image, "flow.png") == f'<img src="{PAGE}flow.png" alt="Flow">'
    elsewhere = {"flow.svg": f"{ROOT}post/x/flow.svg", "flow.png": f"{ROOT}post/x/flow.png"}
    for source in ("/post/x/flow.svg", "flow.svg", f"{ROOT}post/x/flow.svg#a"):
        image = f'<img src="{source}" alt="Flow">'
        assert for_readers(image, address=f"{ROOT}ko/post/x/", root=ROOT, resources=elsewhere) == (
            f'<img src="{ROOT}post/x/flow.png" alt="Flow">'
        )
    assert shown('<img src="flow.svg" alt="Flow">') == f'<img src="{PAGE}flow.svg" alt="Flow">'
    held = '<object data="flow.svg" type="image/svg+xml">Flow</object>'
    assert shown(held, "flow.png") == f'<img src="{PAGE}flow.png" alt="Flow">'


UNCHANGED = (
    '<h2 id="a">A &amp; B &ldquo;c&rdquo;</h2>\n'
    '<pre tabindex="0"><code class="language-x">a &lt; b\n\n  c\n</code></pre>\n'
    "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n</table>\n"
    "<hr>\n<p>a<br>\nb <del>c</del> ₩3.76tn</p>\n"
)


def test_what_needs_no_change_comes_out_as_it_went_in():
    assert shown(UNCHANGED) == UNCHANGED


@given(st.text(alphabet="ab<>/&;=\"' !-#sgvtyleimhrfcpon:x1[]`*|\n", max_size=80))
def test_any_html_comes_out_harmless_closed_and_stable(html):
    once = shown(html)
    assert not list(_html(once, "description"))
    assert shown(once) == once


@given(st.text(max_size=80))
def test_the_words_of_a_post_stay(markdown):
    rendered = goldmark.render(markdown)
    assert plain(shown(rendered)).replace("☐", "").replace("☑", "").split() == plain(rendered).split()


def test_elements_stay_as_a_parser_sees_them():
    rendered = goldmark.render("# a\n\n- b\n- c **d**\n\n| e | f |\n| - | -: |\n| g | [h](/i/) |\n\n> j\n")
    before, after = (BeautifulSoup(html, "html.parser") for html in (rendered, shown(rendered)))
    assert [tag.name for tag in before.find_all()] == [tag.name for tag in after.find_all()]
    assert before.get_text() == after.get_text()
