"""The ledger: what was published where, when, from which data, and what came of it.

JSON lines in one file a year, `<folder>/<year>.jsonl`, that only grow: a line is an event, and the state of a
publish is what its events add up to. Two machines that both added lines lose none when their files are
joined line by line (`joined`). Knows nothing of git, Hugo or hooks.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

from generator.errors import PostError, Problem
from generator.files import PlannedFile, write_all

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

Kind = Literal["published", "delivered", "live", "hook", "undone"]
HookState = Literal["due", "started", "done", "failed", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to a publish."""

    publish: str
    """The id of the publish, see `new_id`."""
    at: dt.datetime
    """When, in UTC, to the second."""
    kind: Kind
    data: Mapping[str, Any] = field(default_factory=dict)
    """What else is to be remembered: values that JSON has."""

    @property
    def line(self) -> str:
        """Its line in the ledger, without the line's end."""
        head = {"publish": self.publish, "at": self.at.isoformat(timespec="seconds"), "event": self.kind}
        return json.dumps({**head, **self.data}, ensure_ascii=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """How a hook of a publish stands."""

    state: HookState
    """`started` without an end, and `unknown`: whether it was done is not known."""
    tries: int
    at: dt.datetime
    message: str = ""
    """What it said when it failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish:
    """A publish with all that came of it."""

    id: str
    at: dt.datetime
    post: str
    """The post's file, from the blog's root."""
    address: str
    """The post's address, from the site's root."""
    guid: str
    title: str
    session: str
    """ISO date; empty for a post about no session."""
    dataset: str
    """Hash of the data that the post was made of."""
    files: Mapping[str, str | None]
    """The files that it changed, from the blog's root, with the SHA-256 of each; None for one it removed."""
    targets: tuple[str, ...]
    """Where it is to be delivered."""
    stated: Mapping[str, Any] = field(default_factory=dict)
    """What else its first line says."""
    delivered: Mapping[str, dt.datetime] = field(default_factory=dict)
    """When it was delivered, by target."""
    live: dt.datetime | None = None
    """When its address first answered."""
    hooks: Mapping[str, Hook] = field(default_factory=dict)
    undone: dt.datetime | None = None
    """When it was taken back."""
    recalled: Mapping[str, dt.datetime] = field(default_factory=dict)
    """When a target was told that it was taken back."""

    @property
    def changed(self) -> dt.datetime:
        """When it was published, or taken back if it was."""
        return self.undone or self.at

    @property
    def is_delivered(self) -> bool:
        """Whether every target has it."""
        return all(target in self.delivered for target in self.targets)

    def has_reached(self, target: str) -> bool:
        """Whether a target is as it should be by this publish, or by its being taken back."""
        return target in (self.recalled if self.undone else self.delivered)


def new_id(at: dt.datetime, files: Mapping[str, str | None], taken: Collection[str] = ()) -> str:
    """The id of a publish: its moment, and a hash of what it changes; none of those that are taken."""
    import hashlib  # noqa: PLC0415 - start-up

    told = json.dumps(sorted(files.items()))
    while True:
        digest = hashlib.sha256(told.encode()).hexdigest()
        name = f"{at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}-{digest[:8]}"
        if name not in taken:
            return name
        told = digest


def read(folder: Path) -> tuple[Event, ...]:
    """All events, the oldest file first, in the order of their lines. None where there is no ledger.

    Raises:
        PostError: a line is no event; the problem names it. A last line without its end was cut off and is
            left out.
    """
    events: list[Event] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.jsonl")):
        lines = path.read_bytes().decode("utf-8", "replace").split("\n")
        for number, line in enumerate(lines[:-1], start=1):
            if not line.strip():
                continue
            try:
                events.append(_event(line))
            except (ValueError, KeyError, TypeError) as error:
                problems.append(
                    Problem(
                        file=path.name,
                        line=number,
                        message="is no event of the ledger",
                        found=line[:80],
                        remedy=f"Take the file back from your repository's history ({error})",
                    )
                )
    if problems:
        raise PostError(f"the ledger in {folder} cannot be read", problems)
    return tuple(events)


def _event(line: str) -> Event:
    data = json.loads(line)
    kind, at = data.pop("event"), dt.datetime.fromisoformat(data.pop("at"))
    if kind not in get_args(Kind) or at.tzinfo is None:
        raise ValueError("no event of this name, or a time without its zone")
    return Event(publish=str(data.pop("publish")), at=at, kind=kind, data=data)


def grown(folder: Path, events: Iterable[Event]) -> tuple[PlannedFile, ...]:
    """The ledger's files once they hold these events, too; only those that change."""
    by_year: dict[int, list[Event]] = {}
    for event in events:
        by_year.setdefault(event.at.astimezone(dt.UTC).year, []).append(event)
    planned = []
    for year, added in sorted(by_year.items()):
        path = folder / f"{year}.jsonl"
        before = path.read_bytes() if path.exists() else b""
        whole = before[: before.rfind(b"\n") + 1]
        lines = "".join(f"{event.line}\n" for event in added)
        planned.append(PlannedFile(path, whole + lines.encode()))
    return tuple(planned)


def append(folder: Path, *events: Event) -> None:
    """Write events at the end of the ledger, all of them or none of a year's."""
    write_all(grown(folder, events))


def tidy(folder: Path) -> None:
    """Remove what a run left that was killed while it wrote; nobody writes meanwhile."""
    for beside in folder.glob(".*.jsonl.new"):
        beside.unlink()


def joined(ours: bytes, theirs: bytes) -> bytes:
    """Two files of one year as one: every line of both once, ours after theirs."""
    lines = [line for file in (theirs, ours) for line in file.split(b"\n")[:-1]]
    return b"".join(line + b"\n" for line in dict.fromkeys(lines))


def publishes(events: Sequence[Event]) -> tuple[Publish, ...]:
    """What the events add up to, the oldest publish first."""
    found: dict[str, list[Event]] = {}
    for event in events:
        found.setdefault(event.publish, []).append(event)
    added = (_publish(each) for each in found.values() if any(one.kind == "published" for one in each))
    return tuple(sorted(added, key=lambda publish: publish.at))


def behind(known: Sequence[Publish], target: str) -> tuple[Publish, ...]:
    """The publishes that a target has yet to get: those meant for it, and the newest change in any case."""
    changed_last = newest(known)
    return tuple(
        publish
        for publish in known
        if not publish.has_reached(target) and (target in publish.targets or publish is changed_last)
    )


def newest(known: Sequence[Publish]) -> Publish | None:
    """The publish that was made, or taken back, last; of several of one second the last in the ledger."""
    return max(reversed(known), key=lambda publish: publish.changed, default=None)


def published_files(events: Iterable[Event]) -> Mapping[str, str]:
    """The files that publishes left, from the blog's root, with the SHA-256 that each had then."""
    found: dict[str, str | None] = {}
    for event in events:
        if event.kind in {"published", "undone"}:
            found.update(event.data.get("files", {}))
    return {file: digest for file, digest in found.items() if digest is not None}


def moment(events: Sequence[Event], now: dt.datetime) -> dt.datetime:
    """The time of the next event: now, but never before the last one, should the clock have been set back."""
    return max([now.astimezone(dt.UTC).replace(microsecond=0), *(event.at for event in events)])


def last(known: Sequence[Publish], post: str) -> Publish | None:
    """The newest publish of a post, which may have been taken back."""
    return next((publish for publish in reversed(known) if publish.post == post), None)


def last_with(known: Sequence[Publish], post: str, file: str) -> Publish | None:
    """The newest publish of a post that gave readers a file of it as they have it."""
    of_post = (each for each in reversed(known) if each.post == post and each.undone is None)
    return next((each for each in of_post if each.files.get(file)), None)


def restated(content: bytes, publish: str, files: Mapping[str, str | None]) -> bytes:
    """A file of the ledger in which a publish, not delivered yet, has changed these files, too."""
    lines = content.split(b"\n")
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        event = _event(line.decode())
        if event.publish == publish and event.kind == "published":
            data = {**event.data, "files": {**event.data.get("files", {}), **files}}
            lines[number] = Event(publish=publish, at=event.at, kind="published", data=data).line.encode()
    return b"\n".join(lines)


def _publish(events: Sequence[Event]) -> Publish:
    first = next(event for event in events if event.kind == "published")
    stated = dict(first.data)
    delivered: dict[str, dt.datetime] = {}
    hooks: dict[str, Hook] = {}
    recalled: dict[str, dt.datetime] = {}
    live = undone = None
    for event in events:
        if event.kind == "delivered":
            (recalled if undone else delivered).setdefault(str(event.data["target"]), event.at)
        elif event.kind == "live":
            live = live or event.at
        elif event.kind == "undone":
            undone = event.at
        elif event.kind == "hook":
            name, state = str(event.data["hook"]), event.data["state"]
            before = hooks[name].tries if name in hooks else 0
            hooks[name] = Hook(
                state=state,
                tries=before + (state == "started"),
                at=event.at,
                message=str(event.data.get("message", "")),
            )
    return Publish(
        id=first.publish,
        at=first.at,
        post=str(stated.pop("post")),
        address=str(stated.pop("address")),
        guid=str(stated.pop("guid", "")),
        title=str(stated.pop("title", "")),
        session=str(stated.pop("session", "") or ""),
        dataset=str(stated.pop("dataset", "")),
        files=stated.pop("files", {}),
        targets=tuple(stated.pop("targets", ())),
        stated=stated,
        delivered=delivered,
        live=live,
        hooks=hooks,
        undone=undone,
        recalled=recalled,
    )
