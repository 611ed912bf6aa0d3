from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import yaml
from parity_cases import BASE, document

from generator import goldmark
from generator.errors import PostError
from generator.goldmark.markup import Markup
from generator.goldmark.shortcodes import Source
from generator.site.hugo import build, find_hugo

if TYPE_CHECKING:
    from pathlib import Path

LINKS = """\
[b](/post/b/) [up](../b/) [bare](/post/b) [c](/post/c/) [file](/post/b/index.md) [ref]({{< ref "/post/b" >}})
[rel]({{% relref "b#x" %}}) [other]({{< relref path="b" lang="ko" >}}) [h](#h) [own]({{< ref "#h" >}})
[q](/post/b/?q=1#f) [res](c.png) ![i](c.png) ![i](./c.png) [none](/post/none/) <https://a.bc> a@b.cd
"""
FIGURES = """\
{{< figure src="c.png" alt="A \\"q\\" b" caption="Cap *x* \\"q\\"" title="T" link="/post/b/" target="_blank" \
rel="nofollow" attr="By *me*" attrlink="https://a.bc/" >}}

x {{< figure src="https://a.bc/c.png" width="3" height="4" loading="lazy" class="w h" >}} y

{{<figure src=`c.png` caption="it's">}}

{{< figure src="c.png" attr="by" >}}

- {{< figure
  src="c.png"
  alt="over lines"
>}}
"""
CODE = """\
{{< highlight go >}}
  func <a> {{</* ref "x" */>}}
    y
{{< /highlight >}}

{{< highlight nolang >}}x & y{{< /highlight >}}
"""
SHOWN = """\
{{</* youtube x */>}} and {{%/* note */%}} and `{{</* ref "x" */>}}`

```
{{</* figure */>}}
```
"""
DETAILS = """\
{{< details summary="Sum *m*" open=true >}}
Inner **b** with [link]({{< ref "/post/b" >}})

- "q"
{{< /details >}}

{{< details >}}x{{< /details >}}
"""
TEXTS = {"links": LINKS, "figures": FIGURES, "code": CODE, "shown": SHOWN, "details": DETAILS}

PAGES = {("b", "en"): "/post/b/", ("b", "ko"): "/ko/post/b/", ("c", "en"): "/post/c/"}


def source(language: str) -> Source:
    """What Hugo knows of the site below: `b` in both languages, `c` in English, a picture beside the text."""

    def find(path: str, wanted: str = "") -> str | None:
        name = path.removeprefix("/post/").removesuffix("/").removesuffix("/index.md")
        own = PAGES.get((name, wanted or language))
        return own or (None if wanted else PAGES.get((name, "en")))

    def picture(path: str) -> str | None:
        return "/post/links/c.png" if path == "c.png" else None

    return Source(find=find, link=lambda path: find(path) or picture(path), image=picture)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], str]:
    """Posts of a site of two languages, on which Hugo's own hooks for links and images are on."""
    root: Path = tmp_path_factory.mktemp("site")
    (root / "layouts").mkdir()
    (root / "layouts" / "page.html").write_text("{{ .Content }}")
    settings = {
        "baseURL": BASE,
        "languages": {"en": {"weight": 1}, "ko": {"weight": 2}},
        "disableKinds": ["home", "section", "taxonomy", "term", "sitemap", "rss", "404"],
    }
    (root / "config.yaml").write_text(yaml.safe_dump(settings))
    for name, markdown in {**TEXTS, "b": "x", "c": "x"}.items():
        folder = root / "content" / "post" / name
        folder.mkdir(parents=True)
        for language in ("en", "ko") if name != "c" else ("en",):
            (folder / f"index.{language}.md").write_text(f"---\ntitle: x\n---\n{markdown}", encoding="utf-8")
        if name in TEXTS:
            (folder / "c.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    built = build(find_hugo(), root, timeout=60)
    return {
        (name, language): (built.destination / folder / "post" / name / "index.html").read_text(
            encoding="utf-8"
        )
        for name in TEXTS
        for language, folder in (("en", ""), ("ko", "ko"))
    }


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("name", TEXTS)
def test_same_document_as_hugo(name: str, language: str, pages: dict[tuple[str, str], str]) -> None:
    address = f"{BASE}{'ko/' if language == 'ko' else ''}post/{name}/"
    theirs = pages[name, language].replace(f"/post/{name}/c.png", "/post/links/c.png")
    theirs = re.sub(r"\n\t+<a", " <a", theirs)  # how the template of `figure` is laid out
    ours = goldmark.render(TEXTS[name], Markup(), source(language))
    assert document(ours, address) == document(theirs, address)


def test_links_are_left_alone_where_the_hooks_are_off() -> None:
    off = Markup(link_hook="never", image_hook="never")
    html = goldmark.render("[b](/post/b/) ![i](c.png)", off, source("ko"))
    assert html == '<p><a href="/post/b/">b</a> <img src="c.png" alt="i"></p>\n'


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        (
            "a {{< youtube x >}} b",
            '<p>a <a href="https://www.youtube.com/watch?v=x">https://www.youtube.com/watch?v=x</a> b</p>\n',
        ),
        ('{{< vimeo id="1" title="T & U" >}}', '<p><a href="https://vimeo.com/1">T &amp; U</a></p>\n'),
        (
            '{{< x user="a" id="2" >}}',
            '<p><a href="https://x.com/a/status/2">https://x.com/a/status/2</a></p>\n',
        ),
        ('{{< hello "a b" `c"d` e >}}', "('a b', 'c\"d', 'e') {} None\n"),
        ("{{< hello a=1 b=`x y` >}}", "() {'a': '1', 'b': 'x y'} None\n"),
        ("{{< hello >}}x {{< hello >}}y{{< /hello >}}{{</hello>}}", "() {} x {{< hello >}}y{{< /hello >}}\n"),
        ("{{% hello *a* %}}", "<p>('<em>a</em>',) {} None</p>\n"),
        ("`{{< hello >}}`", "<p><code>() {} None</code></p>\n"),
        ("shortcodez {{< hello a >}}", "<p>shortcodez ('a',) {} None</p>\n"),
        ("{{ not one }} {{.}}", "<p>{{ not one }} {{.}}</p>\n"),
    ],
)
def test_html_of(markdown: str, html: str) -> None:
    own = Source(shortcodes={"hello": lambda call: f"{call.arguments} {dict(call.named)} {call.inner}"})
    assert goldmark.render(markdown, source=own) == html


@pytest.mark.parametrize(
    ("markdown", "line", "message"),
    [
        ("a\n\n{{< chart x >}}", 13, "the shortcode 'chart' is not known here"),
        ("{{% note %}}x{{% /note %}}", 11, "the shortcode 'note' is not known here"),
        ("a {{< youtube x", 11, "a shortcode has no end"),
        ("{{< youtube x %}}", 11, "a shortcode has no end"),
        ('{{< youtube "x >}}', 11, "a shortcode has no end"),
        ("a\n{{< /details >}}", 12, "the shortcode 'details' is closed but not open"),
        ("{{< youtube >}}", 11, "the shortcode 'youtube' lacks an argument"),
        ("{{< youtube a id=b >}}", 11, "the shortcode 'youtube' has arguments with and without names"),
        ("{{< youtube a= >}}", 11, "the shortcode 'youtube' has arguments that cannot be read"),
        ("{{< figure >}}", 11, "the shortcode 'figure' names no image by src"),
        ("{{< figure src=x />}}", 11, "the shortcode 'figure' takes no inner text"),
        ("{{< figure src=x >}}y{{< /figure >}}", 11, "the shortcode 'figure' takes no inner text"),
        ("{{< highlight go >}}", 11, "the shortcode 'highlight' is not closed"),
        ("{{< details >}}", 11, "the shortcode 'details' is not closed"),
        ("{{< ref >}}", 11, "the shortcode 'ref' names no page"),
        ('\n[a]({{< relref "none" >}})', 12, "the shortcode 'relref' names a page that is not there"),
        (
            "a\n{{< details >}}\n\n{{< chart >}}{{< /details >}}",
            12,
            "the shortcode 'chart' is not known here",
        ),
    ],
)
def test_what_cannot_be_shown_is_a_problem_with_its_place(markdown: str, line: int, message: str) -> None:
    origin = Source(file="content/post/a/index.en.md", first_line=11, find=source("en").find)
    with pytest.raises(PostError) as raised:
        goldmark.render(markdown, source=origin)
    (problem,) = raised.value.problems
    assert (problem.file, problem.line, problem.message) == (origin.file, line, message)
    assert problem.remedy


def test_all_problems_of_a_text_are_told_at_once() -> None:
    with pytest.raises(PostError) as raised:
        goldmark.render("{{< a >}}\n\n{{< b >}}\n\n{{< /c >}}", source=Source(file="x.md"))
    assert [str(problem).split(";")[0] for problem in raised.value.problems] == [
        "x.md: the shortcode 'a' is not known here",
        "x.md: the shortcode 'b' is not known here",
        "x.md: the shortcode 'c' is closed but not open",
    ]
