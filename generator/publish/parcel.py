"""What a publish changes: the files that are not as they were published, and all that must be on disk."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from generator.data_files import FOLDER as DATA_FOLDER
from generator.feeds.settling import is_feed
from generator.files import PlannedFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from generator.publish.published import Published


class Planned(Protocol):
    """Files as a plan has them."""

    @property
    def files(self) -> tuple[PlannedFile, ...]:
        """Those that change, or may."""

    @property
    def same(self) -> tuple[Path, ...]:
        """Those that were looked at and are as they should be."""

    @property
    def stale(self) -> tuple[Path, ...]:
        """Those that go."""

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where nothing else of ours is to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What a publish changes."""

    published: Mapping[str, bytes | None]
    """What is not as it was published, None for what goes; by path from the blog's folder."""
    on_disk: Mapping[Path, bytes | None]
    """All that is to be on disk."""

    @property
    def is_on_disk(self) -> bool:
        """Whether all of it is there."""
        return all(
            not path.exists() if content is None else PlannedFile(path, content).state == "same"
            for path, content in self.on_disk.items()
        )

    @property
    def digests(self) -> Mapping[str, str | None]:
        """What is published, with the SHA-256 of each."""
        return {
            file: None if content is None else hashlib.sha256(content).hexdigest()
            for file, content in sorted(self.published.items())
        }


def parcel(root: Path, planned: Planned, before: Published) -> Parcel:
    """What differs between a plan and what was published, and between it and the disk."""

    def shown(path: Path) -> str:
        return path.relative_to(root).as_posix()

    wanted = {shown(each.path): each.content for each in planned.files}
    wanted |= {shown(path): path.read_bytes() for path in planned.same}
    folders = [f"{shown(folder)}/" for folder in planned.folders]
    left = {file for file in before.below(folders) - wanted.keys() if _is_made(file, folders)}
    gone = set(before.there(shown(path) for path in planned.stale))
    # Removed by an earlier run that was not published. One that is still there is not ours to remove.
    gone |= {file for file in left if not (root / file).exists()}
    same = before.same(wanted)
    return Parcel(
        published={
            **{file: content for file, content in wanted.items() if file not in same},
            **dict.fromkeys(sorted(gone)),
        },
        on_disk={
            **{each.path: each.content for each in planned.files},
            **dict.fromkeys(planned.stale),
        },
    )


def _is_made(file: str, folders: list[str]) -> bool:
    """Whether a file in one of the folders is one that we make there, by its name."""
    if file.startswith(f"{DATA_FOLDER}/"):
        return file.endswith(".json")
    folder, _, _ = file.rpartition("/")
    return f"{folder}/" in folders and is_feed(file)
