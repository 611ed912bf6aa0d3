"""A link to another site is an address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from generator.gate.finding import Remark
from generator.gate.rule import Example, Rule
from generator.gate.targets import links_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document

_BARE_HOST = re.compile(
    r"(?:www\.[\w-]+\.\w{2,}|(?:[\w-]+\.){1,4}(?:com|net|co\.kr|or\.kr|go\.kr))(?:[/?#]|$)|[\w-]+\.org/",
    re.IGNORECASE,
)
_TYPO = re.compile(r"(?:https?(?:;|:/?(?!/)|//)|htt?ps?:|ttps?:|hxxps?:)", re.IGNORECASE)
_HOST = re.compile(r"[^\s.:/]+(?:\.[^\s.:/]+)+\.?|localhost|[0-9a-f:.]+")
_DROPPED = re.compile(
    r"[^\]\n]{0,9}\]\(\s*<?((?:javascript|vbscript|file|data):[^)\s>]{0,200})", re.IGNORECASE
)
"""Behind the words of a link, a destination that Hugo leaves out."""


def check(document: Document, _: Knowledge) -> Iterator[Remark]:
    """Links whose scheme or host is none."""
    for written in links_of(document):
        if not written.link:
            if dropped := _DROPPED.match(document.text, written.end):
                start, end = dropped.span(1)
                message = "is no address that Hugo lets through: the link leads nowhere"
                yield Remark(start=start, end=end, message=message, found=dropped[1][:120])
            continue
        reason, fix = _wrong(written.link)
        if reason:
            yield Remark(
                start=written.start,
                end=written.end,
                message=reason,
                found=written.link[:120],
                expected=fix,
                fix=(fix or None) if written.is_exact else None,
            )


def _wrong(link: str) -> tuple[str, str]:
    if _BARE_HOST.match(link):
        return "has no scheme, so that it leads below the post's own address", f"https://{link}"
    if not link.lower().startswith(("http://", "https://")):
        return ("has a scheme that is misspelled", "") if _TYPO.match(link) else ("", "")
    return ("" if _has_host(link) else "is no address: it has no host that can be read"), ""


def _has_host(link: str) -> bool:
    try:
        parts = urlsplit(link)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    return _HOST.fullmatch(host) is not None


RULE = Rule(
    name="malformed-link",
    severity="error",
    summary="A link to another site has a scheme and a host.",
    why=(
        "`www.example.com` without its scheme leads to a page below the post, and a scheme with one slash to"
        " nothing. Whether the site answers is not asked unless `--online` is given."
    ),
    check=check,
    good=(
        Example("See [it](https://example.com/a_(b)?c=d#e) or <https://example.com>."),
        Example("See [the file](report.com.pdf), [notes](notes.org) and [mail](mailto:a@example.org)."),
        Example("In code: `[it](www.example.com)`, and www.example.com, which gets its scheme from Hugo."),
    ),
    bad=(
        Example("See [it](www.example.com/a).", says="has no scheme"),
        Example("See [it](https:/example.com).", says="misspelled"),
        Example("See [it](https://).", says="no host"),
    ),
)
