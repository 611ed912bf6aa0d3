"""IndexNow: search engines are told of the post's address (https://www.indexnow.org/documentation)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from generator import web
from generator.hooks.outcome import AGENT, TOO_MANY, HookError, patience

if TYPE_CHECKING:
    from generator.config_hooks import IndexNowHook
    from generator.hooks.announcement import Announcement
    from generator.secrets import Secrets

_KEY = re.compile(r"[A-Za-z0-9-]{8,128}")
_FINE = frozenset({200, 202})
_MEANINGS = {
    400: "the request is not in its form",
    403: "the key is not accepted: its file is not where key_location says, or does not hold it",
    422: "the address is not one of the key's host or folder",
    TOO_MANY: "it was asked too often",
}


def tell(hook: IndexNowHook, post: Announcement, secrets: Secrets, base_url: str) -> None:
    """Tell of the post. `base_url` is the site's, where the key's file is unless the hook says where.

    Raises:
        HookError: it was not accepted.
        MissingSecretError: there is no key.
    """
    key = secrets.value(hook.key)
    if not _KEY.fullmatch(key):
        raise HookError(f"the secret {hook.key} is no key: 8 to 128 letters, digits and hyphens are wanted")
    address = web.encoded(post.address)
    told = {
        "host": urlsplit(address).netloc,
        "key": key,
        "keyLocation": hook.key_location or f"{web.encoded(base_url)}{key}.txt",
        "urlList": [address],
    }
    try:
        answer = web.ask(
            hook.endpoint,
            agent=AGENT,
            method="POST",
            data=json.dumps(told).encode(),
            kind="application/json; charset=utf-8",
            most=0,
        )
    except web.NoAnswerError as error:
        raise HookError(str(error)) from None
    if answer.status not in _FINE:
        meaning = _MEANINGS.get(answer.status)
        host = urlsplit(hook.endpoint).hostname
        raise HookError(
            f"{host} answers {answer.status}{f': {meaning}' if meaning else ''}", again_after=patience(answer)
        )
