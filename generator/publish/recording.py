"""What became of publishes, committed: lines of the ledger that came after the publish's own commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.publish import ledger
from generator.publish.committing import message
from generator.publish.landing import Landing, land
from generator.publish.moving import RECORD

if TYPE_CHECKING:
    from generator.publish.desk import Desk

SKIP = "[skip ci]"
"""By this, hosts build no site for a commit that changes none."""


def pending(desk: Desk) -> tuple[str, ...]:
    """The files of the ledger that the last commit has not as they are, by git's names."""
    if desk.ours is None or not desk.ours.ledger:
        return ()
    repository = desk.ours.repository
    return tuple(sorted(filter(desk.ours.is_ledger, repository.differing([desk.ours.ledger]))))


def record(desk: Desk) -> str:
    """Commit them; the commit, empty if there is nothing to commit."""
    names = pending(desk)
    if not names or desk.repository is None:
        return ""
    newest = ledger.newest(desk.known())
    subject = f"Record the delivery of {newest.title if newest else 'the blog'}"
    contents = {name: desk.repository.path(name) for name in names}
    landing = Landing(
        name=f"record-{desk.now:%Y%m%dT%H%M%SZ}",
        committed={name: path.read_bytes() if path.exists() else None for name, path in contents.items()},
        message=message(subject, [], {RECORD: newest.id if newest else "-"}, mark=SKIP),
    )
    return land(desk, landing)
