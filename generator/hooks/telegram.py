"""A message to a chat by a Telegram bot (https://core.telegram.org/bots/api#sendmessage).

The bot's token is a part of the address that is asked, so no address is ever told.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from generator import web
from generator.hooks.outcome import AGENT, HookError, UncertainError

if TYPE_CHECKING:
    from generator.config_hooks import TelegramHook
    from generator.hooks.announcement import Announcement
    from generator.secrets import Secrets

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
_LONGEST = 1000
"""Characters of a title in a message, of which Telegram takes 4,096."""
_SAID = 200
_EVER = 10**9


def send(hook: TelegramHook, post: Announcement, secrets: Secrets) -> None:
    """Send the title and the address, as plain text: there is nothing in it to escape.

    Raises:
        HookError: it was not sent.
        UncertainError: it may have been.
        MissingSecretError: there is no token.
    """
    token = secrets.value(hook.token)
    if not _TOKEN.fullmatch(token):
        raise HookError(f"the secret {hook.token} is no bot's token, which is digits, a colon and letters")
    title = " ".join(post.title.split())
    title = title if len(title) <= _LONGEST else f"{title[: _LONGEST - 1]}…"
    message = {"chat_id": hook.chat, "text": f"{title}\n{web.encoded(post.address)}"}
    try:
        answer = web.ask(
            f"{hook.server.rstrip('/')}/bot{token}/sendMessage",
            agent=AGENT,
            method="POST",
            data=json.dumps(message).encode(),
            kind="application/json",
        )
    except web.NoAnswerError as error:
        if error.was_asked:
            raise UncertainError(f"{error}: whether the message was sent is not known") from None
        raise HookError(str(error)) from None
    _settle(answer, secrets)


def _settle(answer: web.Answer, secrets: Secrets) -> None:
    """Take the answer for what it says."""
    told = _told(answer)
    if told.get("ok") is True and answer.is_fine:
        return
    if told.get("ok") is False:
        said = "".join(each if each.isprintable() else " " for each in str(told.get("description", "")))
        asked = told.get("parameters")
        after = asked.get("retry_after") if isinstance(asked, dict) else None
        raise HookError(
            f"Telegram answers {answer.status}: {secrets.hidden(said)[:_SAID]}",
            again_after=float(min(after, _EVER)) if isinstance(after, int) else None,
        )
    if answer.is_fine or answer.status >= 500:  # noqa: PLR2004 - something between us and Telegram failed
        raise UncertainError(
            f"the answer, {answer.status}, is not Telegram's: whether the message was sent is not known"
        )
    raise HookError(f"the answer, {answer.status}, is not Telegram's; is `server` right?")


def _told(answer: web.Answer) -> dict[str, Any]:
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
