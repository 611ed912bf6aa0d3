from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given
from hypothesis import strategies as st

from generator import goldmark
from generator.feeds.reader_html import for_readers
from generator.goldmark.markup import Markup
from generator.goldmark.shortcodes import Source

PAGE = "https://example.org/post/kospi/"
ROOT = "https://example.org/"


def absolute(html: str, address: str, *, root: str = ROOT) -> str:
    return for_readers(html, address=address, root=root)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="/post/x/">a</a>', '<a href="https://example.org/post/x/">a</a>'),
        ('<a href="../y/">a</a>', '<a href="https://example.org/post/y/">a</a>'),
        ('<a href="figures.json">a</a>', '<a href="https://example.org/post/kospi/figures.json">a</a>'),
        ('<a href="#faq">a</a>', '<a href="https://example.org/post/kospi/#faq">a</a>'),
        ('<a href="?q=1">a</a>', '<a href="https://example.org/post/kospi/?q=1">a</a>'),
        ('<a href="//cdn.example/x">a</a>', '<a href="https://cdn.example/x">a</a>'),
        ('<a href="http://else.where/a b">a</a>', '<a href="http://else.where/a b">a</a>'),
        ('<a href="mailto:a@b.cd">a</a>', '<a href="mailto:a@b.cd">a</a>'),
        ('<a href="tel:+82">a</a>', '<a href="tel:+82">a</a>'),
        ('<a href="">a</a>', '<a href="">a</a>'),
        ('<a name="x">a</a>', '<a name="x">a</a>'),
        ('<img alt="c" src="c.svg">', '<img alt="c" src="https://example.org/post/kospi/c.svg">'),
        ('<img src="data:image/png;base64,AA">', '<img src="data:image/png;base64,AA">'),
        (
            '<img srcset="a.png 1x, /b.png 2x,\nhttps://c.de/f,g.png 300w">',
            f'<img srcset="{PAGE}a.png 1x, https://example.org/b.png 2x, https://c.de/f,g.png 300w">',
        ),
        ('<video poster="p.jpg"></video>', '<video poster="https://example.org/post/kospi/p.jpg"></video>'),
        ('<q cite="/x">a</q>', '<q cite="https://example.org/x">a</q>'),
        ('<a href="http://[bad">a</a>', '<a href="http://[bad">a</a>'),
        ('<a href="//[bad">a</a>', '<a href="">a</a>'),
        ("text &amp; <br> 한글 — &lt;b&gt;", "text &amp; <br> 한글 — &lt;b&gt;"),
        ("<p>a<p>b", "<p>a<p>b</p></p>"),
        ("", ""),
    ],
)
def test_addresses_become_absolute(html: str, expected: str) -> None:
    assert absolute(html, PAGE) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/post/x/", "https://example.org/blog/post/x/"),
        ("/blog/post/x/", "https://example.org/blog/post/x/"),
        ("x/", "https://example.org/blog/post/kospi/x/"),
        ("//other.org/x", "https://other.org/x"),
    ],
)
def test_a_site_in_a_subfolder(address: str, expected: str) -> None:
    page = "https://example.org/blog/post/kospi/"
    html = absolute(f'<a href="{address}">a</a>', page, root="https://example.org/blog/")
    assert html == f'<a href="{expected}">a</a>'


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("a<script>alert(1)</script>b", "ab"),
        ("a<style>p{}</style><iframe src=javascript:x()>y</iframe>b", "ayb"),
        ("a<form action=/x><input name=q></form>b", "ab"),
        ('<p onclick="x()" ONLOAD="y()" class="c">a</p>', '<p class="c">a</p>'),
        ('<a href="javascript:alert(1)">a</a>', '<a href="">a</a>'),
        ('<a href=" java\nscript:alert(1)">a</a>', '<a href="">a</a>'),
        ('<a href="&#106;avascript:alert(1)">a</a>', '<a href="">a</a>'),
        ('<img src="data:text/html,x">', '<img src="">'),
        ('<img src="data:image/svg+xml,x">', '<img src="">'),
        ("a<!-- c --><!DOCTYPE html>b", "ab"),
        ('<object data="javascript:x()"><p>y</p></object>', "y"),
        ('<a formaction="/x" ping="/y">a</a>', "<a>a</a>"),
    ],
)
def test_what_runs_or_loads_is_dropped(html: str, expected: str) -> None:
    assert absolute(html, PAGE) == expected


@given(st.text(max_size=80))
@example("0 ;")
@example("0 ?")
@example("0 #")
def test_an_address_of_any_text_is_absolute_empty_or_has_a_scheme(text: str) -> None:
    soup = BeautifulSoup("<a>x</a>", "html.parser")
    soup.a["href"] = text  # type: ignore[index]  # the element is there
    once = absolute(str(soup), PAGE)
    assert absolute(once, PAGE) == once
    address = str(BeautifulSoup(once, "html.parser").a["href"])  # type: ignore[index]  # the same
    assert address == "" or ":" in address


def test_addresses_become_absolute_after_markdown_and_shortcodes() -> None:
    markdown = (
        '[a](../y/) [b](#now) ![c](c.png) {{< figure src="d.png" link="/z/" alt="d" >}}\n\n'
        '<video poster="p.jpg" src="v.mp4"></video> <img srcset="e.png 1x, /f.png 2x">\n'
    )
    html = absolute(goldmark.render(markdown, Markup(unsafe=True)), PAGE, root="https://example.org/")
    assert html == (
        '<p><a href="https://example.org/post/y/">a</a> <a href="https://example.org/post/kospi/#now">b</a> '
        f'<img src="{PAGE}c.png" alt="c"> <figure><a href="https://example.org/z/">'
        f'<img src="{PAGE}d.png" alt="d"></a></figure></p>\n'
        f'<p><video poster="{PAGE}p.jpg" src="{PAGE}v.mp4"></video> '
        f'<img srcset="{PAGE}e.png 1x, https://example.org/f.png 2x"></p>\n'
    )


def test_an_address_that_a_shortcode_found_is_joined_to_the_root_of_the_site() -> None:
    page, root = "https://example.org/blog/ko/post/x/", "https://example.org/blog/"
    source = Source(find=lambda path, language: f"/{language or 'ko'}/post/{path}/")
    html = absolute(goldmark.render('[a]({{< relref "b#c" >}})', source=source), page, root=root)
    assert html == '<p><a href="https://example.org/blog/ko/post/b/#c">a</a></p>\n'


def test_what_is_rendered_is_resolved() -> None:
    html = absolute(goldmark.render("> [a](/post/b/)\n\n## Now\n\n[up](#now) <b>c</b>\n"), PAGE)
    assert html == (
        '<blockquote>\n<p><a href="https://example.org/post/b/">a</a></p>\n</blockquote>\n'
        '<h2 id="now">Now</h2>\n<p><a href="https://example.org/post/kospi/#now">up</a> c</p>\n'
    )
