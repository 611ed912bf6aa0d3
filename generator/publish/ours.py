"""Which files of a repository are made by publishing, and which local changes may be given up for that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.bundle import FIGURES
from generator.data_files import FOLDER as DATA_FOLDER
from generator.feeds.settling import is_ours
from generator.post import untouched

if TYPE_CHECKING:
    from generator.config import Config
    from generator.publish.repository import Repository


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """The files of ours in a repository, by git's names."""

    repository: Repository
    feeds: str
    """Folder, with / at the end; as `data`."""
    data: str
    pages: tuple[str, ...]
    """The hub's and the score's."""
    posts: str
    """Folder of the posts' bundles, with / at the end."""
    ledger: str
    """Folder of the ledger, with / at the end; empty if it is not in the repository."""

    def is_generated(self, name: str) -> bool:
        """Whether a file is made anew from the posts: merging its lines would mean nothing."""
        return name.startswith((self.feeds, self.data)) or name in self.pages

    def is_ledger(self, name: str) -> bool:
        """Whether a file is one of the ledger's."""
        return bool(self.ledger) and name.startswith(self.ledger) and name.endswith(".jsonl")

    def may_go(self, name: str) -> bool:
        """Whether what a file holds can be made again: it is ours, and nobody edited it."""
        path = self.repository.path(name)
        try:
            content = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return self.is_generated(name)
        except OSError:
            return False
        if name.startswith(self.feeds):
            return is_ours(name.removeprefix(self.feeds), content)
        if name.startswith(self.data):
            return name.endswith(".json")
        if path.name == FIGURES and name.startswith(self.posts):
            return any(_untouched(each.read_bytes()) for each in path.parent.glob("index.*.md"))
        return (name in self.pages or name.startswith(self.posts)) and _untouched(content)


def _untouched(content: bytes) -> bool:
    try:
        return untouched(content.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def ours_of(repository: Repository, config: Config) -> Ours:
    """The files of ours of a blog."""
    settings = config.settings
    page = f"content/page/{{}}/index.{settings.post.language}.md"
    ledger = config.path(settings.publish.ledger)
    name = repository.name(ledger)
    held = name is not None and not repository.ignored([f"{name}/2000.jsonl"])
    return Ours(
        repository=repository,
        feeds=f"{repository.prefix}feeds/",
        data=f"{repository.prefix}{DATA_FOLDER}/",
        pages=tuple(
            repository.prefix + page.format(slug) for slug in (settings.hub.slug, settings.score.slug)
        ),
        posts=f"{repository.prefix}content/post/",
        ledger=f"{name}/" if held else "",
    )
