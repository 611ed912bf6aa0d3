"""No raw HTML on a site that drops it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.gate.finding import Remark
from generator.gate.lines import lines
from generator.gate.prose import shortened
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.finding import Severity
    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Block, Document

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]{0,60})")
_MEDIA = frozenset({
    "audio", "button", "canvas", "embed", "form", "iframe", "img", "input", "math", "object", "picture",
    "script", "select", "source", "svg", "textarea", "track", "video",
})  # fmt: skip
_ELEMENTS = _MEDIA | frozenset({
    "a", "abbr", "acronym", "address", "area", "article", "aside", "b", "base", "bdi", "bdo", "big",
    "blockquote", "body", "br", "caption", "center", "cite", "code", "col", "colgroup", "data", "datalist",
    "dd", "del", "details", "dfn", "dialog", "dir", "div", "dl", "dt", "em", "fieldset", "figcaption",
    "figure", "font", "footer", "frame", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header",
    "hgroup", "hr", "html", "i", "ins", "kbd", "label", "legend", "li", "link", "main", "map", "mark",
    "marquee", "menu", "meta", "meter", "nav", "nobr", "noframes", "noscript", "ol", "optgroup", "option",
    "output", "p", "param", "path", "pre", "progress", "q", "rp", "rt", "ruby", "s", "samp", "search",
    "section", "slot", "small", "span", "strike", "strong", "style", "sub", "summary", "sup", "table",
    "tbody", "td", "template", "tfoot", "th", "thead", "time", "title", "tr", "tt", "u", "ul", "var", "wbr",
})  # fmt: skip


def check(document: Document, _: Knowledge) -> Iterator[Remark]:
    """HTML that goldmark leaves out, and what of it readers miss."""
    if document.markup.unsafe or "<" not in document.body:
        return
    known = lines(document)
    tokens = iter([token for token in document.tokens if token.type == "html_block"])
    for block in document.blocks:
        if block.kind == "html":
            first, last = next(tokens).map or (0, 1)
            if remark := _of_block(block, known.start(first), known.end(last - 1)):
                yield remark
        else:
            yield from _in_line(block, document)


def _of_block(block: Block, start: int, end: int) -> Remark | None:
    left = without_comments(block.text)
    tags = [found[2].lower() for found in _TAG.finditer(left)]
    if not left.strip():
        return None
    text = _without_tags(left)
    media = next((tag for tag in tags if tag in _MEDIA), "")
    severity: Severity | None = "error"
    if text.strip():
        message = "raw HTML that the site drops, and its text with it"
    elif media:
        message = f"raw HTML that the site drops: readers do not get the {media}"
    else:
        message, severity = "raw HTML that the site drops", None
    return Remark(
        start=start,
        end=end,
        message=message,
        found=shortened(text.strip() or left),
        remedy=_REMEDY,
        severity=severity,
    )


_REMEDY = "Write it in Markdown or as a shortcode, or set markup.goldmark.renderer.unsafe"


def _in_line(block: Block, document: Document) -> Iterator[Remark]:
    for span in block.spans:
        source = block.text[span.start : span.end]
        if span.kind != "html" or source.startswith("<!--"):
            continue
        tag = _TAG.match(source)
        name = tag[2].lower() if tag else ""
        start = block.start(span.start)
        is_exact = document.text.startswith(source, start)
        fix = None
        severity: Severity | None = None
        if tag and name not in _ELEMENTS:
            severity = "error"
            message = "a word in angle brackets that the site takes for HTML and drops"
            remedy = "Write &lt; for the first bracket"
            fix = f"&lt;{source[1:]}" if is_exact else None
        elif name in _MEDIA and tag and not tag[1]:
            severity = "error"
            message, remedy = f"raw HTML that the site drops: readers do not get the {name}", _REMEDY
        elif tag and tag[1]:
            continue  # told of its opening
        elif name == "br":
            message = "a line break that the site drops"
            remedy = "Put a backslash at the line's end, or two sentences in its place"
        else:
            message, remedy = "raw HTML that the site drops; its text stays", _REMEDY
        yield Remark(
            start=start,
            end=start + len(source) if is_exact else start + 1,
            message=message,
            found=shortened(source),
            remedy=remedy,
            fix=fix,
            severity=severity,
        )


def without_comments(html: str) -> str:
    """HTML without its comments."""
    pieces, at = [], 0
    while (start := html.find("<!--", at)) >= 0:
        pieces.append(html[at:start])
        end = html.find("-->", start)
        if end < 0:
            return "".join(pieces)
        at = end + len("-->")
    return "".join([*pieces, html[at:]])


def _without_tags(html: str) -> str:
    pieces, at = [], 0
    while (start := html.find("<", at)) >= 0:
        pieces.append(html[at:start])
        end = html.find(">", start)
        if end < 0:
            return "".join(pieces)
        at = end + 1
    return "".join([*pieces, html[at:]])


RULE = Rule(
    name="dropped-html",
    severity="warning",
    summary="No raw HTML on a site that drops it.",
    why=(
        "Unless `markup.goldmark.renderer.unsafe` is set, Hugo leaves raw HTML out without a word: a "
        "block of it with all its text, a picture, a frame, and any word in angle brackets that looks "
        "like a tag (`<KOSPI>`). Where text or a picture is lost it is an error; where only the looks "
        "are, such as of `<b>`, a warning. Comments are fine."
    ),
    check=check,
    good=(
        Example("<!-- a comment -->\n\nText <!-- and another -->, 3 < 5 > 2, `<b>`."),
        Example("<https://example.org/> is an address, &lt;KOSPI&gt; a word."),
        Example("코스피 <코스닥> 동반 상승", language="ko"),
    ),
    bad=(
        Example("The index <b>rose</b>.", says="drops"),
        Example('<div class="note">\nForeigners sold.\n</div>', says="text with it"),
        Example("오늘의 <KOSPI> 시황", language="ko", says="angle brackets"),
        Example('<iframe src="https://example.org/"></iframe>', says="iframe"),
    ),
)
