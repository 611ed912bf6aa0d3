"""No e-mail address but the blog's own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.gate.finding import Remark
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document

_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9._%+@/-])([A-Za-z0-9._%+-]{1,64})@((?:[A-Za-z0-9-]{1,63}\.){1,5}([A-Za-z]{2,24}))(?![\w@-])"
)
_EXAMPLES = re.compile(r"(?:.+\.)?(?:example(?:\.(?:com|org|net))?|test|invalid)")
_FILES = frozenset({"png", "jpg", "jpeg", "gif", "webp", "svg", "avif", "css", "js", "json", "md", "html"})
_NOBODY = frozenset({"git", "noreply", "no-reply", "user", "username"})


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """Addresses anywhere in the file."""
    if "@" not in document.text:
        return
    own = knowledge.settings.feeds.author_email.strip().lower()
    for found in _ADDRESS.finditer(document.text):
        person, host, top = found[1].lower(), found[2].lower(), found[3].lower()
        if f"{person}@{host}" == own or top in _FILES or person in _NOBODY or _EXAMPLES.fullmatch(host):
            continue
        yield Remark(
            start=found.start(),
            end=found.end(),
            message="an e-mail address",
            found=f"{found[1][:1]}…@{found[2]}",
            remedy="Take it out, or excuse it if it is meant to be public",
        )


RULE = Rule(
    name="e-mail-address",
    severity="warning",
    summary="No e-mail address but the blog's own.",
    why=(
        "An address in a post is read by collectors of addresses the same day, and may be somebody's who "
        "never agreed. `params.marketpost.feeds.author_email` is taken for the blog's own; addresses of "
        "example.org and its like are left alone. The finding does not repeat the address."
    ),
    check=check,
    hides_line=True,
    good=(
        Example("Write to someone@example.org; clone git@github.com:a/b.git; see chart@2x.png."),
        Example("[A profile](https://medium.com/@kim) and @kim@mastodon.social."),
    ),
    bad=(
        Example("Contact kim.minsu@some-broker.co.kr for the data.", says="e-mail"),
        Example("문의: [메일](mailto:minsu@naver.com)", language="ko", says="e-mail"),
    ),
)
