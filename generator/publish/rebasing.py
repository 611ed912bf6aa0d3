"""Commits of the user's on a remote that moved on: git rebases them, and is stopped at the first conflict.

What is made anew anyway never conflicts: feeds and the like stay the other side's, and the ledger has the
lines of both.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING

from generator import files
from generator.errors import Problem, PublishError
from generator.publish.git import told
from generator.publish.journal import JOURNAL

if TYPE_CHECKING:
    from pathlib import Path

    from generator.publish.ours import Ours
    from generator.publish.remote import Remote
    from generator.publish.repository import Repository

_DRIVER = "marketpost"
_UNDER_WAY = ("rebase-merge", "rebase-apply")


def rebase(repository: Repository, remote: Remote, tip: str, ours: Ours, *, workspace: Path) -> None:
    """Rebase the branch onto a tip.

    Raises:
        PublishError: it conflicts, or uncommitted work is in the way; all is as it was.
    """
    if not repository.is_clean():
        raise PublishError(
            f"{remote} moved on, your branch has commits of yours that it lacks, and you have uncommitted "
            "changes; commit them or put them away with `git stash`, then publish again"
        )
    attributes = workspace / "attributes"
    files.write(attributes, _attributes(ours).encode())
    settings = {
        "core.attributesFile": os.fspath(attributes.resolve()),
        f"merge.{_DRIVER}.driver": "true",
        "rebase.autoStash": "false",
        "rebase.updateRefs": "false",
    }
    git = replace(repository.git, settings=settings)
    files.write(workspace / JOURNAL, json.dumps({"version": 1, "rebase": repository.head()}).encode())
    try:
        said = git.ask("rebase", "--quiet", tip)
        if said.code == 0:
            return
        unmerged = repository.git.names("diff", "--name-only", "--diff-filter=U", "-z")
        stop(repository)
    finally:
        files.remove(workspace / JOURNAL)
    raise PublishError(
        f"{remote} moved on, and commits of yours conflict with it: {told(said)}",
        [
            Problem(
                file=name,
                message=f"was changed by you and on {remote}",
                remedy="Run `git pull --rebase`, settle the conflict, then publish again",
            )
            for name in unmerged
        ],
    )


def stop(repository: Repository) -> None:
    """Stop a rebase of ours, if one is under way: the branch is as it was."""
    if any((repository.folder / each).exists() for each in _UNDER_WAY):
        repository.git.do("rebase", "--abort")


def _attributes(ours: Ours) -> str:
    """How files of ours merge, as git's attributes."""
    kept = [f"{ours.feeds}**", f"{ours.data}**", *ours.pages]
    lines = [f'"/{each}" merge={_DRIVER}' for each in kept]
    if ours.ledger:
        lines.append(f'"/{ours.ledger}*.jsonl" merge=union')
    return "".join(f"{line}\n" for line in lines)
