"""The blog as it was published last: what the last commit holds, or without git what the ledger remembers.

A publish is what differs from this, whatever stands on disk by now.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from generator.config import Config
    from generator.publish.ours import Ours
    from generator.publish.repository import Repository

KEPT = "kept"
"""Folder of ours with the bundles of publishes, for a blog that keeps no history of its own."""


class Published(Protocol):
    """The files of the blog as they were published; by path from the blog's folder, with `/`."""

    def content(self, file: str) -> bytes | None:
        """What a file held; None if there was none, or if that is not known."""

    def there(self, files: Iterable[str]) -> frozenset[str]:
        """Those of the files that there were."""

    def same(self, contents: Mapping[str, bytes]) -> frozenset[str]:
        """Those of the files that held just this."""

    def below(self, folders: Iterable[str]) -> frozenset[str]:
        """The files that stood in or below these folders, each with a / at its end."""

    def unpublished(self) -> Mapping[str, bytes | None]:
        """Pages that are not on disk as they were published, with what they held."""


@dataclass(frozen=True, slots=True)
class InCommit:
    """What the last commit holds, which readers get once it is delivered."""

    repository: Repository
    commit: str

    def content(self, file: str) -> bytes | None:
        """What a file held."""
        return self.repository.content(self.commit, self.repository.prefix + file)

    def there(self, files: Iterable[str]) -> frozenset[str]:
        """Those of the files that there were."""
        return self.below(files)

    def same(self, contents: Mapping[str, bytes]) -> frozenset[str]:
        """Those of the files that held just this."""
        prefix = self.repository.prefix
        named = {prefix + file: content for file, content in contents.items()}
        same = self.repository.holding(self.repository.blobs(self.commit, named), named)
        return frozenset(name.removeprefix(prefix) for name in same)

    def below(self, folders: Iterable[str]) -> frozenset[str]:
        """The files below folders."""
        prefix = self.repository.prefix
        found = self.repository.blobs(self.commit, (f"{prefix}{folder}" for folder in folders))
        return frozenset(name.removeprefix(prefix) for name in found)

    def unpublished(self) -> Mapping[str, bytes | None]:
        """Pages that are being written or edited, or were removed, and that no commit has like that."""
        repository = self.repository
        names = sorted(repository.differing([f"{repository.prefix}content/"]))
        blobs = repository.blobs(self.commit, names)
        held = dict(zip(blobs, repository.contents([blob.id for blob in blobs.values()]), strict=True))
        return {name.removeprefix(repository.prefix): held.get(name) for name in names}


@dataclass(frozen=True, slots=True)
class InLedger:
    """What the ledger remembers of the files; a folder or a bucket gets the blog as it stands on disk."""

    config: Config
    files: Mapping[str, str]
    """Hashes, by path."""
    kept: Path
    """Folder of the bundles that were kept, by hash."""

    def content(self, file: str) -> bytes | None:
        """What a file held, if it is still there or was kept."""
        digest = self.files.get(file)
        if digest is None:
            return None
        for path in (self.config.root / file, self.kept / digest):
            try:
                content = path.read_bytes()
            except OSError:
                continue
            if hashlib.sha256(content).hexdigest() == digest:
                return content
        return None

    def there(self, files: Iterable[str]) -> frozenset[str]:
        """Those of the files that there were."""
        return frozenset(self.files.keys() & set(files))

    def same(self, contents: Mapping[str, bytes]) -> frozenset[str]:
        """Those of the files that held just this."""
        return frozenset(
            file
            for file, content in contents.items()
            if self.files.get(file) == hashlib.sha256(content).hexdigest()
        )

    def below(self, folders: Iterable[str]) -> frozenset[str]:
        """The files below folders."""
        starts = tuple(folders)
        return frozenset(file for file in self.files if file.startswith(starts))

    def unpublished(self) -> Mapping[str, bytes | None]:
        """None: what stands on disk is what is delivered."""
        return {}


def published(config: Config, files: Mapping[str, str], ours: Ours | None) -> Published:
    """The blog as it was published last; `files` is what the ledger remembers."""
    if ours is not None:
        return InCommit(ours.repository, ours.repository.head())
    return InLedger(config, files, config.cache / "publish" / KEPT)
