"""The other side of a git target: what it has, and giving it ours, never by force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from generator.errors import PublishError
from generator.publish.git import NETWORK_SECONDS, told, without_credentials

if TYPE_CHECKING:
    from generator.config import GitTarget
    from generator.publish.repository import Repository

_HEADS = "refs/heads/"
_FASTER = ("fetch first", "non-fast-forward", "stale info", "lock ref", "incorrect old value")
"""What is said of a push when somebody else was faster, or is at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """A branch of a remote."""

    name: str
    branch: str
    """Without `refs/heads/`."""
    url: str
    """Without user and password."""

    @property
    def ref(self) -> str:
        """The branch's whole name on the other side."""
        return _HEADS + self.branch

    @property
    def tracking(self) -> str:
        """Where the repository keeps what the branch was when it was last asked for."""
        return f"refs/remotes/{self.name}/{self.branch}"

    def __str__(self) -> str:
        return f"{self.name}/{self.branch}"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What the other side has."""

    tip: str
    """The branch's last commit as far as it is known; empty if there is no such branch."""
    problem: str = ""
    """Why it could not be asked."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of a push."""

    state: Literal["done", "moved", "refused"]
    """`moved`: the other side has commits that we have not."""
    message: str = ""


def open_remote(repository: Repository, target: GitTarget) -> Remote:
    """The remote and branch of a target.

    Raises:
        PublishError: git knows no such remote.
    """
    url = repository.git.line("remote", "get-url", "--push", target.remote)
    if not url:
        raise PublishError(
            f"git knows no remote {target.remote!r}; add it with `git remote add {target.remote} URL`, or "
            "name another one under params.marketpost.publish.to"
        )
    return Remote(
        name=target.remote,
        branch=target.branch or _followed(repository, target.remote) or repository.branch,
        url=without_credentials(url),
    )


def _followed(repository: Repository, remote: str) -> str:
    """The branch of the remote that the one checked out follows; empty if it follows none of it."""
    follows = f"branch.{repository.branch}"
    if repository.setting(f"{follows}.remote") != remote:
        return ""
    return repository.setting(f"{follows}.merge").removeprefix(_HEADS)


def fetch(repository: Repository, remote: Remote) -> Fetched:
    """Ask the other side for its branch.

    Raises:
        PublishError: its history was rewritten; what is to become of ours only a person can say.
    """
    options = ("--no-tags", "--no-recurse-submodules", "--refmap=")
    spec = f"{remote.ref}:{remote.tracking}"
    said = repository.git.ask("fetch", *options, remote.name, spec, seconds=NETWORK_SECONDS)
    known = repository.git.line("rev-parse", "--verify", "--quiet", f"{remote.tracking}^{{commit}}")
    if said.code == 0:
        return Fetched(known)
    if "couldn't find remote ref" in said.stderr:
        return Fetched("")
    if "[rejected]" in said.stderr:
        raise PublishError(
            f"the history of {remote} was rewritten: it no longer holds what it held; look at it with "
            f"`git fetch {remote.name}`, bring your branch in line by hand, then publish again"
        )
    return Fetched(known, f"{remote.name} ({remote.url}) cannot be asked: {told(said)}")


def push(repository: Repository, remote: Remote, commit: str) -> Pushed:
    """Have the other side's branch end in a commit of ours, if that follows on what it has."""
    spec = f"{commit}:{remote.ref}"
    said = repository.git.ask("push", "--porcelain", remote.name, spec, seconds=NETWORK_SECONDS)
    if said.code == 0:
        return Pushed("done")
    status = [line for line in said.stdout.decode("utf-8", "replace").splitlines() if line.startswith("!")]
    reason = without_credentials(status[0].split("\t")[-1]) if status else ""
    if any(mark in reason for mark in _FASTER):
        return Pushed("moved", reason)
    others = told(said).replace("failed to push some refs to", "it did not take the push to")
    return Pushed("refused", f"{remote.name} ({remote.url}): {'; '.join(filter(None, (reason, others)))}")
