"""After a publish: wait until the post is live, then run what is due, each hook once a post.

What is begun is written down before, and how it ended after it, so that a run that is killed leaves a hook
that it had begun as `started`. The blog's lock is held while the ledger is written to, and at no other time:
a site may take minutes to be live, and a hook may run a command of ours.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from generator.hooks import command, indexnow, telegram, websub
from generator.hooks.announcement import address_of, announcements
from generator.hooks.live import why_not_live
from generator.hooks.outcome import HookError, UncertainError
from generator.hooks.standing import standings
from generator.publish.ledger import Event, append, moment, publishes, read
from generator.secrets import MissingSecretError, Secrets
from generator.web import NoAnswerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from generator.config import Config
    from generator.config_hooks import HookConfig
    from generator.errors import Problem
    from generator.hooks.announcement import Announcement
    from generator.hooks.standing import Standing
    from generator.publish.ledger import HookState, Kind, Publish

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0
_GROWTH = 1.5
_SAID = 300
"""Characters of a message that the ledger keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """A hook that was run."""

    publish: Publish
    hook: str
    state: Literal["done", "failed", "unknown"]
    message: str = ""
    detail: str = ""
    """What a program said, for the terminal alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotLive:
    """A post that is not where readers look for it; its hooks stay due."""

    publish: Publish
    address: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run did, and what is left."""

    ran: tuple[Ran, ...] = ()
    not_live: tuple[NotLive, ...] = ()
    left: tuple[Standing, ...] = ()
    """What is not done now."""
    problems: tuple[Problem, ...] = ()
    """Of the file of secrets."""

    @property
    def is_well(self) -> bool:
        """Whether all that this run did came to a good end."""
        return not self.not_live and all(each.state == "done" for each in self.ran)


def left(config: Config) -> tuple[Standing, ...]:
    """What is not done, by the ledger.

    Raises:
        PostError: the ledger cannot be read.
    """
    settings = config.settings.publish
    return standings(publishes(read(config.path(settings.ledger))), settings.hooks_by_name)


def after_publish(
    config: Config,
    *,
    now: Callable[[], dt.datetime],
    hold: Callable[[], AbstractContextManager[object]],
    progress: Callable[[str], None] | None = None,
    sleep: Callable[[float], None] = time.sleep,
    retry: str = "",
) -> Report:
    """Run the hooks that are due, or failed before, of every publish that is delivered and live.

    Whether the newest one is live is asked without any hook, too.

    Args:
        config: the blog's.
        now: the clock; with zone.
        hold: takes the blog's lock.
        progress: told in a line what goes on.
        sleep: waits for some seconds.
        retry: name of a hook that is run although it was given up, or may have been done already.

    Raises:
        PostError: the ledger cannot be read.
    """
    before = left(config)
    work = [each for each in before if each.is_to_run or each.hook == retry]
    unseen = _unseen(config)
    if not work and not unseen:
        return Report(left=before)
    book = _Book(config, now, hold)
    patience = _Patience(config.settings.publish.wait, now, sleep)
    run = _Run(config, work, unseen, book, patience, progress or (lambda _: None), retry)
    ran = tuple(run.all())
    return Report(ran=ran, not_live=tuple(run.not_live), left=left(config), problems=run.secrets.problems)


def _unseen(config: Config) -> tuple[Publish, ...]:
    """The newest publish, if it is delivered and nobody knows yet that it is live."""
    settings = config.settings.publish
    newest = publishes(read(config.path(settings.ledger)))[-1:] if settings.wait else ()
    return tuple(each for each in newest if each.is_delivered and each.undone is None and each.live is None)


def settle(
    config: Config,
    name: str,
    *,
    now: Callable[[], dt.datetime],
    hold: Callable[[], AbstractContextManager[object]],
) -> tuple[Standing, ...]:
    """Take what is left of a hook for done, since a person says so; what that was.

    Raises:
        PostError: the ledger cannot be read.
    """
    settled = tuple(each for each in left(config) if each.hook == name)
    book = _Book(config, now, hold)
    for each in settled:
        book.hook(each.publish, name, "done", "settled by hand")
    return settled


class _Book:
    """The ledger, written to."""

    def __init__(
        self,
        config: Config,
        now: Callable[[], dt.datetime],
        hold: Callable[[], AbstractContextManager[object]],
    ) -> None:
        self._config, self._now, self._hold = config, now, hold
        self._folder = config.path(config.settings.publish.ledger)

    def begin(self, standing: Standing, *, anew: bool) -> bool:
        """Write down that a hook begins; False if another run took it meanwhile, unless it is run `anew`."""
        publish, name = standing.publish, standing.hook
        with self._hold():
            there = [
                each for each in left(self._config) if (each.publish.id, each.hook) == (publish.id, name)
            ]
            is_due = any(each.is_to_run or anew for each in there)
            if is_due:
                self._append(publish, "hook", hook=name, state="started")
        return is_due

    def hook(self, publish: Publish, name: str, state: HookState, message: str = "") -> None:
        """Write down how a hook of a publish stands."""
        self.event(publish, "hook", hook=name, state=state, **({"message": message} if message else {}))

    def event(self, publish: Publish, kind: Kind, **data: str) -> None:
        """Write down that something happened."""
        with self._hold():
            self._append(publish, kind, **data)

    def _append(self, publish: Publish, kind: Kind, **data: str) -> None:
        at = moment(read(self._folder), self._now())
        append(self._folder, Event(publish=publish.id, at=at, kind=kind, data=data))


class _Patience:
    """How long a run still waits, by the clock and by what it slept: either may be wrong."""

    def __init__(
        self, seconds: float, now: Callable[[], dt.datetime], sleep: Callable[[float], None]
    ) -> None:
        self._left = seconds
        self._now, self._sleep = now, sleep
        self._end = now() + dt.timedelta(seconds=seconds)

    @property
    def left(self) -> float:
        """Seconds."""
        return min(self._left, (self._end - self._now()).total_seconds())

    def rest(self, seconds: float) -> None:
        """Sleep, for what is left at most."""
        pause = min(seconds, self.left)
        if pause > 0:
            self._sleep(pause)
            self._left -= pause


class _Run:
    """One run over all that is to be done."""

    def __init__(
        self,
        config: Config,
        work: Sequence[Standing],
        unseen: Sequence[Publish],
        book: _Book,
        patience: _Patience,
        progress: Callable[[str], None],
        retry: str,
    ) -> None:
        self._config, self._progress, self._retry = config, progress, retry
        self._hooks = config.settings.publish.hooks_by_name
        self._work: dict[str, list[Standing]] = {}
        for each in work:
            self._work.setdefault(each.publish.id, []).append(each)
        self._publishes = {each.id: each for each in (*(one.publish for one in work), *unseen)}
        self._book, self._patience = book, patience
        self.secrets = Secrets(config)
        self.not_live: list[NotLive] = []

    def all(self) -> Iterator[Ran]:
        """Run what is to be run of each post as soon as it is live, until patience ends."""
        waiting, pause = dict(self._publishes), _FIRST_PAUSE
        while True:
            for publish in self._live(waiting):
                del waiting[publish.id]
                for standing in self._work.get(publish.id, ()):
                    if self._book.begin(standing, anew=standing.hook == self._retry):
                        yield self._ran(standing)
            if not waiting or self._patience.left <= 0:
                return
            self._patience.rest(pause)
            pause = min(pause * _GROWTH, _LONGEST_PAUSE)

    def _live(self, waiting: Mapping[str, Publish]) -> list[Publish]:
        """Those of the posts that are live; of the others it is noted why not."""
        found: list[Publish] = []
        self.not_live = []
        silent = ""
        for publish in waiting.values():
            if not self._config.settings.publish.wait or publish.live is not None:
                found.append(publish)
                continue
            address, reason = address_of(self._config, publish), silent
            if not silent:
                self._progress(f"Asking for {address}")
                try:
                    reason = why_not_live(publish, address)
                except NoAnswerError as error:
                    reason = str(error)
                    silent = "" if error.why == "refused" else reason  # the others are on the same host
            if reason:
                self.not_live.append(NotLive(publish=publish, address=address, reason=reason))
            else:
                self._book.event(publish, "live", address=address)
                found.append(publish)
        return found

    def _ran(self, standing: Standing) -> Ran:
        """Run one hook that began, and write down how it ended."""
        publish, name = standing.publish, standing.hook
        post = self._announcements.get(publish.id)
        self._progress(f"Running {name} for {publish.title}")
        state: Literal["done", "failed", "unknown"] = "done"
        message = detail = ""
        try:
            self._patiently(self._hooks[name], publish, post)
        except HookError as error:
            state = "unknown" if isinstance(error, UncertainError) else "failed"
            message, detail = str(error), error.detail
            if error.again_after is not None:
                message += f"; it asks for {error.again_after:g} s"
        except MissingSecretError as error:
            state, message = "failed", str(error)
        message = self.secrets.hidden(message)[:_SAID]
        self._book.hook(publish, name, state, message)
        return Ran(publish=publish, hook=name, state=state, message=message, detail=detail)

    def _patiently(self, hook: HookConfig, publish: Publish, post: Announcement | None) -> None:
        """Run a hook, and once more if its service asks for no more patience than there is."""
        if post is None:
            raise HookError(f"its post, {publish.post}, is not there any more")
        try:
            self._run(hook, post)
        except HookError as error:
            after = error.again_after
            if after is None or after > self._patience.left:
                raise
            self._patience.rest(after)
            self._run(hook, post)

    def _run(self, hook: HookConfig, post: Announcement) -> None:
        if hook.kind == "command":
            command.run(hook, post, self.secrets, self._config.root)
        elif hook.kind == "indexnow":
            indexnow.tell(hook, post, self.secrets, self._config.site.base_url)
        elif hook.kind == "websub":
            websub.tell(hook, post)
        else:
            telegram.send(hook, post, self.secrets)

    @cached_property
    def _announcements(self) -> Mapping[str, Announcement]:
        """What is told of each post; read once one is live, and before anything is begun."""
        return announcements(self._config, self._publishes.values())
