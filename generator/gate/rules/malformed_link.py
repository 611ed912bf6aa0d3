"""A link to another site is an address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from generator.gate.finding import Remark
from generator.gate.rule import Example, Rule
from generator.gate.targets import place
from generator.library.reading import links_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document

_BARE_HOST = re.compile(
    r"(?:www\.[\w-]+\.\w{2,}|[\w-]+\.(?:com|net|org|co\.kr|or\.kr|go\.kr))(?:/|$)", re.IGNORECASE
)
_TYPO = re.compile(r"(?:https?(?:;|:/?(?!/)|//)|htt?ps?:|ttps?:|hxxps?:)", re.IGNORECASE)
_CODE = ("javascript:", "vbscript:", "data:text/html")


def check(document: Document, _: Knowledge) -> Iterator[Remark]:
    """Links whose scheme or host is none."""
    for link in links_in(document.body):
        reason, fix = _wrong(link)
        if reason:
            start, end = place(document, link)
            yield Remark(
                start=start, end=end, message=reason, found=link[:120], expected=fix, fix=fix or None
            )


def _wrong(link: str) -> tuple[str, str]:
    if link.lower().startswith(_CODE):
        return "is code and no address, which browsers and feeds drop", ""
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
    return re.fullmatch(r"[^\s.:/]+(?:\.[^\s.:/]+)+|localhost|[0-9a-f:.]+", host) is not None


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
        Example("See [the file](report.com.pdf) and [mail](mailto:a@example.org)."),
    ),
    bad=(
        Example("See [it](www.example.com/a).", says="has no scheme"),
        Example("See [it](https:/example.com).", says="misspelled"),
        Example("See [it](https://).", says="no host"),
    ),
)
