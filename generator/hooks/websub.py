"""WebSub: a hub is told which feeds have news, and tells their readers (https://www.w3.org/TR/websub/).

The specification leaves open how a publisher tells a hub. What hubs take is the form of PubSubHubbub 0.4, one
feed at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from generator import web
from generator.hooks.outcome import AGENT, HookError, patience

if TYPE_CHECKING:
    from generator.config_hooks import WebSubHook
    from generator.hooks.announcement import Announcement


def tell(hook: WebSubHook, post: Announcement) -> None:
    """Tell of each feed that has the post; telling again does no harm.

    Raises:
        HookError: one was not accepted, or no feed has it.
    """
    if not post.feeds:
        raise HookError("no feed has the post; `marketpost feeds` makes them")
    host = urlsplit(hook.hub).hostname
    for number, feed in enumerate(post.feeds, start=1):
        form = urlencode({"hub.mode": "publish", "hub.url": feed}).encode()
        try:
            answer = web.ask(
                hook.hub,
                agent=AGENT,
                method="POST",
                data=form,
                kind="application/x-www-form-urlencoded",
                most=0,
            )
        except web.NoAnswerError as error:
            raise HookError(f"{error} (feed {number} of {len(post.feeds)})") from None
        if not answer.is_fine:
            raise HookError(
                f"{host} answers {answer.status} to feed {number} of {len(post.feeds)}, {feed}",
                again_after=patience(answer),
            )
