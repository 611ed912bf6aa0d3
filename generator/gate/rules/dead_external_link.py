"""Links to other sites are answered; asked only when a person wants it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from generator.gate.finding import Remark
from generator.gate.online import Answer, ask
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.library import Entry


def survey(knowledge: Knowledge) -> Iterator[tuple[Entry, Remark]]:
    """The links of public posts that other sites do not answer."""
    if not knowledge.settings.check.online:
        return
    public = [
        entry for library in knowledge.libraries.values() for entry in library.posts if not entry.post.draft
    ]
    wanted = dict.fromkeys(link for entry in public for link in entry.links if _is_asked(link, knowledge))
    answers = ask(tuple(wanted))
    for entry in public:
        for link in entry.links:
            answer = answers.get(link)
            if answer is not None and answer.is_dead:
                yield entry, _remark(entry, link, answer)


def _is_asked(link: str, knowledge: Knowledge) -> bool:
    return link.startswith(("http://", "https://")) and not link.startswith(knowledge.config.site.base_url)


def _remark(entry: Entry, link: str, answer: Answer) -> Remark:
    text = ""
    with contextlib.suppress(OSError):
        text = entry.path.read_bytes().decode("utf-8", "replace")
    start = max(text.find(link), 0)
    return Remark(
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
