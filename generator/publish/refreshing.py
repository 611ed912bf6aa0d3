"""What surrounds publishes that were made and not delivered, made anew: other posts came in between."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from generator.blog import open_blog
from generator.pipeline import plan_around
from generator.publish.committing import message
from generator.publish.landing import Landing, land
from generator.publish.ledger import restated
from generator.publish.moving import PUBLISH
from generator.publish.parcel import parcel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.publish.desk import Desk
    from generator.publish.moving import Ahead
    from generator.publish.staging import Staging


def refresh(desk: Desk, commits: Sequence[Ahead], staging: Staging) -> str:
    """Bring feeds, pages of ours and data files around the posts of publishes up to date.

    Args:
        desk: of the run.
        commits: those that the other side has not, publishes among them; the last one may be made anew.
        staging: for the site.

    Returns:
        The commit; empty if all is as it should be.
    """
    ours = desk.ours
    if ours is None:
        return ""
    known = {publish.id: publish for publish in desk.known()}
    wanted = [known[name] for name in dict.fromkeys(each.publish for each in commits) if name in known]
    before = desk.published()
    blog = replace(open_blog(desk.config), instead=before.unpublished())
    files = {publish.post for publish in wanted}
    posts = [entry.post for library in blog.libraries() for entry in library.posts if entry.file in files]
    made = parcel(desk.config.root, plan_around(blog, posts, now=desk.now), before)
    if not made.published or not wanted:
        return ""
    newest = wanted[-1]
    lines = {
        path: restated(path.read_bytes(), newest.id, made.digests)
        for path in sorted(desk.ledger_folder.glob("*.jsonl"))
    }
    prefix = ours.repository.prefix
    committed = {f"{prefix}{file}": content for file, content in made.published.items()}
    committed |= {
        name: content
        for path, content in lines.items()
        if (name := ours.repository.name(path)) and ours.is_ledger(name)
    }
    return land(
        desk,
        Landing(
            name=f"{newest.id}-again",
            on_disk={**made.on_disk, **lines},
            committed=committed,
            message=message(f"Bring feeds up to date for {newest.title}", [], {PUBLISH: newest.id}),
            # Another remote may have it already.
            instead=commits[-1] if commits[-1].publish and len(desk.remotes) == 1 else None,
        ),
        lambda: staging.check(desk.config, {*made.published, *files}),
    )
