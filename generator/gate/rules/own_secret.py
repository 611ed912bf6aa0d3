"""No secret of the blog's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.gate.finding import Remark
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.library import Entry
    from generator.reading.document import Document


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """The values themselves, anywhere in the file. They are not repeated in the remark, not even in part."""
    for name, value in knowledge.secrets.telling:
        start = document.text.find(value)
        while start >= 0:
            yield Remark(
                start=start,
                end=start + len(value),
                message=f"the value of the secret {name}",
                remedy="Take it out, and have another made: whatever was published or pushed once is known",
            )
            start = document.text.find(value, start + len(value))


def _secrets(_: Entry, knowledge: Knowledge) -> str:
    return knowledge.secrets.digest


_SETTINGS = """\
baseURL: https://example.org/
params:
  marketpost:
    publish:
      secrets: ../own-secrets
      hooks: [{kind: telegram, chat: "@notes"}]
"""
_FILES = {"config.yaml": _SETTINGS, "../own-secrets": "TELEGRAM_BOT_TOKEN=1234:made-up\nCHANNEL_PIN=0000\n"}

RULE = Rule(
    name="own-secret",
    severity="error",
    summary="No secret of the blog's own.",
    why=(
        "The rule `secret` knows the forms that keys have; this one knows the secrets of this blog: those "
        "that `params.marketpost.publish` names, from the environment, and all of its file of secrets. None "
        "of them may stand in a post, whatever its form. Values of less than eight characters are left alone."
    ),
    check=check,
    hangs_on=_secrets,
    hides_line=True,
    good=(
        Example("`TELEGRAM_BOT_TOKEN` is the name of one, 0000 is short.", files=_FILES),
        Example("`1234:made-up` is a secret of another blog."),
    ),
    bad=(
        Example("`bot1234:made-up/sendMessage`", files=_FILES, says="the secret TELEGRAM_BOT_TOKEN"),
        Example("Text.", front={"note": "1234:made-up"}, files=_FILES, says="TELEGRAM_BOT_TOKEN"),
    ),
)
