"""A remote that moved on: bringing the branch that is checked out onto it, with all that is not ours kept.

What we made ourselves and could not deliver is put on top: posts and the ledger's lines as they are, while
feeds and the like stay the other side's until they are made anew. Commits of the user's are rebased by git.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator import files
from generator.errors import Problem, PublishError
from generator.publish import rebasing
from generator.publish.committing import Commit, of_blobs
from generator.publish.git import told
from generator.publish.ledger import joined
from generator.publish.repository import Blob

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from generator.publish.ours import Ours
    from generator.publish.remote import Remote
    from generator.publish.repository import Repository

PUBLISH, UNDO, RECORD = "Marketpost-Publish", "Marketpost-Undo", "Marketpost-Record"
"""Trailers by which a commit of ours is known; each names a publish."""

_TRAILER = re.compile(rf"^({PUBLISH}|{UNDO}|{RECORD}): (\S+)", re.MULTILINE)
_ABSENT = "000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """A commit that the other side has not."""

    id: str
    parents: tuple[str, ...]
    author: Mapping[str, str]
    message: str

    @property
    def trailers(self) -> Mapping[str, str]:
        """Ours; empty for a commit of the user's."""
        return {} if len(self.parents) != 1 else dict(_TRAILER.findall(self.message))

    @property
    def publish(self) -> str:
        """The publish that it makes or takes back; empty for any other commit."""
        return self.trailers.get(PUBLISH) or self.trailers.get(UNDO) or ""


def ahead(repository: Repository, tip: str) -> tuple[Ahead, ...]:
    """The commits that the branch has and another tip has not, oldest first."""
    head = repository.head()
    if not head:
        return ()
    form = "--format=%H%x01%P%x01%an%x01%ae%x01%aI%x01%B"
    reach = (head, f"^{tip}") if tip else (head,)
    listed = repository.git.do("log", "-z", "--reverse", "--topo-order", "--encoding=UTF-8", form, *reach)
    found = []
    for record in listed.decode("utf-8", "replace").split("\0"):
        if record:
            name, parents, author, address, moment, text = record.split("\x01", 5)
            found.append(
                Ahead(
                    id=name.strip(),
                    parents=tuple(parents.split()),
                    author={
                        "GIT_AUTHOR_NAME": author,
                        "GIT_AUTHOR_EMAIL": address,
                        "GIT_AUTHOR_DATE": moment,
                    },
                    message=text,
                )
            )
    return tuple(found)


def bring(
    repository: Repository, remote: Remote, tip: str, ours: Ours, *, workspace: Path, at: dt.datetime
) -> bool:
    """Bring the branch onto what the other side has; False if there was nothing to do.

    Raises:
        PublishError: something of the user's is in the way; says what to do. Nothing has changed.
    """
    head = repository.head()
    if not tip or tip == head or (head and repository.is_ancestor(tip, head)):
        return False
    if not head:
        raise PublishError(f"{repository.branch} has no commit yet, but {remote} has; run `git pull`")
    if repository.is_ancestor(head, tip):
        _check_out(repository, remote, tip, ours)
        return True
    if not repository.git.line("merge-base", head, tip):
        raise PublishError(f"{repository.branch} and {remote} have no history in common; publish elsewhere")
    commits = ahead(repository, tip)
    if all(each.trailers for each in commits):
        made = _replayed(repository, remote, tip, commits, ours, workspace=workspace, at=at)
        _check_out(repository, remote, made, ours)
    else:
        rebasing.rebase(repository, remote, tip, ours, workspace=workspace)
    return True


def _replayed(
    repository: Repository,
    remote: Remote,
    tip: str,
    commits: Sequence[Ahead],
    ours: Ours,
    *,
    workspace: Path,
    at: dt.datetime,
) -> str:
    """Our commits made anew on another tip."""
    parent = tip
    for commit in commits:
        changes = _changes(repository, commit)
        there = repository.blobs(parent, changes)
        put: dict[str, Blob | None] = {}
        clashing = []
        for name, (before, after) in changes.items():
            now = there.get(name)
            if ours.is_ledger(name):
                put[name] = _joined(repository, after, now)
            elif ours.is_generated(name) or now == after:
                continue
            elif now == before:
                put[name] = after
            else:
                clashing.append(name)
        if clashing:
            raise PublishError(
                f"{remote} moved on, and changes what was published here and is not delivered yet",
                [
                    Problem(
                        file=name,
                        message=f"differs from what {remote} has",
                        remedy="Run `git pull --rebase`, settle the conflict, then publish again",
                    )
                    for name in clashing
                ],
            )
        spec = Commit(
            changes={}, message=commit.message, parents=[parent], base=parent, at=at, author=commit.author
        )
        parent = of_blobs(repository, spec, put, workspace=workspace)
    return parent


def _changes(repository: Repository, commit: Ahead) -> dict[str, tuple[Blob | None, Blob | None]]:
    """The files that a commit changes, as they were and as they are in it."""
    parts = repository.git.names("diff-tree", "-r", "-z", "--no-renames", commit.parents[0], commit.id)
    found = {}
    for head, name in zip(parts[::2], parts[1::2], strict=True):
        old_mode, new_mode, old, new, _ = head.removeprefix(":").split(" ")
        found[name] = (_blob(old_mode, old), _blob(new_mode, new))
    return found


def _blob(mode: str, name: str) -> Blob | None:
    return None if mode == _ABSENT else Blob(mode, name)


def _joined(repository: Repository, mine: Blob | None, theirs: Blob | None) -> Blob | None:
    """A file of the ledger with the lines of both."""
    if mine is None or theirs is None:
        return mine or theirs
    content = joined(*repository.contents([mine.id, theirs.id]))
    made = repository.git.do("hash-object", "-w", "--stdin", given=content).decode().strip()
    return Blob(theirs.mode, made)


def _check_out(repository: Repository, remote: Remote, tip: str, ours: Ours) -> None:
    """Have branch and working tree be as in a commit; what the user changed and it does not touch stays."""
    head = repository.head()
    changed = repository.git.names("diff-tree", "-r", "-z", "--name-only", "--no-renames", head, tip)
    in_the_way = sorted(repository.differing(changed))
    kept = [name for name in in_the_way if not ours.may_go(name)]
    if kept:
        raise PublishError(
            f"{remote} moved on, and changes files in which you have uncommitted work",
            [
                Problem(
                    file=name,
                    message=f"has changes that are not committed, and is another one on {remote}",
                    remedy="Commit it or put it away (`git stash --include-untracked`), then publish again",
                )
                for name in kept
            ],
        )
    known = repository.blobs(head, in_the_way)
    if known:
        repository.git.do("--literal-pathspecs", "checkout", "--quiet", head, "--", *known)
    for name in in_the_way:
        if name not in known:
            repository.git.ask("--literal-pathspecs", "rm", "--quiet", "--cached", "--force", "--", name)
            files.remove(repository.path(name))
    said = repository.git.ask("checkout", "--quiet", "--no-track", "-B", repository.branch, tip)
    if said.code:
        raise PublishError(f"the branch cannot be brought onto {remote}: {told(said)}")
