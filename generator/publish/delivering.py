"""Bringing what is published to its targets: git first, then the others in their order.

What a target has yet to get is in the ledger, so that a delivery that failed is made up for by the next run.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from generator import files
from generator.config import FolderTarget, GitTarget, HugoDeployTarget, load
from generator.errors import PublishError, SiteError
from generator.publish import folder
from generator.publish.desk import open_desk
from generator.publish.folder_plan import plan_folder, require_apart
from generator.publish.git import without_credentials
from generator.publish.journal import JOURNAL
from generator.publish.ledger import behind
from generator.publish.moving import RECORD, ahead, bring
from generator.publish.recording import record
from generator.publish.refreshing import refresh
from generator.publish.remote import fetch, push
from generator.publish.targets import name_of
from generator.site.hugo import deploy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from generator.publish.desk import Desk
    from generator.publish.folder_plan import FolderPlan
    from generator.publish.moving import Ahead
    from generator.publish.parcel import Parcel
    from generator.publish.remote import Fetched, Remote
    from generator.publish.staging import Staging

ROUNDS = 3
"""How often a push is tried if somebody else is faster each time."""
_DEPLOY_SECONDS = 1800.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of a target."""

    target: str
    state: Literal["delivered", "failed", "planned"]
    message: str = ""


@dataclass(slots=True, kw_only=True)
class Round:
    """The deliveries of one run."""

    desk: Desk
    staging: Staging
    fetched: dict[str, Fetched]
    """What each remote has, by the target's name."""
    own: set[str]
    """Commits that this run made, with all that belongs to them."""

    def deliver(self) -> tuple[Delivery, ...]:
        """Bring to each target what it has yet to get; a target that has everything is left out."""
        ordered = sorted(self.desk.targets, key=lambda target: not isinstance(target, GitTarget))
        made = [self._one(target) for target in ordered]
        return tuple(each for each in made if each is not None)

    def _one(self, target: GitTarget | FolderTarget | HugoDeployTarget) -> Delivery | None:
        name = name_of(target)
        waiting = behind(self.desk.known(), name)
        try:
            if isinstance(target, GitTarget):
                message = self._git(name, is_wanted=bool(waiting))
            elif not waiting:
                return None
            elif isinstance(target, FolderTarget):
                message = self._folder(target)
            else:
                message = self._bucket(target)
        except (PublishError, SiteError) as error:
            told = "; ".join([str(error), *map(str, error.problems)])
            return Delivery(target=name, state="failed", message=without_credentials(told))
        except OSError as error:
            return Delivery(
                target=name,
                state="failed",
                message=f"{error.filename or 'a file'}: {error.strerror or error}",
            )
        if message is None:
            return None
        # A push may have brought others; what was waiting before is what is delivered.
        self.desk.note([("delivered", publish.id, {"target": name}) for publish in waiting])
        return Delivery(target=name, state="delivered", message=message)

    def foreseen(self, made: Parcel) -> tuple[Delivery, ...]:
        """What each target would get of a publish.

        The site can only be built if what is to be published stands on disk already, as after `post`.
        """
        config, stands = self.desk.config, made.is_on_disk
        planned = []
        for target in self.desk.targets:
            if isinstance(target, GitTarget):
                told = f"a commit is pushed to {self._remote(name_of(target))}"
            elif not stands:
                told = "the whole site as it is then; `marketpost post` first, and this says what changes"
            elif isinstance(target, FolderTarget):
                place = require_apart(config.root, config.path(target.path))
                told = _counted(plan_folder(self.staging.build(config), place))
            else:
                site = self.staging.build(config)
                told = without_credentials("; ".join(self._deployed(target, site, dry_run=True)))
            planned.append(Delivery(target=name_of(target), state="planned", message=told))
        self.staging.clear()
        return tuple(planned)

    # git

    def _git(self, name: str, *, is_wanted: bool) -> str | None:
        """Push what the other side lacks; None if that is nothing of ours."""
        message: str | None = None
        for _ in range(ROUNDS):
            desk, remote = self.desk, self._remote(name)
            fetched = self.fetched[name]
            commits = self._ahead(fetched)
            if not is_wanted and not any(each.trailers for each in commits):
                return message
            if fetched.problem:
                raise PublishError(f"{fetched.problem}; the next publish delivers it")
            if self._made_earlier(commits):
                commits = self._ahead(fetched)
            if desk.repository is None or not commits:
                return message or "it has it already"
            pushed = push(desk.repository, remote, _to_push(commits).id)
            if pushed.state == "refused":
                raise PublishError(f"{pushed.message}; the next publish delivers it")
            self.fetched[name] = fetch(desk.repository, remote)
            if pushed.state == "done":
                return _told(commits, remote)
            self.move_on(name)
        raise PublishError(
            f"{self._remote(name)} moved on {ROUNDS} times during the push; the next publish delivers it"
        )

    def _remote(self, name: str) -> Remote:
        return next(remote for target, remote in self.desk.remotes if name_of(target) == name)

    def _ahead(self, fetched: Fetched) -> tuple[Ahead, ...]:
        return () if self.desk.repository is None else ahead(self.desk.repository, fetched.tip)

    def _made_earlier(self, commits: Sequence[Ahead]) -> bool:
        """Make anew what surrounds publishes of earlier runs: the posts beside them may be others by now."""
        if not any(each.publish and each.id not in self.own for each in commits):
            return False
        self.own |= {each.id for each in commits}
        if commit := refresh(self.desk, commits, self.staging):
            self.own.add(commit)
        return True

    def catch_up(self, name: str) -> None:
        """Bring the branch onto what a remote has, with what surrounds publishes of ours on top made anew.

        Raises:
            PublishError: something of the user's is in the way.
        """
        self.move_on(name)
        self._made_earlier(self._ahead(self.fetched[name]))

    def move_on(self, name: str) -> None:
        """Bring the branch onto what a remote has.

        Raises:
            PublishError: something of the user's is in the way.
        """
        desk = self.desk
        if desk.ours is None or desk.repository is None:
            return
        tip = self.fetched[name].tip
        head = desk.repository.head()
        if not tip or not head or desk.repository.is_ancestor(tip, head):
            if tip and not head:
                raise PublishError(
                    f"{desk.repository.branch} has no commit, but {self._remote(name)} has; run `git pull`"
                )
            return
        # Lines of the ledger would be in the way of what the remote has of it.
        record(desk)
        if bring(desk.repository, self._remote(name), tip, desk.ours, workspace=desk.workspace, at=desk.now):
            self.staging.is_fresh = False
            self.own.clear()
            self.desk = open_desk(
                load(desk.config.root),
                now=desk.now,
                descriptors=desk.repository.git.descriptors,
                say=desk.say,
            )

    # The built site

    def _folder(self, target: FolderTarget) -> str:
        config = self.desk.config
        site = self.staging.build(config)
        place = require_apart(config.root, config.path(target.path))
        marker = self.desk.workspace / JOURNAL
        files.write(marker, json.dumps({"version": 1, "folder": str(place)}).encode())
        try:
            plan, note = folder.deliver(site, place)
        finally:
            files.remove(marker)
        if note:
            self.desk.say(note)
        return _counted(plan)

    def _bucket(self, target: HugoDeployTarget) -> str:
        lines = self._deployed(target, self.staging.build(self.desk.config))
        return next((each for each in lines if each.startswith(("Identified", "No changes"))), "")

    def _deployed(self, target: HugoDeployTarget, site: Path, *, dry_run: bool = False) -> tuple[str, ...]:
        return deploy(
            self.staging.hugo,
            self.desk.config.root,
            site,
            target=target.target,
            timeout=_DEPLOY_SECONDS,
            dry_run=dry_run,
        )


def _counted(plan: FolderPlan) -> str:
    if plan.put or plan.removed:
        return f"{len(plan.put)} files written, {len(plan.removed)} removed"
    return "it has it already"


def _to_push(commits: Sequence[Ahead]) -> Ahead:
    """The newest commit that changes the site: hosts build none for a push that ends in a record."""
    return next((each for each in reversed(commits) if set(each.trailers) != {RECORD}), commits[-1])


def _told(commits: Sequence[Ahead], remote: Remote) -> str:
    theirs = sum(not each.trailers for each in commits)
    along = f", with {theirs} commit{'s' if theirs != 1 else ''} of yours" if theirs else ""
    return f"pushed to {remote} ({remote.url}){along}"
