"""A post's HTML made fit for feed readers, in one pass over its text.

A reader knows neither the page that an address is relative to nor the site's scripts and styles, and its
sanitiser drops what could run. Here every address is made absolute; scripts, styles, forms and event handlers
go; and what would be dropped although it says something is replaced by what is kept: an SVG chart by the PNG
of the same name or its title, a frame by a link, a task's box by a character, a cell's style by `align`.
What needs no change comes out as it went in, to the character.
"""

from __future__ import annotations

import html as entities
import posixpath
import re
from html.entities import html5
from html.parser import HTMLParser
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from generator.feeds.addresses import is_local, joined

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Attributes = list[tuple[str, str | None]]
_NONE: Mapping[str, str] = MappingProxyType({})


def for_readers(html: str, *, address: str, root: str, resources: Mapping[str, str] = _NONE) -> str:
    """`html` as a feed shows it.

    Args:
        html: a fragment; elements that it leaves open are closed.
        address: absolute address of the page it stands on.
        root: the site's base URL.
        resources: absolute addresses of the images beside the post by their names in lower case, for the PNG
            of an SVG.
    """
    rewriter = _Rewriter(address, root, resources)
    rewriter.feed(_STRAY.sub(_reference, html))
    rewriter.close()
    return rewriter.finished()


def plain(html: str) -> str:
    """The words of a fragment, in one line."""
    return " ".join(entities.unescape(re.sub(r"<[^>]*>", " ", html)).split())


_STRAY = re.compile(r"&(#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[a-zA-Z][a-zA-Z0-9]*;)?")


def _reference(found: re.Match[str]) -> str:
    name = found[1]
    return found[0] if name and (name[0] == "#" or name in html5) else f"&amp;{name or ''}"


_DROPPED = frozenset({
    "script", "style", "form", "noscript", "template", "applet", "frameset", "dialog", "button", "select",
    "textarea", "title", "head",
})  # fmt: skip
"""Elements that go with all they hold."""
_DROPPED_VOID = frozenset({"link", "meta", "base", "frame", "param", "basefont", "bgsound"})
_SHELLS = frozenset({"html", "body", "fieldset", "label", "legend"})
"""Elements that go while what they hold stays."""
_VOID = frozenset({
    "area", "br", "col", "embed", "hr", "img", "input", "source", "track", "wbr",
}) | _DROPPED_VOID  # fmt: skip
_REPLACED = frozenset({"svg", "iframe", "object", "math-field", "canvas"})
_ADDRESSES = frozenset({"href", "src", "poster", "cite", "data", "background", "longdesc", "xlink:href"})
_SELF_ACTING = frozenset({"srcdoc", "formaction", "action", "ping", "nonce", "contenteditable", "autofocus"})
_ALIGNED = frozenset(
    {"td", "th", "tr", "thead", "tbody", "col", "p", "div", "h1", "h2", "h3", "h4", "h5", "h6"}
)
_ALIGN = re.compile(r"(?:^|;)\s*text-align\s*:\s*(left|right|center|justify)\s*(?:;|$)", re.IGNORECASE)
_HIDDEN = re.compile(r"(?:^|;)\s*display\s*:\s*none\s*(?:;|$)", re.IGNORECASE)


class _Rewriter(HTMLParser):
    """Writes what it reads, changed where a reader needs it."""

    def __init__(self, address: str, root: str, resources: Mapping[str, str]) -> None:
        super().__init__(convert_charrefs=False)
        self._address = address
        self._root = root
        self._resources = resources
        self._out: list[str] = []
        self._open: list[str] = []
        self._skipped: str = ""
        self._depth = 0
        self._held: _Held | None = None

    def finished(self) -> str:
        """All that was written, with what is open closed."""
        if self._held is not None:
            self._end_skipping()
        self._out.extend(f"</{tag}>" for tag in reversed(self._open))
        self._open.clear()
        return "".join(self._out)

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        if self._skipped:
            if tag == self._skipped:
                self._depth += 1
            elif self._held is not None:
                self._held.enter(tag)
            return
        values = dict(attrs)
        if tag in _DROPPED_VOID or tag in _SHELLS:
            return
        if tag in _DROPPED or (
            "style" in values and _HIDDEN.search(values["style"] or "") and tag not in _VOID
        ):
            self._skip(tag)
        elif tag in _REPLACED:
            self._skip(tag)
            self._held = _Held(tag, values)
        elif tag == "embed":
            self._out.append(self._link(values.get("src") or "", values.get("title") or ""))
        elif tag == "input":
            if values.get("type") == "checkbox":
                self._out.append("☑" if "checked" in values else "☐")
        else:
            self._write(tag, attrs)

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        """`<br/>`; in SVG, where alone it means so, also `<path/>`."""
        if not self._skipped:
            self.handle_starttag(tag, attrs)
            self._end_skipping()

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            if tag == self._skipped:
                self._depth -= 1
                if not self._depth:
                    self._end_skipping()
            elif self._held is not None:
                self._held.leave(tag)
        elif tag in self._open:
            while True:
                closed = self._open.pop()
                self._out.append(f"</{closed}>")
                if closed == tag:
                    break

    def handle_data(self, data: str) -> None:
        if self._held is not None:
            self._held.words(data)
        elif not self._skipped:
            self._out.append(data.replace("<", "&lt;").replace(">", "&gt;"))

    def handle_entityref(self, name: str) -> None:
        self._refer(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._refer(f"&#{name};")

    def _refer(self, reference: str) -> None:
        if self._held is not None:
            self._held.words(entities.unescape(reference))
        elif not self._skipped:
            self._out.append(reference)

    def _skip(self, tag: str) -> None:
        self._skipped, self._depth = tag, 1

    def _end_skipping(self) -> None:
        held, self._held, self._skipped, self._depth = self._held, None, "", 0
        if held is not None:
            self._out.append(self._instead(held))

    def _write(self, tag: str, attrs: Attributes) -> None:
        shown = self._without_svg(attrs) if tag == "img" else attrs
        mended = [each for name, value in shown for each in self._mended(tag, name, value)]
        if tag not in _VOID:
            self._open.append(tag)
        raw = self.get_starttag_text() or ""
        self._out.append(raw if mended == attrs and not raw.endswith("/>") else _start(tag, mended))

    def _mended(self, tag: str, name: str, value: str | None) -> Attributes:
        if name.startswith("on") or name in _SELF_ACTING:
            return []
        if name == "style":
            align = _ALIGN.search(value or "") if tag in _ALIGNED else None
            return [("align", align[1].lower())] if align else []
        if value is None:
            return [(name, value)]
        if name in _ADDRESSES:
            return [(name, self._absolute(value))]
        if name == "srcset":
            return [(name, self._set(value))]
        return [(name, value)]

    def _set(self, value: str) -> str:
        candidates = (part.split() for part in re.split(r",\s+", value.strip()) if part.strip())
        return ", ".join(" ".join((self._absolute(each), *size)) for each, *size in candidates)

    def _absolute(self, value: str) -> str:
        found = joined(value, self._address, self._root)
        if is_local(found):  # a draft's address, from Hugo's own server
            parts = urlsplit(found)
            path = parts.path.lstrip("/") + (f"?{parts.query}" if parts.query else "")
            found = self._root + path + (f"#{parts.fragment}" if parts.fragment else "")
        return found

    def _without_svg(self, attrs: Attributes) -> Attributes:
        source = next((value for name, value in attrs if name == "src"), None) or ""
        png = self._png(source)
        if not png:
            return attrs
        return [(name, png if name == "src" else value) for name, value in attrs if name != "srcset"]

    def _png(self, source: str) -> str:
        """The address of the PNG that stands beside the post for an SVG; empty if there is none."""
        path = re.split("[?#]", source, maxsplit=1)[0]
        if not path.lower().endswith(".svg"):
            return ""
        name = next((name for name, each in self._resources.items() if each == self._absolute(path)), "")
        name = name or posixpath.normpath(path).lower()
        return self._resources.get(name[:-4] + ".png", "")

    def _instead(self, held: _Held) -> str:
        """What a reader is shown for a chart or a frame."""
        source = held.values.get("src") or held.values.get("data") or ""
        picture = self._png(source or f"{held.values.get('id') or ''}.svg")
        if picture:
            return _start("img", [("src", picture), ("alt", held.text)])
        if held.tag == "object" and re.search(r"\.(svg|png|jpe?g|gif|webp)$", source):
            return _start("img", [("src", self._absolute(source)), ("alt", held.text)])
        if source:
            return self._link(source, held.text)
        return f"<em>{entities.escape(held.text, quote=False)}</em>" if held.text else ""

    def _link(self, source: str, title: str) -> str:
        address = self._absolute(source)
        if not address:
            return entities.escape(title, quote=False)
        words = entities.escape(title or address, quote=False)
        return f"{_start('a', [('href', address)])}{words}</a>"


class _Held:
    """An element that is replaced: what it says of itself."""

    def __init__(self, tag: str, values: dict[str, str | None]) -> None:
        self.tag = tag
        self.values = values
        self._within: list[str] = []
        self._found: dict[str, list[str]] = {"title": [], "desc": [], "": []}

    def enter(self, tag: str) -> None:
        """An element within begins."""
        if tag not in _VOID:
            self._within.append(tag)

    def leave(self, tag: str) -> None:
        """An element within ends."""
        if tag in self._within:
            del self._within[len(self._within) - 1 - self._within[::-1].index(tag) :]

    def words(self, text: str) -> None:
        """Text within."""
        inner = self._within[-1] if self._within else ""
        if inner not in {"script", "style"}:
            self._found[inner if inner in {"title", "desc"} else ""].append(text)

    @property
    def text(self) -> str:
        """Title and description, else its label, else the words it shows."""
        told = [self._joined("title"), self._joined("desc")]
        label = self.values.get("title") or self.values.get("aria-label") or ""
        return ": ".join(part for part in told if part) or label or self._joined("")

    def _joined(self, key: str) -> str:
        return " ".join(" ".join(self._found[key]).split())


def _start(tag: str, attrs: Sequence[tuple[str, str | None]]) -> str:
    written = "".join(
        f" {name}"
        if value is None
        else f' {name}="{entities.escape(value, quote=False).replace(chr(34), "&quot;")}"'
        for name, value in attrs
    )
    return f"<{tag}{written}>"
