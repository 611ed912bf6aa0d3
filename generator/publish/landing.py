"""Changes of files that come about together, with the commit that holds them: all of it, or nothing.

The journal is written first. It is decided by the commit's becoming the branch's last one, or, without git,
by a line of its own: a run that is killed before leaves all as it was, one that is killed after all as it
should be.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.publish import committing, journal, recovery, user_index

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from generator.publish.desk import Desk
    from generator.publish.moving import Ahead


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """What is to come about."""

    name: str
    """What it is known by."""
    on_disk: Mapping[Path, bytes | None] = field(default_factory=dict)
    """What files are to hold."""
    committed: Mapping[str, bytes | None] = field(default_factory=dict)
    """What the commit changes, by git's names."""
    message: str = ""
    instead: Ahead | None = None
    """The branch's last commit, which nobody else has, if this is to take its place."""


def land(desk: Desk, landing: Landing, check: Callable[[], object] = lambda: None) -> str:
    """Have it come about.

    Args:
        desk: of the run.
        landing: what.
        check: holds the changed files against Hugo; what it raises takes all of it back.

    Returns:
        The commit; empty without git, or if there is nothing to commit.

    Raises:
        PublishError: git refused it.
        OSError: a full disk, or a file that may not be written.
    """
    begun = journal.begin(desk.workspace, landing.name, landing.on_disk)
    commit, repository = "", desk.repository
    try:
        begun.apply()
        check()
        if repository is None or not landing.committed:
            begun.decide()
        else:
            head = repository.head()
            former = landing.instead
            spec = committing.Commit(
                changes=landing.committed,
                message=former.message if former else landing.message,
                parents=former.parents if former else [head] if head else [],
                base=head,
                at=desk.now,
                author=former.author if former else None,
            )
            commit = committing.make(repository, spec, workspace=desk.workspace)
            begun.decide({"commit": commit, "ref": repository.ref})
            committing.advance(repository, commit, over=head, reason=f"marketpost: {landing.name}")
    except BaseException:
        for note in recovery.finish(desk.config, begun, repository)[1]:
            desk.say(note)
        raise
    if repository is not None and commit and (note := user_index.tell(repository, landing.committed, commit)):
        desk.say(note)
    begun.close()
    return commit
