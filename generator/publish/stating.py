"""What is said of a publish: its line in the ledger, and its commit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from generator import __version__
from generator.bundle import FIGURES
from generator.dataset.fingerprint import fingerprint
from generator.errors import PublishError
from generator.publish import ledger
from generator.publish.committing import message
from generator.publish.landing import Landing
from generator.publish.moving import PUBLISH
from generator.publish.published import KEPT
from generator.publish.refusals import corrections, figures_digest
from generator.publish.targets import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.pipeline import Plan
    from generator.publish.desk import Desk
    from generator.publish.parcel import Parcel


def event_of(desk: Desk, plan: Plan, made: Parcel, events: Sequence[ledger.Event]) -> ledger.Event:
    """The ledger's line of a publish that is about to be made."""
    at, post = ledger.moment(events, desk.now), plan.post
    if at > desk.now:
        desk.say(
            f"The clock is behind the ledger, which goes on from its last entry, {at:%Y-%m-%d %H:%M:%S} UTC."
        )
    files = made.digests
    return ledger.Event(
        publish=ledger.new_id(at, files, {event.publish for event in events}),
        at=at,
        kind="published",
        data={
            "post": plan.path.relative_to(desk.config.root).as_posix(),
            "address": post.address,
            "guid": str(post.extra.get("guid") or ""),
            "title": post.title,
            "session": str(post.session or ""),
            "series": list(post.series),
            "dataset": fingerprint(plan.read),
            "figures": figures_digest(plan.figures),
            "corrections": corrections(post),
            "by": __version__,
            "files": files,
            "targets": [name_of(target) for target in desk.targets],
        },
    )


def landing_of(desk: Desk, plan: Plan, made: Parcel, event: ledger.Event) -> Landing:
    """All that a publish writes and commits."""
    on_disk = {**made.on_disk, plan.kept.path: plan.kept.content}
    if desk.ours is None:
        # A blog without a history of its own keeps what it published, to be able to take back what follows.
        bundle = {plan.path, plan.path.with_name(FIGURES)}
        digests = event.data["files"]
        for file in plan.files:
            digest = digests.get(file.path.relative_to(desk.config.root).as_posix())
            if file.path in bundle and digest:
                on_disk[desk.workspace / KEPT / digest] = file.content
    data, post = event.data, plan.post
    return Landing(
        name=event.publish,
        **written(desk, made, on_disk, event),
        message=message(
            f"Publish {post.title}",
            [
                f"Address: {desk.config.site.base_url}{post.address.lstrip('/')}",
                f"Session: {data['session']}",
                f"Data: {data['dataset']}",
            ],
            {PUBLISH: event.publish},
        ),
    )


def written(
    desk: Desk, made: Parcel, on_disk: Mapping[Any, bytes | None], event: ledger.Event
) -> dict[str, Any]:
    """What a landing writes and commits of a parcel, with its line in the ledger."""
    events = [event, *_due(desk, event)]
    lines = {file.path: file.content for file in ledger.grown(desk.ledger_folder, events)}
    committed: dict[str, bytes | None] = {}
    if desk.ours is not None:
        repository = desk.ours.repository
        committed = {f"{repository.prefix}{file}": content for file, content in made.published.items()}
        for path, content in lines.items():
            name = repository.name(path)
            if name and desk.ours.is_ledger(name):
                committed[name] = content
    return {"on_disk": {**on_disk, **lines}, "committed": committed}


def _due(desk: Desk, event: ledger.Event) -> Iterator[ledger.Event]:
    """The hooks that are to run for a publish: those of now, so that no later one runs for old posts."""
    if event.kind == "published":
        for name in desk.config.settings.publish.hooks_by_name:
            data = {"hook": name, "state": "due"}
            yield ledger.Event(publish=event.publish, at=event.at, kind="hook", data=data)


def committable(desk: Desk, made: Parcel, file: str) -> Parcel:
    """What of a parcel git takes: what it is told to ignore is left out, unless it is the post itself."""
    if desk.repository is None or not made.published:
        return made
    prefix = desk.repository.prefix
    names = [f"{prefix}{each}" for each, content in made.published.items() if content is not None]
    ignored = desk.repository.ignored(names)
    folder = f"{prefix}{file.rpartition('/')[0]}/"
    for name, rule in ignored.items():
        if name.startswith(folder):
            raise PublishError(f"{name} is ignored by {rule}, so git cannot publish it; take that rule out")
    left = {name.removeprefix(prefix) for name in ignored}
    if left:
        desk.say(f"{len(left)} files are ignored by git and so not in the commit, such as {min(left)}")
    return replace(made, published={each: held for each, held in made.published.items() if each not in left})
