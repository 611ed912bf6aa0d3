"""Whether a post is where readers look for it."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import TYPE_CHECKING

from generator import web
from generator.hooks.outcome import AGENT

if TYPE_CHECKING:
    from generator.publish.ledger import Publish

_OK = 200
_BETWEEN = re.compile(r"[\W_]+")


def why_not_live(publish: Publish, address: str) -> str:
    """Why an address does not show the post yet; empty if it does.

    A page that is there and does not hold the post's title, such as a host's page for what it has not, or one
    that was there before, is not the post.

    Raises:
        NoAnswerError: the host does not answer at all.
    """
    answer = web.ask(address, agent=AGENT, follow=True)
    if answer.status != _OK:
        return f"it answers {answer.status}"
    mark = _bare(publish.title) or _bare(publish.guid)
    if mark not in _bare(html.unescape(answer.text)):
        return "it answers, and the page is not the post's: its title is not there"
    return ""


def _bare(text: str) -> str:
    """Letters and digits alone: themes change quotation marks, blanks and case."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text).casefold())
