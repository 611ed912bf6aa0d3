"""A commit of chosen files, made without the user's index and without what they are working on."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.publish.git import joined
from generator.publish.repository import Blob

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from generator.publish.repository import Repository

_FILE = "100644"
_NOTHING = "0" * 40
_SUBJECT = 72


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit to be made."""

    changes: Mapping[str, bytes | None]
    """What files are to hold, by git's name; None for one that goes."""
    message: str
    parents: Sequence[str]
    base: str
    """The commit whose other files it has; empty for none."""
    at: dt.datetime
    author: Mapping[str, str] | None = None
    """Variables that say who wrote it, and when; None for the user, at `at`."""


def make(repository: Repository, commit: Commit, *, workspace: Path) -> str:
    """Make a commit; no branch has it yet.

    Args:
        repository: where.
        commit: what it is to be.
        workspace: a folder of ours, for an index of our own.

    Raises:
        PublishError: git refused, and why.
    """
    entries = repository.blobs(commit.base, commit.changes)
    put: dict[str, Blob | None] = {}
    for name, content in commit.changes.items():
        if content is None:
            put[name] = None
            continue
        before = entries.get(name)
        blob = repository.git.do("hash-object", "-w", f"--path={name}", "--stdin", given=content)
        mode = before.mode if before and before.mode.startswith("100") else _FILE
        put[name] = Blob(mode, blob.decode().strip())
    return of_blobs(repository, commit, put, workspace=workspace)


def of_blobs(
    repository: Repository, commit: Commit, put: Mapping[str, Blob | None], *, workspace: Path
) -> str:
    """As `make`, of blobs that are there."""
    git = repository.git
    with _own_index(workspace) as environment:
        git.do("read-tree", commit.base or "--empty", environment=environment)
        git.do("update-index", "-z", "--index-info", given=index_info(put), environment=environment)
        tree = git.do("write-tree", environment=environment).decode().strip()
    parents = [part for parent in commit.parents for part in ("-p", parent)]
    moment = commit.at.isoformat(timespec="seconds")
    dates = {"GIT_COMMITTER_DATE": moment, "GIT_AUTHOR_DATE": moment}
    signed = ["-S"] if repository.git.line("config", "--type=bool", "commit.gpgsign") == "true" else []
    made = git.do(
        "commit-tree",
        *signed,
        *parents,
        tree,
        given=commit.message.encode("utf-8", "replace"),
        environment={**dates, **(commit.author or {})},
    )
    return made.decode().strip()


def index_info(put: Mapping[str, Blob | None]) -> bytes:
    """Entries as `git update-index --index-info -z` takes them."""
    lines = (
        f"{blob.mode} {blob.id}\t{name}" if blob else f"0 {_NOTHING}\t{name}" for name, blob in put.items()
    )
    return joined(lines)


@contextlib.contextmanager
def _own_index(workspace: Path) -> Iterator[Mapping[str, str]]:
    """An index beside the user's; a killed run's is taken over."""
    index = workspace / "index"
    lock = workspace / "index.lock"
    workspace.mkdir(parents=True, exist_ok=True)
    index.unlink(missing_ok=True)
    lock.unlink(missing_ok=True)
    try:
        yield {"GIT_INDEX_FILE": str(index.resolve())}
    finally:
        index.unlink(missing_ok=True)


def advance(repository: Repository, commit: str, *, over: str, reason: str) -> None:
    """Have the branch that is checked out end in a commit; `over` is the one that it ends in now.

    Raises:
        PublishError: it ends in another one by now.
    """
    repository.git.do("update-ref", "-m", reason, repository.ref, commit, over)


def message(subject: str, body: Sequence[str], trailers: Mapping[str, str], *, mark: str = "") -> str:
    """The text of a commit; what somebody else wrote stands in it on one line. `mark` ends the subject."""
    lines = [_one_line(each) for each in body]
    ending = [f"{key}: {_one_line(value)}" for key, value in trailers.items()]
    head = " ".join(filter(None, (_shortened(_one_line(subject), _SUBJECT - len(mark)), mark)))
    return "\n".join([head, "", *lines, *([""] if lines else []), *ending, ""])


def _one_line(text: str) -> str:
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def _shortened(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    return text[:length].rsplit(" ", 1)[0].rstrip(" ,;:—–-") + " …"
