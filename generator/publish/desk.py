"""What a run of publishing goes by: the settings, the ledger, the repository and its remotes, if any."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from generator.config import FolderTarget, GitTarget, HugoDeployTarget
from generator.errors import ConfigError
from generator.publish import ledger
from generator.publish.ours import ours_of
from generator.publish.published import published
from generator.publish.remote import open_remote
from generator.publish.repository import open_repository, require_identity
from generator.publish.targets import name_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from generator.config import Config
    from generator.publish.ledger import Event, Kind, Publish
    from generator.publish.ours import Ours
    from generator.publish.published import Published
    from generator.publish.remote import Remote
    from generator.publish.repository import Repository

WORKSPACE = "publish"
"""Folder of ours in the cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a run goes by."""

    config: Config
    now: dt.datetime
    ours: Ours | None
    """Files in the repository; None if nothing is delivered by git."""
    remotes: tuple[tuple[GitTarget, Remote], ...] = ()
    say: Callable[[str], None] = field(default=lambda _: None)
    """Takes what the user should know, as it happens."""

    @property
    def workspace(self) -> Path:
        """A folder of ours."""
        return self.config.cache / WORKSPACE

    @property
    def ledger_folder(self) -> Path:
        """Of the ledger."""
        return self.config.path(self.config.settings.publish.ledger)

    @property
    def repository(self) -> Repository | None:
        """The blog's, if something is delivered by git."""
        return self.ours.repository if self.ours else None

    @property
    def targets(self) -> tuple[GitTarget | FolderTarget | HugoDeployTarget, ...]:
        """Where the blog is delivered to."""
        return self.config.settings.publish.to

    @property
    def needs_site(self) -> bool:
        """Whether a target takes the built site."""
        return any(not isinstance(target, GitTarget) for target in self.targets)

    def events(self) -> tuple[Event, ...]:
        """What the ledger holds."""
        return ledger.read(self.ledger_folder)

    def known(self) -> tuple[Publish, ...]:
        """What it adds up to."""
        return ledger.publishes(self.events())

    def published(self) -> Published:
        """The blog as it was published last."""
        return published(self.config, ledger.published_files(self.events()), self.ours)

    def note(self, events: Sequence[tuple[Kind, str, dict[str, Any]]]) -> None:
        """Add events to the ledger: kind, publish, and what else is to be remembered."""
        at = ledger.moment(self.events(), self.now)
        ledger.append(
            self.ledger_folder,
            *(ledger.Event(publish=name, at=at, kind=kind, data=data) for kind, name, data in events),
        )


def open_desk(
    config: Config,
    *,
    now: dt.datetime,
    descriptors: tuple[int, ...] = (),
    say: Callable[[str], None] = lambda _: None,
) -> Desk:
    """Open the repository and look up the remotes.

    Raises:
        PublishError: there is no repository, no remote, no branch, or nobody to commit as.
        PostError: the ledger cannot be read.
    """
    ledger.read(config.path(config.settings.publish.ledger))
    targets = [target for target in config.settings.publish.to if isinstance(target, GitTarget)]
    names = [name_of(target) for target in config.settings.publish.to]
    if not names or len(names) != len(set(names)):
        what = "names a target twice" if names else "names no target"
        raise ConfigError(f"{config.file}: params.marketpost.publish.to {what}")
    if not targets:
        return Desk(config=config, now=now, ours=None, say=say)
    repository = open_repository(config.root, descriptors)
    require_identity(repository)
    return Desk(
        config=config,
        now=now,
        ours=ours_of(repository, config),
        remotes=tuple((target, open_remote(repository, target)) for target in targets),
        say=say,
    )
