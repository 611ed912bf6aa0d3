"""Links to other sites are answered; asked only when a person wants it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from generator.gate.finding import Remark
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.gate.knowledge import Knowledge
    from generator.gate.online import Answer
    from generator.library import Entry


def survey(knowledge: Knowledge) -> Iterator[tuple[Entry, Remark]]:
    """The links of public posts that other sites do not answer."""
    if not knowledge.settings.check.online:
        return
    public = [
        entry for library in knowledge.libraries.values() for entry in library.posts if not entry.post.draft
    ]
    own = urlsplit(knowledge.config.site.base_url).netloc.lower()
    wanted = dict.fromkeys(link for entry in public for link in entry.links if _is_asked(link, own))
    from generator.gate.online import ask  # noqa: PLC0415 - start-up

    answers = ask(tuple(wanted))
    for entry in public:
        dead = {link: answers[link] for link in entry.links if link in answers and answers[link].is_dead}
        yield from ((entry, remark) for remark in _remarks(entry, dead))


def _is_asked(link: str, own: str) -> bool:
    if not link.lower().startswith(("http://", "https://")):
        return False
    try:
        return urlsplit(link).netloc.lower() not in ("", own)
    except ValueError:  # brackets that hold no IPv6 address
        return False


def _remarks(entry: Entry, dead: Mapping[str, Answer]) -> Iterator[Remark]:
    text = ""
    with contextlib.suppress(OSError):
        text = entry.path.read_bytes().decode("utf-8", "replace") if dead else ""
    at = 0
    for link, answer in dead.items():  # in the order of the text
        start = text.find(link, at)
        start = start if start >= 0 else max(text.find(link), 0)
        at = start
        yield Remark(
            start=start,
            end=start + len(link),
            message=f"the other site does not have it: {answer.reason}",
            found=link[:200],
            remedy="Mend the address, link to an archived copy, or take the link out",
        )


_CONFIG = "baseURL: https://example.org/\nparams: {marketpost: {check: {online: true}}}\n"

RULE = Rule(
    name="dead-external-link",
    severity="warning",
    summary="With `--online`, links to other sites are answered.",
    why=(
        "Sites move their articles, and a source that is gone proves nothing. Each address is asked once, by"
        " HEAD and, if refused, by GET, with a limit on time; only what says that it is not there (404,"
        " 410, a host without an address) is reported, as many sites turn programs away."
    ),
    survey=survey,
    good=(
        Example("See [a site](https://marketpost.invalid/a), which nobody asked for."),
        Example("No link at all."),
    ),
    bad=(
        Example(
            "See [it](https://marketpost.invalid/a).", files={"config.yaml": _CONFIG}, says="does not have it"
        ),
        Example("<https://b.marketpost.invalid/>", files={"config.yaml": _CONFIG}, says="no address"),
    ),
)
