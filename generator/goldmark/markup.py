"""What a site's configuration says of its Markdown: Hugo's section `markup`, as far as it shows in HTML."""

from __future__ import annotations

from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitutions:
    """What the typographer writes for each mark, as HTML; empty leaves the mark alone."""

    apostrophe: str = "&rsquo;"
    ellipsis: str = "&hellip;"
    em_dash: str = "&mdash;"
    en_dash: str = "&ndash;"
    left_angle_quote: str = "&laquo;"
    left_double_quote: str = "&ldquo;"
    left_single_quote: str = "&lsquo;"
    right_angle_quote: str = "&raquo;"
    right_double_quote: str = "&rdquo;"
    right_single_quote: str = "&rsquo;"


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """Settings of goldmark in Hugo; each default is Hugo's own (0.152 to 0.168)."""

    tables: bool = True
    strikethrough: bool = True
    linkify: bool = True
    link_protocol: str = "https"
    """Of a bare `www.` address."""
    task_lists: bool = True
    definition_lists: bool = True
    footnotes: bool = True
    backlink: str = "\u21a9\ufe0e"
    """HTML of the link from a footnote back to where it is cited."""
    typographer: Substitutions | None = Substitutions()
    escaped_space: bool = False
    r"""`\ ` shows nothing, yet separates."""
    line_breaks: Literal["kept", "simple", "css3draft"] = "kept"
    """Which breaks between two East Asian characters are left out."""
    heading_ids: Literal["none", "github", "github-ascii", "blackfriday"] = "github"
    term_ids: bool = False
    """Ids for the terms of definition lists too."""
    title_attributes: bool = True
    """`{#id .class}` behind a heading."""
    block_attributes: bool = False
    """`{#id .class}` on the line below a block."""
    lone_images_in_paragraphs: bool = True
    code_fences: bool = True
    """Hugo's own rendering of fenced code; without it, goldmark's."""
    unsafe: bool = False
    """Raw HTML is kept."""
    hard_wraps: bool = False
    link_hook: str = "auto"
    """When Hugo's own render hook takes a link to its page; `auto`: on a blog of several languages."""
    image_hook: str = "auto"
    """The same for images."""
    duplicate_files: bool = False
    """A bundle's files are served beside each of its pages, and `auto` is off."""
    xhtml: bool = False
    not_followed: tuple[str, ...] = ()
    """Settings that are on and that we do not follow, by their full names in Hugo's spelling."""

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Markup:
        """The settings of a section `markup`, whatever the case of its keys.

        Takes what a person wrote, in which a key that is missing has its default, and what
        `hugo config --format json` prints, in which a key that is missing is off, empty or 0: Hugo leaves
        those out. The two are told apart by the sections for other formats, which Hugo always prints.
        """
        section = _Section(_lowered(settings), complete=settings.keys() >= _PRINTED_ALWAYS)
        goldmark, highlight = section.inner("goldmark"), section.inner("highlight")
        extensions, parser = goldmark.inner("extensions"), goldmark.inner("parser")
        typographer, cjk = extensions.inner("typographer"), extensions.inner("cjk")
        footnote, attribute = extensions.inner("footnote"), parser.inner("attribute")
        renderer, hooks = goldmark.inner("renderer"), goldmark.inner("renderhooks")
        east_asian = cjk.on("enable", default=False)
        ids = parser.text("autoidtype", "github")
        return cls(
            tables=extensions.on("table"),
            strikethrough=extensions.on("strikethrough") and not _extra(extensions, "delete"),
            linkify=extensions.on("linkify"),
            link_protocol=extensions.text("linkifyprotocol", "https"),
            task_lists=extensions.on("tasklist"),
            definition_lists=extensions.on("definitionlist"),
            # Formerly a truth value of its own.
            footnotes=footnote.on("enable") if footnote.is_section else extensions.on("footnote"),
            backlink=unescape(footnote.text("backlinkhtml", "\u21a9\ufe0e")),
            typographer=None if typographer.on("disable", default=False) else _substitutions(typographer),
            escaped_space=east_asian and cjk.on("escapedspace", default=False),
            line_breaks=_line_breaks(cjk) if east_asian else "kept",
            heading_ids=_id_kind(ids) if parser.on("autoheadingid") else "none",
            term_ids=parser.on("autodefinitiontermid", default=False),
            title_attributes=attribute.on("title"),
            block_attributes=attribute.on("block", default=False),
            lone_images_in_paragraphs=parser.on("wrapstandaloneimagewithinparagraph"),
            code_fences=highlight.on("codefences"),
            unsafe=renderer.on("unsafe", default=False),
            hard_wraps=renderer.on("hardwraps", default=False),
            xhtml=renderer.on("xhtml", default=False),
            link_hook=hooks.inner("link").text("useembedded", "auto"),
            image_hook=hooks.inner("image").text("useembedded", "auto"),
            duplicate_files=goldmark.on("duplicateresourcefiles", default=False),
            not_followed=_not_followed(section),
        )


_PRINTED_ALWAYS = frozenset({"defaultmarkdownhandler", "asciidocext", "rst", "tableofcontents"})


@dataclass(frozen=True, slots=True)
class _Section:
    """A mapping of the configuration, its keys in lower case; empty where there is none."""

    values: Any
    complete: bool
    """A key that is missing is off."""

    @property
    def is_section(self) -> bool:
        return isinstance(self.values, dict) and bool(self.values)

    def inner(self, key: str) -> _Section:
        return _Section(self.values.get(key) if isinstance(self.values, dict) else None, self.complete)

    def on(self, key: str, *, default: bool = True) -> bool:
        fallback = default and not self.complete
        value = self.values.get(key) if isinstance(self.values, dict) else None
        return value if isinstance(value, bool) else fallback

    def text(self, key: str, default: str) -> str:
        value = self.values.get(key) if isinstance(self.values, dict) else None
        return value if isinstance(value, str) else "" if self.complete else default


def _lowered(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key).lower(): _lowered(each) for key, each in value.items()}
    return value


_MARKS = {
    "apostrophe": "apostrophe",
    "ellipsis": "ellipsis",
    "em_dash": "emdash",
    "en_dash": "endash",
    "left_angle_quote": "leftanglequote",
    "left_double_quote": "leftdoublequote",
    "left_single_quote": "leftsinglequote",
    "right_angle_quote": "rightanglequote",
    "right_double_quote": "rightdoublequote",
    "right_single_quote": "rightsinglequote",
}


def _substitutions(typographer: _Section) -> Substitutions:
    own = Substitutions()
    return Substitutions(**{name: typographer.text(key, getattr(own, name)) for name, key in _MARKS.items()})


def _line_breaks(cjk: _Section) -> Literal["kept", "simple", "css3draft"]:
    if not cjk.on("eastasianlinebreaks", default=False):
        return "kept"
    return "css3draft" if cjk.text("eastasianlinebreaksstyle", "simple") == "css3draft" else "simple"


def _id_kind(name: str) -> Literal["github", "github-ascii", "blackfriday"]:
    # Hugo takes any other name for github.
    if name == "github-ascii":
        return "github-ascii"
    return "blackfriday" if name == "blackfriday" else "github"


_EXTRAS = ("delete", "insert", "mark", "subscript", "superscript")


def _extra(extensions: _Section, name: str) -> bool:
    return extensions.inner("extras").inner(name).on("enable", default=False)


def _not_followed(section: _Section) -> tuple[str, ...]:
    goldmark = section.inner("goldmark")
    extensions = goldmark.inner("extensions")
    prefix = "markup.goldmark"
    found = [f"{prefix}.extensions.extras.{name}" for name in _EXTRAS if _extra(extensions, name)]
    if extensions.inner("passthrough").on("enable", default=False):
        found.append(f"{prefix}.extensions.passthrough")
    if extensions.inner("footnote").on("enableautoidprefix", default=False):
        found.append(f"{prefix}.extensions.footnote.enableAutoIDPrefix")
    handler = section.text("defaultmarkdownhandler", "goldmark")
    if handler not in {"goldmark", ""}:
        found.append("markup.defaultMarkdownHandler")
    return tuple(found)
