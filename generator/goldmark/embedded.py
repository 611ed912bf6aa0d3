"""The shortcodes of Hugo's own that the posts of a blog use.

What would load from elsewhere, such as a video, becomes a link: a feed's reader shows no frames.
"""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from generator.goldmark import code
from generator.goldmark.shortcodes import expand

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from generator.goldmark.shortcodes import Call, Source


def known(source: Source, markdown: Callable[[str], str]) -> Mapping[str, Callable[[Call], str]]:
    """The shortcodes by name, those of the blog first.

    Args:
        source: whose pages `ref` means.
        markdown: how an inner part or a caption is rendered.
    """

    def code_of(call: Call) -> str:
        # What is shown may be a shortcode: `{{</* ref */>}}`.
        return _highlight(call, lambda text: expand(text, replace(source, first_line=None), {})[0])

    return {
        "ref": lambda call: _reference(call, source),
        "relref": lambda call: _reference(call, source),
        "figure": lambda call: _figure(call, markdown, source),
        "highlight": code_of,
        "details": lambda call: _details(call, markdown),
        "youtube": lambda call: _link(call, "https://www.youtube.com/watch?v={id}"),
        "vimeo": lambda call: _link(call, "https://vimeo.com/{id}"),
        "instagram": lambda call: _link(call, "https://www.instagram.com/p/{id}/"),
        "x": lambda call: _link(call, "https://x.com/{user}/status/{id}"),
        **source.shortcodes,
    }


def _reference(call: Call, source: Source) -> str:
    wanted = call.get("path", 0)
    _refuse_inner(call)
    if not wanted:
        raise ValueError(f"the shortcode {call.name!r} names no page")
    path, _, fragment = wanted.partition("#")
    end = f"#{fragment}" if fragment else ""
    if not path:
        return escape(end)
    found = source.find(path, call.get("lang")) if source.find else None
    if found is None:
        raise ValueError(f"the shortcode {call.name!r} names a page that is not there")
    return escape(found + end)


def _refuse_inner(call: Call) -> None:
    if call.inner is not None:
        raise ValueError(f"the shortcode {call.name!r} takes no inner text")


def _figure(call: Call, markdown: Callable[[str], str], source: Source) -> str:
    _refuse_inner(call)
    image_path = call.get("src")
    if not image_path:
        raise ValueError("the shortcode 'figure' names no image by src")
    address = (source.image and source.image(image_path)) or image_path
    caption, credit = (_in_line(markdown(call.get(name))) for name in ("caption", "attr"))
    alternative = escape(call.get("alt")) or re.sub(r"<[^>]*(?:>|\Z)", "", caption)
    attributes = [("src", escape(address)), ("alt", alternative)]
    attributes += [(name, escape(call.get(name))) for name in ("width", "height", "loading")]
    image = (
        "<img" + "".join(f' {name}="{value}"' for name, value in attributes if value or name == "src") + ">"
    )
    if call.get("link"):
        image = f"<a{_attributes(call, href='link', target='target', rel='rel')}>{image}</a>"
    if credit and call.get("attrlink"):
        credit = f"<a{_attributes(call, href='attrlink')}>{credit}</a>"
        credit = f" {credit}" if caption else credit
    words = f"<h4>{escape(call.get('title'))}</h4>" if call.get("title") else ""
    words += f"<p>{caption}{credit}</p>" if caption or credit else ""
    shown = f"<figcaption>{words}</figcaption>" if words else ""
    return f"<figure{_attributes(call, **{'class': 'class'})}>{image}{shown}</figure>"


def _attributes(call: Call, **names: str) -> str:
    """Those of an element that the call gives, each from the argument named."""
    return "".join(f' {each}="{escape(call.get(name))}"' for each, name in names.items() if call.get(name))


def _in_line(html: str) -> str:
    """Without the paragraph around it, if it is one."""
    found = re.fullmatch(r"<p>((?:(?!<p>).)*)</p>\n?", html, re.DOTALL)
    return found.group(1) if found else html


def _highlight(call: Call, shown: Callable[[str], str]) -> str:
    if call.inner is None:
        raise ValueError("the shortcode 'highlight' is not closed")
    return code.block(shown(call.inner.strip("\r\n")), call.get("lang", 0))


def _details(call: Call, markdown: Callable[[str], str]) -> str:
    if call.inner is None:
        raise ValueError("the shortcode 'details' is not closed")
    is_open = " open" if call.get("open") == "true" else ""
    summary = _in_line(markdown(call.get("summary") or "Details"))
    return f"<details{is_open}><summary>{summary}</summary>{markdown(call.inner)}</details>"


def _link(call: Call, form: str) -> str:
    _refuse_inner(call)
    parts = {"id": call.get("id", 0), "user": call.get("user")}
    if not all(parts[name] for name in re.findall(r"\{(\w+)\}", form)):
        raise ValueError(f"the shortcode {call.name!r} lacks an argument")
    address = escape(form.format(**parts))
    return f'<a href="{address}">{escape(call.get("title")) or address}</a>'
