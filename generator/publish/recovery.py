"""What a killed run left: taken back if it was not decided, done if it was. Every command looks for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator import files
from generator.errors import PublishError
from generator.publish import folder, journal, rebasing, user_index
from generator.publish.repository import open_repository

if TYPE_CHECKING:
    from generator.config import Config
    from generator.lock import Held
    from generator.publish.repository import Repository


def recover(config: Config, held: Held) -> tuple[str, ...]:
    """Mend what a killed run left; what to tell the user.

    Raises:
        PublishError: it cannot be mended, and why.
    """
    workspace = config.cache / "publish"
    try:
        found: Any = json.loads((workspace / journal.JOURNAL).read_bytes())
    except FileNotFoundError:
        return ()
    except ValueError as error:
        raise PublishError(f"{workspace / journal.JOURNAL} cannot be read: {error}") from error
    if "rebase" in found:
        repository = open_repository(config.root, held.descriptors, under_way=True)
        rebasing.stop(repository)
        files.remove(workspace / journal.JOURNAL)
        return ("A rebase that was cut off has been taken back; your branch is as it was.",)
    if "folder" in found:
        files.remove(workspace / journal.JOURNAL)
        try:
            folder.recover(Path(found["folder"]))
        except OSError as error:  # such as a disk that is not there; no command has to wait for it
            return (f"A delivery to {found['folder']} was cut off, and can only be ended later: {error}",)
        return (f"A delivery to {found['folder']} that was cut off has been brought to an end.",)
    left = journal.unfinished(workspace)
    if left is None:
        return ()
    decided, notes = finish(config, left, None, held)
    state = "has been finished" if decided else "has been taken back; all is as it was before"
    return (f"A publish that was cut off {state}.", *notes)


def finish(
    config: Config, left: journal.Journal, repository: Repository | None, held: Held | None = None
) -> tuple[bool, tuple[str, ...]]:
    """Bring changes that were begun to their end: whether they stand, and what to tell the user."""
    opened = repository
    decision = left.decision()
    decided = decision is not None
    if decision:
        opened = opened or open_repository(config.root, held.descriptors if held else (), under_way=True)
        decided = opened.is_ancestor(decision["commit"], decision["ref"])
    notes = [_stayed(config, path) for path in (left.redo() if decided else left.undo())]
    if decided and decision and opened is not None:
        names = opened.git.names(*_COMMITTED, decision["commit"])
        notes.append(user_index.tell(opened, names, decision["commit"]))
    left.close()
    return decided, tuple(filter(None, notes))


_COMMITTED = ("diff-tree", "-r", "-z", "--root", "--no-commit-id", "--name-only", "--no-renames")


def _stayed(config: Config, path: Path) -> str:
    shown = path.relative_to(config.root) if path.is_relative_to(config.root) else path
    return f"{shown} was changed since, so it stays as it is; look at it."
