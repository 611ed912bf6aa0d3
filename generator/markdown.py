"""Writing Markdown that goldmark and markdown-it render alike: escaping, emphasis, links, tables.

Data is untrusted: it enters Markdown through `escape` only. Emphasis is marked while a text is put
together and settled once its neighbours are known (`settle`), because CommonMark decides by them whether
`**` opens or closes.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_OPEN = "\ue000"
_CLOSE = "\ue001"
_MARKERS = re.compile(f"[{_OPEN}{_CLOSE}]")
_VERBATIM = "\ue002"

_LEADING = re.compile(r"^(\d*)([-+=.)])|!$")
_SPACE = re.compile(r"[\s\u2028\u2029\x85]+")


def printable(text: str) -> str:
    """`text` on one line, without control characters, surrogates and private-use characters, in NFC."""
    flat = _SPACE.sub(" ", text)
    kept = "".join(c for c in flat if unicodedata.category(c) not in _UNPRINTABLE and c not in _BIDI)
    return unicodedata.normalize("NFC", _SPACE.sub(" ", kept).strip())


_UNPRINTABLE = frozenset({"Cc", "Cs", "Co", "Cn"})

# Embeddings, overrides and isolates turn the text after them around.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def escape(text: str) -> str:
    """Any text as Markdown that shows exactly that text: no markup, HTML, shortcode or autolink."""
    safe = printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # Backslashes would leave `{{<` intact for Hugo, which reads shortcodes before Markdown.
    safe = safe.replace("{{", "&#123;&#123;")
    safe = re.sub(r"([\\`*_\[\]|~])|(?<!&)(#)", r"\\\1\2", safe)
    safe = safe.replace("://", "&#58;//").replace("www.", "www&#46;").replace("@", "&#64;")
    # What starts a list or a heading at the start of a line, and `!` before a link of ours.
    return _LEADING.sub(lambda m: f"{m.group(1) or ''}\\{m.group(2) or '!'}", safe)


def strong(markdown: str) -> str:
    """`markdown` in bold. Settled by `settle`; nesting is flattened there."""
    return f"{_OPEN}{markdown}{_CLOSE}" if markdown else ""


def settle(markdown: str) -> str:
    r"""Turn emphasis marks into `**` that renders whatever stands beside it.

    `**` closes only if the character before it is no punctuation or the one after is no letter
    (CommonMark 0.31, right-flanking); beside Hangul without a space that fails: `**(005930)**는`. Goldmark's
    cjk extension with `escapedSpace` takes `\ ` as an invisible separator, so one is put in between.
    """
    pieces: list[str] = []
    depth = 0
    for index, character in enumerate(markdown):
        if character == _OPEN:
            depth += 1
            if depth == 1:
                before = _neighbour(markdown, index, -1)
                inner = _neighbour(markdown, index, 1)
                if before.isalnum() and _is_punctuation(inner):
                    pieces.append("\\ ")
                pieces.append("**")
        elif character == _CLOSE:
            depth -= 1
            if depth == 0:
                pieces.append("**")
                inner = _neighbour(markdown, index, -1)
                after = _neighbour(markdown, index, 1)
                if after.isalnum() and _is_punctuation(inner):
                    pieces.append("\\ ")
        else:
            pieces.append(character)
    return "".join(pieces)


def _neighbour(text: str, index: int, step: int) -> str:
    index += step
    while 0 <= index < len(text) and _MARKERS.match(text[index]):
        index += step
    return text[index] if 0 <= index < len(text) else " "


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def plain(markdown: str) -> str:
    """Our own `markdown` as text, links as their words; for titles and descriptions."""
    text = _MARKERS.sub("", markdown)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = text.replace("**", "")
    text = re.sub(r"\\([\\`*_{}\[\]()#+!|~-])", r"\1", text).replace("\\ ", "")
    for entity, character in (("&#123;", "{"), ("&#58;", ":"), ("&#46;", "."), ("&#64;", "@")):
        text = text.replace(entity, character)
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return _SPACE.sub(" ", text).strip()


def link(words: str, address: str) -> str:
    """A link; `words` is Markdown. Only http(s) and addresses from the site's root are linked."""
    if not re.match(r"(https?://|/(?!/))", address):
        return words
    safe = re.sub(
        r"[\s<>()\\\[\]{}\"'`|^]|[\x00-\x1f]",
        lambda m: "".join(f"%{b:02X}" for b in m.group().encode()),
        address,
    )
    return f"[{words}]({safe})"


def table(header: Sequence[str], rows: Sequence[Sequence[str]], align: str) -> str:
    """A table; cells are Markdown, `align` has `l` or `r` for each column. Empty without rows.

    Raises:
        ValueError: a row that is not as long as the header.
    """
    if not rows:
        return ""
    marks = ["---:" if side == "r" else "---" for side in align]
    lines = [header, marks, *rows]
    if any(len(line) != len(align) for line in lines):
        raise ValueError(f"table of {len(align)} columns has a row of another length")
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(markdown: str) -> str:
    return _SPACE.sub(" ", markdown).strip() or "—"


def neutral(notes: str) -> str:
    """Markdown that a person wrote, with HTML, shortcodes and control characters shown as text.

    Emphasis, lists and links stay; a link to anything but http(s), mail or this site becomes its words.
    """
    text = notes.replace("\r\n", "\n").replace("\t", "    ")
    text = "".join(
        c for c in text if c == "\n" or (unicodedata.category(c) not in _UNPRINTABLE and c not in _BIDI)
    )
    text = text.replace("{{", "&#123;&#123;")
    text = re.sub(r"<(?=[a-zA-Z/!?])", "&lt;", text)
    text = re.sub(
        r"\[([^\]]*)\]\(([^)]*)\)",
        lambda m: m.group() if re.match(r"\s*<?(https?://|mailto:|/(?!/)|#)", m.group(2)) else m.group(1),
        text,
    )
    text = re.sub(r"^ {0,3}\[[^\]]+\]:.*$", "", text, flags=re.MULTILINE)
    return unicodedata.normalize("NFC", text).strip()


def verbatim(notes: str) -> str:
    """A person's Markdown, marked so that `tidy` keeps its lines; its headings become bold lines."""
    text = re.sub(r"^ {0,3}#{1,6} +(.+?)[ #]*$", lambda m: strong(m.group(1)), notes, flags=re.MULTILINE)
    return f"{_VERBATIM}{text}{_VERBATIM}"


# A line that starts with one of these begins a block of its own.
_STARTS_LINE = re.compile(r"(- |\d+\. |\||#{1,6} |> )")


def tidy(rendered: str) -> str:
    """What a template rendered, as Markdown: one line a paragraph or item, one blank line between blocks.

    Templates break lines where it reads well; spaces they leave before punctuation go. Verbatim parts stay.
    """
    parts = rendered.split(_VERBATIM)
    # Odd parts stand between two marks: a person's.
    blocks = [part.strip("\n") if n % 2 else _tidy_blocks(part) for n, part in enumerate(parts)]
    return "\n\n".join(block for block in blocks if block)


def _tidy_blocks(text: str) -> str:
    blocks: list[str] = []
    previous = ""
    for chunk in re.split(r"\n[ \t]*(?:\n[ \t]*)+", text.strip()):
        lines: list[str] = []
        for line in (_tidy_line(raw) for raw in chunk.split("\n")):
            if not line:
                continue
            if not lines or _STARTS_LINE.match(line):
                lines.append(line)
            else:
                lines[-1] = _tidy_line(f"{lines[-1]} {line}")
        if not lines:
            continue
        kind = _list_kind(lines[0])
        # Items that a template set apart by blank lines still make one tight list.
        separator = "\n" if kind and kind == previous else "\n\n"
        blocks.append((separator if blocks else "") + "\n".join(lines))
        previous = _list_kind(lines[-1])
    return "".join(blocks)


def _list_kind(line: str) -> str:
    return "-" if line.startswith("- ") else "1" if re.match(r"\d+\. ", line) else ""


def _tidy_line(line: str) -> str:
    line = re.sub(r"[ \t]+", " ", line).strip()
    return re.sub(r"(?<!\\) +([,.;:?!)])(?=[\s*\ue001]|$)", r"\1", line)
