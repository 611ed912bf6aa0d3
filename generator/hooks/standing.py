"""What is left to be done for which post, from what the ledger says.

A hook is done once a post, however often the post is published: what counts is its guid. Knows nothing of how
hooks are run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from generator.config_hooks import HookConfig
    from generator.publish.ledger import Hook, Publish

TRIES = 10
"""Times that a hook is tried by itself."""

_HARMLESS = frozenset({"indexnow", "websub"})
"""Kinds that may be done twice."""

State = Literal["due", "failed", "unknown", "given up"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A hook that is not done for a post."""

    publish: Publish
    """The newest publish of the post that the hook is for."""
    hook: str
    state: State
    """`unknown`: it was begun, and nothing says how it ended. `given up`: it failed too often."""
    tries: int = 0
    message: str = ""

    @property
    def is_to_run(self) -> bool:
        """Whether it is run without being asked for."""
        return self.state in {"due", "failed"}


def standings(publishes: Iterable[Publish], hooks: Mapping[str, HookConfig]) -> tuple[Standing, ...]:
    """What is not done of the hooks that there are, the oldest post first, in the order of the settings.

    A publish that is not delivered everywhere, or was taken back, has nothing to be done.
    """
    by_post: dict[str, list[Publish]] = {}
    for publish in publishes:
        by_post.setdefault(publish.guid or publish.address, []).append(publish)
    found = [each for posts in by_post.values() for each in _of_post(posts, hooks)]
    return tuple(sorted(found, key=lambda each: (each.publish.at, each.publish.id)))


def _of_post(publishes: Sequence[Publish], hooks: Mapping[str, HookConfig]) -> Iterator[Standing]:
    for name, hook in hooks.items():
        having = [publish for publish in publishes if name in publish.hooks]
        present = [publish for publish in having if publish.is_delivered and publish.undone is None]
        if not present or any(publish.hooks[name].state == "done" for publish in having):
            continue
        newest = present[-1]
        begun = [publish.hooks[name] for publish in having if publish.hooks[name].state != "due"]
        last = max(reversed(begun), key=lambda each: each.at, default=None)
        yield _standing(newest, name, newest.hooks[name], last, is_harmless=hook.kind in _HARMLESS)


def _standing(publish: Publish, name: str, own: Hook, last: Hook | None, *, is_harmless: bool) -> Standing:
    """How a hook stands: `own` is what this publish says of it, `last` how it was tried last for the post."""
    state: State
    if last is not None and last.state in {"started", "unknown"} and not is_harmless:
        state, message = "unknown", last.message or "it was begun, and nothing says how it ended"
    elif own.state == "due":
        state, message = "due", ""
    else:
        state = "given up" if own.tries >= TRIES else "failed"
        message = own.message or "it was cut off"
    return Standing(publish=publish, hook=name, state=state, tries=own.tries, message=message)
